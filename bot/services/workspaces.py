"""Which workspace does a request come from, or a bot belong to, and is there a clinic in it?

Every use case begins here: Slack's team id is the only thing that says whose rows may be seen. Several bots may share a
database, each with the token of its own workspace; whose it is, Slack says, and it is remembered for when Slack is
away.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.domain import rights
from bot.domain.errors import NotSetUp
from bot.domain.model import Clinic
from bot.domain.rights import Staff
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


def require_template_editor(session: Session, workspace: int, who: Staff) -> None:
    """Refuse whoever may not change the templates of a workspace, as it has chosen by now.

    Raises:
        Forbidden: with whom to ask.
    """
    rights.require_template_editor(who, clinics.for_all(session, workspace).template_editors)


def remember_bot(database: Database, team_id: str, token: str) -> None:
    """Keep that Slack said this bot token is `team_id`'s, by its hash; nothing, if no clinic was loaded for it yet."""
    with database.writing() as session:
        clinics.remember_bot(session, team_id, _token_hash(token))


def of_bot(database: Database, token: str) -> str | None:
    """The workspace of a bot token as far as is known without Slack.

    The one that was remembered for it; else the only one there is, unless that one's bot is another: two bots must not
    send each other's reminders over their own servers.
    """
    wanted = _token_hash(token)
    with database.reading() as session:
        known = clinics.teams(session)
    found = next((team_id for team_id, token_hash in known if token_hash == wanted), None)
    if found is None and len(known) == 1 and known[0][1] is None:
        return known[0][0]
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


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
