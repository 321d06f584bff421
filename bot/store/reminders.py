"""What reminders are there, and how does one change without anybody's change being lost?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.model import (
    Channel,
    DeliveryState,
    Method,
    Reason,
    Reminder,
    ReminderDraft,
    ReminderState,
    Schedule,
    Texts,
)
from bot.domain.similar import PatientWaiting
from bot.store import deliveries, search_key
from bot.store.tables import (
    ClientRow,
    ContactTaskRow,
    DeliveryRow,
    FilledIn,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
    TemplateRow,
)


@dataclasses.dataclass(frozen=True, slots=True)
class DeliverySeen:
    """One delivery of a reminder as the card shows it."""

    id: int
    number: int
    due_date: date
    channel: Channel
    state: DeliveryState
    send_at: datetime
    finished_at: datetime | None
    reason: Reason | None
    """Why it did not go to the client."""
    is_moved_up: bool = False
    """Whether staff asked for its occurrence to go as soon as the clinic sends."""
    has_task: bool = False
    """Whether staff were ever asked what to do about it."""

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be taken up."""
        return self.state is DeliveryState.PLANNED

    @property
    def is_to_go_again(self) -> bool:
        """Whether staff had it planned again since nobody could know whether it went (rule P14)."""
        return self.is_planned and self.has_task

    @property
    def is_unfinished(self) -> bool:
        """Whether it may still go to the client."""
        return self.state in (DeliveryState.PLANNED, DeliveryState.SENDING)

    @property
    def is_taken_up(self) -> bool:
        """Whether somebody has begun with it, or ended it other than by cancelling; also if it is to go again."""
        return self.has_task or self.state not in (DeliveryState.PLANNED, DeliveryState.CANCELLED)


@dataclasses.dataclass(frozen=True, slots=True)
class WaitingReminder:
    """A reminder with something left to send, as the list shows it; dates of its next occurrence."""

    id: int
    clinic_id: int
    patient_name: str = dataclasses.field(repr=False)
    client_name: str = dataclasses.field(repr=False)
    template_name: str | None = dataclasses.field(repr=False)
    subject: str = dataclasses.field(repr=False)
    method: Method
    state: ReminderState
    due_date: date
    send_at: datetime


def add(session: Session, workspace: int, draft: ReminderDraft, *, created_by: str, now: datetime) -> Reminder:
    """Store a reminder; its occurrences are planned by `bot.store.deliveries.plan`."""
    reminder_id = session.scalars(
        insert(ReminderRow)
        .values(
            workspace_id=workspace,
            state=ReminderState.ACTIVE,
            version=1,
            created_by=created_by,
            created_at=now,
            search_key=search_key.reminder_key(draft.texts.subject),
            **columns(draft),
        )
        .returning(ReminderRow.id)
    ).one()
    return Reminder(reminder_id, workspace, ReminderState.ACTIVE, 1, created_by, now, draft)


def find(session: Session, workspace: int, reminder_id: int, *, lock: bool = False) -> Reminder | None:
    """One reminder of a workspace; with `lock`, nothing of it can begin to be sent until the transaction ends."""
    chosen = select(ReminderRow).where(ReminderRow.id == reminder_id, ReminderRow.workspace_id == workspace)
    row = session.scalar(chosen.with_for_update(key_share=True) if lock else chosen)
    return None if row is None else from_row(row)


def hold(session: Session, workspace: int, *, patient: int | None, client: int | None) -> list[Reminder]:
    """A patient's or a client's reminders, of which nothing can begin to be sent until the transaction ends."""
    rows = session.scalars(
        select(ReminderRow)
        .where(ReminderRow.workspace_id == workspace, *_of(patient, client))
        .order_by(ReminderRow.id)
        .with_for_update(key_share=True)
    )
    return [from_row(row) for row in rows]


def change_state(session: Session, reminder: Reminder, to: ReminderState) -> bool:
    """Set the state if nobody changed the reminder since it was read; tells whether it was set.

    What is paused is held, so that whoever looks for what is due need not look at reminders.
    """
    changed = session.execute(
        update(ReminderRow)
        .where(
            ReminderRow.id == reminder.id,
            ReminderRow.version == reminder.version,
            ReminderRow.state == reminder.state,
        )
        .values(state=to, version=ReminderRow.version + 1)
        .returning(ReminderRow.id)
    )
    if changed.one_or_none() is None:
        return False
    if (reminder.state is ReminderState.PAUSED) is not (to is ReminderState.PAUSED):
        deliveries.hold(session, reminder.id, held=to is ReminderState.PAUSED)
    return True


