"""How does a reminder leave as an e-mail, and what became of it?

One connection a letter: connect, log in, hand over, say goodbye. The dialogue and what each answer means is in
`smtp_session`, the message in `mail_message`, the server in `smtp_server`.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator

from bot.channels.deadline import Deadline
from bot.channels.mail_message import Unsendable, compose
from bot.channels.outcome import Outcome, TryLater
from bot.channels.protocol import OutgoingEmail
from bot.channels.smtp_server import SmtpServer
from bot.channels.smtp_session import SmtpSession, SmtpTimes, Stopped
from bot.clock import Clock
from bot.domain.model import Channel


class EmailSender:
    """A `Sender[OutgoingEmail]` over SMTP. Holds no connection between letters; any number of threads may use it."""

    channel = Channel.EMAIL

    def __init__(
        self,
        server: SmtpServer,
        clock: Clock,
        times: SmtpTimes | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`clock` gives each letter its Date; `tls` replaces the machine's own certificate authorities."""
        self._server = server
        self._clock = clock
        self._times = times or SmtpTimes()
        self._tls = tls or ssl.create_default_context()

    def send(self, letter: OutgoingEmail, /) -> Outcome:
        """Hand one letter to the mail server.

        `Accepted` carries the Message-ID, by which a later bounce names the letter. `Unclear` arises only after the
        final dot may have left; see `bot.channels.smtp_session` for each case.
        """
        try:
            mail = compose(letter, self._clock.now())
            with self._session() as session:
                session.open()
                session.offer(mail)
                session.write(mail)
                return session.finish(mail)
        except (Unsendable, Stopped) as end:
            return end.outcome

    def probe(self) -> TryLater | None:
        """Connect, greet, protect, log in and ask for a sign of life; no letter is begun."""
        try:
            with self._session() as session:
                session.open()
                session.noop()
        except Stopped as end:
            return end.outcome if isinstance(end.outcome, TryLater) else TryLater(end.outcome.code)
        return None

    def close(self) -> None:
        """Nothing is kept open."""

    @contextlib.contextmanager
    def _session(self) -> Iterator[SmtpSession]:
        with Deadline(self._times.whole) as deadline:
            session = SmtpSession(self._server, self._times, self._tls, deadline)
            try:
                yield session
            finally:
                session.close()
