"""Does what the process prints tell what happened, and never whom it concerns (rule P18)?

At the end of every test here the output of all its processes is looked through (`Stage.close`); these are the tests in
which the most goes wrong that could be printed.
"""

from __future__ import annotations

import pytest

from bot.demo.person import SubmitResult
from tests.acceptance.databases import on_postgresql
from tests.acceptance.mail_peer import SlowMailbox
from tests.acceptance.processes import PATIENCE, Ended
from tests.acceptance.stage import ADDRESS, CLIENT, Stage, assert_keeps_secrets, fill_in, sends_in, staff_cards


@on_postgresql
def test_nothing_private_is_printed_when_mail_is_refused_and_saving_fails(
    stage: Stage, slow_mailbox: SlowMailbox
) -> None:
    slow_mailbox.answers["RCPT"] = f"550 5.1.1 <{ADDRESS}> {CLIENT} is not known here"
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    stage.remind(clinic, ADDRESS)
    process = stage.run(SMTP_URL=slow_mailbox.url)
    stage.wait_for_states(failed=1)
    (card,) = stage.staff.wait_for(lambda: staff_cards(stage.staff), PATIENCE)
    assert "The client's provider refused the message." in card

    fill_in(stage.staff, due=clinic.today)
    # PostgreSQL's complaint repeats the whole row: "Failing row contains (…)".
    stage.order("ALTER TABLE reminders ADD CONSTRAINT nothing_more CHECK (id < 0) NOT VALID")
    failed = stage.staff.submit()
    (sentence,) = failed.errors.values()
    assert sentence.startswith("Something went wrong")
    stage.order("ALTER TABLE reminders DROP CONSTRAINT nothing_more")
    assert stage.staff.submit() == SubmitResult()  # nothing that was typed is lost

    stage.wait_for_states(failed=2)
    assert process.stopped().status == 0
    (line,) = [line for line in process.err if "listener-failed" in line]
    assert sentence.split()[-1].rstrip(".") in line


@pytest.mark.parametrize("printed", ["Dear OTTILIE", "+46701740605", "xoxb-1-abc", "login bot, password hush"])
def test_the_look_through_what_was_printed_finds_what_it_looks_for(printed: str) -> None:
    settings = {"SLACK_BOT_TOKEN": "xoxb-1-abc", "SMTP_URL": "smtp://bot:hush@mail.example"}
    with pytest.raises(AssertionError):
        assert_keeps_secrets(Ended(0, "", printed), settings)
    assert_keeps_secrets(Ended(0, "started", '{"event": "delivery-broken"}'), settings)
