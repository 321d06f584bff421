"""How is JSON read that anybody may have written?

The app, a person who types and a mail all end up here. Python's reader runs out of stack on JSON that is nested deeply,
which is no `ValueError`; what is nested a little less deeply is read, and whoever walks over it then runs out of stack.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

MOST_LEVELS: Final = 100
"""Ours: Slack documents none. Its own objects are nested about a dozen levels deep."""


def parsed(text: str | bytes) -> object:
    """What the JSON says.

    Raises:
        ValueError: if it is none, or nested too deeply.
    """
    try:
        found: object = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    level = [found]
    for _ in range(MOST_LEVELS):
        level = [inner for outer in level for inner in _within(outer)]
        if not level:
            return found
    raise ValueError("nested too deeply")


def _within(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
