"""What does one person's page show now?

The `snapshot` of PAGE.md.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.demo.definition import User
from bot.demo.inbox import Inbox
from bot.demo.payloads import Payloads
from bot.demo.state import Conversation, State
from bot.demo.surfaces import Message
from bot.demo.views import Views

Object = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """Takes snapshots of one workspace."""

    state: State
    views: Views
    payloads: Payloads
    inbox: Inbox
    connected: Callable[[], bool]
    next_moment: Callable[[], datetime | None]
    outside: bool
    """Is what lies outside Slack shown: the mailbox, the telephone and the clock?"""

    def take(self, user_id: str) -> Object:
        """The snapshot for this person. Asks for the next moment first, outside the lock."""
        next_send = self.next_moment()
        with self.state.reading():
            definition, app = self.state.definition, self.state.app
            direct = self.state.direct_messages(user_id)
            home = self.views.home(user_id)
            return {
                "team": {"id": definition.team.id, "name": definition.team.name},
                "me": _user(self.state.user(user_id)),
                "users": [*map(_user, definition.users), self._bot()],
                "app": {
                    "name": app.display_name,
                    "bot_user_id": app.bot_user_id,
                    "dm_channel_id": direct.id,
                    "read_only": app.is_read_only,
                    "commands": [dataclasses.asdict(command) for command in app.commands],
                    "shortcuts": [dataclasses.asdict(shortcut) for shortcut in app.shortcuts],
                    "message_shortcuts": [dataclasses.asdict(shortcut) for shortcut in app.message_shortcuts],
                },
                "channels": [
                    self._channel(conversation, user_id)
                    for conversation in self.state.conversations()
                    if conversation.channel and user_id in conversation.members
                ],
                "dm": self._conversation(direct, user_id),
                "home": {
                    "view": self.payloads.view(home) if home else None,
                    "unread": self.views.home_is_unseen(user_id),
                },
                "modals": [self.payloads.view(view) for view in self.views.stack(user_id)],
                **(self._outside() if self.outside else {}),
                "clock": {
                    "ahead": self.state.clock.ahead.total_seconds(),
                    "now": self.state.now().isoformat(),
                    "zone": definition.zone,
                    "next_send": next_send.isoformat() if next_send else None,
                },
                "connected": self.connected(),
            }

    def _outside(self) -> Object:
        return {
            "mailbox": [
                {
                    "id": mail.id,
                    "to": mail.to,
                    "from": mail.from_,
                    "subject": mail.subject,
                    "received_at": mail.received_at.isoformat(),
                    "text": mail.text,
                    "html": mail.html,
                    "headers": [list(header) for header in mail.headers],
                }
                for mail in self.inbox.mailbox
            ],
            "phone": [
                {
                    "id": text.id,
                    "to": text.to,
                    "from": text.from_,
                    "text": text.text,
                    "received_at": text.received_at.isoformat(),
                }
                for text in self.inbox.phone
            ],
        }

    def _channel(self, conversation: Conversation, user_id: str) -> Object:
        channel = conversation.channel
        if channel is None:
            return self._conversation(conversation, user_id)
        members = [self.state.user(member) for member in conversation.members]
        return {
            **self._conversation(conversation, user_id),
            "name": channel.name,
            "topic": channel.topic,
            "members": [member.id for member in members],
            "is_private": channel.is_private,
            "is_mpim": channel.is_mpim,
            "is_shared": any(member.team_id not in (None, self.state.definition.team.id) for member in members),
        }

    def _conversation(self, conversation: Conversation, user_id: str) -> Object:
        return {
            "id": conversation.id,
            "unread": conversation.unread_by(user_id),
            "messages": [_message(message) for message in conversation.seen_by(user_id)],
        }

    def _bot(self) -> Object:
        app = self.state.app
        return {
            "id": app.bot_user_id,
            "name": app.display_name,
            "real_name": app.display_name,
            "title": "",
            "is_admin": False,
            "locale": "en-US",
            "zone": self.state.definition.zone,
            "deactivated": False,
            "is_bot": True,
            "color": "5b3f8c",
        }


def _user(user: User) -> Object:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "is_admin": user.is_admin,
        "locale": user.locale,
        "zone": user.zone,
        "deactivated": user.deactivated,
        "is_bot": False,
        "color": user.color,
    }


def _message(message: Message) -> Object:
    return {
        "ts": message.ts,
        "user": message.user,
        "username": message.username,
        "text": message.text,
        "blocks": list(message.blocks) if message.blocks else None,
        "edited": message.edited,
        "ephemeral": message.ephemeral,
        "deleted": False,
        "thread_ts": message.thread_ts,
        "broadcast": message.broadcast,
        "attachments": list(message.attachments),
        "files": [{key: file[key] for key in ("id", "name", "title", "mimetype", "size")} for file in message.files],
    }
