"""Would Slack take this view, message or options answer as it is, and if not, what is wrong and where?

`problems` looks at the finished dictionary, however it was built: slack_sdk.models lets through duplicate ids, an
initial option that is not offered, a date that does not exist, an input without a submit button, unknown keywords
and more. `clip` makes a text fit.

Two limits are not on Slack's pages but were met in practice: a message whose blocks hold more than about 12,000
characters of text is refused (`msg_blocks_too_long`; slackapi/bolt-js#2509), and a text that is only white space
is shown as nothing. Uniqueness of action_ids: Slack demands it within a block. Here a modal must have it
throughout for what holds a value, because values are read back from the whole form; buttons in rows, Home and messages
follow Slack.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial

from blocks.limits_elements import (
    IMAGE,
    IMAGE_KEYS,
    OPTION_GROUPS,
    SELECT_OPTION,
    SELECT_OPTION_GROUP,
    SELECT_OPTIONS,
    different_values,
    either_options_or_groups,
    element,
)
from blocks.limits_shapes import Check, Object, Report, Shape, array, child, flag, length, members, string, text

MODAL_BLOCKS = 100
HOME_BLOCKS = 100
MESSAGE_BLOCKS = 50
MESSAGE_BLOCKS_TEXT = 12_000
MESSAGE_TEXT = 40_000
VIEW_BYTES = 250_000
VIEW_TITLE = 24
VIEW_BUTTON = 24
PRIVATE_METADATA = 3000
CALLBACK_ID = 255
EXTERNAL_ID = 255
BLOCK_ID = 255
SECTION_TEXT = 3000
SECTION_FIELDS = 10
SECTION_FIELD = 2000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 3000
ACTIONS_ELEMENTS = 25
INPUT_LABEL = 2000
INPUT_HINT = 2000
IMAGE_TITLE = 2000
ELLIPSIS = "…"

_ANY_TEXT = ("plain_text", "mrkdwn")


def problems(payload: Object) -> list[tuple[str, str]]:
    """What Slack would refuse, as (JSON pointer, what is wrong); nothing for a good payload."""
    report = Report()
    if "options" in payload or "option_groups" in payload:
        _OPTIONS_ANSWER.check(report, "", payload)
    elif payload.get("type") in ("modal", "home"):
        _view(report, payload)
    elif "type" in payload:
        report.add("/type", "must be modal or home")
    elif "blocks" in payload or "text" in payload:
        _message(report, payload)
    else:
        report.add("", "is neither a view, nor a message, nor an options answer")
    return report.problems


def _context_element(report: Report, pointer: str, value: object) -> None:
    if isinstance(value, Mapping) and value.get("type") == "image":
        IMAGE.check(report, pointer, value)
    else:
        text(CONTEXT_TEXT, *_ANY_TEXT)(report, pointer, value)


def _text_or_fields(report: Report, pointer: str, value: Object) -> None:
    if "text" not in value and "fields" not in value:
        report.add(pointer, "must have text or fields")


def _block_shapes(surface: str) -> dict[str, Shape]:
    """The blocks that may stand on a `modal`, `home` or `message`."""

    def holds(place: str) -> Check:
        return partial(element, place=place, surface=surface)

    common: dict[str, Check] = {"block_id": string(BLOCK_ID)}
    shapes = {
        "section": Shape(
            optional={
                **common,
                "text": text(SECTION_TEXT, *_ANY_TEXT),
                "fields": array(text(SECTION_FIELD, *_ANY_TEXT), SECTION_FIELDS),
                "accessory": holds("section"),
                "expand": flag,
            },
            rules=(_text_or_fields,),
        ),
        "header": Shape(required={"text": text(HEADER_TEXT)}, optional=common),
        "divider": Shape(optional=common),
        "image": Shape(
            required=IMAGE.required,
            optional={**common, **IMAGE_KEYS, "title": text(IMAGE_TITLE)},
            rules=IMAGE.rules,
        ),
        "context": Shape(required={"elements": array(_context_element, CONTEXT_ELEMENTS)}, optional=common),
        "actions": Shape(required={"elements": array(holds("actions"), ACTIONS_ELEMENTS)}, optional=common),
        "input": Shape(
            required={"label": text(INPUT_LABEL), "element": holds("input")},
            optional={**common, "hint": text(INPUT_HINT), "optional": flag, "dispatch_action": flag},
        ),
    }
    if surface == "message":
        shapes["markdown"] = Shape(required={"text": string(MESSAGE_BLOCKS_TEXT)}, optional=common)
    return shapes


_BLOCKS = {surface: _block_shapes(surface) for surface in ("modal", "home", "message")}


def _block(surface: str, report: Report, pointer: str, value: object) -> None:
    kind = value.get("type") if isinstance(value, Mapping) else None
    shape = _BLOCKS[surface].get(kind) if isinstance(kind, str) else None
    if shape is None:
        report.add(child(pointer, "type"), f"is not a block type known here for a {surface}")
    else:
        shape.check(report, pointer, value)


def _blocks(surface: str, most: int, *, least: int = 1) -> Check:
    return array(partial(_block, surface), most, least=least)


_MODAL = Shape(
    required={"title": text(VIEW_TITLE), "blocks": _blocks("modal", MODAL_BLOCKS)},
    optional={
        "submit": text(VIEW_BUTTON),
        "close": text(VIEW_BUTTON),
        "private_metadata": string(PRIVATE_METADATA, least=0),
        "callback_id": string(CALLBACK_ID),
        "external_id": string(EXTERNAL_ID),
        "clear_on_close": flag,
        "notify_on_close": flag,
    },
)
_HOME = Shape(
    required={"blocks": _blocks("home", HOME_BLOCKS)},
    optional={
        "private_metadata": string(PRIVATE_METADATA, least=0),
        "callback_id": string(CALLBACK_ID),
        "external_id": string(EXTERNAL_ID),
    },
)
_OPTIONS_ANSWER = Shape(
    optional={
        "options": array(SELECT_OPTION.check, SELECT_OPTIONS, least=0),
        "option_groups": array(SELECT_OPTION_GROUP.check, OPTION_GROUPS, least=0),
    },
    rules=(either_options_or_groups, different_values),
)


def _anything(report: Report, pointer: str, value: object) -> None:
    """An argument of the method that carries the message; not Block Kit's business."""


