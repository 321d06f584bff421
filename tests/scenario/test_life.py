"""Can a waiting reminder be paused, resumed, sent now and have one occurrence skipped (rule P16)?"""

from __future__ import annotations

import pytest

from blocks.ids import Action, ListAction
from bot.demo.person import Person
from bot.demo.surfaces import View
from bot.store.tables import HistoryRow
from tests.scenario.form import saved, stored, top
from tests.scenario.stage import JAMES, Stage, at_once, both_databases


@both_databases
def test_a_paused_reminder_sends_nothing_and_resumed_in_time_it_does(stage: Stage) -> None:
    saved(stage, stage.james, before=3, method="E-mail and SMS")
    card = pressed(stage, stage.james, Action.REMINDER_PAUSE)
    assert "Paused" in card.shown()
    assert has(card, Action.REMINDER_RESUME, Action.REMINDER_EDIT, Action.REMINDER_CANCEL)
    assert not has(card, Action.REMINDER_PAUSE)
    assert not has(card, Action.REMINDER_SEND_NOW)
    assert stage.states == [("email", "planned", None), ("sms", "planned", None)]
    stage.skip_to("2026-11-29")
    assert not stage.mails
    assert not stage.texts
    pressed(stage, stage.james, Action.REMINDER_RESUME)
    assert len(stage.mails) == len(stage.texts) == 1
    assert not stage.tasks
    assert stage.happened[:3] == [("created", JAMES), ("paused", JAMES), ("resumed", JAMES)]
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 1


@both_databases
def test_what_is_past_its_due_date_when_it_is_resumed_becomes_a_task(stage: Stage) -> None:
    saved(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.skip_to("2026-12-03")
    assert not stage.tasks
    pressed(stage, stage.james, Action.REMINDER_RESUME)
    assert not stage.mails
    assert stage.states == [("email", "skipped", "too-late")]
    (card,) = stage.cards
    assert "Den skickades inte i tid." in card.shown()
    assert [event for event, _ in stage.happened] == ["created", "paused", "resumed", "not-sent", "task-opened"]


@both_databases
def test_several_missed_sends_are_one_message_and_one_task(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every day", repetitions=8)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.skip_to("2026-12-05", 12)
    card = pressed(stage, stage.james, Action.REMINDER_RESUME)
    assert len(stage.mails) == 1
    assert len(stage.tasks) == 1
    assert stage.states == [
        *[("email", "skipped", "merged")] * 3,
        ("email", "skipped", "too-late"),
        ("email", "sent", None),
        *[("email", "planned", None)] * 3,
    ]
    assert "Resumed the reminder; 3 missed sends were left out" in card.shown()
    assert card.shown().count("not sent: missed, and a later one took its place") == 3
    stage.skip_to("2026-12-06")
    assert len(stage.mails) == 2


def test_what_missed_its_moment_at_night_goes_in_the_morning(stage: Stage) -> None:
    saved(stage, stage.james, before=5)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.skip_to("2026-11-27", 22)
    pressed(stage, stage.james, Action.REMINDER_RESUME)
    assert not stage.mails
    stage.skip_to("2026-11-28", 8)
    assert len(stage.mails) == 1


@both_databases
def test_the_next_one_sent_now_is_the_planned_one(stage: Stage) -> None:
    card = saved(stage, stage.james, recurrence="Every month", repetitions=3)
    confirm = next(one for one in card.elements() if one.action_id == Action.REMINDER_SEND_NOW).element["confirm"]
    assert confirm["title"]["text"] == "Send the next one now?"
    ids = [row.id for row in stage.deliveries]
    pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    assert len(stage.mails) == 1
    assert "senast tisdag 1 december 2026" in stage.mails[0].text
    assert [row.id for row in stage.deliveries] == ids
    assert [state for _, state, _ in stage.states] == ["sent", "planned", "planned"]
    assert stage.happened == [("created", JAMES), ("moved-up", JAMES), ("sent", "system")]
    stage.skip_to("2026-12-01", 12)
    assert len(stage.mails) == 1
    stage.skip_to("2027-01-01")
    assert len(stage.mails) == 2


@both_databases
def test_of_two_people_who_send_it_now_one_sends_it(stage: Stage) -> None:
    james = saved(stage, stage.james, recurrence="Every month", repetitions=3)
    maria = opened(stage, stage.maria)
    at_once(
        lambda: stage.james.press(james, Action.REMINDER_SEND_NOW),
        lambda: stage.maria.press(maria, Action.REMINDER_SEND_NOW),
    )
    stage.settle()
    assert len(stage.mails) == 1
    assert [event for event, _ in stage.happened].count("moved-up") == 1
    assert [state for _, state, _ in stage.states] == ["sent", "planned", "planned"]


@both_databases
@pytest.mark.parametrize("action", [Action.REMINDER_SEND_NOW, Action.REMINDER_SKIP])
def test_a_press_that_slack_delivers_twice_means_one_occurrence(stage: Stage, action: Action) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=4)
    stage.workspace.deliver_twice(True)
    pressed(stage, stage.james, action)
    assert len(stage.happened) == 2 + len(stage.mails)
    assert [state for _, state, _ in stage.states][1:] == ["planned"] * 3


def test_sent_now_at_night_it_says_when_it_goes_and_can_be_undone(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.skip_to("2026-11-23", 21)
    card = pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    assert "The clinic is closed now. It goes out when the clinic sends again: Tue 24 Nov 2026, 08:00." in card.shown()
    assert stage.deliveries[0].send_at.isoformat() == "2026-11-24T07:00:00+00:00"
    card = pressed(stage, stage.james, Action.REMINDER_SEND_NOW)
    assert "It goes out as soon as the clinic sends again, as planned." in card.shown()
    pressed(stage, stage.james, Action.REMINDER_UNDO)
    assert stage.deliveries[0].send_at.isoformat() == "2026-12-01T08:00:00+00:00"
    stage.skip_to("2026-11-24", 12)
    assert not stage.mails
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 1


def test_sent_now_after_the_last_window_it_says_what_would_work(stage: Stage) -> None:
    """A reminder whose send was put off past closing time on its due date."""
    stored(stage, 0, due_date="2026-11-24", method="sms")
    stage.workspace.fail_next("sms", status=429, retry_after=3600 * 12)
    stage.skip_to("2026-11-24", 9)
    stage.skip_to("2026-11-24", 20, 30)
    opened(stage, stage.james)
    sentence = "The clinic sends nothing more before it is due. Edit it, and choose a later due date."
    assert sentence in pressed(stage, stage.james, Action.REMINDER_SEND_NOW).shown()
    assert not stage.texts


@both_databases
def test_a_skipped_occurrence_is_not_sent_and_the_others_are(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=3)
    card = pressed(stage, stage.james, Action.REMINDER_SKIP)
    assert "Tue 1 Dec 2026, 09:00: E-mail, skipped" in card.shown()
    assert stage.states == [
        ("email", "skipped", "skipped-by-staff"),
        ("email", "planned", None),
        ("email", "planned", None),
    ]
    stage.skip_to("2026-12-01", 12)
    assert not stage.mails
    assert not stage.tasks
    stage.skip_to("2027-01-01")
    assert len(stage.mails) == 1
    assert stage.happened[:2] == [("created", JAMES), ("skipped", JAMES)]


def test_the_last_occurrence_is_cancelled_rather_than_skipped(stage: Stage) -> None:
    card = saved(stage, stage.james)
    assert not has(card, Action.REMINDER_SKIP)
    saved(stage, stage.james, recurrence="Every month", repetitions=2)
    before = top(stage.james)
    pressed(stage, stage.james, Action.REMINDER_SKIP)
    stale(stage, before)
    card = pressed(stage, stage.james, Action.REMINDER_SKIP)
    assert "There is no other one after it. Cancel the reminder instead." in card.shown()
    assert [state for _, state, _ in stage.states] == ["planned", "skipped", "planned"]


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        (Action.REMINDER_PAUSE, Action.REMINDER_PAUSE, "This reminder is paused already."),
        (Action.REMINDER_PAUSE, Action.REMINDER_SEND_NOW, "This reminder is paused. Resume it first."),
        (Action.REMINDER_CANCEL, Action.REMINDER_PAUSE, "Nothing of this reminder is left to send."),
        (Action.REMINDER_CANCEL, Action.REMINDER_SEND_NOW, "Nothing of this reminder is left to send."),
        (Action.REMINDER_CANCEL, Action.REMINDER_SKIP, "There is no other one after it."),
    ],
)
def test_a_button_of_an_old_card_is_answered_with_how_it_stands(
    stage: Stage, first: Action, then: Action, sentence: str
) -> None:
    card = saved(stage, stage.james, recurrence="Every month", repetitions=3)
    pressed(stage, stage.james, first)
    rows = [(row.state, row.version) for row in stage.reminders], stage.states
    stale(stage, card)
    assert sentence in pressed(stage, stage.james, then).shown()
    assert ([(row.state, row.version) for row in stage.reminders], stage.states) == rows


