"""Every send on a day without sends moves as rule P9 and the clinic's calendar say, and none is lost or doubled."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closed_days import ClosedDays, Move, Moved, send_dates
from bot.domain.model import PlannedOccurrence, Recurrence, Schedule, SendingHours
from bot.domain.recurrence import Course
from bot.domain.timing import (
    Postpone,
    SendNow,
    TooLate,
    decide_hour,
    largest_send_before,
    moved,
    plan,
    replan,
    send_moment,
    window,
)
from tests.unit.calendars import EveryDay, calendars, closed, moments, sending_hours

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CHRISTMAS = closed("2026-12-24", "2026-12-25", "2026-12-26", "2026-12-31", "2027-01-01", "2027-01-06")
"""Weekends, and the Swedish holidays around Christmas 2026: the 24th is a Thursday."""
HOURS = SendingHours(STOCKHOLM, closed=CHRISTMAS)
DAY = timedelta(days=1)


def _at(text: str) -> datetime:
    """A moment written in Stockholm's wall-clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def _wall(planned: list[PlannedOccurrence], hours: SendingHours = HOURS) -> list[str]:
    return [one.send_at.astimezone(hours.zone).strftime("%a %d %b %H:%M") for one in planned]


# One send


@pytest.mark.parametrize(
    ("now", "due", "send_before", "expected", "move"),
    [
        # an open day stays
        ("2026-12-01 12:00", "2026-12-23", 0, "Wed 23 Dec 09:00", None),
        # Christmas Eve: the day before
        ("2026-12-01 12:00", "2026-12-24", 0, "Wed 23 Dec 09:00", Move.EARLIER),
        # Sunday 27 December: back over Saturday, Christmas Day and Christmas Eve
        ("2026-12-01 12:00", "2027-01-03", 7, "Wed 23 Dec 09:00", Move.EARLIER),
        # a plain weekend: back to Friday, although Monday is as near to Sunday
        ("2026-12-01 12:00", "2026-12-13", 0, "Fri 11 Dec 09:00", Move.EARLIER),
        # today is the only earlier day, the send time has passed, the window is open: at once
        ("2026-12-23 19:59", "2026-12-24", 0, "Wed 23 Dec 19:59", Move.EARLIER),
        # the same a minute later: today is closed, the next open day is Monday, before the due date
        ("2026-12-23 20:00", "2026-12-31", 7, "Mon 28 Dec 09:00", Move.LATER),
        # on Christmas Eve itself, at noon: it waits for Monday 28 December
        ("2026-12-24 12:00", "2026-12-28", 4, "Mon 28 Dec 09:00", Move.LATER),
        # due on Sunday 27 December and today is the 24th: there is no day left, so it goes at once
        ("2026-12-24 12:00", "2026-12-27", 3, "Thu 24 Dec 12:00", Move.NOWHERE),
        # due on the 26th, which is planned for on the 24th: it goes on its own day
        ("2026-12-24 12:00", "2026-12-26", 0, "Sat 26 Dec 09:00", Move.NOWHERE),
        # earlier is tried before later, however near the later one is
        ("2026-12-01 12:00", "2027-01-04", 1, "Wed 30 Dec 09:00", Move.EARLIER),
    ],
)
def test_a_send_on_a_closed_day_moves_to(
    now: str, due: str, send_before: int, expected: str, move: Move | None
) -> None:
    day = date.fromisoformat(due)
    planned = plan(Course(Schedule(day, send_before)), HOURS, _at(now))
    assert _wall(planned) == [expected]
    own = day - send_before * DAY
    assert moved(day, send_before, HOURS, planned[0].send_at) == (None if move is None else Moved(own, move))


def test_the_days_before_are_refused_by_the_calendar_of_days_and_not_by_the_closed_ones() -> None:
    # Due on Monday 28 December, seen on Christmas Eve: 4 days before is today, which is closed but not over.
    assert largest_send_before(date(2026, 12, 28), HOURS, _at("2026-12-24 12:00")) == 4


# Several


