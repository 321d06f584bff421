"""Do staff find a reminder in the lists by searching and filtering, and do the lists stay as they left them (P15)?"""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from blocks.ids import Action, ListAction, ViewId
from bot.demo.elements import initial_values
from bot.demo.person import Person
from bot.demo.surfaces import Message, View
from bot.domain.model import Method
from bot.store.tables import ClientRow, ClinicRow, ListFilterRow, PatientRow, ReminderRow
from tests.scenario.form import saved, stored, top
from tests.scenario.stage import JAMES, MARIA, Stage, at_once, both_databases

GENERAL = "#general"


@both_databases
def test_words_after_the_command_are_looked_for_wherever_the_reminder_stands(stage: Stage) -> None:
    several(stage)
    stage.skip_to("2026-11-24")
    shown = listed(stage, stage.james, "oberg  PELLE").shown()
    assert "*3 found* · oberg PELLE" in shown
    assert patients(shown) == ["Pelle", "Pelle", "Pelle"]
    assert "Tue 24 Nov 2026, 09:00: sent · was due" not in shown  # due today
    assert "Tue 24 Nov 2026, 09:00: sent · due Tue 24 Nov 2026" in shown
    assert "*1 found* · kontroll pelle" in listed(stage, stage.james, "kontroll pelle").shown()
    assert not stage.rows(ListFilterRow)  # what is only looked for is not remembered


@both_databases
def test_filters_narrow_the_list_and_say_so(stage: Stage) -> None:
    several(stage)
    stage.skip_to("2026-11-24")
    message = listed(stage, stage.james)
    assert "*3 found* · Waiting" in message.shown()
    message = chosen(stage, stage.james, ListAction.METHOD, "SMS")
    assert "*1 found* · Waiting · SMS" in message.shown()
    assert patients(message.shown()) == ["Shadow"]
    message = chosen(stage, stage.james, ListAction.METHOD, "Any method")
    message = chosen(stage, stage.james, ListAction.WINDOW, "Due within 7 days")
    assert "*1 found* · Waiting · Due within 7 days" in message.shown()
    message = chosen(stage, stage.james, ListAction.STATUS, "Any status")
    assert "*2 found* · Due within 7 days" in message.shown()
    message = searched(stage, stage.james, "åsa")
    assert "*1 found* · åsa · Due within 7 days" in message.shown()
    stage.james.press(message, Action.REMINDER_LIST_CLEAR)
    stage.settle()
    message = stage.james.messages(GENERAL)[-1]
    assert "*3 found* · Waiting" in message.shown()
    assert Action.REMINDER_LIST_CLEAR not in {one.action_id for one in message.elements()}
    assert values(message)[ListAction.SEARCH] is None
    assert values(message)[ListAction.WINDOW] == "any"


@both_databases
def test_home_opens_as_it_was_left_for_each_person_and_after_a_save(stage: Stage) -> None:
    several(stage)
    home = opened_home(stage, stage.james)
    assert "*4 found* · Waiting" in home.shown()
    stage.james.choose(ListAction.METHOD, "E-mail", on=home)
    stage.settle()
    stage.james.fill(ListAction.SEARCH, "öberg", enter=True, on=home_of(stage.james))
    stage.settle()
    assert "*2 found* · öberg · Waiting · E-mail" in home_of(stage.james).shown()
    assert "*4 hittade* · Väntar" in opened_home(stage, stage.maria).shown()
    saved(stage, stage.james, method="E-mail", due="2026-12-20")
    stage.james.press(top(stage.james), Action.REMINDER_PAUSE)
    stage.settle()
    assert "*2 found* · öberg · Waiting · E-mail" in home_of(stage.james).shown()
    stage.james.press(top(stage.james), Action.REMINDER_RESUME)
    stage.settle()
    stage.james.close()
    assert "*3 found* · öberg · Waiting · E-mail" in opened_home(stage, stage.james).shown()
    (mine,) = [row for row in stage.rows(ListFilterRow) if row.user_id == JAMES]
    assert (mine.place.value, mine.words, mine.method, mine.version) == ("home", "öberg", Method.EMAIL, 2)
    assert "*3 found* · Waiting" not in listed(stage, stage.james).shown()  # the message has filters of its own
    stage.james.press(home_of(stage.james), Action.REMINDER_LIST_CLEAR)
    stage.settle()
    assert "*5 found* · Waiting" in home_of(stage.james).shown()
    assert values(home_of(stage.james))[ListAction.SEARCH] is None


