"""What do the inputs, choices and buttons look like that all views share?

Made with slack_sdk.models, which know the keywords, and handed on as dictionaries at once: a model looks at itself
alone, while `blocks.limits` sees the whole view. Whatever could be too long is cut here; labels and hints are
translated words, labels of choices are typed text.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    DividerBlock,
    EmailInputElement,
    ExternalDataSelectElement,
    HeaderBlock,
    InputBlock,
    NumberInputElement,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from blocks.limits import clip
from blocks.limits_blocks import (
    CONTEXT_ELEMENTS,
    CONTEXT_TEXT,
    HEADER_TEXT,
    INPUT_HINT,
    INPUT_LABEL,
    SECTION_FIELD,
    SECTION_TEXT,
)
from blocks.limits_elements import (
    BUTTON_TEXT,
    CONFIRM_BUTTON,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
    OPTION_DESCRIPTION,
    OPTION_TEXT,
    OVERFLOW_OPTIONS,
    PLACEHOLDER,
    SELECT_OPTIONS,
    TEXT_INPUT,
)
from blocks.limits_shapes import length
from blocks.text import mrkdwn, plain, typeable, visible

Json = dict[str, Any]

_EXACT_TEXT = 9000
_EXACT_PARAGRAPH = SECTION_TEXT - 200  # room for the isolates around lines that are cut in two


class Dispatch(Enum):
    """When an input tells the bot at once, before the form is saved."""

    NEVER = None
    WHEN_CHANGED = "on_enter_pressed"
    """Choices: when one is made. Typed text: on Enter or when the field is left."""
    WITH_EVERY_CHARACTER = "on_character_entered"


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what it is called, and what Slack sends back for it."""

    value: str
    label: str
    description: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Confirm:
    """The question before something is done that people may regret."""

    title: str
    text: str
    yes: str
    no: str
    dangerous: bool = False


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
            placeholder=_placeholder(placeholder),
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
            initial_date=initial if _is_date(initial) else None,
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
            placeholder=_placeholder(placeholder),
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
            placeholder=_placeholder(placeholder),
        ),
    )


def select(place: Place, choices: Sequence[Choice], selected: str | None = None, *, placeholder: str = "") -> Json:
    """A menu of 1 to 100 choices; more are left out, but never the selected one."""
    offered = _offered(choices, selected)
    return _input(
        place,
        StaticSelectElement(
            action_id=place.action_id,
            options=[_option(choice) for choice in offered],
            initial_option=_chosen(offered, selected),
            placeholder=_placeholder(placeholder),
            focus_on_load=place.focus or None,
        ),
    )


def external_select(
    place: Place, selected: Choice | None = None, *, placeholder: str = "", min_query_length: int = 1
) -> Json:
    """A menu that asks the bot for its choices while somebody types."""
    return _input(
        place,
        ExternalDataSelectElement(
            action_id=place.action_id,
            initial_option=_option(selected) if selected else None,
            placeholder=_placeholder(placeholder),
            min_query_length=min_query_length,
            focus_on_load=place.focus or None,
        ),
    )


def radio(place: Place, choices: Sequence[Choice], selected: str | None = None) -> Json:
    """Up to ten choices, all in sight."""
    return _input(
        place,
        RadioButtonsElement(
            action_id=place.action_id,
            options=[_option(choice) for choice in choices],
            initial_option=_chosen(choices, selected),
            focus_on_load=place.focus or None,
        ),
    )


def checkbox(place: Place, choice: Choice, *, ticked: bool) -> Json:
    """One box to tick; the input is optional, because an unticked box is an answer."""
    option = _option(choice)
    return _input(
        dataclasses.replace(place, optional=True),
        CheckboxesElement(action_id=place.action_id, options=[option], initial_options=[option] if ticked else None),
    )


def checkboxes(place: Place, choices: Sequence[Choice], ticked: Collection[str]) -> Json:
    """Up to ten boxes, of which any may be ticked; optional, because none is an answer too."""
    initial = [_option(choice) for choice in choices if choice.value in ticked]
    return _input(
        dataclasses.replace(place, optional=True),
        CheckboxesElement(
            action_id=place.action_id,
            options=[_option(choice) for choice in choices],
            initial_options=initial or None,
        ),
    )


def suggestions(choices: Iterable[Choice]) -> Json:
    """The answer to what was typed into an `external_select`, at most 100."""
    return {"options": [_option(choice).to_dict() for choice in choices][:SELECT_OPTIONS]}


def button(
    action_id: str, label: str, value: str = "", *, style: str | None = None, confirm: Confirm | None = None
) -> ButtonElement:
    """A button; `style` is `primary`, `danger` or none. Its value is a codec of ids, never cut: it would be wrong."""
    return ButtonElement(
        action_id=action_id,
        text=plain(label, BUTTON_TEXT),
        value=value or None,
        style=style,
        confirm=_confirm(confirm) if confirm else None,
    )


def menu(
    action_id: str, placeholder: str, choices: Sequence[Choice], selected: str | None = None
) -> StaticSelectElement:
    """A menu beside buttons: choosing in it does something at once. At most 100 choices, as in `select`."""
    offered = _offered(choices, selected)
    return StaticSelectElement(
        action_id=action_id,
        options=[_option(choice) for choice in offered],
        initial_option=_chosen(offered, selected),
        placeholder=_placeholder(placeholder),
    )


