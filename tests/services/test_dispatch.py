"""Is everything that is due sent once, or told to staff, whatever happens on the way?"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from bot.channels.protocol import OutgoingEmail
from bot.channels.rendering import Renderer
from bot.domain.errors import Conflict
from bot.domain.model import Method, Texts
from bot.domain.reminder_filter import Place
from bot.services import life, reminder_list
from bot.services.dispatch import AHEAD, LEASE, Dispatch
from bot.services.senders import Senders
from bot.services.settling import LONGEST_BACKOFF, MOST_ATTEMPTS
from bot.store import clinics
from bot.store.tables import ClinicRow, DeliveryRow, ReminderRow
from tests.services.post_office import Killed, Meanwhile, PostOffice, number_of
from tests.store.rows import DAY, MINUTE, NOW, Stock, add_reminder, stock, take

TEXTS = Texts("Ämne {number}", "Hej {{ client_first_name }}!", "Hej!", "Hej!")


def add(office: PostOffice, ours: Stock, count: int = 1, **changes: Any) -> None:
    """Store reminders that are due now, the n-th with n in its subject."""
    with office.database.writing() as session:
        for number in range(count):
            texts = dataclasses.replace(TEXTS, subject=f"Ämne {number}")
            add_reminder(session, ours, **{"texts": texts, **changes})


def test_two_processes_send_everything_once(office: PostOffice, ours: Stock) -> None:
    count = 60
    add(office, ours, count)
    ready = Barrier(2)

    def work(owner: str) -> None:
        dispatch = office.dispatch(owner)
        ready.wait(10)
        dispatch.run()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(work, owner) for owner in ("one", "two")]:
            done.result(60)
    assert Counter(office.subjects) == Counter(f"Ämne {number}" for number in range(count))
    assert office.states == [("email", "sent", None)] * count
    assert not office.reasons
    assert office.dispatch().next_send() is None


def test_each_bot_sends_what_is_due_in_its_own_workspace_over_its_own_servers(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        theirs = stock(session, "T2")
    add(office, ours)
    add(office, theirs)
    without_mail = office.dispatch("one", team_id="T1", senders=Senders(Renderer()))
    without_mail.run()
    assert office.states == [("email", "skipped", "channel-not-set-up"), ("email", "planned", None)]
    assert without_mail.next_run() is None
    office.dispatch("two", team_id="T2").run()
    assert office.states[1] == ("email", "sent", None)


def test_what_another_workspaces_bot_lost_is_settled_by_that_bot_alone(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    with pytest.raises(Killed):
        office.dispatch("crashed", email=Meanwhile(office.email, before=_crash)).run()
    with office.database.writing() as session:
        stock(session, "T2")
    office.clock.skip(LEASE)
    office.dispatch("other", team_id="T2").run()
    assert office.states == [("email", "sending", None)]
    office.dispatch("second").run()
    assert office.states == [("email", "unknown", "outcome-unknown")]


def test_a_bot_that_does_not_know_its_workspace_sends_nothing(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    senders = Senders(Renderer(), office.email, office.sms)
    lost = Dispatch(office.database, office.clock, senders, owner="lost", on_task=lambda: None, jitter=lambda: 0.5)
    lost.run()
    assert (lost.team_id, lost.next_run(), lost.next_send()) == (None, None, None)
    assert office.states == [("email", "planned", None)]


def test_every_channel_of_a_reminder_goes_its_own_way(office: PostOffice, ours: Stock) -> None:
    add(office, ours, method=Method.BOTH)
    add(office, ours, method=Method.POST)
    office.dispatch().run()
    assert office.states == [("email", "sent", None), ("sms", "sent", None), ("post", "skipped", "post")]
    assert office.subjects == ["Ämne 0"]
    assert len(office.elks.bodies) == 1
    assert office.reasons == ["post"]
    assert len(office.told) == 1
    email, sms, _ = office.rows(DeliveryRow)
    assert email.provider_ref is not None
    assert email.key in email.provider_ref
    assert sms.provider_ref == "s70df59406a1b4643b96f3f91e0bfb7b0"


@pytest.mark.parametrize(
    ("answers", "state", "reason", "code"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, "failed", "refused", "rcpt-550-5.1.1"),
        ({"MAIL": "550 go away"}, "failed", "refused", "mail-550"),
        ({"DOT": "554 5.7.1 spam"}, "failed", "refused", "dot-554-5.7.1"),
        ({"DOT": "drop"}, "unknown", "outcome-unknown", "dot-dropped"),
    ],
)
def test_one_half_of_both_that_ends_badly_is_told_to_staff_and_the_other_is_sent(
    office: PostOffice, ours: Stock, answers: dict[str, str], state: str, reason: str, code: str
) -> None:
    office.mailbox.answers.update(answers)
    add(office, ours, method=Method.BOTH)
    dispatch = office.dispatch()
    dispatch.run()
    assert office.states == [("email", state, reason), ("sms", "sent", None)]
    assert office.rows(DeliveryRow)[0].detail == code
    assert office.reasons == [reason]
    handed_over = len(office.mailbox.envelopes)
    office.mailbox.answers.clear()
    office.clock.skip(timedelta(hours=8))
    dispatch.run()
    assert len(office.mailbox.envelopes) == handed_over  # never again by itself


@pytest.mark.parametrize(
    "answers", [{"RCPT": "450 4.2.1 busy"}, {"DOT": "451 4.3.0 later"}, {"EHLO": "421 4.3.2 closing"}]
)
def test_what_the_other_side_puts_off_is_tried_later_under_the_same_key(
    office: PostOffice, ours: Stock, answers: dict[str, str]
) -> None:
    office.mailbox.answers.update(answers)
    add(office, ours)
    dispatch = office.dispatch()
    dispatch.run()
    (row,) = office.rows(DeliveryRow)
    assert (row.state.value, row.begun_at, row.send_at) == ("planned", None, NOW + timedelta(seconds=30))
    office.mailbox.answers.clear()
    dispatch.run()
    assert office.states == [("email", "planned", None)]
    office.clock.skip(timedelta(seconds=30))
    dispatch.run()
    assert office.states == [("email", "sent", None)]
    assert len(set(office.message_ids)) == 1
    assert office.happened == ["tried-in-vain", "sent"]


def test_the_waits_grow_to_an_hour_and_in_the_end_staff_are_asked(office: PostOffice, ours: Stock) -> None:
    office.mailbox.answers["RCPT"] = "450 4.2.1 busy"
    office.change(ClinicRow, opens=datetime.min.time(), closes=datetime.max.time().replace(microsecond=0))
    add(office, ours)
    dispatch = office.dispatch()
    waits = []
    while office.states == [("email", "planned", None)]:
        dispatch.run()
        (row,) = office.rows(DeliveryRow)
        waits.append(row.send_at - office.clock.now())
        office.clock.moment = max(office.clock.moment, row.send_at)
    del waits[-1]
    assert waits == [min(timedelta(seconds=30 * 2**n), LONGEST_BACKOFF) for n in range(MOST_ATTEMPTS - 1)]
    assert office.mailbox.commands.count("RCPT") == MOST_ATTEMPTS
    assert office.states == [("email", "failed", "gave-up")]
    assert office.reasons == ["gave-up"]


def test_the_provider_says_how_long_to_wait(office: PostOffice, ours: Stock) -> None:
    office.elks.status, office.elks.body = 429, b""
    office.elks.headers["Retry-After"] = "900"
    add(office, ours, method=Method.SMS)
    office.dispatch().run()
    (row,) = office.rows(DeliveryRow)
    assert row.send_at == NOW + timedelta(seconds=900)


def test_a_crash_between_claim_and_send_loses_nothing(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 3)
    with office.database.writing() as session:
        assert len(take(session, owner="crashed", limit=2)) == 2
    second = office.dispatch("second")
    second.run()
    assert office.subjects == ["Ämne 2"]
    assert second.next_run() == NOW + MINUTE
    office.clock.skip(MINUTE)
    second.run()
    assert sorted(office.subjects) == ["Ämne 0", "Ämne 1", "Ämne 2"]
    assert office.states == [("email", "sent", None)] * 3
    assert not office.reasons


@pytest.mark.parametrize("left", [False, True])
def test_a_crash_while_sending_is_told_to_staff_and_never_sent_again(
    office: PostOffice, ours: Stock, left: bool
) -> None:
    """Whether the mail had left before the crash or not: nobody can know, so nobody sends it again unasked."""
    add(office, ours, 3)
    crashing = Meanwhile(office.email, after=_crash) if left else Meanwhile(office.email, before=_crash)
    with pytest.raises(Killed):
        office.dispatch("crashed", email=crashing).run()
    assert len(office.subjects) == int(left)
    second = office.dispatch("second")
    second.run()
    assert office.states == [("email", "sending", None), *[("email", "sent", None)] * 2]
    office.clock.skip(LEASE)
    second.run()
    assert office.states == [("email", "unknown", "outcome-unknown"), *[("email", "sent", None)] * 2]
    assert office.reasons == ["outcome-unknown"]
    assert Counter(map(number_of, office.subjects)) == Counter([0] * left + [1, 2])
    office.clock.skip(timedelta(hours=6))
    second.run()
    assert len(office.subjects) == 2 + left
    assert len(office.told) == 1


def test_who_lost_its_lease_while_sending_records_nothing(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    second = office.dispatch("second")

    def fall_asleep(_letter: OutgoingEmail) -> None:
        office.clock.skip(LEASE)
        second.run()

    office.dispatch("sleeper", email=Meanwhile(office.email, after=fall_asleep)).run()
    assert len(office.subjects) == 1
    assert office.states == [("email", "unknown", "outcome-unknown")]
    assert office.reasons == ["outcome-unknown"]
    assert office.happened == ["not-sent", "task-opened"]


def test_a_reminder_cancelled_while_another_ones_mail_leaves_is_not_sent_and_can_be_restored(
    office: PostOffice, ours: Stock
) -> None:
    add(office, ours, 2)
    office.dispatch(email=Meanwhile(office.email, before=lambda _letter: cancel(office, 2))).run()
    assert office.states == [("email", "sent", None), ("email", "cancelled", None)]
    assert office.subjects == ["Ämne 0"]
    assert not office.reasons
    life.restore(office.database, ours.team_id, 2, who="U1", now=office.clock.now())
    assert office.states[1] == ("email", "planned", None)
    office.dispatch().run()
    assert office.subjects == ["Ämne 0", "Ämne 1"]
    assert office.states == [("email", "sent", None)] * 2


def test_a_reminder_cancelled_while_its_mail_leaves_is_cancelled_and_its_mail_sent(
    office: PostOffice, ours: Stock
) -> None:
    add(office, ours)
    office.dispatch(email=Meanwhile(office.email, before=lambda _letter: cancel(office, 1))).run()
    assert office.states == [("email", "sent", None)]
    assert office.rows(ReminderRow)[0].state.value == "cancelled"
    assert office.happened == ["cancelled", "sent"]
    with pytest.raises(Conflict) as refused:
        life.restore(office.database, ours.team_id, 1, who="U1", now=office.clock.now())
    assert str(refused.value.reason) == "Nothing of this reminder is left to send. Make a new one instead."


def test_what_is_put_off_after_its_reminder_was_cancelled_ends_as_cancelled(office: PostOffice, ours: Stock) -> None:
    office.mailbox.answers["RCPT"] = "450 4.2.1 busy"
    add(office, ours)
    dispatch = office.dispatch(email=Meanwhile(office.email, before=lambda _letter: cancel(office, 1)))
    dispatch.run()
    assert office.states == [("email", "planned", None)]
    listed = reminder_list.as_left(office.database, ours.team_id, Place.HOME, who="U1", now=NOW)
    assert (listed.rows, listed.total) == ((), 0)
    assert dispatch.next_run() == NOW + timedelta(seconds=30) - AHEAD
    office.mailbox.answers.clear()
    office.clock.skip(timedelta(seconds=30))
    dispatch.run()
    assert office.states == [("email", "cancelled", "reminder-cancelled")]
    assert dispatch.next_run() is None
    assert not office.subjects
    assert not office.reasons
    life.restore(office.database, ours.team_id, 1, who="U1", now=office.clock.now())
    office.dispatch().run()
    assert office.subjects == ["Ämne 0"]


def test_a_paused_reminder_that_was_put_back_waits_until_it_is_resumed(office: PostOffice, ours: Stock) -> None:
    office.mailbox.answers["RCPT"] = "450 4.2.1 busy"
    add(office, ours)
    dispatch = office.dispatch()
    dispatch.run()
    do(office, life.pause)
    office.mailbox.answers.clear()
    office.clock.skip(timedelta(seconds=30))
    dispatch.run()
    assert office.states == [("email", "planned", None)]
    assert dispatch.next_run() is None
    do(office, life.resume)
    dispatch.run()
    assert office.states == [("email", "sent", None)]


def test_after_a_long_sleep_what_is_too_late_is_told_to_staff(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    office.clock.skip(30 * DAY)
    office.dispatch().run()
    assert not office.subjects
    assert office.states == [("email", "skipped", "too-late")]
    assert office.reasons == ["too-late"]


def test_a_letter_that_is_late_is_still_a_letter_to_print(office: PostOffice, ours: Stock) -> None:
    add(office, ours, method=Method.POST)
    office.clock.skip(30 * DAY)
    office.dispatch().run()
    assert office.states == [("post", "skipped", "post")]
    assert office.reasons == ["post"]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 12, 1, 19, 0, tzinfo=UTC), datetime(2026, 12, 2, 7, 0, tzinfo=UTC)),
        (datetime(2026, 12, 2, 6, 59, tzinfo=UTC), datetime(2026, 12, 2, 7, 0, tzinfo=UTC)),
    ],
)
def test_at_night_it_waits_for_the_clinics_morning(
    office: PostOffice, ours: Stock, at: datetime, until: datetime
) -> None:
    """The clinic in Stockholm sends from 08:00 to 20:00, which is 07:00 to 19:00 UTC."""
    add(office, ours)
    office.clock.moment = at
    dispatch = office.dispatch()
    dispatch.run()
    assert office.states == [("email", "planned", None)]
    assert dispatch.next_run() == until - AHEAD
    office.clock.moment = until
    dispatch.run()
    assert len(office.subjects) == 1
    assert office.happened == ["postponed", "sent"]


def test_on_the_due_date_itself_it_is_too_late_when_the_window_has_closed(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    office.clock.moment = datetime(2026, 12, 9, 19, 0, tzinfo=UTC)
    office.dispatch().run()
    assert office.states == [("email", "skipped", "too-late")]


def test_a_text_that_cannot_be_filled_in_is_told_to_staff(office: PostOffice, ours: Stock) -> None:
    add(office, ours, texts=Texts("Ämne", "{{ nobody }}", "SMS", "Brev"))
    add(office, ours)
    office.dispatch().run()
    assert office.states == [("email", "failed", "text-broken"), ("email", "sent", None)]
    assert office.reasons == ["text-broken"]


def test_a_sender_that_breaks_holds_up_nothing_else(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 4)

    def break_down(letter: OutgoingEmail) -> None:
        if letter.subject == "Ämne 1":
            raise RuntimeError("what nobody thought of")

    dispatch = office.dispatch(email=Meanwhile(office.email, before=break_down))
    dispatch.run()
    assert sorted(office.subjects) == ["Ämne 0", "Ämne 2", "Ämne 3"]
    assert office.states[1] == ("email", "unknown", "outcome-unknown")
    assert office.reasons == ["outcome-unknown"]


@pytest.mark.parametrize("begun", [False, True])
def test_a_row_that_cannot_be_read_holds_up_nothing_else(office: PostOffice, ours: Stock, begun: bool) -> None:
    """One clinic of a chain with a zone that this machine does not know, in the midst of the others' reminders."""
    add(office, ours)
    if begun:
        with pytest.raises(Killed):
            office.dispatch("crashed", email=Meanwhile(office.email, before=_crash)).run()
    office.change(ClinicRow, time_zone="Nowhere/Land")
    with office.database.writing() as session:
        new = dataclasses.replace(ours.clinic, name="Grannkliniken")
        theirs = dataclasses.replace(ours, clinic=clinics.add(session, new))
    add(office, theirs, 2)
    dispatch = office.dispatch()
    for number in range(3):
        dispatch.run()
        assert len(office.subjects) == 2, number
        office.clock.skip(LEASE)
    assert office.states[1:] == [("email", "sent", None)] * 2
    office.change(ClinicRow, ClinicRow.id == ours.clinic.id, time_zone="Europe/Stockholm")
    dispatch.run()
    expected = ("email", "unknown", "outcome-unknown") if begun else ("email", "sent", None)
    assert office.states[0] == expected


