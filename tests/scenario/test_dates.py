"""On which days can a reminder be sent, and does the form say so before and after Save (rules P5 to P9)?"""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.store.tables import ClinicRow
from tests.scenario.form import Form, saved
from tests.scenario.stage import TODAY, Stage


def test_more_days_before_than_are_left_are_refused_with_the_most_that_work(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(due=TODAY + timedelta(days=1), before=5)
    sentence = "That day is over. With this due date you can send at most 1 day before."
    assert f"⚠️ {sentence}" in form.shown
    assert form.refused() == {"send-before": sentence}
    assert not stage.reminders
    form.type("send-before", "1")
    assert "Mon 23 Nov 2026, 10:00: at once" in form.shown
    form.save()
    assert len(stage.mails) == 1
    (occurrence,) = stage.occurrences
    assert occurrence.due_date == TODAY + timedelta(days=1)


def test_today_is_refused_once_the_sending_window_has_closed(stage: Stage) -> None:
    stage.skip_to(TODAY, 19, 59)
    form = Form.opened(stage, stage.james).filled(due=TODAY)
    assert "at once" in form.shown
    stage.skip_to(TODAY, 20)
    assert form.refused() == {
        "due-date": "The clinic sends nothing more today after 20:00. Choose tomorrow or a later day."
    }
    form.type("due-date", TODAY + timedelta(days=1)).type("send-before", "1")
    assert form.refused() == {
        "send-before": "That day is over. With this due date it can only be sent on the day itself: enter 0."
    }
    form.type("send-before", "0").save()
    assert not stage.mails


def test_yesterday_is_refused(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(due=TODAY - timedelta(days=1))
    assert form.refused() == {"due-date": "This day has passed. Choose today or a later day."}
    assert not stage.reminders


def test_a_due_date_that_passed_while_the_form_was_open_is_refused(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(due=TODAY)
    stage.skip_to(TODAY + timedelta(days=1))
    assert form.refused() == {"due-date": "This day has passed. Choose today or a later day."}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "Enter 0 or a larger number, without a minus sign."),
        ("99999999999999999999", "That day is over. With this due date you can send at most 8 days before."),
        ("1000000", "That day is over. With this due date you can send at most 8 days before."),
    ],
)
def test_a_number_of_days_that_cannot_be_is_refused(stage: Stage, typed: str, sentence: str) -> None:
    assert Form.opened(stage, stage.james).filled(send_before=typed).refused() == {"send-before": sentence}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "A recurring reminder is sent at least 2 times. Enter 2 to 99, or choose no recurrence."),
        ("1", "A recurring reminder is sent at least 2 times. Enter 2 to 99, or choose no recurrence."),
        ("1000000", "That is more often than a reminder can repeat. Enter 2 to 99."),
        ("9" * 30, "That is more often than a reminder can repeat. Enter 2 to 99."),
    ],
)
def test_a_number_of_repetitions_that_cannot_be_is_refused(stage: Stage, typed: str, sentence: str) -> None:
    form = Form.opened(stage, stage.james).filled(recurrence="Every month", repetitions=int(typed))
    assert form.refused() == {"repetitions": sentence}


def test_the_coming_sends_follow_what_is_typed(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).type("due-date", "2026-12-01")
    assert "• Tue 1 Dec 2026, 09:00" in form.shown
    assert "In the time of Djurkliniken Eken. Sent between 08:00 and 20:00." in form.shown
    form.type("send-before", "3")
    assert "• Sat 28 Nov 2026, 09:00" in form.shown
    form.choose("recurrence", "Every month").type("repetitions", "9")
    assert "• Tue 29 Dec 2026, 09:00" in form.shown
    assert form.shown.count("• ") == 6
    assert "… and 3 more" in form.shown
    form.type("due-date", "2027-02-28")
    assert "• Thu 25 Feb 2027, 09:00" in form.shown
    form.choose("recurrence", "Not recurring")
    assert form.shown.count("• ") == 1


def test_a_monthly_reminder_from_the_31st_keeps_to_each_months_end(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(due="2027-01-31", recurrence="Every month", repetitions=4, before=1)
    dates = ("Sat 30 Jan 2027", "Sat 27 Feb 2027", "Tue 30 Mar 2027", "Thu 29 Apr 2027")
    assert all(f"• {day}, 09:00" in form.shown for day in dates)
    card = form.save()
    assert all(f"• {day}, 09:00" in card.shown() for day in dates)
    assert [row.due_date.isoformat() for row in stage.occurrences] == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
    ]
    # 09:00 in Stockholm is 08:00 UTC in winter and 07:00 from 28 March on.
    assert [row.send_at.isoformat() for row in stage.deliveries] == [
        "2027-01-30T08:00:00+00:00",
        "2027-02-27T08:00:00+00:00",
        "2027-03-30T07:00:00+00:00",
        "2027-04-29T07:00:00+00:00",
    ]
    for sent, day in enumerate(("2027-01-30", "2027-02-27", "2027-03-30", "2027-04-29"), 1):
        stage.skip_to(day)
        assert len(stage.mails) == sent
    assert "fredag 30 april 2027" in stage.mails[0].text
    assert {state for _, state, _ in stage.states} == {"sent"}


def test_what_comes_due_at_night_waits_for_the_morning(stage: Stage) -> None:
    """The window was made shorter after the reminder was planned: the row is found at an hour when nobody is mailed."""
    saved(stage, stage.james)
    stage.change(ClinicRow, opens=time(10), send_time=time(11))
    stage.skip_to("2026-12-01")
    assert not stage.mails
    assert stage.states == [("email", "planned", None)]
    stage.skip_to("2026-12-01", 10)
    assert len(stage.mails) == 1
    assert [event for event, _ in stage.happened] == ["created", "postponed", "sent"]


def test_what_was_slept_through_is_told_to_staff_and_not_sent_late(stage: Stage) -> None:
    """Three days without a clock tick: of a daily reminder, the last day that is over becomes a task for the others."""
    saved(stage, stage.james, due="2026-11-25", recurrence="Every day", repetitions=4)
    stage.skip_to("2026-11-28", 12)
    assert len(stage.mails) == 1
    assert "lördag 28 november 2026" in stage.mails[0].text
    assert stage.states == [
        *[("email", "skipped", "merged")] * 2,
        ("email", "skipped", "too-late"),
        ("email", "sent", None),
    ]
    assert len(stage.cards) == 1
