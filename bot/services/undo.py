"""How is something undone that staff did a moment ago (rule P16)?

A step is undone as a whole or not at all, once, within ten minutes, and only while every reminder that it changed is
as the step left it. What it stopped is planned again for when it was planned before; what had been stopped earlier
stays so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.domain.errors import Changed, Conflict, NotFound
from bot.domain.messages import message
from bot.domain.model import ClientEvent, DeliveryState, Event, Reason, StepKind
from bot.domain.undo import Step
from bot.services import reminder_seen, replanning, workspaces
from bot.services.life import merge_missed, require_receivers
from bot.services.reminder_seen import ReminderSeen
from bot.store import client_history, clinics, deliveries, directory, earlier_forms, history, reminders, steps, tasks
from bot.store.database import Database, Session
from bot.store.steps import Touched


def undo(database: Database, team_id: str, step_id: int, *, who: str, now: datetime) -> Step:
    """Take a step back.

    Raises:
        Conflict: if it was undone already (says who and when), it is too late for that, or something changed since.
        NotFound: if this workspace has no such step any more.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        step = steps.find(session, workspace, step_id)
        if step is None:
            raise NotFound
        if step.undone_at is not None:
            raise Conflict(message("This was undone already."), who=step.undone_by, when=step.undone_at)
        if not step.is_open(now):
            raise Conflict(message("More than ten minutes have passed, so this cannot be undone any more."))
        clinics.hold(session, workspace)
        touched = steps.touched_by(session, step.id)
        for one in touched:
            _take_back(session, workspace, step, one, who, now)
        _put_back_in_the_directory(session, workspace, step, who, now)
        for one in touched:
            require_receivers(reminder_seen.read(session, workspace, one.reminder_id))
        steps.close(session, step.id, by=who, now=now)
        return step


def _put_back_in_the_directory(session: Session, workspace: int, step: Step, who: str, now: datetime) -> None:
    """The patient lives and the client is active, as before the step."""
    if step.patient_id is not None:
        patient = directory.patient(session, workspace, step.patient_id)
        if patient is None or not directory.mark_alive(session, workspace, step.patient_id):
            raise Conflict(message("This patient is not marked as dead any more."))
        client, event = patient.client_id, ClientEvent.PATIENT_DIED_UNDONE
    elif step.client_id is not None:
        if not directory.set_active(session, workspace, step.client_id, active=True):
            raise Conflict(message("This client is not marked as inactive any more."))
        client, event = step.client_id, ClientEvent.INACTIVE_UNDONE
    else:
        return
    client_history.add(session, workspace, client, event, at=now, actor=who, patient=step.patient_id)
    tasks.show_anew(session, workspace, patient=step.patient_id, client=step.client_id)


def _take_back(session: Session, workspace: int, step: Step, touched: Touched, who: str, now: datetime) -> None:
    seen = reminder_seen.read(session, workspace, touched.reminder_id, lock=True)
    if seen.reminder.version != touched.version_after:
        raise Conflict(message("The reminder was changed since, so this cannot be undone any more."))
    if step.kind is not StepKind.EDIT and not reminders.change_state(session, seen.reminder, touched.state_before):
        raise Changed
    _TAKEN_BACK[step.kind](session, step, seen, now)
    if step.kind in _PLANNED_ANEW:
        # The clinic may send at other times than ten minutes ago; it is another one where an edit changed that.
        clinic = reminder_seen.read(session, workspace, touched.reminder_id).clinic
        replanning.plan_anew(session, clinic, now=now, reminder=touched.reminder_id)
    history.add(
        session,
        workspace=workspace,
        reminder=touched.reminder_id,
        event=Event.UNDONE,
        at=now,
        actor=who,
        detail={"step": step.kind.value},
    )


def _plan_cancelled(session: Session, step: Step, _seen: ReminderSeen, _now: datetime) -> None:
    deliveries.plan_as_before(session, step.id, DeliveryState.CANCELLED)


def _go_on(session: Session, _step: Step, seen: ReminderSeen, now: datetime) -> None:
    merge_missed(session, seen, now)


def _pause_again(session: Session, step: Step, seen: ReminderSeen, _now: datetime) -> None:
    """Only while the client got nothing: what was merged into a message that went out stays merged."""
    if _was_taken_up_since(seen, step):
        raise Conflict(message("Something of it went out since, so this cannot be undone. Pause it again instead."))
    deliveries.plan_as_before(session, step.id, DeliveryState.SKIPPED, Reason.MERGED)


def _move_back(session: Session, step: Step, _seen: ReminderSeen, _now: datetime) -> None:
    if deliveries.move_back(session, step.id) < steps.stopped_count(session, step.id):
        raise Conflict(message("It is on its way already, so this cannot be undone any more."))


def _skip_not(session: Session, step: Step, seen: ReminderSeen, _now: datetime) -> None:
    skipped = max(one.number for one in seen.deliveries if one.finished_at == step.at)
    if seen.last_taken_up > skipped:
        raise Conflict(message("A later one is on its way already, so this cannot be undone any more."))
    deliveries.plan_as_before(session, step.id, DeliveryState.SKIPPED, Reason.SKIPPED_BY_STAFF)


def _fill_in_as_before(session: Session, step: Step, seen: ReminderSeen, now: datetime) -> None:
    """Only while nothing of it went out: what the client got may have been the edited text."""
    if _was_taken_up_since(seen, step):
        raise Conflict(message("Something of it went out since, so this cannot be undone. Edit it again instead."))
    reminder = seen.reminder
    earlier = earlier_forms.replaced_after(session, reminder, reminder.version - 1)
    if earlier is None:
        raise Changed
    earlier_forms.keep(session, reminder, replanned_from=None, now=now)
    if not reminders.change_draft(session, reminder, earlier.draft):
        raise Changed
    before = dataclasses.replace(reminder, draft=earlier.draft)
    if earlier.plan:
        if deliveries.forget_unsent(session, reminder.id) != earlier.plan[0].occurrence.number:
            raise Changed
        earlier_forms.plan_again(session, before, earlier.plan)
    deliveries.plan_as_before(session, step.id, DeliveryState.SKIPPED, Reason.REMINDER_CHANGED)
    channels = earlier.draft.method.channels
    deliveries.change_channels(session, before, before=seen.last_taken_up + 1, to=channels, now=now)


def _was_taken_up_since(seen: ReminderSeen, step: Step) -> bool:
    """Whether something of the reminder is being sent, or ended after the step and not by it."""
    return any(
        one.state is DeliveryState.SENDING
        or (one.is_taken_up and one.finished_at is not None and one.finished_at > step.at)
        for one in seen.deliveries
    )


_PLANNED_ANEW: Final = frozenset(StepKind) - {StepKind.PAUSE, StepKind.RESUME}
"""Undone, they give something a moment of before, which no change of the clinic's settings reached since."""

_TAKEN_BACK: Final = MappingProxyType[StepKind, Callable[[Session, Step, ReminderSeen, datetime], None]](
    {
        StepKind.CANCEL: _plan_cancelled,
        StepKind.PAUSE: _go_on,
        StepKind.RESUME: _pause_again,
        StepKind.SEND_NOW: _move_back,
        StepKind.SKIP: _skip_not,
        StepKind.EDIT: _fill_in_as_before,
        StepKind.PATIENT_DIED: _plan_cancelled,
        StepKind.CLIENT_INACTIVE: _plan_cancelled,
    }
)
