"""What is there to know about one reminder, read in one transaction?"""

from __future__ import annotations

import dataclasses

from bot.domain.errors import NotFound
from bot.domain.model import (
    Client,
    Clinic,
    DeliveryState,
    Patient,
    PlannedOccurrence,
    Reminder,
    ReminderState,
)
from bot.domain.recurrence import Course
from bot.domain.undo import Step
from bot.services import workspaces
from bot.store import clinics, directory, history, reminders, steps, templates
from bot.store.database import Database, Session
from bot.store.history import Entry
from bot.store.reminders import DeliverySeen


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
    last_step: Step | None
    """What was done last, to it or to its patient or client, if that was not undone."""

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
    def is_paused(self) -> bool:
        """Whether staff paused it, and something is left to send."""
        return self.reminder.state is ReminderState.PAUSED and self.waits

    @property
    def may_receive(self) -> bool:
        """Whether patient and client are such that anything may be sent at all."""
        return self.patient.alive and self.patient.active and self.client.active

    @property
    def next_number(self) -> int | None:
        """The number of the next occurrence of which nothing was taken up yet; `None` when there is none."""
        return min((one.number for one in self.coming), default=None)

    @property
    def last_taken_up(self) -> int:
        """The number of the last occurrence of which something was taken up; 0 when there is none."""
        return max((one.number for one in self.deliveries if one.is_taken_up), default=0)

    @property
    def planned(self) -> list[PlannedOccurrence]:
        """What is still planned, one entry an occurrence; also of those of which one half was taken up."""
        planned = {
            one.number: PlannedOccurrence(one.number, one.due_date, one.send_at, one.is_moved_up)
            for one in self.deliveries
            if one.is_planned
        }
        return [planned[number] for number in sorted(planned)]

    @property
    def coming(self) -> list[PlannedOccurrence]:
        """The planned occurrences after the last of which something was taken up."""
        last = self.last_taken_up
        return [one for one in self.planned if one.number > last]

    @property
    def course(self) -> Course | None:
        """How far it has come; `None` when nothing more is planned."""
        draft, number = self.reminder.draft, self.next_number
        return None if number is None else Course(draft.schedule, draft.first_number, number)


def find(database: Database, team_id: str, reminder_id: int) -> ReminderSeen:
    """One reminder as it stands.

    Raises:
        NotFound: if this workspace has no such reminder.
    """
    with database.reading() as session:
        return read(session, workspaces.require(session, team_id), reminder_id)


def read(session: Session, workspace: int, reminder_id: int, *, lock: bool = False) -> ReminderSeen:
    """One reminder; with `lock`, nothing of it can begin to be sent until the transaction ends.

    Raises:
        NotFound: if this workspace has no such reminder.
    """
    reminder = reminders.find(session, workspace, reminder_id, lock=lock)
    if reminder is None:
        raise NotFound
    draft = reminder.draft
    clinic = clinics.find(session, workspace, draft.clinic_id)
    client = directory.client(session, workspace, draft.client_id)
    patient = directory.patient(session, workspace, draft.patient_id)
    if clinic is None or client is None or patient is None:
        raise NotFound
    template = None if draft.template_id is None else templates.find(session, workspace, draft.template_id)
    return ReminderSeen(
        reminder=reminder,
        clinic=clinic,
        client=client,
        patient=patient,
        template_name=None if template is None else template.name,
        deliveries=reminders.deliveries_of(session, reminder_id),
        history=history.of_reminder(session, workspace, reminder_id),
        last_step=steps.last_of(session, reminder),
    )
