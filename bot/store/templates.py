"""Which templates are there, and what do they say in a client's language?"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.model import ReminderState, Template, Texts
from bot.store import search_key
from bot.store.tables import DeliveryRow, OccurrenceRow, ReminderRow, TemplateRow, TemplateTextRow


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateListed:
    """One line of the list of templates."""

    id: int
    name: str = dataclasses.field(repr=False)
    languages: tuple[str, ...]
    retired: bool


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateWhole:
    """A template with its current texts in every language."""

    id: int
    name: str = dataclasses.field(repr=False)
    revision: int
    retired: bool
    texts: Mapping[str, Texts] = dataclasses.field(repr=False)


def offered(session: Session, workspace: int, also: int | None = None) -> list[tuple[int, str]]:
    """Id and name, by name, of every template that is not retired, and of the one that was chosen before it was."""
    rows = session.execute(
        select(TemplateRow.id, TemplateRow.name)
        .where(
            TemplateRow.workspace_id == workspace,
            or_(TemplateRow.retired_at.is_(None), TemplateRow.id == also),
        )
        .order_by(TemplateRow.name)
    )
    return [(row.id, row.name) for row in rows]


def offered_for(session: Session, workspace: int, query: str) -> list[tuple[int, str]]:
    """As `offered`, those in whose name every word of `query` is found."""
    return [(template, name) for template, name in offered(session, workspace) if _is_found(name, query)]


def listed(session: Session, workspace: int, query: str = "") -> list[TemplateListed]:
    """Every template in whose name every word of `query` is found, by name, those that are retired last."""
    rows = session.execute(
        select(TemplateRow, TemplateTextRow.language)
        .join(TemplateTextRow, _is_current())
        .where(TemplateRow.workspace_id == workspace)
        .order_by(TemplateRow.retired_at.is_not(None), TemplateRow.name, TemplateRow.id, TemplateTextRow.language)
    )
    return [
        TemplateListed(row.id, row.name, tuple(language for _, language in group), row.retired_at is not None)
        for row, group in itertools.groupby(rows, key=lambda pair: pair[0])
        if _is_found(row.name, query)
    ]


def waiting_counts(session: Session, workspace: int, template_ids: Sequence[int]) -> dict[int, int]:
    """From how many of these templates' reminders something is left to send; a template without any is left out."""
    unfinished = exists().where(
        OccurrenceRow.reminder_id == ReminderRow.id,
        DeliveryRow.occurrence_id == OccurrenceRow.id,
        DeliveryRow.finished_at.is_(None),
    )
    rows = session.execute(
        select(ReminderRow.template_id, func.count())
        .where(
            ReminderRow.workspace_id == workspace,
            ReminderRow.template_id.in_(template_ids),
            ReminderRow.state != ReminderState.CANCELLED,
            unfinished,
        )
        .group_by(ReminderRow.template_id)
    )
    return {template: count for template, count in rows if template is not None}


def whole(session: Session, workspace: int, template_id: int, *, lock: bool = False) -> TemplateWhole | None:
    """One template; with `lock`, nobody else can change it until the transaction ends."""
    chosen = select(TemplateRow).where(TemplateRow.workspace_id == workspace, TemplateRow.id == template_id)
    # The weaker lock: a reminder made from the template at this moment refers to its row, and need not wait.
    row = session.scalar(chosen.with_for_update(key_share=True) if lock else chosen)
    if row is None:
        return None
    return TemplateWhole(
        row.id, row.name, row.revision, row.retired_at is not None, texts_of(session, row.id, row.revision)
    )


def texts_of(session: Session, template_id: int, revision: int) -> dict[str, Texts]:
    """The texts of one revision, by language."""
    rows = session.scalars(
        select(TemplateTextRow)
        .where(TemplateTextRow.template_id == template_id, TemplateTextRow.revision == revision)
        .order_by(TemplateTextRow.language)
    )
    return {row.language: Texts(row.subject, row.email_text, row.sms_text, row.letter_text) for row in rows}


