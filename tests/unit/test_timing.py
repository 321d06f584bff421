"""Every reminder goes out at one moment, within its clinic's hours, or is refused with what would work."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Field, Refused
from bot.domain.messages import Message
from bot.domain.model import PlannedOccurrence, Recurrence, Schedule, SendingHours
from bot.domain.recurrence import Course
from bot.domain.timing import (
    Postpone,
    SendNow,
    TooLate,
    decide_hour,
    due_date_problem,
    largest_send_before,
    plan,
    send_before_problem,
    send_moment,
    window,
)
from tests.unit.calendars import days, moments, sending_hours

STOCKHOLM = SendingHours(ZoneInfo("Europe/Stockholm"))
MONDAY = date(2026, 5, 4)
TUESDAY = date(2026, 5, 5)
NIGHTLY = SendingHours(ZoneInfo("Europe/Stockholm"), send_time=time(2, 30), opens=time(2), closes=time(2, 45))


def _at(text: str) -> datetime:
    """A moment written in Stockholm's wall-clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


def _refusals(schedule: Schedule, now: datetime, hours: SendingHours = STOCKHOLM) -> dict[Field, Message]:
    with pytest.raises(Refused) as caught:
        plan(Course(schedule), hours, now)
    return caught.value.refusals


# Send moments


@pytest.mark.parametrize(
    ("day", "send_time", "expected"),
    [
        ("2026-01-15", time(9), "2026-01-15T08:00:00+00:00"),  # winter: 09:00 − 1 h
        ("2026-07-15", time(9), "2026-07-15T07:00:00+00:00"),  # summer: 09:00 − 2 h
        ("2026-03-28", time(9), "2026-03-28T08:00:00+00:00"),  # the day before the clocks go forward: − 1 h
        ("2026-03-29", time(9), "2026-03-29T07:00:00+00:00"),  # the day they do: − 2 h
        ("2026-10-24", time(9), "2026-10-24T07:00:00+00:00"),  # the day before they go back: − 2 h
        ("2026-10-25", time(9), "2026-10-25T08:00:00+00:00"),  # the day they do: − 1 h
    ],
)
def test_the_send_moment_is_the_clinics_send_time_on_both_sides_of_a_clock_change(
    day: str, send_time: time, expected: str
) -> None:
    hours = SendingHours(ZoneInfo("Europe/Stockholm"), send_time=send_time)
    assert send_moment(date.fromisoformat(day), hours).isoformat() == expected


def test_a_send_time_that_the_spring_night_skips_means_one_moment() -> None:
    # 02:30 does not exist on 29 March; with the offset before the change it is 02:30 − 1 h = 01:30 UTC = 03:30 summer
    moment = send_moment(date(2026, 3, 29), NIGHTLY)
    assert moment.isoformat() == "2026-03-29T01:30:00+00:00"
    assert moment.astimezone(NIGHTLY.zone).time() == time(3, 30)


def test_a_send_time_that_the_autumn_night_shows_twice_means_the_first() -> None:
    # 02:30 comes at 00:30 UTC (summer) and at 01:30 UTC (winter)
    assert send_moment(date(2026, 10, 25), NIGHTLY).isoformat() == "2026-10-25T00:30:00+00:00"


def test_a_reminder_goes_out_on_the_spring_night_that_swallows_its_whole_window() -> None:
    planned = plan(Course(Schedule(date(2026, 3, 29), 0)), NIGHTLY, _at("2026-03-28 12:00"))
    assert decide_hour(date(2026, 3, 29), NIGHTLY, planned[0].send_at) == SendNow()


def test_a_window_whose_end_the_spring_night_reaches_too_early_stays_open_for_an_hour() -> None:
    # sent at 02:30, which is 03:30 that night; closing at 03:30 would leave no moment, so it closes at 04:30
    hours = SendingHours(ZoneInfo("Europe/Stockholm"), send_time=time(2, 30), opens=time(2), closes=time(3, 30))
    assert window(date(2026, 3, 29), hours).closes == _at("2026-03-29 04:30")


def test_a_reminder_goes_out_once_on_the_autumn_night_that_has_its_window_twice() -> None:
    planned = plan(Course(Schedule(date(2026, 10, 25), 0)), NIGHTLY, _at("2026-10-24 12:00"))
    assert [occurrence.send_at.isoformat() for occurrence in planned] == ["2026-10-25T00:30:00+00:00"]


