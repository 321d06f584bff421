"""What does Slack demand of rich text: the block, its sections, lists, quotes and code, and what stands in a line?

From docs.slack.dev/reference/block-kit/blocks/rich-text-block and the pages of the elements that stand in it, from
…/block-elements/attachment-mention-element to …/workflow-mention-element; `skin_tone`, `url` and the style of an
emoji, and `code` wherever a style may be, from slack_sdk.models (`RichTextElementParts`) and @slack/types; how far
indent and border go from the register of limits of slackblocks 3.0. The pages name no lengths.
"""

from __future__ import annotations

from blocks.limits_shapes import Check, Shape, address, array, flag, integer, number, one_of, string, typed

URL = 3000
MOST = 2**31 - 1  # where the pages name no limit
_ID = string(255)


def _style(*words: str) -> dict[str, Check]:
    return {"style": Shape(optional=dict.fromkeys((*_WORDS, *words), flag)).check}


_WORDS = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight")
_STYLED = _style("unlink")
_COLOURED = _style()
_FROM_LLM: dict[str, Check] = {"from_llm": flag}
_WORD = string(MOST)
_WORK_OBJECT: dict[str, Check] = {"full_size_preview_enabled": flag, "icon_url": address(URL), "product_name": _WORD}
_LINKED: dict[str, Check] = {"text": _WORD, "url": address(URL)}
_SOURCE = Shape(
    required={"citation_type": one_of("file", "external", "web", "message", "memory")},
    optional=dict.fromkeys(
        (
            "app_icon_url",
            "app_name",
            "channel",
            "descriptor",
            "display_name",
            "file_id",
            "memory_id",
            "message_ts",
            "snippet",
            "title",
        ),
        _WORD,
    ),
)

_PIECES: dict[str, Shape] = {
    "attachment_mention": Shape(
        required={"url": address(URL)},
        optional={
            "app_id": _ID,
            "channel_id": _ID,
            "entity_id": _ID,
            "icon_name": _WORD,
            "reference_object_type": _WORD,
            "text": _WORD,
            "ts": _ID,
            **_WORK_OBJECT,
            **_STYLED,
        },
    ),
    "broadcast": Shape(required={"range": one_of("here", "channel", "everyone")}, optional=_STYLED),
    "canvas": Shape(
        required={"file_id": _ID},
        optional={
            "hide_title": flag,
            "is_skill_invocation": flag,
            "label": _WORD,
            "section_id": _ID,
            **_LINKED,
            **_STYLED,
        },
    ),
    "canvas_message_unfurl": Shape(required={"root_message_ts": _ID, "root_message_channel": _ID}, optional=_COLOURED),
    "canvas_user_mention": Shape(required={"user_id": _ID}, optional={"thread_id": _ID, **_STYLED}),
    "channel": Shape(required={"channel_id": _ID}, optional={"tab_id": _ID, **_FROM_LLM, **_STYLED}),
    "citation": Shape(
        required={"url": address(URL), "text": _WORD, "index": number, "details": _SOURCE.check},
        optional={"is_slack_url": flag, **_FROM_LLM},
    ),
    "color": Shape(required={"value": string(255)}, optional=_COLOURED),
    "date": Shape(
        required={"timestamp": integer(-MOST, 2**53), "format": _WORD},
        optional={"timezone": _WORD, "url": address(URL), "fallback": _WORD, **_COLOURED},
    ),
    "emoji": Shape(
        required={"name": string(255)},
        optional={"unicode": string(255), "skin_tone": integer(1, 6), "url": address(URL), **_STYLED},
    ),
    "file": Shape(required={"file_id": _ID}, optional={"is_skill_invocation": flag, **_LINKED, **_COLOURED}),
    "link": Shape(
        required={"url": address(URL)},
        optional={
            "is_slack_url": flag,
            "text": string(MOST, least=0),
            "truncated": flag,
            "unsafe": flag,
            **_FROM_LLM,
            **_STYLED,
        },
    ),
    "list_record": Shape(required={"file_id": _ID}, optional={"record_id": _ID, "view_id": _ID, **_LINKED, **_STYLED}),
    "message_mention": Shape(
        required={"channel_id": _ID, "message_ts": _ID},
        optional={"author_id": _ID, "thread_ts": _ID, **_LINKED, **_STYLED},
    ),
    "salesforce_data_field": Shape(
        required={"salesforce_record_id": _ID},
        optional={
            "salesforce_field_api_name": _WORD,
            "salesforce_field_label": _WORD,
            "salesforce_include_field_label": flag,
            **_STYLED,
        },
    ),
    "tag": Shape(
        required={"text": _WORD},
        optional={
            "color": one_of("gray", "brown", "purple", "indigo", "blue", "green", "yellow", "orange", "red"),
            **_STYLED,
        },
    ),
    "team": Shape(required={"team_id": _ID}, optional=_STYLED),
    "text": Shape(required={"text": string(MOST, blank=True)}, optional=_STYLED),
    "user": Shape(required={"user_id": _ID}, optional={**_FROM_LLM, **_STYLED}),
    "usergroup": Shape(required={"usergroup_id": _ID}, optional=_STYLED),
    "work_object_mention": Shape(
        required={"entity_id": _ID, "app_id": _ID, "text": _WORD, "url": address(URL)},
        optional={**_WORK_OBJECT, **_STYLED},
    ),
    "workflow_mention": Shape(
        required={"workflow_id": _ID, "function_trigger_id": _ID, "text": _WORD},
        optional={"url": address(URL), "channel_id": _ID, "ts": _ID, **_STYLED},
    ),
}


def _line(*kinds: str) -> dict[str, Check]:
    checks = {kind: _PIECES[kind].check for kind in kinds or _PIECES}
    return {"elements": array(typed("a piece of rich text", checks), MOST, least=0)}


_LINE = _line()
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
    "rich_text_preformatted": Shape(
        required=_line("text", "link"), optional={"language": string(255), **_BORDER}
    ).check,
    "rich_text_quote": Shape(required=_LINE, optional=_BORDER).check,
}

RICH_TEXT_KEYS: dict[str, Check] = {"elements": array(typed("a part of rich text", _PARTS), MOST)}
RICH_TEXT = Shape(required=RICH_TEXT_KEYS, optional={"block_id": string(255)})
"""The block, wherever it stands; beside blocks, in a cell, or as what was typed."""
RICH_TEXT_ONLY = typed("rich_text", {"rich_text": RICH_TEXT.check})
