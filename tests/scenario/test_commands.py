"""What does typing `/reminder`, opening Home or choosing the shortcut show?"""

from __future__ import annotations

import pytest

from blocks.ids import Action, Command, Shortcut, ViewId
from bot.demo.errors import Refusal
from bot.demo.person import Person
from bot.demo.surfaces import View
from bot.slack.commands import SUBCOMMANDS, help_rows
from bot.store.tables import WorkspaceRow
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import STAFF, Stage

GENERAL = "#general"


@pytest.mark.parametrize("typed", ["", "help", "  HELP  ", "help me"])
def test_the_help_lists_every_command_of_the_table(stage: Stage, typed: str) -> None:
    stage.james.command(Command.REMINDER, typed)
    (told,) = stage.told(stage.james, GENERAL)
    for row in help_rows(stage.english()):
        assert f"*{row.usage}*: {row.description}" in told
    assert len(help_rows(stage.english())) == len(SUBCOMMANDS)
    assert "I don't know" not in told
    assert not stage.told(stage.maria, GENERAL)


@pytest.mark.parametrize(
    ("typed", "repeated"), [("lsit", "lsit"), ("neww please", "neww"), ("<!here>", "&lt;!here&gt;")]
)
def test_a_mistyped_word_is_repeated_above_the_help(stage: Stage, typed: str, repeated: str) -> None:
    stage.james.command(Command.REMINDER, typed)
    (told,) = stage.told(stage.james, GENERAL)
    assert told.startswith(f"I don't know “{repeated}”.")
    assert "*/reminder new*" in told
    assert not stage.reminders


def test_from_the_help_one_comes_to_the_form(stage: Stage) -> None:
    stage.james.command(Command.REMINDER, "help")
    (message,) = stage.james.messages(GENERAL)
    stage.james.press(message, Action.REMINDER_NEW)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.REMINDER_FORM


def test_the_shortcut_opens_the_form(stage: Stage) -> None:
    stage.james.shortcut(Shortcut.NEW_REMINDER)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.REMINDER_FORM


def test_the_list_shows_what_waits_and_opens_it(stage: Stage) -> None:
    stage.james.command(Command.REMINDER, "list")
    assert "No reminders are waiting." in stage.told(stage.james, GENERAL)[-1]
    saved(stage, stage.james, due="2027-01-15")
    saved(stage, stage.james, client="mary", due="2026-12-01", method="SMS")
    stage.james.close()
    stage.james.command(Command.REMINDER, "list")
    message = stage.james.messages(GENERAL)[-1]
    lines = message.shown().splitlines()
    first, second = (next(n for n, line in enumerate(lines) if pet in line) for pet in ("Shadow", "Pelle"))
    assert first < second
    assert lines[first].startswith("🟡 *Shadow* (Mary O'Connor) · Vaccination · SMS")
    assert lines[first + 1] == "Next send Tue 1 Dec 2026, 09:00 · due Tue 1 Dec 2026"
    assert lines[second].startswith("⚫ *Pelle* (Åsa Öberg) · Vaccination · E-mail")
    (button,) = [one for one in message.elements() if one.action_id == Action.REMINDER_OPEN][:1]
    stage.james.press(message, Action.REMINDER_OPEN, button.block_id)
    stage.settle()
    assert "Shadow" in top(stage.james).shown()
    assert top(stage.james).callback_id == ViewId.REMINDER_CARD


