"""Can an administrator see and change everything that is set of a clinic, and nobody else?"""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from sqlalchemy import insert, inspect

from blocks.ids import Action, Command, SettingsAction, ViewId
from bot.demo.faults import Way
from bot.demo.person import Person
from bot.domain.rights import Editors
from bot.store.tables import ClinicRow, SettingsChangeRow, TemplateEditorRow, WorkspaceRow
from tests.scenario.form import stored, top, values_of
from tests.scenario.stage import LINNEA, MARIA, Stage, both_databases


def linnea(stage: Stage) -> Person:
    """The clinic manager, who is an administrator; her Slack is English."""
    return stage.workspace.person(LINNEA)


def opened(stage: Stage, person: Person | None = None) -> Person:
    """Type `/reminder settings`."""
    who = person or linnea(stage)
    who.command(Command.REMINDER, "settings")
    stage.settle()
    assert top(who).callback_id == ViewId.SETTINGS_FORM
    return who


def saved(stage: Stage, who: Person) -> str:
    """Press Save, which succeeds; what is told."""
    result = who.submit()
    stage.settle()
    assert result.ok, result
    return top(who).shown()


def refused(stage: Stage, who: Person) -> dict[str, str]:
    """Press Save, which is refused; what stands under each field. Nothing is stored, everything typed stays."""
    before, rows = values_of(top(who).values), clinic(stage).version
    result = who.submit()
    stage.settle()
    assert result.errors, result
    assert values_of(top(who).values) == before
    assert clinic(stage).version == rows
    return {block.partition(":")[0]: sentence for block, sentence in result.errors.items()}


def clinic(stage: Stage) -> ClinicRow:
    (row,) = stage.rows(ClinicRow)
    return row


def block_of(person: Person, field: str) -> dict[str, Any]:
    """The one element of a field."""
    (held,) = [
        dict(next(iter(inputs.values())))
        for block_id, inputs in top(person).values.items()
        if block_id.partition(":")[0] == field
    ]
    return held


@both_databases
def test_everything_can_be_set_in_one_form(stage: Stage) -> None:
    who = opened(stage)
    for field, value in {
        "name": "Djurkliniken Lönnen",
        "phone": "08-765 43 21",
        "send-time": "10:30",
        "opens": "07:00",
        "closes": "19:00",
        "sender-name": "Lönnen",
        "sender-email": "hej@lonnen.example.se",
        "reply-to": "svar@lonnen.example.se",
        "policy-note": "Kort och vänligt.",
    }.items():
        who.fill(field, value)
    who.choose("zone", "Europe/Helsinki", query="finland")
    who.choose("language", "English")
    who.choose("country", "Finland", query="fin")
    stage.settle()
    who.choose("closed-weekdays", "Saturday", "Sunday")
    who.choose("closed-on-holidays", "Send nothing on public holidays either")
    who.choose("subdivision", "Ahvenanmaan maakunta / Landskapet Åland (01)", query="aland")
    who.choose("default-method", "SMS")
    who.choose("template-editors", "Administrators and named people")
    who.choose("named-editors", "Maria Holm")
    assert "The settings are saved." in saved(stage, who)
    row = clinic(stage)
    assert (row.name, row.phone, row.time_zone, row.language) == (
        "Djurkliniken Lönnen",
        "08-765 43 21",
        "Europe/Helsinki",
        "en",
    )
    assert (row.send_time, row.opens, row.closes) == (time(10, 30), time(7), time(19))
    assert (row.country, row.closed_weekdays, row.closed_on_holidays, row.subdivision) == ("FI", 96, True, "01")
    assert (row.default_method.value, row.sender_name, row.sender_email, row.reply_to, row.policy_note) == (
        "sms",
        "Lönnen",
        "hej@lonnen.example.se",
        "svar@lonnen.example.se",
        "Kort och vänligt.",
    )
    assert [one.template_editors for one in stage.rows(WorkspaceRow)] == [Editors.NAMED]
    assert [one.user_id for one in stage.rows(TemplateEditorRow)] == [MARIA]
    (change,) = stage.rows(SettingsChangeRow)
    assert (change.by, change.version, change.workspace_version, change.moved) == (LINNEA, 2, 2, 0)
    who.close()
    opened(stage, who)
    assert "Last changed by" in top(who).shown()
    assert block_of(who, "send-time")["selected_time"] == "10:30"
    assert block_of(who, "subdivision")["selected_option"]["value"] == "01"
    saved(stage, who)
    assert clinic(stage).version == 2


