"""What does a staff member see on the bot's Home?

The way to a new reminder, what goes out and what is to be done, and the list of reminders as they left it.
"""

from __future__ import annotations

import dataclasses

from slack_sdk.models.blocks import ButtonElement

from blocks.elements import Json, actions, button, context, divider, header, section
from blocks.ids import Action, ViewId
from blocks.reminder_list import ReminderList, list_blocks, page_buttons
from blocks.text import escape, visible
from blocks.translator import Words

_NAME_LENGTH = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """Home as one person sees it."""

    name: str
    listed: ReminderList
    sends_today: int = 0
    sends_this_week: int = 0
    not_sent: int = 0
    """Reminders that were not sent and whose client nobody has contacted."""
    open_tasks: int = 0
    clinic: str = ""
    """Whose reminders these are."""
    has_settings: bool = False
    """Whether the person may change the settings."""


def home_view(home: Home, words: Words) -> Json:
    """The view for `views.publish`."""
    blocks = [header(words("Hello {name}", name=visible(home.name)))]
    if home.clinic:
        blocks.append(context(escape(home.clinic, _NAME_LENGTH)))
    blocks += [
        actions(*_buttons(home, words)),
        _counts(home, words),
        divider(),
        header(words("Reminders")),
        *list_blocks(home.listed, words),
        *page_buttons(home.listed, words),
    ]
    return {"type": "home", "callback_id": ViewId.HOME.value, "blocks": blocks}


def set_up_home(words: Words) -> Json:
    """What an administrator sees while no clinic is set up."""
    return {
        "type": "home",
        "callback_id": ViewId.HOME.value,
        "blocks": [
            header(words("Welcome")),
            section(
                words(
                    "No clinic is set up in this workspace yet. It takes one form: the clinic's name, its staff "
                    "channel, and when and from which address reminders are sent."
                )
            ),
            actions(button(Action.HOME_SETTINGS.value, words("Set up a clinic"), style="primary")),
        ],
    }


def _buttons(home: Home, words: Words) -> list[ButtonElement]:
    buttons = [
        button(Action.HOME_NEW_REMINDER.value, words("New reminder"), style="primary"),
        button(Action.HOME_TEMPLATES.value, words("Templates")),
    ]
    if home.has_settings:
        buttons.append(button(Action.HOME_SETTINGS.value, words("Settings")))
    return buttons


def _counts(home: Home, words: Words) -> Json:
    """Each count leads to what it counts; what somebody has to see to is red."""
    return actions(
        button(Action.HOME_SHOW_TODAY.value, words("Goes out today: {count}", count=home.sends_today)),
        button(Action.HOME_SHOW_WEEK.value, words("This week: {count}", count=home.sends_this_week)),
        button(
            Action.HOME_SHOW_NOT_SENT.value,
            words("Not sent: {count}", count=home.not_sent),
            style="danger" if home.not_sent else None,
        ),
        button(Action.HOME_SHOW_TASKS.value, words("Clients to contact: {count}", count=home.open_tasks)),
    )
