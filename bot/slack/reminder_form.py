"""What happens in the form in which a reminder is made or changed (rules P1 to P8)?"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from blocks import elements
from blocks.elements import Choice
from blocks.form_meanwhile import Meanwhile
from blocks.ids import FormBlock, without_revision
from bot.domain.errors import AlreadySaved, Changed, Field, NotFound, RecordChanged, Refused
from bot.domain.messages import Message
from bot.domain.model import Client, Recurrence, ReminderDraft
from bot.domain.recurrence import Course
from bot.i18n import Words
from bot.services import directory, reminder_seen, reminders, templates
from bot.services.reminder_seen import ReminderSeen
from bot.services.reminders import Editing, FormMaterial
from bot.slack import client_words, form_fields, form_meanwhile, form_view, home, reminder_history
from bot.slack.button_values import FormMetadata, Unreadable, row_id
from bot.slack.form_changes import (
    Form,
    LookUp,
    followed_up,
    is_caught_up,
    template_text,
    template_text_taken,
)
from bot.slack.form_fields import TEXT_BLOCKS, FormFields
from bot.slack.form_order import Progress
from bot.slack.reminder_card import card_view, show_as_it_stands
from bot.slack.requests import Request
from bot.slack.set_aside import SetAside

SUGGESTIONS = 20
"""How many matches a type-ahead shows; more would have to be read, and a further letter narrows them."""

_TYPED_LETTER_BY_LETTER = (FormBlock.EMAIL, FormBlock.PHONE)
"""Of these most letters change nothing else, and a form that is replaced under one's fingers is no help."""

_TOKEN_BYTES = 4

_SHOWN_INSTEAD = {
    FormBlock.CLINIC: FormBlock.CLIENT,
    FormBlock.REPETITIONS: FormBlock.RECURRENCE,
    FormBlock.TEMPLATE: FormBlock.MANUAL,
    FormBlock.SUBJECT: FormBlock.MANUAL,
    FormBlock.EMAIL_TEXT: FormBlock.MANUAL,
    FormBlock.SMS_TEXT: FormBlock.MANUAL,
    FormBlock.LETTER_TEXT: FormBlock.MANUAL,
}
"""Where a refusal stands when its own field is not in the form just now."""


def open_new(request: Request) -> None:
    """Open an empty form."""
    open_form(request, FormFields(send_before="0"))
    request.ack()


def open_form(request: Request, fields: FormFields, note: str = "") -> None:
    """Open a form with `fields` filled in, and whatever follows from them; `note` is said at its top."""
    metadata = FormMetadata(form=secrets.token_hex(_TOKEN_BYTES))
    form = followed_up(fields, metadata, look_up_for(request, metadata))
    request.show_here(view_of(request, form, note))


def open_for_client(press: Request) -> None:
    """Open the form with a client filled in, and its patient if there is only one."""
    open_form(press, FormFields(client_id=row_id(press.action["value"]), send_before="0"))


def open_for_patient(press: Request) -> None:
    """Open the form with a patient and its client filled in."""
    open_form(press, FormFields(patient_id=row_id(press.action["value"]), send_before="0"))


def open_edit(press: Request) -> None:
    """Put the form, filled in with a waiting reminder, in the place of its card."""
    seen = reminder_seen.find(press.desk.database, press.team_id, row_id(press.action["value"]))
    course = seen.course
    if course is None:
        words = press.words
        show_as_it_stands(
            press, seen.reminder.id, words("Nothing of this reminder is left to send, so there is nothing to edit.")
        )
        return
    fields = _fields_of(seen.reminder.draft, course, seen.client)
    metadata = FormMetadata(
        client_id=fields.client_id,
        patient_id=fields.patient_id,
        template_id=fields.template_id,
        manual=fields.manual,
        client_version=seen.client.version,
        reminder_id=seen.reminder.id,
        version=seen.reminder.version,
        next_number=course.next_number,
        lines=len(seen.history),
    )
    form = Form(fields, metadata, look_up_for(press, metadata)(fields))
    press.show_instead(view_of(press, form))


