"""What does a member of staff see on the bot's Home?"""

from __future__ import annotations

import dataclasses

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import home
from blocks.ids import Action
from bot.domain import rights
from bot.domain.reminder_filter import Place, ReminderFilter
from bot.services import reminder_list as lists
from bot.services.reminder_list import Page
from bot.slack import list_filter, reminder_list
from bot.slack.requests import Request
from bot.store.database import DatabaseAway

_COUNTED = {
    Action.HOME_SHOW_TODAY.value: lists.SENDS_TODAY,
    Action.HOME_SHOW_WEEK.value: lists.SENDS_THIS_WEEK,
    Action.HOME_SHOW_NOT_SENT.value: lists.TO_DEAL_WITH,
}

_log = structlog.get_logger()


def show(event: Request) -> None:
    """Publish the Home when its tab is opened; opening the Messages tab is none of its business."""
    opened = event.body["event"]
    if opened.get("tab") != "home":
        return
    try:
        # Whatever was pressed on it meanwhile is newer than what is found here.
        publish(event, reminder_list.as_left(event, Place.HOME), replacing=opened.get("view", {}).get("hash"))
    except SlackApiError as error:
        if error.response.get("error") != "hash_conflict":
            raise
        _log.info("home-newer", listener="app_home_opened")


def turn_page(press: Request) -> None:
    """Show another page, on the Home or in the message whose button was pressed."""
    _show(press, reminder_list.turned(press, _place(press)))


def choose(press: Request) -> None:
    """Show what is now chosen above the list, and remember it."""
    asked = list_filter.read(press)
    if asked is not None:
        _show(press, reminder_list.chosen(press, _place(press), asked))


def clear(press: Request) -> None:
    """Show what is waiting, as at first."""
    _show(press, reminder_list.chosen(press, _place(press), ReminderFilter()))


def show_counted(press: Request) -> None:
    """Show what one of the counts counts, at the clinic that is chosen."""
    counted = _COUNTED[str(press.action["action_id"])]
    asked = list_filter.read(press) or ReminderFilter()
    publish(press, reminder_list.chosen(press, Place.HOME, dataclasses.replace(counted, clinic_id=asked.clinic_id)))


def refresh(request: Request) -> None:
    """Bring a person's Home up to date after they changed something; their answer does not depend on it."""
    try:
        publish(request, reminder_list.as_left(request, Place.HOME))
    except (SlackApiError, SlackClientError, OSError, DatabaseAway) as error:
        _log.warning("home-not-refreshed", error=type(error).__name__)


def publish(request: Request, page: Page, *, replacing: str | None = None) -> None:
    """Publish the Home with one page of reminders; `replacing` is the hash of the one that it may replace, else any.

    Raises:
        slack_sdk.errors.SlackApiError: `hash_conflict` if another one was published since; or if Slack takes none.
    """
    desk = request.desk
    awaiting = lists.awaiting(
        desk.database, request.team_id, page.asked.clinic_id, who=request.person.id, now=desk.clock.now()
    )
    view = home.home_view(
        home.Home(
            name=request.person.name,
            listed=reminder_list.shown(request, page),
            sends_today=awaiting.sends_today,
            sends_this_week=awaiting.sends_this_week,
            not_sent=awaiting.to_deal_with,
            open_tasks=awaiting.open_tasks,
            has_settings=rights.is_settings_editor(request.person),
            clinic=request.words.names([clinic.name for clinic in page.clinics]),
        ),
        request.words,
    )
    request.client.views_publish(user_id=request.person.id, view=view, hash=replacing)


def _place(press: Request) -> Place:
    return Place.HOME if "view" in press.body else Place.MESSAGE


def _show(press: Request, page: Page) -> None:
    if _place(press) is Place.HOME:
        publish(press, page)
    else:
        reminder_list.replace(press, page)
