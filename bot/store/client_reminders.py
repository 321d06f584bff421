"""Which reminders does one client have, and what became of what was to be sent?"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.domain.model import Channel, DeliveryState, Method, Reason, ReminderState
from bot.store.reminder_dates import dates
from bot.store.tables import DeliveryRow, OccurrenceRow, PatientRow, ReminderRow, TemplateRow


@dataclasses.dataclass(frozen=True, slots=True)
class ClientReminder:
    """One reminder of a client; its dates as `bot.store.reminder_dates` tells."""

    id: int
    clinic_id: int
    patient_name: str = dataclasses.field(repr=False)
    template_name: str | None = dataclasses.field(repr=False)
    subject: str = dataclasses.field(repr=False)
    method: Method
    state: ReminderState
    due_date: date
    send_at: datetime | None
    """When it goes out next; `None` when nothing is left to send."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    """One delivery that came to an end other than by cancelling."""

    reminder_id: int
    clinic_id: int
    patient_name: str = dataclasses.field(repr=False)
    template_name: str | None = dataclasses.field(repr=False)
    subject: str = dataclasses.field(repr=False)
    channel: Channel
    state: DeliveryState
    reason: Reason | None
    finished_at: datetime


def of_client(
    session: Session, workspace: int, client: int, *, limit: int, offset: int
) -> tuple[list[ClientReminder], int]:
    """A page of a client's reminders, and how many there are: those that wait first, the next one at the top."""
    dated = dates(ReminderRow.client_id == client, ReminderRow.workspace_id == workspace).subquery()
    rows = session.execute(
        select(ReminderRow, PatientRow.name, TemplateRow.name, dated.c.due_date, dated.c.send_at)
        .join(dated, dated.c.reminder_id == ReminderRow.id)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
        .outerjoin(TemplateRow, TemplateRow.id == ReminderRow.template_id)
        .order_by(dated.c.send_at.is_(None), dated.c.send_at, dated.c.due_date.desc(), ReminderRow.id.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [
        ClientReminder(
            id=row.id,
            clinic_id=row.clinic_id,
            patient_name=patient,
            template_name=template,
            subject=row.subject,
            method=row.method,
            state=row.state,
            due_date=due_date,
            send_at=send_at,
        )
        for row, patient, template, due_date, send_at in rows
    ]
    return found, session.scalar(select(func.count()).select_from(dated)) or 0


def ended_of_client(
    session: Session, workspace: int, client: int, *, limit: int, offset: int
) -> tuple[list[Ended], int]:
    """A page of what was sent to a client or could not be, the newest first, and how much there is in all."""
    rows = session.execute(
        _ended(workspace, client)
        .add_columns(ReminderRow, PatientRow.name, TemplateRow.name)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
        .outerjoin(TemplateRow, TemplateRow.id == ReminderRow.template_id)
        .order_by(DeliveryRow.finished_at.desc(), DeliveryRow.id.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [
        Ended(
            reminder_id=reminder.id,
            clinic_id=reminder.clinic_id,
            patient_name=patient,
            template_name=template,
            subject=reminder.subject,
            channel=delivery.channel,
            state=delivery.state,
            reason=delivery.reason,
            finished_at=delivery.finished_at,
        )
        for delivery, reminder, patient, template in rows
    ]
    total = session.scalar(select(func.count()).select_from(_ended(workspace, client).subquery()))
    return found, total or 0


def _ended(workspace: int, client: int) -> Select[DeliveryRow]:
    return (
        select(DeliveryRow)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .where(
            ReminderRow.client_id == client,
            ReminderRow.workspace_id == workspace,
            DeliveryRow.finished_at.is_not(None),
            DeliveryRow.state != DeliveryState.CANCELLED,
        )
    )