def change_draft(session: Session, reminder: Reminder, draft: ReminderDraft) -> bool:
    """Replace what staff filled in if nobody changed it since it was read; tells whether it was replaced."""
    changed = session.execute(
        update(ReminderRow)
        .where(
            ReminderRow.id == reminder.id,
            ReminderRow.version == reminder.version,
            ReminderRow.state == reminder.state,
        )
        .values(
            version=ReminderRow.version + 1,
            search_key=search_key.reminder_key(draft.texts.subject),
            **columns(draft),
        )
        .returning(ReminderRow.id)
    )
    if changed.one_or_none() is None:
        return False
    if draft.clinic_id != reminder.draft.clinic_id:
        deliveries.follow_clinic(session, reminder.id, draft.clinic_id)
    return True


def change_texts(session: Session, changed: Sequence[tuple[Reminder, ReminderDraft]]) -> bool:
    """Replace the texts of many reminders if nobody changed one of them since it was read.

    Tells whether all were replaced; otherwise roll back.
    """
    if not changed:
        return True
    written = session.connection().execute(
        update(ReminderRow)
        .where(ReminderRow.id == bindparam("of_id"), ReminderRow.version == bindparam("of_version"))
        .values(
            version=ReminderRow.version + 1,
            origin=bindparam("new_origin"),
            template_revision=bindparam("new_revision"),
            subject=bindparam("new_subject"),
            email_text=bindparam("new_email"),
            sms_text=bindparam("new_sms"),
            letter_text=bindparam("new_letter"),
            search_key=bindparam("new_key"),
        ),
        [
            {
                "of_id": reminder.id,
                "of_version": reminder.version,
                "new_origin": draft.origin,
                "new_revision": draft.template_revision,
                "new_subject": draft.texts.subject,
                "new_email": draft.texts.email,
                "new_sms": draft.texts.sms,
                "new_letter": draft.texts.letter,
                "new_key": search_key.reminder_key(draft.texts.subject),
            }
            for reminder, draft in changed
        ],
    )
    return written.rowcount == len(changed)


def deliveries_of(session: Session, reminder_id: int) -> list[DeliverySeen]:
    """Every delivery of a reminder, in the order in which they fall due."""
    return deliveries_of_many(session, [reminder_id]).get(reminder_id, [])


