"""What does the menu of a card, or of a client's page, offer beside its buttons?"""

from __future__ import annotations

from collections.abc import Collection

from blocks.elements import Choice
from blocks.ids import MenuChoice
from bot.domain.model import Client, Patient
from bot.domain.undo import Step
from bot.i18n import Words
from bot.services.client_page import ClientSeen
from bot.slack.button_values import choice_value


def of_reminder(patient: Patient, client: Client, reminder_id: int, words: Words) -> list[Choice]:
    """The menu of a reminder's card."""
    return [
        Choice(choice_value(MenuChoice.DUPLICATE, reminder_id), words("Duplicate")),
        *_departures(patient, client, reminder_id, words),
    ]


def of_task(patient: Patient, client: Client, task_id: int, words: Words) -> list[Choice]:
    """The menu of a contact task's card."""
    return _departures(patient, client, task_id, words)


def of_client(seen: ClientSeen, undo: Collection[Step], words: Words) -> list[Choice]:
    """The menu of a client's page; what can still be undone is not offered to be put right here."""
    client = seen.client
    undoable = {(step.patient_id, step.client_id) for step in undo}
    choices = []
    if client.active:
        choices.append(Choice(choice_value(MenuChoice.CLIENT_INACTIVE, client.id), words("Client inactive")))
    elif (None, client.id) not in undoable:
        choices.append(Choice(choice_value(MenuChoice.CLIENT_ACTIVE, client.id), words("Client is active again")))
    for one in seen.patients:
        if one.alive:
            label = words("Has died: {patient}", patient=one.name)
            choices.append(Choice(choice_value(MenuChoice.PATIENT_DIED, one.id), label))
        elif (one.id, None) not in undoable:
            label = words("Is alive after all: {patient}", patient=one.name)
            choices.append(Choice(choice_value(MenuChoice.PATIENT_ALIVE, one.id), label))
    return choices


def _departures(patient: Patient, client: Client, row: int, words: Words) -> list[Choice]:
    offered = [
        (patient.alive, MenuChoice.PATIENT_DIED, words("Patient has died")),
        (client.active, MenuChoice.CLIENT_INACTIVE, words("Client inactive")),
    ]
    return [Choice(choice_value(choice, row), label) for possible, choice, label in offered if possible]
