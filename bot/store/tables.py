"""Which tables are there, and which states can they never be in?

Every row that belongs to a workspace carries its id, and the foreign keys are composite, so that a reminder of one
workspace cannot point at another's client, nor at another client's patient. Texts of clients appear in `clients`,
`patients`, `template_texts`, `reminders` with their earlier forms, `replaced_texts`, `contact_tasks` and, as what staff
searched for, `list_filters`, and nowhere else: the history, the steps and the deliveries hold ids and codes.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Constraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy import Text as WholeText
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.domain.model import (
    Channel,
    ClientEvent,
    DeliveryState,
    Event,
    Method,
    Reason,
    Recurrence,
    ReminderState,
    StepKind,
    TaskState,
    TextOrigin,
)
from bot.domain.reminder_filter import WORDS_LENGTH, Place, Status, Window
from bot.domain.rights import Editors
from bot.domain.text_replacement import Scope
from bot.store.columns import Code, Moment, NameKey, Text, one_of
from bot.store.search_key import CLIENT_KEY_LENGTH, NAME_KEY_LENGTH, PATIENT_KEY_LENGTH, REMINDER_KEY_LENGTH


class Base(DeclarativeBase):
    """The metadata that the migrations are held against; every constraint has a name on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s",
            "uq": "%(table_name)s_%(column_0_N_name)s_unique",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )


