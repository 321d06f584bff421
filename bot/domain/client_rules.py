"""Can a client's record, or a patient's, be kept as it is typed, and if not, what is wrong with each field?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from typing import Final

from bot.domain import recipients, typed
from bot.domain.errors import ClientField, ClientRefused, Unusable
from bot.domain.messages import Message, message
from bot.domain.model import Client, Patient

SPECIES_LIMIT: Final = 100

_Wrong = dict[ClientField, Message]


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TypedClient:
    """A client's form as it arrived: nothing is cleaned, read or checked yet."""

    name: str
    phone: str
    email: str
    language: str
    email_allowed: bool
    sms_allowed: bool


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TypedPatient:
    """A patient's form as it arrived; `owner` is the client found for it, `None` where nobody was chosen."""

    owner: Client | None
    name: str
    species: str


def check_client(form: TypedClient, before: Client | None, *, country: str, languages: Collection[str]) -> Client:
    """The record that `form` describes; of a new client (`before` is `None`) without an id.

    `country` (ISO 3166) is how a number without a country code is read. An address that was left as it stood is let
    through as it is.

    Raises:
        ClientRefused: with a sentence for every field that cannot be used.
    """
    wrong: _Wrong = {}
    name = _name(form.name, message("The name is missing. Enter the client's name."), wrong)
    own_phone, own_email = (None, None) if before is None else (before.phone, before.email)
    phone = _address(
        form.phone, own_phone, ClientField.PHONE, lambda text: recipients.phone_number(text, country), wrong
    )
    email = _address(form.email, own_email, ClientField.EMAIL, recipients.email_address, wrong)
    if form.language not in languages and (before is None or form.language != before.language):
        wrong[ClientField.LANGUAGE] = message("Choose the language in which the client is written to.")
    if wrong:
        raise ClientRefused(wrong)
    return Client(
        id=0 if before is None else before.id,
        name=name,
        email=email,
        phone=phone,
        language=form.language,
        email_allowed=form.email_allowed,
        sms_allowed=form.sms_allowed,
        active=True if before is None else before.active,
        version=1 if before is None else before.version,
    )


def check_patient(form: TypedPatient) -> Patient:
    """The patient that `form` describes, without an id.

    Raises:
        ClientRefused: with a sentence for every field that cannot be used.
    """
    wrong: _Wrong = {}
    owner = form.owner
    if owner is None:
        wrong[ClientField.OWNER] = message("Choose the client: type the beginning of a name.")
    name = _name(form.name, message("The name is missing. Enter the patient's name."), wrong)
    species = _line(form.species, SPECIES_LIMIT, ClientField.SPECIES, wrong)
    if wrong or owner is None:
        raise ClientRefused(wrong)
    return Patient(id=0, client_id=owner.id, name=name, species=species, active=True, died_on=None)


def _name(text: str, missing: Message, wrong: _Wrong) -> str:
    name = _line(text, typed.NAME_LIMIT, ClientField.NAME, wrong)
    if not name and ClientField.NAME not in wrong:
        wrong[ClientField.NAME] = missing
    return name


def _line(text: str, limit: int, field: ClientField, wrong: _Wrong) -> str:
    try:
        return typed.one_line(text, limit)
    except Unusable as unusable:
        wrong[field] = unusable.reason
        return ""


def _address(
    text: str, own: str | None, field: ClientField, in_one_form: Callable[[str], str], wrong: _Wrong
) -> str | None:
    if typed.is_blank(text):
        return None
    if own is not None and text.strip() == own:
        return own
    try:
        return in_one_form(text)
    except Unusable as unusable:
        wrong[field] = unusable.reason
        return None
