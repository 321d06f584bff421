"""What does each Web API method do?

One function a method, named as Slack names it; arguments, answers and error words from the method's page on
docs.slack.dev/reference/methods. Whether it may be called at all is decided in `web_api`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocks.limits import MESSAGE_TEXT, found_in
from bot.demo.arguments import Arguments
from bot.demo.conversation_methods import ConversationMethods
from bot.demo.definition import User
from bot.demo.errors import Refusal
from bot.demo.file_methods import FileMethods
from bot.demo.files import Files
from bot.demo.history import History
from bot.demo.messages import UPDATED_TEXT, checked_content, checked_metadata
from bot.demo.pages import page_of
from bot.demo.payloads import Payloads
from bot.demo.places import Places
from bot.demo.socket_mode import SocketMode
from bot.demo.state import State
from bot.demo.triggers import Triggers
from bot.demo.views import Views
from bot.demo.web_api import Method

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
    places: Places
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
            "team.info": self._team_info,
            "users.info": self._users_info,
            "users.list": self._users_list,
            "views.open": self._views_open,
            "views.publish": self._views_publish,
            "views.push": self._views_push,
            "views.update": self._views_update,
            **ConversationMethods(self.state, self.places).table(),
            **History(self.state, self.payloads, self.places.visible).table(),
            **FileMethods(self.state, self.files, self.places.writable).table(),
        }

    def _connections_open(self, _arguments: Arguments) -> Object:
        if (
            not self.state.app.uses_sockets
        ):  # the word is the nearest on the page; which one Slack says is not documented
            raise Refusal("forbidden_team")
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

    def _team_info(self, arguments: Arguments) -> Object:
        team = self.state.definition.team
        if arguments.text("team", team.id) != team.id:
            raise Refusal("team_not_found")
        described: Object = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}
        return {"team": {**described, "icon": {"image_default": True}}}

    def _blocks_validate(self, arguments: Arguments) -> Object:
        kinds = [kind for kind in ("blocks", "message", "view") if kind in arguments]
        if len(kinds) != 1:
            raise Refusal("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, view or message"])
        kind = kinds[0]
        payload: Object = {"blocks": arguments.array(kind)} if kind == "blocks" else arguments.object(kind)
        found = found_in(payload)
        if not found.problems:
            return {}
        # The pointers of an array of blocks begin in the array. The page documents the constraint of an enumeration
        # and no other, and `invalid_blocks`; that the word follows the argument is reported (slack-morphism).
        errors = [
            {
                "pointer": pointer.removeprefix("/blocks") if kind == "blocks" else pointer,
                "code": "failed_constraint",
                "message": what,
                **({"constraint": found.constraints[pointer]} if pointer in found.constraints else {}),
            }
            for pointer, what in found.problems
        ]
        raise Refusal(f"invalid_{kind}", errors=errors)

    def _chat_post_message(self, arguments: Arguments) -> Object:
        conversation = self.places.writable(arguments.required("channel"))
        content = checked_content(arguments.raw())
        message = self.state.post(
            conversation.id,
            user=self.state.app.bot_user_id,
            text=content.text,
            blocks=content.blocks,
            attachments=content.attachments,
            username=self._username(arguments),
            metadata=checked_metadata(arguments.raw().get("metadata")),
            thread_ts=arguments.text("thread_ts") or None,
            broadcast=arguments.flag("reply_broadcast"),
        )
        return {"channel": conversation.id, "ts": message.ts, "message": self.payloads.message(message)}

    def _chat_post_ephemeral(self, arguments: Arguments) -> Object:
        conversation = self.places.writable(arguments.required("channel"))
        user_id = arguments.required("user")
        if user_id not in conversation.members:
            raise Refusal("user_not_in_channel")
        content = checked_content(arguments.raw(), most=MESSAGE_TEXT)
        message = self.state.post(
            conversation.id,
            user=self.state.app.bot_user_id,
            text=content.text,
            blocks=content.blocks,
            attachments=content.attachments,
            username=self._username(arguments),
            visible_to=user_id,
            thread_ts=arguments.text("thread_ts") or None,
        )
        return {"message_ts": message.ts}

    def _chat_update(self, arguments: Arguments) -> Object:
        if self.places.visible(arguments.required("channel")).is_archived:
            raise Refusal("is_inactive")
        message = self.places.own_message(arguments.text("channel"), arguments.required("ts"), "cant_update_message")
        raw = dict(arguments.raw())
        if not {"blocks", "markdown_text", "text"} & set(raw):  # the page: only then the previous blocks are retained
            raw["blocks"] = list(message.blocks or ())
        if "attachments" not in arguments:
            raw["attachments"] = list(message.attachments)
        content = checked_content(raw, most=UPDATED_TEXT)
        given = "metadata" in arguments
        changed = self.state.rewrite(
            message,
            text=content.text,
            blocks=content.blocks or None,
            attachments=content.attachments,
            metadata=checked_metadata(arguments.raw()["metadata"]) if given else message.metadata,
            edited=message.edited or not content.blocks,
        )
        return {
            "channel": changed.channel,
            "ts": changed.ts,
            "text": changed.text,
            "message": self.payloads.message(changed),
        }

    def _chat_delete(self, arguments: Arguments) -> Object:
        channel, ts = arguments.required("channel"), arguments.required("ts")
        message = self.places.own_message(channel, ts, "cant_delete_message")
        self.state.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _chat_permalink(self, arguments: Arguments) -> Object:
        conversation = self.places.visible(arguments.required("channel"))
        message = self.state.message(conversation.id, arguments.required("message_ts"))
        link = f"{self.address}/archives/{conversation.id}/p{message.ts.replace('.', '')}"
        return {"channel": conversation.id, "permalink": link}

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
        return page_of("members", found, arguments, default=len(found))

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
        if not view_id and not external_id:
            raise Refusal("invalid_arguments", messages=["[ERROR] must provide `view_id` or `external_id`"])
        view = self.views.find_external(external_id) if external_id else self.views.find(view_id)
        updated = self.views.update(view.id, fields, arguments.text("hash") or None)
        return {"view": self.payloads.view(updated)}

    def _views_publish(self, arguments: Arguments) -> Object:
        if not self.state.app.has_home:
            raise Refusal("not_enabled")
        user_id = arguments.required("user_id")
        if self.state.definition.user(user_id) is None:
            raise Refusal("invalid_arguments", messages=["invalid `user_id`"])
        view = self.views.publish(user_id, arguments.object("view"), arguments.text("hash") or None)
        return {"view": self.payloads.view(view, with_values=False)}

    def _username(self, arguments: Arguments) -> str | None:
        """The name that the app wants to write under; without the scope it is reported to be ignored."""
        return arguments.text("username") or None if "chat:write.customize" in self.state.app.scopes else None

    def _person(self, user: User, *, with_locale: bool) -> Object:
        profile = {"real_name": user.real_name, "display_name": user.name, "title": user.title}
        local = self.state.now().astimezone(ZoneInfo(user.zone))
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
            "tz_label": local.tzname(),
            "tz_offset": int((local.utcoffset() or timedelta()).total_seconds()),
            "profile": profile,
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_restricted": user.is_guest,
            "is_ultra_restricted": False,
            "is_bot": False,
            "is_app_user": False,
        }
        return {**described, "locale": user.locale} if with_locale else described
