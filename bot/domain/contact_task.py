"""How does a contact task stand, and what ended it?"""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """A contact task is open until one person closes it, once (rule P12)."""

    OPEN = "open"
    DONE = "done"


class Instead(StrEnum):
    """What ended a contact task without anybody contacting the client (rule P14)."""

    RECORDED_SENT = "recorded-sent"
    SENT_AGAIN = "sent-again"
