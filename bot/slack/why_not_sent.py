"""Why was this not sent, and what can be done about it (rule P15)?

The answer to the question that is asked at the desk: one sentence for each thing that did not go, with what helps. A
test holds that no reason is without one.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import outcome
from bot.domain.model import Event, Reason
from bot.i18n import Words
from bot.services.reminder_seen import ReminderSeen
from bot.slack import explanations
from bot.store.reminders import DeliverySeen


def shortfalls(seen: ReminderSeen, words: Words) -> list[str]:
    """What last did not go to the client, why, what can be done, and whether somebody did it; empty if all went."""
    return [_shortfall(one, seen, words) for one in outcome.shortfalls(seen.deliveries)]


def answers(seen: ReminderSeen, words: Words, now: datetime) -> list[str]:
    """The same, and how the reminder stands otherwise."""
    return [*shortfalls(seen, words), *_stands(seen, words, now)]


def sentence(code: Reason, words: Words) -> str:
    """Why something was not sent, and what can be done about it."""
    sentences = {
        Reason.POST: words(
            "Nothing was sent, since it goes by post; print the letter or contact the client, then mark it as "
            "contacted."
        ),
        Reason.REMINDER_CANCELLED: words(
            "Not sent, since the reminder was cancelled; open it and restore it if it is still wanted."
        ),
        Reason.REMINDER_PAUSED: words("Not sent, since the reminder is paused; open it and resume it."),
        Reason.REMINDER_CHANGED: words(
            "Not sent, since the reminder was changed at that moment; open it to see what is planned instead."
        ),
        Reason.SKIPPED_BY_STAFF: words(
            "Not sent, since staff skipped it; to send it after all, open the reminder and duplicate it."
        ),
        Reason.RECORDED_BY_STAFF: words(
            "Nobody could be sure whether it was sent; staff recorded it as sent, so nothing needs to be done."
        ),
        Reason.MERGED: words(
            "Not sent, since it was missed during a pause and a later one took its place; nothing needs to be done."
        ),
        Reason.PATIENT_DEAD: words("Not sent, since the patient has died; nothing needs to be done."),
        Reason.PATIENT_INACTIVE: words(
            "Not sent, since the patient is no longer active; if that is wrong, contact the client."
        ),
        Reason.CLIENT_INACTIVE: words(
            "Not sent, since the client is no longer active; if that is wrong, contact the client."
        ),
        Reason.CHANNEL_NOT_ALLOWED: words(
            "Not sent, since the client does not want messages sent this way; contact the client, or duplicate the "
            "reminder with another sending method."
        ),
        Reason.CHANNEL_NOT_SET_UP: words(
            "Not sent, since the bot is not set up to send this way; contact the client, and tell whoever runs the bot."
        ),
        Reason.NO_ADDRESS: words(
            "Not sent, since the client has no address or number for it; contact the client, or add it on the client's "
            "page and duplicate the reminder."
        ),
        Reason.ADDRESS_INVALID: words(
            "Not sent, since the client's address or number cannot be right; contact the client, or correct it on the "
            "client's page and duplicate the reminder."
        ),
        Reason.TEXT_BROKEN: words(
            "Not sent, since the text of the reminder could not be filled in; contact the client, and correct the text "
            "before it is used again."
        ),
        Reason.TOO_LATE: words(
            "Not sent, since it could not be sent in time; contact the client, or duplicate the reminder with a new "
            "due date."
        ),
        Reason.REFUSED: words(
            "Not sent, since the client's provider refused the message; contact the client, and check address and "
            "number on the client's page."
        ),
        Reason.GAVE_UP: words(
            "Not sent, since sending did not succeed in many tries; contact the client, or duplicate the reminder to "
            "try again."
        ),
        Reason.OUTCOME_UNKNOWN: words(
            "It may have been sent, but nobody can be sure; ask the client before you send it again."
        ),
        Reason.INTERNAL_ERROR: words(
            "Not sent, since something went wrong in the bot; contact the client, and tell whoever runs the bot."
        ),
    }
    return sentences[code]


def _shortfall(one: DeliverySeen, seen: ReminderSeen, words: Words) -> str:
    zone = seen.clinic.hours.zone
    how, when = explanations.channel(one.channel, words), words.moment(one.finished_at or one.send_at, zone)
    answer = f"{how}, {when}: {sentence(one.reason or Reason.INTERNAL_ERROR, words)}"
    contacted = [entry for entry in seen.history if entry.event is Event.CONTACTED and entry.delivery_id == one.id]
    if not contacted:
        return answer
    done = words("Dealt with: the client was contacted {when}.", when=words.moment(contacted[-1].at, zone))
    return f"{answer} {done}"


def _stands(seen: ReminderSeen, words: Words, now: datetime) -> list[str]:
    if seen.is_cancelled:
        reasons = (Reason.PATIENT_DEAD, Reason.CLIENT_INACTIVE)
        stopped = next((one.reason for one in seen.deliveries if one.reason in reasons), None)
        return [sentence(stopped or Reason.REMINDER_CANCELLED, words)]
    if seen.waits:
        return [_waits(seen, words, now)]
    if outcome.shortfalls(seen.deliveries):
        return []
    last = max((one.number for one in seen.deliveries), default=0)
    return [_ended(one, seen, words) for one in seen.deliveries if one.number == last]


def _ended(one: DeliverySeen, seen: ReminderSeen, words: Words) -> str:
    if one.reason is not None:
        return sentence(one.reason, words)
    when = words.moment(one.finished_at or one.send_at, seen.clinic.hours.zone)
    return words("Sent {when}: {how}.", when=when, how=explanations.channel(one.channel, words))


def _waits(seen: ReminderSeen, words: Words, now: datetime) -> str:
    planned = [one.send_at for one in seen.deliveries if one.is_planned]
    if not planned:
        return words("It is being sent right now.")
    if seen.is_paused:
        return sentence(Reason.REMINDER_PAUSED, words)
    if min(planned) <= now:
        return words("It goes out now.")
    moment = words.moment(min(planned), seen.clinic.hours.zone)
    return words("Not sent yet: the next one goes out {moment}.", moment=moment)
