"""What happens in the dialogs in which a client or a patient is added, and a client's record is changed (rule P2)?

They lie on the reminder form or on a client's page. After Save, what lies below has what was added.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from blocks import client_form
from blocks.client_form import EMAIL, NEW, SMS
from blocks.elements import Choice
from blocks.ids import ClientBlock, ViewId, without_revision
from bot.domain.client_rules import TypedClient
from bot.domain.errors import ClientField, ClientRefused, Conflict
from bot.domain.messages import Message
from bot.domain.model import Client
from bot.services import client_page as pages
from bot.services import clients
from bot.services.client_page import Tab
from bot.services.clients import Form
from bot.slack import (
    client_page,
    client_words,
    form_below,
    form_fields,
    form_view,
    reminder_form,
    searches,
)
from bot.slack.button_values import FormMetadata, Unreadable, optional_id, row_id
from bot.slack.form_below import FormBelow
from bot.slack.form_fields import FormFields
from bot.slack.requests import Request
from bot.store.client_history import Saved
from bot.store.directory import ClientFound

_SHOWN_INSTEAD = {ClientField.OWNER: ClientBlock.NAME}


@dataclasses.dataclass(frozen=True, slots=True)
class DialogMetadata:
    """What a dialog remembers: whose record it changes, whom it asked about, and the form below it."""

    client_id: int | None = None
    version: int | None = None
    known: tuple[int, ...] = ()
    """The namesakes that were shown already."""
    below: FormBelow | None = None

    def encode(self) -> str:
        """As Slack keeps it."""
        below = None if self.below is None else self.below.encode()
        return json.dumps(
            {"client": self.client_id, "version": self.version, "known": self.known, "below": below},
            separators=(",", ":"),
        )

    @classmethod
    def decode(cls, text: str) -> DialogMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            return cls(
                client_id=optional_id(read["client"]),
                version=optional_id(read["version"]),
                known=tuple(int(one) for one in read["known"]),
                below=None if read["below"] is None else FormBelow.decode(read["below"]),
            )
        except (ValueError, KeyError, TypeError):
            raise Unreadable from None


def open_new_client(press: Request) -> None:
    """Put the form for a new client in the place of the question which client is meant."""
    press.show_here(_client_view(press, DialogMetadata(), _looked_for(press)))


def open_edit_client(press: Request) -> None:
    """Put a client's record, to be changed, on its page."""
    client = clients.find(press.desk.database, press.team_id, row_id(press.action["value"]))
    typed = TypedClient(
        client.name,
        client_words.phone(client.phone),
        client.email or "",
        client.language,
        email_allowed=client.email_allowed,
        sms_allowed=client.sms_allowed,
    )
    _push(press, _client_view(press, DialogMetadata(client.id, client.version), typed))


def open_new_patient(press: Request) -> None:
    """Put the form for a new patient on its owner's page."""
    owner = clients.find(press.desk.database, press.team_id, row_id(press.action["value"]))
    _push(press, _patient_view(press, DialogMetadata(owner.id), owner))


def open_new_client_on_form(press: Request) -> None:
    """Put the form for a new client on the reminder form."""
    below = _left_below(press)
    _push(press, _client_view(press, DialogMetadata(below=below), _looked_for(press)))


def open_new_patient_on_form(press: Request) -> None:
    """Put the form for a new patient, of the client chosen there, on the reminder form."""
    below = _left_below(press)
    owner = reminder_form.look_up_for(press, below.metadata)(below.fields).client
    metadata = DialogMetadata(None if owner is None else owner.id, below=below)
    _push(press, _patient_view(press, metadata, owner))


def save_client(submission: Request) -> None:
    """Store the client; or say what is wrong, who may be the same one, or what somebody else changed meanwhile."""
    metadata, values = DialogMetadata.decode(submission.view["private_metadata"]), _values(submission.view)
    typed, form = _typed_client(values), _form(submission, metadata)
    database, team_id = submission.desk.database, submission.team_id
    namesake = _chosen(values, ClientBlock.NAMESAKE)
    if namesake not in (None, NEW):
        _show_below(submission, metadata, Saved(clients.find(database, team_id, row_id(namesake)).id, None))
        return
    try:
        if metadata.client_id is None:
            saved = clients.add(database, team_id, typed, form, known=frozenset(metadata.known))
        else:
            saved = clients.change(database, team_id, metadata.client_id, metadata.version or 0, typed, form)
    except ClientRefused as refused:
        submission.ack(response_action="errors", errors=_errors(submission, refused.refusals))
    except Conflict:
        _show_what_changed(submission, metadata, typed)
    else:
        if isinstance(saved, Saved):
            _show_below(submission, metadata, saved)
        else:
            _ask_about(submission, metadata, typed, saved)