@both_databases
def test_a_first_choice_made_twice_at_once_is_remembered_once(stage: Stage) -> None:
    several(stage)
    home = opened_home(stage, stage.james)
    choices = ("SMS", "E-mail", "Post", "SMS")
    assert not any(
        at_once(*(lambda label=label: stage.james.choose(ListAction.METHOD, label, on=home) for label in choices))
    )
    stage.settle()
    (row,) = stage.rows(ListFilterRow)
    assert row.version == 4


@both_databases
def test_mine_are_those_that_i_made(stage: Stage) -> None:
    saved(stage, stage.james)
    saved(stage, stage.maria, client="mary", method="E-post", template="Vaccination")
    stage.maria.close()
    opened_home(stage, stage.maria)
    stage.maria.choose(ListAction.MINE, "Skapade av mig", on=home_of(stage.maria))
    stage.settle()
    assert patients(home_of(stage.maria).shown()) == ["Shadow"]
    assert "*1 hittad* · Väntar · Skapade av mig" in home_of(stage.maria).shown()
    stage.maria.choose(ListAction.MINE, on=home_of(stage.maria))
    stage.settle()
    assert patients(home_of(stage.maria).shown()) == ["Pelle", "Shadow"]


@both_databases
def test_days_from_and_to_are_picked_in_calendars(stage: Stage) -> None:
    for number, due in enumerate(("2026-12-01", "2026-12-05", "2026-12-09")):
        stored(stage, number, due_date=due)
    opened_home(stage, stage.james)
    stage.james.choose(ListAction.WINDOW, "Due from … to …", on=home_of(stage.james))
    stage.settle()
    assert "*3 found* · Waiting · Due from … to …" in home_of(stage.james).shown()
    stage.james.fill(ListAction.FIRST_DAY, "2026-12-02", on=home_of(stage.james))
    stage.settle()
    assert "*2 found* · Waiting · Due from Wed 2 Dec 2026" in home_of(stage.james).shown()
    stage.james.fill(ListAction.LAST_DAY, "2026-12-05", on=home_of(stage.james))
    stage.settle()
    assert "*1 found* · Waiting · Due from Wed 2 Dec 2026 to Sat 5 Dec 2026" in home_of(stage.james).shown()
    stage.james.fill(ListAction.LAST_DAY, "2026-12-01", on=home_of(stage.james))
    stage.settle()
    shown = home_of(stage.james).shown()
    assert "The first day lies after the last one." in shown
    assert values(home_of(stage.james))[ListAction.FIRST_DAY] == "2026-12-02"  # what was picked stays
    stage.james.choose(ListAction.WINDOW, "Overdue", on=home_of(stage.james))
    stage.settle()
    (row,) = stage.rows(ListFilterRow)
    assert (row.first_day, row.last_day) == (None, None)


@both_databases
def test_a_chain_chooses_the_clinic_and_its_counts_follow(stage: Stage) -> None:
    south = second_clinic(stage)
    stored(stage, 0, due_date="2026-11-24")
    stored(stage, 1, due_date="2026-11-24", clinic_id=south)
    stored(stage, 2, due_date="2026-11-24", clinic_id=south, method="post")
    home = opened_home(stage, stage.james)
    assert "This week: 3" in home.shown()
    stage.james.choose(ListAction.CLINIC, "Söder", on=home)
    stage.settle()
    home = home_of(stage.james)
    assert "*2 found* · Söder · Waiting" in home.shown()
    assert "This week: 2" in home.shown()
    stage.skip_to("2026-11-24")
    home = opened_home(stage, stage.james)
    assert "Clients to contact: 1" in home.shown()
    stage.james.press(home, Action.HOME_SHOW_WEEK)
    stage.settle()
    assert "*0 found* · Söder · Waiting · Goes out this week" in home_of(stage.james).shown()


