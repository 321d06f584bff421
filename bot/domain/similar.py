"""Does this patient wait for such a reminder already?

Two reminders of one kind, or of nearly one day, are often a slip: a colleague made the first. They can also be meant,
so staff are told and decide themselves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

NEAR: Final = timedelta(days=3)
"""How far apart two due dates may lie to be taken for the same occasion."""


@dataclasses.dataclass(frozen=True, slots=True)
class PatientWaiting:
    """A waiting reminder of a patient, with the due dates that are still to come."""

    reminder_id: int
    template_id: int | None
    template_name: str | None = dataclasses.field(repr=False)
    subject: str = dataclasses.field(repr=False)
    due_dates: tuple[date, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Similar:
    """One that is like what is being filled in, and its due date that lies nearest."""

    waiting: PatientWaiting
    due_date: date
    is_of_same_template: bool


def similar(
    waiting: Iterable[PatientWaiting], *, template_id: int | None, due_date: date | None, but: int | None = None
) -> list[Similar]:
    """Those that are made from the same template, and those due on nearly the same day, the nearest first.

    `but` is the reminder that is itself being edited.
    """
    found = []
    for one in waiting:
        if one.reminder_id == but or not one.due_dates:
            continue
        nearest = min(one.due_dates, key=lambda day: (_apart(day, due_date), day))
        same = template_id is not None and one.template_id == template_id
        if same or (due_date is not None and _apart(nearest, due_date) <= NEAR):
            found.append(Similar(one, nearest, same))
    return sorted(found, key=lambda one: (not one.is_of_same_template, _apart(one.due_date, due_date)))


def _apart(day: date, due_date: date | None) -> timedelta:
    return timedelta(0) if due_date is None else abs(day - due_date)
