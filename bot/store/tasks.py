"""What are staff asked to do (rule P12), and does the card in Slack show what the row says?"""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, case, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.contact_task import Instead, TaskState
from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    DeliveryState,
    Patient,
    Reason,
    Reminder,
    Texts,
)
from bot.store import clinics, directory, reminders
from bot.store.tables import (
    ClientRow,
    ClinicRow,
    ContactTaskRow,
    DeliveryRow,
    OccurrenceRow,
    PatientRow,
    ReminderRow,
    WorkspaceRow,
)


@dataclasses.dataclass(frozen=True, slots=True)
class ContactTask:
    """A contact task with what its card tells."""

    id: int
    team_id: str
    delivery_id: int
    channel: Channel
    """Over which the message was to go."""
    delivery_state: DeliveryState
    attempt: int
    """How often the delivery was taken up."""
    reason: Reason
    subject: str = dataclasses.field(repr=False)
    text: str = dataclasses.field(repr=False)
    """What the message was to say, with its placeholders; `subject` is empty where the channel has none."""
    email_override: str | None = dataclasses.field(repr=False)
    phone_override: str | None = dataclasses.field(repr=False)
    state: TaskState
    created_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    instead: Instead | None
    """What closed it where nobody contacted the client."""
    number: int
    """Of the occurrence."""
    due_date: date
    zone: ZoneInfo
    """In which the occurrence was planned."""
    reminder: Reminder
    clinic: Clinic
    client: Client
    patient: Patient
    revision: int
    card_channel: str | None
    card_ts: str | None
    card_attempt: int

    @property
    def is_doubtful(self) -> bool:
        """Whether staff are asked because nobody knows if the message went, and nobody has decided yet (rule P14)."""
        return (
            self.state is TaskState.OPEN
            and self.reason is Reason.OUTCOME_UNKNOWN
            and self.delivery_state is DeliveryState.UNKNOWN
        )


def add(session: Session, *, reminder: Reminder, channel: Channel, delivery: int, reason: Reason, now: datetime) -> int:
    """Store an open task for a delivery that did not go to the client; its card is posted from the row, later.

    What `reminder` says over `channel` is kept with it as it is now. A delivery that staff had sent again has a task
    already: that one is opened anew and gets a new card, below what was said in the channel meanwhile; the one that it
    had stays as it is.
    """
    draft = reminder.draft
    subject, text = _said_over(channel, draft.texts)
    asked = {
        "clinic_id": draft.clinic_id,
        "reason": reason,
        "subject": subject,
        "text": text,
        "email_override": draft.email_override,
        "phone_override": draft.phone_override,
        "state": TaskState.OPEN,
        "created_at": now,
    }
    closed = {"closed_at": None, "closed_by": None, "instead": None}
    without_card = {"card_channel": None, "card_ts": None, "card_lease_until": None}
    opened_anew = session.scalars(
        update(ContactTaskRow)
        .where(ContactTaskRow.delivery_id == delivery)
        .values(**asked, **closed, **without_card, revision=ContactTaskRow.revision + 1)
        .returning(ContactTaskRow.id)
    ).one_or_none()
    if opened_anew is not None:
        return opened_anew
    return session.scalars(
        insert(ContactTaskRow)
        .values(
            workspace_id=reminder.workspace_id,
            delivery_id=delivery,
            **asked,
            revision=1,
            card_revision=0,
            card_attempt=0,
        )
        .returning(ContactTaskRow.id)
    ).one()


def close(session: Session, team_id: str, task: int, *, by: str, now: datetime, instead: Instead | None = None) -> bool:
    """Close an open task of a workspace; tells whether this call closed it (of two, one does).

    `instead` is told where nobody contacted the client.
    """
    closed = session.execute(
        update(ContactTaskRow)
        .where(
            ContactTaskRow.id == task,
            ContactTaskRow.workspace_id == _workspace(team_id),
            ContactTaskRow.state == TaskState.OPEN,
        )
        .values(
            state=TaskState.DONE, closed_by=by, closed_at=now, instead=instead, revision=ContactTaskRow.revision + 1
        )
        .returning(ContactTaskRow.id)
    )
    return closed.one_or_none() is not None


