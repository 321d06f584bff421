"""What happens when a person does something?

Each method is one act of one person: it builds Slack's payload, sends it to the app, waits for the acknowledgement
and does what that says (docs.slack.dev, "Modals": "Handle view submissions", "Implementing slash commands";
SLACK.md). The page's socket and `Person` both act through here. A failure is a Refusal with the word that PAGE.md
lists. Every method but `typed` and `read` waits for the app, so none is called in the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from blocks.limits import problems
from bot.demo.delivery import Delivery, NotAcknowledged, NotConnected, refusal
from bot.demo.elements import (
    DEFAULT_MIN_QUERY_LENGTH,
    EXTERNAL,
    Placed,
    as_slack_keeps,
    initial_values,
    merged,
    value_key,
)
from bot.demo.errors import Refusal
from bot.demo.payloads import Payloads
from bot.demo.possible import impossible
from bot.demo.response_urls import ResponseUrls
from bot.demo.state import State
from bot.demo.submission import submission_errors
from bot.demo.surfaces import Message, Values, View
from bot.demo.triggers import Triggers
from bot.demo.views import Views

Object = dict[str, Any]

TROUBLE = "trouble"


class Interactions:
    """The acts of people in the workspace."""

    def __init__(
        self,
        state: State,
        views: Views,
        payloads: Payloads,
        delivery: Callable[[], Delivery],
        triggers: Triggers,
        response_urls: ResponseUrls,
    ) -> None:
        self._state = state
        self._views = views
        self._payloads = payloads
        self._delivery = delivery
        self._triggers = triggers
        self._response_urls = response_urls
        self._suggested: dict[tuple[str, str, str], set[str]] = {}
        """What the app offered so far, by surface, block_id and action_id."""

    def say(self, user_id: str, conversation_id: str, text: str, thread_ts: str | None = None) -> None:
        """Write a message, or a reply to one."""
        user = self._state.user(user_id)
        conversation = self._state.conversation(conversation_id)
        if user.id not in conversation.members:
            raise Refusal("not_in_channel")
        if conversation.is_archived:
            raise Refusal("is_archived")
        if not text.strip():
            raise Refusal("no_text")
        app = self._state.app
        if conversation.kind == "im" and (app.is_read_only or not app.has_messages):
            raise Refusal("messages_tab_disabled")
        mention = f"<@{app.bot_user_id}>"
        escaped = _escaped(text).replace(f"@{app.display_name}", mention)
        message = self._state.post(conversation.id, user=user.id, text=escaped, thread_ts=thread_ts)
        self._state.mark_read(user.id, conversation.id)
        if conversation.has_app:
            if app.hears(f"message.{conversation.kind}"):
                self._delivery().send_event(self._payloads.said("message", message))
            if mention in escaped and conversation.kind != "im" and app.hears("app_mention"):
                self._delivery().send_event(self._payloads.said("app_mention", message))

    def archive(self, conversation_id: str, *, archived: bool) -> None:
        """Archive a channel, or bring it back; the app is told if it is in it and listens."""
        conversation = self._state.archive(conversation_id, archived=archived)
        kind = "channel" if conversation.kind == "channels" else "group"
        event = f"{kind}_archive" if archived else f"{kind}_unarchive"
        if conversation.has_app and self._state.app.hears(event):
            self._delivery().send_event(self._payloads.archived(event, conversation))

    def place_app(self, conversation_id: str, *, present: bool) -> None:
        """Invite the app to a channel, or remove it; it is told if it listens."""
        conversation = self._state.place_app(conversation_id, present=present)
        kind = "channel" if conversation.kind == "channels" else "group"
        event = "member_joined_channel" if present else f"{kind}_left"
        if self._state.app.hears(event):
            self._delivery().send_event(self._payloads.app_placed(event, conversation))

    def command(self, user_id: str, conversation_id: str, line: str) -> None:
        """Type a slash command."""
        user = self._state.user(user_id)
        conversation = self._state.conversation(conversation_id)
        command, _, text = line.strip().partition(" ")
        if command not in {known.command for known in self._state.app.commands}:
            raise Refusal("unknown_command")
        payload = self._payloads.command(
            user,
            conversation,
            command,
            text.strip(),
            self._triggers.new(user.id, conversation.id),
            self._response_urls.new("commands", conversation.id, user.id),
        )
        answer = self._ask("slash_commands", payload, "operation_timeout")
        if answer in (None, "", {}):
            return
        body = answer if isinstance(answer, Mapping) else {"text": str(answer)}
        if body.get("response_type") == "in_channel":  # then all see what was typed, too
            self._state.post(conversation.id, user=user.id, text=_escaped(line.strip()))
            if set(body) == {"response_type"}:
                return
        try:
            self._response_urls.write(conversation.id, user.id, body)
        except Refusal:
            raise Refusal("invalid_command_response") from None

    def shortcut(self, user_id: str, callback_id: str) -> None:
        """Choose a global shortcut."""
        user = self._state.user(user_id)
        if callback_id not in {known.callback_id for known in self._state.app.shortcuts}:
            raise Refusal("unknown_shortcut")
        self._interactive(self._payloads.shortcut(user, callback_id, self._triggers.new(user.id)))

    def message_shortcut(self, user_id: str, message: Message | View, callback_id: str) -> None:
        """Choose a shortcut from the menu of a message; an ephemeral one has no menu."""
        user = self._state.user(user_id)
        if callback_id not in {known.callback_id for known in self._state.app.message_shortcuts}:
            raise Refusal("unknown_shortcut")
        if not isinstance(message, Message) or message.ephemeral:
            raise Refusal("message_not_found")
        trigger_id = self._triggers.new(user.id, message.channel)
        response_url = self._response_urls.new("actions", message.channel, user.id, message.ts)
        self._interactive(self._payloads.message_shortcut(user, message, callback_id, trigger_id, response_url))

    def open_home(self, user_id: str, tab: str = "home") -> None:
        """Open a tab of the app: its `home` or its `messages`; ValueError for any other."""
        user = self._state.user(user_id)
        if tab not in ("home", "messages"):
            raise ValueError(f"no such tab: {tab}")
        if tab == "home":
            self._views.see_home(user.id)
        else:
            self._state.mark_read(user.id, self._state.direct_messages(user.id).id)
        if self._state.app.hears("app_home_opened"):
            self._delivery().send_event(self._payloads.home_opened(user, tab, self._views.home(user.id)))

    def read(self, user_id: str, conversation_id: str) -> None:
        """Look at a conversation."""
        self._state.mark_read(user_id, conversation_id)

    def typed(self, user_id: str, view_id: str, values: Values) -> View:
        """Keep what is being typed into a view."""
        self._check_all(user_id, self._own_view(user_id, view_id), values)
        return self._views.keep_typed(view_id, values)

    def act(
        self,
        user_id: str,
        surface: View | Message,
        block_id: str,
        action_id: str,
        value: Mapping[str, Any],
        values: Values | None = None,
    ) -> None:
        """Press, choose or type in an element that tells the app at once.

        `value` is the element's value in Slack's shape, `values` all that is typed in the view, or chosen in the
        message: nobody but the person who acts has that before their eyes, so a message does not keep it.
        """
        user = self._state.user(user_id)
        placed = self._placed(surface, block_id, action_id)
        self._check(user_id, surface, placed, value)
        if placed.type == "workflow_button":  # starts a workflow, and tells the app nothing
            return
        action = self._payloads.action(placed, value)
        key = value_key(placed.type)
        touched: Object = {}
        if key is not None:
            touched = {placed.block_id: {placed.action_id: {"type": placed.type, key: value.get(key)}}}
        if isinstance(surface, View):
            self._check_all(user_id, self._own_view(user_id, surface.id), values or {})
            self._views.keep_typed(surface.id, values or {})
            view = self._views.keep_typed(surface.id, touched)
            trigger_id = self._triggers.new(user.id, view.conversation_id, from_modal=view.type == "modal")
            self._interactive(self._payloads.view_actions(user, view, action, trigger_id))
            return
        self._check_all(user_id, surface, values or {})
        held = merged(merged(initial_values(surface.every_block, surface.channel), values or {}), touched)
        self._interactive(
            self._payloads.message_actions(
                user,
                surface,
                held,
                action,
                self._triggers.new(user.id, surface.channel),
                self._response_urls.new("actions", surface.channel, user.id, surface.ts),
            )
        )

    def suggest(
        self,
        user_id: str,
        surface: View | Message,
        block_id: str,
        action_id: str,
        query: str,
        values: Values | None = None,
    ) -> Object:
        """Type into a menu whose options the app gives; `{"options": […]}` or `{"option_groups": […]}`."""
        user = self._state.user(user_id)
        placed = self._placed(surface, block_id, action_id)
        if placed.type not in EXTERNAL:
            raise Refusal(TROUBLE)
        if len(query) < placed.element.get("min_query_length", DEFAULT_MIN_QUERY_LENGTH):
            return {"options": []}
        if isinstance(surface, View):
            self._check_all(user_id, surface, values or {})
            surface = self._views.keep_typed(surface.id, values or {})
        answer = self._interactive(self._payloads.suggestion(user, surface, placed, query))
        if not isinstance(answer, Mapping) or problems(answer):
            raise Refusal(TROUBLE)
        key = "options" if "options" in answer else "option_groups"
        if key not in answer:
            raise Refusal(TROUBLE)
        finished = _finished(answer[key])
        options = finished if key == "options" else [option for group in finished for option in group["options"]]
        offered = self._suggested.setdefault(_place(surface, placed), set())
        offered |= {str(option["value"]) for option in options}
        return {key: finished}

    def submit(self, user_id: str, view_id: str, values: Values | None = None) -> dict[str, str]:
        """Press a modal's submit button; what is shown under the inputs, nothing if all went well."""
        user = self._state.user(user_id)
        view = self._own_view(user_id, view_id)
        if values:
            self._check_all(user_id, view, values)
            view = self._views.keep_typed(view_id, values)
        errors = submission_errors(view)
        if errors:
            return errors
        trigger_id = self._triggers.new(user.id, view.conversation_id, from_modal=True)
        payload = self._payloads.view_submission(user, view, trigger_id, self._chosen_urls(user_id, view))
        return self._after_submission(view, self._interactive(payload))

    def close(self, user_id: str, view_id: str, *, cleared: bool = False) -> None:
        """Close a modal (*Cancel*), or with `cleared` the whole stack (the cross in its corner).

        The app is told of the view that was cancelled, or of the first one where the cross was used (docs.slack.dev,
        "Modals"), if that view asked for it.
        """
        user = self._state.user(user_id)
        view = self._own_view(user_id, view_id)
        told = self._views.stack(user.id)[0] if cleared else view
        cleared = cleared or bool(view.fields.get("clear_on_close"))
        if cleared:
            self._views.clear(user.id)
        else:
            self._views.close(view.id)
        if told.fields.get("notify_on_close"):
            self._interactive(self._payloads.view_closed(user, told, cleared=cleared))

    def surface(self, user_id: str, place: Mapping[str, Any]) -> View | Message:
        """What PAGE.md calls a surface: `{view_id}` or `{channel, ts}`, if this person sees it."""
        if "view_id" in place:
            return self._own_view(user_id, str(place["view_id"]))
        message = self._state.message(str(place.get("channel")), str(place.get("ts")))
        if user_id not in self._state.conversation(message.channel).members:
            raise Refusal("channel_not_found")
        if message.visible_to not in (None, user_id):
            raise Refusal("message_not_found")
        return message

    def _own_view(self, user_id: str, view_id: str) -> View:
        view = self._views.find(view_id)
        if view.user_id != user_id:
            raise Refusal("not_found")
        return view

    def _placed(self, surface: View | Message, block_id: str, action_id: str) -> Placed:
        for placed in surface.elements():
            if (placed.block_id, placed.action_id) == (block_id, action_id):
                return placed
        raise Refusal("not_found")

    def _check(self, user_id: str, surface: View | Message, placed: Placed, value: Mapping[str, Any]) -> None:
        suggested = self._suggested.get(_place(surface, placed), ())
        wrong = impossible(placed, value, self._state, user_id, suggested)
        if wrong:
            raise Refusal("invalid_request", messages=[f"{placed.action_id}: {wrong}"])

    def _check_all(self, user_id: str, surface: View | Message, values: Values) -> None:
        for placed in surface.elements():
            value = values.get(placed.block_id, {}).get(placed.action_id)
            if value is not None:
                self._check(user_id, surface, placed, value)

    def _chosen_urls(self, user_id: str, view: View) -> list[Object]:
        """`response_urls`: one for each conversation chosen in an input with `response_url_enabled`."""
        found: list[Object] = []
        for placed in view.elements():
            held = view.values.get(placed.block_id, {}).get(placed.action_id)
            chosen = held.get(value_key(placed.type) or "") if held else None
            if placed.element.get("response_url_enabled") is True and chosen:
                url = self._response_urls.new("app", chosen, user_id)
                place = {"block_id": placed.block_id, "action_id": placed.action_id}
                found.append({**place, "channel_id": chosen, "response_url": url})
        return found

    def _ask(self, kind: str, payload: Mapping[str, Any], otherwise: str) -> object:
        try:
            return self._delivery().deliver(kind, payload)
        except (NotConnected, NotAcknowledged) as error:
            raise refusal(error, otherwise) from None

    def _interactive(self, payload: Mapping[str, Any]) -> object:
        if not self._state.app.is_interactive:
            raise Refusal(TROUBLE, messages=["interactivity is not enabled in the manifest"])
        return self._ask("interactive", payload, TROUBLE)

    def _after_submission(self, view: View, answer: object) -> dict[str, str]:
        if answer in (None, "", {}):
            self._views.close(view.id)
            return {}
        if not isinstance(answer, Mapping):
            raise Refusal(TROUBLE)
        match answer.get("response_action"):
            case "errors":
                return _field_errors(view, answer.get("errors"))
            case "clear":
                self._views.clear(view.user_id)
            case "update":
                self._show(lambda fields: self._views.update(view.id, fields), answer)
            case "push":
                self._show(lambda fields: self._views.push(view.user_id, fields), answer)
            case other:
                raise Refusal(TROUBLE, messages=[f"no such response_action: {other}"])
        return {}

    def _show(self, show: Any, answer: Mapping[str, Any]) -> None:  # noqa: ANN401 - any callable
        fields = answer.get("view")
        if not isinstance(fields, Mapping):
            raise Refusal(TROUBLE, messages=["the response_action has no view"])
        try:
            show(fields)
        except Refusal as error:
            raise Refusal(TROUBLE, messages=[error.error, *error.messages]) from None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _place(surface: View | Message, placed: Placed) -> tuple[str, str, str]:
    name = surface.id if isinstance(surface, View) else f"{surface.channel}/{surface.ts}"
    return name, placed.block_id, placed.action_id


def _field_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {str(block["block_id"]) for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, Mapping) or not errors or not set(errors) <= inputs:
        raise Refusal(TROUBLE, messages=["the keys of errors must be block_ids of input blocks in the view"])
    return {str(block_id): str(text) for block_id, text in errors.items()}


def _finished(options: list[Object]) -> list[Object]:
    """Options with the defaults that Slack adds to texts."""
    carrier = as_slack_keeps([{"type": "options", "options": options}])
    finished: list[Object] = carrier[0]["options"]
    return finished