@given(days, sending_hours())
def test_the_send_moment_shows_the_send_time_wherever_that_time_exists(day: date, hours: SendingHours) -> None:
    wall = send_moment(day, hours).astimezone(hours.zone)
    naive = datetime.combine(day, hours.send_time)
    skipped = naive.replace(tzinfo=hours.zone).utcoffset() != naive.replace(tzinfo=hours.zone, fold=1).utcoffset()
    if wall.replace(tzinfo=None) != naive:
        assert skipped, "moved although the clock shows this time"
        assert wall.replace(tzinfo=None) > naive


@given(days, sending_hours())
def test_the_send_moment_lies_in_its_days_window_in_every_zone(day: date, hours: SendingHours) -> None:
    found = window(day, hours)
    assert found.opens <= send_moment(day, hours) < found.closes


@given(days, sending_hours())
def test_send_moments_of_following_days_follow_each_other_in_every_zone(day: date, hours: SendingHours) -> None:
    assert send_moment(day, hours) < send_moment(day + timedelta(days=1), hours)


# Plans


@pytest.mark.parametrize(
    ("now", "due", "send_before", "expected"),
    [
        # due in 3 days, 1 before: Wednesday 6 May 09:00 summer time = 07:00 UTC
        ("2026-05-04 12:00", "2026-05-07", 1, "2026-05-06T07:00:00+00:00"),
        # due today, before the send time: at the send time
        ("2026-05-04 07:15", "2026-05-04", 0, "2026-05-04T07:00:00+00:00"),
        # the very moment of the send time: that moment
        ("2026-05-04 09:00", "2026-05-04", 0, "2026-05-04T07:00:00+00:00"),
        # send date today, send time passed, window open: at once, 12:00 − 2 h
        ("2026-05-04 12:00", "2026-05-04", 0, "2026-05-04T10:00:00+00:00"),
        ("2026-05-04 12:00", "2026-05-05", 1, "2026-05-04T10:00:00+00:00"),
        # the last moment of the window
        ("2026-05-04 19:59:59", "2026-05-04", 0, "2026-05-04T17:59:59+00:00"),
        # closed for today: tomorrow at the send time
        ("2026-05-04 20:00", "2026-05-05", 0, "2026-05-05T07:00:00+00:00"),
        # a due date in winter planned in summer: 09:00 − 1 h
        ("2026-05-04 12:00", "2026-11-30", 0, "2026-11-30T08:00:00+00:00"),
    ],
)
def test_a_reminder_is_planned_for(now: str, due: str, send_before: int, expected: str) -> None:
    planned = plan(Course(Schedule(date.fromisoformat(due), send_before)), STOCKHOLM, _at(now))
    assert planned == [PlannedOccurrence(1, date.fromisoformat(due), datetime.fromisoformat(expected))]


def test_a_monthly_reminder_is_sent_each_time_the_same_days_before() -> None:
    planned = plan(Course(Schedule(date(2027, 1, 31), 3, Recurrence.MONTHLY, 4)), STOCKHOLM, _at("2026-12-01 12:00"))
    # 31 Jan − 3 = 28 Jan; 28 Feb − 3 = 25 Feb; 31 Mar − 3 = 28 Mar (the clocks change); 30 Apr − 3 = 27 Apr
    assert [(o.number, o.send_at.isoformat()) for o in planned] == [
        (1, "2027-01-28T08:00:00+00:00"),
        (2, "2027-02-25T08:00:00+00:00"),
        (3, "2027-03-28T07:00:00+00:00"),
        (4, "2027-04-27T07:00:00+00:00"),
    ]


def test_a_daily_reminder_sent_days_before_goes_out_once_a_day_from_the_first_send_date() -> None:
    # due Thursday, Friday, Saturday, each 3 days before: today (at once, 12:00), Tuesday 09:00, Wednesday 09:00
    planned = plan(Course(Schedule(date(2026, 5, 7), 3, Recurrence.DAILY, 3)), STOCKHOLM, _at("2026-05-04 12:00"))
    assert [(o.due_date.day, o.send_at.isoformat()) for o in planned] == [
        (7, "2026-05-04T10:00:00+00:00"),
        (8, "2026-05-05T07:00:00+00:00"),
        (9, "2026-05-06T07:00:00+00:00"),
    ]


