"""What can be chosen above a list of reminders, and how does one see what is chosen (rule P15)?

A search field, a row of menus, and a row of two calendars while days are asked for. Each of them does something at
once. The same blocks stand on the Home and in a message; where the bot itself changed what is chosen, their revision
is another one, since Slack would otherwise keep what stood there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from slack_sdk.models.blocks import CheckboxesElement, StaticSelectElement

from blocks.elements import Choice, Json, actions, button, day_picker, menu, section, sections, tick
from blocks.ids import Action, ListAction, ListBlock, with_revision
from blocks.inputs import Dispatch, Place, text_input
from blocks.limits import clip
from blocks.text import bold, escape
from blocks.translator import Words

ANY = "any"
"""What a menu sends back for the choice that leaves nothing out."""
MINE = "mine"
_PART_LENGTH = 120
_SUMMARY_LENGTH = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """The choices of one menu, and the value of the one that is made."""

    choices: Sequence[Choice]
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Looser:
    """What would be found without one part of what is chosen."""

    part: str
    count: int


@dataclasses.dataclass(frozen=True, slots=True)
class ListFilter:
    """What is chosen above a list, in finished strings."""

    status: Chosen
    window: Chosen
    method: Chosen
    clinic: Chosen | None = None
    """`None` where there is but one."""
    search: str = ""
    search_length: int = 200
    is_mine: bool = False
    days: tuple[str, str] | None = None
    """The first and the last day as ISO dates, empty while open; `None` while no days are asked for."""
    revision: int = 0
    parts: Sequence[str] = ()
    """What is chosen, as it is called."""
    can_be_cleared: bool = False
    note: str = ""
    """What is wrong with what is chosen."""
    looser: Sequence[Looser] = ()
    """Where nothing is found: what to loosen."""


def filter_blocks(chosen: ListFilter, found: int, words: Words) -> list[Json]:
    """The choices, and below them how many are found by which of them."""
    blocks = [_search(chosen, words), _menus(chosen, words)]
    if chosen.days is not None:
        blocks.append(_days(chosen, *chosen.days, words))
    if chosen.note:
        blocks.append(section(f":warning: {escape(chosen.note, _SUMMARY_LENGTH)}"))
    blocks.append(_summary(chosen, found, words))
    return blocks


def loosening(chosen: ListFilter, words: Words) -> list[Json]:
    """What to loosen where nothing is found."""
    if not chosen.looser:
        return sections([words("Check the spelling, or clear the filters to see everything that is waiting.")])
    lines = [
        words.plural(
            "Without “{part}” {count} reminder is found.",
            "Without “{part}” {count} reminders are found.",
            one.count,
            part=escape(one.part, _PART_LENGTH),
            count=one.count,
        )
        for one in chosen.looser
    ]
    return sections(f"• {line}" for line in lines)


def _search(chosen: ListFilter, words: Words) -> Json:
    place = Place(
        with_revision(ListBlock.SEARCH, chosen.revision),
        ListAction.SEARCH.value,
        words("Search"),
        optional=True,
        dispatch=Dispatch.WHEN_CHANGED,
    )
    return text_input(
        place,
        chosen.search,
        max_length=chosen.search_length,
        placeholder=words("Patient, client, template or subject; then Enter"),
    )


def _menus(chosen: ListFilter, words: Words) -> Json:
    menus: list[StaticSelectElement | CheckboxesElement] = [
        _menu(ListAction.STATUS, words("Status"), chosen.status),
        _menu(ListAction.WINDOW, words("When"), chosen.window),
        _menu(ListAction.METHOD, words("Method"), chosen.method),
    ]
    if chosen.clinic is not None:
        menus.append(_menu(ListAction.CLINIC, words("Clinic"), chosen.clinic))
    menus.append(tick(ListAction.MINE.value, Choice(MINE, words("Made by me")), ticked=chosen.is_mine))
    return actions(*menus, block_id=with_revision(ListBlock.CHOICES, chosen.revision))


def _menu(action: ListAction, placeholder: str, chosen: Chosen) -> StaticSelectElement:
    return menu(action.value, placeholder, chosen.choices, chosen.value)


def _days(chosen: ListFilter, first: str, last: str, words: Words) -> Json:
    return actions(
        day_picker(ListAction.FIRST_DAY.value, words("From"), first),
        day_picker(ListAction.LAST_DAY.value, words("To"), last),
        block_id=with_revision(ListBlock.DAYS, chosen.revision),
    )


def _summary(chosen: ListFilter, found: int, words: Words) -> Json:
    count = bold(words.plural("{count} found", "{count} found", found, count=found))
    parts = " · ".join(escape(part, _PART_LENGTH) for part in chosen.parts)
    text = clip(f"{count} · {parts}" if parts else count, _SUMMARY_LENGTH)
    clear = button(Action.REMINDER_LIST_CLEAR.value, words("Clear filters")) if chosen.can_be_cleared else None
    return section(text, clear)
