"""What does a search compare, so that *asa* finds *Åsa*, *oconnor* *O’Connor*, and *0701* *+46701…*?

A search key is the text in small letters without accents, apostrophes and hyphens, its words set apart by one blank; a
name of several words is kept once more as one. Phone numbers are kept by their digits, once with the country code and
once as they are dialled at home. A change of what a key is needs a migration that makes the stored ones anew.
"""

from __future__ import annotations

import re
from typing import Final

from bot.domain.folding import fold

__all__ = ["client_key", "fold", "name_key", "patient_key", "reminder_key", "words"]

_PART_OF_A_NUMBER = re.compile(r"(?=.*\d)[\d+()/.-]+")

CLIENT_KEY_LENGTH: Final = 1000
PATIENT_KEY_LENGTH: Final = 500
REMINDER_KEY_LENGTH: Final = 500
NAME_KEY_LENGTH: Final = 200
_LONGEST_WORD: Final = 200
_MOST_WORDS = 8
"""Longer than any name, and short enough that no database is asked for more than a key can hold."""


def words(query: str) -> list[str]:
    """The words of a query; each must be found somewhere.

    Digits are one word, whatever stands between them: *070-174 06 05*, *+46 (0)70 174 06 05*.
    """
    found: list[str] = []
    number = ""
    for word in fold(query).replace("(0)", " ").split():
        if _PART_OF_A_NUMBER.fullmatch(word):
            number += "".join(letter for letter in word if letter.isdigit())
        else:
            found.append(word)
    if number:
        found.append(number.removeprefix("00") or number)
    return [word[:_LONGEST_WORD] for word in found[:_MOST_WORDS]]


def client_key(name: str, email: str | None, phone: str | None) -> str:
    """The key of a client; `phone` in E.164."""
    digits = (phone or "").removeprefix("+")
    # A name can grow while it is folded: it comes last.
    parts = (digits, _dialled_at_home(digits), email or "", name, _as_one_word(name))
    return fold(" ".join(part for part in parts if part))[:CLIENT_KEY_LENGTH]


def patient_key(name: str, species: str) -> str:
    """The key of a patient."""
    return fold(f"{name} {species} {_as_one_word(name)}")[:PATIENT_KEY_LENGTH]


def reminder_key(subject: str) -> str:
    """The key of a reminder: of its own words the subject alone, which is all that a list shows of them."""
    return fold(subject)[:REMINDER_KEY_LENGTH]


def name_key(name: str) -> str:
    """What a name is ordered by, and begins with."""
    return fold(name)[:NAME_KEY_LENGTH]


def _as_one_word(name: str) -> str:
    # So that *annalisa* and *anna-lisa* find *Anna Lisa* too; a name of one word is in the key already.
    parts = fold(name).split()
    return "".join(parts) if len(parts) > 1 else ""


def _dialled_at_home(digits: str) -> str:
    # Country codes have one to three digits, and the number that is dialled at home begins with a nought instead.
    # Which of the three it is does not matter to a search: a nought before each of the shorter ones finds them all.
    return " ".join(f"0{digits[length:]}" for length in (1, 2, 3)) if digits else ""
