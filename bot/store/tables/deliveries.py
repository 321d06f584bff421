"""When does a reminder fall due, what is sent for it, and what are staff asked to do instead?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.contact_task import Instead, TaskState
from bot.domain.model import (
    Channel,
    DeliveryState,
    Reason,
)
from bot.store.columns import Code, Moment, Text, one_of
from bot.store.tables.base import Base


class OccurrenceRow(Base):
    """One time that a reminder falls due, in the zone in which it was planned.

    `moved_up` tells that staff asked for it to go as soon as the clinic sends.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        ForeignKeyConstraint(["reminder_id", "workspace_id"], ["reminders.id", "reminders.workspace_id"]),
        UniqueConstraint("reminder_id", "number"),
        UniqueConstraint("id", "workspace_id"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    reminder_id: Mapped[int]
    number: Mapped[int]
    due_date: Mapped[date]
    time_zone: Mapped[str] = mapped_column(Text(64))
    moved_up: Mapped[bool] = mapped_column(default=False, server_default=false())


class DeliveryRow(Base):
    """One occurrence over one channel: the outbox.

    `finished_at` is empty exactly while the row is planned or being sent; the indexes of what is due hang on it, and on
    no column that a claim changes. `begun_at` tells that the message may have left: a lease that ended without it is
    planned again, one that ended with it is unknown. `clinic_id` is the reminder's own, so that each clinic's share can
    be found; what is planned of a paused reminder is `held`.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["occurrence_id", "workspace_id"], ["occurrences.id", "occurrences.workspace_id"]),
        ForeignKeyConstraint(["clinic_id", "workspace_id"], ["clinics.id", "clinics.workspace_id"]),
        UniqueConstraint("occurrence_id", "channel"),
        UniqueConstraint("id", "workspace_id"),
        one_of("channel", Channel),
        one_of("state", DeliveryState),
        CheckConstraint("(finished_at IS NULL) = (state IN ('planned', 'sending'))", name="finished_fits_state"),
        CheckConstraint("(lease_owner IS NOT NULL) = (state = 'sending')", name="lease_owner_fits_state"),
        CheckConstraint("(lease_until IS NOT NULL) = (state = 'sending')", name="lease_end_fits_state"),
        CheckConstraint("begun_at IS NULL OR state <> 'planned'", name="planned_has_not_begun"),
        CheckConstraint(
            "begun_at IS NOT NULL OR state NOT IN ('sent', 'delivered', 'unknown')", name="what_may_have_left_has_begun"
        ),
        CheckConstraint("state NOT IN ('failed', 'unknown', 'skipped') OR reason IS NOT NULL", name="reason_is_told"),
        CheckConstraint("attempt >= 0", name="attempt_counts_from_zero"),
        Index(
            "deliveries_unfinished",
            "send_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "deliveries_claimable",
            "clinic_id",
            "channel",
            "send_at",
            sqlite_where=text("finished_at IS NULL AND NOT held"),
            postgresql_where=text("finished_at IS NULL AND NOT held"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    clinic_id: Mapped[int]
    occurrence_id: Mapped[int]
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    key: Mapped[str] = mapped_column(Text(32), unique=True)
    state: Mapped[DeliveryState] = mapped_column(Code(DeliveryState))
    send_at: Mapped[datetime] = mapped_column(Moment)
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(Text(64))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    begun_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[Reason | None] = mapped_column(Code(Reason))
    detail: Mapped[str | None] = mapped_column(Text(64))
    provider_ref: Mapped[str | None] = mapped_column(Text(320))


class ContactTaskRow(Base):
    """What staff are asked to do instead of a delivery (rule P12).

    `subject` and `text` are what the delivery was to say, with their placeholders, and the overrides where it was to
    go, as they were when the task was opened: what staff make of the reminder later is for what comes later.

    `instead` tells what closed it where nobody contacted the client. A delivery that goes again and falls short again
    opens the same task anew (`bot.store.tasks.add`).

    The card in Slack is a view of this row: it is due for posting or updating while `card_revision` is behind
    `revision`. `card_lease_until` keeps two processes from posting one card.
    """

    __tablename__ = "contact_tasks"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "workspace_id"], ["clinics.id", "clinics.workspace_id"]),
        ForeignKeyConstraint(["delivery_id", "workspace_id"], ["deliveries.id", "deliveries.workspace_id"]),
        one_of("state", TaskState),
        CheckConstraint("(closed_at IS NOT NULL) = (state = 'done')", name="closed_fits_state"),
        CheckConstraint("(closed_by IS NOT NULL) = (state = 'done')", name="closer_fits_state"),
        one_of("instead", Instead),
        CheckConstraint("instead IS NULL OR state = 'done'", name="instead_fits_state"),
        CheckConstraint("card_revision <= revision", name="card_is_never_ahead"),
        CheckConstraint("(card_ts IS NULL) = (card_channel IS NULL)", name="card_has_a_whole_address"),
        Index(
            "contact_tasks_card_behind",
            "id",
            sqlite_where=text("card_revision < revision"),
            postgresql_where=text("card_revision < revision"),
        ),
        Index(None, "workspace_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    clinic_id: Mapped[int]
    delivery_id: Mapped[int] = mapped_column(unique=True)
    reason: Mapped[Reason] = mapped_column(Code(Reason))
    subject: Mapped[str] = mapped_column(Text(200))
    text: Mapped[str] = mapped_column(Text(3000))
    email_override: Mapped[str | None] = mapped_column(Text(320))
    phone_override: Mapped[str | None] = mapped_column(Text(20))
    state: Mapped[TaskState] = mapped_column(Code(TaskState))
    created_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(Text(32))
    instead: Mapped[Instead | None] = mapped_column(Code(Instead))
    revision: Mapped[int]
    card_revision: Mapped[int]
    card_channel: Mapped[str | None] = mapped_column(Text(32))
    card_ts: Mapped[str | None] = mapped_column(Text(32))
    card_lease_until: Mapped[datetime | None] = mapped_column(Moment)
    card_attempt: Mapped[int]
