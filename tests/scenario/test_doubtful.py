"""Nobody knows whether it went. Can staff say so, or have it sent again, once and together (rule P14)?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from blocks.ids import Action, ViewId
from bot.demo.person import Person
from bot.demo.surfaces import Message, View
from bot.domain.model import ReminderState
from bot.services import reminder_seen
from bot.slack import explanations, why_not_sent
from bot.store.tables import ClientRow, ReminderRow
from tests.scenario.form import saved, stored, top
from tests.scenario.stage import JAMES, MARIA, TEAM, Stage, at_once, both_databases
from tests.scenario.test_lists import home_of, opened_home

DAY = "2026-12-01"


@both_databases
def test_a_text_message_of_which_nobody_knows_is_sent_again_when_somebody_asks_and_only_then(stage: Stage) -> None:
    card = _card(stage)
    assert _arrived(stage) == 1  # the receiver took it, and the line was cut
    assert stage.states == [("sms", "unknown", "outcome-unknown")]
    assert stage.words.words("sv")("It may have been sent, but nobody can be sure.") in card.shown()
    assert _buttons(card) >= {Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT}
    stage.skip(timedelta(hours=5))
    assert _arrived(stage) == 1
    stage.james.press(card, Action.TASK_SEND_AGAIN)
    stage.settle()
    assert _arrived(stage) == 2
    assert stage.texts[0].text == stage.texts[1].text
    assert stage.states == [("sms", "sent", None)]
    (closed,) = stage.cards
    assert "🔁 *Skickas igen: Åsa Öberg om Pelle*" in closed.shown()
    assert f"<@{JAMES}>" in closed.shown()
    assert not _buttons(closed)
    assert not stage.told(stage.james)
    assert [event for event, _ in stage.happened] == ["created", "not-sent", "task-opened", "sent-again", "sent"]
    assert _history(stage)[-4:] == [
        ("Not sent: SMS. It may have been sent, but nobody can be sure.", "system"),
        ("Staff were asked to contact the client", "system"),
        ("Asked for it to be sent again: SMS", JAMES),
        ("Sent: SMS", "system"),
    ]
    stage.skip_to("2026-12-03")
    assert _arrived(stage) == 2


@both_databases
def test_what_is_unclear_again_gets_a_new_card_and_the_old_one_decides_nothing(stage: Stage) -> None:
    first = _card(stage)
    value = _value(first, Action.TASK_SEND_AGAIN)
    stage.workspace.fail_next("sms", drop_after=True)
    stage.james.press(first, Action.TASK_SEND_AGAIN)
    stage.settle()
    assert _arrived(stage) == 2
    assert stage.states == [("sms", "unknown", "outcome-unknown")]
    old, new = stage.cards
    assert old.ts == first.ts
    assert _buttons(new) >= {Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT}
    assert _value(new, Action.TASK_SEND_AGAIN) != value
    for action in (Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT):
        stage.deliver_press(stage.maria, old, action, value)
        stage.settle()
    words = stage.words.words("sv")
    assert (
        stage.told(stage.maria)
        == [words("It was sent again meanwhile. Look at how it stands now before you decide.")] * 2
    )
    assert _arrived(stage) == 2
    assert stage.tasks[0].state.value == "open"
    stage.maria.press(new, Action.TASK_RECORD_SENT)
    stage.settle()
    assert stage.states == [("sms", "sent", "recorded-by-staff")]
    _, closed = stage.cards
    assert "✅ *Registrerad som skickad: Åsa Öberg om Pelle*" in closed.shown()
    assert f"<@{MARIA}>" in closed.shown()
    assert _history(stage)[-1] == ("Recorded as sent, though nobody could be sure: SMS", MARIA)
    (reminder,) = stage.reminders
    seen = reminder_seen.find(stage.database, TEAM, reminder.id)
    assert why_not_sent.answers(seen, stage.english(), stage.clock.now()) == [
        "Nobody could be sure whether it was sent; staff recorded it as sent, so nothing needs to be done."
    ]
    stage.skip_to("2026-12-03")
    assert _arrived(stage) == 2


DONE = {
    Action.TASK_MARK_CONTACTED: ("contacted", "{who} has already contacted {client} about {patient}, {when}."),
    Action.TASK_SEND_AGAIN: (
        "sent-again",
        "{who} has already asked for it to be sent again: {client} about {patient}, {when}.",
    ),
    Action.TASK_RECORD_SENT: (
        "recorded-sent",
        "{who} has already recorded it as sent: {client} about {patient}, {when}.",
    ),
}


@both_databases
@pytest.mark.parametrize(
    ("mine", "hers"),
    [
        (Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT),
        (Action.TASK_SEND_AGAIN, Action.TASK_SEND_AGAIN),
        (Action.TASK_MARK_CONTACTED, Action.TASK_SEND_AGAIN),
    ],
)
def test_of_two_people_who_decide_at_the_same_moment_one_wins_and_the_other_is_told(
    stage: Stage, mine: Action, hers: Action
) -> None:
    card = _card(stage)
    assert not any(at_once(_press(stage.james, card, mine), _press(stage.maria, card, hers)))
    stage.settle()
    (task,) = stage.tasks
    won = task.closed_by == JAMES
    winner, other, action = (stage.james, stage.maria, mine) if won else (stage.maria, stage.james, hers)
    event, sentence = DONE[action]
    decided = [one for one in stage.happened if one[0] in {event for event, _ in DONE.values()}]
    assert decided == [(event, winner.id)]
    assert _arrived(stage) == (2 if action is Action.TASK_SEND_AGAIN else 1)
    assert not stage.told(winner)
    zone = reminder_seen.find(stage.database, TEAM, stage.reminders[0].id).clinic.hours.zone
    words = stage.words.words(other.user.locale)
    assert task.closed_at is not None
    when = words.moment(task.closed_at, zone)
    told = words(sentence, who=f"<@{winner.id}>", client="Åsa Öberg", patient="Pelle", when=when)
    assert stage.told(other) == [told]
    (closed,) = stage.cards
    assert f"<@{winner.id}>" in closed.shown()


def test_a_press_on_a_card_that_slack_did_not_draw_anew_says_how_it_stands(stage: Stage) -> None:
    card = _card(stage)
    stage.workspace.fail_next("chat.update", error="internal_error")
    stage.expect("card-refused")
    stage.james.press(card, Action.TASK_RECORD_SENT)
    stage.settle()
    stage.maria.press(card, Action.TASK_SEND_AGAIN)
    stage.settle()
    (told,) = stage.told(stage.maria)
    assert f"<@{JAMES}>" in told
    assert "registrerat" in told
    assert _arrived(stage) == 1


@both_databases
def test_what_may_not_go_is_not_sent_again_and_whoever_asks_is_told_why(stage: Stage) -> None:
    card = _card(stage)
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", sms_allowed=False)
    stage.james.press(card, Action.TASK_SEND_AGAIN)
    stage.settle()
    (told,) = stage.told(stage.james)
    assert "The client does not want messages sent this way any more." in told
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", sms_allowed=True)
    stage.change(ReminderRow, state=ReminderState.CANCELLED)
    stage.maria.press(card, Action.TASK_SEND_AGAIN)
    stage.settle()
    (told,) = stage.told(stage.maria)
    assert "Påminnelsen har avbrutits" in told
    assert _arrived(stage) == 1
    assert stage.tasks[0].state.value == "open"
    assert stage.states == [("sms", "unknown", "outcome-unknown")]


def test_in_the_evening_it_waits_until_the_clinic_sends_and_the_presser_is_told_when(stage: Stage) -> None:
    card = _card(stage, before=1)
    stage.skip_to("2026-11-30", 21)
    stage.james.press(card, Action.TASK_SEND_AGAIN)
    stage.settle()
    assert stage.told(stage.james) == [
        "The clinic is closed now. It goes out when the clinic sends again: Tue 1 Dec 2026, 08:00."
    ]
    assert _arrived(stage) == 1
    stage.skip_to(DAY, 7, 59)
    assert _arrived(stage) == 1
    stage.skip_to(DAY, 8)
    assert _arrived(stage) == 2
    assert stage.states == [("sms", "sent", None)]


@both_databases
def test_in_the_list_the_same_is_decided_once(stage: Stage) -> None:
    stage.workspace.fail_next("sms", times=2, drop_after=True)
    stored(stage, 0, method="sms")
    stored(stage, 1, method="sms")
    stored(stage, 2, method="post")
    stage.skip_to(DAY)
    for person in (stage.james, stage.maria):
        opened_home(stage, person)
        person.press(home_of(person), Action.HOME_SHOW_TASKS)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.TASK_LIST
    assert len(_with(top(stage.james), Action.TASK_LIST_SEND_AGAIN)) == 2  # and not the letter
    stage.james.press(top(stage.james), Action.TASK_LIST_SEND_AGAIN)
    stage.settle()
    shown = top(stage.james).shown()
    assert "🔁 *To be sent again: Åsa Öberg about Pelle*" in shown
    assert "2 clients are to be contacted." in shown
    assert _arrived(stage) == 3
    stage.maria.press(top(stage.maria), Action.TASK_LIST_RECORD_SENT)  # the same task, on a list that is old by now
    stage.settle()
    assert f"<@{JAMES}> har redan bett om att skicka den igen: Åsa Öberg om Pelle" in top(stage.maria).shown()
    stage.maria.press(top(stage.maria), Action.TASK_LIST_RECORD_SENT)
    stage.settle()
    assert "✅ *Registrerad som skickad: Åsa Öberg om Pelle*" in top(stage.maria).shown()
    assert set(stage.states) == {
        ("post", "skipped", "post"),
        ("sms", "sent", None),
        ("sms", "sent", "recorded-by-staff"),
    }
    assert not _with(top(stage.maria), Action.TASK_LIST_SEND_AGAIN)
    assert Counter(card.shown()[0] for card in stage.cards) == Counter("🔁✅📞")


def test_in_the_list_too_it_is_said_why_it_may_not_go(stage: Stage) -> None:
    _card(stage)
    opened_home(stage, stage.james)
    stage.james.press(home_of(stage.james), Action.HOME_SHOW_TASKS)
    stage.settle()
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", phone=None)
    stage.change(ReminderRow, phone_override=None)
    stage.james.press(top(stage.james), Action.TASK_LIST_SEND_AGAIN)
    stage.settle()
    shown = top(stage.james).shown()
    assert "⚠️ The client has no address or number for it any more." in shown
    assert "1 client is to be contacted." in shown
    assert _arrived(stage) == 1


@pytest.mark.parametrize("action", [Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT])
@pytest.mark.parametrize("outsider", ["U0OLOF00011", "U0GERD00012", "U0STEN00013"])
def test_who_does_not_belong_to_the_clinic_decides_nothing(stage: Stage, outsider: str, action: Action) -> None:
    card = _card(stage)
    stage.deliver_press(stage.workspace.person(outsider), card, action, _value(card, action))
    stage.settle()
    assert stage.states == [("sms", "unknown", "outcome-unknown")]
    assert stage.tasks[0].state.value == "open"
    assert _arrived(stage) == 1


@pytest.mark.parametrize("value", ["999999:1", "1", "1:", ":1", "1:0", "1:-1", "1:abc", "1:1:1", "", "1:" + "1" * 19])
@pytest.mark.parametrize("action", [Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT])
def test_a_press_that_names_no_task_or_no_attempt_is_refused(stage: Stage, value: str, action: Action) -> None:
    card = _card(stage)
    stage.deliver_press(stage.james, card, action, value)
    stage.settle()
    (told,) = stage.told(stage.james)
    assert "This is no longer there." in told or "This was made by another version of the bot." in told
    assert stage.states == [("sms", "unknown", "outcome-unknown")]


def _card(stage: Stage, before: int = 0) -> Message:
    """The card about a text message that its receiver took before the line was cut."""
    saved(stage, stage.james, method="SMS", before=before)
    stage.workspace.fail_next("sms", drop_after=True)
    stage.skip_to("2026-11-30" if before else DAY)
    (card,) = stage.cards
    return card


def _arrived(stage: Stage) -> int:
    """How many text messages the receiver took."""
    return len(stage.texts)


def _press(person: Person, card: Message, action: Action) -> Callable[[], object]:
    return lambda: person.press(card, action)


def _history(stage: Stage) -> list[tuple[str, str]]:
    (reminder,) = stage.reminders
    seen = reminder_seen.find(stage.database, TEAM, reminder.id)
    return [(explanations.event(one, stage.english()), one.actor) for one in seen.history]


def _buttons(shown: Message | View) -> set[str]:
    return {one.action_id for one in shown.elements()}


def _with(shown: Message | View, action: Action) -> list[str]:
    return [str(one.element["value"]) for one in shown.elements() if one.action_id == action]


def _value(card: Message, action: Action) -> str:
    (value,) = _with(card, action)
    return value
