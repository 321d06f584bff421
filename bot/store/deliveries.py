"""What is to be sent, who has taken it, and how did it end?

This is the outbox (rule P14). A delivery is claimed before anything else happens to it: state, lease owner and lease
end change in one statement, and from then on only the owner of that lease may write to the row. `begin` marks the
point after which the message may have left; a lease that ends before it is simply planned again, one that ends after
it is unknown.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    DeliveryState,
    Patient,
    PlannedOccurrence,
    Reason,
    Recurrence,
    Reminder,
    ReminderState,
)
from bot.store import clinics, directory, reminders
from bot.store.tables import (
    ClientRow,
    ClinicRow,
    DeliveryRow,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
    StepDeliveryRow,
    WorkspaceRow,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Lease:
    """The right to send one delivery: lost when `until` has passed and somebody else took it."""

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


def plan(session: Session, reminder: Reminder, coming: Sequence[PlannedOccurrence], zone: str) -> None:
    """Store the coming occurrences of a reminder and a planned delivery for each of its channels."""
    ids = session.scalars(
        insert(OccurrenceRow).returning(OccurrenceRow.id, sort_by_parameter_order=True),
        [
            {
                "reminder_id": reminder.id,
                "workspace_id": reminder.workspace_id,
                "number": one.number,
                "due_date": one.due_date,
                "time_zone": zone,
                "moved_up": one.is_moved_up,
            }
            for one in coming
        ],
    ).all()
    session.execute(
        insert(DeliveryRow),
        [
            _planned_row(occurrence, reminder.workspace_id, channel, one.send_at)
            for occurrence, one in zip(ids, coming, strict=True)
            for channel in reminder.draft.method.channels
        ],
    )


def next_planned(session: Session, team_id: str) -> datetime | None:
    """The moment at which the next delivery of a workspace is due."""
    return session.scalar(
        select(func.min(DeliveryRow.send_at))
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .where(_planned(), _of(team_id), ReminderRow.state != ReminderState.PAUSED)
    )


def next_lapse(session: Session, team_id: str) -> datetime | None:
    """The moment at which the next lease in a workspace ends."""
    return session.scalar(select(func.min(DeliveryRow.lease_until)).where(_sending(), _of(team_id)))


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
        .where(_planned(), _of(team_id), DeliveryRow.send_at <= now, ReminderRow.state != ReminderState.PAUSED)
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
        .where(_sending(), _of(team_id), DeliveryRow.lease_until <= now, DeliveryRow.begun_at.is_(None))
        .values(state=DeliveryState.PLANNED, lease_owner=None, lease_until=None)
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def lapsed(session: Session, team_id: str, *, now: datetime, limit: int) -> list[Lease]:
    """The leases in a workspace that ended after the message had begun to leave: nobody knows whether it did."""
    rows = session.execute(
        select(DeliveryRow.id, DeliveryRow.lease_owner, DeliveryRow.attempt)
        .where(_sending(), _of(team_id), DeliveryRow.lease_until <= now, DeliveryRow.begun_at.is_not(None))
        .order_by(DeliveryRow.id)
        .limit(limit)
    )
    return [Lease(delivery, owner or "", attempt) for delivery, owner, attempt in rows]


def cancel_planned(
    session: Session, reminder_ids: Collection[int], *, now: datetime, reason: Reason | None = None
) -> None:
    """Cancel everything of these reminders that is still planned; what is being sent is left to its owner."""
    session.execute(
        update(DeliveryRow)
        .where(_planned(), DeliveryRow.occurrence_id.in_(_occurrences_of(*reminder_ids)))
        .values(state=DeliveryState.CANCELLED, finished_at=now, reason=reason)
    )


def skip_planned(session: Session, reminder_id: int, numbers: Collection[int], *, reason: Reason, now: datetime) -> int:
    """End what is still planned of some occurrences without sending it; returns how many deliveries that were."""
    chosen = _occurrences_of(reminder_id).where(OccurrenceRow.number.in_(numbers))
    rows = session.execute(
        update(DeliveryRow)
        .where(_planned(), DeliveryRow.occurrence_id.in_(chosen))
        .values(state=DeliveryState.SKIPPED, finished_at=now, reason=reason)
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def move_up(session: Session, reminder_id: int, number: int, *, send_at: datetime) -> None:
    """Let what is still planned of one occurrence go at `send_at`, as soon as the clinic sends."""
    chosen = (OccurrenceRow.reminder_id == reminder_id) & (OccurrenceRow.number == number)
    session.execute(update(OccurrenceRow).where(chosen).values(moved_up=True))
    session.execute(
        update(DeliveryRow)
        .where(_planned(), DeliveryRow.occurrence_id.in_(select(OccurrenceRow.id).where(chosen)))
        .values(send_at=send_at)
    )


def move_back(session: Session, step: int) -> int:
    """Let what a step moved up go when it was planned before; returns how many deliveries still could be."""
    moved = select(DeliveryRow.occurrence_id).join(StepDeliveryRow, StepDeliveryRow.delivery_id == DeliveryRow.id)
    session.execute(
        update(OccurrenceRow)
        .where(OccurrenceRow.id.in_(moved.where(StepDeliveryRow.step_id == step)))
        .values(moved_up=False)
    )
    return plan_as_before(session, step, DeliveryState.PLANNED)


def unfinished_of(session: Session, reminder_ids: Collection[int]) -> set[int]:
    """Those of these reminders of which something may still go to the client."""
    return set(
        session.scalars(
            select(OccurrenceRow.reminder_id)
            .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
            .where(OccurrenceRow.reminder_id.in_(reminder_ids), DeliveryRow.finished_at.is_(None))
        )
    )


def plan_as_before(session: Session, step: int, state: DeliveryState, reason: Reason | None = None) -> int:
    """Plan again, for when it was planned, what a step stopped or moved and is still so; returns how many."""
    stopped = select(StepDeliveryRow.delivery_id).where(StepDeliveryRow.step_id == step)
    before = (
        select(StepDeliveryRow.send_at_before)
        .where(StepDeliveryRow.step_id == step, StepDeliveryRow.delivery_id == DeliveryRow.id)
        .scalar_subquery()
    )
    because = () if reason is None else (DeliveryRow.reason == reason,)
    rows = session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(stopped), DeliveryRow.state == state, *because)
        .values(state=DeliveryState.PLANNED, finished_at=None, reason=None, send_at=before)
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def plan_cancelled_again(session: Session, reminder_id: int, *, today: date) -> None:
    """Plan again what was cancelled and falls due on `today` or later."""
    not_past = _occurrences_of(reminder_id).where(OccurrenceRow.due_date >= today)
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.occurrence_id.in_(not_past), DeliveryRow.state == DeliveryState.CANCELLED)
        .values(state=DeliveryState.PLANNED, finished_at=None, reason=None)
    )


def change_channels(session: Session, reminder_id: int, *, before: int, to: Sequence[Channel], now: datetime) -> None:
    """Bring what is planned of occurrences numbered below `before` over to the channels `to`.

    Where one half of a `both` was taken up, the other half is ended if its channel is not among them. Where nothing was
    taken up, since the occurrence was put back and a later one went out first, it is planned over `to` instead: its
    moment has passed, so it goes at once.
    """
    rows = session.execute(
        select(
            DeliveryRow.id, DeliveryRow.occurrence_id, DeliveryRow.workspace_id, DeliveryRow.channel, DeliveryRow.state
        )
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .where(OccurrenceRow.reminder_id == reminder_id, OccurrenceRow.number < before)
        .order_by(DeliveryRow.occurrence_id, DeliveryRow.id)
        # So that none of them is claimed between this look and what follows from it.
        .with_for_update(of=DeliveryRow)
    ).all()
    dropped, replaced, added = [], [], []
    for occurrence, group in groupby(rows, key=lambda row: row.occurrence_id):
        siblings = list(group)
        planned = [row for row in siblings if row.state is DeliveryState.PLANNED]
        elsewhere = [row.id for row in planned if row.channel not in to]
        if any(row.state not in (DeliveryState.PLANNED, DeliveryState.CANCELLED) for row in siblings):
            dropped += elsewhere
        elif planned:
            replaced += elsewhere
            there = {row.channel for row in siblings}
            added += [_planned_row(occurrence, planned[0].workspace_id, new, now) for new in to if new not in there]
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(dropped))
        .values(state=DeliveryState.SKIPPED, reason=Reason.REMINDER_CHANGED, finished_at=now)
    )
    session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(replaced)))
    if added:
        session.execute(insert(DeliveryRow), added)


def forget_unsent(session: Session, reminder_id: int) -> int:
    """Remove the occurrences of which nothing was ever taken up; returns the number the next occurrence gets."""
    taken_up = (
        select(DeliveryRow.occurrence_id)
        .where(DeliveryRow.occurrence_id.in_(_occurrences_of(reminder_id)))
        .where(DeliveryRow.state.not_in((DeliveryState.PLANNED, DeliveryState.CANCELLED)))
    )
    last = session.scalar(select(func.max(OccurrenceRow.number)).where(OccurrenceRow.id.in_(taken_up))) or 0
    later = select(OccurrenceRow.id).where(OccurrenceRow.reminder_id == reminder_id, OccurrenceRow.number > last)
    session.execute(delete(DeliveryRow).where(DeliveryRow.occurrence_id.in_(later)))
    session.execute(delete(OccurrenceRow).where(OccurrenceRow.reminder_id == reminder_id, OccurrenceRow.number > last))
    return last + 1


def _planned_row(occurrence: int, workspace: int, channel: Channel, send_at: datetime) -> dict[str, object]:
    return {
        "occurrence_id": occurrence,
        "workspace_id": workspace,
        "channel": channel,
        "key": uuid.uuid4().hex,
        "state": DeliveryState.PLANNED,
        "send_at": send_at,
        "attempt": 0,
    }


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


def _of(team_id: str) -> ColumnElement[bool]:
    workspace = select(WorkspaceRow.id).where(WorkspaceRow.team_id == team_id)
    return DeliveryRow.workspace_id == workspace.scalar_subquery()


def _planned() -> ColumnElement[bool]:
    # `finished_at` is told as well as the state, so that the partial index serves.
    return DeliveryRow.finished_at.is_(None) & (DeliveryRow.state == DeliveryState.PLANNED)


def _sending() -> ColumnElement[bool]:
    return DeliveryRow.finished_at.is_(None) & (DeliveryRow.state == DeliveryState.SENDING)


def _occurrences_of(*reminder_ids: int) -> Select[int]:
    return select(OccurrenceRow.id).where(OccurrenceRow.reminder_id.in_(reminder_ids))


def _whole() -> Select[DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow]:
    return (
        select(DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .join(ClinicRow, ClinicRow.id == ReminderRow.clinic_id)
        .join(ClientRow, ClientRow.id == ReminderRow.client_id)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
    )
