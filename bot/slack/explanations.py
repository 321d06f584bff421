"""How do the domain's codes read to staff?

Each code has its sentence here, once, so that the card, the list and the task say the same. A test holds that no code
is without one.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import sms_length as counting
from bot.domain.errors import Field
from bot.domain.model import (
    Channel,
    DeliveryState,
    Event,
    Method,
    Reason,
    Recurrence,
    ReminderState,
    StepKind,
    TextOrigin,
)
from bot.domain.reminder_filter import Status, Window
from bot.domain.template import Placeholder
from bot.domain.undo import Step
from bot.i18n import Words
from bot.services.reminder_seen import ReminderSeen
from bot.store.client_reminders import ClientReminder, Ended
from bot.store.history import Entry
from bot.store.reminders import DeliverySeen

_WHY_STOPPED = (Reason.PATIENT_DEAD, Reason.CLIENT_INACTIVE)


def method(chosen: Method, words: Words) -> str:
    """How a reminder goes out."""
    match chosen:
        case Method.EMAIL:
            return words("E-mail")
        case Method.SMS:
            return words("SMS")
        case Method.BOTH:
            return words("E-mail and SMS")
        case Method.POST:
            return words("Post")
        case Method.EXTERNAL:
            return words("External")


def channel(over: Channel, words: Words) -> str:
    """Over which channel one delivery goes."""
    return method(Method(over.value), words)


def method_hint(chosen: Method, words: Words) -> str:
    """What a method means, below its name in the form."""
    match chosen:
        case Method.POST:
            return words("Nothing is sent: on the day, staff get a task to contact the client.")
        case Method.EXTERNAL:
            return words("Handed to the clinic's own service.")
        case Method.EMAIL | Method.SMS | Method.BOTH:
            return ""


def text_field(field: Field, words: Words) -> str:
    """What one of the four texts is called, as above its field in the forms."""
    match field:
        case Field.SUBJECT:
            return words("Subject")
        case Field.EMAIL_TEXT:
            return words("Message text")
        case Field.SMS_TEXT:
            return words("SMS text")
        case Field.LETTER_TEXT:
            return words("Text to say or print")
        case _:
            raise ValueError(f"{field} is no text")


def placeholder(name: Placeholder, words: Words) -> str:
    """What a placeholder stands for."""
    match name:
        case Placeholder.CLIENT_NAME:
            return words("the client's name")
        case Placeholder.CLIENT_FIRST_NAME:
            return words("the client's first name")
        case Placeholder.PATIENT_NAME:
            return words("the patient's name")
        case Placeholder.SPECIES:
            return words("the patient's species")
        case Placeholder.DUE_DATE:
            return words("the due date, written out in the client's language")
        case Placeholder.CLINIC_NAME:
            return words("the clinic's name")
        case Placeholder.CLINIC_PHONE:
            return words("the clinic's phone number")


def sms_length(text: str, words: Words, *, filled_in: bool) -> str:
    """How many SMS a text makes and how much room is left; `filled_in` tells whether its placeholders are."""
    found = counting.sms_length(text)
    sentences = [
        words.plural(
            "{count} SMS, characters left: {left}.",
            "{count} SMS, characters left in the last one: {left}.",
            found.parts,
            left=found.left,
        )
    ]
    if found.costly and found.parts > found.parts_without:
        sentences.append(
            words(
                "The character “{character}” makes it longer: without it, it would be {count} SMS.",
                character=_named(found.costly),
                count=found.parts_without,
            )
        )
    elif found.costly:
        sentences.append(
            words(
                "The character “{character}” leaves room for {room} characters instead of {usual}.",
                character=_named(found.costly),
                room=found.alphabet.alone,
                usual=counting.Alphabet.GSM_7.alone,
            )
        )
    if not filled_in:
        sentences.append(words("Counted as it stands here: what is filled in on the day can make it longer."))
    return " ".join(sentences)


def _named(character: str) -> str:
    """A character, or its name where there would be nothing to see."""
    if unicodedata.category(character)[0] in "LNPS":
        return character
    return unicodedata.name(character, f"U+{ord(character):04X}")


def recurrence(interval: Recurrence, words: Words) -> str:
    """How often a reminder comes back."""
    match interval:
        case Recurrence.NONE:
            return words("Not recurring")
        case Recurrence.DAILY:
            return words("Every day")
        case Recurrence.WEEKLY:
            return words("Every week")
        case Recurrence.EVERY_2_WEEKS:
            return words("Every 2 weeks")
        case Recurrence.MONTHLY:
            return words("Every month")
        case Recurrence.EVERY_2_MONTHS:
            return words("Every 2 months")
        case Recurrence.EVERY_3_MONTHS:
            return words("Every 3 months")
        case Recurrence.EVERY_6_MONTHS:
            return words("Every 6 months")
        case Recurrence.YEARLY:
            return words("Every year")


def status(seen: ReminderSeen, words: Words, now: datetime) -> str:
    """Where a reminder stands, by what became of its deliveries rather than by what staff last decided."""
    states = {one.state for one in seen.deliveries}
    if DeliveryState.SENDING in states:
        return words("Being sent right now")
    if seen.is_cancelled:
        stopped = next((one.reason for one in seen.deliveries if one.reason in _WHY_STOPPED), None)
        return words("Stopped. {why}", why=reason(stopped, words)) if stopped else words("Cancelled")
    if DeliveryState.PLANNED not in states:
        return words("Finished")
    if seen.reminder.state is ReminderState.PAUSED:
        return words("Paused")
    if any(one.is_planned and one.send_at <= now for one in seen.deliveries):
        return words("Goes out now")
    return words("Waiting")


def what(seen: ReminderSeen, words: Words) -> str:
    """Where a reminder's text comes from."""
    texts, template = seen.reminder.draft.texts, seen.template_name
    if template is None:
        return texts.subject or words("Free text")
    if seen.reminder.draft.origin is TextOrigin.EDITED:
        return words("{template}, changed for this reminder", template=template)
    return template


