"""What happens when somebody presses a button on a reminder's card (rule P16)?

Each does one thing to the reminder and shows its card as it then stands; where that was not possible, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from blocks.ids import MenuChoice
from bot.domain.errors import Conflict
from bot.services import life, undo
from bot.services.reminder_seen import ReminderSeen
from bot.slack import departures, home, reminder_form
from bot.slack.button_values import CardMetadata, Unreadable, chosen, row_id
from bot.slack.reminder_card import show_as_it_stands
from bot.slack.requests import Request
from bot.store.database import Database


class _Deed(Protocol):
    """One of the services that change a reminder."""

    def __call__(
        self, database: Database, team_id: str, reminder_id: int, *, who: str, now: datetime
    ) -> ReminderSeen: ...


def cancel(press: Request) -> None:
    """Cancel a reminder and show it cancelled."""
    _do(press, life.cancel)


def restore(press: Request) -> None:
    """Take up a cancelled reminder again."""
    _do(press, life.restore)


def pause(press: Request) -> None:
    """Send nothing of a reminder until it is resumed."""
    _do(press, life.pause)


def resume(press: Request) -> None:
    """Go on with a paused reminder."""
    _do(press, life.resume)


def skip(press: Request) -> None:
    """Leave out the occurrence that is the next one on the card."""
    _do(press, partial(life.skip, number=_next_number(press)))


def send_now(press: Request) -> None:
    """Send the occurrence that is the next one on the card at once, or say when it can go."""
    words = press.words

    def told(seen: ReminderSeen) -> str:
        if not seen.coming or seen.coming[0].send_at <= press.desk.clock.now():
            return ""
        moment = words.moment(seen.coming[0].send_at, seen.clinic.hours.zone)
        return words("The clinic is closed now. It goes out when the clinic sends again: {moment}.", moment=moment)

    _do(press, partial(life.send_now, number=_next_number(press)), told)


def menu(press: Request) -> None:
    """Do what was chosen in the card's menu."""
    choice, reminder = chosen(press.action)
    if choice is MenuChoice.DUPLICATE:
        reminder_form.open_copy(press, reminder)
    else:
        departures.ask_on_card(press, choice, reminder)


def take_back(press: Request) -> None:
    """Undo a step and show the reminder on whose card that was pressed."""
    desk = press.desk
    step = row_id(press.action["value"])
    reminder = CardMetadata.decode(press.view["private_metadata"]).reminder_id
    try:
        undo.undo(desk.database, press.team_id, step, who=press.person.id, now=desk.clock.now())
    except Conflict as conflict:
        show_as_it_stands(press, reminder, press.words.say(conflict.reason))
        return
    desk.wake()
    show_as_it_stands(press, reminder)
    home.refresh(press)


def _do(press: Request, deed: _Deed, told: Callable[[ReminderSeen], str] = lambda _: "") -> None:
    desk, reminder = press.desk, row_id(press.action["value"])
    try:
        seen = deed(desk.database, press.team_id, reminder, who=press.person.id, now=desk.clock.now())
    except Conflict as conflict:
        show_as_it_stands(press, reminder, press.words.say(conflict.reason))
        return
    desk.wake()
    show_as_it_stands(press, reminder, told(seen))
    home.refresh(press)


def _next_number(press: Request) -> int:
    number = CardMetadata.decode(press.view["private_metadata"]).next_number
    if number is None:
        raise Unreadable
    return number
