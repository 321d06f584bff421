"""Which templates are there, as `/reminder templates` and the Home's button show them?"""

from __future__ import annotations

import re
from typing import Any

from blocks.ids import TemplateBlock
from blocks.template_list import ROWS_ON_A_PAGE, TemplateList, TemplateRow, template_list_view
from bot.services import templates
from bot.slack.button_values import Unreadable
from bot.slack.requests import Request

_PAGE = re.compile(r"page:(\d{1,6})", re.ASCII)


def open_list(request: Request) -> None:
    """Open the list at its first page."""
    request.client.views_open(trigger_id=request.trigger_id, view=list_view(request, "", 0))
    request.ack()


def show_all(press: Request) -> None:
    """Put the list in the place of a template's card."""
    press.show_instead(list_view(press, "", 0))


def search(press: Request) -> None:
    """Show what Enter in the search field asks for."""
    press.show_instead(list_view(press, _query(press), 0))


def search_again(submission: Request) -> None:
    """Show what the search button asks for."""
    submission.ack(response_action="update", view=list_view(submission, _query(submission), 0))


def turn_page(press: Request) -> None:
    """Show another page of what was looked for."""
    match = _PAGE.fullmatch(str(press.action.get("value")))
    if match is None:
        raise Unreadable
    press.show_instead(list_view(press, _query(press), int(match[1])))


def list_view(request: Request, query: str, number: int) -> dict[str, Any]:
    """One page, counted from 0, of the templates in whose name every word of `query` is found."""
    words = request.words
    page = templates.page(
        request.desk.database, request.team_id, query, limit=ROWS_ON_A_PAGE, offset=number * ROWS_ON_A_PAGE
    )
    rows = [
        TemplateRow(
            value=str(one.id),
            name=one.name,
            languages=words.language_names(one.languages),
            waiting=waiting,
            retired=one.retired,
        )
        for one, waiting in page.rows
    ]
    return template_list_view(
        TemplateList(
            rows=rows,
            total=page.total,
            query=query,
            previous=f"page:{number - 1}" if number else "",
            following=f"page:{number + 1}" if page.total > (number + 1) * ROWS_ON_A_PAGE else "",
        ),
        words,
    )


def _query(request: Request) -> str:
    held = request.view["state"]["values"].get(TemplateBlock.SEARCH.value, {})
    return str(held.get(TemplateBlock.SEARCH.action.value, {}).get("value") or "")
