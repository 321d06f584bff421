"""What does one choice in the form fill in elsewhere (rules P2 and P4)?

Choosing a client fills in address and number and narrows the patients; choosing a patient alone fills in its client;
choosing a template fills in subject and texts, and ticking free text empties them. A field whose value is replaced gets
a new revision, since Slack would otherwise keep what stood there. Nothing else that was typed is touched.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from blocks.ids import FormBlock
from blocks.reminder_form import TEXTS_OF_METHOD
from bot.domain.model import Client, Template, Texts
from bot.services.reminders import FormMaterial
from bot.slack import client_words
from bot.slack.button_values import FormMetadata
from bot.slack.form_fields import TEXT_BLOCKS, FormFields

LookUp = Callable[[FormFields], FormMaterial]
"""Everything about what is chosen in these fields."""


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """A form on its way: what is filled in, what it remembers, and what its choices mean."""

    fields: FormFields
    metadata: FormMetadata
    material: FormMaterial
    kept_language: str = ""
    """That of edited texts which were kept although the client who was just chosen reads another one."""


def followed_up(fields: FormFields, metadata: FormMetadata, look_up: LookUp, *, last: FormBlock | None = None) -> Form:
    """The form after whatever changed since `metadata` was written has filled in the rest.

    `last` is where the newest change was made: of a client and another client's patient, the one chosen last holds.
    """
    form = Form(fields, metadata, look_up(fields))
    if _owner_is_another(form) and fields.patient_id != metadata.patient_id and last is not FormBlock.CLIENT:
        form = _patient_chosen(form, look_up)
    elif fields.client_id != metadata.client_id:
        form = _client_chosen(form, look_up)
    if fields.manual != metadata.manual:
        form = _manual_ticked(form, look_up)
    elif not fields.manual and fields.template_id != metadata.template_id:
        form = template_text_taken(form)
    return dataclasses.replace(
        form,
        metadata=dataclasses.replace(
            form.metadata,
            client_id=form.fields.client_id,
            patient_id=form.fields.patient_id,
            template_id=form.fields.template_id,
            manual=form.fields.manual,
        ),
    )


def is_caught_up(fields: FormFields, metadata: FormMetadata, look_up: LookUp) -> bool:
    """Whether everything that was chosen has already filled in the rest, and the method's texts are in the form."""
    has_texts = fields.manual or fields.template_id is not None
    texts = TEXTS_OF_METHOD.get(fields.method or "", ()) if has_texts else ()
    if not fields.texts.keys() >= set(texts):
        return False
    return followed_up(fields, metadata, look_up).metadata.revisions == metadata.revisions


def _owner_is_another(form: Form) -> bool:
    patient = form.material.patient
    return patient is not None and patient.client_id != form.fields.client_id


def _patient_chosen(form: Form, look_up: LookUp) -> Form:
    """Fill in the owner of a patient who was chosen before any client, or who is another client's."""
    patient = form.material.patient
    fields = dataclasses.replace(form.fields, client_id=None if patient is None else patient.client_id)
    return _with_contact(
        Form(fields, form.metadata.replaced(FormBlock.CLIENT, FormBlock.PATIENT), form.material), look_up
    )


def _client_chosen(form: Form, look_up: LookUp) -> Form:
    """Narrow the patients to the client's; the only one is chosen at once."""
    patients = form.material.patients
    kept = next((one.id for one in patients if one.id == form.fields.patient_id), None)
    only = patients[0].id if len(patients) == 1 else None
    fields = dataclasses.replace(form.fields, patient_id=kept or only)
    return _with_contact(Form(fields, form.metadata.replaced(FormBlock.PATIENT), form.material), look_up)


def _with_contact(form: Form, look_up: LookUp) -> Form:
    """Fill in the client's address and number, and the template in the client's language where it was not edited."""
    before = form.material.template
    material = look_up(form.fields)
    client = material.client
    fields = dataclasses.replace(
        form.fields, email=_email(client), phone="" if client is None else client_words.phone(client.phone)
    )
    metadata = form.metadata.replaced(FormBlock.EMAIL, FormBlock.PHONE, FormBlock.ADDRESS_FOR)
    metadata = dataclasses.replace(metadata, client_version=None if client is None else client.version)
    filled = Form(fields, metadata, material)
    old = look_up(dataclasses.replace(form.fields, client_id=form.metadata.client_id)).template or before
    after = material.template
    if old is None or after is None or after.language == old.language:
        return filled
    if is_unchanged(form.fields, old):
        return template_text_taken(filled)
    return dataclasses.replace(filled, kept_language=old.language)


def _manual_ticked(form: Form, look_up: LookUp) -> Form:
    """Empty subject and texts when free text is ticked, whose template is none, or unticked."""
    template_id = None if form.fields.manual else form.fields.template_id
    fields = dataclasses.replace(form.fields, template_id=template_id, texts={})
    return Form(fields, form.metadata.replaced(FormBlock.TEMPLATE, *TEXT_BLOCKS), look_up(fields))


def template_text_taken(form: Form) -> Form:
    """Fill in the template's subject and texts."""
    fields = dataclasses.replace(form.fields, texts={})
    return Form(fields, form.metadata.replaced(*TEXT_BLOCKS), form.material)


def text_of(form: Form, block: FormBlock) -> str:
    """What stands in a text field: what was typed there, or what the template says if it was not in the form yet."""
    template = form.material.template
    typed = form.fields.texts.get(block)
    if typed is not None or template is None or form.fields.manual:
        return typed or ""
    return template_text(template.texts, block)


def template_text(texts: Texts, block: FormBlock) -> str:
    """The text of a template, or of a reminder, that belongs into a field."""
    return {
        FormBlock.SUBJECT: texts.subject,
        FormBlock.EMAIL_TEXT: texts.email,
        FormBlock.SMS_TEXT: texts.sms,
        FormBlock.LETTER_TEXT: texts.letter,
    }[block]


def is_unchanged(fields: FormFields, template: Template) -> bool:
    """Whether the texts in the form are still those of the template."""
    return not fields.texts_edited and all(
        typed.strip() == template_text(template.texts, block).strip() for block, typed in fields.texts.items()
    )


def _email(client: Client | None) -> str:
    return (client.email or "") if client is not None else ""
