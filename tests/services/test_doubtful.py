"""Nobody knows whether it went. Does what staff decide then happen once, and is nothing sent that may not be (P14)?"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from bot.channels.rendering import Renderer
from bot.domain.contact_task import Instead, TaskState
from bot.domain.errors import AlreadyDealtWith, Conflict, MayNotBeSent, NotFound
from bot.domain.model import Channel, DeliveryState, Event, Method, Reason, ReminderState
from bot.services import doubtful, life, reminder_seen, tasks
from bot.services.dispatch import LEASE
from bot.services.senders import Senders
from bot.services.settling import MOST_ATTEMPTS
from bot.store import claims, clinics, deliveries, history, leases, reminders
from bot.store import doubtful as rows_in_doubt
from bot.store import tasks as rows_of_tasks
from bot.store.database import Database
from bot.store.tables import (
    Base,
    ClientRow,
    ContactTaskRow,
    DeliveryRow,
    HistoryRow,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
)
from tests.services.post_office import Meanwhile, PostOffice
from tests.services.test_dispatch import add
from tests.services.test_rounds import forbid
from tests.store.rows import DAY, DUE, MINUTE, NOW, Stock, add_reminder, stock, take

SEND_OVER = frozenset({Channel.EMAIL, Channel.SMS, Channel.POST})

Decide = Callable[[Database, int, str], object]


def test_a_mail_that_is_sent_again_comes_a_second_time_with_the_same_message_id(
    office: PostOffice, ours: Stock
) -> None:
    lose_the_answer(office, ours)
    assert office.states == [("email", "unknown", "outcome-unknown")]
    planned = again(office)
    assert planned.send_at == NOW
    assert office.states == [("email", "planned", None)]
    office.mailbox.answers.clear()
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
    first, second = office.message_ids
    assert first == second == f"<{office.rows(DeliveryRow)[0].key}@example.com>"
    (task,) = office.rows(ContactTaskRow)
    assert (task.state, task.closed_by, task.closed_at, task.instead) == (
        TaskState.DONE,
        "U1",
        NOW,
        Instead.SENT_AGAIN,
    )
    assert office.happened == ["not-sent", "task-opened", "sent-again", "sent"]
    told = office.rows(HistoryRow)[2]
    assert (told.actor, told.at, told.detail) == ("U1", NOW, {"task": task.id, "channel": "email"})


def test_a_text_message_goes_again_only_when_somebody_asks(office: PostOffice, ours: Stock) -> None:
    office.elks.body = b""
    add(office, ours, method=Method.SMS)
    office.dispatch().run()
    office.clock.skip(DAY)
    office.dispatch().run()
    assert len(office.elks.bodies) == 1
    again(office)
    office.dispatch().run()
    assert len(office.elks.bodies) == 2
    assert office.states == [("sms", "unknown", "outcome-unknown")]


def test_what_is_unclear_again_opens_the_same_task_anew_and_can_be_decided_again(
    office: PostOffice, ours: Stock
) -> None:
    lose_the_answer(office, ours)
    office.change(ContactTaskRow, card_channel="C1", card_ts="1.0", card_revision=1)
    again(office)
    office.clock.skip(MINUTE)
    office.dispatch().run()
    assert len(office.told) == 2
    (task,) = office.rows(ContactTaskRow)
    assert (task.state, task.closed_by, task.instead, task.created_at) == (TaskState.OPEN, None, None, NOW + MINUTE)
    assert (task.revision, task.card_revision, task.card_ts) == (3, 1, None)
    assert office.happened == ["not-sent", "task-opened", "sent-again", "not-sent", "task-opened"]
    with pytest.raises(Conflict, match="sent again meanwhile"):
        again(office, attempt=1)
    with pytest.raises(Conflict, match="sent again meanwhile"):
        sent(office, attempt=1)
    sent(office, attempt=2, who="U2")
    assert office.states == [("email", "sent", "recorded-by-staff")]
    assert len(set(office.message_ids)) == 1


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [("550 5.1.1 no", "failed", "refused"), ("451 later", "failed", "gave-up")],
)
def test_what_fails_after_it_was_sent_again_is_told_to_staff_with_its_new_reason(
    office: PostOffice, ours: Stock, answer: str, state: str, reason: str
) -> None:
    lose_the_answer(office, ours)
    office.change(DeliveryRow, attempt=MOST_ATTEMPTS - 1)
    again(office, attempt=MOST_ATTEMPTS - 1)
    office.mailbox.answers = {"DOT": answer}
    office.dispatch().run()
    assert office.states == [("email", state, reason)]
    assert office.reasons == [reason]
    (task,) = office.rows(ContactTaskRow)
    assert task.state is TaskState.OPEN
    with pytest.raises(Conflict):
        again(office, attempt=MOST_ATTEMPTS)


def test_what_is_put_off_after_it_was_sent_again_is_tried_later(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    again(office)
    office.mailbox.answers = {"DOT": "451 later"}
    office.dispatch().run()
    assert office.states == [("email", "planned", None)]
    office.mailbox.answers.clear()
    office.clock.skip(timedelta(hours=1))
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
    assert len(set(office.message_ids)) == 1
    assert office.rows(ContactTaskRow)[0].state is TaskState.DONE


def test_what_somebody_vouches_for_stands_as_sent_when_it_may_have_gone_and_never_goes_again(
    office: PostOffice, ours: Stock
) -> None:
    lose_the_answer(office, ours)
    office.clock.skip(2 * MINUTE)
    sent(office)
    (delivery,) = office.rows(DeliveryRow)
    assert (delivery.state, delivery.finished_at, delivery.provider_ref) == (DeliveryState.SENT, NOW, None)
    assert office.states == [("email", "sent", "recorded-by-staff")]
    (task,) = office.rows(ContactTaskRow)
    assert (task.state, task.closed_by, task.closed_at) == (TaskState.DONE, "U1", NOW + 2 * MINUTE)
    assert task.instead is Instead.RECORDED_SENT
    assert office.happened == ["not-sent", "task-opened", "recorded-sent"]
    assert office.dispatch().next_send() is None
    office.clock.skip(DAY)
    office.dispatch().run()
    assert len(office.subjects) == 1


def _contacted(database: Database, task: int, who: str) -> object:
    return tasks.close(database, "T1", task, who=who, now=NOW)


def _again(database: Database, task: int, who: str) -> object:
    return doubtful.send_again(database, "T1", task, attempt=1, channels=SEND_OVER, who=who, now=NOW)


def _sent(database: Database, task: int, who: str) -> object:
    return doubtful.record_sent(database, "T1", task, attempt=1, who=who, now=NOW)


ENDS: dict[Decide, tuple[Instead | None, str, str]] = {
    _contacted: (None, "unknown", "contacted"),
    _again: (Instead.SENT_AGAIN, "planned", "sent-again"),
    _sent: (Instead.RECORDED_SENT, "sent", "recorded-sent"),
}


@pytest.mark.parametrize("second", ENDS)
@pytest.mark.parametrize("first", ENDS)
def test_who_comes_second_is_told_what_was_done_by_whom_and_when_and_changes_nothing(
    office: PostOffice, ours: Stock, first: Decide, second: Decide
) -> None:
    lose_the_answer(office, ours)
    (task,) = office.rows(ContactTaskRow)
    first(office.database, task.id, "U1")
    before = everything(office)
    with pytest.raises(AlreadyDealtWith) as told:
        second(office.database, task.id, "U2")
    assert (told.value.instead, told.value.who, told.value.when) == (ENDS[first][0], "U1", NOW)
    assert everything(office) == before


def test_of_many_who_press_all_three_at_the_same_moment_one_decides(office: PostOffice, ours: Stock) -> None:
    acts = [*ENDS] * 3
    for _ in range(5):
        lose_the_answer(office, ours)
        task = office.rows(ContactTaskRow)[-1].id
        came = together([partial(act, office.database, task, f"U{number}") for number, act in enumerate(acts)])
        won = [number for number, one in enumerate(came) if not isinstance(one, Exception)]
        assert len(won) == 1
        instead, state, event = ENDS[acts[won[0]]]
        others = [one for one in came if isinstance(one, Exception)]
        assert {type(one) for one in others} == {AlreadyDealtWith}
        assert {(one.instead, one.who) for one in others if isinstance(one, AlreadyDealtWith)} == {
            (instead, f"U{won[0]}")
        }
        row = office.rows(ContactTaskRow)[-1]
        assert (row.instead, row.closed_by, row.revision) == (instead, f"U{won[0]}", 2)
        assert office.states[-1][1] == state
        decided = {told for _, _, told in ENDS.values()}
        of_it = [one.event.value for one in office.rows(HistoryRow) if one.detail.get("task") == task]
        assert Counter(one for one in of_it if one in decided) == Counter([event])
        office.change(DeliveryRow, DeliveryRow.state == DeliveryState.PLANNED, send_at=NOW + 30 * DAY)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_decides_keeps_nobody_from_adding_to_the_history_of_the_reminder(office: PostOffice, ours: Stock) -> None:
    """Whoever opens a task anew holds it and then adds a line: each would wait for the other for ever."""
    lose_the_answer(office, ours)
    (task,) = office.rows(ContactTaskRow)
    (reminder,) = office.rows(ReminderRow)
    with office.database.writing() as deciding:
        rows_of_tasks.hold(deciding, "T1", task.id)
        with office.database.writing() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            history.add(session, workspace=ours.workspace, reminder=reminder.id, event=Event.POSTPONED, at=NOW)
    assert office.happened[-1] == "postponed"


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        (PatientRow, {"died_on": date(2026, 11, 30)}, "This patient has died"),
        (PatientRow, {"active": False}, "This patient is inactive"),
        (ClientRow, {"active": False}, "This client is inactive"),
        (ClientRow, {"email_allowed": False}, "does not want messages sent this way any more"),
        (ClientRow, {"email": None}, "has no address or number for it any more"),
        (ClientRow, {"email": "@"}, "address or number cannot be right"),
        (ReminderRow, {"state": ReminderState.CANCELLED}, "This reminder was cancelled"),
        (ReminderRow, {"state": ReminderState.PAUSED}, "This reminder is paused"),
        (ReminderRow, {"method": Method.SMS}, "not sent this way any more"),
        (OccurrenceRow, {"due_date": date(2026, 11, 30)}, "It is too late to send it again"),
    ],
)
def test_what_is_known_to_stand_in_the_way_is_told_at_once_and_nothing_is_planned(
    office: PostOffice, ours: Stock, kind: type[Base], changes: dict[str, Any], said: str
) -> None:
    lose_the_answer(office, ours)
    office.change(kind, **changes)
    before = everything(office)
    with pytest.raises(MayNotBeSent, match=said):
        again(office)
    assert everything(office) == before
    office.dispatch().run()
    assert len(office.subjects) == 1
    sent(office)  # which is no message to anybody
    assert office.states == [("email", "sent", "recorded-by-staff")]


def test_over_a_channel_that_is_not_set_up_any_more_nothing_is_sent_again(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    with pytest.raises(MayNotBeSent, match="not set up to send this way any more"):
        again(office, channels=frozenset({Channel.SMS}))
    assert office.states == [("email", "unknown", "outcome-unknown")]


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), datetime(2026, 12, 1, 12, 0, tzinfo=UTC)),
        (datetime(2026, 12, 1, 21, 0, tzinfo=UTC), datetime(2026, 12, 2, 7, 0, tzinfo=UTC)),
        (datetime(2026, 12, 2, 4, 0, tzinfo=UTC), datetime(2026, 12, 2, 7, 0, tzinfo=UTC)),
        (datetime(2026, 12, 8, 18, 59, tzinfo=UTC), datetime(2026, 12, 8, 18, 59, tzinfo=UTC)),
        (datetime(2026, 12, 8, 19, 0, tzinfo=UTC), None),
    ],
)
def test_it_goes_at_once_while_the_clinic_sends_else_in_the_morning_until_it_is_due(
    office: PostOffice, ours: Stock, at: datetime, goes: datetime | None
) -> None:
    lose_the_answer(office, ours)
    office.change(OccurrenceRow, due_date=DUE)
    office.clock.moment = at
    if goes is None:
        with pytest.raises(MayNotBeSent, match="It is too late"):
            again(office)
        return
    assert again(office).send_at == goes
    assert office.dispatch().next_send() == goes
    office.mailbox.answers.clear()
    office.clock.moment = goes
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]


def test_what_changes_between_the_press_and_the_send_is_noticed_at_the_send(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    again(office)
    office.change(ClientRow, email_allowed=False)
    office.dispatch().run()
    assert len(office.subjects) == 1
    assert office.states == [("email", "skipped", "channel-not-allowed")]
    assert office.reasons == ["channel-not-allowed"]
    assert office.rows(ContactTaskRow)[0].state is TaskState.OPEN


def test_it_is_sent_with_the_text_and_to_the_address_of_now(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    again(office)
    office.change(ClientRow, email="ny@example.com")
    office.change(ReminderRow, subject="Rättat")
    office.mailbox.answers.clear()
    office.dispatch().run()
    assert office.subjects == ["Ämne 0", "Rättat"]
    assert [one.rcpt_tos for one in office.mailbox.envelopes] == [["asa@example.com"], ["ny@example.com"]]


def test_a_task_of_another_workspace_or_none_is_not_found(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    with office.database.writing() as session:
        stock(session, "T2")
    (task,) = office.rows(ContactTaskRow)
    for team, number in (("T2", task.id), ("T1", task.id + 1)):
        with pytest.raises(NotFound):
            doubtful.record_sent(office.database, team, number, attempt=1, who="U1", now=NOW)
        with pytest.raises(NotFound):
            doubtful.send_again(office.database, team, number, attempt=1, channels=SEND_OVER, who="U1", now=NOW)
    assert office.states == [("email", "unknown", "outcome-unknown")]


def test_a_task_with_another_reason_has_nothing_to_decide(office: PostOffice, ours: Stock) -> None:
    add(office, ours, method=Method.POST)
    office.dispatch().run()
    with pytest.raises(Conflict):
        again(office)
    with pytest.raises(Conflict):
        sent(office)
    assert office.states == [("post", "skipped", "post")]


def test_who_lost_its_lease_cannot_take_the_next_attempt_for_its_own(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        add_reminder(session, ours)
        (lost,) = take(session)
        leases.begin(session, lost, now=NOW, until=NOW + MINUTE)
        leases.finish(session, lost, DeliveryState.UNKNOWN, now=NOW, reason=Reason.OUTCOME_UNKNOWN)
        assert rows_in_doubt.plan_again(session, lost.delivery_id, attempt=lost.attempt, send_at=NOW)
        (taken,) = take(session)
        assert taken.owner == lost.owner
        assert not leases.finish(session, lost, DeliveryState.SENT, now=NOW)
        assert not rows_in_doubt.record_sent(session, lost.delivery_id, attempt=lost.attempt)
        leases.begin(session, taken, now=NOW, until=NOW + MINUTE)
        assert leases.finish(session, taken, DeliveryState.SENT, now=NOW)


def test_after_a_crash_it_can_be_sent_again(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    with office.database.writing() as session:
        (lease,) = take(session, owner="crashed")
        leases.begin(session, lease, now=NOW, until=NOW + LEASE)
    office.clock.skip(LEASE)
    office.dispatch().run()
    again(office)
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
    assert len(office.subjects) == 1


def test_when_its_process_dies_after_it_was_sent_again_its_task_is_opened_anew(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    again(office)
    with office.database.writing() as session:
        (lease,) = take(session, owner="crashed")
        leases.begin(session, lease, now=NOW, until=NOW + LEASE)
    office.clock.skip(LEASE)
    office.dispatch().run()
    assert office.states == [("email", "unknown", "outcome-unknown")]
    (task,) = office.rows(ContactTaskRow)
    assert (task.state, task.instead, task.revision) == (TaskState.OPEN, None, 3)
    assert len(office.told) == 2
    again(office, attempt=2)
    assert len(office.subjects) == 1


def test_of_many_that_end_together_each_opens_its_own_task_anew_or_gets_one(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    lose_the_answer(office, ours)
    for task in office.rows(ContactTaskRow):
        _again(office.database, task.id, "U1")
    before = len(office.happened)
    lose_the_answer(office, ours)
    assert len(office.subjects) == 5
    told = [(task.delivery_id, task.state, task.instead, task.revision) for task in office.rows(ContactTaskRow)]
    assert told == [
        (1, TaskState.OPEN, None, 3),
        (2, TaskState.OPEN, None, 3),
        (3, TaskState.OPEN, None, 1),
    ]
    assert Counter(office.happened[before:]) == Counter({"not-sent": 3, "task-opened": 3})
    opened = [row.detail["task"] for row in office.rows(HistoryRow)[before:] if "task" in row.detail]
    assert sorted(opened) == [1, 2, 3]


def test_a_task_is_opened_anew_also_where_each_delivery_is_dealt_with_by_itself(
    office: PostOffice, ours: Stock
) -> None:
    lose_the_answer(office, ours)
    lose_the_answer(office, ours)
    for task in office.rows(ContactTaskRow):
        _again(office.database, task.id, "U1")
    forbid(office, "NEW.reminder_id = 2 AND NEW.event = 'not-sent'")
    both = Barrier(2)
    email = Meanwhile(office.email, after=lambda _letter: both.wait(20))
    with capture_logs() as lines:
        office.dispatch(senders=Senders(Renderer(), email, office.sms, email_at_once=2)).run()
    assert {line["event"] for line in lines} == {"round-broken", "delivery-result-broken"}
    assert [state for _, state, _ in office.states] == ["unknown", "sending"]
    first, second = office.rows(ContactTaskRow)
    assert (first.state, first.instead, first.revision) == (TaskState.OPEN, None, 3)
    assert (second.state, second.instead, second.revision) == (TaskState.DONE, Instead.SENT_AGAIN, 2)


def test_paused_while_it_is_in_doubt_or_waits_to_go_again_it_goes_when_resumed(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    office.clock.moment = datetime(2026, 12, 1, 21, 0, tzinfo=UTC)
    (reminder,) = office.rows(ReminderRow)
    with office.database.writing() as session:
        # Nothing of it is planned, so that nobody can pause it; a program beside the bot might.
        seen = reminder_seen.read(session, ours.workspace, reminder.id, lock=True)
        assert reminders.change_state(session, seen.reminder, ReminderState.PAUSED)
    with pytest.raises(MayNotBeSent):
        again(office)
    life.resume(office.database, "T1", reminder.id, who="U1", now=office.clock.now())
    again(office)
    life.pause(office.database, "T1", reminder.id, who="U1", now=office.clock.now())
    assert office.dispatch().next_send() is None
    office.mailbox.answers.clear()
    office.clock.moment = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
    office.dispatch().run()
    assert len(office.subjects) == 1
    life.resume(office.database, "T1", reminder.id, who="U1", now=office.clock.now())
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
    assert len(set(office.message_ids)) == 1


def test_what_goes_again_counts_to_the_clinic_that_its_reminder_is_of_by_then(office: PostOffice, ours: Stock) -> None:
    lose_the_answer(office, ours)
    with office.database.writing() as session:
        neighbours = clinics.add(session, dataclasses.replace(ours.clinic, name="Grannkliniken"))
        (reminder,) = session.scalars(select(ReminderRow.id))
        found = reminders.find(session, ours.workspace, reminder)
        assert found is not None
        assert reminders.change_draft(session, found, dataclasses.replace(found.draft, clinic_id=neighbours.id))
    again(office)
    with office.database.reading() as session:
        assert [head.clinic_id for head in claims.heads(session, "T1")] == [neighbours.id]
    office.dispatch().run()
    (task,) = office.rows(ContactTaskRow)
    assert (task.state, task.clinic_id) == (TaskState.OPEN, neighbours.id)


def test_cancelled_while_it_waits_to_go_again_it_does_not_go_and_comes_back_when_restored(
    office: PostOffice, ours: Stock
) -> None:
    lose_the_answer(office, ours)
    office.clock.moment = datetime(2026, 12, 1, 21, 0, tzinfo=UTC)
    again(office)
    (reminder,) = office.rows(ReminderRow)
    life.cancel(office.database, "T1", reminder.id, who="U1", now=office.clock.now())
    office.clock.skip(DAY / 2)
    office.dispatch().run()
    assert office.states == [("email", "cancelled", None)]
    assert len(office.subjects) == 1
    life.restore(office.database, "T1", reminder.id, who="U1", now=office.clock.now())
    office.mailbox.answers.clear()
    office.clock.skip(DAY)
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
    assert len(set(office.message_ids)) == 1


def test_what_waits_to_go_again_is_none_of_what_is_still_to_come(office: PostOffice, ours: Stock) -> None:
    """An edit plans that anew; this has a task, a history, and may be in the client's mailbox already."""
    office.mailbox.answers = {"DOT": "drop"}
    with office.database.writing() as session:
        reminder = add_reminder(session, ours, (NOW, NOW + DAY, NOW + 2 * DAY))
    office.dispatch().run()
    office.clock.moment = datetime(2026, 12, 1, 21, 0, tzinfo=UTC)
    again(office)
    with office.database.writing() as session:
        seen = reminder_seen.read(session, ours.workspace, reminder.id)
        assert [one.number for one in seen.coming] == [2, 3]
        assert (seen.last_taken_up, seen.next_number) == (1, 2)
        deliveries.change_channels(session, reminder, before=2, to=[Channel.EMAIL], now=NOW)
        assert deliveries.forget_unsent(session, reminder.id) == 2
    assert office.states == [("email", "planned", None)]
    with office.database.writing() as session:
        deliveries.change_channels(session, reminder, before=2, to=[Channel.SMS], now=NOW)
    assert office.states == [("email", "skipped", "reminder-changed")]


