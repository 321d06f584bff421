"""Can what was done to a reminder be undone for ten minutes, once, and only while nothing changed since (rule P16)?"""

from __future__ import annotations

import dataclasses
import json
from datetime import time, timedelta

import pytest

from blocks.ids import Action
from bot.store.tables import ClinicRow, StepRow
from tests.scenario.form import Form, saved, top
from tests.scenario.stage import JAMES, MARIA, TODAY, Stage, at_once, both_databases
from tests.scenario.test_life import has, opened, pressed, stale

TOO_LATE = "More than ten minutes have passed, so this cannot be undone any more."
CHANGED = "The reminder was changed since, so this cannot be undone any more."


@both_databases
@pytest.mark.parametrize(
    "action", [Action.REMINDER_CANCEL, Action.REMINDER_PAUSE, Action.REMINDER_SKIP], ids=lambda action: action.value
)
def test_undone_it_is_as_it_was(stage: Stage, action: Action) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=3, method="E-mail and SMS")
    before = _rows(stage)
    card = pressed(stage, stage.james, action)
    assert "can be undone until 10:1" in card.shown()
    assert _rows(stage) != before
    stage.skip(timedelta(minutes=9))
    card = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert _rows(stage) == before
    assert not has(card, Action.REMINDER_UNDO)
    assert "Undone: " in card.shown()
    assert stage.happened[-1] == ("undone", JAMES)
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == len(stage.texts) == 1


