"""Who added, changed or looked at a client's record, and when? Rows are only ever added; they hold ids and codes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.domain.model import ClientEvent, ClientPart
from bot.store.tables import ClientHistoryRow


@dataclasses.dataclass(frozen=True, slots=True)
class ClientEntry:
    """One line of a client's history; `parts` names what was changed, never how it reads."""

    at: datetime
    actor: str
    event: ClientEvent
    parts: tuple[ClientPart, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What a form made or changed when it was saved."""

    client_id: int
    patient_id: int | None


def add(
    session: Session,
    workspace: int,
    client: int,
    event: ClientEvent,
    *,
    at: datetime,
    actor: str,
    parts: Sequence[ClientPart] = (),
    patient: int | None = None,
    key: str | None = None,
) -> None:
    """Add a line; `key` names the form that did it.

    Raises:
        sqlalchemy.exc.IntegrityError: if another transaction stored this key first.
    """
    session.execute(
        insert(ClientHistoryRow).values(
            workspace_id=workspace,
            client_id=client,
            at=at,
            actor=actor,
            event=event,
            detail={"parts": [part.value for part in parts], "patient": patient},
            key=key,
        )
    )


def saved_as(session: Session, workspace: int, key: str) -> Saved | None:
    """What an earlier delivery of this form made or changed."""
    row = session.scalar(
        select(ClientHistoryRow).where(ClientHistoryRow.workspace_id == workspace, ClientHistoryRow.key == key)
    )
    return None if row is None else Saved(row.client_id, row.detail["patient"])


def changes_of(session: Session, workspace: int, client: int, *, limit: int) -> list[ClientEntry]:
    """The newest changes of a client's record, the newest first; who merely looked at it is left out."""
    rows = session.scalars(
        select(ClientHistoryRow)
        .where(
            ClientHistoryRow.workspace_id == workspace,
            ClientHistoryRow.client_id == client,
            ClientHistoryRow.event != ClientEvent.SHOWN,
        )
        .order_by(ClientHistoryRow.id.desc())
        .limit(limit)
    )
    return [
        ClientEntry(row.at, row.actor, row.event, tuple(ClientPart(part) for part in row.detail["parts"]))
        for row in rows
    ]
