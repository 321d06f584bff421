"""Is what nobody can do at Slack's own page impossible at this one?"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.demo.clock import MovableClock
from bot.demo.definition import Channel, Definition
from bot.demo.elements import Placed
from bot.demo.installed_app import InstalledApp
from bot.demo.possible import impossible
from bot.demo.state import State
from tests.demo.sample_app import ANNA, BO, GENERAL, MANIFEST, QUIET, SECRET, option

SEVERAL = Channel(id="G0SEVERAL01", name="mpdm", members=(ANNA.id,), is_private=True, is_mpim=True)
OFFERED = [option("A", "a"), option("B", "b")]
OPINIONS = {"positive_button": {"text": {}, "value": "+"}, "negative_button": {"text": {}, "value": "-"}}
CASES: list[tuple[str, dict[str, Any], object, bool]] = [
    ("static_select", {"options": OFFERED}, {"selected_option": OFFERED[1]}, True),
    ("static_select", {"options": OFFERED}, {"selected_option": option("C", "c")}, False),
    ("static_select", {"options": OFFERED}, {"selected_option": "a"}, False),
    ("static_select", {"option_groups": [{"options": OFFERED}]}, {"selected_option": OFFERED[0]}, True),
    ("static_select", {"options": OFFERED}, {"selected_option": None}, True),
    ("radio_buttons", {"options": OFFERED}, {"selected_option": option("C", "c")}, False),
    ("checkboxes", {"options": OFFERED}, {"selected_options": OFFERED}, True),
    ("checkboxes", {"options": OFFERED}, {"selected_options": [option("C", "c")]}, False),
    ("checkboxes", {"options": OFFERED}, {"selected_options": "a"}, False),
    ("overflow", {"options": OFFERED}, {"selected_option": OFFERED[0]}, True),
    ("overflow", {"options": OFFERED}, {"selected_option": option("C", "c")}, False),
    ("multi_static_select", {"options": OFFERED, "max_selected_items": 2}, {"selected_options": OFFERED}, True),
    ("multi_static_select", {"options": OFFERED, "max_selected_items": 1}, {"selected_options": OFFERED}, False),
    ("external_select", {}, {"selected_option": option("S", "suggested")}, True),
    ("external_select", {}, {"selected_option": option("C", "c")}, False),
    ("external_select", {"initial_option": OFFERED[0]}, {"selected_option": OFFERED[0]}, True),
    ("users_select", {}, {"selected_user": BO.id}, True),
    ("users_select", {}, {"selected_user": "U404"}, False),
    ("multi_users_select", {}, {"selected_users": [ANNA.id, "U404"]}, False),
    ("channels_select", {}, {"selected_channel": QUIET.id}, True),
    ("channels_select", {}, {"selected_channel": SECRET.id}, False),
    ("conversations_select", {}, {"selected_conversation": SECRET.id}, True),
    ("conversations_select", {"filter": {"include": ["public"]}}, {"selected_conversation": SECRET.id}, False),
    ("conversations_select", {}, {"selected_conversation": "C404"}, False),
    ("conversations_select", {"filter": {"include": ["mpim"]}}, {"selected_conversation": SEVERAL.id}, True),
    ("conversations_select", {"filter": {"include": ["private"]}}, {"selected_conversation": SEVERAL.id}, False),
    ("conversations_select", {"filter": {"include": ["mpim"]}}, {"selected_conversation": SECRET.id}, False),
    ("multi_channels_select", {}, {"selected_channels": [GENERAL.id]}, True),
    ("datepicker", {}, {"selected_date": "2028-02-29"}, True),
    ("datepicker", {}, {"selected_date": "2027-02-29"}, False),
    ("datepicker", {}, {"selected_date": 7}, False),
    ("timepicker", {}, {"selected_time": "23:59"}, True),
    ("timepicker", {}, {"selected_time": "24:00"}, False),
    ("datetimepicker", {}, {"selected_date_time": 1_800_000_000}, True),
    ("datetimepicker", {}, {"selected_date_time": "soon"}, False),
    ("plain_text_input", {}, {"value": "x" * 3000}, True),
    ("plain_text_input", {}, {"value": "x" * 3001}, False),
    ("plain_text_input", {"max_length": 5}, {"value": "x" * 6}, False),
    ("plain_text_input", {}, {"value": "two\nlines"}, False),
    ("plain_text_input", {"multiline": True}, {"value": "two\nlines"}, True),
    ("email_text_input", {}, {"value": "not yet a whole addr"}, True),
    ("number_input", {}, {"value": 7}, False),
    ("rich_text_input", {}, {"rich_text_value": {"type": "rich_text", "elements": []}}, False),
    ("feedback_buttons", OPINIONS, {"value": "-"}, True),
    ("feedback_buttons", OPINIONS, {"value": "?"}, False),
    ("icon_button", {"visible_to_user_ids": [ANNA.id]}, {}, True),
    ("icon_button", {"visible_to_user_ids": [BO.id]}, {}, False),
    ("button", {}, {"type": "overflow"}, False),
]


@pytest.fixture(scope="module")
def state() -> State:
    channels = [dataclasses.replace(channel, members=(ANNA.id,)) for channel in (GENERAL, QUIET, SECRET, SEVERAL)]
    definition = Definition(users=(ANNA, BO), channels=tuple(channels))
    return State(definition, InstalledApp.from_manifest(MANIFEST), MovableClock())


@pytest.mark.parametrize(("kind", "more", "held", "possible"), CASES)
def test_only_what_a_person_can_do_is_possible(
    state: State, kind: str, more: dict[str, Any], held: dict[str, Any], possible: bool
) -> None:
    placed = Placed({"type": "input", "block_id": "b"}, {"type": kind, "action_id": "a", **more})
    wrong = impossible(placed, {"type": kind, **held}, state, ANNA.id, {"suggested"})
    assert (wrong is None) == possible
