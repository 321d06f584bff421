from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from bot.domain.model import Channel, DeliveryState, Method, Reason, ReminderState
from bot.store import claims, deliveries, leases, reminders
from bot.store.database import Database, Session
from bot.store.leases import Lease
from tests.store.rows import DAY, MINUTE, NOW, Stock, add_reminder, at_once, end, stock, take

LATER = NOW + 2 * MINUTE
"""After a lease taken at `NOW` has ended."""


@pytest.fixture
def ours(database: Database) -> Stock:
    with database.writing() as session:
        return stock(session)


def next_due(session: Session, team_id: str) -> datetime | None:
    return min((head.send_at for head in claims.heads(session, team_id)), default=None)


def states(database: Database, reminder_id: int) -> list[str]:
    with database.reading() as session:
        return [one.state.value for one in reminders.deliveries_of(session, reminder_id)]


def test_an_occurrence_has_a_delivery_for_each_channel_each_with_its_own_key(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW, NOW + DAY], method=Method.BOTH)
        due = [claims.load(session, lease, now=NOW) for lease in take(session, NOW + DAY, limit=10)]
    assert [(one.number, one.channel) for one in due if one] == [
        (1, Channel.EMAIL),
        (1, Channel.SMS),
        (2, Channel.EMAIL),
        (2, Channel.SMS),
    ]
    assert len({one.key for one in due if one}) == 4
    assert states(database, reminder.id) == ["sending"] * 4


def test_what_is_due_is_taken_the_oldest_first_and_what_is_not_is_left(database: Database, ours: Stock) -> None:
    moments = [NOW - DAY, NOW - 3 * DAY, NOW, NOW + MINUTE, NOW - 2 * DAY]
    with database.writing() as session:
        add_reminder(session, ours, moments)
        numbers = []
        for limit in (2, 2, 2):
            loaded = [claims.load(session, lease, now=NOW) for lease in take(session, NOW, limit=limit)]
            numbers.append({one.number for one in loaded if one})
    assert numbers == [{2, 5}, {1, 3}, set()]


