"""A patient has died, or a client is none any more. What stops with that (rule P16)?

Everything that waits for them, at once, in one transaction, which can be undone as one step (`bot.services.undo`). What
is being sent at that very moment is left to its owner, as when a reminder is cancelled. A reminder that somebody saves
in the same moment is stopped when its day comes: every delivery is looked at again then (rule P11).
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from bot.domain.errors import Changed, Conflict, NotFound
from bot.domain.messages import message
from bot.domain.model import Client, ClientEvent, Event, Patient, Reason, Reminder, ReminderState, StepKind
from bot.services import workspaces
from bot.store import client_history, clinics, deliveries, directory, history, reminders, steps, tasks
from bot.store.database import Database, Session
from bot.store.reminders import WaitingReminder

_MOST_NAMED = 1_000
"""More than any client has waiting; the modal names the first few and counts the rest."""

_REASONS = {StepKind.PATIENT_DIED: Reason.PATIENT_DEAD, StepKind.CLIENT_INACTIVE: Reason.CLIENT_INACTIVE}
_LEFT = {StepKind.PATIENT_DIED: ClientEvent.PATIENT_DIED, StepKind.CLIENT_INACTIVE: ClientEvent.INACTIVE}
_CAME_BACK = {
    StepKind.PATIENT_DIED: ClientEvent.PATIENT_DIED_UNDONE,
    StepKind.CLIENT_INACTIVE: ClientEvent.INACTIVE_UNDONE,
}
_MARKED_ALREADY = {
    StepKind.PATIENT_DIED: message("This patient is marked as dead already."),
    StepKind.CLIENT_INACTIVE: message("This client is marked as inactive already."),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Whom:
    """Who it is about: by `kind`, the patient or the client with this id."""

    kind: StepKind
    id: int

    @property
    def patient_id(self) -> int | None:
        """The patient who died, if it is one."""
        return self.id if self.kind is StepKind.PATIENT_DIED else None

    @property
    def client_id(self) -> int | None:
        """The client who left, if it is one."""
        return self.id if self.kind is StepKind.CLIENT_INACTIVE else None


@dataclasses.dataclass(frozen=True, slots=True)
class Leaving:
    """Whom it is about, and what would stop; `patient` is None where the client is meant with all patients."""

    patient: Patient | None
    client: Client
    waiting: list[WaitingReminder]


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """What was done: to whose page it belongs, and how many reminders stopped."""

    client_id: int
    stopped: int


def leaving(database: Database, team_id: str, whom: Whom) -> Leaving:
    """What would stop if a patient died, or a client became inactive.

    Raises:
        NotFound: if this workspace has no such patient or client.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        patient, client = _known(session, workspace, whom)
        waiting, _ = reminders.waiting(
            session, workspace, limit=_MOST_NAMED, patient=whom.patient_id, client=whom.client_id
        )
        return Leaving(patient, client, waiting)


def leave(database: Database, team_id: str, whom: Whom, *, key: str, who: str, now: datetime) -> Left:
    """Mark a patient as dead today, or a client as inactive, and stop what waits for them.

    `key` names the submission: delivered again, it changes nothing.

    Raises:
        Conflict: if they are marked so already, or one of the reminders changed at the same moment.
        NotFound: if this workspace has no such patient or client.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        _, client = _known(session, workspace, whom)
        held = reminders.hold(session, workspace, patient=whom.patient_id, client=whom.client_id)
        before = client_history.saved_as(session, workspace, key) is not None
        if before or not _mark(session, workspace, whom, now):
            # Delivered twice at once, the second waited for the first and finds its key only now.
            if not before and client_history.saved_as(session, workspace, key) is None:
                raise Conflict(_MARKED_ALREADY[whom.kind])
            done = steps.newest_about(session, workspace, patient=whom.patient_id, client=whom.client_id)
            return Left(client.id, 0 if done is None else len(steps.touched_by(session, done.id)))
        client_history.add(
            session, workspace, client.id, _LEFT[whom.kind], at=now, actor=who, patient=whom.patient_id, key=key
        )
        step = steps.add(session, workspace, whom.kind, by=who, at=now, patient=whom.patient_id, client=whom.client_id)
        unfinished = deliveries.unfinished_of(session, [one.id for one in held])
        waiting = [one for one in held if one.state is not ReminderState.CANCELLED and one.id in unfinished]
        _stop(session, step, waiting, _REASONS[whom.kind], who, now)
        tasks.show_anew(session, workspace, patient=whom.patient_id, client=whom.client_id)
        return Left(client.id, len(waiting))


def come_back(database: Database, team_id: str, whom: Whom, *, who: str, now: datetime) -> int:
    """Mark a patient as alive after all, or a client as active again; returns the client's id.

    What was stopped stays so: since then it may have been made anew. Each can be taken up again by itself.

    Raises:
        Conflict: if they are marked so already.
        NotFound: if this workspace has no such patient or client.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        _, client = _known(session, workspace, whom)
        if whom.kind is StepKind.PATIENT_DIED:
            if not directory.mark_alive(session, workspace, whom.id):
                raise Conflict(message("This patient is not marked as dead any more."))
        elif not directory.set_active(session, workspace, whom.id, active=True):
            raise Conflict(message("This client is not marked as inactive any more."))
        client_history.add(
            session, workspace, client.id, _CAME_BACK[whom.kind], at=now, actor=who, patient=whom.patient_id
        )
        tasks.show_anew(session, workspace, patient=whom.patient_id, client=whom.client_id)
        return client.id


def _known(session: Session, workspace: int, whom: Whom) -> tuple[Patient | None, Client]:
    patient = None if whom.patient_id is None else directory.patient(session, workspace, whom.patient_id)
    client_id = whom.client_id if patient is None else patient.client_id
    client = None if client_id is None else directory.client(session, workspace, client_id)
    if client is None:
        raise NotFound
    return patient, client


def _mark(session: Session, workspace: int, whom: Whom, now: datetime) -> bool:
    """Mark them; tells whether they were not marked so before."""
    if whom.kind is StepKind.PATIENT_DIED:
        # Whichever clinic the patient goes to: the day is told to people, and nothing is reckoned from it.
        today = clinics.of_workspace(session, workspace)[0].hours.today(now)
        return directory.mark_dead(session, workspace, whom.id, today)
    return directory.set_active(session, workspace, whom.id, active=False)


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
