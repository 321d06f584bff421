"""Which sentences does the bot say, and are they all in the catalogues?

    python -m bot.locales.extraction

brings every catalogue up to date: new sentences are added (to be translated by hand; in the English one they are their
own translation), those that nobody says any more are dropped. A sentence is the literal first argument of a call of

    words(…)   words.plural(…, …, count)   message(…)   message_plural(…, …, count)

also as an attribute (`self.words(…)`). Babel's own extractor works on tokens: it would glue the two halves of
`words("a" if x else "b")` together and pass over a sentence that is no literal, so the syntax tree is read here.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.i18n import ENGLISH, LANGUAGES, LOCALES, Language, catalogue_path

PROJECT: Final = Path(__file__).parents[2]
ROOMS: Final = ("blocks", "bot")
SILENT: Final = ("bot/demo/", "bot/locales/", "bot/store/", "bot/i18n.py", "bot/domain/messages.py")
"""The local workspace is not the bot, the store speaks to nobody, and the others define the calls."""

WIDTH: Final = 120
HEADER: Final = r"""# What the bot says. Brought up to date by: python -m bot.locales.extraction
msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plural_forms}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
"""No dates and no names, so that two branches seldom change the same line."""

_SINGLE = re.compile(r"_?words|message")
_PLURAL = re.compile(r"message_plural")
_CATALOGUES = re.compile(r"_?catalogues")


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the source says it; `plural` is its other form, if it depends on a number."""

    text: str
    plural: str | None
    path: str
    line: int


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """All sentences of the source, and the calls that cannot be translated, each with its place."""

    sentences: tuple[Sentence, ...]
    problems: tuple[str, ...]


def places(text: str) -> set[str]:
    """The names in the `{name}` places of a sentence.

    Raises:
        ValueError: if a brace is not closed, or a place holds more than a name.
    """
    names: set[str] = set()
    for _, name, format_spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or format_spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain name")
        names.add(name)
    return names


def extract(project: Path = PROJECT) -> Found:
    """Read the source under `project`."""
    sentences: list[Sentence] = []
    problems: list[str] = []
    for file in sorted(path for room in ROOMS for path in (project / room).rglob("*.py")):
        path = file.relative_to(project).as_posix()
        if path.startswith(SILENT):
            continue
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"), path)):
            if isinstance(call, ast.Call) and (forms := _forms(call.func)):
                try:
                    sentences += [Sentence(*texts, path, call.lineno) for texts in _read(call, forms)]
                except ValueError as error:
                    problems.append(f"{path}:{call.lineno}: {error}")
    return Found(tuple(sentences), tuple(problems))


def update(project: Path = PROJECT, folder: Path = LOCALES) -> None:
    """Bring the catalogue of every language up to date.

    Raises:
        ValueError: if a call in the source cannot be translated.
    """
    found = extract(project)
    if found.problems:
        raise ValueError("\n".join(found.problems))
    for language in LANGUAGES:
        path = catalogue_path(language, folder)
        catalogue = _updated(path, language, found.sentences)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER.format(language=language.code, plural_forms=catalogue.plural_forms).encode())
            write_po(
                file,
                catalogue,
                width=WIDTH,
                omit_header=True,
                sort_output=True,
                ignore_obsolete=True,
                include_lineno=False,
            )


def _updated(path: Path, language: Language, sentences: Iterable[Sentence]) -> Catalog:
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language.code, abort_invalid=True)
    else:
        catalogue = Catalog(language.code)
    template = Catalog()
    for one in sentences:
        template.add(one.text if one.plural is None else (one.text, one.plural), locations=[(one.path, one.line)])
    catalogue.update(template, no_fuzzy_matching=True)
    if language is ENGLISH:
        for entry in catalogue:
            if entry.id:
                entry.string = entry.id
    return catalogue


def _forms(function: ast.expr) -> int:
    """How many forms the sentence of this call has; 0 if the call says nothing."""
    match function:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name)) if _CATALOGUES.fullmatch(name):
            return 0  # `catalogues.words(locale)` finds the words of a language
        case ast.Name(id=name) | ast.Attribute(attr=name) if _SINGLE.fullmatch(name):
            return 1
        case ast.Name(id=name) | ast.Attribute(attr=name) if _PLURAL.fullmatch(name):
            return 2
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr="plural") if _SINGLE.fullmatch(
            name
        ):
            return 2
    return 0


def _read(call: ast.Call, forms: int) -> Iterator[tuple[str, str | None]]:
    if len(call.args) < forms:
        raise ValueError("the sentence is missing")
    given = {keyword.arg for keyword in call.keywords}
    if forms == 2:
        given.add("count")
    texts = [_literals(argument) for argument in call.args[:forms]]
    for text in (text for alternatives in texts for text in alternatives):
        if None not in given and (unfilled := places(text) - given):
            raise ValueError(f"no value is given for {', '.join(sorted(unfilled))}")
    if forms == 1:
        yield from ((text, None) for text in texts[0])
    elif [len(alternatives) for alternatives in texts] == [1, 1]:
        yield texts[0][0], texts[1][0]
    else:
        raise ValueError("a sentence with a number has one singular and one plural")


def _literals(expression: ast.expr) -> list[str]:
    match expression:
        case ast.Constant(value=str(text)) if text:
            return [text]
        case ast.IfExp(body=body, orelse=otherwise):
            return _literals(body) + _literals(otherwise)
    raise ValueError("the sentence is not a literal, so that no catalogue can hold it")


if __name__ == "__main__":
    update()
