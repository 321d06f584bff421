"""What did staff do to which reminders, as far as it can still be undone? Ids, codes and moments only."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.model import Reminder, ReminderState, StepKind
from bot.domain.undo import Step
from bot.store.tables import DeliveryRow, OccurrenceRow, StepDeliveryRow, StepReminderRow, StepRow


@dataclasses.dataclass(frozen=True, slots=True)
class Touched:
    """A reminder as a step left it."""

    reminder_id: int
    state_before: ReminderState
    version_after: int


def add(
    session: Session,
    workspace: int,
    kind: StepKind,
    *,
    by: str,
    at: datetime,
    patient: int | None = None,
    client: int | None = None,
) -> int:
    """Store that somebody does something; what it changes is told by `touches` and `stops`."""
    return session.scalars(
        insert(StepRow)
        .values(workspace_id=workspace, kind=kind, by=by, at=at, patient_id=patient, client_id=client)
        .returning(StepRow.id)
    ).one()


def touches(session: Session, step: int, reminder: Reminder) -> None:
    """Note that a step changes a reminder, which stands here as it is before."""
    session.execute(
        insert(StepReminderRow).values(
            step_id=step,
            reminder_id=reminder.id,
            workspace_id=reminder.workspace_id,
            state_before=reminder.state,
            version_after=reminder.version + 1,
        )
    )


def stops(session: Session, step: int, reminder_ids: Collection[int], numbers: Collection[int] | None = None) -> None:
    """Note every delivery of these reminders that is still to come, of the occurrences with these numbers or of all."""
    chosen: list[ColumnElement[bool]] = [DeliveryRow.finished_at.is_(None), OccurrenceRow.reminder_id.in_(reminder_ids)]
    if numbers is not None:
        chosen.append(OccurrenceRow.number.in_(numbers))
    session.execute(
        insert(StepDeliveryRow).from_select(
            ["step_id", "delivery_id", "workspace_id", "send_at_before"],
            select(literal(step), DeliveryRow.id, DeliveryRow.workspace_id, DeliveryRow.send_at)
            .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
            .where(*chosen),
        )
    )


def find(session: Session, workspace: int, step: int) -> Step | None:
    """One step of a workspace; nobody else can undo it until the transaction ends."""
    row = session.scalar(select(StepRow).where(StepRow.id == step, StepRow.workspace_id == workspace).with_for_update())
    return None if row is None else _from_row(row)


def last_of(session: Session, reminder: Reminder) -> Step | None:
    """The newest step that made a reminder what it is, or the patient or client what they are, and is not undone."""
    touched = exists().where(
        StepReminderRow.step_id == StepRow.id,
        StepReminderRow.reminder_id == reminder.id,
        StepReminderRow.version_after == reminder.version,
    )
    row = session.scalar(
        select(StepRow)
        .where(
            StepRow.workspace_id == reminder.workspace_id,
            StepRow.undone_at.is_(None),
            or_(
                touched,
                StepRow.patient_id == reminder.draft.patient_id,
                StepRow.client_id == reminder.draft.client_id,
            ),
        )
        .order_by(StepRow.id.desc())
        .limit(1)
    )
    return None if row is None else _from_row(row)


def newest_about(session: Session, workspace: int, *, patient: int | None, client: int | None) -> Step | None:
    """The newest step by which this patient died or this client left, undone or not."""
    about = StepRow.patient_id == patient if client is None else StepRow.client_id == client
    row = session.scalar(
        select(StepRow).where(StepRow.workspace_id == workspace, about).order_by(StepRow.id.desc()).limit(1)
    )
    return None if row is None else _from_row(row)


def about(session: Session, workspace: int, client: int, patients: Collection[int]) -> list[Step]:
    """The steps by which a client left, or one of these patients died, that are not undone; the newest first."""
    rows = session.scalars(
        select(StepRow)
        .where(
            StepRow.workspace_id == workspace,
            StepRow.undone_at.is_(None),
            or_(StepRow.client_id == client, StepRow.patient_id.in_(patients)),
        )
        .order_by(StepRow.id.desc())
    )
    return [_from_row(row) for row in rows]


def touched_by(session: Session, step: int) -> list[Touched]:
    """The reminders that a step changed, in the order of their ids."""
    rows = session.scalars(
        select(StepReminderRow).where(StepReminderRow.step_id == step).order_by(StepReminderRow.reminder_id)
    )
    return [Touched(row.reminder_id, row.state_before, row.version_after) for row in rows]


def stopped_count(session: Session, step: int) -> int:
    """How many deliveries a step stopped or moved."""
    return session.scalar(select(func.count()).where(StepDeliveryRow.step_id == step)) or 0


def close(session: Session, step: int, *, by: str, now: datetime) -> bool:
    """Mark a step as undone; tells whether this call did so (of two, one does)."""
    closed = session.execute(
        update(StepRow)
        .where(StepRow.id == step, StepRow.undone_at.is_(None))
        .values(undone_by=by, undone_at=now)
        .returning(StepRow.id)
    )
    return closed.one_or_none() is not None


def forget_before(session: Session, moment: datetime) -> None:
    """Drop what nobody can undo any more."""
    session.execute(delete(StepRow).where(StepRow.at < moment))


def _from_row(row: StepRow) -> Step:
    return Step(
        id=row.id,
        kind=row.kind,
        by=row.by,
        at=row.at,
        patient_id=row.patient_id,
        client_id=row.client_id,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )
