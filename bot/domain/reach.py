"""What keeps a client from being reached by a sending method, said before anybody presses Save (rule P3)?

The form's rules refuse the same when it is saved; here it is told in the choice itself, shortly enough to stand below
a method's name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from bot.domain import recipients, typed
from bot.domain.errors import Unusable
from bot.domain.messages import Message, message
from bot.domain.model import Channel, Client, Method


@dataclasses.dataclass(frozen=True, slots=True)
class Reachable:
    """By what a client could be reached, as the form stands: the addresses are those typed in it."""

    client: Client | None
    email: str = dataclasses.field(repr=False)
    phone: str = dataclasses.field(repr=False)
    country: str
    """ISO 3166 code of the clinic: how a number without a country code is read."""
    set_up: Collection[Method]
    """The methods that the bot is set up for."""


def obstacles(method: Method, reached: Reachable) -> list[Message]:
    """Why `method` cannot be saved as things stand, at most one reason a channel; of no client, only the set-up."""
    if method not in reached.set_up:
        return [message("Not set up.")]
    client = reached.client
    if client is None:
        return []
    if method is Method.BOTH and not client.email_allowed and not client.sms_allowed:
        return [message("E-mail and SMS are switched off for this client.")]
    found = (_obstacle(channel, client, reached) for channel in method.channels)
    return [reason for reason in found if reason is not None]


def _obstacle(channel: Channel, client: Client, reached: Reachable) -> Message | None:
    if channel is Channel.EMAIL:
        if not client.email_allowed:
            return message("E-mail is switched off for this client.")
        return _email(reached.email)
    if channel is Channel.SMS:
        if not client.sms_allowed:
            return message("SMS is switched off for this client.")
        return _mobile(reached.phone, reached.country)
    return None


def _email(text: str) -> Message | None:
    if typed.is_blank(text):
        return message("No e-mail address.")
    try:
        recipients.email_address(text)
    except Unusable:
        return message("No valid e-mail address.")
    return None


def _mobile(text: str, country: str) -> Message | None:
    if typed.is_blank(text):
        return message("No mobile number.")
    try:
        recipients.mobile_number(text, country)
    except Unusable:
        return message("No valid mobile number.")
    return None
