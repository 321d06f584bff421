"""What does a member of staff see on the bot's Home?"""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import home
from blocks.reminder_list import ReminderList
from bot.domain import rights
from bot.services import tasks, workspaces
from bot.slack import reminder_list
from bot.slack.requests import Request
from bot.store.database import DatabaseAway

_log = structlog.get_logger()


def show(event: Request) -> None:
    """Publish the Home when its tab is opened; opening the Messages tab is none of its business."""
    if event.body["event"].get("tab") == "home":
        publish(event, reminder_list.waiting_page(event, 0))


def turn_page(press: Request) -> None:
    """Show another page of what is waiting, on the Home or in the message whose button was pressed."""
    page = reminder_list.waiting_page(press, reminder_list.page_number(press))
    if "view" in press.body:
        publish(press, page)
    else:
        reminder_list.replace(press, page)


def refresh(request: Request) -> None:
    """Bring a person's Home up to date after they changed something; their answer does not depend on it."""
    try:
        publish(request, reminder_list.waiting_page(request, 0))
    except (SlackApiError, SlackClientError, OSError, DatabaseAway) as error:
        _log.warning("home-not-refreshed", error=type(error).__name__)


def publish(request: Request, page: ReminderList) -> None:
    """Publish the Home with one page of what is waiting."""
    desk = request.desk
    clinics = workspaces.clinics_of(desk.database, request.team_id)
    view = home.home_view(
        home.Home(
            name=request.person.name,
            waiting=page,
            open_tasks=tasks.open_count(desk.database, request.team_id),
            has_settings=rights.is_settings_editor(request.person),
            clinic=request.words.names([clinic.name for clinic in clinics]),
        ),
        request.words,
    )
    request.client.views_publish(user_id=request.person.id, view=view)
