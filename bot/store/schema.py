"""Is the database's schema the one this code was written for, and how does it get there?

Migrations run by `reminder-bot db upgrade` alone (and by the demo on its own file): a bot that finds an older or newer
schema says so and stops, since code of one version must not write into tables of another.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")


class SchemaMismatch(Exception):
    """The database holds another schema than this code; says what to do about it."""


def upgrade(database: Database) -> None:
    """Bring the database to this code's schema; harmless if it is there already.

    Raises:
        SchemaMismatch: if it is at a newer version's schema; nothing is changed.
        DatabaseBusy: if another process holds the database, such as a running bot a table; nothing is changed.
        DatabaseAway: if it stops answering; nothing is changed.
    """
    _require_known(_found(database))
    with database.migrating() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Check that the database holds this code's schema.

    Raises:
        SchemaMismatch: if it is empty, older or newer.
    """
    found = _found(database)
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if found == head:
        return
    if found is None:
        raise SchemaMismatch("the database is empty; run: reminder-bot db upgrade")
    _require_known(found)
    raise SchemaMismatch(f"the database is at schema {found}, older than {head}; run: reminder-bot db upgrade")


def _found(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _require_known(found: str | None) -> None:
    if found is None or found in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        return
    raise SchemaMismatch(f"the database is at schema {found}, which this version does not know; run a newer version")