def test_a_daily_reminder_whose_first_send_date_has_passed_is_refused_as_a_whole() -> None:
    # due Thursday, 4 before = Sunday, which is over, though the later ones would still work
    refusals = _refusals(Schedule(date(2026, 5, 7), 4, Recurrence.DAILY, 3), _at("2026-05-04 12:00"))
    assert "at most 3 days" in str(refusals[Field.SEND_BEFORE])


@given(
    moments,
    sending_hours(),
    st.integers(0, 400),
    st.integers(0, 400),
    st.sampled_from(Recurrence),
    st.integers(2, 99),
)
def test_no_planned_send_is_past_or_out_of_order_or_out_of_hours(
    now: datetime, hours: SendingHours, ahead: int, before: int, recurrence: Recurrence, repetitions: int
) -> None:
    due = hours.today(now) + timedelta(days=ahead)
    once = recurrence is Recurrence.NONE
    schedule = Schedule(due, before, recurrence, 1 if once else repetitions)
    largest = largest_send_before(due, hours, now)
    if largest is None or before > largest:
        with pytest.raises(Refused):
            plan(Course(schedule), hours, now)
        return
    planned = plan(Course(schedule), hours, now)
    assert len(planned) == (1 if once else repetitions)
    assert planned[0].due_date == due
    assert [o.number for o in planned] == list(range(1, len(planned) + 1))
    assert all(earlier.send_at < later.send_at for earlier, later in itertools.pairwise(planned))
    for occurrence in planned:
        send_date = occurrence.due_date - timedelta(days=before)
        assert occurrence.send_at >= now
        assert occurrence.send_at == max(now, send_moment(send_date, hours))
        assert window(send_date, hours).opens <= occurrence.send_at < window(send_date, hours).closes


@given(moments, sending_hours(), st.integers(-3, 7000))
def test_the_largest_send_before_is_exactly_the_frontier(now: datetime, hours: SendingHours, ahead: int) -> None:
    due = hours.today(now) + timedelta(days=ahead)
    largest = largest_send_before(due, hours, now)
    if largest is None:
        with pytest.raises(Refused):
            plan(Course(Schedule(due, 0)), hours, now)
        return
    assert plan(Course(Schedule(due, largest)), hours, now)
    with pytest.raises(Refused) as caught:
        plan(Course(Schedule(due, largest + 1)), hours, now)
    assert list(caught.value.refusals) == [Field.SEND_BEFORE]
    says = f"at most {largest} day" if largest else "enter 0"
    assert says in str(caught.value.refusals[Field.SEND_BEFORE])


# Refusals


@pytest.mark.parametrize(
    ("now", "due", "send_before", "says"),
    [
        # due tomorrow: 1 before is today, still open
        ("2026-05-04 12:00", TUESDAY, 5, "at most 1 day before"),
        # due tomorrow, closed for today: only the day itself
        ("2026-05-04 20:00", TUESDAY, 1, "enter 0"),
        ("2026-05-04 12:00", MONDAY, 1, "enter 0"),
        # 10 May − 4 May = 6 days
        ("2026-05-04 12:00", date(2026, 5, 10), 7, "at most 6 days before"),
        ("2026-05-04 12:00", date(2026, 5, 10), 10**30, "at most 6 days before"),
        ("2026-05-04 12:00", date(2026, 5, 10), -1, "0 or more"),
    ],
)
def test_a_number_of_days_that_cannot_be_kept_is_refused_with_the_largest_that_can(
    now: str, due: date, send_before: int, says: str
) -> None:
    refusals = _refusals(Schedule(due, send_before), _at(now))
    assert list(refusals) == [Field.SEND_BEFORE]
    assert says in str(refusals[Field.SEND_BEFORE])


