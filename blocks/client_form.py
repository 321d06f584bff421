"""What do the forms look like in which a client or a patient is added, and a client's record is changed?"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

from blocks.elements import Choice, Json, context, section
from blocks.ids import ClientBlock, ViewId, with_revision
from blocks.inputs import Place, checkboxes, email_input, external_select, radio, select, text_input
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.limits_blocks import SECTION_TEXT
from blocks.text import escape, plain
from blocks.translator import Words

EMAIL, SMS = "email", "sms"
"""The values of the ticked boxes of the allowed channels."""
NEW = "new"
"""The value of the choice that it is none of the namesakes."""
NAMESAKES_SHOWN = 5
_NAME_LENGTH = 200


@dataclasses.dataclass(frozen=True, slots=True)
class ClientForm:
    """A client's form as it is filled in; `namesakes` are asked about once they were found."""

    languages: Sequence[Choice]
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    allowed: Collection[str] = (EMAIL, SMS)
    note: str = ""
    """Said at the top, where it is seen at once."""
    namesakes: Sequence[Choice] = ()
    asked: int = 0
    """How often it was asked about namesakes: they are others each time."""
    is_new: bool = True
    private_metadata: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class PatientForm:
    """A new patient's form; its owner is asked for unless the name is given."""

    owner: str = ""
    private_metadata: str = ""


def client_form_view(form: ClientForm, words: Words) -> Json:
    """The client's form as a modal."""
    title = words("New client") if form.is_new else words("Edit client")
    channels = [Choice(EMAIL, words("E-mail")), Choice(SMS, words("SMS"))]
    blocks = [
        *([section(f":warning: {escape(form.note, SECTION_TEXT - 20)}")] if form.note else []),
        *_namesakes(form, words),
        text_input(_place(ClientBlock.NAME, words("Name"), focus=not form.namesakes), form.name),
        text_input(_place(ClientBlock.PHONE, words("Phone number"), optional=True), form.phone),
        email_input(_place(ClientBlock.EMAIL, words("E-mail address"), optional=True), form.email),
        select(
            _place(ClientBlock.LANGUAGE, words("Language"), words("In which the client is written to.")),
            form.languages,
            form.language or None,
        ),
        checkboxes(_place(ClientBlock.CHANNELS, words("Reminders may be sent by")), channels, form.allowed),
    ]
    return _modal(ViewId.CLIENT_FORM, title, blocks, words, form.private_metadata)


def patient_form_view(form: PatientForm, words: Words) -> Json:
    """The patient's form as a modal."""
    blocks = []
    if form.owner:
        blocks.append(context(words("Client: {client}", client=escape(form.owner, _NAME_LENGTH))))
    else:
        place = _place(ClientBlock.OWNER, words("Client"), focus=True)
        blocks.append(external_select(place, placeholder=words("Type a name")))
    blocks += [
        text_input(_place(ClientBlock.NAME, words("Name"), focus=bool(form.owner))),
        text_input(_place(ClientBlock.SPECIES, words("Species"), words("For example: dog, cat."), optional=True)),
    ]
    return _modal(ViewId.PATIENT_FORM, words("New patient"), blocks, words, form.private_metadata)


def _namesakes(form: ClientForm, words: Words) -> list[Json]:
    if not form.namesakes:
        return []
    place = dataclasses.replace(
        _place(ClientBlock.NAMESAKE, words("A client of this name has the same number or address. Is it this one?")),
        block_id=with_revision(ClientBlock.NAMESAKE.value, form.asked),
    )
    none = Choice(NEW, words("No, add a new client"))
    return [radio(place, [*form.namesakes[:NAMESAKES_SHOWN], none])]


def _place(block: ClientBlock, label: str, hint: str = "", *, optional: bool = False, focus: bool = False) -> Place:
    return Place(block.value, block.action.value, label, hint, optional=optional, focus=focus)


def _modal(view_id: ViewId, title: str, blocks: list[Json], words: Words, private_metadata: str) -> Json:
    view: Json = {
        "type": "modal",
        "callback_id": view_id.value,
        "title": plain(title, VIEW_TITLE).to_dict(),
        "submit": plain(words("Save"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Cancel"), VIEW_BUTTON).to_dict(),
        "blocks": blocks,
    }
    if private_metadata:
        view["private_metadata"] = private_metadata
    return view
