"""How is a reminder made, changed, cancelled and looked at?

Each function is one transaction. A form that Slack delivers twice makes one reminder: its key is stored with it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from bot.domain import form_rules, timing
from bot.domain.errors import AlreadySaved, Conflict, Field, NotFound, RecordChanged, Refused
from bot.domain.form_rules import FormContext, TypedReminder
from bot.domain.messages import message
from bot.domain.model import (
    Channel,
    Client,
    ClientEvent,
    Clinic,
    DeliveryState,
    Event,
    Method,
    Patient,
    PlannedOccurrence,
    Reminder,
    ReminderDraft,
    ReminderState,
    Template,
)
from bot.domain.recurrence import Course
from bot.services import replanning, workspaces
from bot.store import client_history, clinics, deliveries, directory, history, reminders, submissions, templates
from bot.store.database import AlreadyStored, Database, Session
from bot.store.history import Entry
from bot.store.reminders import DeliverySeen, WaitingReminder
from bot.store.submissions import SavedForm, Submission


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderSeen:
    """A reminder with everything that its card shows."""

    reminder: Reminder
    clinic: Clinic
    client: Client
    patient: Patient
    template_name: str | None = dataclasses.field(repr=False)
    deliveries: list[DeliverySeen]
    history: list[Entry]

    @property
    def waits(self) -> bool:
        """Whether anything may still go to the client."""
        return any(one.is_unfinished for one in self.deliveries)

    @property
    def is_cancelled(self) -> bool:
        """Whether staff cancelled it, and something was kept from the client by that."""
        kept_back = (DeliveryState.CANCELLED, DeliveryState.PLANNED)
        return self.reminder.state is ReminderState.CANCELLED and any(one.state in kept_back for one in self.deliveries)

    @property
    def next_number(self) -> int | None:
        """The number of the next occurrence of which nothing was taken up yet; `None` when there is none."""
        return min((one.number for one in self.coming), default=None)

    @property
    def coming(self) -> list[PlannedOccurrence]:
        """What is still planned, one entry an occurrence."""
        planned = {
            one.number: PlannedOccurrence(one.number, one.due_date, one.send_at)
            for one in self.deliveries
            if one.is_planned
        }
        taken_up = max((one.number for one in self.deliveries if one.is_taken_up), default=0)
        return [planned[number] for number in sorted(planned) if number > taken_up]

    @property
    def course(self) -> Course | None:
        """How far it has come; `None` when nothing more is planned."""
        draft, number = self.reminder.draft, self.next_number
        return None if number is None else Course(draft.schedule, draft.first_number, number)


@dataclasses.dataclass(frozen=True, slots=True)
class FormMaterial:
    """What the form offers and shows for what was chosen in it so far."""

    clinics: list[Clinic]
    clinic: Clinic
    client: Client | None
    patient: Patient | None
    patients: list[Patient]
    templates: list[tuple[int, str]] = dataclasses.field(repr=False)
    template: Template | None
    course: Course | None
    """Of the reminder that is being changed, if something more of it is planned."""


@dataclasses.dataclass(frozen=True, slots=True)
class Editing:
    """Which reminder is edited, as it was when its form was opened."""

    reminder_id: int
    version: int
    next_number: int


def form_material(
    database: Database,
    team_id: str,
    *,
    clinic_id: int | None = None,
    client_id: int | None = None,
    patient_id: int | None = None,
    template_id: int | None = None,
    reminder_id: int | None = None,
) -> FormMaterial:
    """Look up what the form needs; what is not there any more is left out. `reminder_id` is the one being changed.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        return _material(session, team_id, clinic_id, client_id, patient_id, template_id, reminder_id)


