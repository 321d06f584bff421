"""May the app open a modal now?

A `trigger_id` proves that a person did something a moment ago. It can be exchanged once, within three seconds
(docs.slack.dev, "Modals": "trigger_id"; SLACK.md).
"""

from __future__ import annotations

import dataclasses
import re
import secrets
import threading
import time

from bot.demo.errors import Refusal

_FORM = re.compile(r"[0-9]+\.[0-9]+\.[0-9a-f]+")


@dataclasses.dataclass(slots=True)
class _Trigger:
    user_id: str
    conversation_id: str | None
    from_modal: bool
    ends: float
    exchanged: bool = False


class Triggers:
    """All trigger_ids that were ever handed out. Safe to use from any thread."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._triggers: dict[str, _Trigger] = {}

    def new(self, user_id: str, conversation_id: str | None = None, *, from_modal: bool = False) -> str:
        """A trigger_id for what this person just did, and in which conversation if it was in one."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        with self._lock:
            self._triggers[trigger_id] = _Trigger(
                user_id, conversation_id, from_modal, time.monotonic() + self._lifetime
            )
        return trigger_id

    def exchange(self, trigger_id: str, *, for_push: bool = False) -> tuple[str, str | None]:
        """Use a trigger_id up and tell whose it was, and from which conversation."""
        if not _FORM.fullmatch(trigger_id):
            message = "[ERROR] invalid `trigger_id` [json-pointer:/trigger_id]"
            raise Refusal("invalid_arguments", messages=[message])
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None or (for_push and not trigger.from_modal):
                raise Refusal("invalid_trigger_id")
            if trigger.exchanged:
                raise Refusal("exchanged_trigger_id")
            if time.monotonic() > trigger.ends:
                raise Refusal("expired_trigger_id")
            trigger.exchanged = True
            return trigger.user_id, trigger.conversation_id
