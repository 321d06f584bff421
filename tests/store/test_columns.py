from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from bot.domain.model import DeliveryState
from bot.store.database import AlreadyStored, Database, DatabaseAway
from bot.store.tables import ClientRow, DeliveryRow, ReminderRow, WorkspaceRow
from tests.store.rows import NOW, add_reminder, stock


def store(database: Database, **values: Any) -> None:
    with database.writing() as session:
        session.execute(insert(WorkspaceRow).values({"team_id": "T1", "created_at": NOW, **values}))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 12, 1, 9, 0),  # noqa: DTZ001 - that is the point
        datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm")),
    ],
)
def test_a_moment_that_is_not_in_utc_is_refused(database: Database, moment: datetime) -> None:
    with pytest.raises(StatementError, match="aware datetime in UTC"):
        store(database, created_at=moment)


def test_a_moment_comes_back_as_it_was_stored(database: Database) -> None:
    moment = datetime(2026, 10, 25, 0, 30, 15, 123456, tzinfo=UTC)
    store(database, created_at=moment)
    with database.reading() as session:
        found = session.scalars(select(WorkspaceRow.created_at)).one()
    assert (found, found.tzinfo) == (moment, UTC)


def test_moments_are_compared_as_moments(database: Database) -> None:
    store(database, created_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    later = datetime(2026, 12, 1, 9, 0, 0, 1, tzinfo=UTC)
    with database.reading() as session:
        assert session.scalars(select(WorkspaceRow.id).where(WorkspaceRow.created_at < later)).one()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("T\0", "does not fit"),
        ("T" * 33, "does not fit its column of 32"),
        ("T\ud800", "half a character"),
    ],
)
def test_a_text_that_only_one_database_would_take_is_refused(database: Database, value: str, said: str) -> None:
    with pytest.raises(StatementError, match=said):
        store(database, team_id=value)


@pytest.mark.parametrize("value", ["T" * 32, "Åsa 🐕", "a\u0301", "\u202eabc", ""])
def test_any_other_text_comes_back_letter_for_letter(database: Database, value: str) -> None:
    store(database, team_id=value)
    with database.reading() as session:
        assert session.scalars(select(WorkspaceRow.team_id)).one() == value


def test_a_code_nobody_knows_is_refused(database: Database) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, stock(session))
    lost = update(ReminderRow).where(ReminderRow.id == reminder.id).values(state="lost")
    with pytest.raises(StatementError, match="not a valid ReminderState"), database.writing() as session:
        session.execute(lost)


def test_a_code_comes_back_as_its_member(database: Database) -> None:
    with database.writing() as session:
        add_reminder(session, stock(session))
    with database.reading() as session:
        assert session.scalars(select(DeliveryRow.state)).one() is DeliveryState.PLANNED


def test_an_error_of_the_database_repeats_no_value(database: Database) -> None:
    private = insert(ClientRow).values(
        workspace_id=999, name="Åsa", language="sv", email_allowed=True, sms_allowed=True, active=True, search_key="asa"
    )
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.execute(private)
    assert "Åsa" not in str(caught.value)


def test_what_is_there_already_is_told_as_such(database: Database) -> None:
    store(database)
    with pytest.raises(AlreadyStored):
        store(database)


def test_a_database_that_cannot_be_reached_is_told_as_such(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/missing/file.sqlite3", f"postgresql:///reminders?host={tmp_path}"):
        away = Database.open(url)
        with pytest.raises(DatabaseAway) as caught:
            away.ping()
        assert str(tmp_path) not in str(caught.value)
        away.close()


def test_a_transaction_that_raises_stores_nothing(database: Database) -> None:
    def store_and_fail() -> None:
        with database.writing() as session:
            session.execute(insert(WorkspaceRow).values(team_id="T1", created_at=NOW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        store_and_fail()
    with database.reading() as session:
        assert session.scalars(select(WorkspaceRow)).all() == []


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://bot:hunter2@db/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?uri=true",
        "hunter2://",
        "://hunter2",
    ],
)
def test_an_address_of_another_kind_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"not a database|only SQLite|SQLite needs") as caught:
        Database.open(url)
    assert "hunter2" not in str(caught.value)
