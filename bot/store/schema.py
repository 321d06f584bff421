"""Is the database's schema the one this code was written for, and how does it get there?

Migrations run by `reminder-bot db upgrade` alone (and by the demo on its own file): a bot that finds an older or newer
schema says so and stops, since code of one version must not write into tables of another. That holds also for a bot
that runs while the schema moves on: it looks at the revision before each of its rounds.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.store.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")

_REVISION = text("SELECT version_num FROM alembic_version")


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


def head() -> str | None:
    """The revision of this code's schema; reads the migrations, so it is better asked once."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def require_unmoved(database: Database, revision: str | None) -> None:
    """Check that the database still is at `revision`: one short query, for every round of a running bot.

    Raises:
        SchemaMismatch: if it is not.
        DatabaseAway: if it does not answer.
    """
    with database.reading() as session:
        found = session.scalar(_REVISION)  # Alembic would ask first whether its table is there
    if found != revision:
        raise SchemaMismatch(f"its schema moved from {revision} to {found} under this bot; start the version it is for")


def require_current(database: Database) -> None:
    """Check that the database holds this code's schema.

    Raises:
        SchemaMismatch: if it is empty, older or newer.
    """
    found = _found(database)
    wanted = head()
    if found == wanted:
        return
    if found is None:
        raise SchemaMismatch("the database is empty; run: reminder-bot db upgrade")
    _require_known(found)
    raise SchemaMismatch(f"the database is at schema {found}, older than {wanted}; run: reminder-bot db upgrade")


def _found(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _require_known(found: str | None) -> None:
    if found is None or found in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        return
    raise SchemaMismatch(f"the database is at schema {found}, which this version does not know; run a newer version")
