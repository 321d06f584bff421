"""Can the form be saved as it is filled in, and if not, what is wrong with each of its fields?

The whole form is looked at in one go, so that a person learns everything that needs another look at once, each thing
beside its field (rules P3 and P4; for P5 to P7 see `bot.domain.form_dates`). What is hidden in the form is not judged:
the texts of other methods, the texts before a template or free text is chosen, the repetitions of a reminder that does
not recur.

An address that was left as the client's own is not kept with the reminder: on the day the client's current one is
used (rule P11). Another one is kept with this reminder, or goes into the client's record if staff said so. One that
the method does not need may be of any valid kind, and the client's own is let through as it is, so that an old typing
error in the directory does not keep an unrelated reminder from being saved.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from bot.domain import form_dates, message_text, recipients, typed
from bot.domain.errors import Field, Refused, Unusable
from bot.domain.form_dates import TypedDates
from bot.domain.messages import Message, message
from bot.domain.model import (
    Channel,
    Client,
    Clinic,
    Method,
    Patient,
    ReminderDraft,
    Template,
    TextOrigin,
    Texts,
)
from bot.domain.recurrence import Course

TEXT_FIELDS: Final[Mapping[Method, tuple[Field, ...]]] = MappingProxyType(
    {
        Method.EMAIL: (Field.SUBJECT, Field.EMAIL_TEXT),
        Method.SMS: (Field.SMS_TEXT,),
        Method.BOTH: (Field.SUBJECT, Field.EMAIL_TEXT, Field.SMS_TEXT),
        Method.POST: (Field.LETTER_TEXT,),
        Method.EXTERNAL: (Field.SUBJECT, Field.EMAIL_TEXT),
    }
)
"""Which texts each method needs."""


_Wrong = dict[Field, Message]


@dataclasses.dataclass(frozen=True, slots=True)
class TypedReminder:
    """The form's values as they arrived: nothing is cleaned, read or checked yet; `None` is an empty field."""

    clinic_id: int | None = None
    client_id: int | None = None
    patient_id: int | None = None
    email: str | None = dataclasses.field(default=None, repr=False)
    phone: str | None = dataclasses.field(default=None, repr=False)
    for_the_record: bool = False
    """Whether an address other than the client's own replaces that one, instead of holding for this reminder only."""
    client_version: int | None = None
    """Which version of the client's record the form was filled in from."""
    method: str | None = None
    template_id: int | None = None
    manual: bool = False
    subject: str | None = dataclasses.field(default=None, repr=False)
    email_text: str | None = dataclasses.field(default=None, repr=False)
    sms_text: str | None = dataclasses.field(default=None, repr=False)
    letter_text: str | None = dataclasses.field(default=None, repr=False)
    due_date: date | str | None = None
    """A day, or as the calendar sends it: `2026-05-04`."""
    send_before: str | None = None
    recurrence: str | None = None
    repetitions: str | None = None

    @property
    def dates(self) -> TypedDates:
        """The fields that say when."""
        return TypedDates(self.due_date, self.send_before, self.recurrence, self.repetitions)


@dataclasses.dataclass(frozen=True, slots=True)
class FormContext:
    """What the ids in the form stand for, looked up afresh; `None` where nothing was chosen or it is gone."""

    clinic: Clinic
    client: Client | None
    patient: Patient | None
    template: Template | None
    methods: Collection[Method]
    """The sending methods that the bot is set up for."""
    now: datetime
    course: Course | None = None
    """Of the reminder that is being changed: how far it has come."""


