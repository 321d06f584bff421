"""How does it become tomorrow, or next month, at the press of a button?

A day that is skipped passes: at each send on the way the clock stops until the app has dealt with it, so that what is
sent at nine is sent at nine, also when somebody tries the app in the evening.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.clock import MovableClock
from bot.demo.errors import Refusal

NextMoment = Callable[[], datetime | None]

_A_MOMENT: Final = 0.02
"""Seconds between two looks at whether the app has dealt with a send."""


class Skips:
    """Moves a clock forward. Safe to use from any thread; one skip at a time."""

    def __init__(self, clock: MovableClock, zone: str, next_moment: NextMoment, patience: float) -> None:
        """`next_moment` is when the app sends next, `patience` how many seconds it is waited for on the way."""
        self._clock = clock
        self._zone = zone
        self._next_moment = next_moment
        self._patience = patience
        self._one_at_a_time = threading.Lock()

    def skip(self, to: str) -> None:
        """Move the clock: to the `next_send`, or by a `day` of the workspace's zone to the same time.

        Raises:
            Refusal: `nothing_waiting`, or `invalid_request` for any other word.
        """
        with self._one_at_a_time:
            match to:
                case "day":
                    self._to_tomorrow()
                case "next_send":
                    self._to_the_next_send()
                case _:
                    raise Refusal("invalid_request")

    def _to_the_next_send(self) -> None:
        moment = self._next_moment()
        if moment is None:
            raise Refusal("nothing_waiting")
        self._move_to(moment)

    def _to_tomorrow(self) -> None:
        tomorrow = same_time_next_day(self._clock.now(), self._zone)
        given_up = time.monotonic() + self._patience
        while (moment := self._next_moment()) is not None and moment < tomorrow and time.monotonic() < given_up:
            self._move_to(moment)
            time.sleep(_A_MOMENT)
        self._move_to(tomorrow)

    def _move_to(self, moment: datetime) -> None:
        if moment > self._clock.now():
            self._clock.move_to(moment)


def same_time_next_day(now: datetime, zone: str) -> datetime:
    """The same wall-clock time on the next day of the zone's calendar: 23 to 25 hours later."""
    local = now.astimezone(ZoneInfo(zone))
    tomorrow = datetime.combine(local.date() + timedelta(days=1), local.time(), tzinfo=ZoneInfo(zone))
    return tomorrow.astimezone(UTC)
