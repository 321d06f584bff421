"""What happens on the day: how does a due delivery become a message, or a task for staff?

    heads → claim → read afresh → decide → begin ┬→ leave, in the lanes → come back ┐
      ↑     └──────── one transaction ─────────┘ │                                  │
      └────────────── record ←───────────────────┴──────────────────────────────────┘

Everything up to `begin` is one transaction, and so is the recording of what came back since the last one: both are the
same, a round. Sending holds no transaction and happens in a lane for each channel (`bot.services.lanes`), so that a
slow one holds up no other. Only one thread, that of `run`, speaks to the database.

A round that fails for another reason than that the database is away is done again delivery by delivery
(`bot.services.alone`), so that one broken row holds up nothing and ends visibly.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.model import Channel, DeliveryState, Reason
from bot.services.alone import Alone
from bot.services.lanes import Bell, Died, Job, Lane, Returned
from bot.services.readiness import Decision, Ends, Leaves, decide
from bot.services.senders import Senders
from bot.services.settling import Settling
from bot.store import claims, leases
from bot.store.claims import Due, Head
from bot.store.database import Database, DatabaseAway, Session

LEASE: Final = timedelta(minutes=2)
"""How long a claim holds; what is being sent is renewed before."""

AHEAD: Final = timedelta(milliseconds=50)
"""How long before its moment a delivery is claimed, so that its message leaves at the moment itself."""

WITHOUT_LANE: Final = 200
"""How many deliveries over a channel without a sender are settled at once."""

GATHERING_SECONDS: Final = 0.02
"""How long what came back waits for more of it, so that it is recorded together."""

CHANGED_SECONDS: Final = 0.05
"""How long what somebody is just changing is left alone."""

LOOKING_SECONDS: Final = 1.0
"""How long a run that waits for its lanes goes on without a look at the database."""

RECORD_TRIES: Final = 100
RECORD_PAUSE_SECONDS: Final = 2.0
"""How often, and how far apart, a result is offered to a database that is away."""

_log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class _Seen:
    """What a round found: whether it claimed anything, whether staff are at some of it, and when the next is due.

    `passed_over` tells that something is due and nothing was claimed: others were just at it.
    """

    claimed: bool
    being_changed: bool
    next_due: datetime | None
    passed_over: bool = False


_NOTHING: Final = _Seen(claimed=False, being_changed=False, next_due=None)


class Dispatch:
    """Sends what is due in one workspace. One for a process; `run` is called by the alarm, never twice at a time.

    Whatever is due there is taken, also over a channel that this process has no sender for: then staff are asked, since
    nobody can know whether another process would ever send it. So all processes of one workspace need the same
    settings.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        senders: Senders,
        *,
        owner: str,
        on_task: Callable[[], None],
        jitter: Callable[[], float],
        before_claim: Callable[[], None] = lambda: None,
        record_tries: int = RECORD_TRIES,
        record_pause_seconds: float = RECORD_PAUSE_SECONDS,
    ) -> None:
        """`owner` names this process among all; `on_task` is told of new tasks; `jitter` gives numbers from 0 to 1.

        `before_claim`, called every second at most, raises what is to end a run: it claims nothing more then, finishes
        what is under way, and raises the same.
        """
        self._database = database
        self._clock = clock
        self._senders = senders
        self._owner = owner
        self._on_task = on_task
        self._before_claim = before_claim
        self._record_tries = record_tries
        self._record_pause_seconds = record_pause_seconds
        self._alone = Alone(database, clock, senders, owner=owner, jitter=jitter, lease=LEASE)
        self._jitter = jitter
        self._bell: Bell = queue.SimpleQueue()
        self._is_nudged = threading.Event()
        self._lanes = {
            channel: Lane(channel, width, senders.send, self._bell) for channel, width in senders.widths.items()
        }
        self._under_way: dict[int, Due] = {}
        self._returned: list[Returned] = []
        self._renew_at: datetime | None = None
        self._claims_are_known = True
        self._look_at = 0.0
        self._no_more: Exception | None = None
        self._is_careful = False
        self._being_changed: frozenset[int] = frozenset()
        self._served: dict[tuple[Channel, int], int] = {}
        self._rounds_made = 0
        self._stopping = threading.Event()
        self._tasks_opened = False
        self._next_run: datetime | None = None
        self._team_id: str | None = None

    @property
    def team_id(self) -> str | None:
        """The workspace whose reminders are sent."""
        return self._team_id

    def belong_to(self, team_id: str) -> None:
        """Send what is due in this workspace: the one that the bot's token is for. Before that, nothing is sent."""
        self._team_id = team_id

    def next_run(self) -> datetime | None:
        """When `run` is to be called (UTC), as far as the last one saw: before what is due, or at a lease's end."""
        return self._next_run

    def next_send(self) -> datetime | None:
        """When the next delivery is due (UTC): now, as long as one is being sent."""
        if self._team_id is None:
            return None
        with self._database.reading() as session:
            now = self._clock.now()
            if leases.next_lapse(session, self._team_id, now=now) is not None:
                return now
            return min((head.send_at for head in claims.heads(session, self._team_id)), default=None)

    def run(self) -> None:
        """Send everything that is due, until nothing is left or `stop` was called.

        Raises:
            DatabaseAway: if the database does not answer. What came back meanwhile is recorded by the next run; what is
                not recorded when its lease ends is settled as unknown.
        """
        team_id = self._team_id
        if team_id is None:
            return
        self._next_run = None
        try:
            opened, lapse = self._alone.settle_lapsed(team_id, self._known())
            self._tasks_opened |= opened
            next_due = self._rounds(team_id)
            next_claim = None if next_due is None else next_due - AHEAD
            self._next_run = min((one for one in (lapse, next_claim) if one is not None), default=None)
        finally:
            for lane in self._lanes.values():
                lane.close()
            if self._tasks_opened:
                self._tasks_opened = False
                self._on_task()

    def nudge(self) -> None:
        """Let a run that is under way look at once for what is due; from any thread."""
        if not self._is_nudged.is_set():
            self._is_nudged.set()
            self._bell.put(None)

    def stop(self) -> None:
        """Let `run` end after the deliveries in hand, and give back what had not left."""
        self._stopping.set()
        for lane in self._lanes.values():
            lane.stop()
        self.nudge()

    def _rounds(self, team_id: str) -> datetime | None:
        """Round after round until nothing is left; returns when the next delivery is due."""
        tries = 0
        while True:
            try:
                seen = self._careful_round(team_id) if self._is_careful else self._round(team_id)
            except DatabaseAway:
                self._claims_are_known = False
                tries += 1
                if not self._has_results_to_come() or tries >= self._record_tries:
                    raise
                _log.warning("delivery-result-waits", count=len(self._under_way) + len(self._returned))
                if self._stopping.wait(self._record_pause_seconds):
                    tries = self._record_tries
                self._gather(timeout=0)
                continue
            tries = 0
            if self._has_results_to_come():
                self._gather(timeout=self._patience(seen))
            elif seen.being_changed:
                if self._stopping.wait(CHANGED_SECONDS):
                    return None
            elif self._no_more is not None:
                no_more, self._no_more = self._no_more, None
                raise no_more
            elif not seen.claimed:
                return self._clock.now() if seen.passed_over else seen.next_due

    def _has_results_to_come(self) -> bool:
        return bool(self._under_way or self._returned)

    def _patience(self, seen: _Seen) -> float:
        """How many seconds to wait for something to come back, before the next look for what is due."""
        if self._stopping.is_set():
            return LOOKING_SECONDS
        if seen.claimed and any(lane.room for lane in self._lanes.values()):
            return 0
        if seen.being_changed:
            return CHANGED_SECONDS
        if seen.next_due is None:
            return LOOKING_SECONDS
        wait = seen.next_due - AHEAD - self._clock.now()
        return min(max(wait.total_seconds(), 0), LOOKING_SECONDS)

    def _gather(self, *, timeout: float) -> None:
        """Take what came back; wait for the first until `timeout`, and then a moment for what comes just after it.

        Raises:
            BaseException: what ends a process, if it ended a thread of a lane.
        """
        ends = time.monotonic() + timeout
        while self._under_way:
            wait = ends - time.monotonic()
            try:
                returned = self._bell.get(timeout=wait) if wait > 0 else self._bell.get_nowait()
            except queue.Empty:
                return
            if returned is None:
                self._is_nudged.clear()
                return
            if not self._returned:
                ends = min(ends, time.monotonic() + GATHERING_SECONDS) if timeout else ends
            self._returned.append(returned)
            del self._under_way[returned.due.lease.delivery_id]
            self._lanes[returned.due.channel].took_back()
            if isinstance(returned.outcome, Died):
                raise returned.outcome.error

    def _may_claim(self) -> bool:
        if time.monotonic() >= self._look_at and self._no_more is None:
            self._look_at = time.monotonic() + LOOKING_SECONDS
            try:
                self._before_claim()
            except Exception as error:  # raised again when what is under way is recorded
                if isinstance(error, DatabaseAway):
                    raise
                self._no_more = error
        return self._no_more is None and not self._stopping.is_set()

    def _round(self, team_id: str) -> _Seen:
        now, may_claim = self._clock.now(), self._may_claim()
        if not self._has_results_to_come() and self._claims_are_known:
            # Nothing is written, and on SQLite nobody held up, where nothing is due.
            with self._database.reading() as session:
                ahead = claims.heads(session, team_id)
            if not may_claim or all(head.send_at > now + AHEAD for head in ahead):
                return _Seen(claimed=False, being_changed=False, next_due=_next(ahead))
        jobs: list[Job] = []
        try:
            with self._database.writing() as session:
                settling = Settling(session, self._owner, now)
                self._keep(session, now)
                for returned in self._returned:
                    settling.came_back(returned.due, returned.outcome, self._jitter())
                seen = self._take(session, settling, team_id, now, jobs) if may_claim else _NOTHING
                settling.write()
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001  # one row that cannot be written must not hold up the others
            _log.exception("round-broken")
            self._is_careful, self._claims_are_known = True, False
            return _Seen(claimed=True, being_changed=False, next_due=None)
        self._tasks_opened |= settling.has_opened_tasks
        self._returned, self._claims_are_known = [], True
        for job in jobs:
            self._let_leave(job)
        return seen

    def _take(self, session: Session, settling: Settling, team_id: str, now: datetime, jobs: list[Job]) -> _Seen:
        """Claim what is due and there is room for, and decide what becomes of it."""
        ahead, room = self._in_turn(claims.heads(session, team_id)), self._room()
        until, but = now + LEASE, self._being_changed
        taken = claims.claim(
            session, ahead, room, due_by=now + AHEAD, until=until, owner=self._owner, begun_at=now, but=but
        )
        batch = claims.read(session, taken, now=now)
        leases.put_back(session, batch.being_changed)
        # Passed over once, so that it does not keep those behind it from their turn.
        self._being_changed = frozenset(lease.delivery_id for lease in batch.being_changed)
        leases.set_aside(session, batch.unreadable, until=until)
        self._rounds_made += 1
        for due in batch.due:
            self._served[due.channel, due.clinic.id] = self._rounds_made
            decision = self._decision(due, now)
            if isinstance(decision, Leaves):
                jobs.append(Job.at_its_moment(due, decision.parcel, now))
            else:
                settling.decided(due, decision)
        return _Seen(
            claimed=len(taken) > len(batch.being_changed),
            being_changed=bool(but or batch.being_changed),
            next_due=_next(head for head in ahead if head.send_at > now + AHEAD),
            passed_over=not taken and any(head.send_at <= now + AHEAD for head in ahead),
        )

    def _in_turn(self, ahead: Sequence[Head]) -> list[Head]:
        """Those of whom something was due and claimed the longest ago first, so that every clinic has its turn."""
        return sorted(ahead, key=lambda head: (self._served.get((head.channel, head.clinic_id), 0), head.send_at))

    def _room(self) -> dict[Channel, int]:
        return {channel: lane.room if (lane := self._lanes.get(channel)) else WITHOUT_LANE for channel in Channel}

    def _decision(self, due: Due, now: datetime) -> Decision:
        try:
            return decide(due, self._senders, now)
        except Exception:  # noqa: BLE001  # one broken delivery must not hold up the others, nor end silently
            _log.exception("delivery-broken", delivery=due.lease.delivery_id)
            return Ends(DeliveryState.FAILED, Reason.INTERNAL_ERROR)

    def _let_leave(self, job: Job) -> None:
        self._under_way[job.due.lease.delivery_id] = job.due
        self._lanes[job.due.channel].put(job)

    def _known(self) -> list[int]:
        """The deliveries that are under way, or came back and are not recorded yet."""
        return [*self._under_way, *(returned.due.lease.delivery_id for returned in self._returned)]

    def _keep(self, session: Session, now: datetime) -> None:
        """Keep the leases of what is under way, and give back what was claimed in a commit that nobody answered."""
        mine = [*self._alone.unwritten, *self._known()]
        if not self._claims_are_known:
            leases.release_others(session, owner=self._owner, but=mine, now=now)
        if not self._under_way:
            self._renew_at = None
        elif self._renew_at is None or now >= self._renew_at:
            leases.renew_many(session, [due.lease for due in self._under_way.values()], until=now + LEASE)
            self._renew_at = now + LEASE / 3

    def _careful_round(self, team_id: str) -> _Seen:
        """A round in which every delivery has its own transactions; afterwards it goes on as before."""
        for returned in tuple(self._returned):
            self._tasks_opened |= self._alone.record(returned)
            self._returned.remove(returned)
        now, may_claim = self._clock.now(), self._may_claim()
        with self._database.writing() as session:
            self._keep(session, now)
            ahead = claims.heads(session, team_id)
            until, room = now + LEASE, self._room() if may_claim else {}
            taken = claims.claim(session, ahead, room, due_by=now + AHEAD, until=until, owner=self._owner)
        self._is_careful, self._claims_are_known = False, True
        for lease in taken:
            begun = self._alone.begin(lease)
            self._tasks_opened |= begun.has_opened_tasks
            if begun.job is not None:
                self._let_leave(begun.job)
        return _Seen(claimed=True, being_changed=False, next_due=None)


def _next(ahead: Iterable[Head]) -> datetime | None:
    return min((head.send_at for head in ahead), default=None)
