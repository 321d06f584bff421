"""Can two bots share one PostgreSQL and one workspace?"""

from __future__ import annotations

from tests.acceptance.databases import on_postgresql
from tests.acceptance.mail_peer import SlowMailbox
from tests.acceptance.stage import ADDRESS, Stage, make_reminder, sends_in

REMINDERS = 40
"""More than both of them have in hand at any time."""


@on_postgresql
def test_two_processes_send_everything_once_and_either_of_them_answers(stage: Stage, slow_mailbox: SlowMailbox) -> None:
    clinic = sends_in(-1)
    stage.clinic_opens(clinic)
    addresses = [f"client{number}@post.example" for number in range(REMINDERS)]
    stage.remind(clinic, *addresses)
    one, two = (stage.run(SMTP_URL=slow_mailbox.url, EMAIL_AT_ONCE="1") for _ in range(2))
    slow_mailbox.wait_for(2)  # nothing is answered yet, and each sends one letter at a time: both are at it
    assert stage.states() == {"sending": 2, "planned": REMINDERS - 2}
    slow_mailbox.answering.set()
    stage.wait_for_states(sent=REMINDERS)
    assert sorted(slow_mailbox.recipients()) == sorted(addresses)

    # The workspace hands requests to the sockets in turn: each process builds a part of this form.
    make_reminder(stage.staff, due=clinic.today)
    stage.wait_for_states(sent=REMINDERS + 1)
    assert one.stopped().status == 0
    make_reminder(stage.staff, due=clinic.today)
    stage.wait_for_states(sent=REMINDERS + 2)
    assert two.stopped().status == 0
    assert slow_mailbox.recipients()[REMINDERS:] == [ADDRESS, ADDRESS]
