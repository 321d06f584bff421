"""Can an administrator set the bot up in Slack alone, from a fresh workspace to a test on their own phone?"""

from __future__ import annotations

from typing import Final

import pytest

from blocks.ids import Action, Command, Shortcut, ViewId
from bot.demo.person import Person
from bot.domain.rights import Editors
from bot.store.tables import ClientRow, ClinicRow, PatientRow, SettingsChangeRow, WorkspaceRow
from tests.scenario.form import Form, top, values_of
from tests.scenario.stage import LINNEA, TEAM, Stage, at_once, both_databases

GENERAL: Final = "#general"


@pytest.fixture
def fresh(stage: Stage) -> Stage:
    """The bot in a workspace of which it knows nothing."""
    stage.change(WorkspaceRow, team_id="T0ANOTHER01", bot_token_hash=None)
    return stage


def ours(stage: Stage) -> list[ClinicRow]:
    """The clinics of the workspace in which the test plays."""
    workspaces = [row.id for row in stage.rows(WorkspaceRow) if row.team_id == TEAM]
    return [row for row in stage.rows(ClinicRow) if row.workspace_id in workspaces]


def linnea(stage: Stage) -> Person:
    return stage.workspace.person(LINNEA)


def filled(stage: Stage, who: Person) -> Person:
    """Fill in what cannot be guessed."""
    assert top(who).callback_id == ViewId.SETTINGS_FORM
    who.choose("staff-channel", "contact-clients")
    who.fill("sender-email", "hej@eken.example.se")
    stage.settle()
    return who


@both_databases
def test_the_first_clinic_is_set_up_in_one_form_and_a_test_goes_to_oneself(fresh: Stage) -> None:
    who = linnea(fresh)
    who.command(Command.REMINDER, "new")
    fresh.settle()
    values = values_of(top(who).values)
    assert (values["name"], values["zone"], values["country"], values["language"], values["send-time"]) == (
        "Djurkliniken Eken",
        "Europe/Stockholm",
        "Sweden",
        "English",
        "09:00",
    )
    filled(fresh, who).choose("template-editors", "Administrators only")
    assert who.submit().ok
    fresh.settle()
    assert "The clinic is set up." in top(who).shown()
    (row,) = ours(fresh)
    assert (row.name, row.staff_channel, row.sender_email) == (
        "Djurkliniken Eken",
        "C0STAFF0001",
        "hej@eken.example.se",
    )
    (workspace,) = [one for one in fresh.rows(WorkspaceRow) if one.team_id == TEAM]
    assert workspace.template_editors is Editors.ADMINS
    assert workspace.bot_token_hash is not None  # so that the bot knows its workspace while Slack is away
    people = len(fresh.rows(ClientRow)), len(fresh.rows(PatientRow))

    who.fill("trial-email", "linnea@eken.example.se")
    who.fill("trial-phone", "070-174 06 05")
    assert who.submit().ok
    fresh.settle()
    shown = top(who).shown()
    assert "E-mail: the mail server took it." in shown
    assert "SMS: it was handed over" in shown
    (mail,), (text,) = fresh.mails, fresh.texts
    assert (mail.to, mail.subject) == ("linnea@eken.example.se", "Test: a reminder from Djurkliniken Eken")
    assert "hej@eken.example.se" in mail.from_
    assert "This is a test." in mail.text
    assert (text.to, text.text) == (
        "+46701740605",
        "Test: this is how reminders from Djurkliniken Eken arrive. Nobody else got it.",
    )
    assert (len(fresh.rows(ClientRow)), len(fresh.rows(PatientRow))) == people
    assert not fresh.reminders
    who.close()
    assert Form.opened(fresh, fresh.james).shown


def test_a_member_is_told_whom_to_ask(fresh: Stage) -> None:
    for typed in ("new", "", "list", "templates", "rex"):
        fresh.james.command(Command.REMINDER, typed)
        fresh.settle()
        assert (
            "Ask an administrator of this workspace to type /reminder settings" in fresh.told(fresh.james, GENERAL)[-1]
        )
    fresh.james.command(Command.REMINDER, "help")
    assert "What you can type" in fresh.told(fresh.james, GENERAL)[-1]
    fresh.james.shortcut(Shortcut.NEW_REMINDER)
    fresh.settle()
    assert "Ask an administrator" in top(fresh.james).shown()
    fresh.james.open_home()
    fresh.settle()
    assert fresh.james.home is not None
    assert "Ask an administrator" in fresh.james.home.shown()
    assert not ours(fresh)


@pytest.mark.parametrize("typed", ["new", "", "list", "settings", "client åsa", "rex"])
def test_whatever_an_administrator_types_leads_to_the_form(fresh: Stage, typed: str) -> None:
    linnea(fresh).command(Command.REMINDER, typed)
    fresh.settle()
    assert top(linnea(fresh)).callback_id == ViewId.SETTINGS_FORM
    assert "This sets up the clinic" in top(linnea(fresh)).shown()


