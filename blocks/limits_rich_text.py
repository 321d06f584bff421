"""What does Slack demand of rich text: the block, its sections, lists, quotes and code, and what stands in a line?

From docs.slack.dev/reference/block-kit/blocks/rich-text-block, …/block-elements/rich-text-section-element and the
pages of its siblings; the keywords as in slack_sdk.models (`RichTextElementParts`) and @slack/types, indent and border
as in the register of limits of slackblocks 3.0. What a section
may hold besides, such as canvases and list records, is known by name only: those pages give no limits.
"""

from __future__ import annotations

from blocks.limits_shapes import Check, Shape, address, anything, array, flag, integer, one_of, string, typed

URL = 3000
MOST = 2**31 - 1  # where the pages name no limit
_ID = string(255)

_STYLE = Shape(
    optional=dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag
    )
)
_STYLED: dict[str, Check] = {"style": _STYLE.check}


_PIECES: dict[str, Shape] = {
    "text": Shape(required={"text": string(MOST, blank=True)}, optional=_STYLED),
    "link": Shape(required={"url": address(URL)}, optional={"text": string(MOST, least=0), "unsafe": flag, **_STYLED}),
    "emoji": Shape(
        required={"name": string(255)},
        optional={"unicode": string(255), "skin_tone": integer(1, 6), "url": address(URL), **_STYLED},
    ),
    "user": Shape(required={"user_id": _ID}, optional=_STYLED),
    "channel": Shape(required={"channel_id": _ID}, optional=_STYLED),
    "usergroup": Shape(required={"usergroup_id": _ID}, optional=_STYLED),
    "team": Shape(required={"team_id": _ID}, optional=_STYLED),
    "broadcast": Shape(required={"range": one_of("here", "channel", "everyone")}, optional=_STYLED),
    "color": Shape(required={"value": string(255)}, optional=_STYLED),
    "date": Shape(
        required={"timestamp": integer(-MOST, 2**53), "format": string(MOST)},
        optional={"url": address(URL), "fallback": string(MOST), **_STYLED},
    ),
}
_KNOWN_BY_NAME = (
    "attachment_mention",
    "canvas",
    "canvas_message_unfurl",
    "canvas_user_mention",
    "citation",
    "file",
    "list_record",
    "message_mention",
    "salesforce_data_field",
    "tag",
    "work_object_mention",
    "workflow_mention",
)
_IN_A_LINE: dict[str, Check] = {
    **{name: shape.check for name, shape in _PIECES.items()},
    **dict.fromkeys(_KNOWN_BY_NAME, anything),
}
_LINE: dict[str, Check] = {"elements": array(typed("a piece of rich text", _IN_A_LINE), MOST, least=0)}
_BORDER: dict[str, Check] = {"border": integer(0, 1)}
_SECTION = Shape(required=_LINE)

_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION.check,
    "rich_text_list": Shape(
        required={
            "style": one_of("bullet", "ordered"),
            "elements": array(typed("a part of a list", {"rich_text_section": _SECTION.check}), MOST),
        },
        optional={"indent": integer(0, 8), "offset": integer(0, MOST), **_BORDER},
    ).check,
    "rich_text_preformatted": Shape(required=_LINE, optional={"language": string(255), **_BORDER}).check,
    "rich_text_quote": Shape(required=_LINE, optional=_BORDER).check,
}

RICH_TEXT_KEYS: dict[str, Check] = {"elements": array(typed("a part of rich text", _PARTS), MOST)}
RICH_TEXT = Shape(required=RICH_TEXT_KEYS, optional={"block_id": string(255)})
"""The block, wherever it stands; beside blocks, in a cell, or as what was typed."""
RICH_TEXT_ONLY = typed("rich_text", {"rich_text": RICH_TEXT.check})
