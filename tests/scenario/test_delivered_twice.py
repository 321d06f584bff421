"""Slack may deliver one request twice. Does it take effect once?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blocks.ids import Action, Command, ViewId
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import Stage, at_once, both_databases


@both_databases
def test_a_form_that_is_delivered_twice_at_once_makes_one_reminder(stage: Stage) -> None:
    for number in range(1, 5):
        form = Form.opened(stage, stage.james).filled(method="E-mail and SMS")
        stage.workspace.deliver_twice(True)
        form.save()
        stage.workspace.deliver_twice(False)
        assert len(stage.reminders) == number
        assert len(stage.deliveries) == 2 * number
    assert [event for event, _ in stage.happened] == ["created"] * 4
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == len(stage.texts) == 4


def test_a_command_that_is_delivered_twice_opens_one_form(stage: Stage) -> None:
    stage.workspace.deliver_twice(True)
    stage.james.command(Command.REMINDER, "new")
    stage.settle()
    assert len(stage.james.modals) == 1
    assert stage.told(stage.james, "#general") == []


@both_databases
def test_a_form_that_is_saved_from_two_windows_at_once_makes_one_reminder(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    acts, view = stage.workspace._interactions, form.view
    answers = at_once(*[lambda: acts.submit(stage.james.id, view.id)] * 4)
    stage.settle()
    assert len(stage.reminders) == 1
    assert any(answer is None for answer in answers)
    assert top(stage.james).callback_id == ViewId.REMINDER_CARD


def test_a_form_whose_answer_was_lost_and_that_is_saved_again_makes_one_reminder(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    view = form.view
    form.save()
    with stage.workspace._state.changing():  # the answer did not arrive: the form is still open
        stage.workspace._views._replace(view)
    card = form.save()
    assert "Saved: reminder for Pelle" in card.shown()
    assert len(stage.reminders) == 1


@both_databases
def test_a_change_that_is_delivered_twice_is_made_once_and_no_conflict(stage: Stage) -> None:
    for number in range(1, 5):
        card = saved(stage, stage.james)
        stage.james.press(card, Action.REMINDER_EDIT)
        stage.settle()
        view = Form(stage, stage.james).type("subject", "Nytt ämne").view
        refused: list[dict[str, str]] = []
        at_once(*[_save(stage, view.id, refused)] * 2)
        stage.settle()
        assert not any(refused)
        assert [(row.version, row.subject) for row in stage.reminders] == [(2, "Nytt ämne")] * number
    assert [event for event, _ in stage.happened] == ["created", "edited"] * 4


def test_a_refused_form_that_is_delivered_twice_is_refused(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(before=30)
    stage.workspace.deliver_twice(True)
    assert form.refused().keys() == {"send-before"}
    assert not stage.reminders
    form.type("send-before", "1").save()
    assert len(stage.reminders) == 1


@pytest.mark.parametrize("action", [Action.REMINDER_CANCEL, Action.TASK_MARK_CONTACTED])
def test_a_press_that_is_delivered_twice_counts_once(stage: Stage, action: Action) -> None:
    card = saved(stage, stage.james, due="2027-01-01")
    if action is Action.REMINDER_CANCEL:
        stage.workspace.deliver_twice(True)
        stage.james.press(card, action)
        stage.settle()
        assert [event for event, _ in stage.happened] == ["created", "cancelled"]
        return
    stored(stage, 1, method="post")
    stage.skip_to("2026-12-01")
    stage.workspace.deliver_twice(True)
    stage.james.press(stage.cards[0], action)
    stage.settle()
    assert [event for event, _ in stage.happened].count("contacted") == 1


def _save(stage: Stage, view_id: str, refused: list[dict[str, str]]) -> Callable[[], None]:
    return lambda: refused.append(stage.workspace._interactions.submit(stage.james.id, view_id))
