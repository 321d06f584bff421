"""What does each Web API method do?

One function a method, named as Slack names it; arguments, answers and error words from the method's page on
docs.slack.dev/reference/methods. Whether it may be called at all is decided in `web_api`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from blocks.limits import problems
from bot.demo.arguments import Arguments
from bot.demo.definition import User
from bot.demo.errors import Refusal
from bot.demo.file_methods import FileMethods
from bot.demo.files import Files
from bot.demo.history import History
from bot.demo.messages import checked_content
from bot.demo.pages import page_of
from bot.demo.payloads import Payloads
from bot.demo.socket_mode import SocketMode
from bot.demo.state import Conversation, State
from bot.demo.surfaces import Message
from bot.demo.triggers import Triggers
from bot.demo.views import Views
from bot.demo.web_api import Method, require_scope

Object = dict[str, Any]


@dataclasses.dataclass(slots=True, kw_only=True)
class Methods:
    """The methods of one workspace. `address` is where it is reached, set once it runs."""

    state: State
    views: Views
    payloads: Payloads
    socket_mode: SocketMode
    triggers: Triggers
    files: Files
    address: str = ""

    def table(self) -> Mapping[str, Method]:
        """Every method by its name."""
        return {
            "apps.connections.open": self._connections_open,
            "auth.test": self._auth_test,
            "bots.info": self._bots_info,
            "blocks.validate": self._blocks_validate,
            "chat.delete": self._chat_delete,
            "chat.getPermalink": self._chat_permalink,
            "chat.postEphemeral": self._chat_post_ephemeral,
            "chat.postMessage": self._chat_post_message,
            "chat.update": self._chat_update,
            "conversations.info": self._conversations_info,
            "conversations.list": self._conversations_list,
            "conversations.members": self._conversations_members,
            "conversations.open": self._conversations_open,
            "team.info": self._team_info,
            "users.info": self._users_info,
            "users.list": self._users_list,
            "views.open": self._views_open,
            "views.publish": self._views_publish,
            "views.push": self._views_push,
            "views.update": self._views_update,
            **History(self.state, self.payloads, self._visible).table(),
            **FileMethods(self.state, self.files, self._writable).table(),
        }

    def _connections_open(self, _arguments: Arguments) -> Object:
        ticket = self.socket_mode.new_ticket()
        return {"url": f"{self.address.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.state.app.app_id}"}

    def _auth_test(self, _arguments: Arguments) -> Object:
        app, team = self.state.app, self.state.definition.team
        return {
            "url": f"{self.address}/",
            "team": team.name,
            "user": app.display_name,
            "team_id": team.id,
            "user_id": app.bot_user_id,
            "bot_id": app.bot_id,
            "is_enterprise_install": False,
        }

    def _bots_info(self, arguments: Arguments) -> Object:
        app = self.state.app
        if arguments.text("bot", app.bot_id) != app.bot_id:
            raise Refusal("bot_not_found")
        bot = {"id": app.bot_id, "deleted": False, "name": app.display_name, "app_id": app.app_id}
        return {"bot": {**bot, "user_id": app.bot_user_id, "updated": 0, "icons": {}}}

    def _team_info(self, _arguments: Arguments) -> Object:
        team = self.state.definition.team
        return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}

    def _blocks_validate(self, arguments: Arguments) -> Object:
        kinds = [kind for kind in ("blocks", "message", "view") if kind in arguments]
        if len(kinds) != 1:
            raise Refusal("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, view or message"])
        kind = kinds[0]
        payload: Object = {"blocks": arguments.array(kind)} if kind == "blocks" else arguments.object(kind)
        wrong = problems(payload)
        if not wrong:
            return {}
        # The pointers of an array of blocks begin in the array. That the word follows the argument is reported
        # (slack-morphism, api/blocks.rs), and so is that all codes but this one are.
        errors = [
            {
                "pointer": pointer.removeprefix("/blocks") if kind == "blocks" else pointer,
                "code": "failed_constraint",
                "message": what,
            }
            for pointer, what in wrong
        ]
        raise Refusal(f"invalid_{kind}", errors=errors)

    def _chat_post_message(self, arguments: Arguments) -> Object:
        conversation = self._writable(arguments.required("channel"))
        if arguments.text("username") or arguments.text("icon_emoji") or arguments.text("icon_url"):
            require_scope(self.state.app, frozenset({"chat:write.customize"}))
        text, blocks = checked_content(arguments.raw())
        message = self.state.post(
            conversation.id,
            user=self.state.app.bot_user_id,
            text=text,
            blocks=blocks,
            username=arguments.text("username") or None,
            metadata=arguments.object("metadata") if "metadata" in arguments else None,
            thread_ts=arguments.text("thread_ts") or None,
            broadcast=arguments.flag("reply_broadcast"),
        )
        return {"channel": conversation.id, "ts": message.ts, "message": self.payloads.message(message)}

    def _chat_post_ephemeral(self, arguments: Arguments) -> Object:
        conversation = self._writable(arguments.required("channel"))
        user_id = arguments.required("user")
        if user_id not in conversation.members:
            raise Refusal("user_not_in_channel")
        text, blocks = checked_content(arguments.raw())
        message = self.state.post(
            conversation.id,
            user=self.state.app.bot_user_id,
            text=text,
            blocks=blocks,
            username=arguments.text("username") or None,
            visible_to=user_id,
            thread_ts=arguments.text("thread_ts") or None,
        )
        return {"message_ts": message.ts}

    def _chat_update(self, arguments: Arguments) -> Object:
        message = self._own_message(arguments, "cant_update_message")
        if message.ephemeral:  # only a response_url reaches an ephemeral message
            raise Refusal("message_not_found")
        raw = dict(arguments.raw())
        if "blocks" not in arguments:  # the page: previous blocks are retained
            raw["blocks"] = list(message.blocks or ())
        text, blocks = checked_content(raw)
        changed = self.state.rewrite(message, text=text, blocks=blocks or None, edited=message.edited or not blocks)
        return {
            "channel": changed.channel,
            "ts": changed.ts,
            "text": changed.text,
            "message": self.payloads.message(changed),
        }

    def _chat_delete(self, arguments: Arguments) -> Object:
        message = self._own_message(arguments, "cant_delete_message")
        if message.ephemeral:
            raise Refusal("message_not_found")
        self.state.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _chat_permalink(self, arguments: Arguments) -> Object:
        conversation = self._visible(arguments.required("channel"))
        message = self.state.message(conversation.id, arguments.required("message_ts"))
        link = f"{self.address}/archives/{conversation.id}/p{message.ts.replace('.', '')}"
        return {"channel": conversation.id, "permalink": link}

    def _conversations_open(self, arguments: Arguments) -> Object:
        if "channel" in arguments:
            conversation = self.state.conversation(arguments.text("channel"))
        else:
            users = arguments.several("users")
            if len(users) != 1:  # several people at once are not spoken to here
                raise Refusal("users_list_not_supplied" if not users else "not_supported")
            conversation = self.state.direct_messages(users[0])
        require_scope(self.state.app, frozenset({"im:write"}))
        if not arguments.flag("return_im"):
            return {"channel": {"id": conversation.id}}
        return {"channel": self._described(conversation)}

    def _conversations_info(self, arguments: Arguments) -> Object:
        conversation = self._visible(arguments.required("channel"))
        require_scope(self.state.app, frozenset({f"{conversation.kind}:read"}))
        described = self._described(conversation)
        if arguments.flag("include_num_members"):
            described["num_members"] = len(conversation.members) + conversation.has_app
        return {"channel": described}

    def _conversations_list(self, arguments: Arguments) -> Object:
        kinds = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
        wanted = {kinds[kind] for kind in arguments.several("types") or ["public_channel"] if kind in kinds}
        for kind in wanted:
            require_scope(self.state.app, frozenset({f"{kind}:read"}))
        found = [
            self._described(conversation)
            for conversation in self.state.conversations()
            if conversation.kind in wanted
            and (conversation.has_app or conversation.kind == "channels")
            and not (arguments.flag("exclude_archived") and conversation.is_archived)
        ]
        return page_of("channels", found, arguments)

    def _conversations_members(self, arguments: Arguments) -> Object:
        conversation = self._visible(arguments.required("channel"))
        require_scope(self.state.app, frozenset({f"{conversation.kind}:read"}))
        app = [self.state.app.bot_user_id] if conversation.has_app else []
        return page_of("members", [*conversation.members, *app], arguments)

    def _users_info(self, arguments: Arguments) -> Object:
        user_id = arguments.required("user")
        app = self.state.app
        if user_id == app.bot_user_id:
            profile = {"real_name": app.display_name, "display_name": app.display_name, "bot_id": app.bot_id}
            described: Object = {"id": user_id, "name": app.display_name, "deleted": False, "is_bot": True}
            return {"user": {**described, "real_name": app.display_name, "profile": profile}}
        user = self.state.user(user_id)
        return {"user": self._person(user, with_locale=arguments.flag("include_locale"))}

    def _users_list(self, arguments: Arguments) -> Object:
        with_locale = arguments.flag("include_locale")
        found = [self._person(user, with_locale=with_locale) for user in self.state.definition.users]
        return page_of("members", found, arguments)

    def _views_open(self, arguments: Arguments) -> Object:
        fields = arguments.object("view")
        self.views.check(fields, "modal")
        user_id, conversation_id = self.triggers.exchange(arguments.required("trigger_id"))
        return {"view": self.payloads.view(self.views.open(user_id, fields, conversation_id), with_values=False)}

    def _views_push(self, arguments: Arguments) -> Object:
        fields = arguments.object("view")
        self.views.check(fields, "modal")
        user_id, _ = self.triggers.exchange(arguments.required("trigger_id"), for_push=True)
        return {"view": self.payloads.view(self.views.push(user_id, fields), with_values=False)}

    def _views_update(self, arguments: Arguments) -> Object:
        fields = arguments.object("view")
        view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
        if view_id and external_id:
            raise Refusal("invalid_arguments", messages=["[ERROR] Cannot provide both `view_id` and `external_id`"])
        view = self.views.find_external(external_id) if external_id else self.views.find(view_id)
        updated = self.views.update(view.id, fields, arguments.text("hash") or None)
        return {"view": self.payloads.view(updated)}

    def _views_publish(self, arguments: Arguments) -> Object:
        if not self.state.app.has_home:
            raise Refusal("not_enabled")
        fields = arguments.object("view")
        view = self.views.publish(arguments.required("user_id"), fields, arguments.text("hash") or None)
        return {"view": self.payloads.view(view, with_values=False)}

    def _visible(self, channel: str) -> Conversation:
        """A conversation that the app can know of: private channels only from inside."""
        conversation = self.state.conversation(channel)
        if conversation.kind == "groups" and not conversation.has_app:
            raise Refusal("channel_not_found")
        return conversation

    def _writable(self, channel: str) -> Conversation:
        """Where the app may write; a person's id stands for their direct messages, `#name` for a channel."""
        if self.state.definition.user(channel):
            return self.state.direct_messages(channel)
        named = [found for found in self.state.conversations() if found.channel and f"#{found.name}" == channel]
        conversation = self._visible(named[0].id if named else channel)
        if conversation.is_archived:
            raise Refusal("is_archived")
        anywhere = "chat:write.public" in self.state.app.scopes and conversation.kind == "channels"
        if not conversation.has_app and not anywhere:
            raise Refusal("not_in_channel")
        return conversation

    def _own_message(self, arguments: Arguments, otherwise: str) -> Message:
        conversation = self._visible(arguments.required("channel"))
        message = self.state.message(conversation.id, arguments.required("ts"))
        if message.user != self.state.app.bot_user_id:
            raise Refusal(otherwise)
        return message

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
            "is_group": channel.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_member": conversation.has_app,
            "topic": {"value": channel.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }

    def _person(self, user: User, *, with_locale: bool) -> Object:
        profile = {"real_name": user.real_name, "display_name": user.name, "title": user.title}
        if user.email and "users:read.email" in self.state.app.scopes:
            profile["email"] = user.email
        described: Object = {
            "id": user.id,
            "team_id": user.team_id or self.state.definition.team.id,
            "name": user.name,
            "deleted": user.deactivated,
            "color": user.color,
            "real_name": user.real_name,
            "tz": user.zone,
            "profile": profile,
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_restricted": user.is_guest,
            "is_ultra_restricted": False,
            "is_bot": False,
            "is_app_user": False,
        }
        return {**described, "locale": user.locale} if with_locale else described
