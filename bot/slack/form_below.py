"""How does the reminder form stay as it was filled in while a dialog lies on it, and take what was added there?

Slack keeps what is typed in every block whose ids stay the same, but tells a dialog's submission nothing of the form
below. Which blocks the form has depends on choices in it, so those travel in the dialog's metadata: ids, codes, dates
and numbers. Addresses and texts do not (rule P18); they stay where they are, in the form.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from blocks.ids import FormBlock
from bot.slack import client_words, form_changes
from bot.slack.button_values import FormMetadata, Unreadable
from bot.slack.form_changes import Form, LookUp
from bot.slack.form_fields import FormFields

_LONGEST = 40


@dataclasses.dataclass(frozen=True, slots=True)
class FormBelow:
    """The choices of a form as it stood at `hash`, and what it remembers."""

    hash: str
    metadata: FormMetadata
    fields: FormFields

    def encode(self) -> str:
        """As it travels in a dialog's metadata."""
        fields = self.fields
        return json.dumps(
            {
                "hash": self.hash,
                "form": self.metadata.encode(),
                "clinic": fields.clinic_id,
                "client": fields.client_id,
                "patient": fields.patient_id,
                "for": fields.address_for,
                "method": fields.method,
                "template": fields.template_id,
                "manual": fields.manual,
                "due": fields.due_date,
                "before": fields.send_before,
                "again": fields.recurrence,
                "times": fields.repetitions,
                "edited": fields.texts_edited,
            },
            separators=(",", ":"),
        )

    @classmethod
    def decode(cls, text: str) -> FormBelow:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            fields = FormFields(
                clinic_id=read["clinic"],
                client_id=read["client"],
                patient_id=read["patient"],
                address_for=read["for"],
                method=read["method"],
                template_id=read["template"],
                manual=bool(read["manual"]),
                due_date=str(read["due"]),
                send_before=str(read["before"]),
                recurrence=read["again"],
                repetitions=str(read["times"]),
                addresses_unseen=True,
                texts_edited=bool(read["edited"]),
            )
            return cls(str(read["hash"]), FormMetadata.decode(read["form"]), fields)
        except (ValueError, KeyError, TypeError):
            raise Unreadable from None


def left_below(view_hash: str, fields: FormFields, metadata: FormMetadata, look_up: LookUp) -> FormBelow:
    """The form as it is just before a dialog is put on it."""
    template = look_up(fields).template
    edited = template is not None and not fields.manual and not form_changes.is_unchanged(fields, template)
    kept = dataclasses.replace(
        fields,
        texts_edited=edited,
        send_before=fields.send_before[:_LONGEST],
        repetitions=fields.repetitions[:_LONGEST],
    )
    return FormBelow(view_hash, metadata, kept)


def with_added(below: FormBelow, look_up: LookUp, *, client_id: int, patient_id: int | None) -> Form:
    """The form with the client, and the patient if one was added, chosen in it."""
    before, metadata = below.fields, below.metadata.replaced(FormBlock.CLIENT, FormBlock.PATIENT)
    fields = dataclasses.replace(before, client_id=client_id, patient_id=patient_id)
    if client_id != before.client_id:
        fields = dataclasses.replace(fields, addresses_unseen=False, address_for=None)
        metadata = dataclasses.replace(metadata, client_id=None)
        return form_changes.followed_up(fields, metadata, look_up, last=FormBlock.CLIENT)
    client = look_up(fields).client
    if client is not None:
        fields = dataclasses.replace(fields, email=client.email or "", phone=client_words.phone(client.phone))
    return form_changes.followed_up(fields, metadata, look_up, last=FormBlock.PATIENT)
