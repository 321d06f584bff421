"""How do staff say that a patient has died, or that a client is none any more (rule P16)?

From a reminder's card, from a contact task's or on the client's page: a modal names what stops, and its button does it.
The answer is the card or the page that it was asked on, with the undo on it.
"""

from __future__ import annotations

from typing import Any

from blocks import departure
from blocks.ids import MenuChoice
from bot.domain.errors import Conflict
from bot.domain.model import StepKind
from bot.i18n import Words
from bot.services import client_page as pages
from bot.services import departures, reminder_seen, tasks, undo
from bot.services.client_page import Tab
from bot.services.departures import Leaving, Whom
from bot.slack import client_page, home
from bot.slack.button_values import DepartureMetadata, PageMetadata, Unreadable, chosen, row_id
from bot.slack.reminder_card import card_view
from bot.slack.requests import Request

_LEAVE = {
    MenuChoice.PATIENT_DIED: StepKind.PATIENT_DIED,
    MenuChoice.CLIENT_INACTIVE: StepKind.CLIENT_INACTIVE,
}
_COME_BACK = {
    MenuChoice.PATIENT_ALIVE: StepKind.PATIENT_DIED,
    MenuChoice.CLIENT_ACTIVE: StepKind.CLIENT_INACTIVE,
}


def ask_on_card(press: Request, choice: MenuChoice, reminder_id: int) -> None:
    """Put the question in the place of the reminder's card."""
    press.show_instead(_question(press, _of_reminder(press, choice, reminder_id)))


def ask_on_task(press: Request) -> None:
    """Open the question beside a contact task's card."""
    choice, task_id = chosen(press.action)
    task = tasks.find(press.desk.database, press.team_id, task_id)
    asked = _of_reminder(press, choice, task.reminder.id)
    press.client.views_open(trigger_id=press.trigger_id, view=_question(press, asked))


def choose_on_page(press: Request) -> None:
    """Put the question in the place of the client's page; whoever comes back is not asked about."""
    choice, row = chosen(press.action)
    if choice in _LEAVE:
        press.show_instead(_question(press, DepartureMetadata(choice, row)))
        return
    if choice not in _COME_BACK:
        raise Unreadable
    desk, words = press.desk, press.words
    whom = Whom(_COME_BACK[choice], row)
    try:
        departures.come_back(desk.database, press.team_id, whom, who=press.person.id, now=desk.clock.now())
        note = words("What was stopped stays so. Open a reminder to restore it.")
    except Conflict as conflict:
        note = words.say(conflict.reason)
    _show_page(press, note)


def take_back(press: Request) -> None:
    """Undo a step and show the client on whose page that was pressed."""
    desk, note = press.desk, ""
    step = row_id(press.action["value"])
    try:
        undo.undo(desk.database, press.team_id, step, who=press.person.id, now=desk.clock.now())
    except Conflict as conflict:
        note = press.words.say(conflict.reason)
    desk.wake()
    _show_page(press, note)
    home.refresh(press)


def confirm(submission: Request) -> None:
    """Do it, and answer with the card or the page; where somebody else did it before, that says so."""
    desk, words = submission.desk, submission.words
    asked = DepartureMetadata.decode(submission.view["private_metadata"])
    whom, now = _whom(asked), desk.clock.now()
    try:
        left = departures.leave(
            desk.database,
            submission.team_id,
            whom,
            key=f"{submission.view['id']}:{submission.view['hash']}",
            who=submission.person.id,
            now=now,
        )
        note = words.plural(
            "{count} waiting reminder was stopped.", "{count} waiting reminders were stopped.", left.stopped
        )
    except Conflict as conflict:
        note = words.say(conflict.reason)
    submission.ack(response_action="update", view=_answer(submission, asked, note))
    desk.wake()
    home.refresh(submission)


def _answer(submission: Request, asked: DepartureMetadata, note: str) -> dict[str, Any]:
    desk = submission.desk
    if asked.reminder_id is not None:
        seen = reminder_seen.find(desk.database, submission.team_id, asked.reminder_id)
        return card_view(seen, submission.words, now=desk.clock.now(), note=note)
    client = departures.leaving(desk.database, submission.team_id, _whom(asked)).client
    page = pages.turn_to(desk.database, submission.team_id, client.id, Tab.REMINDERS, 0)
    return client_page.page_view(submission, page, note)


def _show_page(press: Request, note: str) -> None:
    shown = PageMetadata.decode(press.view["private_metadata"])
    seen = pages.turn_to(press.desk.database, press.team_id, shown.client_id, shown.tab, 0)
    press.show_instead(client_page.page_view(press, seen, note))


def _of_reminder(press: Request, choice: MenuChoice, reminder_id: int) -> DepartureMetadata:
    """The question about a reminder's patient or client, who is then meant by their own id."""
    seen = reminder_seen.find(press.desk.database, press.team_id, reminder_id)
    return DepartureMetadata(
        choice, seen.patient.id if choice is MenuChoice.PATIENT_DIED else seen.client.id, reminder_id
    )


def _whom(asked: DepartureMetadata) -> Whom:
    if asked.choice not in _LEAVE:
        raise Unreadable
    return Whom(_LEAVE[asked.choice], asked.row)


def _question(press: Request, asked: DepartureMetadata) -> dict[str, Any]:
    words = press.words
    leaving = departures.leaving(press.desk.database, press.team_id, _whom(asked))
    if leaving.patient is not None:
        title = words("Patient has died")
        question = words("Has {patient} ({client}) died?", patient=leaving.patient.name, client=leaving.client.name)
    else:
        title = words("Client inactive")
        question = words("Is {client} no longer a client?", client=leaving.client.name)
    return departure.departure_view(
        departure.Departure(
            title=title, question=question, private_metadata=asked.encode(), stopping=_stopping(leaving, words)
        ),
        words,
    )


def _stopping(leaving: Leaving, words: Words) -> list[departure.Stopping]:
    return [
        departure.Stopping(
            patient=one.patient_name,
            what=one.template_name or one.subject or words("Free text"),
            due_date=words.short_day(one.due_date),
        )
        for one in leaving.waiting
    ]
