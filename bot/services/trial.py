"""Does what clients get arrive, and how does it look? A test that a member of staff sends to themselves.

It goes the way of a reminder: a clinic's sender, the same renderer and the same servers. It is of no client and no
patient, so nothing of it is stored and no list shows it; where the process dies on the way, it is sent again by whoever
wants to know.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from datetime import datetime

from bot.channels.outcome import Outcome
from bot.channels.protocol import OutgoingEmail, OutgoingSms
from bot.channels.rendering import Occasion
from bot.domain import recipients, rights, typed
from bot.domain.errors import ClientField, ClientRefused, NotFound, Unusable
from bot.domain.messages import Message, message
from bot.domain.model import Channel, Client, Clinic, Patient, Texts
from bot.domain.rights import Staff
from bot.services import workspaces
from bot.services.senders import Senders
from bot.store import clinics
from bot.store.database import Database

_FIELDS = {Channel.EMAIL: ClientField.EMAIL, Channel.SMS: ClientField.PHONE}


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """A checked test: from which clinic, where to, what it says and in which language."""

    clinic: Clinic
    addresses: Mapping[Channel, str] = dataclasses.field(repr=False)
    texts: Texts
    language: str


def find(database: Database, team_id: str, clinic_id: int, *, who: Staff) -> Clinic:
    """The clinic from which a test is to be sent.

    Raises:
        Forbidden: if this person may send none.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    rights.require_settings_editor(who)
    with database.reading() as session:
        clinic = clinics.find(session, workspaces.require(session, team_id), clinic_id)
    if clinic is None:
        raise NotFound
    return clinic


def check(clinic: Clinic, addresses: Mapping[Channel, str], texts: Texts, language: str) -> Trial:
    """A test to the addresses that were typed, of which one is enough.

    Raises:
        ClientRefused: with a sentence for each address that cannot be used, or if there is none.
    """
    wanted = {channel: text for channel, text in addresses.items() if not typed.is_blank(text)}
    if not wanted:
        first = next(iter(addresses))
        raise ClientRefused({_FIELDS[first]: message("Enter where the test is to go.")})
    checked: dict[Channel, str] = {}
    wrong: dict[ClientField, Message] = {}
    for channel, text in wanted.items():
        try:
            checked[channel] = (
                recipients.email_address(text)
                if channel is Channel.EMAIL
                else recipients.mobile_number(text, clinic.country)
            )
        except Unusable as unusable:
            wrong[_FIELDS[channel]] = unusable.reason
    if wrong:
        raise ClientRefused(wrong)
    return Trial(clinic, checked, texts, language)


def send(senders: Senders, trial: Trial, *, now: datetime) -> dict[Channel, Outcome]:
    """Send a test over each of its channels; what became of it."""
    return {channel: _sent(senders, trial, channel, address, now) for channel, address in trial.addresses.items()}


def _sent(senders: Senders, trial: Trial, channel: Channel, address: str, now: datetime) -> Outcome:
    clinic, language = trial.clinic, trial.language
    nobody = Client(0, "", None, None, language, email_allowed=True, sms_allowed=True, active=True)
    occasion = Occasion(nobody, Patient(0, 0, "", "", True, None), clinic, clinic.hours.today(now), language)
    key = f"test-{secrets.token_hex(12)}"
    if channel is Channel.SMS:
        text = senders.renderer.sms(trial.texts, occasion)
        return senders.send(
            OutgoingSms(key=key, recipient=address, text=text, clinic_name=clinic.sender, language=language)
        )
    mail = senders.renderer.email(trial.texts, occasion)
    return senders.send(
        OutgoingEmail(
            key=key,
            recipient=address,
            sender=clinic.sender_email,
            clinic_name=clinic.sender,
            reply_to=clinic.reply_to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            language=language,
        )
    )