def open_copy(press: Request, reminder_id: int) -> None:
    """Put the form, filled in as a copy of a reminder, in the place of its card; staff choose the due date."""
    seen, words = reminder_seen.find(press.desk.database, press.team_id, reminder_id), press.words
    draft = seen.reminder.draft
    fields = dataclasses.replace(_fields_of(draft, Course(draft.schedule), seen.client), due_date="")
    metadata = FormMetadata(
        form=secrets.token_hex(_TOKEN_BYTES),
        client_id=fields.client_id,
        patient_id=fields.patient_id,
        template_id=fields.template_id,
        manual=fields.manual,
        client_version=seen.client.version,
    )
    note = words("This is a copy, and not saved yet. Choose its due date, change what you like, then save.")
    press.show_instead(view_of(press, Form(fields, metadata, look_up_for(press, metadata)(fields)), note))


def change(press: Request) -> None:
    """Let what was chosen fill in the rest, and bring the coming sends up to date."""
    view = press.view
    with press.desk.form_order.turn(view["id"], float(press.action["action_ts"])) as progress:
        if progress is None:
            return
        last = FormBlock(without_revision(press.action["block_id"]))
        fields, metadata = progress.going_on(
            view["hash"], form_fields.read(view), FormMetadata.decode(view["private_metadata"])
        )
        form = _after_choice(progress.set_aside, fields, metadata, look_up_for(press, metadata), last)
        before, shown = progress.hash_now(view["hash"]), view_of(press, form, _language_note(form, press.words))
        if last in _TYPED_LETTER_BY_LETTER and before == view["hash"] and form_view.looks_as(shown, view):
            return
        _update(press, progress, before, shown, form)


def take_template_text(press: Request) -> None:
    """Put the chosen template's subject and texts, in the client's language, in the place of what was changed."""
    view = press.view
    with press.desk.form_order.turn(view["id"], float(press.action["action_ts"])) as progress:
        if progress is None:
            return
        fields, metadata = progress.going_on(
            view["hash"], form_fields.read(view), FormMetadata.decode(view["private_metadata"])
        )
        form = template_text_taken(Form(fields, metadata, look_up_for(press, metadata)(fields)))
        _update(press, progress, progress.hash_now(view["hash"]), view_of(press, form), form)


def _update(press: Request, progress: Progress, before: str, shown: dict[str, Any], form: Form) -> None:
    try:
        answer = press.client.views_update(view_id=press.view["id"], hash=before, view=shown)
    except SlackApiError as error:
        # The form was saved or closed meanwhile, or another process was faster.
        if error.response.get("error") not in {"hash_conflict", "not_found"}:
            raise
        return
    progress.updated(before, answer["view"]["hash"], form.fields, form.metadata)


def _after_choice(
    aside: SetAside, fields: FormFields, metadata: FormMetadata, look_up: LookUp, last: FormBlock
) -> Form:
    """The form as a choice makes it, with what was typed in it when that was chosen before."""
    aside.keep(fields, metadata, look_up)
    return aside.put_back(followed_up(aside.returned(fields, metadata), metadata, look_up, last=last), metadata)


def _language_note(form: Form, words: Words) -> str:
    """Texts that were edited are never replaced; what the client reads is told instead."""
    client = form.material.client
    if client is None or not form.kept_language:
        return ""
    return words(
        "The texts that you edited are still in {language}. This client reads {other}: “Take the template's text” "
        "changes to that.",
        language=words.language_name(form.kept_language),
        other=words.language_name(client.language),
    )


def suggest_clients(request: Request) -> None:
    """Offer the clients in whom every typed word is found."""
    found = directory.search_clients(request.desk.database, request.team_id, request.typed, limit=SUGGESTIONS)
    request.desk.searches.note(request.view["id"], request.typed, found=bool(found))
    choices = [form_view.client_choice(one.client, one) for one in found]
    request.ack(**elements.suggestions(choices))


def suggest_patients(request: Request) -> None:
    """Offer the patients in whom, or in whose owner, every typed word is found; the chosen client's alone."""
    client_id = FormMetadata.decode(request.view["private_metadata"]).client_id
    found = directory.search_patients(
        request.desk.database, request.team_id, request.typed, client_id=client_id, limit=SUGGESTIONS
    )
    choices = [form_view.patient_choice(one.patient, one) for one in found]
    request.ack(**elements.suggestions(choices))


