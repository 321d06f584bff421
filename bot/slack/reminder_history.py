"""What happened to one reminder, from the beginning, and why was it not sent (rule P15)?"""

from __future__ import annotations

from typing import Any

from blocks.history import LINES_ON_A_PAGE, HistoryLine, ReminderHistory, reminder_history_view
from bot.i18n import Words
from bot.services import reminder_seen
from bot.services.reminder_seen import ReminderSeen
from bot.slack import explanations, reminder_list, why_not_sent
from bot.slack.button_values import row_id
from bot.slack.requests import Request
from bot.store.history import SYSTEM, Entry


def open_history(press: Request) -> None:
    """Show the newest page of a reminder's history; from a modal, in its place."""
    press.show_here(newest(press))


def turn(press: Request) -> None:
    """Show another page of the history that is open."""
    reminder = row_id(press.view["private_metadata"])
    press.show_instead(_page(press, reminder, reminder_list.page_number(press)))


def newest(press: Request) -> dict[str, Any]:
    """The newest page of the history of the reminder whose id the button carries."""
    return _page(press, row_id(press.action["value"]), None)


def line(entry: Entry, seen: ReminderSeen, words: Words) -> HistoryLine:
    """One thing that happened to a reminder, in the clinic's time."""
    return HistoryLine(
        when=words.moment(entry.at, seen.clinic.hours.zone),
        what=explanations.event(entry, words),
        user_id="" if entry.actor == SYSTEM else entry.actor,
    )


def _page(press: Request, reminder: int, number: int | None) -> dict[str, Any]:
    words = press.words
    seen = reminder_seen.find(press.desk.database, press.team_id, reminder)
    last = max(len(seen.history) - 1, 0) // LINES_ON_A_PAGE
    number = last if number is None else min(number, last)
    entries = seen.history[number * LINES_ON_A_PAGE : (number + 1) * LINES_ON_A_PAGE]
    return reminder_history_view(
        ReminderHistory(
            value=str(seen.reminder.id),
            patient=seen.patient.name,
            client=seen.client.name,
            what=explanations.what(seen, words),
            answers=why_not_sent.answers(seen, words, press.desk.clock.now()),
            lines=[line(entry, seen, words) for entry in entries],
            previous=f"page:{number - 1}" if number else "",
            following=f"page:{number + 1}" if number < last else "",
        ),
        words,
        private_metadata=str(seen.reminder.id),
    )
