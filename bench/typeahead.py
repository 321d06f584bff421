"""How long does the type-ahead take among 1,000,000 clients with 1,500,000 patients (rule P2)?

    python -m bench.typeahead [CLIENTS [ADDRESS …]]

The databases are filled as they were before clients had grams, and brought to the present schema: how long that takes,
and how much they grow by it, is told first; what the upgrade left behind on PostgreSQL is then vacuumed, as the server
does by itself within minutes. Then comes the table, a row for each kind of query: for the clients and the
patients of each database the median and the worst of `RUNS` whole searches in milliseconds, with the transaction and
the loading of what is shown. At the end, what it costs to write.

Without an address, a SQLite file and a PostgreSQL server of their own are made and removed again. A database at an
ADDRESS is kept, and not filled a second time.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import statistics
import sys
import tempfile
import time as stopwatch
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, column, inspect, table, text

from bot.domain.model import Client, Patient
from bot.store import clinics, directory, schema, search_key
from bot.store.database import Database
from tests import databases

NOW: Final = datetime(2026, 12, 1, 8, tzinfo=UTC)
RUNS: Final = 7
PAGE: Final = 20
WRITES: Final = 50
BEFORE_GRAMS: Final = "0012"
AT_ONCE: Final = 20_000

QUERIES: Final[tuple[tuple[str, str], ...]] = (
    ("nothing typed", ""),
    ("one letter", "a"),
    ("one rare letter", "q"),
    ("two letters", "jo"),
    ("two rare letters", "zo"),
    ("first name, 5 % have it", "anna"),
    ("surname, 4 % have it", "andersson"),
    ("rare surname", "gyllenhult"),
    ("whole name", "Åsa Öhrnqvist"),
    ("surname first", "lindberg erik"),
    ("common words", "anna johansson"),
    ("three words", "karl johan berg"),
    ("inside of names", "nna"),
    ("inside of most names", "sson"),
    ("inside of some", "xel"),
    ("end of a surname, 15 %", "ansson"),
    ("patient", "bella"),
    ("patient and surname", "bella lindqvist"),
    ("patient and species", "hund rex"),
    ("phone, 30 % begin so", "0701"),
    ("whole phone", "070-112 34 56"),
    ("end of a phone", "2345"),
    ("middle of a phone", "11234"),
    ("e-mail's host", "@gmail.com"),
    ("whole e-mail", "anna.johansson77@gmail.com"),
    ("common and unknown", "anna zzyzx"),
    ("common and rare letters", "anna qx"),
    ("one letter four times", "a a a a"),
    ("four letters", "a b c d"),
    ("two hosts, nobody has both", "@gmail @hotmail"),
    ("percent", "%"),
    ("underscore", "_"),
    ("quotes", "\"' OR 1=1 --"),
    ("operators of full text", "anna* AND NEAR(erik OR berg)"),
    ("200 letters", "anna" * 50),
    ("eight long words", " ".join(letter * 60 for letter in "abcdefgh")),
    ("emoji", "🐶"),
    ("NUL", "anna\0johansson"),
)


def main(count: int, addresses: list[str]) -> None:
    """Print what the upgrade costs, the table, and what it costs to write."""
    with ExitStack() as opened:
        urls = addresses or [opened.enter_context(_sqlite()), opened.enter_context(_postgresql())]
        bases = [opened.enter_context(closing(Database.open(url))) for url in urls]
        workspaces = [_fill(database, count) for database in bases]
        kinds = [database.engine.dialect.name for database in bases]
        searches = (directory.search_clients, directory.search_patients)
        heads = [f"{kind}, {what}" for kind, what in itertools.product(kinds, ("clients", "patients"))]
        _print(f"{'median / worst, ms':<28}", *(f"{head:>22}" for head in heads))
        for what, query in QUERIES:
            times = [
                _times(database, search, workspace, query)
                for database, workspace in zip(bases, workspaces, strict=True)
                for search in searches
            ]
            _print(f"{what:<28}", *(f"{statistics.median(one):>14.1f} /{max(one):>6.1f}" for one in times))
        for database, workspace in zip(bases, workspaces, strict=True):
            _write(database, workspace)


def _times(database: Database, search: Callable[..., list[Any]], workspace: int, query: str) -> list[float]:
    times = []
    for _ in range(RUNS):
        began = stopwatch.perf_counter()
        with database.reading() as session:
            search(session, workspace, query, PAGE)
        times.append(_milliseconds(began))
    return times


def _write(database: Database, workspace: int) -> None:
    times: dict[str, list[float]] = {"add a client": [], "add a patient": [], "change a client": [], "mark dead": []}
    for number in range(WRITES):
        made = Client(
            0, f"Åsa Nykund {number}", f"asa{number}@example.org", f"+46701{number:06}", "sv", True, True, True
        )
        client = _timed(database, times["add a client"], directory.add_client, workspace, made)
        pet = Patient(0, client.id, "Maja", "hund", True, None)
        pet = _timed(database, times["add a patient"], directory.add_patient, workspace, pet)
        after = dataclasses.replace(client, name=f"Ove Nykund {number}")
        _timed(database, times["change a client"], directory.change_client, workspace, client, after)
        _timed(database, times["mark dead"], directory.mark_dead, workspace, pet.id, NOW.date())
    for what, taken in times.items():
        _print(
            f"{database.engine.dialect.name:<12}{what:<16}", f"{statistics.median(taken):6.1f} /{max(taken):6.1f} ms"
        )


def _timed(database: Database, times: list[float], act: Callable[..., Any], *what: Any) -> Any:  # noqa: ANN401 - any act
    began = stopwatch.perf_counter()
    with database.writing() as session:
        done = act(session, *what)
    times.append(_milliseconds(began))
    return done


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, databases.sqlite(Path(folder), None) as url:
        yield url


@contextmanager
def _postgresql() -> Iterator[str]:
    with databases.postgresql() as server, server.database(empty=True) as url:
        yield url


def _fill(database: Database, count: int) -> int:
    kind = database.engine.dialect.name
    if not inspect(database.engine).has_table("clients"):
        with database.migrating() as connection:
            config = Config()
            config.set_main_option("script_location", str(schema.MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, BEFORE_GRAMS)
        with database.writing() as session:
            workspace = clinics.add_workspace(session, "T1", NOW)
            _insert(session.connection(), workspace, count)
        before, began = _size(database), stopwatch.perf_counter()
        schema.upgrade(database)
        seconds = stopwatch.perf_counter() - began
        _print(
            f"{kind:<12}{count:,} clients upgraded in {seconds:.0f} s, {before:,} MB before, {_size(database):,} after"
        )
        if kind == "postgresql":
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE clients, patients"))
    with database.reading() as session:
        found = clinics.workspace_id(session, "T1")
    assert found is not None  # noqa: S101
    return found


def _insert(connection: Connection, workspace: int, count: int) -> None:
    clients = table("clients", *map(column, _CLIENT))
    patients = table("patients", *map(column, _PATIENT))
    everybody = _everybody(count)
    while some := list(itertools.islice(everybody, AT_ONCE)):
        rows = [dict(zip(_CLIENT, (workspace, *client), strict=True)) for client, _ in some]
        pets = [dict(zip(_PATIENT, (workspace, *pet), strict=True)) for _, own in some for pet in own]
        connection.execute(clients.insert(), rows)
        connection.execute(patients.insert(), pets)


def _size(database: Database) -> int:
    """Megabytes on the disk."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with database.reading() as session:
        size = session.scalar(text(pages if is_sqlite else "SELECT pg_database_size(current_database())"))
    return int(size or 0) // 1_000_000


_CLIENT: Final = (
    *("workspace_id", "name", "email", "phone", "language", "email_allowed", "sms_allowed", "active", "version"),
    "search_key",
)
_PATIENT: Final = ("workspace_id", "client_id", "name", "species", "active", "died_on", "search_key")

_FIRST: Final = tuple(
    """
    Anna Maria Erik Lars Karl Anders Johan Per Nils Jan Eva Kristina Margareta Elisabeth Birgitta Karin Ingrid Sofia
    Linnéa Kerstin Lena Helena Marianne Emma Johanna Linda Sara Cecilia Elin Louise Ulla Gunilla Hanna Susanne Jenny
    Irene Ida Malin Mikael Peter Olof Lennart Gunnar Sven Fredrik Bengt Daniel Bo Gustav Alexander Göran Åke Magnus
    Martin Andreas Henrik Mats Leif Björn Hans Ulf Axel Robert Christer David Håkan Åsa Örjan Zoë Xerxes Quentin Sinéad
    Anna-Lisa Jean-Pierre Wilhelm Yngve Torbjörn Vera Alva Freja
    """.split()  # noqa: SIM905 - as a list it would be eighty lines
)
_BEGINNINGS: Final = tuple(
    """
    Ber Lind Sjö Ny Ek Hag Berg Lund Öst Väst Nor Sö Hol Gran Ahl Al Ås Björk Bok Dal En Fors Gyllen Hed Hög Öhrn Kull
    Lilje Löv Mal Mo Nord Ock Palm Ros Sand Skog Stor Ström Sund Svan Tall Tor Vik Wall Ång
    """.split()  # noqa: SIM905
)
_ENDS: Final = tuple(
    "ström berg kvist gren man qvist blad ell én ander feldt lund mark hult dahl bäck holm stedt gård stig".split()  # noqa: SIM905
)
_COMMONEST: Final = tuple(
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson".split()  # noqa: SIM905
)
_LAST: Final = (*_COMMONEST, *map("".join, itertools.product(_BEGINNINGS, _ENDS)), "O’Connor", "Al-Hassan", "Nguyễn")
_PETS: Final = tuple(
    "Bella Molly Rex Luna Charlie Sigge Wilma Ludde Maja Misse Tiger Pelle Simba Findus Sixten Doris Zorro".split()  # noqa: SIM905
)
_HOSTS: Final = ("gmail.com", "hotmail.com", "telia.se", "outlook.com")


