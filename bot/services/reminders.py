"""How is a reminder made and changed, and what does its form need?

Each function is one transaction. A form that Slack delivers twice makes one reminder: its key is stored with it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from bot.domain import form_rules, timing
from bot.domain.errors import AlreadySaved, Changed, Field, NotFound, RecordChanged, Refused
from bot.domain.form_rules import FormContext, TypedReminder
from bot.domain.messages import message
from bot.domain.model import (
    Channel,
    Client,
    ClientEvent,
    Clinic,
    Event,
    Method,
    Patient,
    ReminderDraft,
    StepKind,
    Template,
)
from bot.domain.recurrence import Course
from bot.domain.similar import PatientWaiting
from bot.services import reminder_seen, workspaces
from bot.services.reminder_seen import ReminderSeen
from bot.store import (
    client_history,
    clinics,
    deliveries,
    directory,
    earlier_forms,
    history,
    reminders,
    steps,
    submissions,
    templates,
)
from bot.store.database import AlreadyStored, Database, Session
from bot.store.submissions import SavedForm, Submission


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
    waiting: list[PatientWaiting]
    """What the patient waits for already."""


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
        Changed: if the reminder changed, or something of it was sent, since the form was opened (`meanwhile`).
        NotFound: if this workspace has no such reminder.
        AlreadySaved: if the same form was saved before with other values.
    """
    submission = _submission(key, typed)

    def store(session: Session, workspace: int) -> int:
        seen = reminder_seen.read(session, workspace, editing.reminder_id, lock=True)
        # First of all: a second delivery of this very form waits here, and then finds that it was saved.
        submissions.remember(session, workspace, submission, seen.reminder.id, now)
        if seen.reminder.version != editing.version or seen.next_number != editing.next_number:
            raise Changed
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
        replanned = not kept or draft.method is not before.method
        step = steps.add(session, workspace, StepKind.EDIT, by=who, at=now)
        steps.touches(session, step, seen.reminder)
        steps.stops(session, step, [seen.reminder.id], range(1, editing.next_number))
        earlier_forms.keep(session, seen.reminder, replanned_from=editing.next_number if replanned else None, now=now)
        if not reminders.change_draft(session, seen.reminder, draft):
            raise Changed
        changed = dataclasses.replace(seen.reminder, draft=draft)
        deliveries.change_channels(session, changed, before=editing.next_number, to=draft.method.channels, now=now)
        if replanned:
            # Something may have been taken up since the rows were looked at; its number then stands no longer free.
            if deliveries.forget_unsent(session, seen.reminder.id) > coming[0].number:
                raise Changed
            deliveries.plan(session, changed, coming, clinic.hours.zone.key)
        history.add(session, workspace=workspace, reminder=seen.reminder.id, event=Event.EDITED, at=now, actor=who)
        return seen.reminder.id

    return _once(database, team_id, submission, store)


@dataclasses.dataclass(frozen=True, slots=True)
class Meanwhile:
    """A reminder as it stands, and what its form was filled in with when somebody opened it to edit."""

    seen: ReminderSeen
    before: ReminderDraft
    course_before: Course
    client_before: Client


def meanwhile(database: Database, team_id: str, editing: Editing) -> Meanwhile:
    """What became of a reminder since its form was opened.

    Raises:
        NotFound: if this workspace has no such reminder.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        seen = reminder_seen.read(session, workspace, editing.reminder_id)
        reminder = seen.reminder
        earlier = earlier_forms.replaced_after(session, reminder, editing.version)
        draft = reminder.draft if earlier is None else earlier.draft
        course = Course(draft.schedule, draft.first_number, editing.next_number)
        if not 0 <= course.passed < draft.schedule.repetitions:
            course = Course(draft.schedule, draft.first_number, draft.first_number)
        client = directory.client(session, workspace, draft.client_id)
        return Meanwhile(seen, draft, course, seen.client if client is None else client)


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
                return reminder_seen.read(session, workspace, store(session, workspace))
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
    return reminder_seen.read(session, workspace, saved.reminder_id)


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
        course = reminder_seen.read(session, workspace, edited.id).course
    return FormMaterial(
        clinics=offered,
        clinic=clinic,
        client=client,
        patient=patient,
        patients=[] if client is None else directory.patients_of(session, workspace, client.id),
        templates=templates.offered(session, workspace, also=template_id),
        waiting=[] if patient is None else reminders.of_patient(session, workspace, patient.id),
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
