"""What does a filter leave out, and what do its windows mean?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.model import DeliveryState, Method, Reason, SendingHours
from bot.domain.outcome import fell_short, was_sent
from bot.domain.reminder_filter import Bounds, Part, ReminderFilter, Status, Window, typed_words

STOCKHOLM = SendingHours(ZoneInfo("Europe/Stockholm"))
AUCKLAND = SendingHours(ZoneInfo("Pacific/Auckland"))
WEDNESDAY = datetime(2026, 12, 2, 11, 30, tzinfo=UTC)  # in Auckland it is Thursday, half past midnight


def day(number: int, month: int = 12) -> date:
    return date(2026, month, number)


@pytest.mark.parametrize(
    ("window", "bounds"),
    [
        (Window.ANY, Bounds()),
        (Window.SENDS_TODAY, Bounds(sends_before=datetime(2026, 12, 2, 23, tzinfo=UTC))),
        (Window.SENDS_THIS_WEEK, Bounds(sends_before=datetime(2026, 12, 6, 23, tzinfo=UTC))),  # Monday, 00:00
        (Window.OVERDUE, Bounds(last_due=day(1))),
        (Window.WITHIN_7_DAYS, Bounds(day(2), day(9))),
        (Window.WITHIN_30_DAYS, Bounds(day(2), date(2027, 1, 1))),
        (Window.LATER, Bounds(first_due=date(2027, 1, 2))),
        (Window.BETWEEN, Bounds()),
    ],
)
def test_a_window_is_counted_from_the_clinics_own_day(window: Window, bounds: Bounds) -> None:
    assert ReminderFilter(window=window).bounds(STOCKHOLM, WEDNESDAY) == bounds


def test_on_the_other_side_of_the_world_it_is_tomorrow_already() -> None:
    assert ReminderFilter(window=Window.OVERDUE).bounds(AUCKLAND, WEDNESDAY) == Bounds(last_due=day(2))
    today = ReminderFilter(window=Window.SENDS_TODAY).bounds(AUCKLAND, WEDNESDAY)
    assert today.sends_before == datetime(2026, 12, 3, 11, tzinfo=UTC)


def test_a_week_ends_on_sunday_also_on_a_sunday() -> None:
    sunday = datetime(2026, 12, 6, 12, tzinfo=UTC)
    this_week = ReminderFilter(window=Window.SENDS_THIS_WEEK).bounds(STOCKHOLM, sunday)
    assert this_week.sends_before == datetime(2026, 12, 6, 23, tzinfo=UTC)


def test_a_day_on_which_the_clocks_change_ends_at_its_own_midnight() -> None:
    today = ReminderFilter(window=Window.SENDS_TODAY)
    assert today.bounds(STOCKHOLM, datetime(2026, 10, 25, 8, tzinfo=UTC)).sends_before == datetime(
        2026, 10, 25, 23, tzinfo=UTC
    )
    assert today.bounds(STOCKHOLM, datetime(2026, 3, 28, 8, tzinfo=UTC)).sends_before == datetime(
        2026, 3, 28, 23, tzinfo=UTC
    )


def test_every_part_can_be_taken_off_and_then_nothing_is_left_out() -> None:
    whole = ReminderFilter(
        words="Åsa",
        clinic_id=1,
        status=Status.SENT,
        method=Method.SMS,
        window=Window.BETWEEN,
        first_day=day(1),
        last_day=day(9),
        is_mine=True,
    )
    assert whole.parts == list(Part)
    for part in Part:
        assert whole.without(part).parts == [other for other in Part if other is not part]
        whole_without = whole.without(part)
        assert whole_without.without(part) == whole_without
    left = whole
    for part in Part:
        left = left.without(part)
    assert left == ReminderFilter(status=Status.ALL)


def test_days_belong_to_their_window() -> None:
    with pytest.raises(ValueError, match="days"):
        ReminderFilter(first_day=day(1))
    backwards = ReminderFilter(window=Window.BETWEEN, first_day=day(2), last_day=day(1))
    assert backwards.is_backwards
    assert not ReminderFilter(window=Window.BETWEEN, first_day=day(2), last_day=day(2)).is_backwards
    assert not ReminderFilter(window=Window.BETWEEN, last_day=day(2)).is_backwards


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  Bella\tvaccination ", "Bella vaccination"),
        ("Be\x00lla\ud800", "Be lla"),
        ("x" * 500, "x" * 200),
        ("y" * 199 + " z", "y" * 199),
        ("*Åsa* <!channel>", "*Åsa* <!channel>"),
    ],
)
def test_search_words_are_kept_as_they_were_typed(typed: str, kept: str) -> None:
    assert typed_words(typed) == kept


def test_words_are_not_written_out() -> None:
    assert "Åsa" not in repr(ReminderFilter(words="Åsa"))


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("reason", [None, *Reason])
def test_no_delivery_both_was_sent_and_fell_short(state: DeliveryState, reason: Reason | None) -> None:
    assert not (was_sent(state, reason) and fell_short(state, reason))


@pytest.mark.parametrize(
    ("state", "reason", "sent", "short"),
    [
        (DeliveryState.PLANNED, None, False, False),
        (DeliveryState.SENT, None, True, False),
        (DeliveryState.DELIVERED, None, True, False),
        (DeliveryState.SKIPPED, Reason.POST, True, False),
        (DeliveryState.SKIPPED, Reason.SKIPPED_BY_STAFF, False, False),
        (DeliveryState.SKIPPED, Reason.NO_ADDRESS, False, True),
        (DeliveryState.SKIPPED, Reason.PATIENT_DEAD, False, True),
        (DeliveryState.FAILED, Reason.REFUSED, False, True),
        (DeliveryState.UNKNOWN, Reason.OUTCOME_UNKNOWN, False, True),
        (DeliveryState.CANCELLED, Reason.CLIENT_INACTIVE, False, False),
    ],
)
def test_what_falls_short_was_to_be_sent(state: DeliveryState, reason: Reason | None, sent: bool, short: bool) -> None:
    assert (was_sent(state, reason), fell_short(state, reason)) == (sent, short)


def test_send_times_do_not_matter_to_a_window() -> None:
    late = SendingHours(ZoneInfo("Europe/Stockholm"), time(19), time(8), time(20))
    assert ReminderFilter(window=Window.SENDS_TODAY).bounds(late, WEDNESDAY) == ReminderFilter(
        window=Window.SENDS_TODAY
    ).bounds(STOCKHOLM, WEDNESDAY)