def save_patient(submission: Request) -> None:
    """Store the patient, or say what is wrong."""
    metadata, values = DialogMetadata.decode(submission.view["private_metadata"]), _values(submission.view)
    chosen = _chosen(values, ClientBlock.OWNER)
    owner = metadata.client_id if chosen is None else row_id(chosen)
    try:
        saved = clients.add_patient(
            submission.desk.database,
            submission.team_id,
            owner,
            _text(values, ClientBlock.NAME),
            _text(values, ClientBlock.SPECIES),
            _form(submission, metadata),
        )
    except ClientRefused as refused:
        submission.ack(response_action="errors", errors=_errors(submission, refused.refusals))
    else:
        _show_below(submission, metadata, saved)


def _show_below(submission: Request, metadata: DialogMetadata, saved: Saved) -> None:
    """Close the dialog over what lay below it, which now has what was added; without any, show the client's page."""
    under = submission.view["previous_view_id"]
    if metadata.below is not None and under:
        _choose_in_form(submission, metadata.below, under, saved)
        submission.ack()
        return
    seen = pages.turn_to(submission.desk.database, submission.team_id, saved.client_id, Tab.REMINDERS, 0)
    page = client_page.page_view(submission, seen)
    if under:
        _update(submission, under, page)
        submission.ack()
    else:
        submission.ack(response_action="update", view=page)


def _left_below(press: Request) -> FormBelow:
    view = press.view
    with press.desk.form_order.turn(view["id"], None) as progress:
        fields, metadata = form_fields.read(view), FormMetadata.decode(view["private_metadata"])
        if progress is not None:
            fields, metadata = progress.going_on(view["hash"], fields, metadata)
    return form_below.left_below(view["hash"], fields, metadata, reminder_form.look_up_for(press, metadata))


def _choose_in_form(submission: Request, below: FormBelow, view_id: str, saved: Saved) -> None:
    with submission.desk.form_order.turn(view_id, None) as progress:
        if progress is None:
            return
        fields, metadata = progress.going_on(below.hash, below.fields, below.metadata)
        form = form_below.with_added(
            FormBelow(below.hash, metadata, fields),
            reminder_form.look_up_for(submission, metadata),
            client_id=saved.client_id,
            patient_id=saved.patient_id,
        )
        shown = _update(submission, view_id, reminder_form.view_of(submission, form))
        if shown:
            progress.updated(progress.hash_now(below.hash), shown, form.fields, form.metadata)


def _update(submission: Request, view_id: str, view: dict[str, Any]) -> str:
    """Replace the view below; its new hash, or nothing if it was closed meanwhile."""
    try:
        return str(submission.client.views_update(view_id=view_id, view=view)["view"]["hash"])
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        return ""


def _ask_about(submission: Request, metadata: DialogMetadata, typed: TypedClient, namesakes: list[ClientFound]) -> None:
    known = dataclasses.replace(metadata, known=(*metadata.known, *(one.client.id for one in namesakes)))
    choices = [form_view.client_choice(one.client, one) for one in namesakes]
    submission.ack(response_action="update", view=_client_view(submission, known, typed, namesakes=choices))


def _show_what_changed(submission: Request, metadata: DialogMetadata, typed: TypedClient) -> None:
    """What was typed stays; Save then goes against the record as it stands now."""
    words = submission.words
    client = clients.find(submission.desk.database, submission.team_id, metadata.client_id or 0)
    stands = [
        client.name,
        client_words.phone(client.phone) or words("no phone number"),
        client.email or words("no e-mail address"),
        *client_words.client_facts(client, words),
    ]
    note = words(
        "Somebody changed this client's record meanwhile. It now reads: {record}. Save again to replace that.",
        record=" · ".join(stands),
    )
    newer = dataclasses.replace(metadata, version=client.version)
    submission.ack(response_action="update", view=_client_view(submission, newer, typed, note=note))


