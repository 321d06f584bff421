"""Which due date and which send does a list show of a reminder that has many?

The next one that is still to come; where nothing is, the first that was stopped by cancelling, else the last one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select

from bot.domain.model import DeliveryState, ReminderState
from bot.store.tables import DeliveryRow, OccurrenceRow, ReminderRow

UNFINISHED: Final = DeliveryRow.finished_at.is_(None)
_LIVES: Final = UNFINISHED & (ReminderRow.state != ReminderState.CANCELLED)
_STOPPED: Final = (DeliveryRow.state == DeliveryState.CANCELLED) & (ReminderRow.state == ReminderState.CANCELLED)

NEXT_SEND: Final = func.min(DeliveryRow.send_at).filter(_LIVES)
ENDED: Final = func.max(DeliveryRow.finished_at)
DUE: Final = func.coalesce(
    func.min(OccurrenceRow.due_date).filter(_LIVES),
    func.min(OccurrenceRow.due_date).filter(_STOPPED),
    func.max(OccurrenceRow.due_date),
)


def dates(*which: ColumnElement[bool]) -> Select[int, int, date, datetime, datetime | None]:
    """One row a reminder: `reminder_id`, `clinic_id`, `due_date`, `send_at`, `ended_at`; of those that are `which`."""
    return (
        select(
            ReminderRow.id.label("reminder_id"),
            ReminderRow.clinic_id,
            DUE.label("due_date"),
            NEXT_SEND.label("send_at"),
            ENDED.label("ended_at"),
        )
        .select_from(ReminderRow)
        .join(OccurrenceRow, OccurrenceRow.reminder_id == ReminderRow.id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(*which)
        .group_by(ReminderRow.id, ReminderRow.clinic_id)
    )
