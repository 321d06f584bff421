"""What does a reminder's history look like, wherever it is shown?

On the reminder's card stand its newest lines; here is the whole of it in a modal, the answer to *why was this not
sent?* above it (rule P15).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Json, actions, button, context, section, sections
from blocks.ids import Action, ViewId
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.limits_blocks import CONTEXT_TEXT
from blocks.limits_shapes import length
from blocks.text import bold, escape, mention, plain
from blocks.translator import Words

LINES_ON_A_PAGE = 40
_NAME_LENGTH = 200
_WHEN_LENGTH = 200
_SENTENCE_LENGTH = 300
_ANSWER_LENGTH = 500
_ANSWERS_SHOWN = 5


@dataclasses.dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a reminder."""

    when: str
    """A finished string in the clinic's time."""
    what: str
    """A finished sentence."""
    user_id: str = ""
    """Who did it; empty where nobody did."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderHistory:
    """The history of one reminder. `previous` and `following` are what the page buttons send back, if anything."""

    value: str
    """What the button to its card sends back: the reminder's id."""
    patient: str
    client: str
    what: str
    answers: Sequence[str]
    """How it stands, and why it was not sent if it was not, as finished sentences."""
    lines: Sequence[HistoryLine]
    """One page of what happened, the oldest first."""
    previous: str = ""
    following: str = ""


def reminder_history_view(history: ReminderHistory, words: Words, *, private_metadata: str) -> Json:
    """The history as a modal."""
    patient, client = escape(history.patient, _NAME_LENGTH), escape(history.client, _NAME_LENGTH)
    headline = words("Reminder for {patient} ({client})", patient=patient, client=client)
    pages = []
    if history.previous:
        pages.append(button(Action.REMINDER_HISTORY_PREVIOUS.value, words("Earlier"), history.previous))
    if history.following:
        pages.append(button(Action.REMINDER_HISTORY_NEXT.value, words("Later"), history.following))
    blocks = [
        section(f"{bold(headline)}\n{escape(history.what, _NAME_LENGTH)}"),
        *sections(escape(answer, _ANSWER_LENGTH) for answer in history.answers[:_ANSWERS_SHOWN]),
        actions(button(Action.REMINDER_OPEN.value, words("Open the reminder"), history.value)),
        section(bold(words("History"))),
        *history_blocks(history.lines[:LINES_ON_A_PAGE]),
        *([actions(*pages)] if pages else []),
    ]
    return {
        "type": "modal",
        "callback_id": ViewId.REMINDER_HISTORY.value,
        "title": plain(words("History"), VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": blocks,
        "private_metadata": private_metadata,
    }


def history_blocks(lines: Sequence[HistoryLine], before: Sequence[str] = ()) -> list[Json]:
    """Lines of a history as small notes; `before` stands above them."""
    return [context(joined) for joined in _joined([*before, *map(_line, lines)])]


def _line(line: HistoryLine) -> str:
    who = f" {mention(line.user_id)}" if line.user_id else ""
    return f"{escape(line.when, _WHEN_LENGTH)}{who}: {escape(line.what, _SENTENCE_LENGTH)}"


def _joined(lines: Sequence[str]) -> list[str]:
    """The lines, as many in one text as Slack takes."""
    texts: list[str] = []
    for line in lines:
        if texts and length(texts[-1]) + 1 + length(line) <= CONTEXT_TEXT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts
