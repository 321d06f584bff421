from __future__ import annotations

import logging
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from tests import databases

pytest.register_assert_rewrite("tests.scenario.stage", "tests.scenario.form")

from tests.scenario.stage import Stage  # noqa: E402 - after it is known that its assertions are to be explained


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each scenario over a socket or over HTTP, about as many over either, unless `--over` says otherwise.

    The `other` way is the one that a scenario is not played over by default.
    """
    if "stage" not in metafunc.fixturenames:
        return
    asked = metafunc.config.getoption("over")
    first = zlib.crc32(metafunc.function.__qualname__.encode()) % 2
    over = {"either": ("socket", "http")[first], "other": ("http", "socket")[first]}.get(asked, asked)
    is_marked = metafunc.definition.get_closest_marker
    by_socket, by_http = ["sqlite"], ["sqlite_over_http"]
    if is_marked("on_postgresql"):
        by_socket, by_http = ["postgresql"], ["postgresql_over_http"]
    kinds = [*(by_socket if over != "http" else []), *(by_http if over != "socket" else [])]
    if is_marked("both_databases") and asked not in ("other", "http"):
        kinds.append("postgresql")
    metafunc.parametrize("stage", kinds, indirect=True)


@pytest.fixture(scope="package")
def stage_on_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running bot whose rows are in a file; started when the first test asks for it."""
    with databases.sqlite(tmp_path_factory.mktemp("scenario"), migrated_sqlite) as url:
        running = Stage(url)
        with running.running():
            yield running


@pytest.fixture(scope="package")
def stage_on_postgresql(postgresql_server: databases.PostgreSQL) -> Iterator[Stage]:
    """As `stage_on_sqlite`, on a server."""
    with postgresql_server.database() as url:
        running = Stage(url)
        with running.running():
            yield running


@pytest.fixture(scope="package")
def stage_on_postgresql_over_http(postgresql_server: databases.PostgreSQL) -> Iterator[Stage]:
    """As `stage_on_postgresql`, but Slack's requests come over HTTP."""
    with postgresql_server.database() as url:
        running = Stage(url, over_http=True)
        with running.running():
            yield running


@pytest.fixture(scope="package")
def stage_on_sqlite_over_http(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """As `stage_on_sqlite`, but Slack's requests come over HTTP."""
    with databases.sqlite(tmp_path_factory.mktemp("scenario"), migrated_sqlite) as url:
        running = Stage(url, over_http=True)
        with running.running():
            yield running


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The bot and its workspace as they are at first."""
    ready: Stage = request.getfixturevalue(f"stage_on_{request.param}")
    handlers, level = logging.root.handlers[:], logging.root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    ready.begin()
    logs.configure("DEBUG", "json", ready.log)
    try:
        yield ready
        ready.end()
    finally:
        logging.captureWarnings(capture=False)
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        structlog.reset_defaults()
