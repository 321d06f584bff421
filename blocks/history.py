"""What is one line of a reminder's history, wherever it is shown?"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a reminder."""

    when: str
    """A finished string in the clinic's time."""
    what: str
    """A finished sentence."""
    user_id: str = ""
    """Who did it; empty where nobody did."""
