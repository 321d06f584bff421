"""Does the bot work on while Slack is away, and find back to it?"""

from __future__ import annotations

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