def _everybody(count: int) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Clients with their patients; names are as unevenly spread as names are, and the first has 5 % of all."""
    chance = random.Random(1)  # noqa: S311 - the same ones every time
    draw = {id(some): _cumulated(some) for some in (_FIRST, _LAST, _PETS)}

    def one_of(some: tuple[str, ...]) -> str:
        return chance.choices(some, cum_weights=draw[id(some)])[0]

    for number in range(1, count + 1):
        first, last = one_of(_FIRST), one_of(_LAST)
        name = f"{first} {last}" if chance.random() < 0.9 else f"{first} {one_of(_FIRST)} {last}"
        host = chance.choices(_HOSTS, (40, 30, 15, 15))[0]
        local = search_key.fold(f"{first}.{last}").replace(" ", "")
        email = f"{local}{chance.randrange(10_000)}@{host}" if chance.random() < 0.9 else None
        phone = f"+467{chance.choice('0012369')}{chance.randrange(10**7):07}"
        active = chance.random() < 0.9
        key = search_key.client_key(name, email, phone)
        pets = [
            (one_of(_PETS), chance.choice(("hund", "katt", "häst")))
            for _ in range(chance.choices((1, 2, 3), (60, 30, 10))[0])
        ]
        yield (
            (name, email, phone, "sv", True, True, active, 1, key),
            [
                (
                    number,
                    pet,
                    species,
                    True,
                    NOW.date() if chance.random() < 0.1 else None,
                    search_key.patient_key(pet, species),
                )
                for pet, species in pets
            ],
        )


def _cumulated(some: tuple[str, ...]) -> list[float]:
    others = [1 / (place + 3) ** 0.75 for place in range(len(some) - 1)]
    return list(itertools.accumulate([0.05, *(0.95 * one / sum(others) for one in others)]))


def _milliseconds(began: float) -> float:
    return (stopwatch.perf_counter() - began) * 1000


def _print(*parts: str) -> None:
    print(*parts, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2:])
