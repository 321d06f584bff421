"""Is the type-ahead's answer that of somebody who compares every client and patient, one after the other?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.domain.model import Client, Patient
from bot.store import directory, search_key, typeahead
from bot.store.database import Database
from tests.store.rows import Stock, add_client, add_patient, at_once, stock

Rows = list[tuple[str, str | None, str | None, bool, list[tuple[str, bool, bool]]]]
"""Of each client name, e-mail, phone, whether active, and of each patient name, whether active, whether dead."""

EVERYBODY = 1000

LONG = "x" * 41
"""So long a word that it is looked up once only."""

words = st.sampled_from(
    [
        "Anna",
        "Ånna",
        "Annika",
        "Hanna",
        "Åsa",
        "Öberg",
        "Berg",
        "Ek",
        "O’Connor",
        "Anna-Lisa",
        "100%",
        "b_k",
        "🐶",
        "x",
        "å",
        "™",
    ],
)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
patients = st.lists(st.tuples(names, st.booleans(), st.booleans()), max_size=3)
emails = st.sampled_from((None, "anna@ek.se", "a.berg@example.se", "ek_1@ek.se", "x@example.se"))
phones = st.none() | st.integers(0, 99).map("+467017406{:02}".format)
directories = st.lists(st.tuples(names, emails, phones, st.booleans(), patients), max_size=8)

parts = st.one_of(
    words,
    st.builds(lambda word, start, end: word[start:end], words, st.integers(0, 2), st.integers(2, 5)),
    st.sampled_from(("an", "nna", "erg", "a", "'", '"', "\\", "(", "^an", "\0", "z" * 200)),
    st.sampled_from(
        [
            "%",
            "_",
            "/",
            "*",
            "-",
            "AND",
            "OR",
            "NEAR(",
            "0701",
            "070-174",
            "+46",
            "740",
            "@ek",
            "example.se",
            "hund",
            "tm",
        ]
    ),
    st.text(max_size=3),
)
queries = st.lists(st.lists(parts, max_size=3).map(" ".join), min_size=5, max_size=5)
kinds_of_change = st.sampled_from(("name", "die", "live", "leave", "return"))


@contextmanager
def undone(database: Database) -> Iterator[tuple[Session, Stock]]:
    """A workspace of its own that is forgotten with everything in it."""
    with suppress(Forgotten), database.writing() as session:
        yield session, stock(session)
        raise Forgotten


class Forgotten(Exception):
    pass


def rank(name: str, key: str, typed: list[str]) -> int | None:
    """0: the name begins with the words; 1: each begins a word; 2: each is somewhere; `None`: one is nowhere."""
    if search_key.name_key(name).startswith(" ".join(typed)):
        return 0
    if all(f" {word}" in f" {key}" for word in typed):
        return 1
    return 2 if all(word in key for word in typed) else None


def client_key(client: Client) -> str:
    return search_key.client_key(client.name, client.email, client.phone)


def patient_key(patient: Patient) -> str:
    return search_key.patient_key(patient.name, patient.species)


def expected_clients(everybody: dict[Client, list[Patient]], query: str, *, active: bool) -> list[Client]:
    found = []
    for client, pets in everybody.items():
        key = " ".join([client_key(client), *(patient_key(pet) for pet in pets if pet.active and pet.died_on is None)])
        place = rank(client.name, key, search_key.words(query))
        if place is not None and client.active is active:
            found.append((place, search_key.name_key(client.name), client.id, client))
    return [client for *_, client in sorted(found, key=lambda one: one[:3])]


def expected_patients(everybody: dict[Client, list[Patient]], query: str) -> list[Patient]:
    found = []
    for client, pets in everybody.items():
        for pet in pets:
            place = rank(pet.name, f"{patient_key(pet)} {client_key(client)}", search_key.words(query))
            if place is not None and client.active and pet.active and pet.died_on is None:
                found.append((place, search_key.name_key(pet.name), pet.id, pet))
    return [pet for *_, pet in sorted(found, key=lambda one: one[:3])]


def fill(session: Session, ours: Stock, rows: Rows) -> dict[Client, list[Patient]]:
    everybody = {ours.client: [ours.patient]}
    for name, email, phone, active, pets in rows:
        client = add_client(session, ours.workspace, name, email=email, phone=phone, active=active)
        everybody[client] = [
            add_patient(session, ours.workspace, client, pet, active=lives, died_on=date(2026, 1, 1) if dead else None)
            for pet, lives, dead in pets
        ]
    return everybody


@settings(max_examples=40)
@example(rows=[("Anna", None, None, True, [])], typed=["anna 00", "00"], limit=1, glance=1)
@example(
    rows=[("A Ek", None, None, True, []), ("B y" + LONG, None, None, True, []), ("C " + LONG, None, None, True, [])],
    typed=[LONG],
    limit=2,
    glance=1,
)
@given(rows=directories, typed=queries, limit=st.integers(1, 6), glance=st.sampled_from((1, 1000)))
def test_the_best_matches_come_first_and_nobody_is_missed(
    shared_database: Database,
    rows: Rows,
    typed: list[str],
    limit: int,
    glance: int,
) -> None:
    with undone(shared_database) as (session, ours), pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeahead, "GLANCE", glance)
        everybody = fill(session, ours, rows)
        for query in typed:
            active, inactive = (expected_clients(everybody, query, active=one) for one in (True, False))
            for most in (limit, EVERYBODY):
                found = directory.search_clients(session, ours.workspace, query, most)
                assert [one.client for one in found] == active[:most]
                found = directory.search_clients(session, ours.workspace, query, most, inactive=True)
                assert [one.client for one in found] == [*active, *inactive][:most]
                pets = directory.search_patients(session, ours.workspace, query, most)
                assert [one.patient for one in pets] == expected_patients(everybody, query)[:most]
        for client, own in everybody.items():
            pets = directory.search_patients(session, ours.workspace, typed[0], limit, client.id)
            assert [one.patient for one in pets] == expected_patients({client: own}, typed[0])[:limit]


@settings(max_examples=20)
@given(
    rows=directories,
    typed=queries,
    changes=st.lists(st.tuples(st.integers(0, 8), names, emails, kinds_of_change), max_size=5),
)
def test_what_changed_is_found_by_what_it_is_now(
    shared_database: Database,
    rows: Rows,
    typed: list[str],
    changes: list[tuple[int, str, str | None, str]],
) -> None:
    with undone(shared_database) as (session, ours), pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeahead, "GLANCE", 1)
        everybody = fill(session, ours, rows)
        for number, name, email, change in changes:
            before = list(everybody)[number % len(everybody)]
            after, pets = before, everybody.pop(before)
            if change == "name":
                after = dataclasses.replace(before, name=name, email=email, version=before.version + 1)
                assert directory.change_client(session, ours.workspace, before, after)
                assert not directory.change_client(session, ours.workspace, before, after)
            elif change in {"leave", "return"}:
                active = change == "return"
                if directory.set_active(session, ours.workspace, before.id, active=active):
                    after = dataclasses.replace(before, active=active, version=before.version + 1)
            elif pets:
                died = date(2026, 1, 1) if change == "die" else None
                marked = (
                    directory.mark_dead(session, ours.workspace, pets[0].id, died)
                    if died
                    else directory.mark_alive(session, ours.workspace, pets[0].id)
                )
                assert marked == ((pets[0].died_on is None) == (died is not None))
                pets = [dataclasses.replace(pets[0], died_on=died) if marked else pets[0], *pets[1:]]
            everybody[after] = pets
        names = {name for client, own in everybody.items() for name in (client.name, *(pet.name for pet in own))}
        for query in (*typed, *names):
            found = directory.search_clients(session, ours.workspace, query, EVERYBODY)
            assert [one.client for one in found] == expected_clients(everybody, query, active=True)
            shown = directory.search_patients(session, ours.workspace, query, EVERYBODY)
            assert [one.patient for one in shown] == expected_patients(everybody, query)


def test_two_who_add_a_patient_to_one_client_at_once_are_both_found(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
    pets = ("Bella", "Rex", "Luna", "Sigge")
    made = at_once(
        database, len(pets), lambda session, number: add_patient(session, ours.workspace, ours.client, pets[number])
    )
    assert all(isinstance(one, Patient) for one in made)
    with database.reading() as session:
        for query in (*pets, "maja bella rex luna sigge"):
            (found,) = directory.search_clients(session, ours.workspace, query, EVERYBODY)
            assert found.client == ours.client


def test_of_more_than_are_compared_a_page_is_shown_and_a_better_match_is_still_first(database: Database) -> None:
    with database.writing() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeahead, "GLANCE", 1)
        patch.setattr(typeahead, "MOST", 5)
        ours = stock(session)
        inside = [add_client(session, ours.workspace, f"{letter}hanna Ek") for letter in "zyxwvutsrq"]
        begun = [add_client(session, ours.workspace, f"{letter}o Hannasson") for letter in "zyxwvutsrq"]
        best = add_client(session, ours.workspace, "Hanna Ek")
        page = [one.client for one in directory.search_clients(session, ours.workspace, "hanna", 4)]
        assert page[0] == best
        assert set(page[1:]) < set(begun)
        assert page[1:] == sorted(page[1:], key=lambda one: one.name)
        everybody = [one.client for one in directory.search_clients(session, ours.workspace, "hanna", EVERYBODY)]
        assert everybody == [best, *reversed(begun), *reversed(inside)]
