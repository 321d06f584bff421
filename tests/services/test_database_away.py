"""The database does not answer for a while. Is that told, and does everything go on afterwards, each mail once?"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress

import pytest
from structlog.testing import capture_logs

from bot.channels.protocol import OutgoingEmail
from bot.services import workspaces
from bot.services.dispatch import LEASE
from bot.store import database as opening
from bot.store.database import Database, DatabaseAway
from bot.store.tables import DeliveryRow
from tests import databases
from tests.services.post_office import Meanwhile, PostOffice
from tests.store.rows import Stock, add_reminder

Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def away(request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Away:
    """A block in which the database answers nobody: PostgreSQL refuses all connections, the SQLite file is locked."""
    if database_url.startswith("postgresql"):
        server: databases.PostgreSQL = request.getfixturevalue("postgresql_server")
        name = Database.open(database_url).engine.url.database
        return lambda: server.away(str(name))
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)  # so that nobody waits ten seconds for the lock
    return lambda: _locked(database_url.removeprefix("sqlite:///"))


@contextmanager
def _locked(file: str) -> Iterator[None]:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def test_a_database_that_is_away_is_told_and_nothing_is_sent(away: Away, office: PostOffice, ours: Stock) -> None:
    _add(office, ours, 2)
    dispatch = office.dispatch()
    with away(), pytest.raises(DatabaseAway):
        dispatch.run()
    assert not office.subjects
    dispatch.run()
    assert sorted(office.subjects) == ["Ämne", "Ämne"]
    assert office.states == [("email", "sent", None)] * 2


def test_what_was_sent_while_the_database_went_away_is_never_sent_again(
    away: Away, office: PostOffice, ours: Stock
) -> None:
    """The mail has left, and it cannot be recorded: staff are asked when the lease has ended. The rest goes out."""
    _add(office, ours, 3)
    blocks: list[AbstractContextManager[None]] = []

    def go_away(_letter: OutgoingEmail) -> None:
        blocks.append(away())
        blocks[0].__enter__()

    with pytest.raises(DatabaseAway):
        office.dispatch("one", email=Meanwhile(office.email, after=go_away)).run()
    blocks[0].__exit__(None, None, None)
    assert len(office.subjects) == 1
    second = office.dispatch("two")
    second.run()
    assert len(office.subjects) == 3
    assert office.states[0] == ("email", "sending", None)
    office.clock.skip(LEASE)
    second.run()
    assert len(office.subjects) == 3
    assert office.states == [("email", "unknown", "outcome-unknown"), *[("email", "sent", None)] * 2]
    assert office.reasons == ["outcome-unknown"]


def test_what_came_back_while_the_database_was_away_is_recorded_by_the_next_run(
    away: Away, office: PostOffice, ours: Stock
) -> None:
    _add(office, ours, 3)
    with ExitStack() as gone:

        def go_away(_letter: OutgoingEmail) -> None:
            if len(office.subjects) == 1:
                gone.enter_context(away())

        dispatch = office.dispatch(email=Meanwhile(office.email, after=go_away))
        with pytest.raises(DatabaseAway):
            dispatch.run()
    assert office.states == [("email", "sending", None), *[("email", "planned", None)] * 2]
    dispatch.run()
    assert len(office.subjects) == 3
    assert office.states == [("email", "sent", None)] * 3
    assert [row.attempt for row in office.rows(DeliveryRow)] == [1, 1, 1]


def test_what_was_sent_is_recorded_when_the_database_comes_back_in_time(
    away: Away, office: PostOffice, ours: Stock
) -> None:
    _add(office, ours, 2)
    blocks = [away()]

    def go_away(_letter: OutgoingEmail) -> None:
        if not office.subjects[1:]:
            blocks[0].__enter__()
            back.start()

    with capture_logs() as lines:
        back = threading.Thread(target=lambda: _come_back(blocks[0], lines))
        office.dispatch(email=Meanwhile(office.email, after=go_away), record_tries=10_000).run()
        back.join()
    assert {line["event"] for line in lines} == {"delivery-result-waits"}
    assert len(office.subjects) == 2
    assert office.states == [("email", "sent", None)] * 2
    assert not office.reasons


def test_a_dispatch_that_is_stopped_does_not_wait_for_the_database_to_come_back(
    away: Away, office: PostOffice, ours: Stock
) -> None:
    _add(office, ours, 1)
    with ExitStack() as gone:

        def go_away(_letter: OutgoingEmail) -> None:
            gone.enter_context(away())
            dispatch.stop()

        dispatch = office.dispatch(email=Meanwhile(office.email, after=go_away), record_tries=10_000)
        with capture_logs() as lines, pytest.raises(DatabaseAway):
            dispatch.run()
    assert len(lines) == 1
    assert office.states == [("email", "sending", None)]


def test_a_dispatch_that_is_stopped_while_the_database_is_away_ends(
    away: Away, office: PostOffice, ours: Stock
) -> None:
    _add(office, ours, 2)
    dispatch = office.dispatch()
    dispatch.stop()
    with away(), suppress(DatabaseAway):
        dispatch.run()
    assert office.states == [("email", "planned", None)] * 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_use_case_tells_that_the_database_is_away(away: Away, office: PostOffice, ours: Stock) -> None:
    with away(), pytest.raises(DatabaseAway) as told:
        workspaces.clinics_of(office.database, ours.team_id)
    assert "postgres" not in str(told.value).lower().replace("operationalerror", "")
    assert workspaces.clinics_of(office.database, ours.team_id) == [ours.clinic]


def _come_back(block: AbstractContextManager[None], lines: Sequence[object]) -> None:
    """End the absence once it was noticed."""
    ends = time.monotonic() + 10
    while not lines and time.monotonic() < ends:
        time.sleep(0.005)
    block.__exit__(None, None, None)


def _add(office: PostOffice, ours: Stock, count: int) -> None:
    with office.database.writing() as session:
        for _ in range(count):
            add_reminder(session, ours)
