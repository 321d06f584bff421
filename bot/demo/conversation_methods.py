"""What is the app told of channels and direct messages?

`conversations.info`, `conversations.list`, `conversations.members` and `conversations.open`, from their pages on
docs.slack.dev/reference/methods. A direct message of several people is a conversation like a private channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.demo.arguments import Arguments
from bot.demo.errors import Refusal
from bot.demo.pages import page_of
from bot.demo.places import Places
from bot.demo.state import Conversation, State
from bot.demo.web_api import Method, require_scope

Object = dict[str, Any]

MOST_PEOPLE = 8
_KINDS = {"public_channel": "channels", "private_channel": "groups", "mpim": "mpim", "im": "im"}


class ConversationMethods:
    """The methods."""

    def __init__(self, state: State, places: Places) -> None:
        self._state = state
        self._places = places

    def table(self) -> Mapping[str, Method]:
        """The methods by their names."""
        return {
            "conversations.info": self._info,
            "conversations.list": self._list,
            "conversations.members": self._members,
            "conversations.open": self._open,
        }

    def _open(self, arguments: Arguments) -> Object:
        if "channel" in arguments:
            conversation = self._state.conversation(arguments.text("channel"))
            if conversation.kind not in ("im", "mpim"):
                raise Refusal("method_not_supported_for_channel_type")
            require_scope(self._state.app, frozenset({f"{conversation.kind}:write"}))
        else:
            conversation = self._with(list(dict.fromkeys(arguments.several("users"))))
        if not arguments.flag("return_im"):
            return {"channel": {"id": conversation.id}}
        return {"channel": self._described(conversation)}

    def _with(self, people: list[str]) -> Conversation:
        """The direct messages of the app with these people."""
        if not people:
            raise Refusal("users_list_not_supplied")
        if len(people) > MOST_PEOPLE:
            raise Refusal("too_many_users")
        require_scope(self._state.app, frozenset({"im:write" if len(people) == 1 else "mpim:write"}))
        if any(self._state.user(user_id).deactivated for user_id in people):
            raise Refusal("user_disabled")
        return self._state.direct_messages(people[0]) if len(people) == 1 else self._state.together(people)

    def _info(self, arguments: Arguments) -> Object:
        conversation = self._places.visible(arguments.required("channel"))
        require_scope(self._state.app, frozenset({f"{conversation.kind}:read"}))
        described = self._described(conversation)
        if arguments.flag("include_num_members"):
            described["num_members"] = len(conversation.members) + conversation.has_app
        return {"channel": described}

    def _list(self, arguments: Arguments) -> Object:
        asked = arguments.several("types") or ["public_channel"]
        if not set(asked) <= set(_KINDS):
            raise Refusal("invalid_types")
        wanted = {_KINDS[kind] for kind in asked}
        for kind in wanted:
            require_scope(self._state.app, frozenset({f"{kind}:read"}))
        found = [
            self._described(conversation)
            for conversation in self._state.conversations()
            if conversation.kind in wanted and (conversation.has_app or conversation.kind == "channels")
        ]
        page = page_of("channels", found, arguments)
        if arguments.flag("exclude_archived"):  # the page: filters are applied after a page was made
            page["channels"] = [channel for channel in page["channels"] if not channel["is_archived"]]
        return page

    def _members(self, arguments: Arguments) -> Object:
        conversation = self._places.visible(arguments.required("channel"))
        require_scope(self._state.app, frozenset({f"{conversation.kind}:read"}))
        app = [self._state.app.bot_user_id] if conversation.has_app else []
        return page_of("members", [*conversation.members, *app], arguments)

    def _described(self, conversation: Conversation) -> Object:
        channel = conversation.channel
        if channel is None:
            return {
                "id": conversation.id,
                "is_im": True,
                "is_channel": False,
                "user": conversation.members[0],
                "is_archived": False,
            }
        return {
            "id": channel.id,
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": not channel.is_private,
            "is_group": channel.is_private and not channel.is_mpim,
            "is_im": False,
            "is_mpim": channel.is_mpim,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_member": conversation.has_app,
            "topic": {"value": channel.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
