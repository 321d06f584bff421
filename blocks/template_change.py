"""What is asked after a template's texts were changed while reminders made from it wait (rule P10)?

How many there are, the old text beside the new one, and which of them take the new one over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Choice, Json, context, section, side_by_side
from blocks.ids import TemplateBlock, ViewId
from blocks.inputs import Place, radio
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.limits_blocks import SECTION_FIELD
from blocks.text import bold, escape, plain
from blocks.translator import Words

_NAME_LENGTH = 75
_COLUMN = SECTION_FIELD // 2
"""Characters of a text in one column; a character can count twice, and isolates are put around lines."""


@dataclasses.dataclass(frozen=True, slots=True)
class ChangedText:
    """One text that became another."""

    label: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateChange:
    """What was changed, and what is asked."""

    name: str
    language: str
    summary: str
    """How many reminders wait, as a finished sentence."""
    texts: Sequence[ChangedText]
    scopes: Sequence[Choice]
    scope: str
    private_metadata: str = ""


def template_change_view(change: TemplateChange, words: Words) -> Json:
    """The modal that takes the form's place."""
    name, language = escape(change.name, _NAME_LENGTH), escape(change.language)
    place = Place(
        TemplateBlock.SCOPE.value,
        TemplateBlock.SCOPE.action.value,
        words("Which waiting reminders get the new text?"),
        words("What was sent stays as it is. Closed without an answer, none is changed. You can undo it later."),
    )
    return {
        "type": "modal",
        "callback_id": ViewId.TEMPLATE_CHANGE.value,
        "title": plain(words("Waiting reminders"), VIEW_TITLE).to_dict(),
        "submit": plain(words("Continue"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "private_metadata": change.private_metadata,
        "blocks": [
            section(bold(words("Saved: {name}, {language}", name=name, language=language))),
            section(escape(change.summary)),
            radio(place, change.scopes, change.scope),
            context(words("On the left what it said, on the right what it says now.")),
            *(block for text in change.texts for block in _beside(text)),
        ],
    }


def _beside(text: ChangedText) -> list[Json]:
    old, new = _columns(text.old), _columns(text.new)
    rows = max(len(old), len(new))
    pairs = zip(old + [""] * (rows - len(old)), new + [""] * (rows - len(new)), strict=True)
    return [section(bold(escape(text.label))), *(side_by_side(left, right) for left, right in pairs)]


def _columns(text: str) -> list[str]:
    """The text in pieces that fit into a column, cut at a line's or a word's end where there is one."""
    pieces: list[str] = []
    while len(text) > _COLUMN:
        window = text[:_COLUMN]
        cut = max(window.rfind("\n"), window.rfind(" ")) + 1 or len(window)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]
