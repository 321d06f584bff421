"""What do the choices, buttons and texts look like that all views share?

Made with slack_sdk.models, which know the keywords, and handed on as dictionaries at once: a model looks at itself
alone, while `blocks.limits` sees the whole view. Whatever could be too long is cut here; labels of choices are typed
text.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DatePickerElement,
    DividerBlock,
    HeaderBlock,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)

from blocks.limits import clip
from blocks.limits_blocks import (
    CONTEXT_ELEMENTS,
    CONTEXT_TEXT,
    HEADER_TEXT,
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
)
from blocks.limits_shapes import length
from blocks.text import mrkdwn, plain, visible

Json = dict[str, Any]

_EXACT_TEXT = 9000
_EXACT_PARAGRAPH = SECTION_TEXT - 200  # room for the isolates around lines that are cut in two


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


def suggestions(choices: Iterable[Choice]) -> Json:
    """The answer to what was typed into an `external_select`, at most 100."""
    return {"options": [option(choice).to_dict() for choice in choices][:SELECT_OPTIONS]}


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
    shown = offered(choices, selected)
    return StaticSelectElement(
        action_id=action_id,
        options=[option(choice) for choice in shown],
        initial_option=chosen(shown, selected),
        placeholder=placeholder_text(placeholder),
    )


def tick(action_id: str, choice: Choice, *, ticked: bool) -> CheckboxesElement:
    """One box beside buttons: ticking it does something at once."""
    box = option(choice)
    return CheckboxesElement(action_id=action_id, options=[box], initial_options=[box] if ticked else None)


def day_picker(action_id: str, placeholder: str, initial: str = "") -> DatePickerElement:
    """A calendar beside buttons: picking a day does something at once; `initial` is an ISO date."""
    return DatePickerElement(
        action_id=action_id,
        placeholder=placeholder_text(placeholder),
        initial_date=initial if is_date(initial) else None,
    )


def overflow(action_id: str, choices: Sequence[Choice]) -> OverflowMenuElement:
    """The menu behind three dots, of up to five choices that are seldom made."""
    return OverflowMenuElement(action_id=action_id, options=[option(choice) for choice in choices[:OVERFLOW_OPTIONS]])


def section(text: str, accessory: ButtonElement | None = None, *, block_id: str | None = None) -> Json:
    """A paragraph of mrkdwn, with a button beside it."""
    return as_json(SectionBlock(text=mrkdwn(text), accessory=accessory, block_id=block_id))


def exact(text: str) -> Json:
    """A paragraph that is typed text and shown to the letter."""
    return as_json(SectionBlock(text=plain(visible(text, lines=True), SECTION_TEXT)))


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
    return as_json(
        ContextBlock(elements=[mrkdwn(text, CONTEXT_TEXT) for text in texts[:CONTEXT_ELEMENTS]], block_id=block_id)
    )


def divider() -> Json:
    """A line across."""
    return as_json(DividerBlock())


def header(text: str) -> Json:
    """A heading in plain text."""
    return as_json(HeaderBlock(text=plain(text, HEADER_TEXT)))


def side_by_side(left: str, right: str) -> Json:
    """Two typed texts beside each other, to the letter; each at most what Slack shows in a column."""
    return as_json(SectionBlock(fields=[plain(visible(text, lines=True), SECTION_FIELD) for text in (left, right)]))


def actions(
    *pressed: ButtonElement | StaticSelectElement | OverflowMenuElement | CheckboxesElement | DatePickerElement,
    block_id: str | None = None,
) -> Json:
    """Buttons, menus and what else does something at once, in a row."""
    return as_json(ActionsBlock(elements=list(pressed), block_id=block_id))


def as_json(block: Block) -> Json:
    """The block as Slack takes it."""
    result: Json = block.to_dict()
    return result


def option(choice: Choice) -> Option:
    """The choice as Slack takes it."""
    return Option(
        value=choice.value,
        text=plain(visible(choice.label), OPTION_TEXT),
        description=plain(visible(choice.description), OPTION_DESCRIPTION) if choice.description else None,
    )


def offered(choices: Sequence[Choice], selected: str | None) -> list[Choice]:
    """As many of the choices as a menu holds, the selected one among them."""
    shown = list(choices[:SELECT_OPTIONS])
    if selected is not None and selected not in {choice.value for choice in shown}:
        shown[-1:] = [choice for choice in choices if choice.value == selected] or shown[-1:]
    return shown


def chosen(choices: Sequence[Choice], selected: str | None) -> Option | None:
    """The selected one of the choices, if it is among them."""
    return next((option(choice) for choice in choices if choice.value == selected), None)


def placeholder_text(text: str) -> PlainTextObject | None:
    """What stands in a field while it is empty."""
    return plain(text, PLACEHOLDER) if text else None


def _confirm(confirm: Confirm) -> ConfirmObject:
    return ConfirmObject(
        title=plain(confirm.title, CONFIRM_TITLE),
        text=plain(confirm.text, CONFIRM_TEXT),
        confirm=plain(confirm.yes, CONFIRM_BUTTON),
        deny=plain(confirm.no, CONFIRM_BUTTON),
        style="danger" if confirm.dangerous else None,
    )


def is_date(text: str) -> bool:
    """Whether a day is written as Slack takes it, and is one."""
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
