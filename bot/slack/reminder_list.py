"""Which reminders are shown, in the message that answers `/reminder list` and on the Home (rule P15)?"""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

from blocks.reminder_list import DueMark, ReminderList, ReminderRow, reminder_list_message
from bot.domain import outcome
from bot.domain.model import Clinic, DeliveryState, ReminderState
from bot.domain.reminder_filter import EVERYTHING, SOON, Place, ReminderFilter, typed_words
from bot.i18n import Words
from bot.services import reminder_list as lists
from bot.services.reminder_list import Page
from bot.slack import explanations, list_filter
from bot.slack.button_values import Unreadable
from bot.slack.requests import Request
from bot.store.reminder_search import ListedReminder
from bot.store.reminders import DeliverySeen

_PAGE = re.compile(r"page:(\d{1,6})", re.ASCII)


def show(command: Request) -> None:
    """Answer with the first page, for this person alone: of what is typed after the command, or as they left it."""
    typed = typed_words(command.typed.partition(" ")[2])
    if typed:
        # Whoever looks for somebody means to find them, wherever their reminders stand.
        page = _turned(command, Place.MESSAGE, dataclasses.replace(EVERYTHING, words=typed), 0)
    else:
        page = as_left(command, Place.MESSAGE)
    command.ack(**reminder_list_message(shown(command, page), command.words), response_type="ephemeral")


def page_number(press: Request) -> int:
    """Which page a page button asks for.

    Raises:
        Unreadable: if the button's value is none of ours.
    """
    match = _PAGE.fullmatch(str(press.action.get("value")))
    if match is None:
        raise Unreadable
    return int(match[1])


def replace(press: Request, page: Page) -> None:
    """Put a page in the place of the message whose button was pressed."""
    press.replace_message(reminder_list_message(shown(press, page), press.words))


def as_left(request: Request, place: Place) -> Page:
    """The first page of what the person chose last."""
    desk = request.desk
    return lists.as_left(desk.database, request.team_id, place, who=request.person.id, now=desk.clock.now())


def chosen(press: Request, place: Place, asked: ReminderFilter) -> Page:
    """The first page of what the person chooses now."""
    desk = press.desk
    return lists.choose(desk.database, press.team_id, place, asked, who=press.person.id, now=desk.clock.now())


def turned(press: Request, place: Place) -> Page:
    """Another page of what stands in the choices above it."""
    asked = list_filter.read(press)
    return _turned(press, place, as_left(press, place).asked if asked is None else asked, page_number(press))


def shown(request: Request, page: Page) -> ReminderList:
    """A page as it is drawn."""
    words, clinics = request.words, {clinic.id: clinic for clinic in page.clinics}
    pages = (page.total - 1) // lists.ROWS_ON_A_PAGE + 1
    return ReminderList(
        chosen=list_filter.shown(page, words),
        rows=[_row(request, one, clinics[one.clinic_id]) for one in page.rows],
        total=page.total,
        page=words("Page {number} of {pages}", number=page.number + 1, pages=pages) if pages > 1 else "",
        nothing_waits=not page.total and page.asked == ReminderFilter(),
        previous=f"page:{page.number - 1}" if page.number else "",
        following="" if page.is_last else f"page:{page.number + 1}",
    )


def due_mark(left: timedelta) -> DueMark:
    """The colour of a due date that is `left` away, in whole days."""
    if left < timedelta(0):
        return DueMark.PAST
    return DueMark.SOON if left <= SOON else DueMark.FAR


def _turned(request: Request, place: Place, asked: ReminderFilter, number: int) -> Page:
    desk = request.desk
    who, now = request.person.id, desk.clock.now()
    return lists.turn_to(desk.database, request.team_id, place, asked, number, who=who, now=now)


def _row(request: Request, one: ListedReminder, clinic: Clinic) -> ReminderRow:
    words, hours = request.words, clinic.hours
    mark = due_mark(one.due_date - hours.today(request.desk.clock.now()))
    day = words.short_day(one.due_date)
    short = outcome.shortfalls(one.deliveries)
    stands = _stands(one, clinic, words)
    details = [f"⚠️ {not_sent(each, words)}" for each in short]
    if stands:
        details.append(stands)
    if one.send_at is not None:
        details.append(words("Next send {next_send}", next_send=words.moment(one.send_at, hours.zone)))
    details.append(
        words("was due {due_date}", due_date=day) if mark is DueMark.PAST else words("due {due_date}", due_date=day)
    )
    return ReminderRow(
        value=str(one.id),
        patient=one.patient_name,
        client=one.client_name,
        what=one.template_name or one.subject or words("Free text"),
        how=explanations.method(one.method, words),
        details=details,
        mark=mark,
        fell_short=bool(short),
    )


def not_sent(one: DeliverySeen, words: Words) -> str:
    """What did not go, in short, and why."""
    how = explanations.channel(one.channel, words)
    why = explanations.reason(one.reason, words) if one.reason else ""
    if one.state is DeliveryState.UNKNOWN:
        return words("Unclear whether it was sent: {how}.", how=how)
    return words("Not sent: {how}. {why}", how=how, why=why)


def _stands(one: ListedReminder, clinic: Clinic, words: Words) -> str:
    """Where it stands, unless it simply waits or fell short."""
    if one.state is ReminderState.CANCELLED:
        return f"✖️ {words('Cancelled')}"
    if one.send_at is not None:
        return f"⏸️ {words('Paused')}" if one.state is ReminderState.PAUSED else ""
    sent = [each for each in one.deliveries if outcome.was_sent(each.state, each.reason)]
    if sent:
        state = explanations.delivery_state(sent[-1], words)
        when = words.moment(sent[-1].finished_at or sent[-1].send_at, clinic.hours.zone)
        return f"{when}: {state}"
    return "" if outcome.shortfalls(one.deliveries) else words("Finished")
