"""What may become of a waiting reminder: cancelled, restored, paused, resumed, sent now, one occurrence skipped (P16)?

Each function is one transaction and locks the reminder first, so that a delivery which is just being taken up is either
begun before it or finds what was decided. What can be undone is noted as a step (`bot.services.undo`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain import missed, timing
from bot.domain.errors import Changed, Conflict
from bot.domain.messages import message
from bot.domain.model import DeliveryState, Event, Reason, ReminderState, StepKind
from bot.services import reminder_seen, replanning, workspaces
from bot.services.reminder_seen import ReminderSeen
from bot.store import clinics, deliveries, history, reminders, steps
from bot.store.database import Database, Session


def cancel(database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime) -> ReminderSeen:
    """Stop everything of a reminder that is still planned.

    Raises:
        Conflict: if somebody changed it at the same moment, or nothing is left to cancel.
        NotFound: if this workspace has no such reminder.
    """

    def act(session: Session, seen: ReminderSeen) -> None:
        if seen.reminder.state is ReminderState.CANCELLED or not seen.waits:
            raise Conflict(message("There is nothing left to cancel."))
        step = _begin(session, seen, StepKind.CANCEL, ReminderState.CANCELLED, who, now)
        steps.stops(session, step, [reminder_id])
        deliveries.cancel_planned(session, [reminder_id], now=now)
        _tell(session, seen, Event.CANCELLED, who, now)

    return _changed(database, team_id, reminder_id, act)


def restore(database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime) -> ReminderSeen:
    """Take up a cancelled reminder again: what is not yet past its due date is planned again.

    Raises:
        Conflict: if it is not cancelled any more, every due date has passed, all was sent before it was cancelled, or
            patient or client may not get anything.
        NotFound: if this workspace has no such reminder.
    """

    def act(session: Session, seen: ReminderSeen) -> None:
        if seen.reminder.state is not ReminderState.CANCELLED:
            raise Conflict(message("This reminder is not cancelled any more."))
        require_receivers(seen)
        if not reminders.change_state(session, seen.reminder, ReminderState.ACTIVE):
            raise Changed
        deliveries.plan_cancelled_again(session, reminder_id, today=seen.clinic.hours.today(now))
        # The clinic may send at other times than when it was cancelled.
        replanning.plan_anew(session, seen.clinic, now=now, reminder=reminder_id)
        restored = reminder_seen.read(session, seen.reminder.workspace_id, reminder_id)
        if not restored.waits:
            raise _nothing_to_restore(restored)
        _tell(session, seen, Event.RESTORED, who, now)

    return _changed(database, team_id, reminder_id, act)


def pause(database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime) -> ReminderSeen:
    """Send nothing of a reminder until it is resumed; what is planned stays planned.

    Raises:
        Conflict: if somebody changed it at the same moment, it is paused already, or nothing is left to send.
        NotFound: if this workspace has no such reminder.
    """

    def act(session: Session, seen: ReminderSeen) -> None:
        if seen.is_paused:
            raise Conflict(message("This reminder is paused already."))
        _require_active(seen)
        _begin(session, seen, StepKind.PAUSE, ReminderState.PAUSED, who, now)
        _tell(session, seen, Event.PAUSED, who, now)

    return _changed(database, team_id, reminder_id, act)


def resume(database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime) -> ReminderSeen:
    """Go on with a paused reminder; what it missed is settled as `bot.domain.missed` tells.

    Raises:
        Conflict: if it is not paused any more, or patient or client may not get anything.
        NotFound: if this workspace has no such reminder.
    """

    def act(session: Session, seen: ReminderSeen) -> None:
        if seen.reminder.state is not ReminderState.PAUSED:
            raise Conflict(message("This reminder is not paused any more."))
        require_receivers(seen)
        step = _begin(session, seen, StepKind.RESUME, ReminderState.ACTIVE, who, now)
        numbers = missed.merged(seen.planned, seen.clinic.hours, now)
        steps.stops(session, step, [reminder_id], numbers)
        merge_missed(session, seen, now)
        _tell(session, seen, Event.RESUMED, who, now, {"merged": len(numbers)})

    return _changed(database, team_id, reminder_id, act)


def send_now(
    database: Database, team_id: str, reminder_id: int, *, number: int, who: str, now: datetime
) -> ReminderSeen:
    """Move occurrence `number`, the next one, to this moment, or to the clinic's next opening if it is closed.

    It stays the planned occurrence, so that it cannot go twice; asked for again, it is not the one after it that goes.

    Raises:
        Conflict: if it is paused, nothing is left to send, it goes as early as that already, or the clinic sends
            nothing more before it is due.
        NotFound: if this workspace has no such reminder.
    """

    def act(session: Session, seen: ReminderSeen) -> None:
        if seen.is_paused:
            raise Conflict(message("This reminder is paused. Resume it first."))
        _require_active(seen)
        require_receivers(seen)
        if seen.next_number != number:
            raise Conflict(message("It is on its way already."))
        coming = seen.coming[0]
        match timing.decide_hour(coming.due_date, seen.clinic.hours, now):
            case timing.TooLate():
                raise Conflict(
                    message("The clinic sends nothing more before it is due. Edit it, and choose a later due date.")
                )
            case timing.Postpone(until):
                send_at = until
            case timing.SendNow():
                send_at = now
        asked = seen.last_step
        if coming.send_at <= now or (asked and asked.kind is StepKind.SEND_NOW and coming.send_at == asked.at):
            raise Conflict(message("It is on its way already."))
        if coming.send_at <= send_at:
            raise Conflict(message("The clinic is closed. It goes out as soon as the clinic sends again, as planned."))
        step = _begin(session, seen, StepKind.SEND_NOW, seen.reminder.state, who, now)
        steps.stops(session, step, [reminder_id], [coming.number])
        deliveries.move_up(session, reminder_id, coming.number, send_at=send_at)
        _tell(session, seen, Event.MOVED_UP, who, now)

    return _changed(database, team_id, reminder_id, act)


def skip(database: Database, team_id: str, reminder_id: int, *, number: int, who: str, now: datetime) -> ReminderSeen:
    """Leave out occurrence `number`, the next one; those after it stay as they are.

    Raises:
        Conflict: if it is not the next one any more, none comes after it, or somebody changed it at the same moment.
        NotFound: if this workspace has no such reminder.
    """

    def act(session: Session, seen: ReminderSeen) -> None:
        if seen.reminder.state is ReminderState.CANCELLED or len(seen.coming) < 2:
            raise Conflict(message("There is no other one after it. Cancel the reminder instead."))
        if seen.next_number != number:
            raise Conflict(message("It was skipped or sent meanwhile."))
        step = _begin(session, seen, StepKind.SKIP, seen.reminder.state, who, now)
        steps.stops(session, step, [reminder_id], [number])
        deliveries.skip_planned(session, reminder_id, [number], reason=Reason.SKIPPED_BY_STAFF, now=now)
        _tell(session, seen, Event.SKIPPED, who, now)

    return _changed(database, team_id, reminder_id, act)


def merge_missed(session: Session, seen: ReminderSeen, now: datetime) -> None:
    """Record what a reminder that goes on missed and what will neither be sent nor told to staff."""
    numbers = missed.merged(seen.planned, seen.clinic.hours, now)
    deliveries.skip_planned(session, seen.reminder.id, numbers, reason=Reason.MERGED, now=now)


def require_receivers(seen: ReminderSeen) -> None:
    """Nothing is sent for a patient who died or to a client who left.

    Raises:
        Conflict: if that is so here; says what to do first.
    """
    if not seen.patient.alive:
        raise Conflict(message("This patient has died and gets no reminders."))
    if not seen.client.active:
        raise Conflict(message("This client is inactive and gets no reminders."))
    if not seen.patient.active:
        raise Conflict(message("This patient is inactive and gets no reminders."))


def _changed(
    database: Database, team_id: str, reminder_id: int, act: Callable[[Session, ReminderSeen], None]
) -> ReminderSeen:
    """Do something to a reminder in one transaction; the reminder as it stands then."""
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        clinics.hold(session, workspace)
        act(session, reminder_seen.read(session, workspace, reminder_id, lock=True))
        return reminder_seen.read(session, workspace, reminder_id)


def _begin(session: Session, seen: ReminderSeen, kind: StepKind, to: ReminderState, who: str, now: datetime) -> int:
    """Note a step and set the reminder's state, which also counts its version on."""
    step = steps.add(session, seen.reminder.workspace_id, kind, by=who, at=now)
    steps.touches(session, step, seen.reminder)
    if not reminders.change_state(session, seen.reminder, to):
        raise Changed
    return step


def _tell(
    session: Session,
    seen: ReminderSeen,
    event: Event,
    who: str,
    now: datetime,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    history.add(
        session,
        workspace=seen.reminder.workspace_id,
        reminder=seen.reminder.id,
        event=event,
        at=now,
        actor=who,
        detail=detail,
    )


def _require_active(seen: ReminderSeen) -> None:
    if seen.reminder.state is ReminderState.CANCELLED or not seen.waits:
        raise Conflict(message("Nothing of this reminder is left to send."))


def _nothing_to_restore(seen: ReminderSeen) -> Conflict:
    if any(one.state is DeliveryState.CANCELLED for one in seen.deliveries):
        return Conflict(message("Every due date of this reminder has passed. Make a new one instead."))
    return Conflict(message("Nothing of this reminder is left to send. Make a new one instead."))
