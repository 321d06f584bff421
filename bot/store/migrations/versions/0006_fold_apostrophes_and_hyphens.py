"""Make the search keys anew, without apostrophes and hyphens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store import search_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT_ONCE = 1000

_clients = sa.table("clients", *map(sa.column, ("id", "name", "email", "phone", "search_key")))
_patients = sa.table("patients", *map(sa.column, ("id", "name", "species", "search_key")))


def upgrade() -> None:
    # What a key is, is asked of the code itself: an older idea of it would serve nobody.
    _remake(_clients, lambda row: search_key.client_key(row.name, row.email, row.phone))
    _remake(_patients, lambda row: search_key.patient_key(row.name, row.species))


def _remake(table: sa.TableClause, key_of: Callable[[sa.Row[Any]], str]) -> None:
    connection, last = op.get_bind(), 0
    changed = sa.update(table).where(table.c.id == sa.bindparam("row")).values(search_key=sa.bindparam("key"))
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_AT_ONCE)
    ).all():
        connection.execute(changed, [{"row": row.id, "key": key_of(row)} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    """Nothing: the older code finds all it looks for by these keys, except by a hyphen or an apostrophe."""
