"""How does one statement get other values for each of many rows, on either database?

PostgreSQL unnests arrays, SQLite takes a JSON text apart. Either way the statement reads the same however many rows
there are, so that it is compiled once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, FromClause, Integer, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Columns = Sequence[tuple[str, TypeEngine[Any]]]


def listed(session: Session, columns: Columns, rows: Sequence[Sequence[Any]]) -> FromClause:
    """The rows as something to select from, with columns of these names; their values are numbers, texts and `None`."""
    if session.get_bind().dialect.name == "postgresql":
        arrays = [
            bindparam(None, [row[place] for row in rows], type_=ARRAY(kind), unique=True)
            for place, (_, kind) in enumerate(columns)
        ]
        named = [column(name, kind) for name, kind in columns]
        return func.unnest(*arrays).table_valued(*named, name="listed").render_derived()
    parts = func.json_each(bindparam(None, json.dumps(rows), unique=True)).table_valued(Column("value"), name="parts")
    return select(
        *(
            cast(func.json_extract(parts.c.value, f"$[{place}]"), kind).label(name)
            if isinstance(kind, Integer)
            else func.json_extract(parts.c.value, f"$[{place}]", type_=kind).label(name)
            for place, (name, kind) in enumerate(columns)
        )
    ).subquery("listed")
