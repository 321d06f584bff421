"""Somebody saved a reminder that another person has open to edit. What does the later one's form say then?

It is put together from three: the form as it was opened, the reminder as it stands, and what is filled in now. A field
that was left alone takes over what the other person saved; one that was changed here keeps that, and nothing typed is
lost. Both are told field by field. Client and patient belong together, and so do interval and repetitions: of such a
pair both are kept, or both taken over. The method stays where another one would hide a text that was written here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from blocks.form_meanwhile import FieldChange
from blocks.ids import FormBlock
from blocks.reminder_form import TEXTS_OF_METHOD
from bot.domain.model import Method, Recurrence
from bot.i18n import Words
from bot.services.reminders import FormMaterial
from bot.slack import explanations
from bot.slack.button_values import FormMetadata
from bot.slack.form_changes import Form, LookUp
from bot.slack.form_fields import TEXT_BLOCKS, FormFields

_ATTRIBUTES: Final[Mapping[FormBlock, str]] = MappingProxyType(
    {
        FormBlock.CLINIC: "clinic_id",
        FormBlock.CLIENT: "client_id",
        FormBlock.PATIENT: "patient_id",
        FormBlock.EMAIL: "email",
        FormBlock.PHONE: "phone",
        FormBlock.METHOD: "method",
        FormBlock.TEMPLATE: "template_id",
        FormBlock.MANUAL: "manual",
        FormBlock.DUE_DATE: "due_date",
        FormBlock.SEND_BEFORE: "send_before",
        FormBlock.RECURRENCE: "recurrence",
        FormBlock.REPETITIONS: "repetitions",
    }
)
_BLOCKS: Final = (*tuple(_ATTRIBUTES)[:8], *TEXT_BLOCKS, *tuple(_ATTRIBUTES)[8:])
"""In the order of the form."""

_TOGETHER: Final = (
    (FormBlock.CLIENT, FormBlock.PATIENT),
    (FormBlock.TEMPLATE, FormBlock.MANUAL),
    (FormBlock.RECURRENCE, FormBlock.REPETITIONS),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A field that somebody else changed."""

    block: FormBlock
    is_mine_kept: bool


def changes(before: FormFields, now: FormFields, mine: FormFields) -> list[Change]:
    """What differs between the form as it was opened and the reminder as it stands, in the order of the form."""
    kept = {block for block in _BLOCKS if _touched(block, before, mine) and not _same(block, now, mine)}
    for pair in _TOGETHER:
        if kept & set(pair):
            kept |= set(pair)
    unused = set(TEXT_BLOCKS) - set(TEXTS_OF_METHOD.get(now.method or "", TEXT_BLOCKS))
    if kept & unused:
        kept.add(FormBlock.METHOD)
    return [Change(block, block in kept) for block in _BLOCKS if block not in unused and not _same(block, before, now)]


def taken_over(mine: FormFields, now: FormFields, changed: list[Change]) -> FormFields:
    """What is filled in now, with what somebody else changed where it was left alone here."""
    replaced = [one.block for one in changed if not one.is_mine_kept]
    texts = {block: now.texts.get(block, "") for block in replaced if block in TEXT_BLOCKS}
    values = {_ATTRIBUTES[block]: getattr(now, _ATTRIBUTES[block]) for block in replaced if block in _ATTRIBUTES}
    return dataclasses.replace(mine, texts={**mine.texts, **texts}, **values)


def put_together(
    mine: FormFields, metadata: FormMetadata, now: FormFields, changed: list[Change], look_up: LookUp
) -> Form:
    """The form to go on with; `metadata` names the reminder as it stands."""
    fields = taken_over(mine, now, changed)
    material = look_up(fields)
    record = metadata.client_version
    if fields.client_id != mine.client_id and material.client is not None:
        record = material.client.version
    remembered = dataclasses.replace(
        metadata.replaced(*(one.block for one in changed if not one.is_mine_kept)),
        client_id=fields.client_id,
        client_version=record,
        patient_id=fields.patient_id,
        template_id=fields.template_id,
        manual=fields.manual,
    )
    return Form(fields, remembered, material)


def told(changed: list[Change], before: Form, now: Form, words: Words) -> list[FieldChange]:
    """The changes as people read them."""
    return [
        FieldChange(
            field=_label(one.block, words),
            old=_shown(one.block, before, words),
            new=_shown(one.block, now, words),
            is_mine_kept=one.is_mine_kept,
        )
        for one in changed
    ]


def _value(block: FormBlock, fields: FormFields) -> object:
    if block in TEXT_BLOCKS:
        return fields.texts.get(block, "").strip()
    value = getattr(fields, _ATTRIBUTES[block])
    return value.strip() if isinstance(value, str) else value


def _same(block: FormBlock, one: FormFields, other: FormFields) -> bool:
    return _value(block, one) == _value(block, other)


def _touched(block: FormBlock, before: FormFields, mine: FormFields) -> bool:
    """Whether a field was changed here; a text or number that the form does not show was not."""
    if block in TEXT_BLOCKS and block not in mine.texts:
        return False
    if block is FormBlock.REPETITIONS and mine.recurrence == Recurrence.NONE:
        return False
    if block in (FormBlock.CLINIC, FormBlock.TEMPLATE) and _value(block, mine) is None:
        return block is FormBlock.TEMPLATE and mine.manual != before.manual
    return not _same(block, before, mine)


def _label(block: FormBlock, words: Words) -> str:
    labels = {
        FormBlock.CLINIC: words("Clinic"),
        FormBlock.CLIENT: words("Client"),
        FormBlock.PATIENT: words("Patient"),
        FormBlock.EMAIL: words("E-mail address"),
        FormBlock.PHONE: words("Phone number"),
        FormBlock.METHOD: words("Default sending method"),
        FormBlock.TEMPLATE: words("Reminder template"),
        FormBlock.MANUAL: words("Free text"),
        FormBlock.SUBJECT: words("Subject"),
        FormBlock.EMAIL_TEXT: words("Message text"),
        FormBlock.SMS_TEXT: words("SMS text"),
        FormBlock.LETTER_TEXT: words("Text to say or print"),
        FormBlock.DUE_DATE: words("Due date"),
        FormBlock.SEND_BEFORE: words("Send before"),
        FormBlock.RECURRENCE: words("Recurring reminder"),
        FormBlock.REPETITIONS: words("Repetitions"),
    }
    return labels[block]


def _shown(block: FormBlock, form: Form, words: Words) -> str:
    fields = form.fields
    match block:
        case FormBlock.CLINIC | FormBlock.CLIENT | FormBlock.PATIENT | FormBlock.TEMPLATE:
            return _name(block, form.material)
        case FormBlock.METHOD:
            return explanations.method(Method(fields.method), words) if fields.method else ""
        case FormBlock.MANUAL:
            return words("yes") if fields.manual else words("no")
        case FormBlock.RECURRENCE:
            return explanations.recurrence(Recurrence(fields.recurrence or Recurrence.NONE), words)
        case FormBlock.DUE_DATE:
            return words.short_day(date.fromisoformat(fields.due_date))
        case FormBlock.REPETITIONS:
            return fields.repetitions or "1"
        case _:
            return str(_value(block, fields))


def _name(block: FormBlock, material: FormMaterial) -> str:
    thing = {
        FormBlock.CLINIC: material.clinic,
        FormBlock.CLIENT: material.client,
        FormBlock.PATIENT: material.patient,
        FormBlock.TEMPLATE: material.template,
    }[block]
    return "" if thing is None else thing.name
