"""An answer of the bot's did not arrive. Does nothing happen twice, and is it said where it can be read?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blocks.ids import Action, Command
from bot.store.tables import ClinicRow
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import STAFF, TODAY, Stage, both_databases

GENERAL = "#general"


def _choose_sms(form: Form) -> Form:
    return form.choose("method", "SMS")


def _type_a_subject(form: Form) -> Form:
    return form.type("subject", "Rättat")


NOT_SAVED = "This form was already saved as shown here. Press Edit to change it."


@both_databases
@pytest.mark.parametrize("correct", [_choose_sms, _type_a_subject])
def test_a_form_that_is_corrected_and_saved_again_after_a_lost_answer_makes_one_reminder_and_says_so(
    stage: Stage, correct: Callable[[Form], Form]
) -> None:
    """The correction was not saved, so the second answer claims no such thing and shows what was."""
    form = Form.opened(stage, stage.james).filled()
    _save_without_an_answer(stage, form)
    card = correct(form).save().shown()
    assert NOT_SAVED in card
    assert "Saved" not in card
    assert "E-mail" in card
    assert "SMS" not in card
    assert stage.states == [("email", "planned", None)]
    assert stage.reminders[0].subject == "Dags för vaccination av {{ patient_name }}"
    assert [event for event, _ in stage.happened] == ["created"]
    stage.james.press(top(stage.james), Action.REMINDER_EDIT)
    stage.settle()
    assert "Saved" in form.type("subject", "Rättat").save().shown()
    assert stage.reminders[0].subject == "Rättat"


@both_databases
def test_a_form_that_is_saved_again_unchanged_after_a_lost_answer_is_saved(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    _save_without_an_answer(stage, form)
    card = form.save().shown()
    assert "Saved" in card
    assert NOT_SAVED not in card
    assert len(stage.reminders) == 1


def test_an_edit_that_is_corrected_and_saved_again_after_a_lost_answer_says_what_was_saved(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.press(top(stage.james), Action.REMINDER_EDIT)
    stage.settle()
    form = Form(stage, stage.james).type("subject", "Först")
    _save_without_an_answer(stage, form)
    card = form.type("subject", "Sedan").save().shown()
    assert NOT_SAVED in card
    assert "Saved" not in card
    assert stage.reminders[0].subject == "Först"


def test_a_form_saved_again_when_all_of_it_was_sent_speaks_of_no_edit(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(due=TODAY)
    _save_without_an_answer(stage, form)
    card = form.type("subject", "Rättat").save().shown()
    assert "This form was already saved as shown here." in card
    assert NOT_SAVED not in card
    assert len(stage.mails) == 1


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


def _save_without_an_answer(stage: Stage, form: Form) -> None:
    view = form.view
    form.save()
    with stage.workspace._state.changing():  # the form is still open
        stage.workspace._views._replace(view)
