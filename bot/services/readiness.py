"""A delivery was claimed. May it leave now, and as what; or what becomes of it instead (rule P11)?

Decided from what was read in the transaction of the claim, so that a reminder cancelled, or a patient who died, a
moment ago is noticed. Nothing is written here.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.domain import missed, recheck, timing
from bot.domain.model import DeliveryState, Event, PlannedOccurrence, Reason, SendingHours
from bot.domain.template import TemplateBroken
from bot.services.senders import Parcel, Senders
from bot.store.claims import Due


@dataclasses.dataclass(frozen=True, slots=True)
class Leaves:
    """It may leave, as this."""

    parcel: Parcel


@dataclasses.dataclass(frozen=True, slots=True)
class Ends:
    """It does not go to the client."""

    state: DeliveryState
    reason: Reason


@dataclasses.dataclass(frozen=True, slots=True)
class Waits:
    """It goes at another moment; `event` is what its history tells of that, if anything."""

    send_at: datetime
    event: Event | None = None


Decision: TypeAlias = Leaves | Ends | Waits


def decide(due: Due, senders: Senders, now: datetime) -> Decision:
    """What becomes of a claimed delivery at `now`, which may be a moment before it is due."""
    now = max(now, due.send_at)
    verdict = recheck.check(
        recheck.Situation(
            state=due.reminder.state,
            channel=due.channel,
            channel_set_up=due.channel in senders.channels,
            client=due.client,
            patient=due.patient,
            country=due.clinic.country,
            email_override=due.reminder.draft.email_override,
            phone_override=due.reminder.draft.phone_override,
        )
    )
    if isinstance(verdict, recheck.Stop) and verdict.reason is Reason.REMINDER_PAUSED:
        # Paused after it was claimed: it waits, as what was paused before.
        return Waits(due.send_at)
    if isinstance(verdict, recheck.Stop) and not verdict.reason.asks_staff:
        # Cancelled after it was claimed: it ends as what was cancelled before, so that it can be restored too.
        cancelled = verdict.reason is Reason.REMINDER_CANCELLED
        return Ends(DeliveryState.CANCELLED if cancelled else DeliveryState.SKIPPED, verdict.reason)
    hours = dataclasses.replace(due.clinic.hours, zone=due.zone)
    if _is_merged(due, hours, now):
        return Ends(DeliveryState.SKIPPED, Reason.MERGED)
    match _hour(due, hours, now):
        case timing.TooLate():
            # What nobody could have sent on time either keeps its own reason: a letter to print, no address.
            reason = verdict.reason if isinstance(verdict, recheck.Stop) else Reason.TOO_LATE
            return Ends(DeliveryState.SKIPPED, reason)
        case timing.Postpone(until):
            return Waits(until, Event.POSTPONED)
        case timing.SendNow():
            pass
    if isinstance(verdict, recheck.Stop):
        return Ends(DeliveryState.SKIPPED, verdict.reason)
    try:
        return Leaves(senders.parcel(due, verdict.address))
    except TemplateBroken:
        return Ends(DeliveryState.FAILED, Reason.TEXT_BROKEN)


def _is_merged(due: Due, hours: SendingHours, now: datetime) -> bool:
    """Whether a later occurrence, missed as well, goes to the client or to staff in its place."""
    if not due.missed_too:
        return False
    this = PlannedOccurrence(due.number, due.due_date, due.send_at)
    return due.number in missed.merged([this, *due.missed_too], hours, now)


def _hour(due: Due, hours: SendingHours, now: datetime) -> timing.Hour:
    ahead = timedelta(days=due.reminder.draft.schedule.send_before)
    following = None if due.following_due is None else due.following_due - ahead
    return timing.decide_hour(due.due_date, hours, now, following=following)