class WorkspaceRow(Base):
    """A Slack workspace in which the bot is installed.

    `bot_token_hash` is the SHA-256 of the bot token that Slack last said is this workspace's. Before `cards_not_before`
    Slack wants to see no contact task's card. `version` counts the changes of what is set for all of its clinics.
    """

    __tablename__ = "workspaces"
    __table_args__ = (
        Index(None, "bot_token_hash", unique=True),
        one_of("template_editors", Editors),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(Text(32), unique=True)
    bot_token_hash: Mapped[str | None] = mapped_column(Text(64))
    cards_not_before: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    template_editors: Mapped[Editors] = mapped_column(Code(Editors), server_default=text("'everybody'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class TemplateEditorRow(Base):
    """Somebody who is named as one who may change the workspace's templates."""

    __tablename__ = "template_editors"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Text(32), primary_key=True)


class ClinicRow(Base):
    """One location of a workspace.

    `closed_weekdays` has a bit for each day of the week without sends: 1 is Monday's, 64 Sunday's. `subdivision` is the
    part of the country whose holidays count, empty for the country's own. `version` counts the changes of settings.
    """

    __tablename__ = "clinics"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("id", "workspace_id"),
        CheckConstraint("opens <= send_time AND send_time < closes", name="sends_within_its_window"),
        one_of("default_method", Method),
        CheckConstraint("closed_weekdays >= 0 AND closed_weekdays < 127", name="sends_on_some_weekday"),
        CheckConstraint("subdivision = '' OR closed_on_holidays", name="subdivision_is_for_holidays"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(Text(200))
    phone: Mapped[str] = mapped_column(Text(40))
    time_zone: Mapped[str] = mapped_column(Text(64))
    send_time: Mapped[time]
    opens: Mapped[time]
    closes: Mapped[time]
    language: Mapped[str] = mapped_column(Text(16))
    country: Mapped[str] = mapped_column(Text(2))
    staff_channel: Mapped[str] = mapped_column(Text(32))
    sender_email: Mapped[str] = mapped_column(Text(320))
    default_method: Mapped[Method] = mapped_column(Code(Method))
    policy_note: Mapped[str] = mapped_column(Text(1000))
    closed_weekdays: Mapped[int] = mapped_column(server_default=text("0"))
    closed_on_holidays: Mapped[bool] = mapped_column(server_default=false())
    subdivision: Mapped[str] = mapped_column(Text(32), server_default=text("''"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    sender_name: Mapped[str] = mapped_column(Text(200), server_default=text("''"))
    reply_to: Mapped[str] = mapped_column(Text(320), server_default=text("''"))


class SettingsChangeRow(Base):
    """One save of a clinic's settings, or the clinic's first ones: who and when, and which of them became others.

    `version` is the clinic's that it made or left, `workspace_version` the workspace's. `fields` holds their names,
    never their values. `key` names the submission, so that a second delivery of it is known; `moved` counts the
    reminders of which a send then went at another moment.
    """

    __tablename__ = "settings_changes"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "workspace_id"], ["clinics.id", "clinics.workspace_id"]),
        UniqueConstraint("workspace_id", "key"),
        CheckConstraint("moved >= 0", name="moved_is_a_count"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("workspace_version >= 1", name="workspace_version_counts_from_one"),
        Index(None, "clinic_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    clinic_id: Mapped[int]
    version: Mapped[int]
    workspace_version: Mapped[int]
    key: Mapped[str] = mapped_column(Text(200))
    by: Mapped[str] = mapped_column(Text(32))
    at: Mapped[datetime] = mapped_column(Moment)
    fields: Mapped[list[str]] = mapped_column(JSON)
    moved: Mapped[int]


class ClientRow(Base):
    """A pet's owner.

    `search_key` is what the type-ahead compares (see `bot.store.search_key`), and `patients_key` that of the living
    patients together; `name_key` is what the name is ordered by. By the grams of both keys a client is found
    (`bot.store.grams`).
    """

    __tablename__ = "clients"
    __table_args__ = (
        UniqueConstraint("id", "workspace_id"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        Index("clients_in_order", "workspace_id", "active", "name_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(Text(200))
    email: Mapped[str | None] = mapped_column(Text(320))
    phone: Mapped[str | None] = mapped_column(Text(20))
    language: Mapped[str] = mapped_column(Text(16))
    email_allowed: Mapped[bool]
    sms_allowed: Mapped[bool]
    active: Mapped[bool]
    search_key: Mapped[str] = mapped_column(Text(CLIENT_KEY_LENGTH))
    patients_key: Mapped[str] = mapped_column(WholeText, default="", server_default=text("''"))
    name_key: Mapped[str] = mapped_column(NameKey(NAME_KEY_LENGTH), server_default=text("''"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class PatientRow(Base):
    """A pet."""

    __tablename__ = "patients"
    __table_args__ = (
        ForeignKeyConstraint(["client_id", "workspace_id"], ["clients.id", "clients.workspace_id"]),
        UniqueConstraint("id", "client_id"),
        Index(None, "client_id"),
        Index(
            "patients_in_order",
            "workspace_id",
            "name_key",
            "id",
            sqlite_where=text("active IS 1 AND died_on IS NULL"),
            postgresql_where=text("active IS true AND died_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    client_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text(200))
    species: Mapped[str] = mapped_column(Text(100))
    active: Mapped[bool]
    died_on: Mapped[date | None]
    search_key: Mapped[str] = mapped_column(Text(PATIENT_KEY_LENGTH))
    name_key: Mapped[str] = mapped_column(NameKey(NAME_KEY_LENGTH), server_default=text("''"))


class TemplateRow(Base):
    """A named set of texts. `revision` is the current one; older ones stay (rule P10)."""

    __tablename__ = "templates"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("id", "workspace_id"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(Text(75))
    revision: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


class TemplateTextRow(Base):
    """The texts of one revision of a template in one language."""

    __tablename__ = "template_texts"

    template_id: Mapped[int] = mapped_column(ForeignKey("templates.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text(16), primary_key=True)
    subject: Mapped[str] = mapped_column(Text(200))
    email_text: Mapped[str] = mapped_column(Text(3000))
    sms_text: Mapped[str] = mapped_column(Text(3000))
    letter_text: Mapped[str] = mapped_column(Text(3000))
    created_by: Mapped[str] = mapped_column(Text(32))
    created_at: Mapped[datetime] = mapped_column(Moment)


class TemplateChangeRow(Base):
    """One save of a template's form, and what was then done about the waiting reminders made from it (rule P10).

    `revision` is the one that it made, `replaced` the one before it, empty where the template is new. `rewrites` tells
    that the texts in `language` became others. `key` names the submission, so that a second delivery of it is known.
    """

    __tablename__ = "template_changes"
    __table_args__ = (
        ForeignKeyConstraint(["template_id", "workspace_id"], ["templates.id", "templates.workspace_id"]),
        ForeignKeyConstraint(
            ["template_id", "revision", "language"],
            ["template_texts.template_id", "template_texts.revision", "template_texts.language"],
        ),
        UniqueConstraint("workspace_id", "key"),
        UniqueConstraint("template_id", "revision"),
        UniqueConstraint("id", "workspace_id"),
        one_of("scope", Scope),
        CheckConstraint("replaced IS NULL OR replaced < revision", name="replaces_an_earlier_revision"),
        CheckConstraint("replaced IS NOT NULL OR NOT rewrites", name="what_is_new_rewrites_nothing"),
        CheckConstraint("scope IS NULL OR rewrites", name="scope_is_of_other_texts"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_is_told_whole"),
        CheckConstraint("undone_at IS NULL OR rewrites", name="undone_were_other_texts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    template_id: Mapped[int]
    revision: Mapped[int]
    replaced: Mapped[int | None]
    language: Mapped[str] = mapped_column(Text(16))
    rewrites: Mapped[bool]
    key: Mapped[str] = mapped_column(Text(200))
    made_by: Mapped[str] = mapped_column(Text(32))
    made_at: Mapped[datetime] = mapped_column(Moment)
    scope: Mapped[Scope | None] = mapped_column(Code(Scope))
    undone_by: Mapped[str | None] = mapped_column(Text(32))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class ReplacedTextRow(Base):
    """What a reminder said before a change of its template replaced it, so that it can be put back."""

    __tablename__ = "replaced_texts"
    __table_args__ = (
        ForeignKeyConstraint(["change_id", "workspace_id"], ["template_changes.id", "template_changes.workspace_id"]),
        ForeignKeyConstraint(["reminder_id", "workspace_id"], ["reminders.id", "reminders.workspace_id"]),
        CheckConstraint("origin IN ('template', 'edited')", name="origin_is_a_template"),
        Index(None, "reminder_id"),
    )

    change_id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    origin: Mapped[TextOrigin] = mapped_column(Code(TextOrigin))
    template_revision: Mapped[int]
    subject: Mapped[str] = mapped_column(Text(200))
    email_text: Mapped[str] = mapped_column(Text(3000))
    sms_text: Mapped[str] = mapped_column(Text(3000))
    letter_text: Mapped[str] = mapped_column(Text(3000))


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

    `finished_at` is empty exactly while the row is planned or being sent; the index of what is due hangs on it alone,
    so that a claim changes no index. `begun_at` tells that the message may have left: a lease that ended without it
    is planned again, one that ended with it is unknown.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["occurrence_id", "workspace_id"], ["occurrences.id", "occurrences.workspace_id"]),
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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    occurrence_id: Mapped[int]
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    key: Mapped[str] = mapped_column(Text(32), unique=True)
    state: Mapped[DeliveryState] = mapped_column(Code(DeliveryState))
    send_at: Mapped[datetime] = mapped_column(Moment)
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
    revision: Mapped[int]
    card_revision: Mapped[int]
    card_channel: Mapped[str | None] = mapped_column(Text(32))
    card_ts: Mapped[str | None] = mapped_column(Text(32))
    card_lease_until: Mapped[datetime | None] = mapped_column(Moment)
    card_attempt: Mapped[int]


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


class ClientHistoryRow(Base):
    """Who added, changed or looked at a client's record (a Slack user id), and when. Ids and codes only.

    `key` names the form that was saved, so that Slack's second delivery of it is known.
    """

    __tablename__ = "client_history"
    __table_args__ = (
        ForeignKeyConstraint(["client_id", "workspace_id"], ["clients.id", "clients.workspace_id"]),
        UniqueConstraint("workspace_id", "key"),
        Index(None, "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    client_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text(32))
    event: Mapped[ClientEvent] = mapped_column(Code(ClientEvent))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(Text(200))


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


class ListFilterRow(Base):
    """What a person chose in a list of reminders, as it is opened again (rule P15; `bot.domain.reminder_filter`).

    `words` can name a client. `version` counts the changes, so that what is shown can be told from what was shown
    before.
    """

    __tablename__ = "list_filters"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "workspace_id"], ["clinics.id", "clinics.workspace_id"]),
        one_of("place", Place),
        one_of("status", Status),
        one_of("method", Method),
        one_of("due_window", Window),
        CheckConstraint(
            "due_window = 'between' OR (first_day IS NULL AND last_day IS NULL)", name="days_are_of_their_window"
        ),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Text(32), primary_key=True)
    place: Mapped[Place] = mapped_column(Code(Place), primary_key=True)
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text(WORDS_LENGTH))
    clinic_id: Mapped[int | None]
    status: Mapped[Status] = mapped_column(Code(Status))
    method: Mapped[Method | None] = mapped_column(Code(Method))
    due_window: Mapped[Window] = mapped_column(Code(Window))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    is_mine: Mapped[bool]


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
