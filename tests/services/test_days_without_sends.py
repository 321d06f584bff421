"""What is found on the day to fall on a day without sends waits or goes, and is never lost."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.store.tables import ClinicRow, DeliveryRow, OccurrenceRow
from tests.services.post_office import PostOffice
from tests.store.rows import DAY, NOW, Stock, add_reminder

TUESDAY, WEDNESDAY = 2, 4
"""The bits of the day it is, 1 December 2026, and of the day after."""
NEXT_OPENING = datetime(2026, 12, 2, 7, tzinfo=UTC)  # 08:00 in Stockholm


def _add(office: PostOffice, ours: Stock, sends: int = 1) -> None:
    """A reminder due on 9 December (and on the days after), 7 days before, of which the first send is due now."""
    with office.database.writing() as session:
        add_reminder(session, ours, [NOW + number * DAY for number in range(sends)])


def test_what_is_late_waits_for_the_next_day_on_which_the_clinic_sends(office: PostOffice, ours: Stock) -> None:
    _add(office, ours)
    office.change(ClinicRow, closed_weekdays=TUESDAY)
    office.dispatch().run()
    (row,) = office.rows(DeliveryRow)
    assert (row.state.value, row.send_at) == ("planned", NEXT_OPENING)
    office.clock.moment = NEXT_OPENING
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
    assert office.happened == ["postponed", "sent"]


def test_what_has_no_other_day_left_goes_now(office: PostOffice, ours: Stock) -> None:
    _add(office, ours)
    office.change(OccurrenceRow, due_date=NOW.date())
    office.change(ClinicRow, closed_weekdays=TUESDAY)
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]


def test_a_holiday_of_the_clinics_country_is_such_a_day(office: PostOffice, ours: Stock) -> None:
    _add(office, ours)
    office.change(OccurrenceRow, due_date=datetime(2026, 12, 31, tzinfo=UTC).date())
    office.change(ClinicRow, closed_on_holidays=True)
    office.clock.moment = datetime(2026, 12, 24, 9, tzinfo=UTC)
    office.dispatch().run()
    (row,) = office.rows(DeliveryRow)
    assert row.send_at == datetime(2026, 12, 27, 7, tzinfo=UTC)  # over Christmas Eve to Boxing Day


def test_what_is_sent_daily_does_not_wait_for_a_day_that_has_its_own_send(office: PostOffice, ours: Stock) -> None:
    _add(office, ours, 2)
    office.change(ClinicRow, closed_weekdays=TUESDAY | WEDNESDAY)
    office.dispatch().run()
    assert office.states == [("email", "sent", None), ("email", "planned", None)]


def test_an_occurrence_is_judged_in_the_zone_in_which_it_was_planned(office: PostOffice, ours: Stock) -> None:
    """The clinic's zone was changed when this one was on its way: in Auckland it is evening already."""
    _add(office, ours)
    office.change(ClinicRow, time_zone="Pacific/Auckland")
    office.dispatch().run()
    assert office.states == [("email", "sent", None)]
