"""Does each clinic and each channel get its turn, and does nothing that is broken or slow hold the rest up?"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from bot.channels.protocol import OutgoingEmail
from bot.channels.rendering import Renderer
from bot.domain.model import Channel, Method
from bot.services.dispatch import AHEAD, LEASE, Dispatch
from bot.services.senders import Senders
from bot.store import claims, clinics, reminders
from bot.store.tables import DeliveryRow
from tests.services.post_office import Meanwhile, PostOffice, number_of
from tests.services.test_dispatch import add
from tests.store.rows import DAY, MINUTE, NOW, Stock, add_reminder

PATIENCE = 20.0


def with_mail(office: PostOffice, before: Callable[[OutgoingEmail], object], at_once: int = 1) -> Dispatch:
    email = Meanwhile(office.email, before=before)
    return office.dispatch(senders=Senders(Renderer(), email, office.sms, email_at_once=at_once))


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_a_clinic_with_much_that_is_due_holds_up_no_other(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        neighbours = clinics.add(session, dataclasses.replace(ours.clinic, name="Grannkliniken"))
    add(office, ours, 60)
    office.clock.skip(MINUTE)
    with office.database.writing() as session:
        for _ in range(3):
            add_reminder(session, dataclasses.replace(ours, clinic=neighbours), (NOW + MINUTE,))
    senders: list[str] = []
    with_mail(office, lambda letter: senders.append(letter.clinic_name)).run()
    assert len(senders) == 63
    assert all(place < 20 for place, name in enumerate(senders) if name == "Grannkliniken"), senders


def test_a_share_is_what_each_clinic_gets_of_a_claim(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        theirs = [
            dataclasses.replace(ours, clinic=clinics.add(session, dataclasses.replace(ours.clinic, name=f"K{number}")))
            for number in range(3)
        ]
        for of, count in ((ours, 30), *((one, 2) for one in theirs)):
            for _ in range(count):
                add_reminder(session, of)
        taken = claims.claim(
            session,
            claims.heads(session, "T1"),
            {Channel.EMAIL: 12},
            due_by=NOW,
            until=NOW + MINUTE,
            owner="one",
        )
        batch = claims.read(session, taken, now=NOW)
    assert sorted(due.clinic.name for due in batch.due) == ["K0", "K0", "K1", "K1", "K2", "K2", *["Kliniken"] * 3]


def test_one_channel_does_not_wait_for_another(office: PostOffice, ours: Stock) -> None:
    add(office, ours, method=Method.BOTH)
    with_mail(office, lambda _letter: until(lambda: len(office.elks.bodies) == 1)).run()
    assert office.states == [("email", "sent", None), ("sms", "sent", None)]


def test_as_many_letters_leave_at_once_as_the_mail_server_is_given(office: PostOffice, ours: Stock) -> None:
    together = threading.Barrier(4)
    add(office, ours, 4)
    with_mail(office, lambda _letter: together.wait(PATIENCE), at_once=4).run()
    assert office.states == [("email", "sent", None)] * 4


def test_what_is_claimed_ahead_of_its_moment_leaves_at_its_moment(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        add_reminder(session, ours, (NOW + AHEAD,))
        add_reminder(session, ours, (NOW + AHEAD + timedelta(milliseconds=1),))
    left: list[float] = []
    dispatch = with_mail(office, lambda _letter: left.append(time.monotonic()))
    began = time.monotonic()
    dispatch.run()
    assert [one - began >= AHEAD.total_seconds() for one in left] == [True]
    assert dispatch.next_run() == NOW + timedelta(milliseconds=1)


def test_what_is_claimed_ahead_of_the_clinics_opening_is_not_put_off(office: PostOffice, ours: Stock) -> None:
    opening = NOW.replace(hour=7) + DAY
    with office.database.writing() as session:
        add_reminder(session, ours, (opening,))
    office.clock.moment = opening - AHEAD
    office.dispatch().run()
    assert office.happened == ["sent"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_somebody_is_just_changing_is_left_for_a_moment_and_holds_up_nothing(
    office: PostOffice, ours: Stock
) -> None:
    """SQLite lets nobody claim anything while somebody writes."""
    add(office, ours, 2)
    dispatch = office.dispatch()
    runs = threading.Thread(target=dispatch.run)
    with office.database.writing() as session:
        reminders.find(session, ours.workspace, 1, lock=True)
        runs.start()
        until(lambda: office.subjects == ["Ämne 1"])
        until(lambda: office.states == [("email", "planned", None), ("email", "sent", None)])
        assert runs.is_alive()
    runs.join(PATIENCE)
    assert office.states == [("email", "sent", None)] * 2
    assert [row.attempt for row in office.rows(DeliveryRow)] == [1, 1], "what was put back is no attempt"


def test_a_result_that_cannot_be_written_holds_up_no_other_and_is_told_when_its_lease_ends(
    office: PostOffice, ours: Stock
) -> None:
    add(office, ours, 5)
    forbid(office, "NEW.reminder_id = 3 AND NEW.event = 'sent'")
    with capture_logs() as lines:
        dispatch = office.dispatch()
        dispatch.run()
    assert {line["event"] for line in lines} == {"round-broken", "delivery-result-broken"}
    assert sorted(map(number_of, office.subjects)) == [0, 1, 2, 3, 4]
    assert [state for _, state, _ in office.states] == ["sent", "sent", "sending", "sent", "sent"]
    office.clock.skip(LEASE)
    dispatch.run()
    assert len(office.subjects) == 5
    assert office.states[2] == ("email", "unknown", "outcome-unknown")
    assert office.reasons == ["outcome-unknown"]


def test_after_a_result_that_could_not_be_written_it_still_knows_what_is_due_next(
    office: PostOffice, ours: Stock
) -> None:
    add(office, ours)
    with office.database.writing() as session:
        add_reminder(session, ours, (NOW + DAY,))
    forbid(office, "NEW.event = 'sent'")
    dispatch = office.dispatch()
    with capture_logs():
        dispatch.run()
    assert [state for _, state, _ in office.states] == ["sending", "planned"]
    assert dispatch.next_run() == NOW + DAY - AHEAD


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_another_process_was_just_at_is_looked_at_again_soon(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    dispatch = office.dispatch()
    with office.database.writing() as session:
        session.execute(select(DeliveryRow.id).with_for_update())
        dispatch.run()
        assert dispatch.next_run() == NOW - AHEAD
    assert not office.subjects
    dispatch.run()
    assert office.states == [("email", "sent", None)]


def test_a_decision_that_cannot_be_written_holds_up_no_other_and_ends_visibly(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 2)
    add(office, ours, 1, method=Method.POST)
    add(office, ours, 2)
    forbid(office, "NEW.reminder_id = 3 AND NEW.event = 'not-sent' AND NEW.detail NOT LIKE '%internal-error%'")
    with capture_logs() as lines:
        office.dispatch().run()
    assert {line["event"] for line in lines} == {"round-broken", "delivery-broken"}
    assert len(office.subjects) == 4
    assert office.states[2] == ("post", "failed", "internal-error")
    assert [state for _, state, _ in office.states].count("sent") == 4
    assert office.reasons == ["internal-error"]


def test_what_takes_long_to_send_keeps_its_lease(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    second = office.dispatch("second")

    def take_long(_letter: OutgoingEmail) -> None:
        office.clock.skip(LEASE * 0.9)
        dispatch.nudge()
        until(lambda: (office.rows(DeliveryRow)[0].lease_until or NOW) > NOW + LEASE)
        office.clock.skip(LEASE * 0.9)
        second.run()

    dispatch = with_mail(office, take_long)
    dispatch.run()
    assert office.happened == ["sent"]


def test_what_has_become_due_meanwhile_goes_out_before_a_slow_letter_has_left(office: PostOffice, ours: Stock) -> None:
    add(office, ours)

    def be_slow(_letter: OutgoingEmail) -> None:
        add(office, ours, method=Method.SMS)
        dispatch.nudge()
        until(lambda: len(office.elks.bodies) == 1)

    dispatch = with_mail(office, be_slow)
    dispatch.run()
    assert office.states == [("email", "sent", None), ("sms", "sent", None)]


def forbid(office: PostOffice, condition: str) -> None:
    """Let the database refuse such lines of the history, as a broken disk or a wrong migration might."""
    with office.database.writing() as session:
        if office.database.engine.dialect.name == "sqlite":
            session.execute(
                text(
                    f"CREATE TRIGGER forbidden BEFORE INSERT ON history WHEN {condition} "
                    "BEGIN SELECT RAISE(ABORT, 'forbidden'); END"
                )
            )
        else:
            session.execute(
                text(
                    "CREATE FUNCTION forbidden() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'forbidden'; END $$"
                )
            )
            condition = condition.replace("NEW.detail", "NEW.detail::text")
            session.execute(
                text(
                    f"CREATE TRIGGER forbidden BEFORE INSERT ON history FOR EACH ROW WHEN ({condition}) "
                    "EXECUTE FUNCTION forbidden()"
                )
            )
