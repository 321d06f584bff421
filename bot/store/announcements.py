"""How does one of several processes learn at once that another has just stored something to be done?

By NOTIFY and LISTEN of PostgreSQL, over a connection that does nothing else. Nothing depends on it: a process that
hears nothing, because that connection broke or a pooler stands in between, finds what is due when its alarm rings the
next time. What is announced is only that there is something; what it is, the rows tell. On SQLite there is nobody else.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from typing import Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database

AGAIN_SECONDS: Final = 5.0
"""How long to wait before a connection that broke is made anew."""

_NOTIFY = text("SELECT pg_notify('reminder_bot', :announcer)")
_LISTEN = text("LISTEN reminder_bot")

_log = structlog.get_logger()


class Announcements:
    """What the processes of one database tell each other. Nothing is heard before `start` or after `stop`."""

    def __init__(
        self, database: Database, name: str, on_news: Callable[[], object], *, again_seconds: float = AGAIN_SECONDS
    ) -> None:
        """`name` is this process's, of at most 64 characters; `on_news` is called in a thread of its own.

        It is called when another process has announced something, and whenever listening begins: what was announced
        before that, nobody heard.
        """
        self._engine = database.engine
        self._name = name
        self._on_news = on_news
        self._again_seconds = again_seconds
        self._has_others = self._engine.dialect.name == "postgresql"
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._stopper: socket.socket | None = None

    def announce(self) -> None:
        """Tell the others that something was stored. That the database is away is no reason to fail."""
        if not self._has_others:
            return
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(_NOTIFY, {"announcer": self._name})
        except SQLAlchemyError as error:
            _log.warning("not-announced", error=_kind(error))

    def start(self) -> None:
        """Begin to listen."""
        if self._has_others:
            self._stopper, stopped = socket.socketpair()
            self._thread = threading.Thread(target=self._live, args=(stopped,), name="announcements", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Listen no more; may be called twice, or without a `start`."""
        self._stopping.set()
        if self._stopper is not None and self._thread is not None:
            self._stopper.close()
            self._thread.join()

    def _live(self, stopped: socket.socket) -> None:
        broken = (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error, OSError)
        with stopped:
            while not self._stopping.is_set():
                try:
                    self._listen(stopped)
                except broken as error:
                    _log.warning("announcements-broken", error=_kind(error))
                    self._stopping.wait(self._again_seconds)

    def _listen(self, stopped: socket.socket) -> None:
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(_LISTEN)
            driver: Any = connection.connection.driver_connection
            connection.detach()  # it is closed at the end, instead of being handed to somebody else
            self._on_news()
            while not self._stopping.is_set():
                select.select([driver.fileno(), stopped], [], [])
                announcers = {heard.payload for heard in driver.notifies(timeout=0)}
                if announcers - {self._name}:
                    self._on_news()


def _kind(error: Exception) -> str:
    # The driver's own sentence can name hosts and users.
    return type(getattr(error, "orig", None) or error).__name__
