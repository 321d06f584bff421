"""Which templates are there, and what do they say in a client's language?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.model import Template, Texts
from bot.store.tables import TemplateRow, TemplateTextRow


def offered(session: Session, workspace: int) -> list[tuple[int, str]]:
    """Id and name of every template that is not retired, by name."""
    rows = session.execute(
        select(TemplateRow.id, TemplateRow.name)
        .where(TemplateRow.workspace_id == workspace, TemplateRow.retired_at.is_(None))
        .order_by(TemplateRow.name)
    )
    return [(row.id, row.name) for row in rows]


def names(session: Session, workspace: int) -> set[str]:
    """The name of every template, retired ones too."""
    return set(session.scalars(select(TemplateRow.name).where(TemplateRow.workspace_id == workspace)))


def find(session: Session, workspace: int, template_id: int, *languages: str) -> Template | None:
    """A template with its current texts in the first of `languages` that it has, else in whichever it has first."""
    rows = session.execute(
        select(TemplateRow, TemplateTextRow)
        .join(
            TemplateTextRow,
            (TemplateTextRow.template_id == TemplateRow.id) & (TemplateTextRow.revision == TemplateRow.revision),
        )
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
    session.add_all(
        TemplateTextRow(
            template_id=row.id,
            revision=1,
            language=language,
            subject=written.subject,
            email_text=written.email,
            sms_text=written.sms,
            letter_text=written.letter,
            created_by=created_by,
            created_at=now,
        )
        for language, written in texts.items()
    )
    session.flush()
    return row.id
