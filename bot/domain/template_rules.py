"""Can a template be saved as it is filled in, and if not, what is wrong with each of its fields (rule P4)?

A template may leave out what it is not meant for: one without an SMS text is not offered a text message's worth of
nothing, the reminder form asks for it then. Subject and e-mail text belong together, and one of the three messages must
be there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Final

from bot.domain import message_text, typed
from bot.domain.errors import Field, Refused, Unusable
from bot.domain.messages import Message, message
from bot.domain.model import Texts

NAME_LIMIT: Final = 75
"""Characters of a template's name: what Slack shows in a menu."""

LANGUAGES: Final = (
    *("ar", "bg", "bs", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "hr", "hu", "is", "it"),
    *("ku", "lb", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "se", "sk", "sl", "so", "sq", "sr", "sv"),
    *("th", "tr", "uk", "zh"),
)
"""Languages (ISO 639-1) that are offered for texts: those of Europe's states, and of many who live there."""


@dataclasses.dataclass(frozen=True, slots=True)
class TypedTemplate:
    """The form's values as they arrived."""

    name: str = dataclasses.field(default="", repr=False)
    language: str | None = None
    subject: str = dataclasses.field(default="", repr=False)
    email_text: str = dataclasses.field(default="", repr=False)
    sms_text: str = dataclasses.field(default="", repr=False)
    letter_text: str = dataclasses.field(default="", repr=False)

    @property
    def texts(self) -> Texts:
        """The texts, not cleaned."""
        return Texts(self.subject, self.email_text, self.sms_text, self.letter_text)


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A template in one language, as filled in and already checked."""

    name: str = dataclasses.field(repr=False)
    language: str
    texts: Texts


def check(form: TypedTemplate, taken: Mapping[str, bool], languages: Collection[str] = ()) -> TemplateDraft:
    """The template that `form` describes.

    `taken` are the other templates' names, and whether each is retired; `languages` are those in which it is written
    already, which may be others than the offered ones.

    Raises:
        Refused: with a sentence for every field that cannot be used.
    """
    wrong: dict[Field, Message] = {}
    name = _name(form.name, taken, wrong)
    if form.language not in {*LANGUAGES, *languages}:
        wrong[Field.LANGUAGE] = message("Choose the language in which these texts are written.")
    written: dict[Field, str] = {}
    for field, text in message_text.by_field(form.texts).items():
        try:
            written[field] = message_text.checked(field, text)
        except Unusable as unusable:
            wrong[field] = unusable.reason
    texts = message_text.from_fields(written)
    if not wrong.keys() & set(message_text.LIMITS):
        wrong.update(_incomplete(texts))
    if wrong or form.language is None:
        raise Refused(wrong)
    return TemplateDraft(name, form.language, texts)


def _name(text: str, taken: Mapping[str, bool], wrong: dict[Field, Message]) -> str:
    try:
        name = typed.one_line(text, NAME_LIMIT)
    except Unusable as unusable:
        wrong[Field.NAME] = unusable.reason
        return ""
    if not name:
        wrong[Field.NAME] = message("The name is missing. Write what staff should choose it by.")
    retired = next((is_retired for other, is_retired in taken.items() if other.casefold() == name.casefold()), None)
    if retired:
        wrong[Field.NAME] = message("A retired template has this name. Offer that one again, or choose another name.")
    elif retired is not None:
        wrong[Field.NAME] = message("Another template has this name. Choose another one.")
    return name


def _incomplete(texts: Texts) -> dict[Field, Message]:
    if not (texts.subject or texts.email or texts.sms or texts.letter):
        return {Field.EMAIL_TEXT: message("There is no text yet. Write an e-mail, an SMS or a letter.")}
    if texts.email and not texts.subject:
        return {Field.SUBJECT: message("The subject is missing. Write what the e-mail is about.")}
    if texts.subject and not texts.email:
        return {Field.EMAIL_TEXT: message("There is a subject but no e-mail text. Write it, or empty the subject.")}
    return {}
