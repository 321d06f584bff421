"""On which days does a clinic send nothing, and to which day does a send move then?

A send whose own date is closed moves to the nearest earlier open day that is not past, else to the nearest later one up
to the due date. Where there is none it goes on its own date after all: a reminder that is silently not sent is worse
than one that comes on a Sunday.

One reminder sends on one day once. A day on which its occurrence before or after this one goes is therefore not open
to this one, and one whose own date is open never makes room for another. So a weekly reminder moves off the weekend,
while a daily one, whose neighbouring days are all taken, goes on Saturday and Sunday too instead of arriving three
times on Friday.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import Enum, auto
from itertools import chain
from typing import Final, Protocol

WEEK: Final = range(1, 8)
"""The days of the week as ISO 8601 numbers them: 1 is Monday, 7 is Sunday."""
ONE_DAY: Final = timedelta(days=1)


class Holidays(Protocol):
    """The public holidays of one place."""

    def __contains__(self, day: object, /) -> bool:
        """Whether `day` is one of them."""
        ...

    def name(self, day: date, language: str) -> str:
        """What a holiday is called in a language (`en`, `sv`), or else in its country's own."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class NoHolidays:
    """A clinic that sends on public holidays as on any other day."""

    def __contains__(self, day: object, /) -> bool:
        return False

    def name(self, day: date, language: str) -> str:  # noqa: ARG002  # there is nothing to name
        """Nothing: no day is one."""
        return ""


@dataclasses.dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days on which a clinic sends nothing; at least one day of the week is always open."""

    weekdays: frozenset[int] = frozenset()
    """Of `WEEK`."""
    holidays: Holidays = NoHolidays()

    def __post_init__(self) -> None:
        if not self.weekdays < set(WEEK):
            raise ValueError("closed on all seven days of the week: one at least has to be left for sending")

    def __contains__(self, day: date, /) -> bool:
        return day.isoweekday() in self.weekdays or day in self.holidays


OPEN_EVERY_DAY: Final = ClosedDays()


class Move(Enum):
    """Where a send went whose own date is closed."""

    EARLIER = auto()
    LATER = auto()
    NOWHERE = auto()
    """It goes on its own date: no other day was left."""


@dataclasses.dataclass(frozen=True, slots=True)
class Moved:
    """Why a send is not, or is all the same, on a closed day: `own_date` is the due date less the days before."""

    own_date: date
    move: Move


def moved(own_date: date, goes_on: date, closed: ClosedDays) -> Moved | None:
    """What closed days did to a send; `None` where its own date is open."""
    if own_date not in closed:
        return None
    if goes_on == own_date:
        return Moved(own_date, Move.NOWHERE)
    return Moved(own_date, Move.EARLIER if goes_on < own_date else Move.LATER)


def send_dates(
    own_dates: Sequence[date], due_dates: Sequence[date], closed: ClosedDays, *, earliest: date
) -> list[date]:
    """The day on which each occurrence of one reminder goes, strictly increasing.

    Own dates and due dates strictly increase; no own date lies before `earliest`, the first day on which anything can
    still be sent, nor after its due date.
    """
    found: list[date] = []
    following: Sequence[date | None] = [*own_dates, None][1:]
    for own, due, after in zip(own_dates, due_dates, following, strict=True):
        first = max(earliest, found[-1] + ONE_DAY) if found else earliest
        found.append(_nearest_open(own, first, last_day(due, after), closed) if own in closed else own)
    return found


def next_open(first: date, last: date, closed: ClosedDays) -> date:
    """The first open day from `first` to `last`, or `first` where there is none."""
    return next((day for day in _upwards(first, last) if day not in closed), first)


def last_day(due: date, after: date | None) -> date:
    """The last day on which an occurrence may go whose successor's own date is `after`."""
    return due if after is None else min(due, after - ONE_DAY)


def _nearest_open(own: date, first: date, last: date, closed: ClosedDays) -> date:
    days = chain(_downwards(own, first), _upwards(max(own, first), last))
    return next((day for day in days if day not in closed), own)


def _downwards(day: date, first: date) -> Iterator[date]:
    while day >= first:
        yield day
        day -= ONE_DAY


def _upwards(day: date, last: date) -> Iterator[date]:
    while day <= last:
        yield day
        day += ONE_DAY
