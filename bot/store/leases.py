"""Who has taken what is due, and what may they write to it?

A delivery is claimed before anything else happens to it (rule P14): state, lease owner and lease end change in one
statement, and from then on only the owner of that lease may write to the row. `begin` marks the point after which the
message may have left; a lease that ends before it is simply planned again, one that ends after it is unknown.
"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    DeliveryState,
    Patient,
    Reason,
    Recurrence,
    Reminder,
    ReminderState,
)
from bot.store import clinics, directory, reminders
from bot.store.deliveries import of_team, planned
from bot.store.tables import (
    ClientRow,
    ClinicRow,
    DeliveryRow,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Lease:
    """The right to send one delivery: lost when its time has passed and somebody else took it."""

    delivery_id: int
    owner: str
    attempt: int


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A claimed delivery with everything that is known of it now, read afresh."""

    lease: Lease
    key: str
    """Opaque and the same for every attempt: the Message-ID's left part."""
    channel: Channel
    number: int
    due_date: date
    following_due: date | None
    """The due date of the reminder's next occurrence."""
    zone: ZoneInfo
    """In which it was planned: the clinic's, unless that was changed while it was on its way."""
    send_at: datetime
    """When it was to go (UTC)."""
    begun: bool
    """Whether the message may have left."""
    reminder: Reminder
    clinic: Clinic
    client: Client
    patient: Patient


def next_lapse(session: Session, team_id: str) -> datetime | None:
    """The moment at which the next lease in a workspace ends."""
    return session.scalar(select(func.min(DeliveryRow.lease_until)).where(_sending(), of_team(team_id)))


def claim(session: Session, team_id: str, *, now: datetime, until: datetime, owner: str, limit: int) -> list[Lease]:
    """Take up to `limit` deliveries of a workspace that are due, the oldest first.

    Others' claims are passed over, not waited for.

    What belongs to a paused reminder waits. What belongs to a cancelled one is taken all the same: it was being sent
    when the reminder was cancelled, and was put back since; whoever takes it ends it.
    """
    chosen = (
        select(DeliveryRow.id)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .where(planned(), of_team(team_id), DeliveryRow.send_at <= now, ReminderRow.state != ReminderState.PAUSED)
        .order_by(DeliveryRow.send_at, DeliveryRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=DeliveryRow)
        .cte("chosen")
    )
    rows = session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(select(chosen.c.id)))
        .values(state=DeliveryState.SENDING, lease_owner=owner, lease_until=until, attempt=DeliveryRow.attempt + 1)
        .returning(DeliveryRow.id, DeliveryRow.attempt)
    )
    return [Lease(delivery, owner, attempt) for delivery, attempt in sorted((row.id, row.attempt) for row in rows)]


