"""What does a test of the real command begin with? A stage with a workspace and a migrated, empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import manifest
from bot.demo.server import LocalWorkspace
from bot.demo.timings import Timings
from bot.sample_workspace import SAMPLE_WORKSPACE
from tests.acceptance.mail_peer import SlowMailbox, slow_mail_server
from tests.acceptance.stage import Stage

# A process that shares two cores with others can need longer than Slack would wait.
UNHURRIED = Timings(acknowledgement=30, trigger=30)


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    """The sample workspace, of the app of manifest.yml."""
    with LocalWorkspace(SAMPLE_WORKSPACE, manifest=manifest.read(), timings=UNHURRIED) as running:
        yield running


@pytest.fixture
def stage(workspace: LocalWorkspace, database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """On both databases, unless the test says `on_sqlite` or `on_postgresql`."""
    with Stage(workspace, database_url, tmp_path) as built:
        yield built


@pytest.fixture
def slow_mailbox() -> Iterator[SlowMailbox]:
    """A mail server that answers the final dot when it is told to."""
    with slow_mail_server() as mailbox:
        yield mailbox
