"""What has been filled in so far?

Slack sends every input's value with each change and with the submission, by block_id and action_id. Here it becomes one
object, still as typed: an empty choice is `None`, an empty text `""`; of the texts only those are there that are in the
form.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

from blocks.ids import FormBlock, without_revision
from blocks.reminder_form import THE_RECORD
from bot.domain.form_rules import TypedReminder
from bot.domain.model import Recurrence
from bot.slack.button_values import Unreadable, row_id

TEXT_BLOCKS = (FormBlock.SUBJECT, FormBlock.EMAIL_TEXT, FormBlock.SMS_TEXT, FormBlock.LETTER_TEXT)

_FILLED_IN: Final[Mapping[FormBlock, str]] = MappingProxyType(
    {
        FormBlock.CLIENT: "client_id",
        FormBlock.PATIENT: "patient_id",
        FormBlock.EMAIL: "email",
        FormBlock.PHONE: "phone",
        FormBlock.ADDRESS_FOR: "address_for",
        FormBlock.TEMPLATE: "template_id",
    }
)
"""Beside the texts, the fields that a choice elsewhere fills in."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class FormFields:
    """The form's fields as typed."""

    clinic_id: int | None = None
    client_id: int | None = None
    patient_id: int | None = None
    email: str = dataclasses.field(default="", repr=False)
    phone: str = dataclasses.field(default="", repr=False)
    address_for: str | None = None
    """What an address other than the client's own is for; `None` while the form does not ask."""
    method: str | None = None
    template_id: int | None = None
    manual: bool = False
    texts: Mapping[FormBlock, str] = dataclasses.field(default_factory=dict, repr=False)
    """Only the text fields that are in the form."""
    due_date: str = ""
    send_before: str = ""
    recurrence: str | None = None
    repetitions: str = ""
    addresses_unseen: bool = False
    """Whether address and number, as typed, stand in the form but are not known here (`bot.slack.form_below`)."""
    texts_edited: bool = False
    """Whether the texts, which are not known here either, are other than the template's."""

    def with_blocks_of(self, other: FormFields, blocks: Collection[FormBlock]) -> FormFields:
        """These fields with `blocks` as they are in `other`, and with what is typed there in fields not shown here."""
        texts = {**other.texts, **{block: text for block, text in self.texts.items() if block not in blocks}}
        taken = {name: getattr(other, name) for block, name in _FILLED_IN.items() if block in blocks}
        was_hidden = other.recurrence in (None, Recurrence.NONE) and not self.repetitions
        repetitions = other.repetitions if was_hidden else self.repetitions
        return dataclasses.replace(self, texts=texts, repetitions=repetitions, **taken)


def read(view: Mapping[str, Any]) -> FormFields:
    """The fields of a form as Slack sends it.

    Raises:
        Unreadable: if the form is another version's, or a choice carries a value that the bot did not offer.
    """
    try:
        values = {
            FormBlock(without_revision(block_id)): next(iter(inputs.values()))
            for block_id, inputs in view["state"]["values"].items()
        }
    except ValueError:  # a block that this version of the form does not have
        raise Unreadable from None
    return FormFields(
        clinic_id=_chosen_id(values, FormBlock.CLINIC),
        client_id=_chosen_id(values, FormBlock.CLIENT),
        patient_id=_chosen_id(values, FormBlock.PATIENT),
        email=_typed(values, FormBlock.EMAIL),
        phone=_typed(values, FormBlock.PHONE),
        address_for=_chosen(values, FormBlock.ADDRESS_FOR),
        method=_chosen(values, FormBlock.METHOD),
        template_id=_chosen_id(values, FormBlock.TEMPLATE),
        manual=bool(values.get(FormBlock.MANUAL, {}).get("selected_options")),
        texts={block: _typed(values, block) for block in TEXT_BLOCKS if block in values},
        due_date=values.get(FormBlock.DUE_DATE, {}).get("selected_date") or "",
        send_before=_typed(values, FormBlock.SEND_BEFORE),
        recurrence=_chosen(values, FormBlock.RECURRENCE),
        repetitions=_typed(values, FormBlock.REPETITIONS),
    )


def typed(fields: FormFields, *, client_version: int | None = None) -> TypedReminder:
    """The fields as the rules judge them; `client_version` is that of the record they were filled in from."""
    return TypedReminder(
        clinic_id=fields.clinic_id,
        client_id=fields.client_id,
        patient_id=fields.patient_id,
        email=fields.email,
        phone=fields.phone,
        for_the_record=fields.address_for == THE_RECORD,
        client_version=client_version,
        method=fields.method,
        template_id=fields.template_id,
        manual=fields.manual,
        subject=fields.texts.get(FormBlock.SUBJECT),
        email_text=fields.texts.get(FormBlock.EMAIL_TEXT),
        sms_text=fields.texts.get(FormBlock.SMS_TEXT),
        letter_text=fields.texts.get(FormBlock.LETTER_TEXT),
        due_date=fields.due_date,
        send_before=fields.send_before,
        recurrence=fields.recurrence,
        repetitions=fields.repetitions,
    )


def _chosen(values: Mapping[FormBlock, Mapping[str, Any]], block: FormBlock) -> str | None:
    option = values.get(block, {}).get("selected_option")
    return None if option is None else str(option["value"])


def _chosen_id(values: Mapping[FormBlock, Mapping[str, Any]], block: FormBlock) -> int | None:
    chosen = _chosen(values, block)
    return None if chosen is None else row_id(chosen)


def _typed(values: Mapping[FormBlock, Mapping[str, Any]], block: FormBlock) -> str:
    return str(values.get(block, {}).get("value") or "")
