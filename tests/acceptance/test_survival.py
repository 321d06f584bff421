"""Does one and the same process live through everything that Slack does to it, with nothing lost and nothing twice?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from blocks.ids import Action
from bot.demo.surfaces import Message
from bot.sample_workspace import STAFF_CHANNEL
from bot.store.tables import ContactTaskRow
from tests.acceptance.processes import PATIENCE
from tests.acceptance.stage import ADDRESS, Stage, ask_for_help, make_reminder, sends_in

RETRY_AFTER: Final = 2
"""Seconds that Slack asks to be left alone for after a card too many."""
AWAY: Final = 6.0
"""Seconds that stand for the minute in which Slack cannot be reached: the bot tries again and again meanwhile."""


def reconnect(stage: Stage, reason: str) -> None:
    """Ask for a new socket, and wait until the old one is gone."""
    before = set(stage.workspace.socket_ids)
    stage.workspace.ask_to_reconnect(reason)
    now = stage.workspace
    stage.staff.wait_for(lambda: now.socket_ids and before.isdisjoint(now.socket_ids), PATIENCE)


def cards(stage: Stage) -> Sequence[Message]:
    return [message for message in stage.staff.messages(STAFF_CHANNEL) if message.user != stage.staff.user.id]


def tasks(stage: Stage) -> list[tuple[str | None, str]]:
    """Where each task's card is, and the task's state; in the order in which they came about."""
    with stage.database.reading() as session:
        found = session.execute(select(ContactTaskRow.card_ts, ContactTaskRow.state).order_by(ContactTaskRow.id))
        return [(ts, state.value) for ts, state in found]


def posts(stage: Stage) -> list[str]:
    """What became of each try to post something, in words of the record."""
    return [each.outcome for each in stage.workspace.exchanges() if each.name == "chat.postMessage"]


def test_one_process_survives_reconnects_double_delivery_a_429_and_slack_being_away(stage: Stage) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    workspace = stage.workspace
    process = stage.run()
    pid = process.pid

    for reason in ("refresh_requested", "warning", "refresh_requested"):
        reconnect(stage, reason)
        assert "/reminder new" in ask_for_help(stage.staff)

    # These three are found when the one that is saved in Slack, twice, wakes the bot.
    stage.remind(clinic, "a@post.example", "b@post.example", "c@post.example", method="post")
    workspace.fail_next("chat.postMessage", status=429, retry_after=RETRY_AFTER)
    workspace.deliver_twice(True)
    assert "Wigglesworth" in make_reminder(stage.staff, due=clinic.today)
    stage.wait_for_states(sent=1, skipped=3)
    process.wait_for_event("card-refused")
    assert [mail.to for mail in workspace.mailbox] == [ADDRESS]
    assert tasks(stage) == [(None, "open")] * 3

    workspace.go_away(AWAY)
    process.wait_for_event("card-not-shown")
    assert not cards(stage)
    assert not workspace.connected

    workspace.wait_until_connected(PATIENCE)
    stage.staff.wait_for(lambda: all(ts for ts, _ in tasks(stage)), PATIENCE)
    assert [card.ts for card in cards(stage)] == [ts for ts, _ in tasks(stage)]  # in their order, and once
    assert [outcome for outcome in posts(stage) if outcome != "away"] == ["HTTP 429", "200", "200", "200"]

    stage.staff.press(cards(stage)[1], Action.TASK_MARK_CONTACTED)
    stage.staff.wait_for(lambda: stage.staff.user.id in cards(stage)[1].shown(), PATIENCE)
    assert sorted(state for _, state in tasks(stage)) == ["done", "open", "open"]
    assert "/reminder new" in ask_for_help(stage.staff)
    assert len(workspace.mailbox) == 1
    assert process.is_running
    assert process.pid == pid
    assert process.stopped().status == 0
