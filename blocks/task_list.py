"""What does the list of open contact tasks look like (rule P12)?

A modal; each task with the buttons of its card in the staff channel. Neither has address or number on it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.doubt import Doubt, doubt_rows
from blocks.elements import Json, actions, button, context, divider, section
from blocks.ids import Action, ViewId
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.text import bold, escape, plain
from blocks.translator import Words

ROWS_ON_A_PAGE = 20
_NAME_LENGTH = 200
_REASON_LENGTH = 400


@dataclasses.dataclass(frozen=True, slots=True)
class TaskRow:
    """One open task, in finished strings."""

    value: str
    """What its buttons send back: the task's id."""
    reminder_value: str
    """What the button to the reminder's history sends back: the reminder's id."""
    patient: str
    client: str
    reason: str
    due_date: str
    clinic: str = ""
    """Empty where there is but one."""
    doubt: Doubt | None = None
    """Told where nobody knows whether the message went."""


@dataclasses.dataclass(frozen=True, slots=True)
class TaskList:
    """One page. `previous` and `following` are what the page buttons send back, empty where there is no page."""

    rows: Sequence[TaskRow] = ()
    total: int = 0
    note: str = ""
    """What came of the button that was just pressed: mrkdwn in which whatever was typed is escaped."""
    previous: str = ""
    following: str = ""
    private_metadata: str = ""


def task_list_view(page: TaskList, words: Words) -> Json:
    """The modal."""
    blocks = [section(page.note)] if page.note else []
    if page.rows:
        count = words.plural(
            "{count} client is to be contacted.", "{count} clients are to be contacted.", page.total, count=page.total
        )
        blocks.append(context(count))
    else:
        blocks.append(section(words("Nobody is waiting to be contacted.")))
    for row in page.rows[:ROWS_ON_A_PAGE]:
        blocks += [divider(), *_row(row, words)]
    pages = []
    if page.previous:
        pages.append(button(Action.TASK_LIST_PREVIOUS.value, words("Previous page"), page.previous))
    if page.following:
        pages.append(button(Action.TASK_LIST_NEXT.value, words("Next page"), page.following))
    view: Json = {
        "type": "modal",
        "callback_id": ViewId.TASK_LIST.value,
        "title": plain(words("Clients to contact"), VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": [*blocks, *([actions(*pages)] if pages else [])],
    }
    if page.private_metadata:
        view["private_metadata"] = page.private_metadata
    return view


def _row(row: TaskRow, words: Words) -> list[Json]:
    patient, client = escape(row.patient, _NAME_LENGTH), escape(row.client, _NAME_LENGTH)
    headline = words("Contact {client} about {patient}", client=client, patient=patient)
    due = words("due {due_date}", due_date=escape(row.due_date, _NAME_LENGTH))
    facts = [escape(row.reason, _REASON_LENGTH), due]
    if row.clinic:
        facts.append(escape(row.clinic, _NAME_LENGTH))
    return [
        section(f"📞 {bold(headline)}\n{' · '.join(facts)}"),
        *doubt_rows(row.doubt, Action.TASK_LIST_SEND_AGAIN, Action.TASK_LIST_RECORD_SENT, words),
        actions(
            button(Action.TASK_LIST_MARK_CONTACTED.value, words("Mark contacted"), row.value, style="primary"),
            button(Action.TASK_LIST_SHOW_CONTACT.value, words("Show contact details"), row.value),
            button(Action.TASK_LIST_HISTORY.value, words("History"), row.reminder_value),
        ),
    ]