def suggest_templates(request: Request) -> None:
    """Offer the templates in whose name every typed word is found, where there are more than a menu holds."""
    found = templates.offered(request.desk.database, request.team_id, request.typed, limit=SUGGESTIONS)
    request.ack(**elements.suggestions(Choice(str(template), name) for template, name in found))


def save(submission: Request) -> None:
    """Store the form and answer with the reminder's card; or say under each field what is wrong with it."""
    view, desk = submission.view, submission.desk
    metadata, fields = FormMetadata.decode(view["private_metadata"]), form_fields.read(view)
    if not is_caught_up(fields, metadata, look_up_for(submission, metadata)):
        _fill_in_first(submission, fields, metadata)
        return
    try:
        seen = _stored(submission)
    except Refused as refused:
        submission.ack(response_action="errors", errors=_errors(view, refused.refusals, submission))
        return
    except RecordChanged:
        _show_the_record(submission, fields, metadata)
        return
    except AlreadySaved as already:
        _show_what_was_saved(submission, already)
        return
    except Changed:
        unsaved = dataclasses.replace(metadata, unsaved=True)
        submission.ack(response_action="update", view=_as_it_stands(submission, fields, unsaved))
        return
    submission.ack(response_action="update", view=card_view(seen, submission.words, now=desk.clock.now(), saved=True))
    desk.wake()
    home.refresh(submission)


def _fill_in_first(submission: Request, fields: FormFields, metadata: FormMetadata) -> None:
    """Save came faster than the address or the text of what was chosen: nobody has seen yet what would be sent."""
    unsaved = dataclasses.replace(metadata, unsaved=True)
    form = followed_up(fields, unsaved, look_up_for(submission, metadata))
    words = submission.words
    note = words("Some fields were only just filled in. Look at them, then save once more.")
    submission.ack(response_action="update", view=view_of(submission, form, note))


def _show_what_was_saved(submission: Request, already: AlreadySaved) -> None:
    """The form was saved before and its answer was lost; what was changed in it since is not in the reminder."""
    desk, words = submission.desk, submission.words
    seen = reminder_seen.find(desk.database, submission.team_id, already.reminder_id)
    editable = seen.coming and not seen.is_cancelled
    note = words.say(already.reason) if editable else words("This form was already saved as shown here.")
    submission.ack(response_action="update", view=card_view(seen, words, now=desk.clock.now(), note=note))


def _show_the_record(submission: Request, fields: FormFields, metadata: FormMetadata) -> None:
    """The record that Save would change was changed by somebody else: how it reads now is said first."""
    material, words = look_up_for(submission, metadata)(fields), submission.words
    client = material.client
    if client is None:
        raise NotFound
    known = [address for address in (client.email, client_words.phone(client.phone)) if address]
    note = words(
        "Somebody changed this client's record meanwhile. It now has: {addresses}. Save again to replace that.",
        addresses=words.names(known) or words("no address and no number"),
    )
    form = Form(fields, dataclasses.replace(metadata, client_version=client.version, unsaved=True), material)
    submission.ack(response_action="update", view=view_of(submission, form, note))


def _stored(submission: Request) -> ReminderSeen:
    view, desk = submission.view, submission.desk
    metadata = FormMetadata.decode(view["private_metadata"])
    typed = form_fields.typed(form_fields.read(view), client_version=metadata.client_version)
    if metadata.reminder_id is None:
        # One form makes one reminder, however often it arrives: delivered twice by Slack, or saved again by somebody
        # who was told of trouble although the first time was only slow. One modal can hold several forms in turn.
        return reminders.create(
            desk.database,
            submission.team_id,
            typed,
            key=f"{view['id']}:{metadata.form}",
            channels=desk.channels,
            who=submission.person.id,
            now=desk.clock.now(),
        )
    return reminders.edit(
        desk.database,
        submission.team_id,
        typed,
        _editing(metadata),
        key=f"{view['id']}:{view['hash']}",  # the same when Slack delivers it twice, another with each new edit
        channels=desk.channels,
        who=submission.person.id,
        now=desk.clock.now(),
    )


def _editing(metadata: FormMetadata) -> Editing:
    if metadata.reminder_id is None or metadata.version is None or metadata.next_number is None:
        raise Unreadable
    return Editing(metadata.reminder_id, metadata.version, metadata.next_number)


