"""What would a person at the page do, and what would they see?

A `Person` acts as one of the staff from a test, through the same functions as the page's socket, and is as limited as
a browser: an option that is not offered cannot be chosen, a date must be a date. Views and messages are frozen values;
ask again (`modal`, `messages`) to see what came of an act, or wait with `wait_for`.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from datetime import time as wall_time
from typing import Any, TypeVar

from blocks.limits_elements import TEXT_INPUT
from bot.demo.definition import User
from bot.demo.elements import EXTERNAL, OFFERING, SEVERAL, TYPED, Placed, empty_value, entry, value_key
from bot.demo.errors import ImpossibleInput, Refusal
from bot.demo.interactions import Interactions
from bot.demo.rich_text import rich_text
from bot.demo.state import State
from bot.demo.surfaces import Message, View
from bot.demo.views import Views

Object = dict[str, Any]
Surface = View | Message
Result = TypeVar("Result")

_LOOK_AGAIN = 0.25  # what a predicate looks at may lie outside the workspace


@dataclasses.dataclass(frozen=True, slots=True)
class SubmitResult:
    """What came of pressing submit: nothing wrong, errors under inputs, or trouble."""

    errors: dict[str, str] = dataclasses.field(default_factory=dict)
    """The text shown under each input, by block_id."""
    error: str | None = None
    """`trouble` when the app did not answer as it must."""
    messages: tuple[str, ...] = ()
    """What was wrong with the app's answer, for the developer."""

    @property
    def ok(self) -> bool:
        """Was the form taken?"""
        return not self.errors and self.error is None


