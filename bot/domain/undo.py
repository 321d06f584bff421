"""For how long can a step be taken back, and what keeps it from being taken back?

A step is one thing that a person did to one reminder, or to everything that waits for a patient or a client. It can be
undone by anybody for ten minutes, as long as nobody changed the reminder since: an undo that overwrote a later decision
would be worse than none.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Final

from bot.domain.model import StepKind

UNDO_FOR: Final = timedelta(minutes=10)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """Something that was done: `by` is a Slack user id, `at` a UTC moment."""

    id: int
    kind: StepKind
    by: str
    at: datetime
    patient_id: int | None = None
    """Who died; set for that kind alone."""
    client_id: int | None = None
    """Who became inactive; set for that kind alone."""
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def ends(self) -> datetime:
        """The moment from which it cannot be undone any more."""
        return self.at + UNDO_FOR

    def is_open(self, now: datetime) -> bool:
        """Whether it was not undone yet and still may be, as far as time goes."""
        return self.undone_at is None and now < self.ends