def create(
    database: Database,
    team_id: str,
    typed: TypedReminder,
    *,
    key: str,
    channels: frozenset[Channel],
    who: str,
    now: datetime,
) -> ReminderSeen:
    """Store a new reminder with everything that it will send.

    `key` names the submission: delivered again, it gives the reminder that it made before.

    Raises:
        Refused: with a sentence for every field that cannot be used; nothing is stored.
        NotSetUp: if the workspace has no clinic.
        AlreadySaved: if the same form was saved before with other values.
    """
    submission = _submission(key, typed)

    def store(session: Session, workspace: int) -> int:
        draft = _for_the_record(session, workspace, typed, _checked(session, team_id, typed, channels, now), who, now)
        clinic = _clinic(session, workspace, draft.clinic_id)
        reminder = reminders.add(session, workspace, draft, created_by=who, now=now)
        submissions.remember(session, workspace, submission, reminder.id, now)
        coming = timing.plan(Course(draft.schedule), clinic.hours, now)
        deliveries.plan(session, reminder, coming, clinic.hours.zone.key)
        history.add(session, workspace=workspace, reminder=reminder.id, event=Event.CREATED, at=now, actor=who)
        return reminder.id

    return _once(database, team_id, submission, store)


def edit(
    database: Database,
    team_id: str,
    typed: TypedReminder,
    editing: Editing,
    *,
    key: str,
    channels: frozenset[Channel],
    who: str,
    now: datetime,
) -> ReminderSeen:
    """Replace what staff filled in; what was sent stays, what is planned is planned anew where it changed.

    Raises:
        Refused: with a sentence for every field that cannot be used; nothing is stored.
        Conflict: if the reminder changed, or something of it was sent, since the form was opened.
        NotFound: if this workspace has no such reminder.
        AlreadySaved: if the same form was saved before with other values.
    """
    submission = _submission(key, typed)

    def store(session: Session, workspace: int) -> int:
        seen = _seen(session, workspace, editing.reminder_id, lock=True)
        # First of all: a second delivery of this very form waits here, and then finds that it was saved.
        submissions.remember(session, workspace, submission, seen.reminder.id, now)
        if seen.reminder.version != editing.version or seen.next_number != editing.next_number:
            raise _changed_meanwhile()
        draft = _checked(session, team_id, typed, channels, now, editing.reminder_id)
        _require_the_same_recipient(seen, draft)
        draft = _for_the_record(session, workspace, typed, draft, who, now)
        clinic = _clinic(session, workspace, draft.clinic_id)
        before = seen.reminder.draft
        kept = (draft.schedule, draft.first_number, draft.clinic_id) == (
            before.schedule,
            before.first_number,
            before.clinic_id,
        )
        course = Course(draft.schedule, draft.first_number, editing.next_number)
        coming = seen.coming if kept else timing.plan(course, clinic.hours, now)
        if not reminders.change_draft(session, seen.reminder, draft):
            raise _changed_meanwhile()
        deliveries.change_channels(
            session, seen.reminder.id, before=editing.next_number, to=draft.method.channels, now=now
        )
        if not kept or draft.method is not before.method:
            # Something may have been taken up since the rows were looked at; its number then stands no longer free.
            if deliveries.forget_unsent(session, seen.reminder.id) > coming[0].number:
                raise _changed_meanwhile()
            changed = dataclasses.replace(seen.reminder, draft=draft)
            deliveries.plan(session, changed, coming, clinic.hours.zone.key)
        history.add(session, workspace=workspace, reminder=seen.reminder.id, event=Event.EDITED, at=now, actor=who)
        return seen.reminder.id

    return _once(database, team_id, submission, store)


def cancel(database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime) -> ReminderSeen:
    """Stop everything of a reminder that is still planned.

    Raises:
        Conflict: if somebody changed it at the same moment, or nothing is left to cancel.
        NotFound: if this workspace has no such reminder.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        seen = _seen(session, workspace, reminder_id, lock=True)
        if seen.reminder.state is ReminderState.CANCELLED or not seen.waits:
            raise Conflict(message("There is nothing left to cancel."))
        if not reminders.change_state(session, seen.reminder, ReminderState.CANCELLED):
            raise _changed_meanwhile()
        deliveries.cancel_planned(session, reminder_id, now=now)
        history.add(session, workspace=workspace, reminder=reminder_id, event=Event.CANCELLED, at=now, actor=who)
        return _seen(session, workspace, reminder_id)


def restore(database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime) -> ReminderSeen:
    """Undo a cancellation: what is not yet past its due date is planned again.

    Raises:
        Conflict: if it is not cancelled any more, every due date has passed, or all was sent before it was cancelled.
        NotFound: if this workspace has no such reminder.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        clinics.hold(session, workspace)
        seen = _seen(session, workspace, reminder_id, lock=True)
        if seen.reminder.state is not ReminderState.CANCELLED:
            raise Conflict(message("This reminder is not cancelled any more."))
        if not reminders.change_state(session, seen.reminder, ReminderState.ACTIVE):
            raise _changed_meanwhile()
        deliveries.plan_cancelled_again(session, reminder_id, today=seen.clinic.hours.today(now))
        # The clinic may send at other times than when it was cancelled.
        replanning.plan_anew(session, seen.clinic, now=now, reminder=reminder_id)
        restored = _seen(session, workspace, reminder_id)
        if not restored.waits:
            raise _nothing_to_restore(restored)
        history.add(session, workspace=workspace, reminder=reminder_id, event=Event.RESTORED, at=now, actor=who)
        return _seen(session, workspace, reminder_id)


