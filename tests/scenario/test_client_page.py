"""Does one client's page show what is known, and lead on to a reminder with everything filled in (rules P1, P15)?"""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from blocks.ids import Action, Command, ViewId
from bot.demo.person import Person
from bot.demo.surfaces import View
from bot.store import directory
from bot.store.tables import ClientHistoryRow, ClientRow, PatientRow
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import JAMES, TODAY, Stage, both_databases


def opened(stage: Stage, name: str, word: str = "client") -> View:
    """Type `/reminder client NAME`; the modal that it opens."""
    stage.james.command(Command.REMINDER, f"{word} {name}")
    stage.settle()
    return top(stage.james)


def pressed(stage: Stage, action: str, number: int = 0) -> View:
    """Press the n-th button of this kind in the modal on top; what is on top then."""
    view = top(stage.james)
    found = [one for one in view.elements() if one.action_id == action]
    stage.james.press(view, action, found[number].block_id)
    stage.settle()
    return top(stage.james)


def labels(view: View, action: str) -> int:
    return sum(one.action_id == action for one in view.elements())


@both_databases
def test_the_page_shows_contact_data_patients_and_reminders(stage: Stage) -> None:
    saved(stage, stage.james, client="björn", patient="Rex (hund)", due="2027-01-15")
    saved(stage, stage.james, client="björn", patient="Ronja (hund)", due="2026-12-01")
    page = opened(stage, "björn lind", "kund")
    assert page.callback_id == ViewId.CLIENT_PAGE
    lines = page.shown().splitlines()
    assert "Björn Lindqvist" in lines
    assert "Phone number: +46 70 174 06 07" in lines
    assert "E-mail address: bjorn.lindqvist@post.example" in lines
    assert "E-mail allowed · SMS switched off · Language: Swedish" in lines
    first, second = (next(n for n, line in enumerate(lines) if f"*{pet}*" in line) for pet in ("Ronja", "Rex"))
    assert first < second
    assert lines[first] == "🟡 *Ronja* · Vaccination · E-mail"
    assert lines[first + 1] == "Waiting · Next send Tue 1 Dec 2026, 09:00 · due Tue 1 Dec 2026"
    assert lines[second].startswith("⚫ *Rex*")
    assert pressed(stage, Action.REMINDER_OPEN).callback_id == ViewId.REMINDER_CARD
    assert "Reminder for Ronja" in top(stage.james).shown()
    assert len(stage.james.modals) == 1
    assert pressed(stage, Action.CLIENT_OPEN).callback_id == ViewId.CLIENT_PAGE


def test_each_opening_is_noted_and_turning_its_pages_is_not(stage: Stage) -> None:
    opened(stage, "åsa")
    pressed(stage, Action.CLIENT_TAB_HISTORY)
    pressed(stage, Action.CLIENT_TAB_REMINDERS)
    (entry,) = stage.rows(ClientHistoryRow)
    assert (entry.event.value, entry.actor, entry.client_id) == ("shown", JAMES, 2)
    assert "Looked at" not in top(stage.james).shown()


def test_the_dead_and_the_inactive_are_shown_as_such_and_get_no_button(stage: Stage) -> None:
    stage.change(PatientRow, PatientRow.name == "Bella", died_on=TODAY)
    stage.change(PatientRow, PatientRow.name == "Rex", active=False)
    page = opened(stage, "misse")
    assert "• Bella (hund): died Mon 23 Nov 2026" in page.shown()
    assert "• Misse (katt)" in page.shown()
    page = opened(stage, "ronja")
    assert "• Rex (hund): inactive" in page.shown()
    assert labels(page, Action.PATIENT_ADD) == 0
    assert labels(page, Action.CLIENT_ADD) == 1


def test_add_opens_the_form_with_client_address_number_and_only_patient(stage: Stage) -> None:
    opened(stage, "åsa")
    pressed(stage, Action.CLIENT_ADD)
    form = Form(stage, stage.james)
    values = form.values
    assert (values["client"], values["patient"]) == ("Åsa Öberg", "Pelle (kanin)")
    assert (values["email"], values["phone"]) == ("asa.oberg@post.example", "+46 70 174 06 06")
    form.choose("template", "Vaccination").type("due-date", "2026-12-01").save()
    assert stage.reminders[0].client_id == 2
    assert len(stage.james.modals) == 1


def test_one_reminder_after_another_is_made_in_the_same_modal(stage: Stage) -> None:
    opened(stage, "åsa")
    for due in ("2026-12-01", "2026-12-08"):
        pressed(stage, Action.CLIENT_ADD)
        Form(stage, stage.james).choose("template", "Vaccination").type("due-date", due).save()
        pressed(stage, Action.CLIENT_OPEN)
    assert [row.due_date.isoformat() for row in stage.reminders] == ["2026-12-01", "2026-12-08"]


def test_each_of_several_patients_has_an_add_of_its_own(stage: Stage) -> None:
    page = opened(stage, "nala")
    assert labels(page, Action.PATIENT_ADD) == 2
    pressed(stage, Action.PATIENT_ADD, 1)
    values = Form(stage, stage.james).values
    assert (values["client"], values["patient"]) == ("Fatima Al-Sayed", "Simba (katt)")
    assert values["email"] == "fatima.alsayed@post.example"
    opened(stage, "nala")
    pressed(stage, Action.CLIENT_ADD)
    values = Form(stage, stage.james).values
    assert (values["client"], values["patient"]) == ("Fatima Al-Sayed", None)


