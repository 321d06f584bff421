"""What is to be sent, when, and what becomes of it when its reminder changes?

This is the outbox (rule P14). Whoever sends claims what is due first (`bot.store.leases`); what is planned, moved or
ended here is only what nobody has claimed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.model import (
    Channel,
    DeliveryState,
    PlannedOccurrence,
    Reason,
    Reminder,
    ReminderState,
)
from bot.store.tables import (
    ContactTaskRow,
    DeliveryRow,
    OccurrenceRow,
    StepDeliveryRow,
    WorkspaceRow,
)


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
            _planned_row(reminder, occurrence, channel, one.send_at)
            for occurrence, one in zip(ids, coming, strict=True)
            for channel in reminder.draft.method.channels
        ],
    )


def hold(session: Session, reminder_id: int, *, held: bool) -> None:
    """Let nothing of a reminder be claimed, however late it gets, as long as it is paused; or let it go again."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.occurrence_id.in_(_occurrences_of(reminder_id)), DeliveryRow.held != held)
        .values(held=held)
    )


def follow_clinic(session: Session, reminder_id: int, clinic: int) -> None:
    """Count the deliveries of a reminder to its clinic, which is now this one."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.occurrence_id.in_(_occurrences_of(reminder_id)), DeliveryRow.clinic_id != clinic)
        .values(clinic_id=clinic)
    )


def cancel_planned(
    session: Session, reminder_ids: Collection[int], *, now: datetime, reason: Reason | None = None
) -> None:
    """Cancel everything of these reminders that is still planned; what is being sent is left to its owner."""
    session.execute(
        update(DeliveryRow)
        .where(planned(), DeliveryRow.occurrence_id.in_(_occurrences_of(*reminder_ids)))
        .values(state=DeliveryState.CANCELLED, finished_at=now, reason=reason)
    )


def skip_planned(session: Session, reminder_id: int, numbers: Collection[int], *, reason: Reason, now: datetime) -> int:
    """End what is still planned of some occurrences without sending it; returns how many deliveries that were."""
    chosen = _occurrences_of(reminder_id).where(OccurrenceRow.number.in_(numbers))
    rows = session.execute(
        update(DeliveryRow)
        .where(planned(), DeliveryRow.occurrence_id.in_(chosen))
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
        .where(planned(), DeliveryRow.occurrence_id.in_(select(OccurrenceRow.id).where(chosen)))
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


def change_channels(session: Session, reminder: Reminder, *, before: int, to: Sequence[Channel], now: datetime) -> None:
    """Bring what is planned of occurrences numbered below `before` over to the channels `to`.

    Where one half of a `both` was taken up, the other half is ended if its channel is not among them. Where nothing was
    taken up, since the occurrence was put back and a later one went out first, it is planned over `to` instead: its
    moment has passed, so it goes at once.
    """
    rows = session.execute(
        select(
            DeliveryRow.id,
            DeliveryRow.occurrence_id,
            DeliveryRow.channel,
            DeliveryRow.state,
            _was_told_to_staff().label("was_told_to_staff"),
        )
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .where(OccurrenceRow.reminder_id == reminder.id, OccurrenceRow.number < before)
        .order_by(DeliveryRow.occurrence_id, DeliveryRow.id)
        # So that none of them is claimed between this look and what follows from it.
        .with_for_update(of=DeliveryRow)
    ).all()
    dropped, replaced, added = [], [], []
    for occurrence, group in groupby(rows, key=lambda row: row.occurrence_id):
        siblings = list(group)
        planned = [row for row in siblings if row.state is DeliveryState.PLANNED]
        elsewhere = [row.id for row in planned if row.channel not in to]
        if any(
            row.was_told_to_staff or row.state not in (DeliveryState.PLANNED, DeliveryState.CANCELLED)
            for row in siblings
        ):
            dropped += elsewhere
        elif planned:
            replaced += elsewhere
            there = {row.channel for row in siblings}
            added += [_planned_row(reminder, occurrence, new, now) for new in to if new not in there]
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
        .where(or_(DeliveryRow.state.not_in((DeliveryState.PLANNED, DeliveryState.CANCELLED)), _was_told_to_staff()))
    )
    last = session.scalar(select(func.max(OccurrenceRow.number)).where(OccurrenceRow.id.in_(taken_up))) or 0
    later = select(OccurrenceRow.id).where(OccurrenceRow.reminder_id == reminder_id, OccurrenceRow.number > last)
    session.execute(delete(DeliveryRow).where(DeliveryRow.occurrence_id.in_(later)))
    session.execute(delete(OccurrenceRow).where(OccurrenceRow.reminder_id == reminder_id, OccurrenceRow.number > last))
    return last + 1


def _planned_row(reminder: Reminder, occurrence: int, channel: Channel, send_at: datetime) -> dict[str, object]:
    return {
        "occurrence_id": occurrence,
        "workspace_id": reminder.workspace_id,
        "clinic_id": reminder.draft.clinic_id,
        "held": reminder.state is ReminderState.PAUSED,
        "channel": channel,
        "key": uuid.uuid4().hex,
        "state": DeliveryState.PLANNED,
        "send_at": send_at,
        "attempt": 0,
    }


def of_team(team_id: str) -> ColumnElement[bool]:
    """That a delivery is of this workspace."""
    workspace = select(WorkspaceRow.id).where(WorkspaceRow.team_id == team_id)
    return DeliveryRow.workspace_id == workspace.scalar_subquery()


def claimable() -> ColumnElement[bool]:
    """That a delivery is planned and may be claimed at its moment."""
    return planned() & ~DeliveryRow.held


def planned() -> ColumnElement[bool]:
    """That a delivery is to be sent and nobody has claimed it."""
    # `finished_at` is told as well as the state, so that the partial index serves.
    return DeliveryRow.finished_at.is_(None) & (DeliveryRow.state == DeliveryState.PLANNED)


def _was_told_to_staff() -> ColumnElement[bool]:
    """That there is a contact task about it: planned all the same, it is to go again (rule P14)."""
    return exists().where(ContactTaskRow.delivery_id == DeliveryRow.id)


def _occurrences_of(*reminder_ids: int) -> Select[int]:
    return select(OccurrenceRow.id).where(OccurrenceRow.reminder_id.in_(reminder_ids))
