"""How does the workspace listen on this machine, and cut a connection as a bad network would?

Ports are taken before anything is served, so that their numbers are known; each HTTP connection is known by its other
end, so that one of them can be reset.
"""

from __future__ import annotations

import asyncio
import socket
import struct

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_HOST = "127.0.0.1"
_PING_INTERVAL = 0.25  # slack_sdk's reader holds its socket's lock until something arrives, and close() waits for it


class Connections:
    """The open HTTP connections of one server."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, client: tuple[str, int], transport: asyncio.Transport) -> None:
        """Somebody connected."""
        self._transports[client] = transport

    def closed(self, client: tuple[str, int]) -> None:
        """They are gone."""
        self._transports.pop(client, None)

    async def reset(self, request: Request) -> None:
        """Reset the connection that the request came over."""
        client = request.client
        transport = self._transports.get((client.host, client.port)) if client else None
        if transport is None:
            return
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await asyncio.sleep(0)  # lets the protocol see that the connection is lost

    async def hang(self, request: Request, stopping: asyncio.Event) -> None:
        """Leave the request without an answer until its sender gives up, or the workspace stops."""
        waits = [asyncio.ensure_future(request.receive()), asyncio.ensure_future(stopping.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await self.reset(request)


def bound_to(port: int) -> socket.socket:
    """A listening socket; 0 is any free port."""
    bound = socket.create_server((_HOST, port))
    bound.setblocking(False)
    return bound


def address_of(scheme: str, bound: socket.socket) -> str:
    """Its URL."""
    return f"{scheme}://{_HOST}:{bound.getsockname()[1]}"


def asked_by_name(scope: Scope, *, perhaps_without_port: bool = False) -> bool:
    """Whether a request names this machine itself as its host, once, with the port that it came to.

    Browsers name the port, always. slack_sdk does not where it opens a socket (socket_mode/builtin/connection.py).
    """
    ports = [f":{scope['server'][1]}", *([""] if perhaps_without_port else [])]
    names = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return len(names) == 1 and names[0] in {f"{host}{port}" for host in (_HOST, "localhost") for port in ports}


def http_server(app: ASGIApp, connections: Connections) -> uvicorn.Server:
    """A server that runs in an event loop of ours."""

    class Protocol(H11Protocol):
        """Keeps the transport of each connection, so that one can be reset."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is not None:
                connections.opened(self.client, transport)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self.client is not None:
                connections.closed(self.client)

    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        ws_ping_interval=_PING_INTERVAL,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)
