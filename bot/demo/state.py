"""What is in the workspace now, and who is told when it changes?

Conversations with their messages, what each person has read, and one lock with one condition: whoever changes
something does so inside `changing()`, whoever waits for a change uses `wait_past`. Nothing here speaks to the app.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bot.demo.clock import MovableClock
from bot.demo.definition import Channel, Definition, User
from bot.demo.errors import Refusal
from bot.demo.ids import slack_id
from bot.demo.installed_app import InstalledApp
from bot.demo.surfaces import Message

Object = dict[str, Any]


@dataclasses.dataclass(slots=True, kw_only=True)
class Conversation:
    """A channel, or one person's direct messages with the app. Changed only under the state's lock."""

    id: str
    channel: Channel | None
    members: tuple[str, ...]
    has_app: bool
    messages: list[Message] = dataclasses.field(default_factory=list)
    read_until: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the scopes call it: `channels` (public), `groups` (private), `mpim` or `im`."""
        if self.channel is None:
            return "im"
        if self.channel.is_mpim:
            return "mpim"
        return "groups" if self.channel.is_private else "channels"

    @property
    def name(self) -> str:
        """The channel's name, or what Slack calls a direct message."""
        return self.channel.name if self.channel else "directmessage"

    @property
    def is_archived(self) -> bool:
        """Is it a channel that was archived?"""
        return self.channel is not None and self.channel.is_archived

    def seen_by(self, user_id: str) -> list[Message]:
        """Its messages, as this person sees them."""
        return [message for message in self.messages if message.visible_to in (None, user_id)]

    def unread_by(self, user_id: str) -> int:
        """How many of them this person has not read; their own do not count, nor what is seen in a thread only."""
        read = self.read_until.get(user_id, "")
        return sum(
            message.ts > read and message.user != user_id
            for message in self.seen_by(user_id)
            if message.thread_ts is None or message.broadcast
        )


