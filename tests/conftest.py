"""What do all tests share? A database of their own, on SQLite and on PostgreSQL, and how properties are searched."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.database import Database
from tests import databases

# Properties are judged by what holds, not by how long a busy machine took; in CI every run looks at the same examples.
settings.register_profile("reminder-bot", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("reminder-bot")

KINDS = ("sqlite", "postgresql")


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many processes as there are cores: more than half of the time the tests wait for one another's peers."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave out of every search for garbage what is there until the end: the modules, and some thousand tests.

    In each process a search through all of that takes a third of a second, and there are hundreds.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--screenshots DIR`: the browser tests keep a picture of each step there; `--over`: the scenarios' way."""
    parser.addoption("--screenshots", type=Path, default=None, help="keep pictures of the browser tests' steps here")
    ways = ("either", "other", "both", "socket", "http")
    parser.addoption("--over", choices=ways, default="either", help="how Slack reaches the bot in the scenarios")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[databases.PostgreSQL]:
    """A PostgreSQL server, started when the first test asks for it."""
    with databases.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it."""
    with databases.sqlite(tmp_path_factory.mktemp("migrated"), None) as url:
        databases.migrate(url)
        return Path(url.removeprefix("sqlite:///"))


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of either kind; its own for every test."""
    with _address(request, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database of either kind, open; its own for every test."""
    with _opened(database_url) as opened:
        yield opened


@pytest.fixture(scope="module", params=KINDS)
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """As `database`, but one for all tests of a file, which leave it as they found it."""
    with _address(request, tmp_path_factory.mktemp("shared")) as url, _opened(url) as opened:
        yield opened


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of either kind without any table."""
    with _address(request, tmp_path, empty=True) as url, _opened(url) as opened:
        yield opened


@contextmanager
def _address(request: pytest.FixtureRequest, folder: Path, *, empty: bool = False) -> Iterator[str]:
    if request.param == "postgresql":
        server: databases.PostgreSQL = request.getfixturevalue("postgresql_server")
        with server.database(empty=empty) as url:
            yield url
    else:
        with databases.sqlite(folder, None if empty else request.getfixturevalue("migrated_sqlite")) as url:
            yield url


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    opened = Database.open(url)
    try:
        yield opened
    finally:
        opened.close()
