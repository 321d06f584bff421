"""Nobody knows whether a message went to the client. What can staff do about it: record it as sent, or send it again?

Either closes the contact task, once (rule P14). A press is about one attempt: whoever looked at an older card decides
nothing about a later one. What goes again is the same delivery under the same key, due at once, and is looked at again
like any other when it is sent (rule P11); what is known to stand in its way already is told to whoever asks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bot.domain import recheck, timing
from bot.domain.contact_task import Instead, TaskState
from bot.domain.errors import AlreadyDealtWith, Conflict, MayNotBeSent, NotFound
from bot.domain.messages import Message, message
from bot.domain.model import Channel, Event, Reason, Recurrence
from bot.services import reminder_seen, workspaces
from bot.services.reminder_seen import ReminderSeen
from bot.store import clinics, doubtful, history, tasks
from bot.store.database import Database, Session
from bot.store.tasks import ContactTask


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedAgain:
    """A task that was closed since its message goes again at `send_at` (UTC)."""

    task: ContactTask
    send_at: datetime


def record_sent(
    database: Database, team_id: str, task_id: int, *, attempt: int, who: str, now: datetime
) -> ContactTask:
    """Take somebody's word that the message went.

    Raises:
        AlreadyDealtWith: if somebody closed the task before; says how, who and when.
        Conflict: if it was sent again since, and is doubtful again.
        NotFound: if this workspace has no such task.
    """
    with database.writing() as session:
        task = _open(session, team_id, task_id, attempt)
        if not doubtful.record_sent(session, task.delivery_id, attempt=attempt):
            raise _decided_meanwhile()
        _close(session, task, Instead.RECORDED_SENT, Event.RECORDED_SENT, who, now)
    return task


def send_again(
    database: Database,
    team_id: str,
    task_id: int,
    *,
    attempt: int,
    channels: Collection[Channel],
    who: str,
    now: datetime,
) -> PlannedAgain:
    """Plan the message again, at once or for when the clinic sends again; `channels` are what the bot can send over.

    Raises:
        MayNotBeSent: if it is known already that it could not go; the task stays open.
        AlreadyDealtWith: if somebody closed the task before; says how, who and when.
        Conflict: if it was sent again since, and is doubtful again.
        NotFound: if this workspace has no such task.
        NotSetUp: if there is no clinic in it.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        clinics.hold(session, workspace)
        task = _open(session, team_id, task_id, attempt)
        seen = reminder_seen.read(session, workspace, task.reminder.id)
        _require_sendable(seen, task.channel, channels)
        send_at = _moment(seen, task, now)
        if not doubtful.plan_again(session, task.delivery_id, attempt=attempt, send_at=send_at):
            raise _decided_meanwhile()
        _close(session, task, Instead.SENT_AGAIN, Event.SENT_AGAIN, who, now)
    return PlannedAgain(task, send_at)


def _open(session: Session, team_id: str, task_id: int, attempt: int) -> ContactTask:
    """The task, which nobody else can close any more."""
    tasks.hold(session, team_id, task_id)
    task = tasks.find(session, team_id, task_id)
    if task is None:
        raise NotFound
    if task.state is TaskState.DONE:
        raise AlreadyDealtWith(task.instead, who=task.closed_by, when=task.closed_at)
    if not task.is_doubtful or task.attempt != attempt:
        raise _decided_meanwhile()
    return task


def _close(session: Session, task: ContactTask, instead: Instead, event: Event, who: str, now: datetime) -> None:
    if not tasks.close(session, task.team_id, task.id, by=who, now=now, instead=instead):
        raise _decided_meanwhile()
    history.add(
        session,
        workspace=task.reminder.workspace_id,
        reminder=task.reminder.id,
        delivery=task.delivery_id,
        event=event,
        at=now,
        actor=who,
        detail={"task": task.id, "channel": task.channel.value},
    )


def _require_sendable(seen: ReminderSeen, channel: Channel, channels: Collection[Channel]) -> None:
    draft = seen.reminder.draft
    verdict = recheck.check(
        recheck.Situation(
            state=seen.reminder.state,
            channel=channel,
            channel_set_up=channel in channels,
            client=seen.client,
            patient=seen.patient,
            country=seen.clinic.country,
            email_override=draft.email_override,
            phone_override=draft.phone_override,
        )
    )
    if isinstance(verdict, recheck.Stop):
        raise MayNotBeSent(_IN_THE_WAY[verdict.reason])
    if channel not in draft.method.channels:
        raise MayNotBeSent(_IN_THE_WAY[Reason.REMINDER_CHANGED])


def _moment(seen: ReminderSeen, task: ContactTask, now: datetime) -> datetime:
    """When it can go, by the same rules as on its own day."""
    schedule = seen.reminder.draft.schedule
    hours = dataclasses.replace(seen.clinic.hours, zone=task.zone)
    following = None
    if schedule.recurrence is not Recurrence.NONE:
        later = [one.due_date for one in seen.deliveries if one.number > task.number]
        following = min(later) - timedelta(days=schedule.send_before) if later else None
    match timing.decide_hour(task.due_date, hours, now, following=following):
        case timing.SendNow():
            return now
        case timing.Postpone(until):
            return until
        case timing.TooLate():
            raise MayNotBeSent(_IN_THE_WAY[Reason.TOO_LATE])


def _decided_meanwhile() -> Conflict:
    return Conflict(message("It was sent again meanwhile. Look at how it stands now before you decide."))


_IN_THE_WAY: Final[Mapping[Reason, Message]] = MappingProxyType(
    {
        Reason.REMINDER_CANCELLED: message(
            "This reminder was cancelled, so it is not sent again. Restore it first, or contact the client another way."
        ),
        Reason.REMINDER_PAUSED: message(
            "This reminder is paused, so it is not sent again. Resume it first, or contact the client another way."
        ),
        Reason.REMINDER_CHANGED: message(
            "This reminder is not sent this way any more, so it is not sent again. Contact the client another way."
        ),
        Reason.PATIENT_DEAD: message("This patient has died and gets no reminders."),
        Reason.PATIENT_INACTIVE: message("This patient is inactive and gets no reminders."),
        Reason.CLIENT_INACTIVE: message("This client is inactive and gets no reminders."),
        Reason.CHANNEL_NOT_SET_UP: message(
            "The bot is not set up to send this way any more. Contact the client another way."
        ),
        Reason.CHANNEL_NOT_ALLOWED: message(
            "The client does not want messages sent this way any more. Contact the client another way."
        ),
        Reason.NO_ADDRESS: message(
            "The client has no address or number for it any more. Add it on the client's page, or contact the client "
            "another way."
        ),
        Reason.ADDRESS_INVALID: message(
            "The client's address or number cannot be right. Correct it on the client's page, or contact the client "
            "another way."
        ),
        Reason.TOO_LATE: message(
            "It is too late to send it again: the clinic sends nothing more before it is due. Contact the client "
            "another way."
        ),
    }
)
"""Why it does not go again, and what would work; by post nothing is ever doubtful."""