class State:
    """Everything that was said, for all to see who may."""

    def __init__(self, definition: Definition, app: InstalledApp, clock: MovableClock) -> None:
        self.definition = definition
        self.app = app
        self.clock = clock
        self.version = 0
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._listeners: list[Callable[[], None]] = []
        self._last_ts = 0
        self._conversations: dict[str, Conversation] = {}
        for channel in definition.channels:
            self._conversations[channel.id] = Conversation(
                id=channel.id, channel=channel, members=channel.members, has_app=channel.has_app
            )
        for user in definition.users:
            conversation = Conversation(id=f"D{user.id[1:]}", channel=None, members=(user.id,), has_app=True)
            self._conversations[conversation.id] = conversation

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock, and tell everybody afterwards that something changed."""
        with self._lock:
            yield
            self.version += 1
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the lock, so that what is read belongs together."""
        with self._lock:
            yield

    def wait_past(self, version: int, timeout: float) -> None:
        """Return when something changed since `version`, or after `timeout` seconds."""
        with self._lock:
            self._changed.wait_for(lambda: self.version > version, timeout)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change; it must return at once. The returned function ends it."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def next_ts(self) -> str:
        """A new message timestamp: the clock's moment, and greater than every one before it."""
        with self._lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def now(self) -> datetime:
        """The workspace's present moment."""
        return self.clock.now()

    def conversations(self) -> tuple[Conversation, ...]:
        """All channels, then all direct messages."""
        return tuple(self._conversations.values())

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation with this id."""
        found = self._conversations.get(conversation_id)
        if found is None:
            raise Refusal("channel_not_found")
        return found

    def direct_messages(self, user_id: str) -> Conversation:
        """This person's direct messages with the app."""
        return self._conversations[f"D{self.user(user_id).id[1:]}"]

    def together(self, user_ids: Sequence[str]) -> Conversation:
        """The direct messages of the app with several people; they begin when they are first asked for."""
        people = [self.user(user_id) for user_id in user_ids]
        with self.changing():
            for conversation in self._conversations.values():
                if conversation.kind == "mpim" and set(conversation.members) == set(user_ids):
                    return conversation
            name = "--".join(["mpdm-" + people[0].name, *(user.name for user in people[1:]), self.app.display_name])
            channel = Channel(
                id=slack_id("G"),
                name=f"{name}-1",
                members=tuple(user_ids),
                has_app=True,
                is_private=True,
                is_mpim=True,
            )
            conversation = Conversation(id=channel.id, channel=channel, members=channel.members, has_app=True)
            self._conversations[conversation.id] = conversation
            return conversation

    def archive(self, conversation_id: str, *, archived: bool) -> Conversation:
        """Archive a channel, or bring it back."""
        with self.changing():
            conversation = self.conversation(conversation_id)
            if conversation.channel is None:
                raise Refusal("method_not_supported_for_channel_type")
            conversation.channel = dataclasses.replace(conversation.channel, is_archived=archived)
            return conversation

    def place_app(self, conversation_id: str, *, present: bool) -> Conversation:
        """Put the app in a channel, or take it out."""
        with self.changing():
            conversation = self.conversation(conversation_id)
            if conversation.channel is None:
                raise Refusal("method_not_supported_for_channel_type")
            conversation.has_app = present
            return conversation

    def user(self, user_id: str) -> User:
        """The person with this id."""
        found = self.definition.user(user_id)
        if found is None:
            raise Refusal("user_not_found")
        return found

    def post(
        self,
        conversation_id: str,
        *,
        user: str,
        text: str,
        blocks: Sequence[Object] | None = None,
        username: str | None = None,
        visible_to: str | None = None,
        metadata: Object | None = None,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Sequence[Object] = (),
        attachments: Sequence[Object] = (),
    ) -> Message:
        """Write a message; a reply goes to the thread that `thread_ts` begins or is part of."""
        with self.changing():
            if thread_ts is not None:
                thread_ts = self.thread(conversation_id, thread_ts)
            message = Message(
                ts=self.next_ts(),
                channel=conversation_id,
                user=user,
                text=text,
                blocks=blocks or None,
                username=username,
                visible_to=visible_to,
                metadata=metadata,
                thread_ts=thread_ts,
                broadcast=broadcast,
                files=tuple(files),
                attachments=tuple(attachments),
            )
            self.conversation(conversation_id).messages.append(message)
            return message

    def replies(self, conversation_id: str, ts: str) -> list[Message]:
        """The replies to a message, the oldest first; ephemeral ones are nobody's history."""
        with self._lock:
            messages = self.conversation(conversation_id).messages
            return [message for message in messages if message.thread_ts == ts and not message.ephemeral]

    def thread(self, conversation_id: str, ts: str) -> str:
        """Where the thread of this message begins.

        `thread_not_found` is from slackapi/bolt-js#2307; that a reply's own ts leads to its thread is reported.
        Nobody can reply to an ephemeral message: `cannot_reply_to_message`, "this message type cannot have thread
        replies" (the page of chat.postMessage).
        """
        try:
            parent = self.message(conversation_id, ts)
        except Refusal:
            raise Refusal("thread_not_found") from None
        if parent.ephemeral:
            raise Refusal("cannot_reply_to_message")
        return parent.thread_ts or parent.ts

    def message(self, conversation_id: str, ts: str) -> Message:
        """The message written at `ts`."""
        with self._lock:
            for message in self.conversation(conversation_id).messages:
                if message.ts == ts:
                    return message
        raise Refusal("message_not_found")

    def rewrite(self, message: Message, **changes: Any) -> Message:  # noqa: ANN401 - the fields of Message
        """Put a changed message in the place of `message`."""
        with self.changing():
            messages = self.conversation(message.channel).messages
            for index, candidate in enumerate(messages):
                if candidate.ts == message.ts:
                    messages[index] = dataclasses.replace(candidate, **changes)
                    return messages[index]
        raise Refusal("message_not_found")

    def remove(self, message: Message) -> None:
        """Take a message away."""
        with self.changing():
            messages = self.conversation(message.channel).messages
            messages[:] = [candidate for candidate in messages if candidate.ts != message.ts]

    def mark_read(self, user_id: str, conversation_id: str) -> None:
        """This person has seen all there is in the conversation."""
        conversation = self.conversation(conversation_id)
        with self._lock:
            if not conversation.unread_by(user_id):
                return
        with self.changing():
            conversation.read_until[user_id] = conversation.messages[-1].ts
