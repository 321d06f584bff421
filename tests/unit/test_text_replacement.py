"""Does a template's new text reach exactly what it may, and can that be taken back (rule P10)?"""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Method, ReminderDraft, Schedule, TextOrigin, Texts
from bot.domain.text_replacement import Before, Scope, replaced, restored

OLD = Texts("Ämne", "Brev", "", "")
DRAFT = ReminderDraft(
    clinic_id=1,
    client_id=1,
    patient_id=1,
    method=Method.EMAIL,
    schedule=Schedule(date(2026, 12, 8), 7),
    texts=OLD,
    origin=TextOrigin.TEMPLATE,
    template_id=1,
    template_revision=1,
    email_override=None,
    phone_override=None,
    template_language="sv",
)
NEW = Texts("Nytt ämne", "Nytt brev", "Nytt SMS", "")
BEFORE = Before(OLD, TextOrigin.TEMPLATE, 1)


def test_only_the_texts_that_the_reminder_uses_are_replaced() -> None:
    draft = replaced(DRAFT, NEW, 2)
    assert draft is not None
    assert draft.texts == Texts("Nytt ämne", "Nytt brev", "", "")
    assert (draft.origin, draft.template_revision) == (TextOrigin.TEMPLATE, 2)


def test_a_hand_edited_text_that_is_replaced_is_the_templates_again() -> None:
    edited = dataclasses.replace(DRAFT, texts=Texts("Mitt", "Eget", "", ""), origin=TextOrigin.EDITED)
    draft = replaced(edited, NEW, 2)
    assert draft is not None
    assert draft.origin is TextOrigin.TEMPLATE


def test_a_text_that_the_template_has_no_more_is_kept_and_then_not_the_templates() -> None:
    draft = replaced(
        dataclasses.replace(DRAFT, texts=Texts("Ämne", "Brev", "SMS", "")), Texts("Nytt", "Mer", "", ""), 2
    )
    assert draft is not None
    assert draft.texts == Texts("Nytt", "Mer", "SMS", "")
    assert draft.origin is TextOrigin.EDITED


@pytest.mark.parametrize("new", [OLD, Texts("Ämne", "Brev", "Nytt SMS", "Nytt papper"), Texts("", "", "SMS", "")])
def test_where_the_text_would_be_the_same_nothing_is_replaced(new: Texts) -> None:
    assert replaced(DRAFT, new, 2) is None


def test_it_is_put_back_as_long_as_it_stands_as_the_change_left_it() -> None:
    left = replaced(DRAFT, NEW, 2)
    assert left is not None
    assert restored(left, BEFORE, NEW) == DRAFT
    later = dataclasses.replace(left, schedule=Schedule(date(2027, 1, 1), 0), template_revision=3)
    assert restored(later, BEFORE, NEW) == dataclasses.replace(DRAFT, schedule=later.schedule)


@pytest.mark.parametrize(
    "since", [{"texts": Texts("Nytt ämne", "Ändrat", "", "")}, {"origin": TextOrigin.MANUAL}, {"texts": OLD}]
)
def test_what_was_changed_since_is_not_put_back(since: dict[str, object]) -> None:
    left = replaced(DRAFT, NEW, 2)
    assert left is not None
    assert restored(dataclasses.replace(left, **since), BEFORE, NEW) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "taken"),
    [
        (Scope.UNCHANGED, {TextOrigin.TEMPLATE}),
        (Scope.ALL, {TextOrigin.TEMPLATE, TextOrigin.EDITED}),
        (Scope.NONE, set()),
    ],
)
def test_a_scope_takes_these(scope: Scope, taken: set[TextOrigin]) -> None:
    assert {origin for origin in TextOrigin if scope.takes(origin)} == taken


some_texts = st.builds(Texts, *[st.sampled_from(["", "a", "b"])] * 4)


@given(some_texts, some_texts)
def test_no_text_that_is_used_is_ever_emptied_and_undoing_gives_back_the_same(old: Texts, new: Texts) -> None:
    draft = dataclasses.replace(DRAFT, texts=old)
    after = replaced(draft, new, 2)
    if after is None:
        return
    for was, then in zip(dataclasses.astuple(old), dataclasses.astuple(after.texts), strict=True):
        assert bool(was) == bool(then)
    assert restored(after, Before(old, draft.origin, 1), new) == draft
