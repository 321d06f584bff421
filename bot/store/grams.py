"""Which of a million clients can hold a typed word at all?

A gram is a run of one to three letters of a word; the first ones are another gram with the blank before them, so that
a word that begins with *an* has the gram *␣an* too. A client is indexed by the grams of its own key and of its living
patients' (`bot.store.search_key`); where a word is, its grams are. The reverse does not hold: what the index gives is
still to be compared with the keys.

On PostgreSQL a GIN index asks the row itself, by a function of the same meaning, and nothing is to be kept. On SQLite
the grams lie in a full-text table without content, which `index` keeps in the transaction that changes a key. Each gram
is written there as hexadecimal digits: nothing that is typed is an operator of its query language.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from sqlalchemy import ARRAY, Select, String, Text, column, func, literal_column, table, text, type_coerce
from sqlalchemy.orm import Session

from bot.store.tables import ClientRow

LONGEST: Final = 3
_ENOUGH: Final = 2
"""So many grams of one word are asked for, and one more for every 32 letters: a list of half of the clients costs more
than it rules out."""

_PAIR: Final = 2
_ENOUGH_OF_PAIR: Final = 3
"""So many of two words together, the rarest: the fourth list costs more than what is left for it to rule out."""

_COMMONEST: Final = {letter: place for place, letter in enumerate("aenrsilom.@ctdkghjbuvpfyz0123456789xwq")}
"""The letters of names and addresses, the commonest first."""

_KEPT = table("client_grams", column("rowid"))
_INSERT = text("INSERT INTO client_grams (rowid, grams) VALUES (:client, :grams)")
_DELETE = text("INSERT INTO client_grams (client_grams, rowid, grams) VALUES ('delete', :client, :grams)")

Found = TypeVar("Found", bound=Select[*tuple[Any, ...]])


def key(own: str, patients: str) -> str:
    """What a client is indexed by: its own key and its living patients'."""
    return f"{own} {patients}"


def index(session: Session, client: int, before: str | None, after: str) -> None:
    """Replace what the grams of a client are, from those of the key `before`, if it had one, to those of `after`."""
    if session.get_bind().dialect.name == "sqlite" and before != after:
        if before is not None:
            session.execute(_DELETE, {"client": client, "grams": written(before)})
        session.execute(_INSERT, {"client": client, "grams": written(after)})


def written(key: str) -> str:
    """All grams of a key as the full-text table takes them."""
    return " ".join(frozenset[str]().union(*map(_written, key.split())))


def narrow(session: Session, clients: Found, words: Sequence[str], *, beginning: bool) -> Found:
    """Only those of `clients` who have the grams of every word; if `beginning`, of a word that begins so."""
    grams = list(dict.fromkeys(gram for word in words for gram in _asked(word, beginning=beginning)))
    if len(words) == _PAIR:
        grams = sorted(grams, key=_rarity, reverse=True)[:_ENOUGH_OF_PAIR]
    if session.get_bind().dialect.name == "sqlite":
        match = literal_column("client_grams", String).op("MATCH")(" AND ".join(map(_digits, grams)))
        return clients.join(_KEPT, _KEPT.c.rowid == ClientRow.id).where(match)
    held = func.client_grams(ClientRow.search_key, ClientRow.patients_key)
    return clients.where(held.op("@>")(type_coerce(grams, ARRAY(Text))))


def _asked(word: str, *, beginning: bool) -> list[str]:
    """The first letters, if it is to begin so, and the rarest grams; in a long word none that share a letter.

    Those that share some are mostly found in the same clients. Of grams alike the last is taken, since many numbers
    begin alike.
    """
    if len(word) < LONGEST:
        return [f" {word}" if beginning else word]
    chosen = {f" {word[:LONGEST]}": 0} if beginning else {}
    enough = len(chosen) + _ENOUGH + len(word) // 32
    apart = LONGEST if beginning else min(LONGEST, len(word) - LONGEST)
    starts = range(len(word) - LONGEST, -1, -1)
    for rarest in sorted(starts, key=lambda start: _rarity(word[start : start + LONGEST]), reverse=True):
        gram = word[rarest : rarest + LONGEST]
        if len(chosen) < enough and all(abs(rarest - start) >= apart for start in chosen.values()):
            chosen.setdefault(gram, rarest)
    return list(chosen)


def _rarity(gram: str) -> int:
    return sum(_COMMONEST.get(letter, len(_COMMONEST)) for letter in gram)


@lru_cache(100_000)
def _written(word: str) -> frozenset[str]:
    sizes = range(1, LONGEST + 1)
    inside = (word[start : start + size] for size in sizes for start in range(len(word) - size + 1))
    first = (f" {word[:size]}" for size in sizes)
    return frozenset(map(_digits, (*inside, *first)))


@lru_cache(100_000)
def _digits(gram: str) -> str:
    return gram.encode().hex()
