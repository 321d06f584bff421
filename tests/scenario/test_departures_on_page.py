"""Can it be told on the client's page that a patient has died or a client left, undone, and put right later (P16)?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from blocks.ids import Action, Command, MenuChoice, ViewId
from bot.demo.person import Person
from bot.demo.surfaces import View
from bot.store.tables import ClientHistoryRow, ClientRow, PatientRow, StepRow
from tests.scenario.form import Form, stored, top
from tests.scenario.stage import JAMES, TODAY, Stage, at_once, both_databases
from tests.scenario.test_life import opened as opened_card
from tests.scenario.test_life import pressed

PELLE, MISSE, ASA = 3, 2, 2


@both_databases
def test_a_patient_without_any_reminder_can_be_marked_as_dead_and_it_can_be_undone(stage: Stage) -> None:
    opened(stage, stage.james, "åsa")
    question = chosen(stage, stage.james, "Has died: Pelle")
    assert question.callback_id == ViewId.DEPARTURE
    assert "Has Pelle (Åsa Öberg) died?" in question.shown()
    assert "No reminder is waiting, so none is stopped." in question.shown()
    page = confirmed(stage, stage.james)
    assert "Pelle (kanin): died Mon 23 Nov 2026" in page.shown()
    assert "“Marked the patient as dead” can be undone until 10:10." in page.shown()
    assert offered(page) == ["Client inactive"]
    assert patient(stage).died_on == TODAY
    stage.skip(timedelta(minutes=9))
    page = pressed(stage, stage.james, Action.CLIENT_UNDO)
    assert "can be undone" not in page.shown()
    assert patient(stage).died_on is None
    assert history(stage) == [("patient-died", JAMES), ("patient-died-undone", JAMES)]


@both_databases
def test_an_inactive_clients_reminders_stop_and_go_on_when_it_is_undone(stage: Stage) -> None:
    stored(stage, 0)
    stored(stage, 1, due_date="2026-12-20")
    opened(stage, stage.maria, "åsa")
    question = chosen(stage, stage.maria, stage.words.words("sv")("Client inactive"))
    assert "2 väntande påminnelser stoppas:" in question.shown()
    confirmed(stage, stage.maria)
    assert [state for _, state, _ in stage.states] == ["cancelled", "cancelled"]
    assert not client(stage).active
    assert Action.CLIENT_ADD not in {one.action_id for one in top(stage.maria).elements()}
    pressed(stage, stage.maria, Action.CLIENT_UNDO)
    assert client(stage).active
    stage.skip_to("2026-12-01")
    stage.skip_to("2026-12-20")
    assert len(stage.mails) == 2


@both_databases
def test_after_ten_minutes_a_patient_is_alive_after_all_and_each_reminder_is_taken_up_by_itself(stage: Stage) -> None:
    stored(stage, 0)
    opened(stage, stage.james, "åsa")
    chosen(stage, stage.james, "Has died: Pelle")
    confirmed(stage, stage.james)
    stage.skip(timedelta(minutes=11))
    page = opened(stage, stage.james, "åsa")
    assert Action.CLIENT_UNDO not in {one.action_id for one in page.elements()}
    page = chosen(stage, stage.james, "Is alive after all: Pelle")
    assert "What was stopped stays so. Open a reminder to restore it." in page.shown()
    assert patient(stage).died_on is None
    assert [state for _, state, _ in stage.states] == ["cancelled"]
    pressed(stage, stage.james, Action.REMINDER_OPEN)
    card = pressed(stage, stage.james, Action.REMINDER_RESTORE)
    assert "Waiting" in card.shown()
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 1


def test_a_client_who_comes_back_is_active_again_and_can_get_a_reminder(stage: Stage) -> None:
    opened(stage, stage.james, "åsa")
    chosen(stage, stage.james, "Client inactive")
    confirmed(stage, stage.james)
    stage.skip(timedelta(minutes=11))
    opened(stage, stage.james, "åsa")
    page = chosen(stage, stage.james, "Client is active again")
    assert "inactive" not in page.shown().partition("Undone")[0].replace("Client inactive", "")
    assert client(stage).active
    pressed(stage, stage.james, Action.CLIENT_ADD)
    assert Form(stage, stage.james).values["patient"] is not None


def test_whoever_came_back_meanwhile_is_not_brought_back_twice(stage: Stage) -> None:
    opened(stage, stage.james, "åsa")
    chosen(stage, stage.james, "Has died: Pelle")
    confirmed(stage, stage.james)
    stage.skip(timedelta(minutes=11))
    opened(stage, stage.james, "åsa")
    opened(stage, stage.maria, "åsa")
    chosen(stage, stage.james, "Is alive after all: Pelle")
    page = chosen(stage, stage.maria, stage.words.words("sv")("Is alive after all: {patient}", patient="Pelle"))
    assert "Patienten är inte längre markerad som avliden." in page.shown()
    assert [event for event, _ in history(stage)] == ["patient-died", "patient-died-undone"]


@both_databases
def test_of_two_people_who_tell_it_on_a_page_one_does(stage: Stage) -> None:
    stored(stage, 0)
    for person, label in ((stage.james, "Client inactive"), (stage.maria, stage.words.words("sv")("Client inactive"))):
        opened(stage, person, "åsa")
        chosen(stage, person, label)
    at_once(stage.james.submit, stage.maria.submit)
    stage.settle()
    assert len(stage.rows(StepRow)) == 1
    assert [event for event, _ in history(stage)] == ["inactive"]
    shown = top(stage.james).shown() + top(stage.maria).shown()
    swedish = stage.words.words("sv")
    assert swedish("This client is marked as inactive already.") in shown or "inactive already" in shown


@both_databases
def test_a_confirmation_delivered_twice_on_a_page_counts_once(stage: Stage) -> None:
    stored(stage, 0)
    opened(stage, stage.james, "åsa")
    chosen(stage, stage.james, "Has died: Pelle")
    stage.workspace.deliver_twice(True)
    page = confirmed(stage, stage.james)
    assert "1 waiting reminder was stopped." in page.shown()
    assert len(stage.rows(StepRow)) == 1
    assert [event for event, _ in history(stage)] == ["patient-died"]


def test_the_patient_who_was_asked_about_dies_though_the_reminder_became_anothers(stage: Stage) -> None:
    stored(stage, 0, client_id=1, patient_id=1, email="", phone="", method="post")
    opened_card(stage, stage.james)
    stage.james.press(top(stage.james), Action.REMINDER_MENU, option="Patient has died")
    stage.settle()
    asked = top(stage.james).shown()
    opened_card(stage, stage.maria)
    pressed(stage, stage.maria, Action.REMINDER_EDIT)
    patients = [row for row in stage.rows(PatientRow) if row.client_id == 1]
    other = next(one for one in Form(stage, stage.maria).offered("patient") if one.startswith(patients[1].name))
    Form(stage, stage.maria).choose("patient", other).save()
    confirmed(stage, stage.james)
    first, second = (row for row in stage.rows(PatientRow) if row.client_id == 1)
    assert first.name in asked
    assert (first.died_on, second.died_on) == (TODAY, None)
    assert [state for _, state, _ in stage.states] == ["planned"]


@pytest.mark.parametrize("choice", [MenuChoice.DUPLICATE, "patient-died:99999", "patient-died:x", "client-active:99"])
def test_a_choice_of_nobody_is_refused(stage: Stage, choice: str) -> None:
    page = opened(stage, stage.james, "åsa")
    (menu,) = [one for one in page.elements() if one.action_id == Action.CLIENT_MENU]
    option = {"text": {"type": "plain_text", "text": "x"}, "value": choice if ":" in choice else f"{choice}:1"}
    workspace = stage.workspace
    workspace._delivery.deliver(
        "interactive",
        workspace._payloads.view_actions(
            stage.james.user,
            page,
            {
                "type": "static_select",
                "block_id": menu.block_id,
                "action_id": Action.CLIENT_MENU,
                "selected_option": option,
                "action_ts": "1.0",
            },
            workspace._triggers.new(JAMES, from_modal=True),
        ),
    )
    stage.settle()
    assert top(stage.james).shown()
    assert not stage.rows(StepRow)
    assert all(row.died_on is None for row in stage.rows(PatientRow))


def opened(stage: Stage, person: Person, name: str) -> View:
    """Type `/reminder client NAME`; the page that it opens."""
    while person.modal is not None:
        person.close()
    person.command(Command.REMINDER, f"client {name}")
    stage.settle()
    return top(person)


def chosen(stage: Stage, person: Person, label: str) -> View:
    """Choose in the page's menu; what then stands there."""
    person.choose(Action.CLIENT_MENU, label, on=top(person))
    stage.settle()
    return top(person)


def confirmed(stage: Stage, person: Person) -> View:
    """Confirm the question; what answers it."""
    assert person.submit().ok
    stage.settle()
    return top(person)


def offered(page: View) -> list[str]:
    """What the page's menu offers."""
    (menu,) = [one for one in page.elements() if one.action_id == Action.CLIENT_MENU]
    return [str(option["text"]["text"]) for option in menu.options()]


def patient(stage: Stage, number: int = PELLE) -> PatientRow:
    return next(row for row in stage.rows(PatientRow) if row.id == number)


def client(stage: Stage, number: int = ASA) -> ClientRow:
    return next(row for row in stage.rows(ClientRow) if row.id == number)


def history(stage: Stage) -> list[tuple[str, str]]:
    """What was done to clients' records; looks at them left out."""
    return [(row.event.value, row.actor) for row in stage.rows(ClientHistoryRow) if row.event.value != "shown"]