class Person:
    """One of the staff. Made by `LocalWorkspace.person`."""

    def __init__(self, user: User, state: State, views: Views, interactions: Interactions) -> None:
        self.user = user
        self._state = state
        self._views = views
        self._act = interactions

    @property
    def id(self) -> str:
        """The person's id."""
        return self.user.id

    @property
    def modal(self) -> View | None:
        """The modal on top, None if none is open."""
        stack = self.modals
        return stack[-1] if stack else None

    @property
    def modals(self) -> tuple[View, ...]:
        """The open modals, the last one on top."""
        return self._views.stack(self.user.id)

    @property
    def home(self) -> View | None:
        """What the app shows on Home."""
        return self._views.home(self.user.id)

    @property
    def values(self) -> dict[str, dict[str, Object]]:
        """`state.values` of the modal on top."""
        return self._top().values

    @property
    def dm(self) -> tuple[Message, ...]:
        """The direct messages with the app, the oldest first."""
        return self.messages(self.dm_id)

    @property
    def dm_id(self) -> str:
        """The id of the direct messages with the app."""
        return self._state.direct_messages(self.user.id).id

    def messages(self, channel: str) -> tuple[Message, ...]:
        """What this person sees in a channel (its id, or `#name`), the oldest first."""
        conversation = self._state.conversation(self._channel_id(channel))
        if self.user.id not in conversation.members:
            raise Refusal("channel_not_found")
        with self._state.reading():
            return tuple(conversation.seen_by(self.user.id))

    def unread(self, channel: str) -> int:
        """How many messages of a channel this person has not read."""
        with self._state.reading():
            return self._state.conversation(self._channel_id(channel)).unread_by(self.user.id)

    def say(self, channel: str, text: str, *, thread_ts: str | None = None) -> None:
        """Write a message in a channel (its id, `#name`, or `dm` for the app), or a reply there."""
        self._act.say(self.user.id, self._channel_id(channel), text, thread_ts)

    def message_shortcut(self, message: Message, callback_id: str) -> None:
        """Choose a shortcut from the menu of a message."""
        self._act.message_shortcut(self.user.id, self._again(message), callback_id)

    def command(self, command: str, text: str = "", *, channel: str | None = None) -> None:
        """Type a slash command, by default in the first channel this person is in.

        Raises Refusal with `unknown_command`, `operation_timeout`, `not_connected` or `invalid_command_response`.
        """
        place = self._first_channel() if channel is None else self._channel_id(channel)
        self._act.command(self.user.id, place, f"{command} {text}".strip())

    def shortcut(self, callback_id: str) -> None:
        """Choose a global shortcut."""
        self._act.shortcut(self.user.id, callback_id)

    def open_home(self) -> None:
        """Open the app's Home tab."""
        self._act.open_home(self.user.id)

    def press(
        self, surface: Surface, action_id: str, block_id: str | None = None, *, option: str | None = None
    ) -> None:
        """Press a button of a view or a message, and its confirmation.

        `option` is the text of an overflow's choice, or of one of two feedback buttons.

        Raises Refusal with `trouble` when the app does not acknowledge it.
        """
        surface = self._again(surface)
        placed = self._find(surface, action_id, block_id)
        value: Object = {"type": placed.type}
        if placed.type == "overflow":
            value["selected_option"] = self._offered(placed, option or "")
        elif placed.type == "feedback_buttons":
            value["value"] = _opinion(placed, option or "")
        elif placed.type not in ("button", "icon_button", "workflow_button"):
            raise ImpossibleInput(f"{action_id} is a {placed.type}, not a button")
        self._act.act(self.user.id, surface, placed.block_id, placed.action_id, value)

    def fill(self, target: str, value: object, *, enter: bool = False, on: Surface | None = None) -> None:
        """Type into an input, or pick a date or time; None or "" empties it. Rich text is typed plain.

        `target` is an action_id, or a block_id or the beginning of one; it is looked for in the modal on top unless
        `on` says otherwise. `enter` presses Enter afterwards, which is what makes an input with `dispatch_action`
        tell the app unless its `dispatch_action_config` says `on_character_entered`.
        """
        surface = self._again(on) if on is not None else self._top()
        placed = self._target(surface, target)
        if value in ("", None):
            held: object = empty_value(placed.type)
        elif placed.type in TYPED:
            held = _typable(placed, str(value))
        elif placed.type == "rich_text_input":
            held = rich_text(str(value))
        else:
            held = _pickable(placed, value)
        told = placed.dispatches
        if placed.type in TYPED or placed.type == "rich_text_input":
            told = placed.dispatches_on("on_character_entered") or (enter and placed.dispatches_on("on_enter_pressed"))
        self._hold(surface, placed, held, told=told)

    def choose(self, target: str, *labels: str, query: str | None = None, on: Surface | None = None) -> None:
        """Choose in a menu, radio buttons or checkboxes by the text that is shown; no label empties it.

        For checkboxes and multi-selects, the labels are all that is chosen afterwards. In a menu whose options come
        from the app, `query` is typed first (by default the label itself). People and channels are chosen by name.
        """
        surface = self._again(on) if on is not None else self._top()
        placed = self._target(surface, target)
        if value_key(placed.type) is None or placed.type in TYPED:
            raise ImpossibleInput(f"{target} is a {placed.type}, nothing can be chosen in it")
        if placed.type not in SEVERAL and len(labels) > 1:
            raise ImpossibleInput(f"{target} takes one choice")
        if not labels and placed.type == "radio_buttons":
            raise ImpossibleInput("radio buttons cannot be emptied")
        most = placed.element.get("max_selected_items")
        if most is not None and len(labels) > most:
            raise ImpossibleInput(f"{target} takes at most {most} choices")
        chosen = [self._choice(surface, placed, label, query) for label in labels]
        held: object = chosen if placed.type in SEVERAL else (chosen[0] if chosen else None)
        self._hold(surface, placed, held, told=placed.dispatches)

    def suggest(self, target: str, query: str, *, on: Surface | None = None) -> list[str]:
        """Type into a menu whose options come from the app, and read what it offers."""
        surface = self._again(on) if on is not None else self._top()
        placed = self._target(surface, target)
        return [str(option["text"]["text"]) for option in self._suggestions(surface, placed, query)]

    def submit(self) -> SubmitResult:
        """Press the submit button of the modal on top."""
        view = self._top()
        if view.fields.get("submit") is None and not any(placed.is_input for placed in view.elements()):
            raise ImpossibleInput("the modal has no submit button")
        try:
            return SubmitResult(self._act.submit(self.user.id, view.id))
        except Refusal as refusal:
            return SubmitResult(error=refusal.error, messages=refusal.messages)

    def close(self, *, cleared: bool = False) -> None:
        """Close the modal on top (*Cancel*), or all of them (the cross in the corner)."""
        self._act.close(self.user.id, self._top().id, cleared=cleared)

    def wait_for(self, predicate: Callable[[], Result | None], timeout: float = 5.0) -> Result:
        """Wait until `predicate` gives something true, and return that; TimeoutError after `timeout` seconds.

        It is asked again after each change in the workspace, and now and then in case it looks elsewhere.
        """
        ends = time.monotonic() + timeout
        while True:
            version = self._state.version
            result = predicate()
            if result:
                return result
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError("what was waited for did not happen")
            self._state.wait_past(version, min(left, _LOOK_AGAIN))

    def wait_for_modal(self, callback_id: str | None = None, timeout: float = 5.0) -> View:
        """Wait until a modal (with this callback_id) is on top."""

        def found() -> View | None:
            modal = self.modal
            return modal if modal and callback_id in (None, modal.callback_id) else None

        return self.wait_for(found, timeout)

    def _top(self) -> View:
        modal = self.modal
        if modal is None:
            raise ImpossibleInput("no modal is open")
        return modal

    def _again(self, surface: Surface) -> Surface:
        """The view or message as it is now."""
        if isinstance(surface, View):
            return self._act.surface(self.user.id, {"view_id": surface.id})
        return self._act.surface(self.user.id, {"channel": surface.channel, "ts": surface.ts})

    def _channel_id(self, channel: str) -> str:
        if channel == "dm":
            return self.dm_id
        for conversation in self._state.conversations():
            if conversation.channel and channel in (conversation.id, conversation.name, f"#{conversation.name}"):
                return conversation.id
        return channel

    def _first_channel(self) -> str:
        for conversation in self._state.conversations():
            if self.user.id in conversation.members:
                return conversation.id
        raise ImpossibleInput("the person is nowhere")

    def _find(self, surface: Surface, action_id: str, block_id: str | None = None) -> Placed:
        for placed in surface.elements():
            if placed.action_id == action_id and block_id in (None, placed.block_id):
                return placed
        raise ImpossibleInput(
            f"there is no {action_id}; there are {[placed.action_id for placed in surface.elements()]}"
        )

    def _target(self, surface: Surface, target: str) -> Placed:
        for placed in surface.elements():
            if placed.action_id == target:
                return placed
        for placed in surface.elements():
            if placed.block_id.startswith(target):
                return placed
        return self._find(surface, target)

    def _hold(self, surface: Surface, placed: Placed, value: object, *, told: bool) -> None:
        held = entry(placed.element, value)
        if told:
            self._act.act(self.user.id, surface, placed.block_id, placed.action_id, held)
        elif isinstance(surface, View):
            self._act.typed(self.user.id, surface.id, {placed.block_id: {placed.action_id: held}})

    def _choice(self, surface: Surface, placed: Placed, label: str, query: str | None) -> object:
        if placed.type in OFFERING:
            return self._offered(placed, label)
        if placed.type in EXTERNAL:
            options = self._suggestions(surface, placed, label if query is None else query)
            return _labelled(options, label)
        if "users" in placed.type:
            named = {name: user.id for user in self._state.definition.users for name in (user.real_name, user.name)}
        elif "conversations" in placed.type or "channels" in placed.type:
            named = {channel.name: channel.id for channel in self._state.definition.channels}
        else:
            raise ImpossibleInput(f"nothing can be chosen in a {placed.type}")
        if label not in named:
            raise ImpossibleInput(f"{label!r} is not offered")
        return named[label]

    def _offered(self, placed: Placed, label: str) -> Object:
        return _labelled(placed.options(), label)

    def _suggestions(self, surface: Surface, placed: Placed, query: str) -> list[Object]:
        answer = self._act.suggest(self.user.id, surface, placed.block_id, placed.action_id, query)
        groups: list[Mapping[str, Any]] = answer.get("option_groups", [])
        return [*answer.get("options", []), *(option for group in groups for option in group["options"])]


