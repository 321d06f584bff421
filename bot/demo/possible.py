"""Could a person at a real page have done this?

Slack's own client lets one choose only what is offered, pick only dates that exist, and type no more than fits; so a
value that comes from the page is looked at before the app is told of it. The bounds are those of the pages under
docs.slack.dev/reference/block-kit/block-elements: `max_selected_items`, `max_length` and the 3,000 characters of a
plain-text input without one, `filter` (its `include`), `visible_to_user_ids`, `max_files`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from blocks.limits_elements import FILES, TEXT_INPUT
from blocks.limits_rich_text import RICH_TEXT_ONLY
from blocks.limits_shapes import Check, Report, anything, integer
from blocks.limits_values import real_date, real_time
from bot.demo.elements import EXTERNAL, OFFERING, SEVERAL, Placed, value_key
from bot.demo.errors import Refusal
from bot.demo.state import Conversation, State

Object = dict[str, Any]

_CHECKS: Mapping[str, Check] = {
    "datepicker": real_date,
    "timepicker": real_time,
    "datetimepicker": integer(0, 2**53),
    "rich_text_input": RICH_TEXT_ONLY,
    "file_input": anything,
}
_KINDS = {"channels": "public", "groups": "private", "im": "im", "mpim": "mpim"}


def impossible(
    placed: Placed, held: Mapping[str, Any], state: State, user_id: str, suggested: Collection[str] = ()
) -> str | None:
    """Why this person cannot have put this value there; None if they can.

    `held` is the element's entry of the state, `suggested` the values that the app offered for it so far.
    """
    if held.get("type", placed.type) != placed.type:
        return f"it is a {placed.type}"
    visible = placed.element.get("visible_to_user_ids")
    if visible and user_id not in visible:
        return "it is not shown to this person"
    value = held.get("selected_option" if placed.type == "overflow" else value_key(placed.type) or "value")
    if placed.type == "feedback_buttons":
        return None if value in _opinions(placed) else "it is not offered"
    if value in (None, "", []):
        return None
    if placed.type in SEVERAL:
        return _several(placed, value, state, user_id, suggested)
    return _one(placed, value, state, user_id, suggested)


def _opinions(placed: Placed) -> list[object]:
    return [placed.element[key]["value"] for key in ("positive_button", "negative_button")]


def _several(placed: Placed, value: object, state: State, user_id: str, suggested: Collection[str]) -> str | None:
    if not isinstance(value, list):
        return "it is not a list"
    most = placed.element.get("max_files", FILES) if placed.type == "file_input" else None
    most = placed.element.get("max_selected_items", most)
    if most is not None and len(value) > most:
        return f"it takes at most {most} choices"
    return next(filter(None, (_one(placed, one, state, user_id, suggested) for one in value)), None)


def _one(placed: Placed, value: Any, state: State, user_id: str, suggested: Collection[str]) -> str | None:  # noqa: ANN401 - any JSON
    kind = placed.type
    if kind in OFFERING or kind in EXTERNAL:
        return _offered(placed, value, suggested)
    if kind in _CHECKS:
        report = Report()
        _CHECKS[kind](report, "", value)
        return report.problems[0][1] if report.problems else None
    if kind.endswith("users_select"):
        return None if value == state.app.bot_user_id or state.definition.user(value) else "there is no such person"
    if kind.endswith(("channels_select", "conversations_select")):
        return _conversation(placed, value, state, user_id)
    return _typed(placed, value)


def _offered(placed: Placed, option: object, suggested: Collection[str]) -> str | None:
    value = option.get("value") if isinstance(option, Mapping) else None
    offered = {str(one["value"]) for one in placed.options()}
    if placed.type in EXTERNAL:
        first = [placed.element.get("initial_option"), *placed.element.get("initial_options", ())]
        offered = {*suggested, *(str(one["value"]) for one in first if one)}
    return None if value in offered else "it is not offered"


def _typed(placed: Placed, value: object) -> str | None:
    if not isinstance(value, str):
        return "it is not a text"
    if placed.type != "plain_text_input":
        return None
    most = placed.element.get("max_length", TEXT_INPUT)
    if len(value) > most:
        return f"it takes at most {most} characters"
    if "\n" in value and not placed.element.get("multiline"):
        return "it has one line"
    return None


def _conversation(placed: Placed, value: object, state: State, user_id: str) -> str | None:
    try:
        conversation = state.conversation(str(value))
    except Refusal:
        return "there is no such conversation"
    included = placed.element.get("filter", {}).get("include")
    if "channels_select" in placed.type:
        included = ["public"]
    if not _known_to(conversation, user_id) or (included and _KINDS[conversation.kind] not in included):
        return "it is not offered"
    return None


def _known_to(conversation: Conversation, user_id: str) -> bool:
    return conversation.kind == "channels" or user_id in conversation.members
