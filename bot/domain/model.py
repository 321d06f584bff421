"""What are the things this product speaks of, and what holds for each of them?

Every object here is frozen and made from a stored row or a filled-in form; none of them knows where it came
from. Moments are aware datetimes in UTC, dates are calendar days in the clinic's time zone.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.closed_days import OPEN_EVERY_DAY, ClosedDays


class Channel(StrEnum):
    """One way of reaching a client; a delivery uses exactly one."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    EXTERNAL = "external"


class Method(StrEnum):
    """The sending method chosen in the form (rule P3)."""

    EMAIL = "email"
    SMS = "sms"
    BOTH = "both"
    POST = "post"
    EXTERNAL = "external"

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels of one occurrence: `both` is two independent deliveries (rule P14)."""
        if self is Method.BOTH:
            return (Channel.EMAIL, Channel.SMS)
        return (Channel(self.value),)


class Recurrence(StrEnum):
    """The interval between the due dates of one reminder (rule P7)."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"
    EVERY_2_WEEKS = "every-2-weeks"
    MONTHLY = "monthly"
    EVERY_2_MONTHS = "every-2-months"
    EVERY_3_MONTHS = "every-3-months"
    EVERY_6_MONTHS = "every-6-months"
    YEARLY = "yearly"


class TextOrigin(StrEnum):
    """Where a reminder's text came from (rule P10)."""

    TEMPLATE = "template"
    EDITED = "edited"
    MANUAL = "manual"


class ReminderState(StrEnum):
    """What staff decided about a reminder. Whether anything is left to send is told by its deliveries."""

    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """The life of one delivery (rule P14): planned, sending, then one of the others."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a delivery did not go to the client; stored on it, on its contact task and in the history."""

    POST = "post"
    REMINDER_CANCELLED = "reminder-cancelled"
    REMINDER_PAUSED = "reminder-paused"
    REMINDER_CHANGED = "reminder-changed"
    SKIPPED_BY_STAFF = "skipped-by-staff"
    RECORDED_BY_STAFF = "recorded-by-staff"
    """Nobody could know whether it went, and staff vouched for it: it stands as sent, told apart by this."""
    MERGED = "merged"
    PATIENT_DEAD = "patient-dead"
    PATIENT_INACTIVE = "patient-inactive"
    CLIENT_INACTIVE = "client-inactive"
    CHANNEL_NOT_ALLOWED = "channel-not-allowed"
    CHANNEL_NOT_SET_UP = "channel-not-set-up"
    NO_ADDRESS = "no-address"
    ADDRESS_INVALID = "address-invalid"
    TEXT_BROKEN = "text-broken"
    TOO_LATE = "too-late"
    REFUSED = "refused"
    GAVE_UP = "gave-up"
    OUTCOME_UNKNOWN = "outcome-unknown"
    INTERNAL_ERROR = "internal-error"

    @property
    def asks_staff(self) -> bool:
        """Whether a human can still help, so that it becomes a contact task (rule P11)."""
        return self not in _NOBODY_CAN_HELP


_NOBODY_CAN_HELP = frozenset(
    {
        Reason.REMINDER_CANCELLED,
        Reason.REMINDER_PAUSED,
        Reason.REMINDER_CHANGED,
        Reason.SKIPPED_BY_STAFF,
        Reason.RECORDED_BY_STAFF,
        Reason.MERGED,
        Reason.PATIENT_DEAD,
        Reason.PATIENT_INACTIVE,
        Reason.CLIENT_INACTIVE,
    }
)


class Event(StrEnum):
    """What the history tells of a reminder; every row has a moment and an actor."""

    CREATED = "created"
    EDITED = "edited"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED_UP = "moved-up"
    SKIPPED = "skipped"
    STOPPED = "stopped"
    UNDONE = "undone"
    SENT = "sent"
    NOT_SENT = "not-sent"
    POSTPONED = "postponed"
    REPLANNED = "replanned"
    TRIED_IN_VAIN = "tried-in-vain"
    TASK_OPENED = "task-opened"
    TEXT_REPLACED = "text-replaced"
    TEXT_PUT_BACK = "text-put-back"
    CONTACT_SHOWN = "contact-shown"
    """They were asked for, and handed to Slack to be shown."""
    CONTACTED = "contacted"
    RECORDED_SENT = "recorded-sent"
    SENT_AGAIN = "sent-again"
    """Staff asked for it; whether it then went is told by what follows."""


class ClientEvent(StrEnum):
    """What a client's own history tells; every row has a moment and an actor."""

    ADDED = "added"
    CHANGED = "changed"
    PATIENT_ADDED = "patient-added"
    PATIENT_DIED = "patient-died"
    PATIENT_DIED_UNDONE = "patient-died-undone"
    INACTIVE = "inactive"
    INACTIVE_UNDONE = "inactive-undone"
    SHOWN = "shown"
    """Somebody opened the client's page, which shows address and number."""


class ClientPart(StrEnum):
    """The parts of a client's record that can be changed, as its history names them."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    CHANNELS = "channels"


class StepKind(StrEnum):
    """What staff did to reminders and can undo for a while (rule P16; `bot.domain.undo`)."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    SEND_NOW = "send-now"
    SKIP = "skip"
    EDIT = "edit"
    PATIENT_DIED = "patient-died"
    CLIENT_INACTIVE = "client-inactive"


