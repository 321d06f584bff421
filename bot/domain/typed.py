"""What did a person mean by what they typed, and is it fit to be kept?

Every text and number from a form or a file passes here before a rule looks at it. A text is brought into one form
(NFC, no blank edges, one kind of line break), so that what looks the same is the same. What cannot be shown,
stored or put into a mail header is refused, not dropped: NUL and other control characters, lone surrogates, direction
overrides, and in one-line texts line breaks and encoded words. Zero-width characters alone count as nothing typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.domain.errors import Unusable
from bot.domain.messages import Message, message

NAME_LIMIT: Final = 200
SUBJECT_LIMIT: Final = 200
EMAIL_TEXT_LIMIT: Final = 3000
SMS_TEXT_LIMIT: Final = 1000
LETTER_TEXT_LIMIT: Final = 3000

MOST_DIGITS: Final = 9
"""A whole number with more digits than this is a slip of the keyboard, and larger than any that can be used."""
LARGEST: Final = 10**MOST_DIGITS

_LINE_BREAK = re.compile(r"\r\n|[\n\r\u0085\u2028\u2029]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bq]\?|=\?.*\?=", re.IGNORECASE)
_EDGES: Final = "\u200b\u2060\ufeff"
"""Invisible at the edges of a text and without a meaning there, unlike a joiner."""
_SHOWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_MINUS_SIGNS: Final = "-\u2010\u2011\u2012\u2013\u2212"
_WHOLE_NUMBER = re.compile(r"[0-9]+", re.ASCII)


class TextRefused(Unusable):
    """This text cannot be kept as it is."""


class NumberRefused(Unusable):
    """This is not a whole number that can be used."""


def one_line(text: str | None, limit: int) -> str:
    """`text` in its one form, empty when nothing visible was typed; fit for a name, a subject, a mail header.

    Raises:
        TextRefused: with what is wrong and what would work.
    """
    cleaned = _trimmed((text or "").replace("\t", " "))
    problem = header_problem(cleaned) or _text_problem(cleaned, limit)
    if problem is not None:
        raise TextRefused(problem)
    return "" if is_blank(cleaned) else cleaned


def many_lines(text: str | None, limit: int) -> str:
    """`text` in its one form, with one kind of line break, empty when nothing visible was typed.

    Raises:
        TextRefused: with what is wrong and what would work.
    """
    cleaned = _trimmed(_LINE_BREAK.sub("\n", text or ""))
    problem = _text_problem(cleaned.replace("\n", " ").replace("\t", " "), limit)
    if problem is not None:
        raise TextRefused(problem)
    return "" if is_blank(cleaned) else cleaned


def header_problem(text: str) -> Message | None:
    """What keeps `text` out of a mail header, or `None`; a subject needs this again once its names are filled in."""
    if _LINE_BREAK.search(text):
        return message("This must stay on one line. Remove the line break.")
    if _ENCODED_WORD.search(text):
        return message("“=?” and “?=” together are misread by mail programs. Leave them out.")
    return None


def is_blank(text: str) -> bool:
    """Whether nothing of `text` can be seen: empty, spaces, zero-width characters."""
    return all(
        character.isspace()
        or character in _SHOWN_AS_NOTHING
        or _is_variation_selector(character)
        or unicodedata.category(character) == "Cf"
        for character in text
    )


def whole_number(text: str | None) -> int | None:
    """The whole number, 0 or more, in `text`; `None` when nothing was typed. One of too many digits is `LARGEST`.

    Only the digits 0 to 9 are read. Other scripts' digits are refused rather than converted: a look-alike that
    means another number would go unnoticed.

    Raises:
        NumberRefused: with what is wrong and what would work.
    """
    cleaned = _trimmed(text or "")
    if is_blank(cleaned):
        return None
    problem = _number_problem(cleaned)
    if problem is not None:
        raise NumberRefused(problem)
    return int(cleaned) if len(cleaned) <= MOST_DIGITS else LARGEST


def _number_problem(cleaned: str) -> Message | None:
    if _WHOLE_NUMBER.fullmatch(cleaned):
        return None
    without_sign = cleaned.lstrip(_MINUS_SIGNS)
    if without_sign != cleaned and _WHOLE_NUMBER.fullmatch(without_sign):
        return message("Enter 0 or a larger number, without a minus sign.")
    if re.fullmatch(r"[0-9]*[.,][0-9]+", cleaned, re.ASCII):
        return message("Enter a whole number, without decimals.")
    return message("Enter a whole number with the digits 0 to 9, such as 3.")


def _text_problem(cleaned: str, limit: int) -> Message | None:
    if any(_cannot_be_kept(character) for character in cleaned):
        return message("The text holds a hidden control character. Type it again.")
    if _DIRECTION.search(cleaned):
        return message("The text holds a hidden character that turns the reading direction. Type it again.")
    if len(cleaned) > limit:
        return message(
            "This is {length} characters long; at most {limit} fit. Shorten it.", length=len(cleaned), limit=limit
        )
    return None


def _trimmed(text: str) -> str:
    trimmed = unicodedata.normalize("NFC", text)
    while (shorter := trimmed.strip().strip(_EDGES)) != trimmed:
        trimmed = shorter
    return trimmed


def _cannot_be_kept(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in {"Cc", "Cs"} or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
