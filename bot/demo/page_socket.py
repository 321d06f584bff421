"""How does the page act in the workspace?

The page's files, its WebSocket as PAGE.md describes it, and the locks on both: the page is served to this machine's
own names only, and the socket opens to whoever has the key from the printed address and comes from the page itself,
since any page in the same browser can try to connect to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.demo.developer import Developer
from bot.demo.errors import Refusal
from bot.demo.files import LARGEST_INPUT, Files, as_download
from bot.demo.interactions import TROUBLE, Interactions
from bot.demo.listening import asked_by_name
from bot.demo.snapshot import Snapshots
from bot.demo.state import State

Object = dict[str, Any]
Skip = Callable[[str], None]

FILES = Path(__file__).parent / "page"
_LOOK_AGAIN = 1.0  # the next send can change without anything in the workspace changing
_log = logging.getLogger(__name__)


class Page:
    """Serves the page and its sockets. `executor` runs what waits for the app."""

    def __init__(
        self,
        state: State,
        interactions: Interactions,
        snapshots: Snapshots,
        skip: Skip,
        developer: Developer,
        shared: Files,
        key: str,
        executor: Executor,
        files: Path = FILES,
    ) -> None:
        self._state = state
        self._interactions = interactions
        self._snapshots = snapshots
        self._skip = skip
        self._developer = developer
        self._shared = shared
        self._key = key
        self._executor = executor
        self._files = files
        self._tabs: set[asyncio.Task[None]] = set()

    def application(self) -> ASGIApp:
        """The ASGI application."""
        files = StaticFiles(directory=self._files, check_dir=False)
        return Starlette(
            routes=[
                Route("/", self._index),
                WebSocketRoute("/page/socket", self._socket),
                Route("/page/files", self._upload, methods=["POST"]),
                Route("/page/files/{id}/{name:path}", self._file),
                Mount("/page", files),
            ],
            middleware=[Middleware(_Guard)],
        )

    async def close(self) -> None:
        """Close all tabs."""
        for tab in tuple(self._tabs):
            tab.cancel()
        await asyncio.gather(*self._tabs, return_exceptions=True)

    async def _index(self, _request: Request) -> Response:
        return FileResponse(self._files / "index.html")

    async def _upload(self, request: Request) -> Response:
        """The bytes of a file that a person puts into a form; Slack's file object as JSON."""
        name = request.query_params.get("name", "")
        user = self._state.definition.user(request.query_params.get("user", ""))
        if not self._has_key(request) or not _is_from_page(request) or user is None:
            return PlainTextResponse("", status_code=403)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > LARGEST_INPUT:
                return PlainTextResponse("", status_code=413)
        if not name or not content:
            return PlainTextResponse("", status_code=400)
        return JSONResponse(self._shared.keep(name, bytes(content), user.id))

    def _has_key(self, connection: HTTPConnection) -> bool:
        key = connection.query_params.get("key", "")
        return secrets.compare_digest(key.encode(), self._key.encode())

    async def _file(self, request: Request) -> Response:
        """A file that was shared, for a person who sees it."""
        if not self._has_key(request):
            return PlainTextResponse("", status_code=403)
        try:
            return as_download(self._shared.for_person(request.query_params.get("user", ""), request.path_params["id"]))
        except Refusal:
            return PlainTextResponse("", status_code=404)

    async def _socket(self, websocket: WebSocket) -> None:
        user_id = websocket.query_params.get("user") or self._state.definition.users[0].id
        if not self._has_key(websocket) or not _is_from_page(websocket) or self._state.definition.user(user_id) is None:
            await websocket.close()  # before accepting, so that the browser sees 403
            return
        await websocket.accept()
        tab = _Tab(websocket, user_id, self._state, self._snapshots, self._answer, self._executor)
        task = asyncio.create_task(tab.run())
        self._tabs.add(task)
        try:
            await task
        except asyncio.CancelledError:
            with contextlib.suppress(RuntimeError):
                await websocket.close(1001)
        finally:
            self._tabs.discard(task)

    def _answer(self, user_id: str, request: Mapping[str, Any]) -> Object:
        """Do what the page asks; runs outside the event loop."""
        try:
            return {"ok": True, **self._act(user_id, request)}
        except Refusal as refusal:
            _log.info("%s: %s", request.get("type"), refusal.error)
            return {"ok": False, "error": refusal.error, "messages": list(refusal.messages)}
        except (KeyError, TypeError, ValueError):
            return {"ok": False, "error": "invalid_request"}

    def _act(self, user_id: str, request: Mapping[str, Any]) -> Object:  # noqa: C901 - one case a request
        act, answer = self._interactions, Object()
        match request["type"]:
            case "say":
                act.say(user_id, request["channel"], request["text"], request.get("thread_ts"))
            case "command":
                act.command(user_id, request["channel"], request["text"])
            case "shortcut":
                act.shortcut(user_id, request["callback_id"])
            case "message_shortcut":
                message = act.surface(user_id, {"channel": request["channel"], "ts": request["ts"]})
                act.message_shortcut(user_id, message, request["callback_id"])
            case "open_app":
                act.open_home(user_id, str(request["tab"]))
            case "action":
                surface = act.surface(user_id, request["surface"])
                ids = (str(request["block_id"]), str(request["action_id"]))
                act.act(user_id, surface, *ids, request["action"], request.get("state"))
            case "suggest":
                surface = act.surface(user_id, request["surface"])
                ids = (str(request["block_id"]), str(request["action_id"]))
                answer = act.suggest(user_id, surface, *ids, str(request["value"]), request.get("state"))
            case "submit":
                errors = act.submit(user_id, request["view_id"], request.get("state"))
                if errors:
                    raise _FieldErrors(errors)
            case "close":
                act.close(user_id, request["view_id"], cleared=bool(request.get("cleared")))
            case "read":
                act.read(user_id, request["channel"])
            case "skip":
                self._skip(request["to"])
            case "typed":
                act.typed(user_id, request["view_id"], request["state"])
            case _:
                answer = self._developer.answer(request)
        return answer