def deliveries_of_many(session: Session, reminders: Sequence[int]) -> dict[int, list[DeliverySeen]]:
    """The same of several reminders, by the reminder's id."""
    rows = session.execute(
        select(OccurrenceRow, DeliveryRow, ContactTaskRow.id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .outerjoin(ContactTaskRow, ContactTaskRow.delivery_id == DeliveryRow.id)
        .where(OccurrenceRow.reminder_id.in_(reminders))
        .order_by(OccurrenceRow.reminder_id, OccurrenceRow.number, DeliveryRow.channel)
    )
    found: dict[int, list[DeliverySeen]] = {}
    for occurrence, delivery, task in rows:
        found.setdefault(occurrence.reminder_id, []).append(
            DeliverySeen(
                id=delivery.id,
                number=occurrence.number,
                due_date=occurrence.due_date,
                channel=delivery.channel,
                state=delivery.state,
                send_at=delivery.send_at,
                finished_at=delivery.finished_at,
                reason=delivery.reason,
                is_moved_up=occurrence.moved_up,
                has_task=task is not None,
            )
        )
    return found


def waiting(
    session: Session,
    workspace: int,
    *,
    limit: int,
    offset: int = 0,
    patient: int | None = None,
    client: int | None = None,
) -> tuple[list[WaitingReminder], int]:
    """The reminders with something left to send, the next one first, and how many there are in all.

    Those of one patient or of one client, if that is given.
    """
    upcoming = (
        select(
            OccurrenceRow.reminder_id,
            func.min(OccurrenceRow.due_date).label("due_date"),
            func.min(DeliveryRow.send_at).label("send_at"),
        )
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(DeliveryRow.finished_at.is_(None))
        .group_by(OccurrenceRow.reminder_id)
        .subquery()
    )
    mine = (ReminderRow.workspace_id == workspace) & (ReminderRow.state != ReminderState.CANCELLED)
    rows = session.execute(
        select(ReminderRow, PatientRow.name, ClientRow.name, TemplateRow.name, upcoming.c.due_date, upcoming.c.send_at)
        .join(upcoming, upcoming.c.reminder_id == ReminderRow.id)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
        .join(ClientRow, ClientRow.id == ReminderRow.client_id)
        .outerjoin(TemplateRow, TemplateRow.id == ReminderRow.template_id)
        .where(mine, *_of(patient, client))
        .order_by(upcoming.c.send_at, ReminderRow.id)
        .limit(limit)
        .offset(offset)
    )
    found = [
        WaitingReminder(
            row.id, row.clinic_id, patient, client, template, row.subject, row.method, row.state, due_date, send_at
        )
        for row, patient, client, template, due_date, send_at in rows
    ]
    total = session.scalar(
        select(func.count())
        .select_from(ReminderRow)
        .join(upcoming, upcoming.c.reminder_id == ReminderRow.id)
        .where(mine, *_of(patient, client))
    )
    return found, total or 0


def of_patient(session: Session, workspace: int, patient: int) -> list[PatientWaiting]:
    """A patient's reminders with something left to send, each with the due dates still to come, in their order."""
    rows = session.execute(
        select(ReminderRow.id, ReminderRow.template_id, TemplateRow.name, ReminderRow.subject, OccurrenceRow.due_date)
        .join(OccurrenceRow, OccurrenceRow.reminder_id == ReminderRow.id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .outerjoin(TemplateRow, TemplateRow.id == ReminderRow.template_id)
        .where(
            ReminderRow.workspace_id == workspace,
            ReminderRow.patient_id == patient,
            ReminderRow.state != ReminderState.CANCELLED,
            DeliveryRow.finished_at.is_(None),
        )
        .order_by(ReminderRow.id, OccurrenceRow.due_date)
        .distinct()
    ).all()
    found = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        of_one = list(group)
        reminder, template, name, subject, _ = of_one[0]
        found.append(PatientWaiting(reminder, template, name, subject, tuple(due for *_, due in of_one)))
    return found


def _of(patient: int | None, client: int | None) -> list[ColumnElement[bool]]:
    whose = [(ReminderRow.patient_id, patient), (ReminderRow.client_id, client)]
    return [column == wanted for column, wanted in whose if wanted is not None]


def from_row(row: ReminderRow) -> Reminder:
    """The reminder in a row."""
    return Reminder(
        row.id,
        row.workspace_id,
        row.state,
        row.version,
        row.created_by,
        row.created_at,
        draft_from_row(row),
    )


def draft_from_row(row: FilledIn) -> ReminderDraft:
    """The filled-in form in a row."""
    return ReminderDraft(
        clinic_id=row.clinic_id,
        client_id=row.client_id,
        patient_id=row.patient_id,
        method=row.method,
        schedule=Schedule(row.due_date, row.send_before, row.recurrence, row.repetitions),
        texts=Texts(row.subject, row.email_text, row.sms_text, row.letter_text),
        origin=row.origin,
        template_id=row.template_id,
        template_revision=row.template_revision,
        email_override=row.email_override,
        phone_override=row.phone_override,
        first_number=row.first_number,
        template_language=row.template_language,
    )


def columns(draft: ReminderDraft) -> dict[str, object]:
    """A filled-in form as a row keeps it."""
    return {
        "clinic_id": draft.clinic_id,
        "client_id": draft.client_id,
        "patient_id": draft.patient_id,
        "method": draft.method,
        "email_override": draft.email_override,
        "phone_override": draft.phone_override,
        "origin": draft.origin,
        "template_id": draft.template_id,
        "template_revision": draft.template_revision,
        "template_language": draft.template_language,
        "subject": draft.texts.subject,
        "email_text": draft.texts.email,
        "sms_text": draft.texts.sms,
        "letter_text": draft.texts.letter,
        "due_date": draft.schedule.due_date,
        "send_before": draft.schedule.send_before,
        "recurrence": draft.schedule.recurrence,
        "repetitions": draft.schedule.repetitions,
        "first_number": draft.first_number,
    }
