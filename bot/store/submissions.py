"""Was this form saved before? Slack may deliver the same submission twice, and Bolt does not notice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.store.tables import SubmissionRow


def saved_as(session: Session, workspace: int, key: str) -> int | None:
    """The reminder that an earlier delivery of this submission made."""
    return session.scalar(
        select(SubmissionRow.reminder_id).where(SubmissionRow.workspace_id == workspace, SubmissionRow.key == key)
    )


def remember(session: Session, workspace: int, key: str, reminder: int, now: datetime) -> None:
    """Store that this submission made that reminder.

    Raises:
        sqlalchemy.exc.IntegrityError: if another transaction stored it first; roll back and read what it made.
    """
    session.execute(insert(SubmissionRow).values(workspace_id=workspace, key=key, reminder_id=reminder, created_at=now))


def forget_before(session: Session, moment: datetime) -> None:
    """Drop what no delivery can repeat any more."""
    session.execute(delete(SubmissionRow).where(SubmissionRow.created_at < moment))
