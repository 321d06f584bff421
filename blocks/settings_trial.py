"""What is shown once settings are saved, and how does somebody send a test to themselves?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Json, actions, button, context, section
from blocks.ids import Action, SettingsBlock, ViewId
from blocks.inputs import Place, text_input
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.text import bold, escape, plain
from blocks.translator import Words

_NAME_LENGTH = 200


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsSaved:
    """A clinic whose settings were saved. `told` are finished sentences; `value` is the clinic, for the button."""

    clinic: str
    told: Sequence[str]
    value: str = ""
    """Empty where no test can be sent: the bot is set up for neither e-mail nor SMS."""


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """A test to oneself. What is typed is given as typed; `told` are finished sentences, each with its sign."""

    clinic: str
    told: Sequence[str] = ()
    email: str | None = None
    """`None` where the bot sends no e-mail."""
    phone: str | None = None
    """`None` where the bot sends no SMS."""
    private_metadata: str = ""


def settings_saved_view(saved: SettingsSaved, words: Words) -> Json:
    """The modal that says what came of saving."""
    blocks = [section(bold(escape(saved.clinic, _NAME_LENGTH))), *(section(escape(one)) for one in saved.told)]
    if saved.value:
        blocks.append(
            actions(button(Action.SETTINGS_TRIAL.value, words("Send a test to myself"), saved.value, style="primary"))
        )
    return {
        "type": "modal",
        "callback_id": ViewId.SETTINGS_SAVED.value,
        "title": plain(words("Settings"), VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": blocks,
    }


def trial_view(trial: Trial, words: Words) -> Json:
    """The modal in which a test is sent, and which says what came of it."""
    blocks = [
        section(bold(escape(trial.clinic, _NAME_LENGTH))),
        *(section(escape(one)) for one in trial.told),
        section(
            words(
                "The test goes out as a reminder does: from this clinic's sender, through the same servers. It is "
                "marked as a test, no client gets it, and it stands in no list."
            )
        ),
    ]
    if trial.email is not None:
        blocks.append(_field(SettingsBlock.TRIAL_EMAIL, words("Your e-mail address"), trial.email))
    if trial.phone is not None:
        blocks.append(_field(SettingsBlock.TRIAL_PHONE, words("Your mobile number"), trial.phone))
    blocks.append(context(words("Addresses that you enter here are not kept.")))
    return {
        "type": "modal",
        "callback_id": ViewId.SETTINGS_TRIAL.value,
        "title": plain(words("Test to yourself"), VIEW_TITLE).to_dict(),
        "submit": plain(words("Send test"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "private_metadata": trial.private_metadata,
        "blocks": blocks,
    }


def _field(block: SettingsBlock, label: str, initial: str) -> Json:
    return text_input(Place(block.value, block.action.value, label, optional=True), initial)
