"""Does the form say how many SMS a text makes, while it is written?"""

from __future__ import annotations

from tests.scenario.form import Form
from tests.scenario.stage import Stage


def _form(stage: Stage) -> Form:
    return Form.opened(stage, stage.james).choose("method", "SMS").tick_manual()


def test_the_sms_are_counted_with_every_character_typed(stage: Stage) -> None:
    form = _form(stage)
    assert "1 SMS, characters left: 160." in form.shown
    form.type("sms-text", "a" * 160)
    assert "1 SMS, characters left: 0." in form.shown
    form.type("sms-text", "a" * 161)
    assert "2 SMS, characters left in the last one: 145." in form.shown
    assert form.values["sms-text"] == "a" * 161


def test_the_character_that_makes_it_longer_is_named(stage: Stage) -> None:
    form = _form(stage).type("sms-text", "a" * 150 + "’")
    assert "3 SMS, characters left in the last one: 50." in form.shown
    assert "The character “’” makes it longer: without it, it would be 1 SMS." in form.shown
    form.type("sms-text", "Hej\u00a0Åsa")
    assert "The character “NO-BREAK SPACE” leaves room for 70 characters instead of 160." in form.shown


def test_once_a_patient_is_chosen_the_text_is_counted_as_it_is_sent(stage: Stage) -> None:
    form = _form(stage).type("sms-text", "{{ patient_name }}")
    assert "1 SMS, characters left: 138." in form.shown  # 18 characters, four of them braces of two septets
    assert "Counted as it stands here" in form.shown
    form.search("client", "åsa")
    assert "1 SMS, characters left: 155." in form.shown  # Pelle
    assert "Counted as it stands here" not in form.shown


def test_a_text_that_could_not_be_sent_is_counted_as_it_stands(stage: Stage) -> None:
    form = _form(stage).search("client", "åsa").type("sms-text", "{{ patient_nam }}")
    assert "1 SMS, characters left: 139." in form.shown
    assert form.type("due-date", "2026-12-01").refused() == {
        "sms-text": "“patient_nam” is not a placeholder. Did you mean {{ patient_name }}?"
    }
