"""How does a reminder leave as a text message, and what became of it?

Through 46elks (https://46elks.com/docs/send-sms): one POST to `/a1/sms`, form-encoded, with basic authentication.
There is no idempotency key, so whatever is not certain is `Unclear` and a human decides (rule P14):

    no connection, no name, bad certificate            try later: nothing was sent
    the request could not be written in full           try later: half a request is none
    time-out, drop or nonsense instead of an answer    unclear
    2xx with an id                                     accepted; without one: unclear
    401; 402; 403 for want of credit; 404; 408; 429    try later: not taken, and not this letter's fault
    any other 4xx                                      refused for good
    3xx (never followed), 5xx                          unclear

urllib3's connection is driven directly instead of through a pool, because the outcome depends on how far it came;
it follows no redirect, repeats nothing and asks no proxy.
"""

from __future__ import annotations

import dataclasses
import email.utils
import http.client
import json
import re
import ssl
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from bot.channels.characters import plain
from bot.channels.deadline import Deadline
from bot.channels.elks_account import ElksAccount, is_sender, sender_of
from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.channels.protocol import OutgoingSms
from bot.domain.model import Channel

_NUMBER = re.compile(r"\+[1-9]\d{4,14}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_LONGEST_ANSWER = 64 * 1024
_LONGEST_WAIT = timedelta(days=1)
_FAILURES = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)
_NOT_THIS_LETTERS_FAULT = frozenset({404, 405, 408, 425})


@dataclasses.dataclass(frozen=True, slots=True)
class SmsTimes:
    """How long each thing may take, in seconds. Being impatient with the answer makes outcomes unclear."""

    connect: float = 10
    answer: float = 30
    whole: float = 60


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    retry_after: timedelta | None
    body: bytes | None = dataclasses.field(repr=False)
    """Its beginning, 64 KiB at most; `None` if it broke off."""

    def field(self, name: str) -> str | None:
        try:
            found = json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return None
        value = found.get(name) if isinstance(found, dict) else None
        return value if isinstance(value, str) else None


class SmsSender:
    """A `Sender[OutgoingSms]` through 46elks. One connection a letter; any number of threads may use it."""

    channel = Channel.SMS

    def __init__(self, account: ElksAccount, times: SmsTimes | None = None, tls: ssl.SSLContext | None = None) -> None:
        """`tls` replaces the machine's own certificate authorities."""
        self._account = account
        self._times = times or SmsTimes()
        self._tls = tls or ssl.create_default_context()
        self._headers = {
            **urllib3.make_headers(basic_auth=f"{account.user}:{account.password}"),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }

    def send(self, letter: OutgoingSms, /) -> Outcome:
        """Hand one letter to the provider. `Accepted` carries the provider's id, which delivery reports repeat."""
        sender = letter.sender or self._account.sender or sender_of(letter.clinic_name)
        if not is_sender(sender):
            return TryLater("sender-invalid")
        if not _NUMBER.fullmatch(letter.recipient):
            return RefusedForGood("recipient-invalid")
        form = {"from": sender, "to": letter.recipient, "message": plain(letter.text), "dontlog": "message"}
        return self._exchange("POST", "/a1/sms", urlencode(form).encode("ascii"), _judge_sent)

    def probe(self) -> TryLater | None:
        """Ask for the account (`GET /a1/me`): is there a connection, and is the password right?"""
        outcome = self._exchange("GET", "/a1/me", None, _judge_probe)
        if isinstance(outcome, Accepted):
            return None
        return outcome if isinstance(outcome, TryLater) else TryLater(outcome.code)

    def close(self) -> None:
        """Nothing is kept open."""

    def _exchange(self, method: str, path: str, body: bytes | None, judge: Callable[[_Answer], Outcome]) -> Outcome:
        connection = self._connection()
        try:
            with Deadline(self._times.whole) as deadline:
                try:
                    connection.connect()
                except _FAILURES as error:
                    return TryLater(f"connect-{_kind(error, deadline)}")
                deadline.watch(connection.sock)
                connection.timeout = self._times.answer
                try:
                    self._ask(connection, method, path, body)
                except _FAILURES as error:
                    return TryLater(f"request-{_kind(error, deadline)}")
                try:
                    answer = _read(connection)
                except (*_FAILURES, ValueError) as error:
                    return Unclear(f"answer-{_kind(error, deadline)}")
                return judge(answer)
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        account, connect = self._account, self._times.connect
        if account.encrypted:
            return HTTPSConnection(account.host, account.port, timeout=connect, ssl_context=self._tls)
        return HTTPConnection(account.host, account.port, timeout=connect)

    def _ask(self, connection: HTTPConnection, method: str, path: str, body: bytes | None) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        connection.request(
            method, path, body=body, headers=self._headers | form, preload_content=False, decode_content=False
        )


def _read(connection: HTTPConnection) -> _Answer:
    response = connection.getresponse()
    try:
        body: bytes | None = response.read(_LONGEST_ANSWER)
    except (*_FAILURES, ValueError):
        body = None
    finally:
        response.close()
    return _Answer(response.status, _retry_after(response.headers), body)


def _judge_sent(answer: _Answer) -> Outcome:
    if 200 <= answer.status < 300:
        reference = answer.field("id")
        if answer.field("status") == "failed":
            return RefusedForGood("provider-failed")
        if reference is None or not _ID.fullmatch(reference):
            return Unclear("answer-odd")
        return Accepted(reference)
    return _judge_refusal(answer)


def _judge_probe(answer: _Answer) -> Outcome:
    return Accepted("account") if 200 <= answer.status < 300 else _judge_refusal(answer)


def _judge_refusal(answer: _Answer) -> Outcome:
    code = f"http-{answer.status}"
    if answer.status == 401:
        return TryLater("login")
    if answer.status == 429:
        return TryLater(code, answer.retry_after)
    # 46elks: 403 with the body "Not enough credits".
    if answer.status == 402 or (answer.status == 403 and b"credit" in (answer.body or b"").lower()):
        return TryLater("no-credit")
    if answer.status in _NOT_THIS_LETTERS_FAULT:
        return TryLater(code)
    if 400 <= answer.status < 500:
        return RefusedForGood(code)
    return Unclear(code)


def _retry_after(headers: urllib3.HTTPHeaderDict) -> timedelta | None:
    # RFC 9110, 10.2.3: seconds, or a date, which is compared with the provider's own clock and not with ours.
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) <= 9:
        return min(timedelta(seconds=int(value)), _LONGEST_WAIT)
    try:
        then = email.utils.parsedate_to_datetime(value)
        wait = then - email.utils.parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _kind(error: BaseException, deadline: Deadline) -> str:
    if deadline.passed:
        return "timeout"
    for kind, word in _KINDS:
        if isinstance(error, kind):
            return word
    return "dropped"


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (urllib3.exceptions.NameResolutionError, "dns"),
    (urllib3.exceptions.NewConnectionError, "refused"),
    (urllib3.exceptions.TimeoutError, "timeout"),
    (TimeoutError, "timeout"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLEOFError, "dropped"),
    (ssl.SSLError, "tls"),
    (http.client.RemoteDisconnected, "dropped"),
    (http.client.HTTPException, "odd"),
    (ValueError, "odd"),
)
