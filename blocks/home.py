"""What does a staff member see on the bot's Home?

The way to a new reminder, what is waiting, and how many clients are to be contacted.
"""

from __future__ import annotations

import dataclasses

from slack_sdk.models.blocks import ButtonElement

from blocks.elements import Json, actions, button, context, divider, header, section
from blocks.ids import Action, ViewId
from blocks.reminder_list import ReminderList, page_buttons, waiting_blocks
from blocks.text import escape, visible
from blocks.translator import Words

_NAME_LENGTH = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """Home as one person sees it."""

    name: str
    waiting: ReminderList
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
        section(_tasks(home.open_tasks, words)),
        actions(*_buttons(home, words)),
        divider(),
        header(words("Waiting reminders")),
        *waiting_blocks(home.waiting, words),
        *page_buttons(home.waiting, words),
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


def _tasks(count: int, words: Words) -> str:
    if not count:
        return words("Nobody is waiting to be contacted.")
    return words.plural(
        "{count} client is to be contacted.", "{count} clients are to be contacted.", count, count=count
    )
