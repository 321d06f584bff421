"""Does the bot work on while Slack is away, and find back to it?"""

from __future__ import annotations

import pytest

from bot.store import clinics
from tests.acceptance.databases import on_postgresql, on_sqlite
from tests.acceptance.mail_peer import SlowMailbox
from tests.acceptance.processes import PATIENCE
from tests.acceptance.stage import ADDRESS, Stage, ask_for_help, sends_in, slack_away, staff_cards


@on_sqlite
def test_while_slack_is_away_clients_get_their_messages_and_afterwards_staff_their_cards(
    stage: Stage, slow_mailbox: SlowMailbox
) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    stage.remind(clinic, ADDRESS)
    process = stage.run(SMTP_URL=slow_mailbox.url)
    slow_mailbox.wait_for(1)
    with slack_away(stage):
        # The bot looks for what is due once more when the letter in hand has gone.
        stage.remind(clinic, "second@post.example")
        stage.remind(clinic, "third@post.example", method="post")
        slow_mailbox.answering.set()
        stage.wait_for_states(sent=2, skipped=1)
        process.wait_for_event("card-not-shown")
        assert slow_mailbox.recipients() == [ADDRESS, "second@post.example"]
        assert not staff_cards(stage.staff)
        assert not stage.workspace.connected

    stage.workspace.wait_until_connected(PATIENCE)
    assert "/reminder new" in ask_for_help(stage.staff)
    (card,) = stage.staff.wait_for(lambda: staff_cards(stage.staff), PATIENCE)
    assert "Contact Ottilie Marchbanks about Wigglesworth" in card
    assert process.stopped().status == 0


@on_postgresql
def test_started_while_slack_is_away_it_sends_what_is_due_and_answers_once_slack_is_back(stage: Stage) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    stage.remind(clinic, ADDRESS)
    with slack_away(stage):
        process = stage.run()
        stage.wait_for_states(sent=1)
        process.wait_for_event("slack-away")
        assert not stage.workspace.connected

    stage.workspace.wait_until_connected(PATIENCE)
    assert "/reminder new" in ask_for_help(stage.staff)
    assert process.stopped().status == 0
    assert [mail.to for mail in stage.workspace.mailbox] == [ADDRESS]


@on_sqlite
def test_stopped_while_slack_is_away_it_ends_as_cleanly(stage: Stage) -> None:
    process = stage.run()
    with slack_away(stage):
        assert process.stopped().status == 0
    assert process.events[-1]["event"] == "stopped"


@on_sqlite
def test_started_while_slack_is_away_it_knows_its_workspace_of_several_by_what_slack_said_before(stage: Stage) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    with stage.database.writing() as session:
        clinics.add_workspace(session, "T0OTHER0001", clinic.sends_at)
    with slack_away(stage):
        process = stage.run()
        process.wait_for_event("workspace-unknown")
        stage.remind(clinic, ADDRESS)
    stage.workspace.wait_until_connected(PATIENCE)
    stage.wait_for_states(sent=1)
    assert process.stopped().status == 0

    stage.remind(clinic, "second@post.example")
    with slack_away(stage):
        process = stage.run()
        stage.wait_for_states(sent=2)
        assert "workspace-unknown" not in {event["event"] for event in process.events}
    assert process.stopped().status == 0


@on_sqlite
@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
def test_started_while_slack_is_away_it_ends_when_its_token_is_refused_afterwards(
    stage: Stage, method: str, setting: str
) -> None:
    stage.workspace.fail_next("auth.test", drop_before=True, times=2)  # the second time is the library's own retry
    stage.workspace.fail_next(method, error="token_revoked", times=1000)
    ended = stage.command("run", LOG_FORMAT="text")
    assert ended.status == 1
    *before, stopping, finishing, stopped, last = ended.err.splitlines()
    (refused,) = (line for line in before if "slack-token-refused" in line)
    assert f"setting={setting}" in refused
    assert "error=token_revoked" in refused
    assert ("stopping" in stopping, "finishing" in finishing, "stopped" in stopped) == (True, True, True)
    assert last == f"{setting} was refused by Slack: token_revoked. Look further with: reminder-bot check"
