"""What if the call fails, the network is slow, or Slack is away?

A test, or a developer at the page, says which of the next calls fail and how, and how the line between the app and
the workspace behaves; `disturbance` looks here at every call.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from typing import TypedDict

ANY = "*"
"""Stands for whatever is called next."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How a call fails: exactly one of its ways is set."""

    error: str | None = None
    """Answered with this error word."""
    status: int | None = None
    """Answered with this HTTP status."""
    retry_after: int = 1
    """The seconds in the Retry-After header of a 429."""
    drop_before: bool = False
    """The connection is reset, and nothing happened."""
    drop_after: bool = False
    """The connection is reset after everything happened."""
    time_out_before: bool = False
    """No answer ever comes, and nothing happened."""
    time_out_after: bool = False
    """No answer ever comes, though everything happened."""

    def __post_init__(self) -> None:
        flags = (self.drop_before, self.drop_after, self.time_out_before, self.time_out_after)
        if sum((self.error is not None, self.status is not None, *flags)) != 1:
            raise ValueError("give one of error, status, drop_before, drop_after, time_out_before and time_out_after")

    @property
    def takes_effect(self) -> bool:
        """Does what was called happen all the same?"""
        return self.drop_after or self.time_out_after

    def __str__(self) -> str:
        if self.error is not None:
            return self.error
        if self.status is not None:
            return f"HTTP {self.status}"
        return next(field.name for field in dataclasses.fields(self) if getattr(self, field.name) is True)


class Way(TypedDict, total=False):
    """The fields of a Fault, for those who pass them on."""

    error: str | None
    status: int | None
    retry_after: int
    drop_before: bool
    drop_after: bool
    time_out_before: bool
    time_out_after: bool


class Faults:
    """The faults that wait for their call. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let the next `times` calls of `method` fail this way."""
        with self._lock:
            self._waiting.setdefault(method, []).extend([fault] * times)

    def next(self, method: str) -> Fault | None:
        """How this call fails, None if it does not."""
        with self._lock:
            waiting = self._waiting.get(method) or self._waiting.get(ANY)
            return waiting.pop(0) if waiting else None

    def waiting(self) -> list[tuple[str, Fault, int]]:
        """What waits: the method, the fault, and how many calls in a row it takes."""
        with self._lock:
            return [
                (method, fault, len(list(run)))
                for method, faults in self._waiting.items()
                for fault, run in itertools.groupby(faults)
            ]

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._waiting.clear()


class Network:
    """The line between the app and the workspace. Safe to use from any thread."""

    def __init__(self) -> None:
        self._away_until = 0.0
        self.latency = 0.0
        """Seconds that everything takes on its way to the workspace, and from it over a socket."""

    @property
    def away_for(self) -> float:
        """For how many seconds more the workspace cannot be reached; 0 if it can."""
        return max(0.0, self._away_until - time.monotonic())

    def go_away(self, seconds: float) -> None:
        """Be out of reach for this long."""
        self._away_until = time.monotonic() + seconds

    def clear(self) -> None:
        """Be back, and fast."""
        self._away_until = 0.0
        self.latency = 0.0
