"""What does Slack demand of each block, and where may it stand?

From docs.slack.dev/reference/block-kit/blocks, whose table says on which surfaces, and the page of each block. Where
a page names no length (a context's texts, which are text objects; a video's alternative text, provider and links),
it is from the page of the object or from the register of documented limits that slackblocks 3.0 is generated from.
`auth_provider` is in none but slack_sdk, and may stand everywhere. That a message has one table at most was on the
table's page, with the error word; the later text has left it out, and slackapi/slack-skills-plugin says it of both
kinds together: so it is kept. Where the page of charts grew from one capture to the next (6 series to 12), the later
number is taken. The page of the file block says that an app cannot add one itself; that of the container has it among
what an app may put there, so a message takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from blocks.limits_charts import CHART, CHART_TITLE
from blocks.limits_elements import IMAGE, IMAGE_KEYS, URL, element
from blocks.limits_icons import SLACK_ICON
from blocks.limits_rich_text import MOST, RICH_TEXT_KEYS, RICH_TEXT_ONLY
from blocks.limits_shapes import (
    Check,
    Object,
    Report,
    Shape,
    address,
    array,
    child,
    flag,
    integer,
    members,
    nothing_or,
    one_of,
    string,
    text,
    typed,
)
from blocks.limits_tables import DATA_TABLE, TABLE
from blocks.limits_tasks import PLAN, TASK_CARD

BLOCK_ID = 255
SECTION_TEXT = 3000
SECTION_FIELDS = 10
SECTION_FIELD = 2000
HEADER_TEXT = 150
HEADER_LEVELS = 4
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 3000
CONTEXT_ACTIONS = 5
ACTIONS_ELEMENTS = 25
INPUT_LABEL = 2000
INPUT_HINT = 2000
IMAGE_TITLE = 2000
VIDEO_ALT_TEXT = 2000
VIDEO_TITLE = 199  # "must be less than 200"
VIDEO_AUTHOR = 49  # "must be less than 50"
VIDEO_DESCRIPTION = 199  # "must be less than 200"
VIDEO_PROVIDER = 50
VIDEO_LINK = 2000
ALERT_TEXT = 200
CARD_TITLE = 150
CARD_BODY = 200
CARD_ACTIONS = 3
CARDS = 10
CONTAINER_TITLE = 150
CONTAINER_BLOCKS = 10
CHARTS = 2  # in one message
PROVIDER_VALUE = 150
PROVIDER_NAME = 75
PROVIDER_DESCRIPTION = 150

_ANY_TEXT = ("plain_text", "mrkdwn")
_IN_CONTAINERS = frozenset(
    {
        "actions",
        "context",
        "divider",
        "file",
        "header",
        "image",
        "input",
        "rich_text",
        "section",
        "table",
        "video",
    }
)
_COMMON: dict[str, Check] = {"block_id": string(BLOCK_ID)}


def blocks(surface: str, most: int, *, least: int = 1) -> Check:
    """The list of blocks of a `modal`, `home` or `message`."""
    return array(partial(_block, surface), most, least=least)


def interactive(pointer: str, found: object) -> Iterator[tuple[str, Object]]:
    """Every element of these blocks with its place, also in the blocks inside others."""
    for index, block in members(found):
        place = child(pointer, index)
        for key, inner in _in_places(block):
            yield f"{place}/{key}", inner
        for key in _NESTING.get(str(block.get("type")), ()):
            yield from interactive(child(place, key), block.get(key))


_HOLDING: Mapping[str, tuple[str, ...]] = {
    "section": ("accessory",),
    "input": ("element",),
    "actions": ("elements",),
    "context_actions": ("elements",),
    "card": ("actions",),
    "auth_provider": ("accessory",),
}
_NESTING: Mapping[str, tuple[str, ...]] = {"carousel": ("elements",), "container": ("child_blocks",)}


def nested(block: Object) -> Iterator[Object]:
    """The blocks inside this one."""
    for key in _NESTING.get(str(block.get("type")), ()):
        for _, inner in members(block.get(key)):
            yield inner


def held(block: Object) -> Iterator[Object]:
    """The elements that this block holds itself."""
    for _, inner in _in_places(block):
        yield inner


def _in_places(block: Object) -> Iterator[tuple[str, Object]]:
    for key in _HOLDING.get(str(block.get("type")), ()):
        inner = block.get(key)
        if isinstance(inner, Mapping):
            yield key, inner
        for index, one in members(inner):
            yield f"{key}/{index}", one


def _block(surface: str, report: Report, pointer: str, value: object) -> None:
    kind = value.get("type") if isinstance(value, Mapping) else None
    shape = _BLOCKS[surface].get(kind) if isinstance(kind, str) else None
    if shape is None:
        report.add(child(pointer, "type"), f"is not a block type known here for a {surface}")
    else:
        shape.check(report, pointer, value)


def _contained(surface: str, report: Report, pointer: str, value: object) -> None:
    if isinstance(value, Mapping) and value.get("type") not in _IN_CONTAINERS:
        report.add(child(pointer, "type"), "is not a block type known here for a container")
    else:
        _block(surface, report, pointer, value)


def _context_element(report: Report, pointer: str, value: object) -> None:
    if isinstance(value, Mapping) and value.get("type") == "image":
        IMAGE.check(report, pointer, value)
    else:
        text(CONTEXT_TEXT, *_ANY_TEXT)(report, pointer, value)


def _text_or_fields(report: Report, pointer: str, value: Object) -> None:
    if "text" not in value and "fields" not in value:
        report.add(pointer, "must have text or fields")


def _shows_something(report: Report, pointer: str, value: Object) -> None:
    if not {"hero_image", "title", "body", "actions"} & set(value):
        report.add(pointer, "must have hero_image, title, body or actions")


def _one_icon(report: Report, pointer: str, value: Object) -> None:
    if "icon" in value and "slack_icon" in value:
        report.add(child(pointer, "slack_icon"), "cannot stand beside icon")


def _files_tell_nothing(report: Report, pointer: str, value: Object) -> None:
    inner = value.get("element")
    if value.get("dispatch_action") is True and isinstance(inner, Mapping) and inner.get("type") == "file_input":
        report.add(child(pointer, "dispatch_action"), "is not for a file_input")


def _headed(report: Report, pointer: str, value: Object) -> None:
    """The page: of two titles the rich one is shown; what needs or excludes `is_collapsible` has no effect without."""
    if "title" not in value and "rich_text_title" not in value:
        report.add(pointer, "must have title or rich_text_title")


_PICTURE = typed("an image", {"image": IMAGE.check})


def _everywhere(surface: str) -> dict[str, Shape]:
    def holds(place: str) -> Check:
        return partial(element, place=place, surface=surface)

    return {
        "section": Shape(
            optional={
                **_COMMON,
                "text": text(SECTION_TEXT, *_ANY_TEXT),
                "fields": array(text(SECTION_FIELD, *_ANY_TEXT), SECTION_FIELDS),
                "accessory": holds("section"),
                "expand": flag,
            },
            rules=(_text_or_fields,),
        ),
        "header": Shape(required={"text": text(HEADER_TEXT)}, optional={**_COMMON, "level": integer(1, HEADER_LEVELS)}),
        "divider": Shape(optional=_COMMON),
        "image": Shape(
            required=IMAGE.required,
            optional={**_COMMON, **IMAGE_KEYS, "title": text(IMAGE_TITLE)},
            rules=IMAGE.rules,
        ),
        "context": Shape(required={"elements": array(_context_element, CONTEXT_ELEMENTS)}, optional=_COMMON),
        "actions": Shape(required={"elements": array(holds("actions"), ACTIONS_ELEMENTS)}, optional=_COMMON),
        "input": Shape(
            required={"label": text(INPUT_LABEL), "element": holds("input")},
            optional={**_COMMON, "hint": text(INPUT_HINT), "optional": flag, "dispatch_action": flag},
            rules=(_files_tell_nothing,),
        ),
        "card": _card(surface),
        "rich_text": Shape(required=RICH_TEXT_KEYS, optional=_COMMON),
        "video": Shape(
            required={
                "alt_text": string(VIDEO_ALT_TEXT),
                "title": text(VIDEO_TITLE),
                "video_url": address(URL, "https"),
                "thumbnail_url": address(URL, "https", "http"),
            },
            optional={
                **_COMMON,
                "title_url": nothing_or(address(VIDEO_LINK, "https")),
                "description": nothing_or(text(VIDEO_DESCRIPTION)),
                "provider_icon_url": nothing_or(address(VIDEO_LINK, "https", "http")),
                "provider_name": nothing_or(string(VIDEO_PROVIDER)),
                "author_name": nothing_or(string(VIDEO_AUTHOR)),
            },
        ),
        "auth_provider": Shape(
            required={"value": string(PROVIDER_VALUE), "name": text(PROVIDER_NAME), "is_connected": flag},
            optional={
                **_COMMON,
                "description": text(PROVIDER_DESCRIPTION),
                "icon_url": address(URL, "https"),
                "auth_url": address(URL, "https"),
                "disconnect_url": address(URL, "https"),
                "connected_identity": text(PROVIDER_NAME),
                "connected_context": text(PROVIDER_NAME),
                "accessory": holds("auth_provider"),
                "fallback": array(partial(_block, surface), MOST),
            },
        ),
    }


def _card(surface: str) -> Shape:
    return Shape(
        optional={
            **_COMMON,
            "hero_image": _PICTURE,
            "icon": _PICTURE,
            "slack_icon": SLACK_ICON,
            "title": text(CARD_TITLE, *_ANY_TEXT),
            "subtitle": text(CARD_TITLE, *_ANY_TEXT),
            "body": text(CARD_BODY, *_ANY_TEXT),
            "subtext": text(CARD_BODY, *_ANY_TEXT),
            "actions": array(partial(element, place="card", surface=surface), CARD_ACTIONS),
        },
        rules=(_shows_something, _one_icon),
    )


def _on_pages(surface: str) -> dict[str, Shape]:
    """What may stand on a Home and in a message."""
    return {
        "table": Shape(TABLE.required, {**_COMMON, **TABLE.optional}, TABLE.rules),
        "data_table": Shape(DATA_TABLE.required, {**_COMMON, **DATA_TABLE.optional}, DATA_TABLE.rules),
        "data_visualization": Shape(required={"title": string(CHART_TITLE), "chart": CHART}, optional=_COMMON),
        "carousel": Shape(
            required={"elements": array(typed("a card", {"card": _card(surface).check}), CARDS)}, optional=_COMMON
        ),
        "container": Shape(
            required={"child_blocks": array(partial(_contained, surface), CONTAINER_BLOCKS)},
            optional={
                **_COMMON,
                "title": text(CONTAINER_TITLE),
                "rich_text_title": RICH_TEXT_ONLY,
                "subtitle": text(CONTAINER_TITLE, *_ANY_TEXT),
                "icon": _PICTURE,
                "width": one_of("narrow", "standard", "wide", "full"),
                "is_collapsible": flag,
                "default_collapsed": flag,
                "has_header_divider": flag,
            },
            rules=(_headed,),
        ),
    }


_IN_MESSAGES: Mapping[str, Shape] = {
    "markdown": Shape(required={"text": string(MOST)}, optional=_COMMON),  # all text is counted together
    "file": Shape(required={"external_id": string(255), "source": one_of("remote")}, optional=_COMMON),
    "context_actions": Shape(
        required={"elements": array(partial(element, place="context_actions", surface="message"), CONTEXT_ACTIONS)},
        optional=_COMMON,
    ),
    "task_card": Shape(TASK_CARD.required, {**_COMMON, **TASK_CARD.optional}),
    "plan": Shape(PLAN.required, _COMMON, PLAN.rules),
}
_ALERT = Shape(
    required={"text": text(ALERT_TEXT, *_ANY_TEXT)},
    optional={**_COMMON, "level": one_of("default", "info", "warning", "error", "success")},
)
_BLOCKS: Mapping[str, Mapping[str, Shape]] = {
    "modal": {**_everywhere("modal"), "alert": _ALERT},
    "home": {**_everywhere("home"), **_on_pages("home")},
    "message": {**_everywhere("message"), **_on_pages("message"), **_IN_MESSAGES},
}


TOO_MANY_TABLES = "only_one_table_allowed"
_TABLES = frozenset({"table", "data_table"})


def few_of_a_kind(report: Report, found: object) -> None:
    """A message has one table and two charts at most; a table in a container is one too."""
    tables = charts = 0
    for index, block in members(found):
        tables_here = sum(one.get("type") in _TABLES for one in (block, *nested(block)))
        tables += tables_here
        charts += block.get("type") == "data_visualization"
        if tables_here and tables > 1:
            report.add(child("/blocks", index), f"holds another table: {TOO_MANY_TABLES}")
        elif block.get("type") == "data_visualization" and charts > CHARTS:
            report.add(child("/blocks", index), f"is one chart too many, at most {CHARTS} are allowed")
