"""What happens when staff press a button on a contact task's card (rules P12 and P14)?"""

from __future__ import annotations

from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import contact_task, notices
from blocks.contact_task import Ending
from blocks.doubt import Doubt, Twice
from blocks.text import escape, mention
from bot.channels.rendering import Renderer
from bot.domain.contact_task import Instead
from bot.domain.errors import AlreadyDealtWith, Conflict
from bot.domain.model import Channel, Reason
from bot.i18n import Words
from bot.services import doubtful, tasks
from bot.services.doubtful import PlannedAgain
from bot.slack import card_menu, client_words, explanations
from bot.slack.button_values import doubt_value, read_doubt_value, row_id
from bot.slack.requests import Request
from bot.store.tasks import ContactTask

_ENDINGS = {Instead.RECORDED_SENT: Ending.RECORDED_SENT, Instead.SENT_AGAIN: Ending.SENT_AGAIN, None: Ending.CONTACTED}
_TWICE = {Channel.EMAIL: Twice.EMAIL, Channel.SMS: Twice.SMS, Channel.EXTERNAL: Twice.EXTERNAL}

_log = structlog.get_logger()


def mark_contacted(press: Request) -> None:
    """Close the task once; whoever comes second is told who was first, and when."""
    task_id = row_id(press.action["value"])
    try:
        tasks.close(press.desk.database, press.team_id, task_id, who=press.person.id, now=press.desk.clock.now())
    except Conflict as conflict:
        _tell_who_was_first(press, task_id, conflict)
    _show_on_a_forgotten_card(press, task_id)
    press.desk.wake()


def record_sent(press: Request) -> None:
    """Take the presser's word that the message went, once."""
    task_id, attempt = read_doubt_value(press.action["value"])
    desk = press.desk
    try:
        doubtful.record_sent(
            desk.database, press.team_id, task_id, attempt=attempt, who=press.person.id, now=desk.clock.now()
        )
    except Conflict as conflict:
        _tell_who_was_first(press, task_id, conflict)
    _show_on_a_forgotten_card(press, task_id)
    desk.wake()


def send_again(press: Request) -> None:
    """Send the message again, once; where the clinic is closed, the presser is told when it goes."""
    task_id, _ = read_doubt_value(press.action["value"])
    try:
        planned = plan_again(press)
    except Conflict as conflict:
        _tell_who_was_first(press, task_id, conflict)
    else:
        if later := goes_later(press, planned):
            press.tell(notices.told_message([later]))
    _show_on_a_forgotten_card(press, task_id)
    press.desk.wake()


def plan_again(press: Request) -> PlannedAgain:
    """Plan the message again that the pressed button is about.

    Raises:
        MayNotBeSent: if it could not go as things are.
        Conflict: if somebody was faster.
    """
    task_id, attempt = read_doubt_value(press.action["value"])
    desk = press.desk
    return doubtful.send_again(
        desk.database,
        press.team_id,
        task_id,
        attempt=attempt,
        channels=desk.channels,
        who=press.person.id,
        now=desk.clock.now(),
    )


def goes_later(press: Request, planned: PlannedAgain) -> str:
    """When it goes, if not at once."""
    if planned.send_at <= press.desk.clock.now():
        return ""
    words = press.words
    moment = words.moment(planned.send_at, planned.task.clinic.hours.zone)
    return words("The clinic is closed now. It goes out when the clinic sends again: {moment}.", moment=moment)


def _tell_who_was_first(press: Request, task_id: int, conflict: Conflict) -> None:
    task = tasks.find(press.desk.database, press.team_id, task_id)
    press.tell(notices.mrkdwn_message(already_dealt_with(task, conflict, press.words)))


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


def already_dealt_with(task: ContactTask, conflict: Conflict, words: Words) -> str:
    """Who was faster, what they did, and when, in the clinic's time."""
    if not isinstance(conflict, AlreadyDealtWith):
        return escape(words.say(conflict.reason))
    who, client, patient = mention(conflict.who or ""), escape(task.client.name), escape(task.patient.name)
    when = words.moment(conflict.when, task.clinic.hours.zone) if conflict.when else ""
    match conflict.instead:
        case Instead.RECORDED_SENT:
            return words(
                "{who} has already recorded it as sent: {client} about {patient}, {when}.",
                who=who,
                client=client,
                patient=patient,
                when=when,
            )
        case Instead.SENT_AGAIN:
            return words(
                "{who} has already asked for it to be sent again: {client} about {patient}, {when}.",
                who=who,
                client=client,
                patient=patient,
                when=when,
            )
        case None:
            return words(
                "{who} has already contacted {client} about {patient}, {when}.",
                who=who,
                client=client,
                patient=patient,
                when=when,
            )


def doubt(task: ContactTask) -> Doubt | None:
    """What can be decided about a task of whose message nobody knows whether it went.

    It is not offered to be sent again where patient or client get nothing any more.
    """
    if not task.is_doubtful:
        return None
    may_go = reason_now(task) is task.reason
    return Doubt(doubt_value(task.id, task.attempt), _TWICE[task.channel] if may_go else None)


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
        when = words.moment(task.closed_at, task.clinic.hours.zone)
        done = contact_task.Done(task.closed_by, when, _ENDINGS[task.instead])
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
            doubt=doubt(task),
            menu=card_menu.of_task(task.patient, task.client, task.id, words),
        ),
        words,
    )
