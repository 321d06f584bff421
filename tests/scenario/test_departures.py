"""A patient has died, or a client left. Does everything waiting for them stop at once, and can it be undone (P16)?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from blocks.ids import Action, ViewId
from bot.demo.person import Person
from bot.demo.surfaces import View
from bot.store.tables import ClientHistoryRow, ClientRow, PatientRow, StepRow
from tests.scenario.form import saved, stored, top
from tests.scenario.stage import JAMES, MARIA, TODAY, Stage, at_once, both_databases
from tests.scenario.test_life import has, opened, pressed, stale

DIED, INACTIVE = "Patient has died", "Client inactive"
MARY: dict[str, Any] = {"client_id": 3, "patient_id": 4, "email": "mary.oconnor@post.example", "phone": "+46701740607"}


@both_databases
def test_a_dead_patients_waiting_reminders_stop_at_once_and_come_back_undone(stage: Stage) -> None:
    for number, changes in enumerate([{"method": "both"}, {"due_date": "2026-12-05"}, MARY]):
        stored(stage, number, **changes)
    stored(stage, 3, due_date="2026-12-06")
    opened(stage, stage.james, 4)
    pressed(stage, stage.james, Action.REMINDER_CANCEL)
    before = _rows(stage)
    opened(stage, stage.james)
    question = chosen(stage, stage.james, DIED)
    assert question.callback_id == ViewId.DEPARTURE
    for shown in (
        "Has Pelle (Åsa Öberg) died?",
        "2 waiting reminders are stopped:",
        "Pelle: Påminnelse, due Tue 1 Dec",
    ):
        assert shown in question.shown()
    assert _rows(stage) == before  # nothing before it is confirmed
    assert stage.james.submit().ok
    stage.settle()
    card = top(stage.james)
    assert card.callback_id == ViewId.REMINDER_CARD
    assert "2 waiting reminders were stopped." in card.shown()
    assert "Stopped. The patient has died." in card.shown()
    assert not has(card, Action.REMINDER_RESTORE)
    assert _patient(stage, 3).died_on == TODAY
    assert [row.state.value for row in stage.reminders] == ["cancelled", "cancelled", "active", "cancelled"]
    assert stage.states == [
        *[(channel, "cancelled", "patient-dead") for channel in ("email", "sms", "email")],
        ("email", "planned", None),
        ("email", "cancelled", None),
    ]
    assert stage.happened.count(("stopped", JAMES)) == 2
    assert _client_history(stage) == [("patient-died", JAMES, 3)]
    stage.skip(timedelta(minutes=9))
    card = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert "Undone: Marked the patient as dead" in card.shown()
    assert _rows(stage) == before
    assert _patient(stage, 3).died_on is None
    assert stage.happened.count(("undone", JAMES)) == 2
    assert _client_history(stage)[1:] == [("patient-died-undone", JAMES, 3)]
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 2
    stage.skip_to("2026-12-05")
    assert (len(stage.mails), len(stage.texts)) == (3, 1)


@both_databases
def test_an_inactive_clients_waiting_reminders_stop_whoever_the_patient_is(stage: Stage) -> None:
    stored(stage, 0, client_id=1, patient_id=1, email="", phone="", method="post")
    stored(stage, 1, client_id=1, patient_id=2, email="", phone="", method="post")
    stored(stage, 2)
    pause(stage)
    before = _rows(stage)
    opened(stage, stage.maria)
    question = chosen(stage, stage.maria, stage.words.words("sv")(INACTIVE))
    assert "2 väntande påminnelser stoppas:" in question.shown()
    assert stage.maria.submit().ok
    stage.settle()
    assert [row.state.value for row in stage.reminders] == ["cancelled", "cancelled", "active"]
    assert [reason for _, _, reason in stage.states] == ["client-inactive", "client-inactive", None]
    assert (_client(stage, 1).active, _client(stage, 1).version) == (False, 2)
    pressed(stage, stage.maria, Action.REMINDER_UNDO)
    assert _rows(stage) == before
    assert [row.state.value for row in stage.reminders] == ["paused", "active", "active"]
    assert (_client(stage, 1).active, _client(stage, 1).version) == (True, 3)
    assert _client_history(stage) == [("inactive", MARIA, None), ("inactive-undone", MARIA, None)]
    assert stage.happened[-1] == ("undone", MARIA)


@both_databases
def test_it_is_told_on_a_tasks_card_which_then_says_so(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stored(stage, 1, due_date="2026-12-20")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    assert "Hej!" in card.shown()
    stage.maria.press(card, Action.TASK_MENU, option=stage.words.words("sv")(DIED))
    stage.settle()
    assert "1 väntande påminnelse stoppas:" in top(stage.maria).shown()
    assert stage.maria.submit().ok
    stage.settle()
    (card,) = stage.cards
    assert "Patienten har avlidit." in card.shown()
    assert "Hej!" not in card.shown()
    assert [state for _, state, _ in stage.states] == ["skipped", "cancelled"]
    assert _patient(stage, 3).died_on == date(2026, 12, 1)
    pressed(stage, stage.maria, Action.REMINDER_UNDO)
    (card,) = stage.cards
    assert "Hej!" in card.shown()
    stage.skip_to("2026-12-20")
    assert len(stage.mails) == 1


def test_with_nothing_waiting_it_can_be_told_and_undone_too(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    stage.james.press(stage.cards[0], Action.TASK_MENU, option=stage.words.words("sv")(INACTIVE))
    stage.settle()
    assert "No reminder is waiting, so none is stopped." in top(stage.james).shown()
    assert stage.james.submit().ok
    stage.settle()
    assert not _client(stage, 2).active
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert _client(stage, 2).active


@both_databases
def test_of_two_people_who_tell_it_one_does(stage: Stage) -> None:
    stored(stage, 0)
    for person, label in ((stage.james, DIED), (stage.maria, stage.words.words("sv")(DIED))):
        opened(stage, person)
        chosen(stage, person, label)
    at_once(stage.james.submit, stage.maria.submit)
    stage.settle()
    assert len(stage.rows(StepRow)) == 1
    assert [event for event, _ in stage.happened] == ["created", "stopped"]
    shown = top(stage.james).shown() + top(stage.maria).shown()
    assert stage.words.words("sv")("This patient is marked as dead already.") in shown or "dead already" in shown


@both_databases
def test_a_confirmation_that_is_delivered_twice_counts_once(stage: Stage) -> None:
    stored(stage, 0)
    opened(stage, stage.james)
    chosen(stage, stage.james, DIED)
    stage.workspace.deliver_twice(True)
    assert stage.james.submit().ok
    stage.settle()
    assert len(stage.rows(StepRow)) == 1
    assert "1 waiting reminder was stopped." in top(stage.james).shown()


def test_a_stopped_reminder_can_be_neither_restored_nor_undone_for_a_dead_patient(stage: Stage) -> None:
    stored(stage, 0)
    stored(stage, 1, due_date="2026-12-09")
    opened(stage, stage.james)
    cancelled = pressed(stage, stage.james, Action.REMINDER_CANCEL)
    opened(stage, stage.maria)
    chosen(stage, stage.maria, stage.words.words("sv")(DIED))
    stage.maria.submit()
    stage.settle()
    for action in (Action.REMINDER_RESTORE, Action.REMINDER_UNDO):
        stale(stage, cancelled)
        assert "This patient has died and gets no reminders." in pressed(stage, stage.james, action).shown()
    assert [state for _, state, _ in stage.states] == ["cancelled", "cancelled"]


@pytest.mark.parametrize("action", [Action.REMINDER_MENU, Action.TASK_MENU])
@pytest.mark.parametrize("value", ["patient-died:999999", "dance:1", "duplicate:x", ""])
def test_a_choice_that_names_nothing_is_refused(stage: Stage, action: Action, value: str) -> None:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    workspace = stage.workspace
    option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
    payload = workspace._payloads.message_actions(
        stage.james.user,
        stage.cards[0],
        {},
        {"type": "overflow", "block_id": "b", "action_id": action, "selected_option": option, "action_ts": "1.0"},
        workspace._triggers.new(JAMES),
        workspace._response_urls.new("actions", stage.cards[0].channel, JAMES, stage.cards[0].ts),
    )
    workspace._delivery.deliver("interactive", payload)
    stage.settle()
    (told,) = stage.told(stage.james)
    assert "This is no longer there." in told or "This was made by another version of the bot." in told
    assert not stage.rows(StepRow)


@both_databases
def test_a_copy_is_saved_as_a_reminder_of_its_own(stage: Stage) -> None:
    saved(stage, stage.james, before=2, recurrence="Every month", repetitions=3, method="SMS", sms_text="Eget")
    form = chosen(stage, stage.james, "Duplicate")
    assert form.callback_id == ViewId.REMINDER_FORM
    assert form.title == "New reminder"
    assert "This is a copy, and not saved yet." in form.shown()
    assert len(stage.reminders) == 1
    assert not stage.james.submit().ok  # it has no due date yet
    stage.james.fill("due-date", "2027-03-01")
    stage.settle()
    stage.workspace.deliver_twice(True)
    assert stage.james.submit().ok
    stage.settle()
    stage.workspace.deliver_twice(False)
    first, second = stage.reminders
    for name in ("client_id", "patient_id", "method", "sms_text", "origin", "send_before", "recurrence", "repetitions"):
        assert getattr(first, name) == getattr(second, name)
    assert (second.due_date.isoformat(), second.created_by) == ("2027-03-01", JAMES)
    assert "Saved: reminder for Pelle" in top(stage.james).shown()
    # and a copy of the copy, in the same modal
    chosen(stage, stage.james, "Duplicate")
    stage.james.fill("due-date", "2027-04-01")
    stage.settle()
    assert stage.james.submit().ok
    stage.settle()
    assert len(stage.reminders) == 3


def chosen(stage: Stage, person: Person, label: str) -> View:
    """Choose in the menu of the card on top; what then stands there."""
    person.press(top(person), Action.REMINDER_MENU, option=label)
    stage.settle()
    return top(person)


def pause(stage: Stage) -> None:
    opened(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)


def _patient(stage: Stage, number: int) -> PatientRow:
    return next(row for row in stage.rows(PatientRow) if row.id == number)


def _client(stage: Stage, number: int) -> ClientRow:
    return next(row for row in stage.rows(ClientRow) if row.id == number)


def _client_history(stage: Stage) -> list[tuple[str, str, int | None]]:
    return [(row.event.value, row.actor, row.detail["patient"]) for row in stage.rows(ClientHistoryRow)]


def _rows(stage: Stage) -> object:
    return (
        [row.state for row in stage.reminders],
        [(row.id, row.state, row.send_at, row.reason, row.finished_at) for row in stage.deliveries],
    )