def find(database: Database, team_id: str, reminder_id: int) -> ReminderSeen:
    """One reminder as it stands.

    Raises:
        NotFound: if this workspace has no such reminder.
    """
    with database.reading() as session:
        return _seen(session, workspaces.require(session, team_id), reminder_id)


def waiting(database: Database, team_id: str, *, limit: int, offset: int) -> tuple[list[WaitingReminder], int]:
    """A page of the reminders with something left to send, the next one first, and how many there are in all."""
    with database.reading() as session:
        return reminders.waiting(session, workspaces.require(session, team_id), limit=limit, offset=offset)


def methods(channels: frozenset[Channel]) -> list[Method]:
    """The sending methods that can be used with what the bot is set up to send over."""
    return [method for method in Method if all(channel in channels for channel in method.channels)]


def methods_shown(channels: frozenset[Channel]) -> list[Method]:
    """The sending methods that stand in the form: every one, but `external` only where it is set up (rule P13)."""
    return [method for method in Method if method is not Method.EXTERNAL or Channel.EXTERNAL in channels]


def _submission(key: str, typed: TypedReminder) -> Submission:
    # With the key in it, so that two forms with the same values do not show that they have.
    values = json.dumps({"key": key, **dataclasses.asdict(typed)}, default=str, sort_keys=True)
    return Submission(key, hashlib.sha256(values.encode()).hexdigest())


def _once(
    database: Database, team_id: str, submission: Submission, store: Callable[[Session, int], int]
) -> ReminderSeen:
    """Run `store` unless a submission of this key was saved before, also at this very moment.

    Raises:
        AlreadySaved: if that one had other values.
    """
    try:
        with database.writing() as session:
            workspace = workspaces.require(session, team_id)
            clinics.hold(session, workspace)
            saved = submissions.saved_as(session, workspace, submission)
            if saved is None:
                return _seen(session, workspace, store(session, workspace))
            return _seen_again(session, workspace, saved)
    except AlreadyStored:
        with database.reading() as session:
            workspace = workspaces.require(session, team_id)
            saved = submissions.saved_as(session, workspace, submission)
            if saved is None:
                raise
            return _seen_again(session, workspace, saved)


def _seen_again(session: Session, workspace: int, saved: SavedForm) -> ReminderSeen:
    if not saved.same_values:
        raise AlreadySaved(saved.reminder_id)
    return _seen(session, workspace, saved.reminder_id)


def _checked(
    session: Session,
    team_id: str,
    typed: TypedReminder,
    channels: frozenset[Channel],
    now: datetime,
    reminder_id: int | None = None,
) -> ReminderDraft:
    material = _material(
        session,
        team_id,
        typed.clinic_id,
        typed.client_id,
        typed.patient_id,
        None if typed.manual else typed.template_id,
        reminder_id,
    )
    return form_rules.check(
        typed,
        FormContext(
            clinic=material.clinic,
            client=material.client,
            patient=material.patient,
            template=material.template,
            methods=frozenset(methods(channels)),
            now=now,
            course=material.course,
        ),
    )