@dataclasses.dataclass(frozen=True, slots=True)
class SendingHours:
    """When a clinic sends: wall-clock times in its own zone.

    `send_time` lies within the window that `opens` (included) and `closes` (excluded) the same day.
    """

    zone: ZoneInfo
    send_time: time = time(9)
    opens: time = time(8)
    closes: time = time(20)
    closed: ClosedDays = OPEN_EVERY_DAY
    """The days without sends."""

    def __post_init__(self) -> None:
        if not self.opens <= self.send_time < self.closes:
            raise ValueError("the send time lies outside the sending window")

    def today(self, now: datetime) -> date:
        """The calendar day it is at the clinic."""
        return now.astimezone(self.zone).date()


@dataclasses.dataclass(frozen=True, slots=True)
class Clinic:
    """One location with its own staff channel, hours, language and sender."""

    id: int
    workspace_id: int
    name: str = dataclasses.field(repr=False)
    phone: str = dataclasses.field(repr=False)
    hours: SendingHours
    language: str
    """The language of the clinic's staff channel: `en`, `sv`."""
    country: str
    """ISO 3166 code: how a phone number without a country code is read."""
    staff_channel: str
    sender_email: str = dataclasses.field(repr=False)
    default_method: Method
    policy_note: str = dataclasses.field(repr=False)
    sender_name: str = dataclasses.field(default="", repr=False)
    """Whom clients read as the sender; empty for the clinic's name."""
    reply_to: str = dataclasses.field(default="", repr=False)
    """Where clients' answers to e-mail go; empty for the sender's address."""
    version: int = 1
    """Counts the changes of its settings."""

    @property
    def sender(self) -> str:
        """Whom clients read as the sender."""
        return self.sender_name or self.name


@dataclasses.dataclass(frozen=True, slots=True)
class Client:
    """A pet's owner, who gets the messages."""

    id: int
    name: str = dataclasses.field(repr=False)
    email: str | None = dataclasses.field(repr=False)
    phone: str | None = dataclasses.field(repr=False)
    language: str
    email_allowed: bool
    sms_allowed: bool
    active: bool
    version: int = 1
    """Counts the changes of the record, so that a stale form is noticed."""

    def parts_that_differ(self, other: Client) -> tuple[ClientPart, ...]:
        """Which parts of the record read otherwise in `other`."""
        differ = {
            ClientPart.NAME: self.name != other.name,
            ClientPart.EMAIL: self.email != other.email,
            ClientPart.PHONE: self.phone != other.phone,
            ClientPart.LANGUAGE: self.language != other.language,
            ClientPart.CHANNELS: (self.email_allowed, self.sms_allowed) != (other.email_allowed, other.sms_allowed),
        }
        return tuple(part for part, is_other in differ.items() if is_other)


@dataclasses.dataclass(frozen=True, slots=True)
class Patient:
    """A pet."""

    id: int
    client_id: int
    name: str = dataclasses.field(repr=False)
    species: str
    active: bool
    died_on: date | None

    @property
    def alive(self) -> bool:
        """Whether no day of death is recorded."""
        return self.died_on is None


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """The four texts of a template or a reminder; placeholders not yet filled in. An empty one is unused."""

    subject: str = dataclasses.field(default="", repr=False)
    email: str = dataclasses.field(default="", repr=False)
    sms: str = dataclasses.field(default="", repr=False)
    letter: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Template:
    """A named set of texts in one language; `revision` counts its changes."""

    id: int
    name: str = dataclasses.field(repr=False)
    revision: int
    language: str
    texts: Texts
    retired: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """When a reminder falls due and how often: what staff typed, before any date is worked out."""

    due_date: date
    send_before: int
    """Whole days before each due date."""
    recurrence: Recurrence = Recurrence.NONE
    repetitions: int = 1
    """How many times in all (rule P7): 1 without recurrence, otherwise 2 to 99."""


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedOccurrence:
    """One coming send: `number` counts from 1, `send_at` is a UTC moment."""

    number: int
    due_date: date
    send_at: datetime
    is_moved_up: bool = False
    """Whether staff asked for it to go as soon as the clinic sends, whatever its own day is."""

    def __post_init__(self) -> None:
        require_utc(self.send_at)


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderDraft:
    """A reminder as filled in and already checked, not yet stored.

    `email_override` and `phone_override` are set only where staff typed another address than the client's own;
    with `None` the client's current one is used on the day (rule P11). `template_id` and `template_revision` are
    `None` exactly for manual text.
    """

    clinic_id: int
    client_id: int
    patient_id: int
    method: Method
    schedule: Schedule
    texts: Texts
    origin: TextOrigin
    template_id: int | None
    template_revision: int | None
    email_override: str | None = dataclasses.field(repr=False)
    phone_override: str | None = dataclasses.field(repr=False)
    first_number: int = 1
    """The number of the occurrence that falls on the schedule's due date: more than 1 once some were sent and the rest
    was planned from another day."""
    template_language: str | None = None
    """Of the template's texts those in this language were taken; `None` for manual text."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reminder:
    """A stored reminder; `version` counts its edits, so that a stale form is noticed."""

    id: int
    workspace_id: int
    state: ReminderState
    version: int
    created_by: str
    created_at: datetime
    draft: ReminderDraft


def require_utc(moment: datetime) -> datetime:
    """Return `moment`, in UTC.

    Raises:
        ValueError: if it is naive or carries another offset than UTC.
    """
    if moment.tzinfo is None or moment.utcoffset() != timedelta(0):
        raise ValueError("a moment must be an aware datetime in UTC")
    return moment.astimezone(UTC)
