"""How does an administrator send a test to themselves, and learn what became of it?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any, Final

import structlog

from blocks import notices
from blocks.ids import SettingsBlock
from blocks.settings_trial import Trial, trial_view
from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.domain.errors import ClientField, ClientRefused
from bot.domain.model import Channel, Clinic, Texts
from bot.services import trial
from bot.slack import afterwards
from bot.slack.button_values import row_id
from bot.slack.requests import Request

ANSWERED_WITHIN: Final = 2.0
"""How many seconds the servers may take before the person is answered that it is on its way: Slack waits for three."""

_BLOCKS: Final = {Channel.EMAIL: SettingsBlock.TRIAL_EMAIL, Channel.SMS: SettingsBlock.TRIAL_PHONE}
_FIELDS: Final = {ClientField.EMAIL: SettingsBlock.TRIAL_EMAIL, ClientField.PHONE: SettingsBlock.TRIAL_PHONE}

_log = structlog.get_logger()


def channels(request: Request) -> list[Channel]:
    """Over what a test can be sent, as the bot is set up."""
    return [channel for channel in _BLOCKS if channel in request.desk.channels]


def open_trial(press: Request) -> None:
    """Put the form for a test in the place of what was saved."""
    clinic = trial.find(press.desk.database, press.team_id, row_id(press.action["value"]), who=press.person)
    press.show_instead(first_view(press, clinic.id, clinic.name, ()))


def first_view(request: Request, clinic_id: int, clinic: str, told: Sequence[str]) -> dict[str, Any]:
    """The form for a test, with nothing typed yet."""
    return _view(request, clinic_id, clinic, dict.fromkeys(channels(request), ""), told)


def send(submission: Request) -> None:
    """Send the test and say what became of it; or say under a field what is wrong with it."""
    started = time.monotonic()
    desk, words = submission.desk, submission.words
    clinic_id = row_id(submission.view["private_metadata"])
    clinic = trial.find(desk.database, submission.team_id, clinic_id, who=submission.person)
    typed = _typed(submission)
    try:
        checked = trial.check(clinic, typed, _texts(submission), words.language)
    except ClientRefused as refused:
        errors = {_FIELDS[field].value: words.say(reason) for field, reason in refused.refusals.items()}
        submission.ack(response_action="errors", errors=errors)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="trial") as pool:
        sending = pool.submit(trial.send, desk.senders, checked, now=desk.clock.now())
        try:
            outcomes = sending.result(max(0.0, ANSWERED_WITHIN - (time.monotonic() - started)))
        except NotYet:
            _send_afterwards(submission, clinic, typed, sending)
            return
        told = _told(submission, outcomes)
    submission.ack(response_action="update", view=_view(submission, clinic.id, clinic.name, typed, told))


def _send_afterwards(
    submission: Request, clinic: Clinic, typed: Mapping[Channel, str], sending: Future[dict[Channel, Outcome]]
) -> None:
    on_its_way = submission.words("The test is on its way. What became of it is told in the bot's messages.")
    submission.ack(response_action="update", view=_view(submission, clinic.id, clinic.name, typed, [on_its_way]))

    def wait() -> afterwards.Outcome:
        told = _told(submission, sending.result())
        view = _view(submission, clinic.id, clinic.name, typed, told)
        return afterwards.Outcome(view, notices.told_message(told))

    afterwards.tell(
        submission, wait, lambda sentence: _view(submission, clinic.id, clinic.name, typed, [f"⚠️ {sentence}"])
    )


def _typed(submission: Request) -> dict[Channel, str]:
    values = submission.view["state"]["values"]
    return {
        channel: str(values.get(block.value, {}).get(block.action.value, {}).get("value") or "")
        for channel, block in _BLOCKS.items()
        if channel in submission.desk.channels
    }


def _view(
    request: Request, clinic_id: int, clinic: str, typed: Mapping[Channel, str], told: Sequence[str]
) -> dict[str, Any]:
    return trial_view(
        Trial(
            clinic=clinic,
            told=told,
            email=typed.get(Channel.EMAIL),
            phone=typed.get(Channel.SMS),
            private_metadata=str(clinic_id),
        ),
        request.words,
    )


def _texts(request: Request) -> Texts:
    words, clinic = request.words, "{{ clinic_name }}"
    return Texts(
        subject=words("Test: a reminder from {clinic}", clinic=clinic),
        email=words(
            "Hello!\n\nThis is a test. It shows how reminders from {clinic} reach your clients. Nobody else got it, "
            "and there is nothing to do.",
            clinic=clinic,
        ),
        sms=words("Test: this is how reminders from {clinic} arrive. Nobody else got it.", clinic=clinic),
    )


def _told(submission: Request, outcomes: Mapping[Channel, Outcome]) -> list[str]:
    told = []
    for channel, outcome in outcomes.items():
        code = "" if isinstance(outcome, Accepted) else outcome.code
        _log.info("test-sent", channel=channel.value, outcome=type(outcome).__name__, code=code)
        told.append(_sentence(submission, channel, outcome))
    return told


def _sentence(submission: Request, channel: Channel, outcome: Outcome) -> str:
    words, is_mail = submission.words, channel is Channel.EMAIL
    match outcome:
        case Accepted():
            if is_mail:
                return words("✅ E-mail: the mail server took it. Look into your mailbox, and among the spam.")
            return words("✅ SMS: it was handed over, and reaches your phone in a moment.")
        case RefusedForGood(code=code):
            if is_mail:
                return words("⚠️ E-mail: the mail server refused it ({code}). Is the address right?", code=code)
            return words("⚠️ SMS: it was refused ({code}). Is the number right?", code=code)
        case TryLater(code=code):
            if is_mail:
                return words(
                    "⚠️ E-mail: it could not be sent ({code}). Whoever runs the bot learns more with: "
                    "reminder-bot check",
                    code=code,
                )
            return words(
                "⚠️ SMS: it could not be sent ({code}). Whoever runs the bot learns more with: reminder-bot check",
                code=code,
            )
        case Unclear(code=code):
            if is_mail:
                return words("⚠️ E-mail: it may have been sent or not ({code}). Look whether it arrives.", code=code)
            return words("⚠️ SMS: it may have been sent or not ({code}). Look whether it arrives.", code=code)
