"""What happens on the day: how does a due delivery become a message, or a task for staff?

    claim → load afresh → check again → render → begin → send → record

Everything up to `begin` is one transaction, so that a reminder cancelled, or a patient who died, a moment ago is
noticed (rule P11). Sending holds no transaction. Recording is a compare-and-set by the lease: whoever lost it writes
nothing. Nothing ends silently: what did not go to the client and can still be helped becomes a contact task in the
transaction that records it.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.clock import Clock
from bot.domain import recheck, timing
from bot.domain.model import DeliveryState, Event, Reason
from bot.domain.template import TemplateBroken
from bot.services.senders import Parcel, Senders
from bot.store import deliveries, history, leases, tasks
from bot.store.database import Database, DatabaseAway, Session
from bot.store.leases import Due, Lease

LEASE = timedelta(minutes=5)
"""How long a claim holds; longer than any sender's own time limits together."""

BATCH = 20
"""How many deliveries are claimed at once."""

RECORD_TRIES = 100
RECORD_PAUSE_SECONDS = 2.0
"""How often, and how far apart, a result is offered to a database that is away: the pauses are shorter than `LEASE`."""

MOST_ATTEMPTS = 20
"""After so many attempts that certainly sent nothing, staff are asked instead."""

LONGEST_BACKOFF = timedelta(hours=1)

