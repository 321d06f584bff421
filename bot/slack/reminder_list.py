"""Which reminders are waiting, as `/reminder list` and the Home show them (rule P15)?"""

from __future__ import annotations

import re
from datetime import timedelta

from blocks.reminder_list import ROWS_ON_A_PAGE, DueMark, ReminderList, ReminderRow, reminder_list_message
from bot.domain.model import Clinic
from bot.services import reminders, workspaces
from bot.slack import explanations
from bot.slack.button_values import Unreadable
from bot.slack.requests import Request
from bot.store.reminders import WaitingReminder

SOON = timedelta(days=30)

_PAGE = re.compile(r"page:(\d{1,6})", re.ASCII)


def show(command: Request) -> None:
    """Answer with the first page, for this person alone."""
    page = waiting_page(command, 0)
    command.ack(**reminder_list_message(page, command.words), response_type="ephemeral")


def page_number(press: Request) -> int:
    """Which page a page button asks for.

    Raises:
        Unreadable: if the button's value is none of ours.
    """
    match = _PAGE.fullmatch(str(press.action.get("value")))
    if match is None:
        raise Unreadable
    return int(match[1])


def replace(press: Request, page: ReminderList) -> None:
    """Put a page in the place of the message whose button was pressed."""
    press.replace_message(reminder_list_message(page, press.words))


def waiting_page(request: Request, number: int) -> ReminderList:
    """One page of what waits in this workspace, counted from 0; the last one that there is, if it has ended before."""
    desk = request.desk
    clinics = {clinic.id: clinic for clinic in workspaces.clinics_of(desk.database, request.team_id)}
    found, total = reminders.waiting(
        desk.database, request.team_id, limit=ROWS_ON_A_PAGE, offset=number * ROWS_ON_A_PAGE
    )
    if total and not found:  # some were sent since the button was made
        number = (total - 1) // ROWS_ON_A_PAGE
        found, total = reminders.waiting(
            desk.database, request.team_id, limit=ROWS_ON_A_PAGE, offset=number * ROWS_ON_A_PAGE
        )
    more = max(total - number * ROWS_ON_A_PAGE - len(found), 0)
    return ReminderList(
        rows=[_row(request, reminder, clinics[reminder.clinic_id]) for reminder in found],
        more=more,
        previous=f"page:{number - 1}" if number else "",
        following=f"page:{number + 1}" if more else "",
    )


def due_mark(left: timedelta) -> DueMark:
    """The colour of a due date that is `left` away, in whole days."""
    if left < timedelta(0):
        return DueMark.PAST
    return DueMark.SOON if left <= SOON else DueMark.FAR


def _row(request: Request, reminder: WaitingReminder, clinic: Clinic) -> ReminderRow:
    words = request.words
    left = reminder.due_date - clinic.hours.today(request.desk.clock.now())
    return ReminderRow(
        value=str(reminder.id),
        patient=reminder.patient_name,
        client=reminder.client_name,
        what=reminder.template_name or reminder.subject or words("Free text"),
        how=explanations.method(reminder.method, words),
        next_send=words.moment(reminder.send_at, clinic.hours.zone),
        due_date=words.short_day(reminder.due_date),
        mark=due_mark(left),
    )
