"""What is due, which of it does this process take, and what is known of that now?

A batch is claimed and read afresh in the transaction in which it is decided what becomes of it (rule P11). Its
reminders are held until that transaction ends, so that a change by staff comes before the claim or after it, never in
between. What somebody is changing this very moment is left for the next round instead of being waited for.

Each clinic gets its share of a batch, so that one with 50,000 due holds up no other one's five.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Integer, Row, Select, String, func, select, true, update
from sqlalchemy.orm import Session, aliased

from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    DeliveryState,
    Patient,
    PlannedOccurrence,
    Recurrence,
    Reminder,
)
from bot.store import clinics, directory, reminders
from bot.store.deliveries import claimable
from bot.store.leases import Lease, held, held_by
from bot.store.tables import (
    ClientRow,
    ClinicRow,
    DeliveryRow,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
    WorkspaceRow,
)
from bot.store.value_lists import listed

if TYPE_CHECKING:
    _Row = Row[DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow, date]

_log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """The moment (UTC) at which the next delivery of one clinic over one channel is due, be it past or to come."""

    clinic_id: int
    channel: Channel
    send_at: datetime


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
    missed_too: Sequence[PlannedOccurrence] = ()
    """Later occurrences of the reminder that are to go over the same channel and whose moment has passed as well."""


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """What was claimed: what could be read, what some row of cannot be read, and what somebody is just changing."""

    due: Sequence[Due]
    unreadable: Sequence[Lease]
    being_changed: Sequence[Lease]


def heads(session: Session, team_id: str) -> list[Head]:
    """What is due next of each clinic of a workspace over each channel; one short look into the index for each."""
    channels = listed(session, [("channel", String())], [[channel.value] for channel in Channel])
    first = (
        select(DeliveryRow.send_at)
        .where(claimable(), DeliveryRow.clinic_id == ClinicRow.id, DeliveryRow.channel == channels.c.channel)
        .order_by(DeliveryRow.send_at)
        .limit(1)
        .correlate(ClinicRow, channels)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ClinicRow.id, channels.c.channel, first)
        .join(WorkspaceRow, WorkspaceRow.id == ClinicRow.workspace_id)
        .join(channels, true())
        .where(WorkspaceRow.team_id == team_id)
    )
    return [Head(clinic, Channel(channel), send_at) for clinic, channel, send_at in rows if send_at is not None]


def claim(
    session: Session,
    ahead: Sequence[Head],
    room: Mapping[Channel, int],
    *,
    due_by: datetime,
    until: datetime,
    owner: str,
    begun_at: datetime | None = None,
    but: Collection[int] = (),
) -> list[Lease]:
    """Take what is due until `due_by`, of each channel as many deliveries as there is room for.

    Where there is not room for one of each clinic, those that come first in `ahead` have their turn; of a clinic, the
    oldest. Others' claims are passed over, not waited for. `begun_at` marks them as begun: what then is not sent has
    to be ended or put back before the transaction ends. Nothing of `but` is taken.
    """
    clinics_of: dict[Channel, list[Head]] = defaultdict(list)
    for head in ahead:
        if head.send_at <= due_by:
            clinics_of[head.channel].append(head)
    taken: list[Lease] = []
    for channel, waiting in clinics_of.items():
        most = room.get(channel, 0)
        if most < 1:
            continue
        have_turn = waiting[:most]
        share = -(-most // len(have_turn))
        oldest = (
            select(DeliveryRow.id)
            .where(claimable(), DeliveryRow.channel == channel, DeliveryRow.send_at <= due_by)
            .where(DeliveryRow.id.not_in(but))
            .order_by(DeliveryRow.send_at, DeliveryRow.id)
        )
        for chosen in _chosen(session, oldest, [head.clinic_id for head in have_turn], share, most):
            rows = session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id.in_(chosen), DeliveryRow.state == DeliveryState.PLANNED)
                .values(
                    state=DeliveryState.SENDING,
                    lease_owner=owner,
                    lease_until=until,
                    begun_at=begun_at,
                    attempt=DeliveryRow.attempt + 1,
                )
                .returning(DeliveryRow.id, DeliveryRow.attempt)
                .execution_options(synchronize_session=False)
            )
            taken += [Lease(delivery, owner, attempt) for delivery, attempt in rows]
    return sorted(taken, key=lambda lease: lease.delivery_id)


def _chosen(session: Session, oldest: Select[int], of: Sequence[int], share: int, most: int) -> list[Select[int]]:
    """Selections of what to claim: at most `share` of each clinic's oldest, and at most `most` together."""
    if session.get_bind().dialect.name != "postgresql":
        shares = [min(share, most - share * place) for place in range(len(of))]
        return [
            oldest.where(DeliveryRow.clinic_id == clinic).limit(its)
            for clinic, its in zip(of, shares, strict=True)
            if its > 0
        ]
    clinic = listed(session, [("id", Integer())], [[one] for one in of])
    each = oldest.where(DeliveryRow.clinic_id == clinic.c.id).limit(share).with_for_update(skip_locked=True)
    one = each.lateral("one")
    # As a CTE, which is made once, so that the rows that are locked are the rows that are changed.
    chosen = select(one.c.id).select_from(clinic.join(one, true())).limit(most).cte("chosen")
    return [select(chosen.c.id)]


