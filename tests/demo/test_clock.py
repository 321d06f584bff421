from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.clock import MovableClock
from bot.demo.skips import Skips, same_time_next_day

START = datetime(2026, 3, 28, 9, 30, tzinfo=UTC)


def test_the_clock_runs_from_where_it_was_set_and_jumps_forward_only() -> None:
    clock = MovableClock(START)
    assert timedelta() <= clock.now() - START < timedelta(seconds=5)
    told: list[datetime] = []
    stop = clock.subscribe(told.append)
    clock.move_to(START + timedelta(days=30))
    assert told == [START + timedelta(days=30)]
    assert clock.now() >= START + timedelta(days=30)
    with pytest.raises(ValueError, match="forward"):
        clock.move_to(START)
    stop()
    clock.move_to(START + timedelta(days=31))
    assert len(told) == 1


def test_a_naive_moment_is_refused() -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        MovableClock(naive)
    with pytest.raises(ValueError, match="aware"):
        MovableClock().move_to(naive)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 3, 27, 9, 30, tzinfo=UTC), 24),
        (datetime(2026, 3, 28, 9, 30, tzinfo=UTC), 23),  # 10:30 in Stockholm on both days, the spring change between
        (datetime(2026, 10, 24, 9, 30, tzinfo=UTC), 25),
        (datetime(2026, 3, 28, 1, 30, tzinfo=UTC), 24),  # 02:30 does not exist on the 29th: 03:30 it is
    ],
)
def test_a_day_is_skipped_by_the_calendar(now: datetime, hours: int) -> None:
    assert same_time_next_day(now, "Europe/Stockholm") - now == timedelta(hours=hours)


def test_a_skipped_day_stops_at_every_send_until_the_app_has_dealt_with_it() -> None:
    """21:30 in the evening: what goes out at nine the next morning goes out at nine."""
    evening = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    clock = MovableClock(evening)
    planned = [datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)]
    sent: list[datetime] = []

    def app_acts(now: datetime) -> None:
        while planned and planned[0] <= now:
            planned.pop(0)
            sent.append(now)

    clock.subscribe(lambda now: threading.Timer(0.05, app_acts, [now]).start())
    Skips(clock, "Europe/Stockholm", lambda: planned[0] if planned else None, patience=10).skip("day")
    assert sent == [datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)]
    assert timedelta(days=1) <= clock.now() - evening < timedelta(days=1, minutes=1)


def test_a_skipped_day_passes_though_the_app_does_nothing() -> None:
    clock = MovableClock(datetime(2026, 11, 23, 20, 30, tzinfo=UTC))
    Skips(clock, "Europe/Stockholm", lambda: datetime(2026, 11, 24, 8, tzinfo=UTC), patience=0.1).skip("day")
    assert clock.now() >= datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
