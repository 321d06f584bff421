"""What happens when staff press a button on a contact task's card (rule P12)?"""

from __future__ import annotations

from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import contact_task, notices
from blocks.text import escape, mention
from bot.channels.rendering import Renderer
from bot.domain.errors import Conflict
from bot.domain.model import Reason
from bot.i18n import Words
from bot.services import tasks
from bot.slack import card_menu, client_words, explanations
from bot.slack.button_values import row_id
from bot.slack.requests import Request
from bot.store.tasks import ContactTask

_log = structlog.get_logger()


def mark_contacted(press: Request) -> None:
    """Close the task once; whoever comes second is told who was first, and when."""
    task_id = row_id(press.action["value"])
    try:
        tasks.close(press.desk.database, press.team_id, task_id, who=press.person.id, now=press.desk.clock.now())
    except Conflict as conflict:
        task = tasks.find(press.desk.database, press.team_id, task_id)
        press.tell(notices.mrkdwn_message(already_contacted(task, conflict, press.words)))
    _show_on_a_forgotten_card(press, task_id)
    press.desk.wake()


def _show_on_a_forgotten_card(press: Request, task_id: int) -> None:
    """Close the pressed card too if it is not the one the task knows; the task is closed whether or not this works.

    Such a card was taken by Slack, whose answer was lost, and posted anew.
    """
    desk = press.desk
    task = tasks.find(desk.database, press.team_id, task_id)
    pressed = str(press.body["message"]["ts"])
    if task.card_ts is None or pressed == task.card_ts:
        return
    shown = card(task, desk.catalogues.words(task.clinic.language), desk.renderer)
    try:
        press.client.chat_update(channel=str(press.body["channel"]["id"]), ts=pressed, **shown)
    except (SlackApiError, SlackClientError, OSError) as error:
        _log.warning("forgotten-card-not-closed", task=task_id, error=type(error).__name__)


def show_contact(press: Request) -> None:
    """Show address and number to the presser alone, and log that they were asked for, shown by Slack or not."""
    press.client.views_open(trigger_id=press.trigger_id, view=contact_view(press, row_id(press.action["value"])))


def contact_view(press: Request, task_id: int) -> dict[str, Any]:
    """Address and number as a modal; that they were asked for is logged."""
    found = tasks.show_contact(
        press.desk.database, press.team_id, task_id, who=press.person.id, now=press.desk.clock.now()
    )
    details = notices.ContactDetails(
        client=found.client_name,
        patient=found.patient_name,
        phone=client_words.phone(found.phone),
        email=found.email or "",
        note=press.words("That you asked for this is noted in the reminder's history."),
    )
    return notices.contact_details_view(details, press.words)


def already_contacted(task: ContactTask, conflict: Conflict, words: Words) -> str:
    """Who was faster, and when, in the clinic's time."""
    when = words.moment(conflict.when, task.clinic.hours.zone) if conflict.when else ""
    return words(
        "{who} has already contacted {client} about {patient}, {when}.",
        who=mention(conflict.who or ""),
        client=escape(task.client.name),
        patient=escape(task.patient.name),
        when=when,
    )


def reason_now(task: ContactTask) -> Reason:
    """Why staff are asked, as things are now.

    Between the task and its card days can lie on which Slack was away, and the pet can have died or the client have
    left.
    """
    if not task.patient.alive:
        return Reason.PATIENT_DEAD
    return task.reason if task.client.active else Reason.CLIENT_INACTIVE


def card(task: ContactTask, words: Words, renderer: Renderer) -> dict[str, Any]:
    """The card of a task in the staff channel's language."""
    done = None
    if task.closed_by is not None and task.closed_at is not None:
        done = contact_task.Done(task.closed_by, words.moment(task.closed_at, task.clinic.hours.zone))
    reason = reason_now(task)
    subject, text = tasks.text_to_say(task, renderer) if reason is task.reason else ("", "")
    return contact_task.contact_task_message(
        contact_task.ContactTask(
            value=str(task.id),
            patient=task.patient.name,
            client=task.client.name,
            reason=explanations.reason(reason, words),
            due_date=words.day(task.due_date),
            subject=subject,
            text=text,
            done=done,
            menu=card_menu.of_task(task.patient, task.client, task.id, words),
        ),
        words,
    )