def taken_names(session: Session, workspace: int, besides: int | None = None) -> dict[str, bool]:
    """The name of every other template than that one, and whether it is retired."""
    rows = session.scalars(select(TemplateRow).where(TemplateRow.workspace_id == workspace))
    return {row.name: row.retired_at is not None for row in rows if row.id != besides}


def names(session: Session, workspace: int) -> set[str]:
    """The name of every template, retired ones too."""
    return set(session.scalars(select(TemplateRow.name).where(TemplateRow.workspace_id == workspace)))


def find(session: Session, workspace: int, template_id: int, *languages: str) -> Template | None:
    """A template with its current texts in the first of `languages` that it has, else in whichever it has first."""
    rows = session.execute(
        select(TemplateRow, TemplateTextRow)
        .join(TemplateTextRow, _is_current())
        .where(TemplateRow.workspace_id == workspace, TemplateRow.id == template_id)
        .order_by(TemplateTextRow.language)
    ).all()
    if not rows:
        return None
    written = {texts.language: (template, texts) for template, texts in rows}
    language = next((language for language in languages if language in written), rows[0][1].language)
    template, texts = written[language]
    return Template(
        id=template.id,
        name=template.name,
        revision=template.revision,
        language=language,
        texts=Texts(texts.subject, texts.email_text, texts.sms_text, texts.letter_text),
        retired=template.retired_at is not None,
    )


def add(
    session: Session, workspace: int, name: str, texts: Mapping[str, Texts], *, created_by: str, now: datetime
) -> int:
    """Store a template with its first texts, one set a language, and return its id."""
    row = TemplateRow(workspace_id=workspace, name=name, revision=1)
    session.add(row)
    session.flush()
    _write_texts(session, row.id, 1, texts, created_by=created_by, now=now)
    return row.id


def revise(
    session: Session, before: TemplateWhole, name: str, texts: Mapping[str, Texts], *, created_by: str, now: datetime
) -> bool:
    """Give a template its next revision if nobody did since it was read; tells whether it was given."""
    revised = session.execute(
        update(TemplateRow)
        .where(TemplateRow.id == before.id, TemplateRow.revision == before.revision)
        .values(name=name, revision=before.revision + 1)
        .returning(TemplateRow.id)
    )
    if revised.one_or_none() is None:
        return False
    _write_texts(session, before.id, before.revision + 1, texts, created_by=created_by, now=now)
    return True


def retire(session: Session, workspace: int, template_id: int, at: datetime | None) -> bool:
    """Retire a template at a moment, or with `None` offer it again; tells whether it was not so already."""
    stands = TemplateRow.retired_at.is_(None) if at is not None else TemplateRow.retired_at.is_not(None)
    changed = session.execute(
        update(TemplateRow)
        .where(TemplateRow.workspace_id == workspace, TemplateRow.id == template_id, stands)
        .values(retired_at=at)
        .returning(TemplateRow.id)
    )
    return changed.one_or_none() is not None


def _write_texts(
    session: Session,
    template_id: int,
    revision: int,
    texts: Mapping[str, Texts],
    *,
    created_by: str,
    now: datetime,
) -> None:
    session.execute(
        insert(TemplateTextRow),
        [
            {
                "template_id": template_id,
                "revision": revision,
                "language": language,
                "subject": written.subject,
                "email_text": written.email,
                "sms_text": written.sms,
                "letter_text": written.letter,
                "created_by": created_by,
                "created_at": now,
            }
            for language, written in texts.items()
        ],
    )


def _is_found(name: str, query: str) -> bool:
    key = search_key.fold(name)
    return all(word in key for word in search_key.words(query))


def _is_current() -> ColumnElement[bool]:
    return (TemplateTextRow.template_id == TemplateRow.id) & (TemplateTextRow.revision == TemplateRow.revision)
