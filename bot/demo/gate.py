"""Who may ask at the app's port at all, and how much may they send?

Any page that the same browser shows can send requests to this machine's ports. The app is no browser: it sends no
`Origin`, and it asks by the name that it was given, so that a name somewhere else that leads here is seen. Whoever is
refused here leaves no trace: no fault is used up, and nothing is put on record.
"""

from __future__ import annotations

import contextlib
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.demo.files import LARGEST_FILE
from bot.demo.listening import asked_by_name

MOST_BYTES: Final = 4 * 1024 * 1024
"""Ours, for everything but uploads: Slack documents no limit for the body of a call. Its Bolt for JavaScript takes as
much by default."""

MOST_UPLOADED: Final = LARGEST_FILE + 64 * 1024
"""A file and the form that it may come in."""


class Gate:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request or socket in, or refuse it."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            with contextlib.suppress(ClientDisconnect):
                await self._request(Request(scope, receive), send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = _header(scope, b"origin")
        # Some libraries name the address that they connect to as their origin; no page is ever shown from there.
        if not asked_by_name(scope, perhaps_without_port=True) or origin not in (
            "",
            f"http://{_header(scope, b'host')}",
        ):
            await receive()
            await send({"type": "websocket.close"})  # before accepting: the handshake fails
            return
        await self._app(scope, receive, send)

    async def _request(self, request: Request, send: Send) -> None:
        refused: Response | None = None
        body: bytes | None = None
        if not asked_by_name(request.scope):
            refused = PlainTextResponse("unknown host", status_code=421)
        elif "origin" in request.headers:
            refused = PlainTextResponse("not for pages", status_code=403)
        else:
            body = await _body(request, MOST_UPLOADED if request.url.path.startswith("/upload/") else MOST_BYTES)
            if body is None:
                refused = PlainTextResponse("too long", status_code=413, headers={"connection": "close"})
        if refused is not None:
            await refused(request.scope, request.receive, send)
            return
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return whole.pop() if whole else await request.receive()

        await self._app(request.scope, receive, send)


async def _body(request: Request, most: int) -> bytes | None:
    """The body, None if it is longer than that."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        return None
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > most:
            return None
    return bytes(parts)


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")