def test_stopped_it_finishes_what_is_in_hand_and_gives_the_rest_back(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 5)
    stopping: Dispatch = office.dispatch(
        "stopping", email=Meanwhile(office.email, before=lambda _letter: stopping.stop())
    )
    stopping.run()
    assert office.states == [("email", "sent", None), *[("email", "planned", None)] * 4]
    assert {(row.attempt, row.lease_owner) for row in office.rows(DeliveryRow)[1:]} == {(0, None)}
    office.dispatch("next").run()
    assert sorted(office.subjects) == [f"Ämne {number}" for number in range(5)]
    assert office.states == [("email", "sent", None)] * 5


def test_a_stopped_dispatch_sends_nothing(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    dispatch = office.dispatch()
    dispatch.stop()
    dispatch.run()
    assert office.states == [("email", "planned", None)]


def test_who_waits_for_tasks_is_told_only_when_there_are_new_ones(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 2)
    office.dispatch().run()
    assert not office.told
    add(office, ours, 3, method=Method.POST)
    office.dispatch().run()
    assert len(office.told) == 1


def do(office: PostOffice, deed: Callable[..., object]) -> None:
    """What a press of Pause or Resume does to the first reminder."""
    deed(office.database, "T1", 1, who="U1", now=office.clock.now())


def cancel(office: PostOffice, reminder_id: int) -> None:
    """What a press of Cancel does."""
    life.cancel(office.database, "T1", reminder_id, who="U1", now=office.clock.now())


def _crash(_letter: OutgoingEmail) -> None:
    raise Killed
