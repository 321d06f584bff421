"""How does a contact task get from its row to the staff channel, and from a pressed button back into its row?"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from bot.channels.rendering import Occasion, Renderer
from bot.domain.errors import AlreadyDealtWith, NotFound
from bot.domain.model import Channel, Event, Texts
from bot.domain.template import TemplateBroken
from bot.services import workspaces
from bot.store import history, tasks
from bot.store.database import Database
from bot.store.tasks import ContactTask

CARD_LEASE = timedelta(seconds=60)
"""How long one process may take to post a card before another one tries."""

LONGEST_CARD_DELAY = timedelta(minutes=10)
"""The longest wait between two tries to post a card while Slack is away."""

LONGEST_ASKED_WAIT = timedelta(hours=1)
"""The longest wait that is believed when Slack asks for one; it asks for a minute at most."""


@dataclasses.dataclass(frozen=True, slots=True)
class ContactDetails:
    """What a member of staff asked to see in order to reach a client."""

    client_name: str = dataclasses.field(repr=False)
    patient_name: str = dataclasses.field(repr=False)
    email: str | None = dataclasses.field(repr=False)
    phone: str | None = dataclasses.field(repr=False)


def close(database: Database, team_id: str, task_id: int, *, who: str, now: datetime) -> ContactTask:
    """Mark the client as contacted, once.

    Raises:
        AlreadyDealtWith: if somebody closed the task before; says how, who and when.
        NotFound: if this workspace has no such task.
    """
    with database.writing() as session:
        closed = tasks.close(session, team_id, task_id, by=who, now=now)
        task = tasks.find(session, team_id, task_id)
        if task is None:
            raise NotFound
        if not closed:
            raise AlreadyDealtWith(task.instead, who=task.closed_by, when=task.closed_at)
        history.add(
            session,
            workspace=task.reminder.workspace_id,
            reminder=task.reminder.id,
            delivery=task.delivery_id,
            event=Event.CONTACTED,
            at=now,
            actor=who,
            detail={"task": task.id},
        )
    return task


def show_contact(database: Database, team_id: str, task_id: int, *, who: str, now: datetime) -> ContactDetails:
    """The client's address and number for one person, and a line in the history that says who asked for them.

    The line is stored first: whether they are then seen, nobody learns for sure.

    Raises:
        NotFound: if this workspace has no such task.
    """
    with database.writing() as session:
        task = tasks.find(session, team_id, task_id)
        if task is None:
            raise NotFound
        history.add(
            session,
            workspace=task.reminder.workspace_id,
            reminder=task.reminder.id,
            delivery=task.delivery_id,
            event=Event.CONTACT_SHOWN,
            at=now,
            actor=who,
            detail={"task": task.id},
        )
    return ContactDetails(
        client_name=task.client.name,
        patient_name=task.patient.name,
        email=task.email_override or task.client.email,
        phone=task.phone_override or task.client.phone,
    )


def find(database: Database, team_id: str, task_id: int) -> ContactTask:
    """One task as it stands.

    Raises:
        NotFound: if this workspace has no such task.
    """
    with database.reading() as session:
        task = tasks.find(session, team_id, task_id)
    if task is None:
        raise NotFound
    return task


def text_to_say(task: ContactTask, renderer: Renderer) -> tuple[str, str]:
    """Subject and text that staff read out or print instead of what was to be sent, filled in with today's data.

    A text that cannot be filled in is given as it was written: better to read than nothing.
    """
    texts = Texts(task.subject, email=task.text, sms=task.text, letter=task.text)
    occasion = Occasion(task.client, task.patient, task.clinic, task.due_date, task.client.language)
    try:
        match task.channel:
            case Channel.POST:
                return "", renderer.letter(texts, occasion)
            case Channel.SMS:
                return "", renderer.sms(texts, occasion)
            case Channel.EMAIL | Channel.EXTERNAL:
                mail = renderer.email(texts, occasion)
                return mail.subject, mail.text
    except TemplateBroken:
        return "", task.text


@dataclasses.dataclass(frozen=True, slots=True)
class OpenTasks:
    """A page of the open tasks; it begins at `offset`, of `total` in all."""

    rows: list[ContactTask]
    offset: int
    total: int


def open_page(database: Database, team_id: str, clinic_id: int | None, *, limit: int, offset: int) -> OpenTasks:
    """The clients of a workspace, or of one clinic, that wait to be contacted, the longest waiting first.

    The last page that there is, if `offset` lies beyond it.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        total = tasks.open_count(session, workspace, clinic_id)
        offset = min(offset, max(total - 1, 0) // limit * limit)
        rows = tasks.open_page(session, workspace, clinic_id, limit=limit, offset=offset)
        return OpenTasks(rows, offset, total)


def next_card(database: Database, team_id: str) -> datetime | None:
    """When the next card of a workspace may be tried that is behind its row; `None` if there is none."""
    with database.reading() as session:
        return tasks.next_card(session, team_id)


def claim_card(database: Database, team_id: str, *, now: datetime) -> ContactTask | None:
    """Take one task of a workspace whose card is behind its row."""
    with database.writing() as session:
        return tasks.claim_card(session, team_id, now=now, until=now + CARD_LEASE)


def card_shown(database: Database, task: ContactTask, *, channel: str, ts: str) -> None:
    """Record that the card in Slack now shows `task` as it was claimed."""
    with database.writing() as session:
        tasks.card_shown(session, task.id, revision=task.revision, known_ts=task.card_ts, channel=channel, ts=ts)


def card_failed(database: Database, task: ContactTask, *, now: datetime) -> None:
    """Try the card again later: twice as long after each try, up to `LONGEST_CARD_DELAY`."""
    with database.writing() as session:
        tasks.card_delayed(session, task.id, attempt=task.card_attempt, until=now + _delay(task))


def cards_put_off(database: Database, task: ContactTask, *, now: datetime, retry_after: timedelta | None) -> None:
    """Try no card of the workspace before the time that Slack asked for when it refused this one, or did not answer.

    Where it did not say how long, as long as after any other refusal. So the oldest is tried first again, and the cards
    stand in the order of their tasks.
    """
    until = now + (_delay(task) if retry_after is None else min(retry_after, LONGEST_ASKED_WAIT))
    with database.writing() as session:
        tasks.card_delayed(session, task.id, attempt=task.card_attempt, until=until)
        tasks.cards_put_off(session, task.team_id, until=until)


def card_lost(database: Database, task: ContactTask) -> None:
    """The card is no longer in Slack: have it posted anew."""
    with database.writing() as session:
        tasks.card_lost(session, task.id, ts=task.card_ts or "")


def _delay(task: ContactTask) -> timedelta:
    return min(timedelta(seconds=2 ** min(task.card_attempt, 10)), LONGEST_CARD_DELAY)
