"""What does a changed template mean for the reminders that wait, and how is that undone (rule P10)?

Staff see how many there are and choose; the chosen ones' texts are replaced in one transaction. Whatever is being sent
or was sent stays as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from bot.domain import text_replacement
from bot.domain.errors import Conflict, NotFound
from bot.domain.messages import message
from bot.domain.model import Event, Reminder, ReminderDraft, TextOrigin, Texts
from bot.domain.rights import Staff
from bot.domain.text_replacement import Scope
from bot.services import templates as template_service
from bot.services import workspaces
from bot.services.templates import TemplateSeen
from bot.store import earlier_forms, history, reminders, template_changes, templates
from bot.store.database import Database, Session
from bot.store.template_changes import TemplateChange
from bot.store.templates import TemplateWhole


@dataclasses.dataclass(frozen=True, slots=True)
class Consequences:
    """What a change means for the reminders that wait: old and new texts, and how many would take them over."""

    change_id: int
    template_id: int
    name: str = dataclasses.field(repr=False)
    language: str
    old: Texts
    new: Texts
    unchanged: int
    """Reminders whose text nobody edited, and would become another."""
    edited: int
    """The same of those whose text was edited by hand."""

    @property
    def concerns_nobody(self) -> bool:
        """Whether no waiting reminder would change."""
        return not self.unchanged and not self.edited


@dataclasses.dataclass(frozen=True, slots=True)
class Applied:
    """How many reminders took a change over."""

    template: TemplateSeen
    replaced: int


@dataclasses.dataclass(frozen=True, slots=True)
class Undone:
    """How many reminders got their earlier text back, and how many that took the change over did not."""

    template: TemplateSeen
    put_back: int
    left: int


def consequences(database: Database, team_id: str, change_id: int) -> Consequences:
    """What would become of the waiting reminders.

    Raises:
        NotFound: if this workspace has no such change.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        change = _change(session, workspace, change_id)
        template = _template(session, workspace, change.template_id)
        new = templates.texts_of(session, change.template_id, change.revision)[change.language]
        found = _would_change(session, workspace, change, new)
        origins = [reminder.draft.origin for reminder, _ in found]
        return Consequences(
            change_id=change.id,
            template_id=template.id,
            name=template.name,
            language=change.language,
            old=_old_texts(session, change) or Texts(),
            new=new,
            unchanged=origins.count(TextOrigin.TEMPLATE),
            edited=origins.count(TextOrigin.EDITED),
        )


def foresee(database: Database, team_id: str, change_id: int, *, most: int) -> tuple[int, int]:
    """The template that was changed, and how many reminders wait that were made from it; `most` if more do.

    Raises:
        NotFound: if this workspace has no such change.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        change = _change(session, workspace, change_id)
        waiting = template_changes.count_waiting(session, workspace, change.template_id, change.language, most=most)
        return change.template_id, waiting


def apply(database: Database, team_id: str, change_id: int, scope: Scope, *, who: Staff, now: datetime) -> Applied:
    """Let the waiting reminders in `scope` take a change over. Said a second time, nothing more happens.

    Raises:
        Conflict: if the template's texts are no longer as the change left them.
        NotFound: if this workspace has no such change.
        Forbidden: if this person may not.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        workspaces.require_template_editor(session, workspace, who)
        change = _change(session, workspace, change_id)
        template = _template(session, workspace, change.template_id, lock=True)
        if not _stands(session, workspace, change):
            raise template_service.changed_meanwhile()
        if template_changes.decide(session, change.id, scope):
            new = template.texts[change.language]
            chosen = [
                (reminder, draft)
                for reminder, draft in _would_change(session, workspace, change, new, lock=True)
                if scope.takes(reminder.draft.origin)
            ]
            template_changes.keep(session, workspace, change.id, [reminder for reminder, _ in chosen])
            _rewrite(session, workspace, chosen, Event.TEXT_REPLACED, change, who, now)
        return Applied(
            template_service.seen(session, workspace, template.id), template_changes.count_replaced(session, change.id)
        )


