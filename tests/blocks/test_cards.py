"""Do cards, lists, Home and notices show what they are given, all of it and nothing else, within Slack's limits?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from blocks.client_form import ClientForm, PatientForm, client_form_view, patient_form_view
from blocks.client_page import (
    ChangeLine,
    ClientLine,
    ClientPage,
    PageRow,
    PatientLine,
    client_choice_view,
    client_page_view,
)
from blocks.contact_task import ContactTask, Done, Ending, contact_task_message
from blocks.departure import Departure, Stopping, departure_view
from blocks.doubt import Doubt, Twice
from blocks.elements import Choice, Json
from blocks.history import HistoryLine, ReminderHistory, reminder_history_view
from blocks.home import Home, home_view
from blocks.limits import problems
from blocks.list_filter import ANY, Chosen, ListFilter, Looser
from blocks.notices import (
    ContactDetails,
    HelpRow,
    contact_details_view,
    failure_message,
    failure_view,
    help_message,
    mrkdwn_message,
    refusal_message,
    refusal_view,
)
from blocks.reminder_card import ReminderCard, Undo, reminder_card_view
from blocks.reminder_list import DueMark, ReminderList, ReminderRow, reminder_list_message
from blocks.task_list import TaskList, TaskRow, task_list_view
from tests.blocks.samples import HOSTILE, SPEAKERS, English, Hostile, buttons, cut, exact, filled_with, formatted

TASK = ContactTask(
    value="42",
    patient="Rex",
    client="Anna Ek",
    reason="The reminder goes by post.",
    due_date="Thu 24 Dec 2026",
    subject="Time for Rex",
    text="Dear Anna,\n*Rex* is due_soon.",
)
CLOSED = dataclasses.replace(TASK, done=Done("U1", "Thu 24 Dec 2026, 10:15"))
CARD = ReminderCard(
    value="7",
    client_value="3",
    patient="Rex",
    client="Anna Ek",
    what="Vaccination",
    how="E-mail",
    status="Waiting",
    due_date="Thu 24 Dec 2026",
    clinic="Harbour",
    recurrence="Yearly, 3 times",
    coming=["Sat 19 Dec 2026, 09:00", "Sun 19 Dec 2027, 09:00"],
    history=[HistoryLine("Mon 23 Nov 2026, 10:00", "Made", "U1"), HistoryLine("Sat 19 Dec 2026, 09:00", "Sent")],
    note="Made by Bo",
    answers=["Not sent, since the client has no address."],
    can_edit=True,
    can_cancel=True,
    can_pause=True,
    can_send_now=True,
    can_skip=True,
    menu=[Choice("duplicate:7", "Duplicate"), Choice("patient-died:7", "Patient has died")],
    undo=Undo("5", "“Changed the reminder” can be undone until 10:10."),
)
STOPPING = Stopping("Rex", "Vaccination", "Thu 24 Dec 2026")
DEPARTURE = Departure("Patient has died", "Has Rex (Anna Ek) died?", "patient-died:7", [STOPPING])
STATUS = Chosen([Choice("waiting", "Waiting"), Choice("all", "Any status")], "waiting")
METHOD = Chosen([Choice(ANY, "Any method"), Choice("sms", "SMS")], ANY)
WINDOW = Chosen([Choice(ANY, "Any time"), Choice("between", "Due from … to …")], "between")
FILTER = ListFilter(
    status=STATUS,
    window=WINDOW,
    method=METHOD,
    clinic=Chosen([Choice(ANY, "All clinics"), Choice("4", "Harbour")], "4"),
    search="Rex",
    is_mine=True,
    days=("2026-12-01", ""),
    revision=3,
    parts=["Rex", "Harbour", "Waiting", "Due from Tue 1 Dec"],
    can_be_cleared=True,
    note="The first day lies after the last one.",
    looser=[Looser("Rex", 1), Looser("Waiting", 1200)],
)
AT_FIRST = ListFilter(STATUS, dataclasses.replace(WINDOW, value=ANY), METHOD, parts=["Waiting"])
ROW = ReminderRow("7", "Rex", "Anna Ek", "Vaccination", "E-mail", ["⚠️ Not sent", "due Thu 24 Dec"], DueMark.SOON)
PAGE = ReminderList(
    FILTER,
    [ROW, dataclasses.replace(ROW, value="8", fell_short=True)],
    total=45,
    page="Page 2 of 3",
    previous="page:0",
    following="page:2",
)
NOTHING = ReminderList(FILTER)
NOTHING_WAITS = ReminderList(AT_FIRST, nothing_waits=True)
HOME = Home("Bo", PAGE, sends_today=1, sends_this_week=2, not_sent=3, open_tasks=1200, clinic="Harbour")
HISTORY = ReminderHistory(
    value="7",
    patient="Rex",
    client="Anna Ek",
    what="Vaccination",
    answers=["Not sent, since the client has no address.", "The next one goes out later."],
    lines=CARD.history,
    previous="page:0",
    following="page:2",
)
TASK_ROW = TaskRow("42", "7", "Rex", "Anna Ek", "The reminder goes by post.", "Thu 24 Dec", "Harbour")
TASKS = TaskList([TASK_ROW], total=21, note="✅ *Contacted*", following="page:1", previous="page:3")
DETAILS = ContactDetails("Anna Ek", "Rex", phone="070-174 06 05", email="anna_ek@example.se", note="Asked by Bo")
CLIENT = ClientPage(
    value="3",
    name="Anna Ek",
    phone="070-174 06 05",
    email="anna_ek@example.se",
    facts=["E-mail allowed", "SMS switched off"],
    notes=["Inactive"],
    undo=[Undo("9", "“Marked the client as inactive” can be undone until 10:10.")],
    menu=[Choice("client-inactive:3", "Client inactive"), Choice("patient-died:1", "Has died: Rex")],
    patients=[PatientLine("1", "Rex (dog)"), PatientLine("2", "Misse (cat)"), PatientLine("4", "Bo", "died")],
    changes=[ChangeLine("Mon 23 Nov 2026, 10:00", "U1", "Changed: name")],
    rows=[PageRow("7", "Rex", "Vaccination", "E-mail", ["Waiting", "due Thu 24 Dec"], DueMark.SOON)],
    previous="page:0",
    following="page:2",
)
_LONG = "Ä" * 200
MANY_PATIENTS = dataclasses.replace(
    CLIENT,
    name=_LONG,
    notes=[_LONG * 2, _LONG * 2],
    undo=[Undo(str(number), _LONG * 2) for number in range(20)],
    menu=[Choice(f"patient-died:{number}", _LONG) for number in range(120)],
    patients=[PatientLine(str(number), _LONG, "" if number % 3 else _LONG) for number in range(50)],
    rows=[PageRow("7", _LONG, _LONG, _LONG, [_LONG, _LONG, _LONG], DueMark.PAST)] * 20,
)
CLIENT_LINE = ClientLine("3", "Anna Ek · Rex", "070-174 06 05")
CLIENT_FORM = ClientForm(
    languages=[Choice("sv", "Swedish"), Choice("en", "English")],
    name="Anna Ek",
    phone="070-174 06 05",
    email="anna_ek@example.se",
    language="sv",
    note="Somebody changed it",
    namesakes=[Choice("3", "Anna Ek · Rex", "070-174 06 05")],
    asked=1,
)
HELP = [HelpRow("/reminder new", "A new reminder"), HelpRow("/reminder client NAME", "One client's reminders")]

Builder = Callable[[Any, English], Json]


def listed(row: ReminderRow, words: English) -> Json:
    return reminder_list_message(ReminderList(FILTER, [row] * 25, total=26), words)


def at_home(row: ReminderRow, words: English) -> Json:
    return home_view(Home(row.patient, ReminderList(FILTER, [row] * 25, total=26), clinic=row.client), words)


def looked_for(chosen: ListFilter, words: English) -> Json:
    return reminder_list_message(ReminderList(chosen), words)


def told(history: ReminderHistory, words: English) -> Json:
    return reminder_history_view(history, words, private_metadata="7")


def to_contact(row: TaskRow, words: English) -> Json:
    return task_list_view(TaskList([row] * 25, total=25), words)


def asked(stopping: Stopping, words: English) -> Json:
    return departure_view(Departure("Title", stopping.patient, "patient-died:7", [stopping] * 99), words)


def helped(row: HelpRow, words: English) -> Json:
    return help_message([row] * 30, words, not_understood=row.usage)


def refused(details: ContactDetails, words: English) -> Json:  # noqa: ARG001
    return refusal_message(details.client)


def refused_in_a_modal(details: ContactDetails, words: English) -> Json:
    return refusal_view(details.client, words)


def clients_to_choose_from(line: ClientLine, words: English) -> Json:
    return client_choice_view([line] * 20, words, note=line.details)


def failed(details: ContactDetails, words: English) -> Json:
    return failure_message(details.client, words)


def failed_in_a_modal(details: ContactDetails, words: English) -> Json:
    return failure_view(details.client, words)


BUILT: list[tuple[Builder, Any]] = [
    (contact_task_message, TASK),
    (contact_task_message, CLOSED),
    *((contact_task_message, dataclasses.replace(TASK, doubt=Doubt("42:3", twice))) for twice in (*Twice, None)),
    *((contact_task_message, dataclasses.replace(CLOSED, done=Done("U1", "today", how))) for how in Ending),
    (departure_view, DEPARTURE),
    (departure_view, dataclasses.replace(DEPARTURE, stopping=[])),
    (asked, STOPPING),
    (contact_task_message, ContactTask("1", "", "", "", "")),
    (reminder_card_view, CARD),
    (reminder_card_view, dataclasses.replace(CARD, saved=True, can_edit=False, can_cancel=False, can_restore=True)),
    (reminder_card_view, ReminderCard("1", "2", "", "", "", "", "", "")),
    (reminder_card_view, dataclasses.replace(CARD, coming=["Wednesday 23 September 2026, 09:00 (Stockholm)"] * 99)),
    (reminder_card_view, dataclasses.replace(CARD, coming=["Wednesday 23 September 2026, 09:00: earlier, " * 6] * 99)),
    (reminder_list_message, PAGE),
    (reminder_list_message, NOTHING),
    (reminder_list_message, NOTHING_WAITS),
    (looked_for, FILTER),
    (listed, ROW),
    (home_view, HOME),
    (home_view, Home("", NOTHING_WAITS)),
    (at_home, ROW),
    (told, HISTORY),
    (told, dataclasses.replace(HISTORY, lines=[CARD.history[0]] * 45, answers=["So"] * 9)),
    (told, ReminderHistory("7", "", "", "", (), ())),
    (task_list_view, TASKS),
    (task_list_view, TaskList()),
    (to_contact, TASK_ROW),
    (to_contact, dataclasses.replace(TASK_ROW, doubt=Doubt("42:3", Twice.EMAIL))),
    (helped, HELP[0]),
    (client_page_view, CLIENT),
    (client_page_view, dataclasses.replace(CLIENT, shows_history=True, can_add=False, patients=(), rows=())),
    (client_page_view, MANY_PATIENTS),
    (clients_to_choose_from, CLIENT_LINE),
    (client_form_view, CLIENT_FORM),
    (client_form_view, dataclasses.replace(CLIENT_FORM, is_new=False, namesakes=(), note="")),
    (patient_form_view, PatientForm("Anna Ek")),
    (patient_form_view, PatientForm()),
    (contact_details_view, DETAILS),
    (contact_details_view, ContactDetails("", "")),
    (refused, DETAILS),
    (refused_in_a_modal, DETAILS),
    (failed, DETAILS),
    (failed_in_a_modal, DETAILS),
]
NAMES = [f"{number} {builder.__name__}" for number, (builder, _) in enumerate(BUILT)]
TYPED = [
    (builder, thing) for builder, thing in BUILT if not isinstance(thing, ReminderList | TaskList)
]  # `listed` and `to_contact` type the rows


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize(("build", "thing"), BUILT, ids=NAMES)
def test_everything_shown_is_taken_by_slack(build: Builder, thing: Any, words: English) -> None:
    payload = build(thing, words)
    assert problems(payload) == []
    assert cut(payload, words) == []


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(("build", "thing"), TYPED)
def test_hostile_text_is_taken_and_shown_as_text(build: Builder, thing: Any, hostile: Hostile) -> None:
    payload = build(filled_with(thing, hostile.typed), English())
    assert problems(payload) == []
    assert hostile.escaped in formatted(payload) or hostile.exact in exact(payload)
    assert "<!channel>" not in formatted(payload) + payload.get("text", "")
    assert "<@U1>" not in payload.get("text", "")


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_99_hostile_dates_fit(hostile: Hostile) -> None:
    card = dataclasses.replace(filled_with(CARD, hostile.typed), coming=[hostile.typed] * 99)
    assert problems(reminder_card_view(card, English())) == []
    assert problems(reminder_card_view(card, English())) == []


def test_an_open_task_has_two_buttons_and_its_text_to_the_letter() -> None:
    message = contact_task_message(TASK, English())
    assert message["text"] == "Contact Anna Ek about Rex"
    assert {name: each["value"] for name, each in buttons(message).items()} == {
        "task-mark-contacted": "42",
        "task-show-contact": "42",
    }
    assert "Dear Anna,\n*Rex* is due_soon." in exact(message)
    assert "Time for Rex" in exact(message)
    assert "The reminder goes by post." in formatted(message)
    assert "Thu 24 Dec 2026" in formatted(message)


def test_a_closed_task_says_who_and_when_and_has_no_buttons() -> None:
    message = contact_task_message(CLOSED, English())
    assert buttons(message) == {}
    assert "Marked as contacted by <@U1>, Thu 24 Dec 2026, 10:15." in formatted(message)
    assert message["text"] == "Contacted: Anna Ek about Rex"


@pytest.mark.parametrize(
    ("twice", "warning"), [(Twice.EMAIL, "e-mail"), (Twice.SMS, "text message"), (Twice.EXTERNAL, "own service")]
)
def test_a_task_in_doubt_can_also_be_sent_again_after_a_warning_or_recorded_as_sent(twice: Twice, warning: str) -> None:
    doubt = Doubt("42:3", twice)
    on_card = buttons(contact_task_message(dataclasses.replace(TASK, doubt=doubt), English()))
    row = dataclasses.replace(TASK_ROW, doubt=doubt)
    listed_too = buttons(task_list_view(TaskList([row], total=1), English()))
    assert list(on_card) == ["task-send-again", "task-record-sent", "task-mark-contacted", "task-show-contact"]
    for found, feature in ((on_card, "task"), (listed_too, "task-list")):
        again, sent = found[f"{feature}-send-again"], found[f"{feature}-record-sent"]
        assert (again["value"], sent["value"]) == ("42:3", "42:3")
        assert warning in again["confirm"]["text"]["text"]
        assert "confirm" not in sent


def test_what_may_not_go_again_can_only_be_recorded_as_sent() -> None:
    found = buttons(contact_task_message(dataclasses.replace(TASK, doubt=Doubt("42:3")), English()))
    assert "task-record-sent" in found
    assert "task-send-again" not in found


@pytest.mark.parametrize(
    ("ending", "headline", "said"),
    [
        (Ending.RECORDED_SENT, "Recorded as sent: Anna Ek about Rex", "Recorded as sent by <@U1>, today."),
        (Ending.SENT_AGAIN, "To be sent again: Anna Ek about Rex", "<@U1> asked for it to be sent again, today."),
    ],
)
def test_a_closed_task_says_what_was_decided(ending: Ending, headline: str, said: str) -> None:
    closed = dataclasses.replace(TASK, doubt=Doubt("42:3", Twice.SMS), done=Done("U1", "today", ending))
    message = contact_task_message(closed, English())
    assert buttons(message) == {}
    assert message["text"] == headline
    assert said in formatted(message)


def test_a_letter_is_shown_to_its_end() -> None:
    letter = "Dear Anna,\n" + "It is time. " * 240 + "\nYours, Bo"  # 2,902 characters
    message = contact_task_message(dataclasses.replace(TASK, text=letter), English())
    assert problems(message) == []
    assert " ".join(letter.split()) in " ".join(exact(message).split())


def test_a_task_without_a_text_shows_none() -> None:
    message = contact_task_message(dataclasses.replace(TASK, text=" "), English())
    assert "Text to say or print" not in formatted(message)


def test_no_field_of_a_task_holds_an_address() -> None:
    assert not {"email", "phone"} & {field.name for field in dataclasses.fields(ContactTask)}


def test_a_card_shows_who_what_how_state_and_every_coming_send() -> None:
    coming = [f"Day {number:02}" for number in range(1, 100)]
    text = formatted(reminder_card_view(dataclasses.replace(CARD, coming=coming), English()))
    for shown in [
        "Rex",
        "Anna Ek",
        "Vaccination",
        "E-mail",
        "Waiting",
        "Harbour",
        "Yearly, 3 times",
        "Made by Bo",
        *coming,
    ]:
        assert shown in text


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        ({"can_edit": True, "can_cancel": True}, ["reminder-edit", "reminder-cancel"]),
        (
            {"can_edit": True, "can_send_now": True, "can_skip": True, "can_pause": True, "can_cancel": True},
            ["reminder-edit", "reminder-send-now", "reminder-skip", "reminder-pause", "reminder-cancel"],
        ),
        ({"can_edit": True, "can_resume": True}, ["reminder-edit", "reminder-resume"]),
        ({"can_edit": True}, ["reminder-edit"]),
        ({"can_restore": True}, ["reminder-restore"]),
        ({}, []),
    ],
)
def test_a_card_has_the_buttons_that_its_state_allows(able: dict[str, bool], expected: list[str]) -> None:
    card = ReminderCard("7", "3", "Rex", "Anna Ek", "Vaccination", "E-mail", "Waiting", "Thu 24 Dec 2026", **able)  # type: ignore[arg-type]
    shown = buttons(reminder_card_view(card, English()))
    assert list(shown) == [*expected, "client-open"]
    assert shown.pop("client-open")["value"] == "3"
    assert all(each["value"] == "7" for each in shown.values())


def test_cancelling_asks_first() -> None:
    confirm = buttons(reminder_card_view(CARD, English()))["reminder-cancel"]["confirm"]
    assert confirm["title"]["text"] == "Cancel this reminder?"
    assert confirm["style"] == "danger"


def test_a_card_has_a_menu_of_what_is_seldom_done() -> None:
    (row,) = [block for block in reminder_card_view(CARD, English())["blocks"] if block["type"] == "actions"]
    menu = row["elements"][-1]
    assert (menu["type"], menu["action_id"]) == ("overflow", "reminder-menu")
    assert [(each["value"], each["text"]["text"]) for each in menu["options"]] == [
        ("duplicate:7", "Duplicate"),
        ("patient-died:7", "Patient has died"),
    ]


def test_who_leaves_is_asked_about_with_everything_that_stops() -> None:
    text = formatted(departure_view(DEPARTURE, English()))
    assert text.startswith("*Has Rex (Anna Ek) died?*")
    assert "1 waiting reminder is stopped:" in text
    assert "• Rex: Vaccination, due Thu 24 Dec 2026" in text
    assert "… and 79 more" in formatted(asked(STOPPING, English()))
    nobody = departure_view(dataclasses.replace(DEPARTURE, stopping=[]), English())
    assert "No reminder is waiting, so none is stopped." in formatted(nobody)


def test_sending_now_asks_first() -> None:
    confirm = buttons(reminder_card_view(CARD, English()))["reminder-send-now"]["confirm"]
    assert confirm["title"]["text"] == "Send the next one now?"


def test_what_can_be_undone_is_said_beside_its_button() -> None:
    view = reminder_card_view(CARD, English())
    (place,) = [block for block in view["blocks"] if block.get("accessory", {}).get("action_id") == "reminder-undo"]
    assert place["text"]["text"] == "“Changed the reminder” can be undone until 10:10."
    assert (place["accessory"]["action_id"], place["accessory"]["value"]) == ("reminder-undo", "5")
    assert "reminder-undo" not in buttons(reminder_card_view(dataclasses.replace(CARD, undo=None), English()))


def test_a_saved_card_says_so() -> None:
    assert formatted(reminder_card_view(dataclasses.replace(CARD, saved=True), English())).startswith("*Saved")


def test_a_card_tells_its_history_with_who_did_what_and_leaves_out_the_oldest() -> None:
    lines = [HistoryLine(f"Day {number}", "Edited", "U1") for number in range(1, 20)]
    text = formatted(
        reminder_card_view(dataclasses.replace(CARD, history=[*lines, HistoryLine("Today", "Sent")]), English())
    )
    assert "Day 6 <@U1>: Edited" in text
    assert "Today: Sent" in text
    assert "… 5 earlier" in text
    assert buttons(reminder_card_view(CARD, English())).get("reminder-history") is None
    assert "reminder-history" in buttons(
        reminder_card_view(dataclasses.replace(CARD, history=[*lines, lines[0]]), English())
    )
    assert "Day 5 " not in text


def test_a_card_takes_its_metadata_along() -> None:
    assert reminder_card_view(CARD, English(), private_metadata="9")["private_metadata"] == "9"


@pytest.mark.parametrize(("mark", "expected"), [(DueMark.FAR, "⚫ "), (DueMark.SOON, "🟡 "), (DueMark.PAST, "🔴 ")])
def test_a_row_is_marked_by_its_due_date(mark: DueMark, expected: str) -> None:
    message = reminder_list_message(ReminderList(AT_FIRST, [dataclasses.replace(ROW, mark=mark)], total=1), English())
    assert formatted(message).endswith(f"{expected}*Rex* (Anna Ek) · Vaccination · E-mail\n⚠️ Not sent · due Thu 24 Dec")


def test_each_row_opens_its_own_reminder_or_the_answer_why_it_was_not_sent() -> None:
    pressed = [block["accessory"] for block in reminder_list_message(PAGE, English())["blocks"] if "accessory" in block]
    assert [(each["action_id"], each.get("value"), each["text"]["text"]) for each in pressed] == [
        ("reminder-list-clear", None, "Clear filters"),
        ("reminder-open", "7", "Open"),
        ("reminder-history", "8", "Why not sent?"),
    ]


def test_a_list_says_how_many_are_found_by_what_and_which_page_it_is() -> None:
    text = formatted(reminder_list_message(PAGE, English()))
    assert "*45 found* · Rex · Harbour · Waiting · Due from Tue 1 Dec" in text
    assert "Page 2 of 3" in text
    assert ":warning: The first day lies after the last one." in text
    assert formatted(listed(ROW, English())).count("*Rex* (Anna Ek)") == 20


def test_what_is_chosen_stands_in_the_choices() -> None:
    search, menus, days, *_ = reminder_list_message(PAGE, English())["blocks"][1:]
    assert (search["block_id"], search["element"]["initial_value"]) == ("list-search:3", "Rex")
    assert search["dispatch_action"] is True
    assert [each["initial_option"]["value"] for each in menus["elements"][:-1]] == ["waiting", "between", ANY, "4"]
    assert [each["value"] for each in menus["elements"][-1]["initial_options"]] == ["mine"]
    assert [each.get("initial_date") for each in days["elements"]] == ["2026-12-01", None]
    at_first = reminder_list_message(NOTHING_WAITS, English())["blocks"]
    assert [block.get("block_id") for block in at_first[1:3]] == ["list-search", "list-choices"]
    assert len(at_first[2]["elements"]) == 4
    assert "initial_options" not in at_first[2]["elements"][-1]
    assert "list-days" not in str(at_first)


def test_an_empty_list_offers_a_new_reminder() -> None:
    message = reminder_list_message(NOTHING_WAITS, English())
    assert "No reminders are waiting." in formatted(message)
    assert "reminder-list-clear" not in buttons(message)
    assert "reminder-new" in buttons(message)


def test_where_nothing_is_found_it_is_said_what_to_loosen() -> None:
    text = formatted(reminder_list_message(NOTHING, English()))
    assert "*0 found*" in text
    assert "No reminder is like this." in text
    assert "• Without “Rex” 1 reminder is found." in text
    assert "• Without “Waiting” 1200 reminders are found." in text
    hopeless = ReminderList(dataclasses.replace(FILTER, looser=()))
    assert "Check the spelling" in formatted(reminder_list_message(hopeless, English()))


def test_a_list_has_buttons_only_to_pages_that_are_there() -> None:
    shown = buttons(reminder_list_message(PAGE, English()))
    assert (shown["reminder-list-previous"]["value"], shown["reminder-list-next"]["value"]) == ("page:0", "page:2")
    alone = buttons(reminder_list_message(ReminderList(AT_FIRST, [ROW], total=1), English()))
    assert "reminder-list-previous" not in alone
    assert "reminder-list-next" not in alone


def test_home_greets_offers_and_counts() -> None:
    view = home_view(HOME, English())
    assert "Hello Bo" in exact(view)
    shown = buttons(view)
    assert {"home-new-reminder", "reminder-open", "reminder-list-next"} <= shown.keys()
    counts = {name: shown[f"home-show-{name}"] for name in ("today", "week", "not-sent", "tasks")}
    assert [each["text"]["text"] for each in counts.values()] == [
        "Goes out today: 1",
        "This week: 2",
        "Not sent: 3",
        "Clients to contact: 1200",
    ]
    assert counts["not-sent"]["style"] == "danger"
    assert "style" not in buttons(home_view(Home("Bo", NOTHING_WAITS), English()))["home-show-not-sent"]


def test_a_whole_history_begins_with_the_answer() -> None:
    view = told(HISTORY, English())
    text = formatted(view)
    assert text.startswith("*Reminder for Rex (Anna Ek)*\nVaccination\nNot sent, since the client has no address.")
    assert "Mon 23 Nov 2026, 10:00 <@U1>: Made\nSat 19 Dec 2026, 09:00: Sent" in text
    assert {name: each["value"] for name, each in buttons(view).items()} == {
        "reminder-open": "7",
        "reminder-history-previous": "page:0",
        "reminder-history-next": "page:2",
    }


def test_an_open_task_in_the_list_has_the_buttons_of_its_card() -> None:
    view = task_list_view(TASKS, English())
    assert "📞 *Contact Anna Ek about Rex*\nThe reminder goes by post. · due Thu 24 Dec · Harbour" in formatted(view)
    assert "21 clients are to be contacted." in formatted(view)
    assert {name: each["value"] for name, each in buttons(view).items()} == {
        "task-list-mark-contacted": "42",
        "task-list-show-contact": "42",
        "task-list-history": "7",
        "task-list-previous": "page:3",
        "task-list-next": "page:1",
    }
    assert "Nobody is waiting to be contacted." in formatted(task_list_view(TaskList(), English()))


def test_help_lists_every_command_and_names_the_mistyped_word() -> None:
    message = help_message(HELP, English(), not_understood="nwe")
    assert message["text"] == "I don't know “nwe”."
    text = formatted(message)
    assert "*/reminder new*: A new reminder" in text
    assert "*/reminder client NAME*: One client's reminders" in text
    assert "don't know" not in formatted(help_message(HELP, English()))


def test_contact_details_are_shown_to_the_letter() -> None:
    shown = exact(contact_details_view(DETAILS, English()))
    assert "Phone number: 070-174 06 05" in shown
    assert "E-mail address: anna_ek@example.se" in shown
    assert "Phone number: not known" in exact(contact_details_view(dataclasses.replace(DETAILS, phone=" "), English()))


def test_a_failure_says_the_code() -> None:
    assert "A7F3" in formatted(failure_message("A7F3", English()))
    assert "A7F3" in formatted(failure_view("A7F3", English()))


def test_a_refusal_is_shown_as_it_is() -> None:
    assert formatted(refusal_message("At most 1 day before.")) == "⚠️ At most 1 day before."
    assert formatted(refusal_view("At most 1 day before.", English())) == "⚠️ At most 1 day before."


def test_a_sentence_with_a_mention_keeps_it() -> None:
    message = mrkdwn_message("<@U1> was faster.")
    assert formatted(message) == message["text"] == "<@U1> was faster."
    assert problems(mrkdwn_message("x" * 4000)) == []


@pytest.mark.parametrize(("build", "thing"), BUILT, ids=NAMES)
def test_titles_and_buttons_are_whole_in_english(build: Builder, thing: Any) -> None:
    payload = build(thing, English())
    labels = [each["text"]["text"] for each in buttons(payload).values()]
    labels += [payload[key]["text"] for key in ("title", "close", "submit") if key in payload]
    assert not [label for label in labels if label.endswith("…")]
