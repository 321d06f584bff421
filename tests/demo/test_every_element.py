"""Does an unrelated app get what was done in every kind of element, over a socket and over HTTP?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.demo import elements
from bot.demo.person import Person
from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    ANNA,
    BO,
    GENERAL,
    actions,
    bolt_app,
    both_ways,
    button,
    client_of,
    connected,
    form,
    input_block,
    option,
)

NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE, TWO = option("One", "1"), option("Two", "2")

TYPED: Final[dict[str, tuple[dict[str, Any], object, object]]] = {
    "plain_text_input": ({}, "Bella & Åke", "Bella & Åke"),
    "email_text_input": ({}, "anna@post.example", "anna@post.example"),
    "url_text_input": ({}, "https://post.example/?a=1&b=2", "https://post.example/?a=1&b=2"),
    "number_input": ({"is_decimal_allowed": True}, "-1.5", "-1.5"),
    "datepicker": ({}, "2026-02-28", "2026-02-28"),
    "timepicker": ({}, "07:05", "07:05"),
    "datetimepicker": ({}, NOON, int(NOON.timestamp())),
}
"""By type: what else the element has, what is typed, and what the app is told."""

CHOSEN: Final[dict[str, tuple[dict[str, Any], list[str], object]]] = {
    "static_select": ({"options": [ONE, TWO]}, ["Two"], "2"),
    "external_select": ({"min_query_length": 0}, ["Two"], "2"),
    "radio_buttons": ({"options": [ONE, TWO]}, ["One"], "1"),
    "users_select": ({}, ["Bo Svensk"], BO.id),
    "conversations_select": ({}, ["general"], GENERAL.id),
    "channels_select": ({}, ["general"], GENERAL.id),
    "checkboxes": ({"options": [ONE, TWO]}, ["One", "Two"], ["1", "2"]),
    "multi_static_select": ({"options": [ONE, TWO]}, ["Two", "One"], ["2", "1"]),
    "multi_external_select": ({"min_query_length": 0}, ["One"], ["1"]),
    "multi_users_select": ({}, ["Anna Admin", "Bo Svensk"], [ANNA.id, BO.id]),
    "multi_conversations_select": ({}, ["general"], [GENERAL.id]),
    "multi_channels_select": ({}, ["general"], [GENERAL.id]),
}
"""By type: what else the element has, which labels are chosen, and what the app is told."""

UNTOUCHED: Final[dict[str, object]] = {"file_input": []}
"""By type: what the app is told of an input that was left alone."""

REFUSED: Final = {"rich_text_input"}
"""What the workspace does not let an app show."""


def told(held: dict[str, Any]) -> object:
    """The value in the state, options by their values."""
    (value,) = [value for key, value in held.items() if key != "type"]
    if isinstance(value, dict):
        return value["value"]
    return [one["value"] if isinstance(one, dict) else one for one in value] if isinstance(value, list) else value


def fill_in(person: Person, prefix: str, *, on: Any = None) -> None:
    for kind, (_, typed, _) in TYPED.items():
        if on is None or kind.endswith("picker"):
            person.fill(prefix + kind, typed, on=on)
    for kind, (_, labels, _) in CHOSEN.items():
        person.choose(prefix + kind, *labels, query="x" if "external" in kind else None, on=on)


def test_no_element_that_holds_something_is_left_out() -> None:
    assert {*TYPED, *CHOSEN, *UNTOUCHED, *REFUSED} == set(elements._SHAPES)


@both_ways
def test_a_form_of_every_input_is_filled_in_and_arrives_whole(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    taken: list[dict[str, dict[str, dict[str, Any]]]] = []
    more = {kind: fields for kind, (fields, *_) in [*TYPED.items(), *CHOSEN.items()]}
    inputs = [
        input_block(kind, {"type": kind, "action_id": f"in-{kind}", **more.get(kind, {})}, optional=kind in UNTOUCHED)
        for kind in (*TYPED, *CHOSEN, *UNTOUCHED)
    ]

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(*inputs))
        ack()

    @app.view("form")
    def take(ack: Ack, view: dict[str, Any]) -> None:
        taken.append(view["state"]["values"])
        ack()

    for kind in ("in-external_select", "in-multi_external_select"):
        app.options(kind)(lambda ack: ack(options=[ONE, TWO]))

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        fill_in(anna, "in-")
        assert anna.submit().ok
    wanted = {kind: value for kind, (*_, value) in [*TYPED.items(), *CHOSEN.items()]}
    held = {kind: told(taken[0][kind][f"in-{kind}"]) for kind in taken[0]}
    assert held == {**wanted, **UNTOUCHED}


@both_ways
def test_everything_that_can_stand_on_a_message_tells_the_app_at_once(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    acted: list[dict[str, Any]] = []
    standing = [kind for kind in (*TYPED, *CHOSEN) if kind in CHOSEN or kind.endswith("picker")]
    more = {kind: fields for kind, (fields, *_) in [*TYPED.items(), *CHOSEN.items()]}
    placed = [{"type": kind, "action_id": f"on-{kind}", **more[kind]} for kind in standing]
    pressed = [button("on-button", value="7"), {"type": "overflow", "action_id": "on-overflow", "options": [ONE, TWO]}]

    def note(ack: Ack, action: dict[str, Any]) -> None:
        ack()
        acted.append(action)

    for element in [*placed, *pressed]:
        app.action(element["action_id"])(note)
    for kind in ("on-external_select", "on-multi_external_select"):
        app.options(kind)(lambda ack: ack(options=[ONE, TWO]))

    with connected(app, workspace):
        anna = workspace.person("anna")
        client_of(workspace).chat_postMessage(
            channel=GENERAL.id, text="x", blocks=json.dumps([actions("row", *placed, *pressed)])
        )
        card = anna.messages("general")[0]
        fill_in(anna, "on-", on=card)
        anna.press(card, "on-button")
        anna.press(card, "on-overflow", option="Two")
        anna.wait_for(lambda: len(acted) == len(placed) + len(pressed))
    kinds = [action["type"] for action in acted]
    assert sorted(kinds) == sorted([*standing, "button", "overflow"])
    assert next(action for action in acted if action["type"] == "button")["value"] == "7"
    assert next(action for action in acted if action["type"] == "overflow")["selected_option"]["value"] == "2"
    wanted = {kind: value for kind, (*_, value) in [*TYPED.items(), *CHOSEN.items()] if kind in standing}
    said = ("selected_", "value")
    held = {
        action["type"]: told({key: value for key, value in action.items() if key.startswith(said)})
        for action in acted
        if action["type"] in wanted
    }
    assert held == wanted