def lose_the_answer(office: PostOffice, ours: Stock) -> None:
    """Have a mail taken by a mail server that then cuts the line."""
    office.mailbox.answers = {"DOT": "drop"}
    add(office, ours)
    office.dispatch().run()


def again(office: PostOffice, *, attempt: int = 1, channels: frozenset[Channel] = SEND_OVER) -> doubtful.PlannedAgain:
    """What a press of *Send again* on the newest task does."""
    task = office.rows(ContactTaskRow)[-1]
    now = office.clock.now()
    return doubtful.send_again(office.database, "T1", task.id, attempt=attempt, channels=channels, who="U1", now=now)


def sent(office: PostOffice, *, attempt: int = 1, who: str = "U1") -> None:
    """What a press of *It was sent* on the newest task does."""
    task = office.rows(ContactTaskRow)[-1]
    doubtful.record_sent(office.database, "T1", task.id, attempt=attempt, who=who, now=office.clock.now())


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do several things at the same moment; what each returned or raised."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        ready.wait(30)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def everything(office: PostOffice) -> list[dict[str, Any]]:
    """All that a press could change."""
    kinds = (DeliveryRow, ContactTaskRow, HistoryRow)
    return [
        {column.key: getattr(row, column.key) for column in kind.__table__.columns}
        for kind in kinds
        for row in office.rows(kind)
    ]
