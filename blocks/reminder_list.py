"""What does a page of reminders look like (rule P15)?

One row a reminder, each with a button that opens it. The mark before a row tells by colour how near the due date is,
and what is past says so in words too. Where a reminder was not sent, its button leads to the answer why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import Enum

from slack_sdk.models.blocks import ButtonElement

from blocks.elements import Json, actions, button, context, header, section
from blocks.ids import Action
from blocks.limits import clip
from blocks.list_filter import ListFilter, filter_blocks, loosening
from blocks.text import bold, escape
from blocks.translator import Words

ROWS_ON_A_PAGE = 20
"""More would come too near Slack's limit for the text of one message."""
_NAME_LENGTH = 80
_DETAIL_LENGTH = 200
_LINE_LENGTH = 400


class DueMark(Enum):
    """The colour of a due date, by the due date alone."""

    FAR = "⚫"
    """Beyond 30 days."""
    SOON = "🟡"
    """Within 30 days."""
    PAST = "🔴"


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder, in finished strings."""

    value: str
    """What its button sends back: the reminder's id."""
    patient: str
    client: str
    what: str
    """The template's name, or the subject of free text."""
    how: str
    details: Sequence[str]
    """Where it stands, when it goes, when it is due."""
    mark: DueMark
    fell_short: bool = False
    """Whether it was not sent, so that its button answers why."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderList:
    """One page. `previous` and `following` are what the page buttons send back, empty where there is no page."""

    chosen: ListFilter
    rows: Sequence[ReminderRow] = ()
    total: int = 0
    """How many are found in all."""
    page: str = ""
    """Which of how many pages this is, as a finished string; empty where there is but one."""
    nothing_waits: bool = False
    """Whether nothing is found although nothing but what waits is asked for."""
    previous: str = ""
    following: str = ""


def reminder_list_message(page: ReminderList, words: Words) -> Json:
    """The page as a message."""
    title = words("Reminders")
    new = button(Action.REMINDER_NEW.value, words("New reminder"), style=None if page.rows else "primary")
    blocks = [header(title), *list_blocks(page, words), actions(*_pages(page, words), new)]
    return {"text": title, "blocks": blocks}


def list_blocks(page: ReminderList, words: Words) -> list[Json]:
    """What is chosen, and the rows; or that there are none, and what to loosen."""
    blocks = filter_blocks(page.chosen, page.total, words)
    if page.rows:
        rows = [_row(row, words) for row in page.rows[:ROWS_ON_A_PAGE]]
        return [*blocks, *rows, *([context(escape(page.page, _DETAIL_LENGTH))] if page.page else [])]
    if page.nothing_waits:
        return [*blocks, section(words("No reminders are waiting."))]
    return [*blocks, section(words("No reminder is like this.")), *loosening(page.chosen, words)]


def page_buttons(page: ReminderList, words: Words) -> list[Json]:
    """The buttons to the neighbouring pages, if there are any."""
    buttons = _pages(page, words)
    return [actions(*buttons)] if buttons else []


def _row(row: ReminderRow, words: Words) -> Json:
    patient, client = escape(row.patient, _NAME_LENGTH), escape(row.client, _NAME_LENGTH)
    what, how = escape(row.what, _NAME_LENGTH), escape(row.how, _NAME_LENGTH)
    first = f"{row.mark.value} {bold(patient)} ({client}) · {what} · {how}"
    second = " · ".join(escape(detail, _DETAIL_LENGTH) for detail in row.details)
    if row.fell_short:
        opens = button(Action.REMINDER_HISTORY.value, words("Why not sent?"), row.value)
    else:
        opens = button(Action.REMINDER_OPEN.value, words("Open"), row.value)
    return section(f"{first}\n{clip(second, _LINE_LENGTH)}", opens)


def _pages(page: ReminderList, words: Words) -> list[ButtonElement]:
    buttons: list[ButtonElement] = []
    if page.previous:
        buttons.append(button(Action.REMINDER_LIST_PREVIOUS.value, words("Previous page"), page.previous))
    if page.following:
        buttons.append(button(Action.REMINDER_LIST_NEXT.value, words("Next page"), page.following))
    return buttons
