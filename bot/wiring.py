"""How does a running bot come about from its settings?

The one room that knows everybody. Whatever lives as long as the process is made here, and handed to whoever needs it.
"""

from __future__ import annotations

import logging
import os
import random
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from pydantic import SecretStr

from bot.channels.elks_account import ElksAccount
from bot.channels.email import EmailSender
from bot.channels.provider_url import WrongUrl
from bot.channels.rendering import Renderer
from bot.channels.sms import SmsSender
from bot.channels.smtp_server import SmtpServer
from bot.clock import Clock
from bot.i18n import Catalogues
from bot.scheduler import AlarmClock
from bot.services import workspaces
from bot.services.dispatch import Dispatch
from bot.services.housekeeping import Housekeeping
from bot.services.senders import Senders
from bot.settings import Settings
from bot.slack import app
from bot.slack.connection import Connection, SlackAway, TokenRefused, card_client, identify, web_client
from bot.slack.desk import Desk
from bot.slack.http_requests import HttpRequests
from bot.slack.people import People
from bot.slack.staff_cards import StaffCards
from bot.store import schema
from bot.store.announcements import Announcements
from bot.store.database import Database, DatabaseAway
from bot.store.schema import SchemaMismatch
from bot.web.server import WebServer

HOUSEKEEPING: Final = timedelta(hours=1)

SAFETY: Final = timedelta(seconds=60)
"""How long anything due can go unnoticed at most, whatever is missed."""

SLACK_AGAIN: Final = timedelta(seconds=5)
"""How often a bot that was started while Slack was away tries to reach it."""

Provider = TypeVar("Provider")

_log = structlog.get_logger()


class Bot:
    """The bot, from its first connection to its last recorded result."""

    def __init__(self, given: Settings, clock: Clock, *, on_failed: Callable[[], None] = lambda: None) -> None:
        """Make everything; nothing is connected yet.

        `on_failed` is called when the bot can do no more than be stopped, and `failure` then says why: Slack refuses a
        token of a bot that was started while Slack was away, or the database's schema is no longer this code's.

        Raises:
            WrongUrl: if an address in the settings cannot be used.
        """
        self._token = token = given.slack_bot_token.get_secret_value()
        self._senders = senders(given, clock)
        self._database = open_database(given.database_url.get_secret_value())
        catalogues = Catalogues.load()
        self.alarms = AlarmClock(clock)
        name = process_name()
        self._announcements = Announcements(self._database, name, self._wake)
        self._cards = StaffCards(
            self._database, clock, catalogues, self._senders.renderer, card_client(token, given.slack_api_url)
        )
        self._cards_alarm = self.alarms.add(
            "staff-cards",
            next_moment=self._cards.next_moment,
            ring=self._while_schema_is_ours(self._cards.run),
            safety=SAFETY,
        )
        self.dispatch = Dispatch(
            self._database,
            clock,
            self._senders,
            owner=name,
            on_task=self._cards_alarm.wake,
            jitter=random.random,
            before_claim=self._require_our_schema,
        )
        self._dispatch_alarm = self.alarms.add(
            "dispatch",
            next_moment=self.dispatch.next_run,
            ring=self._while_schema_is_ours(self.dispatch.run),
            safety=SAFETY,
            nudge=self.dispatch.nudge,
        )
        self.alarms.add(
            "housekeeping",
            next_moment=lambda: None,
            ring=self._while_schema_is_ours(Housekeeping(self._database, clock).run),
            safety=HOUSEKEEPING,
        )
        self._people = People()
        desk = Desk(
            database=self._database,
            clock=clock,
            catalogues=catalogues,
            renderer=self._senders.renderer,
            people=self._people,
            channels=self._senders.channels,
            senders=self._senders,
            wake=self._wake_all,
            remember_workspace=lambda team_id: workspaces.remember_bot(self._database, team_id, token),
        )
        self._client = web_client(token, given.slack_api_url)
        with _unwarned():
            bolt = app.build(desk, self._client, _secret(given.slack_signing_secret))
        self._connection: Connection | None = None
        self._web: WebServer | None = None
        if given.http_address is None:
            self._connection = Connection(bolt, _secret(given.slack_app_token))
        else:
            self._requests = HttpRequests(bolt, _secret(given.slack_signing_secret))
            address = given.http_address
            self._web = WebServer(address.host, address.port, self._requests.answer, self._is_ready)
        self._connected = False
        self._started = False
        self._on_failed = on_failed
        self.failure: TokenRefused | SchemaMismatch | None = None
        self._revision = schema.head()
        self.alarms.add("slack", next_moment=lambda: None, ring=self._connect_again, safety=SLACK_AGAIN)

    def start(self) -> None:
        """Check the schema, then listen to Slack and to the clock.

        Slack being away is no reason to let clients wait: what is due is sent, and Slack is tried again. Only where it
        is not known without Slack which of several workspaces the token is for, they have to.

        Raises:
            DatabaseAway: if the database does not answer.
            SchemaMismatch: if it is not at this code's schema.
            TokenRefused: if Slack refuses one of the tokens.
            CannotListen: if HTTP_ADDRESS cannot be listened at.
        """
        require_schema(self._database)
        self._connect()
        if self._web is not None:
            self._web.open()
        self.alarms.start()
        self._announcements.start()
        self._started = True
        _log.info("started")

    def stop(self) -> None:
        """Hear nothing new, finish and record what is being sent, give the rest back, let go of everything."""
        if self._started:
            _log.info("stopping")
        # First of all: closing a connection takes a moment, in which nothing new is to begin.
        self.dispatch.stop()
        self._cards.stop()
        if self._connection is not None:
            self._connection.close()
        if self._web is not None:
            self._web.close()
            self._requests.close()
        if self._started:
            _log.info("finishing")
        self._announcements.stop()
        self.alarms.stop(wait=True)
        self._senders.close()
        self._database.close()
        if self._started:
            _log.info("stopped")

    def _connect(self) -> None:
        if self._connected:
            return
        try:
            team_id = identify(self._client).team_id
            self._people.belong_to(team_id)
            self._belong_to(team_id)
            workspaces.remember_bot(self._database, team_id, self._token)
            if self._connection is not None:
                self._connection.open()
        except SlackAway as away:
            _log.warning("slack-away", error=str(away))
            self._recognise()
            return
        self._connected = True
        self._wake()

    def _connect_again(self) -> None:
        if self.failure is not None:
            return
        try:
            self._connect()
        except TokenRefused as refused:
            # It ends as if Slack had been there at the start: whoever keeps the process running sees that, whereas a
            # bot that went on sending would have no way to tell staff of what it could not send.
            _log.error("slack-token-refused", setting=refused.setting, error=refused.code)
            self._fail(refused)

    def _while_schema_is_ours(self, ring: Callable[[], object]) -> Callable[[], None]:
        def ring_if_so() -> None:
            if self.failure is not None:
                return
            try:
                self._require_our_schema()
                ring()
            except SchemaMismatch as mismatch:
                _log.error("schema-moved", error=str(mismatch))
                self._fail(mismatch)

        return ring_if_so

    def _require_our_schema(self) -> None:
        schema.require_unmoved(self._database, self._revision)

    def _fail(self, failure: TokenRefused | SchemaMismatch) -> None:
        self.failure = failure
        self._on_failed()

    def _belong_to(self, team_id: str) -> None:
        self._cards.belong_to(team_id)
        self.dispatch.belong_to(team_id)

    def _recognise(self) -> None:
        """Find out without Slack whose reminders are to be sent, so that clients need not wait for it."""
        if self.dispatch.team_id is not None:
            return
        team_id = workspaces.of_bot(self._database, self._token)
        if team_id is None:
            _log.warning("workspace-unknown")
            return
        self._belong_to(team_id)
        self._wake()

    @property
    def request_url(self) -> str:
        """Where Slack's requests are taken over HTTP, as seen from this machine; empty if they come over a socket."""
        return "" if self._web is None else self._web.slack_url

    def _is_ready(self) -> bool:
        try:
            self._database.ping()
        except DatabaseAway:
            return False
        return self._started and self.failure is None

    def _wake(self) -> None:
        self._dispatch_alarm.wake()
        self._cards_alarm.wake()

    def _wake_all(self) -> None:
        """Something was stored: whichever process is free deals with it."""
        self._wake()
        self._announcements.announce()


