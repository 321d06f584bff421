"""What does a dispatch need in a test? A clock that is set by hand, and real senders to real servers of its own."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, inspect, select, update

from bot.channels.elks_account import ElksAccount
from bot.channels.email import EmailSender
from bot.channels.outcome import Outcome, TryLater
from bot.channels.protocol import OutgoingEmail, Sender
from bot.channels.rendering import Renderer
from bot.channels.sms import SmsSender
from bot.channels.smtp_server import SmtpServer
from bot.domain.model import Channel
from bot.services.dispatch import Dispatch
from bot.services.senders import Senders
from bot.store.database import Database
from bot.store.tables import Base, ContactTaskRow, DeliveryRow, HistoryRow
from tests.channels import peers
from tests.store.rows import NOW

Row = TypeVar("Row", bound=Base)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def skip(self, wait: timedelta) -> None:
        self.moment += wait


class Killed(BaseException):
    """Ends a run as the end of its process does: nothing catches it."""


class Meanwhile:
    """A sender of mail during whose sending something else happens: before the letter leaves, or after it was taken."""

    def __init__(
        self,
        sender: Sender[OutgoingEmail],
        *,
        before: Callable[[OutgoingEmail], object] = lambda _letter: None,
        after: Callable[[OutgoingEmail], object] = lambda _letter: None,
    ) -> None:
        self._sender = sender
        self._before = before
        self._after = after

    @property
    def channel(self) -> Channel:
        return self._sender.channel

    def send(self, letter: OutgoingEmail, /) -> Outcome:
        self._before(letter)
        outcome = self._sender.send(letter)
        self._after(letter)
        return outcome

    def probe(self) -> TryLater | None:
        return self._sender.probe()

    def close(self) -> None:
        self._sender.close()


class PostOffice:
    """A mail server and a provider of text messages, the database, and dispatches that send there."""

    def __init__(self, database: Database, mailbox: peers.Mailbox, smtp_port: int, elks: peers.ElksServer) -> None:
        self.database = database
        self.mailbox = mailbox
        self.elks = elks
        self.clock = HandClock()
        self.told: list[None] = []
        self.email = EmailSender(SmtpServer.parse(f"smtp://127.0.0.1:{smtp_port}"), self.clock)
        self.sms = SmsSender(ElksAccount.parse(f"46elks+http://user:password@127.0.0.1:{elks.port}"))

    def dispatch(
        self,
        owner: str = "one",
        *,
        team_id: str = "T1",
        senders: Senders | None = None,
        email: Sender[OutgoingEmail] | None = None,
        database: Database | None = None,
        record_tries: int = 2,
    ) -> Dispatch:
        """A process that sends; `email` may stand between it and the mail server."""
        made = Dispatch(
            database or self.database,
            self.clock,
            senders or Senders(Renderer(), email or self.email, self.sms),
            owner=owner,
            on_task=lambda: self.told.append(None),
            jitter=lambda: 0.5,
            record_tries=record_tries,
            record_pause_seconds=0.01,
        )
        made.belong_to(team_id)
        return made

    @property
    def subjects(self) -> list[str]:
        """The subjects of all mail that was taken, in the order in which it came."""
        return [str(self._message(content)["Subject"]) for content in self._contents()]

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of all mail that was handed over."""
        return [str(self._message(content)["Message-ID"]) for content in self._contents()]

    @property
    def states(self) -> list[tuple[str, str, str | None]]:
        """Channel, state and reason of each delivery."""
        return [(row.channel.value, row.state.value, row.reason and row.reason.value) for row in self.rows(DeliveryRow)]

    @property
    def reasons(self) -> list[str]:
        """Why staff are asked, for each task."""
        return [row.reason.value for row in self.rows(ContactTaskRow)]

    @property
    def happened(self) -> list[str]:
        """The events of the history."""
        return [row.event.value for row in self.rows(HistoryRow)]

    def rows(self, kind: type[Row]) -> list[Row]:
        with self.database.reading() as session:
            return list(session.scalars(select(kind).order_by(*inspect(kind).primary_key)))

    def change(self, kind: type[Base], *which: ColumnElement[bool], **values: Any) -> None:
        with self.database.writing() as session:
            session.execute(update(kind).where(*which).values(**values))

    def _contents(self) -> list[bytes]:
        return [content for one in self.mailbox.envelopes if isinstance(content := one.content, bytes)]

    @staticmethod
    def _message(content: bytes) -> Any:
        return email.message_from_bytes(content, policy=email.policy.default)


@contextmanager
def post_office(database: Database) -> Iterator[PostOffice]:
    with ExitStack() as servers:
        mailbox = peers.Mailbox()
        port = servers.enter_context(peers.mail_server(mailbox))
        elks = servers.enter_context(peers.elks_server())
        office = PostOffice(database, mailbox, port, elks)
        servers.callback(office.email.close)
        yield office


def number_of(subject: str) -> int:
    """The number in a subject such as `Ämne 17`."""
    found = re.search(r"\d+", subject)
    assert found is not None
    return int(found[0])