def test_the_home_and_the_shortcut_lead_to_it_too(fresh: Stage) -> None:
    who = linnea(fresh)
    who.shortcut(Shortcut.NEW_REMINDER)
    fresh.settle()
    assert top(who).callback_id == ViewId.SETTINGS_FORM
    who.close()
    who.open_home()
    fresh.settle()
    assert who.home is not None
    who.press(who.home, Action.HOME_SETTINGS)
    fresh.settle()
    filled(fresh, who)
    assert who.submit().ok
    fresh.settle()
    assert len(ours(fresh)) == 1
    assert "No reminders are waiting." in who.home.shown()


def test_a_form_delivered_twice_sets_up_one_clinic(fresh: Stage) -> None:
    who = linnea(fresh)
    who.command(Command.REMINDER, "new")
    fresh.settle()
    filled(fresh, who)
    fresh.workspace.deliver_twice(True)
    assert who.submit().ok
    fresh.settle()
    assert len(ours(fresh)) == 1
    assert [row.by for row in fresh.rows(SettingsChangeRow)] == [LINNEA]


def test_a_form_saved_again_because_its_answer_was_lost_sets_up_no_second_clinic(fresh: Stage) -> None:
    who = linnea(fresh)
    who.command(Command.REMINDER, "new")
    fresh.settle()
    filled(fresh, who)
    fresh.deliver_submission(who)  # its answer never reaches her: the form stays open
    assert len(ours(fresh)) == 1
    assert top(who).callback_id == ViewId.SETTINGS_FORM
    assert who.submit().ok
    fresh.settle()
    assert "The clinic is set up." in top(who).shown()
    assert len(ours(fresh)) == 1


def test_of_two_administrators_who_set_it_up_the_later_is_asked_before_there_are_two(fresh: Stage) -> None:
    fresh.make_admin(fresh.james.id)
    both = linnea(fresh), fresh.james
    for who in both:
        who.command(Command.REMINDER, "settings")
        fresh.settle()
        filled(fresh, who)
    fresh.james.fill("name", "Eken Söder")
    assert at_once(both[0].submit, both[1].submit) == [None, None]
    fresh.settle()
    assert len(ours(fresh)) == 1
    (late,) = [who for who in both if top(who).callback_id == ViewId.SETTINGS_FORM]
    assert "Somebody else set up a clinic meanwhile." in top(late).shown()
    assert late.submit().ok
    fresh.settle()
    assert sorted(row.name for row in ours(fresh)) == ["Djurkliniken Eken", "Eken Söder"]


def test_a_member_who_sends_the_form_all_the_same_is_refused(fresh: Stage) -> None:
    who = linnea(fresh)
    who.command(Command.REMINDER, "settings")
    fresh.settle()
    filled(fresh, who)
    fresh.make_admin(LINNEA, is_admin=False)
    assert "Only administrators" in " ".join(fresh.deliver_submission(who).values())
    assert not ours(fresh)


# The test to oneself


def trial(stage: Stage) -> Person:
    """The form for a test, from the saved settings."""
    who = linnea(stage)
    who.command(Command.REMINDER, "settings")
    stage.settle()
    assert who.submit().ok
    stage.settle()
    who.press(top(who), Action.SETTINGS_TRIAL)
    stage.settle()
    assert top(who).callback_id == ViewId.SETTINGS_TRIAL
    return who


def test_addresses_to_which_nothing_can_go_are_refused_under_their_fields(stage: Stage) -> None:
    who = trial(stage)
    assert who.submit().errors == {"trial-email": "Enter where the test is to go."}
    who.fill("trial-email", "linnea@")
    who.fill("trial-phone", "112")
    assert set(who.submit().errors) == {"trial-email", "trial-phone"}
    assert not stage.mails


def test_what_the_provider_says_is_told(stage: Stage) -> None:
    who = trial(stage)
    who.fill("trial-phone", "070-174 06 05")
    stage.workspace.fail_next("sms", status=401)
    assert who.submit().ok
    stage.settle()
    assert "SMS: it could not be sent (login). Whoever runs the bot learns more" in top(who).shown()
    assert who.submit().ok
    stage.settle()
    assert "SMS: it was handed over" in top(who).shown()
    assert len(stage.texts) == 1
    assert [line["outcome"] for line in stage.logged("test-sent")] == ["TryLater", "Accepted"]


def test_a_test_that_takes_long_is_told_afterwards(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.settings_trial.ANSWERED_WITHIN", 0.0)
    who = trial(stage)
    who.fill("trial-phone", "070-174 06 05")
    assert who.submit().ok
    stage.settle()
    assert "SMS: it was handed over" in who.dm[-1].shown()  # and in the modal, unless the acknowledgement came late
    assert len(stage.texts) == 1


def test_a_member_cannot_send_a_test(stage: Stage) -> None:
    who = trial(stage)
    who.fill("trial-phone", "070-174 06 05")
    stage.make_admin(LINNEA, is_admin=False)
    assert "Only administrators" in " ".join(who.submit().errors.values())
    assert not stage.texts
