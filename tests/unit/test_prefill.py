"""Do typed words fill in what they can mean once, and nothing that is a guess?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Client, Method, Patient
from bot.domain.prefill import Candidate, Meant, Vocabulary, names_in, understand

MONTHS = {"mars": 3, "march": 3, "mar": 3, "december": 12, "maaliskuuta": 3, "maalis": 3}
TEMPLATES = [(1, "Vaccination"), (2, "Tandkontroll"), (3, "Check"), (4, "Tooth check"), (5, "Tandsten")]
WORDS = Vocabulary(TEMPLATES, MONTHS)


def client(number: int, name: str, email: str | None = None, phone: str | None = None) -> Client:
    return Client(number, name, email, phone, "sv", email_allowed=True, sms_allowed=True, active=True)


ANNA = client(1, "Anna Andersson", "anna@post.example", "+46701740605")
OTHER_ANNA = client(2, "Anna Andersson")
ASA = client(3, "Åsa Öberg", phone="+46701740606")
BJORN = client(4, "Björn Lindqvist")
EVA = client(5, "Eva Post")
PETS = {
    ANNA: {11: "Bella", 12: "Misse"},
    OTHER_ANNA: {21: "Doris"},
    ASA: {31: "Pelle", 32: "Lilla Pelle"},
    BJORN: {41: "Rex", 42: "Bella"},
    EVA: {51: "Sms"},
}
EVERYBODY = [
    *(Candidate(owner) for owner in PETS),
    *(
        Candidate(owner, Patient(number, owner.id, name, "hund", active=True, died_on=None))
        for owner, pets in PETS.items()
        for number, name in pets.items()
    ),
]
MARCH = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("Misse", {"client_id": 1, "patient_id": 12}),
        ("misse vaccination 2027-03-01", {"client_id": 1, "patient_id": 12, "template_id": 1, "due_date": MARCH}),
        ("2027-03-01, MISSE: Vaccination!", {"client_id": 1, "patient_id": 12, "template_id": 1, "due_date": MARCH}),
        # people
        ("bella", {"ambiguous": ("bella",)}),  # Anna's and Björn's
        ("anna bella", {"client_id": 1, "patient_id": 11}),
        ("Bella Lindqvist", {"client_id": 4, "patient_id": 42}),
        ("anna", {"ambiguous": ("anna",)}),  # two of them
        ("Anna Andersson", {"ambiguous": ("Anna", "Andersson")}),
        ("anna doris", {"client_id": 2, "patient_id": 21}),
        ("oberg", {"client_id": 3}),
        ("asa pelle", {"client_id": 3, "ambiguous": ("pelle",)}),  # two of her pets are called so
        ("lilla pelle", {"client_id": 3, "patient_id": 32}),
        ("misse rex", {"ambiguous": ("misse", "rex")}),  # another client's
        ("bell", {"unknown": ("bell",)}),  # half a name is a guess
        ("Nilsson", {"unknown": ("Nilsson",)}),
        ("anna@post.example", {"client_id": 1}),
        ("0701740606", {"client_id": 3}),
        ("+46701740606 Pelle", {"client_id": 3, "ambiguous": ("Pelle",)}),
        # dates
        ("1.3.2027", {"due_date": MARCH}),
        ("01.03.2027", {"due_date": MARCH}),
        ("1 mars 2027", {"due_date": MARCH}),
        ("1 March 2027", {"due_date": MARCH}),
        ("den 1. maaliskuuta 2027.", {"due_date": MARCH}),
        ("1 Mar. 2027", {"due_date": MARCH}),
        ("1. maalis 2027 mennessä", {"due_date": MARCH}),
        ("1.3.2027 klo", {"due_date": MARCH, "unknown": ("klo",)}),
        ("1.3.", {"unknown": ("1.3",)}),  # of which year?
        ("2027-03-01 1.3.2027", {"due_date": MARCH}),  # twice the same
        ("2027-03-01 2027-03-02", {"ambiguous": ("2027-03-01", "2027-03-02")}),
        ("2027-02-30", {"unknown": ("2027-02-30",)}),
        ("1/3/2027", {"unknown": ("1/3/2027",)}),  # the third of January in America
        ("1 mars", {"unknown": ("1", "mars")}),  # of which year?
        ("tomorrow", {"unknown": ("tomorrow",)}),
        # methods
        ("sms", {"ambiguous": ("sms",)}),  # a pet is called so
        ("e-post", {"method": Method.EMAIL}),
        ("Båda", {"method": Method.BOTH}),
        ("sähköpostitse", {"method": Method.EMAIL}),
        ("tekstiviestillä", {"method": Method.SMS}),
        ("molemmat", {"method": Method.BOTH}),
        ("kirje postitse", {"method": Method.POST}),
        ("e-mail letter", {"ambiguous": ("e-mail", "letter")}),
        ("email mail", {"method": Method.EMAIL}),
        ("post", {"ambiguous": ("post",)}),  # Eva is called so
        # templates
        ("vacc", {"template_id": 1}),
        ("tandk", {"template_id": 2}),
        ("tand", {"ambiguous": ("tand",)}),
        ("ta", {"unknown": ("ta",)}),
        ("tooth check", {"template_id": 4}),
        ("check", {"template_id": 3}),
        ("vaccination tandkontroll", {"ambiguous": ("vaccination", "tandkontroll")}),
        # words that mean nothing
        (
            "Vaccination for Misse on 1 March 2027",
            {"client_id": 1, "patient_id": 12, "template_id": 1, "due_date": MARCH},
        ),
        ("misse & co", {"client_id": 1, "patient_id": 12, "unknown": ("&", "co")}),
        ("\u200b \ud800 ()", {}),
    ],
)
def test_words_fill_in_what_they_can_mean_once(text: str, expected: dict[str, Any]) -> None:
    assert understand(text, WORDS, EVERYBODY) == Meant(**expected)


def test_in_a_message_a_template_is_named_whole() -> None:
    assert understand("vacc tooth check", WORDS, [], beginnings=False) == Meant(template_id=4, unknown=("vacc",))


def test_a_name_that_more_people_have_than_were_looked_at_names_nobody_alone() -> None:
    assert understand("misse", WORDS, EVERYBODY, common=frozenset({"misse"})) == Meant(ambiguous=("misse",))
    meant = understand("misse andersson", WORDS, EVERYBODY, common=frozenset({"misse", "andersson"}))
    assert (meant.client_id, meant.patient_id) == (1, 12)


def test_the_words_that_may_be_names_are_looked_for_once_capitals_first() -> None:
    assert names_in("can we call Bella, and Åsa, about Bella on 1 March 2027?", WORDS) == [
        "bella",
        "asa",
        "can",
        "we",
        "call",
        "about",
    ]


@given(st.text() | st.lists(st.sampled_from(["anna", "Bella", "1", "mars", "2027", "sms", "tand", "–"])).map(" ".join))
def test_whatever_is_typed_is_filled_in_from_what_there_is_or_given_back(text: str) -> None:
    meant = understand(text, WORDS, EVERYBODY)
    assert meant.client_id in {None, *(owner.id for owner in PETS)}
    owner = next((owner for owner in PETS if owner.id == meant.client_id), None)
    assert meant.patient_id is None or (owner is not None and meant.patient_id in PETS[owner])
    assert all(word in text for word in (*meant.ambiguous, *meant.unknown))
    if not text.strip():
        assert meant == Meant()