def test_a_paused_reminder_can_be_edited_and_stays_paused(stage: Stage) -> None:
    saved(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_PAUSE)
    stage.james.press(top(stage.james), Action.REMINDER_EDIT)
    stage.settle()
    stage.james.fill("due-date", "2026-12-02")
    stage.settle()
    assert stage.james.submit().ok
    stage.settle()
    assert stage.reminders[0].state.value == "paused"
    assert "Paused" in top(stage.james).shown()
    stage.skip_to("2026-12-02")
    assert not stage.mails


def test_each_thing_done_is_told_in_the_history_with_who_did_it(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=4)
    for action in (Action.REMINDER_PAUSE, Action.REMINDER_RESUME, Action.REMINDER_SKIP, Action.REMINDER_UNDO):
        card = pressed(stage, stage.james, action)
    shown = card.shown()
    for sentence in ("Paused the reminder", "Resumed the reminder", "Skipped the next one", "Undone: Skipped the next"):
        assert f"<@{JAMES}>: {sentence}" in shown
    assert all(set(row.detail) <= {"step", "merged"} for row in stage.rows(HistoryRow))


def opened(stage: Stage, person: Person, number: int = 1) -> View:
    """Open the card of the n-th reminder from the list, whatever became of it."""
    while person.modal is not None:
        person.close()
    person.command("/reminder", "list")
    any_status = stage.words.words(person.user.locale)("Any status")
    person.choose(ListAction.STATUS, any_status, on=person.messages("#general")[-1])
    stage.settle()
    listed = person.messages("#general")[-1]
    places = [one.block_id for one in listed.elements() if one.action_id == Action.REMINDER_OPEN]
    person.press(listed, Action.REMINDER_OPEN, places[number - 1])
    stage.settle()
    return top(person)


def pressed(stage: Stage, person: Person, action: Action) -> View:
    """Press a button of the card on top; the card that answers it."""
    person.press(top(person), action)
    stage.settle()
    return top(person)


def has(card: View, *actions: Action) -> bool:
    """Whether the card has all of these buttons."""
    return set(actions) <= {one.action_id for one in card.elements()}


def stale(stage: Stage, card: View) -> None:
    """Let the card on top be as it was: somebody has not seen what happened since."""
    with stage.workspace._state.changing():
        stage.workspace._views._replace(card)
