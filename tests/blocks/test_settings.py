"""Do the views around settings fit Slack, whatever is typed into them?"""

from __future__ import annotations

import dataclasses

import pytest

from blocks.elements import Choice
from blocks.home import set_up_home
from blocks.ids import Action, SettingsBlock
from blocks.limits import problems
from blocks.notices import told_message
from blocks.settings_form import (
    TICKED,
    ChangedBy,
    SettingChange,
    SettingsForm,
    settings_choice_view,
    settings_form_view,
)
from blocks.settings_trial import SettingsSaved, Trial, settings_saved_view, trial_view
from tests.blocks.samples import HOSTILE, SPEAKERS, English, Hostile, buttons, cut, exact, formatted, inputs

FORM = SettingsForm(
    values={
        SettingsBlock.NAME: "Djurkliniken Eken",
        SettingsBlock.PHONE: "08-123 45 67",
        SettingsBlock.STAFF_CHANNEL: "C0STAFF0001",
        SettingsBlock.LANGUAGE: "sv",
        SettingsBlock.SEND_TIME: "09:00",
        SettingsBlock.OPENS: "08:00",
        SettingsBlock.CLOSES: "20:00",
        SettingsBlock.CLOSED_WEEKDAYS: frozenset({"6", "7"}),
        SettingsBlock.CLOSED_ON_HOLIDAYS: frozenset({TICKED}),
        SettingsBlock.DEFAULT_METHOD: "email",
        SettingsBlock.SENDER_NAME: "Eken",
        SettingsBlock.SENDER_EMAIL: "hej@eken.example",
        SettingsBlock.REPLY_TO: "svar@eken.example",
        SettingsBlock.POLICY_NOTE: "Kort.",
        SettingsBlock.TEMPLATE_EDITORS: "named",
        SettingsBlock.NAMED_EDITORS: frozenset({"U0MARIA0003"}),
    },
    methods=[Choice("email", "E-mail"), Choice("post", "Post")],
    languages=[Choice("en", "English"), Choice("sv", "Swedish")],
    weekdays=[Choice(str(day), f"Day {day}") for day in range(1, 8)],
    editors=[Choice(one, one) for one in ("everybody", "admins", "named")],
    zone=Choice("Europe/Stockholm", "Europe/Stockholm", "UTC+01:00"),
    country=Choice("FI", "Finland"),
    subdivision=Choice("01", "Landskapet Åland (01)"),
    has_subdivisions=True,
    note="Something.",
    changed_by=[ChangedBy("U0MARIA0003", "Mon 23 Nov 2026, 10:00")],
    changes=[SettingChange("Phone number", "08-1", is_mine_kept=True), SettingChange("Language", "Finnish", False)],
    last=ChangedBy("U0LINNEA001", "Mon 23 Nov 2026, 09:00"),
    private_metadata="{}",
)
SAVED = SettingsSaved("Djurkliniken Eken", ["✅ The settings are saved."], "1")
TRIAL = Trial("Djurkliniken Eken", ["✅ E-mail: the mail server took it."], "a@b.example", "070-174 06 05", "1")
LONGEST = ["x" * 3000, ("ord " * 750), "🐈" * 3000, "&\n" * 1500, "רקס\n" * 750]
TYPED = (
    *(SettingsBlock.NAME, SettingsBlock.PHONE, SettingsBlock.SENDER_NAME, SettingsBlock.SENDER_EMAIL),
    *(SettingsBlock.REPLY_TO, SettingsBlock.POLICY_NOTE),
)


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize("typed", [*LONGEST, "", *(hostile.typed for hostile in HOSTILE.values())])
def test_every_view_fits_whatever_is_typed(words: English, typed: str) -> None:
    changes = [SettingChange(typed, typed, kept) for kept in (True, False) for _ in SettingsBlock]
    values = {**FORM.values, **dict.fromkeys(TYPED, typed)}
    form = dataclasses.replace(FORM, values=values, note=typed or "x", changes=changes)
    for view in (
        settings_form_view(form, words),
        settings_form_view(dataclasses.replace(form, is_new=True, is_first=True), words),
        settings_form_view(dataclasses.replace(form, is_new=True, editors=(), has_subdivisions=False), words),
        settings_choice_view([Choice("1", "Ä" * 200), Choice("2", "Norr")], words),
        settings_choice_view([Choice(str(number), "Ä" * 200) for number in range(101)], words),
        settings_saved_view(SettingsSaved(typed, [typed or "x"] * 3, "1"), words),
        trial_view(Trial(typed, [typed or "x"] * 2, typed, typed, "1"), words),
        set_up_home(words),
    ):
        assert problems(view) == []
        assert cut(view, words) == []
    assert problems(told_message([typed, *[typed or "x"] * 3])) == []


@pytest.mark.parametrize("hostile", [*HOSTILE.values()], ids=[*HOSTILE])
def test_a_clinics_name_is_shown_as_it_was_typed(hostile: Hostile) -> None:
    for view in (
        settings_saved_view(dataclasses.replace(SAVED, clinic=hostile.typed), English()),
        trial_view(dataclasses.replace(TRIAL, clinic=hostile.typed), English()),
    ):
        assert hostile.escaped in formatted(view)


def test_each_field_holds_what_is_set() -> None:
    found = inputs(settings_form_view(FORM, English()))
    assert found["send-time"]["initial_time"] == "09:00"
    assert found["staff-channel"]["initial_conversation"] == "C0STAFF0001"
    assert found["staff-channel"]["filter"]["include"] == ["public", "private"]
    assert [one["value"] for one in found["closed-weekdays"]["initial_options"]] == ["6", "7"]
    assert found["named-editors"]["initial_users"] == ["U0MARIA0003"]
    assert found["zone"]["initial_option"]["value"] == "Europe/Stockholm"


def test_who_may_change_templates_is_asked_for_where_it_can_be_set() -> None:
    view = settings_form_view(dataclasses.replace(FORM, editors=()), English())
    assert not {"template-editors", "named-editors"} & set(inputs(view))
    assert "Who may change templates" not in exact(view)


def test_a_test_is_offered_where_one_can_be_sent() -> None:
    assert set(buttons(settings_saved_view(SAVED, English()))) == {Action.SETTINGS_TRIAL}
    assert buttons(settings_saved_view(dataclasses.replace(SAVED, value=""), English())) == {}
    assert set(inputs(trial_view(dataclasses.replace(TRIAL, email=None), English()))) == {"trial-phone"}
