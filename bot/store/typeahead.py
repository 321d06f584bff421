"""Which clients or patients come first when somebody types, among a million, in a few milliseconds?

First those whose name begins with what was typed, then those in whom every word begins one of theirs, then those in
whom every word is found somewhere; each group by name, without accents, and the longer known one first of two
namesakes. Nobody sorts a group that is longer than a page:

1. The names that begin so are one range of an index in their order.
2. A glance at the first thousand names finds a page of what is common, in order.
3. What is rarer than that is looked up by its grams (`bot.store.grams`). Of more than `MOST` in a group, these are
   the ones that are ordered; the page holds a few of them either way, and one more letter tells them apart.

A later step is taken only while the page is not full, and none of them misses anybody: a page that is not full holds
all there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, and_, literal, select
from sqlalchemy.orm import Session

from bot.store import grams, search_key
from bot.store.tables import ClientRow, PatientRow

GLANCE: Final = 1000
MOST: Final = 200
_LONG: Final = 40
"""Letters of a word that so few have that they are looked up once, wherever it stands in theirs."""
_AFTER_ALL: Final = "\U0010ffff"
"""No name holds it, and every letter comes before it."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Sought:
    """Among whom to look: rows of `id`, the `name` that they are ordered by, and the `key` that holds their words.

    `near` are the conditions that an index in the order of the names knows; `of_a_row` those that are asked of a row
    that was found by its grams, and must not lead away from these. `few` tells that there are few enough to compare
    each.
    """

    row: Select[*tuple[Any, ...]] = dataclasses.field(repr=False)
    id: ColumnElement[int]
    name: ColumnElement[str] = dataclasses.field(repr=False)
    key: ColumnElement[str] = dataclasses.field(repr=False)
    near: tuple[ColumnElement[bool], ...]
    of_a_row: tuple[ColumnElement[bool], ...]
    few: bool = False


def clients(session: Session, workspace: int, query: str, limit: int, *, active: bool) -> list[int]:
    """The ids of the active clients, or of the others, in whom every word of `query` is found, the best match first."""
    is_so = ClientRow.active.is_(active)
    return _best(
        session,
        _Sought(
            row=select(),
            id=ClientRow.id.expression,
            name=ClientRow.name_key.expression,
            key=" " + ClientRow.search_key + " " + ClientRow.patients_key,
            near=(ClientRow.workspace_id == workspace, is_so),
            of_a_row=(ClientRow.workspace_id + 0 == workspace, is_so),
        ),
        query,
        limit,
    )


def patients(session: Session, workspace: int, query: str, limit: int, client: int | None) -> list[int]:
    """The ids of the living patients of active clients, or of one of these, in whom every word of `query` is found.

    In their own key or their owner's; the best match first.
    """
    alive = (PatientRow.active.is_(True), PatientRow.died_on.is_(None), ClientRow.active.is_(True))
    of_client = () if client is None else (PatientRow.client_id == client,)
    return _best(
        session,
        _Sought(
            row=select().select_from(PatientRow).join(ClientRow, ClientRow.id == PatientRow.client_id),
            id=PatientRow.id.expression,
            name=PatientRow.name_key.expression,
            key=" " + PatientRow.search_key + " " + ClientRow.search_key,
            near=(PatientRow.workspace_id == workspace, *of_client, *alive),
            of_a_row=(ClientRow.workspace_id + 0 == workspace, *alive),
            few=client is not None,
        ),
        query,
        limit,
    )


def _best(session: Session, sought: _Sought, query: str, limit: int) -> list[int]:
    words = search_key.words(query)
    found = dict.fromkeys(session.scalars(_named(sought, " ".join(words), limit)))
    if not words or len(found) >= limit:
        return list(found)
    seen = session.execute(_seen(sought, words, limit, found)).all()
    starting = [one for one, starts in seen if starts]
    if sought.few or len(found) + len(starting) >= limit:
        return [*found, *(one for one, _ in seen)][:limit]
    if max(map(len, words)) < _LONG:
        found |= dict.fromkeys(session.scalars(_looked_up(session, sought, words, limit, found, beginning=True)))
        elsewhere = [one for one, starts in seen if not starts]
        if len(found) + len(elsewhere) >= limit:
            return [*found, *elsewhere][:limit]
    found |= dict.fromkeys(session.scalars(_looked_up(session, sought, words, limit, found, beginning=False)))
    return list(found)[:limit]


def _named(sought: _Sought, beginning: str, limit: int) -> Select[int]:
    """Whose name begins so, in the order of the names."""
    # As plain text: what is typed can be longer than any name.
    span = (sought.name >= literal(beginning, String), sought.name <= literal(beginning + _AFTER_ALL, String))
    return (
        sought.row.with_only_columns(sought.id, maintain_column_froms=True)
        .where(*sought.near, *span)
        .order_by(sought.name, sought.id)
        .limit(limit)
    )


def _seen(sought: _Sought, words: Sequence[str], limit: int, found: Iterable[int]) -> Select[int, bool]:
    """Who is found among the first names, and whether all words begin one of theirs; these first."""
    first = _columns(sought).where(*sought.near).order_by(sought.name, sought.id)
    seen = (first if sought.few else first.limit(GLANCE)).subquery()
    starts = and_(*_holding(seen.c.key, words, beginning=True))
    return (
        select(seen.c.id, starts)
        .where(*_holding(seen.c.key, words), seen.c.id.not_in(tuple(found)))
        .order_by(starts.desc(), seen.c.name, seen.c.id)
        .limit(limit)
    )


def _looked_up(
    session: Session, sought: _Sought, words: Sequence[str], limit: int, found: Iterable[int], *, beginning: bool
) -> Select[int]:
    """Who is found by the grams of the words; those first in whom all words begin one of theirs."""
    holding = _columns(sought).where(*sought.of_a_row, *_holding(sought.key, words, beginning=beginning))
    some = grams.narrow(session, holding.where(sought.id.not_in(tuple(found))), words, beginning=beginning)
    few = some.limit(max(MOST, limit)).subquery()
    starts = and_(*_holding(few.c.key, words, beginning=True))
    return select(few.c.id).order_by(starts.desc(), few.c.name, few.c.id).limit(limit)


def _columns(sought: _Sought) -> Select[int, str, str]:
    columns = (sought.id.label("id"), sought.name.label("name"), sought.key.label("key"))
    return sought.row.with_only_columns(*columns, maintain_column_froms=True)


def _holding(key: ColumnElement[str], words: Sequence[str], *, beginning: bool = False) -> list[ColumnElement[bool]]:
    return [key.contains(f" {word}" if beginning else word, autoescape=True) for word in words]