def list_status_name(status: Status, words: Words) -> str:
    """What is asked for in the menu of where reminders stand."""
    match status:
        case Status.WAITING:
            return words("Waiting")
        case Status.PAUSED:
            return words("Paused")
        case Status.SENT:
            return words("Sent, or handed to staff")
        case Status.NOT_SENT:
            return words("Not sent")
        case Status.TO_DEAL_WITH:
            return words("Not sent, to be dealt with")
        case Status.CANCELLED:
            return words("Cancelled")
        case Status.ALL:
            return words("Any status")


def window(chosen: Window, words: Words) -> str:
    """What is asked for in the menu of sends and due dates."""
    match chosen:
        case Window.ANY:
            return words("Any time")
        case Window.SENDS_TODAY:
            return words("Goes out today")
        case Window.SENDS_THIS_WEEK:
            return words("Goes out this week")
        case Window.OVERDUE:
            return words("Overdue")
        case Window.WITHIN_7_DAYS:
            return words("Due within 7 days")
        case Window.WITHIN_30_DAYS:
            return words("Due within 30 days")
        case Window.LATER:
            return words("Due later than that")
        case Window.BETWEEN:
            return words("Due from … to …")


def list_status(one: ClientReminder, words: Words) -> str:
    """Where a reminder stands, in a list that does not look at each of its deliveries."""
    if one.state is ReminderState.CANCELLED:
        return words("Cancelled")
    if one.send_at is None:
        return words("Finished")
    return words("Paused") if one.state is ReminderState.PAUSED else words("Waiting")


def delivery_state(one: DeliverySeen | Ended, words: Words) -> str:
    """Where one delivery stands."""
    if one.state is DeliveryState.SKIPPED and one.reason is not None and one.reason.asks_staff:
        return words("staff were asked to contact the client")
    if one.reason is Reason.SKIPPED_BY_STAFF:
        return words("skipped")
    if one.reason is Reason.RECORDED_BY_STAFF:
        return words("recorded as sent by staff")
    if one.reason is Reason.MERGED:
        return words("not sent: missed, and a later one took its place")
    sentences = {
        DeliveryState.PLANNED: words("planned"),
        DeliveryState.SENDING: words("being sent"),
        DeliveryState.SENT: words("sent"),
        DeliveryState.DELIVERED: words("delivered"),
        DeliveryState.FAILED: words("failed, staff were asked"),
        DeliveryState.UNKNOWN: words("unclear whether it was sent, staff were asked"),
        DeliveryState.SKIPPED: words("not sent"),
        DeliveryState.CANCELLED: words("cancelled"),
    }
    return sentences[one.state]


