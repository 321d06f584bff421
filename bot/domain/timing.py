"""At which moment does a reminder go out, and is this a good moment to send it?

A due date and a number of days before it name a send date in the clinic's calendar; the clinic's send time makes a
moment of it (rules P5, P6 and P9). Before saving, `plan` works every moment out or refuses with what would work. On
the day, `decide_hour` says whether to send now, to wait for the clinic's next opening, or that it is too late. When the
clinic's zone, hours or closed days change, `replan` says when everything that waits goes instead.

A send date on which the clinic sends nothing moves to another day (`bot.domain.closed_days`).

Wall-clock times that the clock skips or shows twice each mean exactly one moment. A skipped one (02:30 on 2026-03-29
in Stockholm) is read with the offset before the change: the clock then shows 03:30. One that comes twice (02:30 on
2026-10-25) is its first. A window always holds its own send moment, also on a night that swallows both.

Only the first occurrence decides whether a number of days before is refused: due dates strictly increase, so every
later send date lies after the first one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.domain import closed_days
from bot.domain.closed_days import ONE_DAY, Moved
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
    """Every coming send of `course`; no `send_at` is before `now`, and each lies after the one ahead of it.

    Raises:
        Refused: for each field that cannot be used, with what would work.
    """
    require_utc(now)
    due = due_dates(course.schedule)
    days, before = due[course.passed :], course.schedule.send_before
    refusals: dict[Field, Message] = {}
    problem = due_date_problem(days[0], hours, now)
    if problem is not None:
        refusals[Field.DUE_DATE] = problem
    problem = send_before_problem(days[0], before, hours, now)
    if problem is not None:
        refusals[Field.SEND_BEFORE] = problem
    if refusals:
        raise Refused(refusals)
    ahead, earliest = timedelta(days=before), _earliest_send_date(hours, now)
    if course.passed:  # the day of the one before this is taken
        earliest = max(earliest, due[course.passed - 1] - ahead + ONE_DAY)
    goes_on = closed_days.send_dates([day - ahead for day in days], days, hours.closed, earliest=earliest)
    return [
        PlannedOccurrence(number, day, max(send_moment(sent, hours), now))
        for number, (day, sent) in enumerate(zip(days, goes_on, strict=True), course.next_number)
    ]


def moved(due: date, send_before: int, hours: SendingHours, send_at: datetime) -> Moved | None:
    """Why a send planned for `send_at` is not on its own date, or is although nothing is sent then; else `None`."""
    return closed_days.moved(due - timedelta(days=send_before), _day(send_at, hours), hours.closed)


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


def decide_hour(due: date, hours: SendingHours, now: datetime, *, following: date | None = None) -> Hour:
    """Whether an occurrence due on `due` may go out at `now`, which can be long after its planned moment.

    A reminder found late, after the bot was down, still goes out up to the closing of the due date's own window. On a
    day without sends it waits for the next open day up to the due date, and goes all the same where there is none, or
    where the same reminder sends again before then: `following` is the date on which its next occurrence would go by
    itself.
    """
    first = _earliest_send_date(hours, require_utc(now))
    if first > due:
        return TooLate()
    day = closed_days.next_open(first, closed_days.last_day(due, following), hours.closed)
    opens = window(day, hours).opens
    return SendNow() if opens <= now else Postpone(opens)


def replan(
    waiting: Sequence[PlannedOccurrence],
    send_before: int,
    hours: SendingHours,
    now: datetime,
    *,
    previous: date | None = None,
) -> list[PlannedOccurrence]:
    """What waits of one reminder, in order, with the moments that it has by `hours` from now on.

    `previous` is the due date of the occurrence before them, of which nothing waits any more. One that was late already
    stays on its day where that is open, and takes the next open one otherwise. What staff moved up goes as soon as the
    clinic sends. What the new hours leave no moment for until its due date is not in the result: it keeps the one it
    has.
    """
    if moved_up := [one for one in waiting if one.is_moved_up]:
        others = [one for one in waiting if not one.is_moved_up]
        anew = replan(others, send_before, hours, now, previous=moved_up[-1].due_date)
        return sorted([*_as_soon_as_sent(moved_up, hours, now), *anew], key=lambda one: one.number)
    ahead, earliest = timedelta(days=send_before), _earliest_send_date(hours, require_utc(now))
    possible = [one for one in waiting if one.due_date >= earliest]
    late = [one for one in possible if one.due_date - ahead < earliest]
    in_time = possible[len(late) :]
    own_dates = [one.due_date - ahead for one in possible]
    days = [
        _late_day(one, following, hours, earliest) for one, following in zip(late, [*own_dates, None][1:], strict=False)
    ]
    taken = [*days, *([previous - ahead] if previous is not None else [])]
    days += closed_days.send_dates(
        own_dates[len(late) :],
        [one.due_date for one in in_time],
        hours.closed,
        earliest=max([earliest, *(day + ONE_DAY for day in taken)]),
    )
    return [
        dataclasses.replace(one, send_at=max(send_moment(day, hours), now))
        for one, day in zip(possible, days, strict=True)
    ]


def _as_soon_as_sent(
    moved_up: Sequence[PlannedOccurrence], hours: SendingHours, now: datetime
) -> Iterator[PlannedOccurrence]:
    for one in moved_up:
        match decide_hour(one.due_date, hours, now):
            case SendNow():
                yield dataclasses.replace(one, send_at=now)
            case Postpone(until):
                yield dataclasses.replace(one, send_at=until)


def _late_day(one: PlannedOccurrence, following: date | None, hours: SendingHours, earliest: date) -> date:
    planned = _day(one.send_at, hours)
    if earliest <= planned <= one.due_date and planned not in hours.closed:
        return planned
    return closed_days.next_open(earliest, closed_days.last_day(one.due_date, following), hours.closed)


def _earliest_send_date(hours: SendingHours, now: datetime) -> date:
    today = hours.today(now)
    return today if now < window(today, hours).closes else today + ONE_DAY


def _day(moment: datetime, hours: SendingHours) -> date:
    return moment.astimezone(hours.zone).date()


def _moment(day: date, wall_time: time, hours: SendingHours, *, fold: int = 0) -> datetime:
    return datetime.combine(day, wall_time, hours.zone).replace(fold=fold).astimezone(UTC)
