"""What is said once a clinic's settings are saved?"""

from __future__ import annotations

from typing import Any

from blocks import notices
from blocks.settings_trial import SettingsSaved, settings_saved_view
from bot.services.clinic_settings import SettingsChanged, StoredSettings
from bot.slack import settings_trial
from bot.slack.afterwards import Outcome
from bot.slack.requests import Request


def set_up_view(submission: Request, stored: StoredSettings) -> dict[str, Any]:
    """A clinic was set up: what comes next, which is a test to oneself where the bot can send one."""
    words = submission.words
    done = words("✅ The clinic is set up. Staff can begin: /reminder new")
    if not settings_trial.channels(submission):
        return settings_saved_view(SettingsSaved(stored.settings.name, [done, _sends_nothing(submission)]), words)
    return settings_trial.first_view(submission, stored.clinic_id, stored.settings.name, [done])


def changed_view(submission: Request, changed: SettingsChanged) -> dict[str, Any]:
    """The settings are saved, and how many reminders moved."""
    return settings_saved_view(_saved(submission, changed), submission.words)


def changed_outcome(submission: Request, changed: SettingsChanged) -> Outcome:
    """The same, told afterwards."""
    saved = _saved(submission, changed)
    return Outcome(settings_saved_view(saved, submission.words), notices.told_message([saved.clinic, *saved.told]))


def refused_message(sentence: str) -> dict[str, Any]:
    """The settings were not saved, told afterwards."""
    return notices.refusal_message(sentence)


def _saved(submission: Request, changed: SettingsChanged) -> SettingsSaved:
    words, stored = submission.words, changed.stored
    told = [words("✅ The settings are saved.")]
    if changed.moved:
        told.append(
            words.plural(
                "{count} waiting reminder was planned anew.",
                "{count} waiting reminders were planned anew.",
                changed.moved,
            )
        )
    can_be_tried = bool(settings_trial.channels(submission))
    return SettingsSaved(stored.settings.name, told, str(stored.clinic_id) if can_be_tried else "")


def _sends_nothing(submission: Request) -> str:
    return submission.words(
        "The bot is set up for neither e-mail nor SMS yet, so reminders become tasks for staff. Whoever runs the bot "
        "can change that with SMTP_URL and SMS_URL."
    )
