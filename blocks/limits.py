"""Would Slack take this view, message or options answer as it is, and if not, what is wrong and where?

`problems` looks at the finished dictionary, however it was built: slack_sdk.models lets through duplicate ids, an
initial option that is not offered, a date that does not exist, an input without a submit button, unknown keywords
and more. `clip` makes a text fit.

What a view is made of: docs.slack.dev/reference/views, "Modal views" and "Home tab views".

The 12,000: the page of the markdown block says that all markdown blocks of a message may hold 12,000 characters
together. Met in practice is that any message is refused (`msg_blocks_too_long`) whose blocks hold more than about
13,200, a little less the more blocks there are, whatever their kind (slackapi/bolt-js#2509). The documented number is
taken for them all: what fits here fits there; only a data table is not counted, whose page allows its cells more.
Also only met in practice: a text that is only white space is shown as
nothing. Two elements in focus are refused in a message as in a view: the pages say that only one element can be.
Uniqueness of action_ids: Slack demands it within a block. Here a modal must have it
throughout for what holds a value, because values are read back from the whole form; buttons in rows, Home and messages
follow Slack.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

from blocks.limits_attachments import ATTACHMENT, ATTACHMENTS
from blocks.limits_blocks import blocks, few_of_a_kind, interactive
from blocks.limits_elements import (
    OPTION_GROUPS,
    SELECT_OPTION,
    SELECT_OPTION_GROUP,
    SELECT_OPTIONS,
    different_values,
    either_options_or_groups,
)
from blocks.limits_shapes import (
    Object,
    Report,
    Shape,
    anything,
    array,
    child,
    flag,
    length,
    members,
    string,
    text,
    text_lengths,
)

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
ELLIPSIS = "…"


def problems(payload: Object) -> list[tuple[str, str]]:
    """What Slack would refuse, as (JSON pointer, what is wrong); nothing for a good payload."""
    return found_in(payload).problems


def found_in(payload: Object) -> Report:
    """The same, with what would have been right where that is one of a few words."""
    report = Report()
    if "options" in payload or "option_groups" in payload:
        _OPTIONS_ANSWER.check(report, "", payload)
    elif payload.get("type") in ("modal", "home"):
        _view(report, payload)
    elif "type" in payload:
        report.add("/type", "must be modal or home")
    elif {"attachments", "blocks", "text"} & set(payload):
        _message(report, payload)
    else:
        report.add("", "is neither a view, nor a message, nor an options answer")
    return report


_MODAL = Shape(
    required={"title": text(VIEW_TITLE), "blocks": blocks("modal", MODAL_BLOCKS)},
    optional={
        "submit": text(VIEW_BUTTON),
        "close": text(VIEW_BUTTON),
        "private_metadata": string(PRIVATE_METADATA, least=0),
        "callback_id": string(CALLBACK_ID),
        "external_id": string(EXTERNAL_ID),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,  # the page: for configuration modals
    },
)
_HOME = Shape(
    required={"blocks": blocks("home", HOME_BLOCKS)},
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
_MESSAGE = Shape(
    optional={
        "text": string(MESSAGE_TEXT, least=0),
        "blocks": blocks("message", MESSAGE_BLOCKS, least=0),
        "attachments": array(ATTACHMENT.check, ATTACHMENTS, least=0),
        **dict.fromkeys(
            (
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
            anything,
        ),
    },
)


def _view(report: Report, view: Object) -> None:
    modal = view["type"] == "modal"
    (_MODAL if modal else _HOME).check(report, "", view)
    if modal and "submit" not in view and any(block.get("type") == "input" for _, block in members(view.get("blocks"))):
        report.add("/submit", "is missing, and there are inputs")
    _unique_ids(report, view, through_view=modal)
    _one_focus(report, view)
    size = view_bytes(view)
    if size > VIEW_BYTES:
        report.add("", f"has {size} bytes, at most {VIEW_BYTES} are allowed")


def view_bytes(view: Object) -> int:
    """How large a view is: as compact JSON in UTF-8 (which JSON Slack counts is not documented)."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":"), default=str).encode(errors="replace"))


def _one_focus(report: Report, payload: Object) -> None:
    focused = [
        place for place, inner in interactive("/blocks", payload.get("blocks")) if inner.get("focus_on_load") is True
    ]
    for place in focused[1:]:
        report.add(child(place, "focus_on_load"), "is true for another element too")


def _message(report: Report, message: Object) -> None:
    _MESSAGE.check(report, "", message)
    if not message.get("blocks") and not message.get("text") and not message.get("attachments"):
        report.add("", "has neither text nor blocks nor attachments")
    _belongs_together(report, message)
    for index, attachment in members(message.get("attachments")):
        within = Report()
        _belongs_together(within, attachment)
        for pointer, wrong in within.problems:
            report.add(f"/attachments/{index}{pointer}", wrong)


def _belongs_together(report: Report, message: Object) -> None:
    """What the blocks of a message, or of one attachment, may not be together."""
    _unique_ids(report, message, through_view=False)
    _one_focus(report, message)
    few_of_a_kind(report, message.get("blocks"))
    counted = [block for _, block in members(message.get("blocks")) if block.get("type") != "data_table"]
    shown = sum(text_lengths(counted))
    if shown > MESSAGE_BLOCKS_TEXT:
        report.add("/blocks", f"hold {shown} characters of text, at most {MESSAGE_BLOCKS_TEXT} are allowed")


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
    for place, inner in interactive("/blocks", payload.get("blocks")):
        action_id = inner.get("action_id")
        if isinstance(action_id, str):
            holds_a_value = inner.get("type") not in _WITHOUT_VALUE
            scope = "" if through_view and holds_a_value else _holder(place)
            if (scope, action_id) in action_ids:
                report.add(child(place, "action_id"), "is the id of another element too")
            action_ids.add((scope, action_id))


def _holder(place: str) -> str:
    """The block in which the element at this place stands: what is before its keyword, and its number if it has one."""
    return re.sub(r"/[a-z_]+(/[0-9]+)?$", "", place)


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
