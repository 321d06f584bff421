"""Would Slack take this message?

The content of a message, however it arrives: by method, in an acknowledgement, at a response_url. Error words and
limits from docs.slack.dev, `chat.postMessage` (too long a text is cut), `chat.postEphemeral`, `chat.update` (refused
from 4,001 characters); `errors` beside `response_metadata` in `invalid_blocks`: slackapi/bolt-python#1016,
java-slack-sdk#1017. Not documented: which word a `markdown_text` over 12,000 characters gets (here `msg_too_long`),
and how large metadata may be (here 8,000 bytes).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from blocks.limits import MESSAGE_BLOCKS_TEXT, MESSAGE_TEXT, problems
from blocks.limits_attachments import ATTACHMENTS
from blocks.limits_blocks import TOO_MANY_TABLES
from bot.demo.elements import as_slack_keeps
from bot.demo.errors import Refusal
from bot.demo.json_text import parsed

Object = dict[str, Any]

UPDATED_TEXT = 4_000
MARKDOWN_TEXT = 12_000
METADATA_BYTES = 8_000


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """What a message says, as Slack keeps it."""

    text: str
    blocks: list[Object]
    attachments: list[Object]


def checked_content(body: Mapping[str, Any], *, most: int | None = None) -> Content:
    """The message's content, or the refusal that Slack would send.

    A text of more than `most` characters is refused; without `most` it is cut where Slack cuts it.
    """
    text, blocks = _words(body), _listed(body.get("blocks"), "invalid_blocks_format")
    attachments = _attachments(body.get("attachments"))
    if "markdown_text" in body and body["markdown_text"] not in (None, ""):
        if text or blocks:
            raise Refusal("markdown_text_conflict")
        text = str(body["markdown_text"])
        if len(text) > MARKDOWN_TEXT:
            raise Refusal("msg_too_long")
        blocks = [{"type": "markdown", "text": text}]
    if not text.strip() and not blocks and not attachments:
        raise Refusal("no_text")
    if most is not None and len(text) > most:
        raise Refusal("msg_too_long")
    text = text[:MESSAGE_TEXT]
    _check(problems({"text": text, "blocks": blocks, "attachments": attachments}))
    return Content(text, as_slack_keeps(blocks), [_kept(number, each) for number, each in enumerate(attachments, 1)])


def checked_metadata(given: object) -> Object | None:
    """The message's metadata: an event with its payload, or the entities of work objects."""
    if given in (None, "", {}):
        return None
    if isinstance(given, str):
        try:
            given = parsed(given)
        except ValueError:
            raise Refusal("invalid_metadata_format") from None
    if not isinstance(given, dict):
        raise Refusal("invalid_metadata_format")
    event = isinstance(given.get("event_type"), str) and bool(given["event_type"].strip())
    if not (event and isinstance(given.get("event_payload"), dict)) and not isinstance(given.get("entities"), list):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(given, ensure_ascii=False).encode(errors="replace")) > METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return given


def _words(body: Mapping[str, Any]) -> str:
    text = body.get("text") or ""
    return text if isinstance(text, str) else str(text)


def _check(wrong: Sequence[tuple[str, str]]) -> None:
    if not wrong:
        return
    if any(
        pointer == "/blocks" and what.endswith(f"at most {MESSAGE_BLOCKS_TEXT} are allowed") for pointer, what in wrong
    ):
        raise Refusal("msg_blocks_too_long")
    if any(what.endswith(TOO_MANY_TABLES) for _, what in wrong):
        raise Refusal("invalid_attachments", messages=[f"[ERROR] {TOO_MANY_TABLES}"])
    errors = [f"{what} [json-pointer:{pointer}]" for pointer, what in wrong]
    if all(pointer.startswith("/attachments/") for pointer, _ in wrong):
        raise Refusal("invalid_attachments", messages=[f"[ERROR] {error}" for error in errors])
    raise Refusal("invalid_blocks", messages=[f"[ERROR] {error}" for error in errors], errors=errors)


def _attachments(given: object) -> list[Any]:
    attachments = _listed(given, "invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise Refusal("too_many_attachments")
    return attachments


def _kept(number: int, attachment: Mapping[str, Any]) -> Object:
    """An attachment as Slack gives it back, with its number."""
    blocks = attachment.get("blocks")
    return {"id": number, **attachment, **({"blocks": as_slack_keeps(blocks)} if blocks else {})}


def _listed(given: object, otherwise: str) -> list[Any]:
    """A JSON list, perhaps written as a string."""
    if given in (None, ""):
        return []
    if isinstance(given, str):
        try:
            given = parsed(given)
        except ValueError:
            raise Refusal(otherwise) from None
    if not isinstance(given, list):
        raise Refusal(otherwise)
    return given
