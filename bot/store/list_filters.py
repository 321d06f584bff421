"""What did a person choose in a list, so that it opens as they left it (rule P15)?"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.reminder_filter import Place, ReminderFilter
from bot.store.tables import ListFilterRow


class Remembered(NamedTuple):
    """A filter, and how often it was changed; never changed, it is the one that everybody begins with."""

    asked: ReminderFilter
    version: int


def find(session: Session, workspace: int, user_id: str, place: Place) -> Remembered:
    """What somebody chose last in the list at `place`."""
    row = session.scalar(select(ListFilterRow).where(*_whose(workspace, user_id, place)))
    if row is None:
        return Remembered(ReminderFilter(), 0)
    asked = ReminderFilter(
        words=row.words,
        clinic_id=row.clinic_id,
        status=row.status,
        method=row.method,
        window=row.due_window,
        first_day=row.first_day,
        last_day=row.last_day,
        is_mine=row.is_mine,
    )
    return Remembered(asked, row.version)


def remember(session: Session, workspace: int, user_id: str, place: Place, asked: ReminderFilter) -> int:
    """Keep what somebody chose; its version, which is another one each time, also where the choice is the same.

    Raises:
        AlreadyStored: when the block ends, if the same person's first choice was stored at the same moment.
    """
    chosen = {
        "words": asked.words,
        "clinic_id": asked.clinic_id,
        "status": asked.status,
        "method": asked.method,
        "due_window": asked.window,
        "first_day": asked.first_day,
        "last_day": asked.last_day,
        "is_mine": asked.is_mine,
    }
    version: int | None = session.scalar(
        update(ListFilterRow)
        .where(*_whose(workspace, user_id, place))
        .values(version=ListFilterRow.version + 1, **chosen)
        .returning(ListFilterRow.version)
    )
    if version is not None:
        return version
    session.execute(
        insert(ListFilterRow).values(workspace_id=workspace, user_id=user_id, place=place, version=1, **chosen)
    )
    return 1


def _whose(workspace: int, user_id: str, place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        ListFilterRow.workspace_id == workspace,
        ListFilterRow.user_id == user_id,
        ListFilterRow.place == place,
    )