def hold(session: Session, team_id: str, task: int) -> None:
    """Let nobody else close a task of a workspace until the transaction ends, nor its reminder begin to be sent.

    The reminder is locked first, as everywhere.
    """
    mine = (ContactTaskRow.id == task) & (ContactTaskRow.workspace_id == _workspace(team_id))
    reminder = (
        select(OccurrenceRow.reminder_id)
        .join(DeliveryRow, DeliveryRow.occurrence_id == OccurrenceRow.id)
        .join(ContactTaskRow, ContactTaskRow.delivery_id == DeliveryRow.id)
        .where(mine)
        .scalar_subquery()
    )
    # Without its key, which whoever adds a line to its history needs while holding the task.
    session.execute(select(ReminderRow.id).where(ReminderRow.id == reminder).with_for_update(key_share=True))
    session.execute(select(ContactTaskRow.id).where(mine).with_for_update(key_share=True))


def find(session: Session, team_id: str, task: int) -> ContactTask | None:
    """One task of a workspace."""
    return _one(session, (ContactTaskRow.id == task) & (WorkspaceRow.team_id == team_id))


def open_count(session: Session, workspace: int, clinic: int | None = None) -> int:
    """How many tasks are open in a workspace, or at one clinic of it."""
    return session.scalar(select(func.count()).select_from(ContactTaskRow).where(*_open(workspace, clinic))) or 0


def open_page(
    session: Session, workspace: int, clinic: int | None = None, *, limit: int, offset: int
) -> list[ContactTask]:
    """A page of the open tasks, the oldest first."""
    rows = session.execute(
        _whole().where(*_open(workspace, clinic)).order_by(ContactTaskRow.id).limit(limit).offset(offset)
    )
    return [_task(row) for row in rows]


def show_anew(session: Session, workspace: int, *, patient: int | None, client: int | None) -> None:
    """Have the cards of a patient's or a client's open tasks drawn anew: what is known of them has changed."""
    whose = [(ReminderRow.patient_id, patient), (ReminderRow.client_id, client)]
    about = (
        select(DeliveryRow.id)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .where(*(column == wanted for column, wanted in whose if wanted is not None))
    )
    session.execute(
        update(ContactTaskRow)
        .where(
            ContactTaskRow.workspace_id == workspace,
            ContactTaskRow.state == TaskState.OPEN,
            ContactTaskRow.delivery_id.in_(about),
        )
        .values(revision=ContactTaskRow.revision + 1)
    )


