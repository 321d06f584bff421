"""What does the list of templates look like?

A modal with a search field, one row a template with a button that opens it, and pages.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from blocks.elements import Json, actions, button, context, section
from blocks.ids import Action, TemplateBlock, ViewId
from blocks.inputs import Dispatch, Place, text_input
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.text import bold, escape, plain
from blocks.translator import Words

ROWS_ON_A_PAGE = 20
_NAME_LENGTH = 75
_LANGUAGES_LENGTH = 300


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateRow:
    """One template."""

    value: str
    """What the Open button sends back: the template's id."""
    name: str
    languages: str
    """A finished list of languages."""
    waiting: int
    retired: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateList:
    """One page. `previous` and `following` are what the page buttons send back, empty where there is no page."""

    rows: Sequence[TemplateRow] = ()
    total: int = 0
    query: str = ""
    previous: str = ""
    following: str = ""


def template_list_view(page: TemplateList, words: Words) -> Json:
    """The modal; its submit button searches, as Enter in the field does."""
    search = Place(
        block_id=TemplateBlock.SEARCH.value,
        action_id=TemplateBlock.SEARCH.action.value,
        label=words("Find a template"),
        optional=True,
        dispatch=Dispatch.WHEN_CHANGED,
    )
    return {
        "type": "modal",
        "callback_id": ViewId.TEMPLATE_LIST.value,
        "title": plain(words("Reminder templates"), VIEW_TITLE).to_dict(),
        "submit": plain(words("Search"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": [text_input(search, page.query), *_rows(page, words), actions(*_buttons(page, words))],
    }


def _rows(page: TemplateList, words: Words) -> list[Json]:
    if page.rows:
        count = words.plural("{count} template", "{count} templates", page.total, count=page.total)
        return [context(count), *(_row(row, words) for row in page.rows[:ROWS_ON_A_PAGE])]
    if page.query:
        return [section(words("No template has a name like that. Search for another word, or make a new one."))]
    return [section(words("There are no templates yet."))]


def _row(row: TemplateRow, words: Words) -> Json:
    facts = [escape(row.languages, _LANGUAGES_LENGTH), waiting_from(row.waiting, words)]
    if row.retired:
        facts.insert(0, words("retired"))
    first, second = bold(escape(row.name, _NAME_LENGTH)), " · ".join(facts)
    return section(f"{first}\n{second}", button(Action.TEMPLATE_OPEN.value, words("Open"), row.value))


def waiting_from(count: int, words: Words) -> str:
    """How many waiting reminders were made from a template."""
    if not count:
        return words("no reminder is waiting")
    return words.plural("{count} reminder is waiting", "{count} reminders are waiting", count, count=count)


def _buttons(page: TemplateList, words: Words) -> list[ButtonElement]:
    buttons = [button(Action.TEMPLATE_NEW.value, words("New template"))]
    if page.previous:
        buttons.append(button(Action.TEMPLATE_LIST_PREVIOUS.value, words("Previous page"), page.previous))
    if page.following:
        buttons.append(button(Action.TEMPLATE_LIST_NEXT.value, words("Next page"), page.following))
    return buttons
