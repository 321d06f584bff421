"""How did a template change, which reminders took that over, and what did they say before?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.model import DeliveryState, Reminder, ReminderState, Texts
from bot.domain.text_replacement import Before, Scope
from bot.store import reminders
from bot.store.tables import DeliveryRow, OccurrenceRow, ReminderRow, ReplacedTextRow, TemplateChangeRow


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateChange:
    """One save of a template's form; `replaced` is the revision before it, `None` where the template was new."""

    id: int
    template_id: int
    revision: int
    replaced: int | None
    language: str
    rewrites: bool
    """Whether the texts became others."""
    made_by: str
    made_at: datetime
    scope: Scope | None
    """Which waiting reminders took it over; `None` while nobody has said."""
    undone: bool


def add(
    session: Session,
    workspace: int,
    key: str,
    *,
    template_id: int,
    revision: int,
    replaced: int | None,
    language: str,
    rewrites: bool,
    who: str,
    now: datetime,
) -> int:
    """Store a save under the key of its submission; the id.

    Raises:
        sqlalchemy.exc.IntegrityError: if another delivery of the submission stored it first.
    """
    return session.scalars(
        insert(TemplateChangeRow)
        .values(
            workspace_id=workspace,
            key=key,
            template_id=template_id,
            revision=revision,
            replaced=replaced,
            language=language,
            rewrites=rewrites,
            made_by=who,
            made_at=now,
        )
        .returning(TemplateChangeRow.id)
    ).one()


def find(session: Session, workspace: int, change_id: int) -> TemplateChange | None:
    """One change."""
    row = session.scalar(
        select(TemplateChangeRow).where(TemplateChangeRow.workspace_id == workspace, TemplateChangeRow.id == change_id)
    )
    return None if row is None else change_from_row(row)


def saved_as(session: Session, workspace: int, key: str) -> TemplateChange | None:
    """The change that an earlier delivery of this submission made."""
    row = session.scalar(
        select(TemplateChangeRow).where(TemplateChangeRow.workspace_id == workspace, TemplateChangeRow.key == key)
    )
    return None if row is None else change_from_row(row)


def latest(session: Session, workspace: int, template_id: int) -> dict[str, TemplateChange]:
    """The newest change of a template's texts in each language."""
    rows = session.scalars(
        select(TemplateChangeRow)
        .where(
            TemplateChangeRow.workspace_id == workspace,
            TemplateChangeRow.template_id == template_id,
            TemplateChangeRow.rewrites,
        )
        .order_by(TemplateChangeRow.revision)
    )
    return {row.language: change_from_row(row) for row in rows}


def decide(session: Session, change_id: int, scope: Scope) -> bool:
    """Say which reminders take a change over, if nobody has said so; tells whether it was said now."""
    said = session.execute(
        update(TemplateChangeRow)
        .where(
            TemplateChangeRow.id == change_id,
            TemplateChangeRow.scope.is_(None),
            TemplateChangeRow.undone_at.is_(None),
        )
        .values(scope=scope)
        .returning(TemplateChangeRow.id)
    )
    return said.one_or_none() is not None


def mark_undone(session: Session, change_id: int, *, who: str, now: datetime) -> bool:
    """Mark a change as undone, if it is not; tells whether it was marked now."""
    marked = session.execute(
        update(TemplateChangeRow)
        .where(TemplateChangeRow.id == change_id, TemplateChangeRow.undone_at.is_(None))
        .values(undone_by=who, undone_at=now)
        .returning(TemplateChangeRow.id)
    )
    return marked.one_or_none() is not None


