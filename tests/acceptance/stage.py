"""What stands around the process: a Slack workspace, a database, a clinic, and one of its staff.

The clinic is in a time zone where it is noon now, so that its sending window is open whenever the tests run, and a send
time some seconds ahead is a real one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update

from blocks.ids import FormAction, ViewId
from bot.demo.person import Person
from bot.demo.server import LocalWorkspace
from bot.domain.form_rules import TypedReminder
from bot.domain.model import Channel, DeliveryState
from bot.sample_workspace import STAFF_CHANNEL
from bot.services import clinic_file, directory, reminders
from bot.store.database import Database
from bot.store.tables import DeliveryRow
from tests.acceptance.processes import PATIENCE, Ended, Process

CLIENT: Final = "Ottilie Marchbanks"
ADDRESS: Final = "ottilie.marchbanks@post.example"
SUBJECT: Final = "Wigglesworth misses you"
TEXT: Final = "Dear Ottilie, the marmalade thermometer awaits Wigglesworth."
LETTER: Final = "Please ring Ottilie about the marmalade thermometer."

PRIVATE: Final = (
    "ottilie",
    "marchbanks",
    "post.example",
    "701740605",
    "701 74",
    "wigglesworth",
    "marmalade",
    "thermometer",
)
"""What never stands in what the process prints, in small letters."""

_CLINIC: Final = """
[clinic]
name = "The Test Surgery"
phone = "+46 8 555 010 20"
time_zone = "{zone}"
language = "en"
country = "SE"
staff_channel = "{channel}"
sender_email = "hello@surgery.example"
send_time = {send_time}
opens = 00:00:00
closes = 23:59:00

[[client]]
name = "Ottilie Marchbanks"
email = "ottilie.marchbanks@post.example"
phone = "+46701740605"
language = "en"
patients = [{{ name = "Wigglesworth", species = "cat" }}]
"""


@dataclasses.dataclass(frozen=True)
class ClinicTime:
    """A clinic's zone, the day there, and the moment (UTC) at which it sends on that day."""

    zone: str
    today: date
    sends_at: datetime

    @property
    def file(self) -> str:
        """The clinic file."""
        send_time = self.sends_at.astimezone(ZoneInfo(self.zone)).time()
        return _CLINIC.format(zone=self.zone, channel=STAFF_CHANNEL, send_time=send_time.isoformat("microseconds"))


def sends_in(seconds: float) -> ClinicTime:
    """A clinic where it is noon now, and whose send time is so many seconds ahead (or, negative, has passed)."""
    now = datetime.now(UTC)
    ahead = 12 - now.hour  # the offset of the zone where the clock shows 12; its name has the sign turned round
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    return ClinicTime(zone, now.astimezone(ZoneInfo(zone)).date(), now + timedelta(seconds=seconds))


