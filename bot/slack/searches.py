"""Whom did somebody look for in vain, just before they add a new client?

Slack tells what is typed into a type-ahead to whoever answers it, and not along with the press of a button beside it.
It is kept by the process, for as long as the dialog is likely to be open: a name has no place in what Slack keeps
(rule P18). Where it is gone, the new client's form is empty.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict

from bot.domain.client_rules import TypedClient

REMEMBERED = 1_000

_NUMBER = re.compile(r"\+?[\d ()/.-]{5,}", re.ASCII)


class Searches:
    """The searches that found nobody, each by the view it was made in. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._typed: OrderedDict[str, str] = OrderedDict()

    def note(self, view_id: str, typed: str, *, found: bool) -> None:
        """Keep what was typed in a view if nobody was found by it; else forget what was typed there before."""
        with self._lock:
            self._typed.pop(view_id, None)
            if not found:
                self._typed[view_id] = typed
            if len(self._typed) > REMEMBERED:
                self._typed.popitem(last=False)

    def in_vain(self, view_id: str) -> str:
        """What was last typed in a view, if nobody was found by it."""
        with self._lock:
            return self._typed.get(view_id, "")


def as_client(typed: str, language: str) -> TypedClient:
    """The form of a new client who was looked for by name, number or address; with both channels allowed."""
    typed = " ".join(typed.split())
    is_email = "@" in typed
    is_number = not is_email and _NUMBER.fullmatch(typed) is not None
    name = "" if is_email or is_number else typed
    if name.islower():  # as one types to search; a name with a capital somewhere is left as it is
        name = " ".join(word[:1].upper() + word[1:] for word in name.split(" "))
    return TypedClient(
        name,
        typed if is_number else "",
        typed if is_email else "",
        language,
        email_allowed=True,
        sms_allowed=True,
    )
