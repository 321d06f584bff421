"""Which characters may leave the house, and in which form?

Names and texts are typed or pasted by people, and some characters do more than stand there: they end a header,
turn the reading direction of what follows, or cannot be encoded at all. Nothing is refused here; what does harm
is dropped or replaced by its harmless neighbour, so that a client is reached all the same.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_DIRECTION_SWITCHES = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (Unicode Standard Annex 9). Right-to-left scripts read right without them."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})


def plain(text: str) -> str:
    """The text in NFC with a line feed for every line end, without control characters and direction switches.

    A lone surrogate, which no encoding can carry, becomes U+FFFD.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("", text)
    text = _DIRECTION_SWITCHES.sub("", text)
    return unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", text))


def one_line(text: str) -> str:
    """The text as one line for a header: `plain`, every run of white space one space, nothing at either end.

    `=?` would be read as the beginning of an encoded word (RFC 2047), whatever it decodes to: it becomes `= ?`.
    """
    return " ".join(plain(text).split()).replace("=?", "= ?")


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: only spaces, controls, zero-width characters or lone marks."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)
