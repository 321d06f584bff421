"""What is said to a mail server, step by step, and what does each answer mean?

The dialogue of RFC 5321 is driven command by command instead of by `SMTP.sendmail`, because the outcome depends on
how far it came. The server is responsible for the letter from its 2xx answer to the final dot, and may be so from the
moment that dot could have arrived (RFC 5321, 4.2.5 and 6.1); a connection that breaks earlier leaves nothing behind
(4.1.1.10). So:

    before the dot   no connection, time-out, drop, 4xx       try later
                     5xx to connect, EHLO, TLS, login, 530    try later: the account's trouble, not the letter's
                     5xx to MAIL, RCPT or DATA                refused for good
    the dot          2xx, 4xx, 5xx                            accepted, try later, refused for good
                     no answer, or one that is none           unclear

A code is the step and what happened: `connect-refused`, `rcpt-550-5.1.1` (with the enhanced status code of RFC 3463
where the server gave one), `dot-timeout`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.channels.deadline import Allowance
from bot.channels.mail_message import MailMessage
from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.channels.smtp_server import SmtpServer, Tls

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?=[ \n]|$)", re.ASCII)
_ASKS_FOR_LOGIN = frozenset({530, 534, 535, 538})
"""RFC 4954, 6: authentication required, mechanism too weak, credentials invalid, encryption required."""
_GOES_AWAY = 421
_LONGEST_GOODBYE = 1024
_FIRST_DOTS = re.compile(rb"^\.", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class SmtpTimes:
    """How long each thing may take, in seconds.

    `final_answer` is the wait for the answer to the final dot; being impatient there makes outcomes unclear, so it
    is the longest (RFC 5321, 4.5.3.2.6, asks for ten minutes of a relay, which a pool of workers cannot spare).
    """

    connect: float = 10
    answer: float = 30
    final_answer: float = 120
    goodbye: float = 2
    whole: float = 180


class Stopped(Exception):
    """The dialogue ended before the final dot; `outcome` says how."""

    def __init__(self, outcome: RefusedForGood | TryLater) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


class SmtpSession:
    """One connection to a mail server, for one letter after another.

    A letter is `begin`, `offer`, `write`, `finish`; each before `finish` raises `Stopped` when it goes no further.
    Another may begin while the session is `ready`; a refusal before the dot needs `settle` for that.
    """

    def __init__(self, server: SmtpServer, times: SmtpTimes, tls: ssl.SSLContext, time_for_all: Allowance) -> None:
        self._server = server
        self._times = times
        self._tls = tls
        self._time_for_all = time_for_all
        self._patience = times.answer
        self._ready = False
        self._refused = False
        self._parted_at: float | None = None
        # Given a host, SMTP() would connect at once; given no name, it would ask the resolver for our own.
        self._smtp = smtplib.SMTP(local_hostname="[127.0.0.1]")

    def open(self) -> None:
        """Connect, greet, protect the connection and log in."""
        with self._step("connect"):
            wait = self._time_for_all.of(self._times.connect)
            connection = socket.create_connection((self._server.host, self._server.port), wait)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._speak_over(connection)
            self._smtp.local_hostname = _address_literal(connection)
        if self._server.tls is Tls.IMPLICIT:
            self._protect()
        with self._step("greeting"):
            self._expect("greeting", self._smtp.getreply(), 220)
        self._greet()
        if self._server.tls is Tls.STARTTLS:
            self._start_tls()
        if self._server.user:
            self._log_in()
        self._ready = True

    @property
    def ready(self) -> bool:
        """Whether both sides know that no letter is under way: only then may another begin."""
        return self._ready

    def keep_to(self, time_for_all: Allowance) -> None:
        """Let the next letter have a time of its own."""
        self._time_for_all = time_for_all

    def quiet(self) -> bool:
        """Whether the server has said nothing unasked since the last answer: no 421, no end of the connection.

        What it said would else be taken for the answer to the next command.
        """
        connection, answers = self._smtp.sock, self._smtp.file
        if connection is None or answers is None:
            return False
        self._patience = 0
        try:
            if answers.peek(1):
                return False
            connection.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except (OSError, ValueError):
            return False
        return False

    def begin(self, mail: MailMessage) -> None:
        """MAIL."""
        options = [f"size={len(mail.data)}"] if self._smtp.has_extn("size") else []
        if mail.international:
            if not self._smtp.has_extn("smtputf8"):
                raise Stopped(RefusedForGood("no-smtputf8"))
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        self._ready = False
        with self._step("mail"):
            self._expect("mail", self._smtp.mail(mail.sender, options), 250, permanent=True)

    def offer(self, mail: MailMessage) -> None:
        """RCPT and DATA, up to the server's 354."""
        with self._step("rcpt"):
            self._expect("rcpt", self._smtp.rcpt(mail.recipient), 250, 251, permanent=True)
        with self._step("data"):
            self._expect("data", self._smtp.docmd("DATA"), 354, permanent=True)

    def write(self, mail: MailMessage) -> None:
        """The message itself, without the final dot."""
        with self._step("data"):
            self._smtp.send(_FIRST_DOTS.sub(b"..", mail.data))

    def finish(self, mail: MailMessage) -> Outcome:
        """The final dot and the server's answer to it. Never raises: from here on the server may have the letter."""
        try:
            self._wait_at_most(self._times.final_answer)
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
        except (OSError, ValueError) as error:
            return Unclear(f"dot-{self._kind(error)}")
        if 200 <= code < 300:
            self._ready = True
            return Accepted(mail.message_id)
        if 400 <= code < 500:
            return TryLater(_code("dot", code, text))
        if 500 <= code < 600:
            return RefusedForGood(_code("dot", code, text))
        return Unclear(f"dot-{self._odd()}")

    def noop(self) -> None:
        """Ask for a sign of life."""
        with self._step("noop"):
            self._expect("noop", self._smtp.noop(), 250)

    def settle(self) -> None:
        """Make ready for another letter what refused one: RSET (RFC 5321, 4.1.1.5). Never raises.

        The letter's outcome is known and waits meanwhile, so the answer gets no more time than a goodbye.
        """
        if not self._refused:
            return
        self._refused = False
        with contextlib.suppress(OSError, ValueError):
            self._wait_at_most(self._times.goodbye)
            code, _ = self._smtp.docmd("RSET")
            self._ready = code == 250

    def say_goodbye(self) -> None:
        """QUIT, without waiting for the answer."""
        self._ready = False
        if self._parted_at is None:
            self._parted_at = time.monotonic()
            with contextlib.suppress(OSError, ValueError):
                # In its own time: a session that is kept has used up what its last letter was allowed.
                if self._smtp.sock is not None:
                    self._smtp.sock.settimeout(self._times.goodbye)
                self._smtp.putcmd("QUIT")

    def close(self) -> None:
        """Say goodbye, if that was not done, give the server a moment to answer, and let go of the connection."""
        self.say_goodbye()
        with contextlib.suppress(OSError, ValueError):
            left = (self._parted_at or 0) + self._times.goodbye - time.monotonic()
            if self._smtp.sock is not None and left > 0:
                self._smtp.sock.settimeout(left)
                self._smtp.sock.recv(_LONGEST_GOODBYE)
        self.drop()

    def drop(self) -> None:
        """Let go of the connection."""
        self._ready = False
        self._smtp.close()

    def _wait_at_most(self, seconds: float) -> None:
        self._patience = seconds
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(self._next_wait())

    def _next_wait(self) -> float:
        return self._time_for_all.of(self._patience) if self._patience else 0

    def _speak_over(self, connection: socket.socket) -> None:
        # smtplib would read through a file that waits for each byte anew.
        self._smtp.sock = connection
        self._smtp.file = io.BufferedReader(_Answers(connection, self._next_wait))

    def _greet(self) -> None:
        with self._step("ehlo"):
            self._expect("ehlo", self._smtp.ehlo(), 250)

    def _start_tls(self) -> None:
        if not self._smtp.has_extn("starttls"):
            raise Stopped(TryLater("no-starttls"))
        with self._step("starttls"):
            self._expect("starttls", self._smtp.docmd("STARTTLS"), 220)
        self._protect()
        self._greet()

    def _protect(self) -> None:
        # By hand, since SMTP.starttls takes the server's name from a constructor that connects. What was read ahead
        # in the clear is thrown away with the old file (RFC 3207, 4.2); the EHLO that follows asks everything anew.
        with self._step("tls"):
            if self._smtp.file is not None:
                self._smtp.file.close()
                self._smtp.file = None
            plain = self._smtp.sock
            if plain is None:
                raise smtplib.SMTPServerDisconnected
            protected = self._tls.wrap_socket(plain, server_hostname=self._server.host, do_handshake_on_connect=False)
            self._speak_over(protected)
            protected.do_handshake()

    def _log_in(self) -> None:
        with self._step("login"):
            try:
                self._smtp.login(self._server.user, self._server.password)
            except smtplib.SMTPAuthenticationError as error:
                if 400 <= error.smtp_code < 500:
                    text = error.smtp_error if isinstance(error.smtp_error, bytes) else b""
                    raise Stopped(TryLater(_code("login", error.smtp_code, text))) from None
                raise Stopped(TryLater("login")) from None
            except smtplib.SMTPServerDisconnected:
                raise
            except smtplib.SMTPException:
                raise Stopped(TryLater("no-login")) from None

    def _expect(self, step: str, reply: tuple[int, bytes], *good: int, permanent: bool = False) -> None:
        code, text = reply
        if code in good:
            return
        if code in _ASKS_FOR_LOGIN:
            raise Stopped(TryLater("login"))
        if not 400 <= code < 600:
            raise Stopped(TryLater(f"{step}-{self._odd()}"))
        # With 421 the server hangs up (RFC 5321, 3.8).
        self._refused = permanent and code != _GOES_AWAY
        if permanent and code >= 500:
            raise Stopped(RefusedForGood(_code(step, code, text)))
        raise Stopped(TryLater(_code(step, code, text)))

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[None]:
        try:
            self._wait_at_most(self._times.answer)
            yield
        except (OSError, ValueError) as error:
            raise Stopped(TryLater(f"{name}-{self._kind(error)}")) from None

    def _odd(self) -> str:
        # What was cut off in the middle of a line looks like an answer, too.
        return "timeout" if self._time_for_all.passed else "odd-answer"

    def _kind(self, error: BaseException) -> str:
        if self._time_for_all.passed:
            return "timeout"
        # smtplib wraps what the socket raised into its own exceptions.
        cause = error.__context__ if isinstance(error, smtplib.SMTPException) and error.__context__ else error
        for kind, word in _KINDS:
            if isinstance(cause, kind):
                return word
        return "dropped"


class _Answers(io.RawIOBase):
    """What the server says, each piece waited for no longer than `wait` allows; nothing while it allows none."""

    def __init__(self, connection: socket.socket, wait: Callable[[], float]) -> None:
        self._connection = connection
        self._wait = wait

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        self._connection.settimeout(self._wait())
        try:
            return self._connection.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
    (socket.gaierror, "dns"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLEOFError, "dropped"),
    (ssl.SSLError, "tls"),
    (smtplib.SMTPResponseException, "odd-answer"),
    (OSError, "dropped"),
    (ValueError, "odd-answer"),
)


def _code(step: str, code: int, text: bytes) -> str:
    enhanced = _ENHANCED.match(text)
    if enhanced and text[:1] == str(code)[:1].encode():
        return f"{step}-{code}-{enhanced[1].decode()}"
    return f"{step}-{code}"


def _address_literal(connection: socket.socket) -> str:
    # RFC 5321, 4.1.4: a client without a name of its own gives its address.
    address = ipaddress.ip_address(str(connection.getsockname()[0]).partition("%")[0])
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
