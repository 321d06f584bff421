"""What do the inputs look like that all forms share?

Each stands in a place of its own: with its ids, the label above and the hint below, which are translated words.
Whatever could be too long is cut here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Sequence
from enum import Enum

from slack_sdk.models.blocks import (
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    EmailInputElement,
    ExternalDataSelectElement,
    InputBlock,
    NumberInputElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from blocks.elements import Choice, Json, as_json, chosen, is_date, offered, option, placeholder_text
from blocks.limits import clip
from blocks.limits_blocks import (
    INPUT_HINT,
    INPUT_LABEL,
)
from blocks.limits_elements import (
    TEXT_INPUT,
)
from blocks.text import plain, typeable, visible


class Dispatch(Enum):
    """When an input tells the bot at once, before the form is saved."""

    NEVER = None
    WHEN_CHANGED = "on_enter_pressed"
    """Choices: when one is made. Typed text: on Enter or when the field is left."""
    WITH_EVERY_CHARACTER = "on_character_entered"


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """What all inputs have: their ids, the label above, the hint below, and how they behave."""

    block_id: str
    action_id: str
    label: str
    hint: str = ""
    optional: bool = False
    dispatch: Dispatch = Dispatch.NEVER
    focus: bool = False


def text_input(
    place: Place, initial: str = "", *, multiline: bool = False, max_length: int = TEXT_INPUT, placeholder: str = ""
) -> Json:
    """A field for text, on one line or several, as long as Slack allows: the bot refuses what is too long for it.

    With `max_length` Slack takes no more, for what is not worth a refusal.
    """
    return _input(
        place,
        PlainTextInputElement(
            action_id=place.action_id,
            initial_value=clip(typeable(initial), max_length) or None,
            multiline=multiline,
            max_length=max_length,
            placeholder=placeholder_text(placeholder),
            dispatch_action_config=_dispatch_config(place),
            focus_on_load=place.focus or None,
        ),
    )


def email_input(place: Place, initial: str = "") -> Json:
    """A field for one e-mail address."""
    return _input(
        place,
        EmailInputElement(
            action_id=place.action_id,
            initial_value=clip(typeable(initial), TEXT_INPUT) or None,
            dispatch_action_config=_dispatch_config(place),
            focus_on_load=place.focus or None,
        ),
    )


def number_input(place: Place, initial: str = "") -> Json:
    """A field for a whole number.

    Without bounds: the bot refuses in the user's language and says what would work, which Slack's own check does not,
    and a view with an initial value outside its bounds would not be taken at all.
    """
    return _input(
        place,
        NumberInputElement(
            action_id=place.action_id,
            is_decimal_allowed=False,
            initial_value=initial if re.fullmatch(r"-?[0-9]{1,15}", initial) else None,
            dispatch_action_config=_dispatch_config(place),
            focus_on_load=place.focus or None,
        ),
    )


def date_input(place: Place, initial: str = "") -> Json:
    """A calendar; `initial` is an ISO date."""
    return _input(
        place,
        DatePickerElement(
            action_id=place.action_id,
            initial_date=initial if is_date(initial) else None,
            focus_on_load=place.focus or None,
        ),
    )


def time_input(place: Place, initial: str = "") -> Json:
    """A time of the day; `initial` is HH:MM."""
    return _input(
        place,
        TimePickerElement(
            action_id=place.action_id,
            initial_time=initial if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", initial) else None,
            focus_on_load=place.focus or None,
        ),
    )


def channel_select(place: Place, selected: str = "", *, placeholder: str = "") -> Json:
    """A menu of the workspace's own channels, public ones and those private ones that the person is in."""
    return _input(
        place,
        ConversationSelectElement(
            action_id=place.action_id,
            initial_conversation=selected or None,
            placeholder=placeholder_text(placeholder),
            filter=ConversationFilter(
                include=["public", "private"], exclude_bot_users=True, exclude_external_shared_channels=True
            ),
        ),
    )


def people_select(place: Place, selected: Collection[str] = (), *, placeholder: str = "") -> Json:
    """A menu of which several people of the workspace can be chosen, by their Slack ids."""
    return _input(
        place,
        UserMultiSelectElement(
            action_id=place.action_id,
            initial_users=sorted(selected) or None,
            placeholder=placeholder_text(placeholder),
        ),
    )


def select(place: Place, choices: Sequence[Choice], selected: str | None = None, *, placeholder: str = "") -> Json:
    """A menu of 1 to 100 choices; more are left out, but never the selected one."""
    shown = offered(choices, selected)
    return _input(
        place,
        StaticSelectElement(
            action_id=place.action_id,
            options=[option(choice) for choice in shown],
            initial_option=chosen(shown, selected),
            placeholder=placeholder_text(placeholder),
            focus_on_load=place.focus or None,
        ),
    )


def external_select(place: Place, selected: Choice | None = None, *, placeholder: str = "") -> Json:
    """A menu that asks the bot for its choices while somebody types."""
    return _input(
        place,
        ExternalDataSelectElement(
            action_id=place.action_id,
            initial_option=option(selected) if selected else None,
            placeholder=placeholder_text(placeholder),
            min_query_length=1,
            focus_on_load=place.focus or None,
        ),
    )


def radio(place: Place, choices: Sequence[Choice], selected: str | None = None) -> Json:
    """Up to ten choices, all in sight."""
    return _input(
        place,
        RadioButtonsElement(
            action_id=place.action_id,
            options=[option(choice) for choice in choices],
            initial_option=chosen(choices, selected),
            focus_on_load=place.focus or None,
        ),
    )


def checkbox(place: Place, choice: Choice, *, ticked: bool) -> Json:
    """One box to tick; the input is optional, because an unticked box is an answer."""
    box = option(choice)
    return _input(
        dataclasses.replace(place, optional=True),
        CheckboxesElement(action_id=place.action_id, options=[box], initial_options=[box] if ticked else None),
    )


def checkboxes(place: Place, choices: Sequence[Choice], ticked: Collection[str]) -> Json:
    """Up to ten boxes, of which any may be ticked; optional, because none is an answer too."""
    initial = [option(choice) for choice in choices if choice.value in ticked]
    return _input(
        dataclasses.replace(place, optional=True),
        CheckboxesElement(
            action_id=place.action_id,
            options=[option(choice) for choice in choices],
            initial_options=initial or None,
        ),
    )


def _input(place: Place, element: InputInteractiveElement) -> Json:
    return as_json(
        InputBlock(
            block_id=place.block_id,
            label=plain(place.label, INPUT_LABEL),
            hint=plain(visible(place.hint, lines=True), INPUT_HINT) if place.hint else None,
            element=element,
            optional=place.optional,
            dispatch_action=True if place.dispatch.value else None,
        )
    )


def _dispatch_config(place: Place) -> DispatchActionConfig | None:
    if place.dispatch is Dispatch.NEVER:
        return None
    return DispatchActionConfig(trigger_actions_on=[place.dispatch.value])