def read(session: Session, taken: Sequence[Lease], *, now: datetime) -> Batch:
    """Everything about a claimed batch as it stands now, in the order in which it is due."""
    by_id = {lease.delivery_id: lease for lease in taken}
    if not by_id:
        return Batch((), (), ())
    rows = session.execute(
        _whole()
        .where(DeliveryRow.id.in_(by_id), held_by(taken[0].owner))
        .order_by(DeliveryRow.send_at, DeliveryRow.id)
        .with_for_update(read=True, skip_locked=True, of=ReminderRow)
    ).all()
    recurring = [row.ReminderRow.id for row in rows if row.ReminderRow.recurrence is not Recurrence.NONE]
    missed = _missed(session, recurring, now) if recurring else {}
    due, unreadable = [], []
    for row in rows:
        delivery = row.DeliveryRow
        lease = by_id.pop(delivery.id)
        try:
            due.append(_due(lease, row, missed.get((row.ReminderRow.id, delivery.channel), ())))
        except (ValueError, LookupError):
            _log.exception("delivery-unreadable", delivery=delivery.id)
            unreadable.append(lease)
    return Batch(due, unreadable, list(by_id.values()))


def load(session: Session, lease: Lease, *, now: datetime) -> Due | None:
    """Everything about one claimed delivery as it stands now; `None` if the lease was lost.

    Reminder, client and patient cannot change until the transaction ends, so that what is decided from them still holds
    when `begin` commits: a cancellation comes before it or after it, never in between.
    """
    # Locked first and read then: what waited for a change sees it, instead of finding that the joined rows are gone.
    reminder_id = (
        select(OccurrenceRow.reminder_id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(held(lease))
        .scalar_subquery()
    )
    session.execute(select(ReminderRow.id).where(ReminderRow.id == reminder_id).with_for_update(read=True))
    unchanging = [ClientRow, PatientRow]
    row = session.execute(_whole().where(held(lease)).with_for_update(read=True, of=unchanging)).one_or_none()
    if row is None:
        return None
    recurs = row.ReminderRow.recurrence is not Recurrence.NONE
    missed = _missed(session, [row.ReminderRow.id], now) if recurs else {}
    return _due(lease, row, missed.get((row.ReminderRow.id, row.DeliveryRow.channel), ()))


def _missed(
    session: Session, reminder_ids: Sequence[int], now: datetime
) -> dict[tuple[int, Channel], list[PlannedOccurrence]]:
    """Of each of these reminders and each channel, every occurrence that is to go and whose moment has come."""
    rows = session.execute(
        select(
            OccurrenceRow.reminder_id,
            DeliveryRow.channel,
            OccurrenceRow.number,
            OccurrenceRow.due_date,
            DeliveryRow.send_at,
        )
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(
            OccurrenceRow.reminder_id.in_(reminder_ids), DeliveryRow.finished_at.is_(None), DeliveryRow.send_at <= now
        )
    )
    found: dict[tuple[int, Channel], list[PlannedOccurrence]] = defaultdict(list)
    for reminder, channel, number, due_date, send_at in rows:
        found[reminder, channel].append(PlannedOccurrence(number, due_date, send_at))
    return found


def _due(lease: Lease, row: _Row, missed: Sequence[PlannedOccurrence]) -> Due:
    delivery, occurrence, reminder = row.DeliveryRow, row.OccurrenceRow, row.ReminderRow
    return Due(
        lease=lease,
        key=delivery.key,
        channel=delivery.channel,
        number=occurrence.number,
        due_date=occurrence.due_date,
        following_due=row.following_due if reminder.recurrence is not Recurrence.NONE else None,
        zone=ZoneInfo(occurrence.time_zone),
        send_at=delivery.send_at,
        begun=delivery.begun_at is not None,
        reminder=reminders.from_row(reminder),
        clinic=clinics.from_row(row.ClinicRow),
        client=directory.client_from_row(row.ClientRow),
        patient=directory.patient_from_row(row.PatientRow),
        missed_too=[one for one in missed if one.number > occurrence.number],
    )


def _whole() -> Select[DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow, date]:
    later = aliased(OccurrenceRow)
    following_due = (
        select(func.min(later.due_date))
        .where(later.reminder_id == OccurrenceRow.reminder_id, later.number > OccurrenceRow.number)
        .correlate(OccurrenceRow)
        .scalar_subquery()
        .label("following_due")
    )
    return (
        select(DeliveryRow, OccurrenceRow, ReminderRow, ClinicRow, ClientRow, PatientRow, following_due)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .join(ClinicRow, ClinicRow.id == ReminderRow.clinic_id)
        .join(ClientRow, ClientRow.id == ReminderRow.client_id)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
    )
