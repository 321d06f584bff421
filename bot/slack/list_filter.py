"""What is chosen above a list, as Slack sends it and as the list shows it (rule P15)?

Slack sends everything that stands in the choices with each press beside them, so the list in a message needs no memory
of its own. A list without them was drawn by an older version of the bot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from blocks.elements import Choice
from blocks.ids import ListAction, ListBlock, without_revision
from blocks.list_filter import ANY, Chosen, ListFilter, Looser
from bot.domain.model import Method
from bot.domain.reminder_filter import WORDS_LENGTH, Part, ReminderFilter, Status, Window, typed_words
from bot.i18n import Words
from bot.services.reminder_list import Page
from bot.slack import explanations
from bot.slack.button_values import Unreadable, row_id
from bot.slack.requests import Request


def read(press: Request) -> ReminderFilter | None:
    """What is chosen where a button was pressed; `None` where there is nothing to choose.

    Raises:
        Unreadable: if something is chosen that the bot did not offer.
    """
    held: Mapping[str, Mapping[str, Any]] = press.body.get("view", press.body).get("state", {}).get("values", {})
    blocks = {without_revision(block_id): inputs for block_id, inputs in held.items()}
    if ListBlock.CHOICES.value not in blocks:
        return None
    typed = blocks.get(ListBlock.SEARCH.value, {}).get(ListAction.SEARCH.value, {})
    chosen, days = blocks[ListBlock.CHOICES.value], blocks.get(ListBlock.DAYS.value, {})
    clinic, method = _option(chosen, ListAction.CLINIC), _option(chosen, ListAction.METHOD)
    try:
        window = Window(_option(chosen, ListAction.WINDOW))
        return ReminderFilter(
            words=typed_words(str(typed.get("value") or "")),
            clinic_id=None if clinic == ANY else row_id(clinic),
            status=Status(_option(chosen, ListAction.STATUS)),
            method=None if method == ANY else Method(method),
            window=window,
            first_day=_day(days, ListAction.FIRST_DAY) if window is Window.BETWEEN else None,
            last_day=_day(days, ListAction.LAST_DAY) if window is Window.BETWEEN else None,
            is_mine=bool(chosen.get(ListAction.MINE.value, {}).get("selected_options")),
        )
    except ValueError:
        raise Unreadable from None


def shown(page: Page, words: Words) -> ListFilter:
    """What is chosen, with everything that can be."""
    asked = page.asked
    return ListFilter(
        status=Chosen([Choice(one.value, explanations.list_status_name(one, words)) for one in Status], asked.status),
        window=Chosen([Choice(one.value, explanations.window(one, words)) for one in Window], asked.window),
        method=Chosen(
            [
                Choice(ANY, words("Any method")),
                *(Choice(one.value, explanations.method(one, words)) for one in Method),
            ],
            asked.method or ANY,
        ),
        clinic=_clinics(page, words),
        search=asked.words,
        search_length=WORDS_LENGTH,
        is_mine=asked.is_mine,
        days=(_iso(asked.first_day), _iso(asked.last_day)) if asked.window is Window.BETWEEN else None,
        revision=page.version,
        parts=[part_name(part, page, words) for part in asked.parts],
        can_be_cleared=asked != ReminderFilter(),
        note=words("The first day lies after the last one. Choose an earlier first day, or a later last one.")
        if asked.is_backwards
        else "",
        looser=[Looser(part_name(part, page, words), count) for part, count in page.looser],
    )


def part_name(part: Part, page: Page, words: Words) -> str:
    """One thing that is chosen, as it is called."""
    asked = page.asked
    match part:
        case Part.WORDS:
            return asked.words
        case Part.CLINIC:
            return next((one.name for one in page.clinics if one.id == asked.clinic_id), "")
        case Part.STATUS:
            return explanations.list_status_name(asked.status, words)
        case Part.METHOD:
            return explanations.method(asked.method, words) if asked.method else ""
        case Part.WINDOW:
            return _window(asked, words)
        case Part.MINE:
            return words("Made by me")


def _window(asked: ReminderFilter, words: Words) -> str:
    first, last = asked.first_day, asked.last_day
    if first and last:
        return words("Due from {first} to {last}", first=first, last=last)
    if first:
        return words("Due from {first}", first=first)
    if last:
        return words("Due until {last}", last=last)
    return explanations.window(asked.window, words)


def _clinics(page: Page, words: Words) -> Chosen | None:
    if len(page.clinics) < 2:
        return None
    choices = [Choice(ANY, words("All clinics")), *(Choice(str(one.id), one.name) for one in page.clinics)]
    return Chosen(choices, ANY if page.asked.clinic_id is None else str(page.asked.clinic_id))


def _option(chosen: Mapping[str, Any], action: ListAction) -> str:
    option = chosen.get(action.value, {}).get("selected_option")
    return ANY if option is None else str(option["value"])


def _day(days: Mapping[str, Any], action: ListAction) -> date | None:
    day = days.get(action.value, {}).get("selected_date")
    return date.fromisoformat(day) if day else None


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
