"""How does a sentence, a date or a number read in this person's language?

The catalogues under `bot/locales` are read once, as text, into memory; nothing compiled lies beside them, and no
language is ever set for the whole process. English is the language of the source, so a sentence that a catalogue lacks
is shown in English (a test finds it first; rule P17).
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from gettext import GNUTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_time, get_day_names, get_month_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.domain.folding import fold
from bot.domain.messages import Message
from bot.domain.model import require_utc

LOCALES: Final = Path(__file__).with_name("locales")


@dataclasses.dataclass(frozen=True, slots=True)
class Language:
    """A language the bot speaks: its code, whose customs it follows, and its days and times (CLDR patterns)."""

    code: str
    locale: str
    day: str
    short_day: str
    moment: str
    time: str


ENGLISH: Final = Language("en", "en_GB", "EEEE, d MMMM y", "EEE d MMM y", "EEE d MMM y, HH:mm", "HH:mm")
SWEDISH: Final = Language("sv", "sv", "EEEE d MMMM y", "EEE d MMM y", "EEE d MMM y 'kl.' HH:mm", "HH:mm")
FINNISH: Final = Language("fi", "fi", "cccc d. MMMM y", "ccc d.M.y", "ccc d.M.y 'klo' H.mm", "H.mm")
LANGUAGES: Final = (ENGLISH, SWEDISH, FINNISH)
"""English dates put the day first: the clinics are European. Finnish days of the week stand alone (`cccc`), for `EEEE`
means *on Tuesday*."""


class Words:
    """Everything that is said in one language; safe to use from any thread.

    The values that fill the `{name}` places may be finished text, or a whole or decimal number, `date`, `time` or list
    of texts, which are then written as the language does. A year or an id is not a number in this sense: hand over
    text.
    """

    def __init__(self, language: Language, translations: GNUTranslations) -> None:
        self._language = language
        self._locale = Locale.parse(language.locale)
        self._translations = translations

    @property
    def language(self) -> str:
        """The code of the language: `en`, `sv`, `fi`."""
        return self._language.code

    def __call__(self, message: str, /, **values: object) -> str:
        """The sentence in this language, its places filled.

        Raises:
            KeyError: if a place has no value.
        """
        return self._filled(self._translations.gettext(message) if message else "", values)

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The sentence that fits the number; `{count}` stands for it.

        Raises:
            KeyError: if a place has no value.
        """
        return self._filled(self._translations.ngettext(singular, plural, count), {"count": count, **values})

    def say(self, message: Message) -> str:
        """What a rule has to say, in this language."""
        if message.plural is not None:
            return self.plural(message.text, message.plural, message.count, **message.values)
        return self(message.text, **message.values)

    def day(self, day: date) -> str:
        """A day in full: *Tuesday, 1 December 2026*, *tisdag 1 december 2026*."""
        return format_date(day, self._language.day, locale=self._locale)

    def short_day(self, day: date) -> str:
        """A day in short: *Tue 1 Dec 2026*, *tis 1 dec. 2026*."""
        return format_date(day, self._language.short_day, locale=self._locale)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """A UTC moment as the clocks of `zone` show it: *Tue 1 Dec 2026, 09:00*, *tis 1 dec. 2026 kl. 09:00*.

        Raises:
            ValueError: if the moment is not aware and in UTC.
        """
        return format_datetime(require_utc(moment), self._language.moment, tzinfo=zone, locale=self._locale)

    def time(self, wall_time: time) -> str:
        """A time of the day: *09:00*, *9.00*."""
        return format_time(wall_time, self._language.time, locale=self._locale)

    def language_name(self, code: str) -> str:
        """What a language is called, its first letter large: *Swedish*, *Svenska*; its code if CLDR has no name."""
        return self.language_names([code])

    def language_names(self, codes: Iterable[str]) -> str:
        """What several languages are called, as one text: *English and Swedish*, *Engelska och svenska*."""
        names = self.names(str(self._locale.languages.get(code, code)) for code in codes)
        return names[:1].upper() + names[1:]

    def territory_name(self, code: str) -> str:
        """What a country is called by its ISO 3166 code: *Sweden*, *Sverige*; the code if CLDR has no name."""
        return str(self._locale.territories.get(code, code))

    def weekday(self, number: int) -> str:
        """What a day of the week is called, its first letter large; 1 is Monday."""
        name = str(get_day_names("wide", "stand-alone", self._locale)[number - 1])
        return name[:1].upper() + name[1:]

    def number(self, number: float) -> str:
        """A number with the language's own marks: *1,234.5*, *1 234,5*."""
        return format_decimal(number, locale=self._locale)

    def months(self) -> dict[str, int]:
        """The number of each month by its names, written out and in short, folded as typed words are."""
        return {
            fold(name).rstrip("."): number
            for width in ("wide", "abbreviated")
            for context in ("format", "stand-alone")
            for number, name in get_month_names(width, context, self._locale).items()
        }

    def names(self, names: Iterable[str]) -> str:
        """Several texts as one: *Fido, Maja and Misse*."""
        return format_list(list(names), locale=self._locale)

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        return text.format_map({name: self._shown(value) for name, value in values.items()})

    def _shown(self, value: object) -> object:
        match value:
            case str() | bool():
                return value
            case int() | float():
                return self.number(value)
            case datetime():
                raise TypeError("which zone? write the moment out with `moment` first")
            case date():
                return self.short_day(value)
            case time():
                return self.time(value)
            case list() | tuple():
                return self.names(value)
            case _:
                return value


class Catalogues:
    """The words of every language."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._words = words

    @classmethod
    def load(cls, folder: Path = LOCALES) -> Self:
        """Read every catalogue.

        Raises:
            OSError: if one is missing.
            babel.messages.pofile.PoFileError: if one is broken.
        """
        return cls(
            MappingProxyType({one.code: Words(one, read(catalogue_path(one, folder), one)) for one in LANGUAGES})
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The code of every language, in which clients can be written to as well."""
        return tuple(self._words)

    def words(self, locale: str | None) -> Words:
        """The words for a locale as Slack or a clinic gives it (`sv-SE`, `en_US`, `sv`); English for any other."""
        code = (locale or "").replace("_", "-").partition("-")[0].lower()
        return self._words.get(code, self._words[ENGLISH.code])


def territory_of_zone(zone: str) -> str:
    """The ISO 3166 code of the country that a time zone is in (CLDR); empty where it is in none."""
    code = str(get_global("zone_territories").get(zone, ""))
    return code if len(code) == 2 and code.isalpha() else ""


def catalogue_path(language: Language, folder: Path = LOCALES) -> Path:
    """Where the catalogue of a language lies."""
    return folder / language.code / "LC_MESSAGES" / "messages.po"


def read(path: Path, language: Language) -> GNUTranslations:
    """The translations in a `.po` file; what is marked fuzzy is left out."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.code, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
