"""What does the form look like in which a reminder is made or changed (rules P1 to P8)?

Which fields are there depends on what was chosen so far: the texts on the method, the repetitions on the recurrence,
the template on the tick before free text. The form is built anew after each such choice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from slack_sdk.models.blocks import ButtonElement

from blocks.elements import Choice, Confirm, Json, actions, button, context, section
from blocks.form_meanwhile import Meanwhile, told_at_the_top, told_beside_save
from blocks.ids import Action, FormBlock, ViewId, with_revision
from blocks.inputs import (
    Dispatch,
    Place,
    checkbox,
    date_input,
    email_input,
    external_select,
    number_input,
    radio,
    select,
    text_input,
)
from blocks.limits import VIEW_BUTTON, VIEW_TITLE, clip
from blocks.limits_blocks import SECTION_TEXT
from blocks.limits_elements import FEW_OPTIONS, SELECT_OPTIONS
from blocks.text import bold, escape, plain
from blocks.translator import Words

NO_RECURRENCE = "none"
"""The value of the recurrence choice that means: once."""
MANUAL = "manual"
"""The value of the ticked box before free text."""
THIS_REMINDER = "reminder"
"""The value of the choice that an address other than the client's own holds for this reminder only."""
THE_RECORD = "record"
"""The value of the choice that it goes into the client's record."""
COMING_SHOWN = 6
_COMING_LENGTH = 200
_SIMILAR_SHOWN = 3
_SIMILAR_LENGTH = 700
_EMAIL = (FormBlock.SUBJECT, FormBlock.EMAIL_TEXT)
TEXTS_OF_METHOD: Mapping[str, tuple[FormBlock, ...]] = MappingProxyType(
    {
        "email": _EMAIL,
        "sms": (FormBlock.SMS_TEXT,),
        "both": (*_EMAIL, FormBlock.SMS_TEXT),
        "post": (FormBlock.LETTER_TEXT,),
        "external": _EMAIL,
    }
)
"""Which text fields stand in the form for each sending method."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderForm:
    """The form as it is filled in. What is typed is given as typed; dates people read are finished sentences."""

    methods: Sequence[Choice]
    recurrences: Sequence[Choice]
    clinics: Sequence[Choice] = ()
    """Asked for only when there is more than one."""
    clinic: str | None = None
    client: Choice | None = None
    patient: Choice | None = None
    patients: Sequence[Choice] | None = None
    """The chosen client's patients; `None` while any patient may be looked for."""
    email: str = ""
    phone: str = ""
    address_for: str | None = None
    """What an address other than the client's own is for; `None` while there is no other one."""
    method: str | None = None
    templates: Sequence[Choice] = ()
    template: str | None = None
    manual: bool = False
    subject: str = ""
    email_text: str = ""
    sms_text: str = ""
    letter_text: str = ""
    sms_length: str = ""
    """Below the SMS text: how many SMS it makes, as a finished sentence."""
    text_hint: str = ""
    """Below the first text: which placeholders there are."""
    policy_note: str = ""
    """The clinic's own note on messages to clients, shown beside free text."""
    due_date: str = ""
    """ISO, as the calendar wants it."""
    due_date_hint: str = ""
    send_before: str = "0"
    send_before_hint: str = ""
    recurrence: str = NO_RECURRENCE
    repetitions: str = ""
    repetitions_hint: str = ""
    coming: Sequence[str] = ()
    """Each coming send, as a finished string."""
    coming_note: str = ""
    note: str = ""
    """Said at the top, where it is seen at once."""
    meanwhile: Meanwhile | None = None
    """Said at the top too, with everything that changed."""
    warning: str = ""
    """Shown in the place of the coming sends, when there are none."""
    similar: Sequence[str] = ()
    """What the patient waits for already and is like this one, in finished sentences; it can be saved all the same."""
    revisions: Mapping[FormBlock, int] = dataclasses.field(default_factory=dict)
    private_metadata: str = ""
    editing: bool = False
    unsaved: bool = False
    """Save was pressed, and did not save: the title says so, which is seen wherever the form is scrolled to."""


