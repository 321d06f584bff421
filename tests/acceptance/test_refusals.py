"""What does a command say when it cannot do its work?"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.demo.server import LocalWorkspace
from bot.sample_workspace import SAMPLE_CLINIC
from bot.store.database import Database
from tests.acceptance.databases import on_postgresql, on_sqlite
from tests.acceptance.processes import PATIENCE
from tests.acceptance.stage import Stage, fill_in, sends_in
from tests.channels.peers import unused_port

SAMPLE = str(SAMPLE_CLINIC)

WRONG_SETTINGS = {
    "SLACK_BOT_TOKEN": "xapp-hush-1",
    "DATABASE_URL": "oracle://bot:hush-2@db.example/reminders",
    "SMTP_URL": "http://bot:hush-3@mail.example",
    "SMS_URL": "hush-4",
    "LOG_LEVEL": "hush-5",
}


@on_sqlite
def test_every_missing_or_wrong_setting_is_named_with_an_example(stage: Stage) -> None:
    ended = stage.command("check", **WRONG_SETTINGS, SLACK_APP_TOKEN="")
    assert (ended.status, ended.out) == (2, "")
    assert [line.split()[0] for line in ended.err.splitlines()] == [
        "DATABASE_URL",
        "LOG_LEVEL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SMTP_URL",
        "SMS_URL",
    ]
    assert all(f"Example: {line.split()[0]}=" in line for line in ended.err.splitlines())
    assert "SLACK_APP_TOKEN is not set." in ended.err
    assert "hush" not in ended.said


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_with_an_empty_database_run_says_which_command_makes_the_schema(
    workspace: LocalWorkspace, empty_database: Database, tmp_path: Path
) -> None:
    with Stage(workspace, empty_database.engine.url.render_as_string(hide_password=False), tmp_path) as stage:
        ended = stage.command("run")
        assert (ended.status, ended.out) == (1, "")
        assert ended.err == (
            "The database at DATABASE_URL cannot be used: the database is empty; run: reminder-bot db upgrade\n"
        )
        assert not workspace.connected


@on_postgresql
def test_run_stops_before_a_database_of_a_newer_version(stage: Stage) -> None:
    stage.order("UPDATE alembic_version SET version_num = '9999'")
    ended = stage.command("run")
    assert (ended.status, ended.out) == (1, "")
    assert "at schema 9999, which this version does not know; run a newer version" in ended.err
    assert len(ended.err.splitlines()) == 1


@on_sqlite
def test_a_bot_under_which_the_schema_moves_on_sends_nothing_more_and_ends(stage: Stage) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    process = stage.start("run", LOG_FORMAT="text")
    process.wait_until(lambda: process.has_started)
    stage.workspace.wait_until_connected(PATIENCE)
    fill_in(stage.staff, due=clinic.today, method="E-mail")
    stage.order("UPDATE alembic_version SET version_num = '9999'")
    stage.staff.submit()  # which wakes the bot: it may end before it has answered
    ended = process.ended()
    assert ended.status == 1
    last = ended.err.splitlines()[-1]
    assert last.startswith("The database at DATABASE_URL cannot be used: its schema moved from ")
    assert last.endswith(" to 9999 under this bot; start the version it is for")
    assert stage.states() == {"planned": 1}
    assert not stage.workspace.mailbox


@on_sqlite
def test_a_database_that_cannot_be_reached_is_said_in_a_line(stage: Stage) -> None:
    away = f"postgresql://bot:hush@127.0.0.1:{unused_port()}/reminders"
    commands = (("run",), ("db", "upgrade"), ("clinic", "load", SAMPLE))
    for process in [stage.start(*command, DATABASE_URL=away) for command in commands]:
        ended = process.ended()
        assert (ended.status, ended.out) == (1, "")
        assert ended.err.startswith("DATABASE_URL cannot be reached (OperationalError); ")
        assert len(ended.err.splitlines()) == 1
        assert "hush" not in ended.err


@on_sqlite
def test_an_upgrade_says_that_another_process_holds_the_database(stage: Stage) -> None:
    with stage.database.writing() as session:
        session.execute(text("UPDATE workspaces SET team_id = team_id"))
        ended = stage.command("db", "upgrade")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        "DATABASE_URL is held by another process (OperationalError); "
        "stop the bots and whatever else uses it, and try again\n"
    )


@on_sqlite
@pytest.mark.parametrize(("setting", "token"), [("SLACK_BOT_TOKEN", "xoxb-1-hush"), ("SLACK_APP_TOKEN", "xapp-1-hush")])
def test_run_says_which_token_slack_refused(stage: Stage, setting: str, token: str) -> None:
    ended = stage.command("run", **{setting: token})
    assert (ended.status, ended.out) == (1, "")
    last = ended.err.splitlines()[-1]
    assert last == f"{setting} was refused by Slack: invalid_auth. Look further with: reminder-bot check"
    assert "Traceback" not in ended.err
    assert "hush" not in ended.err


@on_sqlite
def test_clinic_load_says_what_stands_in_the_way(stage: Stage) -> None:
    file = stage.folder / "clinic.toml"
    file.write_text('[clinic]\nname = "Ottilie Marchbanks"\ntime_zone = "Wigglesworth"\n', encoding="utf-8")
    unusable = stage.start("clinic", "load", str(file))
    away = stage.start("clinic", "load", SAMPLE, SLACK_API_URL=f"http://127.0.0.1:{unused_port()}/api/")
    loaded = stage.start("clinic", "load", SAMPLE)

    assert unusable.ended().status == 2
    assert "clinic.time_zone: Value error, not a time zone such as Europe/Stockholm\n" in unusable.err
    assert away.ended().status == 1
    assert away.err == [
        "Slack cannot be reached at SLACK_API_URL (ConnectionRefusedError). Look further with: reminder-bot check\n"
    ]
    assert (loaded.ended().status, loaded.err) == (0, [])
    assert "".join(loaded.out).startswith("Stored with 9 clients")
    again = stage.command("clinic", "load", SAMPLE)
    assert (again.status, again.err) == (2, "clinic.name: a clinic of this name is there already\n")
