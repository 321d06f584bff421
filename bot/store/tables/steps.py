"""What did staff do that can still be undone?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.model import (
    ReminderState,
    StepKind,
)
from bot.store.columns import Code, Moment, Text, one_of
from bot.store.tables.base import Base


class StepRow(Base):
    """Something that a person did to reminders and can undo for a while (`bot.domain.undo`)."""

    __tablename__ = "steps"
    __table_args__ = (
        ForeignKeyConstraint(["client_id", "workspace_id"], ["clients.id", "clients.workspace_id"]),
        one_of("kind", StepKind),
        UniqueConstraint("id", "workspace_id"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_is_told_whole"),
        CheckConstraint("(patient_id IS NOT NULL) = (kind = 'patient-died')", name="patient_fits_kind"),
        CheckConstraint("(client_id IS NOT NULL) = (kind = 'client-inactive')", name="client_fits_kind"),
        Index(None, "at"),
        Index(None, "patient_id"),
        Index(None, "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[StepKind] = mapped_column(Code(StepKind))
    by: Mapped[str] = mapped_column(Text(32))
    at: Mapped[datetime] = mapped_column(Moment)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"))
    client_id: Mapped[int | None]
    undone_by: Mapped[str | None] = mapped_column(Text(32))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class StepReminderRow(Base):
    """A reminder that a step changed: its state before, and its version since."""

    __tablename__ = "step_reminders"
    __table_args__ = (
        ForeignKeyConstraint(["step_id", "workspace_id"], ["steps.id", "steps.workspace_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["reminder_id", "workspace_id"], ["reminders.id", "reminders.workspace_id"]),
        one_of("state_before", ReminderState),
        CheckConstraint("version_after >= 2", name="version_counts_on"),
        Index(None, "reminder_id"),
    )

    step_id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    state_before: Mapped[ReminderState] = mapped_column(Code(ReminderState))
    version_after: Mapped[int]


class StepDeliveryRow(Base):
    """A delivery that was still to come when a step stopped or moved it; gone here too when an edit planned anew."""

    __tablename__ = "step_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["step_id", "workspace_id"], ["steps.id", "steps.workspace_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["delivery_id", "workspace_id"], ["deliveries.id", "deliveries.workspace_id"], ondelete="CASCADE"
        ),
        Index(None, "delivery_id"),
    )

    step_id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    send_at_before: Mapped[datetime] = mapped_column(Moment)
