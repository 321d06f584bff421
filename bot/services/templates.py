"""How is a template found, made, changed and retired (rules P4, P10)?

Each function is one transaction. A form that Slack delivers twice is saved once: its key is stored with the change that
it made. What a change means for the reminders that wait is `bot.services.template_changes`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain import template_rules
from bot.domain.errors import Conflict, Field, NotFound, Refused
from bot.domain.messages import message
from bot.domain.model import Client, Clinic, Patient, Texts
from bot.domain.rights import Staff
from bot.domain.template_rules import TypedTemplate
from bot.services import workspaces
from bot.store import clinics, directory, template_changes, templates
from bot.store.database import AlreadyStored, Database, Session
from bot.store.template_changes import TemplateChange
from bot.store.templates import TemplateListed


@dataclasses.dataclass(frozen=True, slots=True)
class TemplatePage:
    """One page of the templates that were looked for."""

    rows: list[tuple[TemplateListed, int]]
    """Each with how many waiting reminders were made from it."""
    total: int


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateSeen:
    """A template with everything that its card shows."""

    id: int
    name: str = dataclasses.field(repr=False)
    revision: int
    retired: bool
    texts: Mapping[str, Texts] = dataclasses.field(repr=False)
    waiting: int
    """How many waiting reminders were made from it."""
    undoable: Mapping[str, TemplateChange] = dataclasses.field(repr=False)
    """By language, the newest change of its texts, if they still are as that change left them."""


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What saving a template's form did; no `change` where it said what the template says already."""

    template_id: int
    change: TemplateChange | None
    otherwise: bool = False
    """The form was saved before, with other values, and its answer was lost: nothing was changed by it this time."""


def page(database: Database, team_id: str, query: str, *, limit: int, offset: int) -> TemplatePage:
    """The templates in whose name every word of `query` is found, by name, the retired ones last."""
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        found = templates.listed(session, workspace, query)
        shown = found[offset : offset + limit]
        counts = templates.waiting_counts(session, workspace, [one.id for one in shown])
    return TemplatePage([(one, counts.get(one.id, 0)) for one in shown], len(found))


def offered(database: Database, team_id: str, query: str, *, limit: int) -> list[tuple[int, str]]:
    """Id and name of the templates for new reminders in whose name every word of `query` is found."""
    with database.reading() as session:
        return templates.offered_for(session, workspaces.require(session, team_id), query)[:limit]


def find(database: Database, team_id: str, template_id: int) -> TemplateSeen:
    """One template as it stands.

    Raises:
        NotFound: if this workspace has no such template.
    """
    with database.reading() as session:
        return seen(session, workspaces.require(session, team_id), template_id)


def require_editor(database: Database, team_id: str, who: Staff) -> None:
    """Refuse whoever may not change templates, before they fill in a form that could not be saved.

    Raises:
        Forbidden: with whom to ask.
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        workspaces.require_template_editor(session, workspaces.require(session, team_id), who)


def reader(database: Database, team_id: str, patient_id: int) -> tuple[Clinic, Client, Patient] | None:
    """For whom a preview is made: a patient, its owner, and the workspace's first clinic; `None` if it is gone.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        patient = directory.patient(session, workspace, patient_id)
        client = None if patient is None else directory.client(session, workspace, patient.client_id)
        if patient is None or client is None:
            return None
        return clinics.of_workspace(session, workspace)[0], client, patient


def create(database: Database, team_id: str, typed: TypedTemplate, *, key: str, who: Staff, now: datetime) -> Saved:
    """Store a new template with its texts in one language.

    Raises:
        Refused: with a sentence for every field that cannot be used; nothing is stored.
        Forbidden: if this person may not.
    """

    def store(session: Session, workspace: int) -> Saved:
        draft = template_rules.check(typed, templates.taken_names(session, workspace))
        template_id = templates.add(
            session, workspace, draft.name, {draft.language: draft.texts}, created_by=who.id, now=now
        )
        change = template_changes.add(
            session,
            workspace,
            key,
            template_id=template_id,
            revision=1,
            replaced=None,
            language=draft.language,
            rewrites=False,
            who=who.id,
            now=now,
        )
        return Saved(template_id, template_changes.find(session, workspace, change))

    return _once(database, team_id, typed, key, who, store)


