"""How does a form on its way look: which choices, which texts, which coming sends?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from blocks import reminder_form
from blocks.elements import Choice
from blocks.form_meanwhile import Meanwhile
from blocks.ids import FormBlock, without_revision
from bot.channels.rendering import Occasion
from bot.domain import form_dates, form_rules, similar, timing
from bot.domain.errors import Field, Refused
from bot.domain.model import Channel, Client, Patient, Recurrence, Texts
from bot.domain.reach import Reachable, obstacles
from bot.domain.similar import Similar
from bot.domain.template import Placeholder
from bot.i18n import Words
from bot.services import previews, reminders
from bot.slack import client_words, explanations, form_fields
from bot.slack.form_changes import Form, text_of
from bot.slack.send_lines import send_line
from bot.store.directory import ClientFound, PatientFound


def form_view(
    form: Form,
    words: Words,
    *,
    channels: frozenset[Channel],
    now: datetime,
    note: str = "",
    meanwhile: Meanwhile | None = None,
) -> dict[str, Any]:
    """The modal for a form on its way; `note` is said at its top, and what changed `meanwhile`."""
    fields, material = form.fields, form.material
    coming, warning = _coming(form, words, now)
    method = fields.method or material.clinic.default_method.value
    return reminder_form.reminder_form(
        reminder_form.ReminderForm(
            clinics=[Choice(str(one.id), one.name) for one in material.clinics],
            clinic=str(material.clinic.id),
            client=None if material.client is None else client_choice(material.client),
            patient=None if material.patient is None else patient_choice(material.patient, None),
            patients=(None if material.client is None else [patient_choice(one, None) for one in material.patients]),
            email=fields.email,
            phone=fields.phone,
            address_for=_address_for(form),
            methods=_methods(form, words, channels),
            method=method if method in reminders.methods(channels) else None,
            templates=[Choice(str(template), name) for template, name in material.templates],
            template=None if fields.template_id is None else str(fields.template_id),
            manual=fields.manual,
            subject=text_of(form, FormBlock.SUBJECT),
            email_text=text_of(form, FormBlock.EMAIL_TEXT),
            sms_text=text_of(form, FormBlock.SMS_TEXT),
            letter_text=text_of(form, FormBlock.LETTER_TEXT),
            sms_length=_sms_length(form, words, now),
            text_hint=words(
                "Filled in on the day: {placeholders}",
                placeholders=" ".join(f"{{{{ {one.value} }}}}" for one in Placeholder),
            ),
            policy_note=material.clinic.policy_note,
            due_date=fields.due_date,
            send_before=fields.send_before,
            recurrence=fields.recurrence or Recurrence.NONE.value,
            recurrences=[Choice(one.value, explanations.recurrence(one, words)) for one in Recurrence],
            repetitions=fields.repetitions,
            repetitions_hint=_repetitions_hint(form, words),
            coming=coming,
            coming_note=words(
                "In the time of {clinic}. Sent between {opens} and {closes}.",
                clinic=material.clinic.name,
                opens=material.clinic.hours.opens,
                closes=material.clinic.hours.closes,
            ),
            similar=_similar(form, words),
            note=note,
            meanwhile=meanwhile,
            warning=warning,
            revisions=form.metadata.revisions,
            private_metadata=form.metadata.encode(),
            editing=form.metadata.reminder_id is not None,
            unsaved=form.metadata.unsaved,
        ),
        words,
    )


def _address_for(form: Form) -> str | None:
    """What the form says an address other than the client's own is for: this reminder, unless staff chose otherwise."""
    client = form.material.client
    if form.fields.addresses_unseen:
        return form.fields.address_for
    typed = form_fields.typed(form.fields)
    if client is None or not form_rules.has_another_address(typed, client, form.material.clinic.country):
        return None
    return form.fields.address_for or reminder_form.THIS_REMINDER