def _is_from_page(connection: HTTPConnection) -> bool:
    """Whether the page itself asks. Its host is looked at by `_Guard`; a browser sends one origin, and never two."""
    return connection.headers.getlist("origin") == [f"http://{connection.headers.get('host', '')}"]


class _FieldErrors(Exception):
    """The form was not taken: what is wrong, by block_id."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


class _Tab:
    """One open tab: snapshots out, requests in, replies out."""

    def __init__(
        self,
        websocket: WebSocket,
        user_id: str,
        state: State,
        snapshots: Snapshots,
        answer: Callable[[str, Mapping[str, Any]], Object],
        executor: Executor,
    ) -> None:
        self._websocket = websocket
        self._user_id = user_id
        self._state = state
        self._snapshots = snapshots
        self._answer = answer
        self._executor = executor
        self._changed = asyncio.Event()
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()

        def changed() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._changed.set)

        stop_listening = self._state.listen(changed)
        try:
            async with asyncio.TaskGroup() as tasks:
                showing = tasks.create_task(self._show())
                with contextlib.suppress(WebSocketDisconnect, KeyError):
                    while True:
                        request = await self._websocket.receive_json()
                        tasks.create_task(self._reply(request))
                showing.cancel()
        finally:
            stop_listening()

    async def _show(self) -> None:
        """Send a snapshot now and after each change; several changes may share one."""
        loop = asyncio.get_running_loop()
        shown: Object = {}
        while True:
            self._changed.clear()
            try:
                snapshot = await loop.run_in_executor(self._executor, self._snapshots.take, self._user_id)
            except Exception:  # noqa: BLE001 - the next moment is asked of the app's side, which may be closing
                _log.warning("no snapshot could be taken", exc_info=True)
                snapshot = shown
            if _without_time(snapshot) != _without_time(shown):
                await self._send({"type": "snapshot", "snapshot": snapshot})
                shown = snapshot
            # Not by wait_for: in Python 3.11 it loses a cancellation that comes together with what it waits for.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self._changed.wait()

    async def _reply(self, request: object) -> None:
        if not isinstance(request, dict):
            return
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._executor, self._answer, self._user_id, request)
        except _FieldErrors as refused:
            answer = {"ok": False, "errors": refused.errors}
        except Exception:  # noqa: BLE001 - the outer edge: the page is told, the log has the rest
            _log.exception("a request of the page failed")
            answer = {"ok": False, "error": TROUBLE}
        await self._send({"type": "reply", "id": request.get("id"), **answer})

    async def _send(self, message: Object) -> None:
        async with self._sending:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the tab closed meanwhile
                await self._websocket.send_json(message)


def _without_time(snapshot: Object) -> Object:
    """A snapshot that differs only in the present moment is not worth sending."""
    if not snapshot:
        return {}
    return {**snapshot, "clock": {**snapshot["clock"], "now": None}}


class _Guard:
    """Only this machine's own names are answered, and the browser is told to load from nowhere else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        if not asked_by_name(scope):
            await _refuse(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_security_headers(host)]
            await send(message)

        await self._app(scope, receive, guarded)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).close()
    else:
        await Response("unknown host", status_code=421)(scope, receive, send)


def _security_headers(host: str) -> list[tuple[bytes, bytes]]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self' ws://{host}; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
    ]
