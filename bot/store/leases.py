"""Who has taken what is due, and what may they write to it?

A delivery is claimed before anything else happens to it (rule P14): state, lease owner and lease end change in one
statement, and from then on only the owner of that lease may write to the row. `begin` marks the point after which the
message may have left; a lease that ends before it is simply planned again, one that ends after it is unknown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Integer, String, case, func, select, update
from sqlalchemy.orm import Session

from bot.domain.model import DeliveryState, Reason
from bot.store.deliveries import of_team
from bot.store.tables import DeliveryRow
from bot.store.value_lists import listed

CLOCKS_APART: Final = timedelta(minutes=5)
"""How far the clocks of two processes of one database may stand apart."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lease:
    """The right to send one delivery: lost when its time has passed and somebody else took it."""

    delivery_id: int
    owner: str
    attempt: int


@dataclasses.dataclass(frozen=True, slots=True)
class Ending:
    """How one delivery ended. `begun` tells whether a message may have left."""

    lease: Lease
    state: DeliveryState
    reason: Reason | None = None
    detail: str | None = dataclasses.field(default=None, repr=False)
    provider_ref: str | None = None
    begun: bool = True


def next_lapse(session: Session, team_id: str, *, now: datetime) -> datetime | None:
    """The moment at which the next lease in a workspace ends."""
    return session.scalar(select(func.min(DeliveryRow.lease_until)).where(_sending(now), of_team(team_id)))


def begin(session: Session, lease: Lease, *, now: datetime, until: datetime) -> bool:
    """Mark that the message is about to leave, and renew the lease; tells whether the lease was still held."""
    return _write(session, lease, begun_at=now, lease_until=until)


def renew(session: Session, lease: Lease, *, until: datetime) -> bool:
    """Let the lease hold until `until`; tells whether it was still held."""
    return _write(session, lease, lease_until=until)


def renew_many(session: Session, taken: Sequence[Lease], *, until: datetime) -> None:
    """Let those of these leases of one owner that are still held hold until `until`."""
    _write_many(session, taken, lease_until=until)


def set_aside(session: Session, taken: Sequence[Lease], *, until: datetime) -> None:
    """Keep what was claimed and not begun, so that nobody takes it before `until`."""
    _write_many(session, taken, begun_at=None, lease_until=until)


def put_back(session: Session, taken: Sequence[Lease]) -> None:
    """Give back what was claimed and of which certainly nothing left, as if it had not been taken."""
    _write_many(
        session,
        taken,
        state=DeliveryState.PLANNED,
        lease_owner=None,
        lease_until=None,
        begun_at=None,
        attempt=DeliveryRow.attempt - 1,
    )


def finish_many(session: Session, owner: str, endings: Sequence[Ending], *, now: datetime) -> set[int]:
    """Record how deliveries ended; returns the ids of those whose lease `owner` still held."""
    if not endings:
        return set()
    ended = listed(
        session,
        (
            ("id", Integer()),
            ("attempt", Integer()),
            ("state", String()),
            ("reason", String()),
            ("detail", String()),
            ("provider_ref", String()),
            ("begun", Integer()),
        ),
        [
            (
                one.lease.delivery_id,
                one.lease.attempt,
                one.state.value,
                None if one.reason is None else one.reason.value,
                one.detail,
                one.provider_ref,
                int(one.begun),
            )
            for one in endings
        ],
    )
    rows = session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id == ended.c.id, DeliveryRow.attempt == ended.c.attempt, held_by(owner))
        .values(
            state=ended.c.state,
            reason=ended.c.reason,
            detail=ended.c.detail,
            provider_ref=ended.c.provider_ref,
            begun_at=case((ended.c.begun == 1, DeliveryRow.begun_at), else_=None),
            finished_at=now,
            lease_owner=None,
            lease_until=None,
        )
        .returning(DeliveryRow.id)
        .execution_options(synchronize_session=False)
    )
    return {row.id for row in rows}


