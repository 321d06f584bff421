"""How does the workspace reach the app over sockets?

Socket Mode as docs.slack.dev, "Using Socket Mode", and slack_sdk/socket_mode/ have it: a single-use address, `hello`,
envelopes to any one of at most ten sockets, an acknowledgement by `envelope_id`, and `disconnect` some seconds before a
socket is closed. One socket too many is opened, told `too_many_websockets` and closed (reported: slackapi/bolt-js#2238,
java-slack-sdk#1223).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.demo.delivery import Attempt, Delivery, NotAcknowledged, NotConnected
from bot.demo.json_text import parsed
from bot.demo.timings import Timings

Object = dict[str, Any]

MOST_SOCKETS = 10
CONNECTION_TIME = 18060
"""About how long a socket lasts, in seconds, as `hello` tells (the value is from slack_sdk's fixtures)."""
DEBUG_CONNECTION_TIME = 360
"""The same if the app appended `&debug_reconnects=true` to the address."""


@dataclasses.dataclass(eq=False, slots=True)
class _Connection:
    socket: WebSocket
    outgoing: asyncio.Queue[str]
    number: int
    waiting: dict[str, asyncio.Future[object]] = dataclasses.field(default_factory=dict)


class SocketMode(Delivery):
    """The app's open sockets and what was sent over them."""

    def __init__(self, app_id: str, timings: Timings, on_change: Callable[[], None]) -> None:
        super().__init__(timings)
        self._app_id = app_id
        self._on_change = on_change
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._turns = itertools.count()
        self._numbers = itertools.count(1)

    @property
    def connected(self) -> bool:
        """Is there a socket to send to?"""
        return bool(self._connections)

    @property
    def ids(self) -> tuple[int, ...]:
        """A number for each open socket, never the same for two."""
        return tuple(connection.number for connection in tuple(self._connections))

    def new_ticket(self) -> str:
        """The secret in a new single-use address."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def endpoint(self, websocket: WebSocket) -> None:
        """Serve one socket of the app."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close()
            return
        self._tickets.discard(ticket)
        if len(self._connections) >= MOST_SOCKETS:
            await websocket.accept()
            await websocket.send_text(json.dumps(self._noted(_disconnect("too_many_websockets"))))
            await websocket.close()
            return
        connection = _Connection(websocket, asyncio.Queue(), next(self._numbers))
        self._connections.append(connection)  # counted before anybody else is let in
        connection.outgoing.put_nowait(json.dumps(self._noted(self._hello(websocket))))
        writer: asyncio.Task[None] | None = None
        try:
            await websocket.accept()
            writer = asyncio.create_task(self._write(connection))
            self._on_change()
            while True:
                self._receive(connection, await websocket.receive_text())
        except (WebSocketDisconnect, KeyError):
            pass
        finally:
            if writer is not None:
                writer.cancel()
            self._connections.remove(connection)
            for future in connection.waiting.values():
                if not future.done():
                    future.set_exception(_lost())
            self._on_change()

    def drop(self) -> None:
        """Close all sockets, as when the network goes away."""
        self._from_outside(self._drop())

    def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app that its sockets are about to be closed (`refresh_requested` or `warning`), and close them."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._part, _disconnect(reason))

    def _part(self, message: Object) -> None:
        for connection in tuple(self._connections):
            connection.outgoing.put_nowait(json.dumps(self._noted(message)))
            task = asyncio.create_task(self._close_later(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _close_later(self, connection: _Connection) -> None:
        await asyncio.sleep(self._timings.disconnect)
        if connection in self._connections:
            with contextlib.suppress(RuntimeError):
                await connection.socket.close()

    def _noted(self, message: Object) -> Object:
        """What is said to a socket without waiting for an answer, put on record."""
        if self._record is not None:
            self._record.add("app", message["type"], message, None, outcome="sent", ok=True, milliseconds=0)
        return message

    async def close(self) -> None:
        """Stop waiting and sending."""
        await super().close()
        for connection in self._connections:
            for future in connection.waiting.values():
                if not future.done():
                    future.set_exception(_lost())

    async def _ask(self, kind: str, payload: Mapping[str, Any], attempt: Attempt | None = None) -> object:
        if not self._connections:
            raise NotConnected
        envelope: Object = {"payload": payload, "type": kind, "accepts_response_payload": attempt is None}
        if attempt is not None:
            envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
        connection = self._connections[next(self._turns) % len(self._connections)]
        envelope_id = str(uuid.uuid4())
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = future
        connection.outgoing.put_nowait(json.dumps({"envelope_id": envelope_id, **envelope}))
        try:
            # Not by wait_for: in Python 3.11 it loses a cancellation that comes together with what it waits for.
            async with asyncio.timeout(self._timings.acknowledgement):
                return await future
        except TimeoutError:
            raise NotAcknowledged("timeout") from None
        finally:
            connection.waiting.pop(envelope_id, None)

    async def _write(self, connection: _Connection) -> None:
        while True:
            text = await connection.outgoing.get()
            try:
                await connection.socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):  # it closed meanwhile; the reader sees it too
                return

    async def _drop(self) -> None:
        for connection in tuple(self._connections):
            with contextlib.suppress(RuntimeError):
                await connection.socket.close(1001)

    def _hello(self, websocket: WebSocket) -> Object:
        debugging = websocket.query_params.get("debug_reconnects") == "true"
        lasts = DEBUG_CONNECTION_TIME if debugging else CONNECTION_TIME
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": lasts},
            "connection_info": {"app_id": self._app_id},
        }

    def _receive(self, connection: _Connection, text: str) -> None:
        try:
            message = parsed(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        future = connection.waiting.get(str(message.get("envelope_id")))
        if future is not None and not future.done():
            future.set_result(message.get("payload"))


def _disconnect(reason: str) -> Object:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}


def _lost() -> NotAcknowledged:
    return NotAcknowledged("connection_failed", "the socket was lost before the app acknowledged")
