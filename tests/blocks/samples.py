"""What do the tests of the blocks share: words, hostile text, and a look at what a payload shows?"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any, Final

from blocks.limits import ELLIPSIS
from bot.i18n import LANGUAGES, Catalogues


class English:
    """The sentence itself, with its places filled in; a missing value raises."""

    def __call__(self, message: str, /, **values: object) -> str:
        return message.format_map(values)

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        return (singular if count == 1 else plural).format_map({"count": count, **values})


class Wordy(English):
    """A language in which everything takes far too long."""

    def __call__(self, message: str, /, **values: object) -> str:
        return super().__call__(message, **values) + " & so on" * 40


class Spoken(English):
    """A language that the bot speaks; remembers what was said."""

    def __init__(self, code: str) -> None:
        self._code = code
        self.said: set[str] = set()

    def __call__(self, message: str, /, **values: object) -> str:
        return self._remembered(_catalogues().words(self._code)(message, **values))

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        return self._remembered(_catalogues().words(self._code).plural(singular, plural, count, **values))

    def _remembered(self, sentence: str) -> str:
        self.said.add(sentence)
        return sentence


@functools.cache
def _catalogues() -> Catalogues:
    return Catalogues.load()


SPEAKERS: Final[dict[str, English]] = {
    "a wordy language": Wordy(),
    **{language.code: Spoken(language.code) for language in LANGUAGES},
}


def cut(payload: Any, words: English) -> list[str]:
    """The sentences of a real language that have no room where they are shown: a button, a title, a hint."""
    if not isinstance(words, Spoken):
        return []
    shown = [text for kind in ("plain_text", "mrkdwn") for text in _texts(payload, kind) if text.endswith(ELLIPSIS)]
    return [text for text in shown if any(whole.startswith(text[:-1]) and whole != text for whole in words.said)]


@dataclasses.dataclass(frozen=True, slots=True)
class Hostile:
    """What somebody typed; what must stand in mrkdwn, and in plain text."""

    typed: str
    escaped: str
    exact: str


HOSTILE = {
    "a call to everybody": Hostile("<!channel>", "&lt;!channel&gt;", "<!channel>"),
    "a mention": Hostile("<@U1>", "&lt;@U1&gt;", "<@U1>"),
    "a link": Hostile("<https://x|y>", "&lt;https://x|y&gt;", "<https://x|y>"),
    "an escaped call": Hostile("&lt;!here&gt;", "&amp;lt;!here&amp;gt;", "&lt;!here&gt;"),
    "formatting": Hostile("*Rex* `a` ~b~", "∗Rex∗ ˋaˋ ∼b∼", "*Rex* `a` ~b~"),
    "an override": Hostile("Rex\u202eexe.\u202c", "Rexexe.", "Rexexe."),
    "right to left": Hostile("רקס", "\u2068רקס\u2069", "\u2068רקס\u2069"),
    "nothing to see": Hostile("\u200b\u2060\ufeff", "–", "–"),
    "emoji": Hostile("Rex 🐈👩‍⚕️", "Rex 🐈👩‍⚕️", "Rex 🐈👩‍⚕️"),
    "NUL and a lone surrogate": Hostile("Re\x00x\ud800", "Rex\ufffd", "Rex\ufffd"),
    "3,001 characters": Hostile("&" * 3001, "&amp;&amp;&amp;", "&&&"),
    "3,001 emoji": Hostile("🐈" * 3001, "🐈🐈", "🐈🐈"),
}


def _texts(value: Any, kind: str) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == kind and isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, kind)


def formatted(payload: Any) -> str:
    """All text in which markup works."""
    return "\n".join(_texts(payload, "mrkdwn"))


def exact(payload: Any) -> str:
    """All text in which it does not."""
    return "\n".join(_texts(payload, "plain_text"))


def inputs(view: Any) -> dict[str, Any]:
    """The elements of the inputs, by block_id."""
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def buttons(payload: Any) -> dict[str, Any]:
    """The buttons, by action_id; of several the last."""
    found: dict[str, Any] = {}
    for block in payload["blocks"]:
        for element in [*block.get("elements", []), *filter(None, [block.get("accessory")])]:
            if element["type"] == "button":
                found[element["action_id"]] = element
    return found


_NOT_TYPED = {
    "title",
    "language",
    "value",
    "client_value",
    "reminder_value",
    "private_metadata",
    "method",
    "recurrence",
    "user_id",
    "previous",
    "following",
}


def filled_with(thing: Any, text: str) -> Any:
    """The dataclass with this text in every field that holds typed text or a finished string."""
    changed = {
        field.name: text
        for field in dataclasses.fields(thing)
        if isinstance(getattr(thing, field.name), str) and field.name not in _NOT_TYPED
    }
    return dataclasses.replace(thing, **changed)