def undo(database: Database, team_id: str, change_id: int, *, who: Staff, now: datetime) -> Undone:
    """Give a template its texts from before a change, as a new revision, and the reminders that took it over theirs.

    A reminder whose text was changed since, or of which nothing is left to send, keeps the text it has.

    Raises:
        Conflict: if the change was undone already, or the template's texts are no longer as it left them.
        NotFound: if this workspace has no such change.
        Forbidden: if this person may not.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        workspaces.require_template_editor(session, workspace, who)
        change = _change(session, workspace, change_id)
        template = _template(session, workspace, change.template_id, lock=True)
        if not _stands(session, workspace, change):
            raise Conflict(message("These texts were changed again or put back since, so this cannot be undone."))
        new = template.texts[change.language]
        earlier = {language: texts for language, texts in template.texts.items() if language != change.language}
        if old := _old_texts(session, change):
            earlier[change.language] = old
        if not (
            template_changes.mark_undone(session, change.id, who=who.id, now=now)
            and templates.revise(session, template, template.name, earlier, created_by=who.id, now=now)
        ):
            raise template_service.changed_meanwhile()
        found = [
            (reminder, text_replacement.restored(reminder.draft, before, new))
            for reminder, before in template_changes.replaced_texts(session, change.id)
            if reminder.draft.template_id == template.id
        ]
        put_back = [(reminder, draft) for reminder, draft in found if draft is not None]
        _rewrite(session, workspace, put_back, Event.TEXT_PUT_BACK, change, who, now)
        return Undone(
            template_service.seen(session, workspace, template.id),
            len(put_back),
            template_changes.count_replaced(session, change.id) - len(put_back),
        )


def _would_change(
    session: Session, workspace: int, change: TemplateChange, new: Texts, *, lock: bool = False
) -> list[tuple[Reminder, ReminderDraft]]:
    """The waiting reminders whose text would become another, each with what it would become."""
    waiting = template_changes.waiting_reminders(session, workspace, change.template_id, change.language, lock=lock)
    found = ((one, text_replacement.replaced(one.draft, new, change.revision)) for one in waiting)
    return [(one, draft) for one, draft in found if draft is not None]


def _rewrite(
    session: Session,
    workspace: int,
    changed: Sequence[tuple[Reminder, ReminderDraft]],
    event: Event,
    change: TemplateChange,
    who: Staff,
    now: datetime,
) -> None:
    # Whoever has one of them open to edit is told what it said before.
    earlier_forms.keep_many(session, [reminder for reminder, _ in changed], now=now)
    if not reminders.change_texts(session, changed):
        raise Conflict(message("One of the reminders was changed at this moment. Nothing was replaced; try again."))
    history.add_to_many(
        session,
        workspace=workspace,
        reminders=[reminder.id for reminder, _ in changed],
        event=event,
        at=now,
        actor=who.id,
        detail={"template": change.template_id, "change": change.id},
    )


def _stands(session: Session, workspace: int, change: TemplateChange) -> bool:
    """Whether the template's texts in this language still are as the change left them."""
    latest = template_service.seen(session, workspace, change.template_id).undoable.get(change.language)
    return latest is not None and latest.id == change.id


def _old_texts(session: Session, change: TemplateChange) -> Texts | None:
    """What the template said in this language before; `None` if it said nothing."""
    if change.replaced is None:
        return None
    return templates.texts_of(session, change.template_id, change.replaced).get(change.language)


def _change(session: Session, workspace: int, change_id: int) -> TemplateChange:
    change = template_changes.find(session, workspace, change_id)
    if change is None:
        raise NotFound
    return change


def _template(session: Session, workspace: int, template_id: int, *, lock: bool = False) -> TemplateWhole:
    template = templates.whole(session, workspace, template_id, lock=lock)
    if template is None:
        raise NotFound
    return template
