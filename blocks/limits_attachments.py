"""What does Slack demand of the older form of content that may stand below a message?

From docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments; the 100 from the page of
chat.postMessage (`too_many_attachments`), the five actions from the legacy guide to interactive messages. Keywords
that only @slack/types and slack_sdk.models name are known by name. What `mrkdwn_in` may name is said (`fields` or the
name of a field, `pretext`, `text`), and not that another name is refused. The page wants `fallback` or `text` where
there are no blocks, and does not say that one without is refused: anything that a person would see is enough here.
Nor does it say what becomes of a footer that is too long, which is a problem here, or of a colour that is none: Slack
is reported to show the bar without it (slackapi/python-slack-sdk#1330, nisabek/icinga2-slack-notifications#17).
"""

from __future__ import annotations

import re

from blocks.limits_blocks import blocks
from blocks.limits_shapes import Check, Object, Report, Shape, address, anything, array, child, flag, string

ATTACHMENTS = 100
ATTACHMENT_BLOCKS = 50
ATTACHMENT_ACTIONS = 5
FOOTER = 300
_MOST = 2**31 - 1
_URL = 3000

_READABLE = frozenset(
    {
        "actions",
        "author_name",
        "blocks",
        "fallback",
        "fields",
        "footer",
        "image_url",
        "pretext",
        "text",
        "thumb_url",
        "title",
    }
)


def _moment(report: Report, pointer: str, value: object) -> None:
    """A number on the page, a text in @slack/types."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(value)):
        report.add(pointer, "must be a Unix timestamp")


def _shows_something(report: Report, pointer: str, value: Object) -> None:
    if not any(value.get(key) for key in _READABLE):
        report.add(pointer, "has nothing to show")


def _one_picture(report: Report, pointer: str, value: Object) -> None:
    if value.get("image_url") and value.get("thumb_url"):
        report.add(child(pointer, "thumb_url"), "cannot stand beside image_url")


_TEXT = string(_MOST, least=0)
_LINK = address(_URL)
_PICTURE = address(_URL, "https", "http")
_FIELD = Shape(optional={"title": _TEXT, "value": _TEXT, "short": flag})
_KNOWN_BY_NAME: dict[str, Check] = dict.fromkeys(
    (
        "app_id",
        "app_unfurl_url",
        "attachment_type",
        "author_subname",
        "bot_id",
        "callback_id",
        "id",
        "is_app_unfurl",
        "preview",
    ),
    anything,
)

ATTACHMENT = Shape(
    optional={
        "actions": array(anything, ATTACHMENT_ACTIONS),
        "author_icon": _PICTURE,
        "author_link": _LINK,
        "author_name": _TEXT,
        "blocks": blocks("message", ATTACHMENT_BLOCKS, least=0),
        "color": _TEXT,
        "fallback": _TEXT,
        "fields": array(_FIELD.check, _MOST, least=0),
        "footer": string(FOOTER, least=0),
        "footer_icon": _PICTURE,
        "image_url": _PICTURE,
        "mrkdwn_in": array(_TEXT, _MOST, least=0),
        "pretext": _TEXT,
        "text": _TEXT,
        "thumb_url": _PICTURE,
        "title": _TEXT,
        "title_link": _LINK,
        "ts": _moment,
        **_KNOWN_BY_NAME,
    },
    rules=(_shows_something, _one_picture),
)