def change(
    database: Database,
    team_id: str,
    template_id: int,
    revision: int,
    typed: TypedTemplate,
    *,
    key: str,
    who: Staff,
    now: datetime,
) -> Saved:
    """Give a template another name and other texts in one language; `revision` is the one that the form was opened on.

    The earlier texts are kept. No reminder is touched by this.

    Raises:
        Refused: with a sentence for every field that cannot be used; nothing is stored.
        Conflict: if somebody changed the template since.
        NotFound: if this workspace has no such template.
        Forbidden: if this person may not.
    """

    def store(session: Session, workspace: int) -> Saved:
        before = templates.whole(session, workspace, template_id, lock=True)
        if before is None:
            raise NotFound
        saved = template_changes.saved_as(session, workspace, key)
        if saved is not None:  # by another delivery, while this one waited for the lock
            return _again(session, workspace, saved, typed)
        if before.revision != revision:
            raise changed_meanwhile()
        draft = template_rules.check(
            typed, templates.taken_names(session, workspace, besides=template_id), before.texts
        )
        old = before.texts.get(draft.language)
        if draft.name == before.name and draft.texts == old:
            return Saved(template_id, None)
        texts = {**before.texts, draft.language: draft.texts}
        if not templates.revise(session, before, draft.name, texts, created_by=who.id, now=now):
            raise changed_meanwhile()
        made = template_changes.add(
            session,
            workspace,
            key,
            template_id=template_id,
            revision=revision + 1,
            replaced=revision,
            language=draft.language,
            rewrites=draft.texts != old,
            who=who.id,
            now=now,
        )
        return Saved(template_id, template_changes.find(session, workspace, made))

    return _once(database, team_id, typed, key, who, store)


def retire(database: Database, team_id: str, template_id: int, *, who: Staff, now: datetime) -> TemplateSeen:
    """Offer a template no more; what was made from it stays as it is. Harmless if it is retired already.

    Raises:
        NotFound: if this workspace has no such template.
        Forbidden: if this person may not.
    """
    return _retire(database, team_id, template_id, now, who)


def offer_again(database: Database, team_id: str, template_id: int, *, who: Staff) -> TemplateSeen:
    """Undo `retire`. Harmless if the template is offered already.

    Raises:
        NotFound: if this workspace has no such template.
        Forbidden: if this person may not.
    """
    return _retire(database, team_id, template_id, None, who)


def seen(session: Session, workspace: int, template_id: int) -> TemplateSeen:
    """One template as it stands in this transaction.

    Raises:
        NotFound: if this workspace has no such template.
    """
    whole = templates.whole(session, workspace, template_id)
    if whole is None:
        raise NotFound
    undoable = {
        language: one
        for language, one in template_changes.latest(session, workspace, template_id).items()
        if not one.undone
        and templates.texts_of(session, template_id, one.revision).get(language) == whole.texts.get(language)
    }
    return TemplateSeen(
        id=whole.id,
        name=whole.name,
        revision=whole.revision,
        retired=whole.retired,
        texts=whole.texts,
        waiting=templates.waiting_counts(session, workspace, [template_id]).get(template_id, 0),
        undoable=undoable,
    )


def changed_meanwhile() -> Conflict:
    """What is said to whoever was slower than somebody else."""
    return Conflict(
        message("Somebody changed this template while you were looking at it. Open it again to see how it stands.")
    )


def _retire(database: Database, team_id: str, template_id: int, at: datetime | None, who: Staff) -> TemplateSeen:
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        workspaces.require_template_editor(session, workspace, who)
        templates.retire(session, workspace, template_id, at)
        return seen(session, workspace, template_id)


def _once(
    database: Database,
    team_id: str,
    typed: TypedTemplate,
    key: str,
    who: Staff,
    store: Callable[[Session, int], Saved],
) -> Saved:
    """Run `store` unless a submission of this key was saved before, also at this very moment."""
    try:
        with database.writing() as session:
            workspace = workspaces.require(session, team_id)
            workspaces.require_template_editor(session, workspace, who)
            saved = template_changes.saved_as(session, workspace, key)
            if saved is None:
                return store(session, workspace)
            return _again(session, workspace, saved, typed)
    except AlreadyStored:
        with database.reading() as session:
            workspace = workspaces.require(session, team_id)
            saved = template_changes.saved_as(session, workspace, key)
            if saved is None:  # then it was the name that somebody else took at this moment
                raise Refused({Field.NAME: message("Another template has this name. Choose another one.")}) from None
            return _again(session, workspace, saved, typed)


def _again(session: Session, workspace: int, saved: TemplateChange, typed: TypedTemplate) -> Saved:
    whole = templates.whole(session, workspace, saved.template_id)
    if whole is None:
        raise NotFound
    draft = template_rules.check(
        typed, templates.taken_names(session, workspace, besides=saved.template_id), whole.texts
    )
    said = templates.texts_of(session, saved.template_id, saved.revision).get(saved.language)
    same = (draft.name, draft.language, draft.texts) == (whole.name, saved.language, said)
    return Saved(saved.template_id, saved, otherwise=not same)