@contextmanager
def _unwarned() -> Iterator[None]:
    # Bolt looks for SLACK_BOT_TOKEN in the environment by itself, and warns at every start that the token it was given
    # goes before that one; it is the same.
    log = logging.getLogger("slack_bolt.App")
    log.addFilter(_nothing)
    try:
        yield
    finally:
        log.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def open_database(url: str) -> Database:
    """The database at `url`."""
    return Database.open(url)


def require_schema(database: Database) -> None:
    """Check that the database answers and holds this code's schema.

    Raises:
        DatabaseAway: if it does not answer.
        SchemaMismatch: if it is empty, older or newer.
    """
    database.ping()
    schema.require_current(database)


def upgrade(database: Database) -> None:
    """Bring the database to this code's schema.

    Raises:
        DatabaseAway: if it does not answer.
        SchemaMismatch: if it is at a newer version's schema.
    """
    database.ping()
    schema.upgrade(database)


def senders(given: Settings, clock: Clock) -> Senders:
    """One sender for each channel that the settings name an address for.

    Raises:
        WrongUrl: naming each setting that cannot be used, with what would work.
    """
    wrong: list[str] = []
    server = _parsed("SMTP_URL", given.smtp_url, SmtpServer.parse, wrong)
    account = _parsed("SMS_URL", given.sms_url, ElksAccount.parse, wrong)
    if wrong:
        raise WrongUrl("\n".join(wrong))
    return Senders(
        renderer=Renderer(),
        email=None if server is None else EmailSender(server, clock),
        sms=None if account is None else SmsSender(account),
        email_at_once=given.email_at_once,
        sms_at_once=given.sms_at_once,
    )


def _parsed(setting: str, url: SecretStr | None, parse: Callable[[str], Provider], wrong: list[str]) -> Provider | None:
    if url is None:
        return None
    try:
        return parse(url.get_secret_value())
    except WrongUrl as problem:
        wrong.append(f"{setting} cannot be used: {problem}")
        return None


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()


def process_name() -> str:
    """What this process calls itself on the leases it holds: unique among all that share a database."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"
