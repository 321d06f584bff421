"""Each setting of a clinic is kept in one form, or refused under its own field with what would work."""

from __future__ import annotations

import dataclasses
from datetime import time
from typing import Any

import pytest

from bot.domain.clinic_rules import ClinicSettings, SettingsContext, check
from bot.domain.errors import ClinicField, SettingsRefused
from bot.domain.model import Method

CONTEXT = SettingsContext(
    names_taken={"Filialen"},
    zones={"Europe/Stockholm", "Europe/Helsinki", "America/Argentina/Buenos_Aires", "UTC"},
    languages={"sv", "en"},
    methods={Method.EMAIL, Method.POST},
    holiday_countries={"SE", "DE"},
    subdivisions={"BY", "BE"},
)
SETTINGS = ClinicSettings(
    name="Kliniken",
    phone="08-123 45 67",
    zone="Europe/Stockholm",
    send_time=time(9),
    opens=time(8),
    closes=time(20),
    closed_weekdays=frozenset(),
    closed_on_holidays=False,
    subdivision="",
    country="DE",
    language="sv",
    staff_channel="C0STAFF0001",
    sender_email="klinik@example.com",
    default_method=Method.EMAIL,
    policy_note="",
)


def test_what_is_right_is_kept_as_it_is() -> None:
    closed = dataclasses.replace(SETTINGS, closed_weekdays=frozenset({6, 7}), closed_on_holidays=True, subdivision="BY")
    assert check(SETTINGS, CONTEXT) == SETTINGS
    assert check(closed, CONTEXT) == closed


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"name": " Kliniken\t"}, {"name": "Kliniken"}),
        ({"phone": "  "}, {"phone": ""}),
        ({"sender_email": " Klinik@EXAMPLE.com "}, {"sender_email": "Klinik@example.com"}),
        ({"policy_note": "Kort.\r\nVänligt.\n"}, {"policy_note": "Kort.\nVänligt."}),
        ({"zone": "UTC "}, {"zone": "UTC"}),
        ({"subdivision": "BY"}, {"subdivision": ""}),  # without holidays there is nothing for it to choose
        ({"country": "SE", "closed_on_holidays": True}, {"country": "SE", "closed_on_holidays": True}),
    ],
)
def test_what_is_typed_is_brought_into_one_form(changes: dict[str, Any], kept: dict[str, Any]) -> None:
    assert check(dataclasses.replace(SETTINGS, **changes), CONTEXT) == dataclasses.replace(SETTINGS, **kept)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": " \u200b"}, ClinicField.NAME, "The name is missing"),
        ({"name": "Filialen "}, ClinicField.NAME, "Another clinic has this name"),
        ({"name": "x" * 201}, ClinicField.NAME, "200"),
        ({"name": "Kliniken\r\nBcc: x"}, ClinicField.NAME, "line"),
        ({"name": "Klin\x00iken"}, ClinicField.NAME, "character"),
        ({"phone": "1" * 41}, ClinicField.PHONE, "40"),
        ({"zone": ""}, ClinicField.ZONE, "Enter one such as Europe/Stockholm"),
        ({"zone": "Mars"}, ClinicField.ZONE, "Enter one such as Europe/Stockholm"),
        ({"zone": "../../etc/passwd"}, ClinicField.ZONE, "Enter one such as Europe/Stockholm"),
        ({"zone": "europe/helsinki"}, ClinicField.ZONE, "Did you mean Europe/Helsinki?"),
        ({"zone": "Europe/Stokholm"}, ClinicField.ZONE, "Did you mean Europe/Stockholm?"),
        ({"send_time": time(7, 59)}, ClinicField.SEND_TIME, "in the sending window"),
        ({"send_time": time(20)}, ClinicField.SEND_TIME, "in the sending window"),
        ({"closes": time(8)}, ClinicField.CLOSES, "later than it opens"),
        ({"opens": time(22), "closes": time(6), "send_time": time(23)}, ClinicField.CLOSES, "later than it opens"),
        ({"closed_weekdays": frozenset(range(1, 8))}, ClinicField.CLOSED_WEEKDAYS, "at least one day"),
        ({"closed_weekdays": frozenset({0})}, ClinicField.CLOSED_WEEKDAYS, "not a day of the week"),
        ({"closed_on_holidays": True, "country": "FI"}, ClinicField.CLOSED_ON_HOLIDAYS, "are not known"),
        ({"closed_on_holidays": True, "subdivision": "XX"}, ClinicField.SUBDIVISION, "Choose another one, or none"),
        ({"country": "Sverige"}, ClinicField.COUNTRY, "two letters"),
        ({"country": "se"}, ClinicField.COUNTRY, "two letters"),
        ({"country": ""}, ClinicField.COUNTRY, "two letters"),
        ({"language": "tlh"}, ClinicField.LANGUAGE, "Choose one from the list"),
        ({"staff_channel": "#staff"}, ClinicField.STAFF_CHANNEL, "Choose the channel"),
        ({"staff_channel": ""}, ClinicField.STAFF_CHANNEL, "Choose the channel"),
        ({"sender_email": "klinik"}, ClinicField.SENDER_EMAIL, "@"),
        ({"sender_email": "a@example.com, b@example.com"}, ClinicField.SENDER_EMAIL, "one"),
        ({"sender_email": ""}, ClinicField.SENDER_EMAIL, "e-mail"),
        ({"default_method": Method.SMS}, ClinicField.DEFAULT_METHOD, "Choose another method"),
        ({"policy_note": "x" * 1001}, ClinicField.POLICY_NOTE, "1000"),
    ],
)
def test_what_cannot_be_is_refused_under_its_own_field(changes: dict[str, Any], field: ClinicField, says: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        check(dataclasses.replace(SETTINGS, **changes), CONTEXT)
    assert list(refused.value.refusals) == [field]
    assert says in str(refused.value.refusals[field])


def test_a_window_may_open_at_midnight_and_send_at_once() -> None:
    early = dataclasses.replace(SETTINGS, opens=time(0), send_time=time(0), closes=time(0, 1))
    assert check(early, CONTEXT) == early


def test_no_refusal_repeats_what_was_typed() -> None:
    with pytest.raises(SettingsRefused) as refused:
        check(dataclasses.replace(SETTINGS, sender_email="secret@", zone="secret", country="secret"), CONTEXT)
    assert "secret" not in " ".join(map(str, refused.value.refusals.values()))
