from __future__ import annotations

from typing import Any

import pytest

from bot.demo.elements import as_slack_keeps, entry, kept
from bot.demo.submission import REQUIRED, submission_errors
from bot.demo.surfaces import View
from tests.demo.sample_app import form, input_block, option


def _view(*blocks: dict[str, Any], **typed: Any) -> View:
    fields = {**form(*blocks), "blocks": as_slack_keeps(blocks)}
    view = View(id="V1", user_id="U1", hash="1.a", fields=fields, root_view_id="V1")
    held = {
        placed.block_id: {placed.action_id: entry(placed.element, typed[placed.block_id])}
        for placed in view.elements()
        if placed.block_id in typed
    }
    return View(id="V1", user_id="U1", hash="1.a", fields=fields, root_view_id="V1", typed=held)


EMAIL = {"type": "email_text_input", "action_id": "a"}
NUMBER = {"type": "number_input", "action_id": "a", "is_decimal_allowed": False, "min_value": "2", "max_value": "99"}
TEXT = {"type": "plain_text_input", "action_id": "a", "min_length": 2, "max_length": 5}


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        (EMAIL, "kim@example.test", None),
        (EMAIL, "kim", "Please enter a valid email address."),
        (EMAIL, "kim@localhost", "Please enter a valid email address."),
        (EMAIL, "kim@example.test, bo@example.test", "Please enter a valid email address."),
        (NUMBER, "2", None),
        (NUMBER, "1", "Please enter a number no less than 2."),
        (NUMBER, "100", "Please enter a number no greater than 99."),
        (NUMBER, "3.5", "Please enter a whole number."),
        (NUMBER, "five", "Please enter a valid number."),
        (NUMBER, "٣", "Please enter a valid number."),
        ({**NUMBER, "is_decimal_allowed": True}, "3.5", None),
        (TEXT, "abc", None),
        (TEXT, "a", "Please enter at least 2 characters."),
        (TEXT, "abcdef", "Please enter at most 5 characters."),
        (TEXT, "", REQUIRED),
        ({"type": "url_text_input", "action_id": "a"}, "example.test", "Please enter a valid URL."),
        ({"type": "datepicker", "action_id": "a"}, None, REQUIRED),
        ({"type": "checkboxes", "action_id": "a", "options": [option("A", "a")]}, [], REQUIRED),
    ],
)
def test_the_client_refuses_what_slacks_client_refuses(element: dict[str, Any], value: Any, error: str | None) -> None:
    assert submission_errors(_view(input_block("b", element), b=value)) == ({"b": error} if error else {})


def test_an_optional_input_may_be_empty_but_not_wrong() -> None:
    assert submission_errors(_view(input_block("b", EMAIL, optional=True), b=None)) == {}
    assert submission_errors(_view(input_block("b", EMAIL, optional=True), b="kim")) != {}


def test_every_stateful_element_is_in_the_state_from_the_start() -> None:
    offered = [option("A", "a"), option("B", "b")]
    view = _view(
        input_block("text", {"type": "plain_text_input", "action_id": "a"}),
        input_block("given", {"type": "plain_text_input", "action_id": "a", "initial_value": "x"}),
        input_block("select", {"type": "static_select", "action_id": "a", "options": offered}),
        input_block(
            "boxes", {"type": "checkboxes", "action_id": "a", "options": offered, "initial_options": offered[:1]}
        ),
        input_block("date", {"type": "datepicker", "action_id": "a", "initial_date": "2026-11-23"}),
        {
            "type": "actions",
            "block_id": "row",
            "elements": [{"type": "button", "action_id": "b", "text": option("A", "a")["text"]}],
        },
    )
    first = {**option("A", "a"), "text": {"type": "plain_text", "text": "A", "emoji": True}}
    assert view.values == {
        "text": {"a": {"type": "plain_text_input", "value": None}},
        "given": {"a": {"type": "plain_text_input", "value": "x"}},
        "select": {"a": {"type": "static_select", "selected_option": None}},
        "boxes": {"a": {"type": "checkboxes", "selected_options": [first]}},
        "date": {"a": {"type": "datepicker", "selected_date": "2026-11-23"}},
    }


def test_a_choice_that_is_no_longer_offered_does_not_stay() -> None:
    def select(*values: str) -> dict[str, Any]:
        return input_block(
            "b", {"type": "static_select", "action_id": "a", "options": [option(value, value) for value in values]}
        )

    before = _view(select("x", "y"), b=option("x", "x")).values
    assert kept(as_slack_keeps([select("x", "z")]), before)["b"]["a"]["selected_option"]["value"] == "x"
    assert kept(as_slack_keeps([select("y", "z")]), before) == {}
