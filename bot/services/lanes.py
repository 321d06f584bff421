"""How many messages leave over one channel at the same time, and how many wait for it?

A lane has as many threads as its channel may have connections. Only as much is begun as will leave within moments: what
was checked in the claim must not get old while it waits for its turn. What has waited longer than that all the same,
since the other side became slow, comes back unsent and is checked again.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, Self, TypeAlias

import structlog

from bot.channels.outcome import Outcome, Unclear
from bot.domain.model import Channel
from bot.services.senders import Parcel
from bot.store.claims import Due

WAITS_AT_MOST: Final = 2.0
"""Seconds after which what was begun and has not left is checked again instead."""

WORK_AHEAD: Final = 0.05
"""How much is begun besides what the threads have in hand: as many seconds' work of the lane."""

MOST: Final = 500
"""How much is in a lane at once, however quick it is."""

_MEMORY: Final = 0.9
"""How much of what was measured before stays in the measure when a message has left."""

_log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Withheld:
    """It certainly did not leave: it waited too long, or the bot is to stop."""


@dataclasses.dataclass(frozen=True, slots=True)
class Died:
    """What ends a process has ended a thread."""

    error: BaseException


Result: TypeAlias = Outcome | Withheld | Died
"""What came of a job."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """A delivery that was begun, with its message; it leaves at `leaves_at`, seconds of the monotonic clock."""

    due: Due
    parcel: Parcel = dataclasses.field(repr=False)
    leaves_at: float

    @classmethod
    def at_its_moment(cls, due: Due, parcel: Parcel, now: datetime) -> Self:
        """A job that leaves when the delivery is due, which may be a moment after `now`, or at once if that is past."""
        return cls(due, parcel, time.monotonic() + max((due.send_at - now).total_seconds(), 0))


@dataclasses.dataclass(frozen=True, slots=True)
class Returned:
    """A job that came back, and what became of it."""

    due: Due
    outcome: Result


Bell: TypeAlias = "queue.SimpleQueue[Returned | None]"


class Lane:
    """One channel's threads. They are started with the first job, and ended by `close`; a lane may be used again."""

    def __init__(self, channel: Channel, width: int, send: Callable[[Parcel], Outcome], bell: Bell) -> None:
        """`width` is how many messages leave at once; what comes back goes into `bell`."""
        self.channel = channel
        self._width = width
        self._send = send
        self._bell = bell
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._inside = 0
        self._seconds_each: float | None = None
        self._stopping = threading.Event()

    @property
    def room(self) -> int:
        """How many more jobs may be begun now."""
        each = self._seconds_each
        ahead = 0 if each is None else int(WORK_AHEAD * self._width / max(each, 1e-9))
        return max(0, min(self._width + ahead, MOST) - self._inside)

    def put(self, job: Job) -> None:
        """Let it leave at its moment."""
        while len(self._threads) < min(self._width, self._inside + 1):
            thread = threading.Thread(target=self._live, name=f"lane-{self.channel.value}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._inside += 1
        self._jobs.put(job)

    def took_back(self) -> None:
        """Whoever took a returned job out of the bell tells so."""
        self._inside -= 1

    def stop(self) -> None:
        """Let what has not left come back; from any thread."""
        self._stopping.set()

    def close(self) -> None:
        """End the threads; what they have in hand comes back first."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _live(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._bell.put(Returned(job.due, self._outcome(job)))

    def _outcome(self, job: Job) -> Result:
        wait = job.leaves_at - time.monotonic()
        if self._stopping.is_set() or -wait > WAITS_AT_MOST:
            return Withheld()
        if wait > 0 and self._stopping.wait(wait):
            return Withheld()
        began = time.monotonic()
        try:
            outcome = self._send(job.parcel)
        except Exception:  # noqa: BLE001  # nobody stands above a thread; what a sender did before it broke is unknown
            _log.exception("sender-broken", delivery=job.due.lease.delivery_id)
            return Unclear("sender-broken")
        except BaseException as error:  # noqa: BLE001  # handed to whoever waits for this lane
            return Died(error)
        self._measure(time.monotonic() - began)
        return outcome

    def _measure(self, seconds: float) -> None:
        # Threads may write over each other's measure; it is one of several good ones either way.
        before = self._seconds_each
        self._seconds_each = seconds if before is None else _MEMORY * before + (1 - _MEMORY) * seconds