def test_the_history_tells_what_was_sent_when_and_how_the_newest_first(stage: Stage) -> None:
    stored(stage, 1, method="both")
    stored(stage, 2, method="post", due_date="2026-12-02")
    stage.skip_to("2026-12-01")
    stage.skip_to("2026-12-02")
    opened(stage, "åsa")
    shown = pressed(stage, Action.CLIENT_TAB_HISTORY).shown().splitlines()
    rows = [n for n, line in enumerate(shown) if line.startswith("*Pelle*")]
    letter, *both = [shown[n].rpartition(" · ")[2] for n in rows]
    assert (letter, sorted(both)) == ("Post", ["E-mail", "SMS"])
    assert shown[rows[0] + 1].startswith("Wed 2 Dec 2026, 09:00 · staff were asked to contact the client · To be sent")
    assert shown[rows[1] + 1] == "Tue 1 Dec 2026, 09:00 · sent"
    pressed(stage, Action.CLIENT_TAB_REMINDERS)
    assert "Finished · was due" in top(stage.james).shown()


def test_reminders_are_turned_in_pages(stage: Stage) -> None:
    for number in range(12):
        stored(stage, number)
    page = opened(stage, "åsa")
    assert labels(page, Action.REMINDER_OPEN) == 10
    page = pressed(stage, Action.CLIENT_PAGE_NEXT)
    assert labels(page, Action.REMINDER_OPEN) == 2
    assert labels(page, Action.CLIENT_PAGE_NEXT) == 0
    page = pressed(stage, Action.CLIENT_PAGE_PREVIOUS)
    assert labels(page, Action.REMINDER_OPEN) == 10


def test_what_waits_stands_above_what_is_cancelled_or_over(stage: Stage) -> None:
    stored(stage, 1)
    card = saved(stage, stage.james, due="2026-12-10")
    stage.james.press(card, Action.REMINDER_CANCEL)
    stage.settle()
    stage.skip_to("2026-12-01")
    stored(stage, 2, due_date="2027-03-01")
    lines = [line for line in opened(stage, "åsa").shown().splitlines() if " · " in line and "due" in line]
    assert [line.partition(" ")[0] for line in lines] == ["Waiting", "Cancelled", "Finished"]


def test_of_namesakes_one_is_chosen_from_a_short_list(stage: Stage) -> None:
    choice = opened(stage, "anna")
    assert choice.callback_id == ViewId.CLIENT_CHOICE
    assert "Several clients match “anna”. Which one do you mean?" in choice.shown()
    assert "*Anna Andersson · Bella, Misse*" in choice.shown()
    assert "+46 70 174 06 11 · anna.a.lund@post.example" in choice.shown()
    page = pressed(stage, Action.CLIENT_OPEN, 1)
    assert "Doris" in page.shown()
    assert len(stage.james.modals) == 1


def test_nobody_found_is_said_and_a_new_client_offered(stage: Stage) -> None:
    choice = opened(stage, "<!here> Nilsson")
    assert "No client matches “&lt;!here&gt; Nilsson”." in choice.shown()
    assert pressed(stage, Action.CLIENT_NEW).callback_id == ViewId.CLIENT_FORM


@pytest.mark.parametrize("word", ["client", "kund", "asiakas"])
def test_without_a_name_a_type_ahead_opens_the_page(stage: Stage, word: str) -> None:
    choice = opened(stage, "", word)
    assert choice.callback_id == ViewId.CLIENT_CHOICE
    label = stage.james.suggest("choice", "simba")[0]
    stage.james.choose("choice", label, query="simba")
    stage.settle()
    assert "Fatima Al-Sayed" in top(stage.james).shown()


def test_the_inactive_are_found_last_and_get_no_reminder(stage: Stage) -> None:
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", active=False)
    page = opened(stage, "åsa")
    assert "This client is inactive and gets no reminders." in page.shown()
    assert labels(page, Action.CLIENT_ADD) == 0


def test_many_matches_are_cut_to_a_list_that_can_be_read(stage: Stage) -> None:
    with stage.database.writing() as session:
        for number in range(15):
            client = directory.client(session, 1, 2)
            assert client is not None
            directory.add_client(session, 1, client.__class__(0, f"Nils {number}", None, None, "sv", True, True, True))
    choice = opened(stage, "nils")
    assert "Many clients match “nils”." in choice.shown()
    assert labels(choice, Action.CLIENT_OPEN) == 10


def test_names_of_200_characters_and_50_patients_stay_usable(stage: Stage) -> None:
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", name="Å" * 200)
    with stage.database.writing() as session:
        session.execute(
            insert(PatientRow),
            [
                {
                    "workspace_id": 1,
                    "client_id": 2,
                    "name": f"{number:02}" + "ö" * 198,
                    "species": "ö" * 100,
                    "active": number % 5 > 0,
                    "died_on": None,
                    "search_key": "",
                }
                for number in range(50)
            ],
        )
    for number in range(10):
        stored(stage, number)
    page = opened(stage, "asa.oberg")
    assert all(f"{number:02}ö" in page.shown() for number in range(50))
    pressed(stage, Action.PATIENT_ADD, 3)
    form = Form(stage, stage.james)
    assert form.values["patient"].startswith("04ö")
    assert len(form.offered("patient")) == 41


def test_a_guest_sees_no_page(stage: Stage) -> None:
    guest: Person = stage.workspace.person("gerd")
    guest.command(Command.REMINDER, "client åsa")
    assert guest.modal is None
    assert not stage.rows(ClientHistoryRow)
