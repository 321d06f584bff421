"""What became of claimed deliveries, and how does all of it get into their rows, the history and the tasks of staff?

Gathered while a transaction lasts and written at its end, in a few statements however many deliveries there are.
Whatever is written is a compare-and-set by the lease: of a delivery whose lease was lost nothing is written at all.
Nothing ends silently: what did not go to the client and can still be helped becomes a contact task.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.model import DeliveryState, Event, Reason
from bot.store import history, leases, tasks
from bot.store.claims import Due
from bot.store.database import Session
from bot.store.history import Line
from bot.store.leases import Ending


class Settling:
    """What one transaction writes about the deliveries that `owner` holds."""

    def __init__(self, session: Session, owner: str, now: datetime) -> None:
        self._session = session
        self._owner = owner
        self._now = now
        self._endings: list[tuple[Due, Ending]] = []
        self._lines: list[Line] = []
        self.lost: list[Due] = []
        """Whose lease was lost, so that nothing was written of them."""

    def sent(self, due: Due, provider_ref: str) -> None:
        """The next hop took it."""
        self._endings.append((due, Ending(due.lease, DeliveryState.SENT, provider_ref=provider_ref)))

    def ends(
        self, due: Due, state: DeliveryState, reason: Reason, code: str | None = None, *, begun: bool = True
    ) -> None:
        """It did not go to the client, or may not have; `begun` tells whether anything may have left."""
        self._endings.append((due, Ending(due.lease, state, reason, code, begun=begun)))

    def waits(self, due: Due, send_at: datetime, event: Event | None = None, code: str | None = None) -> None:
        """Certainly nothing left; it goes at another moment."""
        if not leases.plan_again(self._session, due.lease, send_at=send_at, detail=code):
            self.lost.append(due)
        elif event is not None:
            self._lines.append(self._line(due, event, **({"code": code} if code else {})))

    def unsent(self, due: Due) -> None:
        """It had been begun and certainly did not leave: it is as if it had not been claimed."""
        leases.put_back(self._session, [due.lease])

    def write(self) -> int:
        """Write all of it; returns how many tasks were opened."""
        endings = [ending for _, ending in self._endings]
        held = leases.finish_many(self._session, self._owner, endings, now=self._now)
        opened = 0
        for due, ending in self._endings:
            if ending.lease.delivery_id not in held:
                self.lost.append(due)
            elif ending.reason is None:
                self._lines.append(self._line(due, Event.SENT))
            else:
                code = {"code": ending.detail} if ending.detail else {}
                self._lines.append(self._line(due, Event.NOT_SENT, reason=ending.reason.value, **code))
                if ending.reason.asks_staff:
                    self._lines.append(self._line(due, Event.TASK_OPENED, task=self._open_task(due, ending.reason)))
                    opened += 1
        history.add_lines(self._session, self._lines)
        self._endings, self._lines = [], []
        return opened

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
