"""Is what was typed fit to be one of the four texts of a message, and which field is which text?

The same rules hold for a reminder's own text and for a template's: one form, one length for each, and no placeholder
or construct that `bot.domain.template` does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain import template, typed
from bot.domain.errors import Field
from bot.domain.model import Texts

LIMITS: Final[Mapping[Field, int]] = MappingProxyType(
    {
        Field.SUBJECT: typed.SUBJECT_LIMIT,
        Field.EMAIL_TEXT: typed.EMAIL_TEXT_LIMIT,
        Field.SMS_TEXT: typed.SMS_TEXT_LIMIT,
        Field.LETTER_TEXT: typed.LETTER_TEXT_LIMIT,
    }
)
"""The most characters of each text, its placeholders not yet filled in."""


def cleaned(field: Field, text: str) -> str:
    """`text` in the form in which it is kept, empty when nothing visible was typed.

    Raises:
        TextRefused: with what is wrong and what would work.
    """
    clean = typed.one_line if field is Field.SUBJECT else typed.many_lines
    return clean(text, LIMITS[field])


def checked(field: Field, text: str) -> str:
    """`text` as it is kept, every placeholder of it known; empty when nothing visible was typed.

    Raises:
        Unusable: with what is wrong and what would work.
    """
    kept = cleaned(field, text)
    if kept:
        template.check(kept)
    return kept


def by_field(texts: Texts) -> dict[Field, str]:
    """Each text by the field in which it is typed."""
    return {
        Field.SUBJECT: texts.subject,
        Field.EMAIL_TEXT: texts.email,
        Field.SMS_TEXT: texts.sms,
        Field.LETTER_TEXT: texts.letter,
    }


def from_fields(fields: Mapping[Field, str]) -> Texts:
    """The texts of these fields; one that is not there is unused."""
    return Texts(
        subject=fields.get(Field.SUBJECT, ""),
        email=fields.get(Field.EMAIL_TEXT, ""),
        sms=fields.get(Field.SMS_TEXT, ""),
        letter=fields.get(Field.LETTER_TEXT, ""),
    )