def test_a_change_of_the_zone_moves_what_waits_and_says_how_much(stage: Stage) -> None:
    for number in range(3):
        stored(stage, number)
    before = [row.send_at for row in stage.deliveries]
    who = opened(stage)
    who.choose("zone", "Europe/Helsinki", query="helsinki")
    assert "3 waiting reminders were planned anew." in saved(stage, who)
    assert [row.send_at for row in stage.deliveries] != before
    stage.skip_to("2026-12-01", 8, 1)  # 09:01 in Helsinki
    assert len(stage.mails) == 3


def test_what_is_due_at_once_by_the_new_hours_goes_at_once(stage: Stage) -> None:
    who = opened(stage)
    who.fill("send-time", "12:00")
    saved(stage, who)
    who.close()
    stored(stage, 1, due_date=f"{stage.clock.now():%Y-%m-%d}")
    assert [row.state.value for row in stage.deliveries] == ["planned"]
    opened(stage, who)
    who.fill("send-time", "09:30")
    saved(stage, who)
    assert [row.state.value for row in stage.deliveries] == ["sent"]


def test_mails_come_from_the_sender_and_answers_go_where_they_are_wanted(stage: Stage) -> None:
    who = opened(stage)
    who.fill("sender-name", "Eken, receptionen")
    who.fill("reply-to", "svar@eken.example.se")
    saved(stage, who)
    stored(stage, 1)
    stage.skip_to("2026-12-01", 9, 1)
    (mail,) = stage.mails
    headers = dict(mail.headers)
    assert headers["From"].startswith('"Eken, receptionen" <')
    assert headers["Reply-To"] == "svar@eken.example.se"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "The name is missing"),
        ("opens", "20:30", "later than it opens"),
        ("send-time", "07:00", "08:00 or later, and before 20:00"),
        ("sender-email", "klinik", "@"),
        ("reply-to", "a@b", "dot"),
    ],
)
def test_what_cannot_be_is_said_under_its_field_and_everything_typed_stays(
    stage: Stage, field: str, value: str, says: str
) -> None:
    who = opened(stage)
    who.fill("phone", "08-1")
    who.fill(field, value)
    errors = refused(stage, who)
    assert says in " ".join(errors.values())
    assert set(errors) <= {field, "closes"}


@pytest.mark.parametrize(
    ("channel", "says"),
    [("old-tasks", "This channel is archived."), ("without-bot", "type /invite"), ("general", "type /invite")],
)
def test_a_channel_in_which_the_bot_cannot_post_is_refused_with_what_to_do(
    stage: Stage, channel: str, says: str
) -> None:
    who = opened(stage)
    who.choose("staff-channel", channel)
    assert says in refused(stage, who)["staff-channel"]


def test_what_slack_and_the_rules_refuse_is_told_in_one_go(stage: Stage) -> None:
    who = opened(stage)
    who.choose("staff-channel", "without-bot")
    who.fill("sender-email", "klinik")
    assert set(refused(stage, who)) == {"staff-channel", "sender-email"}


@pytest.mark.parametrize("way", [{"error": "fatal_error"}, {"drop_before": True}, {"time_out_before": True}])
def test_slack_being_away_loses_nothing_and_hinders_only_another_channel(stage: Stage, way: Way) -> None:
    who = opened(stage)
    who.fill("phone", "08-1")
    who.choose("staff-channel", "general")
    stage.expect("library-message")
    stage.workspace.fail_next("conversations.info", times=2, **way)
    assert "save again in a moment" in refused(stage, who)["staff-channel"]
    who.choose("staff-channel", "contact-clients")
    assert "The settings are saved." in saved(stage, who)
    assert clinic(stage).phone == "08-1"