_log = structlog.get_logger()


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
        record_tries: int = RECORD_TRIES,
        record_pause_seconds: float = RECORD_PAUSE_SECONDS,
    ) -> None:
        """`owner` names this process among all; `on_task` is told of new tasks; `jitter` gives numbers from 0 to 1."""
        self._database = database
        self._clock = clock
        self._senders = senders
        self._owner = owner
        self._on_task = on_task
        self._jitter = jitter
        self._record_tries = record_tries
        self._record_pause_seconds = record_pause_seconds
        self._stopping = threading.Event()
        self._tasks_opened = False
        self._holds_claims = False
        self._team_id: str | None = None

    @property
    def team_id(self) -> str | None:
        """The workspace whose reminders are sent."""
        return self._team_id

    def belong_to(self, team_id: str) -> None:
        """Send what is due in this workspace: the one that the bot's token is for. Before that, nothing is sent."""
        self._team_id = team_id

    def next_moment(self) -> datetime | None:
        """When there is something to do next (UTC): a delivery is due, or a lease ends."""
        if self._team_id is None:
            return None
        with self._database.reading() as session:
            moments = (
                deliveries.next_planned(session, self._team_id),
                leases.next_lapse(session, self._team_id),
            )
        return min((moment for moment in moments if moment is not None), default=None)

    def next_send(self) -> datetime | None:
        """When the next delivery is due (UTC): now, as long as one is being sent."""
        if self._team_id is None:
            return None
        with self._database.reading() as session:
            if leases.next_lapse(session, self._team_id) is not None:
                return self._clock.now()
            return deliveries.next_planned(session, self._team_id)

    def run(self) -> None:
        """Send everything that is due, until nothing is left or `stop` was called.

        Raises:
            DatabaseAway: if the database does not answer. What was claimed and not begun is given back by the next run,
                or when its lease ends; what was begun is settled then.
        """
        team_id = self._team_id
        if team_id is None:
            return
        try:
            if self._holds_claims:  # the database went away in the midst of them
                self._give_back()
            self._settle_lapsed(team_id)
            self._send_due(team_id)
        finally:
            if self._tasks_opened:
                self._tasks_opened = False
                self._on_task()

    def stop(self) -> None:
        """Let `run` end after the delivery in hand, and give back what it had not begun."""
        self._stopping.set()

    def _send_due(self, team_id: str) -> None:
        while not self._stopping.is_set():
            now = self._clock.now()
            self._holds_claims = True
            with self._database.writing() as session:
                claimed = leases.claim(session, team_id, now=now, until=now + LEASE, owner=self._owner, limit=BATCH)
            for lease in claimed:
                if self._stopping.is_set():
                    break
                self._deliver_or_ask_staff(lease)
            if self._stopping.is_set():
                self._give_back()
            self._holds_claims = False
            if len(claimed) < BATCH:
                break

    def _give_back(self) -> None:
        with self._database.writing() as session:
            leases.release_unbegun(session, owner=self._owner)
        self._holds_claims = False

    def _deliver_or_ask_staff(self, lease: Lease) -> None:
        try:
            self._deliver(lease)
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001  # one broken delivery must not hold up the others, nor end silently
            _log.exception("delivery-broken", delivery=lease.delivery_id)
            self._settle_alone(lease, DeliveryState.FAILED, Reason.INTERNAL_ERROR, begun=False)

    def _settle_alone(self, lease: Lease, state: DeliveryState, reason: Reason, *, begun: bool) -> None:
        """End one delivery in its own transaction, if it was begun or not as told, whatever is wrong with its row."""
        now = self._clock.now()
        try:
            with self._database.writing() as session:
                due = leases.load(session, lease)
                if due is not None and due.begun is begun:
                    self._settle(session, due, state, reason, now)
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001  # a row that cannot even be read must not hold up the others
            _log.exception("delivery-unreadable", delivery=lease.delivery_id)
            with self._database.writing() as session:
                leases.renew(session, lease, until=now + LEASE)

    def _deliver(self, lease: Lease) -> None:
        now = self._clock.now()
        with self._database.writing() as session:
            due = leases.load(session, lease)
            parcel = None if due is None else self._prepare(session, due, now)
        if due is None or parcel is None:
            return
        outcome = self._senders.send(parcel)
        if not self._recorded(due, outcome, self._clock.now()):
            _log.error("delivery-result-not-recorded", delivery=lease.delivery_id, outcome=type(outcome).__name__)

    def _recorded(self, due: Due, outcome: Outcome, ended_at: datetime) -> bool:
        """Record what became of a message; tells whether the lease was still held.

        What is known must not be forgotten because the database is away for some minutes: it is offered again and
        again, unless the process is to stop. If the lease ended meanwhile, staff have been asked instead.
        """
        for _ in range(self._record_tries - 1):
            try:
                with self._database.writing() as session:
                    return self._record(session, due, outcome, ended_at)
            except DatabaseAway:
                _log.warning("delivery-result-waits", delivery=due.lease.delivery_id)
                if self._stopping.wait(self._record_pause_seconds):
                    break
        with self._database.writing() as session:
            return self._record(session, due, outcome, ended_at)

    def _prepare(self, session: Session, due: Due, now: datetime) -> Parcel | None:
        """What to hand to the sender, or `None` when the delivery was settled without one."""
        verdict = recheck.check(
            recheck.Situation(
                state=due.reminder.state,
                channel=due.channel,
                channel_set_up=due.channel in self._senders.channels,
                client=due.client,
                patient=due.patient,
                country=due.clinic.country,
                email_override=due.reminder.draft.email_override,
                phone_override=due.reminder.draft.phone_override,
            )
        )
        if isinstance(verdict, recheck.Stop) and verdict.reason is Reason.REMINDER_PAUSED:
            # Paused after it was claimed: it waits, as what was paused before.
            leases.plan_again(session, due.lease, send_at=due.send_at)
            return None
        if isinstance(verdict, recheck.Stop) and not verdict.reason.asks_staff:
            # Cancelled after it was claimed: it ends as what was cancelled before, so that it can be restored too.
            cancelled = verdict.reason is Reason.REMINDER_CANCELLED
            state = DeliveryState.CANCELLED if cancelled else DeliveryState.SKIPPED
            self._settle(session, due, state, verdict.reason, now)
            return None
        match self._hour(due, now):
            case timing.TooLate():
                # What nobody could have sent on time either keeps its own reason: a letter to print, no address.
                reason = verdict.reason if isinstance(verdict, recheck.Stop) else Reason.TOO_LATE
                self._settle(session, due, DeliveryState.SKIPPED, reason, now)
                return None
            case timing.Postpone(until):
                leases.plan_again(session, due.lease, send_at=until)
                self._tell(session, due, Event.POSTPONED, now)
                return None
            case timing.SendNow():
                pass
        if isinstance(verdict, recheck.Stop):
            self._settle(session, due, DeliveryState.SKIPPED, verdict.reason, now)
            return None
        try:
            parcel = self._senders.parcel(due, verdict.address)
        except TemplateBroken:
            self._settle(session, due, DeliveryState.FAILED, Reason.TEXT_BROKEN, now)
            return None
        return parcel if leases.begin(session, due.lease, now=now, until=now + LEASE) else None

    @staticmethod
    def _hour(due: Due, now: datetime) -> timing.Hour:
        hours = dataclasses.replace(due.clinic.hours, zone=due.zone)
        ahead = timedelta(days=due.reminder.draft.schedule.send_before)
        following = None if due.following_due is None else due.following_due - ahead
        return timing.decide_hour(due.due_date, hours, now, following=following)

    def _record(self, session: Session, due: Due, outcome: Outcome, now: datetime) -> bool:
        match outcome:
            case Accepted(provider_ref):
                held = leases.finish(session, due.lease, DeliveryState.SENT, now=now, provider_ref=provider_ref)
                if held:
                    self._tell(session, due, Event.SENT, now)
                return held
            case RefusedForGood(code):
                return self._settle(session, due, DeliveryState.FAILED, Reason.REFUSED, now, code)
            case Unclear(code):
                return self._settle(session, due, DeliveryState.UNKNOWN, Reason.OUTCOME_UNKNOWN, now, code)
            case TryLater(code) if due.lease.attempt >= MOST_ATTEMPTS:
                return self._settle(session, due, DeliveryState.FAILED, Reason.GAVE_UP, now, code)
            case TryLater(code, retry_after):
                again = now + max(self._backoff(due.lease.attempt), retry_after or timedelta(0))
                held = leases.plan_again(session, due.lease, send_at=again, detail=code)
                if held:
                    self._tell(session, due, Event.TRIED_IN_VAIN, now, code=code)
                return held

    def _settle(
        self,
        session: Session,
        due: Due,
        state: DeliveryState,
        reason: Reason,
        now: datetime,
        code: str | None = None,
    ) -> bool:
        """End a delivery that did not go to the client; tells whether the lease was still held."""
        if not leases.finish(session, due.lease, state, now=now, reason=reason, detail=code):
            return False
        self._tell(session, due, Event.NOT_SENT, now, reason=reason.value, **({"code": code} if code else {}))
        if reason.asks_staff:
            task = tasks.add(
                session,
                reminder=due.reminder,
                channel=due.channel,
                delivery=due.lease.delivery_id,
                reason=reason,
                now=now,
            )
            self._tell(session, due, Event.TASK_OPENED, now, task=task)
            self._tasks_opened = True
        return True

    def _settle_lapsed(self, team_id: str) -> None:
        """Plan again what a lost process had claimed, and ask staff about what it had begun to send."""
        now = self._clock.now()
        with self._database.writing() as session:
            leases.release_lapsed(session, team_id, now=now)
            lapsed = leases.lapsed(session, team_id, now=now, limit=BATCH)
        for lease in lapsed:
            self._settle_alone(lease, DeliveryState.UNKNOWN, Reason.OUTCOME_UNKNOWN, begun=True)

    def _tell(self, session: Session, due: Due, event: Event, now: datetime, **detail: str | int) -> None:
        history.add(
            session,
            workspace=due.reminder.workspace_id,
            reminder=due.reminder.id,
            delivery=due.lease.delivery_id,
            event=event,
            at=now,
            detail={"channel": due.channel.value, **detail},
        )

    def _backoff(self, attempt: int) -> timedelta:
        doubled = timedelta(seconds=30 * 2 ** min(attempt - 1, 10))
        return min(doubled, LONGEST_BACKOFF) * (0.75 + 0.5 * self._jitter())
