"""What do the templates say, what did they say before, and which reminders took a change over?"""

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
    TextOrigin,
)
from bot.domain.text_replacement import Scope
from bot.store.columns import Code, Moment, Text, one_of
from bot.store.tables.base import Base


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