def _client_view(
    request: Request,
    metadata: DialogMetadata,
    typed: TypedClient,
    *,
    note: str = "",
    namesakes: list[Choice] | None = None,
) -> dict[str, Any]:
    words = request.words
    offered = dict.fromkeys((*request.desk.catalogues.languages, typed.language))
    allowed = [value for value, ticked in ((EMAIL, typed.email_allowed), (SMS, typed.sms_allowed)) if ticked]
    return client_form.client_form_view(
        client_form.ClientForm(
            languages=[Choice(code, words.language_name(code)) for code in offered],
            name=typed.name,
            phone=typed.phone,
            email=typed.email,
            language=typed.language,
            allowed=allowed,
            note=note,
            namesakes=namesakes or (),
            asked=len(metadata.known),
            is_new=metadata.client_id is None,
            private_metadata=metadata.encode(),
        ),
        words,
    )


def _patient_view(request: Request, metadata: DialogMetadata, owner: Client | None) -> dict[str, Any]:
    form = client_form.PatientForm("" if owner is None else owner.name, metadata.encode())
    return client_form.patient_form_view(form, request.words)


def _push(press: Request, view: dict[str, Any]) -> None:
    press.client.views_push(trigger_id=press.trigger_id, view=view)


def _looked_for(press: Request) -> TypedClient:
    """A new client's form: in the clinic's language, with what was looked for in vain in the view below."""
    metadata = FormMetadata()
    language = reminder_form.look_up_for(press, metadata)(FormFields()).clinic.language
    return searches.as_client(press.desk.searches.in_vain(press.view["id"]), language)


def _form(submission: Request, metadata: DialogMetadata) -> Form:
    view = submission.view
    is_change = view["callback_id"] == ViewId.CLIENT_FORM and metadata.client_id is not None
    return Form(
        key=f"{view['id']}:{_fingerprint(view)}" if is_change else str(view["id"]),
        who=submission.person.id,
        now=submission.desk.clock.now(),
        languages=submission.desk.catalogues.languages,
        clinic_id=None if metadata.below is None else metadata.below.fields.clinic_id,
    )


def _fingerprint(view: Mapping[str, Any]) -> str:
    """The same for the same change delivered twice, another once something else is typed; tells nothing of it."""
    typed = json.dumps([view["id"], view["hash"], view["state"]["values"]], sort_keys=True)
    return hashlib.sha256(typed.encode()).hexdigest()


def _typed_client(values: Mapping[str, Mapping[str, Any]]) -> TypedClient:
    ticked = {option["value"] for option in values[ClientBlock.CHANNELS].get("selected_options") or ()}
    return TypedClient(
        name=_text(values, ClientBlock.NAME),
        phone=_text(values, ClientBlock.PHONE),
        email=_text(values, ClientBlock.EMAIL),
        language=_chosen(values, ClientBlock.LANGUAGE) or "",
        email_allowed=EMAIL in ticked,
        sms_allowed=SMS in ticked,
    )


def _values(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    held = view["state"]["values"].items()
    return {without_revision(block_id): next(iter(inputs.values())) for block_id, inputs in held}


def _text(values: Mapping[str, Mapping[str, Any]], block: ClientBlock) -> str:
    return str(values.get(block, {}).get("value") or "")


def _chosen(values: Mapping[str, Mapping[str, Any]], block: ClientBlock) -> str | None:
    option = values.get(block, {}).get("selected_option")
    return None if option is None else str(option["value"])


def _errors(submission: Request, refusals: Mapping[ClientField, Message]) -> dict[str, str]:
    shown = {block["block_id"] for block in submission.view["blocks"] if block["type"] == "input"}
    errors: dict[str, str] = {}
    for field, refusal in refusals.items():
        block = field.value if field.value in shown else _SHOWN_INSTEAD.get(field, ClientBlock.NAME).value
        sentence = submission.words.say(refusal)
        errors[block] = f"{errors[block]} {sentence}" if block in errors else sentence
    return errors