def finish(
    session: Session,
    lease: Lease,
    state: DeliveryState,
    *,
    now: datetime,
    reason: Reason | None = None,
    detail: str | None = None,
    provider_ref: str | None = None,
) -> bool:
    """Record how a delivery ended; tells whether the lease was still held."""
    return _write(
        session,
        lease,
        state=state,
        finished_at=now,
        lease_owner=None,
        lease_until=None,
        reason=reason,
        detail=detail,
        provider_ref=provider_ref,
    )


def plan_again(session: Session, lease: Lease, *, send_at: datetime, detail: str | None = None) -> bool:
    """Put back a delivery of which certainly nothing left; tells whether the lease was still held."""
    return _write(
        session,
        lease,
        state=DeliveryState.PLANNED,
        send_at=send_at,
        begun_at=None,
        lease_owner=None,
        lease_until=None,
        detail=detail,
    )


def release_others(session: Session, *, owner: str, but: Collection[int], now: datetime) -> int:
    """Give back what `owner` holds besides the deliveries `but`; returns how many.

    For what was claimed in a transaction whose commit was not answered: none of it was handed to a sender.
    """
    rows = session.execute(
        update(DeliveryRow)
        .where(_sending(now), DeliveryRow.lease_owner == owner, DeliveryRow.id.not_in(but))
        .values(
            state=DeliveryState.PLANNED,
            lease_owner=None,
            lease_until=None,
            begun_at=None,
            attempt=DeliveryRow.attempt - 1,
        )
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def release_lapsed(session: Session, team_id: str, *, now: datetime) -> int:
    """Plan again what of a workspace was claimed but not begun before its lease ended; returns how many."""
    rows = session.execute(
        update(DeliveryRow)
        .where(_sending(now), of_team(team_id), DeliveryRow.lease_until <= now, DeliveryRow.begun_at.is_(None))
        .values(state=DeliveryState.PLANNED, lease_owner=None, lease_until=None)
        .returning(DeliveryRow.id)
    )
    return len(rows.all())


def lapsed(session: Session, team_id: str, *, now: datetime, limit: int) -> list[Lease]:
    """The leases in a workspace that ended after the message had begun to leave: nobody knows whether it did."""
    rows = session.execute(
        select(DeliveryRow.id, DeliveryRow.lease_owner, DeliveryRow.attempt)
        .where(_sending(now), of_team(team_id), DeliveryRow.lease_until <= now, DeliveryRow.begun_at.is_not(None))
        .order_by(DeliveryRow.id)
        .limit(limit)
    )
    return [Lease(delivery, owner or "", attempt) for delivery, owner, attempt in rows]


def held(lease: Lease) -> ColumnElement[bool]:
    """That a delivery still is under this lease."""
    return (DeliveryRow.id == lease.delivery_id) & (DeliveryRow.attempt == lease.attempt) & held_by(lease.owner)


def held_by(owner: str) -> ColumnElement[bool]:
    """That a delivery is under a lease of `owner`."""
    return (DeliveryRow.state == DeliveryState.SENDING) & (DeliveryRow.lease_owner == owner)


def _write(session: Session, lease: Lease, **values: object) -> bool:
    written = session.execute(update(DeliveryRow).where(held(lease)).values(**values).returning(DeliveryRow.id))
    return written.one_or_none() is not None


def _write_many(session: Session, taken: Sequence[Lease], **values: object) -> None:
    if not taken:
        return
    rows = [(lease.delivery_id, lease.attempt) for lease in taken]
    chosen = listed(session, (("id", Integer()), ("attempt", Integer())), rows)
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id == chosen.c.id, DeliveryRow.attempt == chosen.c.attempt, held_by(taken[0].owner))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _sending(now: datetime) -> ColumnElement[bool]:
    # What is being sent was due, so that only what is due is looked through, not all that is planned for years.
    is_due = DeliveryRow.send_at <= now + CLOCKS_APART
    return DeliveryRow.finished_at.is_(None) & is_due & (DeliveryRow.state == DeliveryState.SENDING)
