"""Find clients by the grams of their and their patients' keys, and order them by folded names."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store import grams, search_key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000

_clients = sa.table(
    "clients", *map(sa.column, ("id", "name", "email", "phone", "search_key", "patients_key", "name_key"))
)
_patients = sa.table(
    "patients", *map(sa.column, ("id", "client_id", "name", "species", "active", "died_on", "search_key", "name_key"))
)
_kept = sa.text("INSERT INTO client_grams (rowid, grams) VALUES (:row, :grams)")

_LIVING = "{} AND died_on IS NULL"

# What bot.store.grams says in Python: the runs of one to three letters, and the first ones with the blank before them.
_FUNCTION = """
CREATE FUNCTION client_grams(own text, patients text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS $$
    SELECT array(
        SELECT CASE start WHEN 0 THEN ' ' || left(word, size) ELSE substr(word, start, size) END
        FROM unnest(string_to_array(own || ' ' || patients, ' ')) AS word,
            generate_series(1, least(3, length(word))) AS size,
            generate_series(0, length(word) + 1 - size) AS start
    )
$$
"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    collation = None if is_sqlite else "C"
    for table in ("clients", "patients"):
        op.drop_index(f"{table}_workspace_id_name", table_name=table)
        op.add_column(
            table,
            sa.Column("name_key", sa.String(200, collation=collation), server_default=sa.text("''"), nullable=False),
        )
    op.add_column("clients", sa.Column("patients_key", sa.Text(), server_default=sa.text("''"), nullable=False))
    if is_sqlite:
        op.execute("PRAGMA cache_size = -262144")  # KiB: everything is touched, in no order of the file
        # Without content, sizes and places: what a client's grams were is told again when they change.
        op.execute(
            "CREATE VIRTUAL TABLE client_grams USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
    _fill(keeps_grams=is_sqlite)
    op.create_index("clients_in_order", "clients", ["workspace_id", "active", "name_key", "id"])
    op.create_index(
        "patients_in_order",
        "patients",
        ["workspace_id", "name_key", "id"],
        sqlite_where=sa.text(_LIVING.format("active IS 1")),
        postgresql_where=sa.text(_LIVING.format("active IS true")),
    )
    if is_sqlite:
        op.execute("PRAGMA cache_size = -2000")  # as it was
    else:
        _index_by_function()


def _index_by_function() -> None:
    op.execute(_FUNCTION)
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    # A list of what is still to be filed would be read by every search, and filed by whoever comes when it is full.
    op.execute(
        "CREATE INDEX client_grams_of_keys ON clients USING gin (client_grams(search_key, patients_key)) WITH (fastupdate = off)"
    )
    # Only the index was to be made by several: to start others takes longer than a search.
    op.execute("ALTER FUNCTION client_grams(text, text) PARALLEL RESTRICTED")
    # Without knowing what is common PostgreSQL would read whole tables until it looks at them by itself.
    op.execute("ANALYZE clients, patients")


def _fill(*, keeps_grams: bool) -> None:
    connection, last = op.get_bind(), 0
    client = _change(_clients, "search_key", "patients_key", "name_key")
    patient = _change(_patients, "search_key", "name_key")
    while clients := connection.execute(
        sa.select(_clients).where(_clients.c.id > last).order_by(_clients.c.id).limit(_AT_ONCE)
    ).all():
        first, last = clients[0].id, clients[-1].id
        patients = connection.execute(
            sa.select(_patients).where(_patients.c.client_id.between(first, last)).order_by(_patients.c.id)
        ).all()
        living: defaultdict[int, list[str]] = defaultdict(list)
        for row in patients:
            if row.active and row.died_on is None:
                living[row.client_id].append(search_key.patient_key(row.name, row.species))
        filled = [_keys(row, living[row.id]) for row in clients]
        connection.execute(client, filled)
        if patients:
            connection.execute(
                patient,
                [
                    {
                        "row": row.id,
                        "to_search_key": search_key.patient_key(row.name, row.species),
                        "to_name_key": search_key.name_key(row.name),
                    }
                    for row in patients
                ],
            )
        if keeps_grams:
            rows = ((one["row"], grams.key(one["to_search_key"], one["to_patients_key"])) for one in filled)
            connection.execute(_kept, [{"row": row, "grams": grams.written(key)} for row, key in rows])


def _keys(row: sa.Row[Any], patients: list[str]) -> dict[str, Any]:
    return {
        "row": row.id,
        "to_search_key": search_key.client_key(row.name, row.email, row.phone),
        "to_patients_key": " ".join(patients),
        "to_name_key": search_key.name_key(row.name),
    }


def _change(table: sa.TableClause, *columns: str) -> sa.Update:
    return (
        sa.update(table)
        .where(table.c.id == sa.bindparam("row"))
        .values({one: sa.bindparam(f"to_{one}") for one in columns})
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE client_grams")
    else:
        op.execute("DROP INDEX client_grams_of_keys")
        op.execute("DROP FUNCTION client_grams(text, text)")
    for table in ("patients", "clients"):
        op.drop_index(f"{table}_in_order", table_name=table)
        op.drop_column(table, "name_key")
        op.create_index(f"{table}_workspace_id_name", table, ["workspace_id", "name"])
    op.drop_column("clients", "patients_key")