def test_what_was_sent_is_not_in_the_list(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.skip_to("2026-12-01")
    stage.james.command(Command.REMINDER, "list")
    assert "No reminders are waiting." in stage.told(stage.james, GENERAL)[-1]


@pytest.mark.parametrize(
    ("left", "rows", "turns"), [(20, 20, []), (23, 3, [Action.REMINDER_LIST_PREVIOUS]), (1, 1, [])]
)
def test_a_page_that_ended_since_shows_the_last_that_there_is(
    stage: Stage, left: int, rows: int, turns: list[Action]
) -> None:
    for number in range(left):
        stored(stage, number, due_date="2026-12-10")
    for number in range(left, 41):
        stored(stage, number)
    stage.james.command(Command.REMINDER, "list")
    stage.settle()
    (page,) = stage.james.messages(GENERAL)
    stage.james.press(page, Action.REMINDER_LIST_NEXT)
    stage.settle()
    (page,) = stage.james.messages(GENERAL)
    stage.skip_to("2026-12-01")
    stage.james.press(page, Action.REMINDER_LIST_NEXT)
    stage.settle()
    (page,) = stage.james.messages(GENERAL)
    assert page.shown().count("Next send") == rows
    turning = (Action.REMINDER_LIST_PREVIOUS, Action.REMINDER_LIST_NEXT)
    assert [one.action_id for one in page.elements() if one.action_id in turning] == turns


def test_the_list_turns_its_pages(stage: Stage) -> None:
    for number in range(22):
        stored(stage, number)
    stage.james.command(Command.REMINDER, "list")
    message = stage.james.messages(GENERAL)[-1]
    assert "*22 found* · Waiting" in message.shown()
    assert "Page 1 of 2" in message.shown()
    stage.james.press(message, Action.REMINDER_LIST_NEXT)
    stage.settle()
    (turned,) = stage.james.messages(GENERAL)
    assert turned.shown().count("Next send") == 2
    stage.james.press(turned, Action.REMINDER_LIST_PREVIOUS)
    stage.settle()
    (back,) = stage.james.messages(GENERAL)
    assert back.shown().count("Next send") == 20


def test_home_shows_what_waits_how_many_tasks_are_open_and_the_way_to_the_form(stage: Stage) -> None:
    home = _opened_home(stage, stage.james)
    assert "Hello James Carter" in home.shown()
    assert "Clients to contact: 0" in home.shown()
    assert "No reminders are waiting." in home.shown()
    saved(stage, stage.james, method="Post", due="2026-11-24")
    saved(stage, stage.james)
    stage.james.close()
    stage.skip_to("2026-11-24")
    home = _opened_home(stage, stage.james)
    assert "Clients to contact: 1" in home.shown()
    assert "*Pelle* (Åsa Öberg) · Vaccination · E-mail" in home.shown()
    stage.james.press(home, Action.HOME_NEW_REMINDER)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.REMINDER_FORM


def test_maria_is_answered_in_swedish_and_james_in_english(stage: Stage) -> None:
    swedish = stage.words.words("sv-SE")
    for person in (stage.maria, stage.james):
        person.command(Command.REMINDER, "")
    assert swedish("What you can type") in stage.told(stage.maria, GENERAL)[0]
    assert "What you can type" in stage.told(stage.james, GENERAL)[0]
    assert swedish("What you can type") != "What you can type"
    form = Form.opened(stage, stage.maria)
    assert form.view.title == "Ny påminnelse"
    for label in (
        "Kund",
        "Patient",
        "E-postadress",
        "Telefonnummer",
        "Påminnelsemall",
        "Förfallodatum",
        "Skicka innan",
    ):
        assert label in form.shown.splitlines()
    form.search("client", "åsa").choose("template", "Vaccination").type("due-date", "2026-12-01")
    assert "tis 1 dec. 2026 kl. 09:00" in form.shown
    assert "Ämne" in form.shown
    form.type("send-before", "20")
    assert form.refused() == {
        "send-before": stage.words.words("sv").plural(
            "That day is over. With this due date you can send at most {count} day before.",
            "That day is over. With this due date you can send at most {count} days before.",
            8,
        )
    }
    form.type("send-before", "0")
    assert "tis 1 dec. 2026 kl. 09:00" in form.save().shown()


def test_the_card_in_the_staff_channel_speaks_the_clinics_language(stage: Stage) -> None:
    saved(stage, stage.james, method="Post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    swedish = stage.words.words("sv")
    assert swedish("Mark contacted") in [one.label for one in card.elements()]
    assert "tisdag 1 december 2026" in card.shown()
    assert swedish("Mark contacted") != "Mark contacted"


def test_a_language_that_the_bot_does_not_speak_is_answered_in_english(stage: Stage) -> None:
    newcomer = stage.workspace.person("new0")
    newcomer.command(Command.REMINDER, "")
    assert "What you can type" in stage.told(newcomer, GENERAL)[0]


@pytest.mark.parametrize("outsider", ["olof", "gerd", "sten"])
def test_whoever_is_no_full_member_is_refused_wherever_they_come_in(stage: Stage, outsider: str) -> None:
    saved(stage, stage.james, method="Post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    person = stage.workspace.person(outsider)
    for typed in ("", "new", "list"):
        person.command(Command.REMINDER, typed)
    refusals = stage.told(person, GENERAL)
    assert len(refusals) == 3
    assert all("Only members of this workspace can work with reminders; guests cannot." in one for one in refusals)
    assert person.modal is None
    person.shortcut(Shortcut.NEW_REMINDER)
    stage.settle()
    assert top(person).callback_id == ViewId.NOTICE
    person.close()
    for action in (Action.TASK_MARK_CONTACTED, Action.TASK_SHOW_CONTACT):
        person.press(card, action)
    stage.settle()
    assert len(stage.told(person, STAFF)) == 2
    assert person.modal is None
    assert stage.tasks[0].state.value == "open"
    home = _opened_home(stage, person)
    assert "Only members of this workspace can work with reminders; guests cannot." in home.shown()
    assert not list(home.elements())
    assert "contact-shown" not in [event for event, _ in stage.happened]


def test_a_form_that_a_guest_should_not_have_saves_nothing(stage: Stage) -> None:
    """The right to save is looked at when Save is pressed, not when the form was opened."""
    guest = stage.workspace.person("gerd")
    form = Form.opened(stage, stage.james).filled()
    stage.workspace._views.open(guest.id, form.view.fields)
    result = guest.submit()
    assert list(result.errors.values()) == ["Only members of this workspace can work with reminders; guests cannot."]
    assert not stage.reminders


def test_a_workspace_without_a_clinic_is_told_how_to_get_one(stage: Stage) -> None:
    stage.change(WorkspaceRow, team_id="T0ANOTHER01")
    stage.james.command(Command.REMINDER, "new")
    (told,) = stage.told(stage.james, GENERAL)
    assert "No clinic is set up in this workspace yet." in told
    assert stage.james.modal is None


def test_an_unknown_shortcut_or_command_reaches_nobody(stage: Stage) -> None:
    with pytest.raises(Refusal, match="unknown_command"):
        stage.james.command("/remindme", "new")


def _opened_home(stage: Stage, person: Person) -> View:
    before = person.home
    person.open_home()
    stage.until(lambda: person.home != before)
    assert person.home is not None
    return person.home
