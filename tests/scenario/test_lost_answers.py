"""An answer of the bot's did not arrive. Does nothing happen twice, and is it said where it can be read?"""

from __future__ import annotations

from blocks.ids import Action, Command
from bot.store.tables import ClinicRow
from tests.scenario.form import Form, stored
from tests.scenario.stage import STAFF, Stage, both_databases

GENERAL = "#general"


@both_databases
def test_a_form_that_is_changed_and_saved_again_after_a_lost_answer_makes_one_reminder(stage: Stage) -> None:
    """The second Save answers with what was stored, so that whoever changed the form sees that the change was not."""
    form = Form.opened(stage, stage.james).filled()
    view = form.view
    form.save()
    with stage.workspace._state.changing():  # the answer did not arrive: the form is still open
        stage.workspace._views._replace(view)
    form.choose("method", "SMS")
    assert form.view.hash != view.hash
    card = form.save()
    assert "E-mail" in card.shown()
    assert "SMS" not in card.shown()
    assert stage.states == [("email", "planned", None)]
    assert [event for event, _ in stage.happened] == ["created"]


def test_a_refusal_that_has_no_way_back_to_its_message_comes_as_a_direct_message(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    stage.expect("card-refused")
    stage.workspace.fail_next("chat.update", error="internal_error")  # so that the card still has its button
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    stage.workspace.fail_next("response_url", status=404)
    stage.maria.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert not stage.told(stage.maria)
    (message,) = stage.maria.dm
    assert f"<@{stage.james.id}>" in message.shown()
    assert not stage.james.dm


def test_an_apology_that_has_no_way_back_to_its_message_comes_as_a_direct_message(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    stage.expect("listener-failed")
    stage.change(ClinicRow, time_zone="Nowhere/Land")
    stage.workspace.fail_next("response_url", status=404)
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    assert not stage.told(stage.james, STAFF)
    (message,) = stage.james.dm
    assert stage.logged("listener-failed")[0]["code"] in message.shown()


def test_a_page_that_cannot_replace_the_one_before_comes_as_a_direct_message(stage: Stage) -> None:
    for number in range(22):
        stored(stage, number)
    stage.james.command(Command.REMINDER, "list")
    (page,) = stage.james.messages(GENERAL)
    stage.workspace.fail_next("response_url", status=404)
    stage.james.press(page, Action.REMINDER_LIST_NEXT)
    stage.settle()
    assert stage.james.messages(GENERAL) == (page,)
    (message,) = stage.james.dm
    assert message.shown().count("Next send") == 2
