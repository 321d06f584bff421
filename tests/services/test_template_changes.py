"""Which waiting reminders take a changed template over, and what comes back when that is undone (rule P10)?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.errors import Conflict, Forbidden, NotFound, Refused
from bot.domain.model import DeliveryState, Event, Method, TextOrigin, Texts
from bot.domain.template_rules import TypedTemplate
from bot.domain.text_replacement import Scope
from bot.services import template_changes, templates
from bot.services.template_changes import Applied
from bot.services.templates import Saved
from bot.slack.people import Person
from bot.store import reminders
from bot.store.database import Database
from bot.store.tables import HistoryRow, ReminderRow, TemplateRow, TemplateTextRow
from tests.store.rows import DAY, NOW, Stock, add_reminder, end, stock, take

LATER = NOW + 10 * DAY
MAJA = Person("U1", "T1", "Maja", "sv-SE", is_admin=False, is_member=True)
GUEST = dataclasses.replace(MAJA, id="U2", is_member=False)
OLD = Texts("Ämne", "Brev", "SMS", "Papper")
NEW = Texts("Nytt ämne", "Nytt brev", "Nytt SMS", "Nytt papper")


@pytest.fixture
def ours(database: Database) -> Stock:
    with database.writing() as session:
        return stock(session)


def typed(texts: Texts, name: str = "Vaccin", language: str = "sv") -> TypedTemplate:
    return TypedTemplate(name, language, texts.subject, texts.email, texts.sms, texts.letter)


def made(database: Database, **changes: Any) -> int:
    return templates.create(database, "T1", typed(OLD, **changes), key=f"made:{changes}", who=MAJA, now=NOW).template_id


def changed(database: Database, template: int, texts: Texts = NEW, key: str = "changed", **changes: Any) -> Saved:
    revision = templates.find(database, "T1", template).revision
    return templates.change(database, "T1", template, revision, typed(texts, **changes), key=key, who=MAJA, now=NOW)


def change_id(saved: Saved) -> int:
    assert saved.change is not None
    return saved.change.id


def reminder(database: Database, ours: Stock, template: int, **changes: Any) -> int:
    made_from: dict[str, Any] = {
        "texts": Texts("Ämne", "Brev", "", ""),
        "origin": TextOrigin.TEMPLATE,
        "template_id": template,
        "template_revision": 1,
        "template_language": "sv",
    }
    with database.writing() as session:
        return add_reminder(session, ours, **{"moments": (LATER,), **made_from, **changes}).id


def apply(database: Database, change: int, scope: Scope) -> Applied:
    return template_changes.apply(database, "T1", change, scope, who=MAJA, now=NOW)


def rows(database: Database) -> list[tuple[str, str, str, int | None]]:
    with database.reading() as session:
        return [
            (row.subject, row.email_text, row.origin.value, row.template_revision)
            for row in session.scalars(select(ReminderRow).order_by(ReminderRow.id))
        ]


def happened(database: Database) -> list[tuple[int, str, str]]:
    with database.reading() as session:
        return [
            (row.reminder_id, row.event.value, row.actor)
            for row in session.scalars(select(HistoryRow).order_by(HistoryRow.id))
            if row.event in (Event.TEXT_REPLACED, Event.TEXT_PUT_BACK)
        ]


def test_only_waiting_reminders_of_the_same_language_that_would_change_are_counted(
    database: Database, ours: Stock
) -> None:
    template = made(database)
    other = made(database, name="Annan")
    reminder(database, ours, template)
    reminder(database, ours, template, texts=Texts("Mitt", "Brev", "", ""), origin=TextOrigin.EDITED)
    reminder(database, ours, template, template_language="en")
    reminder(database, ours, other)
    reminder(database, ours, template, texts=Texts("Nytt ämne", "Nytt brev", "", ""))
    cancelled = reminder(database, ours, template)
    with database.writing() as session:
        session.execute(update(ReminderRow).where(ReminderRow.id == cancelled).values(state="cancelled"))
    reminder(database, ours, template, moments=(NOW,))
    with database.writing() as session:
        (lease,) = take(session)
        end(session, lease)
    reminder(database, ours, template, moments=(NOW, LATER))
    with database.writing() as session:
        take(session)  # being sent right now
    found = template_changes.consequences(database, "T1", change_id(changed(database, template)))
    assert (found.unchanged, found.edited) == (1, 1)
    assert (found.old, found.new, found.name, found.language) == (OLD, NEW, "Vaccin", "sv")


@pytest.mark.parametrize(
    ("scope", "subjects"),
    [
        (Scope.UNCHANGED, ["Nytt ämne", "Mitt"]),
        (Scope.ALL, ["Nytt ämne", "Nytt ämne"]),
        (Scope.NONE, ["Ämne", "Mitt"]),
    ],
)
def test_the_chosen_reminders_take_it_over_and_undone_everything_is_as_before(
    database: Database, ours: Stock, scope: Scope, subjects: list[str]
) -> None:
    template = made(database)
    first = reminder(database, ours, template)
    second = reminder(database, ours, template, texts=Texts("Mitt", "Brev", "", ""), origin=TextOrigin.EDITED)
    before = rows(database)
    change = change_id(changed(database, template))
    assert rows(database) == before  # nothing is touched before somebody has chosen
    applied = apply(database, change, scope)
    taken = [one for one, subject in zip((first, second), subjects, strict=True) if subject == "Nytt ämne"]
    assert applied.replaced == len(taken)
    assert [row[0] for row in rows(database)] == subjects
    assert all(row[2:] == ("template", 2) for row in rows(database) if row[0] == "Nytt ämne")
    assert happened(database) == [(one, "text-replaced", "U1") for one in taken]
    undone = template_changes.undo(database, "T1", change, who=MAJA, now=NOW)
    assert (undone.put_back, undone.left) == (len(taken), 0)
    assert rows(database) == before
    assert happened(database)[len(taken) :] == [(one, "text-put-back", "U1") for one in taken]
    seen = templates.find(database, "T1", template)
    assert (seen.revision, dict(seen.texts), dict(seen.undoable)) == (3, {"sv": OLD}, {})
    with database.reading() as session:
        kept = session.scalars(select(TemplateTextRow.subject).order_by(TemplateTextRow.revision))
        assert list(kept) == ["Ämne", "Nytt ämne", "Ämne"]


def test_undoing_leaves_what_was_edited_or_sent_since(database: Database, ours: Stock) -> None:
    template = made(database)
    edited = reminder(database, ours, template)
    reminder(database, ours, template, moments=(NOW,))
    change = change_id(changed(database, template))
    assert apply(database, change, Scope.UNCHANGED).replaced == 2
    with database.writing() as session:
        (lease,) = take(session)
        end(session, lease)
        found = reminders.find(session, ours.workspace, edited)
        assert found is not None
        mine = dataclasses.replace(found.draft, texts=Texts("Nytt ämne", "Mitt", "", ""), origin=TextOrigin.EDITED)
        assert reminders.change_draft(session, found, mine)
    undone = template_changes.undo(database, "T1", change, who=MAJA, now=NOW)
    assert (undone.put_back, undone.left) == (0, 2)
    assert [row[:2] for row in rows(database)] == [("Nytt ämne", "Mitt"), ("Nytt ämne", "Nytt brev")]


def test_of_a_recurring_reminder_what_is_still_to_come_takes_it_over(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template, moments=(NOW, LATER, LATER + DAY))
    with database.writing() as session:
        (lease,) = take(session)
        end(session, lease, DeliveryState.SENT)
    assert apply(database, change_id(changed(database, template)), Scope.UNCHANGED).replaced == 1


def test_a_method_whose_text_is_gone_keeps_the_text_it_has(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template, method=Method.SMS, texts=Texts("", "", "SMS", ""))
    found = template_changes.consequences(
        database, "T1", change_id(changed(database, template, Texts("Nytt", "Nytt", "", "")))
    )
    assert found.concerns_nobody


def test_applied_twice_it_is_applied_once(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template)
    change = change_id(changed(database, template))
    assert apply(database, change, Scope.UNCHANGED).replaced == 1
    assert apply(database, change, Scope.ALL).replaced == 1
    assert len(happened(database)) == 1


def test_of_many_who_apply_and_undo_at_the_same_moment_each_thing_happens_once(database: Database, ours: Stock) -> None:
    template = made(database)
    for _ in range(5):
        reminder(database, ours, template)
    change = change_id(changed(database, template))
    acts: list[Callable[[], object]] = [
        lambda: apply(database, change, Scope.ALL),
        lambda: template_changes.undo(database, "T1", change, who=MAJA, now=NOW),
    ]
    ready = Barrier(4)

    def begin(act: Callable[[], object]) -> None:
        ready.wait(30)
        try:
            act()
        except Conflict:
            conflicts.append(act)

    conflicts: list[object] = []
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(begin, acts * 2))
    assert len(conflicts) >= 1  # the second undo, at least
    assert {row[0] for row in rows(database)} == {"Ämne"}
    assert templates.find(database, "T1", template).revision == 3
    put_back = [event for _, event, _ in happened(database) if event == "text-put-back"]
    assert len(put_back) in (0, 5)
    assert len(happened(database)) == 2 * len(put_back)


def test_a_change_of_one_language_leaves_the_others(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template, template_language="en")
    saved = changed(database, template, NEW, key="english", language="en")
    assert saved.change is not None
    assert saved.change.rewrites
    seen = templates.find(database, "T1", template)
    assert dict(seen.texts) == {"en": NEW, "sv": OLD}
    found = template_changes.consequences(database, "T1", saved.change.id)
    assert (found.old, found.unchanged) == (Texts(), 1)
    swedish = change_id(changed(database, template, key="swedish"))
    undone = template_changes.undo(database, "T1", saved.change.id, who=MAJA, now=NOW)
    assert dict(undone.template.texts) == {"sv": NEW}
    assert {language: one.id for language, one in undone.template.undoable.items()} == {"sv": swedish}


def test_a_change_that_another_one_followed_is_neither_applied_nor_undone(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template)
    first = change_id(changed(database, template))
    changed(database, template, Texts("Tredje", "Brev", "SMS", "Papper"), key="third")
    with pytest.raises(Conflict, match="Somebody changed this template"):
        apply(database, first, Scope.ALL)
    with pytest.raises(Conflict, match="changed again or put back since"):
        template_changes.undo(database, "T1", first, who=MAJA, now=NOW)
    assert rows(database) == [("Ämne", "Brev", "template", 1)]


@pytest.mark.usefixtures("ours")
def test_a_change_can_be_undone_after_the_template_got_another_name_and_keeps_that(database: Database) -> None:
    template = made(database)
    change = change_id(changed(database, template))
    renamed = changed(database, template, NEW, key="renamed", name="Vaccination")
    assert renamed.change is not None
    assert not renamed.change.rewrites
    undone = template_changes.undo(database, "T1", change, who=MAJA, now=NOW)
    assert (undone.template.name, dict(undone.template.texts)) == ("Vaccination", {"sv": OLD})


@pytest.mark.usefixtures("ours")
def test_a_form_that_was_overtaken_is_refused_and_nothing_changes(database: Database) -> None:
    template = made(database)
    changed(database, template)
    with pytest.raises(Conflict, match="Somebody changed this template"):
        templates.change(database, "T1", template, 1, typed(OLD), key="late", who=MAJA, now=NOW)
    assert templates.find(database, "T1", template).revision == 2


@pytest.mark.usefixtures("ours")
def test_a_form_delivered_twice_is_saved_once(database: Database) -> None:
    template = made(database)
    assert made(database) == template
    first = templates.change(database, "T1", template, 1, typed(NEW), key="k", who=MAJA, now=NOW)
    again = templates.change(database, "T1", template, 1, typed(NEW), key="k", who=MAJA, now=NOW)
    assert again == first
    assert templates.find(database, "T1", template).revision == 2


@pytest.mark.usefixtures("ours")
def test_a_form_that_was_saved_and_then_corrected_is_not_claimed_to_be_saved(database: Database) -> None:
    template = templates.create(database, "T1", typed(OLD), key="k", who=MAJA, now=NOW).template_id
    again = templates.create(database, "T1", typed(OLD, "Vaccination"), key="k", who=MAJA, now=NOW)
    assert (again.template_id, again.otherwise) == (template, True)
    assert templates.find(database, "T1", template).name == "Vaccin"
    with pytest.raises(Refused):
        templates.create(database, "T1", typed(OLD, ""), key="k", who=MAJA, now=NOW)
    assert not templates.create(database, "T1", typed(OLD), key="k", who=MAJA, now=NOW).otherwise


@pytest.mark.usefixtures("ours")
def test_a_form_that_says_nothing_new_makes_no_revision(database: Database) -> None:
    template = made(database)
    assert changed(database, template, OLD).change is None
    assert templates.find(database, "T1", template).revision == 1


@pytest.mark.usefixtures("ours")
def test_a_name_that_is_taken_is_refused(database: Database) -> None:
    made(database)
    with pytest.raises(Refused) as caught:
        templates.create(database, "T1", typed(NEW), key="other", who=MAJA, now=NOW)
    assert [field.value for field in caught.value.refusals] == ["name"]


def test_a_guest_changes_nothing(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template)
    change = change_id(changed(database, template))
    acts: list[Callable[[], object]] = [
        lambda: templates.create(database, "T1", typed(NEW, "Ny"), key="x", who=GUEST, now=NOW),
        lambda: templates.change(database, "T1", template, 2, typed(OLD), key="x", who=GUEST, now=NOW),
        lambda: templates.retire(database, "T1", template, who=GUEST, now=NOW),
        lambda: templates.offer_again(database, "T1", template, who=GUEST),
        lambda: template_changes.apply(database, "T1", change, Scope.ALL, who=GUEST, now=NOW),
        lambda: template_changes.undo(database, "T1", change, who=GUEST, now=NOW),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    seen = templates.find(database, "T1", template)
    assert (seen.revision, seen.retired) == (2, False)
    assert rows(database) == [("Ämne", "Brev", "template", 1)]


def test_another_workspaces_templates_are_not_there(database: Database, ours: Stock) -> None:
    template = made(database)
    reminder(database, ours, template)
    change = change_id(changed(database, template))
    with database.writing() as session:
        stock(session, "T2")
    acts: list[Callable[[], object]] = [
        lambda: templates.find(database, "T2", template),
        lambda: templates.change(database, "T2", template, 2, typed(OLD), key="x", who=MAJA, now=NOW),
        lambda: templates.retire(database, "T2", template, who=MAJA, now=NOW),
        lambda: template_changes.consequences(database, "T2", change),
        lambda: template_changes.apply(database, "T2", change, Scope.ALL, who=MAJA, now=NOW),
        lambda: template_changes.undo(database, "T2", change, who=MAJA, now=NOW),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    with database.reading() as session:
        assert session.scalar(select(TemplateRow.retired_at)) is None


def test_the_list_is_searched_without_accents_and_shows_the_retired_last(database: Database, ours: Stock) -> None:
    first = made(database, name="Åldershälsa")
    for name in ("Vaccination", "Tandkontroll"):
        made(database, name=name)
    reminder(database, ours, first)
    templates.retire(database, "T1", first, who=MAJA, now=NOW + timedelta(hours=1))
    page = templates.page(database, "T1", "", limit=2, offset=0)
    assert ([one.name for one, _ in page.rows], page.total) == (["Tandkontroll", "Vaccination"], 3)
    (last,) = templates.page(database, "T1", "", limit=2, offset=2).rows
    assert (last[0].name, last[0].retired, last[0].languages, last[1]) == ("Åldershälsa", True, ("sv",), 1)
    assert [one.name for one, _ in templates.page(database, "T1", "HALSA alder", limit=9, offset=0).rows] == [
        "Åldershälsa"
    ]
    assert [name for _, name in templates.offered(database, "T1", "", limit=9)] == ["Tandkontroll", "Vaccination"]
    templates.offer_again(database, "T1", first, who=MAJA)
    assert not templates.find(database, "T1", first).retired
