"""When are two words the same to somebody who types in a hurry?

Without capitals and accents, apostrophes and hyphens: *asa* is *Åsa*, *oconnor* is *O’Connor*. What is searched for and
what is searched in are folded alike.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘‛`´ʹʻʼʽˈ′＇"))
"""Whatever a keyboard or a text processor puts into *O'Connor*."""
_HYPHENS: Final = dict.fromkeys(map(ord, "\u00ad\u2212"))
"""What is no dash by its category: the soft hyphen and the minus sign."""


def fold(text: str) -> str:
    """Small letters, no accents, apostrophes or hyphens, single blanks; nothing that no database could compare."""
    # Apostrophes first: decomposed, some of them are a blank with an accent.
    small = text.casefold().translate(_LETTERS | _APOSTROPHES | _HYPHENS)
    decomposed = unicodedata.normalize("NFKD", small).casefold()  # once more: ™ is TM
    bare = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs"} else letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Pd"
    )
    return " ".join(bare.split())
