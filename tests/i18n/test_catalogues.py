"""Is every sentence of the source in every catalogue, whole and with the same places?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.i18n import ENGLISH, LANGUAGES, LOCALES, Language, catalogue_path
from bot.locales.extraction import extract, places, update

CODES: Final = [language.code for language in LANGUAGES]
AS_IN_ENGLISH: Final = {"sv": {"Patient", "Post", "SMS", "Status", "{count} person"}}
"""Words that another language shares with English; any other sentence that is alike was left untranslated."""
HOW_TO: Final = "run: python -m bot.locales.extraction, then translate what is empty"


@pytest.fixture(params=LANGUAGES, ids=CODES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture
def catalogue(language: Language) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language.code, abort_invalid=True)


def test_every_sentence_in_the_source_can_be_translated() -> None:
    assert not extract().problems


def test_the_catalogue_holds_every_sentence_of_the_source_and_no_other(catalogue: Catalog) -> None:
    said = {one.text if one.plural is None else (one.text, one.plural) for one in extract().sentences}
    held = {entry.id for entry in catalogue if entry.id}
    assert said - held == set(), HOW_TO
    assert held - said == set(), HOW_TO
    assert not catalogue.obsolete


def pairs(catalogue: Catalog) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The forms of each sentence, and of its translation."""
    return [(_forms(entry.id), _forms(entry.string)) for entry in catalogue if entry.id]


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def test_every_sentence_is_translated_in_every_form(catalogue: Catalog) -> None:
    wanted = {1: 1, 2: catalogue.num_plurals}
    empty = [texts for texts, forms in pairs(catalogue) if len(forms) != wanted[len(texts)] or not all(forms)]
    assert not empty, HOW_TO
    assert not [entry.id for entry in catalogue if entry.id and entry.fuzzy]


def test_a_translation_has_the_places_of_its_sentence(catalogue: Catalog) -> None:
    for texts, forms in pairs(catalogue):
        wanted = frozenset[str]().union(*map(places, texts))
        assert {frozenset(places(form)) for form in forms} == {wanted}, texts


def test_a_translation_ends_as_its_sentence_does(catalogue: Catalog) -> None:
    for texts, forms in pairs(catalogue):
        for form in forms:
            assert form.strip() == form, texts
            assert form.endswith((".", "?", ":")) == texts[0].endswith((".", "?", ":")), texts


def test_no_sentence_is_left_in_english(language: Language, catalogue: Catalog) -> None:
    alike = {text for texts, forms in pairs(catalogue) for text in texts if text in forms}
    if language is not ENGLISH:
        assert alike == AS_IN_ENGLISH.get(language.code, set())


def test_english_says_what_the_source_says() -> None:
    with catalogue_path(ENGLISH).open("rb") as file:
        assert all(entry.id == entry.string for entry in read_po(file, locale=ENGLISH.code) if entry.id)


def test_every_folder_of_catalogues_is_a_language_that_is_spoken() -> None:
    assert sorted(folder.name for folder in LOCALES.iterdir() if (folder / "LC_MESSAGES").is_dir()) == sorted(CODES)


def source(folder: Path, text: str) -> Path:
    room = folder / "bot" / "slack"
    room.mkdir(parents=True)
    (room / "said.py").write_text(text, encoding="utf-8")
    return folder


def test_sentences_are_found_in_every_kind_of_call(tmp_path: Path) -> None:
    found = extract(
        source(
            tmp_path,
            'words("One")\n'
            'self._words("Two " "parts")\n'
            'form.words("Three" if x else "Four", a=words("Five"))\n'
            'words.plural("{count} day", "{count} days", n)\n'
            'self.words.plural("{count} week", "{count} weeks", n)\n'
            'message("At most {days}", days=1)\n'
            'message_plural("{count} more", "{count} more", n)\n'
            'catalogues.words(locale)\nself._catalogues.words(locale)\nother("Six")\n',
        )
    )
    assert not found.problems
    assert {(one.text, one.plural) for one in found.sentences} == {
        ("One", None),
        ("Two parts", None),
        ("Three", None),
        ("Four", None),
        ("Five", None),
        ("{count} day", "{count} days"),
        ("{count} week", "{count} weeks"),
        ("At most {days}", None),
        ("{count} more", "{count} more"),
    }


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("words(sentence)", "not a literal"),
        ('words(f"At most {days}")', "not a literal"),
        ('words("")', "not a literal"),
        ("words()", "missing"),
        ('words.plural("one")', "missing"),
        ('words("At most {days}")', "no value is given for days"),
        ('message("At most {days}", day=1)', "no value is given for days"),
        ('words("At most {0}", a=1)', "not a plain name"),
        ('words("At most {days!r}", days=1)', "not a plain name"),
        ('words("At most {days", days=1)', "expected '}'"),
        ('words.plural("a" if x else "b", "c", 1)', "one singular and one plural"),
    ],
)
def test_a_call_that_cannot_be_translated_is_named_with_its_line(tmp_path: Path, call: str, said: str) -> None:
    (problem,) = extract(source(tmp_path, f"\n{call}\n")).problems
    assert problem.startswith("bot/slack/said.py:2: ")
    assert said in problem


def test_an_update_adds_what_is_new_drops_what_is_gone_and_keeps_translations(tmp_path: Path) -> None:
    project, folder = source(tmp_path / "project", 'words("Save")\nwords("Gone")\n'), tmp_path / "locales"
    update(project, folder)
    swedish = folder / "sv" / "LC_MESSAGES" / "messages.po"
    swedish.write_text(swedish.read_text().replace('msgid "Save"\nmsgstr ""', 'msgid "Save"\nmsgstr "Spara"'))
    (project / "bot" / "slack" / "said.py").write_text('words("Save")\nwords("New")\n')
    update(project, folder)
    with swedish.open("rb") as file:
        assert {entry.id: entry.string for entry in read_po(file) if entry.id} == {"Save": "Spara", "New": ""}
    before = swedish.read_bytes()
    update(project, folder)
    assert swedish.read_bytes() == before