def test_a_weekly_reminder_moves_off_the_holidays_and_comes_back_to_its_own_day() -> None:
    planned = plan(Course(Schedule(date(2026, 12, 17), 0, Recurrence.WEEKLY, 4)), HOURS, _at("2026-12-01 12:00"))
    # Thursdays: the 24th is Christmas Eve, the 31st New Year's Eve
    assert _wall(planned) == ["Thu 17 Dec 09:00", "Wed 23 Dec 09:00", "Wed 30 Dec 09:00", "Thu 07 Jan 09:00"]
    assert [one.due_date.day for one in planned] == [17, 24, 31, 7]


def test_a_daily_reminder_goes_on_the_weekend_too_since_its_neighbours_have_the_other_days() -> None:
    planned = plan(Course(Schedule(date(2026, 12, 11), 0, Recurrence.DAILY, 4)), HOURS, _at("2026-12-01 12:00"))
    assert _wall(planned) == ["Fri 11 Dec 09:00", "Sat 12 Dec 09:00", "Sun 13 Dec 09:00", "Mon 14 Dec 09:00"]
    moves = [moved(one.due_date, 0, HOURS, one.send_at) for one in planned]
    assert [one and one.move for one in moves] == [None, Move.NOWHERE, Move.NOWHERE, None]


def test_a_daily_reminder_that_begins_on_sunday_moves_only_its_first_send() -> None:
    planned = plan(Course(Schedule(date(2026, 12, 13), 0, Recurrence.DAILY, 3)), HOURS, _at("2026-12-01 12:00"))
    assert _wall(planned) == ["Fri 11 Dec 09:00", "Mon 14 Dec 09:00", "Tue 15 Dec 09:00"]


def test_a_daily_reminder_that_ends_on_saturday_sends_once_a_day_all_the_same() -> None:
    planned = plan(Course(Schedule(date(2026, 12, 13), 1, Recurrence.DAILY, 2)), HOURS, _at("2026-12-11 12:00"))
    # Saturday moves to today, Friday; Sunday (due Monday) finds Friday taken and waits for Monday
    assert _wall(planned) == ["Fri 11 Dec 12:00", "Mon 14 Dec 09:00"]


def test_what_is_left_of_a_daily_reminder_does_not_move_to_the_day_of_the_one_before() -> None:
    # Friday's went this morning, 3 days before its due date; what is left is planned anew at noon.
    left = Course(Schedule(date(2026, 12, 14), 3, Recurrence.DAILY, 3), next_number=2)
    assert _wall(plan(left, HOURS, _at("2026-12-11 12:00"))) == ["Sat 12 Dec 09:00", "Mon 14 Dec 09:00"]


def test_two_sends_of_one_reminder_share_no_day_where_a_holiday_lies_between_two_of_them() -> None:
    # Every 2nd day cannot be typed; the rule is asked for it: Wed 23, Fri 25, Sun 27 with due dates a week later
    own = [date(2026, 12, 23), date(2026, 12, 25), date(2026, 12, 27)]
    found = send_dates(own, [day + 7 * DAY for day in own], CHRISTMAS, earliest=date(2026, 12, 1))
    # the 25th: the 23rd is taken, no open day until the 26th, so its own; the 27th then: Monday 28
    assert [day.day for day in found] == [23, 25, 28]


@pytest.mark.parametrize("weekdays", [frozenset(range(1, 8)), frozenset({0}), frozenset({8})])
def test_a_week_without_an_open_day_is_no_calendar(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="one at least"):
        ClosedDays(weekdays)


# Clock changes, by name


def test_a_send_moved_off_the_spring_sunday_goes_out_at_the_winter_offset() -> None:
    # Sunday 29 March 2026, when the clocks go forward, moves to Friday 27: 09:00 − 1 h
    (one,) = plan(Course(Schedule(date(2026, 3, 29), 0)), HOURS, _at("2026-03-01 12:00"))
    assert one.send_at.isoformat() == "2026-03-27T08:00:00+00:00"


def test_a_send_moved_past_the_spring_sunday_goes_out_at_the_summer_offset() -> None:
    # On Saturday 28 March the only open day left is Monday 30: 09:00 − 2 h
    (one,) = plan(Course(Schedule(date(2026, 3, 30), 2)), HOURS, _at("2026-03-28 12:00"))
    assert one.send_at.isoformat() == "2026-03-30T07:00:00+00:00"


