"""What waits of a clinic's reminders, and how does all of it get other moments at once?

Only what nobody has taken up yet is seen and moved: not what is being sent, what was sent, what is due already (whoever
claims it looks at the clock), nor what is tried again after the other side put it off.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from bot.domain.model import DeliveryState, Event, PlannedOccurrence
from bot.store.tables import DeliveryRow, HistoryRow, OccurrenceRow, ReminderRow

IDS_AT_ONCE = 1_000
"""How many ids stand in one statement: SQLite takes 32,766 values, and a long one holds others up."""


@dataclasses.dataclass(frozen=True, slots=True)
class WaitingSend:
    """One occurrence of which something waits, which deliveries that are, and when the first of them goes."""

    occurrence_id: int
    deliveries: Sequence[int]
    planned: PlannedOccurrence


@dataclasses.dataclass(frozen=True, slots=True)
class WaitingSends:
    """What waits of one reminder, in order; `previous` is the due date of the occurrence before."""

    reminder_id: int
    send_before: int
    previous: date | None
    sends: Sequence[WaitingSend]


def waiting(session: Session, clinic: int, *, now: datetime, reminder: int | None = None) -> Iterator[WaitingSends]:
    """What waits of a clinic, or of one of its reminders alone; it is not claimed until the transaction ends.

    Reminders are locked before deliveries, as everywhere.
    """
    mine = ReminderRow.clinic_id == clinic
    if reminder is not None:
        mine &= ReminderRow.id == reminder
    ids = select(OccurrenceRow.reminder_id).join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
    session.execute(
        select(ReminderRow.id)
        .where(mine, ReminderRow.id.in_(ids.where(_waits(now))))
        .order_by(ReminderRow.id)
        .with_for_update(read=True)
    )
    before = aliased(OccurrenceRow)
    rows = session.execute(
        select(
            ReminderRow.id,
            ReminderRow.send_before,
            OccurrenceRow.id,
            OccurrenceRow.number,
            OccurrenceRow.due_date,
            before.due_date,
            OccurrenceRow.moved_up,
            DeliveryRow.id,
            DeliveryRow.send_at,
        )
        .join(OccurrenceRow, OccurrenceRow.reminder_id == ReminderRow.id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .outerjoin(
            before, and_(before.reminder_id == OccurrenceRow.reminder_id, before.number == OccurrenceRow.number - 1)
        )
        .where(mine, _waits(now))
        .order_by(ReminderRow.id, OccurrenceRow.number, DeliveryRow.send_at)
    )
    for (reminder_id, send_before), of_reminder in groupby(rows, key=lambda row: (row[0], row[1])):
        sends: list[WaitingSend] = []
        previous = None
        for (occurrence, number, due, due_before, up), group in groupby(of_reminder, key=lambda row: row[2:7]):
            found = [(row[7], row[8]) for row in group]
            planned = PlannedOccurrence(number, due, found[0][1], up)
            previous = previous if sends else due_before
            sends.append(WaitingSend(occurrence, [delivery for delivery, _ in found], planned))
        yield WaitingSends(reminder_id, send_before, previous, sends)


def waiting_count(session: Session, clinic: int, *, now: datetime, most: int) -> int:
    """How many deliveries of a clinic wait, counted up to `most`."""
    some = (
        select(DeliveryRow.id)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .where(ReminderRow.clinic_id == clinic, _waits(now))
        .limit(most)
    )
    return session.scalars(select(func.count()).select_from(some.subquery())).one()


def move(session: Session, moment: datetime, deliveries: Sequence[int], *, now: datetime) -> None:
    """Let these deliveries, as far as they still wait, go at `moment`."""
    for ids in _portions(deliveries):
        session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(ids), _still_waits(now))
            .values(send_at=moment)
            .execution_options(synchronize_session=False)
        )


def keep_zone(session: Session, zone: ZoneInfo, occurrences: Sequence[int]) -> None:
    """Keep with these occurrences that they are now planned in `zone`."""
    for ids in _portions(occurrences):
        session.execute(
            update(OccurrenceRow)
            .where(OccurrenceRow.id.in_(ids), OccurrenceRow.time_zone != zone.key)
            .values(time_zone=zone.key)
            .execution_options(synchronize_session=False)
        )


def tell(session: Session, workspace: int, moved: Sequence[tuple[int, int]], *, who: str, now: datetime) -> None:
    """Add one line to the history of each reminder of which something moved: its id, and how many of its sends did."""
    if moved:
        line = {"workspace_id": workspace, "delivery_id": None, "at": now, "actor": who, "event": Event.REPLANNED}
        session.execute(
            insert(HistoryRow),
            [{**line, "reminder_id": reminder, "detail": {"sends": sends}} for reminder, sends in moved],
        )


def _waits(now: datetime) -> ColumnElement[bool]:
    # `finished_at` is told as well as the state, so that the partial index serves.
    return DeliveryRow.finished_at.is_(None) & _still_waits(now)


def _still_waits(now: datetime) -> ColumnElement[bool]:
    # Without `finished_at`, so that no portion of ids goes through the whole partial index: PostgreSQL took it, seconds
    # after many rows were added. A code beside a planned delivery is why it is tried again.
    planned = DeliveryRow.state == DeliveryState.PLANNED
    return planned & (DeliveryRow.send_at > now) & DeliveryRow.detail.is_(None)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield ids[start : start + IDS_AT_ONCE]
