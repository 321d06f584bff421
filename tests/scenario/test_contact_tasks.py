"""Is a client contacted once, by one person, and do all others learn who and when (rule P12)?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from blocks.ids import Action, ViewId
from bot.demo.person import Person
from bot.demo.surfaces import Message
from bot.services import reminder_seen
from bot.slack import explanations
from bot.store.tables import ClientRow
from tests.scenario.form import saved, stored, top
from tests.scenario.stage import JAMES, MARIA, STOCKHOLM, TEAM, Stage, at_once, both_databases


@both_databases
def test_of_two_people_at_the_same_moment_one_wins_and_the_other_is_told_who_and_when(stage: Stage) -> None:
    card = _card(stage)
    assert not any(
        at_once(
            lambda: stage.james.press(card, Action.TASK_MARK_CONTACTED),
            lambda: stage.maria.press(card, Action.TASK_MARK_CONTACTED),
        )
    )
    stage.settle()
    (task,) = stage.tasks
    winner, other = (stage.james, stage.maria) if task.closed_by == JAMES else (stage.maria, stage.james)
    assert not stage.told(winner)
    words = stage.words.words(other.user.locale)
    assert task.closed_at is not None
    when = words.moment(task.closed_at, STOCKHOLM)
    assert stage.told(other) == [
        words(
            "{who} has already contacted {client} about {patient}, {when}.",
            who=f"<@{winner.id}>",
            client="Åsa Öberg",
            patient="Pelle",
            when=when,
        )
    ]
    assert [one for one in stage.happened if one[0] == "contacted"] == [("contacted", winner.id)]
    (card,) = stage.cards
    assert f"<@{winner.id}>" in card.shown()


@both_databases
def test_of_eight_presses_one_counts(stage: Stage) -> None:
    card = _card(stage)
    assert not any(at_once(*(_press(person, card) for person in (stage.james, stage.maria) * 4)))
    stage.settle()
    assert [event for event, _ in stage.happened].count("contacted") == 1
    assert len(stage.told(stage.james)) + len(stage.told(stage.maria)) == 7
    (task,) = stage.tasks
    assert task.revision == task.card_revision == 2


def test_who_comes_an_hour_later_with_an_old_card_is_told_who_was_first(stage: Stage) -> None:
    card = _card(stage)
    stage.workspace.fail_next("chat.update", error="internal_error")
    stage.expect("card-refused")
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    stage.maria.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    (told,) = stage.told(stage.maria)
    assert f"<@{JAMES}>" in told
    assert "tis 1 dec. 2026 kl. 09:00" in told
    stage.skip(timedelta(minutes=1))
    (card,) = stage.cards
    assert f"<@{JAMES}>" in card.shown()


@both_databases
def test_contact_details_are_shown_to_the_presser_alone_and_noted(stage: Stage) -> None:
    card = _card(stage)
    stage.maria.press(card, Action.TASK_SHOW_CONTACT)
    stage.settle()
    details = top(stage.maria)
    assert details.callback_id == ViewId.CONTACT_DETAILS
    assert "+46 70 174 06 06" in details.shown()
    assert "asa.oberg@post.example" in details.shown()
    assert stage.james.modal is None
    assert stage.happened[-1] == ("contact-shown", MARIA)
    seen_by_all = "".join(str(message.blocks) + message.text for message in stage.cards)
    assert "asa.oberg" not in seen_by_all
    assert "06 06" not in seen_by_all
    assert stage.tasks[0].state.value == "open"


def test_contact_details_that_could_not_be_shown_are_noted_as_asked_for(stage: Stage) -> None:
    stage.expect("listener-failed")
    reminder = stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    stage.workspace.fail_next("views.open", error="expired_trigger_id")
    stage.maria.press(stage.cards[0], Action.TASK_SHOW_CONTACT)
    stage.settle()
    assert stage.maria.modal is None
    assert stage.happened[-1] == ("contact-shown", MARIA)
    seen = reminder_seen.find(stage.database, TEAM, reminder)
    assert explanations.event(seen.history[-1], stage.english()) == "Asked for the client's contact details"


def test_contact_details_are_those_that_were_typed_for_this_reminder(stage: Stage) -> None:
    stored(stage, 1, method="post", email="annan@post.example", phone="070-174 06 99")
    stage.skip_to("2026-12-01")
    stage.james.press(stage.cards[0], Action.TASK_SHOW_CONTACT)
    stage.settle()
    assert "annan@post.example" in top(stage.james).shown()
    assert "+46 70 174 06 99" in top(stage.james).shown()


def test_a_client_without_address_and_number_is_shown_as_such(stage: Stage) -> None:
    saved(stage, stage.james, client="gunilla", patient="Fia (hund)", method="Post")
    stage.skip_to("2026-12-01")
    stage.james.press(stage.cards[0], Action.TASK_SHOW_CONTACT)
    stage.settle()
    assert top(stage.james).shown().count("not known") == 2


def test_a_card_says_why_and_gives_the_text_filled_in(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", email=None)
    stage.skip_to("2026-12-01")
    shown = stage.cards[0].shown()
    assert stage.words.words("sv")("The client has no address or number for it.") in shown
    assert "Dags för vaccination av Pelle" in shown
    assert "Hej Åsa!" in shown
    assert "{{" not in shown


@pytest.mark.parametrize("value", ["999999", "0", "-1", "abc", "", "1" * 19, "٣"])
@pytest.mark.parametrize("action", [Action.TASK_MARK_CONTACTED, Action.TASK_SHOW_CONTACT])
def test_a_press_that_names_no_task_is_refused(stage: Stage, value: str, action: Action) -> None:
    card = _card(stage)
    stage.deliver_press(stage.james, card, action, value)
    stage.settle()
    (told,) = stage.told(stage.james)
    assert "This is no longer there." in told or "This was made by another version of the bot." in told
    assert stage.tasks[0].state.value == "open"
    assert stage.james.modal is None


def _card(stage: Stage) -> Message:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    return card


def _press(person: Person, card: Message) -> Callable[[], None]:
    return lambda: person.press(card, Action.TASK_MARK_CONTACTED)
