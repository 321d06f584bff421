"""Which servers do the channels meet in tests? Real ones, on free ports, that can be told to misbehave."""

# ruff: noqa: N802  # aiosmtpd and http.server find their hooks by these names.

from __future__ import annotations

import asyncio
import contextlib
import functools
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Answer = str | None


@functools.cache
def _authority() -> trustme.CA:
    """A certificate authority of this test run alone."""
    return trustme.CA()


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


def client_tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    _authority().configure_trust(context)
    return context


def unused_port() -> int:
    """A port where nobody listens: it was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Mailbox:
    """An aiosmtpd handler that keeps what arrives and answers as told: `answers["RCPT"] = "550 5.1.1 no"`."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.envelopes: list[Envelope] = []
        self.commands: list[str] = []
        self.host_names: list[str] = []
        self.mail_options: list[str] = []
        self.logins: list[str] = []

    def _answer(self, command: str, otherwise: str) -> str:
        self.commands.append(command)
        return self.answers.get(command, otherwise)

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.host_names.append(hostname)
        self.commands.append("EHLO")
        return [self.answers["EHLO"]] if "EHLO" in self.answers else responses

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.mail_options = options
        return self._answer("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        answer = self._answer("DOT", "250 2.0.0 queued as 4711")
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if answer == "slow":
            await asyncio.sleep(0.6)
            return "250 at last"
        if answer == "silence":
            await asyncio.Event().wait()
        return answer

    async def handle_NOOP(self, _server: SMTP, _session: Session, _envelope: Envelope, _argument: str) -> str:
        return self._answer("NOOP", "250 OK")

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        return self._answer("QUIT", "221 Bye")

    def content(self) -> bytes:
        # No property: aiosmtpd reads every attribute of its handler when a client connects.
        (envelope,) = self.envelopes
        assert isinstance(envelope.content, bytes)
        return envelope.content


@contextlib.contextmanager
def mail_server(mailbox: Mailbox, *, tls: bool = False, password: str | None = None, **options: Any) -> Iterator[int]:
    """An aiosmtpd server in a thread; yields its port. `tls` is TLS from the first byte, `tls_context` STARTTLS."""

    def login(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
        mailbox.logins.append(mechanism)
        return AuthResult(success=auth_data.password == (password or "").encode(), handled=False)

    if password is not None:
        options |= {"authenticator": login, "auth_required": True, "auth_require_tls": False}
    loop = asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    server = loop.run_until_complete(
        loop.create_server(
            lambda: SMTP(mailbox, hostname="mail.test", loop=loop, timeout=30, **options),
            sock=listener,
            ssl=server_tls() if tls else None,
        )
    )
    thread = threading.Thread(target=loop.run_forever, name="mail-server")
    thread.start()

    async def wind_up() -> None:
        server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0)
        loop.stop()

    try:
        yield listener.getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(wind_up(), loop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


Script = Callable[[socket.socket, threading.Event], None]


@contextlib.contextmanager
def raw_server(script: Script) -> Iterator[int]:
    """A TCP server that plays `script` with the first connection; yields its port. The event is set at the end."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def play() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                with contextlib.suppress(OSError):
                    script(connection, over)

    thread = threading.Thread(target=play, name="raw-server")
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def dialogue(*lines: tuple[bytes, bytes], greeting: bytes = b"220 mail.test\r\n") -> Script:
    """A mail server that answers each command beginning with the first by the second; an empty answer hangs up."""

    def play(connection: socket.socket, over: threading.Event) -> None:
        if not greeting:
            return
        connection.sendall(greeting)
        rest = list(lines)
        with connection.makefile("rb") as commands:
            for command in commands:
                if rest and command.upper().startswith(rest[0][0]):
                    answer = rest.pop(0)[1]
                    if not answer:
                        return
                    if answer == b"silence":
                        over.wait(10)
                        return
                    connection.sendall(answer)

    return play


class ElksHandler(http.server.BaseHTTPRequestHandler):
    """Answers as 46elks does, or as told."""

    server: ElksServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.bodies.append(self.rfile.read(length).decode("ascii"))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers))
        if self.server.misbehave is not None:
            self.server.misbehave(self)
            self.close_connection = True
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


class ElksServer(http.server.ThreadingHTTPServer):
    """A provider of text messages on a free port."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ElksHandler)
        self.status = 200
        self.headers: dict[str, str] = {"Content-Type": "application/json"}
        self.body = b'{"status": "created", "direction": "outgoing", "id": "s70df59406a1b4643b96f3f91e0bfb7b0"}'
        self.misbehave: Callable[[ElksHandler], None] | None = None
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[str] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_port

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests want."""


@contextlib.contextmanager
def elks_server(*, tls: bool = False) -> Iterator[ElksServer]:
    server = ElksServer()
    if tls:
        server.socket = server_tls().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="elks-server")
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
