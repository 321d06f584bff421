"""What is in the database before a test of the store begins? One workspace with a clinic, a client and her dog."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.domain.errors import ClinicField
from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    DeliveryState,
    Method,
    Patient,
    PlannedOccurrence,
    Reason,
    Recurrence,
    Reminder,
    ReminderDraft,
    Schedule,
    SendingHours,
    StepKind,
    TextOrigin,
    Texts,
)
from bot.store import (
    claims,
    clinics,
    deliveries,
    directory,
    earlier_forms,
    leases,
    reminders,
    settings_changes,
    steps,
    tasks,
)
from bot.store.database import Database

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
DUE = date(2026, 12, 8)

Result = TypeVar("Result")


@dataclasses.dataclass(frozen=True)
class Stock:
    """The ids and objects of one workspace's rows."""

    team_id: str
    workspace: int
    clinic: Clinic
    client: Client
    patient: Patient


def stock(session: Session, team_id: str = "T1") -> Stock:
    """Store a workspace."""
    workspace = clinics.add_workspace(session, team_id, NOW)
    clinic = clinics.add(
        session,
        Clinic(
            id=0,
            workspace_id=workspace,
            name="Kliniken",
            phone="08-123 45 67",
            hours=SendingHours(ZoneInfo("Europe/Stockholm")),
            language="sv",
            country="SE",
            staff_channel="C0STAFF0001",
            sender_email="klinik@example.com",
            default_method=Method.EMAIL,
            policy_note="",
        ),
    )
    client = add_client(session, workspace)
    return Stock(team_id, workspace, clinic, client, add_patient(session, workspace, client))


def add_client(session: Session, workspace: int, name: str = "Åsa Öberg", **changes: Any) -> Client:
    """Store a client."""
    new = Client(0, name, "asa@example.com", "+46701740605", "sv", email_allowed=True, sms_allowed=True, active=True)
    return directory.add_client(session, workspace, dataclasses.replace(new, **changes))


def add_patient(session: Session, workspace: int, client: Client, name: str = "Maja", **changes: Any) -> Patient:
    """Store a patient of `client`."""
    new = Patient(0, client.id, name, "hund", active=True, died_on=None)
    return directory.add_patient(session, workspace, dataclasses.replace(new, **changes))


def draft(of: Stock, **changes: Any) -> ReminderDraft:
    """A filled-in form."""
    filled = ReminderDraft(
        clinic_id=of.clinic.id,
        client_id=of.client.id,
        patient_id=of.patient.id,
        method=Method.EMAIL,
        schedule=Schedule(DUE, 7),
        texts=Texts("Ämne", "Brev", "SMS", "Papper"),
        origin=TextOrigin.MANUAL,
        template_id=None,
        template_revision=None,
        email_override=None,
        phone_override=None,
    )
    return dataclasses.replace(filled, **changes)


def add_reminder(session: Session, of: Stock, moments: Sequence[datetime] = (NOW,), **changes: Any) -> Reminder:
    """Store a reminder with one occurrence at each of `moments`."""
    times = len(moments)
    schedule = Schedule(DUE, 7, Recurrence.DAILY if times > 1 else Recurrence.NONE, times)
    reminder = reminders.add(
        session, of.workspace, draft(of, **{"schedule": schedule, **changes}), created_by="U1", now=NOW
    )
    coming = [PlannedOccurrence(number, DUE + number * DAY, at) for number, at in enumerate(moments, 1)]
    deliveries.plan(session, reminder, coming, "Europe/Stockholm")
    return reminder


def take(
    session: Session, now: datetime = NOW, owner: str = "one", limit: int = 1, team_id: str = "T1"
) -> list[leases.Lease]:
    """Claim what is due, for a minute."""
    taken: list[leases.Lease] = []
    for channel in Channel:
        room, ahead = {channel: limit - len(taken)}, claims.heads(session, team_id)
        taken += claims.claim(session, ahead, room, due_by=now, until=now + MINUTE, owner=owner)
    return sorted(taken, key=lambda lease: lease.delivery_id)


def end(session: Session, lease: leases.Lease, state: DeliveryState = DeliveryState.SENT) -> bool:
    """Send what was claimed."""
    leases.begin(session, lease, now=NOW, until=NOW + MINUTE)
    reason = None if state in (DeliveryState.SENT, DeliveryState.DELIVERED) else Reason.REFUSED
    return leases.finish(session, lease, state, now=NOW, reason=reason)


def add_task(session: Session, of: Stock, method: Method = Method.POST, **changes: Any) -> int:
    """Store an open contact task for what goes over one channel, a letter unless told otherwise."""
    reminder = add_reminder(session, of, method=method, **changes)
    (lease,) = take(session, team_id=of.team_id)
    (channel,) = method.channels
    reason = Reason.POST if channel is Channel.POST else Reason.NO_ADDRESS
    leases.finish(session, lease, DeliveryState.SKIPPED, now=NOW, reason=reason)
    return tasks.add(session, reminder=reminder, channel=channel, delivery=lease.delivery_id, reason=reason, now=NOW)


def add_step(session: Session, of: Stock, reminder: Reminder) -> int:
    """Store that a reminder is edited, with what it said before and what was still to come."""
    step = steps.add(session, of.workspace, StepKind.EDIT, by="U1", at=NOW)
    steps.touches(session, step, reminder)
    steps.stops(session, step, [reminder.id])
    earlier_forms.keep(session, reminder, replanned_from=1, now=NOW)
    return step


def add_settings_change(session: Session, of: Stock, key: str) -> None:
    """Store that the clinic's settings, and those of all clinics, were saved."""
    settings_changes.add(
        session,
        of.workspace,
        key,
        clinic=of.clinic.id,
        version=1,
        workspace_version=1,
        fields={ClinicField.PHONE},
        moved=0,
        who="U1",
        now=NOW,
    )


def at_once(database: Database, count: int, act: Callable[[Session, int], Result]) -> list[Result | Exception]:
    """Run `act` in `count` threads that begin together, each in its own transaction; what each returned or raised."""
    ready = Barrier(count)

    def run(number: int) -> Result | Exception:
        ready.wait(30)
        try:
            with database.writing() as session:
                return act(session, number)
        except Exception as error:  # noqa: BLE001 - handed to the test
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
