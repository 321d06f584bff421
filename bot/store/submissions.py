"""Was this form saved before, and as it is now?

Slack may deliver the same submission twice, and Bolt does not notice. Whoever got no answer may also change the form
and save it again; its fingerprint then differs.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.store.tables import SubmissionRow


@dataclasses.dataclass(frozen=True, slots=True)
class Submission:
    """A form that is to be saved once. `fingerprint` is the same for the same values, and tells none of them."""

    key: str
    fingerprint: str


@dataclasses.dataclass(frozen=True, slots=True)
class SavedForm:
    """What an earlier submission of the same key made, and whether it had the same values."""

    reminder_id: int
    same_values: bool


def saved_as(session: Session, workspace: int, submission: Submission) -> SavedForm | None:
    """What an earlier delivery of this submission made; `None` if there was none."""
    row = session.scalar(
        select(SubmissionRow).where(SubmissionRow.workspace_id == workspace, SubmissionRow.key == submission.key)
    )
    return None if row is None else SavedForm(row.reminder_id, row.fingerprint == submission.fingerprint)


def remember(session: Session, workspace: int, submission: Submission, reminder: int, now: datetime) -> None:
    """Store that this submission made that reminder.

    Raises:
        sqlalchemy.exc.IntegrityError: if another transaction stored it first; roll back and read what it made.
    """
    session.execute(
        insert(SubmissionRow).values(
            workspace_id=workspace,
            key=submission.key,
            fingerprint=submission.fingerprint,
            reminder_id=reminder,
            created_at=now,
        )
    )


def forget_before(session: Session, moment: datetime) -> None:
    """Drop what no delivery can repeat any more."""
    session.execute(delete(SubmissionRow).where(SubmissionRow.created_at < moment))
