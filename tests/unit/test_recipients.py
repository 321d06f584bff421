"""An address is brought into one form or refused with what would work, and is never told to anybody."""

from __future__ import annotations

import traceback

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from bot.domain.recipients import ALLOWED_COUNTRIES, AddressRefused, email_address, mobile_number, phone_number

SATELLITE = "+8816 12345678"


def _why_no_email(text: str) -> str:
    with pytest.raises(AddressRefused) as caught:
        email_address(text)
    return str(caught.value.reason)


def _why_no_mobile(text: str, country: str = "SE") -> str:
    with pytest.raises(AddressRefused) as caught:
        mobile_number(text, country)
    return str(caught.value.reason)


def _example(country: str, kind: int) -> str:
    number = phonenumbers.example_number_for_type(country, kind)
    assert number is not None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


# E-mail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna@example.se", "anna@example.se"),
        ("  anna@example.se\u00a0", "anna@example.se"),
        ("Anna.Berg+katt@Example.SE", "Anna.Berg+katt@example.se"),  # only the domain is without case
        ("anna@räksmörgås.se", "anna@xn--rksmrgs-5wao1o.se"),
        ("anna@ra\u0308ksmo\u0308rga\u030as.se", "anna@xn--rksmrgs-5wao1o.se"),  # the same, decomposed
        ("anna@xn--rksmrgs-5wao1o.se", "anna@xn--rksmrgs-5wao1o.se"),
        ("o'hara_1-2@mail.example.co.uk", "o'hara_1-2@mail.example.co.uk"),
        ("x" * 64 + "@example.se", "x" * 64 + "@example.se"),
    ],
)
def test_an_email_address_is_brought_into_its_sending_form(text: str, expected: str) -> None:
    assert email_address(text) == expected
    assert email_address(expected) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Enter an e-mail address"),
        ("   ", "Enter an e-mail address"),
        ("anna", "@ is missing"),
        ("anna@", "name@example.com"),
        ("@example.se", "name@example.com"),
        ("a@localhost", "needs a dot"),
        ("a@example.se, b@example.se", "one address only"),
        ("a@example.se;b@example.se", "one address only"),
        ("a@example.se b@example.se", "one address only"),
        ("a@b@example.se", "one address only"),
        ("Anna <a@example.se>", "without name"),
        ('"Anna, b@example.se" <a@example.se>', "without name"),
        ('"a b"@example.se', "without name"),
        ("a@example.se\r\nBcc: b@example.se", "line break"),
        ("a@example.se\n", "line break"),
        ("a@example.se\r", "line break"),
        ("a\x00@example.se", "hidden character"),
        ("a@example.se\u0085", "line break"),
        ("a@example.se\u2028", "line break"),
        ("a\ud800@example.se", "hidden character"),
        ("a\u200b@example.se", "name@example.com"),
        ("=?utf-8?q?Hej=0ABcc:_x?=@example.se", "=?"),
        ("x" * 65 + "@example.se", "longer than 64"),
        ("å@example.se", "letters a to z"),
        ("a@[127.0.0.1]", "not an e-mail address"),
        ("a@127.0.0.1", "not an e-mail address"),
        ("a@example..se", "not an e-mail address"),
        ("a@-example.se", "not an e-mail address"),
        ("a@exa_mple.se", "not an e-mail address"),
        ("a@" + "b" * 64 + ".se", "not an e-mail address"),
        ("a@" + "b." * 130 + "se", "not an e-mail address"),
        ("a@clinic.invalid", "not an e-mail address"),
        (".a@example.se", "not an e-mail address"),
    ],
)
def test_what_is_no_single_email_address_is_refused_with_what_would_work(text: str, says: str) -> None:
    assert says in _why_no_email(text)


@given(st.from_regex(r"[a-zA-Z0-9]{1,20}([.+_-][a-z0-9]{1,10})?@[a-z]{1,10}[.](se|fi|com)", fullmatch=True))
def test_an_ordinary_email_address_is_accepted_and_accepted_again(text: str) -> None:
    once = email_address(text)
    assert email_address(once) == once
    assert once.lower() == text.lower()


@given(st.text(max_size=30), st.sampled_from("\r\n\x00\u0085\u2028\u2029\x7f"), st.text(max_size=30))
def test_no_line_break_or_control_character_gets_into_an_email_address(before: str, bad: str, after: str) -> None:
    with pytest.raises(AddressRefused):
        email_address(f"{before}{bad}{after}")


@given(st.text(max_size=80))
def test_any_text_is_an_email_address_in_plain_ascii_or_refused(text: str) -> None:
    try:
        found = email_address(text)
    except AddressRefused:
        return
    assert found.isascii()
    assert found.isprintable()
    assert found.count("@") == 1
    assert " " not in found


