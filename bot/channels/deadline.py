"""How long may one attempt take in all?

A socket's own time-out counts from the last byte, so a peer that sends one byte now and then could hold a sender
for ever. Who can look at the clock before each wait keeps to an `Allowance`. Where a library does the waiting, a
`Deadline` cuts the connection when the whole attempt has taken too long, at the price of a thread; the one that waits
on the connection then sees it end.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self


class Allowance:
    """The time for one attempt, from now on."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._ends_at

    def of(self, seconds: float) -> float:
        """How long one wait may take that is to end within so many seconds.

        Raises:
            TimeoutError: if nothing of the time is left.
        """
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(seconds, left)


class Deadline:
    """Cuts the watched connection after `seconds`. Used as a context manager around one attempt."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None
        self._passed = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._watched = None

    @property
    def passed(self) -> bool:
        """Whether the time was up before the attempt had ended."""
        return self._passed

    def watch(self, connection: socket.socket) -> None:
        """Watch this connection from now on instead of an earlier one; cut it at once if the time is already up."""
        with self._lock:
            self._watched = connection
            if self._passed:
                _shut(connection)

    def _cut(self) -> None:
        with self._lock:
            self._passed = True
            if self._watched is not None:
                _shut(self._watched)


def _shut(connection: socket.socket) -> None:
    # The plain socket's own method: that of an SSLSocket takes the TLS layer away under a thread still reading.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
