"""How can the app still answer after it acknowledged?

A `response_url` writes, replaces or deletes where the person was: five times within thirty minutes
(docs.slack.dev, "Handling user interaction": "Message responses"; the error words are reported). What that page leaves
open is decided here: without `replace_original` a new message is written, a post that is refused costs no use, and
what is written through the `response_urls` of a modal is ephemeral too unless it says `in_channel`.
"""

from __future__ import annotations

import dataclasses
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.errors import Refusal
from bot.demo.messages import checked_content
from bot.demo.state import State

MOST_USES = 5


@dataclasses.dataclass(slots=True)
class _Place:
    conversation_id: str
    user_id: str
    message_ts: str | None
    ends: float
    uses: int = 0


class ResponseUrls:
    """All response_urls that were handed out. Safe to use from any thread."""

    def __init__(self, state: State, lifetime: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._lifetime = lifetime
        self._clock = clock
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        self.base = ""
        """The address that the paths are appended to."""

    def new(self, kind: str, conversation_id: str, user_id: str, message_ts: str | None = None) -> str:
        """An address for this person in this conversation, and for the message they acted on.

        `kind` is `commands`, `actions` or `app` (for `response_urls` of a modal), as in Slack's own addresses.
        """
        path = f"{kind}/{self._state.definition.team.id}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
        with self._lock:
            self._places[path] = _Place(conversation_id, user_id, message_ts, self._clock() + self._lifetime)
        return f"{self.base}/{path}"

    def knows(self, path: str) -> bool:
        """Whether the address was handed out."""
        with self._lock:
            return path in self._places

    def answer(self, path: str, body: Mapping[str, Any]) -> None:
        """Do what the app posted to the address; Refusal if it may not."""
        with self._lock:
            place = self._places.get(path)
            if place is None:
                raise Refusal("invalid_url")
            if self._clock() > place.ends:
                raise Refusal("expired_url")
            if place.uses >= MOST_USES:
                raise Refusal("used_url")
            place.uses += 1
        try:
            self.write(place.conversation_id, place.user_id, body, message_ts=place.message_ts)
        except Refusal:
            with self._lock:
                place.uses -= 1
            raise

    def write(
        self, conversation_id: str, user_id: str, body: Mapping[str, Any], *, message_ts: str | None = None
    ) -> None:
        """Write a response where a person is: for their eyes only unless it says `in_channel`.

        A response that deletes the message it answers may bring another (docs.slack.dev, "Handling user interaction").
        """
        deleted, replaced = _is_true(body.get("delete_original")), _is_true(body.get("replace_original"))
        original = self._state.message(conversation_id, message_ts) if message_ts and (deleted or replaced) else None
        content = None if original and deleted and not _says_something(body) else checked_content(body)
        if original is not None and deleted:
            self._state.remove(original)
        if content is None:
            return
        if original is not None and not deleted:
            self._state.rewrite(
                original,
                text=content.text,
                blocks=content.blocks or None,
                attachments=content.attachments,
                edited=not original.ephemeral and not content.blocks,
            )
            return
        self._state.post(
            conversation_id,
            user=self._state.app.bot_user_id,
            text=content.text,
            blocks=content.blocks,
            attachments=content.attachments,
            thread_ts=str(body["thread_ts"]) if body.get("thread_ts") else None,
            visible_to=None if body.get("response_type") == "in_channel" else user_id,
        )


def _is_true(value: object) -> bool:
    return value in (True, "true", "1")


def _says_something(body: Mapping[str, Any]) -> bool:
    return any(body.get(key) for key in ("attachments", "blocks", "markdown_text", "text"))
