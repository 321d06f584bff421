"""What did staff fill in, and what happened to it?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.model import (
    Event,
    Method,
    Recurrence,
    ReminderState,
    TextOrigin,
)
from bot.store.columns import Code, Moment, Text, one_of
from bot.store.search_key import REMINDER_KEY_LENGTH
from bot.store.tables.base import Base


def _filled_in_form() -> tuple[Constraint, ...]:
    """What holds for every filled-in form, the current one of a reminder and those that it had before."""
    return (
        ForeignKeyConstraint(["clinic_id", "workspace_id"], ["clinics.id", "clinics.workspace_id"]),
        ForeignKeyConstraint(["client_id", "workspace_id"], ["clients.id", "clients.workspace_id"]),
        ForeignKeyConstraint(["patient_id", "client_id"], ["patients.id", "patients.client_id"]),
        ForeignKeyConstraint(["template_id", "workspace_id"], ["templates.id", "templates.workspace_id"]),
        one_of("method", Method),
        one_of("recurrence", Recurrence),
        one_of("origin", TextOrigin),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("first_number >= 1", name="first_number_counts_from_one"),
        CheckConstraint("send_before >= 0", name="send_before_is_no_earlier_than_due"),
        CheckConstraint(
            "(recurrence = 'none' AND repetitions = 1) OR (recurrence <> 'none' AND repetitions BETWEEN 2 AND 99)",
            name="repetitions_fit_recurrence",
        ),
        CheckConstraint(
            "(origin = 'manual' AND template_id IS NULL AND template_revision IS NULL)"
            " OR (origin <> 'manual' AND template_id IS NOT NULL AND template_revision IS NOT NULL)",
            name="origin_fits_template",
        ),
        CheckConstraint("template_language IS NULL OR template_id IS NOT NULL", name="language_is_of_a_template"),
        CheckConstraint(
            "method NOT IN ('email', 'both', 'external') OR (subject <> '' AND email_text <> '')",
            name="email_has_its_text",
        ),
        CheckConstraint("method NOT IN ('sms', 'both') OR sms_text <> ''", name="sms_has_its_text"),
        CheckConstraint("method <> 'post' OR letter_text <> ''", name="letter_has_its_text"),
    )


class FilledIn:
    """What staff filled in. `first_number` is the number of the occurrence that falls on `due_date`."""

    clinic_id: Mapped[int]
    client_id: Mapped[int]
    patient_id: Mapped[int]
    method: Mapped[Method] = mapped_column(Code(Method))
    email_override: Mapped[str | None] = mapped_column(Text(320))
    phone_override: Mapped[str | None] = mapped_column(Text(20))
    origin: Mapped[TextOrigin] = mapped_column(Code(TextOrigin))
    template_id: Mapped[int | None]
    template_revision: Mapped[int | None]
    template_language: Mapped[str | None] = mapped_column(Text(16))
    subject: Mapped[str] = mapped_column(Text(200))
    email_text: Mapped[str] = mapped_column(Text(3000))
    sms_text: Mapped[str] = mapped_column(Text(3000))
    letter_text: Mapped[str] = mapped_column(Text(3000))
    due_date: Mapped[date]
    send_before: Mapped[int]
    recurrence: Mapped[Recurrence] = mapped_column(Code(Recurrence))
    repetitions: Mapped[int]
    first_number: Mapped[int]


class ReminderRow(FilledIn, Base):
    """A reminder as it is filled in now. `version` counts what staff did to it.

    `search_key` is what a search in the list compares of it (see `bot.store.search_key`).
    """

    __tablename__ = "reminders"
    __table_args__ = (
        *_filled_in_form(),
        one_of("state", ReminderState),
        UniqueConstraint("id", "workspace_id"),
        Index(None, "workspace_id", "state"),
        Index(None, "client_id"),
        Index(None, "patient_id"),
        Index(None, "template_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    state: Mapped[ReminderState] = mapped_column(Code(ReminderState))
    version: Mapped[int]
    created_by: Mapped[str] = mapped_column(Text(32))
    created_at: Mapped[datetime] = mapped_column(Moment)
    search_key: Mapped[str] = mapped_column(Text(REMINDER_KEY_LENGTH), server_default=text("''"))


class EarlierFormRow(FilledIn, Base):
    """What a reminder said before an edit, up to and with `version`; kept while somebody can still ask for it.

    `plan` holds what was still to come where the edit planned anew: for each occurrence its number, due date, time zone
    and send moment. It is empty where the edit left the plan as it was.
    """

    __tablename__ = "earlier_forms"
    __table_args__ = (
        *_filled_in_form(),
        ForeignKeyConstraint(["reminder_id", "workspace_id"], ["reminders.id", "reminders.workspace_id"]),
        Index(None, "replaced_at"),
    )

    reminder_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    plan: Mapped[list[list[Any]]] = mapped_column(JSON)
    replaced_at: Mapped[datetime] = mapped_column(Moment)


class HistoryRow(Base):
    """What happened to a reminder, by whom (a Slack user id, or `system`), and when. Ids and codes only."""

    __tablename__ = "history"
    __table_args__ = (
        ForeignKeyConstraint(["reminder_id", "workspace_id"], ["reminders.id", "reminders.workspace_id"]),
        Index(None, "reminder_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    reminder_id: Mapped[int]
    delivery_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text(32))
    event: Mapped[Event] = mapped_column(Code(Event))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class SubmissionRow(Base):
    """A form that was saved, so that Slack's second delivery of it is known (`bot.services.reminders`).

    `fingerprint` is a hash of what was typed: whether a second delivery says the same, without what it says.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(["reminder_id", "workspace_id"], ["reminders.id", "reminders.workspace_id"]),
        Index(None, "created_at"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text(64))
    reminder_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
