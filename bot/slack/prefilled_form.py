"""How do typed words come into the form: those after `/reminder new`, and those of a message (rule P1)?

What is understood is filled in, what is not is said at the form's top. A message is read here and kept nowhere.
"""

from __future__ import annotations

import html
import re

from bot.domain.prefill import Meant
from bot.i18n import ENGLISH, Words
from bot.services import prefill
from bot.slack import reminder_form
from bot.slack.form_fields import FormFields
from bot.slack.requests import Request

_MOST_REPEATED = 8
_LONGEST_REPEATED = 40
_ADDRESS = re.compile(r"<(?:mailto:|tel:)([^|>]*)(?:\|[^>]*)?>")
_LINK = re.compile(r"<[^@#!|>][^|>]*\|([^>]*)>")
_MENTION = re.compile(r"<[^>]*>")


def open_with_words(command: Request) -> None:
    """Open the form, filled in with what the words after the command mean."""
    text = command.typed.partition(" ")[2]
    meant = prefill.understand(command.desk.database, command.team_id, text, _months(command))
    reminder_form.open_form(command, _fields(meant), " ".join(_sentences(meant, command.words)))
    command.ack()


def open_of_message(shortcut: Request) -> None:
    """Open the form, filled in with what the words of a message mean."""
    words, text = shortcut.words, plain_text(str(shortcut.body["message"].get("text") or ""))
    meant = prefill.understand(shortcut.desk.database, shortcut.team_id, text, _months(shortcut), is_message=True)
    said = (
        words("Nothing in the message could be recognised for certain, so nothing is filled in.")
        if meant.is_nothing
        else words("Filled in from the message: look at it before you save.")
    )
    reminder_form.open_form(shortcut, _fields(meant), " ".join([said, *_ambiguous(meant, words)]))
    shortcut.ack()


def plain_text(text: str) -> str:
    """A message as people read it: Slack's links by their text, addresses as such, mentions left out."""
    text = _ADDRESS.sub(r" \1 ", text)
    text = _LINK.sub(r" \1 ", text)
    return html.unescape(_MENTION.sub(" ", text))


def _months(request: Request) -> dict[str, int]:
    """The names of the months in the person's own language and in English."""
    return {**request.desk.catalogues.words(ENGLISH.code).months(), **request.words.months()}


def _fields(meant: Meant) -> FormFields:
    return FormFields(
        client_id=meant.client_id,
        patient_id=meant.patient_id,
        template_id=meant.template_id,
        method=None if meant.method is None else meant.method.value,
        due_date="" if meant.due_date is None else meant.due_date.isoformat(),
        send_before="0",
    )


def _sentences(meant: Meant, words: Words) -> list[str]:
    unknown = []
    if meant.unknown:
        unknown.append(words("Not understood: {typed}.", typed=_repeated(meant.unknown, words)))
    return [*unknown, *_ambiguous(meant, words)]


def _ambiguous(meant: Meant, words: Words) -> list[str]:
    if not meant.ambiguous:
        return []
    return [words("Could mean several, so choose below: {typed}.", typed=_repeated(meant.ambiguous, words))]


def _repeated(typed: tuple[str, ...], words: Words) -> str:
    shown = [words("“{typed}”", typed=word[:_LONGEST_REPEATED]) for word in typed[:_MOST_REPEATED]]
    rest = len(typed) - len(shown)
    if rest:
        shown.append(words.plural("{count} more word", "{count} more words", rest))
    return words.names(shown)
