"""What does the menu of a card offer beside its buttons?"""

from __future__ import annotations

from blocks.elements import Choice
from blocks.ids import MenuChoice
from bot.domain.model import Client, Patient
from bot.i18n import Words
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


def _departures(patient: Patient, client: Client, row: int, words: Words) -> list[Choice]:
    offered = [
        (patient.alive, MenuChoice.PATIENT_DIED, words("Patient has died")),
        (client.active, MenuChoice.CLIENT_INACTIVE, words("Client inactive")),
    ]
    return [Choice(choice_value(choice, row), label) for possible, choice, label in offered if possible]
