"""What answers at the port that the app asks?

The Web API, the sockets, response_urls, the addresses that bytes go to and come from, and a text-message provider, all
behind the `Gate` and on a line that may be disturbed. Which HTTP status goes with the refusal of a response_url is not
documented: here 404 for an address that is no good any more, and 400 for a message that is none.
"""

from __future__ import annotations

import asyncio
import dataclasses
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from bot.demo.arguments import Arguments
from bot.demo.disturbance import Disturbance
from bot.demo.errors import Refusal
from bot.demo.faults import Faults, Network
from bot.demo.files import Files
from bot.demo.gate import Gate
from bot.demo.inbox import SmsReceiver
from bot.demo.listening import Connections
from bot.demo.record import Record
from bot.demo.response_urls import ResponseUrls
from bot.demo.socket_mode import SocketMode
from bot.demo.web_api import WebApi


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AppPort:
    """Everything that the app can ask. `connections` are those of the server in front of it."""

    web_api: WebApi
    socket_mode: SocketMode
    response_urls: ResponseUrls
    files: Files
    sms: SmsReceiver
    faults: Faults
    network: Network
    record: Record
    connections: Connections

    def application(self, stopping: asyncio.Event) -> ASGIApp:
        """The ASGI application; requests that are left without an answer are let go when the workspace stops."""
        routes = Starlette(
            routes=[
                Route("/api/{method}", self.web_api.endpoint, methods=["GET", "POST"]),
                WebSocketRoute("/link/", self.socket_mode.endpoint),
                Route("/commands/{path:path}", self._response_url, methods=["POST"]),
                Route("/actions/{path:path}", self._response_url, methods=["POST"]),
                Route("/app/{path:path}", self._response_url, methods=["POST"]),
                Route("/upload/v1/{ticket}", self.files.receive, methods=["POST"]),
                Route("/files-pri/{id}/{name:path}", self.files.download, methods=["GET"]),
                Route("/a1/sms", self.sms.endpoint, methods=["POST"]),
                Route("/a1/me", self.sms.account, methods=["GET"]),
            ]
        )
        return Gate(
            Disturbance(
                routes,
                self.faults,
                self.network,
                self.record,
                is_the_apps=self._is_the_apps,
                reset=self.connections.reset,
                hang=partial(self.connections.hang, stopping=stopping),
            )
        )

    def _is_the_apps(self, request: Request, body: bytes) -> bool:
        path = request.url.path.removeprefix("/")
        match path.partition("/")[0]:
            case "api":
                return self.web_api.knows(request, body)
            case "a1":
                return self.sms.knows(request.headers.get("authorization", ""))
            case "commands" | "actions" | "app":
                return self.response_urls.knows(path)
            case _:
                return self.files.knows(request)

    async def _response_url(self, request: Request) -> Response:
        try:
            arguments = Arguments.read({}, request.headers.get("content-type", ""), await request.body())
            self.response_urls.answer(request.url.path.removeprefix("/"), arguments.raw())
        except Refusal as refusal:
            gone = refusal.error in ("invalid_url", "expired_url", "used_url")
            return JSONResponse(refusal.answer(), status_code=404 if gone else 400)
        return PlainTextResponse("ok")
