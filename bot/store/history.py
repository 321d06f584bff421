"""What happened to a reminder, by whom and when? Rows are only ever added; they hold ids and codes, no names."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.domain.model import Event
from bot.store.tables import HistoryRow

SYSTEM = "system"
"""The actor of what no person did."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history; `actor` is a Slack user id or `SYSTEM`."""

    at: datetime
    actor: str
    event: Event
    delivery_id: int | None
    detail: dict[str, Any] = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line to add; `detail` takes codes and ids, never what a person typed (rule P18)."""

    workspace: int
    reminder: int
    event: Event
    at: datetime
    actor: str = SYSTEM
    delivery: int | None = None
    detail: Mapping[str, str | int] = dataclasses.field(default_factory=dict, repr=False)


def add_lines(session: Session, lines: Sequence[Line]) -> None:
    """Add lines in the order in which they happened."""
    if lines:
        session.execute(
            insert(HistoryRow),
            [
                {
                    "workspace_id": line.workspace,
                    "reminder_id": line.reminder,
                    "delivery_id": line.delivery,
                    "at": line.at,
                    "actor": line.actor,
                    "event": line.event,
                    "detail": dict(line.detail),
                }
                for line in lines
            ],
        )


def add(
    session: Session,
    *,
    workspace: int,
    reminder: int,
    event: Event,
    at: datetime,
    actor: str = SYSTEM,
    delivery: int | None = None,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Add a line; `detail` takes codes and ids, never what a person typed (rule P18)."""
    session.execute(
        insert(HistoryRow).values(
            workspace_id=workspace,
            reminder_id=reminder,
            delivery_id=delivery,
            at=at,
            actor=actor,
            event=event,
            detail=dict(detail or {}),
        )
    )


def add_to_many(
    session: Session,
    *,
    workspace: int,
    reminders: Sequence[int],
    event: Event,
    at: datetime,
    actor: str,
    detail: Mapping[str, str | int],
) -> None:
    """Add the same line to the history of many reminders."""
    if reminders:
        line = {"workspace_id": workspace, "at": at, "actor": actor, "event": event, "detail": dict(detail)}
        session.execute(insert(HistoryRow), [{**line, "reminder_id": reminder} for reminder in reminders])


def of_reminder(session: Session, workspace: int, reminder: int) -> list[Entry]:
    """Everything that happened to a reminder, the oldest first."""
    rows = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.workspace_id == workspace, HistoryRow.reminder_id == reminder)
        .order_by(HistoryRow.id)
    )
    return [Entry(row.at, row.actor, row.event, row.delivery_id, row.detail) for row in rows]
