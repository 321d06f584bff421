"""Does a send keep off the clinic's days without sends, and do form and card say why (rules P8 and P9)?"""

from __future__ import annotations

import dataclasses
from datetime import time

from blocks.ids import Action, Command
from bot.domain.model import Channel
from bot.services import clinic_settings
from bot.slack.people import Person as Staff
from bot.store.tables import ClinicRow
from tests.scenario.form import Form, saved, top
from tests.scenario.stage import MARIA, TEAM, Stage, both_databases

WEEKEND = 32 + 64


def _close(stage: Stage) -> None:
    """Weekends and Swedish holidays are days without sends."""
    stage.change(ClinicRow, closed_weekdays=WEEKEND, closed_on_holidays=True)


@both_databases
def test_a_send_on_christmas_eve_goes_out_the_day_before_and_form_and_card_say_why(stage: Stage) -> None:
    _close(stage)
    line = "• Wed 23 Dec 2026, 09:00: earlier, since Thu 24 Dec 2026 is Christmas Eve"
    form = Form.opened(stage, stage.james).filled(due="2026-12-24")
    assert line in form.shown
    assert line in form.save().shown()
    stage.skip_to("2026-12-23")
    assert len(stage.mails) == 1
    assert "torsdag 24 december 2026" in stage.mails[0].text
    assert [event for event, _ in stage.happened] == ["created", "sent"]


def test_the_reason_is_told_in_the_readers_language(stage: Stage) -> None:
    _close(stage)
    form = Form.opened(stage, stage.maria).type("due-date", "2026-12-24")
    assert "• ons 23 dec. 2026 kl. 09:00: tidigare, eftersom tors 24 dec. 2026 är en dag utan utskick (Julafton)" in (
        form.shown
    )


def test_a_weekend_moves_a_send_to_friday_and_the_next_ones_stay_where_they_are(stage: Stage) -> None:
    _close(stage)
    form = Form.opened(stage, stage.james).filled(due="2026-12-06", recurrence="Every month", repetitions=3)
    lines = (
        "• Fri 4 Dec 2026, 09:00: earlier, since Sun 6 Dec 2026 is a day without sends",
        "• Tue 5 Jan 2027, 09:00: earlier, since Wed 6 Jan 2027 is Epiphany",
        "• Fri 5 Feb 2027, 09:00: earlier, since Sat 6 Feb 2027 is a day without sends",
    )
    assert all(line in form.shown for line in lines)
    card = form.save().shown()
    assert all(line in card for line in lines)
    assert [row.send_at.isoformat() for row in stage.deliveries] == [
        "2026-12-04T08:00:00+00:00",
        "2027-01-05T08:00:00+00:00",
        "2027-02-05T08:00:00+00:00",
    ]


def test_on_a_day_without_sends_a_reminder_for_today_waits_if_it_can_and_goes_if_it_cannot(stage: Stage) -> None:
    _close(stage)
    stage.skip_to("2026-11-28", 12)  # a Saturday
    form = Form.opened(stage, stage.james).filled(due="2026-12-01", before=3)
    assert "• Mon 30 Nov 2026, 09:00: later, since Sat 28 Nov 2026 is a day without sends" in form.shown
    form.save()
    assert not stage.mails
    form = Form.opened(stage, stage.james).filled(due="2026-11-29", before=1)
    assert "• Sat 28 Nov 2026, 12:00: at once, although it is a day without sends" in form.shown
    form.save()
    assert len(stage.mails) == 1
    stage.skip_to("2026-11-30")
    assert len(stage.mails) == 2


def test_a_send_that_moves_to_today_goes_at_once(stage: Stage) -> None:
    _close(stage)
    stage.skip_to("2026-11-27", 12)  # a Friday
    form = Form.opened(stage, stage.james).filled(due="2026-11-28")
    assert "• Fri 27 Nov 2026, 12:00: at once, since Sat 28 Nov 2026 is a day without sends" in form.shown
    form.save()
    assert len(stage.mails) == 1


def test_a_daily_reminder_goes_on_the_weekend_too_and_says_so(stage: Stage) -> None:
    _close(stage)
    card = saved(stage, stage.james, due="2026-12-23", recurrence="Every day", repetitions=6).shown()
    for line in (
        "• Wed 23 Dec 2026, 09:00\n",
        "• Thu 24 Dec 2026, 09:00: although it is Christmas Eve, since no other day is left",
        "• Sun 27 Dec 2026, 09:00: although it is a day without sends, since no other day is left",
        "• Mon 28 Dec 2026, 09:00",
    ):
        assert line in card
    for sent, day in enumerate(range(23, 29), 1):
        stage.skip_to(f"2026-12-{day}")
        assert len(stage.mails) == sent


def test_a_bot_that_was_down_over_friday_sends_on_monday(stage: Stage) -> None:
    saved(stage, stage.james, due="2026-12-01", before=2)  # planned for a Sunday, on which the clinic sends then
    _close(stage)
    stage.skip_to("2026-11-29", 12)
    assert not stage.mails
    stage.skip_to("2026-11-30", 8)
    assert len(stage.mails) == 1
    assert [event for event, _ in stage.happened] == ["created", "postponed", "sent"]


def test_a_change_of_the_clinics_settings_moves_what_waits_and_the_card_tells_who_made_it(stage: Stage) -> None:
    card = saved(stage, stage.james, due="2026-12-24")
    assert "• Thu 24 Dec 2026, 09:00\n" in card.shown()
    stage.james.close()
    (clinic,) = stage.rows(ClinicRow)
    admin = Staff(MARIA, TEAM, "", "sv-SE", is_admin=True, is_member=True)
    seen = clinic_settings.find(stage.database, TEAM, clinic.id, who=admin)
    clinic_settings.change(
        stage.database,
        TEAM,
        clinic.id,
        dataclasses.replace(seen.settings, closed_on_holidays=True, send_time=time(10)),
        versions=seen.versions,
        key="form",
        channels=frozenset(Channel),
        who=admin,
        now=stage.clock.now(),
    )
    stage.james.command(Command.REMINDER, "list")
    stage.settle()
    stage.james.press(stage.james.messages("#general")[-1], Action.REMINDER_OPEN)
    stage.settle()
    shown = top(stage.james).shown()
    assert "• Wed 23 Dec 2026, 10:00: earlier, since Thu 24 Dec 2026 is Christmas Eve" in shown
    assert f"{MARIA}>: Changed the clinic's settings: coming sends go at other times" in shown
    stage.skip_to("2026-12-23", 10)
    assert len(stage.mails) == 1
