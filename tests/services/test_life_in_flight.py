"""Somebody decides something while a delivery is under way. Is nothing sent twice, and nothing lost (rule P11)?"""

from __future__ import annotations

import pytest

from bot.domain.errors import Conflict
from bot.domain.model import StepKind
from bot.services import departures, life, undo
from bot.services.departures import Whom
from bot.store.tables import PatientRow, ReminderRow, StepRow
from tests.services.post_office import Meanwhile, PostOffice
from tests.services.test_dispatch import add
from tests.store.rows import DAY, NOW, Stock, add_reminder


def test_a_reminder_paused_after_its_claim_waits_until_it_is_resumed(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 2)
    office.dispatch(email=Meanwhile(office.email, before=lambda _letter: do(office, life.pause, 2))).run()
    assert office.states == [("email", "sent", None), ("email", "planned", None)]
    assert office.dispatch().next_send() is None
    do(office, life.resume, 2)
    office.dispatch().run()
    assert office.subjects == ["Ämne 0", "Ämne 1"]


def test_a_reminder_paused_while_its_mail_leaves_has_sent_it(office: PostOffice, ours: Stock) -> None:
    add(office, ours)
    office.dispatch(email=Meanwhile(office.email, before=lambda _letter: do(office, life.pause, 1))).run()
    assert office.states == [("email", "sent", None)]
    with pytest.raises(Conflict, match=r"Nothing of this reminder is left to send\."):
        do(office, life.send_now, 1, number=1)


def test_what_was_claimed_when_the_patient_died_comes_back_with_the_undo(office: PostOffice, ours: Stock) -> None:
    add(office, ours, 3)

    def died(_letter: object) -> None:
        if not office.rows(StepRow):
            (patient,) = office.rows(PatientRow)
            whom = Whom(StepKind.PATIENT_DIED, patient.id)
            departures.leave(office.database, "T1", whom, key="V1", who="U1", now=office.clock.now())

    office.dispatch(email=Meanwhile(office.email, before=died)).run()
    assert [state for _, state, _ in office.states] == ["sent", "cancelled", "cancelled"]
    (step,) = office.rows(StepRow)
    undo.undo(office.database, "T1", step.id, who="U1", now=office.clock.now())
    assert [state for _, state, _ in office.states] == ["sent", "planned", "planned"]
    assert office.rows(PatientRow)[0].died_on is None
    assert {row.state.value for row in office.rows(ReminderRow)} == {"active"}
    office.dispatch().run()
    assert office.subjects == ["Ämne 0", "Ämne 1", "Ämne 2"]


def test_what_is_being_sent_cannot_be_sent_now_or_skipped(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        add_reminder(session, ours, (NOW, NOW + DAY, NOW + 2 * DAY))
    refused: list[str] = []

    def meddle(_letter: object) -> None:
        for deed in (life.send_now, life.skip):
            with pytest.raises(Conflict) as caught:
                do(office, deed, 1, number=1)
            refused.append(str(caught.value.reason))

    office.dispatch(email=Meanwhile(office.email, before=meddle)).run()
    assert refused == ["It is on its way already.", "It was skipped or sent meanwhile."]
    assert [state for _, state, _ in office.states] == ["sent", "planned", "planned"]


def do(office: PostOffice, deed: object, reminder: int, **more: int) -> None:
    assert callable(deed)
    deed(office.database, "T1", reminder, who="U1", now=office.clock.now(), **more)
