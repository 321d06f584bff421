"""What does `reminder-bot check` say, when all is well and when it is not?

The command itself is started for what is printed and how it ends; each kind of trouble is then looked at within this
process, which takes a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import checks, manifest, settings
from bot.channels.provider_url import WrongUrl
from bot.demo.server import LocalWorkspace
from bot.sample_workspace import SAMPLE_WORKSPACE
from bot.store.database import Database
from tests.acceptance.databases import on_postgresql, on_sqlite
from tests.acceptance.processes import Process
from tests.acceptance.stage import Stage, assert_keeps_secrets, sends_in
from tests.channels import peers


@on_postgresql
def test_when_all_is_well_every_line_says_ok_with_the_settings_out_of_the_env_file(stage: Stage) -> None:
    stage.clinic_opens(sends_in(0))
    (stage.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in stage.settings.items()))
    with Process("check", environment={}, folder=stage.folder) as process:
        ended = process.ended()
    assert ended.out.splitlines() == [
        "ok    settings  complete",
        "ok    manifest  asks for channels:read, chat:write, commands, groups:read, users:read",
        "ok    slack     signed in to workspace T0EKEN00001 as U0LOCALBOT1",
        "ok    scopes    the token has every scope of manifest.yml",
        "ok    socket    Socket Mode can be opened",
        "ok    database  reached, and at this version's schema",
        "ok    clinics   1 in this workspace",
        "ok    e-mail    the server answers",
        "ok    sms       the server answers",
    ]
    assert (ended.status, ended.err) == (0, "")
    assert_keeps_secrets(ended, stage.settings)


@on_sqlite
def test_when_everything_is_wrong_every_line_says_what_to_do_and_the_status_is_one(stage: Stage) -> None:
    away = f"127.0.0.1:{peers.unused_port()}"
    ended = stage.command(
        "check",
        SLACK_BOT_TOKEN="xoxb-1-hush",
        SLACK_APP_TOKEN="xapp-1-hush",
        DATABASE_URL=f"postgresql://bot:hush@{away}/reminders",
        SMTP_URL=f"smtp://bot:hush@{away}",
        SMS_URL=f"46elks+http://bot:hush@{away}",
    )
    beginnings = [
        "ok    settings  complete",
        "ok    manifest  asks for channels:read, chat:write, commands, groups:read, users:read",
        "FAIL  slack     SLACK_BOT_TOKEN was refused by Slack: invalid_auth; copy it anew from api.slack.com/apps, ",
        "FAIL  socket    SLACK_APP_TOKEN was refused by Slack: invalid_auth; make one with connections:write at ",
        "FAIL  database  DATABASE_URL cannot be reached (OperationalError); is the server running, ",
        "FAIL  e-mail    SMTP_URL cannot be used (connect-refused): nobody listens at its host and port; correct them",
        "FAIL  sms       SMS_URL cannot be used (connect-refused): nobody listens at its host and port; correct them",
    ]
    lines = ended.out.splitlines()
    assert [line[: len(beginning)] for line, beginning in zip(lines, beginnings, strict=True)] == beginnings
    assert (ended.status, ended.err) == (1, "")
    assert "hush" not in ended.out


@pytest.fixture
def surroundings(workspace: LocalWorkspace, tmp_path: Path) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'reminders.sqlite3'}",
    }


@pytest.fixture
def unwell() -> Iterator[LocalWorkspace]:
    """A workspace in which the app may do less than it wants."""
    asked = manifest.read()
    asked["oauth_config"]["scopes"]["bot"].remove("users:read")
    with LocalWorkspace(SAMPLE_WORKSPACE, manifest=asked) as running:
        yield running


def found(environ: dict[str, str], **changes: str) -> dict[str, str]:
    """The lines of a check, without those that are all right."""
    findings = checks.run(settings.load({**environ, **changes}, env_file=None))
    return {finding.what: finding.says for finding in findings if not finding.ok}


def test_an_empty_database_is_told_from_an_older_and_a_newer_one(
    surroundings: dict[str, str], empty_database: Database
) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)
    assert found(surroundings, DATABASE_URL=url) == {"database": "the database is empty; run: reminder-bot db upgrade"}


def test_a_newer_database_wants_a_newer_bot(stage: Stage) -> None:
    stage.order("UPDATE alembic_version SET version_num = '9999'")
    assert found(stage.settings) == {
        "database": "the database is at schema 9999, which this version does not know; run a newer version"
    }


@on_sqlite
def test_a_database_file_that_others_may_read_is_warned_of(stage: Stage) -> None:
    file = Path(stage.settings["DATABASE_URL"].removeprefix("sqlite:///"))
    for mode, warned in ((0o600, 0), (0o640, 1), (0o604, 1)):
        file.chmod(mode)
        lines = [str(finding) for finding in checks.run(settings.load(stage.settings, env_file=None))]
        assert len([line for line in lines if line.startswith("warn  database  other users of this")]) == warned


@on_sqlite
def test_without_a_clinic_both_ways_to_set_one_up_are_named(stage: Stage) -> None:
    lines = [str(finding) for finding in checks.run(settings.load(stage.settings, env_file=None))]
    (line,) = [line for line in lines if line.startswith("warn  clinics")]
    assert "/reminder settings" in line
    assert "reminder-bot clinic load FILE" in line
    assert found(stage.settings) == {}


def test_a_folder_that_is_not_there_is_a_database_that_cannot_be_reached(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    says = found(surroundings, DATABASE_URL=f"sqlite:///{tmp_path / 'gone' / 'reminders.sqlite3'}")["database"]
    assert says.startswith("DATABASE_URL cannot be reached (OperationalError); ")
    assert "folder" in says
    assert str(tmp_path) not in says


def test_a_scope_that_the_token_lacks_is_named(surroundings: dict[str, str], unwell: LocalWorkspace) -> None:
    says = found(
        surroundings,
        SLACK_BOT_TOKEN=unwell.bot_token,
        SLACK_APP_TOKEN=unwell.app_token,
        SLACK_API_URL=unwell.api_url,
    )["scopes"]
    assert says == "the token lacks users:read; bring the app in line with manifest.yml and install it anew"


def test_slack_that_cannot_be_reached_is_told_from_a_token_that_it_refuses(
    surroundings: dict[str, str], workspace: LocalWorkspace
) -> None:
    says = found(surroundings, SLACK_API_URL=f"http://127.0.0.1:{peers.unused_port()}/api/")
    away = "Slack cannot be reached at SLACK_API_URL (ConnectionRefusedError); is this machine online"
    assert says["slack"].startswith(away)
    assert says["socket"].startswith(away)

    workspace.fail_next("auth.test", status=503)
    workspace.fail_next("apps.connections.open", error="internal_error")
    says = found(surroundings)
    assert "(http-503)" in says["slack"]
    assert "(internal_error)" in says["socket"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # aiosmtpd
def test_the_servers_of_mail_and_text_messages_say_what_is_wrong_with_the_password(
    surroundings: dict[str, str], workspace: LocalWorkspace
) -> None:
    with peers.mail_server(peers.Mailbox(), password="right") as port:
        says = found(
            surroundings,
            SMTP_URL=f"smtp://bot:wrong@127.0.0.1:{port}",
            SMS_URL=workspace.api_url.replace("http://", "46elks+http://bot:wrong@").replace("/api/", ""),
        )
    advice = "user name or password is wrong, or missing"
    assert says["e-mail"] == f"SMTP_URL cannot be used (login): {advice}"
    assert says["sms"] == f"SMS_URL cannot be used (login): {advice}"


def test_a_channel_without_an_address_is_not_offered_and_no_trouble(surroundings: dict[str, str]) -> None:
    findings = {one.what: one for one in checks.run(settings.load(surroundings, env_file=None))}
    assert str(findings["e-mail"]) == "ok    e-mail    not offered: SMTP_URL is not set"
    assert str(findings["sms"]) == "ok    sms       not offered: SMS_URL is not set"


def test_a_providers_address_that_cannot_be_used_is_named_with_a_right_one(surroundings: dict[str, str]) -> None:
    with pytest.raises(WrongUrl) as raised:
        found(surroundings, SMTP_URL="smtp://bot:hush@mail.example/inbox", SMS_URL="46elks://hush@api.example")
    smtp, sms = str(raised.value).splitlines()
    assert smtp.startswith("SMTP_URL cannot be used: '/' or '#' cannot stand there")
    assert smtp.endswith("a right one looks like smtp://user:password@mail.example.com:587?tls=starttls")
    assert sms.startswith("SMS_URL cannot be used: user name or password is missing")
    assert "46elks://user:password@" in sms
    assert "hush" not in str(raised.value)
