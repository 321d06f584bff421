"""Is everything sent once, and nothing lost, when the process dies without a word?"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.server import LocalWorkspace
from bot.store.database import Database
from tests.acceptance.mail_peer import SlowMailbox
from tests.acceptance.processes import PATIENCE
from tests.acceptance.stage import ADDRESS, SUBJECT, Stage, make_reminder, sends_in, staff_cards


def test_a_saved_reminder_goes_out_once_though_the_process_was_killed_before_the_send(
    workspace: LocalWorkspace, empty_database: Database, tmp_path: Path
) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)
    with Stage(workspace, url, tmp_path) as stage:
        began = time.monotonic()
        upgraded = stage.command("db", "upgrade")
        pace = time.monotonic() - began  # how long this machine takes to start the command just now
        assert (upgraded.status, upgraded.out) == (0, "The database is at this version's schema.\n")

        first = stage.run()
        clinic = sends_in(2 * pace + 2)
        loaded = stage.command("clinic", "load", str(stage.written(clinic)))
        assert (loaded.status, loaded.err) == (0, "")
        assert loaded.out.startswith("Stored with 1 clients")
        card = make_reminder(stage.staff, due=clinic.today)
        first.killed()
        assert "Wigglesworth" in card
        assert datetime.now(UTC) < clinic.sends_at
        assert stage.states() == {"planned": 1}

        second = stage.run()
        stage.wait_for_states(sent=1)
        assert second.stopped().status == 0

        (mail,) = workspace.mailbox
        assert (mail.to, mail.subject) == (ADDRESS, SUBJECT)
        assert mail.received_at >= clinic.sends_at
        assert not staff_cards(stage.staff)


def test_after_a_kill_what_had_begun_is_not_sent_again_and_what_had_not_is_sent(
    stage: Stage, slow_mailbox: SlowMailbox
) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    stage.remind(clinic, ADDRESS, "second@post.example")
    first = stage.run(SMTP_URL=slow_mailbox.url, EMAIL_AT_ONCE="1")
    slow_mailbox.wait_for(1)
    first.killed()
    assert stage.states() == {"sending": 1, "planned": 1}

    slow_mailbox.answering.set()
    stage.let_leases_lapse()
    second = stage.run(SMTP_URL=slow_mailbox.url)
    stage.wait_for_states(unknown=1, sent=1)
    (card,) = stage.staff.wait_for(lambda: staff_cards(stage.staff), PATIENCE)
    assert second.stopped().status == 0
    assert "Contact Ottilie Marchbanks about Wigglesworth" in card
    assert "It may have been sent, but nobody can be sure." in card
    assert slow_mailbox.recipients() == [ADDRESS, "second@post.example"]
