"""How is a transaction opened, on SQLite and on PostgreSQL alike?

`reading` gives a transaction that sees one state of the database; `writing` one that takes the write lock at its
start on SQLite (`BEGIN IMMEDIATE`: a reader that turns writer would be refused without waiting). Both commit when the
block ends and roll back when it raises.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["AlreadyStored", "Database", "DatabaseAway", "DatabaseBusy", "Session", "parse_url"]

BUSY_SECONDS = 10
"""How long a writer waits for another one."""

BEGIN_PAUSES = (0.02, 0.1, 0.5)
"""How long to wait before SQLite is asked again for a lock that it did not wait for."""

ANSWER_SECONDS = 30
"""How long PostgreSQL may take over one statement, or be silent."""

CONNECT_SECONDS = 5
"""How long a new connection to PostgreSQL may take."""


class DatabaseAway(Exception):
    """The database cannot be reached, or did not answer in time.

    Nothing of the transaction was stored, unless it was the answer to its commit that was lost.
    """


class DatabaseBusy(DatabaseAway):
    """Another process holds the database, or a table of it, for longer than anybody waits."""


class AlreadyStored(Exception):
    """Another transaction stored a row that cannot be there twice; nothing of this one was stored."""


class Database:
    """Where the rows are. One for the whole process; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._reader = engine
        if engine.dialect.name == "postgresql":
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at `url` (`sqlite:///file.sqlite3` or `postgresql://…`); nothing is created yet.

        Raises:
            ValueError: if the address is of neither kind.
        """
        return cls(_engine(parse_url(url)))

    @property
    def engine(self) -> Engine:
        """For migrations."""
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, and sees one state of the database throughout.

        Raises:
            DatabaseAway: if the database does not answer.
        """
        with _telling_of_absence(), Session(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: everything in the block is stored, or nothing.

        Raises:
            DatabaseAway: if the database does not answer.
            AlreadyStored: if a row that is to be unique is there already.
        """
        with _telling_of_absence(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that changes the schema, and in which PostgreSQL may take its time over each statement.

        Raises:
            DatabaseBusy: if another process holds the database.
            DatabaseAway: if the database stops answering.
        """
        try:
            with self._writer.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                yield connection
        except OperationalError as error:
            # Any other one is a mistake in a migration, which is not to be taken for a database that is away.
            if _is_busy(error):
                raise DatabaseBusy(type(error.orig).__name__) from None
            if error.connection_invalidated:
                raise DatabaseAway(type(error.orig).__name__) from None
            raise

    def ping(self) -> None:
        """Ask the database for nothing, to learn whether it answers.

        Raises:
            DatabaseAway: if it does not, is no database, or takes no such address.
        """
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except DatabaseError as error:
            raise DatabaseAway(type(error.orig).__name__) from None

    def is_open_to_others(self) -> bool:
        """Whether other users of this machine may read or write the file of an SQLite database."""
        if self._engine.dialect.name != "sqlite":
            return False
        try:
            mode = Path(str(self._engine.url.database)).stat().st_mode
        except OSError:  # there is no file, or nobody may even look
            return False
        return bool(mode & (stat.S_IRWXG | stat.S_IRWXO))

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()


def parse_url(url: str) -> URL:
    """Read a database address.

    Raises:
        ValueError: if it is neither SQLite's nor PostgreSQL's; the message never repeats the address.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("not a database address") from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("SQLite needs a file: its memory is not shared between connections")
        if parsed.database.startswith("file:"):
            raise ValueError("SQLite needs a file: its path, and no URI")
        return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError("only SQLite and PostgreSQL are supported")


@contextmanager
def _telling_of_absence() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        # The driver's own sentence can name hosts and files, so only the kind of error goes on.
        away = DatabaseBusy if _is_busy(error) else DatabaseAway
        raise away(type(error.orig).__name__) from None
    except IntegrityError as error:
        if not _is_duplicate(error):
            raise
        raise AlreadyStored from None


def _is_duplicate(error: IntegrityError) -> bool:
    # PostgreSQL: SQLSTATE 23505, unique_violation. SQLite: the extended result codes.
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def _is_busy(error: DBAPIError) -> bool:
    # PostgreSQL: SQLSTATE 55P03, lock_not_available. SQLite: SQLITE_BUSY and its extended codes, SQLITE_LOCKED.
    if getattr(error.orig, "sqlstate", None) == "55P03":
        return True
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _engine(url: URL) -> Engine:
    # hide_parameters: an error must not carry a client's address into a log (rule P18).
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": ANSWER_SECONDS * 1000,
                "options": f"-c statement_timeout={ANSWER_SECONDS}s -c lock_timeout={BUSY_SECONDS}s",
            },
        )
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "do_connect", _create_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_private(_dialect: Dialect, _entry: ConnectionPoolEntry, address: list[str], _options: object) -> None:
    # SQLite would create the file as the umask has it, mostly readable by every user of the machine; what it puts
    # beside the file (-wal, -shm, -journal) gets the file's own mode.
    with suppress(OSError):  # it is there already, or SQLite says what is wrong
        os.close(os.open(address[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    driver: Any = connection
    driver.isolation_level = None  # the driver must not open transactions of its own: _begin_sqlite does
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    for pause in (*BEGIN_PAUSES, None):
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        except OperationalError as error:
            # Seen under load although the busy time-out was far away. Nothing was read or written yet, so it may be
            # asked for again.
            if pause is None or getattr(error.orig, "sqlite_errorname", "") != "SQLITE_BUSY_SNAPSHOT":
                raise
            time.sleep(pause)
        else:
            return
