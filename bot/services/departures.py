"""A patient has died, or a client is none any more. What stops with that (rule P16)?

Everything that waits for them, at once, in one transaction, which can be undone as one step (`bot.services.undo`). What
is being sent at that very moment is left to its owner, as when a reminder is cancelled. A reminder that somebody saves
in the same moment is stopped when its day comes: every delivery is looked at again then (rule P11).
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from bot.domain.errors import Changed, Conflict
from bot.domain.messages import message
from bot.domain.model import ClientEvent, Event, Reason, Reminder, ReminderState, StepKind
from bot.services import reminder_seen, workspaces
from bot.services.reminder_seen import ReminderSeen
from bot.store import client_history, deliveries, directory, history, reminders, steps, submissions, tasks
from bot.store.database import Database, Session
from bot.store.reminders import WaitingReminder
from bot.store.submissions import Submission

_MOST_NAMED = 1_000
"""More than any client has waiting; the modal names the first few and counts the rest."""

_REASONS = {StepKind.PATIENT_DIED: Reason.PATIENT_DEAD, StepKind.CLIENT_INACTIVE: Reason.CLIENT_INACTIVE}


@dataclasses.dataclass(frozen=True, slots=True)
class Leaving:
    """Whom it is about, known from one of their reminders, and what would stop."""

    seen: ReminderSeen
    waiting: list[WaitingReminder]


def leaving(database: Database, team_id: str, reminder_id: int, kind: StepKind) -> Leaving:
    """What would stop if the patient of a reminder died, or its client became inactive.

    Raises:
        NotFound: if this workspace has no such reminder.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        seen = reminder_seen.read(session, workspace, reminder_id)
        patient, client = _whom(seen, kind)
        waiting, _ = reminders.waiting(session, workspace, limit=_MOST_NAMED, patient=patient, client=client)
        return Leaving(seen, waiting)


def leave(
    database: Database, team_id: str, reminder_id: int, kind: StepKind, *, key: str, who: str, now: datetime
) -> int:
    """Mark the patient of a reminder as dead today, or its client as inactive, and stop what waits for them.

    `key` names the submission: delivered again, it changes nothing. Returns how many reminders stopped.

    Raises:
        Conflict: if they are marked so already, or one of the reminders changed at the same moment.
        NotFound: if this workspace has no such reminder.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        seen = reminder_seen.read(session, workspace, reminder_id)
        patient, client = _whom(seen, kind)
        held = reminders.hold(session, workspace, patient=patient, client=client)
        submission = Submission(key, "")
        if submissions.saved_as(session, workspace, submission) is not None:
            done = reminder_seen.read(session, workspace, reminder_id).last_step
            return 0 if done is None else len(steps.touched_by(session, done.id))
        submissions.remember(session, workspace, submission, reminder_id, now)
        _mark(session, workspace, seen, kind, who, now)
        step = steps.add(session, workspace, kind, by=who, at=now, patient=patient, client=client)
        unfinished = deliveries.unfinished_of(session, [one.id for one in held])
        waiting = [one for one in held if one.state is not ReminderState.CANCELLED and one.id in unfinished]
        _stop(session, step, waiting, _REASONS[kind], who, now)
        tasks.show_anew(session, workspace, patient=patient, client=client)
        return len(waiting)


def _whom(seen: ReminderSeen, kind: StepKind) -> tuple[int | None, int | None]:
    """The ids of the patient, or of the client, whom it is about."""
    return (seen.patient.id, None) if kind is StepKind.PATIENT_DIED else (None, seen.client.id)


def _mark(session: Session, workspace: int, seen: ReminderSeen, kind: StepKind, who: str, now: datetime) -> None:
    """Mark them, and tell it in the client's history too."""
    if kind is StepKind.PATIENT_DIED:
        if not directory.mark_dead(session, workspace, seen.patient.id, seen.clinic.hours.today(now)):
            raise Conflict(message("This patient is marked as dead already."))
    elif not directory.set_active(session, workspace, seen.client.id, active=False):
        raise Conflict(message("This client is marked as inactive already."))
    patient, _ = _whom(seen, kind)
    event = ClientEvent.INACTIVE if patient is None else ClientEvent.PATIENT_DIED
    client_history.add(session, workspace, seen.client.id, event, at=now, actor=who, patient=patient)


def _stop(session: Session, step: int, waiting: list[Reminder], reason: Reason, who: str, now: datetime) -> None:
    ids = [one.id for one in waiting]
    steps.stops(session, step, ids)
    for one in waiting:
        steps.touches(session, step, one)
        if not reminders.change_state(session, one, ReminderState.CANCELLED):
            raise Changed
        history.add(
            session,
            workspace=one.workspace_id,
            reminder=one.id,
            event=Event.STOPPED,
            at=now,
            actor=who,
            detail={"reason": reason.value},
        )
    deliveries.cancel_planned(session, ids, now=now, reason=reason)
