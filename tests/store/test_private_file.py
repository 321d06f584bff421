"""Can other users of the machine read an SQLite database? It holds names, addresses and numbers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import Database


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: stat.filemode(path.stat().st_mode) for path in folder.iterdir()}


def test_a_new_file_and_those_beside_it_are_open_to_nobody_else(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'reminders.sqlite3'}")
    assert not modes(tmp_path)
    assert not database.is_open_to_others()
    schema.upgrade(database)
    with database.reading():
        assert modes(tmp_path) == {
            "reminders.sqlite3": "-rw-------",
            "reminders.sqlite3-wal": "-rw-------",
            "reminders.sqlite3-shm": "-rw-------",
        }
    assert not database.is_open_to_others()
    database.close()


def test_a_file_that_is_there_keeps_its_mode_and_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "reminders.sqlite3"
    file.touch(0o644)
    database = Database.open(f"sqlite:///{file}")
    database.ping()
    assert modes(tmp_path)["reminders.sqlite3"] == "-rw-r--r--"
    assert database.is_open_to_others()
    database.close()
