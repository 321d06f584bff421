"""Does a process hear at once that another has stored something, and only then?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import Empty, Queue

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.store.announcements import Announcements
from bot.store.database import Database
from tests import databases

PATIENCE = 10.0
MOMENT = 0.3
"""Seconds in which what one process hears of another is long there."""

CUT_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def address(postgresql_server: databases.PostgreSQL) -> Iterator[str]:
    with postgresql_server.database() as url:
        yield url


@contextmanager
def process(address: str, name: str) -> Iterator[tuple[Announcements, Queue[str]]]:
    """What one process announces with, and what it hears; it has begun to listen."""
    heard: Queue[str] = Queue()
    with closing(Database.open(address)) as database:
        announcements = Announcements(database, name, lambda: heard.put(name), again_seconds=0.01)
        announcements.start()
        try:
            heard.get(timeout=PATIENCE)
            yield announcements, heard
        finally:
            announcements.stop()


def test_what_one_process_announces_the_others_hear_and_not_itself(address: str) -> None:
    with process(address, "one") as (one, heard_by_one), process(address, "two") as (two, heard_by_two):
        one.announce()
        assert heard_by_two.get(timeout=PATIENCE) == "two"
        two.announce()
        assert heard_by_one.get(timeout=PATIENCE) == "one"
        with pytest.raises(Empty):
            heard_by_two.get(timeout=MOMENT)


def test_a_connection_that_broke_is_made_anew_and_what_was_missed_is_looked_for(address: str) -> None:
    with process(address, "one") as (one, _), process(address, "two") as (_, heard_by_two):
        with closing(Database.open(address)) as database, database.writing() as session:
            others = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
            )
            session.execute(text(f"{others} current_database()"))
        assert heard_by_two.get(timeout=PATIENCE) == "two"
        one.announce()
        assert heard_by_two.get(timeout=PATIENCE) == "two"


def test_on_sqlite_there_is_nobody_to_tell(migrated_sqlite: object) -> None:
    with closing(Database.open(f"sqlite:///{migrated_sqlite}")) as database, capture_logs() as lines:
        alone = Announcements(database, "one", pytest.fail)
        alone.start()
        alone.announce()
        alone.stop()
        alone.stop()
    assert not lines


def test_that_the_database_is_away_is_no_reason_to_fail(address: str) -> None:
    with closing(Database.open(address.replace("/test", "/nowhere"))) as database:
        Announcements(database, "one", pytest.fail).announce()
