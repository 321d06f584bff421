from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.store import directory
from bot.store.database import Database
from tests.store.rows import Stock, add_client, add_patient, stock


@pytest.fixture(scope="module")
def ours(shared_database: Database) -> Stock:
    """Workspace T1: Åsa Öberg with Maja; Bo 100% Ek with Misse, the dead Rex and the inactive Pim; Ådam, inactive."""
    with shared_database.writing() as session:
        found = stock(session)
        bo = add_client(
            session, found.workspace, "Bo 100% Ek", email="bo_ek@example.com", phone="+358401234567", sms_allowed=False
        )
        add_patient(session, found.workspace, bo, "Misse", species="katt")
        add_patient(session, found.workspace, bo, "Rex", died_on=date(2026, 1, 1))
        add_patient(session, found.workspace, bo, "Pim", active=False)
        gone = add_client(session, found.workspace, "Ådam Gård", active=False, email=None, phone=None)
        add_patient(session, found.workspace, gone, "Majken")
        others = stock(session, "T2")
        add_client(session, others.workspace, "Åsa Annan")
        return found


@pytest.fixture
def session(shared_database: Database) -> Iterator[Session]:
    with shared_database.reading() as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Bo 100% Ek", "Åsa Öberg"]),
        ("asa", ["Åsa Öberg"]),
        ("ÅSA", ["Åsa Öberg"]),
        ("A\u030asa", ["Åsa Öberg"]),
        ("öberg åsa", ["Åsa Öberg"]),
        ("  obe   as ", ["Åsa Öberg"]),
        ("asa ek", []),
        ("asa@example", ["Åsa Öberg"]),
        ("0701740605", ["Åsa Öberg"]),
        ("070-174 06 05", ["Åsa Öberg"]),
        ("+46 70 174", ["Åsa Öberg"]),
        ("0046701740605", ["Åsa Öberg"]),
        ("+46 (0)70 174 06 05", ["Åsa Öberg"]),
        ("asa 070-174 06 05", ["Åsa Öberg"]),
        ("070-174 06 06", []),
        ("asa 070-174 06 06", []),
        ("040 123", ["Bo 100% Ek"]),
        ("maja", ["Åsa Öberg"]),
        ("maja oberg", ["Åsa Öberg"]),
        ("katt", ["Bo 100% Ek"]),
        ("rex", []),
        ("pim", []),
        ("adam", []),
        ("%", ["Bo 100% Ek"]),
        ("100%", ["Bo 100% Ek"]),
        ("_", ["Bo 100% Ek"]),
        ("o_ek", ["Bo 100% Ek"]),
        ("b_ 100", []),
        ("\\", []),
        ("/", []),
        ("' OR 1=1 --", []),
        ("annan", []),
    ],
)
def test_a_client_is_found_by_every_word_in_any_order(
    session: Session, ours: Stock, query: str, names: list[str]
) -> None:
    found = directory.search_clients(session, ours.workspace, query, 10)
    assert sorted(one.client.name for one in found) == sorted(names)


def test_a_found_client_comes_with_the_living_patients(session: Session, ours: Stock) -> None:
    (found,) = directory.search_clients(session, ours.workspace, "ek", 10)
    assert found.patients == ("Misse",)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Maja", "Misse"]),
        ("maja", ["Maja"]),
        ("oberg", ["Maja"]),
        ("maja oberg", ["Maja"]),
        ("maja ek", []),
        ("hund", ["Maja"]),
        ("0701740605", ["Maja"]),
        ("rex", []),
        ("majken", []),
        ("m%", []),
    ],
)
def test_a_patient_is_found_by_its_own_or_its_owner_s_words(
    session: Session, ours: Stock, query: str, names: list[str]
) -> None:
    found = directory.search_patients(session, ours.workspace, query, 10)
    assert [one.patient.name for one in found] == names


def test_a_chosen_client_narrows_the_patients(session: Session, ours: Stock) -> None:
    found = directory.search_patients(session, ours.workspace, "m", 10, client_id=ours.client.id)
    assert [one.patient.name for one in found] == ["Maja"]


def test_no_more_is_found_than_was_asked_for(session: Session, ours: Stock) -> None:
    assert len(directory.search_clients(session, ours.workspace, "", 1)) == 1
    assert len(directory.search_patients(session, ours.workspace, "", 1)) == 1


def test_another_workspace_s_rows_are_not_found_by_their_ids(session: Session, ours: Stock) -> None:
    other = ours.workspace + 1
    assert directory.client(session, ours.workspace, ours.client.id) == ours.client
    assert directory.patient(session, ours.workspace, ours.patient.id) == ours.patient
    assert directory.patients_of(session, ours.workspace, ours.client.id) == [ours.patient]
    assert directory.client(session, other, ours.client.id) is None
    assert directory.patient(session, other, ours.patient.id) is None
    assert directory.patients_of(session, other, ours.client.id) == []


_CONNOR = ("oconnor", "o'connor", "o’connor", "O´Connor", "o connor", "o‘con", "o`connor")
_ANNA = ("anna-lisa", "annalisa", "anna lisa", "Anna‑Lisa", "anna–lisa", "Anna\u00adLisa", "nna-lis")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *((name, query) for name in ("Sinead O'Connor", "Sinead O’Connor", "Sinead O Connor") for query in _CONNOR),
        *((name, query) for name in ("Anna-Lisa Berg", "Annalisa Berg", "Anna Lisa Berg") for query in _ANNA),
    ],
)
def test_apostrophes_and_hyphens_do_not_matter(database: Database, name: str, query: str) -> None:
    with database.writing() as session:
        ours = stock(session)
        client = add_client(session, ours.workspace, name, email=None, phone="+46701112233")
        pet = add_patient(session, ours.workspace, ours.client, name)
        assert client in [one.client for one in directory.search_clients(session, ours.workspace, query, 10)]
        assert pet in [one.patient for one in directory.search_patients(session, ours.workspace, query, 10)]