def test_a_zone_that_does_not_exist_is_not_offered_and_refused_if_sent(stage: Stage) -> None:
    who = opened(stage)
    assert who.suggest("zone", "narnia") == []
    assert who.suggest("zone", "stockholm") == ["Europe/Stockholm"]
    assert "Europe/Stockholm" in who.suggest("zone", "sweden")
    assert "There is no time zone of this name." in stage.deliver_submission(who, zone="Europe/Narnia")["zone"]


# Two administrators


@both_databases
def test_the_later_of_two_is_told_what_changed_and_loses_nothing(stage: Stage) -> None:
    stage.make_admin(MARIA)
    first, second = opened(stage), opened(stage, stage.maria)
    second.fill("phone", "08-2")
    second.fill("policy-note", "Marias")
    first.fill("phone", "08-1")
    first.fill("sender-name", "Linneas")
    saved(stage, first)
    result = second.submit()
    stage.settle()
    assert result.ok
    shown = top(second).shown()
    assert f"<@{LINNEA}> ändrade inställningarna under tiden" in shown
    assert "Telefonnummer: nu 08-1. Du har angett något annat, som står kvar" in shown.replace("*", "")
    assert "Avsändarens namn: nu Linneas, som i formuläret nedan" in shown.replace("*", "")
    values = values_of(top(second).values)
    assert (values["phone"], values["policy-note"], values["sender-name"]) == ("08-2", "Marias", "Linneas")
    assert clinic(stage).phone == "08-1"
    assert "Inställningarna är sparade." in saved(stage, second)
    row = clinic(stage)
    assert (row.phone, row.policy_note, row.sender_name) == ("08-2", "Marias", "Linneas")


def test_the_same_submission_twice_changes_once(stage: Stage) -> None:
    stored(stage, 1)
    who = opened(stage)
    who.choose("zone", "Europe/Helsinki", query="helsinki")
    stage.workspace.deliver_twice(True)
    assert "1 waiting reminder was planned anew." in saved(stage, who)
    assert len(stage.rows(SettingsChangeRow)) == 1