def claim_card(session: Session, team_id: str, *, now: datetime, until: datetime) -> ContactTask | None:
    """Take one task of a workspace whose card is behind its row, so that no other process posts it until `until`.

    The oldest that may be tried comes first; none, while all are put off.
    """
    chosen = (
        select(ContactTaskRow.id)
        .where(
            ContactTaskRow.workspace_id == _workspace(team_id),
            ContactTaskRow.card_revision < ContactTaskRow.revision,
            or_(ContactTaskRow.card_lease_until.is_(None), ContactTaskRow.card_lease_until <= now),
            ~exists().where(WorkspaceRow.team_id == team_id, WorkspaceRow.cards_not_before > now),
        )
        .order_by(ContactTaskRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    claimed = session.execute(
        update(ContactTaskRow)
        .where(ContactTaskRow.id.in_(select(chosen.c.id)))
        .values(card_lease_until=until, card_attempt=ContactTaskRow.card_attempt + 1)
        .returning(ContactTaskRow.id)
    ).scalar_one_or_none()
    return None if claimed is None else _one(session, ContactTaskRow.id == claimed)


def card_shown(session: Session, task: int, *, revision: int, known_ts: str | None, channel: str, ts: str) -> None:
    """Record which revision of a task its card in Slack shows, and where the card is.

    `known_ts` is where it was when it was claimed. Nothing is recorded of a card that the task has parted from since:
    it was opened anew, and gets another one.
    """
    session.execute(
        update(ContactTaskRow)
        .where(
            ContactTaskRow.id == task,
            ContactTaskRow.card_revision < revision,
            ContactTaskRow.card_ts.is_not_distinct_from(known_ts),
        )
        .values(card_revision=revision, card_channel=channel, card_ts=ts, card_lease_until=None, card_attempt=0)
    )


def card_delayed(session: Session, task: int, *, attempt: int, until: datetime) -> None:
    """Let nobody try this card again before `until`, unless somebody has tried it since `attempt`."""
    session.execute(
        update(ContactTaskRow)
        .where(ContactTaskRow.id == task, ContactTaskRow.card_attempt == attempt)
        .values(card_lease_until=until)
    )


def cards_put_off(session: Session, team_id: str, *, until: datetime) -> None:
    """Let nobody try any card of a workspace before `until`."""
    session.execute(update(WorkspaceRow).where(WorkspaceRow.team_id == team_id).values(cards_not_before=until))


def card_lost(session: Session, task: int, *, ts: str) -> None:
    """Forget the card at `ts`, which is no longer in Slack, so that the next one is posted anew."""
    session.execute(
        update(ContactTaskRow)
        .where(ContactTaskRow.id == task, ContactTaskRow.card_ts == ts)
        .values(card_channel=None, card_ts=None, card_lease_until=None)
    )


def next_card(session: Session, team_id: str) -> datetime | None:
    """When the next card of a workspace that is behind its row may be tried: `None` if every card is up to date."""
    behind = (ContactTaskRow.card_revision < ContactTaskRow.revision) & (
        ContactTaskRow.workspace_id == _workspace(team_id)
    )
    never_tried = case((ContactTaskRow.card_lease_until.is_(None), ContactTaskRow.created_at))
    moments = select(func.min(never_tried), func.min(ContactTaskRow.card_lease_until)).where(behind)
    untried, tried = session.execute(moments).one()
    moment: datetime | None = untried or tried
    if moment is None:
        return None
    put_off = session.scalar(select(WorkspaceRow.cards_not_before).where(WorkspaceRow.team_id == team_id))
    return moment if put_off is None else max(moment, put_off)


def _said_over(channel: Channel, texts: Texts) -> tuple[str, str]:
    match channel:
        case Channel.POST:
            return "", texts.letter
        case Channel.SMS:
            return "", texts.sms
        case Channel.EMAIL | Channel.EXTERNAL:
            return texts.subject, texts.email


def _workspace(team_id: str) -> ScalarSelect[int]:
    return select(WorkspaceRow.id).where(WorkspaceRow.team_id == team_id).scalar_subquery()


def _open(workspace: int, clinic: int | None) -> list[ColumnElement[bool]]:
    conditions = [ContactTaskRow.workspace_id == workspace, ContactTaskRow.state == TaskState.OPEN]
    return conditions if clinic is None else [*conditions, ContactTaskRow.clinic_id == clinic]


def _one(session: Session, condition: ColumnElement[bool]) -> ContactTask | None:
    row = session.execute(_whole().where(condition)).one_or_none()
    return None if row is None else _task(row)


_Whole = tuple[
    ContactTaskRow,
    str,
    Channel,
    DeliveryState,
    int,
    OccurrenceRow,
    ReminderRow,
    ClinicRow,
    ClientRow,
    PatientRow,
]


def _whole() -> Select[*_Whole]:
    return (
        select(
            ContactTaskRow,
            WorkspaceRow.team_id,
            DeliveryRow.channel,
            DeliveryRow.state,
            DeliveryRow.attempt,
            OccurrenceRow,
            ReminderRow,
            ClinicRow,
            ClientRow,
            PatientRow,
        )
        .join(WorkspaceRow, WorkspaceRow.id == ContactTaskRow.workspace_id)
        .join(DeliveryRow, DeliveryRow.id == ContactTaskRow.delivery_id)
        .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
        .join(ReminderRow, ReminderRow.id == OccurrenceRow.reminder_id)
        .join(ClinicRow, ClinicRow.id == ContactTaskRow.clinic_id)
        .join(ClientRow, ClientRow.id == ReminderRow.client_id)
        .join(PatientRow, PatientRow.id == ReminderRow.patient_id)
    )


def _task(row: Row[*_Whole]) -> ContactTask:
    task, team_id, channel, delivery_state, attempt, occurrence, reminder, clinic, client, patient = row
    return ContactTask(
        id=task.id,
        team_id=team_id,
        delivery_id=task.delivery_id,
        channel=channel,
        delivery_state=delivery_state,
        attempt=attempt,
        reason=task.reason,
        subject=task.subject,
        text=task.text,
        email_override=task.email_override,
        phone_override=task.phone_override,
        state=task.state,
        created_at=task.created_at,
        closed_at=task.closed_at,
        closed_by=task.closed_by,
        instead=task.instead,
        number=occurrence.number,
        due_date=occurrence.due_date,
        zone=ZoneInfo(occurrence.time_zone),
        reminder=reminders.from_row(reminder),
        clinic=clinics.from_row(clinic),
        client=directory.client_from_row(client),
        patient=directory.patient_from_row(patient),
        revision=task.revision,
        card_channel=task.card_channel,
        card_ts=task.card_ts,
        card_attempt=task.card_attempt,
    )
