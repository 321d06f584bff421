"""Which reminders does somebody want to see (rule P15)?

A filter is what a person chose in the list. Days are those of each reminder's own clinic, so what a window means is
worked out for one clinic at a time (`Bounds`). The due date that counts is the one that the list shows: the next one,
else the last one. What *sent* and *not sent* mean of one delivery is told in `bot.domain.outcome`.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.model import Method, SendingHours

SOON: Final = timedelta(days=30)
WEEK: Final = timedelta(days=7)
WORDS_LENGTH: Final = 200
"""Of what is searched for; longer than any name."""


class Status(StrEnum):
    """Where a reminder stands. A recurring one can stand in several places: sent once, and waiting again."""

    WAITING = "waiting"
    """Something is left to send, and nobody paused or cancelled it."""
    PAUSED = "paused"
    """Something is left to send once it is resumed."""
    SENT = "sent"
    """Something was sent, or handed to staff on its day since it goes by post."""
    NOT_SENT = "not-sent"
    """Something that was to be sent did not go."""
    TO_DEAL_WITH = "to-deal-with"
    """The same, and staff have not contacted the client yet."""
    CANCELLED = "cancelled"
    ALL = "all"


class Window(StrEnum):
    """Which sends or due dates are looked for."""

    ANY = "any"
    SENDS_TODAY = "sends-today"
    SENDS_THIS_WEEK = "sends-this-week"
    """Until Sunday, today included."""
    OVERDUE = "overdue"
    WITHIN_7_DAYS = "within-7-days"
    WITHIN_30_DAYS = "within-30-days"
    LATER = "later"
    """Due beyond 30 days."""
    BETWEEN = "between"
    """Due from one day to another, both included; either may be open."""


class Part(StrEnum):
    """The parts of a filter that can be taken off one by one."""

    WORDS = "words"
    CLINIC = "clinic"
    STATUS = "status"
    METHOD = "method"
    WINDOW = "window"
    MINE = "mine"


class Place(StrEnum):
    """Where a list is shown; what somebody chose is remembered for each of them."""

    HOME = "home"
    MESSAGE = "message"


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """What a window means at one clinic today; an open end is `None`."""

    first_due: date | None = None
    last_due: date | None = None
    sends_before: datetime | None = None
    """The next send must come before this UTC moment."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderFilter:
    """What a person chose. `first_day` and `last_day` are set only with `Window.BETWEEN`."""

    words: str = dataclasses.field(default="", repr=False)
    clinic_id: int | None = None
    status: Status = Status.WAITING
    method: Method | None = None
    window: Window = Window.ANY
    first_day: date | None = None
    last_day: date | None = None
    is_mine: bool = False
    """Only what the person made."""

    def __post_init__(self) -> None:
        if self.window is not Window.BETWEEN and (self.first_day or self.last_day):
            raise ValueError("only a window between two days has days")

    @property
    def is_backwards(self) -> bool:
        """Whether its first day lies after its last one, so that nothing can be found."""
        return self.first_day is not None and self.last_day is not None and self.first_day > self.last_day

    @property
    def parts(self) -> list[Part]:
        """What it leaves something out by."""
        chosen = {
            Part.WORDS: bool(self.words),
            Part.CLINIC: self.clinic_id is not None,
            Part.STATUS: self.status is not Status.ALL,
            Part.METHOD: self.method is not None,
            Part.WINDOW: self.window is not Window.ANY,
            Part.MINE: self.is_mine,
        }
        return [part for part, is_chosen in chosen.items() if is_chosen]

    def without(self, part: Part) -> ReminderFilter:
        """The same without one part of it."""
        match part:
            case Part.WORDS:
                return dataclasses.replace(self, words="")
            case Part.CLINIC:
                return dataclasses.replace(self, clinic_id=None)
            case Part.STATUS:
                return dataclasses.replace(self, status=Status.ALL)
            case Part.METHOD:
                return dataclasses.replace(self, method=None)
            case Part.WINDOW:
                return dataclasses.replace(self, window=Window.ANY, first_day=None, last_day=None)
            case Part.MINE:
                return dataclasses.replace(self, is_mine=False)

    def bounds(self, hours: SendingHours, now: datetime) -> Bounds:
        """What its window means at a clinic that sends at `hours`."""
        today, day = hours.today(now), timedelta(days=1)
        match self.window:
            case Window.ANY:
                return Bounds()
            case Window.SENDS_TODAY:
                return Bounds(sends_before=_midnight(today + day, hours))
            case Window.SENDS_THIS_WEEK:
                return Bounds(sends_before=_midnight(today + WEEK - timedelta(days=today.weekday()), hours))
            case Window.OVERDUE:
                return Bounds(last_due=today - day)
            case Window.WITHIN_7_DAYS:
                return Bounds(today, today + WEEK)
            case Window.WITHIN_30_DAYS:
                return Bounds(today, today + SOON)
            case Window.LATER:
                return Bounds(first_due=today + SOON + day)
            case Window.BETWEEN:
                return Bounds(self.first_day, self.last_day)


EVERYTHING: Final = ReminderFilter(status=Status.ALL)


def typed_words(text: str) -> str:
    """Search words as they were typed, on one line and no longer than is searched for."""
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in text)
    return " ".join(kept.split())[:WORDS_LENGTH].rstrip()


def _midnight(day: date, hours: SendingHours) -> datetime:
    return datetime.combine(day, time(0), hours.zone).astimezone(UTC)
