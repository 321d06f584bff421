"""Into how many SMS does a text go, how much room is left, and which character costs the most?

Two alphabets are possible. GSM-7 (3GPP TS 23.038, 6.2.1) counts in septets: 160 fit into one SMS, 153 into each part
of a longer one (the other seven carry the user data header that joins the parts, TS 23.040, 9.2.3.24.1); a character of
its extension table takes two, an escape and itself, which must not be torn apart. One character outside both tables
puts the whole text into UCS-2, which counts in UTF-16 units: 70, or 67 in each part; the two halves of a surrogate pair
are not torn apart either.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")


class Alphabet(StrEnum):
    """How the characters of an SMS are coded."""

    GSM_7 = "gsm-7"
    UCS_2 = "ucs-2"

    @property
    def alone(self) -> int:
        """The units of an SMS that is not joined to others."""
        return 160 if self is Alphabet.GSM_7 else 70

    @property
    def joined(self) -> int:
        """The units of one part of several."""
        return 153 if self is Alphabet.GSM_7 else 67


@dataclasses.dataclass(frozen=True, slots=True)
class SmsLength:
    """How long a text is as SMS: `parts` of them, with room for `left` more units in the last."""

    alphabet: Alphabet
    parts: int
    left: int
    costly: str = dataclasses.field(repr=False)
    """The first character that keeps the text out of GSM-7; empty if there is none."""
    parts_without: int
    """How many SMS it would be if no character did."""


def sms_length(text: str) -> SmsLength:
    """Count `text` as it is sent. A text of nothing is one SMS with all its room left."""
    costly = next((character for character in text if _septets(character) is None), "")
    plain = [_septets(character) or 1 for character in text]
    if not costly:
        parts, left = _packed(plain, Alphabet.GSM_7)
        return SmsLength(Alphabet.GSM_7, parts, left, "", parts)
    parts, left = _packed((2 if ord(character) > 0xFFFF else 1 for character in text), Alphabet.UCS_2)
    return SmsLength(Alphabet.UCS_2, parts, left, costly, _packed(plain, Alphabet.GSM_7)[0])


def _septets(character: str) -> int | None:
    if character in _BASIC:
        return 1
    return 2 if character in _EXTENSION else None


def _packed(widths: Iterable[int], alphabet: Alphabet) -> tuple[int, int]:
    """How many SMS hold characters of these widths, none torn apart, and the room left in the last."""
    total, parts, used = 0, 1, 0
    for width in widths:
        total += width
        if used + width > alphabet.joined:
            parts, used = parts + 1, 0
        used += width
    if total <= alphabet.alone:
        return 1, alphabet.alone - total
    return parts, alphabet.joined - used
