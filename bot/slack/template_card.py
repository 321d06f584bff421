"""How is one template shown, and what happens when its buttons are pressed (rules P4, P10)?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from blocks.elements import Choice
from blocks.template_card import LanguageTexts, TemplateCard, template_card_view
from bot.domain.errors import Conflict
from bot.domain.template_rules import LANGUAGES
from bot.services import template_changes, templates, workspaces
from bot.services.templates import TemplateSeen
from bot.slack.button_values import language_value, row_id
from bot.slack.requests import Request


def open_card(press: Request) -> None:
    """Put a template's card in the place of the list."""
    seen = templates.find(press.desk.database, press.team_id, row_id(press.action["value"]))
    press.show_instead(card_view(press, seen))


def retire(press: Request) -> None:
    """Retire a template and show it so."""
    desk, template_id = press.desk, row_id(press.action["value"])
    seen = templates.retire(desk.database, press.team_id, template_id, who=press.person, now=desk.clock.now())
    press.show_instead(card_view(press, seen))


def offer_again(press: Request) -> None:
    """Offer a retired template again and show it so."""
    seen = templates.offer_again(press.desk.database, press.team_id, row_id(press.action["value"]), who=press.person)
    press.show_instead(card_view(press, seen))


def undo(press: Request) -> None:
    """Undo a change of a template's texts and say what came of it; where it is too late, show how things stand."""
    desk, words = press.desk, press.words
    try:
        undone = template_changes.undo(
            desk.database, press.team_id, row_id(press.action["value"]), who=press.person, now=desk.clock.now()
        )
    except Conflict as conflict:
        seen = templates.find(desk.database, press.team_id, row_id(press.view["private_metadata"]))
        press.show_instead(card_view(press, seen, warning=words.say(conflict.reason)))
        return
    said = [words("The earlier text is back.")]
    if undone.put_back:
        said.append(
            words.plural(
                "{count} waiting reminder got its earlier text back.",
                "{count} waiting reminders got their earlier text back.",
                undone.put_back,
            )
        )
    if undone.left:
        said.append(
            words.plural(
                "{count} was changed or sent since and stays as it is.",
                "{count} were changed or sent since and stay as they are.",
                undone.left,
            )
        )
    press.show_instead(card_view(press, undone.template, note=" ".join(said)))


def card_view(request: Request, seen: TemplateSeen, *, note: str = "", warning: str = "") -> dict[str, Any]:
    """The modal that shows a template; the clinic's own language first."""
    words = request.words
    clinic = workspaces.clinics_of(request.desk.database, request.team_id)[0]
    codes = sorted(seen.texts, key=lambda code: (code != clinic.language, words.language_name(code)))
    shown = []
    for code in codes:
        texts, change = seen.texts[code], seen.undoable.get(code)
        shown.append(
            LanguageTexts(
                value=language_value(seen.id, code),
                language=words.language_name(code),
                subject=texts.subject,
                email=texts.email,
                sms=texts.sms,
                letter=texts.letter,
                undo="" if change is None else str(change.id),
                undecided=change is not None and change.scope is None,
                changed_when="" if change is None else words.moment(change.made_at, clinic.hours.zone),
                changed_by="" if change is None else change.made_by,
            )
        )
    return template_card_view(
        TemplateCard(
            value=str(seen.id),
            name=seen.name,
            waiting=seen.waiting,
            retired=seen.retired,
            languages=shown,
            more_languages=language_choices(request, without=seen.texts),
            note=note,
            warning=warning,
        ),
        words,
    )


def language_choices(request: Request, *, without: Collection[str] = ()) -> list[Choice]:
    """The languages in which texts can be written, by name."""
    words = request.words
    choices = [Choice(code, words.language_name(code)) for code in LANGUAGES if code not in without]
    return sorted(choices, key=lambda choice: choice.label)
