"""When does what waits go, now that its clinic sends at other times?

Part of the transaction that changed the clinic or brought a reminder back. The history of each reminder of which a send
moved gets one line, however many of its sends did.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import timing
from bot.domain.model import Clinic
from bot.store import replanning

if TYPE_CHECKING:
    from bot.store.database import Session


def plan_anew(session: Session, clinic: Clinic, *, now: datetime, reminder: int | None = None) -> list[tuple[int, int]]:
    """Give everything that waits of a clinic, or of one reminder, its moment by the clinic's hours as they are.

    Returns the reminders of which something moved, each with how many of its sends did.
    """
    moves: dict[datetime, list[int]] = defaultdict(list)
    planned: list[int] = []
    moved: list[tuple[int, int]] = []
    for one in replanning.waiting(session, clinic.id, now=now, reminder=reminder):
        waiting = {send.planned.number: send for send in one.sends}
        anew = timing.replan(
            [send.planned for send in one.sends], one.send_before, clinic.hours, now, previous=one.previous
        )
        planned += [waiting[send.number].occurrence_id for send in anew]
        others = [send for send in anew if send != waiting[send.number].planned]
        for send in others:
            moves[send.send_at] += waiting[send.number].deliveries
        if others:
            moved.append((one.reminder_id, len(others)))
    for moment, deliveries in moves.items():
        replanning.move(session, moment, deliveries, now=now)
    replanning.keep_zone(session, clinic.hours.zone, planned)
    return moved