def _labelled(options: list[Object], label: str) -> Object:
    for option in options:
        if option["text"]["text"] == label:
            return option
    offered = [option["text"]["text"] for option in options]
    raise ImpossibleInput(f"{label!r} is not offered; offered are {offered}")


def _opinion(placed: Placed, label: str) -> object:
    for key in ("positive_button", "negative_button"):
        if placed.element[key]["text"]["text"] == label:
            return placed.element[key]["value"]
    raise ImpossibleInput(f"{label!r} is on neither button")


def _typable(placed: Placed, value: str) -> str:
    """The text, if a browser lets one type it."""
    if placed.type == "plain_text_input":
        most = placed.element.get("max_length", TEXT_INPUT)
        if len(value) > most:
            raise ImpossibleInput(f"{placed.action_id} takes at most {most} characters")
        if not placed.element.get("multiline") and "\n" in value:
            raise ImpossibleInput(f"{placed.action_id} has one line")
    return value


def _pickable(placed: Placed, value: object) -> object:
    """The date, time or moment as Slack writes it."""
    try:
        match placed.type:
            case "datepicker":
                day = value if isinstance(value, date) else date.fromisoformat(str(value))
                return day.strftime("%Y-%m-%d")
            case "timepicker":
                hour = value if isinstance(value, wall_time) else wall_time.fromisoformat(str(value))
                return hour.strftime("%H:%M")
            case "datetimepicker":
                return int(value.timestamp()) if isinstance(value, datetime) else int(str(value))
    except ValueError as error:
        raise ImpossibleInput(f"{placed.action_id}: {error}") from None
    raise ImpossibleInput(f"{placed.action_id} is a {placed.type}, nothing can be typed into it")