@both_databases
def test_a_resumed_reminder_is_paused_again_while_nothing_went_out(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every day", repetitions=9, before=3)  # the first one goes on Saturday 28
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.skip_to("2026-11-29", 22)
    before = stage.states
    pressed(stage, stage.james, Action.REMINDER_RESUME)
    assert [reason for _, _, reason in stage.states].count("merged") == 1
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert (stage.states, stage.reminders[0].state.value) == (before, "paused")
    stage.skip_to("2026-12-01")
    assert not stage.mails


def test_a_resumed_reminder_of_which_something_went_out_stays_resumed(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every day", repetitions=9, before=3)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.skip_to("2026-11-29", 12)
    pressed(stage, stage.james, Action.REMINDER_RESUME)
    assert len(stage.mails) == 1
    card = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert "Something of it went out since, so this cannot be undone. Pause it again instead." in card.shown()
    assert stage.reminders[0].state.value == "active"
    assert [reason for _, _, reason in stage.states].count("merged") == 1


def test_what_was_sent_at_once_cannot_be_undone_and_says_so(stage: Stage) -> None:
    saved(stage, stage.james)
    card = pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    assert has(card, Action.REMINDER_UNDO)
    card = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert "It is on its way already, so this cannot be undone any more." in card.shown()
    assert stage.states == [("email", "sent", None)]
    assert stage.reminders[0].version == 2


def test_an_occurrence_stays_skipped_once_a_later_one_went_out(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=3)
    skipped = pressed(stage, stage.james, Action.REMINDER_SKIP)
    pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    stale(stage, skipped)
    assert CHANGED in pressed(stage, stage.james, Action.REMINDER_UNDO).shown()
    assert [state for _, state, _ in stage.states] == ["skipped", "sent", "planned"]


@both_databases
def test_after_ten_minutes_it_says_that_it_is_too_late(stage: Stage) -> None:
    saved(stage, stage.james)
    card = pressed(stage, stage.james, Action.REMINDER_CANCEL)
    stage.skip(timedelta(minutes=10))
    shown = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert TOO_LATE in shown.shown()
    assert not has(shown, Action.REMINDER_UNDO)
    assert has(shown, Action.REMINDER_RESTORE)  # which has no time limit
    assert stage.states == [("email", "cancelled", None)]
    assert has(card, Action.REMINDER_UNDO)


@both_databases
def test_what_somebody_changed_since_is_not_undone(stage: Stage) -> None:
    saved(stage, stage.james)
    paused = pressed(stage, stage.james, Action.REMINDER_PAUSE)
    opened(stage, stage.maria)
    pressed(stage, stage.maria, Action.REMINDER_CANCEL)
    stale(stage, paused)
    assert CHANGED in pressed(stage, stage.james, Action.REMINDER_UNDO).shown()
    assert stage.reminders[0].state.value == "cancelled"
    # What was done last can be undone, and gives back what it found: a paused reminder.
    pressed(stage, stage.maria, Action.REMINDER_UNDO)
    assert stage.reminders[0].state.value == "paused"
    assert stage.states == [("email", "planned", None)]


@both_databases
def test_of_two_people_who_undo_one_does(stage: Stage) -> None:
    saved(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    james, maria = opened(stage, stage.james), opened(stage, stage.maria)
    at_once(
        lambda: stage.james.press(james, Action.REMINDER_UNDO), lambda: stage.maria.press(maria, Action.REMINDER_UNDO)
    )
    stage.settle()
    assert [event for event, _ in stage.happened] == ["created", "paused", "undone"]
    shown = top(stage.james).shown() + top(stage.maria).shown()
    assert ("This was undone already." in shown) or (stage.words.words("sv")("This was undone already.") in shown)
    (step,) = stage.rows(StepRow)
    assert step.undone_by in (JAMES, MARIA)


@pytest.mark.parametrize("value", ["999999", "0"])
def test_an_undo_that_names_no_step_is_refused(stage: Stage, value: str) -> None:
    saved(stage, stage.james)
    card = pressed(stage, stage.james, Action.REMINDER_PAUSE)
    (step,) = stage.rows(StepRow)
    forged = json.dumps(card.fields, sort_keys=True).replace(f'"value": "{step.id}"', f'"value": "{value}"')
    stale(stage, dataclasses.replace(card, fields=json.loads(forged)))
    shown = pressed(stage, stage.james, Action.REMINDER_UNDO).shown()
    assert "This is no longer there." in shown or "This was made by another version of the bot." in shown
    assert stage.reminders[0].state.value == "paused"


def test_the_undo_of_a_pause_sends_what_fell_due_meanwhile(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.skip_to("2026-12-01", 8, 55)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.skip_to("2026-12-01", 9, 2)
    assert not stage.mails
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert len(stage.mails) == 1


@both_databases
def test_an_edit_is_undone_with_texts_and_plan(stage: Stage) -> None:
    saved(stage, stage.james, before=2, recurrence="Every month", repetitions=3, method="E-mail and SMS")
    before = _filled_in(stage)
    _edit(stage, method="SMS", sms_text="Nytt om {{ patient_name }}", due_date="2026-12-20")
    assert _filled_in(stage) != before
    card = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert "Undone: Changed the reminder" in card.shown()
    assert _filled_in(stage) == before
    stage.skip_to("2026-11-29")
    assert len(stage.mails) == len(stage.texts) == 1
    assert "Nytt" not in stage.texts[0].text
    stage.skip_to("2026-12-20")
    assert len(stage.mails) == 1


@both_databases
def test_what_was_moved_up_stays_so_when_a_later_step_is_undone(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=3)
    stage.skip_to("2026-11-23", 21)
    opened(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    before, plan = _filled_in(stage), _rows(stage)
    assert stage.deliveries[0].send_at.isoformat() == "2026-11-24T07:00:00+00:00"
    pressed(stage, stage.james, Action.REMINDER_CANCEL)
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert _rows(stage) == plan
    _edit(stage, method="SMS")
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert _filled_in(stage) == before
    assert [row.moved_up for row in stage.occurrences] == [True, False, False]
    stage.skip_to("2026-11-24", 8)
    assert len(stage.mails) == 1


@both_databases
def test_undone_it_goes_by_what_the_clinics_settings_are_by_then(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.skip_to("2026-11-23", 21)
    opened(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    stage.change(ClinicRow, send_time=time(12), version=2)
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert [row.send_at.isoformat() for row in stage.deliveries] == ["2026-12-01T11:00:00+00:00"]


@both_databases
def test_an_edit_of_the_texts_alone_is_undone_and_leaves_the_plan(stage: Stage) -> None:
    saved(stage, stage.james)
    before, plan = _filled_in(stage), _rows(stage)
    _edit(stage, subject="Nytt ämne")
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert (_filled_in(stage), _rows(stage)) == (before, plan)


@both_databases
def test_of_edits_the_last_one_is_undone_and_no_other(stage: Stage) -> None:
    saved(stage, stage.james)
    _edit(stage, subject="Ett")
    first = top(stage.james)
    _edit(stage, subject="Två")
    stale(stage, first)
    assert CHANGED in pressed(stage, stage.james, Action.REMINDER_UNDO).shown()
    assert stage.reminders[0].subject == "Två"
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert stage.reminders[0].subject == "Ett"


def test_the_dropped_half_of_both_is_planned_again(stage: Stage) -> None:
    saved(stage, stage.james, method="E-mail and SMS", recurrence="Every month", repetitions=3)
    stage.workspace.fail_next("sms", status=429, retry_after=7200)
    stage.skip_to("2026-12-01")
    before = stage.states
    _edit(stage, method="E-mail")
    assert ("sms", "skipped", "reminder-changed") in stage.states
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert stage.states == before
    stage.skip(timedelta(hours=3))
    assert len(stage.texts) == 1


def test_an_edit_of_which_something_went_out_is_not_undone(stage: Stage) -> None:
    saved(stage, stage.james)
    _edit(stage, due_date=TODAY, subject="Nytt ämne")
    assert len(stage.mails) == 1
    card = pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert "Something of it went out since, so this cannot be undone. Edit it again instead." in card.shown()
    assert stage.reminders[0].subject == "Nytt ämne"


def _edit(stage: Stage, *, method: str | None = None, **typed: object) -> None:
    """Change fields in the form of the card on top, and save."""
    pressed(stage, stage.james, Action.REMINDER_EDIT)
    form = Form(stage, stage.james)
    if method is not None:
        form.choose("method", method)
    for field, value in typed.items():
        form.type(field.replace("_", "-"), value)
    form.save()


def _filled_in(stage: Stage) -> object:
    """What was filled in, and what is planned because of it."""
    return (
        [
            {name: value for name, value in vars(row).items() if name not in ("_sa_instance_state", "version")}
            for row in stage.reminders
        ],
        [(row.number, row.due_date, row.time_zone) for row in stage.occurrences],
        [(row.channel, row.state, row.send_at) for row in stage.deliveries],
    )


def _rows(stage: Stage) -> object:
    """Everything that decides what will be sent and when."""
    return (
        [row.state for row in stage.reminders],
        [(row.id, row.state, row.send_at, row.reason, row.finished_at) for row in stage.deliveries],
    )
