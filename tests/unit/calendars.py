"""Which calendars are rules tried with? Made-up ones: any days of the week, any days of a year."""

from __future__ import annotations

import dataclasses
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume
from hypothesis import strategies as st

from bot.domain.closed_days import ClosedDays
from bot.domain.model import SendingHours

SATURDAY, SUNDAY = 6, 7
WEEKEND = frozenset({SATURDAY, SUNDAY})


@dataclasses.dataclass(frozen=True)
class MadeUp:
    """Holidays that are told one by one."""

    days: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        return day in self.days

    def name(self, day: date, language: str) -> str:
        return f"{day.isoformat()} ({language})"


@dataclasses.dataclass(frozen=True)
class EveryDay:
    """A country that never works."""

    def __contains__(self, day: object) -> bool:
        return True

    def name(self, day: date, language: str) -> str:
        return f"{day.isoformat()} ({language})"


def closed(*holidays: str, weekdays: frozenset[int] = WEEKEND) -> ClosedDays:
    """Weekends, unless told otherwise, and these days."""
    return ClosedDays(weekdays, MadeUp(frozenset(map(date.fromisoformat, holidays))))


zones = st.sampled_from(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
days = st.dates(date(2024, 1, 1), date(2045, 12, 31))
moments = st.integers(0, 22 * 365 * 24 * 3600).map(lambda s: datetime(2024, 1, 2, tzinfo=UTC) + timedelta(seconds=s))


@st.composite
def sending_hours(draw: st.DrawFn) -> SendingHours:
    """Any zone and window, without closed days."""
    opens, sends, closes = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=3, max_size=3)))
    assume(sends < closes)
    send_time, opening, closing = (time(*divmod(minutes, 60)) for minutes in (sends, opens, closes))
    return SendingHours(draw(zones), send_time, opening, closing)


@st.composite
def calendars(draw: st.DrawFn, around: date) -> ClosedDays:
    """Any closed weekdays but all of them, and any holidays of the weeks after `around`; now and then every day."""
    weekdays = draw(st.frozensets(st.integers(1, 7), max_size=6))
    if draw(st.integers(0, 9)) == 0:
        return ClosedDays(weekdays, EveryDay())
    offsets = draw(st.frozensets(st.integers(-3, 45), max_size=25))
    return ClosedDays(weekdays, MadeUp(frozenset(around + timedelta(days=offset) for offset in offsets)))
