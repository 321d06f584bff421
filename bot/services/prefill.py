"""Whom and what do a few typed words mean, among the clients, patients and templates of a workspace (rule P1)?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain import prefill
from bot.domain.prefill import Candidate, Meant, Vocabulary
from bot.services import workspaces
from bot.store import directory, templates
from bot.store.database import Database, Session

LOOKED_AT = 50
"""So many clients, and patients, of one word; of a commoner one nobody is known by it alone."""

MOST_NAMES = 12
"""So many words of one text are looked for as names: a command holds a few, and Slack waits three seconds."""


def understand(
    database: Database, team_id: str, text: str, months: Mapping[str, int], *, is_message: bool = False
) -> Meant:
    """What `text` fills in; in a whole message, a template must be named in full.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        vocabulary = Vocabulary(templates.offered(session, workspace), months)
        names = prefill.names_in(text, vocabulary)[:MOST_NAMES]
        candidates, common = _found(session, workspace, names)
    return prefill.understand(text, vocabulary, candidates, common=common, beginnings=not is_message)


def _found(session: Session, workspace: int, names: list[str]) -> tuple[list[Candidate], frozenset[str]]:
    """Everybody in whom one of the words is found, and which words are too common to know them all.

    Those are looked for again together with each of the others: *Bella* alone is nobody, with *Lindqvist* perhaps one.
    """
    found: dict[Candidate, None] = {}
    common = set()
    for name in names:
        few, is_common = _search(session, workspace, name)
        found |= dict.fromkeys(few)
        if is_common:
            common.add(name)
    for name in sorted(common):
        for other in names:
            if other != name:
                found |= dict.fromkeys(_search(session, workspace, f"{name} {other}")[0])
    return list(found), frozenset(common)


def _search(session: Session, workspace: int, query: str) -> tuple[Iterable[Candidate], bool]:
    clients = directory.search_clients(session, workspace, query, LOOKED_AT)
    patients = directory.search_patients(session, workspace, query, LOOKED_AT)
    found = [Candidate(one.client) for one in clients]
    found += [Candidate(one.client, one.patient) for one in patients]
    return found, LOOKED_AT in (len(clients), len(patients))
