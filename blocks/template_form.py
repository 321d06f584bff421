"""What does the form look like in which a template is written (rule P4)?

One language's texts at a time, the placeholders by name, how many SMS its SMS text makes, and what one patient's owner
would read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Choice, Json, context, divider, exact_sections, section, sections
from blocks.ids import TemplateBlock, ViewId
from blocks.inputs import Dispatch, Place, external_select, select, text_input
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.text import bold, escape, plain
from blocks.translator import Words

_LINE_LENGTH = 300


@dataclasses.dataclass(frozen=True, slots=True)
class PreviewedText:
    """One text as a client would read it, or what is wrong with it."""

    label: str
    text: str = ""
    problem: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateForm:
    """The form as it is filled in. What is typed is given as typed."""

    placeholders: Sequence[tuple[str, str]]
    """Each as it is written, and what it stands for."""
    languages: Sequence[Choice] = ()
    """Asked for where the template is new."""
    language: str = ""
    """The chosen one; where it is not asked for, what it is called."""
    name: str = ""
    subject: str = ""
    email_text: str = ""
    sms_text: str = ""
    letter_text: str = ""
    sms_length: str = ""
    patient: Choice | None = None
    preview_note: str = ""
    """Whose and of which day the preview is."""
    preview: Sequence[PreviewedText] = ()
    editing: bool = False
    private_metadata: str = ""


def template_form_view(form: TemplateForm, words: Words) -> Json:
    """The modal."""
    return {
        "type": "modal",
        "callback_id": ViewId.TEMPLATE_FORM.value,
        "title": plain(words("Edit template") if form.editing else words("New template"), VIEW_TITLE).to_dict(),
        "submit": plain(words("Save"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Cancel"), VIEW_BUTTON).to_dict(),
        "private_metadata": form.private_metadata,
        "blocks": [
            text_input(_place(TemplateBlock.NAME, words("Name"), focus=not form.editing), form.name),
            _language(form, words),
            *_placeholders(form, words),
            *_texts(form, words),
            divider(),
            *_preview(form, words),
        ],
    }


def _place(
    block: TemplateBlock,
    label: str,
    hint: str = "",
    *,
    optional: bool = False,
    dispatch: Dispatch = Dispatch.NEVER,
    focus: bool = False,
) -> Place:
    return Place(block.value, block.action.value, label, hint, optional, dispatch, focus)


def _language(form: TemplateForm, words: Words) -> Json:
    if not form.languages:
        return context(words("Texts in this language: {language}", language=bold(escape(form.language))))
    hint = words("Further languages are added once it is saved.")
    place = _place(TemplateBlock.LANGUAGE, words("Language of these texts"), hint)
    return select(place, form.languages, form.language, placeholder=words("Choose a language"))


def _placeholders(form: TemplateForm, words: Words) -> list[Json]:
    lines = [bold(words("What is filled in for each client on the day"))]
    lines += [f"• {escape(written)}  {escape(meaning, _LINE_LENGTH)}" for written, meaning in form.placeholders]
    return sections(lines)


def _texts(form: TemplateForm, words: Words) -> list[Json]:
    def typed(block: TemplateBlock, label: str, initial: str, hint: str = "") -> Json:
        place = _place(block, label, hint, optional=True, dispatch=Dispatch.WITH_EVERY_CHARACTER)
        return text_input(place, initial, multiline=block is not TemplateBlock.SUBJECT)

    return [
        typed(TemplateBlock.SUBJECT, words("Subject"), form.subject),
        typed(TemplateBlock.EMAIL_TEXT, words("Message text"), form.email_text),
        typed(TemplateBlock.SMS_TEXT, words("SMS text"), form.sms_text),
        context(escape(form.sms_length), block_id=TemplateBlock.SMS_LENGTH.value),
        typed(
            TemplateBlock.LETTER_TEXT,
            words("Text to say or print"),
            form.letter_text,
            words("A text that is left empty is asked for in the reminder's own form."),
        ),
    ]


def _preview(form: TemplateForm, words: Words) -> list[Json]:
    place = _place(TemplateBlock.PATIENT, words("Preview for a patient"), optional=True, dispatch=Dispatch.WHEN_CHANGED)
    blocks = [external_select(place, form.patient, placeholder=words("Type a name"))]
    if form.preview_note:
        blocks.append(context(escape(form.preview_note)))
    for shown in form.preview:
        blocks.append(section(bold(escape(shown.label, _LINE_LENGTH))))
        if shown.problem:
            blocks.append(section(f":warning: {escape(shown.problem)}"))
        else:
            blocks += exact_sections(shown.text)
    return blocks