def tick(action_id: str, choice: Choice, *, ticked: bool) -> CheckboxesElement:
    """One box beside buttons: ticking it does something at once."""
    option = _option(choice)
    return CheckboxesElement(action_id=action_id, options=[option], initial_options=[option] if ticked else None)


def day_picker(action_id: str, placeholder: str, initial: str = "") -> DatePickerElement:
    """A calendar beside buttons: picking a day does something at once; `initial` is an ISO date."""
    return DatePickerElement(
        action_id=action_id,
        placeholder=_placeholder(placeholder),
        initial_date=initial if _is_date(initial) else None,
    )


def overflow(action_id: str, choices: Sequence[Choice]) -> OverflowMenuElement:
    """The menu behind three dots, of up to five choices that are seldom made."""
    return OverflowMenuElement(action_id=action_id, options=[_option(choice) for choice in choices[:OVERFLOW_OPTIONS]])


def section(text: str, accessory: ButtonElement | None = None, *, block_id: str | None = None) -> Json:
    """A paragraph of mrkdwn, with a button beside it."""
    return _dict(SectionBlock(text=mrkdwn(text), accessory=accessory, block_id=block_id))


def exact(text: str) -> Json:
    """A paragraph that is typed text and shown to the letter."""
    return _dict(SectionBlock(text=plain(visible(text, lines=True), SECTION_TEXT)))


def exact_sections(text: str) -> list[Json]:
    """A long typed text, whole and to the letter, in paragraphs; cut only where a message would grow too long."""
    rest = clip(visible(text, lines=True), _EXACT_TEXT)
    made: list[Json] = []
    while length(rest) > _EXACT_PARAGRAPH:
        window = rest[:_EXACT_PARAGRAPH]
        while length(window) > _EXACT_PARAGRAPH:
            window = window[: -((length(window) - _EXACT_PARAGRAPH + 1) // 2)]
        cut = max(window.rfind("\n"), window.rfind(" ")) + 1 or len(window)
        made.append(exact(rest[:cut]))
        rest = rest[cut:]
    return [*made, exact(rest)]


def sections(lines: Iterable[str]) -> list[Json]:
    """Lines of mrkdwn, in as few paragraphs as Slack's limit allows."""
    packed: list[str] = []
    for line in lines:
        if packed and length(packed[-1]) + 1 + length(line) <= SECTION_TEXT:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [section(paragraph) for paragraph in packed]


def context(*texts: str, block_id: str | None = None) -> Json:
    """Small grey notes in mrkdwn."""
    return _dict(
        ContextBlock(elements=[mrkdwn(text, CONTEXT_TEXT) for text in texts[:CONTEXT_ELEMENTS]], block_id=block_id)
    )


def divider() -> Json:
    """A line across."""
    return _dict(DividerBlock())


def header(text: str) -> Json:
    """A heading in plain text."""
    return _dict(HeaderBlock(text=plain(text, HEADER_TEXT)))


def side_by_side(left: str, right: str) -> Json:
    """Two typed texts beside each other, to the letter; each at most what Slack shows in a column."""
    return _dict(SectionBlock(fields=[plain(visible(text, lines=True), SECTION_FIELD) for text in (left, right)]))


def actions(
    *pressed: ButtonElement | StaticSelectElement | OverflowMenuElement | CheckboxesElement | DatePickerElement,
    block_id: str | None = None,
) -> Json:
    """Buttons, menus and what else does something at once, in a row."""
    return _dict(ActionsBlock(elements=list(pressed), block_id=block_id))


def _input(place: Place, element: InputInteractiveElement) -> Json:
    return _dict(
        InputBlock(
            block_id=place.block_id,
            label=plain(place.label, INPUT_LABEL),
            hint=plain(visible(place.hint, lines=True), INPUT_HINT) if place.hint else None,
            element=element,
            optional=place.optional,
            dispatch_action=True if place.dispatch.value else None,
        )
    )


def _dict(block: Block) -> Json:
    result: Json = block.to_dict()
    return result


def _option(choice: Choice) -> Option:
    return Option(
        value=choice.value,
        text=plain(visible(choice.label), OPTION_TEXT),
        description=plain(visible(choice.description), OPTION_DESCRIPTION) if choice.description else None,
    )


def _offered(choices: Sequence[Choice], selected: str | None) -> list[Choice]:
    offered = list(choices[:SELECT_OPTIONS])
    if selected is not None and selected not in {choice.value for choice in offered}:
        offered[-1:] = [choice for choice in choices if choice.value == selected] or offered[-1:]
    return offered


def _chosen(choices: Sequence[Choice], selected: str | None) -> Option | None:
    return next((_option(choice) for choice in choices if choice.value == selected), None)


def _placeholder(text: str) -> PlainTextObject | None:
    return plain(text, PLACEHOLDER) if text else None


def _dispatch_config(place: Place) -> DispatchActionConfig | None:
    if place.dispatch is Dispatch.NEVER:
        return None
    return DispatchActionConfig(trigger_actions_on=[place.dispatch.value])


def _confirm(confirm: Confirm) -> ConfirmObject:
    return ConfirmObject(
        title=plain(confirm.title, CONFIRM_TITLE),
        text=plain(confirm.text, CONFIRM_TEXT),
        confirm=plain(confirm.yes, CONFIRM_BUTTON),
        deny=plain(confirm.no, CONFIRM_BUTTON),
        style="danger" if confirm.dangerous else None,
    )


def _is_date(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
