"""Can a message be sent to what was typed as an e-mail address or a phone number?

Both are brought into the one form that is stored, compared and sent to: an e-mail address in ASCII (an international
domain name in its `xn--` form), a phone number in E.164. For text messages a number must be a mobile of an allowed
country: `is_valid_number` alone admits premium numbers, satellites and extensions (rule P3). No refusal carries the
address (rule P18), nor does an exception behind it: refusals are raised outside the library's own.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from bot.domain.errors import Unusable
from bot.domain.messages import Message, message

NORDIC: Final = frozenset({"AX", "DK", "FI", "FO", "GL", "IS", "NO", "SE", "SJ"})
EUROPEAN_UNION: Final = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
ALLOWED_COUNTRIES: Final = NORDIC | EUROPEAN_UNION | {"CH", "GB", "LI"}
"""The countries whose mobiles get text messages: Nordic, EU and EEA, United Kingdom, Switzerland (ISO 3166)."""

LONGEST_LOCAL_PART: Final = 64
"""RFC 5321: what may stand before the @-sign."""

_LINE_BREAKS_AND_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BETWEEN_ADDRESSES = re.compile(r"[,;\s]")
_SPACES = " \t\u00a0\u202f"
_PHONE_FILLING = str.maketrans(
    dict.fromkeys("\t\u00a0\u2009\u202f", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
)
_PHONE = re.compile(r"\+?[0-9 ()./-]*", re.ASCII)
_LONGEST_PHONE_TEXT: Final = 40
_MOST_PHONE_DIGITS: Final = 19
"""ITU-T E.164: at most 15 with the country code; and before them 00, a nought in brackets and one digit to spare."""

# In Denmark mobiles and landlines share their numbers, so "either" must do.
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_BEYOND_COUNTRIES: Final = "001"
"""What the library calls the region of satellite and other networks that belong to no country."""


class AddressRefused(Unusable):
    """Nothing can be sent to this e-mail address or phone number."""


def email_address(text: str) -> str:
    """The one e-mail address in `text`, in ASCII.

    Raises:
        AddressRefused: with what is wrong and what would work.
    """
    address = text.strip(_SPACES)
    problem = _email_problem(address)
    found = None
    if problem is None:
        try:
            found = validate_email(address, strict=True, check_deliverability=False)
        except EmailNotValidError:
            problem = message("This is not an e-mail address. It should look like name@example.com.")
    if found is not None and found.ascii_email is None:
        problem = message("The part before the @ can hold only the letters a to z, digits and signs such as . - _ +")
    if found is None or found.ascii_email is None:
        raise AddressRefused(problem or message("This is not an e-mail address."))
    return found.ascii_email


def mobile_number(text: str, country: str, *, allowed: AbstractSet[str] = ALLOWED_COUNTRIES) -> str:
    """The mobile number in `text` in E.164; without a country code it is read as one of `country` (ISO 3166).

    Raises:
        AddressRefused: with what is wrong and what would work.
    """
    number = _parsed(text, country)
    kind = phonenumbers.number_type(number)
    region = phonenumbers.region_code_for_number(number)
    if region == _BEYOND_COUNTRIES:
        raise AddressRefused(message("This is a satellite or network number. Enter the number of a mobile phone."))
    if kind in _COSTLY:
        raise AddressRefused(message("This is a premium-rate number. Enter the number of a mobile phone."))
    if kind not in _MOBILE:
        raise AddressRefused(
            message(
                "This is not a mobile number, so it gets no text messages. "
                "Enter a mobile number or choose another sending method."
            )
        )
    if region not in allowed:
        raise AddressRefused(
            message(
                "Text messages are not sent to that country. "
                "Enter a European mobile number or choose another sending method."
            )
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def phone_number(text: str, country: str) -> str:
    """The number in `text` in E.164, one that staff can call: mobile or landline, of any country.

    Raises:
        AddressRefused: with what is wrong and what would work.
    """
    number = _parsed(text, country)
    if phonenumbers.region_code_for_number(number) == _BEYOND_COUNTRIES:
        raise AddressRefused(message("This is a satellite or network number. Enter a mobile or landline number."))
    if phonenumbers.number_type(number) in _COSTLY:
        raise AddressRefused(message("This is a premium-rate number. Enter a mobile or landline number."))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _email_problem(address: str) -> Message | None:
    if not address:
        return message("Enter an e-mail address, such as name@example.com.")
    if _LINE_BREAKS_AND_CONTROLS.search(address):
        return message("The address holds a line break or a hidden character. Type it again on one line.")
    if "<" in address or ">" in address or '"' in address:
        return message("Enter the address alone, without name, quotes or angle brackets: name@example.com.")
    if "=?" in address:
        return message("The address holds “=?”, which mail programs misread. Enter another address.")
    if address.count("@") > 1 or _BETWEEN_ADDRESSES.search(address):
        return message("Enter one address only, without spaces or commas.")
    local, at, domain = address.partition("@")
    if not at:
        return message("The @ is missing. An address looks like name@example.com.")
    if len(local) > LONGEST_LOCAL_PART:
        return message(
            "The part before the @ is longer than {longest} characters. Check it.", longest=LONGEST_LOCAL_PART
        )
    if domain and not re.search(r"[.\u3002\uff0e\uff61]", domain):
        return message("The part after the @ needs a dot, as in name@example.com.")
    return None


def _parsed(text: str, country: str) -> PhoneNumber:
    cleaned = text.translate(_PHONE_FILLING).strip(" ")
    problem = _phone_problem(cleaned)
    number = None
    if problem is None:
        try:
            number = phonenumbers.parse(cleaned, country)
        except phonenumbers.NumberParseException:
            problem = _not_a_number()
    if number is not None and (number.extension or not phonenumbers.is_valid_number(number)):
        problem = _not_a_number()
    if number is None or problem is not None:
        raise AddressRefused(problem or _not_a_number())
    return number


def _phone_problem(cleaned: str) -> Message | None:
    if not any(character.isdigit() for character in cleaned):
        return message("Enter a phone number, such as 070-174 06 05 or +46 70 174 06 05.")
    if len(cleaned) > _LONGEST_PHONE_TEXT or sum(character.isdigit() for character in cleaned) > _MOST_PHONE_DIGITS:
        return message("This is too long for one phone number. Enter one number only.")
    if not _PHONE.fullmatch(cleaned):
        return message(
            "Enter one number only, with the digits 0 to 9 and no extension: 070-174 06 05 or +46 70 174 06 05."
        )
    return None


def _not_a_number() -> Message:
    return message("No such phone number exists. Check the digits; begin a foreign number with + and the country code.")
