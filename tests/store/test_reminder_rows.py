from __future__ import annotations

import dataclasses
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from bot.domain.model import Event, Method, ReminderState, Texts
from bot.store import clinics, deliveries, history, reminders, submissions, templates
from bot.store.database import AlreadyStored, Database
from bot.store.submissions import SavedForm, Submission
from tests.store.rows import DAY, MINUTE, NOW, Stock, add_reminder, at_once, end, stock, take


@pytest.fixture
def ours(database: Database) -> Stock:
    with database.writing() as session:
        return stock(session)


def test_a_stored_reminder_comes_back_whole(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        stored = add_reminder(session, ours, email_override="other@example.com", method=Method.BOTH)
    with database.reading() as session:
        assert reminders.find(session, ours.workspace, stored.id) == stored
        assert reminders.find(session, ours.workspace + 1, stored.id) is None


def test_of_two_who_change_a_reminder_the_second_is_told(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        seen = add_reminder(session, ours)
        texts = dataclasses.replace(seen.draft, texts=Texts("A", "B", "C", "D"))
        assert reminders.change_draft(session, seen, texts)
        assert not reminders.change_draft(session, seen, seen.draft)
        assert not reminders.change_state(session, seen, ReminderState.CANCELLED)
        fresh = reminders.find(session, ours.workspace, seen.id)
        assert fresh is not None
        assert (fresh.version, fresh.draft) == (2, texts)
        assert reminders.change_state(session, fresh, ReminderState.CANCELLED)


def test_of_eight_who_cancel_at_once_one_does(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        seen = add_reminder(session, ours)
    done = at_once(database, 8, lambda session, _: reminders.change_state(session, seen, ReminderState.CANCELLED))
    assert sorted(map(str, done)) == ["False"] * 7 + ["True"]


def test_the_waiting_list_shows_the_next_send_of_each_reminder_the_earliest_first(
    database: Database, ours: Stock
) -> None:
    with database.writing() as session:
        later = add_reminder(session, ours, [NOW + 3 * DAY])
        often = add_reminder(session, ours, [NOW, NOW + 2 * DAY, NOW + 5 * DAY])
        done = add_reminder(session, ours, [NOW - DAY])
        stopped = add_reminder(session, ours, [NOW + DAY])
        both = add_reminder(session, ours, [NOW + 4 * DAY], method=Method.BOTH)
        for lease in take(session, limit=2):
            end(session, lease)
        deliveries.cancel_planned(session, [stopped.id], now=NOW)
        add_reminder(session, stock(session, "T2"), [NOW])
    with database.reading() as session:
        shown, total = reminders.waiting(session, ours.workspace, limit=10)
        second, _ = reminders.waiting(session, ours.workspace, limit=1, offset=1)
        beyond, still = reminders.waiting(session, ours.workspace, limit=1, offset=9)
    assert [(one.id, one.send_at) for one in shown] == [
        (often.id, NOW + 2 * DAY),
        (later.id, NOW + 3 * DAY),
        (both.id, NOW + 4 * DAY),
    ]
    assert done.id not in {one.id for one in shown}
    assert {(one.client_name, one.patient_name) for one in shown} == {("Åsa Öberg", "Maja")}
    assert [one.id for one in second] == [later.id]
    assert (total, beyond, still) == (3, [], 3)


def test_texts_of_many_are_replaced_only_if_nobody_changed_one_of_them(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        first, second = add_reminder(session, ours), add_reminder(session, ours)
        others = dataclasses.replace(first.draft, texts=Texts("Nytt", "Nytt", "Nytt", "Nytt"))
        assert reminders.change_texts(session, [(first, others), (second, others)])
        assert not reminders.change_texts(session, [(first, others)])
        assert reminders.change_texts(session, [])
    with database.reading() as session:
        found = reminders.find(session, ours.workspace, second.id)
        assert found is not None
        assert (found.draft, found.version) == (others, 2)


def test_a_submission_delivered_twice_at_once_makes_one_reminder(database: Database, ours: Stock) -> None:
    def save(session: Session, _: int) -> int:
        reminder = add_reminder(session, ours)
        submissions.remember(session, ours.workspace, Submission("V1:hash", "same"), reminder.id, NOW)
        return reminder.id

    saved = at_once(database, 4, save)
    (made,) = [one for one in saved if isinstance(one, int)]
    assert sum(isinstance(one, AlreadyStored) for one in saved) == 3
    with database.reading() as session:
        assert submissions.saved_as(session, ours.workspace, Submission("V1:hash", "same")) == SavedForm(
            made, same_values=True
        )
        other = Submission("V1:hash", "other")
        assert submissions.saved_as(session, ours.workspace, other) == SavedForm(made, same_values=False)
        assert submissions.saved_as(session, ours.workspace + 1, Submission("V1:hash", "same")) is None
        assert reminders.waiting(session, ours.workspace, limit=10)[1] == 1


def test_old_submissions_are_forgotten(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        submissions.remember(session, ours.workspace, Submission("old", "same"), reminder.id, NOW - timedelta(hours=2))
        submissions.remember(session, ours.workspace, Submission("new", "same"), reminder.id, NOW)
        submissions.forget_before(session, NOW - timedelta(hours=1))
        assert submissions.saved_as(session, ours.workspace, Submission("old", "same")) is None
        assert submissions.saved_as(session, ours.workspace, Submission("new", "same")) == SavedForm(
            reminder.id, same_values=True
        )


def test_the_history_of_a_reminder_is_told_in_order(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = add_reminder(session, ours)
        add = partial(history.add, session, workspace=ours.workspace, reminder=reminder.id)
        add(event=Event.CREATED, at=NOW, actor="U1", detail={"version": 1})
        add(event=Event.SENT, at=NOW - MINUTE, delivery=7)
    with database.reading() as session:
        told = history.of_reminder(session, ours.workspace, reminder.id)
        assert history.of_reminder(session, ours.workspace + 1, reminder.id) == []
    assert [(line.event, line.actor, line.delivery_id, line.detail) for line in told] == [
        (Event.CREATED, "U1", None, {"version": 1}),
        (Event.SENT, history.SYSTEM, 7, {}),
    ]


def test_a_template_is_read_in_the_first_language_it_has(database: Database, ours: Stock) -> None:
    swedish, english = Texts("Hej", "Brev", "SMS", "Papper"), Texts("Hello", "Mail", "Text", "Letter")
    with database.writing() as session:
        made = templates.add(
            session, ours.workspace, "Vaccination", {"sv": swedish, "en": english}, created_by="U1", now=NOW
        )
    with database.reading() as session:
        assert templates.offered(session, ours.workspace) == [(made, "Vaccination")]
        assert templates.offered(session, ours.workspace + 1) == []
        assert templates.find(session, ours.workspace + 1, made, "sv") is None
        for languages, expected in [(("sv", "en"), swedish), (("fi", "sv"), swedish), (("fi",), english)]:
            found = templates.find(session, ours.workspace, made, *languages)
            assert found is not None
            assert found.texts == expected


def test_a_clinic_comes_back_whole_and_only_to_its_workspace(database: Database, ours: Stock) -> None:
    with database.reading() as session:
        assert clinics.workspace_id(session, "T1") == ours.workspace
        assert clinics.workspace_id(session, "T9") is None
        assert clinics.of_workspace(session, ours.workspace) == [ours.clinic]
        assert clinics.find(session, ours.workspace, ours.clinic.id) == ours.clinic
        assert clinics.find(session, ours.workspace + 1, ours.clinic.id) is None