# Phones


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("070-174 06 05", "SE", "+46701740605"),
        ("0046701740605", "SE", "+46701740605"),
        ("+46 (0)70 174 06 05", "SE", "+46701740605"),
        ("(070) 174.06.05", "SE", "+46701740605"),
        ("070\u2013174\u00a006\u00a005", "SE", "+46701740605"),
        ("+46701740605", "FI", "+46701740605"),
        ("+358 40 1234567", "SE", "+358401234567"),
        ("040 123 4567", "FI", "+358401234567"),
        ("+47 90 12 34 56", "SE", "+4790123456"),
        ("+44 7400 123456", "SE", "+447400123456"),
        ("+41 79 123 45 67", "SE", "+41791234567"),
    ],
)
def test_a_mobile_number_is_brought_into_e164(text: str, country: str, expected: str) -> None:
    assert mobile_number(text, country) == expected
    assert mobile_number(expected, country) == expected
    assert phone_number(text, country) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Enter a phone number"),
        ("- -", "Enter a phone number"),
        ("abc", "Enter a phone number"),
        ("070-174 06 05 070-174 06 06", "Enter one number only"),
        ("08-123 456 78", "not a mobile number"),  # Stockholm
        ("+358 9 123 4567", "not a mobile number"),  # Helsinki
        ("0900-123 45 67", "premium"),
        ("0939-100 10", "premium"),
        (SATELLITE, "satellite"),
        ("+870 773 111 632", "satellite"),
        ("112", "No such phone number"),
        ("11313", "No such phone number"),
        ("070-174 06", "No such phone number"),
        ("070-174 06 05 99 99", "No such phone number"),
        ("+999 123456789", "No such phone number"),
        ("070-174 06 05;ext=5", "no extension"),
        ("070-174 06 05 x5", "no extension"),
        ("070-174 06 05 anknytning 5", "no extension"),
        ("tel:+46701740605", "digits 0 to 9"),
        ("070-FLOWERS", "digits 0 to 9"),
        ("０７０１７４０６０５", "digits 0 to 9"),
        ("٠٧٠١٧٤٠٦٠٥", "digits 0 to 9"),
        ("070-174 06 05, 070-174 06 06", "one number only"),
        ("070-174 06 05\n", "one number only"),
        ("070-174 06 05\x00", "one number only"),
        ("++46701740605", "one number only"),
        ("0" * 41, "too long"),
        ("+1 202 555 0123", "not sent to that country"),
        ("+7 912 345 67 89", "not sent to that country"),
    ],
)
def test_what_gets_no_text_message_is_refused_with_what_would_work(text: str, says: str) -> None:
    assert says in _why_no_mobile(text)


def test_a_clinic_may_allow_other_countries() -> None:
    assert mobile_number("+7 912 345 67 89", "SE", allowed={"RU"}) == "+79123456789"
    with pytest.raises(AddressRefused):
        mobile_number("070-174 06 05", "SE", allowed={"FI"})


@pytest.mark.parametrize("country", ["", "XX", "se"])
def test_without_a_known_country_only_a_number_with_its_country_code_is_read(country: str) -> None:
    assert mobile_number("+46701740605", country) == "+46701740605"
    assert "No such phone number" in _why_no_mobile("070-174 06 05", country)


@pytest.mark.parametrize("country", sorted(ALLOWED_COUNTRIES - {"DK"}))
def test_the_mobiles_of_every_allowed_country_and_not_its_landlines_get_text_messages(country: str) -> None:
    mobile = _example(country, PhoneNumberType.MOBILE)
    assert mobile_number(mobile, country) == mobile
    landline = _example(country, PhoneNumberType.FIXED_LINE)
    assert "not a mobile number" in _why_no_mobile(landline, country)
    assert phone_number(landline, country) == landline


def test_a_danish_number_gets_text_messages_since_its_plan_tells_no_mobile_from_a_landline() -> None:
    landline = _example("DK", PhoneNumberType.FIXED_LINE)
    assert mobile_number(landline, "DK") == landline


def test_staff_may_keep_a_landline_but_no_premium_satellite_or_short_number() -> None:
    assert phone_number("08-123 456 78", "SE") == "+46812345678"
    assert phone_number("+1 202 555 0123", "SE") == "+12025550123"
    for text in ("0900-123 45 67", SATELLITE, "112", "08-123 456 78;ext=5", ""):
        with pytest.raises(AddressRefused):
            phone_number(text, "SE")


@given(
    st.sampled_from(sorted(ALLOWED_COUNTRIES)),
    st.sampled_from([PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164]),
)
def test_a_number_written_in_any_usual_way_is_the_same_number(country: str, form: int) -> None:
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    assert number is not None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    assert mobile_number(phonenumbers.format_number(number, form), country) == e164


@given(st.text(alphabet="0123456789+-() ;x=ext", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_number_in_e164_or_refused(text: str) -> None:
    try:
        found = mobile_number(text, "SE")
    except AddressRefused:
        return
    assert found.startswith("+")
    assert found[1:].isdigit()
    assert found.isascii()
    assert mobile_number(found, "FI") == found


@pytest.mark.parametrize("text", ["secret-name@localhost", "secret-name@exa_mple.se", "secret-name@@example.se"])
def test_a_refusal_does_not_hold_the_email_address(text: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        email_address(text)
    _holds_nothing_of(caught.value, "secret-name")


@pytest.mark.parametrize("text", ["08-7654321", "0900-7654321", "07654321", "+999 7654321"])
def test_a_refusal_does_not_hold_the_number(text: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        mobile_number(text, "SE")
    _holds_nothing_of(caught.value, "7654321")


def _holds_nothing_of(refused: AddressRefused, secret: str) -> None:
    assert refused.__context__ is None
    assert refused.__cause__ is None
    assert secret not in f"{refused!r} {refused.reason!r} {refused.args!r}"
    assert secret not in "".join(traceback.format_exception_only(refused))
