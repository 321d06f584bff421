"""Which days are public holidays in a country, and what are they called?

The dates and names are those of the package `holidays`. Of its categories two count: `public`, and `de_facto`, the days
that a country's law treats as holidays without calling them so (Sweden's Midsummer Eve, Christmas Eve and New Year's
Eve; Finland's eves stand under `public`). Days for banks, schools, flags and single confessions do not.

Everything is worked out from a year's number, without a look at the clock, the network or the machine's language.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from holidays import country_holidays, list_supported_countries
from holidays.constants import DE_FACTO, PUBLIC
from holidays.holiday_base import HolidayBase

from bot.domain.closed_days import ClosedDays, NoHolidays

_CATEGORIES: Final = (PUBLIC, DE_FACTO)
_YEARS_KEPT: Final = 4096


@dataclasses.dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country (ISO 3166: `SE`), or of one of its parts (`DE` and `BY`).

    Whether the region is known is asked before it is stored (`countries`, `subdivisions`). One that a later version of
    the package no longer knows must not keep a clinic from sending: a part then has its country's holidays, and a
    country none.
    """

    country: str
    subdivision: str = ""

    def __contains__(self, day: object, /) -> bool:
        return isinstance(day, date) and day in _of_year(self.country, self.subdivision, day.year, "")

    def name(self, day: date, language: str) -> str:
        """What a holiday is called in a language (`en`, `sv`), or else in its country's own.

        Raises:
            KeyError: if the day is none.
        """
        return _of_year(self.country, self.subdivision, day.year, language)[day]


def closed_days(weekdays: Iterable[int], country: str, subdivision: str, *, on_holidays: bool) -> ClosedDays:
    """The days without sends of a clinic that sends nothing on these days of the week, nor, if so, on holidays."""
    return ClosedDays(frozenset(weekdays), PublicHolidays(country, subdivision) if on_holidays else NoHolidays())


def countries() -> frozenset[str]:
    """The countries whose holidays are known."""
    return frozenset(list_supported_countries(include_aliases=False))


def subdivisions(country: str) -> tuple[str, ...]:
    """The parts into which a country's holidays are divided, by their codes; none for an unknown country."""
    return tuple(list_supported_countries(include_aliases=False).get(country, ()))


def subdivision_name(country: str, subdivision: str) -> str:
    """What a part of a country is called there, in each of its languages; its code where no name is known."""
    if subdivision not in subdivisions(country):
        return subdivision
    return " / ".join(country_holidays(country).get_subdivision_aliases().get(subdivision, ())) or subdivision


@lru_cache(_YEARS_KEPT)
def _of_year(country: str, subdivision: str, year: int, language: str) -> Mapping[date, str]:
    if country not in countries():
        return {}
    known = country_holidays(country)
    found = country_holidays(
        country,
        subdiv=subdivision if subdivision in subdivisions(country) else None,
        years=year,
        expand=False,
        language=_spoken(known, language),
        categories=[category for category in _CATEGORIES if category in known.supported_categories],
    )
    return MappingProxyType({day: ", ".join(found.get_list(day)) for day in found})


def _spoken(known: HolidayBase, language: str) -> str | None:
    """The package's own code of a language (`sv_FI` for Swedish in Finland).

    It is always told: left out, or unknown, the package would look at the environment for another one.
    """
    spoken = [one for one in known.supported_languages if language and one.partition("_")[0] == language]
    return next(iter(spoken), known.default_language)
