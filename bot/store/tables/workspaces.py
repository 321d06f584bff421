"""Which workspaces and clinics are there, how are they set up, and what did their staff choose to see?"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.model import (
    Method,
)
from bot.domain.reminder_filter import WORDS_LENGTH, Place, Status, Window
from bot.domain.rights import Editors
from bot.store.columns import Code, Moment, Text, one_of
from bot.store.tables.base import Base


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
