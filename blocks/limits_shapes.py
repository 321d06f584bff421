"""How is a limit written down, so that it can be read beside the thing it limits?

A `Check` looks at one value and reports what is wrong with it; a `Shape` names the keywords of an object, each
with its check, and the rules that need several of them at once. Everything found carries a JSON pointer, as
Slack's own error messages do.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Object = Mapping[str, object]


class Report:
    """Collects what is wrong, each with the JSON pointer of the place."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []
        self.constraints: dict[str, Object] = {}
        """By pointer, what would have been right, where that is one of a few words."""

    def add(self, pointer: str, wrong: str, *, expected: Sequence[str] = ()) -> None:
        """Note that something is wrong at `pointer`; `expected` are the words of which one should stand there."""
        self.problems.append((pointer, wrong))
        if expected:
            self.constraints[pointer] = {"type": "enum", "expected": list(expected)}


Check = Callable[[Report, str, object], None]
Rule = Callable[[Report, str, Object], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The keywords of one kind of object. Whoever chose the shape has looked at its `type`, if it has one.

    Where the page of an object has no `type`, it is an unknown keyword; that Slack refuses it is reported as well.
    """

    required: Mapping[str, Check] = dataclasses.field(default_factory=dict)
    optional: Mapping[str, Check] = dataclasses.field(default_factory=dict)
    rules: Sequence[Rule] = ()
    has_type: bool = True

    def check(self, report: Report, pointer: str, value: object) -> None:
        """Report missing and unknown keywords, then what each keyword and each rule finds."""
        if not isinstance(value, Mapping):
            report.add(pointer, "must be an object")
            return
        for key in self.required:
            if key not in value:
                report.add(child(pointer, key), "is missing")
        for key, inner in value.items():
            check = self.required.get(key) or self.optional.get(key)
            if check is not None:
                check(report, child(pointer, key), inner)
            elif key != "type" or not self.has_type:
                report.add(child(pointer, key), "is not a keyword known here")
        for rule in self.rules:
            rule(report, pointer, value)


def child(pointer: str, key: str | int) -> str:
    """The JSON pointer (RFC 6901) of one member of what `pointer` points at."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def length(text: str) -> int:
    """How long Slack takes a text to be, at most.

    Slack's pages say "characters" and do not say which. UTF-16 units are the largest of the usual meanings: an
    emoji counts two, so what fits here fits there. An escaped `&amp;` counts five, as sent.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_lengths(value: object) -> Iterator[int]:
    """How long each text is that stands anywhere in this value under the keyword `text`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield length(inner)
            else:
                yield from text_lengths(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from text_lengths(inner)


_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def string(most: int, *, least: int = 1, blank: bool = False) -> Check:
    """A text of `least` to `most` characters that can be sent as UTF-8; `blank` if it may be white space alone."""

    def check(report: Report, pointer: str, value: object) -> None:
        if not isinstance(value, str):
            report.add(pointer, "must be a string")
        elif _LONE_SURROGATE.search(value):
            report.add(pointer, "holds a lone surrogate, which cannot be sent")
        elif length(value) > most:
            report.add(pointer, f"has {length(value)} characters, at most {most} are allowed")
        elif least and not (value if blank else value.strip()):
            report.add(pointer, "is empty")

    return check


def flag(report: Report, pointer: str, value: object) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add(pointer, "must be true or false")


def integer(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(report: Report, pointer: str, value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add(pointer, "must be a whole number")
        elif not least <= value <= most:
            report.add(pointer, f"must be {least} to {most}")

    return check


def number(report: Report, pointer: str, value: object) -> None:
    """Any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        report.add(pointer, "must be a number")


def positive(report: Report, pointer: str, value: object) -> None:
    """A number greater than 0."""
    number(report, pointer, value)
    if isinstance(value, int | float) and not isinstance(value, bool) and not value > 0:
        report.add(pointer, "must be greater than 0")


def address(most: int, *schemes: str) -> Check:
    """An absolute URL of at most `most` characters; with `schemes`, one of these."""

    def check(report: Report, pointer: str, value: object) -> None:
        before = len(report.problems)
        string(most)(report, pointer, value)
        if len(report.problems) > before or not isinstance(value, str):
            return
        scheme, colon, rest = value.partition(":")
        if not (colon and rest and _SCHEME.fullmatch(scheme)) or any(letter.isspace() for letter in value):
            report.add(pointer, "must be a URL with its scheme")
        elif schemes and scheme.lower() not in schemes:
            report.add(pointer, f"must begin with {' or '.join(f'{name}://' for name in schemes)}")

    return check


def nothing_or(check: Check) -> Check:
    """What the check takes, or null."""

    def checked(report: Report, pointer: str, value: object) -> None:
        if value is not None:
            check(report, pointer, value)

    return checked


def anything(report: Report, pointer: str, value: object) -> None:
    """Whatever it is: known by name, and no limit of it is documented."""


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(report: Report, pointer: str, value: object) -> None:
        if not isinstance(value, str) or value not in allowed:
            report.add(pointer, f"must be one of {', '.join(allowed)}", expected=allowed)

    return check


def array(item: Check, most: int, *, least: int = 1) -> Check:
    """A list of `least` to `most` things."""

    def check(report: Report, pointer: str, value: object) -> None:
        if not isinstance(value, Sequence) or isinstance(value, str):
            report.add(pointer, "must be a list")
            return
        if not least <= len(value) <= most:
            report.add(pointer, f"has {len(value)} items, {least} to {most} are allowed")
        for index, inner in enumerate(value):
            item(report, child(pointer, index), inner)

    return check


def typed(what: str, checks: Mapping[str, Check]) -> Check:
    """An object whose `type` chooses its check; `what` names it in the report of any other."""

    def check(report: Report, pointer: str, value: object) -> None:
        kind = value.get("type") if isinstance(value, Mapping) else None
        known = checks.get(kind) if isinstance(kind, str) else None
        if known is None:
            report.add(child(pointer, "type"), f"is not {what} known here")
        else:
            known(report, pointer, value)

    return check


def text(most: int, *kinds: str) -> Check:
    """A text object of one of these kinds: `plain_text`, `mrkdwn`."""
    kinds = kinds or ("plain_text",)

    def check(report: Report, pointer: str, value: object) -> None:
        if not isinstance(value, Mapping):
            report.add(pointer, "must be a text object")
            return
        kind = value.get("type")
        if kind not in kinds:
            report.add(child(pointer, "type"), f"must be {' or '.join(kinds)}", expected=kinds)
            return
        extra = "emoji" if kind == "plain_text" else "verbatim"
        Shape(required={"text": string(most)}, optional={extra: flag}).check(report, pointer, value)

    return check


def members(value: object) -> list[tuple[int, Object]]:
    """The objects in a list, with their places; whatever else is there is reported by its own check."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [(index, inner) for index, inner in enumerate(value) if isinstance(inner, Mapping)]
