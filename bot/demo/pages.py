"""Which part of a long list is answered, and how does the app get the rest?

Cursors as docs.slack.dev, "Pagination", has them: opaque, at the end an empty one. A page that is asked for has fewer
than 1,000 (the pages of the `conversations.*` methods).
"""

from __future__ import annotations

import base64
from typing import Any

from bot.demo.arguments import Arguments
from bot.demo.errors import Refusal

Object = dict[str, Any]

LARGEST_PAGE = 999


def page_of(name: str, found: list[Any], arguments: Arguments, *, default: int = 100) -> Object:
    """One page of a list under its name, with the cursor of the next; `default` is how many without a limit."""
    asked = arguments.number("limit", 0)
    if not 0 <= asked <= LARGEST_PAGE:
        raise Refusal("invalid_limit")
    limit = asked or default
    start = _start(arguments.text("cursor"))
    following = _cursor(start + limit) if start + limit < len(found) else ""
    return {name: found[start : start + limit], "response_metadata": {"next_cursor": following}}


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:  # not base64, or not text
        word, number = "", ""
    if word != "next" or not number.isdecimal():
        raise Refusal("invalid_cursor")
    return int(number)
