"""Is staff told of what a patient waits for already, and of nothing that has nothing to do with it?"""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.similar import PatientWaiting, similar

DAY = date(2026, 12, 10)


def waiting(number: int, template: int | None, *days: int) -> PatientWaiting:
    return PatientWaiting(number, template, None, "S", tuple(date(2026, 12, day) for day in days))


@pytest.mark.parametrize(
    ("there", "template", "due", "expected"),
    [
        ([waiting(1, 7, 30)], 7, DAY, [(1, 30, True)]),  # one template, whenever it is due
        ([waiting(1, 7, 30)], 8, DAY, []),
        ([waiting(1, 7, 30)], None, DAY, []),  # free text has no template in common with anything
        ([waiting(1, None, 30)], None, DAY, []),
        ([waiting(1, 8, 7), waiting(2, 8, 13)], 7, DAY, [(1, 7, False), (2, 13, False)]),  # 3 days before and after
        ([waiting(1, 8, 6), waiting(2, 8, 14)], 7, DAY, []),  # 4 days
        ([waiting(1, 8, 1, 9, 17)], 7, DAY, [(1, 9, False)]),  # a recurring one: its nearest day
        ([waiting(1, 8, 10), waiting(2, 7, 30)], 7, DAY, [(2, 30, True), (1, 10, False)]),  # the template first
        ([waiting(1, 7, 20, 30)], 7, None, [(1, 20, True)]),  # no due date yet: the next one
        ([waiting(1, 8, 10)], 7, None, []),
        ([waiting(9, 7, 10)], 7, DAY, []),  # the reminder that is being edited
        ([waiting(1, 7)], 7, DAY, []),
    ],
)
def test_like_what_is_filled_in(
    there: list[PatientWaiting], template: int | None, due: date | None, expected: list[tuple[int, int, bool]]
) -> None:
    found = similar(there, template_id=template, due_date=due, but=9)
    assert [(one.waiting.reminder_id, one.due_date.day, one.is_of_same_template) for one in found] == expected
