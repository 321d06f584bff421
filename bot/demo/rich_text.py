"""What does Slack make of plain words, where it keeps rich text?

What a person types in a rich-text input, and what they write in a conversation: one block of type `rich_text`
(docs.slack.dev, "Rich text block": the output of the client's own composer), its mentions as elements of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def rich_text(text: str, block_id: str | None = None) -> Object:
    """A rich-text block of one section. `text` is as it is typed, but for mentions, which are `<@U…>`."""
    block: Object = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(_pieces(text))}]}
    return {**block, "block_id": block_id} if block_id else block


def _pieces(text: str) -> Iterator[Object]:
    for index, piece in enumerate(_MENTION.split(text)):
        if index % 2:
            yield {"type": "user", "user_id": piece}
        elif piece:
            yield {"type": "text", "text": piece}