_MESSAGE = Shape(
    optional={
        "text": string(MESSAGE_TEXT, least=0),
        "blocks": _blocks("message", MESSAGE_BLOCKS, least=0),
        **dict.fromkeys(
            (
                "attachments",
                "channel",
                "delete_original",
                "link_names",
                "metadata",
                "mrkdwn",
                "parse",
                "replace_original",
                "reply_broadcast",
                "response_type",
                "thread_ts",
                "ts",
                "unfurl_links",
                "unfurl_media",
                "user",
            ),
            _anything,
        ),
    },
)


def _view(report: Report, view: Object) -> None:
    modal = view["type"] == "modal"
    (_MODAL if modal else _HOME).check(report, "", view)
    if modal and "submit" not in view and any(block.get("type") == "input" for _, block in members(view.get("blocks"))):
        report.add("/submit", "is missing, and there are inputs")
    _unique_ids(report, view, through_view=modal)
    focused = [place for place, inner in _elements(view) if inner.get("focus_on_load") is True]
    for place in focused[1:]:
        report.add(child(place, "focus_on_load"), "is true for another element too")
    size = len(json.dumps(view, ensure_ascii=False, separators=(",", ":"), default=str).encode(errors="replace"))
    if size > VIEW_BYTES:
        report.add("", f"has {size} bytes, at most {VIEW_BYTES} are allowed")


