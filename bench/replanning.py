"""How long does a clinic's settings take to save while 50,000 deliveries wait (rule P9)?

    python -m bench.replanning [WAITING]

Beside what waits lie three times as many deliveries that were sent. Each row of the table is one change of settings on
a database of its own kind: what changed, how many deliveries moved, and how long the whole transaction took.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import time as stopwatch
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from bot.domain import timing
from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    DeliveryState,
    Method,
    Patient,
    Recurrence,
    ReminderState,
    Schedule,
    SendingHours,
    TextOrigin,
)
from bot.domain.recurrence import Course
from bot.services import clinic_settings
from bot.slack.people import Person
from bot.store import clinics, directory
from bot.store.database import Database
from bot.store.tables import DeliveryRow, HistoryRow, OccurrenceRow, ReminderRow
from tests import databases

NOW: Final = datetime(2026, 12, 1, 8, tzinfo=UTC)
TIMES: Final = 5
"""How many sends each reminder has to come; the first is due within a year."""
SENT: Final = 3
"""How many deliveries were sent for each that waits."""
CHANGES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("nothing about time", {"phone": "08-1"}),
    ("zone", {"zone": "Europe/Helsinki"}),
    ("send time", {"send_time": time(10)}),
    ("weekends and holidays", {"closed_weekdays": frozenset({6, 7}), "closed_on_holidays": True}),
    ("closing time, nothing moves", {"closes": time(21)}),
    ("every day again", {"closed_weekdays": frozenset(), "closed_on_holidays": False}),
)
_ADMIN: Final = Person("U1", "T1", "", "sv-SE", is_admin=True, is_member=True)


def main(waiting: int) -> None:
    """Print the table."""
    for kind in (sqlite, postgresql):
        with kind() as database:
            clinic = _fill(database, waiting)
            for what, values in CHANGES:
                before = _moments(database)
                seconds, reminders = _change(database, clinic, values)
                moved = sum(one != other for one, other in zip(before, _moments(database), strict=True))
                print(f"{kind.__name__:<11}{what:<28}{moved:>7,} of {waiting:,} moved, ", end="")  # noqa: T201
                print(f"{reminders:>6,} reminders told  {seconds:6.2f} s", flush=True)  # noqa: T201


@contextmanager
def sqlite() -> Iterator[Database]:
    """A migrated, empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder, databases.sqlite(Path(folder), None) as url:
        yield from _opened(url)


@contextmanager
def postgresql() -> Iterator[Database]:
    """The same on PostgreSQL."""
    with ExitStack() as server:
        yield from _opened(server.enter_context(server.enter_context(databases.postgresql()).database()))


def _opened(url: str) -> Iterator[Database]:
    databases.migrate(url)
    database = Database.open(url)
    yield database
    database.close()


def _change(database: Database, clinic: Clinic, values: dict[str, Any]) -> tuple[float, int]:
    seen = clinic_settings.find(database, "T1", clinic.id, who=_ADMIN)
    began = stopwatch.perf_counter()
    changed = clinic_settings.change(
        database,
        "T1",
        clinic.id,
        dataclasses.replace(seen.settings, **values),
        versions=seen.versions,
        key=uuid.uuid4().hex,
        channels=frozenset({Channel.EMAIL}),
        who=_ADMIN,
        now=NOW,
    )
    return stopwatch.perf_counter() - began, changed.moved


def _moments(database: Database) -> list[datetime]:
    with database.reading() as session:
        waiting = select(DeliveryRow.send_at).where(DeliveryRow.finished_at.is_(None)).order_by(DeliveryRow.id)
        return list(session.scalars(waiting))


def _fill(database: Database, waiting: int) -> Clinic:
    with database.writing() as session:
        workspace = clinics.add_workspace(session, "T1", NOW)
        clinic = clinics.add(session, clinic_of(workspace))
        client = directory.add_client(
            session, workspace, Client(0, "Åsa Öberg", "asa@example.com", None, "sv", True, True, True)
        )
        patient = directory.add_patient(session, workspace, Patient(0, client.id, "Maja", "hund", True, None))
        assert session.scalar(select(func.count()).select_from(HistoryRow)) == 0  # noqa: S101
    fill(database, clinic, client, patient, waiting)
    return clinic


def fill(database: Database, clinic: Clinic, client: Client, patient: Patient, waiting: int) -> None:
    """Let so many deliveries of a clinic wait, beside three times as many that were sent."""
    workspace = clinic.workspace_id
    with database.writing() as session:
        courses = [_course(number) for number in range(waiting // TIMES)]
        owner = {"workspace_id": workspace, "clinic_id": clinic.id, "client_id": client.id, "patient_id": patient.id}
        session.execute(insert(ReminderRow), [{**owner, **_reminder(course.schedule)} for course in courses])
        first = session.scalar(select(func.min(ReminderRow.id))) or 1
        occurrences, deliveries = [], []
        for reminder, course in enumerate(courses, first):
            over = course.next_number - 1
            past = [(number, NOW - timedelta(days=over + 1 - number)) for number in range(1, over + 1)]
            coming = [(one.number, one.send_at, one.due_date) for one in timing.plan(course, clinic.hours, NOW)]
            for number, send_at, due in [*((number, at, at.date()) for number, at in past), *coming]:
                occurrences.append(_occurrence(workspace, reminder, number, due))
                deliveries.append(_delivery(workspace, clinic.id, len(occurrences), send_at, sent=send_at < NOW))
        session.execute(insert(OccurrenceRow), occurrences)
        session.execute(insert(DeliveryRow), deliveries)


def _course(number: int) -> Course:
    first = NOW.date() + timedelta(days=30 + number % 335)
    over = TIMES * SENT
    return Course(Schedule(first, number % 30, Recurrence.MONTHLY, TIMES), over + 1, over + 1)


def clinic_of(workspace: int) -> Clinic:
    """A clinic not yet stored."""
    return Clinic(
        id=0,
        workspace_id=workspace,
        name="Kliniken",
        phone="",
        hours=SendingHours(ZoneInfo("Europe/Stockholm")),
        language="sv",
        country="SE",
        staff_channel="C0STAFF0001",
        sender_email="klinik@example.com",
        default_method=Method.EMAIL,
        policy_note="",
    )


def _reminder(schedule: Schedule) -> dict[str, object]:
    return {
        "state": ReminderState.ACTIVE,
        "version": 1,
        "method": Method.EMAIL,
        "origin": TextOrigin.MANUAL,
        "subject": "Påminnelse",
        "email_text": "Hej!" * 100,
        "sms_text": "",
        "letter_text": "",
        "due_date": schedule.due_date,
        "send_before": schedule.send_before,
        "recurrence": schedule.recurrence,
        "repetitions": schedule.repetitions,
        "first_number": TIMES * SENT + 1,
        "created_by": "U1",
        "created_at": NOW,
    }


def _occurrence(workspace: int, reminder: int, number: int, due: date) -> dict[str, object]:
    return {
        "workspace_id": workspace,
        "reminder_id": reminder,
        "number": number,
        "due_date": due,
        "time_zone": "Europe/Stockholm",
    }


def _delivery(workspace: int, clinic: int, occurrence: int, send_at: datetime, *, sent: bool) -> dict[str, object]:
    return {
        "workspace_id": workspace,
        "clinic_id": clinic,
        "occurrence_id": occurrence,
        "channel": Channel.EMAIL,
        "key": uuid.uuid4().hex,
        "state": DeliveryState.SENT if sent else DeliveryState.PLANNED,
        "send_at": send_at,
        "attempt": int(sent),
        "begun_at": send_at if sent else None,
        "finished_at": send_at if sent else None,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