def load(session: Session, lease: Lease) -> Due | None:
    """Everything about a claimed delivery as it stands now; `None` if the lease was lost.

    Reminder, client and patient cannot change until the transaction ends, so that what is decided from them still holds
    when `begin` commits: a cancellation comes before it or after it, never in between.
    """
    # Locked first and read then: what waited for a change sees it, instead of finding that the joined rows are gone.
    reminder_id = (
        select(OccurrenceRow.reminder_id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(_held(lease))
        .scalar_subquery()
    )
    session.execute(select(ReminderRow.id).where(ReminderRow.id == reminder_id).with_for_update(read=True))
    unchanging = [ClientRow, PatientRow]
    row = session.execute(_whole().where(_held(lease)).with_for_update(read=True, of=unchanging)).one_or_none()
    if row is None:
        return None
    delivery, occurrence, reminder, clinic, client, patient = row
    later = select(func.min(OccurrenceRow.due_date)).where(
        OccurrenceRow.reminder_id == occurrence.reminder_id, OccurrenceRow.number > occurrence.number
    )
    recurs = reminder.recurrence is not Recurrence.NONE
    return Due(
        lease=lease,
        key=delivery.key,
        channel=delivery.channel,
        number=occurrence.number,
        due_date=occurrence.due_date,
        following_due=session.scalar(later) if recurs else None,
        zone=ZoneInfo(occurrence.time_zone),
        send_at=delivery.send_at,
        begun=delivery.begun_at is not None,
        reminder=reminders.from_row(reminder),
        clinic=clinics.from_row(clinic),
        client=directory.client_from_row(client),
        patient=directory.patient_from_row(patient),
    )


def begin(session: Session, lease: Lease, *, now: datetime, until: datetime) -> bool:
    """Mark that the message is about to leave, and renew the lease; tells whether the lease was still held."""
    return _write(session, lease, begun_at=now, lease_until=until)


def renew(session: Session, lease: Lease, *, until: datetime) -> bool:
    """Let the lease hold until `until`; tells whether it was still held."""
    return _write(session, lease, lease_until=until)


def finish(
    session: Session,
    lease: Lease,
    state: DeliveryState,
    *,
    now: datetime,
    reason: Reason | None = None,
    detail: str | None = None,
    provider_ref: str | None = None,
) -> bool:
    """Record how a delivery ended; tells whether the lease was still held."""
    return _write(
        session,
        lease,
        state=state,
        finished_at=now,
        lease_owner=None,
        lease_until=None,
        reason=reason,
        detail=detail,
        provider_ref=provider_ref,
    )


def plan_again(session: Session, lease: Lease, *, send_at: datetime, detail: str | None = None) -> bool:
    """Put back a delivery of which certainly nothing left; tells whether the lease was still held."""
    return _write(
        session,
        lease,
        state=DeliveryState.PLANNED,
        send_at=send_at,
        begun_at=None,
        lease_owner=None,
        lease_until=None,
        detail=detail,
    )


def release_unbegun(session: Session, *, owner: str) -> int:
    """Give back what `owner` claimed and did not begin; returns how many."""
    rows = session.execute(
        update(DeliveryRow)
        .where(_sending(), DeliveryRow.lease_owner == owner, DeliveryRow.begun_at.is_(None))
        .values(state=DeliveryState.PLANNED, lease_owner=None, lease_until=None, attempt=DeliveryRow.attempt - 1)
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def release_lapsed(session: Session, team_id: str, *, now: datetime) -> int:
    """Plan again what of a workspace was claimed but not begun before its lease ended; returns how many."""
    rows = session.execute(
        update(DeliveryRow)
        .where(_sending(), of_team(team_id), DeliveryRow.lease_until <= now, DeliveryRow.begun_at.is_(None))
        .values(state=DeliveryState.PLANNED, lease_owner=None, lease_until=None)
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def lapsed(session: Session, team_id: str, *, now: datetime, limit: int) -> list[Lease]:
    """The leases in a workspace that ended after the message had begun to leave: nobody knows whether it did."""
    rows = session.execute(
        select(DeliveryRow.id, DeliveryRow.lease_owner, DeliveryRow.attempt)
        .where(_sending(), of_team(team_id), DeliveryRow.lease_until <= now, DeliveryRow.begun_at.is_not(None))
        .order_by(DeliveryRow.id)
        .limit(limit)
    )
    return [Lease(delivery, owner or "", attempt) for delivery, owner, attempt in rows]


def _write(session: Session, lease: Lease, **values: object) -> bool:
    written = session.execute(update(DeliveryRow).where(_held(lease)).values(**values).returning(DeliveryRow.id))
    return written.one_or_none() is not None


def _held(lease: Lease) -> ColumnElement[bool]:
    return (
        (DeliveryRow.id == lease.delivery_id)
        & (DeliveryRow.state == DeliveryState.SENDING)
        & (DeliveryRow.lease_owner == lease.owner)
        & (DeliveryRow.attempt == lease.attempt)
    )


def _sending() -> ColumnElement[bool]:
    return DeliveryRow.finished_at.is_(None) & (DeliveryRow.state == DeliveryState.SENDING)


def _whole() -> Select[DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow]:
    return (
        select(DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .join(ClinicRow, ClinicRow.id == ReminderRow.clinic_id)
        .join(ClientRow, ClientRow.id == ReminderRow.client_id)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
    )
