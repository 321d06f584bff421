from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import blocks.translator
from bot.domain.messages import message, message_plural
from bot.i18n import ENGLISH, LANGUAGES, Catalogues, Words, read

STOCKHOLM = ZoneInfo("Europe/Stockholm")

SWEDISH_PO = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "At most {days} before"
msgstr "Högst {days} innan"

msgid "{count} reminder waits for {who}"
msgid_plural "{count} reminders wait for {who}"
msgstr[0] "{count} påminnelse väntar på {who}"
msgstr[1] "{count} påminnelser väntar på {who}"

#, fuzzy
msgid "Save"
msgstr "Rädda"
"""


@pytest.fixture
def words(tmp_path: Path) -> Words:
    path = tmp_path / "messages.po"
    path.write_text(SWEDISH_PO, encoding="utf-8")
    swedish = next(language for language in LANGUAGES if language.code == "sv")
    return Words(swedish, read(path, swedish))


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues.load()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("sv-SE", "sv"),
        ("sv_SE", "sv"),
        ("sv", "sv"),
        ("SV-fi", "sv"),
        ("fi-FI", "fi"),
        ("en-US", "en"),
        ("en-GB", "en"),
        ("de-DE", "en"),
        ("svx", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_slack_s_locale_chooses_the_language_and_an_unknown_one_is_answered_in_english(
    catalogues: Catalogues, locale: str | None, language: str
) -> None:
    assert catalogues.words(locale).language == language


def test_a_sentence_is_translated_and_its_places_filled(words: Words) -> None:
    assert words("At most {days} before", days=5) == "Högst 5 innan"


def test_the_number_chooses_the_form(words: Words) -> None:
    forms = ("{count} reminder waits for {who}", "{count} reminders wait for {who}")
    assert words.plural(*forms, 1, who="Maja") == "1 påminnelse väntar på Maja"
    assert words.plural(*forms, 0, who="Maja") == "0 påminnelser väntar på Maja"
    assert words.plural(*forms, 2, who="Maja") == "2 påminnelser väntar på Maja"


def test_what_a_rule_says_is_said_in_the_language(words: Words) -> None:
    assert words.say(message("At most {days} before", days=1)) == "Högst 1 innan"
    plural = message_plural("{count} reminder waits for {who}", "{count} reminders wait for {who}", 3, who="Maja")
    assert words.say(plural) == "3 påminnelser väntar på Maja"


def test_what_the_catalogue_lacks_or_doubts_is_said_in_english(words: Words) -> None:
    assert words("Nobody translated {this}", this=1) == "Nobody translated 1"
    assert words("Save") == "Save"
    assert words("") == ""


def test_a_place_without_a_value_is_an_error(words: Words) -> None:
    with pytest.raises(KeyError):
        words("At most {days} before")


def test_braces_in_a_value_stay_as_they_are(words: Words) -> None:
    assert (
        words("At most {days} before", days="{days} {0} {days.__class__}") == "Högst {days} {0} {days.__class__} innan"
    )


def test_values_are_written_as_the_language_does(catalogues: Catalogues) -> None:
    values = {"day": date(2026, 12, 1), "at": time(8, 5), "many": 12345, "who": ["Maja", "Fido", "Misse"]}
    text = "{day} {at} {many} {who}"
    assert catalogues.words("en")(text, **values) == "Tue 1 Dec 2026 08:05 12,345 Maja, Fido and Misse"
    assert catalogues.words("sv")(text, **values) == "tis 1 dec. 2026 08:05 12\xa0345 Maja, Fido och Misse"
    assert catalogues.words("fi")(text, **values) == "ti 1.12.2026 8.05 12\xa0345 Maja, Fido ja Misse"


def test_a_moment_without_its_zone_is_refused(words: Words) -> None:
    with pytest.raises(TypeError, match="which zone"):
        words("At most {days} before", days=datetime(2026, 12, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("language", "day", "written_out", "short"),
    [
        ("en", date(2026, 12, 1), "Tuesday, 1 December 2026", "Tue 1 Dec 2026"),
        ("sv", date(2026, 12, 1), "tisdag 1 december 2026", "tis 1 dec. 2026"),
        # The day of the week stands in the nominative: "tiistaina" would be "on Tuesday".
        ("fi", date(2026, 12, 1), "tiistai 1. joulukuuta 2026", "ti 1.12.2026"),
        ("fi", date(2028, 2, 29), "tiistai 29. helmikuuta 2028", "ti 29.2.2028"),
        ("fi", date(2027, 5, 15), "lauantai 15. toukokuuta 2027", "la 15.5.2027"),
    ],
)
def test_days_are_written_out(catalogues: Catalogues, language: str, day: date, written_out: str, short: str) -> None:
    words = catalogues.words(language)
    assert (words.day(day), words.short_day(day)) == (written_out, short)


@pytest.mark.parametrize(
    ("moment", "language", "written"),
    [
        # Stockholm is one hour ahead in winter, two in summer; late in the evening it is the next day there.
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "en", "Tue 1 Dec 2026, 09:00"),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "sv", "tis 1 dec. 2026 kl. 09:00"),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "fi", "ti 1.12.2026 klo 9.00"),
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "en", "Wed 1 Jul 2026, 00:30"),
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "sv", "ons 1 juli 2026 kl. 00:30"),
        (datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "fi", "ke 1.7.2026 klo 0.30"),
    ],
)
def test_moments_are_written_as_the_clinic_s_clock_shows_them(
    catalogues: Catalogues, moment: datetime, language: str, written: str
) -> None:
    assert catalogues.words(language).moment(moment, STOCKHOLM) == written


@pytest.mark.parametrize(
    ("language", "count", "forms"),
    [
        ("en", 1, ["1 day", "1 reminder is waiting", "… and 1 more"]),
        ("en", 2, ["2 days", "2 reminders are waiting", "… and 2 more"]),
        ("sv", 1, ["1 dag", "1 påminnelse väntar", "… och 1 till"]),
        ("sv", 0, ["0 dagar", "0 påminnelser väntar", "… och 0 till"]),
        ("sv", 2, ["2 dagar", "2 påminnelser väntar", "… och 2 till"]),
        # After every other number than one, Finnish has the partitive singular.
        ("fi", 1, ["1 päivä", "1 muistutus odottaa", "… ja 1 muu"]),
        ("fi", 0, ["0 päivää", "0 muistutusta odottaa", "… ja 0 muuta"]),
        ("fi", 2, ["2 päivää", "2 muistutusta odottaa", "… ja 2 muuta"]),
        ("fi", 1234, ["1\xa0234 päivää", "1\xa0234 muistutusta odottaa", "… ja 1\xa0234 muuta"]),
    ],
)
def test_each_language_counts_in_its_own_way(
    catalogues: Catalogues, language: str, count: int, forms: list[str]
) -> None:
    words = catalogues.words(language)
    assert forms == [
        words.plural("{count} day", "{count} days", count),
        words.plural("{count} reminder is waiting", "{count} reminders are waiting", count),
        words.plural("… and {count} more", "… and {count} more", count),
    ]


@pytest.mark.parametrize(
    ("language", "names"), [("en", "English and Swedish"), ("sv", "Engelska och svenska"), ("fi", "Englanti ja ruotsi")]
)
def test_languages_are_called_by_their_names(catalogues: Catalogues, language: str, names: str) -> None:
    assert catalogues.words(language).language_names(["en", "sv"]) == names


@pytest.mark.parametrize(
    ("language", "typed"),
    [("en", "march"), ("sv", "mars"), ("fi", "maaliskuuta"), ("fi", "maaliskuu"), ("fi", "maalis")],
)
def test_a_month_is_known_by_each_of_its_names(catalogues: Catalogues, language: str, typed: str) -> None:
    assert catalogues.words(language).months()[typed] == 3


def test_a_moment_that_is_not_utc_is_refused(words: Words) -> None:
    with pytest.raises(ValueError, match="UTC"):
        words.moment(datetime(2026, 12, 1, 9, 0, tzinfo=STOCKHOLM), STOCKHOLM)


def test_names_are_listed(words: Words) -> None:
    assert words.names([]) == ""
    assert words.names(["Maja"]) == "Maja"
    assert words.names(["Maja", "Fido"]) == "Maja och Fido"


def test_the_builders_of_block_kit_can_use_the_words(words: Words) -> None:
    def builder(words: blocks.translator.Words) -> str:
        return words("At most {days} before", days=2) + words.plural("{count} day", "{count} days", 2)

    assert builder(words) == "Högst 2 innan2 days"


def test_a_missing_catalogue_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Catalogues.load(tmp_path)


def test_english_is_the_language_of_the_source() -> None:
    assert ENGLISH in LANGUAGES
