"""When does the bot wake up to do what is due?

Rows are the truth; this is only the alarm clock, and the one place that knows APScheduler. An `Alarm` asks when the
next thing is due, has APScheduler wake it at that moment, rings, and asks again. It also rings when it is started, when
somebody calls `wake` (a row was just written), and at a safety interval whatever was asked, so that nothing waits
longer than that for a moment that was missed.

Each alarm rings in a thread of its own; APScheduler's jobs do no more than set its bell. They could not do the work
themselves: `max_instances=1` would drop the job that comes while an earlier one is on its way out, and
`shutdown(wait=True)` holds the lock that a running job needs to plan its next run (3.11.3, `schedulers/base.py`).

APScheduler goes by the machine's clock. The bot's own clock may stand elsewhere (the local workspace moves it forward),
so a moment is turned into a wait by the bot's clock first. The safety interval is measured by neither, and holds also
when the machine's clock is set back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from bot.clock import Clock, SystemClock

SHORTEST: Final = timedelta(seconds=1)
"""How soon an alarm rings again for a moment that has passed and is still there: its row could not be dealt with."""


class Alarm:
    """Rings when something is due. Made by `AlarmClock.add`."""

    def __init__(
        self,
        name: str,
        *,
        next_moment: Callable[[], datetime | None],
        ring: Callable[[], object],
        safety: timedelta,
        clock: Clock,
        set_at: Callable[[Alarm, timedelta], None],
        shortest: timedelta,
        nudge: Callable[[], None],
    ) -> None:
        self.name = name
        self._next_moment = next_moment
        self._ring = ring
        self._safety = safety
        self._clock = clock
        self._set_at = set_at
        self._shortest = shortest
        self._nudge = nudge
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"alarm-{name}", daemon=True)
        self._log = structlog.get_logger(__name__)

    def wake(self) -> None:
        """Ring now; from any thread. However often this is called during a run, exactly one more run follows it."""
        self._bell.set()
        self._nudge()

    def _start(self) -> None:
        self._bell.set()
        self._thread.start()

    def _stop(self) -> None:
        self._stopping.set()
        self._bell.set()

    def _wait_until_stopped(self) -> None:
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _live(self) -> None:
        while True:
            self._bell.wait(self._safety.total_seconds())
            # Cleared before the rows are read: what is written from now on rings the bell again.
            self._bell.clear()
            if self._stopping.is_set():
                return
            self._run()

    def _run(self) -> None:
        try:
            self._ring()
            if self._stopping.is_set():
                return
            moment = self._next_moment()
            if moment is not None:
                self._arm(moment - self._clock.now())
        except Exception:  # noqa: BLE001 - nobody stands above a thread; the safety interval tries again
            self._log.error("alarm-failed", alarm=self.name, exc_info=True)

    def _arm(self, wait: timedelta) -> None:
        if wait <= timedelta(0):
            wait = self._shortest
        if wait < self._safety:
            self._set_at(self, wait)


class AlarmClock:
    """Several alarms over one APScheduler. Nothing rings before `start` or after `stop`."""

    def __init__(self, clock: Clock, *, shortest: timedelta = SHORTEST) -> None:
        self._clock = clock
        self._shortest = shortest
        self._machine = SystemClock()
        self._alarms: list[Alarm] = []
        self._running = False
        self._setting = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def add(
        self,
        name: str,
        *,
        next_moment: Callable[[], datetime | None],
        ring: Callable[[], object],
        safety: timedelta,
        nudge: Callable[[], None] = lambda: None,
    ) -> Alarm:
        """Add an alarm before the clock is started.

        Args:
            name: shows in the log and as the thread's name; unique.
            next_moment: when the next thing is due (UTC), `None` if nothing is. Asked after each ring.
            ring: does everything that is due. An exception is logged, and `ring` called again after `safety`.
            safety: the longest time between two rings.
            nudge: called at every `wake`, for a `ring` that lasts and can look at once for what is new.
        """
        alarm = Alarm(
            name,
            next_moment=next_moment,
            ring=ring,
            safety=safety,
            clock=self._clock,
            set_at=self._set_at,
            shortest=self._shortest,
            nudge=nudge,
        )
        self._alarms.append(alarm)
        return alarm

    def start(self) -> None:
        """Ring every alarm once, then whenever it is due."""
        self._running = True
        self._scheduler.start()
        for alarm in self._alarms:
            alarm._start()  # noqa: SLF001 - an alarm and its clock are one thing

    def clock_moved(self) -> None:
        """Ring every alarm: the bot's clock stands elsewhere now."""
        for alarm in self._alarms:
            alarm.wake()

    def stop(self, *, wait: bool = True) -> None:
        """Let nothing ring any more; with `wait`, return when the runs under way have finished. May be called twice."""
        if not self._running:
            return
        for alarm in self._alarms:
            alarm._stop()  # noqa: SLF001
        with self._setting:
            self._running = False
            # A job that runs just when APScheduler stops is looked for where it no longer is, which ends APScheduler's
            # thread with an exception (3.11.3, `_process_jobs` and `remove_job`). This waits for it, and leaves none.
            self._scheduler.remove_all_jobs()
        if wait:
            for alarm in self._alarms:
                alarm._wait_until_stopped()  # noqa: SLF001
        self._scheduler.shutdown(wait=wait)

    def _set_at(self, alarm: Alarm, wait: timedelta) -> None:
        with self._setting:
            if self._running:
                self._scheduler.add_job(
                    alarm.wake, DateTrigger(self._machine.now() + wait), id=alarm.name, replace_existing=True
                )
