"""At which moment does a reminder go out, and is this a good moment to send it?

A due date and a number of days before it name a send date in the clinic's calendar; the clinic's send time makes a
moment of it (rules P5, P6 and P9). Before saving, `plan` works every moment out or refuses with what would work. On
the day, `decide_hour` says whether to send now, to wait for the clinic's next opening, or that it is too late.

Wall-clock times that the clock skips or shows twice each mean exactly one moment. A skipped one (02:30 on 2026-03-29
in Stockholm) is read with the offset before the change: the clock then shows 03:30. One that comes twice (02:30 on
2026-10-25) is its first. A window always holds its own send moment, also on a night that swallows both.

Only the first occurrence decides whether a number of days before is refused: due dates strictly increase, so every
later send date lies after the first one.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.domain.errors import Field, Refused
from bot.domain.messages import Message, message, message_plural
from bot.domain.model import PlannedOccurrence, SendingHours, require_utc
from bot.domain.recurrence import Course, due_dates

FARTHEST_YEARS: Final = 20
"""A due date further ahead than this is taken for a slip of the keyboard."""


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """The moments of one day between which a clinic sends: `opens` included, `closes` excluded."""

    opens: datetime
    closes: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class SendNow:
    """The window is open and the due date not past."""


@dataclasses.dataclass(frozen=True, slots=True)
class Postpone:
    """The window is closed; it opens again at `until` (UTC), in time for the due date."""

    until: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class TooLate:
    """No sending window is left up to and including the due date."""


Hour = SendNow | Postpone | TooLate


def send_moment(day: date, hours: SendingHours) -> datetime:
    """The UTC moment at which a reminder with send date `day` goes out."""
    return _moment(day, hours.send_time, hours)


def window(day: date, hours: SendingHours) -> Window:
    """The sending window of `day`, as UTC moments; the send moment of that day lies within it."""
    sends = send_moment(day, hours)
    closes = max(_moment(day, hours.closes, hours), _moment(day, hours.closes, hours, fold=1))
    if closes <= sends:  # the clock jumps over the closing time's own hour
        closes = sends + timedelta(hours=1)
    return Window(min(_moment(day, hours.opens, hours), sends), closes)


def plan(course: Course, hours: SendingHours, now: datetime) -> list[PlannedOccurrence]:
    """Every coming send of `course`; no `send_at` is before `now`, none before the one ahead of it.

    Raises:
        Refused: for each field that cannot be used, with what would work.
    """
    require_utc(now)
    days = due_dates(course.schedule)[course.passed :]
    before = course.schedule.send_before
    refusals: dict[Field, Message] = {}
    problem = due_date_problem(days[0], hours, now)
    if problem is not None:
        refusals[Field.DUE_DATE] = problem
    problem = send_before_problem(days[0], before, hours, now)
    if problem is not None:
        refusals[Field.SEND_BEFORE] = problem
    if refusals:
        raise Refused(refusals)
    return [
        PlannedOccurrence(number, day, max(send_moment(day - timedelta(days=before), hours), now))
        for number, day in enumerate(days, course.next_number)
    ]


def largest_send_before(due: date, hours: SendingHours, now: datetime) -> int | None:
    """The largest number of days before `due` that can still be kept, or `None` when `due` itself cannot."""
    days = (due - _earliest_send_date(hours, now)).days
    return days if days >= 0 else None


def due_date_problem(due: date, hours: SendingHours, now: datetime) -> Message | None:
    """What is wrong with this due date, or `None` when a reminder can still be sent by then (rule P5)."""
    today = hours.today(now)
    if due < today:
        return message("This day has passed. Choose today or a later day.")
    if due - relativedelta(years=FARTHEST_YEARS) > today:
        return message("This is more than {years} years ahead. Check the year.", years=FARTHEST_YEARS)
    if largest_send_before(due, hours, now) is None:
        return message(
            "The clinic sends nothing more today after {closes}. Choose tomorrow or a later day.", closes=hours.closes
        )
    return None


def send_before_problem(due: date, days: int, hours: SendingHours, now: datetime) -> Message | None:
    """What is wrong with sending `days` before `due`, or `None` when it can be done (rule P6).

    A due date that cannot be kept at all is its own refusal; here only a negative number is refused then.
    """
    if days < 0:
        return message("Enter 0 or more: 0 sends the reminder on the due date itself.")
    largest = largest_send_before(due, hours, now)
    if largest is None or days <= largest:
        return None
    if largest == 0:
        return message("That day is over. With this due date it can only be sent on the day itself: enter 0.")
    return message_plural(
        "That day is over. With this due date you can send at most {count} day before.",
        "That day is over. With this due date you can send at most {count} days before.",
        largest,
    )


def decide_hour(due: date, hours: SendingHours, now: datetime) -> Hour:
    """Whether an occurrence due on `due` may go out at `now`, which can be long after its planned moment.

    A reminder found late, after the bot was down, still goes out up to the closing of the due date's own window.
    """
    today = hours.today(require_utc(now))
    if today > due:
        return TooLate()
    open_today = window(today, hours)
    if now < open_today.opens:
        return Postpone(open_today.opens)
    if now < open_today.closes:
        return SendNow()
    if today == due:
        return TooLate()
    return Postpone(window(today + timedelta(days=1), hours).opens)


def _earliest_send_date(hours: SendingHours, now: datetime) -> date:
    today = hours.today(now)
    return today if now < window(today, hours).closes else today + timedelta(days=1)


def _moment(day: date, wall_time: time, hours: SendingHours, *, fold: int = 0) -> datetime:
    return datetime.combine(day, wall_time, hours.zone).replace(fold=fold).astimezone(UTC)
