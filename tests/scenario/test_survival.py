"""Does one and the same bot live through everything that Slack does to it, with nothing lost and nothing done twice?"""

from __future__ import annotations

from datetime import timedelta

from blocks.ids import Action
from tests.scenario.form import Form, stored
from tests.scenario.stage import Stage, both_databases


def reconnect(stage: Stage, reason: str) -> None:
    """Ask for new sockets, and wait until the old ones are gone; over HTTP there are none."""
    before = set(stage.workspace.socket_ids)
    stage.workspace.ask_to_reconnect(reason)
    stage.until(lambda: not before or (stage.workspace.socket_ids and before.isdisjoint(stage.workspace.socket_ids)))


@both_databases
def test_one_bot_survives_reconnects_double_delivery_a_429_and_slack_being_away(stage: Stage) -> None:
    stage.expect("card-refused", "card-not-shown", "library-message", "slack-away")
    bot, workspace = stage.bot, stage.workspace

    for reason in ("refresh_requested", "warning", "refresh_requested"):
        reconnect(stage, reason)

    form = Form.opened(stage, stage.james).filled()
    workspace.deliver_twice(True)
    form.save()
    assert len(stage.reminders) == 1

    ids = [stored(stage, number, method="post") for number in range(3)]
    workspace.fail_next("chat.postMessage", status=429, retry_after=30)
    stage.skip_to("2026-12-01")
    assert not stage.cards
    assert len(stage.tasks) == len(ids)

    workspace.go_away(600)  # longer than the test; it ends with `heal`
    stage.skip(timedelta(seconds=31))
    stage.skip(timedelta(minutes=1))
    assert not stage.cards
    workspace.heal()
    workspace.deliver_twice(True)
    workspace.wait_until_connected(30)
    stage.skip(timedelta(minutes=10))

    by_card = [task.id for task in sorted(stage.tasks, key=lambda task: float(task.card_ts or 0))]
    assert by_card == sorted(task.id for task in stage.tasks)
    assert [card.ts for card in stage.cards] == [task.card_ts for task in stage.tasks]
    stage.james.press(stage.cards[0], Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert [task.state.value for task in stage.tasks] == ["done", "open", "open"]
    assert [event for event, _ in stage.happened].count("contacted") == 1
    assert stage.bot is bot
    assert len(stage.mails) == 1


def test_cards_are_posted_in_the_order_of_their_tasks_however_often_each_was_tried(stage: Stage) -> None:
    stage.expect("card-refused", "card-not-shown", "library-message", "slack-away")
    for number in range(3):
        stored(stage, number, method="post")
    stage.workspace.fail_next("chat.postMessage", status=429, retry_after=2)
    stage.skip_to("2026-12-01")
    stage.workspace.go_away(600)  # longer than the test; it ends with `heal`
    for _ in range(7):
        stage.skip(timedelta(seconds=1))
    assert not stage.cards
    stage.workspace.heal()
    for _ in range(20):
        stage.skip(timedelta(seconds=1))
    assert len(stage.cards) == 3
    assert [card.ts for card in stage.cards] == [task.card_ts for task in stage.tasks]
