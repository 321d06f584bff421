"""How does what happens in the workspace get to the app, whichever way it takes?

A request is sent once and waited for; an event is sent again when nobody acknowledges it (docs.slack.dev, "Events
API": "Retries"). There are two ways: `SocketMode`, over sockets that the app opens, and `RequestUrl`, over HTTP to an
address of the app's. They differ in how one attempt is made, and in their words for why it failed.
"""

from __future__ import annotations

import abc
import asyncio
import dataclasses
import logging
import threading
import time
from collections.abc import Awaitable, Coroutine, Mapping
from concurrent.futures import CancelledError
from typing import Any

from bot.demo.errors import Refusal, WorkspaceError
from bot.demo.faults import Network
from bot.demo.record import Record
from bot.demo.timings import Timings

Object = dict[str, Any]

_COMMAND_ERRORS = {"http_error": "http_service_error", "invalid_response": "invalid_command_response"}
"""What a command fails with that was answered wrongly over HTTP (reported)."""

_log = logging.getLogger(__name__)


class NotConnected(WorkspaceError):
    """The app cannot be reached: no socket is open, or nobody listens at its address."""


class NotAcknowledged(WorkspaceError):
    """The app was reached and did not acknowledge.

    `reason` is Slack's word for it. After a `final` one an event is not sent again.
    """

    def __init__(self, reason: str, *messages: str, final: bool = False) -> None:
        super().__init__(": ".join([reason, *messages]))
        self.reason = reason
        self.messages = messages
        self.final = final


@dataclasses.dataclass(frozen=True, slots=True)
class Attempt:
    """Which attempt at an event this is, and why the one before failed."""

    number: int = 0
    reason: str = ""


class Delivery(abc.ABC):
    """One way to the app. Runs in the workspace's event loop; other threads call `deliver` and `send_event`."""

    def __init__(self, timings: Timings) -> None:
        self._timings = timings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._record: Record | None = None
        self._network = Network()
        self._counting = threading.Lock()
        self._under_way = 0
        self.twice = False
        """Is everything sent twice?"""

    @property
    @abc.abstractmethod
    def connected(self) -> bool:
        """Is there anything to send to?"""

    @abc.abstractmethod
    async def _ask(self, kind: str, payload: Mapping[str, Any], attempt: Attempt | None = None) -> object:
        """Send once, and return what the acknowledgement carries. Raises NotConnected and NotAcknowledged."""

    @property
    def is_sending(self) -> bool:
        """Is an event on its way? One that was not acknowledged and is sent again later is not, until it is."""
        with self._counting:
            return self._under_way > 0

    def watch(self, record: Record, network: Network) -> None:
        """Put on record what is sent and what comes back, over a line that may be slow or dead."""
        self._record = record
        self._network = network

    def use(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Run in this event loop; None when it has ended."""
        self._loop = loop

    def deliver(self, kind: str, payload: Mapping[str, Any]) -> object:
        """Send a request and return what its acknowledgement carries, None if nothing.

        Raises NotConnected and NotAcknowledged. Blocks, so it is never called in the event loop.
        """
        return self._from_outside(self._deliver(kind, payload))

    def send_event(self, payload: Mapping[str, Any]) -> None:
        """Send an event, again and again while nobody acknowledges it. Returns at once."""
        loop = self._loop
        if loop is None:
            return
        copies = 2 if self.twice else 1
        self._count(copies)
        try:
            loop.call_soon_threadsafe(self._start_event, payload, copies)
        except RuntimeError:  # the loop has ended
            self._count(-copies)

    async def close(self) -> None:
        """Stop sending."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with self._counting:
            self._under_way = 0

    def _from_outside(self, coroutine: Coroutine[Any, Any, object]) -> object:
        loop = self._loop
        if loop is None:
            coroutine.close()
            raise NotConnected
        try:
            future = asyncio.run_coroutine_threadsafe(coroutine, loop)
        except RuntimeError:  # the loop has ended
            coroutine.close()
            raise NotConnected from None
        try:
            return future.result()
        except CancelledError:
            coroutine.close()
            raise NotConnected from None

    async def _deliver(self, kind: str, payload: Mapping[str, Any]) -> object:
        if self.twice:
            answers = await asyncio.gather(self._told(kind, payload), self._told(kind, payload), return_exceptions=True)
            good = [answer for answer in answers if not isinstance(answer, BaseException)]
            if good:
                return good[0]
            raise next(answer for answer in answers if isinstance(answer, BaseException))
        return await self._told(kind, payload)

    async def _told(self, kind: str, payload: Mapping[str, Any], attempt: Attempt | None = None) -> object:
        """Send once and put it on record."""
        name = str(payload.get("command") or _event(payload).get("type") or payload.get("type") or kind)
        return await self._on_record(name, payload, self._attempt(kind, payload, attempt))

    async def _on_record(self, name: str, payload: object, asked: Awaitable[object]) -> object:
        """Wait for the answer of the app, and put both on record."""
        started, outcome, answer = time.monotonic(), "acknowledged", None
        try:
            answer = await asked
        except NotConnected:
            outcome = "not_connected"
            raise
        except NotAcknowledged as error:
            outcome = str(error)
            raise
        else:
            return answer
        finally:
            if self._record is not None:
                milliseconds = round((time.monotonic() - started) * 1000)
                ok = outcome == "acknowledged"
                self._record.add("app", name, payload, answer, outcome=outcome, ok=ok, milliseconds=milliseconds)

    async def _attempt(self, kind: str, payload: Mapping[str, Any], attempt: Attempt | None) -> object:
        if self._network.away_for:
            raise NotConnected
        return await self._ask(kind, payload, attempt)

    def _count(self, more: int) -> None:
        with self._counting:
            self._under_way += more

    def _start_event(self, payload: Mapping[str, Any], copies: int) -> None:
        for _ in range(copies):
            task = asyncio.create_task(self._keep_sending(payload))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _keep_sending(self, payload: Mapping[str, Any]) -> None:
        attempt = Attempt()
        for number, pause in enumerate((0.0, *self._timings.event_retries)):
            if number:  # the first attempt is counted since the event happened
                await asyncio.sleep(pause)
                self._count(1)
            try:
                await self._told("events_api", payload, dataclasses.replace(attempt, number=number))
            except NotConnected:
                attempt = Attempt(reason="connection_failed")
            except NotAcknowledged as error:
                if error.final:
                    break
                attempt = Attempt(reason=error.reason)
            else:
                return
            finally:
                self._count(-1)
        _log.warning("an event was not acknowledged and is not sent again")


def _event(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    event = payload.get("event")
    return event if isinstance(event, Mapping) else {}


def refusal(error: NotConnected | NotAcknowledged, otherwise: str) -> Refusal:
    """What a person is told: `not_connected`, or the given word for an answer that did not come."""
    if isinstance(error, NotConnected):
        return Refusal("not_connected")
    word = _COMMAND_ERRORS.get(error.reason, otherwise) if otherwise == "operation_timeout" else otherwise
    return Refusal(word, messages=error.messages)
