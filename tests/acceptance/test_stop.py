"""Does the bot stop cleanly when it is asked to, and at once when it is asked again?"""

from __future__ import annotations

import signal

import pytest

from tests.acceptance.databases import on_sqlite
from tests.acceptance.mail_peer import SlowMailbox
from tests.acceptance.stage import ADDRESS, Stage, sends_in


@pytest.mark.parametrize(
    ("database_url", "number"),
    [("sqlite", signal.SIGTERM), ("postgresql", signal.SIGINT)],
    indirect=["database_url"],
)
def test_what_is_being_sent_is_finished_and_recorded_and_the_rest_stays_planned(
    stage: Stage, slow_mailbox: SlowMailbox, number: signal.Signals
) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    stage.remind(clinic, ADDRESS, "second@post.example")
    stage.remind(clinic, "third@post.example", days=1)
    process = stage.run(SMTP_URL=slow_mailbox.url, EMAIL_AT_ONCE="1")
    slow_mailbox.wait_for(1)
    assert stage.states() == {"sending": 1, "planned": 2}

    process.tell(number)
    process.wait_for_event("finishing")
    assert not stage.workspace.connected
    assert stage.states() == {"sending": 1, "planned": 2}
    slow_mailbox.answering.set()

    ended = process.ended()
    assert (ended.status, ended.out) == (0, "")
    assert process.events[-1]["event"] == "stopped"
    assert stage.states() == {"sent": 1, "planned": 2}
    assert slow_mailbox.recipients() == [ADDRESS]


@on_sqlite
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_asked_a_second_time_it_ends_at_once(stage: Stage, slow_mailbox: SlowMailbox, first: signal.Signals) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    stage.remind(clinic, ADDRESS)
    process = stage.run(SMTP_URL=slow_mailbox.url)
    slow_mailbox.wait_for(1)

    process.tell(first)
    process.wait_for_event("stopping")
    assert process.stopped(signal.SIGINT).status == -signal.SIGINT
    assert stage.states() == {"sending": 1}
