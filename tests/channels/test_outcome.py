"""Outcomes carry short words only, and letters keep their secrets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.outcome import Accepted, RefusedForGood, TryLater, Unclear
from bot.channels.protocol import OutgoingEmail, OutgoingSms

EMAIL = OutgoingEmail(
    key="d-1",
    recipient="anna@example.se",
    sender="kliniken@example.se",
    clinic_name="Kliniken",
    subject="Hemligt ämne",
    text="Hemlig text",
    html="<p>Hemlig text</p>",
    language="sv",
)
SMS = OutgoingSms(key="d-2", recipient="+46701740605", text="Hemlig text", language="sv")


@pytest.mark.parametrize(
    "code", ["", "No such user <anna@example.se>", "anna@example.se", "UPPER", "smtp--550", "-x", "x" * 41, "å", "a\n"]
)
def test_a_code_is_a_short_machine_word(code: str) -> None:
    for kind in (RefusedForGood, TryLater, Unclear):
        with pytest.raises(ValueError, match="a code is a short word"):
            kind(code)


def test_codes_with_numbers_and_enhanced_status_codes_are_words_too() -> None:
    assert RefusedForGood("smtp-550-5.1.1").code == "smtp-550-5.1.1"


def test_a_wait_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        TryLater("http-429", timedelta(seconds=-1))


@pytest.mark.parametrize("ref", ["", "a\nb", "x" * 321])
def test_a_reference_is_short_and_printable(ref: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        Accepted(ref)


def test_a_letters_repr_tells_neither_address_nor_text() -> None:
    for letter in (EMAIL, SMS):
        shown = repr(letter)
        assert letter.key in shown
        assert "Hemlig" not in shown
        assert letter.recipient not in shown


@pytest.mark.parametrize("key", ["", "a b", "a@b", "a\r\nb", "<a>", ".a", "a..b", "å", "x" * 65, "a\n"])
def test_a_delivery_key_fits_into_a_message_id(key: str) -> None:
    with pytest.raises(ValueError, match="delivery key"):
        OutgoingSms(key=key, recipient="+46701740605", text="Hej", language="sv")
