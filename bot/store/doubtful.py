"""Of which deliveries does nobody know whether they went, and how do staff end that (rule P14)?

Everything here is a compare-and-set on the delivery: it is `unknown`, and still after the attempt that somebody looked
at. `attempt` goes on counting when it is sent again, so that neither an old card nor a sender that lost its lease can
take the next attempt for its own.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from bot.domain.model import DeliveryState, Reason
from bot.store.tables import DeliveryRow


def record_sent(session: Session, delivery: int, *, attempt: int) -> bool:
    """Record that staff vouch for a doubtful delivery; tells whether it was still as they saw it.

    When it ended stays: it is then that it may have gone.
    """
    return _decide(session, delivery, attempt, state=DeliveryState.SENT, reason=Reason.RECORDED_BY_STAFF)


def plan_again(session: Session, delivery: int, *, attempt: int, send_at: datetime) -> bool:
    """Let a doubtful delivery go again at `send_at`, under the key that it has; tells whether it was as they saw it."""
    return _decide(
        session,
        delivery,
        attempt,
        state=DeliveryState.PLANNED,
        send_at=send_at,
        begun_at=None,
        finished_at=None,
        reason=None,
        detail=None,
    )


def _decide(session: Session, delivery: int, attempt: int, **values: object) -> bool:
    decided = session.execute(
        update(DeliveryRow).where(_is_doubtful(delivery, attempt)).values(**values).returning(DeliveryRow.id)
    )
    return decided.one_or_none() is not None


def _is_doubtful(delivery: int, attempt: int) -> ColumnElement[bool]:
    return (
        (DeliveryRow.id == delivery) & (DeliveryRow.state == DeliveryState.UNKNOWN) & (DeliveryRow.attempt == attempt)
    )
