"""Is every line about a send readable to its end, whatever became of it and in whatever language?"""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

from blocks.limits import problems
from bot.domain.model import Channel, DeliveryState, Reason
from bot.i18n import LANGUAGES
from bot.services import reminder_seen
from bot.slack.reminder_card import card_view, occurrence_lines
from bot.store.reminders import DeliverySeen
from tests.scenario.form import stored
from tests.scenario.stage import TEAM, Stage


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
@pytest.mark.parametrize("reason", [None, Reason.POST, Reason.REMINDER_CHANGED])
def test_no_line_about_a_send_is_cut(stage: Stage, language: str, reason: Reason | None) -> None:
    seen = reminder_seen.find(stage.database, TEAM, stored(stage, 0))
    words = stage.words.words(language)
    for month in range(1, 13):
        at = datetime(2026, month, 28, 22, 59, tzinfo=UTC)
        became = [(channel, state) for channel in Channel for state in DeliveryState]
        deliveries = [
            DeliverySeen(number, number, date(2026, month, 28), channel, state, at, at, reason)
            for number, (channel, state) in enumerate(became, 1)
        ]
        whole = dataclasses.replace(seen, deliveries=deliveries)
        view = card_view(whole, words, now=at)
        shown = "".join(str(block.get("text", {}).get("text", "")) for block in view["blocks"])
        lines = occurrence_lines(whole, words)
        assert len(lines) == len(became)
        assert not [line for line in lines if line not in shown]
        assert not problems(view)
