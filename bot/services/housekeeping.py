"""What may be forgotten, and when?"""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.store import earlier_forms, steps, submissions
from bot.store.database import Database

SUBMISSIONS_KEPT = timedelta(days=2)
"""Slack repeats what was not acknowledged within minutes; after this nothing can be repeated any more."""

STEPS_KEPT = timedelta(days=1)
"""Ten minutes would do to undo them (`bot.domain.undo`); whoever comes later is told that it is too late."""

EARLIER_FORMS_KEPT = timedelta(days=2)
"""As long as somebody may have a form open that another person has replaced since."""


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
            now = self._clock.now()
            submissions.forget_before(session, now - SUBMISSIONS_KEPT)
            steps.forget_before(session, now - STEPS_KEPT)
            earlier_forms.forget_before(session, now - EARLIER_FORMS_KEPT)
