from __future__ import annotations

import dataclasses
from datetime import datetime

import pytest

from bot.domain.contact_task import Instead, TaskState
from bot.domain.model import Channel, Method, Reason, Texts
from bot.store import tasks
from bot.store.database import Database, Session
from tests.store.rows import MINUTE, NOW, Stock, add_task, at_once, stock


@pytest.fixture
def ours(database: Database) -> Stock:
    with database.writing() as session:
        return stock(session)


@pytest.fixture
def task(database: Database, ours: Stock) -> int:
    with database.writing() as session:
        return add_task(session, ours)


def claim(session: Session, now: datetime = NOW, team_id: str = "T1") -> tasks.ContactTask | None:
    """Take a card that is behind, for a minute."""
    return tasks.claim_card(session, team_id, now=now, until=now + MINUTE)


def test_a_task_tells_what_its_card_shows(database: Database, ours: Stock, task: int) -> None:
    with database.reading() as session:
        found = tasks.find(session, "T1", task)
        assert tasks.open_count(session, ours.workspace) == 1
    assert found is not None
    assert (found.state, found.reason, found.channel) == (TaskState.OPEN, Reason.POST, Channel.POST)
    assert (found.clinic, found.client, found.patient) == (ours.clinic, ours.client, ours.patient)


def test_a_task_is_found_in_its_own_workspace_only(database: Database, task: int) -> None:
    with database.writing() as session:
        others = stock(session, "T2")
        assert tasks.find(session, "T2", task) is None
        assert not tasks.close(session, "T2", task, by="U1", now=NOW)
        assert tasks.open_count(session, others.workspace) == 0


def test_of_eight_who_close_a_task_one_does(database: Database, ours: Stock, task: int) -> None:
    closed = at_once(database, 8, lambda session, number: tasks.close(session, "T1", task, by=f"U{number}", now=NOW))
    assert sorted(map(str, closed)) == ["False"] * 7 + ["True"]
    with database.reading() as session:
        found = tasks.find(session, "T1", task)
        assert tasks.open_count(session, ours.workspace) == 0
    assert found is not None
    assert (found.state, found.closed_by, found.closed_at) == (TaskState.DONE, f"U{closed.index(True)}", NOW)


