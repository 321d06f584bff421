"""Does an unrelated app get what was done in every kind of element, over a socket and over HTTP?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from blocks import limits_blocks, limits_elements
from bot.demo import elements
from bot.demo.person import Person
from bot.demo.server import LocalWorkspace
from bot.demo.timings import Timings
from tests.demo.sample_app import (
    ANNA,
    BO,
    DEFINITION,
    GENERAL,
    MANIFEST,
    actions,
    bolt_app,
    both_ways,
    client_of,
    connected,
    form,
    input_block,
    option,
    plain,
    section,
)

WORDS: Final = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Bella & Åke"}]}],
}
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
    "rich_text_input": ({}, "Bella & Åke", WORDS),
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

PRESSED: Final[dict[str, tuple[dict[str, Any], str | None, object]]] = {
    "button": ({"text": plain("Press"), "value": "7"}, None, "7"),
    "overflow": ({"options": [ONE, TWO]}, "Two", "2"),
    "icon_button": ({"icon": "trash", "text": plain("Delete"), "value": "8"}, None, "8"),
    "feedback_buttons": (
        {
            "positive_button": {"text": plain("Good"), "value": "+"},
            "negative_button": {"text": plain("Bad"), "value": "-"},
        },
        "Bad",
        "-",
    ),
}
"""By type: what else the element has, which of its texts is pressed, and what the app is told."""

SILENT: Final[dict[str, dict[str, Any]]] = {
    "workflow_button": {"text": plain("Start"), "workflow": {"trigger": {"url": "https://slack.example/shortcuts/1"}}},
    "image": {"image_url": "https://slack.example/cat.png", "alt_text": "A cat"},
}
"""What tells the app nothing."""


def told(held: dict[str, Any]) -> object:
    """The value in the state, options by their values."""
    (value,) = [value for key, value in held.items() if key != "type"]
    if isinstance(value, dict):
        return value.get("value", value)
    return [one["value"] if isinstance(one, dict) else one for one in value] if isinstance(value, list) else value


def fill_in(person: Person, prefix: str, *, on: Any = None) -> None:
    for kind, (_, typed, _) in TYPED.items():
        if on is None or stands_on_a_message(kind):
            person.fill(prefix + kind, typed, on=on, enter=True)
    for kind, (_, labels, _) in CHOSEN.items():
        person.choose(prefix + kind, *labels, query="x" if "external" in kind else None, on=on)


def stands_on_a_message(kind: str) -> bool:
    return kind in CHOSEN or kind.endswith("picker")


def test_no_element_is_left_out() -> None:
    assert {*TYPED, *CHOSEN, *UNTOUCHED} == set(elements._SHAPES)
    assert {*TYPED, *CHOSEN, *UNTOUCHED, *PRESSED, *SILENT} == set(limits_elements.ELEMENTS)


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
    standing = [kind for kind in (*TYPED, *CHOSEN) if stands_on_a_message(kind)]
    more = {kind: fields for kind, (fields, *_) in [*TYPED.items(), *CHOSEN.items(), *PRESSED.items()]}
    placed = [{"type": kind, "action_id": f"on-{kind}", **more[kind]} for kind in standing]
    pressed = [{"type": kind, "action_id": f"on-{kind}", **more[kind]} for kind in PRESSED]
    in_a_row = [element for element in [*placed, *pressed] if element["type"] in limits_elements.PLACES["actions"]]
    below = [element for element in pressed if element["type"] in limits_elements.PLACES["context_actions"]]
    beside = [element for element in placed if element not in in_a_row]
    silent = [{"type": kind, "action_id": f"on-{kind}", **fields} for kind, fields in SILENT.items() if kind != "image"]
    blocks = [
        actions("row", *in_a_row, *silent),
        *({**section(element["type"]), "accessory": element} for element in beside),
        {**section("A picture"), "accessory": {"type": "image", **SILENT["image"]}},
        {"type": "context_actions", "elements": below},
    ]

    def note(ack: Ack, action: dict[str, Any]) -> None:
        ack()
        acted.append(action)

    for element in [*placed, *pressed]:
        app.action(element["action_id"])(note)
    for kind in ("on-external_select", "on-multi_external_select"):
        app.options(kind)(lambda ack: ack(options=[ONE, TWO]))

    with connected(app, workspace):
        anna = workspace.person("anna")
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="x", blocks=json.dumps(blocks))
        card = anna.messages("general")[0]
        fill_in(anna, "on-", on=card)
        for element in silent:
            anna.press(card, str(element["action_id"]))
        for kind, (_, label, _) in PRESSED.items():
            anna.press(card, f"on-{kind}", option=label)
        anna.wait_for(lambda: len(acted) == len(placed) + len(pressed))
    kinds = [action["type"] for action in acted]
    assert sorted(kinds) == sorted([*standing, *PRESSED])
    wanted = {kind: value for kind, (*_, value) in [*TYPED.items(), *CHOSEN.items()] if kind in standing}
    wanted |= {kind: value for kind, (*_, value) in PRESSED.items()}
    said = ("selected_", "value")
    held = {
        action["type"]: told({key: value for key, value in action.items() if key.startswith(said)})
        for action in acted
        if action["type"] in wanted
    }
    assert held == wanted


PICTURE: Final = {"type": "image", **SILENT["image"]}
CARD: Final = {"type": "card", "title": plain("Card"), "hero_image": PICTURE}
SHOWN: Final[dict[str, dict[str, Any]]] = {
    "section": section("Section"),
    "header": {"text": plain("Header")},
    "divider": {},
    "image": SILENT["image"],
    "context": {"elements": [plain("Context"), PICTURE]},
    "actions": actions("row", {"type": "button", "text": plain("Button")}),
    "input": input_block("in", {"type": "plain_text_input"}),
    "rich_text": WORDS,
    "video": {
        "title": plain("Video"),
        "alt_text": "A video",
        "video_url": "https://slack.example/v",
        "thumbnail_url": "https://slack.example/v.png",
    },
    "auth_provider": {"value": "v", "name": plain("Provider"), "is_connected": False},
    "card": CARD,
    "markdown": {"text": "**Markdown**"},
    "file": {"external_id": "f", "source": "remote"},
    "context_actions": {"elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}]},
    "table": {"rows": [[{"type": "raw_text", "text": "Cell"}]]},
    "data_table": {"caption": "Data", "rows": [[{"type": "raw_text", "text": "Head"}]] * 2},
    "data_visualization": {"title": "Chart", "chart": {"type": "pie", "segments": [{"label": "A", "value": 1}]}},
    "carousel": {"elements": [CARD, {**CARD, "actions": [{"type": "button", "text": plain("On a card")}]}]},
    "container": {"title": plain("Container"), "child_blocks": [actions("in", {"type": "overflow", "options": [ONE]})]},
    "task_card": {"task_id": "1", "title": "Task", "status": "complete"},
    "plan": {"title": "Plan", "tasks": [{"type": "task_card", "task_id": "1", "title": "Task"}]},
    "alert": {"text": plain("Alert"), "level": "info"},
}
"""By type: what else the block has."""


def test_no_block_is_left_out() -> None:
    assert set(SHOWN) == {kind for kinds in limits_blocks._BLOCKS.values() for kind in kinds}


@pytest.fixture
def unhurried() -> Iterator[LocalWorkspace]:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=Timings(rate_minute=0)) as running:
        yield running


def test_every_block_is_shown_where_it_may_stand_and_keeps_what_it_holds(unhurried: LocalWorkspace) -> None:
    client, anna = client_of(unhurried), unhurried.person("anna")
    for kind, more in SHOWN.items():
        block = {"type": kind, **more, "block_id": f"the-{kind}"}
        surfaces = {surface for surface, kinds in limits_blocks._BLOCKS.items() if kind in kinds}
        assert surfaces
        if "message" in surfaces:
            client.chat_postMessage(channel=GENERAL.id, text=kind, blocks=[block])
            shown = anna.messages("general")[-1]
            assert shown.blocks
            assert shown.blocks[0]["type"] == kind
            assert all(placed.action_id and placed.block_id for placed in shown.elements())
            assert (shown.blocks[0]["block_id"] == block["block_id"]) == (kind != "markdown")
        if "home" in surfaces:
            client.views_publish(user_id=ANNA.id, view={"type": "home", "blocks": [block]})
            assert anna.home
            assert anna.home.blocks[0]["type"] == kind
