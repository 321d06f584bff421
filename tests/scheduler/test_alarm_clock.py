from __future__ import annotations

import functools
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.clock import Clock, SystemClock
from bot.scheduler import AlarmClock

LONG: Final = 20.0
"""Seconds that a test waits for what must happen, before it fails."""
QUIET: Final = 0.3
"""Seconds in which what must not happen would have happened."""
NEVER: Final = timedelta(hours=1)
SOON: Final = timedelta(milliseconds=200)

AddClock = Callable[..., AlarmClock]


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


class Rings:
    """Counts the rings of an alarm and lets a test wait for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._rung: queue.SimpleQueue[datetime] = queue.SimpleQueue()

    def __call__(self) -> None:
        self.count += 1
        self._rung.put(SystemClock().now())

    def next(self, timeout: float = LONG) -> datetime:
        return self._rung.get(timeout=timeout)

    def none_comes(self) -> bool:
        try:
            self._rung.get(timeout=QUIET)
        except queue.Empty:
            return True
        return False


def nothing_due() -> None:
    return None


@pytest.fixture
def make() -> Iterator[AddClock]:
    made: list[AlarmClock] = []

    def new(clock: Clock | None = None, **options: timedelta) -> AlarmClock:
        made.append(AlarmClock(clock or SystemClock(), **options))
        return made[-1]

    yield new
    for alarms in made:
        alarms.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("alarm-", "APScheduler"))]


def test_an_alarm_rings_at_the_start_and_then_rests(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    alarms.add("dispatch", next_moment=nothing_due, ring=rings, safety=NEVER)
    alarms.start()
    rings.next()
    assert rings.none_comes()


def test_an_alarm_rings_at_the_moment_it_was_told_and_asks_again_after_each_ring(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    asked: list[datetime] = []

    def next_moment() -> datetime | None:
        if len(asked) == 2:
            return None
        asked.append(SystemClock().now() + SOON)
        return asked[-1]

    alarms.add("dispatch", next_moment=next_moment, ring=rings, safety=NEVER)
    alarms.start()
    rings.next()
    second, third = rings.next(), rings.next()
    assert [second >= asked[0], third >= asked[1]] == [True, True]
    assert rings.none_comes()


def test_the_wait_is_reckoned_by_the_bot_s_own_clock(make: AddClock) -> None:
    clock, rings = MovableClock(datetime(2031, 3, 1, tzinfo=UTC)), Rings()
    alarms = make(clock)
    moments = iter([clock.time + SOON])
    alarms.add("dispatch", next_moment=lambda: next(moments, None), ring=rings, safety=NEVER)
    alarms.start()
    first, second = rings.next(), rings.next()
    assert second - first >= SOON * 0.9


def test_when_the_clock_is_moved_what_became_due_is_done_at_once(make: AddClock) -> None:
    clock, done = MovableClock(datetime(2031, 3, 1, tzinfo=UTC)), Rings()
    due = clock.time + timedelta(days=1)
    looked = Rings()

    def ring() -> None:
        if clock.now() >= due:
            done()
        looked()

    alarms = make(clock)
    alarms.add("dispatch", next_moment=lambda: due if clock.now() < due else None, ring=ring, safety=NEVER)
    alarms.start()
    looked.next()
    clock.time += timedelta(days=1)
    alarms.clock_moved()
    done.next()


def test_a_wake_rings_at_once(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    alarm = alarms.add("dispatch", next_moment=nothing_due, ring=rings, safety=NEVER)
    alarms.start()
    rings.next()
    alarm.wake()
    rings.next()


def test_wakes_during_a_run_cause_exactly_one_more(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    go_on = threading.Event()

    def ring() -> None:
        rings()
        assert go_on.wait(LONG)

    alarm = alarms.add("dispatch", next_moment=nothing_due, ring=ring, safety=NEVER)
    alarms.start()
    rings.next()
    for _ in range(5):
        alarm.wake()
    assert rings.none_comes(), "two runs at the same time"
    go_on.set()
    rings.next()
    assert rings.none_comes()


def test_the_safety_interval_rings_though_nothing_is_due(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    alarms.add("dispatch", next_moment=nothing_due, ring=rings, safety=SOON)
    alarms.start()
    first, second, third = rings.next(), rings.next(), rings.next()
    assert second - first >= SOON * 0.9
    assert third - second >= SOON * 0.9


def test_a_moment_that_stays_in_the_past_does_not_keep_the_bot_busy(make: AddClock) -> None:
    rings, alarms = Rings(), make(shortest=SOON)
    alarms.add("dispatch", next_moment=lambda: datetime(2020, 1, 1, tzinfo=UTC), ring=rings, safety=NEVER)
    alarms.start()
    first, second, third = rings.next(), rings.next(), rings.next()
    assert second - first >= SOON
    assert third - second >= SOON


@pytest.mark.parametrize("broken", ["ring", "next_moment"])
def test_a_failure_is_survived_and_tried_again(make: AddClock, broken: str) -> None:
    rings, alarms = Rings(), make()
    tries = iter([True])

    def fail_once() -> None:
        if next(tries, False):
            raise OSError("database gone")

    def ring() -> None:
        rings()
        if broken == "ring":
            fail_once()

    def next_moment() -> None:
        if broken == "next_moment":
            fail_once()

    alarms.add("dispatch", next_moment=next_moment, ring=ring, safety=SOON)
    alarms.start()
    rings.next()
    rings.next()
    rings.next()


def test_a_wake_is_heard_after_a_failure(make: AddClock) -> None:
    rings, alarms = Rings(), make()

    def ring() -> None:
        rings()
        raise OSError("database gone")

    alarm = alarms.add("dispatch", next_moment=nothing_due, ring=ring, safety=NEVER)
    alarms.start()
    rings.next()
    alarm.wake()
    rings.next()


def test_alarms_do_not_wait_for_each_other(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    go_on, begun = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        assert go_on.wait(LONG)

    alarms.add("slow", next_moment=nothing_due, ring=slow, safety=NEVER)
    moments = iter([SystemClock().now() + SOON])
    alarms.add("dispatch", next_moment=lambda: next(moments, None), ring=rings, safety=NEVER)
    alarms.start()
    assert begun.wait(LONG)
    rings.next()
    rings.next()
    go_on.set()


def test_stopping_waits_for_the_run_under_way_which_may_still_wake_alarms(make: AddClock) -> None:
    alarms = make()
    begun, go_on = threading.Event(), threading.Event()
    finished: list[str] = []

    def ring() -> None:
        begun.set()
        assert go_on.wait(LONG)
        alarm.wake()
        finished.append("recorded")

    alarm = alarms.add("dispatch", next_moment=lambda: SystemClock().now() + SOON, ring=ring, safety=NEVER)
    alarms.start()
    assert begun.wait(LONG)
    stopper = threading.Thread(target=alarms.stop)
    stopper.start()
    stopper.join(QUIET)
    assert stopper.is_alive(), "stop returned while a run was under way"
    go_on.set()
    stopper.join(LONG)
    assert not stopper.is_alive()
    assert finished == ["recorded"]


def test_nothing_rings_after_the_stop(make: AddClock) -> None:
    rings, alarms = Rings(), make()
    alarm = alarms.add("dispatch", next_moment=lambda: SystemClock().now() + SOON, ring=rings, safety=SOON)
    alarms.start()
    rings.next()
    alarms.stop()
    before = rings.count
    alarm.wake()
    alarms.stop()
    threading.Event().wait(QUIET)
    assert rings.count == before


def test_the_clock_may_be_stopped_at_the_very_moment_an_alarm_goes_off(make: AddClock) -> None:
    for _ in range(60):
        rings, alarms = Rings(), make(shortest=timedelta(milliseconds=1))
        moments = iter([SystemClock().now() + timedelta(milliseconds=2)])
        alarms.add("dispatch", next_moment=functools.partial(next, moments, None), ring=rings, safety=NEVER)
        alarms.start()
        rings.next()
        rings.next()
        alarms.stop()  # an exception in APScheduler's thread fails the test


def test_a_clock_that_was_never_started_can_be_stopped() -> None:
    AlarmClock(SystemClock()).stop()
