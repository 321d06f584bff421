"""The public holidays of the clinics' countries, by date and by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.public_holidays import PublicHolidays, countries, subdivisions

SWEDEN, FINLAND = PublicHolidays("SE"), PublicHolidays("FI")


@pytest.mark.parametrize(
    ("country", "day", "language", "name"),
    [
        ("SE", "2026-06-06", "sv", "Nationaldagen"),
        ("SE", "2026-06-19", "sv", "Midsommarafton"),  # de facto: the Friday before Midsummer Day
        ("SE", "2026-06-19", "en", "Midsummer Eve"),
        ("SE", "2026-12-24", "sv", "Julafton"),
        ("SE", "2026-12-24", "en", "Christmas Eve"),
        ("SE", "2026-12-31", "sv", "Nyårsafton"),
        ("SE", "2027-03-28", "sv", "Påskdagen"),
        ("SE", "2027-05-06", "sv", "Kristi himmelsfärdsdag"),  # 39 days after Easter
        ("SE", "2026-12-24", "fi", "Julafton"),  # not in the package: the country's own
        ("SE", "2049-06-06", "sv", "Nationaldagen, Pingstdagen"),
        ("FI", "2026-06-19", "fi", "Juhannusaatto"),
        ("FI", "2026-12-24", "fi", "Jouluaatto"),
        ("FI", "2026-12-24", "sv", "Julafton"),
        ("FI", "2026-12-24", "en", "Christmas Eve"),
        ("FI", "2026-12-06", "fi", "Itsenäisyyspäivä"),
        ("NO", "2027-05-17", "en", "Constitution Day, Pentecost Monday"),
    ],
)
def test_a_holiday_has_its_name(country: str, day: str, language: str, name: str) -> None:
    holidays = PublicHolidays(country)
    assert date.fromisoformat(day) in holidays
    assert holidays.name(date.fromisoformat(day), language) == name


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("SE", "2026-12-23"),  # the banks close early, clinics do not
        ("SE", "2026-05-15"),  # a squeeze day
        ("SE", "2026-06-07"),  # an ordinary Sunday, which is the weekdays' business
        ("FI", "2026-12-31"),  # no holiday in Finland
        ("FI", "2026-12-08"),  # a day for the flag
        ("DE", "2026-01-06"),  # only in some of its parts
    ],
)
def test_any_other_day_is_none(country: str, day: str) -> None:
    assert date.fromisoformat(day) not in PublicHolidays(country)


def test_a_part_of_a_country_has_its_own_holidays_too() -> None:
    assert date(2026, 1, 6) in PublicHolidays("DE", "BY")
    assert date(2026, 10, 3) in PublicHolidays("DE", "BY")
    assert "BY" in subdivisions("DE")
    assert subdivisions("SE") == ()


def test_a_region_that_is_not_known_any_more_keeps_nobody_from_sending() -> None:
    assert date(2026, 10, 3) in PublicHolidays("DE", "gone")
    assert date(2026, 12, 25) not in PublicHolidays("XX")
    assert subdivisions("XX") == ()


def test_the_machines_own_language_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    # A year that no other test asks for: what was asked once is remembered.
    monkeypatch.setenv("LANGUAGE", "th")
    assert SWEDEN.name(date(2031, 12, 25), "fi") == "Juldagen"
    assert SWEDEN.name(date(2032, 12, 25), "en") == "Christmas Day"


def test_the_neighbours_are_known_for_as_long_as_a_reminder_can_be_planned_ahead() -> None:
    assert {"SE", "FI", "NO", "DK", "EE", "DE", "GB"} <= countries()
    for holidays in (SWEDEN, FINLAND):
        for year in range(2026, 2067):  # 20 years ahead, and 20 times yearly
            found = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
            assert 12 <= sum(day in holidays for day in found) <= 17