def test_a_send_moved_off_the_autumn_sunday_goes_out_once_at_the_summer_offset() -> None:
    # Sunday 25 October 2026, when the clocks go back, moves to Friday 23: 09:00 − 2 h
    (one,) = plan(Course(Schedule(date(2026, 10, 25), 0)), HOURS, _at("2026-10-01 12:00"))
    assert one.send_at.isoformat() == "2026-10-23T07:00:00+00:00"


def test_a_late_send_waits_over_the_autumn_night_for_mondays_opening_in_winter_time() -> None:
    # Monday 26 October 08:00 − 1 h
    assert decide_hour(date(2026, 10, 30), HOURS, _at("2026-10-24 12:00")) == Postpone(
        datetime(2026, 10, 26, 7, tzinfo=UTC)
    )


# On the day


@pytest.mark.parametrize(
    ("now", "due", "following", "expected"),
    [
        ("2026-12-23 12:00", "2026-12-28", None, SendNow()),  # an open day
        ("2026-12-24 12:00", "2026-12-28", None, Postpone(_at("2026-12-28 08:00"))),  # closed: the next open one
        ("2026-12-24 07:00", "2026-12-28", None, Postpone(_at("2026-12-28 08:00"))),  # before opening, just so
        ("2026-12-23 20:00", "2026-12-28", None, Postpone(_at("2026-12-28 08:00"))),  # after closing, just so
        ("2026-12-24 12:00", "2026-12-27", None, SendNow()),  # no open day is left until the due date
        ("2026-12-24 12:00", "2026-12-24", None, SendNow()),
        ("2026-12-24 07:00", "2026-12-24", None, Postpone(_at("2026-12-24 08:00"))),  # not before opening all the same
        ("2026-12-24 20:00", "2026-12-24", None, TooLate()),
        ("2026-12-24 20:00", "2026-12-26", None, Postpone(_at("2026-12-25 08:00"))),  # closed for today: the next
        ("2026-12-12 12:00", "2026-12-15", "2026-12-13", SendNow()),  # daily: Sunday has its own send
        ("2026-12-12 12:00", "2026-12-15", "2026-12-19", Postpone(_at("2026-12-14 08:00"))),  # weekly: Monday is free
    ],
)
def test_a_late_send_on_a_closed_day_waits_for_an_open_one_or_goes(
    now: str, due: str, following: str | None, expected: object
) -> None:
    after = None if following is None else date.fromisoformat(following)
    assert decide_hour(date.fromisoformat(due), HOURS, _at(now), following=after) == expected


# Planned anew


def _replanned(due: str, before: int, hours: SendingHours, now: str, *, was: SendingHours = HOURS) -> list[str]:
    planned = plan(Course(Schedule(date.fromisoformat(due), before)), was, _at("2026-12-01 12:00"))
    return _wall(replan(planned, before, hours, _at(now)), hours)


def test_another_zone_keeps_the_clinics_wall_clock() -> None:
    helsinki = dataclasses.replace(HOURS, zone=ZoneInfo("Europe/Helsinki"))
    assert _replanned("2026-12-14", 0, helsinki, "2026-12-02 12:00") == ["Mon 14 Dec 09:00"]


@pytest.mark.parametrize(
    ("zone", "due", "expected"),
    [
        # 09:00 there; Stockholm changes on 25 October and 28 March, New York on 1 November and 14 March
        ("America/New_York", "2026-12-14", "2026-12-14T14:00:00+00:00"),  # west: winter, − (−5 h)
        ("America/New_York", "2027-03-22", "2027-03-22T13:00:00+00:00"),  # summer there already
        ("Asia/Tokyo", "2027-03-30", "2027-03-30T00:00:00+00:00"),  # east, without summer time: − 9 h
        ("Australia/Lord_Howe", "2027-04-06", "2027-04-05T22:30:00+00:00"),  # after its half hour: − 10.5 h
        ("Europe/London", "2027-03-30", "2027-03-30T08:00:00+00:00"),  # summer: − 1 h
        ("UTC", "2027-03-30", "2027-03-30T09:00:00+00:00"),
    ],
)
def test_what_waits_goes_at_the_send_time_of_the_new_zone(zone: str, due: str, expected: str) -> None:
    planned = plan(Course(Schedule(date.fromisoformat(due), 0)), HOURS, _at("2026-12-01 12:00"))
    there = dataclasses.replace(HOURS, zone=ZoneInfo(zone))
    (one,) = replan(planned, 0, there, _at("2026-12-02 12:00"))
    assert one.send_at.isoformat() == expected
    assert replan([one], 0, HOURS, _at("2026-12-02 12:00")) == planned


