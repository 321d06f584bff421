"""What is asked about the waiting reminders after a template's texts were changed (rule P10)?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.elements import Choice
from blocks.ids import TemplateBlock
from blocks.template_change import ChangedText, TemplateChange, template_change_view
from bot.domain import message_text
from bot.domain.text_replacement import Scope
from bot.i18n import Words
from bot.services import template_changes, templates
from bot.services.template_changes import Consequences
from bot.slack import explanations, template_card
from bot.slack.button_values import Unreadable, row_id
from bot.slack.requests import Request


def ask(press: Request) -> None:
    """Ask what was left unanswered when the template was saved, if there still is something to ask."""
    change_id, words = row_id(press.action["value"]), press.words
    found = template_changes.consequences(press.desk.database, press.team_id, change_id)
    if not found.concerns_nobody:
        press.show_instead(change_view(press, found))
        return
    seen = templates.find(press.desk.database, press.team_id, found.template_id)
    press.show_instead(template_card.card_view(press, seen, note=words("No waiting reminder would change.")))


def choose(submission: Request) -> None:
    """Let the chosen reminders take the change over, and show the template with what came of it."""
    view, desk, words = submission.view, submission.desk, submission.words
    applied = template_changes.apply(
        desk.database,
        submission.team_id,
        row_id(view["private_metadata"]),
        _scope(view),
        who=submission.person,
        now=desk.clock.now(),
    )
    if applied.replaced:
        note = words.plural(
            "{count} waiting reminder got the new text.",
            "{count} waiting reminders got the new text.",
            applied.replaced,
        )
    else:
        note = words("Saved. Waiting reminders keep the text they have.")
    submission.ack(response_action="update", view=template_card.card_view(submission, applied.template, note=note))


def change_view(request: Request, found: Consequences) -> dict[str, Any]:
    """The question, with old and new text beside each other."""
    words = request.words
    old, new = message_text.by_field(found.old), message_text.by_field(found.new)
    return template_change_view(
        TemplateChange(
            name=found.name,
            language=words.language_name(found.language),
            summary=_summary(found, words),
            texts=[
                ChangedText(explanations.text_field(field, words), old[field], new[field])
                for field in old
                if old[field] != new[field]
            ],
            scopes=[
                Choice(Scope.UNCHANGED.value, words("Those that nobody edited ({count})", count=found.unchanged)),
                Choice(
                    Scope.ALL.value,
                    words("All of them ({count})", count=found.unchanged + found.edited),
                    words("What was edited by hand is replaced too."),
                ),
                Choice(Scope.NONE.value, words("None of them")),
            ],
            scope=Scope.UNCHANGED.value,
            private_metadata=str(found.change_id),
        ),
        words,
    )


def _summary(found: Consequences, words: Words) -> str:
    unchanged = words.plural(
        "{count} waiting reminder still has the template's text.",
        "{count} waiting reminders still have the template's text.",
        found.unchanged,
    )
    edited = words.plural(
        "{count} waiting reminder was edited by hand.",
        "{count} waiting reminders were edited by hand.",
        found.edited,
    )
    counted = [(found.unchanged, unchanged), (found.edited, edited)]
    return " ".join(sentence for count, sentence in counted if count)


def _scope(view: Mapping[str, Any]) -> Scope:
    held = view["state"]["values"][TemplateBlock.SCOPE.value][TemplateBlock.SCOPE.action.value]["selected_option"]
    try:
        return Scope(held["value"])
    except (ValueError, TypeError):
        raise Unreadable from None
