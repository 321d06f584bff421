from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import DEFINITION, HASTY, MANIFEST


@pytest.fixture
def workspace(request: pytest.FixtureRequest) -> Iterator[LocalWorkspace]:
    """A workspace as patient as Slack."""
    kind: type[LocalWorkspace] = getattr(request, "param", LocalWorkspace)
    with kind(DEFINITION, manifest=MANIFEST) as running:
        yield running


@pytest.fixture
def hasty_workspace() -> Iterator[LocalWorkspace]:
    """A workspace that waits for nothing long, to see what happens when Slack waits no longer."""
    with LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=HASTY) as running:
        yield running
