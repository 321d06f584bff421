"""Would Slack take this message?

The content of a message, however it arrives: by method, in an acknowledgement, at a response_url. Error words from
docs.slack.dev, `chat.postMessage`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.limits import MESSAGE_TEXT, problems
from bot.demo.elements import as_slack_keeps
from bot.demo.errors import Refusal
from bot.demo.json_text import parsed

Object = dict[str, Any]


def checked_content(body: Mapping[str, Any]) -> tuple[str, list[Object]]:
    """The message's text and its blocks as Slack keeps them, or the refusal that Slack would send."""
    text = body.get("text") or ""
    if not isinstance(text, str):
        text = str(text)
    blocks = _blocks(body.get("blocks"))
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    if len(text) > MESSAGE_TEXT:
        raise Refusal("msg_too_long")
    content: Object = {"text": text, "blocks": blocks} if blocks else {"text": text}
    wrong = problems(content)
    if any(pointer == "/blocks" and "characters of text" in what for pointer, what in wrong):
        raise Refusal("msg_blocks_too_long")
    if wrong:
        messages = [f"[ERROR] {what} [json-pointer:{pointer}]" for pointer, what in wrong]
        raise Refusal("invalid_blocks", messages=messages)
    return text, as_slack_keeps(blocks)


def _blocks(given: object) -> Sequence[Object]:
    if given in (None, ""):
        return []
    if isinstance(given, str):
        try:
            given = parsed(given)
        except ValueError:
            raise Refusal("invalid_blocks_format") from None
    if not isinstance(given, list):
        raise Refusal("invalid_blocks_format")
    return given
