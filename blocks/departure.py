"""What is somebody asked before a patient is marked as dead, or a client as inactive (rule P16)?

One modal that names every reminder which stops with that; its submit button is the confirmation.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Json, context, section, sections
from blocks.ids import ViewId
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.text import bold, escape, plain
from blocks.translator import Words

SHOWN = 20
_NAME_LENGTH = 100
_QUESTION_LENGTH = 700


@dataclasses.dataclass(frozen=True, slots=True)
class Stopping:
    """One reminder that stops, in finished strings."""

    patient: str
    what: str
    """The template's name, or the subject of free text."""
    due_date: str


@dataclasses.dataclass(frozen=True, slots=True)
class Departure:
    """The question. `title` names what is confirmed, on the button too."""

    title: str
    question: str
    private_metadata: str
    stopping: Sequence[Stopping] = ()


def departure_view(departure: Departure, words: Words) -> Json:
    """The question as a modal."""
    return {
        "type": "modal",
        "callback_id": ViewId.DEPARTURE.value,
        "title": plain(departure.title, VIEW_TITLE).to_dict(),
        "submit": plain(departure.title, VIEW_BUTTON).to_dict(),
        "close": plain(words("Cancel"), VIEW_BUTTON).to_dict(),
        "private_metadata": departure.private_metadata,
        "blocks": [
            section(bold(escape(departure.question, _QUESTION_LENGTH))),
            *_stopping(departure, words),
            context(words("It takes effect at once, and can be undone for ten minutes.")),
        ],
    }


def _stopping(departure: Departure, words: Words) -> list[Json]:
    count = len(departure.stopping)
    if not count:
        return [section(words("No reminder is waiting, so none is stopped."))]
    lines = [
        words.plural(
            "{count} waiting reminder is stopped:", "{count} waiting reminders are stopped:", count, count=count
        )
    ]
    for one in departure.stopping[:SHOWN]:
        patient, what = escape(one.patient, _NAME_LENGTH), escape(one.what, _NAME_LENGTH)
        due_date = escape(one.due_date, _NAME_LENGTH)
        lines.append("• " + words("{patient}: {what}, due {due_date}", patient=patient, what=what, due_date=due_date))
    rest = count - SHOWN
    if rest > 0:
        lines.append(words.plural("… and {count} more", "… and {count} more", rest, count=rest))
    return sections(lines)
