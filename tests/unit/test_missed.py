"""What is sent, told to staff or left out of what a paused reminder missed?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.missed import merged
from bot.domain.model import PlannedOccurrence, SendingHours
from bot.domain.timing import TooLate, decide_hour

HOURS = SendingHours(ZoneInfo("Europe/Stockholm"))
NOW = datetime(2026, 12, 10, 9, 30, tzinfo=UTC)
"""A Thursday, 10:30 in Stockholm: the window is open."""
NIGHT = datetime(2026, 12, 10, 20, 0, tzinfo=UTC)
"""21:00: nothing more is sent today."""


def due(number: int, day: int, before: int = 0) -> PlannedOccurrence:
    sends = datetime(2026, 12, day, 8, tzinfo=UTC) - timedelta(days=before)
    return PlannedOccurrence(number, date(2026, 12, day), sends)


@pytest.mark.parametrize(
    ("planned", "now", "expected"),
    [
        ([], NOW, set()),
        ([due(1, 11), due(2, 12)], NOW, set()),  # nothing missed
        ([due(1, 10)], NOW, set()),  # goes now
        ([due(1, 9)], NOW, set()),  # told to staff
        ([due(1, 9), due(2, 10), due(3, 11)], NOW, set()),  # one of each, and one to come
        ([due(1, 7), due(2, 8), due(3, 9), due(4, 11)], NOW, {1, 2}),  # only the newest is told to staff
        ([due(4, 11, 5), due(5, 12, 5), due(6, 13, 5)], NOW, {4, 5}),  # only the newest goes
        ([due(3, 9), due(1, 7), due(2, 8), due(5, 12, 5), due(4, 11, 5)], NOW, {1, 2, 4}),  # in any order
        ([due(1, 9), due(2, 10)], NIGHT, {1}),  # today is too late as well
        ([due(1, 10, 1), due(2, 11, 1)], NIGHT, set()),  # the second one goes tomorrow morning
    ],
)
def test_of_what_was_missed_the_newest_of_each_kind_stays(
    planned: list[PlannedOccurrence], now: datetime, expected: set[int]
) -> None:
    assert merged(planned, HOURS, now) == expected


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 10)), max_size=12),
    st.integers(0, 60 * 24 * 40),
)
def test_at_most_one_is_sent_at_once_one_told_and_none_to_come_is_lost(
    days: list[tuple[int, int]], minutes: int
) -> None:
    planned = [due(number, day, before) for number, (day, before) in enumerate(sorted(days), 1)]
    now = datetime(2026, 11, 25, tzinfo=UTC) + timedelta(minutes=minutes)
    left = [one for one in planned if one.number not in merged(planned, HOURS, now)]
    missed = [one for one in left if one.send_at <= now]
    late = [one for one in missed if isinstance(decide_hour(one.due_date, HOURS, now), TooLate)]
    assert len(late) <= 1
    assert len(missed) - len(late) <= 1
    assert [one for one in planned if one.send_at > now] == [one for one in left if one.send_at > now]
    was_missed = [one for one in planned if one.send_at <= now]
    assert bool(was_missed) == bool(missed)
