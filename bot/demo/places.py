"""Which conversation does the app mean, and what may it do there?

A channel's id or `#name`, or a person's id for their direct messages (docs.slack.dev, `chat.postMessage`:
"Channels"). A private channel that the app is not in does not exist for it.
"""

from __future__ import annotations

from bot.demo.errors import Refusal
from bot.demo.state import Conversation, State
from bot.demo.surfaces import Message


class Places:
    """The conversations of one workspace, as its app may use them."""

    def __init__(self, state: State) -> None:
        self._state = state

    def place(self, channel: str) -> str:
        """The conversation's id, whatever it is called; what is unknown stays as it is."""
        if self._state.definition.user(channel):
            return self._state.direct_messages(channel).id
        named = [found for found in self._state.conversations() if found.channel and f"#{found.name}" == channel]
        return named[0].id if named else channel

    def visible(self, channel: str) -> Conversation:
        """A conversation that the app can know of."""
        conversation = self._state.conversation(channel)
        if conversation.kind in ("groups", "mpim") and not conversation.has_app:
            raise Refusal("channel_not_found")
        return conversation

    def writable(self, channel: str) -> Conversation:
        """A conversation that the app may write to."""
        conversation = self.visible(self.place(channel))
        if conversation.is_archived:
            raise Refusal("is_archived")
        if conversation.kind == "im" and not self._state.app.has_messages:
            raise Refusal("messages_tab_disabled")
        anywhere = "chat:write.public" in self._state.app.scopes and conversation.kind == "channels"
        if not conversation.has_app and not anywhere:
            raise Refusal("not_in_channel")
        return conversation

    def own_message(self, channel: str, ts: str, otherwise: str) -> Message:
        """A message that the app wrote and can change; `otherwise` is the word for one of somebody else's."""
        conversation = self.visible(channel)
        message = self._state.message(conversation.id, ts)
        if message.user != self._state.app.bot_user_id:
            raise Refusal(otherwise)
        if message.ephemeral:  # only a response_url reaches it
            raise Refusal("message_not_found")
        return message