def _for_the_record(
    session: Session, workspace: int, typed: TypedReminder, draft: ReminderDraft, who: str, now: datetime
) -> ReminderDraft:
    """The draft, whose addresses have gone into the client's record if staff said so.

    Raises:
        RecordChanged: if that record is another than the one the form was filled in from.
    """
    client = directory.client(session, workspace, draft.client_id)
    if client is None or not typed.for_the_record:
        return draft
    changed = form_rules.record_with(draft, client)
    if parts := client.parts_that_differ(changed):
        known = dataclasses.replace(client, version=typed.client_version or client.version)
        if not directory.change_client(session, workspace, known, changed):
            raise RecordChanged
        client_history.add(session, workspace, client.id, ClientEvent.CHANGED, at=now, actor=who, parts=parts)
    return dataclasses.replace(draft, email_override=None, phone_override=None)


def _material(
    session: Session,
    team_id: str,
    clinic_id: int | None,
    client_id: int | None,
    patient_id: int | None,
    template_id: int | None,
    reminder_id: int | None,
) -> FormMaterial:
    workspace = workspaces.require(session, team_id)
    offered = clinics.of_workspace(session, workspace)
    clinic = next((one for one in offered if one.id == clinic_id), offered[0])
    patient = None if patient_id is None else directory.patient(session, workspace, patient_id)
    client = None if client_id is None else directory.client(session, workspace, client_id)
    language = client.language if client is not None else clinic.language
    course = None
    edited = None if reminder_id is None else reminders.find(session, workspace, reminder_id)
    if edited is not None and (edited.draft.template_id, edited.draft.client_id) == (template_id, client_id):
        language = edited.draft.template_language or language  # its text is in that one, whatever the client reads now
    if edited is not None:
        course = _seen(session, workspace, edited.id).course
    return FormMaterial(
        clinics=offered,
        clinic=clinic,
        client=client,
        patient=patient,
        patients=[] if client is None else directory.patients_of(session, workspace, client.id),
        templates=templates.offered(session, workspace, also=template_id),
        template=(
            None if template_id is None else templates.find(session, workspace, template_id, language, clinic.language)
        ),
        course=course,
    )


def _clinic(session: Session, workspace: int, clinic_id: int) -> Clinic:
    clinic = clinics.find(session, workspace, clinic_id)
    if clinic is None:
        raise NotFound
    return clinic


def _seen(session: Session, workspace: int, reminder_id: int, *, lock: bool = False) -> ReminderSeen:
    reminder = reminders.find(session, workspace, reminder_id, lock=lock)
    if reminder is None:
        raise NotFound
    draft = reminder.draft
    client = directory.client(session, workspace, draft.client_id)
    patient = directory.patient(session, workspace, draft.patient_id)
    if client is None or patient is None:
        raise NotFound
    template = None if draft.template_id is None else templates.find(session, workspace, draft.template_id)
    return ReminderSeen(
        reminder=reminder,
        clinic=_clinic(session, workspace, draft.clinic_id),
        client=client,
        patient=patient,
        template_name=None if template is None else template.name,
        deliveries=reminders.deliveries_of(session, reminder_id),
        history=history.of_reminder(session, workspace, reminder_id),
    )


def _require_the_same_recipient(seen: ReminderSeen, draft: ReminderDraft) -> None:
    """What was sent, and the tasks that came of it, are about this client and patient and must stay so."""
    if not any(one.is_taken_up for one in seen.deliveries):
        return
    before, refusals = seen.reminder.draft, {}
    if draft.client_id != before.client_id:
        refusals[Field.CLIENT] = message(
            "Something of this reminder was sent already, so its client stays. Make a new reminder instead."
        )
    if draft.patient_id != before.patient_id:
        refusals[Field.PATIENT] = message(
            "Something of this reminder was sent already, so its patient stays. Make a new reminder instead."
        )
    if refusals:
        raise Refused(refusals)


def _nothing_to_restore(seen: ReminderSeen) -> Conflict:
    if any(one.state is DeliveryState.CANCELLED for one in seen.deliveries):
        return Conflict(message("Every due date of this reminder has passed. Make a new one instead."))
    return Conflict(message("Nothing of this reminder is left to send. Make a new one instead."))


def _changed_meanwhile() -> Conflict:
    return Conflict(message("This reminder changed while you were looking at it. Open it again to see how it stands."))
