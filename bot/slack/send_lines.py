"""How does one coming send read: when it goes, and why not on its own day?

The same line stands in the form before Save and on the card after it (rule P8).
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import timing
from bot.domain.closed_days import Move, Moved
from bot.domain.model import PlannedOccurrence, SendingHours
from bot.i18n import Words


def send_line(
    one: PlannedOccurrence, send_before: int, hours: SendingHours, words: Words, now: datetime | None = None
) -> str:
    """A planned send in the clinic's time; with `now`, one that is due by then is said to go at once."""
    moment = words.moment(one.send_at, hours.zone)
    at_once = now is not None and one.send_at <= now
    moved = timing.moved(one.due_date, send_before, hours, one.send_at)
    if moved is None:
        return words("{moment}: at once", moment=moment) if at_once else moment
    if moved.move is Move.NOWHERE:
        return _all_the_same(moment, _holiday(moved, hours, words), words, at_once=at_once)
    because = _because(moved, hours, words)
    if at_once:
        return words("{moment}: at once, {because}", moment=moment, because=because)
    if moved.move is Move.EARLIER:
        return words("{moment}: earlier, {because}", moment=moment, because=because)
    return words("{moment}: later, {because}", moment=moment, because=because)


def _because(moved: Moved, hours: SendingHours, words: Words) -> str:
    holiday = _holiday(moved, hours, words)
    if holiday:
        return words("since {day} is {holiday}", day=moved.own_date, holiday=holiday)
    return words("since {day} is a day without sends", day=moved.own_date)


def _all_the_same(moment: str, holiday: str, words: Words, *, at_once: bool) -> str:
    if holiday:
        if at_once:
            return words("{moment}: at once, although it is {holiday}", moment=moment, holiday=holiday)
        return words("{moment}: although it is {holiday}, since no other day is left", moment=moment, holiday=holiday)
    if at_once:
        return words("{moment}: at once, although it is a day without sends", moment=moment)
    return words("{moment}: although it is a day without sends, since no other day is left", moment=moment)


def _holiday(moved: Moved, hours: SendingHours, words: Words) -> str:
    holidays = hours.closed.holidays
    return holidays.name(moved.own_date, words.language) if moved.own_date in holidays else ""
