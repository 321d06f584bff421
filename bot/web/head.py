"""How long may a connection be open without a request?

uvicorn waits for ever for the first request, and begins to wait anew with every byte of a later one. So many silent
connections would use up what may be open at once, and nobody would be heard any more. Here each request's head has to
be complete in time, whether nothing comes or a byte now and then.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


class WatchedProtocol(H11Protocol):
    """One connection, which is closed once no request was being answered on it for `seconds`."""

    seconds: float
    _closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn itself
        """Somebody connected."""
        super().connection_made(transport)
        self._watch()

    def handle_events(self) -> None:
        """Something came."""
        super().handle_events()
        self._watch()

    def on_response_complete(self) -> None:
        """A request was answered."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        super().connection_lost(exc)
        self._unwatch()

    def _watch(self) -> None:
        # What follows an answer is waited for too, be it the rest of a body that nobody wanted.
        if not getattr(self.cycle, "response_complete", True):  # None before the first request, though not annotated so
            self._unwatch()
        elif self._closing is None:
            self._closing = self.loop.call_later(self.seconds, self.transport.abort)

    def _unwatch(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None


def closing_after(seconds: float) -> type[WatchedProtocol]:
    """The protocol for a server whose connections may be open for this long without a request."""
    return type("Protocol", (WatchedProtocol,), {"seconds": seconds})
