"""Which reminders fit a filter (`bot.domain.reminder_filter`), and what does the list show of them (rule P15)?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select, true
from sqlalchemy.orm import Session

from bot.domain import outcome
from bot.domain.contact_task import TaskState
from bot.domain.model import DeliveryState, Method, Reason, ReminderState
from bot.domain.reminder_filter import Bounds, ReminderFilter, Status
from bot.store import reminders, search_key
from bot.store.reminder_dates import UNFINISHED, dates
from bot.store.reminders import DeliverySeen
from bot.store.tables import (
    ClientRow,
    ContactTaskRow,
    DeliveryRow,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
    TemplateRow,
)

_NEWEST_FIRST = (Status.SENT, Status.NOT_SENT, Status.TO_DEAL_WITH, Status.CANCELLED)
"""Where what ended is looked for; elsewhere what goes next comes first."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as one person means it: whose reminders are theirs, and what its window means at each clinic today."""

    asked: ReminderFilter
    who: str
    bounds: Mapping[int, Bounds]
    """By the id of the clinic; every clinic of the workspace has some."""


@dataclasses.dataclass(frozen=True, slots=True)
class ListedReminder:
    """One reminder as the list shows it."""

    id: int
    clinic_id: int
    patient_name: str = dataclasses.field(repr=False)
    client_name: str = dataclasses.field(repr=False)
    template_name: str | None = dataclasses.field(repr=False)
    subject: str = dataclasses.field(repr=False)
    method: Method
    state: ReminderState
    due_date: date
    send_at: datetime | None
    """When it goes out next; `None` when nothing is left to send."""
    deliveries: Sequence[DeliverySeen]


def page(session: Session, workspace: int, wanted: Wanted, *, limit: int, offset: int) -> list[ListedReminder]:
    """A page of what fits: what goes next first, or what ended last where that is looked for."""
    fitting = _fitting(session, workspace, wanted)
    newest = fitting.c.ended_at.desc().nulls_last()
    order: list[ColumnElement[Any]]
    if wanted.asked.status in _NEWEST_FIRST:
        order = [newest, fitting.c.reminder_id.desc()]
    else:
        order = [fitting.c.send_at.is_(None), fitting.c.send_at, newest, fitting.c.reminder_id]
    chosen = session.execute(select(fitting).order_by(*order).limit(limit).offset(offset)).all()
    found = [row.reminder_id for row in chosen]
    known = {row.id: row for row in session.execute(_shown().where(ReminderRow.id.in_(found)))}
    deliveries = reminders.deliveries_of_many(session, found)
    return [
        ListedReminder(
            *known[row.reminder_id],
            due_date=row.due_date,
            send_at=row.send_at,
            deliveries=deliveries.get(row.reminder_id, ()),
        )
        for row in chosen
    ]


def count(session: Session, workspace: int, wanted: Wanted) -> int:
    """How many reminders fit."""
    return session.scalar(select(func.count()).select_from(_fitting(session, workspace, wanted))) or 0


def _shown() -> Select[int, int, str, str, str, str, Method, ReminderState]:
    return (
        select(
            ReminderRow.id,
            ReminderRow.clinic_id,
            PatientRow.name,
            ClientRow.name,
            TemplateRow.name,
            ReminderRow.subject,
            ReminderRow.method,
            ReminderRow.state,
        )
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
        .join(ClientRow, ClientRow.id == ReminderRow.client_id)
        .outerjoin(TemplateRow, TemplateRow.id == ReminderRow.template_id)
    )


def _fitting(session: Session, workspace: int, wanted: Wanted) -> Subquery:
    """What fits: `reminder_id`, `clinic_id`, `due_date`, `send_at`, `ended_at`."""
    asked = wanted.asked
    found = dates(ReminderRow.workspace_id == workspace, *_of_the_reminder(wanted), *_stands(workspace, asked.status))
    if asked.words:
        found = (
            found.join(PatientRow, PatientRow.id == ReminderRow.patient_id)
            .join(ClientRow, ClientRow.id == ReminderRow.client_id)
            .where(*_holding(session, workspace, asked.words))
        )
    dated = found.subquery()
    return select(dated).where(_within(dated, wanted)).subquery()


def _of_the_reminder(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = wanted.asked
    conditions = []
    if asked.clinic_id is not None:
        conditions.append(ReminderRow.clinic_id == asked.clinic_id)
    if asked.method is not None:
        conditions.append(ReminderRow.method == asked.method)
    if asked.is_mine:
        conditions.append(ReminderRow.created_by == wanted.who)
    return conditions


def _stands(workspace: int, status: Status) -> list[ColumnElement[bool]]:
    match status:
        case Status.ALL:
            return []
        case Status.WAITING:
            return [UNFINISHED, ReminderRow.state == ReminderState.ACTIVE]
        case Status.PAUSED:
            return [UNFINISHED, ReminderRow.state == ReminderState.PAUSED]
        case Status.CANCELLED:
            return [ReminderRow.state == ReminderState.CANCELLED]
        case Status.SENT:
            handed_over = (DeliveryRow.state == DeliveryState.SKIPPED) & (DeliveryRow.reason == Reason.POST)
            return [_has_delivery(workspace, DeliveryRow.state.in_(outcome.SENT) | handed_over)]
        case Status.NOT_SENT:
            return [_has_delivery(workspace, _fell_short())]
        case Status.TO_DEAL_WITH:
            asked_for = select(ContactTaskRow.delivery_id).where(
                ContactTaskRow.workspace_id == workspace, ContactTaskRow.state == TaskState.OPEN
            )
            return [_has_delivery(workspace, _fell_short(), DeliveryRow.id.in_(asked_for))]


def _fell_short() -> ColumnElement[bool]:
    return DeliveryRow.state.in_(outcome.NOT_SENT) & DeliveryRow.reason.not_in(outcome.AS_WANTED)


def _has_delivery(workspace: int, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return ReminderRow.id.in_(
        select(OccurrenceRow.reminder_id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .where(DeliveryRow.workspace_id == workspace, *which)
    )


def _holding(session: Session, workspace: int, words: str) -> list[ColumnElement[bool]]:
    """Each word in patient, client, subject or the template's name, of which a workspace has a few hundred."""
    templates = session.execute(
        select(TemplateRow.id, TemplateRow.name).where(TemplateRow.workspace_id == workspace)
    ).all()
    names = {template: search_key.fold(name) for template, name in templates}
    keys = (PatientRow.search_key, ClientRow.search_key, ReminderRow.search_key)
    return [
        or_(
            *(key.contains(word, autoescape=True) for key in keys),
            ReminderRow.template_id.in_([template for template, name in names.items() if word in name]),
        )
        for word in search_key.words(words)
    ]


def _within(dated: Subquery, wanted: Wanted) -> ColumnElement[bool]:
    """The window, as it is at each clinic; one condition for those where it is the same."""
    alike: dict[Bounds, list[int]] = {}
    for clinic, bounds in wanted.bounds.items():
        alike.setdefault(bounds, []).append(clinic)
    if len(alike) == 1:
        return _between(dated, *alike)
    return or_(*(and_(dated.c.clinic_id.in_(clinics), _between(dated, bounds)) for bounds, clinics in alike.items()))


def _between(dated: Subquery, bounds: Bounds) -> ColumnElement[bool]:
    conditions = []
    if bounds.first_due is not None:
        conditions.append(dated.c.due_date >= bounds.first_due)
    if bounds.last_due is not None:
        conditions.append(dated.c.due_date <= bounds.last_due)
    if bounds.sends_before is not None:
        conditions.append(dated.c.send_at < bounds.sends_before)
    return and_(true(), *conditions)
