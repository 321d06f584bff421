"""A reminder was paused for a while and goes on. What becomes of the sends that it missed?

A client must not get several messages at once because of a pause. Of what could still be sent, the newest goes; of what
is past its due date, the newest is told to staff as not sent in time, as any other delivery is that comes too late. The
older ones of either kind are merged into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.model import PlannedOccurrence, SendingHours
from bot.domain.timing import TooLate, decide_hour


def merged(planned: Iterable[PlannedOccurrence], hours: SendingHours, now: datetime) -> set[int]:
    """The numbers of those occurrences that are recorded as missed and neither sent nor told to staff."""
    missed = sorted((one for one in planned if one.send_at <= now), key=lambda one: one.number)
    too_late = [one.number for one in missed if isinstance(decide_hour(one.due_date, hours, now), TooLate)]
    in_time = [one.number for one in missed if one.number not in too_late]
    return {*too_late[:-1], *in_time[:-1]}
