"""Which clients and patients does a typed word mean?"""

from __future__ import annotations

from bot.services import workspaces
from bot.store import directory
from bot.store.database import Database
from bot.store.directory import ClientFound, PatientFound


def search_clients(
    database: Database, team_id: str, query: str, *, limit: int, inactive: bool = False
) -> list[ClientFound]:
    """The clients of a workspace in whom every word of `query` is found; with `inactive` those too, last."""
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        return directory.search_clients(session, workspace, query, limit, inactive=inactive)


def search_patients(
    database: Database, team_id: str, query: str, *, client_id: int | None, limit: int
) -> list[PatientFound]:
    """The patients, of one client or of all, in whom or in whose owner every word of `query` is found."""
    with database.reading() as session:
        return directory.search_patients(session, workspaces.require(session, team_id), query, limit, client_id)
