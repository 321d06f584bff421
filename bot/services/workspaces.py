"""Which workspace does a request come from, and is there a clinic in it?

Every use case begins here: Slack's team id is the only thing that says whose rows may be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import NotSetUp
from bot.domain.model import Clinic
from bot.store import clinics
from bot.store.database import Database

if TYPE_CHECKING:
    from bot.store.database import Session


def require(session: Session, team_id: str) -> int:
    """The id of the workspace that Slack calls `team_id`.

    Raises:
        NotSetUp: if no clinic was ever loaded for it.
    """
    found = clinics.workspace_id(session, team_id)
    if found is None:
        raise NotSetUp
    return found


def clinics_of(database: Database, team_id: str) -> list[Clinic]:
    """The clinics of a workspace by name, at least one.

    Raises:
        NotSetUp: if there is none.
    """
    with database.reading() as session:
        found = clinics.of_workspace(session, require(session, team_id))
    if not found:
        raise NotSetUp
    return found
