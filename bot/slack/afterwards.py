"""How is somebody told what came of what they submitted, when that takes longer than Slack waits for an answer?

Slack was answered already, so nothing that goes wrong now may be raised: it is told as well. The outcome stands in the
bot's messages, and in the modal if that is still open. The messages come first and are what the person is pointed to:
an acknowledgement that Slack takes late overwrites the modal, and a modal may be closed.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import notices
from bot.domain.errors import ReminderBotError
from bot.slack.requests import Request
from bot.store.database import DatabaseAway

_log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, as a modal and as a message."""

    view: dict[str, Any] = dataclasses.field(repr=False)
    message: dict[str, Any] = dataclasses.field(repr=False)


def tell(submission: Request, act: Callable[[], Outcome], failed: Callable[[str], dict[str, Any]]) -> None:
    """Do what takes long and tell its outcome; `failed` makes the modal in which a sentence says why it failed."""
    outcome = _outcome(submission, act, failed)
    for kind, show in (("message", _in_a_message), ("modal", _in_the_modal)):
        try:
            show(submission, outcome)
        except (SlackApiError, SlackClientError, OSError, HTTPException) as error:
            _log.warning("outcome-not-told", kind=kind, error=type(error).__name__)


def _outcome(submission: Request, act: Callable[[], Outcome], failed: Callable[[str], dict[str, Any]]) -> Outcome:
    words = submission.words
    try:
        return act()
    except ReminderBotError as refused:
        sentence = words.say(refused.reason)
    except DatabaseAway:
        _log.exception("database-away", listener=submission.view["callback_id"])
        sentence = words(
            "The bot's database does not answer, so this may not have been saved. Look before you try again."
        )
    except Exception:  # noqa: BLE001  # nobody above can answer any more: the person gets a code, the log the rest
        code = secrets.token_hex(3)
        _log.exception("listener-failed", listener=submission.view["callback_id"], code=code)
        sentence = words("Something went wrong. The code is {code}.", code=code)
    return Outcome(failed(sentence), notices.refusal_message(sentence))


def _in_the_modal(submission: Request, outcome: Outcome) -> None:
    submission.show_instead(outcome.view)


def _in_a_message(submission: Request, outcome: Outcome) -> None:
    submission.client.chat_postMessage(channel=submission.person.id, **outcome.message)
