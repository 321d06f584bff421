"""Which connections to the mail server are kept between letters, and how can a kept one double nothing?

Each session serves one thread at a time. It is kept when both sides know that no letter is under way: the final dot was
answered with 2xx, or a letter was refused before it and RSET was answered with 250. After anything else (421, silence,
a drop, an answer that is none, a refusal of the dot) it is let go.

The server may have hung up meanwhile, or have had enough of the session. So what a kept session answers to MAIL is
taken for an answer about the letter only if it is 250; after anything else the letter begins once more on a fresh
connection, and what that answers counts. Not a byte of the letter has left by then, and a dialogue that ends before
DATA leaves nothing behind (RFC 5321, 4.1.1.10), so nothing can arrive twice. After MAIL nothing is begun again here:
the rules of `bot.channels.smtp_session` hold as on a fresh connection.

No thread watches what is idle. A connection that outlasts the last letter stays open until the server ends it, the next
letter comes or the sender is closed; its end is seen before it is used again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from bot.channels.deadline import Allowance
from bot.channels.mail_message import MailMessage
from bot.channels.outcome import TryLater
from bot.channels.smtp_server import SmtpServer
from bot.channels.smtp_session import SmtpSession, SmtpTimes, Stopped

IDLE_AT_MOST: Final = 30.0
"""Seconds after which an unused session is not used again.

A server waits at least five minutes for a command (RFC 5321, 4.5.3.2.7), and so do Exchange
(`ConnectionInactivityTimeout`) and Postfix (`smtpd_timeout`; 10 s when overloaded). Routers on the way forget quiet
connections without a word, which would cost a letter the whole wait for an answer.
"""

OPEN_AT_MOST: Final = 240.0
"""Seconds after its opening at which a session takes no more letters, however busy it is.

Exchange cuts a connection after five or ten minutes even in the middle of a letter (`ConnectionTimeout` of a receive
connector); Postfix's own client uses one for five (`smtp_connection_reuse_time_limit`).
"""

LETTERS_AT_MOST: Final = 100
"""How many letters one session takes; Nodemailer's pool (`maxMessages`) has the same.

Servers that count announce it at MAIL, with 421 or, like KumoMTA (`max_messages_per_connection`), another 4xx; whose
limit is lower therefore costs that one command.
"""


@dataclasses.dataclass(slots=True)
class _Line:
    """A session with what decides whether it is used again; moments are seconds of the monotonic clock."""

    session: SmtpSession
    opened_at: float = 0.0
    idle_since: float = 0.0
    letters: int = 0


class SmtpSessions:
    """The sessions of one sender; any number of threads may use it.

    One is opened only when none is idle, so there are never more than letters were under way at once.
    """

    def __init__(
        self,
        server: SmtpServer,
        times: SmtpTimes,
        tls: ssl.SSLContext,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = server
        self._times = times
        self._tls = tls
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._idle: list[_Line] = []
        self._closed = False

    @contextlib.contextmanager
    def begun(self, mail: MailMessage) -> Iterator[SmtpSession]:
        """A session whose server has said 250 to this letter's MAIL; it is nobody else's until the block ends.

        `SmtpTimes.whole` bounds everything from connecting to the end of the block.

        Raises:
            Stopped: if it does not come so far; `closed` after `close`.
        """
        time_for_all = Allowance(self._times.whole)
        line = self._next(time_for_all)
        try:
            self._begin(line, mail, time_for_all)
            yield line.session
        finally:
            line.session.settle()
            self._take_back(line)

    def close(self) -> None:
        """Say goodbye on every idle session; one in use is let go when its letter is done, and none is opened again."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        # All at once, so that they share one wait for the answers.
        for line in idle:
            line.session.say_goodbye()
        for line in idle:
            line.session.close()

    def _begin(self, line: _Line, mail: MailMessage, time_for_all: Allowance) -> None:
        if line.letters:
            line.letters += 1
            line.session.keep_to(time_for_all)
            try:
                line.session.begin(mail)
            except Stopped:
                if line.session.ready or time_for_all.passed:
                    raise
                _let_go(line)
                line.session = self._fresh(time_for_all)
            else:
                return
        line.opened_at = self._monotonic()
        line.letters = 1
        line.session.open()
        line.session.begin(mail)

    def _next(self, time_for_all: Allowance) -> _Line:
        for line in self._outdated():
            _let_go(line)
        while (kept := self._youngest()) is not None:
            if kept.session.quiet():
                return kept
            kept.session.drop()
        return _Line(self._fresh(time_for_all))

    def _fresh(self, time_for_all: Allowance) -> SmtpSession:
        return SmtpSession(self._server, self._times, self._tls, time_for_all)

    def _outdated(self) -> list[_Line]:
        now = self._monotonic()
        with self._lock:
            outdated = [line for line in self._idle if self._is_outdated(line, now)]
            self._idle = [line for line in self._idle if not self._is_outdated(line, now)]
        return outdated

    def _youngest(self) -> _Line | None:
        # The one used last, so that what a quiet hour does not need grows old.
        with self._lock:
            if self._closed:
                raise Stopped(TryLater("closed"))
            return self._idle.pop() if self._idle else None

    def _take_back(self, line: _Line) -> None:
        now = self._monotonic()
        if line.session.ready and line.letters < LETTERS_AT_MOST and now - line.opened_at <= OPEN_AT_MOST:
            line.idle_since = now
            with self._lock:
                if not self._closed:
                    self._idle.append(line)
                    return
        line.session.close()

    @staticmethod
    def _is_outdated(line: _Line, now: float) -> bool:
        return now - line.idle_since > IDLE_AT_MOST or now - line.opened_at > OPEN_AT_MOST


def _let_go(line: _Line) -> None:
    # A letter is waiting; like Postfix's client (smtp_skip_quit_response) nobody waits for the goodbye.
    line.session.say_goodbye()
    line.session.drop()
