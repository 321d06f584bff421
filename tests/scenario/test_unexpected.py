"""Something breaks that nobody thought of. Is the person told, and does the code find a line with nothing private?"""

from __future__ import annotations

import re

import pytest

from blocks.ids import Action, Command, Shortcut, ViewId
from bot.store.tables import ClinicRow, WorkspaceRow
from tests import databases
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import Stage, both_databases, on_postgresql

GENERAL = "#general"
CODE = re.compile(r"\b[0-9a-f]{6}\b")


def _break(stage: Stage) -> None:
    """A row that no code of ours writes: whoever reads the clinic stumbles over it."""
    stage.expect("listener-failed")
    stage.change(ClinicRow, time_zone="Nowhere/Land")


def _code(stage: Stage) -> str:
    line = stage.logged("listener-failed")[-1]
    assert "ZoneInfoNotFoundError" in line["exception"]
    return str(line["code"])


@pytest.mark.parametrize("typed", ["new", "list"])
def test_a_command_that_breaks_is_answered_with_a_code(stage: Stage, typed: str) -> None:
    _break(stage)
    stage.james.command(Command.REMINDER, typed)
    stage.settle()
    (told,) = stage.told(stage.james, GENERAL)
    assert CODE.findall(told) == [_code(stage)]


def test_a_shortcut_that_breaks_is_answered_with_a_code(stage: Stage) -> None:
    _break(stage)
    stage.james.shortcut(Shortcut.NEW_REMINDER)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.NOTICE
    assert CODE.findall(top(stage.james).shown()) == [_code(stage)]


def test_a_form_that_breaks_on_save_keeps_what_was_typed_and_says_a_code(stage: Stage) -> None:
    form = Form.opened(stage, stage.maria).search("client", "åsa").choose("template", "Vaccination")
    form.type("due-date", "2026-12-01").type("subject", "Ett ämne")
    _break(stage)
    (said,) = form.refused().values()
    assert CODE.findall(said) == [_code(stage)]
    assert said == stage.words.words("sv")(
        "Something went wrong. Before you save again, look at the list: it may be there. Code: {code}",
        code=_code(stage),
    )
    assert not stage.reminders
    stage.change(ClinicRow, time_zone="Europe/Stockholm")
    form.save()
    assert stage.reminders[0].subject == "Ett ämne"


def test_a_change_in_the_form_that_breaks_is_answered_above_it(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    before = form.view
    _break(stage)
    stage.james.choose("method", "Post")
    stage.settle()
    assert len(stage.james.modals) == 2
    assert top(stage.james).callback_id == ViewId.NOTICE
    assert _code(stage) in top(stage.james).shown()
    stage.james.close()
    assert form.view.id == before.id


def test_a_button_that_breaks_is_answered_to_the_presser_alone(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    _break(stage)
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    (told,) = stage.told(stage.james)
    assert CODE.findall(told) == [_code(stage)]
    assert not stage.told(stage.maria)
    assert stage.tasks[0].state.value == "open"


def test_a_type_ahead_that_breaks_offers_nothing(stage: Stage) -> None:
    Form.opened(stage, stage.james)
    stage.expect("listener-failed")
    stage.change(WorkspaceRow, team_id="T0ANOTHER01")
    assert stage.james.suggest("client", "anna") == []


def test_a_home_that_breaks_is_logged_with_its_code(stage: Stage) -> None:
    _break(stage)
    stage.james.open_home()
    stage.until(lambda: stage.logged("listener-failed"))
    assert CODE.fullmatch(_code(stage))


@on_postgresql
def test_while_the_database_is_away_everybody_is_told_and_nothing_is_lost(
    stage: Stage, postgresql_server: databases.PostgreSQL
) -> None:
    stage.expect("database-away", "alarm-failed", "announcements-broken", "not-announced")
    form = Form.opened(stage, stage.james).filled()
    name = stage.database.engine.url.database
    with postgresql_server.away(str(name)):
        stage.maria.command(Command.REMINDER, "list")
        stage.settle()
        words = stage.words.words("sv")
        sentence = "The bot's database does not answer, so this may not have been saved. Look before you try again."
        assert words(sentence) in stage.told(stage.maria, GENERAL)[0]
        assert stage.deliver_submission(stage.james) == {"client": sentence}
        assert stage.james.suggest("client", "anna") == []
    form.save()
    assert len(stage.reminders) == 1
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 1


@both_databases
def test_a_day_at_the_clinic_leaves_nothing_private_in_the_log(stage: Stage) -> None:
    """`Stage.end` looks for every name, address, number and text; here is a day on which all of them are handled."""
    stage.expect("card-refused")
    saved(stage, stage.james, client="anna bella", patient="Bella (hund)", method="E-mail and SMS")
    stored(stage, 1, method="post")
    stage.workspace.fail_next("sms", status=403)
    stage.workspace.fail_next("chat.postMessage", error="internal_error")
    stage.skip_to("2026-12-01")
    stage.skip_to("2026-12-01", 10)
    for card in stage.cards:
        stage.maria.press(card, Action.TASK_SHOW_CONTACT)
        stage.settle()
        stage.james.press(card, Action.TASK_MARK_CONTACTED)
        stage.settle()
    _break(stage)
    stage.james.command(Command.REMINDER, "list")
    stage.settle()
    assert {line["event"] for line in stage.lines} == {"card-refused", "listener-failed"}
    assert len(stage.mails) == 1
    assert len(stage.cards) == 2
