"""What can this bot send over, and how does a claimed delivery become something to send?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TypeAlias

from bot.channels.outcome import Outcome, RefusedForGood
from bot.channels.protocol import OutgoingEmail, OutgoingSms, Sender
from bot.channels.rendering import Occasion, Renderer
from bot.domain.model import Channel
from bot.store.claims import Due

Parcel: TypeAlias = OutgoingEmail | OutgoingSms
"""A message with everything that its sender needs."""


@dataclasses.dataclass(frozen=True, slots=True)
class Senders:
    """One sender for each channel that is set up; made in `bot.wiring`."""

    renderer: Renderer
    email: Sender[OutgoingEmail] | None = None
    sms: Sender[OutgoingSms] | None = None
    email_at_once: int = 1
    sms_at_once: int = 1
    """How many messages a channel's other side is given at the same time."""

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels that can be offered: post needs nothing but staff."""
        set_up = {Channel.EMAIL: self.email, Channel.SMS: self.sms}
        return frozenset({Channel.POST, *(channel for channel, sender in set_up.items() if sender is not None)})

    @property
    def widths(self) -> Mapping[Channel, int]:
        """How many messages leave at the same time over each channel that has a sender."""
        widths = {Channel.EMAIL: self.email_at_once, Channel.SMS: self.sms_at_once}
        return {channel: width for channel, width in widths.items() if channel in self.channels}

    def parcel(self, due: Due, address: str) -> Parcel:
        """The message of a claimed delivery, rendered with the data that it was claimed with.

        Raises:
            TemplateBroken: if its text cannot be filled in.
        """
        texts = due.reminder.draft.texts
        occasion = Occasion(due.client, due.patient, due.clinic, due.due_date, due.client.language)
        if due.channel is Channel.SMS:
            return OutgoingSms(
                key=due.key,
                recipient=address,
                text=self.renderer.sms(texts, occasion),
                clinic_name=due.clinic.sender,
                language=due.client.language,
            )
        mail = self.renderer.email(texts, occasion)
        return OutgoingEmail(
            key=due.key,
            recipient=address,
            sender=due.clinic.sender_email,
            clinic_name=due.clinic.sender,
            reply_to=due.clinic.reply_to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            language=due.client.language,
        )

    def send(self, parcel: Parcel) -> Outcome:
        """Send one message, within its sender's own time limits."""
        match parcel:
            case OutgoingEmail() if self.email is not None:
                return self.email.send(parcel)
            case OutgoingSms() if self.sms is not None:
                return self.sms.send(parcel)
            case _:
                return RefusedForGood("not-set-up")

    def close(self) -> None:
        """Let go of every connection."""
        for sender in (self.email, self.sms):
            if sender is not None:
                sender.close()
