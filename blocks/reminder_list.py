"""What does a page of waiting reminders look like (rule P15)?

One row a reminder, each with a button that opens it. The mark before a row tells by colour how near the due date is,
and what is past says so in words too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import Enum

from slack_sdk.models.blocks import ButtonElement

from blocks.elements import Json, actions, button, context, header, section
from blocks.ids import Action
from blocks.limits import clip
from blocks.text import bold, escape
from blocks.translator import Words

ROWS_ON_A_PAGE = 20
"""More would come too near Slack's limit for the text of one message."""
_NAME_LENGTH = 80
_DATE_LENGTH = 60
_LINE_LENGTH = 250


class DueMark(Enum):
    """The colour of a due date, by the due date alone."""

    FAR = "⚫"
    """Beyond 30 days."""
    SOON = "🟡"
    """Within 30 days."""
    PAST = "🔴"


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderRow:
    """One waiting reminder, in finished strings."""

    value: str
    """What the Open button sends back: the reminder's id."""
    patient: str
    client: str
    what: str
    """The template's name, or the subject of free text."""
    how: str
    next_send: str
    due_date: str
    mark: DueMark


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderList:
    """One page. `previous` and `following` are what the page buttons send back, empty where there is no page."""

    rows: Sequence[ReminderRow] = ()
    more: int = 0
    """How many wait after this page."""
    previous: str = ""
    following: str = ""


def reminder_list_message(page: ReminderList, words: Words) -> Json:
    """The page as a message."""
    title = words("Waiting reminders")
    new = button(Action.REMINDER_NEW.value, words("New reminder"), style=None if page.rows else "primary")
    blocks = [header(title), *waiting_blocks(page, words), actions(*_pages(page, words), new)]
    return {"text": title, "blocks": blocks}


def waiting_blocks(page: ReminderList, words: Words) -> list[Json]:
    """The rows, and how many more there are; or that there are none."""
    if not page.rows:
        return [section(words("No reminders are waiting."))]
    rows = page.rows[:ROWS_ON_A_PAGE]
    more = page.more + len(page.rows) - len(rows)
    blocks = [_row(row, words) for row in rows]
    if more:
        blocks.append(context(words.plural("{count} more is waiting.", "{count} more are waiting.", more, count=more)))
    return blocks


def page_buttons(page: ReminderList, words: Words) -> list[Json]:
    """The buttons to the neighbouring pages, if there are any."""
    buttons = _pages(page, words)
    return [actions(*buttons)] if buttons else []


def _row(row: ReminderRow, words: Words) -> Json:
    patient, client = escape(row.patient, _NAME_LENGTH), escape(row.client, _NAME_LENGTH)
    what = escape(row.what, _NAME_LENGTH)
    how, next_send = escape(row.how, _NAME_LENGTH), escape(row.next_send, _DATE_LENGTH)
    due_date = escape(row.due_date, _DATE_LENGTH)
    if row.mark is DueMark.PAST:
        due = words("was due {due_date}", due_date=due_date)
    else:
        due = words("due {due_date}", due_date=due_date)
    first = f"{row.mark.value} {bold(patient)} ({client}) · {what} · {how}"
    second = words("Next send {next_send}", next_send=next_send) + f" · {due}"
    return section(
        f"{first}\n{clip(second, _LINE_LENGTH)}", button(Action.REMINDER_OPEN.value, words("Open"), row.value)
    )


def _pages(page: ReminderList, words: Words) -> list[ButtonElement]:
    buttons: list[ButtonElement] = []
    if page.previous:
        buttons.append(button(Action.REMINDER_LIST_PREVIOUS.value, words("Previous page"), page.previous))
    if page.following:
        buttons.append(button(Action.REMINDER_LIST_NEXT.value, words("Next page"), page.following))
    return buttons
