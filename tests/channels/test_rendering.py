"""What a client reads: filled in, dated in the client's language, and harmless whatever the names hold."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.characters import is_blank
from bot.channels.rendering import Occasion, Renderer, day_in_words
from bot.domain.model import Client, Clinic, Method, Patient, SendingHours, Texts
from bot.domain.template import Placeholder, TemplateBroken

CLINIC = Clinic(
    id=1,
    workspace_id=1,
    name="Djurkliniken Ekbacken & Co",
    phone="+46 8 555 010 20",
    hours=SendingHours(ZoneInfo("Europe/Stockholm")),
    language="sv",
    country="SE",
    staff_channel="C1",
    sender_email="hej@eken.example",
    default_method=Method.EMAIL,
    policy_note="",
)
CLIENT = Client(1, "Åsa Öberg", "asa@post.example", "+46701740606", "sv", True, True, True)
PATIENT = Patient(1, 1, "Ludde", "hund", True, None)
OCCASION = Occasion(CLIENT, PATIENT, CLINIC, date(2026, 12, 1), "sv")
TEXTS = Texts(
    subject="Dags för {{ patient_name }}",
    email="Hej {{ client_first_name }}!\n\n{{ patient_name }} ({{ species }}) vaccineras {{ due_date }}.\nRing oss.\n",
    sms="Hej! {{ patient_name }}: {{ due_date }}. {{ clinic_name }} {{ clinic_phone }}",
    letter="Bästa {{ client_name }},\n\n{{ patient_name }} {{ due_date }}",
)


def named(client: str = "Åsa Öberg", patient: str = "Ludde", clinic: str = "Kliniken") -> Occasion:
    return dataclasses.replace(
        OCCASION,
        client=dataclasses.replace(CLIENT, name=client),
        patient=dataclasses.replace(PATIENT, name=patient),
        clinic=dataclasses.replace(CLINIC, name=clinic),
    )


class Page(HTMLParser):
    """What a mail program would see: the elements, their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def test_an_email_has_its_placeholders_filled_in() -> None:
    rendered = Renderer().email(TEXTS, OCCASION)
    assert rendered.subject == "Dags för Ludde"
    assert rendered.text == (
        "Hej Åsa!\n\nLudde (hund) vaccineras tisdag 1 december 2026.\nRing oss.\n\n"
        "-- \nDjurkliniken Ekbacken & Co\n+46 8 555 010 20\n"
    )


def test_the_html_part_has_the_clinic_the_paragraphs_and_the_phone() -> None:
    rendered = Renderer().email(TEXTS, OCCASION)
    page = Page(rendered.html)
    assert ("lang", "sv") in page.attributes
    assert ("dir", "ltr") in page.attributes
    assert page.text.count("Djurkliniken Ekbacken & Co") == 2
    assert page.elements.count("p") == 2
    assert ">Ludde (hund) vaccineras tisdag 1 december 2026.<br>Ring oss.</p>" in rendered.html
    assert ("href", "tel:+46855501020") in page.attributes


def test_the_html_part_loads_nothing_from_elsewhere() -> None:
    html = Renderer().email(TEXTS, OCCASION).html
    assert not {"img", "script", "link", "iframe", "object"} & set(Page(html).elements)
    assert not re.search(r"https?:|url\(|@import|src=", html)


def test_the_language_sets_direction_and_tag() -> None:
    arabic = Page(Renderer().email(TEXTS, dataclasses.replace(OCCASION, language="ar")).html)
    assert ("lang", "ar") in arabic.attributes
    assert ("dir", "rtl") in arabic.attributes
    english = Page(Renderer().email(TEXTS, dataclasses.replace(OCCASION, language="en")).html)
    assert ("lang", "en-GB") in english.attributes


def test_sms_and_letter_are_plain_text() -> None:
    renderer = Renderer()
    assert renderer.sms(TEXTS, OCCASION) == (
        "Hej! Ludde: tisdag 1 december 2026. Djurkliniken Ekbacken & Co +46 8 555 010 20"
    )
    assert renderer.letter(TEXTS, OCCASION) == "Bästa Åsa Öberg,\n\nLudde tisdag 1 december 2026"


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("sv", "tisdag 1 december 2026"),
        ("sv-SE", "tisdag 1 december 2026"),
        ("en", "Tuesday, 1 December 2026"),
        ("en_US", "Tuesday, December 1, 2026"),
        ("fi", "tiistai 1. joulukuuta 2026"),
        ("tlh", "Tuesday, 1 December 2026"),
        ("", "Tuesday, 1 December 2026"),
    ],
)
def test_a_day_is_written_in_the_clients_language(language: str, day: str) -> None:
    assert day_in_words(date(2026, 12, 1), language) == day


def test_a_name_with_markup_is_shown_and_not_obeyed() -> None:
    occasion = named('<b onclick="x">Åsa</b>', "</p><script>alert(1)</script>", "\"><img src=x> & 'Co'")
    rendered = Renderer().email(TEXTS, occasion)
    page = Page(rendered.html)
    assert {"b", "script", "img"} & set(page.elements) == set()
    assert "</p><script>alert(1)</script>" in page.text
    assert page.text.count("\"><img src=x> & 'Co'") == 2


def test_a_phone_that_is_no_number_makes_no_link() -> None:
    clinic = dataclasses.replace(CLINIC, phone="javascript:alert()")
    page = Page(Renderer().email(TEXTS, dataclasses.replace(OCCASION, clinic=clinic)).html)
    assert "a" not in page.elements
    assert "javascript:alert()" in page.text


def test_a_name_cannot_turn_the_reading_direction_or_break_the_line() -> None:
    rendered = Renderer().email(TEXTS, named(patient="Ludde\u202e\u2066\r\nBcc: x@example.se\u2028"))
    assert rendered.subject == "Dags för Ludde Bcc: x@example.se"
    for text in (rendered.text, rendered.html):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028]", text)


def test_a_name_that_looks_like_a_template_stays_a_name() -> None:
    occasion = named(patient="{{ client_name }}")
    assert Renderer().sms(TEXTS, occasion).startswith("Hej! {{ client_name }}: ")
    assert "{{ client_name }}" in Page(Renderer().email(TEXTS, occasion).html).text


@settings(deadline=None)
@given(
    client=st.text(min_size=1).filter(lambda name: not is_blank(name)),
    patient=st.text(min_size=1).filter(lambda name: not is_blank(name)),
    clinic=st.text(min_size=1).filter(lambda name: not is_blank(name)),
)
@example(client="<x>", patient="&lt;", clinic="\ud800")
def test_no_name_adds_an_element_or_breaks_an_encoding(client: str, patient: str, clinic: str) -> None:
    rendered = Renderer().email(TEXTS, named(client, patient, clinic))
    assert Page(rendered.html).elements == Page(Renderer().email(TEXTS, named()).html).elements
    assert "\n" not in rendered.subject
    for text in (rendered.subject, rendered.text, rendered.html):
        text.encode("utf-8")


def test_every_placeholder_has_a_value() -> None:
    assert set(OCCASION.values()) == set(Placeholder)


def test_a_broken_text_spoils_its_own_channel_only() -> None:
    texts = dataclasses.replace(TEXTS, sms="{{ nobody_knows }}", letter="")
    renderer = Renderer()
    assert renderer.email(texts, OCCASION).subject == "Dags för Ludde"
    for broken in (renderer.sms, renderer.letter):
        with pytest.raises(TemplateBroken):
            broken(texts, OCCASION)
