"""What are the smallest payloads that Slack takes, to be broken one way at a time?"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Text*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", **more: object) -> Json:
    return {"text": plain(), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


CONFIRM: Json = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), "style": "danger"}


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asking(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(), **more}


def select(**more: object) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks or [section()]), **more}


def home(*blocks: Json, **more: object) -> Json:
    return {"type": "home", "blocks": list(blocks or [section()]), **more}


def message(*blocks: Json, **more: object) -> Json:
    return {"text": "Text", "blocks": list(blocks or [section()]), **more}


def typed(**more: object) -> Json:
    return modal(asking({"type": "plain_text_input", **more}))


def number(**more: object) -> Json:
    return modal(asking({"type": "number_input", "is_decimal_allowed": False, **more}))


def said(*pieces: Json) -> Json:
    """Rich text of one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}


def cell(text: str = "Cell") -> Json:
    return {"type": "raw_text", "text": text}


def table(*rows: list[Json], **more: object) -> Json:
    return {"type": "table", "rows": list(rows or [[cell()]]), **more}


def card(**more: object) -> Json:
    return {"type": "card", "title": mrkdwn(), **more}


def video(**more: object) -> Json:
    return {
        "type": "video",
        "title": plain(),
        "alt_text": "A cat",
        "video_url": "https://x.se/v",
        "thumbnail_url": "https://x.se/t.png",
        **more,
    }


def icon(**more: object) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain(), **more}


def workflow(**more: object) -> Json:
    trigger = {"url": "https://slack.com/shortcuts/1"}
    found = {"type": "workflow_button", "text": plain(), "action_id": "a", "workflow": {"trigger": trigger}, **more}
    return {key: value for key, value in found.items() if value is not None}


def writing(**more: object) -> Json:
    return {"type": "rich_text_input", "action_id": "rich", **more}


def below(*elements: Json) -> Json:
    return {"type": "context_actions", "elements": list(elements)}


def container(*inner: Json, **more: object) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(inner or [section()]), **more}


def chosen(kind: str, **more: object) -> Json:
    return modal(asking({"type": kind, **more}))


ELEMENT = "/blocks/0/element"
FIRST = "/blocks/0/elements/0"