@both_databases
def test_another_workspaces_clinic_cannot_be_chosen(stage: Stage) -> None:
    second_clinic(stage)
    home = opened_home(stage, stage.james)
    with stage.workspace._state.changing():
        stage.workspace._views._replace(with_option(home, "999"))
    stage.james.choose(ListAction.CLINIC, "Söder", on=home_of(stage.james))
    stage.settle()
    (row,) = stage.rows(ListFilterRow)
    assert row.clinic_id is None


@pytest.mark.parametrize(
    ("menu", "label"),
    [(ListAction.STATUS, "Any status"), (ListAction.WINDOW, "Due from … to …"), (ListAction.METHOD, "External")],
)
def test_what_no_list_offers_is_refused_and_not_remembered(stage: Stage, menu: ListAction, label: str) -> None:
    home = opened_home(stage, stage.james)
    with stage.workspace._state.changing():
        stage.workspace._views._replace(with_option(home, "pigeon", menu))
    stage.james.choose(menu, label, on=home_of(stage.james))
    stage.settle()
    assert "This was made by another version of the bot. Open it anew." in top(stage.james).shown()
    assert not stage.rows(ListFilterRow)


@both_databases
def test_each_count_opens_the_list_of_what_it_counts(stage: Stage) -> None:
    stored(stage, 0, due_date="2026-11-24")
    stored(stage, 1, due_date="2026-11-29")  # Sunday
    stored(stage, 2, due_date="2026-11-30")
    stored(stage, 3, due_date="2026-11-25", method="sms", patient_id=6, client_id=4)
    stored(stage, 4, due_date="2026-11-25", method="post")
    stage.change(ClientRow, ClientRow.id == 4, sms_allowed=False)
    home = opened_home(stage, stage.james)
    assert counts(home) == [0, 4, 0, 0]
    stage.skip_to("2026-11-24")
    stage.skip_to("2026-11-25", 8)
    home = opened_home(stage, stage.james)
    assert counts(home) == [2, 3, 0, 0]
    pressed_on_home(stage, Action.HOME_SHOW_TODAY)
    assert "*2 found* · Waiting · Goes out today" in home_of(stage.james).shown()
    pressed_on_home(stage, Action.HOME_SHOW_WEEK)
    assert "*3 found* · Waiting · Goes out this week" in home_of(stage.james).shown()
    stage.skip_to("2026-11-25")
    home = opened_home(stage, stage.james)
    assert counts(home) == [0, 1, 1, 2]
    pressed_on_home(stage, Action.HOME_SHOW_NOT_SENT)
    home = home_of(stage.james)
    assert "*1 found* · Not sent, to be dealt with" in home.shown()
    assert patients(home.shown()) == ["Shadow"]
    assert "⚠️ Not sent: SMS. The client does not want messages sent this way." in home.shown()


@both_databases
def test_why_something_was_not_sent_is_answered_first_and_then_what_happened(stage: Stage) -> None:
    stored(stage, 0, method="sms")
    stage.change(ClientRow, ClientRow.id == 2, phone=None)
    stage.change(ReminderRow, phone_override=None)
    stage.skip_to("2026-12-01")
    message = listed(stage, stage.james, "pelle")
    assert "Why not sent?" in message.shown()
    stage.james.press(message, Action.REMINDER_HISTORY)
    stage.settle()
    history = top(stage.james)
    assert history.callback_id == ViewId.REMINDER_HISTORY
    lines = history.shown().splitlines()
    assert lines[2] == (
        "SMS, Tue 1 Dec 2026, 09:00: Not sent, since the client has no address or number for it; contact the client, "
        "or add it on the client's page and duplicate the reminder."
    )
    assert [line.partition(": ")[2] for line in lines[-3:]] == [
        "Made the reminder",
        "Not sent: SMS. The client has no address or number for it.",
        "Staff were asked to contact the client",
    ]
    stage.james.press(history, Action.REMINDER_OPEN)
    stage.settle()
    card = top(stage.james)
    assert card.callback_id == ViewId.REMINDER_CARD
    assert ":warning: SMS, Tue 1 Dec 2026, 09:00: Not sent, since the client has no address" in card.shown()
    (task,) = stage.cards
    stage.maria.press(task, Action.TASK_MARK_CONTACTED)
    stage.settle()
    stage.james.close()
    message = listed(stage, stage.james, "pelle")
    stage.james.press(message, Action.REMINDER_HISTORY)
    stage.settle()
    assert "Dealt with: the client was contacted Tue 1 Dec 2026, 09:00." in top(stage.james).shown()
    assert f"<@{MARIA}>: Contacted the client" in top(stage.james).shown()
    assert "Not sent: 0" in opened_home(stage, stage.james).shown()


