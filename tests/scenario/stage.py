"""Where do the scenarios play? The real bot in the local workspace, with the sample clinic, on a Monday in November.

Workspace and bot are started once for each kind of database and shared by the tests of this folder; between two tests
everything that happened is taken back: rows, messages, views, mail, faults and the clock. Nothing is waited for by
luck: `settle` returns when no thread of the bot has anything left to do, so that what has not happened by then is
known not to happen.
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import App
from sqlalchemy import ColumnElement, delete, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from blocks.limits import problems
from bot import manifest, settings
from bot.demo.clock import MovableClock
from bot.demo.definition import Channel, Definition, User
from bot.demo.inbox import Mail, TextMessage
from bot.demo.person import Person
from bot.demo.server import LocalWorkspace
from bot.demo.surfaces import Message
from bot.demo.timings import Timings
from bot.i18n import Catalogues, Words
from bot.sample_workspace import SAMPLE_CLINIC, SAMPLE_WORKSPACE, STAFF_CHANNEL
from bot.services import clinic_file
from bot.settings import Settings
from bot.slack import app
from bot.store import grams
from bot.store.tables import (
    Base,
    ClientRow,
    ContactTaskRow,
    DeliveryRow,
    HistoryRow,
    OccurrenceRow,
    ReminderRow,
)
from bot.wiring import Bot, open_database

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
START: Final = datetime(2026, 11, 23, 10, tzinfo=STOCKHOLM)
TODAY: Final = START.date()
TEAM: Final = SAMPLE_WORKSPACE.team.id
JAMES, MARIA, LINNEA, AINO = "U0JAMES0002", "U0MARIA0003", "U0LINNEA001", "U0AINO00004"
STAFF: Final = STAFF_CHANNEL
ARCHIVED, WITHOUT_BOT = "C0ARCHIVED1", "C0NOBOT0001"

OUTSIDERS: Final = (
    User(id="U0OLOF00011", name="olof", real_name="Olof Slutat", deactivated=True),
    User(id="U0GERD00012", name="gerd", real_name="Gerd Gäst", is_guest=True),
    User(id="U0STEN00013", name="sten", real_name="Sten Granne", team_id="T0GRANNE001"),
)
NEWCOMERS: Final = tuple(
    User(id=f"U0NEW00002{number}", name=f"new{number}", real_name=f"Ny {number}", locale="tlh-KL")
    for number in range(6)
)
"""Whom the bot has not seen yet: it asks Slack about each of them when they first do something."""

_EVERYBODY = tuple(user.id for user in (*SAMPLE_WORKSPACE.users, *OUTSIDERS, *NEWCOMERS))
_WORKSPACE = dataclasses.replace(
    SAMPLE_WORKSPACE,
    users=(*SAMPLE_WORKSPACE.users, *OUTSIDERS, *NEWCOMERS),
    channels=(
        *(dataclasses.replace(channel, members=_EVERYBODY) for channel in SAMPLE_WORKSPACE.channels),
        Channel(id=ARCHIVED, name="old-tasks", members=_EVERYBODY, has_app=True, is_archived=True),
        Channel(id=WITHOUT_BOT, name="without-bot", members=_EVERYBODY, is_private=True),
    ),
)
_IDS_ONLY = re.compile(r"([0-9]{1,18}(:[a-z]{2,3}|:[0-9]{1,10})?|page:[0-9]{1,6})?", re.ASCII)
_WARNING_OR_WORSE = frozenset({"warning", "error", "critical", "exception"})

_HELD: Final = ("selected_date", "selected_time", "selected_conversation", "selected_option", "value")

both_databases: Final = pytest.mark.both_databases
"""For a test that plays on either kind of database; the others play on SQLite. All of them play over HTTP too."""

on_postgresql: Final = pytest.mark.on_postgresql
"""For a test that plays on PostgreSQL alone, over a socket and over HTTP."""

Result = TypeVar("Result")
Row = TypeVar("Row", bound=Base)


class StoppedClock(MovableClock):
    """Begins each test at the same moment, then runs and is moved forward as in the demo."""

    def begin_again(self) -> None:
        with self._lock:
            self._offset = START - datetime.fromtimestamp(time.time(), START.tzinfo)


class Stage:
    """One running bot with its workspace and database."""

    def __init__(self, database_url: str, *, over_http: bool = False) -> None:
        self.clock = StoppedClock(START)
        # Many tests share what Slack allows in one minute; its rate limits are looked at where a test asks for a 429.
        timings = Timings(rate_minute=0)
        self.workspace = LocalWorkspace(_WORKSPACE, manifest=manifest.read(), clock=self.clock, timings=timings)
        self.database = open_database(database_url)
        self.words = Catalogues.load()
        self.log = io.StringIO()
        self._database_url = database_url
        self._over_http = over_http
        self._expected: set[str] = set()
        self._seen: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._at_first: dict[str, list[dict[str, Any]]] = {}
        self._private: frozenset[str] = frozenset()
        self._hands = _Hands()
        self._bells: list[_Bell] = []

    # What there is

    @property
    def james(self) -> Person:
        """A receptionist with English Slack."""
        return self.workspace.person(JAMES)

    @property
    def maria(self) -> Person:
        """A nurse with Swedish Slack."""
        return self.workspace.person(MARIA)

    @property
    def aino(self) -> Person:
        """A vet with Finnish Slack."""
        return self.workspace.person(AINO)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """All mail that clients got, the newest first."""
        return self.workspace.mailbox

    @property
    def texts(self) -> tuple[TextMessage, ...]:
        """All text messages that clients got, the newest first."""
        return self.workspace.phone

    @property
    def cards(self) -> tuple[Message, ...]:
        """The contact tasks' cards in the staff channel, the oldest first."""
        return tuple(message for message in self.james.messages(STAFF) if not message.ephemeral)

    def told(self, person: Person, channel: str = STAFF) -> list[str]:
        """What the bot told one person alone in a channel, the oldest first."""
        return [message.shown() for message in person.messages(channel) if message.ephemeral]

    def english(self) -> Words:
        return self.words.words("en")

    def rows(self, kind: type[Row]) -> list[Row]:
        """All rows of a table, in the order of their ids."""
        with self.database.reading() as session:
            return list(session.scalars(select(kind).order_by(*inspect(kind).primary_key)))

    @property
    def reminders(self) -> list[ReminderRow]:
        return self.rows(ReminderRow)

    @property
    def occurrences(self) -> list[OccurrenceRow]:
        return self.rows(OccurrenceRow)

    @property
    def deliveries(self) -> list[DeliveryRow]:
        return self.rows(DeliveryRow)

    @property
    def tasks(self) -> list[ContactTaskRow]:
        return self.rows(ContactTaskRow)

    @property
    def states(self) -> list[tuple[str, str, str | None]]:
        """Channel, state and reason of each delivery."""
        return [(row.channel.value, row.state.value, row.reason and row.reason.value) for row in self.deliveries]

    @property
    def happened(self) -> list[tuple[str, str]]:
        """What the history tells: event and actor, the oldest first."""
        return [(row.event.value, row.actor) for row in self.rows(HistoryRow)]

    def change(self, kind: type[Base], *which: ColumnElement[bool], **values: Any) -> None:
        """Change rows behind the bot's back, as another program or a person at the desk does."""
        with self.database.writing() as session:
            session.execute(update(kind).where(*which).values(**values))

    # What happens

    def skip_to(self, day: date | str, hour: int = 9, minute: int = 0) -> None:
        """Move the clock to a moment of the clinic's calendar, and let everything that is then due happen."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        self.clock.move_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM))
        self.settle()

    def skip(self, wait: timedelta) -> None:
        """Move the clock by `wait`, and let everything that is then due happen."""
        self.clock.move_to(self.clock.now() + wait)
        self.settle()

    def settle(self, timeout: float = 20.0) -> None:
        """Return when the bot is at rest: no event is on its way, no listener runs, no alarm rings or is about to."""
        ends = time.monotonic() + timeout
        quiet = 0
        while quiet < 3:  # a thread may hand over to another one between two looks
            quiet = quiet + 1 if self._is_quiet() else 0
            if time.monotonic() > ends:
                raise TimeoutError("the bot does not come to rest")
            time.sleep(0.002)

    def until(self, predicate: Callable[[], Result], timeout: float = 10.0) -> Result:
        """Wait until `predicate` gives something true, and return that."""
        ends = time.monotonic() + timeout
        while not (result := predicate()):
            if time.monotonic() > ends:
                raise TimeoutError("what was waited for did not happen")
            time.sleep(0.005)
        return result

    def make_admin(self, user_id: str, *, is_admin: bool = True) -> None:
        """Let somebody be an administrator of the workspace, or no longer; the bot asks Slack afresh."""
        users = [
            dataclasses.replace(one, is_admin=is_admin) if one.id == user_id else one
            for one in self.workspace._state.definition.users
        ]
        self._let_work_there(dataclasses.replace(self.workspace._state.definition, users=tuple(users)))

    def _let_work_there(self, definition: Definition) -> None:
        self.workspace._state.definition = definition
        self.bot._people._known.clear()

    # What Slack's own clients would not send

    def deliver_press(self, person: Person, message: Message, action: str, value: str) -> None:
        """Press a button of a message with another value than the one it has."""
        workspace = self.workspace
        workspace._delivery.deliver(
            "interactive",
            workspace._payloads.message_actions(
                person.user,
                message,
                {},
                {"type": "button", "block_id": "b", "action_id": action, "value": value, "action_ts": "1.0"},
                workspace._triggers.new(person.id),
                workspace._response_urls.new("actions", message.channel, person.id, message.ts),
            ),
        )

    def deliver_submission(
        self, person: Person, *, private_metadata: str | None = None, **typed: object
    ) -> dict[str, str]:
        """Save the form on top with values that Slack's own client would not let through; the errors, by block."""
        workspace, view = self.workspace, person.modals[-1]
        payload = workspace._payloads.view_submission(person.user, view, workspace._triggers.new(person.id))
        if private_metadata is not None:
            payload["view"]["private_metadata"] = private_metadata
        for block, inputs in payload["view"]["state"]["values"].items():
            name = block.partition(":")[0].replace("-", "_")
            for held in inputs.values():
                if name in typed:
                    key = next(one for one in _HELD if one in held)
                    held[key] = {"value": typed[name]} if key == "selected_option" else typed[name]
        answer = workspace._delivery.deliver("interactive", payload)
        self.settle()
        assert isinstance(answer, dict)
        return {block.partition(":")[0]: str(said) for block, said in answer.get("errors", {}).items()}

    # What was logged, seen and expected

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log of this test."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.lines if line["event"] == event]

    def expect(self, *events: str) -> None:
        """Say which warnings and errors this test provokes; any other one fails it."""
        self._expected |= set(events)

    def begin(self) -> None:
        """Make everything as it was at first."""
        self.settle()
        self.workspace.heal()
        self.workspace.deliver_twice(False)
        self.workspace.wait_until_connected(30)
        self._let_work_there(_WORKSPACE)
        state = self.workspace._state
        with state.changing():
            for conversation in state.conversations():
                conversation.messages.clear()
                channel = next((one for one in self.workspace.definition.channels if one.id == conversation.id), None)
                if channel is not None:
                    conversation.channel, conversation.has_app = channel, channel.has_app
            self.workspace._inbox._mails.clear()
            self.workspace._inbox._texts.clear()
            for stack in self.workspace._views._stacks.values():
                stack.clear()
            self.workspace._views._homes.clear()
        with self.database.writing() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
            for table in Base.metadata.sorted_tables:
                if rows := self._at_first[table.name]:
                    session.execute(insert(table), rows)
            self._index_clients_anew(session)
        self.clock.begin_again()
        self._expected.clear()
        self._seen.clear()
        self.log.seek(0)
        self.log.truncate()

    def _index_clients_anew(self, session: Session) -> None:
        """On SQLite what the type-ahead goes by lies beside the rows, and was not taken back with them."""
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("INSERT INTO client_grams (client_grams) VALUES ('delete-all')"))
            for row in session.execute(select(ClientRow.id, ClientRow.search_key, ClientRow.patients_key)).all():
                grams.index(session, row.id, None, grams.key(row.search_key, row.patients_key))

    def end(self) -> None:
        """Hold what must hold after every test, whatever it was about."""
        self.settle()
        broken = {key: found for key, payload in self._seen.items() if (found := problems(payload))}
        assert not broken
        for payload in self._seen.values():
            self._assert_ids_only(payload)
            assert not [text for text in _mrkdwn_of(payload) if re.search("[<>]", _without_mentions(text))]
        written = self.log.getvalue()
        assert not [private for private in self._private if private in written]
        unexpected = [
            line for line in self.lines if line["level"] in _WARNING_OR_WORSE and line["event"] not in self._expected
        ]
        assert not unexpected

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start everything, and stop it at the end."""
        clinic = clinic_file.read(SAMPLE_CLINIC)
        clinic_file.load(self.database, TEAM, clinic, now=self.clock.now())
        with self.database.reading() as session:
            for table in Base.metadata.sorted_tables:
                self._at_first[table.name] = [dict(row) for row in session.execute(select(table)).mappings()]
        self._private = _private_words(clinic)
        with self.workspace:
            stop_listening = self.workspace._state.listen(self._look)
            receiver = urlsplit(self.workspace.sms_url)
            self.bot = self._made_bot(
                settings.load(
                    {
                        "SLACK_BOT_TOKEN": self.workspace.bot_token,
                        "SLACK_APP_TOKEN": self.workspace.app_token,
                        "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
                        "HTTP_ADDRESS": "127.0.0.1:0" if self._over_http else "",
                        "SLACK_API_URL": self.workspace.api_url,
                        "DATABASE_URL": self._database_url,
                        "SMTP_URL": self.workspace.smtp_url,
                        "SMS_URL": (
                            f"46elks+http://{self.workspace.sms_user}:{self.workspace.sms_password}@{receiver.netloc}"
                        ),
                    },
                    env_file=None,
                )
            )
            unsubscribe = self.clock.subscribe(lambda _moment: self.bot.alarms.clock_moved())
            self.bot.start()
            try:
                if self._over_http:
                    self.workspace.send_to(self.bot.request_url)
                self.workspace.wait_until_connected()
                yield
            finally:
                unsubscribe()
                self.bot.stop()
                stop_listening()
                self.database.close()

    def _look(self) -> None:
        """Keep every view and message that the bot ever showed, also those that were replaced at once."""
        state, views = self.workspace._state, self.workspace._views
        with state.reading():
            for view in views._all():
                self._seen[view.id, view.hash] = view.fields
            for conversation in state.conversations():
                for message in conversation.messages:
                    if message.user == state.app.bot_user_id:
                        key = (message.ts, str(hash((message.text, str(message.blocks)))))
                        self._seen[key] = {"text": message.text, "blocks": list(message.blocks or ())}

    def _assert_ids_only(self, payload: Mapping[str, Any]) -> None:
        """Rule P18: button values and metadata hold ids and counts."""
        metadata = str(payload.get("private_metadata", ""))
        assert not [private for private in self._private if private in metadata]
        for block in payload["blocks"]:
            for element in (block.get("accessory"), *block.get("elements", ())):
                if isinstance(element, Mapping) and element.get("type") == "button":
                    assert _IDS_ONLY.fullmatch(str(element.get("value", ""))), element

    def _is_quiet(self) -> bool:
        return (
            not self.workspace.is_sending and self._hands.are_idle and all(bell.is_waited_for for bell in self._bells)
        )

    def _made_bot(self, given: Settings) -> Bot:
        """The bot with hands and bells by which it can be seen whether it is at rest."""
        build = app.build

        def build_with_hands(*args: Any) -> App:
            bolt = build(*args)
            bolt.listener_runner.listener_executor = self._hands
            return bolt

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "build", build_with_hands)
            bot = Bot(given, self.clock)
        for alarm in bot.alarms._alarms:
            alarm._bell = _Bell()
            self._bells.append(alarm._bell)
        return bot


class _Hands(ThreadPoolExecutor):
    """What runs the listeners, and knows whether one is given to it and not yet done."""

    def __init__(self) -> None:
        super().__init__(max_workers=10)
        self._lock = threading.Lock()
        self._under_way = 0

    @property
    def are_idle(self) -> bool:
        with self._lock:
            return self._under_way == 0

    def submit(self, act: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        def run() -> Result:
            try:
                return act(*args, **kwargs)
            finally:
                self._count(-1)

        self._count(1)
        return super().submit(run)

    def _count(self, change: int) -> None:
        with self._lock:
            self._under_way += change


class _Bell(threading.Event):
    """An alarm's bell, which knows whether its alarm is asleep."""

    def __init__(self) -> None:
        super().__init__()
        self._is_asleep = False

    @property
    def is_waited_for(self) -> bool:
        return self._is_asleep and not self.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self._is_asleep = True
        rung = super().wait(timeout)
        self._is_asleep = False
        return rung


