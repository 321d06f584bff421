"""What did a reminder say before an edit, and what was still to come then?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot.domain.model import PlannedOccurrence, Reminder, ReminderDraft
from bot.store import deliveries
from bot.store.reminders import columns, draft_from_row
from bot.store.tables import DeliveryRow, EarlierFormRow, OccurrenceRow


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence that was to come, and the time zone in which it was planned."""

    occurrence: PlannedOccurrence
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class EarlierForm:
    """What was filled in, and the plan that an edit replaced; no plan where it was left as it was."""

    draft: ReminderDraft
    plan: Sequence[Planned]


def keep(session: Session, reminder: Reminder, *, replanned_from: int | None, now: datetime) -> None:
    """Keep what a reminder says now, before it is changed; its plan too from an occurrence on, if there is one."""
    plan = [] if replanned_from is None else _planned(session, reminder.id, replanned_from)
    session.execute(insert(EarlierFormRow).values(_row(reminder, plan, now)))


def keep_many(session: Session, changed: Sequence[Reminder], *, now: datetime) -> None:
    """Keep what these reminders say now, before their texts are replaced; their plans stay."""
    if changed:
        session.execute(insert(EarlierFormRow), [_row(reminder, [], now) for reminder in changed])


def replaced_after(session: Session, reminder: Reminder, version: int) -> EarlierForm | None:
    """What a reminder said at a version, if an edit has replaced it since."""
    row = session.scalar(
        select(EarlierFormRow)
        .where(EarlierFormRow.reminder_id == reminder.id, EarlierFormRow.version >= version)
        .order_by(EarlierFormRow.version)
        .limit(1)
    )
    if row is None:
        return None
    plan = [
        Planned(PlannedOccurrence(number, date.fromisoformat(due), datetime.fromisoformat(send_at), moved_up), zone)
        for number, due, send_at, zone, moved_up in row.plan
    ]
    return EarlierForm(draft_from_row(row), plan)


def plan_again(session: Session, reminder: Reminder, plan: Sequence[Planned]) -> None:
    """Store a plan that was replaced once more; of the one that replaced it nothing is left."""
    for zone, group in groupby(plan, key=lambda one: one.time_zone):
        deliveries.plan(session, reminder, [one.occurrence for one in group], zone)


def forget_before(session: Session, moment: datetime) -> None:
    """Drop what nobody can ask for any more."""
    session.execute(delete(EarlierFormRow).where(EarlierFormRow.replaced_at < moment))


def _row(reminder: Reminder, plan: list[list[int | str]], now: datetime) -> dict[str, object]:
    return {
        "reminder_id": reminder.id,
        "version": reminder.version,
        "workspace_id": reminder.workspace_id,
        "plan": plan,
        "replaced_at": now,
        **columns(reminder.draft),
    }


def _planned(session: Session, reminder_id: int, first: int) -> list[list[int | str]]:
    rows = session.execute(
        select(
            OccurrenceRow.number,
            OccurrenceRow.due_date,
            func.min(DeliveryRow.send_at, type_=DeliveryRow.send_at.type),
            OccurrenceRow.time_zone,
            OccurrenceRow.moved_up,
        )
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(OccurrenceRow.reminder_id == reminder_id, OccurrenceRow.number >= first)
        .group_by(OccurrenceRow.number, OccurrenceRow.due_date, OccurrenceRow.time_zone, OccurrenceRow.moved_up)
        .order_by(OccurrenceRow.number)
    )
    return [
        [number, due.isoformat(), send_at.isoformat(), zone, moved_up] for number, due, send_at, zone, moved_up in rows
    ]