def test_what_staff_paused_is_not_taken(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        assert reminders.change_state(session, reminder, ReminderState.PAUSED)
        assert take(session) == []
        assert next_due(session, "T1") is None


def test_what_was_put_back_since_its_reminder_was_cancelled_is_taken_by_somebody_who_ends_it(
    database: Database, ours: Stock
) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        (lease,) = take(session)
        deliveries.cancel_planned(session, [reminder.id], now=NOW)
        assert reminders.change_state(session, reminder, ReminderState.CANCELLED)
        assert leases.plan_again(session, lease, send_at=NOW + MINUTE)
        assert next_due(session, "T1") == NOW + MINUTE
        (again,) = take(session, NOW + MINUTE)
        due = claims.load(session, again, now=NOW)
    assert due is not None
    assert due.reminder.state is ReminderState.CANCELLED


def test_a_claimed_delivery_comes_with_everything_as_it_stands_now(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        (lease,) = take(session)
    with database.writing() as session:
        fresh = dataclasses.replace(reminder.draft, email_override="other@example.com")
        assert reminders.change_draft(session, reminder, fresh)
    with database.writing() as session:
        due = claims.load(session, lease, now=NOW)
    assert due is not None
    assert (due.lease, due.channel, due.number) == (lease, Channel.EMAIL, 1)
    assert due.reminder.draft.email_override == "other@example.com"
    assert (due.clinic, due.client, due.patient) == (ours.clinic, ours.client, ours.patient)


def test_two_owners_never_take_the_same_delivery(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW] * 60)

    taken: list[list[Lease]] = [[], []]
    for _ in range(10):
        for number, some in enumerate(
            at_once(database, 2, lambda session, number: take(session, NOW, owner=f"owner-{number}", limit=4))
        ):
            assert isinstance(some, list), some
            taken[number] += some
    first, second = ({lease.delivery_id for lease in some} for some in taken)
    assert not first & second
    assert len(first | second) == len(taken[0]) + len(taken[1]) == 60
    assert states(database, reminder.id) == ["sending"] * 60


def test_what_is_due_in_another_workspace_is_left_to_its_own_bot(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        theirs = stock(session, "T2")
        reminder = add_reminder(session, ours)
        add_reminder(session, theirs, [NOW - DAY])
        assert next_due(session, "T1") == NOW
        (mine,) = take(session, limit=10)
        assert leases.begin(session, mine, now=NOW, until=NOW + MINUTE)
        assert take(session, limit=10, team_id="T9") == []
        assert (next_due(session, "T9"), leases.next_lapse(session, "T9", now=NOW)) == (None, None)
        (its,) = take(session, limit=10, team_id="T2")
        assert leases.next_lapse(session, "T2", now=NOW) == NOW + MINUTE
        assert leases.release_lapsed(session, "T1", now=LATER) == 0
        assert leases.lapsed(session, "T2", now=LATER, limit=10) == []
        assert leases.lapsed(session, "T1", now=LATER, limit=10) == [mine]
        assert leases.release_lapsed(session, "T2", now=LATER) == 1
    assert its.delivery_id != mine.delivery_id
    assert states(database, reminder.id) == ["sending"]


def test_a_lease_that_ended_before_anything_left_is_planned_again(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        (lease,) = take(session)
        assert leases.release_lapsed(session, "T1", now=NOW + MINUTE / 2) == 0
        assert leases.release_lapsed(session, "T1", now=LATER) == 1
        assert leases.lapsed(session, "T1", now=LATER, limit=10) == []
    assert states(database, reminder.id) == ["planned"]
    with database.writing() as session:
        (again,) = take(session, LATER)
    assert (again.delivery_id, again.attempt) == (lease.delivery_id, lease.attempt + 1)


def test_a_lease_that_ended_after_something_may_have_left_is_found_and_never_planned(
    database: Database, ours: Stock
) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        (lease,) = take(session)
        assert leases.begin(session, lease, now=NOW, until=NOW + MINUTE)
        assert leases.lapsed(session, "T1", now=NOW + MINUTE / 2, limit=10) == []
        assert leases.release_lapsed(session, "T1", now=LATER) == 0
        assert take(session, LATER) == []
        assert leases.lapsed(session, "T1", now=LATER, limit=10) == [lease]
        assert leases.finish(session, lease, DeliveryState.UNKNOWN, now=LATER, reason=Reason.OUTCOME_UNKNOWN)
        assert leases.lapsed(session, "T1", now=LATER, limit=10) == []
    assert states(database, reminder.id) == ["unknown"]


@pytest.mark.parametrize("second_owner", ["one", "two"])
def test_whoever_lost_the_lease_can_write_nothing(database: Database, ours: Stock, second_owner: str) -> None:
    """Also when the same process took it again: the attempt tells its two leases apart."""
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        (lost,) = take(session, owner="one")
        leases.release_lapsed(session, "T1", now=LATER)
        (held,) = take(session, LATER, owner=second_owner)
    with database.writing() as session:
        assert claims.load(session, lost, now=NOW) is None
        assert not leases.begin(session, lost, now=LATER, until=LATER + MINUTE)
        assert not leases.plan_again(session, lost, send_at=LATER)
        assert not end(session, lost)
    assert states(database, reminder.id) == ["sending"]
    with database.writing() as session:
        assert leases.begin(session, held, now=LATER, until=LATER + MINUTE)
        assert end(session, held)
        assert not end(session, held, DeliveryState.FAILED)
    assert states(database, reminder.id) == ["sent"]


def test_what_surely_did_not_leave_can_be_put_off(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        add_reminder(session, ours)
        (lease,) = take(session)
        assert leases.begin(session, lease, now=NOW, until=NOW + MINUTE)
        assert leases.plan_again(session, lease, send_at=NOW + DAY, detail="421")
        assert take(session, NOW + DAY - MINUTE) == []
        (again,) = take(session, NOW + DAY)
    assert again.attempt == lease.attempt + 1


def test_what_a_process_holds_besides_what_it_knows_of_is_given_back(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW] * 3)
        known, _ = take(session, owner="one", limit=2)
        take(session, owner="two")
        assert leases.release_others(session, owner="one", but=[known.delivery_id], now=NOW) == 1
    assert sorted(states(database, reminder.id)) == ["planned", "sending", "sending"]
    with database.writing() as session:
        (again,) = take(session)
        assert again.attempt == 1, "what was given back is no attempt"


def test_the_next_moments_are_those_of_the_earliest_send_and_of_the_earliest_end_of_a_lease(
    database: Database, ours: Stock
) -> None:
    with database.writing() as session:
        assert next_due(session, "T1") is None
        add_reminder(session, ours, [NOW, NOW + DAY])
        assert next_due(session, "T1") == NOW
        assert leases.next_lapse(session, "T1", now=NOW) is None
        (lease,) = take(session)
        assert next_due(session, "T1") == NOW + DAY
        assert leases.next_lapse(session, "T1", now=NOW) == NOW + MINUTE
        end(session, lease)
        assert leases.next_lapse(session, "T1", now=NOW) is None


def test_cancelling_stops_what_is_planned_and_leaves_what_is_being_sent_to_its_owner(
    database: Database, ours: Stock
) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW, NOW, NOW + DAY])
        sent, sending = take(session, limit=2)
        end(session, sent)
        deliveries.cancel_planned(session, [reminder.id], now=NOW)
    assert states(database, reminder.id) == ["sent", "sending", "cancelled"]
    with database.writing() as session:
        assert end(session, sending)


def test_what_was_cancelled_can_be_planned_again_unless_its_day_has_passed(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW, NOW + DAY, NOW + 2 * DAY])
        other = add_reminder(session, ours)
        (first,) = take(session)
        end(session, first)
        deliveries.cancel_planned(session, [reminder.id], now=NOW)
        deliveries.cancel_planned(session, [other.id], now=NOW)
        last_due = reminders.deliveries_of(session, reminder.id)[-1].due_date
        deliveries.plan_cancelled_again(session, reminder.id, today=last_due)
    assert states(database, reminder.id) == ["sent", "cancelled", "planned"]
    assert states(database, other.id) == ["cancelled"]


