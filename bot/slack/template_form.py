"""What happens in the form in which a template is made or changed (rule P4)?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from blocks import elements
from blocks.ids import TemplateBlock
from blocks.template_form import PreviewedText, TemplateForm, template_form_view
from bot.channels.rendering import Occasion
from bot.domain.errors import Field, Refused
from bot.domain.messages import Message
from bot.domain.model import Texts
from bot.domain.template import Placeholder
from bot.domain.template_rules import TypedTemplate
from bot.domain.text_replacement import Scope
from bot.services import directory, previews, template_changes, templates, workspaces
from bot.services.templates import Saved
from bot.slack import explanations, form_view, template_card, template_change
from bot.slack.button_values import (
    FormMetadata,
    TemplateFormMetadata,
    language_code,
    read_language_value,
    row_id,
)
from bot.slack.form_fields import FormFields
from bot.slack.requests import Request

SUGGESTIONS = 20
PREVIEWED_AHEAD: Final = timedelta(days=30)
"""How far off the due date of a preview is."""


def open_new(press: Request) -> None:
    """Put an empty form, in the clinic's own language, in the place of the list."""
    templates.require_editor(press.desk.database, press.team_id, press.person)
    clinic = workspaces.clinics_of(press.desk.database, press.team_id)[0]
    press.show_instead(_view(press, TypedTemplate(language=clinic.language), TemplateFormMetadata(), None))


def open_edit(press: Request) -> None:
    """Put the form with a template's texts in one language in the place of its card."""
    _open_language(press, *read_language_value(press.action["value"]))


def open_language(press: Request) -> None:
    """The same for a language in which the template says nothing yet."""
    language = language_code(press.action["selected_option"]["value"])
    _open_language(press, row_id(press.view["private_metadata"]), language)


def change(press: Request) -> None:
    """Bring the preview and the count of SMS up to date with what is being typed."""
    view = press.view
    with press.desk.form_order.turn(view["id"], float(press.action["action_ts"])) as progress:
        if progress is None:
            return
        metadata = TemplateFormMetadata.decode(view["private_metadata"])
        before = progress.hash_now(view["hash"])
        changed = _view(press, _typed(view, metadata), metadata, _patient(view))
        try:
            answer = press.client.views_update(view_id=view["id"], hash=before, view=changed)
        except SlackApiError as error:
            # The form was saved or closed meanwhile, or another process was faster.
            if error.response.get("error") not in {"hash_conflict", "not_found"}:
                raise
            return
        progress.updated(before, answer["view"]["hash"], FormFields(), FormMetadata())


def suggest_patients(request: Request) -> None:
    """Offer the patients in whom, or in whose owner, every typed word is found."""
    found = directory.search_patients(
        request.desk.database, request.team_id, request.typed, client_id=None, limit=SUGGESTIONS
    )
    request.ack(**elements.suggestions([form_view.patient_choice(one.patient, one) for one in found]))


def save(submission: Request) -> None:
    """Store the form; then ask about the reminders that wait, or show the template."""
    view, desk, words = submission.view, submission.desk, submission.words
    metadata = TemplateFormMetadata.decode(view["private_metadata"])
    try:
        saved = _stored(submission, _typed(view, metadata), metadata)
    except Refused as refused:
        submission.ack(response_action="errors", errors=_errors(view, refused.refusals, submission))
        return
    if saved.otherwise:
        seen = templates.find(desk.database, submission.team_id, saved.template_id)
        warning = words("This form was already saved as shown here. Press Edit to change it.")
        submission.ack(response_action="update", view=template_card.card_view(submission, seen, warning=warning))
        return
    if saved.change is not None and saved.change.rewrites:
        found = template_changes.consequences(desk.database, submission.team_id, saved.change.id)
        if not found.concerns_nobody:
            submission.ack(response_action="update", view=template_change.change_view(submission, found))
            return
        template_changes.apply(
            desk.database,
            submission.team_id,
            saved.change.id,
            Scope.NONE,
            who=submission.person,
            now=desk.clock.now(),
        )
    seen = templates.find(desk.database, submission.team_id, saved.template_id)
    note = words("Nothing was changed.") if saved.change is None else words("Saved.")
    submission.ack(response_action="update", view=template_card.card_view(submission, seen, note=note))


