"""Who changed a clinic's settings, when, and which of them; and was this form saved before?"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from bot.domain.errors import ClinicField
from bot.store.tables import SettingsChangeRow


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsChange:
    """One save of a clinic's settings. `moved` counts the reminders of which a send then went at another moment."""

    clinic_id: int
    by: str
    at: datetime
    fields: frozenset[ClinicField]
    moved: int


def add(
    session: Session,
    workspace: int,
    key: str,
    *,
    clinic: int,
    version: int,
    workspace_version: int,
    fields: Collection[ClinicField],
    moved: int,
    who: str,
    now: datetime,
) -> None:
    """Store a save under the key of its submission.

    Raises:
        sqlalchemy.exc.IntegrityError: if another delivery of the submission stored it first.
    """
    session.execute(
        insert(SettingsChangeRow).values(
            workspace_id=workspace,
            clinic_id=clinic,
            version=version,
            workspace_version=workspace_version,
            key=key,
            by=who,
            at=now,
            fields=sorted(field.value for field in fields),
            moved=moved,
        )
    )


def saved_as(session: Session, workspace: int, key: str) -> SettingsChange | None:
    """The save that an earlier delivery of this submission made."""
    row = session.scalar(
        select(SettingsChangeRow).where(SettingsChangeRow.workspace_id == workspace, SettingsChangeRow.key == key)
    )
    return None if row is None else _from_row(row)


def since(session: Session, workspace: int, clinic: int, version: int, workspace_version: int) -> list[SettingsChange]:
    """What was changed of a clinic, or of all clinics of the workspace, since these versions; the oldest first."""
    rows = session.scalars(
        select(SettingsChangeRow)
        .where(
            SettingsChangeRow.workspace_id == workspace,
            or_(
                (SettingsChangeRow.clinic_id == clinic) & (SettingsChangeRow.version > version),
                SettingsChangeRow.workspace_version > workspace_version,
            ),
        )
        .order_by(SettingsChangeRow.id)
    )
    return [_from_row(row) for row in rows]


def latest(session: Session, workspace: int, clinic: int) -> SettingsChange | None:
    """The newest save of a clinic's settings in Slack."""
    row = session.scalar(
        select(SettingsChangeRow)
        .where(SettingsChangeRow.workspace_id == workspace, SettingsChangeRow.clinic_id == clinic)
        .order_by(SettingsChangeRow.id.desc())
        .limit(1)
    )
    return None if row is None else _from_row(row)


def _from_row(row: SettingsChangeRow) -> SettingsChange:
    return SettingsChange(row.clinic_id, row.by, row.at, frozenset(map(ClinicField, row.fields)), row.moved)
