"""What time is it in the workspace?

The machine's time plus an offset that only grows: what an app does next month can be seen now. Whoever has to act
when time jumps (a scheduler, the page) subscribes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Subscriber = Callable[[datetime], None]


class MovableClock:
    """A clock that runs by itself and can be moved forward. Safe to use from any thread.

    Given `start`, it begins at that moment instead of the machine's.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._subscribers: list[Subscriber] = []
        if start is not None:
            if start.tzinfo is None:
                raise ValueError("start must be aware")
            self._offset = start - _machine_time()

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        with self._lock:
            return _machine_time() + self._offset

    @property
    def ahead(self) -> timedelta:
        """How far it is ahead of the machine's clock."""
        with self._lock:
            return self._offset

    def move_to(self, moment: datetime) -> None:
        """Jump forward to `moment` and tell the subscribers; a moment that has passed is refused with ValueError."""
        if moment.tzinfo is None:
            raise ValueError("moment must be aware")
        with self._lock:
            offset = moment - _machine_time()
            if offset < self._offset:
                raise ValueError("the clock only moves forward")
            self._offset = offset
            subscribers = tuple(self._subscribers)
        for subscriber in subscribers:
            subscriber(moment.astimezone(UTC))

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Have `callback` called with the new moment after each jump. The returned function ends it."""
        with self._lock:
            self._subscribers.append(callback)

        def unsubscribe() -> None:
            with self._lock:
                if callback in self._subscribers:
                    self._subscribers.remove(callback)

        return unsubscribe


def _machine_time() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