def _as_it_stands(submission: Request, mine: FormFields, metadata: FormMetadata) -> dict[str, Any]:
    """The form with everything typed in it, what changed since it was opened, and the reminder as it stands to go on.

    Where nothing of the reminder can be edited any more, the form says so and stays what it is, for copying from it.
    """
    words, look_up = submission.words, look_up_for(submission, metadata)
    meanwhile = reminders.meanwhile(submission.desk.database, submission.team_id, _editing(metadata))
    seen = meanwhile.seen
    happened = [reminder_history.line(entry, seen, words) for entry in seen.history[metadata.lines :]]
    course = seen.course
    if course is None or seen.is_cancelled:
        hindrance = words("As it stands it cannot be edited. What you entered is kept below, to copy from.")
        form = Form(mine, metadata, look_up(mine))
        return view_of(submission, form, meanwhile=Meanwhile(happened, [], hindrance))
    before = _fields_of(meanwhile.before, meanwhile.course_before, meanwhile.client_before)
    now = _fields_of(seen.reminder.draft, course, seen.client)
    changed = form_meanwhile.changes(before, now, mine)
    opened_anew = dataclasses.replace(
        metadata, version=seen.reminder.version, next_number=course.next_number, lines=len(seen.history)
    )
    form = form_meanwhile.put_together(mine, opened_anew, now, changed, look_up)
    told = form_meanwhile.told(
        changed, Form(before, metadata, look_up(before)), Form(now, metadata, look_up(now)), words
    )
    return view_of(submission, form, meanwhile=Meanwhile(happened, told))


def _errors(view: Mapping[str, Any], refusals: Mapping[Field, Message], submission: Request) -> dict[str, str]:
    """What is wrong, by the block_id under which Slack shows it; two sentences of one block stand together."""
    shown = {
        without_revision(block["block_id"]): block["block_id"] for block in view["blocks"] if block["type"] == "input"
    }
    errors: dict[str, str] = {}
    for field, refusal in refusals.items():
        wanted = FormBlock(field.value)
        block = wanted if wanted.value in shown else _SHOWN_INSTEAD.get(wanted, FormBlock.CLIENT)
        block_id = shown[block.value]
        sentence = submission.words.say(refusal)
        errors[block_id] = f"{errors[block_id]} {sentence}" if block_id in errors else sentence
    return errors


def look_up_for(request: Request, metadata: FormMetadata) -> LookUp:
    """Everything about what is chosen in a form, in the workspace that asks; `metadata` tells which one is edited."""

    def look_up(fields: FormFields) -> FormMaterial:
        return reminders.form_material(
            request.desk.database,
            request.team_id,
            clinic_id=fields.clinic_id,
            client_id=fields.client_id,
            patient_id=fields.patient_id,
            template_id=fields.template_id,
            reminder_id=metadata.reminder_id,
        )

    return look_up


def view_of(request: Request, form: Form, note: str = "", meanwhile: Meanwhile | None = None) -> dict[str, Any]:
    """The modal for a form on its way; `note` is said at its top, and what changed `meanwhile`."""
    desk = request.desk
    return form_view.form_view(
        form, request.words, channels=desk.channels, now=desk.clock.now(), note=note, meanwhile=meanwhile
    )


def _fields_of(draft: ReminderDraft, course: Course, client: Client) -> FormFields:
    """The form as somebody would fill it in to get this reminder, from its next due date on."""
    recurs = draft.schedule.recurrence is not Recurrence.NONE
    return FormFields(
        clinic_id=draft.clinic_id,
        client_id=draft.client_id,
        patient_id=draft.patient_id,
        email=draft.email_override or client.email or "",
        phone=client_words.phone(draft.phone_override or client.phone),
        method=draft.method.value,
        template_id=draft.template_id,
        manual=draft.template_id is None,
        texts={block: template_text(draft.texts, block) for block in TEXT_BLOCKS if template_text(draft.texts, block)},
        due_date=course.next_due_date.isoformat(),
        send_before=str(draft.schedule.send_before),
        recurrence=draft.schedule.recurrence.value,
        repetitions=str(course.times) if recurs else "",
    )
