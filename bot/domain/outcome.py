"""Did a delivery reach the client, or fall short of it?

A delivery can end without being sent and yet be as staff wanted it: a letter is theirs to print, a skipped one was
skipped by them. What falls short is whatever was to be sent and was not, or may not have been.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from bot.domain.model import DeliveryState, Reason

SENT: Final = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})
NOT_SENT: Final = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SKIPPED})
AS_WANTED: Final = frozenset({Reason.POST, Reason.SKIPPED_BY_STAFF, Reason.MERGED, Reason.REMINDER_CHANGED})
"""Why nothing was sent where nothing was to be sent."""


class Delivery(Protocol):
    """What is to be known of one delivery."""

    @property
    def number(self) -> int:
        """Of which occurrence of its reminder it is."""

    @property
    def state(self) -> DeliveryState:
        """Where it stands."""

    @property
    def reason(self) -> Reason | None:
        """Why it did not go to the client."""


Seen = TypeVar("Seen", bound=Delivery)


def was_sent(state: DeliveryState, reason: Reason | None) -> bool:
    """Whether it went to the client, or on its day to staff since it goes by post."""
    return state in SENT or (state is DeliveryState.SKIPPED and reason is Reason.POST)


def fell_short(state: DeliveryState, reason: Reason | None) -> bool:
    """Whether it was to go to the client and did not, or may not have."""
    return state in NOT_SENT and reason not in AS_WANTED


def shortfalls(deliveries: Iterable[Seen]) -> list[Seen]:
    """What last fell short of a reminder, each half of `both` on its own; nothing, if a later occurrence was sent."""
    told = list(deliveries)
    last = max((one.number for one in told if fell_short(one.state, one.reason)), default=0)
    if any(one.number > last and was_sent(one.state, one.reason) for one in told):
        return []
    return [one for one in told if one.number == last and fell_short(one.state, one.reason)]