def _message(report: Report, message: Object) -> None:
    _MESSAGE.check(report, "", message)
    if not message.get("blocks") and not message.get("text"):
        report.add("", "has neither text nor blocks")
    _unique_ids(report, message, through_view=False)
    shown = sum(_text_lengths(message.get("blocks")))
    if shown > MESSAGE_BLOCKS_TEXT:
        report.add("/blocks", f"hold {shown} characters of text, at most {MESSAGE_BLOCKS_TEXT} are allowed")


def _text_lengths(value: object) -> Iterator[int]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield length(inner)
            else:
                yield from _text_lengths(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _text_lengths(inner)


def _elements(payload: Object) -> Iterator[tuple[str, Object]]:
    """Every interactive element with its place."""
    for index, block in members(payload.get("blocks")):
        place = child("/blocks", index)
        for key in ("element", "accessory"):
            inner = block.get(key)
            if isinstance(inner, Mapping):
                yield child(place, key), inner
        for number, inner in members(block.get("elements")):
            yield child(child(place, "elements"), number), inner


_WITHOUT_VALUE = ("button", "overflow")


def _unique_ids(report: Report, payload: Object, *, through_view: bool) -> None:
    block_ids = set[str]()
    for index, block in members(payload.get("blocks")):
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in block_ids:
                report.add(child(child("/blocks", index), "block_id"), "is the id of another block too")
            block_ids.add(block_id)
    action_ids = set[tuple[str, str]]()
    for place, inner in _elements(payload):
        action_id = inner.get("action_id")
        if isinstance(action_id, str):
            holds_a_value = inner.get("type") not in _WITHOUT_VALUE
            scope = "" if through_view and holds_a_value else place.split("/")[2]
            if (scope, action_id) in action_ids:
                report.add(child(place, "action_id"), "is the id of another element too")
            action_ids.add((scope, action_id))


_TOKEN_OR_CHARACTER = re.compile(r"&(?:amp|lt|gt);|<[!@#][^<>\n]{1,200}>|(?s:.)")
_LONGEST_PIECE = 32  # a letter under a heap of marks may be cut
_ZERO_WIDTH_JOINER = "\u200d"
_OPENING_ISOLATES = "\u2066\u2067\u2068"
_CLOSING_ISOLATE = "\u2069"


def clip(value: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, so that it has at most `limit` characters.

    The cut never falls inside an escape such as `&amp;`, a `<!date…>` token, or what a reader sees as one character;
    a bidirectional isolate that was opened is closed again.
    """
    if length(value) <= limit:
        return value
    kept: list[str] = []
    used = length(ELLIPSIS)
    still_open = 0
    for piece in _pieces(value):
        opened = still_open + (piece in _OPENING_ISOLATES) - (piece == _CLOSING_ISOLATE and still_open > 0)
        if used + length(piece) + opened > limit:
            break
        kept.append(piece)
        used += length(piece)
        still_open = opened
    if not kept:
        return ELLIPSIS[:limit]
    return "".join(kept).rstrip() + ELLIPSIS + _CLOSING_ISOLATE * still_open


def _pieces(value: str) -> Iterator[str]:
    """What must not be cut: escapes, our own tokens, and a character with the marks and emoji that join it."""
    piece = ""
    for match in _TOKEN_OR_CHARACTER.finditer(value):
        part = match.group()
        if piece and _joins(piece, part) and len(piece) < _LONGEST_PIECE:
            piece += part
        else:
            if piece:
                yield piece
            piece = part
    if piece:
        yield piece


def _joins(piece: str, part: str) -> bool:
    if len(part) > 1 or part in _OPENING_ISOLATES + _CLOSING_ISOLATE:
        return False
    return (
        unicodedata.category(part).startswith("M")
        or part == _ZERO_WIDTH_JOINER
        or piece.endswith(_ZERO_WIDTH_JOINER)
        or "\U0001f3fb" <= part <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= part <= "\U000e007f"  # the tags of regional flags
        or (len(piece) == 1 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in piece + part))  # flags
    )
