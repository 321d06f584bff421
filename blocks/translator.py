"""How does a builder get its words in the reader's language?

Builders take a `Words` and never know which language it speaks. The message is the English sentence with `{name}`
places; catalogues are extracted from calls named `words(...)` and `words.plural(...)`, so the sentence stands
there literally. Values arrive finished: dates written out, typed text escaped.
"""

from __future__ import annotations

from typing import Protocol


class Words(Protocol):
    """Translates, then fills in the places."""

    def __call__(self, message: str, /, **values: object) -> str:
        """The sentence in the reader's language."""

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The sentence that fits the number; `{count}` stands for it."""
