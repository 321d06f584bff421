"""When does the form say that the reminder falls due, how long before is it sent, and how often?

The four fields that rules P5 to P7 speak of. In the form of a reminder of which something was sent stand its next due
date and how many times it is sent in all.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import date, datetime

from bot.domain import timing, typed
from bot.domain.errors import Field, Refused, Unusable
from bot.domain.messages import Message, message, message_plural
from bot.domain.model import Recurrence, Schedule, SendingHours
from bot.domain.recurrence import FEWEST_REPETITIONS, MOST_REPETITIONS, Course, repetitions_problem

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_Wrong = dict[Field, Message]


@dataclasses.dataclass(frozen=True, slots=True)
class TypedDates:
    """The four fields as they arrived: nothing is cleaned, read or checked yet; `None` is an empty field."""

    due_date: date | str | None = None
    """A day, or as the calendar sends it: `2026-05-04`."""
    send_before: str | None = None
    recurrence: str | None = None
    repetitions: str | None = None


def course_of(form: TypedDates, before: Course | None, hours: SendingHours, now: datetime) -> Course:
    """The course that `form` describes, which `timing.plan` accepts; also for showing the coming sends before saving.

    `before` is the course of the reminder that is being changed, `None` for a new one.

    Raises:
        Refused: with a sentence for each of the four fields that cannot be used.
    """
    wrong: _Wrong = {}
    due = _due_date(form.due_date, wrong)
    ahead = _number(
        form.send_before,
        Field.SEND_BEFORE,
        message("Enter how many days before the due date. 0 sends it on the day itself."),
        wrong,
    )
    recurrence = _recurrence(form.recurrence, wrong)
    repetitions = _repetitions(form.repetitions, recurrence, before, wrong)
    if due is not None:
        _add(wrong, Field.DUE_DATE, timing.due_date_problem(due, hours, now))
        if ahead is not None:
            _add(wrong, Field.SEND_BEFORE, timing.send_before_problem(due, ahead, hours, now))
    if wrong or due is None or ahead is None or recurrence is None or repetitions is None:
        raise Refused(wrong)
    schedule = Schedule(due, ahead, recurrence, repetitions)
    course = Course(schedule) if before is None else before.changed_to(schedule)
    timing.plan(course, hours, now)
    return course


def day_of(text: str) -> date | None:
    """The day in the form, whatever else may be wrong with it; `None` if it is none."""
    return _due_date(text, {})


def _due_date(text: date | str | None, wrong: _Wrong) -> date | None:
    if isinstance(text, date):
        return text
    cleaned = (text or "").strip()
    if typed.is_blank(cleaned):
        wrong[Field.DUE_DATE] = message("Choose the due date.")
        return None
    if _ISO_DATE.fullmatch(cleaned):
        try:
            return date.fromisoformat(cleaned)
        except ValueError:
            wrong[Field.DUE_DATE] = message("There is no such day. Choose one from the calendar.")
            return None
    wrong[Field.DUE_DATE] = message("This is not a date. Choose one from the calendar.")
    return None


def _recurrence(text: str | None, wrong: _Wrong) -> Recurrence | None:
    if not text:
        return Recurrence.NONE
    if text not in set(Recurrence):
        wrong[Field.RECURRENCE] = message("This interval is not known. Choose one from the list.")
        return None
    return Recurrence(text)


def _repetitions(text: str | None, recurrence: Recurrence | None, before: Course | None, wrong: _Wrong) -> int | None:
    if recurrence is None or recurrence is Recurrence.NONE:
        return 1
    missing = message(
        "Enter how many times it is sent in all, {fewest} to {most}.", fewest=FEWEST_REPETITIONS, most=MOST_REPETITIONS
    )
    number = _number(text, Field.REPETITIONS, missing, wrong)
    if number is not None:
        problem = repetitions_problem(recurrence, number) or _already_over(number, before)
        _add(wrong, Field.REPETITIONS, problem)
    return number


def _already_over(repetitions: int, before: Course | None) -> Message | None:
    over = 0 if before is None else before.next_number - 1
    if repetitions > over:
        return None
    return message_plural(
        "{count} time is already over. Enter {least} or more, or cancel the reminder.",
        "{count} times are already over. Enter {least} or more, or cancel the reminder.",
        over,
        least=over + 1,
    )


def _number(text: str | None, field: Field, missing: Message, wrong: _Wrong) -> int | None:
    try:
        number = typed.whole_number(text)
    except Unusable as unusable:
        wrong[field] = unusable.reason
        return None
    if number is None:
        wrong[field] = missing
    return number


def _add(wrong: _Wrong, field: Field, problem: Message | None) -> None:
    if problem is not None:
        wrong[field] = problem