@both_databases
def test_a_long_history_is_told_to_its_end(stage: Stage) -> None:
    saved(stage, stage.james, due="2027-12-01")
    for _ in range(25):
        for action in (Action.REMINDER_PAUSE, Action.REMINDER_RESUME):
            stage.james.press(top(stage.james), action)
            stage.settle()
    stage.james.press(top(stage.james), Action.REMINDER_HISTORY)
    stage.settle()
    newest = top(stage.james)
    assert newest.shown().count("umed the reminder") + newest.shown().count("used the reminder") == 11
    assert "Not sent yet: the next one goes out Wed 1 Dec 2027, 09:00." in newest.shown()
    stage.james.press(newest, Action.REMINDER_HISTORY_PREVIOUS)
    stage.settle()
    oldest = top(stage.james)
    assert "Made the reminder" in oldest.shown()
    assert oldest.shown().count(f"<@{JAMES}>") == 40
    stage.james.press(oldest, Action.REMINDER_HISTORY_NEXT)
    stage.settle()
    assert "Made the reminder" not in top(stage.james).shown()


@both_databases
def test_open_tasks_are_listed_and_marked_there_once(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stored(stage, 1, method="post", client_id=4, patient_id=6, email="", phone="")
    stage.skip_to("2026-12-01")
    for person in (stage.james, stage.maria):
        opened_home(stage, person)
        person.press(home_of(person), Action.HOME_SHOW_TASKS)
    stage.settle()
    seen = top(stage.james)
    assert seen.callback_id == ViewId.TASK_LIST
    assert "2 clients are to be contacted." in seen.shown()
    assert "📞 *Contact Åsa Öberg about Pelle*" in seen.shown()
    stage.james.press(seen, Action.TASK_LIST_MARK_CONTACTED)
    stage.settle()
    assert "✅ *Contacted: Åsa Öberg about Pelle*" in top(stage.james).shown()
    assert "1 client is to be contacted." in top(stage.james).shown()
    assert "Clients to contact: 1" in home_of(stage.james).shown()
    first_card, _ = stage.cards
    assert f"<@{JAMES}>" in first_card.shown()  # the card in the channel says so too
    stage.maria.press(top(stage.maria), Action.TASK_LIST_MARK_CONTACTED)  # the same task, on a list that is old by now
    stage.settle()
    assert f"<@{JAMES}> har redan kontaktat Åsa Öberg" in top(stage.maria).shown()
    assert [event for event, _ in stage.happened].count("contacted") == 1
    stage.maria.press(top(stage.maria), Action.TASK_LIST_SHOW_CONTACT)
    stage.settle()
    assert len(stage.maria.modals) == 2
    assert "+46 70 174 06 08" in top(stage.maria).shown()
    assert stage.happened[-1] == ("contact-shown", MARIA)
    stage.maria.close()
    stage.maria.press(top(stage.maria), Action.TASK_LIST_HISTORY)
    stage.settle()
    assert top(stage.maria).callback_id == ViewId.REMINDER_HISTORY
    stage.maria.close()
    stage.maria.press(top(stage.maria), Action.TASK_LIST_MARK_CONTACTED)
    stage.settle()
    assert stage.words.words("sv")("Nobody is waiting to be contacted.") in top(stage.maria).shown()


def test_the_open_tasks_have_pages(stage: Stage) -> None:
    for number in range(22):
        stored(stage, number, method="post")
    stage.skip_to("2026-12-01")
    opened_home(stage, stage.james)
    stage.james.press(home_of(stage.james), Action.HOME_SHOW_TASKS)
    stage.settle()
    stage.james.press(top(stage.james), Action.TASK_LIST_NEXT)
    stage.settle()
    assert top(stage.james).shown().count("📞") == 2
    for _ in range(2):
        stage.james.press(top(stage.james), Action.TASK_LIST_MARK_CONTACTED)
        stage.settle()
    assert top(stage.james).shown().count("📞") == 20  # the page has ended: the last that there is
    assert Action.TASK_LIST_NEXT not in {one.action_id for one in top(stage.james).elements()}


@both_databases
def test_pages_keep_the_filters(stage: Stage) -> None:
    for number in range(45):
        stored(stage, number, due_date="2026-12-10")
    stored(stage, 99, client_id=4, patient_id=6)
    listed(stage, stage.james, "pelle")
    for action, page, rows in [
        (Action.REMINDER_LIST_NEXT, 2, 20),
        (Action.REMINDER_LIST_NEXT, 3, 5),
        (Action.REMINDER_LIST_PREVIOUS, 2, 20),
    ]:
        stage.james.press(stage.james.messages(GENERAL)[-1], action)
        stage.settle()
        message = stage.james.messages(GENERAL)[-1]
        assert f"Page {page} of 3" in message.shown()
        assert patients(message.shown()) == ["Pelle"] * rows
        assert values(message)[ListAction.SEARCH] == "pelle"
    opened_home(stage, stage.james)
    stage.james.fill(ListAction.SEARCH, "pelle", enter=True, on=home_of(stage.james))
    stage.settle()
    for _ in range(2):
        pressed_on_home(stage, Action.REMINDER_LIST_NEXT)
    assert patients(home_of(stage.james).shown()) == ["Pelle"] * 5
    assert "*45 found* · pelle · Waiting" in home_of(stage.james).shown()


@both_databases
def test_where_nothing_is_found_it_is_said_what_to_loosen(stage: Stage) -> None:
    several(stage)
    message = listed(stage, stage.james, "pelle oconnor")
    assert "Check the spelling" in message.shown()
    listed(stage, stage.james)
    searched(stage, stage.james, "shadow")
    message = chosen(stage, stage.james, ListAction.METHOD, "Post")
    assert "No reminder is like this." in message.shown()
    assert "• Without “Post” 1 reminder is found." in message.shown()
    assert "Without “Waiting”" not in message.shown()
    message = chosen(stage, stage.james, ListAction.METHOD, "SMS")
    assert patients(message.shown()) == ["Shadow"]


@pytest.mark.parametrize("typed", ["x" * 400, "<!channel> *a* `b`", "a\x00\x1b", "%", "''; drop"])
def test_whatever_is_searched_for_is_text(stage: Stage, typed: str) -> None:
    stored(stage, 0)
    message = listed(stage, stage.james, typed)
    assert "found*" in message.shown()
    stage.james.press(message, Action.REMINDER_LIST_CLEAR)
    stage.settle()
    assert "*1 found*" in stage.james.messages(GENERAL)[-1].shown()


def test_what_is_searched_for_stands_in_no_log_and_no_button(stage: Stage) -> None:
    """`Stage.end` looks for the names of clients in every log line, button and piece of metadata."""
    several(stage)
    listed(stage, stage.james, "Åsa Öberg")
    opened_home(stage, stage.james)
    stage.james.fill(ListAction.SEARCH, "Åsa Öberg", enter=True, on=home_of(stage.james))
    stage.settle()
    assert stage.rows(ListFilterRow)[0].words == "Åsa Öberg"


def test_longest_names_and_texts_fit_on_home_and_in_the_message(stage: Stage) -> None:
    """`Stage.end` holds every view and message against Slack's limits."""
    long = "Ä&" * 100
    stage.change(ClientRow, ClientRow.id == 2, name=long)
    stage.change(PatientRow, PatientRow.id == 3, name=long)
    second_clinic(stage, long)
    for number in range(25):
        stored(stage, number, subject=long, method="both")
    stage.workspace.fail_next("sms", status=403)
    stage.change(ClientRow, ClientRow.id == 2, email_allowed=False, sms_allowed=False)
    stage.skip_to("2026-12-01")
    for person in (stage.james, stage.maria):
        listed(stage, person, "a")
        opened_home(stage, person)
        person.press(home_of(person), Action.HOME_SHOW_NOT_SENT)
        stage.settle()
        person.press(home_of(person), Action.HOME_SHOW_TASKS)
        stage.settle()
        assert top(person).callback_id == ViewId.TASK_LIST
        person.close()
        person.press(home_of(person), Action.REMINDER_HISTORY)
        stage.settle()
        assert top(person).callback_id == ViewId.REMINDER_HISTORY


def several(stage: Stage) -> None:
    """Pelle's three, due within a week, within 30 days and later, and one of Shadow's over SMS."""
    stored(stage, 0, due_date="2026-11-24")
    stored(stage, 1, due_date="2026-12-10")
    stored(stage, 2, due_date="2027-03-01", method="both", subject="Årlig kontroll")
    stored(stage, 3, client_id=4, patient_id=6, method="sms", due_date="2026-12-01")


def second_clinic(stage: Stage, name: str = "Söder") -> int:
    """Open another clinic, like the first but for its name."""
    with stage.database.writing() as session:
        (first,) = session.execute(select(ClinicRow.__table__)).mappings().all()
        values = {**first, "name": name}
        del values["id"]
        return session.scalars(insert(ClinicRow).values(values).returning(ClinicRow.id)).one()


def listed(stage: Stage, person: Person, words: str = "") -> Message:
    """Type `/reminder list`; the message that answers it."""
    person.command("/reminder", f"list {words}")
    stage.settle()
    return person.messages(GENERAL)[-1]


def chosen(stage: Stage, person: Person, menu: ListAction, label: str) -> Message:
    """Choose in a menu of the newest list; that message afterwards."""
    person.choose(menu, label, on=person.messages(GENERAL)[-1])
    stage.settle()
    return person.messages(GENERAL)[-1]


def searched(stage: Stage, person: Person, words: str) -> Message:
    """Type into the search field of the newest list, and Enter."""
    person.fill(ListAction.SEARCH, words, enter=True, on=person.messages(GENERAL)[-1])
    stage.settle()
    return person.messages(GENERAL)[-1]


def opened_home(stage: Stage, person: Person) -> View:
    """Open the Home tab; what is there then."""
    before = person.home
    person.open_home()
    stage.until(lambda: person.home != before)
    stage.settle()
    return home_of(person)


def home_of(person: Person) -> View:
    """The Home as it is now."""
    assert person.home is not None
    return person.home


def pressed_on_home(stage: Stage, action: Action) -> None:
    stage.james.press(home_of(stage.james), action)
    stage.settle()


def patients(shown: str) -> list[str]:
    """Whose rows are shown, in their order."""
    return [line.split("*")[1] for line in shown.splitlines() if line[:1] in "⚫🟡🔴" and "*" in line]


def counts(home: View) -> list[int]:
    """What the buttons on the Home count: today, this week, not sent, tasks."""
    return [
        int(one.element["text"]["text"].rpartition(": ")[2])
        for one in home.elements()
        if one.action_id.startswith("home-show-")
    ]


def values(surface: View | Message) -> dict[str, object]:
    """What stands in each choice: the text typed, the value chosen, the day picked."""
    blocks = surface.values if isinstance(surface, View) else initial_values(surface.blocks or (), None)
    found: dict[str, object] = {}
    for inputs in blocks.values():
        for action, held in inputs.items():
            option = held.get("selected_option") or {}
            found[action] = held.get("value") or held.get("selected_date") or option.get("value")
    return found


def with_option(home: View, value: str, menu: ListAction = ListAction.CLINIC) -> View:
    """The Home with another value behind the last thing that a menu offers."""
    (found,) = [one for one in home.elements() if one.action_id == menu]
    found.element["options"][-1]["value"] = value
    return home