def check(form: TypedReminder, context: FormContext) -> ReminderDraft:
    """The reminder that `form` describes.

    Raises:
        Refused: with a sentence for every field that cannot be used.
    """
    wrong: _Wrong = {}
    _check_clinic(form, context, wrong)
    client = _client(form, context, wrong)
    patient = _patient(form, context, wrong)
    method = _method(form, context, wrong)
    email = _email(form, client, method, wrong)
    phone = _phone(form, context, client, method, wrong)
    texts, origin = _texts(form, context, method, wrong)
    course = None
    try:
        course = form_dates.course_of(form.dates, context.course, context.clinic.hours, context.now)
    except Refused as refused:
        wrong.update(refused.refusals)
    if wrong or client is None or patient is None or method is None or course is None:
        raise Refused(wrong)
    used = None if origin is TextOrigin.MANUAL else context.template
    return ReminderDraft(
        clinic_id=context.clinic.id,
        client_id=client.id,
        patient_id=patient.id,
        method=method,
        schedule=course.schedule,
        first_number=course.first_number,
        texts=texts,
        origin=origin,
        template_id=used.id if used else None,
        template_revision=used.revision if used else None,
        template_language=used.language if used else None,
        email_override=email,
        phone_override=phone,
    )


def record_with(draft: ReminderDraft, client: Client) -> Client:
    """The client's record with the addresses that `draft` keeps for itself."""
    return dataclasses.replace(
        client, email=draft.email_override or client.email, phone=draft.phone_override or client.phone
    )


def has_another_address(form: TypedReminder, client: Client, country: str) -> bool:
    """Whether an address in `form` is another than the client's own, so that staff are asked what it is for.

    One that cannot be used yet counts as another: it is being typed.
    """
    email, phone = form.email or "", form.phone or ""
    return _is_another(email, client.email, recipients.email_address) or _is_another(
        phone, client.phone, lambda text: recipients.phone_number(text, country)
    )


# Who


def _check_clinic(form: TypedReminder, context: FormContext, wrong: _Wrong) -> None:
    if form.clinic_id is not None and form.clinic_id != context.clinic.id:
        wrong[Field.CLINIC] = message("This clinic is no longer there. Choose another one.")


def _client(form: TypedReminder, context: FormContext, wrong: _Wrong) -> Client | None:
    client = context.client
    if form.client_id is None:
        wrong[Field.CLIENT] = message("Choose the client: type the beginning of a name.")
    elif client is None or client.id != form.client_id:
        wrong[Field.CLIENT] = message("This client is no longer there. Choose another one.")
    elif not client.active:
        wrong[Field.CLIENT] = message(
            "This client is inactive and gets no reminders. Choose another one, or make the client active first."
        )
    return client


def _patient(form: TypedReminder, context: FormContext, wrong: _Wrong) -> Patient | None:
    patient = context.patient
    problem = None
    if form.patient_id is None:
        problem = message("Choose the patient.")
    elif patient is None or patient.id != form.patient_id:
        problem = message("This patient is no longer there. Choose another one.")
    elif form.client_id is not None and patient.client_id != form.client_id:
        problem = message("This patient belongs to another client. Choose one of this client's patients.")
    elif not patient.alive:
        problem = message("This patient has died and gets no reminders. Choose another one.")
    elif not patient.active:
        problem = message(
            "This patient is inactive and gets no reminders. Choose another one, or make the patient active first."
        )
    if problem is not None:
        wrong[Field.PATIENT] = problem
    return patient


# How


def _method(form: TypedReminder, context: FormContext, wrong: _Wrong) -> Method | None:
    if not form.method:
        wrong[Field.METHOD] = message("Choose how the reminder is sent.")
        return None
    if form.method not in set(Method) or form.method not in context.methods:
        wrong[Field.METHOD] = message("The bot is not set up to send this way. Choose another method.")
        return None
    return Method(form.method)


def _email(form: TypedReminder, client: Client | None, method: Method | None, wrong: _Wrong) -> str | None:
    needed = method is not None and Channel.EMAIL in method.channels
    if needed and client is not None and not client.email_allowed:
        wrong[Field.EMAIL] = message("This client gets no e-mail: it is switched off. Choose another sending method.")
        return None
    if needed and typed.is_blank(form.email or ""):
        wrong[Field.EMAIL] = message("The e-mail address is missing. Enter one, or choose another sending method.")
        return None
    own = client.email if client is not None else None
    return _override(form.email, own, Field.EMAIL, recipients.email_address, needed, wrong)