def test_what_the_new_hours_would_have_sent_already_goes_at_once() -> None:
    # at 08:30 in Stockholm it is 09:30 in Helsinki
    helsinki = dataclasses.replace(HOURS, zone=ZoneInfo("Europe/Helsinki"))
    assert _replanned("2026-12-14", 0, helsinki, "2026-12-14 08:30") == ["Mon 14 Dec 09:30"]


def test_what_the_new_hours_leave_no_moment_for_keeps_the_one_it_has() -> None:
    # at 08:30 in Stockholm it is 20:30 in Auckland, and its day there is over
    auckland = dataclasses.replace(HOURS, zone=ZoneInfo("Pacific/Auckland"))
    assert _replanned("2026-12-14", 0, auckland, "2026-12-14 08:30") == []


def test_a_day_that_is_no_longer_open_is_left_and_one_that_is_again_is_taken_back() -> None:
    every_day = SendingHours(STOCKHOLM)
    assert _replanned("2026-12-24", 0, HOURS, "2026-12-02 12:00", was=every_day) == ["Wed 23 Dec 09:00"]
    assert _replanned("2026-12-24", 0, every_day, "2026-12-02 12:00", was=HOURS) == ["Thu 24 Dec 09:00"]


def test_what_moved_to_a_later_day_stays_there_while_that_day_is_open() -> None:
    planned = plan(Course(Schedule(date(2026, 12, 30), 5)), HOURS, _at("2026-12-25 12:00"))
    assert _wall(planned) == ["Mon 28 Dec 09:00"]
    later = dataclasses.replace(HOURS, send_time=time(10))
    assert _wall(replan(planned, 5, later, _at("2026-12-27 12:00"))) == ["Mon 28 Dec 10:00"]
    monday_too = dataclasses.replace(HOURS, closed=closed(weekdays=frozenset({1, 6, 7})))
    assert _wall(replan(planned, 5, monday_too, _at("2026-12-27 12:00"))) == ["Tue 29 Dec 09:00"]


def test_nothing_moves_to_a_day_on_which_the_occurrence_before_it_went() -> None:
    # Daily, 3 days before: Friday's was sent this morning. Saturday's may not follow it at noon.
    hours = SendingHours(STOCKHOLM)
    planned = plan(Course(Schedule(date(2026, 12, 14), 3, Recurrence.DAILY, 3)), hours, _at("2026-12-01 12:00"))
    (_, *waiting) = planned
    anew = replan(waiting, 3, HOURS, _at("2026-12-11 12:00"), previous=planned[0].due_date)
    assert _wall(anew) == ["Sat 12 Dec 09:00", "Mon 14 Dec 09:00"]


# Whatever the calendar


schedules = st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(Recurrence), st.integers(2, 30))


def _schedule(today: date, drawn: tuple[int, int, Recurrence, int]) -> Schedule:
    ahead, before, recurrence, repetitions = drawn
    once = recurrence is Recurrence.NONE
    return Schedule(today + ahead * DAY, min(ahead, before), recurrence, 1 if once else repetitions)


@given(moments, sending_hours(), schedules, st.data())
def test_every_plan_keeps_to_the_rule(
    now: datetime, hours: SendingHours, drawn: tuple[int, int, Recurrence, int], data: st.DataObject
) -> None:
    today = hours.today(now)
    hours = dataclasses.replace(hours, closed=data.draw(calendars(today)))
    schedule = _schedule(today, drawn)
    largest = largest_send_before(schedule.due_date, hours, now)
    if largest is None or schedule.send_before > largest:
        return
    planned = plan(Course(schedule), hours, now)
    unclosed = plan(Course(schedule), SendingHours(hours.zone, hours.send_time, hours.opens, hours.closes), now)
    assert [(one.number, one.due_date) for one in planned] == [(one.number, one.due_date) for one in unclosed]
    assert all(earlier.send_at < later.send_at for earlier, later in itertools.pairwise(planned))
    first = today if now < window(today, hours).closes else today + DAY
    taken: set[date] = set()
    for one, following in itertools.zip_longest(planned, planned[1:]):
        own = one.due_date - schedule.send_before * DAY
        day = next(day for day in _around(own, one.due_date, first) if one.send_at == max(send_moment(day, hours), now))
        assert first <= day <= one.due_date
        assert window(day, hours).opens <= one.send_at < window(day, hours).closes
        next_own = None if following is None else following.due_date - schedule.send_before * DAY
        free = [
            candidate
            for candidate in _around(own, one.due_date, first)
            if candidate not in hours.closed
            and candidate not in taken
            and (not taken or candidate > max(taken))
            and (next_own is None or candidate < next_own)
        ]
        earlier = [candidate for candidate in free if candidate <= own]
        later = [candidate for candidate in free if candidate > own]
        expected = own if own not in hours.closed else earlier[-1] if earlier else later[0] if later else own
        assert day == expected
        taken.add(day)
        assert decide_hour(one.due_date, hours, one.send_at, following=next_own) == SendNow()


