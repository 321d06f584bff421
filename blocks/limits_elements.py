"""What does Slack demand of the elements inside a block: buttons, choices and inputs?

Limits as documented under docs.slack.dev/reference/block-kit/block-elements and …/composition-objects; `confirm` on a
workflow button and `agent_prompt` and `visible_to_user_ids` on a button are from slack_sdk, and how many people may
see one, as the length of a prompt and of an icon button's text, from the register of slackblocks 3.0. `ELEMENTS`
holds every element there is; `PLACES` and `SURFACES` say where each may stand, as the table of elements, blocks and
surfaces on the page of block elements has it. That table has rich text input in input blocks (and in tables, where
the page of the table has no cell for it); the page of the actions block names it too, and so it may stand there.
Multi-selects are named by the table and by the page of the actions block, but Slack is reported to refuse them there
(slackapi/python-slack-sdk#1631, java-slack-sdk#680, node-slack-sdk#1299), and so does this. Whether Slack refuses an
initial e-mail address or URL that is none, or the id of nobody, is documented nowhere, and not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blocks.limits_icons import BUTTON_ICON
from blocks.limits_rich_text import RICH_TEXT_ONLY
from blocks.limits_shapes import (
    Check,
    Object,
    Report,
    Shape,
    address,
    anything,
    array,
    child,
    flag,
    integer,
    members,
    one_of,
    string,
    text,
)
from blocks.limits_values import number_is_possible, numeral, real_date, real_time, text_is_possible, zone

ACTION_ID = 255
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
AGENT_PROMPT = 4000
URL = 3000
ACCESSIBILITY_LABEL = 75
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
OPTION_GROUP_LABEL = 75
SELECT_OPTIONS = 100
OPTION_GROUPS = 100
FEW_OPTIONS = 10  # radio buttons and checkboxes
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150
TEXT_INPUT = 3000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
IMAGE_ALT_TEXT = 2000
FILES = 10
LINES = 100  # of a rich text input
VISIBLE_TO = 10  # people who see a button or icon button
_LATEST_MOMENT = 9_999_999_999  # datetimepicker: ten digits of seconds
_LARGE = 2**31 - 1

_ANY_TEXT = ("plain_text", "mrkdwn")
# The page says plain_text and its example has mrkdwn, as has slack_sdk's ConfirmObject where the kind is left out.
CONFIRM = Shape(
    required={
        "title": text(CONFIRM_TITLE),
        "text": text(CONFIRM_TEXT, *_ANY_TEXT),
        "confirm": text(CONFIRM_BUTTON),
        "deny": text(CONFIRM_BUTTON),
    },
    optional={"style": one_of("primary", "danger")},
    has_type=False,
)
DISPATCH_ACTION_CONFIG = Shape(
    optional={"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)},
    has_type=False,
)


def _option(*kinds: str, url: bool = False) -> Shape:
    return Shape(
        required={"text": text(OPTION_TEXT, *kinds), "value": string(OPTION_VALUE)},
        optional={"description": text(OPTION_DESCRIPTION, *kinds), **({"url": address(URL)} if url else {})},
        has_type=False,
    )


SELECT_OPTION = _option()
SELECT_OPTION_GROUP = Shape(
    required={"label": text(OPTION_GROUP_LABEL), "options": array(SELECT_OPTION.check, SELECT_OPTIONS)},
    has_type=False,
)


def _offered(value: Object, pointer: str) -> Iterator[tuple[str, Object]]:
    for index, option in members(value.get("options")):
        yield child(child(pointer, "options"), index), option
    for index, group in members(value.get("option_groups")):
        yield from _offered(group, child(child(pointer, "option_groups"), index))


def different_values(report: Report, pointer: str, value: Object) -> None:
    """No two options may have the same value: nobody could tell which was chosen."""
    seen = set[str]()
    for place, option in _offered(value, pointer):
        inner = option.get("value")
        if isinstance(inner, str):
            if inner in seen:
                report.add(child(place, "value"), "is the value of another option too")
            seen.add(inner)


def either_options_or_groups(report: Report, pointer: str, value: Object) -> None:
    """A list of options, or a list of groups of them, and not both."""
    if ("options" in value) == ("option_groups" in value):
        report.add(pointer, "must have either options or option_groups")


def _initial_is_offered(report: Report, pointer: str, value: Object) -> None:
    offered = [option for _, option in _offered(value, pointer)]
    if "initial_option" in value and value["initial_option"] not in offered:
        report.add(child(pointer, "initial_option"), "is not one of the options")
    for index, option in members(value.get("initial_options")):
        if option not in offered:
            report.add(child(child(pointer, "initial_options"), index), "is not one of the options")


def _not_too_many_chosen(report: Report, pointer: str, value: Object) -> None:
    most = value.get("max_selected_items")
    for key in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        chosen = value.get(key)
        if isinstance(most, int) and isinstance(chosen, list) and len(chosen) > most:
            report.add(child(pointer, key), f"has {len(chosen)} items, max_selected_items is {most}")


def _one_picture(report: Report, pointer: str, value: Object) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        report.add(pointer, "must have either image_url or slack_file")


def _either_id_or_url(report: Report, pointer: str, value: Object) -> None:
    if ("id" in value) == ("url" in value):
        report.add(pointer, "must have either id or url")


def _filters_something(report: Report, pointer: str, value: Object) -> None:
    if not value:
        report.add(pointer, "must have at least one keyword")


SLACK_FILE = Shape(optional={"id": string(255), "url": address(URL)}, rules=(_either_id_or_url,), has_type=False)
_FILTER = Shape(
    optional={
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    rules=(_filters_something,),
    has_type=False,
)
_WORKFLOW = Shape(
    required={
        "trigger": Shape(
            required={"url": address(URL)},
            optional={
                "customizable_input_parameters": array(
                    Shape(required={"name": string(255), "value": anything}, has_type=False).check, _LARGE
                )
            },
            has_type=False,
        ).check
    },
    has_type=False,
)
_OPINION = Shape(
    required={"text": text(BUTTON_TEXT), "value": string(BUTTON_VALUE)},
    optional={"accessibility_label": string(ACCESSIBILITY_LABEL)},
    has_type=False,
)

_ID: dict[str, Check] = {"action_id": string(ACTION_ID)}
_CONFIRM: dict[str, Check] = {"confirm": CONFIRM.check}
_FOCUS: dict[str, Check] = {"focus_on_load": flag}
_PLACEHOLDER: dict[str, Check] = {"placeholder": text(PLACEHOLDER)}
_WRITTEN: dict[str, Check] = {
    **_FOCUS,
    **_PLACEHOLDER,
    "dispatch_action_config": DISPATCH_ACTION_CONFIG.check,
}
_TYPED: dict[str, Check] = {**_ID, **_WRITTEN, "initial_value": string(TEXT_INPUT, least=0)}
_CHOSEN: dict[str, Check] = {**_ID, **_CONFIRM, **_FOCUS}
_PICKED: dict[str, Check] = {**_CHOSEN, **_PLACEHOLDER}
_MANY: dict[str, Check] = {**_PICKED, "max_selected_items": integer(1, _LARGE)}
_LISTED: dict[str, Check] = {
    "options": array(SELECT_OPTION.check, SELECT_OPTIONS),
    "option_groups": array(SELECT_OPTION_GROUP.check, OPTION_GROUPS),
}
_LIST_RULES = (either_options_or_groups, different_values, _initial_is_offered)
_SLACK_ID = string(255)
_FEW = _option(*_ANY_TEXT)

IMAGE_KEYS: dict[str, Check] = {"image_url": address(URL, "https", "http"), "slack_file": SLACK_FILE.check}
IMAGE = Shape(required={"alt_text": string(IMAGE_ALT_TEXT)}, optional=IMAGE_KEYS, rules=(_one_picture,))

ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        required={"text": text(BUTTON_TEXT)},
        optional={
            **_ID,
            **_CONFIRM,
            "url": address(URL),
            "value": string(BUTTON_VALUE),
            "agent_prompt": string(AGENT_PROMPT),
            "agent_prompt_display": string(_LARGE),
            "visible_to_user_ids": array(_SLACK_ID, VISIBLE_TO),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(ACCESSIBILITY_LABEL),
        },
    ),
    "workflow_button": Shape(
        required={**_ID, "text": text(BUTTON_TEXT), "workflow": _WORKFLOW.check},
        optional={
            **_CONFIRM,
            "style": one_of("primary", "danger"),
            "accessibility_label": string(ACCESSIBILITY_LABEL),
        },
    ),
    "icon_button": Shape(
        required={"icon": BUTTON_ICON, "text": text(BUTTON_TEXT)},
        optional={
            **_ID,
            **_CONFIRM,
            "value": string(BUTTON_VALUE),
            "accessibility_label": string(ACCESSIBILITY_LABEL),
            "visible_to_user_ids": array(_SLACK_ID, VISIBLE_TO),
        },
    ),
    "feedback_buttons": Shape(
        required={"positive_button": _OPINION.check, "negative_button": _OPINION.check}, optional=_ID
    ),
    "checkboxes": Shape(
        required={"options": array(_FEW.check, FEW_OPTIONS)},
        optional={**_CHOSEN, "initial_options": array(_FEW.check, FEW_OPTIONS)},
        rules=(different_values, _initial_is_offered),
    ),
    "radio_buttons": Shape(
        required={"options": array(_FEW.check, FEW_OPTIONS)},
        optional={**_CHOSEN, "initial_option": _FEW.check},
        rules=(different_values, _initial_is_offered),
    ),
    "overflow": Shape(
        required={"options": array(_option(url=True).check, OVERFLOW_OPTIONS)},
        optional={**_ID, **_CONFIRM},
        rules=(different_values,),
    ),
    "datepicker": Shape(optional={**_PICKED, "initial_date": real_date}),
    "timepicker": Shape(optional={**_PICKED, "initial_time": real_time, "timezone": zone}),
    "datetimepicker": Shape(optional={**_CHOSEN, "initial_date_time": integer(1_000_000_000, _LATEST_MOMENT)}),
    "plain_text_input": Shape(
        optional={
            **_TYPED,
            "multiline": flag,
            "min_length": integer(0, TEXT_INPUT),
            "max_length": integer(1, TEXT_INPUT),
        },
        rules=(text_is_possible,),
    ),
    "rich_text_input": Shape(
        required=_ID,
        optional={
            **_WRITTEN,
            "initial_value": RICH_TEXT_ONLY,
            "min_lines": integer(1, LINES),
            "max_lines": integer(1, LINES),
        },
    ),
    "email_text_input": Shape(optional=_TYPED),
    "url_text_input": Shape(optional=_TYPED),
    "number_input": Shape(
        required={"is_decimal_allowed": flag},
        optional={**_TYPED, "initial_value": numeral, "min_value": numeral, "max_value": numeral},
        rules=(number_is_possible,),
    ),
    "file_input": Shape(optional={**_ID, "filetypes": array(string(255), _LARGE), "max_files": integer(1, FILES)}),
    "static_select": Shape(optional={**_PICKED, **_LISTED, "initial_option": SELECT_OPTION.check}, rules=_LIST_RULES),
    "external_select": Shape(
        optional={**_PICKED, "initial_option": SELECT_OPTION.check, "min_query_length": integer(0, _LARGE)}
    ),
    "users_select": Shape(optional={**_PICKED, "initial_user": _SLACK_ID}),
    "conversations_select": Shape(
        optional={
            **_PICKED,
            "initial_conversation": _SLACK_ID,
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": _FILTER.check,
        }
    ),
    "channels_select": Shape(optional={**_PICKED, "initial_channel": _SLACK_ID, "response_url_enabled": flag}),
    "multi_static_select": Shape(
        optional={**_MANY, **_LISTED, "initial_options": array(SELECT_OPTION.check, SELECT_OPTIONS)},
        rules=(*_LIST_RULES, _not_too_many_chosen),
    ),
    "multi_external_select": Shape(
        optional={
            **_MANY,
            "initial_options": array(SELECT_OPTION.check, SELECT_OPTIONS),
            "min_query_length": integer(0, _LARGE),
        },
        rules=(_not_too_many_chosen,),
    ),
    "multi_users_select": Shape(
        optional={**_MANY, "initial_users": array(_SLACK_ID, _LARGE)}, rules=(_not_too_many_chosen,)
    ),
    "multi_conversations_select": Shape(
        optional={
            **_MANY,
            "initial_conversations": array(_SLACK_ID, _LARGE),
            "default_to_current_conversation": flag,
            "filter": _FILTER.check,
        },
        rules=(_not_too_many_chosen,),
    ),
    "multi_channels_select": Shape(
        optional={**_MANY, "initial_channels": array(_SLACK_ID, _LARGE)}, rules=(_not_too_many_chosen,)
    ),
    "image": IMAGE,
}

_PRESSED = frozenset({"button", "workflow_button", "overflow"})
_BELOW = frozenset({"icon_button", "feedback_buttons"})
_TYPED_ONLY = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"})
_SEVERAL = frozenset(kind for kind in ELEMENTS if kind.startswith("multi_"))
PLACES: Mapping[str, frozenset[str]] = {
    "section": frozenset(ELEMENTS) - _BELOW - _TYPED_ONLY - {"datetimepicker", "rich_text_input"},
    "actions": frozenset(ELEMENTS) - _BELOW - _TYPED_ONLY - _SEVERAL - {"image"},
    "input": frozenset(ELEMENTS) - _BELOW - _PRESSED - {"image"},
    "context_actions": _BELOW,
    "card": frozenset({"button"}),
    "auth_provider": frozenset({"overflow"}),
}
_EVERYWHERE = frozenset({"modal", "home", "message"})
SURFACES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(ELEMENTS, _EVERYWHERE),
    "datetimepicker": frozenset({"modal", "message"}),
    "rich_text_input": frozenset({"modal", "home"}),
    **dict.fromkeys(("feedback_buttons", "icon_button", "workflow_button"), frozenset({"message"})),
    **dict.fromkeys(("email_text_input", "url_text_input", "number_input", "file_input"), frozenset({"modal"})),
}


def element(report: Report, pointer: str, value: object, *, place: str, surface: str) -> None:
    """Check one element standing in a block of type `place` on a `modal`, `home` or `message`."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in ELEMENTS:
        report.add(child(pointer, "type"), "is not an element type known here")
        return
    if kind not in PLACES[place]:
        report.add(child(pointer, "type"), f"{kind} may not stand in {place}")
    elif surface not in SURFACES[kind]:
        report.add(child(pointer, "type"), f"{kind} may not stand in a {surface}")
    ELEMENTS[kind].check(report, pointer, value)
    if isinstance(value, Mapping) and "response_url_enabled" in value and (place, surface) != ("input", "modal"):
        report.add(child(pointer, "response_url_enabled"), "works in an input block of a modal only")
