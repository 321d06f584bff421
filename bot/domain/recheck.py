"""May this delivery still go out, now that its moment has come, and to which address?

Everything that staff could have changed since the reminder was saved is looked at again inside the claim (rule P11):
what they decided about the reminder, the patient, the client, the channel, the address. The first thing that stands in
the way is the reason told, and it is chosen so that staff are never asked to contact somebody about a cancelled
reminder or a dead pet because an address is missing as well.
"""

from __future__ import annotations

import dataclasses

from bot.domain.model import Channel, Client, Patient, Reason, ReminderState
from bot.domain.recipients import AddressRefused, email_address, mobile_number


@dataclasses.dataclass(frozen=True, slots=True)
class Situation:
    """What is true at the moment of sending, loaded afresh.

    `country` is the clinic's: how a number without a country code is read. The overrides are the reminder's own,
    `None` where its form was left with the client's address.
    """

    state: ReminderState
    patient: Patient
    client: Client
    channel: Channel
    channel_set_up: bool
    country: str
    email_override: str | None = dataclasses.field(default=None, repr=False)
    phone_override: str | None = dataclasses.field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.patient.client_id != self.client.id:
            raise ValueError("the patient belongs to another client")


@dataclasses.dataclass(frozen=True, slots=True)
class Proceed:
    """Nothing stands in the way. `address` is in its sending form; empty for the external service."""

    address: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """It does not go to the client; `reason.asks_staff` tells whether it becomes a contact task."""

    reason: Reason


def check(situation: Situation) -> Proceed | Stop:
    """Whether the delivery may go out.

    Post always stops with `Reason.POST`: what goes out then is the contact task (rule P3).
    """
    reason = _standing_in_the_way(situation)
    if reason is not None:
        return Stop(reason)
    if situation.channel is Channel.EXTERNAL:
        return Proceed("")
    email = situation.channel is Channel.EMAIL
    address = (
        (situation.email_override or situation.client.email)
        if email
        else (situation.phone_override or situation.client.phone)
    )
    if address is None or not address.strip():
        return Stop(Reason.NO_ADDRESS)
    try:
        return Proceed(email_address(address) if email else mobile_number(address, situation.country))
    except AddressRefused:
        return Stop(Reason.ADDRESS_INVALID)


def _standing_in_the_way(situation: Situation) -> Reason | None:
    client, patient, channel = situation.client, situation.patient, situation.channel
    allowed = {Channel.EMAIL: client.email_allowed, Channel.SMS: client.sms_allowed}
    in_the_way = (
        (situation.state is ReminderState.CANCELLED, Reason.REMINDER_CANCELLED),
        (situation.state is ReminderState.PAUSED, Reason.REMINDER_PAUSED),
        (not patient.alive, Reason.PATIENT_DEAD),
        (not patient.active, Reason.PATIENT_INACTIVE),
        (not client.active, Reason.CLIENT_INACTIVE),
        (channel is Channel.POST, Reason.POST),
        (not situation.channel_set_up, Reason.CHANNEL_NOT_SET_UP),
        (not allowed.get(channel, True), Reason.CHANNEL_NOT_ALLOWED),
    )
    return next((reason for stands, reason in in_the_way if stands), None)
