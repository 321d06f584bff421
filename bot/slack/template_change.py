"""What is asked about the waiting reminders after a template's texts were changed (rule P10)?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from blocks import notices
from blocks.elements import Choice
from blocks.ids import TemplateBlock
from blocks.template_change import ChangedText, TemplateChange, template_change_view
from bot.domain import message_text
from bot.domain.text_replacement import Scope
from bot.i18n import Words
from bot.services import template_changes, templates
from bot.services.template_changes import Consequences
from bot.slack import afterwards, explanations, template_card
from bot.slack.afterwards import Outcome
from bot.slack.button_values import Unreadable, row_id
from bot.slack.requests import Request

REPLACED_AT_ONCE: Final = 1_000
"""So many reminders get another text while the person waits: within a second."""


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
    """Let the chosen reminders take the change over, and show the template with what came of it.

    Where so many wait that it may take longer than Slack does, the outcome is told afterwards.
    """
    scope, change_id = _scope(submission.view), row_id(submission.view["private_metadata"])
    database, team_id = submission.desk.database, submission.team_id
    template_id, waiting = template_changes.foresee(database, team_id, change_id, most=REPLACED_AT_ONCE + 1)
    if waiting <= REPLACED_AT_ONCE or scope is Scope.NONE:
        submission.ack(response_action="update", view=_applied(submission, change_id, scope).view)
        return
    words = submission.words

    def card(note: str = "", warning: str = "") -> dict[str, Any]:
        seen = templates.find(database, team_id, template_id)
        return template_card.card_view(submission, seen, note=note, warning=warning)

    note = words(
        "The text of many reminders is being replaced, which takes a while. The outcome is told in the bot's "
        "messages. If nothing comes within some minutes, choose again: nothing is done twice."
    )
    submission.ack(response_action="update", view=card(note=note))
    afterwards.tell(submission, lambda: _applied(submission, change_id, scope), lambda sentence: card(warning=sentence))


def _applied(submission: Request, change_id: int, scope: Scope) -> Outcome:
    desk, words = submission.desk, submission.words
    applied = template_changes.apply(
        desk.database, submission.team_id, change_id, scope, who=submission.person, now=desk.clock.now()
    )
    if applied.replaced:
        note = words.plural(
            "{count} waiting reminder got the new text.",
            "{count} waiting reminders got the new text.",
            applied.replaced,
        )
    else:
        note = words("Saved. Waiting reminders keep the text they have.")
    view = template_card.card_view(submission, applied.template, note=note)
    return Outcome(view, notices.told_message([applied.template.name, note]))


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
