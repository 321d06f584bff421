"""What does Slack demand of the elements inside a block: buttons, choices and inputs?

Limits as documented under docs.slack.dev/reference/block-kit/block-elements and …/composition-objects. `ELEMENTS`
holds every element this product may use; `PLACES` and `SURFACES` say where each may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation

from blocks.limits_shapes import (
    Check,
    Object,
    Report,
    Shape,
    array,
    child,
    flag,
    integer,
    members,
    one_of,
    string,
    text,
)

ACTION_ID = 255
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
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
_LATEST_MOMENT = 9_999_999_999  # datetimepicker: ten digits of seconds
_LARGE = 2**31 - 1

CONFIRM = Shape(
    required={
        "title": text(CONFIRM_TITLE),
        "text": text(CONFIRM_TEXT),
        "confirm": text(CONFIRM_BUTTON),
        "deny": text(CONFIRM_BUTTON),
    },
    optional={"style": one_of("primary", "danger")},
)
DISPATCH_ACTION_CONFIG = Shape(
    required={"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
_ANY_TEXT = ("plain_text", "mrkdwn")


def _option(*kinds: str, url: bool = False) -> Shape:
    return Shape(
        required={"text": text(OPTION_TEXT, *kinds), "value": string(OPTION_VALUE)},
        optional={"description": text(OPTION_DESCRIPTION, *kinds), **({"url": string(URL)} if url else {})},
    )


SELECT_OPTION = _option()
SELECT_OPTION_GROUP = Shape(
    required={"label": text(OPTION_GROUP_LABEL), "options": array(SELECT_OPTION.check, SELECT_OPTIONS)}
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


def _real_date(report: Report, pointer: str, value: object) -> None:
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            date.fromisoformat(value)
            return
    except ValueError:
        pass
    report.add(pointer, "must be a date that exists, as YYYY-MM-DD")


def _real_time(report: Report, pointer: str, value: object) -> None:
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", value):
            time.fromisoformat(value)
            return
    except ValueError:
        pass
    report.add(pointer, "must be a time that exists, as HH:mm")


def _number(value: object) -> Decimal | None:
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:  # thousands of digits
        return None


def _numeral(report: Report, pointer: str, value: object) -> None:
    if _number(value) is None:
        report.add(pointer, "must be a number, written as a string")


def _number_is_possible(report: Report, pointer: str, value: Object) -> None:
    least, most, initial = (_number(value.get(key)) for key in ("min_value", "max_value", "initial_value"))
    if value.get("is_decimal_allowed") is False:
        for key in ("min_value", "max_value", "initial_value"):
            if "." in str(value.get(key, "")):
                report.add(child(pointer, key), "has decimals, which are not allowed")
    if least is not None and most is not None and least > most:
        report.add(child(pointer, "min_value"), "is larger than max_value")
    if initial is not None and least is not None and initial < least:
        report.add(child(pointer, "initial_value"), "is less than min_value")
    if initial is not None and most is not None and initial > most:
        report.add(child(pointer, "initial_value"), "is more than max_value")


def _text_is_possible(report: Report, pointer: str, value: Object) -> None:
    least, most, initial = (value.get(key) for key in ("min_length", "max_length", "initial_value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add(child(pointer, "min_length"), "is larger than max_length")
    if isinstance(initial, str) and isinstance(most, int):
        string(most, least=0)(report, child(pointer, "initial_value"), initial)


def _one_picture(report: Report, pointer: str, value: Object) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        report.add(pointer, "must have either image_url or slack_file")


def _object(report: Report, pointer: str, value: object) -> None:
    if not isinstance(value, Mapping):
        report.add(pointer, "must be an object")


_ID: dict[str, Check] = {"action_id": string(ACTION_ID)}
_CONFIRM: dict[str, Check] = {"confirm": CONFIRM.check}
_FOCUS: dict[str, Check] = {"focus_on_load": flag}
_PLACEHOLDER: dict[str, Check] = {"placeholder": text(PLACEHOLDER)}
_TYPED: dict[str, Check] = {
    **_ID,
    **_FOCUS,
    **_PLACEHOLDER,
    "initial_value": string(TEXT_INPUT, least=0),
    "dispatch_action_config": DISPATCH_ACTION_CONFIG.check,
}
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

IMAGE_KEYS: dict[str, Check] = {"image_url": string(URL), "slack_file": _object}
IMAGE = Shape(required={"alt_text": string(IMAGE_ALT_TEXT)}, optional=IMAGE_KEYS, rules=(_one_picture,))

ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        required={"text": text(BUTTON_TEXT)},
        optional={
            **_ID,
            **_CONFIRM,
            "url": string(URL),
            "value": string(BUTTON_VALUE),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(ACCESSIBILITY_LABEL),
        },
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
    "datepicker": Shape(optional={**_PICKED, "initial_date": _real_date}),
    "timepicker": Shape(optional={**_PICKED, "initial_time": _real_time, "timezone": string(255)}),
    "datetimepicker": Shape(optional={**_CHOSEN, "initial_date_time": integer(1_000_000_000, _LATEST_MOMENT)}),
    "plain_text_input": Shape(
        optional={
            **_TYPED,
            "multiline": flag,
            "min_length": integer(0, TEXT_INPUT),
            "max_length": integer(1, TEXT_INPUT),
        },
        rules=(_text_is_possible,),
    ),
    "email_text_input": Shape(optional=_TYPED),
    "url_text_input": Shape(optional=_TYPED),
    "number_input": Shape(
        required={"is_decimal_allowed": flag},
        optional={**_TYPED, "initial_value": _numeral, "min_value": _numeral, "max_value": _numeral},
        rules=(_number_is_possible,),
    ),
    "file_input": Shape(optional={**_ID, "filetypes": array(string(255), 100), "max_files": integer(1, FILES)}),
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
            "filter": _object,
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
            "filter": _object,
        },
        rules=(_not_too_many_chosen,),
    ),
    "multi_channels_select": Shape(
        optional={**_MANY, "initial_channels": array(_SLACK_ID, _LARGE)}, rules=(_not_too_many_chosen,)
    ),
    "image": IMAGE,
}

_PRESSED = frozenset({"button", "overflow"})
_TYPED_ONLY = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"})
PLACES: Mapping[str, frozenset[str]] = {
    "section": frozenset(ELEMENTS) - _TYPED_ONLY - {"datetimepicker"},
    "actions": frozenset(ELEMENTS) - _TYPED_ONLY - {"image"},
    "input": frozenset(ELEMENTS) - _PRESSED - {"image"},
}
_EVERYWHERE = frozenset({"modal", "home", "message"})
SURFACES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(ELEMENTS, _EVERYWHERE),
    "datetimepicker": frozenset({"modal", "message"}),
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