def reason(code: Reason, words: Words) -> str:
    """Why staff are asked, on a contact task's card."""
    sentences = {
        Reason.POST: words("To be sent by post: print a letter, or contact the client another way."),
        Reason.REMINDER_CANCELLED: words("The reminder was cancelled."),
        Reason.REMINDER_PAUSED: words("The reminder is paused."),
        Reason.REMINDER_CHANGED: words("The reminder was changed meanwhile."),
        Reason.SKIPPED_BY_STAFF: words("Staff skipped it."),
        Reason.RECORDED_BY_STAFF: words("Nobody could be sure whether it was sent; staff recorded it as sent."),
        Reason.MERGED: words(
            "It was missed, while the bot was down or the reminder paused, and a later one took its place."
        ),
        Reason.PATIENT_DEAD: words("The patient has died."),
        Reason.PATIENT_INACTIVE: words("The patient is no longer active."),
        Reason.CLIENT_INACTIVE: words("The client is no longer active."),
        Reason.CHANNEL_NOT_ALLOWED: words("The client does not want messages sent this way."),
        Reason.CHANNEL_NOT_SET_UP: words("The bot is not set up to send this way."),
        Reason.NO_ADDRESS: words("The client has no address or number for it."),
        Reason.ADDRESS_INVALID: words("The client's address or number cannot be right."),
        Reason.TEXT_BROKEN: words("The text of the reminder could not be filled in."),
        Reason.TOO_LATE: words("It was not sent in time."),
        Reason.REFUSED: words("The client's provider refused the message."),
        Reason.GAVE_UP: words("Sending did not succeed in many tries."),
        Reason.OUTCOME_UNKNOWN: words("It may have been sent, but nobody can be sure."),
        Reason.INTERNAL_ERROR: words("Something went wrong in the bot; the administrator's log tells more."),
    }
    return sentences[code]


def event(entry: Entry, words: Words) -> str:
    """What one line of a reminder's history tells."""
    over = entry.detail.get("channel")
    how = channel(Channel(over), words) if over else ""
    why = entry.detail.get("reason")
    if entry.event is Event.NOT_SENT and why == Reason.POST:
        return words("Nothing is sent by post: staff get a task")
    merged = int(entry.detail.get("merged", 0))
    undone = entry.detail.get("step")
    sentences = {
        Event.CREATED: words("Made the reminder"),
        Event.EDITED: words("Changed the reminder"),
        Event.CANCELLED: words("Cancelled the reminder"),
        Event.RESTORED: words("Restored the reminder"),
        Event.PAUSED: step(StepKind.PAUSE, words),
        Event.RESUMED: step(StepKind.RESUME, words)
        if not merged
        else words.plural(
            "Resumed the reminder; {count} missed send was left out",
            "Resumed the reminder; {count} missed sends were left out",
            merged,
        ),
        Event.MOVED_UP: step(StepKind.SEND_NOW, words),
        Event.SKIPPED: step(StepKind.SKIP, words),
        Event.STOPPED: words("Stopped the reminder. {why}", why=reason(Reason(why), words) if why else ""),
        Event.UNDONE: words("Undone: {what}", what=step(StepKind(undone), words) if undone else ""),
        Event.SENT: words("Sent: {how}", how=how),
        Event.NOT_SENT: words("Not sent: {how}. {why}", how=how, why=reason(Reason(why), words) if why else ""),
        Event.POSTPONED: words("Put off until the clinic sends again: {how}", how=how),
        Event.REPLANNED: words("Changed the clinic's settings: coming sends go at other times"),
        Event.TRIED_IN_VAIN: words("Could not be sent just then, tried again later: {how}", how=how),
        Event.TASK_OPENED: words("Staff were asked to contact the client"),
        Event.TEXT_REPLACED: words("Took over the changed text of the template"),
        Event.TEXT_PUT_BACK: words("Put back the text from before the template was changed"),
        Event.CONTACT_SHOWN: words("Asked for the client's contact details"),
        Event.CONTACTED: words("Contacted the client"),
        Event.RECORDED_SENT: words("Recorded as sent, though nobody could be sure: {how}", how=how),
        Event.SENT_AGAIN: words("Asked for it to be sent again: {how}", how=how),
    }
    return sentences[entry.event]


def undo(done: Step, zone: ZoneInfo, words: Words) -> str:
    """What can be undone, and until when by the clock of this zone."""
    until = done.ends.astimezone(zone).time()
    return words("“{what}” can be undone until {until}.", what=step(done.kind, words), until=until)


def step(kind: StepKind, words: Words) -> str:
    """What somebody did that can be undone."""
    sentences = {
        StepKind.CANCEL: words("Cancelled the reminder"),
        StepKind.PAUSE: words("Paused the reminder"),
        StepKind.RESUME: words("Resumed the reminder"),
        StepKind.SEND_NOW: words("Asked for the next one to be sent now"),
        StepKind.SKIP: words("Skipped the next one"),
        StepKind.EDIT: words("Changed the reminder"),
        StepKind.PATIENT_DIED: words("Marked the patient as dead"),
        StepKind.CLIENT_INACTIVE: words("Marked the client as inactive"),
    }
    return sentences[kind]