def _phone(
    form: TypedReminder, context: FormContext, client: Client | None, method: Method | None, wrong: _Wrong
) -> str | None:
    needed = method is not None and Channel.SMS in method.channels
    if needed and client is not None and not client.sms_allowed:
        wrong[Field.PHONE] = message(
            "This client gets no text messages: they are switched off. Choose another sending method."
        )
        return None
    if needed and typed.is_blank(form.phone or ""):
        wrong[Field.PHONE] = message("The mobile number is missing. Enter one, or choose another sending method.")
        return None
    own = client.phone if client is not None else None
    country = context.clinic.country

    def in_sending_form(text: str) -> str:
        return recipients.mobile_number(text, country) if needed else recipients.phone_number(text, country)

    return _override(form.phone, own, Field.PHONE, in_sending_form, needed, wrong)


def _override(
    text: str | None,
    own: str | None,
    field: Field,
    in_sending_form: Callable[[str], str],
    needed: bool,
    wrong: _Wrong,
) -> str | None:
    """The address to keep with the reminder; `None` when it is the client's own, nothing, or refused."""
    if text is None or typed.is_blank(text):
        return None
    if not needed and own is not None and text.strip() == own.strip():
        return None
    try:
        found = in_sending_form(text)
    except Unusable as unusable:
        wrong[field] = unusable.reason
        return None
    return None if own is not None and found == _normal(own, in_sending_form) else found


def _is_another(text: str, own: str | None, in_one_form: Callable[[str], str]) -> bool:
    if typed.is_blank(text) or (own is not None and text.strip() == own.strip()):
        return False
    found = _normal(text, in_one_form)
    return found is None or own is None or found != _normal(own, in_one_form)


def _normal(own: str, in_sending_form: Callable[[str], str]) -> str | None:
    try:
        return in_sending_form(own)
    except Unusable:
        return None


# What


def _texts(form: TypedReminder, context: FormContext, method: Method | None, wrong: _Wrong) -> tuple[Texts, TextOrigin]:
    used = None if form.manual else context.template
    if not form.manual and form.template_id is None:
        wrong[Field.TEMPLATE] = message("Choose a template, or tick the box to write the text yourself.")
        return Texts(), TextOrigin.EDITED
    if not form.manual and (used is None or used.id != form.template_id):
        wrong[Field.TEMPLATE] = message("This template is no longer there. Choose another one, or write the text.")
        return Texts(), TextOrigin.EDITED
    needed = TEXT_FIELDS[method] if method is not None else ()
    given = message_text.by_field(
        Texts(form.subject or "", form.email_text or "", form.sms_text or "", form.letter_text or "")
    )
    offered = message_text.by_field(used.texts) if used is not None else {}
    written = {field: _text(field, given[field], offered.get(field), wrong) for field in needed}
    texts = message_text.from_fields(written)
    if used is None:
        return texts, TextOrigin.MANUAL
    unchanged = all(text == _kept_form(field, offered[field]) for field, text in written.items())
    return texts, TextOrigin.TEMPLATE if unchanged else TextOrigin.EDITED


def _text(field: Field, text: str, offered: str | None, wrong: _Wrong) -> str:
    try:
        cleaned = message_text.checked(field, text)
        if not cleaned:
            wrong[field] = _missing_text(field, offered)
    except Unusable as unusable:
        wrong[field] = unusable.reason
        return ""
    return cleaned


def _missing_text(field: Field, offered: str | None) -> Message:
    if offered is not None and typed.is_blank(offered):
        return message("This template has no text for this sending method. Write it here, or choose another template.")
    if field is Field.SUBJECT:
        return message("The subject is missing. Write what the e-mail is about.")
    return message("The text is missing. Write what the client should read.")


def _kept_form(field: Field, text: str) -> str:
    try:
        return message_text.cleaned(field, text)
    except Unusable:
        return text
