"""Is it answered in plain sentences why a reminder was not sent, whatever became of it (rule P15)?"""

from __future__ import annotations

import pytest

from blocks.ids import Action, ListAction
from bot.domain.model import Reason
from bot.i18n import LANGUAGES
from bot.services import reminder_seen
from bot.slack import why_not_sent
from bot.store.tables import ClientRow
from tests.scenario.form import saved, stored, top
from tests.scenario.stage import MARIA, TEAM, Stage, both_databases
from tests.scenario.test_life import pressed


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_of_its_own_with_what_can_be_done(
    stage: Stage, reason: Reason, language: str
) -> None:
    words = stage.words.words(language)
    sentence = why_not_sent.sentence(reason, words)
    assert ";" in sentence
    others = [why_not_sent.sentence(other, words) for other in Reason if other is not reason]
    assert sentence not in others


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        (None, "Not sent yet: the next one goes out Sun 29 Nov 2026, 09:00."),
        (Action.REMINDER_PAUSE, "Not sent, since the reminder is paused; open it and resume it."),
        (
            Action.REMINDER_CANCEL,
            "Not sent, since the reminder was cancelled; open it and restore it if it is still wanted.",
        ),
        (Action.REMINDER_SKIP, "Not sent yet: the next one goes out Sun 6 Dec 2026, 09:00."),
    ],
)
def test_how_it_stands_is_the_answer_where_nothing_fell_short(stage: Stage, action: Action | None, answer: str) -> None:
    saved(stage, stage.james, before=2, recurrence="Every week", repetitions=2)
    if action is not None:
        pressed(stage, stage.james, action)
    assert answers(stage) == [answer]


@both_databases
def test_what_was_sent_is_told_with_its_moment(stage: Stage) -> None:
    stored(stage, 0, method="both")
    stage.skip_to("2026-12-01")
    assert answers(stage) == [
        "Sent Tue 1 Dec 2026, 09:00: E-mail.",
        "Sent Tue 1 Dec 2026, 09:00: SMS.",
    ]


@both_databases
def test_each_half_of_both_is_answered_and_a_letter_is_nobodys_failure(stage: Stage) -> None:
    stored(stage, 0, method="both")
    stored(stage, 1, method="post", due_date="2026-12-02")
    stage.change(ClientRow, ClientRow.id == 2, email_allowed=False, sms_allowed=False)
    stage.skip_to("2026-12-01")
    home(stage, Action.HOME_SHOW_NOT_SENT)
    assert stage.james.home is not None
    assert stage.james.home.shown().count("⚠️ Not sent: ") == 2
    stage.james.press(stage.james.home, Action.REMINDER_HISTORY)
    stage.settle()
    shown = top(stage.james).shown()
    for how in ("E-mail", "SMS"):
        assert f"{how}, Tue 1 Dec 2026, 09:00: Not sent, since the client does not want messages sent this way" in shown
    stage.james.close()
    stage.skip_to("2026-12-02")
    (_, _, letter) = stage.cards
    assert "Not sent: 1" in home(stage)
    stage.maria.press(letter, Action.TASK_MARK_CONTACTED)
    stage.settle()
    home(stage, Action.REMINDER_LIST_CLEAR)
    assert stage.james.home is not None
    stage.james.choose(ListAction.STATUS, "Sent, or handed to staff", on=stage.james.home)
    stage.settle()
    assert "*1 found* · Sent, or handed to staff" in stage.james.home.shown()
    stage.james.press(stage.james.home, Action.REMINDER_OPEN)
    stage.settle()
    assert f"<@{MARIA}>: Contacted the client" in top(stage.james).shown()


def test_what_went_after_a_failure_makes_it_a_thing_of_the_past(stage: Stage) -> None:
    saved(stage, stage.james, method="SMS", due="2026-11-24", recurrence="Every week", repetitions=3)
    stage.james.close()
    stage.workspace.fail_next("sms", status=403)
    stage.skip_to("2026-11-24")
    assert "⚠️ Not sent: SMS." in home(stage)
    stage.skip_to("2026-12-01")
    assert "⚠️" not in home(stage)
    assert "Not sent: 1" in home(stage)  # nobody has contacted the client about the first


def answers(stage: Stage) -> list[str]:
    """What is answered about the only reminder, above its history."""
    (reminder,) = stage.reminders
    words = stage.english()
    return why_not_sent.answers(reminder_seen.find(stage.database, TEAM, reminder.id), words, stage.clock.now())


def home(stage: Stage, action: Action | None = None) -> str:
    """Open the Home, and press something on it; what is there then."""
    before = stage.james.home
    stage.james.open_home()
    stage.until(lambda: stage.james.home != before)
    stage.settle()
    assert stage.james.home is not None
    if action is not None:
        stage.james.press(stage.james.home, action)
        stage.settle()
    return stage.james.home.shown()
