"""On which days does a recurring reminder fall due?

Occurrence k has due date anchor + k × interval, counted from the anchor by calendar arithmetic (rules P7 and P9): a
reminder anchored on 31 January falls due on 28 February and then on 31 March, not on the 28th for ever after.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.domain.errors import Field, Refused
from bot.domain.messages import Message, message
from bot.domain.model import Recurrence, Schedule

FEWEST_REPETITIONS: Final = 2
MOST_REPETITIONS: Final = 99

_INTERVALS: Final = {
    Recurrence.DAILY: relativedelta(days=1),
    Recurrence.WEEKLY: relativedelta(weeks=1),
    Recurrence.EVERY_2_WEEKS: relativedelta(weeks=2),
    Recurrence.MONTHLY: relativedelta(months=1),
    Recurrence.EVERY_2_MONTHS: relativedelta(months=2),
    Recurrence.EVERY_3_MONTHS: relativedelta(months=3),
    Recurrence.EVERY_6_MONTHS: relativedelta(months=6),
    Recurrence.YEARLY: relativedelta(years=1),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Course:
    """A schedule, and how far along it a reminder has come; occurrences are numbered from 1 over its whole life."""

    schedule: Schedule
    first_number: int = 1
    """The number of the occurrence that falls on the schedule's due date, the anchor."""
    next_number: int = 1
    """The number of the next occurrence to be sent."""

    @property
    def passed(self) -> int:
        """How many of the schedule's due dates lie behind."""
        return self.next_number - self.first_number

    @property
    def next_due_date(self) -> date:
        """When the next occurrence falls due."""
        return due_dates(self.schedule)[self.passed]

    @property
    def times(self) -> int:
        """How many times the reminder is sent in all, those included that went out before the anchor."""
        return self.first_number - 1 + self.schedule.repetitions

    def changed_to(self, typed: Schedule) -> Course:
        """The course after staff typed the next due date and how many times in all.

        While neither the next due date nor the interval changes, the anchor stays: what falls due on 28 February and
        began on 31 January goes on to 31 March (rule P9).
        """
        if typed.due_date == self.next_due_date and typed.recurrence is self.schedule.recurrence:
            anchor, first = self.schedule.due_date, self.first_number
        else:
            anchor, first = typed.due_date, self.next_number
        left = 1 if typed.recurrence is Recurrence.NONE else typed.repetitions - first + 1
        recurrence = Recurrence.NONE if left == 1 else typed.recurrence
        return Course(Schedule(anchor, typed.send_before, recurrence, left), first, self.next_number)


def due_dates(schedule: Schedule) -> list[date]:
    """Every due date of `schedule`, strictly increasing; the first is the anchor itself.

    Raises:
        Refused: if the number of repetitions does not fit the interval, or a date lies beyond the calendar's end.
    """
    problem = repetitions_problem(schedule.recurrence, schedule.repetitions)
    if problem is not None:
        raise Refused({Field.REPETITIONS: problem})
    if schedule.recurrence is Recurrence.NONE:
        return [schedule.due_date]
    interval = _INTERVALS[schedule.recurrence]
    dates: list[date] = []
    for k in range(schedule.repetitions):
        try:
            dates.append(schedule.due_date + k * interval)
        except (ValueError, OverflowError):  # past 31 December 9999
            raise Refused({Field.REPETITIONS: _beyond_the_calendar(len(dates))}) from None
    return dates


def repetitions_problem(recurrence: Recurrence, repetitions: int) -> Message | None:
    """What is wrong with sending `repetitions` times at this interval, or `None` when nothing is (rule P7)."""
    if recurrence is Recurrence.NONE:
        if repetitions == 1:
            return None
        return message("Without a recurring interval the reminder is sent once. Choose an interval, or enter 1 here.")
    if repetitions < FEWEST_REPETITIONS:
        return message(
            "A recurring reminder is sent at least {fewest} times. Enter {fewest} to {most}, or choose no recurrence.",
            fewest=FEWEST_REPETITIONS,
            most=MOST_REPETITIONS,
        )
    if repetitions > MOST_REPETITIONS:
        return message(
            "That is more often than a reminder can repeat. Enter {fewest} to {most}.",
            fewest=FEWEST_REPETITIONS,
            most=MOST_REPETITIONS,
        )
    return None


def _beyond_the_calendar(fitting: int) -> Message:
    if fitting < FEWEST_REPETITIONS:
        return message("The calendar ends before the second time. Choose an earlier due date, or no recurrence.")
    return message("The calendar ends before that. Enter at most {most}.", most=fitting)
