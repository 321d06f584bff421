"""What if the mail server takes its time before it answers the final dot?"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.acceptance.processes import PATIENCE
from tests.channels import peers


class SlowMailbox(peers.Mailbox):
    """Keeps every letter, and answers its final dot only once `answering` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answering = threading.Event()
        self.url = ""
        self._arrived = threading.Condition()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take a letter."""
        with self._arrived:
            self.envelopes.append(envelope)
            self._arrived.notify_all()
        await asyncio.to_thread(self.answering.wait)
        return "250 2.0.0 queued"

    def wait_for(self, count: int) -> None:
        """Wait until so many letters are here, answered or not."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.envelopes) >= count, PATIENCE), len(self.envelopes)

    def recipients(self) -> list[str]:
        """To whom the letters are, in the order in which they came."""
        return [recipient for envelope in tuple(self.envelopes) for recipient in envelope.rcpt_tos]


@contextlib.contextmanager
def slow_mail_server() -> Iterator[SlowMailbox]:
    """A mail server on a free port of this machine."""
    mailbox = SlowMailbox()
    with peers.mail_server(mailbox) as port:
        mailbox.url = f"smtp://127.0.0.1:{port}"
        try:
            yield mailbox
        finally:
            mailbox.answering.set()
