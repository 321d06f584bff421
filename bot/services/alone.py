"""A round failed. How is each of its deliveries dealt with by itself, so that one broken row holds up nothing?

Each has transactions of its own, and so has what a lost process left behind. What cannot even be written then is set
aside until its lease ends, and stands in the log. Other than that, everything is as in a round
(`bot.services.dispatch`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.model import DeliveryState, Reason
from bot.services.lanes import Job, Returned
from bot.services.readiness import Leaves, decide
from bot.services.senders import Senders
from bot.services.settling import Settling
from bot.store import claims, leases
from bot.store.database import Database, DatabaseAway
from bot.store.leases import Lease

LAPSED_AT_ONCE: Final = 100

_log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """What became of a claimed delivery: a job if it may leave, and whether staff are asked something new."""

    job: Job | None
    has_opened_tasks: bool


class Alone:
    """Deals with single deliveries that `owner` claimed.

    Every method raises `DatabaseAway` if the database does not answer, and nothing else for what is wrong with a row.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        senders: Senders,
        *,
        owner: str,
        jitter: Callable[[], float],
        lease: timedelta,
    ) -> None:
        self._database = database
        self._clock = clock
        self._senders = senders
        self._owner = owner
        self._jitter = jitter
        self._lease = lease
        self.unwritten: set[int] = set()
        """Deliveries that may have left and whose result could not be written: they are never given back."""

    def record(self, returned: Returned) -> bool:
        """Record what came back; tells whether staff are asked something new."""
        try:
            with self._database.writing() as session:
                settling = Settling(session, self._owner, self._clock.now())
                settling.came_back(returned.due, returned.outcome, self._jitter())
                settling.write()
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001  # what cannot be written is settled as unknown when its lease ends
            _log.exception("delivery-result-broken", delivery=returned.due.lease.delivery_id)
            self.unwritten.add(returned.due.lease.delivery_id)
            return False
        return settling.has_opened_tasks

    def begin(self, lease: Lease) -> Begun:
        """Decide what becomes of a delivery that was claimed and not begun, and begin it if it may leave."""
        now, job = self._clock.now(), None
        try:
            with self._database.writing() as session:
                settling = Settling(session, self._owner, now)
                due = claims.load(session, lease, now=now)
                if due is None:
                    return Begun(None, has_opened_tasks=False)
                decision = decide(due, self._senders, now)
                if not isinstance(decision, Leaves):
                    settling.decided(due, decision)
                elif leases.begin(session, lease, now=now, until=now + self._lease):
                    job = Job.at_its_moment(due, decision.parcel, now)
                settling.write()
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001  # one broken delivery must not hold up the others, nor end silently
            _log.exception("delivery-broken", delivery=lease.delivery_id)
            return Begun(None, self.settle(lease, DeliveryState.FAILED, Reason.INTERNAL_ERROR, begun=False))
        return Begun(job, settling.has_opened_tasks)

    def settle(self, lease: Lease, state: DeliveryState, reason: Reason, *, begun: bool) -> bool:
        """End a delivery, if it was begun or not as told; tells whether staff are asked something new."""
        now = self._clock.now()
        try:
            with self._database.writing() as session:
                settling = Settling(session, lease.owner, now)
                due = claims.load(session, lease, now=now)
                if due is not None and due.begun is begun:
                    settling.ends(due, state, reason, begun=begun)
                settling.write()
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001  # a row that cannot even be read must not hold up the others
            _log.exception("delivery-unreadable", delivery=lease.delivery_id)
            with self._database.writing() as session:
                leases.renew(session, lease, until=now + self._lease)
            return False
        return settling.has_opened_tasks

    def settle_lapsed(self, team_id: str, known: Collection[int]) -> tuple[bool, datetime | None]:
        """Plan again what a lost process had claimed, and ask staff about what it had begun to send.

        What is `known` to be under way in this process is left to it. Tells whether staff are asked something new, and
        when the next lease ends.
        """
        now = self._clock.now()
        with self._database.reading() as session:
            lapse = leases.next_lapse(session, team_id, now=now)
        if lapse is None or lapse > now:
            return False, lapse
        with self._database.writing() as session:
            leases.release_lapsed(session, team_id, now=now)
            lapsed = leases.lapsed(session, team_id, now=now, limit=LAPSED_AT_ONCE)
        opened = False
        for lease in lapsed:
            if lease.delivery_id not in known:
                opened |= self.settle(lease, DeliveryState.UNKNOWN, Reason.OUTCOME_UNKNOWN, begun=True)
        with self._database.reading() as session:
            return opened, leases.next_lapse(session, team_id, now=now)
