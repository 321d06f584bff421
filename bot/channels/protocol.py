"""What does a sender get, and what does it owe?

A letter is complete: texts are rendered, the recipient is chosen and checked, nothing is looked up while sending. A
sender turns one letter into one `Outcome` and never raises for what the other side does; it is safe to call from
several threads at once.

Recipients and texts are kept out of every `repr`, so that a letter in a traceback tells nothing (rule P18).
"""

from __future__ import annotations

import dataclasses
import re
from typing import Protocol, TypeVar

from bot.channels.outcome import Outcome, TryLater
from bot.domain.model import Channel

_KEY = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", re.ASCII)
_LONGEST_KEY = 64


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEmail:
    """One e-mail to one client.

    `key` names the delivery: opaque, unique, the same at every attempt (1 to 64 characters of RFC 5322's dot-atom:
    letters, digits and single `.`, `_`, `-` between them). `language` is a language tag such as `sv` or `en-GB`.
    """

    key: str
    recipient: str = dataclasses.field(repr=False)
    """The client's e-mail address, without a name."""
    sender: str
    """The clinic's e-mail address."""
    clinic_name: str
    """Whom the client reads as the sender."""
    reply_to: str = ""
    """Where an answer goes, if not to the sender."""
    subject: str = dataclasses.field(repr=False)
    text: str = dataclasses.field(repr=False)
    html: str = dataclasses.field(repr=False)
    language: str

    def __post_init__(self) -> None:
        _check_key(self.key)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSms:
    """One text message to one client.

    `key` names the delivery, as for an e-mail. `sender` is the clinic's number in E.164 form or its alphanumeric
    sender id; with `None` the provider account's own setting is used, and where that has none, the clinic's name as
    far as it fits.
    """

    key: str
    recipient: str = dataclasses.field(repr=False)
    """The client's number in E.164 form: `+46701740605`."""
    text: str = dataclasses.field(repr=False)
    language: str
    clinic_name: str = ""
    sender: str | None = None

    def __post_init__(self) -> None:
        _check_key(self.key)


Letter_contra = TypeVar("Letter_contra", contravariant=True)


class Sender(Protocol[Letter_contra]):
    """Sends one kind of letter: `Sender[OutgoingEmail]`, `Sender[OutgoingSms]`."""

    @property
    def channel(self) -> Channel:
        """The channel it serves."""
        ...

    def send(self, letter: Letter_contra, /) -> Outcome:
        """Send one letter, within the sender's own time limits, and tell what became of it."""
        ...

    def probe(self) -> TryLater | None:
        """What would stand in the way of any letter just now; `None` if nothing does. Sends no letter."""
        ...

    def close(self) -> None:
        """Let go of whatever is kept open. A closed sender sends no more."""
        ...


def _check_key(key: str) -> None:
    if len(key) > _LONGEST_KEY or _KEY.fullmatch(key) is None:
        raise ValueError("a delivery key is 1 to 64 letters and digits, with single '.', '_' or '-' between them")
