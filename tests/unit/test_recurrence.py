"""Due dates are counted from the anchor by the calendar (rules P7 and P9)."""

from __future__ import annotations

import calendar
import dataclasses
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Field, Refused
from bot.domain.model import Recurrence, Schedule
from bot.domain.recurrence import MOST_REPETITIONS, Course, due_dates, repetitions_problem

MONTHS = {
    Recurrence.MONTHLY: 1,
    Recurrence.EVERY_2_MONTHS: 2,
    Recurrence.EVERY_3_MONTHS: 3,
    Recurrence.EVERY_6_MONTHS: 6,
    Recurrence.YEARLY: 12,
}
DAYS = {Recurrence.DAILY: 1, Recurrence.WEEKLY: 7, Recurrence.EVERY_2_WEEKS: 14}
anchors = st.dates(date(2000, 1, 1), date(2200, 12, 31))
counts = st.integers(2, MOST_REPETITIONS)


def _schedule(anchor: date, recurrence: Recurrence, repetitions: int) -> Schedule:
    return Schedule(anchor, 0, recurrence, repetitions)


@pytest.mark.parametrize(
    ("anchor", "recurrence", "expected"),
    [
        # 31 January + k months: the month's last day where it has no 31st, and the 31st again where it has
        ("2026-01-31", Recurrence.MONTHLY, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        # the same in a leap year
        ("2028-01-31", Recurrence.MONTHLY, ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
        # 29 February + k years: the 28th in common years, the 29th in the next leap year
        ("2024-02-29", Recurrence.YEARLY, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        # 31 December + 2 months is the end of February, + 4 months 30 April
        ("2026-12-31", Recurrence.EVERY_2_MONTHS, ["2026-12-31", "2027-02-28", "2027-04-30"]),
        # 30 November + 3 months is 28 February, + 6 months 30 May again
        ("2026-11-30", Recurrence.EVERY_3_MONTHS, ["2026-11-30", "2027-02-28", "2027-05-30"]),
        # 31 August + 6 months is 28 February, + 12 months 31 August again
        ("2026-08-31", Recurrence.EVERY_6_MONTHS, ["2026-08-31", "2027-02-28", "2027-08-31"]),
        # 28 December + 7 k days goes over the year's end
        ("2026-12-28", Recurrence.WEEKLY, ["2026-12-28", "2027-01-04"]),
        # 20 February + 14 k days over a 29 February
        ("2028-02-20", Recurrence.EVERY_2_WEEKS, ["2028-02-20", "2028-03-05"]),
        # 28 March + k days over the night the clocks change: the calendar does not notice
        ("2026-03-28", Recurrence.DAILY, ["2026-03-28", "2026-03-29", "2026-03-30"]),
    ],
)
def test_due_dates_follow_the_calendar_from_the_anchor(
    anchor: str, recurrence: Recurrence, expected: list[str]
) -> None:
    found = due_dates(_schedule(date.fromisoformat(anchor), recurrence, len(expected)))
    assert [day.isoformat() for day in found] == expected


def test_without_recurrence_the_due_date_stands_alone() -> None:
    assert due_dates(Schedule(date(2026, 5, 4), 3)) == [date(2026, 5, 4)]


def test_every_recurrence_has_an_interval() -> None:
    for recurrence in set(Recurrence) - {Recurrence.NONE}:
        assert len(due_dates(_schedule(date(2026, 1, 31), recurrence, 2))) == 2


@given(anchors, st.sampled_from(sorted(MONTHS)), counts)
def test_occurrence_k_is_k_months_on_with_the_anchors_day_or_the_months_last(
    anchor: date, recurrence: Recurrence, repetitions: int
) -> None:
    found = due_dates(_schedule(anchor, recurrence, repetitions))
    for k, day in enumerate(found):
        months = anchor.year * 12 + anchor.month - 1 + k * MONTHS[recurrence]
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        assert day == date(year, month + 1, min(anchor.day, last))


@given(anchors, st.sampled_from(sorted(DAYS)), counts)
def test_occurrence_k_is_k_times_the_days_on(anchor: date, recurrence: Recurrence, repetitions: int) -> None:
    found = due_dates(_schedule(anchor, recurrence, repetitions))
    assert [(day - anchor).days for day in found] == [k * DAYS[recurrence] for k in range(repetitions)]


@given(anchors, st.sampled_from(sorted(set(Recurrence) - {Recurrence.NONE})), counts)
def test_due_dates_begin_at_the_anchor_and_strictly_increase(
    anchor: date, recurrence: Recurrence, repetitions: int
) -> None:
    found = due_dates(_schedule(anchor, recurrence, repetitions))
    assert len(found) == repetitions
    assert found[0] == anchor
    assert all(earlier < later for earlier, later in itertools.pairwise(found))


@pytest.mark.parametrize("repetitions", [-1, 0, 1, 100, 10**6])
def test_a_recurring_reminder_repeats_2_to_99_times(repetitions: int) -> None:
    with pytest.raises(Refused) as caught:
        due_dates(_schedule(date(2026, 5, 4), Recurrence.WEEKLY, repetitions))
    assert list(caught.value.refusals) == [Field.REPETITIONS]
    assert "2 to 99" in str(caught.value.refusals[Field.REPETITIONS])


@pytest.mark.parametrize("repetitions", [2, 99])
def test_2_and_99_repetitions_are_accepted(repetitions: int) -> None:
    assert repetitions_problem(Recurrence.DAILY, repetitions) is None


@pytest.mark.parametrize("repetitions", [-1, 0, 2, 10**6])
def test_without_recurrence_only_once_is_accepted(repetitions: int) -> None:
    problem = repetitions_problem(Recurrence.NONE, repetitions)
    assert problem is not None
    assert "enter 1" in str(problem)
    assert repetitions_problem(Recurrence.NONE, 1) is None


@pytest.mark.parametrize(
    ("anchor", "recurrence", "repetitions", "says"),
    [
        # 9990 + 9 years is 9999, + 10 years is beyond: ten fit
        (date(9990, 1, 1), Recurrence.YEARLY, 11, "at most 10"),
        # 30 December, 31 December, and then the calendar ends: two fit
        (date(9999, 12, 30), Recurrence.DAILY, 3, "at most 2"),
        (date(9999, 12, 31), Recurrence.DAILY, 2, "earlier due date"),
        (date(9999, 11, 30), Recurrence.EVERY_2_MONTHS, 2, "earlier due date"),
    ],
)
def test_the_end_of_the_calendar_is_a_refusal(
    anchor: date, recurrence: Recurrence, repetitions: int, says: str
) -> None:
    with pytest.raises(Refused) as caught:
        due_dates(_schedule(anchor, recurrence, repetitions))
    assert says in str(caught.value.refusals[Field.REPETITIONS])


def test_as_many_as_fit_before_the_end_of_the_calendar_are_accepted() -> None:
    assert due_dates(_schedule(date(9990, 1, 1), Recurrence.YEARLY, 10))[-1] == date(9999, 1, 1)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A recurring reminder that was perhaps planned anew once, and has come some way."""
    first = draw(st.integers(1, 5))
    times = draw(st.integers(2, MOST_REPETITIONS - first + 1))  # in all at most as many as can be typed
    schedule = _schedule(draw(anchors), draw(st.sampled_from([*MONTHS, *DAYS])), times)
    return Course(schedule, first, first + draw(st.integers(0, schedule.repetitions - 1)))


def _as_shown(course: Course) -> Schedule:
    schedule = course.schedule
    return Schedule(course.next_due_date, schedule.send_before, schedule.recurrence, course.times)


def _left(course: Course) -> list[date]:
    return due_dates(course.schedule)[course.passed :]


@given(courses(), st.integers(0, 30))
def test_what_is_saved_as_it_was_shown_keeps_every_due_date(course: Course, send_before: int) -> None:
    changed = course.changed_to(dataclasses.replace(_as_shown(course), send_before=send_before))
    assert _left(changed) == _left(course)
    assert changed.schedule.send_before == send_before
    assert (changed.next_number, changed.times) == (course.next_number, course.times)


@given(courses(), st.data())
def test_more_or_fewer_times_go_on_from_the_same_anchor(course: Course, data: st.DataObject) -> None:
    left = data.draw(st.integers(1, MOST_REPETITIONS - course.next_number + 1))
    changed = course.changed_to(dataclasses.replace(_as_shown(course), repetitions=course.next_number - 1 + left))
    assert len(_left(changed)) == left
    shared = min(left, len(_left(course)))
    assert _left(changed)[:shared] == _left(course)[:shared]
    assert changed.times == course.next_number - 1 + left


@given(courses(), st.integers(1, 400))
def test_another_next_due_date_becomes_the_anchor(course: Course, days: int) -> None:
    moved = course.next_due_date + timedelta(days=days)
    changed = course.changed_to(dataclasses.replace(_as_shown(course), due_date=moved))
    assert changed.schedule.due_date == moved == _left(changed)[0]
    assert (changed.first_number, changed.next_number) == (course.next_number, course.next_number)
    assert changed.times == course.times


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # 31 January monthly × 4, the first one over. Shown: 28 February, 4 times.
        (Schedule(date(2027, 2, 28), 0, Recurrence.MONTHLY, 4), ["2027-02-28", "2027-03-31", "2027-04-30"]),
        (Schedule(date(2027, 2, 28), 3, Recurrence.MONTHLY, 3), ["2027-02-28", "2027-03-31"]),
        (Schedule(date(2027, 2, 28), 0, Recurrence.MONTHLY, 2), ["2027-02-28"]),
        (Schedule(date(2027, 2, 27), 0, Recurrence.MONTHLY, 4), ["2027-02-27", "2027-03-27", "2027-04-27"]),
        (Schedule(date(2027, 2, 28), 0, Recurrence.WEEKLY, 4), ["2027-02-28", "2027-03-07", "2027-03-14"]),
        (Schedule(date(2027, 2, 28), 0, Recurrence.NONE, 1), ["2027-02-28"]),
    ],
)
def test_a_month_end_that_began_in_january(typed: Schedule, expected: list[str]) -> None:
    begun = Course(_schedule(date(2027, 1, 31), Recurrence.MONTHLY, 4), 1, 2)
    assert [day.isoformat() for day in _left(begun.changed_to(typed))] == expected
