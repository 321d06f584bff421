"""What became of claimed deliveries, and how does all of it get into their rows, the history and the tasks of staff?

Gathered while a transaction lasts and written at its end, in a few statements however many deliveries there are.
Whatever is written is a compare-and-set by the lease: of a delivery whose lease was lost nothing is written at all.
Nothing ends silently: what did not go to the client and can still be helped becomes a contact task.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.channels.outcome import Accepted, RefusedForGood, TryLater, Unclear
from bot.domain.model import DeliveryState, Event, Reason
from bot.services.lanes import Died, Result, Withheld
from bot.services.readiness import Ends, Waits
from bot.store import history, leases, tasks
from bot.store.claims import Due
from bot.store.database import Session
from bot.store.history import Line
from bot.store.leases import Ending

MOST_ATTEMPTS: Final = 20
"""After so many attempts that certainly sent nothing, staff are asked instead."""

LONGEST_BACKOFF: Final = timedelta(hours=1)

_log = structlog.get_logger()


class Settling:
    """What one transaction writes about the deliveries that `owner` holds."""

    def __init__(self, session: Session, owner: str, now: datetime) -> None:
        self._session = session
        self._owner = owner
        self._now = now
        self._endings: list[tuple[Due, Ending]] = []
        self._lines: list[Line] = []
        self.has_opened_tasks = False
        """Whether staff are asked something, once the transaction is committed."""

    def came_back(self, due: Due, result: Result, jitter: float) -> None:
        """It was handed to its sender, and this is what came of it; `jitter` is a number from 0 to 1."""
        match result:
            case Accepted(provider_ref):
                self._sent(due, provider_ref)
            case RefusedForGood(code):
                self.ends(due, DeliveryState.FAILED, Reason.REFUSED, code)
            case Unclear(code):
                self.ends(due, DeliveryState.UNKNOWN, Reason.OUTCOME_UNKNOWN, code)
            case TryLater(code) if due.lease.attempt >= MOST_ATTEMPTS:
                self.ends(due, DeliveryState.FAILED, Reason.GAVE_UP, code)
            case TryLater(code, retry_after):
                again = self._now + max(_backoff(due.lease.attempt, jitter), retry_after or timedelta(0))
                self._waits(due, again, Event.TRIED_IN_VAIN, code)
            case Died():
                self.ends(due, DeliveryState.UNKNOWN, Reason.OUTCOME_UNKNOWN)
            case Withheld():
                # It had been begun and certainly did not leave: it is as if it had not been claimed.
                leases.put_back(self._session, [due.lease])

    def decided(self, due: Due, decision: Ends | Waits) -> None:
        """It is not handed to a sender now."""
        match decision:
            case Ends(state, reason):
                self.ends(due, state, reason, begun=False)
            case Waits(send_at, event):
                self._waits(due, send_at, event)

    def _sent(self, due: Due, provider_ref: str) -> None:
        self._endings.append((due, Ending(due.lease, DeliveryState.SENT, provider_ref=provider_ref)))

    def ends(
        self, due: Due, state: DeliveryState, reason: Reason, code: str | None = None, *, begun: bool = True
    ) -> None:
        """It did not go to the client, or may not have; `begun` tells whether anything may have left."""
        self._endings.append((due, Ending(due.lease, state, reason, code, begun=begun)))

    def _waits(self, due: Due, send_at: datetime, event: Event | None = None, code: str | None = None) -> None:
        if not leases.plan_again(self._session, due.lease, send_at=send_at, detail=code):
            _tell_of_loss(due)
        elif event is not None:
            self._lines.append(self._line(due, event, **({"code": code} if code else {})))

    def write(self) -> None:
        """Write all of it."""
        endings = [ending for _, ending in self._endings]
        held = leases.finish_many(self._session, self._owner, endings, now=self._now)
        for due, ending in self._endings:
            if ending.lease.delivery_id not in held:
                _tell_of_loss(due)
            elif ending.reason is None:
                self._lines.append(self._line(due, Event.SENT))
            else:
                code = {"code": ending.detail} if ending.detail else {}
                self._lines.append(self._line(due, Event.NOT_SENT, reason=ending.reason.value, **code))
                if ending.reason.asks_staff:
                    self._lines.append(self._line(due, Event.TASK_OPENED, task=self._open_task(due, ending.reason)))
                    self.has_opened_tasks = True
        history.add_lines(self._session, self._lines)
        self._endings, self._lines = [], []

    def _open_task(self, due: Due, reason: Reason) -> int:
        return tasks.add(
            self._session,
            reminder=due.reminder,
            channel=due.channel,
            delivery=due.lease.delivery_id,
            reason=reason,
            now=self._now,
        )

    def _line(self, due: Due, event: Event, **detail: str | int) -> Line:
        return Line(
            workspace=due.reminder.workspace_id,
            reminder=due.reminder.id,
            delivery=due.lease.delivery_id,
            event=event,
            at=self._now,
            detail={"channel": due.channel.value, **detail},
        )


def _tell_of_loss(due: Due) -> None:
    _log.error("delivery-result-not-recorded", delivery=due.lease.delivery_id)


def _backoff(attempt: int, jitter: float) -> timedelta:
    doubled = timedelta(seconds=30 * 2 ** min(attempt - 1, 10))
    return min(doubled, LONGEST_BACKOFF) * (0.75 + 0.5 * jitter)
