"""What does one template look like: its name, where it is used, and what it says in each language?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement, StaticSelectElement

from blocks.elements import Choice, Confirm, Json, actions, button, context, divider, menu, section
from blocks.ids import Action, ViewId
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.template_list import waiting_from
from blocks.text import bold, escape, mention, plain
from blocks.translator import Words

LANGUAGES_SHOWN = 11
"""More would come too near Slack's limit for the blocks of a modal."""
_NAME_LENGTH = 75
_TEXT_LENGTH = 600
_NOTE_LENGTH = 500
_SHORT_LENGTH = 100


@dataclasses.dataclass(frozen=True, slots=True)
class LanguageTexts:
    """What a template says in one language."""

    value: str
    """What the Edit button sends back: the template's id and the language."""
    language: str
    subject: str = ""
    email: str = ""
    sms: str = ""
    letter: str = ""
    undo: str = ""
    """What the Undo button sends back: the change's id; empty where there is nothing to undo."""
    undecided: bool = False
    """Whether nobody has said yet which waiting reminders take that change over."""
    changed_when: str = ""
    changed_by: str = ""
    """A Slack user id."""


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateCard:
    """One template."""

    value: str
    """What its own buttons send back: the template's id."""
    name: str
    waiting: int
    retired: bool = False
    languages: Sequence[LanguageTexts] = ()
    more_languages: Sequence[Choice] = ()
    """In which languages it says nothing yet."""
    note: str = ""
    """What was just done, said at the top."""
    warning: str = ""


def template_card_view(card: TemplateCard, words: Words) -> Json:
    """The card as a modal; the template's id goes along, for the menu, which can carry none."""
    return {
        "type": "modal",
        "callback_id": ViewId.TEMPLATE_CARD.value,
        "title": plain(words("Reminder template"), VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "private_metadata": card.value,
        "blocks": [*_head(card, words), *_languages(card, words)],
    }


def _head(card: TemplateCard, words: Words) -> list[Json]:
    blocks: list[Json] = []
    if card.note:
        blocks.append(section(f":white_check_mark: {escape(card.note, _NOTE_LENGTH)}"))
    if card.warning:
        blocks.append(section(f":warning: {escape(card.warning, _NOTE_LENGTH)}"))
    waiting = waiting_from(card.waiting, words)
    blocks.append(section(f"{bold(escape(card.name, _NAME_LENGTH))}\n{waiting}"))
    if card.retired:
        blocks.append(context(words("Retired: it is not offered for new reminders. What was made from it stays.")))
    blocks.append(actions(*_buttons(card, words)))
    return blocks


def _buttons(card: TemplateCard, words: Words) -> list[ButtonElement | StaticSelectElement]:
    buttons: list[ButtonElement | StaticSelectElement] = [
        button(Action.TEMPLATE_LIST.value, words("All templates")),
    ]
    if card.more_languages:
        buttons.append(menu(Action.TEMPLATE_ADD_LANGUAGE.value, words("Add a language"), card.more_languages))
    if card.retired:
        buttons.append(button(Action.TEMPLATE_OFFER_AGAIN.value, words("Offer again"), card.value, style="primary"))
    else:
        sure = Confirm(
            title=words("Retire this template?"),
            text=words("It is not offered for new reminders any more. Waiting reminders made from it are still sent."),
            yes=words("Retire"),
            no=words("Keep it"),
        )
        buttons.append(button(Action.TEMPLATE_RETIRE.value, words("Retire"), card.value, confirm=sure))
    return buttons


def _languages(card: TemplateCard, words: Words) -> list[Json]:
    blocks: list[Json] = []
    for texts in card.languages[:LANGUAGES_SHOWN]:
        edit = button(Action.TEMPLATE_EDIT.value, words("Edit"), texts.value)
        blocks += [
            divider(),
            section(bold(escape(texts.language, _SHORT_LENGTH)), edit),
            *_undo(texts, words),
            *(section(paragraph) for paragraph in _paragraphs(texts, words)),
        ]
    left_out = len(card.languages) - LANGUAGES_SHOWN
    if left_out > 0:
        blocks.append(context(words.plural("… and {count} more", "… and {count} more", left_out, count=left_out)))
    return blocks


def _paragraphs(texts: LanguageTexts, words: Words) -> list[str]:
    named = [
        (words("Subject"), texts.subject),
        (words("Message text"), texts.email),
        (words("SMS text"), texts.sms),
        (words("Text to say or print"), texts.letter),
    ]
    return [f"{bold(name)}\n{escape(text, _TEXT_LENGTH, lines=True)}" for name, text in named if text]


def _undo(texts: LanguageTexts, words: Words) -> list[Json]:
    if not texts.undo:
        return []
    sure = Confirm(
        title=words("Undo this change?"),
        text=words(
            "The template says again what it said before, and so do the reminders that took the change over, "
            "unless they were changed or sent since."
        ),
        yes=words("Undo"),
        no=words("Keep it"),
    )
    when = escape(texts.changed_when, _SHORT_LENGTH)
    buttons = [button(Action.TEMPLATE_UNDO.value, words("Undo this change"), texts.undo, confirm=sure)]
    if texts.undecided:
        decide = button(Action.TEMPLATE_DECIDE.value, words("Waiting reminders"), texts.undo, style="primary")
        buttons.insert(0, decide)
    return [
        context(words("Changed {when} by {who}", when=when, who=mention(texts.changed_by))),
        actions(*buttons),
    ]
