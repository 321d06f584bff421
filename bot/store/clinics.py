"""Which workspaces and clinics are there, and how do a clinic's settings change?"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.closed_days import WEEK, ClosedDays
from bot.domain.model import Clinic, SendingHours
from bot.domain.rights import TemplateEditors
from bot.public_holidays import PublicHolidays, closed_days
from bot.store.tables import ClinicRow, TemplateEditorRow, WorkspaceRow


@dataclasses.dataclass(frozen=True, slots=True)
class ForAllClinics:
    """What is set for all clinics of a workspace; `version` counts the changes."""

    version: int
    template_editors: TemplateEditors


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


def for_all(session: Session, workspace: int, *, lock: bool = False) -> ForAllClinics:
    """What is set for all clinics of a workspace; with `lock`, nobody changes it until the transaction ends."""
    chosen = select(WorkspaceRow).where(WorkspaceRow.id == workspace)
    row = session.scalars(chosen.with_for_update(key_share=True) if lock else chosen).one()
    named = session.scalars(select(TemplateEditorRow.user_id).where(TemplateEditorRow.workspace_id == workspace))
    return ForAllClinics(row.version, TemplateEditors(row.template_editors, frozenset(named)))


def change_for_all(session: Session, workspace: int, wanted: ForAllClinics) -> bool:
    """Store it if nobody changed it since `wanted.version` was read; tells whether it was."""
    editors = wanted.template_editors
    changed = session.execute(
        update(WorkspaceRow)
        .where(WorkspaceRow.id == workspace, WorkspaceRow.version == wanted.version)
        .values(version=WorkspaceRow.version + 1, template_editors=editors.who)
        .returning(WorkspaceRow.id)
        .execution_options(synchronize_session=False)
    )
    if changed.one_or_none() is None:
        return False
    session.execute(delete(TemplateEditorRow).where(TemplateEditorRow.workspace_id == workspace))
    if editors.named:
        rows = [{"workspace_id": workspace, "user_id": one} for one in sorted(editors.named)]
        session.execute(insert(TemplateEditorRow), rows)
    return True


def of_workspace(session: Session, workspace: int) -> list[Clinic]:
    """The clinics of a workspace, by name."""
    rows = session.scalars(select(ClinicRow).where(ClinicRow.workspace_id == workspace).order_by(ClinicRow.name))
    return [from_row(row) for row in rows]


def find(session: Session, workspace: int, clinic: int, *, lock: bool = False) -> Clinic | None:
    """One clinic of a workspace; with `lock`, nothing is planned by its settings until the transaction ends."""
    chosen = select(ClinicRow).where(ClinicRow.id == clinic, ClinicRow.workspace_id == workspace)
    # `key_share`: rows that merely belong to the clinic, as a contact task does, are added all the same.
    row = session.scalar(chosen.with_for_update(key_share=True) if lock else chosen)
    return None if row is None else from_row(row)


def hold(session: Session, workspace: int) -> None:
    """Let nobody change a clinic's settings until the transaction ends: what is planned now is planned by them."""
    session.execute(select(ClinicRow.id).where(ClinicRow.workspace_id == workspace).with_for_update(read=True))


def add(session: Session, clinic: Clinic) -> Clinic:
    """Store a clinic; its `id` is given by the database."""
    row = ClinicRow(workspace_id=clinic.workspace_id, version=clinic.version, **_columns(clinic))
    session.add(row)
    session.flush()
    return dataclasses.replace(clinic, id=row.id)


def change(session: Session, clinic: Clinic) -> bool:
    """Store a clinic's settings if nobody changed them since `clinic.version` was read; tells whether they were."""
    changed = session.execute(
        update(ClinicRow)
        .where(
            ClinicRow.id == clinic.id,
            ClinicRow.workspace_id == clinic.workspace_id,
            ClinicRow.version == clinic.version,
        )
        .values(version=ClinicRow.version + 1, **_columns(clinic))
        .returning(ClinicRow.id)
        .execution_options(synchronize_session=False)
    )
    return changed.one_or_none() is not None


def from_row(row: ClinicRow) -> Clinic:
    """The clinic in a row."""
    return Clinic(
        id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        phone=row.phone,
        hours=SendingHours(ZoneInfo(row.time_zone), row.send_time, row.opens, row.closes, _closed(row)),
        language=row.language,
        country=row.country,
        staff_channel=row.staff_channel,
        sender_email=row.sender_email,
        default_method=row.default_method,
        policy_note=row.policy_note,
        sender_name=row.sender_name,
        reply_to=row.reply_to,
        version=row.version,
    )


def _columns(clinic: Clinic) -> dict[str, Any]:
    holidays = clinic.hours.closed.holidays
    return {
        "name": clinic.name,
        "phone": clinic.phone,
        "time_zone": clinic.hours.zone.key,
        "send_time": clinic.hours.send_time,
        "opens": clinic.hours.opens,
        "closes": clinic.hours.closes,
        "closed_weekdays": sum(_bit(day) for day in clinic.hours.closed.weekdays),
        "closed_on_holidays": isinstance(holidays, PublicHolidays),
        "subdivision": holidays.subdivision if isinstance(holidays, PublicHolidays) else "",
        "language": clinic.language,
        "country": clinic.country,
        "staff_channel": clinic.staff_channel,
        "sender_email": clinic.sender_email,
        "default_method": clinic.default_method,
        "policy_note": clinic.policy_note,
        "sender_name": clinic.sender_name,
        "reply_to": clinic.reply_to,
    }


def _closed(row: ClinicRow) -> ClosedDays:
    weekdays = (day for day in WEEK if row.closed_weekdays & _bit(day))
    return closed_days(weekdays, row.country, row.subdivision, on_holidays=row.closed_on_holidays)


def _bit(weekday: int) -> int:
    return 1 << (weekday - 1)