def _around(own: date, due: date, first: date) -> list[date]:
    """Every day on which an occurrence could go."""
    return [first + number * DAY for number in range((due - first).days + 1)] if first <= own else []


@given(moments, sending_hours(), st.integers(-2, 40), st.integers(1, 40), st.booleans(), st.data())
def test_no_send_is_lost_on_the_day_whatever_the_calendar(
    now: datetime, hours: SendingHours, ahead: int, gap: int, recurs: bool, data: st.DataObject
) -> None:
    today = hours.today(now)
    hours = dataclasses.replace(hours, closed=data.draw(calendars(today)))
    due = today + ahead * DAY
    following = today + gap * DAY if recurs else None
    decision = decide_hour(due, hours, now, following=following)
    if isinstance(decision, TooLate):
        assert largest_send_before(due, hours, now) is None
    elif isinstance(decision, Postpone):
        assert now < decision.until < window(due, hours).closes
        assert decide_hour(due, hours, decision.until, following=following) == SendNow()
    else:
        assert largest_send_before(due, hours, now) is not None
        assert today not in hours.closed or not [
            day
            for day in (today + number * DAY for number in range(1, ahead + 1))
            if day not in hours.closed and (following is None or day < following)
        ]


@given(moments, sending_hours(), sending_hours(), schedules, st.integers(0, 70 * 24), st.data())
def test_planning_anew_loses_nothing_and_twice_changes_nothing(
    now: datetime,
    before: SendingHours,
    after: SendingHours,
    drawn: tuple[int, int, Recurrence, int],
    wait: int,
    data: st.DataObject,
) -> None:
    before = dataclasses.replace(before, closed=data.draw(calendars(before.today(now))))
    after = dataclasses.replace(after, closed=data.draw(calendars(before.today(now))))
    schedule = _schedule(before.today(now), drawn)
    largest = largest_send_before(schedule.due_date, before, now)
    if largest is None or schedule.send_before > largest:
        return
    later = now + timedelta(hours=wait)
    planned = plan(Course(schedule), before, now)
    waiting = [one for one in planned if one.send_at > later]
    anew = replan(waiting, schedule.send_before, after, later)
    lost = [one for one in waiting if largest_send_before(one.due_date, after, later) is None]
    assert [one.number for one in [*lost, *anew]] == [one.number for one in waiting]
    for one in anew:
        assert one.send_at >= later
        day = one.send_at.astimezone(after.zone).date()
        assert day <= one.due_date or one.send_at < window(one.due_date, after).closes
    in_time = [one for one in anew if one.due_date - schedule.send_before * DAY > after.today(later)]
    assert all(first.send_at < second.send_at for first, second in itertools.pairwise(in_time))
    still = [one for one in anew if one.send_at > later]
    # As the store does: what goes just now waits no more, and its day is taken.
    previous = next((one.due_date for one in planned if still and one.number == still[0].number - 1), None)
    assert replan(still, schedule.send_before, after, later, previous=previous) == still


def test_a_country_that_never_works_gets_everything_on_its_own_day() -> None:
    hours = SendingHours(STOCKHOLM, closed=ClosedDays(frozenset(), EveryDay()))
    planned = plan(Course(Schedule(date(2026, 12, 14), 3, Recurrence.MONTHLY, 3)), hours, _at("2026-12-01 12:00"))
    assert _wall(planned) == ["Fri 11 Dec 09:00", "Mon 11 Jan 09:00", "Thu 11 Feb 09:00"]
