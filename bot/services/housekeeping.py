"""What may be forgotten, and when?"""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.store import submissions
from bot.store.database import Database

SUBMISSIONS_KEPT = timedelta(days=2)
"""Slack repeats what was not acknowledged within minutes; after this nothing can be repeated any more."""


class Housekeeping:
    """Removes what has served its purpose; `run` is called by the alarm every now and then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def run(self) -> None:
        """Remove it.

        Raises:
            DatabaseAway: if the database does not answer.
        """
        with self._database.writing() as session:
            submissions.forget_before(session, self._clock.now() - SUBMISSIONS_KEPT)