def _mrkdwn_of(value: object) -> Iterator[str]:
    """Every text in which Slack would act on `<…>`: mrkdwn objects, and a message's own text."""
    if isinstance(value, Mapping):
        if value.get("type") == "mrkdwn" or ("blocks" in value and "text" in value):
            yield str(value["text"])
        for inner in value.values():
            yield from _mrkdwn_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _mrkdwn_of(inner)


def _without_mentions(text: str) -> str:
    """The text without mentions of staff: the only thing that the bot lets Slack act on."""
    for user in _WORKSPACE.users:
        text = text.replace(f"<@{user.id}>", "")
    return text


def _private_words(clinic: clinic_file.ClinicFile) -> frozenset[str]:
    """What may stand in no log: names, addresses, numbers and texts of clients, and the names of staff."""
    words: set[str | None] = set()
    for client in clinic.client:
        words |= {client.name, client.name.split()[-1], client.email, client.phone, (client.phone or "+46")[3:]}
        words |= {pet.name for pet in client.patients}
    for template in clinic.template:
        for texts in template.__pydantic_extra__.values():
            words |= {texts.subject, texts.email, texts.sms, texts.letter}
            words |= set(re.findall(r"[^{}\n]{12,}", texts.email))
    words |= {user.real_name for user in _WORKSPACE.users}
    return frozenset(word for word in words if word)


def at_once(*acts: Callable[[], object]) -> list[Exception | None]:
    """Do several things at the same moment; what each of them raised."""
    ready = threading.Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        ready.wait(10)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            raised[number] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised
