"""How are a client and a patient spoken of to staff: what is known of them, and what happened to that?"""

from __future__ import annotations

import phonenumbers

from bot.domain.model import (
    Client,
    ClientEvent,
    ClientPart,
    Patient,
)
from bot.i18n import Words
from bot.store.client_history import ClientEntry


def client_facts(client: Client, words: Words) -> list[str]:
    """Over which channels a client may be written to, and in which language."""
    return [
        words("E-mail allowed") if client.email_allowed else words("E-mail switched off"),
        words("SMS allowed") if client.sms_allowed else words("SMS switched off"),
        words("Language: {language}", language=words.language_name(client.language)),
    ]


def client_event(entry: ClientEntry, words: Words) -> str:
    """What one line of a client's history tells."""
    parts = {
        ClientPart.NAME: words("name"),
        ClientPart.EMAIL: words("e-mail address"),
        ClientPart.PHONE: words("phone number"),
        ClientPart.LANGUAGE: words("language"),
        ClientPart.CHANNELS: words("allowed channels"),
    }
    sentences = {
        ClientEvent.ADDED: words("Added the client"),
        ClientEvent.CHANGED: words("Changed: {parts}", parts=[parts[part] for part in entry.parts]),
        ClientEvent.PATIENT_ADDED: words("Added a patient"),
        ClientEvent.PATIENT_DIED: words("Marked a patient as dead"),
        ClientEvent.PATIENT_DIED_UNDONE: words("Undone: {what}", what=words("Marked a patient as dead")),
        ClientEvent.INACTIVE: words("Marked the client as inactive"),
        ClientEvent.INACTIVE_UNDONE: words("Undone: {what}", what=words("Marked the client as inactive")),
        ClientEvent.SHOWN: words("Looked at the client's page"),
    }
    return sentences[entry.event]


def patient_name(patient: Patient) -> str:
    """A patient's name with its species."""
    return f"{patient.name} ({patient.species})" if patient.species else patient.name


def patient_note(patient: Patient, words: Words) -> str:
    """Why a patient gets no reminders; empty for one who does."""
    if patient.died_on is not None:
        return words("died {day}", day=patient.died_on)
    return "" if patient.active else words("inactive")


def phone(number: str | None) -> str:
    """A number as people read it: `+46 70 174 06 05`."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
