"""What arrived at the mailbox and the phone of those whom the app writes to?

Mail as an SMTP server received it (text, HTML, decoded headers in their order), text messages as a provider's HTTP
endpoint received them: 46elks, `POST /a1/sms` with basic authentication and form fields from, to, message
(46elks.com/docs/send-sms; the answer's fields as on the page for one SMS).
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import email
import email.errors
import email.header
import email.message
import email.policy
import re
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.demo.state import State

_NUMBER = re.compile(r"\+[0-9]{6,15}")
_SMS_COST = 5200  # in ten-thousandths of the account's currency


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One e-mail as it arrived."""

    id: str
    to: str
    """The recipients of the envelope."""
    from_: str
    """The From header; the envelope's sender if there is none."""
    subject: str
    text: str
    html: str | None
    headers: tuple[tuple[str, str], ...]
    received_at: datetime
    raw: bytes = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    """One text message as it arrived."""

    id: str
    to: str
    from_: str
    text: str
    received_at: datetime


class Inbox:
    """One mailbox and one phone for all of them, the newest first."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._mails: list[Mail] = []
        self._texts: list[TextMessage] = []

    @property
    def mailbox(self) -> tuple[Mail, ...]:
        """All e-mails, the newest first."""
        with self._state.reading():
            return tuple(reversed(self._mails))

    @property
    def phone(self) -> tuple[TextMessage, ...]:
        """All text messages, the newest first."""
        with self._state.reading():
            return tuple(reversed(self._texts))

    def receive_mail(self, recipients: list[str], sender: str, content: bytes) -> Mail:
        """Put an e-mail into the mailbox."""
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        headers = tuple((name, _decoded(str(value))) for name, value in message.items())
        first = {name.lower(): value for name, value in reversed(headers)}
        mail = Mail(
            id=secrets.token_hex(8),
            to=", ".join(recipients),
            from_=first.get("from", sender),
            subject=first.get("subject", ""),
            text=_body(message, "text/plain") or "",
            html=_body(message, "text/html"),
            headers=headers,
            received_at=self._state.now(),
            raw=content,
        )
        with self._state.changing():
            self._mails.append(mail)
        return mail

    def receive_text(self, recipient: str, sender: str, text: str) -> TextMessage:
        """Put a text message into the phone."""
        arrived = TextMessage(
            id=f"s{secrets.token_hex(16)}", to=recipient, from_=sender, text=text, received_at=self._state.now()
        )
        with self._state.changing():
            self._texts.append(arrived)
        return arrived


class MailServer:
    """Speaks SMTP: a protocol for each connection, all of them closed at the end."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._open: set[Any] = set()

    def protocol(self) -> SMTP:
        """A protocol for one connection, in the running event loop."""
        return _Connection(self, self._open)

    def close(self) -> None:
        """Cut the connections that are still open."""
        for connection in tuple(self._open):
            if connection.transport is not None:
                connection.transport.abort()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take the message."""
        content = envelope.content or b""
        if isinstance(content, str):
            content = content.encode()
        self._inbox.receive_mail(list(envelope.rcpt_tos), envelope.mail_from or "", content)
        return "250 2.0.0 Ok"


class _Connection(SMTP):  # aiosmtpd has no types
    def __init__(self, handler: MailServer, register: set[Any]) -> None:
        super().__init__(
            handler, hostname="localhost", ident="local", enable_SMTPUTF8=True, loop=asyncio.get_running_loop()
        )
        self._register = register

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's
        self._register.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._register.discard(self)
        super().connection_lost(error)


class SmsReceiver:
    """Answers as 46elks answers."""

    def __init__(self, inbox: Inbox, user: str, password: str) -> None:
        self._inbox = inbox
        self._user = user
        self._credentials = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    async def endpoint(self, request: Request) -> Response:
        """One text message."""
        return self._take(request.headers.get("authorization", ""), await request.body())

    async def account(self, request: Request) -> Response:
        """Whose credentials these are, as 46elks tells at `GET /a1/me`."""
        if not self.knows(request.headers.get("authorization", "")):
            return _unauthorized()
        return JSONResponse({"id": self._user, "displayname": "local", "currency": "SEK"})

    def knows(self, credentials: str) -> bool:
        """Whether these are the account's user and password."""
        return secrets.compare_digest(credentials.encode(), self._credentials.encode())

    def _take(self, credentials: str, body: bytes) -> Response:
        if not self.knows(credentials):
            return _unauthorized()
        fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        for name in ("from", "to", "message"):
            if not fields.get(name):
                return PlainTextResponse(f"Missing key {name}", status_code=403)
        if not _NUMBER.fullmatch(fields["to"]):
            return PlainTextResponse("Invalid to number", status_code=403)
        arrived = self._inbox.receive_text(fields["to"], fields["from"], fields["message"])
        return JSONResponse(
            {
                "id": arrived.id,
                "status": "created",
                "direction": "outgoing",
                "from": arrived.from_,
                "to": arrived.to,
                "message": arrived.text,
                "created": arrived.received_at.replace(tzinfo=None).isoformat(),
                "cost": _SMS_COST,
                "parts": 1,
            }
        )


def _unauthorized() -> Response:
    return PlainTextResponse("API access requires Basic HTTP authentication", status_code=401)


def _decoded(value: str) -> str:
    """A header's text; unfolded, encoded words read, and as it came where they cannot be."""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", value)
    try:
        return str(email.header.make_header(email.header.decode_header(unfolded)))
    except (email.errors.HeaderParseError, LookupError, UnicodeDecodeError):
        return unfolded


def _body(message: email.message.Message, content_type: str) -> str | None:
    for part in message.walk():
        if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _text(payload, part.get_content_charset() or "utf-8")
    return None


def _text(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, errors="replace")
    except LookupError:
        return payload.decode(errors="replace")
