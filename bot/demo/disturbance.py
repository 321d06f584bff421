"""What becomes of a call on its way between the app and the workspace?

Stands before everything the app can reach: the Web API, response_urls, uploads, the text-message provider, sockets.
Here calls fail as `faults` says, are slow, or reach nobody; and here each is put on record with its answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.demo.faults import Fault, Faults, Network
from bot.demo.json_text import parsed
from bot.demo.rate_limits import too_many
from bot.demo.record import Record, read_body

Cut = Callable[[Request], Awaitable[None]]

_NAMES = {
    "commands": "response_url",
    "actions": "response_url",
    "app": "response_url",
    "upload": "upload",
    "files-pri": "download",
}


class Disturbance:
    """An ASGI application around another.

    `reset` cuts the request's connection, `hang` keeps it without an answer. `is_the_apps` tells whether a request has
    the token, password or secret address that it needs: no other one uses up a fault.
    """

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        network: Network,
        record: Record,
        *,
        is_the_apps: Callable[[Request, bytes], bool],
        reset: Cut,
        hang: Cut,
    ) -> None:
        self._app = app
        self._faults = faults
        self._network = network
        self._record = record
        self._is_the_apps = is_the_apps
        self._reset = reset
        self._hang = hang

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or one socket."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            with contextlib.suppress(ClientDisconnect):
                await self._call(Request(scope, receive), send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._network.away_for:
            await receive()
            await send({"type": "websocket.close"})  # before accepting: the handshake fails
            return

        async def delayed(message: Message) -> None:
            if self._network.latency and message["type"] == "websocket.send":
                await asyncio.sleep(self._network.latency)
            await send(message)

        await self._app(scope, receive, delayed)

    async def _call(self, request: Request, send: Send) -> None:
        started = time.monotonic()
        body = await request.body()
        if self._network.latency:
            await asyncio.sleep(self._network.latency)
        name = _name(request.url.path)
        if self._network.away_for:
            await self._reset(request)
            self._keep(request, name, body, [], "away", started)
            return
        fault = self._faults.next(name) if self._is_the_apps(request, body) else None
        answer = await (self._taken(request, body) if fault is None or fault.takes_effect else _failed(fault))
        outcome = str(answer[0]["status"]) if fault is None else str(fault)
        self._keep(request, name, body, answer, outcome, started)
        if fault is not None and (fault.drop_before or fault.drop_after):
            await self._reset(request)
        elif fault is not None and (fault.time_out_before or fault.time_out_after):
            await self._hang(request)
        else:
            for message in answer:
                await send(message)

    async def _taken(self, request: Request, body: bytes) -> list[Message]:
        """What the workspace answers."""
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return whole.pop() if whole else await request.receive()

        return await _answer(self._app, request.scope, receive)

    def _keep(
        self, request: Request, name: str, body: bytes, answer: list[Message], outcome: str, started: float
    ) -> None:
        said = b"".join(message.get("body", b"") for message in answer)
        if name == "download" and outcome == "200":
            said = f"{len(said)} bytes".encode()
        self._record.add(
            "workspace",
            name,
            read_body(request.query_params, request.headers.get("content-type", ""), body),
            _parsed(said),
            outcome=outcome,
            ok=outcome.startswith("2") and not said.startswith(b'{"ok":false'),
            milliseconds=round((time.monotonic() - started) * 1000),
        )


async def _failed(fault: Fault) -> list[Message]:
    """The answer of a call that fails before anything happens; nothing if there is none."""
    if fault.error is None and fault.status is None:
        return []
    return await _answer(_refusal(fault), {"type": "http"}, _nothing)


def _refusal(fault: Fault) -> Response:
    if fault.error is not None:
        return JSONResponse({"ok": False, "error": fault.error})
    if fault.status == 429:
        return too_many(fault.retry_after)
    return PlainTextResponse("something went wrong", status_code=fault.status or 500)


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> list[Message]:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    return said


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _name(path: str) -> str:
    """What the call is named in `fail_next` and on record: the method, or what is behind the address."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first == "api" or path == "/a1/sms":
        return rest
    return _NAMES.get(first, path)


def _parsed(said: bytes) -> object:
    try:
        return parsed(said)
    except ValueError:
        return said