def _open_language(press: Request, template_id: int, language: str) -> None:
    templates.require_editor(press.desk.database, press.team_id, press.person)
    seen = templates.find(press.desk.database, press.team_id, template_id)
    texts = seen.texts.get(language, Texts())
    typed = TypedTemplate(seen.name, language, texts.subject, texts.email, texts.sms, texts.letter)
    press.show_instead(_view(press, typed, TemplateFormMetadata(seen.id, seen.revision, language), None))


def _stored(submission: Request, typed: TypedTemplate, metadata: TemplateFormMetadata) -> Saved:
    desk, view = submission.desk, submission.view
    key = f"{view['id']}:{view['hash']}"  # the same when Slack delivers it twice, another with each new form
    if metadata.template_id is None or metadata.revision is None:
        return templates.create(
            desk.database, submission.team_id, typed, key=key, who=submission.person, now=desk.clock.now()
        )
    return templates.change(
        desk.database,
        submission.team_id,
        metadata.template_id,
        metadata.revision,
        typed,
        key=key,
        who=submission.person,
        now=desk.clock.now(),
    )


def _errors(view: Mapping[str, Any], refusals: Mapping[Field, Message], submission: Request) -> dict[str, str]:
    """What is wrong, by the block_id under which Slack shows it; what has no field of its own stands at the name."""
    shown = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    errors: dict[str, str] = {}
    for field, refusal in refusals.items():
        block = field.value if field.value in shown else TemplateBlock.NAME.value
        sentence = submission.words.say(refusal)
        errors[block] = f"{errors[block]} {sentence}" if block in errors else sentence
    return errors


def _typed(view: Mapping[str, Any], metadata: TemplateFormMetadata) -> TypedTemplate:
    def text(block: TemplateBlock) -> str:
        return str(_held(view, block).get("value") or "")

    chosen = _held(view, TemplateBlock.LANGUAGE).get("selected_option")
    return TypedTemplate(
        name=text(TemplateBlock.NAME),
        language=metadata.language or (None if chosen is None else language_code(chosen["value"])),
        subject=text(TemplateBlock.SUBJECT),
        email_text=text(TemplateBlock.EMAIL_TEXT),
        sms_text=text(TemplateBlock.SMS_TEXT),
        letter_text=text(TemplateBlock.LETTER_TEXT),
    )


def _patient(view: Mapping[str, Any]) -> int | None:
    chosen = _held(view, TemplateBlock.PATIENT).get("selected_option")
    return None if chosen is None else row_id(chosen["value"])


def _held(view: Mapping[str, Any], block: TemplateBlock) -> Mapping[str, Any]:
    inputs: Mapping[str, Mapping[str, Any]] = view["state"]["values"].get(block.value, {})
    return inputs.get(block.action.value, {})


def _view(
    request: Request, typed: TypedTemplate, metadata: TemplateFormMetadata, patient_id: int | None
) -> dict[str, Any]:
    words = request.words
    editing = metadata.template_id is not None
    reader = None if patient_id is None else templates.reader(request.desk.database, request.team_id, patient_id)
    shown: Mapping[Field, previews.Previewed] = {}
    patient, note = None, ""
    if reader is not None:
        clinic, client, pet = reader
        due_date = clinic.hours.today(request.desk.clock.now()) + PREVIEWED_AHEAD
        shown = previews.preview(typed.texts, Occasion(client, pet, clinic, due_date, client.language))
        patient = form_view.patient_choice(pet, None)
        note = words(
            "What {client} would read, from {clinic}, if it falls due on {due_date}.",
            client=client.name,
            clinic=clinic.name,
            due_date=words.day(due_date),
        )
    sms = shown.get(Field.SMS_TEXT)
    sms_text = typed.sms_text if sms is None or sms.problem is not None else sms.text
    return template_form_view(
        TemplateForm(
            placeholders=[(f"{{{{ {one.value} }}}}", explanations.placeholder(one, words)) for one in Placeholder],
            languages=[] if editing else template_card.language_choices(request),
            language=words.language_name(metadata.language) if metadata.language else typed.language or "",
            name=typed.name,
            subject=typed.subject,
            email_text=typed.email_text,
            sms_text=typed.sms_text,
            letter_text=typed.letter_text,
            sms_length=explanations.sms_length(
                sms_text, words, filled_in=reader is not None and (sms is None or sms.problem is None)
            ),
            patient=patient,
            preview_note=note,
            preview=[
                PreviewedText(
                    explanations.text_field(field, words),
                    one.text,
                    "" if one.problem is None else words.say(one.problem),
                )
                for field, one in shown.items()
            ],
            editing=editing,
            private_metadata=metadata.encode(),
        ),
        words,
    )
