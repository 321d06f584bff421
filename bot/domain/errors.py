"""What can go wrong that a person should be told of?

    ReminderBotError
    ├── Refused          what was typed cannot be used: one message a field
    ├── SettingsRefused  the same of a clinic's settings
    ├── ClientRefused    the same, in the form of a client or a patient
    ├── Unusable         one typed value cannot be used (an address, a number, a text, a template)
    ├── Conflict         somebody else was faster; says who and when
    │   ├── RecordChanged    the record of the form's client is another by now
    │   ├── Changed          what was looked at is not as it was
    │   └── AlreadyDealtWith a contact task was closed before; says how
    ├── MayNotBeSent     it may not go to the client as things are
    ├── AlreadySaved     this form was saved before, with other values
    ├── Forbidden        this person may not do this
    ├── NotFound         the thing is gone, or belongs to another workspace
    └── NotSetUp         no clinic is known in this workspace

Each carries untranslated messages only, never a name, address, number or text of a client (rule P18).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.contact_task import Instead
from bot.domain.messages import Message, message


class Field(StrEnum):
    """The fields of the forms for reminders and templates, as refusals name them."""

    CLINIC = "clinic"
    CLIENT = "client"
    PATIENT = "patient"
    EMAIL = "email"
    PHONE = "phone"
    METHOD = "method"
    TEMPLATE = "template"
    SUBJECT = "subject"
    EMAIL_TEXT = "email-text"
    SMS_TEXT = "sms-text"
    LETTER_TEXT = "letter-text"
    DUE_DATE = "due-date"
    SEND_BEFORE = "send-before"
    RECURRENCE = "recurrence"
    REPETITIONS = "repetitions"
    NAME = "name"
    LANGUAGE = "language"


class ClinicField(StrEnum):
    """A clinic's settings, as refusals name them."""

    NAME = "name"
    PHONE = "phone"
    ZONE = "zone"
    SEND_TIME = "send-time"
    OPENS = "opens"
    CLOSES = "closes"
    CLOSED_WEEKDAYS = "closed-weekdays"
    CLOSED_ON_HOLIDAYS = "closed-on-holidays"
    SUBDIVISION = "subdivision"
    COUNTRY = "country"
    LANGUAGE = "language"
    STAFF_CHANNEL = "staff-channel"
    SENDER_NAME = "sender-name"
    SENDER_EMAIL = "sender-email"
    REPLY_TO = "reply-to"
    DEFAULT_METHOD = "default-method"
    POLICY_NOTE = "policy-note"
    TEMPLATE_EDITORS = "template-editors"
    NAMED_EDITORS = "named-editors"


class ClientField(StrEnum):
    """The fields of a client's and of a patient's form, as refusals name them."""

    OWNER = "owner"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    SPECIES = "species"


class ReminderBotError(Exception):
    """Something a person should be told of."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.text)
        self.reason = reason


class Refused(ReminderBotError):
    """What was typed cannot be used; `refusals` says, for each field, what is wrong and what would work."""

    def __init__(self, refusals: Mapping[Field, Message]) -> None:
        super().__init__(message("Some fields need another look."))
        self.refusals = dict(refusals)


class SettingsRefused(ReminderBotError):
    """Settings of a clinic that cannot be used; `refusals` says, for each, what is wrong and what would work."""

    def __init__(self, refusals: Mapping[ClinicField, Message]) -> None:
        super().__init__(message("Some fields need another look."))
        self.refusals = dict(refusals)


class ClientRefused(ReminderBotError):
    """A client's or a patient's form cannot be used; `refusals` says of each field what is wrong and would work."""

    def __init__(self, refusals: Mapping[ClientField, Message]) -> None:
        super().__init__(message("Some fields need another look."))
        self.refusals = dict(refusals)


class Unusable(ReminderBotError):
    """One typed value cannot be used; `reason` says what is wrong and what would work, never the value itself."""


class Conflict(ReminderBotError):
    """Somebody else was faster: `who` (a Slack user id) did it, `when` (UTC)."""

    def __init__(self, reason: Message, *, who: str | None = None, when: datetime | None = None) -> None:
        super().__init__(reason)
        self.who = who
        self.when = when


class RecordChanged(Conflict):
    """The record of the form's client was changed by somebody else since the form was filled in from it."""

    def __init__(self) -> None:
        super().__init__(
            message("Somebody changed this client's record meanwhile. Choose the client again to see how it stands.")
        )


class AlreadySaved(ReminderBotError):
    """This form was saved before, with other values, and made `reminder_id`; nothing was changed by it this time."""

    def __init__(self, reminder_id: int) -> None:
        super().__init__(message("This form was already saved as shown here. Press Edit to change it."))
        self.reminder_id = reminder_id


class Changed(Conflict):
    """What somebody looked at is not as it was: what they filled in is to be held against how it stands now."""

    def __init__(self) -> None:
        super().__init__(
            message("This reminder changed while you were looking at it. Open it again to see how it stands.")
        )


class AlreadyDealtWith(Conflict):
    """Somebody closed this contact task before: `instead` of contacting the client, or by that if it is `None`."""

    def __init__(self, instead: Instead | None, *, who: str | None, when: datetime | None) -> None:
        super().__init__(message("Somebody has already dealt with this."), who=who, when=when)
        self.instead = instead


class MayNotBeSent(ReminderBotError):
    """It may not go to the client as things are; `reason` says why and what would work."""


class Forbidden(ReminderBotError):
    """This person may not do this."""


class NotFound(ReminderBotError):
    """The thing is gone, or belongs to another workspace."""

    def __init__(self) -> None:
        super().__init__(message("This is no longer there. It may have been removed by somebody else."))


class NotSetUp(ReminderBotError):
    """No clinic is known in this workspace."""

    def __init__(self) -> None:
        super().__init__(
            message(
                "No clinic is set up in this workspace yet. Ask an administrator of this workspace to type "
                "/reminder settings: that sets one up."
            )
        )
