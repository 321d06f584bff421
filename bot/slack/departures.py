"""How do staff say that a patient has died, or that a client is none any more (rule P16)?

From a reminder's card or from a contact task's: a modal names what stops, and its button does it. The answer is the
reminder's card, with the undo on it.
"""

from __future__ import annotations

from typing import Any

from blocks import departure
from blocks.ids import MenuChoice
from bot.domain.errors import Conflict
from bot.domain.model import StepKind
from bot.i18n import Words
from bot.services import departures, reminder_seen, tasks
from bot.services.departures import Leaving
from bot.slack import home
from bot.slack.button_values import DepartureMetadata, Unreadable, chosen
from bot.slack.reminder_card import card_view
from bot.slack.requests import Request

_KINDS = {
    MenuChoice.PATIENT_DIED: StepKind.PATIENT_DIED,
    MenuChoice.CLIENT_INACTIVE: StepKind.CLIENT_INACTIVE,
}


def ask_on_card(press: Request, choice: MenuChoice, reminder_id: int) -> None:
    """Put the question in the place of the reminder's card."""
    press.show_instead(_question(press, choice, reminder_id))


def ask_on_task(press: Request) -> None:
    """Open the question beside a contact task's card."""
    choice, task_id = chosen(press.action)
    task = tasks.find(press.desk.database, press.team_id, task_id)
    press.client.views_open(trigger_id=press.trigger_id, view=_question(press, choice, task.reminder.id))


def confirm(submission: Request) -> None:
    """Do it, and answer with the reminder's card; where somebody else did it before, the card says so."""
    desk, words = submission.desk, submission.words
    choice, reminder_id = DepartureMetadata.decode(submission.view["private_metadata"])
    now = desk.clock.now()
    try:
        stopped = departures.leave(
            desk.database,
            submission.team_id,
            reminder_id,
            _kind(choice),
            key=f"{submission.view['id']}:{submission.view['hash']}",
            who=submission.person.id,
            now=now,
        )
        note = words.plural("{count} waiting reminder was stopped.", "{count} waiting reminders were stopped.", stopped)
    except Conflict as conflict:
        note = words.say(conflict.reason)
    seen = reminder_seen.find(desk.database, submission.team_id, reminder_id)
    submission.ack(response_action="update", view=card_view(seen, words, now=now, note=note))
    desk.wake()
    home.refresh(submission)


def _question(press: Request, choice: MenuChoice, reminder_id: int) -> dict[str, Any]:
    words = press.words
    leaving = departures.leaving(press.desk.database, press.team_id, reminder_id, _kind(choice))
    seen = leaving.seen
    if choice is MenuChoice.PATIENT_DIED:
        title = words("Patient has died")
        question = words("Has {patient} ({client}) died?", patient=seen.patient.name, client=seen.client.name)
    else:
        title = words("Client inactive")
        question = words("Is {client} no longer a client?", client=seen.client.name)
    return departure.departure_view(
        departure.Departure(
            title=title,
            question=question,
            private_metadata=DepartureMetadata(choice, reminder_id).encode(),
            stopping=_stopping(leaving, words),
        ),
        words,
    )


def _kind(choice: MenuChoice) -> StepKind:
    if choice not in _KINDS:
        raise Unreadable
    return _KINDS[choice]


def _stopping(leaving: Leaving, words: Words) -> list[departure.Stopping]:
    return [
        departure.Stopping(
            patient=one.patient_name,
            what=one.template_name or one.subject or words("Free text"),
            due_date=words.short_day(one.due_date),
        )
        for one in leaving.waiting
    ]