def test_a_task_that_is_opened_anew_is_as_a_new_one_and_gets_a_new_card(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        task = add_task(session, ours, Method.SMS)
        tasks.card_shown(session, task, revision=1, known_ts=None, channel="C1", ts="1.0")
        first = tasks.find(session, "T1", task)
        assert first is not None
        assert tasks.close(session, "T1", task, by="U1", now=NOW, instead=Instead.SENT_AGAIN)
    changed = dataclasses.replace(first.reminder.draft, texts=Texts(sms="Nytt"), phone_override="+46701740699")
    with database.writing() as session:
        closed = tasks.find(session, "T1", task)
        assert tasks.open_count(session, ours.workspace) == 0
        again = tasks.add(
            session,
            reminder=dataclasses.replace(first.reminder, draft=changed),
            channel=Channel.SMS,
            delivery=first.delivery_id,
            reason=Reason.OUTCOME_UNKNOWN,
            now=NOW + MINUTE,
        )
        assert again == task
        assert tasks.next_card(session, "T1") == NOW + MINUTE
    with database.writing() as session:
        found = claim(session, NOW + MINUTE)
    assert closed is not None
    assert (closed.instead, closed.closed_by) == (Instead.SENT_AGAIN, "U1")
    assert found is not None
    assert (found.state, found.closed_by, found.closed_at, found.instead) == (TaskState.OPEN, None, None, None)
    assert (found.reason, found.text, found.phone_override) == (Reason.OUTCOME_UNKNOWN, "Nytt", "+46701740699")
    assert (found.created_at, found.revision, found.card_ts, found.card_attempt) == (NOW + MINUTE, 3, None, 1)


def test_a_card_that_was_just_drawn_anew_is_not_that_of_a_task_opened_anew_meanwhile(
    database: Database, ours: Stock
) -> None:
    with database.writing() as session:
        task = add_task(session, ours, Method.SMS)
        tasks.card_shown(session, task, revision=1, known_ts=None, channel="C1", ts="1.0")
        tasks.close(session, "T1", task, by="U1", now=NOW, instead=Instead.SENT_AGAIN)
        drawing = claim(session)
        assert drawing is not None
        tasks.add(
            session,
            reminder=drawing.reminder,
            channel=Channel.SMS,
            delivery=drawing.delivery_id,
            reason=Reason.OUTCOME_UNKNOWN,
            now=NOW,
        )
        tasks.card_shown(
            session, task, revision=drawing.revision, known_ts=drawing.card_ts, channel="C1", ts=drawing.card_ts or ""
        )
        posted = claim(session)
    assert posted is not None
    assert (posted.revision, posted.card_channel, posted.card_ts) == (3, None, None)


def test_a_card_is_posted_by_one_of_many(database: Database, task: int) -> None:
    claimed = at_once(database, 6, lambda session, _: claim(session))
    assert [one.id for one in claimed if isinstance(one, tasks.ContactTask)] == [task]
    assert claimed.count(None) == 5


def test_a_card_that_nobody_finished_is_taken_again_when_its_lease_has_ended(database: Database, task: int) -> None:
    with database.writing() as session:
        claim(session)
        assert tasks.next_card(session, "T1") == NOW + MINUTE
        assert claim(session, NOW + MINUTE / 2) is None
        again = claim(session, NOW + MINUTE)
    assert again is not None
    assert (again.id, again.card_attempt) == (task, 2)


def test_a_shown_card_is_left_alone_until_its_task_changes(database: Database, task: int) -> None:
    with database.writing() as session:
        posted = claim(session)
        assert posted is not None
        tasks.card_shown(session, task, revision=posted.revision, known_ts=None, channel="C1", ts="1.0")
        assert tasks.next_card(session, "T1") is None
        assert claim(session, NOW + MINUTE) is None
        tasks.close(session, "T1", task, by="U1", now=NOW)
        assert tasks.next_card(session, "T1") is not None
        changed = claim(session, NOW + MINUTE)
    assert changed is not None
    assert (changed.card_channel, changed.card_ts, changed.state) == ("C1", "1.0", TaskState.DONE)


def test_a_task_closed_while_its_card_was_posted_is_still_behind(database: Database, task: int) -> None:
    with database.writing() as session:
        posted = claim(session)
        assert posted is not None
        tasks.close(session, "T1", task, by="U1", now=NOW)
        tasks.card_shown(session, task, revision=posted.revision, known_ts=None, channel="C1", ts="1.0")
        again = claim(session)
    assert again is not None
    assert (again.state, again.card_ts) == (TaskState.DONE, "1.0")


def test_an_older_view_of_a_task_never_replaces_a_newer_one(database: Database, task: int) -> None:
    with database.writing() as session:
        tasks.close(session, "T1", task, by="U1", now=NOW)
        tasks.card_shown(session, task, revision=2, known_ts=None, channel="C1", ts="2.0")
        tasks.card_shown(session, task, revision=1, known_ts="2.0", channel="C1", ts="1.0")
        found = tasks.find(session, "T1", task)
    assert found is not None
    assert found.card_ts == "2.0"


def test_the_cards_of_another_workspace_are_left_to_its_own_bot(database: Database, task: int) -> None:
    with database.writing() as session:
        others = stock(session, "T2")
        assert tasks.next_card(session, "T2") is None
        assert claim(session, team_id="T2") is None
        assert claim(session, team_id="T9") is None
        theirs = add_task(session, others)
        first, second = claim(session, team_id="T2"), claim(session, team_id="T2")
        mine = claim(session)
    assert (first and first.id, second, mine and mine.id) == (theirs, None, task)


def test_who_failed_with_a_card_does_not_delay_somebody_who_took_it_since(database: Database, task: int) -> None:
    with database.writing() as session:
        first, second = claim(session), claim(session, NOW + MINUTE)
        assert first is not None
        assert second is not None
        tasks.card_delayed(session, task, attempt=first.card_attempt, until=NOW + 9 * MINUTE)
        assert tasks.next_card(session, "T1") == NOW + 2 * MINUTE
        tasks.card_delayed(session, task, attempt=second.card_attempt, until=NOW + 9 * MINUTE)
        assert tasks.next_card(session, "T1") == NOW + 9 * MINUTE


def test_a_card_posted_anew_is_not_forgotten_by_who_missed_the_one_before(database: Database, task: int) -> None:
    with database.writing() as session:
        tasks.card_shown(session, task, revision=1, known_ts=None, channel="C1", ts="2.0")
        tasks.card_lost(session, task, ts="1.0")
        found = tasks.find(session, "T1", task)
    assert found is not None
    assert (found.card_channel, found.card_ts) == ("C1", "2.0")


def test_a_delayed_card_waits(database: Database, task: int) -> None:
    with database.writing() as session:
        tasks.card_delayed(session, task, attempt=0, until=NOW + MINUTE)
        assert tasks.next_card(session, "T1") == NOW + MINUTE
        assert claim(session) is None
        assert claim(session, NOW + MINUTE) is not None


def test_while_all_cards_are_put_off_none_is_taken_and_then_they_come_in_order(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        theirs = stock(session, "T2")
        older, newer = add_task(session, ours), add_task(session, ours)
        elsewhere = add_task(session, theirs)
        first = claim(session)
        assert first is not None
        tasks.card_delayed(session, older, attempt=first.card_attempt, until=NOW + 2 * MINUTE)
        tasks.cards_put_off(session, "T1", until=NOW + 2 * MINUTE)
        assert tasks.next_card(session, "T1") == NOW + 2 * MINUTE
        assert claim(session, NOW + MINUTE) is None
        other = claim(session, NOW + MINUTE, "T2")
        again, last = claim(session, NOW + 2 * MINUTE), claim(session, NOW + 2 * MINUTE)
    assert [one and one.id for one in (first, again, last, other)] == [older, older, newer, elsewhere]


def test_a_card_gone_from_slack_is_posted_anew(database: Database, task: int) -> None:
    with database.writing() as session:
        tasks.card_shown(session, task, revision=1, known_ts=None, channel="C1", ts="1.0")
        tasks.close(session, "T1", task, by="U1", now=NOW)
        tasks.card_lost(session, task, ts="1.0")
        again = claim(session)
    assert again is not None
    assert (again.card_channel, again.card_ts) == (None, None)
