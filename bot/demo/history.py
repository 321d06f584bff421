"""What has been said in a conversation, as the app may read it?

`conversations.history` and `conversations.replies`, from their pages on docs.slack.dev/reference/methods: history has
the newest first and no replies but those shown in the conversation too; a thread has its parent first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.arguments import Arguments
from bot.demo.errors import Refusal
from bot.demo.pages import page_of
from bot.demo.payloads import Payloads
from bot.demo.state import Conversation, State
from bot.demo.surfaces import Message
from bot.demo.web_api import Method, require_scope

Object = dict[str, Any]

_WHOLE_THREAD = 1000


class History:
    """The two methods. `visible` finds a conversation that the app can know of."""

    def __init__(self, state: State, payloads: Payloads, visible: Callable[[str], Conversation]) -> None:
        self._state = state
        self._payloads = payloads
        self._visible = visible

    def table(self) -> Mapping[str, Method]:
        """The methods by their names."""
        return {"conversations.history": self._history, "conversations.replies": self._replies}

    def _history(self, arguments: Arguments) -> Object:
        conversation = self._readable(arguments)
        with self._state.reading():
            shown = [message for message in conversation.messages if message.thread_ts is None or message.broadcast]
            found = self._described(shown, arguments)
        return _with_more(page_of("messages", found[::-1], arguments))

    def _replies(self, arguments: Arguments) -> Object:
        conversation = self._readable(arguments)
        with self._state.reading():
            try:
                asked = self._state.message(conversation.id, arguments.text("ts"))
                parent = self._state.message(conversation.id, asked.thread_ts or asked.ts)
            except Refusal as refusal:
                raise Refusal("thread_not_found" if refusal.error == "message_not_found" else refusal.error) from None
            found = self._described([parent, *self._state.replies(conversation.id, parent.ts)], arguments)
        return _with_more(page_of("messages", found, arguments, default=_WHOLE_THREAD))

    def _readable(self, arguments: Arguments) -> Conversation:
        conversation = self._visible(arguments.text("channel"))
        require_scope(self._state.app, frozenset({f"{conversation.kind}:history"}))
        if not conversation.has_app:
            raise Refusal("not_in_channel")
        return conversation

    def _described(self, messages: list[Message], arguments: Arguments) -> list[Object]:
        """What lies in the asked time; both ends belong to it only if it says `inclusive`."""
        oldest, latest = arguments.text("oldest") or "0", arguments.text("latest")
        inclusive = arguments.flag("inclusive")

        def wanted(message: Message) -> bool:
            if message.ephemeral:
                return False
            if inclusive and message.ts in (oldest, latest):
                return True
            return _seconds(message.ts, "ts") > _seconds(oldest, "oldest") and (
                not latest or _seconds(message.ts, "ts") < _seconds(latest, "latest")
            )

        return [self._payloads.message(message) for message in messages if wanted(message)]


def _seconds(ts: str, name: str) -> float:
    try:
        return float(ts)
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def _with_more(page: Object) -> Object:
    return {**page, "has_more": bool(page["response_metadata"]["next_cursor"])}
