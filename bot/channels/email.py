"""How does a reminder leave as an e-mail, and what became of it?

Connect, log in, hand over, and keep the connection for the next letter. The dialogue and what each answer means is in
`smtp_session`, which connections are kept in `smtp_sessions`, the message in `mail_message`, the server in
`smtp_server`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable

from bot.channels.deadline import Allowance
from bot.channels.mail_message import Unsendable, compose
from bot.channels.outcome import Outcome, TryLater
from bot.channels.protocol import OutgoingEmail
from bot.channels.smtp_server import SmtpServer
from bot.channels.smtp_session import SmtpSession, SmtpTimes, Stopped
from bot.channels.smtp_sessions import SmtpSessions
from bot.clock import Clock
from bot.domain.model import Channel


class EmailSender:
    """A `Sender[OutgoingEmail]` over SMTP. Any number of threads may use it; until `close` it keeps connections."""

    channel = Channel.EMAIL

    def __init__(
        self,
        server: SmtpServer,
        clock: Clock,
        times: SmtpTimes | None = None,
        tls: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives each letter its Date; `tls` replaces the machine's own certificate authorities.

        By `monotonic` (seconds) a connection's age is told, which the moved clock of the demo leaves alone.
        """
        self._server = server
        self._clock = clock
        self._times = times or SmtpTimes()
        self._tls = tls or ssl.create_default_context()
        self._sessions = SmtpSessions(server, self._times, self._tls, monotonic)

    def send(self, letter: OutgoingEmail, /) -> Outcome:
        """Hand one letter to the mail server.

        `Accepted` carries the Message-ID, by which a later bounce names the letter. `Unclear` arises only after the
        final dot may have left; see `bot.channels.smtp_session` for each case. `TryLater("closed")` after `close`.
        """
        try:
            mail = compose(letter, self._clock.now())
            with self._sessions.begun(mail) as session:
                session.offer(mail)
                session.write(mail)
                return session.finish(mail)
        except (Unsendable, Stopped) as end:
            return end.outcome

    def probe(self) -> TryLater | None:
        """Connect anew, greet, protect, log in and ask for a sign of life; no letter is begun."""
        session = SmtpSession(self._server, self._times, self._tls, Allowance(self._times.whole))
        try:
            session.open()
            session.noop()
        except Stopped as end:
            return end.outcome if isinstance(end.outcome, TryLater) else TryLater(end.outcome.code)
        finally:
            session.close()
        return None

    def close(self) -> None:
        """Say goodbye on every connection that is kept; no letter opens one again."""
        self._sessions.close()