def reminder_form(form: ReminderForm, words: Words) -> Json:
    """The modal."""
    view: Json = {
        "type": "modal",
        "callback_id": ViewId.REMINDER_FORM.value,
        "title": plain(_title(form, words), VIEW_TITLE).to_dict(),
        "submit": plain(words("Save"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Cancel"), VIEW_BUTTON).to_dict(),
        "blocks": [
            *([section(f":warning: {escape(form.note, SECTION_TEXT - 20)}")] if form.note else []),
            *(told_at_the_top(form.meanwhile, words) if form.meanwhile else []),
            *_clinic(form, words),
            *_recipient(form, words),
            _method(form, words),
            *_template(form, words),
            *_texts(form, words),
            *_schedule(form, words),
            *_coming(form, words),
            *_similar(form, words),
            *(told_beside_save(words) if form.meanwhile else []),
        ],
    }
    if form.private_metadata:
        view["private_metadata"] = form.private_metadata
    return view


def _title(form: ReminderForm, words: Words) -> str:
    if form.unsaved:
        return words("Not saved yet")
    return words("Edit reminder") if form.editing else words("New reminder")


def _place(
    form: ReminderForm,
    block: FormBlock,
    label: str,
    hint: str = "",
    *,
    optional: bool = False,
    dispatch: Dispatch = Dispatch.NEVER,
    focus: bool = False,
) -> Place:
    return Place(
        block_id=with_revision(block.value, form.revisions.get(block, 0)),
        action_id=block.action.value,
        label=label,
        hint=hint,
        optional=optional,
        dispatch=dispatch,
        focus=focus,
    )


def _clinic(form: ReminderForm, words: Words) -> list[Json]:
    if len(form.clinics) <= 1:
        return []
    place = _place(form, FormBlock.CLINIC, words("Clinic"), dispatch=Dispatch.WHEN_CHANGED)
    return [select(place, form.clinics, form.clinic, placeholder=words("Choose a clinic"))]


def _recipient(form: ReminderForm, words: Words) -> list[Json]:
    return [
        external_select(
            _place(
                form,
                FormBlock.CLIENT,
                words("Client"),
                dispatch=Dispatch.WHEN_CHANGED,
                focus=form.client is None,
            ),
            form.client,
            placeholder=words("Type a name"),
        ),
        _patient(form, words),
        actions(
            button(Action.FORM_CLIENT_NEW.value, words("New client")),
            button(Action.FORM_PATIENT_NEW.value, words("New patient")),
        ),
        email_input(
            _place(
                form,
                FormBlock.EMAIL,
                words("E-mail address"),
                words("Left as it is, the client's current address is used on the day.")
                if form.email and form.address_for is None
                else "",
                optional=True,
                dispatch=Dispatch.WITH_EVERY_CHARACTER,
            ),
            form.email,
        ),
        text_input(
            _place(
                form,
                FormBlock.PHONE,
                words("Phone number"),
                optional=True,
                dispatch=Dispatch.WITH_EVERY_CHARACTER,
            ),
            form.phone,
        ),
        *_address_for(form, words),
    ]


def _address_for(form: ReminderForm, words: Words) -> list[Json]:
    """Asked only once an address differs from the client's own."""
    if form.address_for is None:
        return []
    choices = [
        Choice(THIS_REMINDER, words("For this reminder only")),
        Choice(THE_RECORD, words("For the client's record too"), words("Every other reminder then uses it as well.")),
    ]
    place = _place(form, FormBlock.ADDRESS_FOR, words("What is the changed address or number for?"))
    return [radio(place, choices, form.address_for)]


def _patient(form: ReminderForm, words: Words) -> Json:
    known = form.patients
    if known and len(known) <= SELECT_OPTIONS:
        place = _place(form, FormBlock.PATIENT, words("Patient"), dispatch=Dispatch.WHEN_CHANGED)
        selected = form.patient.value if form.patient else None
        return select(place, known, selected, placeholder=words("Choose a patient"))
    hint = words("This client has no patients yet.") if known is not None and not known else ""
    place = _place(form, FormBlock.PATIENT, words("Patient"), hint, dispatch=Dispatch.WHEN_CHANGED)
    return external_select(place, form.patient, placeholder=words("Type a name"))


def _method(form: ReminderForm, words: Words) -> Json:
    place = _place(form, FormBlock.METHOD, words("Default sending method"), dispatch=Dispatch.WHEN_CHANGED)
    return radio(place, form.methods[:FEW_OPTIONS], form.method)


def _template(form: ReminderForm, words: Words) -> list[Json]:
    blocks: list[Json] = []
    if form.templates and not form.manual:
        place = _place(form, FormBlock.TEMPLATE, words("Reminder template"), dispatch=Dispatch.WHEN_CHANGED)
        blocks.append(_template_menu(form, words, place))
    hint = "" if form.templates else words("There are no templates yet.")
    place = _place(form, FormBlock.MANUAL, words("Free text"), hint, dispatch=Dispatch.WHEN_CHANGED)
    tick = Choice(MANUAL, words("Don't use a template, write the text myself"))
    blocks.append(checkbox(place, tick, ticked=form.manual))
    return blocks


def _template_menu(form: ReminderForm, words: Words, place: Place) -> Json:
    """More than a menu holds are looked for by name."""
    if len(form.templates) <= SELECT_OPTIONS:
        return select(place, form.templates, form.template, placeholder=words("Choose a template"))
    chosen = next((one for one in form.templates if one.value == form.template), None)
    return external_select(place, chosen, placeholder=words("Type a name"))


def _texts(form: ReminderForm, words: Words) -> list[Json]:
    """Nothing before there is something to edit: a template was chosen, or free text was ticked."""
    if form.method is None or not (form.manual or form.template):
        return []
    fields = TEXTS_OF_METHOD.get(form.method, _EMAIL)
    made = [_text(form, words, block, form.text_hint if block is fields[-1] else "") for block in fields]
    if FormBlock.SMS_TEXT in fields and form.sms_length:
        counted = context(escape(form.sms_length), block_id=FormBlock.SMS_LENGTH.value)
        made.insert(fields.index(FormBlock.SMS_TEXT) + 1, counted)
    if form.template and not form.manual:
        made.append(actions(_own_text(words)))
    if form.manual and form.policy_note:
        note = words("The clinic's policy: {note}", note=escape(form.policy_note, lines=True))
        made.insert(0, context(note, block_id=FormBlock.POLICY_NOTE.value))
    return made


def _own_text(words: Words) -> ButtonElement:
    sure = Confirm(
        title=words("Take the template's text?"),
        text=words("What was changed in the subject and the texts of this form is replaced by what the template says."),
        yes=words("Take it"),
        no=words("Keep mine"),
    )
    return button(Action.FORM_TEMPLATE_TEXT.value, words("Take the template's text"), confirm=sure)


def _text(form: ReminderForm, words: Words, block: FormBlock, hint: str) -> Json:
    if block is FormBlock.SUBJECT:
        return text_input(_place(form, block, words("Subject")), form.subject)
    label, initial = {
        FormBlock.EMAIL_TEXT: (words("Message text"), form.email_text),
        FormBlock.SMS_TEXT: (words("SMS text"), form.sms_text),
        FormBlock.LETTER_TEXT: (words("Text to say or print"), form.letter_text),
    }[block]
    dispatch = Dispatch.WITH_EVERY_CHARACTER if block is FormBlock.SMS_TEXT else Dispatch.NEVER
    return text_input(_place(form, block, label, hint, dispatch=dispatch), initial, multiline=True)


def _schedule(form: ReminderForm, words: Words) -> list[Json]:
    blocks = [
        date_input(
            _place(form, FormBlock.DUE_DATE, words("Due date"), form.due_date_hint, dispatch=Dispatch.WHEN_CHANGED),
            form.due_date,
        ),
        number_input(
            _place(
                form,
                FormBlock.SEND_BEFORE,
                words("Send before"),
                form.send_before_hint or words("Days before the due date; 0 is the due date itself."),
                dispatch=Dispatch.WITH_EVERY_CHARACTER,
            ),
            form.send_before,
        ),
        select(
            _place(form, FormBlock.RECURRENCE, words("Recurring reminder"), dispatch=Dispatch.WHEN_CHANGED),
            form.recurrences,
            form.recurrence,
        ),
    ]
    if form.recurrence != NO_RECURRENCE:
        place = _place(
            form,
            FormBlock.REPETITIONS,
            words("Repetitions"),
            form.repetitions_hint,
            dispatch=Dispatch.WITH_EVERY_CHARACTER,
        )
        blocks.append(number_input(place, form.repetitions))
    return blocks


def _coming(form: ReminderForm, words: Words) -> list[Json]:
    if form.warning:
        return [section(f"⚠️ {escape(form.warning, SECTION_TEXT - 20)}", block_id=FormBlock.COMING_DATES.value)]
    if not form.coming:
        return []
    shown = [f"• {escape(line, _COMING_LENGTH)}" for line in form.coming[:COMING_SHOWN]]
    rest = len(form.coming) - len(shown)
    if rest:
        shown.append(words.plural("… and {count} more", "… and {count} more", rest, count=rest))
    lines = "\n".join([bold(words("Coming sends")), *shown])
    blocks = [section(lines, block_id=FormBlock.COMING_DATES.value)]
    if form.coming_note:
        blocks.append(context(escape(form.coming_note)))
    return blocks


def _similar(form: ReminderForm, words: Words) -> list[Json]:
    if not form.similar:
        return []
    shown = [f"⚠️ {escape(line, _SIMILAR_LENGTH)}" for line in form.similar[:_SIMILAR_SHOWN]]
    rest = len(form.similar) - len(shown)
    if rest:
        shown.append(words.plural("… and {count} more", "… and {count} more", rest, count=rest))
    shown.append(clip(words("You can save this one all the same."), _SIMILAR_LENGTH))
    return [section("\n".join(shown), block_id=FormBlock.SIMILAR.value)]