def looks_as(view: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether a form shows the same as before in all that an address decides, once one more letter of it is typed."""
    return _told_of_addresses(view) == _told_of_addresses(before)


def _told_of_addresses(view: Mapping[str, Any]) -> list[object]:
    told: list[object] = []
    for block in view["blocks"]:
        name = without_revision(block.get("block_id", ""))
        if name == FormBlock.METHOD:
            told += [option.get("description", {}).get("text") for option in block["element"]["options"]]
        elif name in (FormBlock.ADDRESS_FOR, FormBlock.EMAIL):
            told.append((name, block.get("hint", {}).get("text")))
    return told


def _methods(form: Form, words: Words, channels: frozenset[Channel]) -> list[Choice]:
    """Every method, and below its name why this client cannot get it, else what it means (rule P3)."""
    fields, material = form.fields, form.material
    reached = Reachable(
        client=material.client,
        email=fields.email,
        phone=fields.phone,
        country=material.clinic.country,
        set_up=reminders.methods(channels),
    )
    choices = []
    for one in reminders.methods_shown(channels):
        missing = " ".join(words.say(reason) for reason in obstacles(one, reached))
        hint = f"⚠️ {missing}" if missing else explanations.method_hint(one, words)
        choices.append(Choice(one.value, explanations.method(one, words), hint))
    return choices


def client_choice(client: Client, found: ClientFound | None = None) -> Choice:
    """A client in a select; among search results with what tells namesakes apart."""
    if found is None:
        return Choice(str(client.id), client.name)
    pets = ", ".join(found.patients)
    contact = " · ".join(part for part in (client_words.phone(client.phone), client.email or "") if part)
    return Choice(str(client.id), f"{client.name} · {pets}" if pets else client.name, contact)


def patient_choice(patient: Patient, found: PatientFound | None) -> Choice:
    """A patient in a select; among search results with its owner."""
    label = client_words.patient_name(patient)
    if found is None:
        return Choice(str(patient.id), label)
    owner = found.client
    reached = client_words.phone(owner.phone) or owner.email or ""
    return Choice(str(patient.id), label, " · ".join(part for part in (owner.name, reached) if part))


def _repetitions_hint(form: Form, words: Words) -> str:
    over = 0 if form.material.course is None else form.material.course.next_number - 1
    in_all = words("How many times it is sent in all, 2 to 99.")
    if not over:
        return in_all
    so_far = words.plural("{count} time is over already.", "{count} times are over already.", over)
    return f"{in_all} {so_far}"


def _sms_length(form: Form, words: Words, now: datetime) -> str:
    """How many SMS the text makes: for this patient, once one is chosen."""
    material, typed = form.material, text_of(form, FormBlock.SMS_TEXT)
    if material.client is None or material.patient is None:
        return explanations.sms_length(typed, words, filled_in=False)
    occasion = Occasion(
        material.client,
        material.patient,
        material.clinic,
        _due_date(form) or material.clinic.hours.today(now),
        material.client.language,
    )
    shown = previews.preview(Texts(sms=typed), occasion).get(Field.SMS_TEXT)
    if shown is not None and shown.problem is not None:
        return explanations.sms_length(typed, words, filled_in=False)
    return explanations.sms_length(shown.text if shown else "", words, filled_in=True)


def _due_date(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.fields.due_date)
    except ValueError:
        return None


def _coming(form: Form, words: Words, now: datetime) -> tuple[list[str], str]:
    """Every coming send as a line, or what is wrong with the dates as they stand."""
    hours = form.material.clinic.hours
    if not form.fields.due_date:
        return [], ""
    try:
        course = form_dates.course_of(form_fields.typed(form.fields).dates, form.material.course, hours, now)
    except Refused as refused:
        return [], words.say(next(iter(refused.refusals.values())))
    ahead = course.schedule.send_before
    return [send_line(one, ahead, hours, words, now) for one in timing.plan(course, hours, now)], ""


def _similar(form: Form, words: Words) -> list[str]:
    """What the patient waits for already and is like the reminder in the form."""
    fields, material = form.fields, form.material
    if material.patient is None:
        return []
    found = similar.similar(
        material.waiting,
        template_id=None if fields.manual else fields.template_id,
        due_date=form_dates.day_of(fields.due_date),
        but=form.metadata.reminder_id,
    )
    return [_alike(one, material.patient.name, words) for one in found]


def _alike(one: Similar, patient: str, words: Words) -> str:
    what = one.waiting.template_name or one.waiting.subject or words("Free text")
    due_date = words.short_day(one.due_date)
    if one.is_of_same_template:
        return words(
            "{patient} already has a waiting reminder from this template: {what}, due {due_date}.",
            patient=patient,
            what=what,
            due_date=due_date,
        )
    return words(
        "{patient} already has a waiting reminder due on nearly the same day: {what}, due {due_date}.",
        patient=patient,
        what=what,
        due_date=due_date,
    )
