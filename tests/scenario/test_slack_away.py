"""Slack is slow, refuses, hangs up or has changed: is nothing lost, and is everybody answered?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from blocks.ids import Action, Command, Shortcut, ViewId
from bot.demo.surfaces import Message
from bot.store import tasks
from bot.store.tables import ClinicRow
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import ARCHIVED, STAFF, TEAM, WITHOUT_BOT, Stage, both_databases

GENERAL = "#general"
LIBRARYS_OWN = ("library-message",)
"""slack_sdk logs each broken answer itself; the bot keeps the place of it and drops the words."""


@pytest.mark.parametrize(
    ("fault", "event"),
    [
        ({"status": 429, "retry_after": 30}, "card-refused"),
        ({"status": 500}, "card-refused"),
        ({"status": 503}, "card-refused"),
        ({"error": "internal_error"}, "card-refused"),
        ({"error": "is_archived"}, "card-refused"),
        ({"drop_before": True}, "card-not-shown"),
    ],
)
def test_a_card_that_slack_did_not_take_is_posted_later_and_once(
    stage: Stage, fault: dict[str, Any], event: str
) -> None:
    stage.expect(event, *LIBRARYS_OWN)
    stored(stage, 0, method="post")
    stage.workspace.fail_next("chat.postMessage", **fault)
    stage.skip_to("2026-12-01")
    assert not stage.cards
    (task,) = stage.tasks
    assert (task.state.value, task.card_revision, task.card_ts) == ("open", 0, None)
    assert len(stage.logged(event)) == 1
    stage.skip(timedelta(seconds=31))
    (card,) = stage.cards
    (task,) = stage.tasks
    assert (task.card_revision, task.card_ts, task.card_channel) == (1, card.ts, STAFF)
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert len(stage.cards) == 1
    assert stage.tasks[0].state.value == "done"


def test_a_card_waits_as_long_as_slack_asks(stage: Stage) -> None:
    stage.expect("card-refused")
    stored(stage, 0, method="post")
    stage.workspace.fail_next("chat.postMessage", status=429, retry_after=120)
    stage.skip_to("2026-12-01")
    stage.skip(timedelta(seconds=110))
    assert not stage.cards
    stage.skip(timedelta(seconds=15))
    assert len(stage.cards) == 1


def test_all_cards_wait_as_long_as_slack_asks_and_come_in_order(stage: Stage) -> None:
    stage.expect("card-refused")
    for number in range(4):
        stored(stage, number, method="post", letter_text=f"Brev {number}")
    stage.workspace.fail_next("chat.postMessage", status=429, retry_after=120, times=2)
    stage.skip_to("2026-12-01")
    for wait in (50, 50):
        stage.skip(timedelta(seconds=wait))
    assert len(stage.logged("card-refused")) == 1
    with stage.database.reading() as session:
        assert tasks.next_card(session, TEAM) == stage.tasks[0].card_lease_until
    stage.skip(timedelta(seconds=30))
    assert len(stage.logged("card-refused")) == 2
    stored(stage, 4, method="post", letter_text="Brev 4", due_date="2026-12-01")
    stage.bot.alarms.clock_moved()
    stage.settle()
    assert not stage.cards
    stage.skip(timedelta(seconds=121))
    assert [card.shown().count(f"Brev {number}") for number, card in enumerate(stage.cards)] == [1] * 5
    assert len(stage.logged("card-refused")) == 2


def test_a_wait_that_slack_never_asks_for_is_not_believed(stage: Stage) -> None:
    stage.expect("card-refused")
    stored(stage, 0, method="post")
    stage.workspace.fail_next("chat.postMessage", status=429, retry_after=10**9)
    stage.skip_to("2026-12-01")
    stage.skip(timedelta(hours=1))
    assert len(stage.cards) == 1


def test_a_card_is_tried_ever_more_seldom_while_slack_is_away(stage: Stage) -> None:
    stage.expect("card-refused", *LIBRARYS_OWN)
    stored(stage, 0, method="post")
    stage.workspace.fail_next("chat.postMessage", status=500, times=1000)
    stage.skip_to("2026-12-01")
    for _ in range(120):
        stage.skip(timedelta(seconds=30))
    tries = len(stage.logged("card-refused"))
    assert 8 <= tries <= 20
    stage.workspace.heal()
    stage.skip(timedelta(minutes=10))
    assert len(stage.cards) == 1


def cards_of_a_lost_answer(stage: Stage) -> tuple[Message, Message]:
    """It was posted and nobody learnt of it: then it stands there twice, which is the lesser evil."""
    stage.expect("card-not-shown", *LIBRARYS_OWN)
    stored(stage, 0, method="post")
    stage.workspace.fail_next("chat.postMessage", drop_after=True)
    stage.skip_to("2026-12-01")
    (posted,) = stage.cards
    stage.skip(timedelta(seconds=10))
    first, second = stage.cards
    assert first == posted
    assert stage.tasks[0].card_ts == second.ts
    return first, second


def test_a_card_whose_answer_was_lost_is_never_missing_and_closes_with_the_other(stage: Stage) -> None:
    forgotten, _ = cards_of_a_lost_answer(stage)
    stage.james.press(forgotten, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert [f"<@{stage.james.id}>" in card.shown() for card in stage.cards] == [True, True]
    assert not [button for card in stage.cards for button in card.elements()]
    assert [event for event, _ in stage.happened].count("contacted") == 1


def test_a_forgotten_card_of_a_closed_task_closes_when_it_is_pressed(stage: Stage) -> None:
    forgotten, known = cards_of_a_lost_answer(stage)
    stage.james.press(known, Action.TASK_MARK_CONTACTED)
    stage.settle()
    stage.maria.press(forgotten, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert len(stage.told(stage.maria)) == 1
    assert [f"<@{stage.james.id}>" in card.shown() for card in stage.cards] == [True, True]
    assert [event for event, _ in stage.happened].count("contacted") == 1


def test_a_task_closes_though_its_forgotten_card_cannot_be_changed(stage: Stage) -> None:
    stage.expect("forgotten-card-not-closed")
    forgotten, _ = cards_of_a_lost_answer(stage)
    stage.workspace.fail_next("chat.update", error="edit_window_closed")
    stage.james.press(forgotten, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert stage.tasks[0].state.value == "done"
    assert [f"<@{stage.james.id}>" in card.shown() for card in stage.cards] == [False, True]
    assert not stage.told(stage.james)


@pytest.mark.parametrize("channel", [ARCHIVED, WITHOUT_BOT, "C0NOWHERE01"])
def test_a_card_for_a_channel_that_cannot_be_written_to_appears_where_the_clinic_moves_to(
    stage: Stage, channel: str
) -> None:
    stage.expect("card-refused")
    stage.change(ClinicRow, staff_channel=channel)
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    assert stage.tasks[0].card_revision == 0
    stage.change(ClinicRow, staff_channel=STAFF)
    stage.skip(timedelta(minutes=1))
    assert len(stage.cards) == 1


def test_a_card_waits_while_its_channel_is_archived_and_stands_there_once_afterwards(stage: Stage) -> None:
    stage.expect("card-refused")
    stored(stage, 0, method="post")
    stage.workspace.archive(STAFF)
    stage.skip_to("2026-12-01")
    assert not stage.cards
    assert [line["error"] for line in stage.logged("card-refused")] == ["is_archived"]
    stage.workspace.archive(STAFF, archived=False)
    stage.skip(timedelta(minutes=1))
    assert len(stage.cards) == 1


def test_a_card_waits_while_the_bot_is_out_of_its_channel_and_stands_there_once_afterwards(stage: Stage) -> None:
    stage.expect("card-refused")
    stored(stage, 0, method="post")
    stage.workspace.remove_app(STAFF)
    stage.skip_to("2026-12-01")
    assert not stage.cards
    assert [line["error"] for line in stage.logged("card-refused")] == ["not_in_channel"]
    stage.workspace.invite_app(STAFF)
    stage.skip(timedelta(minutes=1))
    assert len(stage.cards) == 1


def test_a_card_in_a_channel_that_was_archived_meanwhile_closes_its_task_and_changes_when_it_is_back(
    stage: Stage,
) -> None:
    stage.expect("card-refused")
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    stage.workspace.archive(STAFF)
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert stage.tasks[0].state.value == "done"
    assert stage.cards == (card,)
    stage.workspace.archive(STAFF, archived=False)
    stage.skip(timedelta(minutes=5))
    (changed,) = stage.cards
    assert f"<@{stage.james.id}>" in changed.shown()


@both_databases
def test_clients_get_their_messages_while_slack_takes_no_cards(stage: Stage) -> None:
    stage.expect("card-refused", *LIBRARYS_OWN)
    for number in range(5):
        stored(stage, number, method="post")
        stored(stage, 100 + number)
    stage.workspace.fail_next("chat.postMessage", status=500, times=1000)
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 5
    assert len(stage.tasks) == 5
    assert not stage.cards
    stage.workspace.heal()
    stage.skip(timedelta(minutes=10))
    assert len(stage.cards) == 5


def test_one_card_that_is_refused_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.expect("card-refused")
    for number in range(3):
        stored(stage, number, method="post")
    stage.workspace.fail_next("chat.postMessage", error="internal_error")
    stage.skip_to("2026-12-01")
    assert len(stage.cards) == 2
    stage.skip(timedelta(seconds=5))
    assert len(stage.cards) == 3


def test_a_closed_task_whose_card_was_deleted_in_slack_is_let_be(stage: Stage) -> None:
    stage.expect("card-gone")
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    stage.workspace.fail_next("chat.update", error="message_not_found")
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    (task,) = stage.tasks
    assert (task.state.value, task.card_revision) == ("done", 2)
    stage.skip(timedelta(minutes=30))
    assert len(stage.cards) == 1


@pytest.mark.parametrize("error", ["expired_trigger_id", "invalid_trigger_id", "fatal_error"])
def test_a_form_that_could_not_be_opened_is_apologised_for_with_a_code(stage: Stage, error: str) -> None:
    stage.expect("listener-failed")
    stage.workspace.fail_next("views.open", error=error)
    stage.james.command(Command.REMINDER, "new")
    stage.settle()
    (told,) = stage.told(stage.james, GENERAL)
    (line,) = stage.logged("listener-failed")
    assert line["code"] in told
    assert told.startswith("⚠️ ")
    Form.opened(stage, stage.james)


def test_a_form_that_was_opened_though_the_answer_was_lost_needs_no_apology(stage: Stage) -> None:
    stage.expect(*LIBRARYS_OWN)
    stage.workspace.fail_next("views.open", drop_after=True)
    stage.james.command(Command.REMINDER, "new")
    stage.settle()
    assert len(stage.james.modals) == 1
    assert stage.told(stage.james, GENERAL) == []
    assert len(stage.logged("opened-before")) == 1


def test_where_no_modal_can_be_opened_the_apology_comes_as_a_direct_message(stage: Stage) -> None:
    stage.expect("listener-failed", "answer-not-delivered")
    stage.james.open_home()
    stage.until(lambda: stage.james.home)
    home = stage.james.home
    assert home is not None
    stage.workspace.fail_next("views.open", error="expired_trigger_id", times=2)
    stage.james.press(home, Action.HOME_NEW_REMINDER)
    stage.settle()
    (message,) = stage.james.dm
    assert stage.logged("listener-failed")[0]["code"] in message.shown()


def test_a_modal_is_asked_for_again_after_a_cut_line(stage: Stage) -> None:
    stage.expect(*LIBRARYS_OWN)
    stage.workspace.fail_next("views.open", drop_before=True)
    Form.opened(stage, stage.james)


@pytest.mark.parametrize(
    ("newcomer", "fault"),
    [
        ("new1", {"error": "internal_error"}),
        ("new2", {"status": 500}),
        ("new3", {"drop_before": True, "times": 2}),
    ],
)
def test_whom_slack_tells_nothing_about_is_answered_and_not_let_in(
    stage: Stage, newcomer: str, fault: dict[str, Any]
) -> None:
    stage.expect("person-unknown", *LIBRARYS_OWN)
    person = stage.workspace.person(newcomer)
    stage.workspace.fail_next("users.info", **fault)
    person.command(Command.REMINDER, "new")
    stage.settle()
    (told,) = stage.told(person, GENERAL)
    (line,) = stage.logged("person-unknown")
    assert line["code"] in told
    assert person.modal is None
    Form.opened(stage, person)


def test_a_press_of_somebody_slack_tells_nothing_about_is_answered(stage: Stage) -> None:
    stage.expect("person-unknown")
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    person = stage.workspace.person("new4")
    for action in (Action.TASK_MARK_CONTACTED, Action.TASK_SHOW_CONTACT):
        stage.workspace.fail_next("users.info", error="internal_error")
        person.press(stage.cards[0], action)
        stage.settle()
    assert len(stage.told(person)) == 2
    assert stage.tasks[0].state.value == "open"
    stage.workspace.fail_next("users.info", error="internal_error")
    person.shortcut(Shortcut.NEW_REMINDER)
    stage.settle()
    assert top(person).callback_id == ViewId.NOTICE
    assert stage.logged("person-unknown")[-1]["code"] in top(person).shown()


def test_the_bot_goes_on_after_its_sockets_were_cut(stage: Stage) -> None:
    stage.workspace.drop_sockets()
    stage.workspace.wait_until_connected()
    saved(stage, stage.james)
    assert len(stage.reminders) == 1
