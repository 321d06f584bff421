"""Which workspaces and clinics are there?"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.domain.model import Clinic, SendingHours
from bot.store.tables import ClinicRow, WorkspaceRow


def workspace_id(session: Session, team_id: str) -> int | None:
    """The id of the workspace that Slack calls `team_id`."""
    return session.scalar(select(WorkspaceRow.id).where(WorkspaceRow.team_id == team_id))


def add_workspace(session: Session, team_id: str, now: datetime) -> int:
    """Store a workspace."""
    return session.scalars(
        insert(WorkspaceRow).values(team_id=team_id, created_at=now).returning(WorkspaceRow.id)
    ).one()


def remember_bot(session: Session, team_id: str, token_hash: str) -> None:
    """Store that the bot token of this hash is that of a workspace; nothing, if there is no such workspace yet."""
    session.execute(update(WorkspaceRow).where(WorkspaceRow.team_id == team_id).values(bot_token_hash=token_hash))


def teams(session: Session) -> list[tuple[str, str | None]]:
    """Slack's id of every workspace, and the hash of its bot token where that is known."""
    return [(row.team_id, row.bot_token_hash) for row in session.scalars(select(WorkspaceRow))]


def of_workspace(session: Session, workspace: int) -> list[Clinic]:
    """The clinics of a workspace, by name."""
    rows = session.scalars(select(ClinicRow).where(ClinicRow.workspace_id == workspace).order_by(ClinicRow.name))
    return [from_row(row) for row in rows]


def find(session: Session, workspace: int, clinic: int) -> Clinic | None:
    """One clinic of a workspace."""
    row = session.scalar(select(ClinicRow).where(ClinicRow.id == clinic, ClinicRow.workspace_id == workspace))
    return None if row is None else from_row(row)


def add(session: Session, clinic: Clinic) -> Clinic:
    """Store a clinic; its `id` is given by the database."""
    row = ClinicRow(
        workspace_id=clinic.workspace_id,
        name=clinic.name,
        phone=clinic.phone,
        time_zone=clinic.hours.zone.key,
        send_time=clinic.hours.send_time,
        opens=clinic.hours.opens,
        closes=clinic.hours.closes,
        language=clinic.language,
        country=clinic.country,
        staff_channel=clinic.staff_channel,
        sender_email=clinic.sender_email,
        default_method=clinic.default_method,
        policy_note=clinic.policy_note,
    )
    session.add(row)
    session.flush()
    return dataclasses.replace(clinic, id=row.id)


def from_row(row: ClinicRow) -> Clinic:
    """The clinic in a row."""
    return Clinic(
        id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        phone=row.phone,
        hours=SendingHours(ZoneInfo(row.time_zone), row.send_time, row.opens, row.closes),
        language=row.language,
        country=row.country,
        staff_channel=row.staff_channel,
        sender_email=row.sender_email,
        default_method=row.default_method,
        policy_note=row.policy_note,
    )
