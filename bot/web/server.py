"""What may be asked of the bot over HTTP, and for how long is it listened to?

`POST /slack/events` is handed on to the Slack room, which looks at its signature; `/livez` and `/readyz` are for
whoever keeps the process running. A request that is too long, or does not come to its end, is answered here; a
connection over which no request comes is closed (`bot.web.head`).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.head import closing_after

SLACK_PATH: Final = "/slack/events"
"""The path that Bolt's own servers use."""

MOST_BYTES: Final = 2_000_000
"""The largest view that Slack keeps has 250 kB, which a form can triple, and a submission repeats what was typed."""

READING_SECONDS: Final = 10.0
"""How long a request's head may take to arrive, and its body again; Slack stops waiting after three seconds."""

FINISHING_SECONDS: Final = 10
"""How long a request under way may take to be answered once the bot is asked to stop; Bolt answers in three."""

_MOST_AT_ONCE: Final = 200

Answer = Callable[[Request, bytes], Awaitable[Response]]

_log = structlog.get_logger()


class CannotListen(Exception):
    """The address cannot be listened at; in a word (`EADDRINUSE`), without the address."""


class WebServer:
    """Listens at one address, in a thread of its own, from `open` to `close`.

    `answer` is given what comes to `/slack/events`, `ready` tells whether the bot can do its work; it is asked in
    another thread and may take its time.
    """

    def __init__(
        self, host: str, port: int, answer: Answer, ready: Callable[[], bool], *, patience: float = READING_SECONDS
    ) -> None:
        self._host = host
        self._port = port
        self._answer = answer
        self._ready = ready
        self._patience = patience
        self._looking: asyncio.Task[bool] | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def slack_url(self) -> str:
        """The request URL, as it is seen from this machine."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}{SLACK_PATH}"

    def open(self) -> None:
        """Listen; with port 0 at a free one, which is then told.

        Raises:
            CannotListen: if the address is taken, not of this machine, or not allowed.
        """
        bound = listening_socket(self._host, self._port)
        self._port = bound.getsockname()[1]
        config = uvicorn.Config(
            self._application(),
            http=closing_after(self._patience),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_graceful_shutdown=FINISHING_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, args=(self._server, bound), name="web", daemon=True)
        self._thread.start()
        _log.info("listening", port=self._port)

    def close(self) -> None:
        """Take nothing new, and return when what is under way is answered."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    def _serve(self, server: uvicorn.Server, bound: socket.socket) -> None:
        with bound:
            server.run(sockets=[bound])

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route(SLACK_PATH, self._slack, methods=["POST"]),
                Route(SLACK_PATH, _certificate_check, methods=["GET"]),
                Route("/livez", _alive, methods=["GET"]),
                Route("/readyz", self._readiness, methods=["GET"]),
            ]
        )

    async def _slack(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(request)
        except TimeoutError:
            return PlainTextResponse("too slow", status_code=408, headers={"connection": "close"})
        except ClientDisconnect:
            return PlainTextResponse("gone", status_code=400)  # nobody reads it
        if body is None:
            return PlainTextResponse("too long", status_code=413, headers={"connection": "close"})
        return await self._answer(request, body)

    async def _readiness(self, _request: Request) -> Response:
        # Whoever asks meanwhile gets the same answer: Slack's requests share the threads, and a database that is away
        # takes its time.
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(run_in_threadpool(self._ready))
        ready = await asyncio.shield(self._looking)
        return PlainTextResponse("ready" if ready else "not ready", status_code=200 if ready else 503)


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        CannotListen: if it cannot.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_MOST_AT_ONCE)
    except OSError as error:
        word = errno.errorcode.get(error.errno or 0) if not isinstance(error, socket.gaierror) else None
        raise CannotListen(word or type(error).__name__) from None


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("alive")


async def _certificate_check(request: Request) -> Response:
    # Slack's documentation used to say that `ssl_check=1` comes as GET; today it says POST, which Bolt answers.
    asked = request.query_params.get("ssl_check") == "1"
    return PlainTextResponse("", status_code=200 if asked else 405, headers={} if asked else {"allow": "POST"})


async def _body(request: Request) -> bytes | None:
    """The body, None if it is too long."""
    with contextlib.suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > MOST_BYTES:
            return None
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MOST_BYTES:
            return None
    return bytes(parts)