@pytest.mark.parametrize(
    ("now", "due", "says"),
    [
        ("2026-05-04 12:00", date(2026, 5, 3), "today or a later day"),
        ("2026-05-04 12:00", date.min, "today or a later day"),
        ("2026-05-04 20:00", MONDAY, "tomorrow or a later day"),
        ("2026-05-04 23:59", MONDAY, "tomorrow or a later day"),
        ("2026-05-04 12:00", date(2046, 5, 5), "Check the year"),
        ("2026-05-04 12:00", date.max, "Check the year"),
    ],
)
def test_a_due_date_that_cannot_be_kept_is_refused_under_its_own_field_alone(now: str, due: date, says: str) -> None:
    refusals = _refusals(Schedule(due, 3 if due < TUESDAY else 0), _at(now))
    assert list(refusals) == [Field.DUE_DATE]
    assert says in str(refusals[Field.DUE_DATE])


def test_a_due_date_exactly_20_years_ahead_is_accepted() -> None:
    assert due_date_problem(date(2046, 5, 4), STOCKHOLM, _at("2026-05-04 12:00")) is None


def test_today_is_the_clinics_day_and_not_the_servers() -> None:
    # 23:30 UTC on 3 May is 01:30 on 4 May in Stockholm
    now = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)
    assert due_date_problem(date(2026, 5, 3), STOCKHOLM, now) is not None
    assert due_date_problem(MONDAY, STOCKHOLM, now) is None


def test_every_wrong_field_is_named_at_once() -> None:
    schedule = Schedule(date(2026, 5, 3), -1)
    assert set(_refusals(schedule, _at("2026-05-04 12:00"))) == {Field.DUE_DATE, Field.SEND_BEFORE}


def test_a_number_of_days_is_accepted_up_to_the_largest() -> None:
    assert send_before_problem(TUESDAY, 1, STOCKHOLM, _at("2026-05-04 19:59")) is None


def test_a_naive_now_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        plan(Course(Schedule(MONDAY, 0)), STOCKHOLM, datetime(2026, 5, 4, 12))  # noqa: DTZ001  # naive is the point


# On the day


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("2026-05-04 09:00", MONDAY, SendNow()),
        ("2026-05-04 08:00", MONDAY, SendNow()),  # opens is included
        ("2026-05-04 19:59:59", MONDAY, SendNow()),
        ("2026-05-04 07:59:59", MONDAY, Postpone(_at("2026-05-04 08:00"))),
        ("2026-05-04 20:00", TUESDAY, Postpone(_at("2026-05-05 08:00"))),  # closes is excluded
        ("2026-05-04 23:59", TUESDAY, Postpone(_at("2026-05-05 08:00"))),
        ("2026-05-04 20:00", MONDAY, TooLate()),  # no window is left on the due date
        ("2026-05-05 00:00", MONDAY, TooLate()),
        ("2026-05-07 12:00", MONDAY, TooLate()),  # three days down
        ("2026-05-04 12:00", date(2026, 5, 7), SendNow()),  # late after downtime, still before the due date
        # the night the clocks go forward: 08:00 summer time is 06:00 UTC
        ("2026-03-28 21:00", date(2026, 3, 29), Postpone(datetime(2026, 3, 29, 6, tzinfo=UTC))),
    ],
)
def test_at_dispatch_the_hour_decides(now: str, due: date, expected: object) -> None:
    assert decide_hour(due, STOCKHOLM, _at(now)) == expected


@given(moments, sending_hours(), st.integers(-2, 3))
def test_a_postponed_reminder_is_sent_at_its_new_moment(now: datetime, hours: SendingHours, ahead: int) -> None:
    due = hours.today(now) + timedelta(days=ahead)
    decision = decide_hour(due, hours, now)
    if isinstance(decision, Postpone):
        assert decision.until > now
        assert decide_hour(due, hours, decision.until) == SendNow()
    elif isinstance(decision, TooLate):
        assert largest_send_before(due, hours, now) is None
    else:
        assert largest_send_before(due, hours, now) is not None


@given(moments, sending_hours(), st.integers(0, 30))
def test_what_was_planned_may_be_sent_at_its_moment(now: datetime, hours: SendingHours, ahead: int) -> None:
    due = hours.today(now) + timedelta(days=ahead)
    if largest_send_before(due, hours, now) is None:
        return
    planned = plan(Course(Schedule(due, 0)), hours, now)[0]
    assert decide_hour(due, hours, planned.send_at) == SendNow()
