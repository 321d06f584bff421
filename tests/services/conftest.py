from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.services.post_office import PostOffice, post_office
from tests.store.rows import Stock, stock


@pytest.fixture
def office(database: Database) -> Iterator[PostOffice]:
    """A post office with an empty database of either kind."""
    with post_office(database) as ready:
        yield ready


@pytest.fixture
def ours(office: PostOffice) -> Stock:
    """A workspace in it: a clinic, a client, her dog."""
    with office.database.writing() as session:
        return stock(session)