def test_so_much_that_it_takes_long_is_acknowledged_first_and_told_afterwards(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.settings_form.PLANNED_AT_ONCE", 2)
    for number in range(3):
        stored(stage, number)
    who = opened(stage)
    who.choose("zone", "Europe/Helsinki", query="helsinki")
    result = who.submit()
    stage.settle()
    assert result.ok
    assert "3 waiting reminders were planned anew." in who.dm[-1].shown()
    assert {row.time_zone for row in stage.occurrences} == {"Europe/Helsinki"}


def test_the_process_dying_while_it_plans_anew_changes_nothing_and_the_form_can_be_saved_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as the person sees it: the transaction is gone, the form stands as it was typed."""
    monkeypatch.setattr("bot.slack.settings_form.PLANNED_AT_ONCE", 0)
    stored(stage, 1)
    before = [row.send_at for row in stage.deliveries]
    who = opened(stage)
    who.choose("zone", "Europe/Helsinki", query="helsinki")
    who.fill("phone", "08-1")

    def die(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("killed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.services.clinic_settings.moves.tell", die)
        stage.expect("listener-failed")
        assert who.submit().ok
        stage.settle()
    assert "Something went wrong. The code is" in who.dm[-1].shown()
    assert (clinic(stage).version, [row.send_at for row in stage.deliveries]) == (1, before)
    assert values_of(top(who).values)["phone"] == "08-1"
    assert who.submit().ok
    stage.settle()
    assert "1 waiting reminder was planned anew." in who.dm[-1].shown()
    assert (clinic(stage).phone, clinic(stage).time_zone) == ("08-1", "Europe/Helsinki")


# Who may


def test_a_member_is_refused_wherever_settings_are_asked_for(stage: Stage) -> None:
    stage.james.command(Command.REMINDER, "settings")
    stage.settle()
    assert stage.james.modal is None
    assert "Only administrators of this workspace can change the settings." in stage.told(stage.james, "#general")[-1]
    assert [line["user"] for line in stage.logged("forbidden")] == [stage.james.id]
    stage.james.open_home()
    stage.settle()
    assert stage.james.home is not None
    assert "Settings" not in stage.james.home.shown()


def test_a_member_who_was_an_administrator_when_the_form_was_opened_is_refused_on_saving(stage: Stage) -> None:
    who = opened(stage)
    who.fill("phone", "08-1")
    stage.make_admin(LINNEA, is_admin=False)
    assert "Only administrators" in " ".join(refused(stage, who).values())
    assert stage.logged("forbidden")


@pytest.mark.parametrize(("editors", "may"), [("Administrators only", False), ("Everybody in the workspace", True)])
def test_who_may_change_templates_is_checked_when_it_is_done(stage: Stage, editors: str, may: bool) -> None:
    stage.maria.command(Command.REMINDER, "mallar")
    stage.settle()
    stage.maria.press(top(stage.maria), Action.TEMPLATE_NEW)
    stage.settle()
    who = opened(stage)
    who.choose("template-editors", editors)
    saved(stage, who)
    stage.maria.fill("name", "Ny mall")
    stage.maria.fill("sms-text", "Hej!")
    result = stage.maria.submit()
    stage.settle()
    assert result.ok is may
    if not may:
        assert "Bara arbetsytans administratörer kan ändra mallar." in " ".join(result.errors.values())


# Several clinics


def test_a_further_clinic_is_added_beside_and_then_chosen_from(stage: Stage) -> None:
    who = opened(stage)
    who.press(top(who), Action.SETTINGS_ADD)
    stage.settle()
    assert "Who may change templates" not in top(who).shown()
    who.fill("name", "Eken Söder")
    who.choose("staff-channel", "contact-clients")
    result = who.submit()
    stage.settle()
    assert result.ok, result
    assert "The clinic is set up." in top(who).shown()
    first, second = stage.rows(ClinicRow)
    assert (second.name, second.time_zone, second.sender_email) == ("Eken Söder", first.time_zone, first.sender_email)
    for _ in range(len(who.modals)):
        who.close()
    who.command(Command.REMINDER, "settings")
    stage.settle()
    assert top(who).callback_id == ViewId.SETTINGS_CHOICE
    who.choose("clinic", "Eken Söder")
    assert who.submit().ok
    stage.settle()
    assert values_of(top(who).values)["name"] == "Eken Söder"
    who.fill("name", "Djurkliniken Eken")
    assert "Another clinic has this name" in who.submit().errors["name"]


def test_more_clinics_than_a_menu_holds_are_looked_for_by_name(stage: Stage) -> None:
    (first,) = stage.rows(ClinicRow)
    values = {column.key: getattr(first, column.key) for column in inspect(ClinicRow).columns if column.key != "id"}
    with stage.database.writing() as session:
        session.execute(insert(ClinicRow), [{**values, "name": f"Söder {number}"} for number in range(1, 101)])
    who = stage.workspace.person(LINNEA)
    who.command(Command.REMINDER, "settings")
    stage.settle()
    assert top(who).callback_id == ViewId.SETTINGS_CHOICE
    assert who.suggest(SettingsAction.CLINIC, "100 soder") == ["Söder 100"]
    who.choose("clinic", "Söder 100", query="100 soder")
    assert who.submit().ok
    stage.settle()
    assert values_of(top(who).values)["name"] == "Söder 100"


def test_another_workspaces_clinic_cannot_be_opened_by_its_number(stage: Stage) -> None:
    who = opened(stage)
    other = str(top(who).fields["private_metadata"]).replace('"clinic":1,', '"clinic":77,')
    answer = stage.deliver_submission(who, private_metadata=other)
    assert "This is no longer there." in " ".join(answer.values())
