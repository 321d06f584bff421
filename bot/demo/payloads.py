"""What does Slack send to the app?

Payloads built from docs.slack.dev, "Implementing slash commands", "view_submission / view_closed / block_actions /
block_suggestion / shortcuts payload", "Events API" and "app_home_opened", and compared with the fixtures that
slack_bolt and slack_sdk are tested with.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bot.demo.definition import User
from bot.demo.elements import Placed, value_key
from bot.demo.errors import Refusal
from bot.demo.ids import slack_id
from bot.demo.rich_text import rich_text
from bot.demo.state import Conversation, State
from bot.demo.surfaces import Message, View

Object = dict[str, Any]


class Payloads:
    """Builds what one app in one workspace is sent."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._app = state.app
        self._team = state.definition.team

    def command(
        self, user: User, conversation: Conversation, command: str, text: str, trigger_id: str, response_url: str
    ) -> Object:
        """A slash command."""
        return {
            "token": self._app.verification_token,
            "team_id": self._team.id,
            "team_domain": self._team.domain,
            "channel_id": conversation.id,
            "channel_name": conversation.name,
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self._app.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": trigger_id,
        }

    def shortcut(self, user: User, callback_id: str, trigger_id: str) -> Object:
        """A global shortcut."""
        return {
            **self._interaction("shortcut", user),
            "action_ts": self._state.next_ts(),
            "callback_id": callback_id,
            "trigger_id": trigger_id,
        }

    def message_shortcut(
        self, user: User, message: Message, callback_id: str, trigger_id: str, response_url: str
    ) -> Object:
        """A shortcut from a message's menu."""
        conversation = self._state.conversation(message.channel)
        return {
            **self._interaction("message_action", user),
            "action_ts": self._state.next_ts(),
            "callback_id": callback_id,
            "trigger_id": trigger_id,
            "response_url": response_url,
            "message_ts": message.ts,
            "message": self.message(message),
            "channel": {"id": conversation.id, "name": conversation.name},
        }

    def view_submission(self, user: User, view: View, trigger_id: str, response_urls: Sequence[Object] = ()) -> Object:
        """A modal's submit button."""
        return {
            **self._interaction("view_submission", user),
            "trigger_id": trigger_id,
            "view": self.view(view),
            "response_urls": list(response_urls),
        }

    def view_closed(self, user: User, view: View, *, cleared: bool) -> Object:
        """A modal that a person closed. Its state is without the input blocks (the page of the payload)."""
        inputs = {block["block_id"] for block in view.fields["blocks"] if block["type"] == "input"}
        values = {block_id: held for block_id, held in view.values.items() if block_id not in inputs}
        described = {**self.view(view), "state": {"values": values}}
        return {**self._interaction("view_closed", user), "view": described, "is_cleared": cleared}

    def view_actions(self, user: User, view: View, action: Object, trigger_id: str) -> Object:
        """A press or a choice in a modal or on Home."""
        return {
            **self._interaction("block_actions", user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": trigger_id,
            "view": self.view(view),
            "actions": [action],
        }

    def message_actions(
        self,
        user: User,
        message: Message,
        values: Mapping[str, Any],
        action: Object,
        trigger_id: str,
        response_url: str,
    ) -> Object:
        """A press or a choice on a message."""
        conversation = self._state.conversation(message.channel)
        payload: Object = {
            **self._interaction("block_actions", user),
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": conversation.id,
                "is_ephemeral": message.ephemeral,
            },
            "trigger_id": trigger_id,
            "channel": {"id": conversation.id, "name": conversation.name},
            "state": {"values": values},
            "response_url": response_url,
            "actions": [action],
        }
        if not message.ephemeral:
            payload["message"] = self.message(message)
        return payload

    def suggestion(self, user: User, surface: View | Message, placed: Placed, query: str) -> Object:
        """What was typed into a menu whose options the app gives."""
        payload: Object = {
            **self._interaction("block_suggestion", user),
            "action_id": placed.action_id,
            "block_id": placed.block_id,
            "value": query,
        }
        if isinstance(surface, View):
            return {**payload, "container": {"type": "view", "view_id": surface.id}, "view": self.view(surface)}
        conversation = self._state.conversation(surface.channel)
        return {
            **payload,
            "container": {
                "type": "message",
                "message_ts": surface.ts,
                "channel_id": conversation.id,
                "is_ephemeral": surface.ephemeral,
            },
            "channel": {"id": conversation.id, "name": conversation.name},
            "message": self.message(surface),
        }

    def home_opened(self, user: User, tab: str, home: View | None) -> Object:
        """The event `app_home_opened`; it carries the view once there is one."""
        event: Object = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self._state.direct_messages(user.id).id,
            "tab": tab,
            "event_ts": self._state.next_ts(),
        }
        return self._event({**event, "view": self.view(home)} if home and tab == "home" else event)

    def said(self, kind: str, message: Message) -> Object:
        """The event `message` or `app_mention`."""
        event: Object = {
            "type": kind,
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self._team.id,
            "channel": message.channel,
            "event_ts": message.ts,
            **_composed(message),
        }
        if message.thread_ts:
            event |= {"thread_ts": message.thread_ts, "parent_user_id": self._parent(message)}
        if kind == "message":
            kinds = {"channels": "channel", "groups": "group"}
            kind = self._state.conversation(message.channel).kind
            event["channel_type"] = kinds.get(kind, kind)
        return self._event(event)

    def archived(self, kind: str, conversation: Conversation) -> Object:
        """The events `channel_archive`, `group_unarchive` and so on."""
        user = conversation.members[0] if conversation.members else ""
        return self._event({"type": kind, "channel": conversation.id, "user": user, "event_ts": self._state.next_ts()})

    def app_placed(self, kind: str, conversation: Conversation) -> Object:
        """The events `member_joined_channel`, of the app itself, and `channel_left` or `group_left`."""
        event: Object = {"type": kind, "channel": conversation.id, "event_ts": self._state.next_ts()}
        if kind == "member_joined_channel":
            letter = "C" if conversation.kind == "channels" else "G"
            event |= {"user": self._app.bot_user_id, "channel_type": letter, "team": self._team.id}
        return self._event(event)

    def action(self, placed: Placed, value: Mapping[str, Any]) -> Object:
        """One entry of `actions`: the element, what was chosen or typed, and when."""
        element = placed.element
        action: Object = {"type": placed.type, "block_id": placed.block_id, "action_id": placed.action_id}
        if placed.type == "feedback_buttons":
            chosen = next(
                element[name]
                for name in ("positive_button", "negative_button")
                if element[name]["value"] == value.get("value")
            )
            action |= {"text": chosen["text"], "value": chosen["value"]}
        shown = ("text", "value", "style", "placeholder", "initial_option", "initial_date")
        action |= {name: element[name] for name in shown if name in element}
        key: str | None = "selected_option" if placed.type == "overflow" else value_key(placed.type)
        if key is not None:
            action[key] = value.get(key)
        return {**action, "action_ts": self._state.next_ts()}

    def view(self, view: View, *, with_values: bool = True) -> Object:
        """A view object, as methods return it and payloads carry it."""
        fields = view.fields
        return {
            "id": view.id,
            "team_id": self._team.id,
            "type": view.type,
            "blocks": fields["blocks"],
            "private_metadata": view.private_metadata,
            "callback_id": view.callback_id,
            "state": {"values": view.values if with_values else {}},
            "hash": view.hash,
            "title": fields.get("title"),
            "clear_on_close": bool(fields.get("clear_on_close")),
            "notify_on_close": bool(fields.get("notify_on_close")),
            "close": fields.get("close"),
            "submit": fields.get("submit"),
            "previous_view_id": view.previous_view_id,
            "root_view_id": view.root_view_id,
            "app_id": self._app.app_id,
            "external_id": view.external_id,
            "app_installed_team_id": self._team.id,
            "bot_id": self._app.bot_id,
        }

    def message(self, message: Message) -> Object:
        """A message object, as methods return it and payloads carry it."""
        found: Object = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self._team.id,
        }
        if message.user != self._app.bot_user_id:
            found |= _composed(message)
        else:
            found |= {"bot_id": self._app.bot_id, "app_id": self._app.app_id}
        if message.username:
            found |= {"subtype": "bot_message", "username": message.username}
        if message.blocks:
            found["blocks"] = list(message.blocks)
        if message.attachments:
            found["attachments"] = list(message.attachments)
        if message.edited:
            found["edited"] = {"user": message.user, "ts": message.ts}
        if message.metadata:
            found["metadata"] = message.metadata
        if message.thread_ts:
            found |= {"thread_ts": message.thread_ts, "parent_user_id": self._parent(message)}
            found |= {"subtype": "thread_broadcast"} if message.broadcast else {}
        elif replies := self._state.replies(message.channel, message.ts):
            writers = list(dict.fromkeys(reply.user for reply in replies))
            found |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": writers,
                "reply_users_count": len(writers),
                "latest_reply": replies[-1].ts,
            }
        if message.files:
            found["files"] = list(message.files)
        return found

    def _parent(self, message: Message) -> str | None:
        try:
            return self._state.message(message.channel, str(message.thread_ts)).user
        except Refusal:  # it was deleted
            return None

    def _interaction(self, kind: str, user: User) -> Object:
        return {
            "type": kind,
            "team": {"id": self._team.id, "domain": self._team.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": self._team.id},
            "api_app_id": self._app.app_id,
            "token": self._app.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _event(self, event: Object) -> Object:
        return {
            "token": self._app.verification_token,
            "team_id": self._team.id,
            "context_team_id": self._team.id,
            "context_enterprise_id": None,
            "api_app_id": self._app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": slack_id("Ev"),
            "event_time": int(self._state.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._team.id,
                    "user_id": self._app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": self._context(event),
        }

    def _context(self, event: Object) -> str:
        """Which event in which channel, as an opaque word (slack_bolt's fixtures have it)."""
        where = {"et": event["type"], "tid": self._team.id, "aid": self._app.app_id, "cid": event.get("channel")}
        return "4-" + base64.b64encode(json.dumps(where).encode()).decode()


def _composed(message: Message) -> Object:
    """What the client's composer adds to a message that a person wrote: its words as rich text, and an id."""
    name = f"{message.channel}/{message.ts}"
    own_id = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
    typed = message.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return {"client_msg_id": own_id, "blocks": [rich_text(typed, block_id=own_id[:5])]}
