"""Who are the clients and patients, and who looked at or changed their records?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy import Text as WholeText
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.model import (
    ClientEvent,
)
from bot.store.columns import Code, Moment, NameKey, Text
from bot.store.search_key import CLIENT_KEY_LENGTH, NAME_KEY_LENGTH, PATIENT_KEY_LENGTH
from bot.store.tables.base import Base


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