def waiting_reminders(
    session: Session, workspace: int, template_id: int, language: str, *, lock: bool = False
) -> list[Reminder]:
    """The reminders made from a template's texts in one language, with something planned and nothing being sent.

    With `lock`, nothing of them can begin to be sent until the transaction ends.
    """
    made_from = (
        ReminderRow.workspace_id == workspace,
        ReminderRow.template_id == template_id,
        ReminderRow.template_language == language,
        ReminderRow.state != ReminderState.CANCELLED,
    )
    if lock:
        # First of all: what became of the deliveries is then looked at anew, and stays so.
        session.execute(
            select(ReminderRow.id)
            .where(*made_from, _has(DeliveryState.PLANNED))
            .order_by(ReminderRow.id)
            .with_for_update(key_share=True)
        ).all()
    rows = session.scalars(
        select(ReminderRow)
        .where(*made_from, _has(DeliveryState.PLANNED), ~_has(DeliveryState.SENDING))
        .order_by(ReminderRow.id)
    )
    return [reminders.from_row(row) for row in rows]


def count_waiting(session: Session, workspace: int, template_id: int, language: str, *, most: int) -> int:
    """How many reminders made from a template's texts in one language have something planned; `most` if more."""
    some = (
        select(ReminderRow.id)
        .where(
            ReminderRow.workspace_id == workspace,
            ReminderRow.template_id == template_id,
            ReminderRow.template_language == language,
            ReminderRow.state != ReminderState.CANCELLED,
            _has(DeliveryState.PLANNED),
        )
        .limit(most)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def keep(session: Session, workspace: int, change_id: int, before: Sequence[Reminder]) -> None:
    """Store what these reminders say, before a change replaces it."""
    if not before:
        return
    session.execute(
        insert(ReplacedTextRow),
        [
            {
                "change_id": change_id,
                "workspace_id": workspace,
                "reminder_id": one.id,
                "origin": one.draft.origin,
                "template_revision": one.draft.template_revision,
                "subject": one.draft.texts.subject,
                "email_text": one.draft.texts.email,
                "sms_text": one.draft.texts.sms,
                "letter_text": one.draft.texts.letter,
            }
            for one in before
        ],
    )


def count_replaced(session: Session, change_id: int) -> int:
    """How many reminders took a change over."""
    return (
        session.scalar(select(func.count()).select_from(ReplacedTextRow).where(ReplacedTextRow.change_id == change_id))
        or 0
    )


def replaced_texts(session: Session, change_id: int) -> list[tuple[Reminder, Before]]:
    """The reminders that took a change over and have something left to send, and what each said before; all locked.

    What is being sent this moment is left out: it keeps its text.
    """
    session.execute(
        select(ReminderRow.id)
        .where(ReminderRow.id.in_(select(ReplacedTextRow.reminder_id).where(ReplacedTextRow.change_id == change_id)))
        .order_by(ReminderRow.id)
        .with_for_update(key_share=True)
    ).all()
    rows = session.execute(
        select(ReminderRow, ReplacedTextRow)
        .join(ReplacedTextRow, ReplacedTextRow.reminder_id == ReminderRow.id)
        .where(
            ReplacedTextRow.change_id == change_id,
            _has(DeliveryState.PLANNED, DeliveryState.CANCELLED),
            ~_has(DeliveryState.SENDING),
        )
        .order_by(ReminderRow.id)
    )
    return [
        (
            reminders.from_row(row),
            Before(
                Texts(kept.subject, kept.email_text, kept.sms_text, kept.letter_text),
                kept.origin,
                kept.template_revision,
            ),
        )
        for row, kept in rows
    ]


def _has(*states: DeliveryState) -> ColumnElement[bool]:
    return exists().where(
        OccurrenceRow.reminder_id == ReminderRow.id,
        DeliveryRow.occurrence_id == OccurrenceRow.id,
        DeliveryRow.state.in_(states),
    )


def change_from_row(row: TemplateChangeRow) -> TemplateChange:
    """The change in a row."""
    return TemplateChange(
        id=row.id,
        template_id=row.template_id,
        revision=row.revision,
        replaced=row.replaced,
        language=row.language,
        rewrites=row.rewrites,
        made_by=row.made_by,
        made_at=row.made_at,
        scope=row.scope,
        undone=row.undone_at is not None,
    )