class Stage:
    """Everything around the processes of one test. At its end, what they printed is looked through."""

    def __init__(self, workspace: LocalWorkspace, database_url: str, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        self.database = Database.open(database_url)
        receiver = urlsplit(workspace.sms_url)
        self.settings = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": workspace.api_url,
            "DATABASE_URL": database_url,
            "SMTP_URL": workspace.smtp_url,
            "SMS_URL": f"46elks+http://{workspace.sms_user}:{workspace.sms_password}@{receiver.netloc}",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "DEBUG",
        }
        self._processes: list[Process] = []
        self._cleanup = contextlib.ExitStack()

    @property
    def staff(self) -> Person:
        """Linnea, who has English Slack."""
        return self.workspace.person("linnea")

    def start(self, *arguments: str, **settings: str) -> Process:
        """Start a command; `settings` go before the stage's own."""
        process = Process(*arguments, environment={**self.settings, **settings}, folder=self.folder)
        self._processes.append(self._cleanup.enter_context(process))
        return process

    def command(self, *arguments: str, **settings: str) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments, **settings).ended()

    def run(self, **settings: str) -> Process:
        """Start the bot, and wait until it has started."""
        process = self.start("run", **settings)
        process.wait_for_event("started")
        return process

    def clinic_opens(self, clinic: ClinicTime) -> None:
        """Store a clinic, as `reminder-bot clinic load` does."""
        file = clinic_file.read(self.written(clinic))
        clinic_file.load(self.database, self.workspace.definition.team.id, file, now=datetime.now(UTC))

    def written(self, clinic: ClinicTime) -> Path:
        """The clinic's file."""
        path = self.folder / "clinic.toml"
        path.write_text(clinic.file, encoding="utf-8")
        return path

    def remind(self, clinic: ClinicTime, *addresses: str, days: int = 0, method: str = "email") -> None:
        """Store one reminder to each address, due `days` from today, as the form does when it is saved."""
        team = self.workspace.definition.team.id
        (client,) = directory.search_clients(self.database, team, CLIENT, limit=5)
        (patient,) = directory.search_patients(self.database, team, "", client_id=client.client.id, limit=5)
        for address in addresses:
            reminders.create(
                self.database,
                team,
                TypedReminder(
                    client_id=client.client.id,
                    patient_id=patient.patient.id,
                    email=address,
                    method=method,
                    manual=True,
                    subject=SUBJECT,
                    email_text=TEXT,
                    letter_text=LETTER,
                    due_date=clinic.today + timedelta(days=days),
                    send_before="0",
                    recurrence="none",
                ),
                key=f"{address}:{days}:{method}",
                channels=frozenset({Channel.EMAIL, Channel.POST}),
                who=self.staff.id,
                now=datetime.now(UTC),
            )

    def states(self) -> Counter[DeliveryState]:
        """How many deliveries are in each state."""
        with self.database.reading() as session:
            return Counter(session.scalars(select(DeliveryRow.state)))

    def wait_for_states(self, **states: int) -> None:
        """Wait until the deliveries are in these states, looking again after each change in the workspace."""
        wanted = Counter({DeliveryState(state): count for state, count in states.items()})
        self.staff.wait_for(lambda: self.states() == wanted, PATIENCE)

    def let_leases_lapse(self) -> None:
        """Let as much time pass as a lease lasts."""
        with self.database.writing() as session:
            session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.state == DeliveryState.SENDING)
                .values(lease_until=datetime.now(UTC) - timedelta(seconds=1))
            )

    def order(self, statement: str) -> None:
        """Do something to the database that the bot never does."""
        with self.database.writing() as session:
            session.execute(text(statement))

    def close(self) -> None:
        """End what still runs, and see that nothing private was printed and every log line is one."""
        self._cleanup.close()
        self.database.close()
        for process in self._processes:
            assert_keeps_secrets(process.ended(), self.settings)
            if process.arguments == ("run",) and process.has_started and process.logs_json:
                assert all({"event", "level", "timestamp"} <= event.keys() for event in process.events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def assert_keeps_secrets(ended: Ended, settings: Mapping[str, str]) -> None:
    """Nothing that concerns a client, no token and no password stands in what was printed (rule P18)."""
    passwords = re.findall(r"//([^:/@]+):([^@/]+)@", " ".join(settings.values()))
    tokens = [settings[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN") if name in settings]
    secret = [*PRIVATE, *tokens, *(part for pair in passwords for part in pair)]
    assert not [one for one in secret if one.lower() in ended.said.lower()]


def fill_in(person: Person, *, due: date, method: str = "E-mail") -> None:
    """Open the form and fill it in for the client."""
    person.command("/reminder", "new")
    person.wait_for_modal(ViewId.REMINDER_FORM, PATIENCE)
    (label,) = person.suggest(FormAction.CLIENT, CLIENT)
    with _answered(person):
        person.choose(FormAction.CLIENT, label, query=CLIENT)
    if method != "E-mail":
        with _answered(person):
            person.choose(FormAction.METHOD, method)
    with _answered(person):
        person.choose(FormAction.MANUAL, "Don't use a template, write the text myself")
    with _answered(person):
        person.fill(FormAction.DUE_DATE, due)
    if method == "Post":
        person.fill(FormAction.LETTER_TEXT, LETTER)
    else:
        person.fill(FormAction.SUBJECT, SUBJECT)
        person.fill(FormAction.EMAIL_TEXT, TEXT)


def make_reminder(person: Person, *, due: date, method: str = "E-mail") -> str:
    """Fill in the form and save it; returns what the card shows."""
    fill_in(person, due=due, method=method)
    saved = person.submit()
    assert saved.ok, saved
    return person.wait_for_modal(ViewId.REMINDER_CARD, PATIENCE).shown()


def ask_for_help(person: Person) -> str:
    """Type `/reminder help`, and read what is answered."""
    before = len(person.messages("general"))
    person.command("/reminder", "help", channel="general")
    answers = person.wait_for(lambda: person.messages("general")[before:], PATIENCE)
    return answers[-1].shown()


@contextlib.contextmanager
def _answered(person: Person) -> Iterator[None]:
    """The bot builds the form anew after what is done in the block; a person waits for that."""
    before = person.wait_for_modal().hash
    yield
    person.wait_for(lambda: person.modal is not None and person.modal.hash != before, PATIENCE)


def staff_cards(person: Person) -> list[str]:
    """The contact tasks' cards in the staff channel, as they read."""
    return [message.shown() for message in person.messages(STAFF_CHANNEL) if message.user != person.id]


@contextlib.contextmanager
def slack_away(stage: Stage) -> Iterator[None]:
    """No call of the bot's reaches Slack, and its socket is cut."""
    for method in ("auth.test", "apps.connections.open", "chat.postMessage", "users.info"):
        stage.workspace.fail_next(method, drop_before=True, times=10_000)
    stage.workspace.drop_sockets()
    yield
    stage.workspace.heal()
