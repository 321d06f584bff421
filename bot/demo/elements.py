"""What does an element hold, before and after a person touched it?

From docs.slack.dev, "Block elements" and "View payloads" (`state.values`), and SLACK.md: every stateful element is
present in the state; an empty select is `{"selected_option": null}`, an empty text input `{"value": null}`. Which
elements a block holds, and which blocks stand inside others, is told by `blocks.limits_blocks`.
"""

from __future__ import annotations

import copy
import dataclasses
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from blocks.limits_blocks import held as held_by
from blocks.limits_blocks import nested

Object = dict[str, Any]

_SHAPES: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
OFFERING = frozenset({"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"})
EXTERNAL = frozenset({"external_select", "multi_external_select"})
SEVERAL = frozenset(kind for kind, (key, _) in _SHAPES.items() if key.endswith("s"))
DEFAULT_MIN_QUERY_LENGTH = 3
_WITHOUT_ID = frozenset({"image"})


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """An element and the block it stands in."""

    block: Object
    element: Object

    @property
    def block_id(self) -> str:
        """The block's id."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's id."""
        return str(self.element["action_id"])

    @property
    def type(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        """Does it stand in an input block?"""
        return bool(self.block["type"] == "input")

    @property
    def label(self) -> str:
        """The input block's label, or a button's text."""
        return str((self.block.get("label") or self.element.get("text") or {}).get("text", ""))

    @property
    def dispatches(self) -> bool:
        """Does a change send `block_actions`?"""
        return not self.is_input or self.block.get("dispatch_action") is True

    def dispatches_on(self, trigger: str) -> bool:
        """Does a text input send `block_actions` at `on_enter_pressed` or `on_character_entered`?"""
        config = self.element.get("dispatch_action_config") or {}
        return self.dispatches and trigger in config.get("trigger_actions_on", ["on_enter_pressed"])

    def options(self) -> list[Object]:
        """What a static menu offers, groups taken together."""
        groups = [group.get("options", []) for group in self.element.get("option_groups", [])]
        return [*self.element.get("options", []), *(option for group in groups for option in group)]


def placed_elements(blocks: Sequence[Object]) -> Iterator[Placed]:
    """Every interactive element of the blocks, from top to bottom."""
    for block in blocks:
        for element in held_by(block):
            if element.get("type") not in _WITHOUT_ID:
                yield Placed(block, dict(element))
        yield from placed_elements([dict(inner) for inner in nested(block)])


def value_key(kind: str) -> str | None:
    """Under which key the state keeps the value of an element of this type; None if it has none."""
    shape = _SHAPES.get(kind)
    return shape[0] if shape else None


def entry(element: Mapping[str, Any], value: object) -> Object:
    """The element's entry in `state.values` with this value."""
    kind = str(element["type"])
    key = _SHAPES[kind][0]
    return {"type": kind, key: copy.deepcopy(value)}


def empty_value(kind: str) -> object:
    """What an untouched element of this type holds."""
    return [] if kind in SEVERAL else None


def is_empty(held: Mapping[str, Any]) -> bool:
    """Does this entry of the state hold nothing?"""
    return held.get(_SHAPES[held["type"]][0]) in (None, "", [])


def initial_values(blocks: Sequence[Object], here: str | None = None) -> dict[str, dict[str, Object]]:
    """`state.values` of blocks that nobody has touched; `here` is the conversation that the person looked at.

    With `default_to_current_conversation` that one is chosen at first. An initial conversation takes precedence over
    it, several initial ones do not (the pages of the select menu and of the multi-select menu).
    """
    values: dict[str, dict[str, Object]] = {}
    for placed in placed_elements(blocks):
        if placed.type in _SHAPES:
            first = placed.element.get(_SHAPES[placed.type][1])
            if here and placed.element.get("default_to_current_conversation") is True:
                first = [here] if placed.type in SEVERAL else first or here
            held = entry(placed.element, empty_value(placed.type) if first is None else first)
            values.setdefault(placed.block_id, {})[placed.action_id] = held
    return values


def merged(
    values: Mapping[str, Mapping[str, Object]], typed: Mapping[str, Mapping[str, Object]]
) -> dict[str, dict[str, Object]]:
    """The values with what was typed over them; what belongs to no element of the same type is dropped."""
    return {
        block_id: {
            action_id: _over(held, typed.get(block_id, {}).get(action_id)) for action_id, held in held_by_action.items()
        }
        for block_id, held_by_action in values.items()
    }


def _over(held: Object, typed: object) -> Object:
    key = _SHAPES[held["type"]][0]
    if not isinstance(typed, Mapping) or key not in typed or typed.get("type", held["type"]) != held["type"]:
        return held
    value = typed[key]
    if value in ("", None):
        value = empty_value(held["type"])
    return {"type": held["type"], key: copy.deepcopy(value)}


def kept(blocks: Sequence[Object], before: Mapping[str, Mapping[str, Object]]) -> dict[str, dict[str, Object]]:
    """What stays in the form when its blocks are replaced: all whose block_id and action_id did not change.

    A static choice that is no longer offered does not stay.
    """
    staying: dict[str, dict[str, Object]] = {}
    for placed in placed_elements(blocks):
        held = before.get(placed.block_id, {}).get(placed.action_id)
        if held is None or held["type"] != placed.type:
            continue
        if placed.type in OFFERING:
            offered = {option["value"] for option in placed.options()}
            chosen = held[_SHAPES[placed.type][0]]
            wanted = {
                option["value"] for option in (chosen if isinstance(chosen, list) else [chosen] if chosen else [])
            }
            if not wanted <= offered:
                continue
        staying.setdefault(placed.block_id, {})[placed.action_id] = dict(held)
    return staying


def as_slack_keeps(blocks: Sequence[Mapping[str, Any]]) -> list[Object]:
    """The blocks as Slack gives them back: ids where the app gave none, and the defaults of texts and inputs.

    A markdown block does not keep the id that it was given (its page).
    """
    finished = [_with_defaults(block) for block in blocks]
    for block in finished:
        _identify(block)
    return finished


def _identify(block: Object) -> None:
    if block["type"] == "markdown":
        block.pop("block_id", None)
    block.setdefault("block_id", secrets.token_urlsafe(4))
    if block["type"] == "input":
        block.setdefault("optional", False)
        block.setdefault("dispatch_action", False)
    for element in held_by(block):
        if isinstance(element, dict) and element.get("type") not in _WITHOUT_ID:
            element.setdefault("action_id", secrets.token_urlsafe(4))
    for inner in nested(block):
        if isinstance(inner, dict):
            _identify(inner)


def _with_defaults(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        copied = {key: _with_defaults(inner) for key, inner in value.items()}
        if copied.get("type") == "plain_text":
            copied.setdefault("emoji", True)
        elif copied.get("type") == "mrkdwn":
            copied.setdefault("verbatim", False)
        return copied
    if isinstance(value, list | tuple):
        return [_with_defaults(inner) for inner in value]
    return value