@pytest.mark.parametrize(
    ("taken_up", "left", "next_number"),
    [
        ((), [], 1),
        ((DeliveryState.SENT,), ["sent"], 2),
        ((DeliveryState.SENT, DeliveryState.FAILED), ["sent", "failed"], 3),
        ((None,), ["sending"], 2),
        ((DeliveryState.SENT,) * 4, ["sent"] * 4, 5),
    ],
)
def test_forgetting_what_was_not_sent_keeps_every_occurrence_that_was_taken_up(
    database: Database,
    ours: Stock,
    taken_up: tuple[DeliveryState | None, ...],
    left: list[str],
    next_number: int,
) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW + number * MINUTE for number in range(4)])
        other = add_reminder(session, ours, [NOW + DAY])
        for state in taken_up:
            (lease,) = take(session, NOW + DAY - MINUTE)
            if state is not None:
                end(session, lease, state)
        deliveries.cancel_planned(session, [reminder.id], now=NOW)
        assert deliveries.forget_unsent(session, reminder.id) == next_number
    assert states(database, reminder.id) == left
    assert states(database, other.id) == ["planned"]


def test_an_occurrence_of_which_one_half_was_sent_is_kept_whole(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW, NOW + DAY], method=Method.BOTH)
        (lease,) = take(session)
        end(session, lease)
        assert deliveries.forget_unsent(session, reminder.id) == 2
    assert sorted(states(database, reminder.id)) == ["planned", "sent"]


@pytest.mark.parametrize(
    ("kept", "state", "reason"),
    [
        ([Channel.EMAIL], "skipped", Reason.REMINDER_CHANGED),
        ([Channel.POST], "skipped", Reason.REMINDER_CHANGED),
        ([Channel.SMS], "planned", None),
        ([Channel.EMAIL, Channel.SMS], "planned", None),
    ],
)
def test_the_half_that_is_left_is_dropped_where_its_channel_is_no_longer_chosen(
    database: Database, ours: Stock, kept: list[Channel], state: str, reason: Reason | None
) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW, NOW + DAY], method=Method.BOTH)
        other = add_reminder(session, ours, method=Method.BOTH)
        (lease,) = take(session)
        end(session, lease)
        deliveries.change_channels(session, reminder, before=2, to=kept, now=NOW)
        _, half, *_ = reminders.deliveries_of(session, reminder.id)
    assert (half.channel, half.state.value, half.reason) == (Channel.SMS, state, reason)
    assert states(database, reminder.id) == ["sent", state, "planned", "planned"]
    assert states(database, other.id) == ["planned", "planned"]


@pytest.mark.parametrize(
    ("before", "after", "channels"),
    [
        (Method.SMS, Method.EMAIL, [Channel.EMAIL]),
        (Method.SMS, Method.POST, [Channel.POST]),
        (Method.SMS, Method.BOTH, [Channel.EMAIL, Channel.SMS]),
        (Method.BOTH, Method.SMS, [Channel.SMS]),
        (Method.SMS, Method.SMS, [Channel.SMS]),
    ],
)
def test_what_was_put_back_until_after_a_later_one_went_out_is_planned_over_the_channels_then_chosen(
    database: Database, ours: Stock, before: Method, after: Method, channels: list[Channel]
) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours, [NOW, NOW + MINUTE, NOW + DAY], method=before)
        for lease in take(session, limit=2):
            assert leases.plan_again(session, lease, send_at=NOW + DAY)
        for lease in take(session, NOW + MINUTE, limit=2):
            end(session, lease)
        deliveries.change_channels(session, reminder, before=3, to=after.channels, now=NOW + MINUTE)
        first = [one for one in reminders.deliveries_of(session, reminder.id) if one.number == 1]
        second = [one.state.value for one in reminders.deliveries_of(session, reminder.id) if one.number == 2]
    assert [(one.channel, one.state.value) for one in first] == [(channel, "planned") for channel in channels]
    stays = dict.fromkeys(before.channels, NOW + DAY)
    assert [one.send_at for one in first] == [stays.get(channel, NOW + MINUTE) for channel in channels]
    assert second == ["sent"] * len(before.channels)


def test_moments_around_a_clock_change_keep_their_order(database: Database, ours: Stock) -> None:
    # 02:30 comes twice in Stockholm on 2026-10-25: at 00:30 and at 01:30 UTC.
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with database.writing() as session:
        add_reminder(session, ours, [second, first])
        assert next_due(session, "T1") == first
        assert len(take(session, first, limit=10)) == 1
