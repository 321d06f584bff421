"""What do staff decide of a message of which nobody knows whether it went (rule P14)?

The same two buttons on a contact task's card and in the list of tasks.
"""

from __future__ import annotations

import dataclasses
from enum import Enum, auto

from blocks.elements import Confirm, Json, actions, button
from blocks.ids import Action
from blocks.translator import Words


class Twice(Enum):
    """What it means that the message may arrive twice, which depends on how it is sent."""

    EMAIL = auto()
    SMS = auto()
    EXTERNAL = auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Doubt:
    """A message that may have been sent."""

    value: str
    """What the buttons send back: the task and the attempt that it is about."""
    twice: Twice | None = None
    """`None` where it may not be sent again."""


def doubt_rows(doubt: Doubt | None, send_again: Action, record_sent: Action, words: Words) -> list[Json]:
    """A row with *Send again*, if that may be, after a warning, and *It was sent*; none where there is no doubt."""
    if doubt is None:
        return []
    sent = button(record_sent.value, words("It was sent"), doubt.value)
    if doubt.twice is None:
        return [actions(sent)]
    sure = Confirm(
        title=words("Send it again?"),
        text=_warning(doubt.twice, words),
        yes=words("Send again"),
        no=words("Don't send"),
        dangerous=True,
    )
    return [actions(button(send_again.value, words("Send again"), doubt.value, confirm=sure), sent)]


def _warning(twice: Twice, words: Words) -> str:
    match twice:
        case Twice.EMAIL:
            return words(
                "It may have arrived already: then the client may get the same e-mail twice. Many mailboxes show it "
                "only once, but not all."
            )
        case Twice.SMS:
            return words(
                "It may have arrived already: then the client gets the same text message twice. Ask the client first "
                "if you can."
            )
        case Twice.EXTERNAL:
            return words(
                "It may have been handed over already: then the client may get it twice, unless the clinic's own "
                "service notices that it has it already."
            )
