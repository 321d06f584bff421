"""How does a rule say something to a person whose language it does not know?

A `Message` is an English sentence with named places, kept apart from its values until the room that knows
the reader's language puts both together. The catalogues are extracted from the calls of `message` and
`message_plural`, so the sentence must stand there literally.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet translated. `values` fill the `{name}` places; `count` chooses between `text` and `plural`."""

    text: str
    values: Mapping[str, object] = dataclasses.field(repr=False)
    plural: str | None = None
    count: int = 0

    def __str__(self) -> str:
        """The sentence in English."""
        chosen = self.plural if self.plural is not None and self.count != 1 else self.text
        return chosen.format_map(self.values)


def message(text: str, /, **values: object) -> Message:
    """A sentence with its values."""
    return Message(text, MappingProxyType(values))


def message_plural(text: str, plural: str, count: int, /, **values: object) -> Message:
    """A sentence that depends on a number; `{count}` stands for it."""
    return Message(text, MappingProxyType({"count": count, **values}), plural, count)
