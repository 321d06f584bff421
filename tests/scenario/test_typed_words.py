"""Do the words after `/reminder new`, and those of a message, come into the form (rule P1)?"""

from __future__ import annotations

import pytest

from blocks.ids import Command, Shortcut, ViewId
from bot.demo.errors import Refusal
from bot.demo.person import Person
from bot.slack.prefilled_form import plain_text
from bot.store import directory
from bot.store.tables import TemplateRow
from tests.scenario.form import Form, top
from tests.scenario.stage import STAFF, Stage, both_databases


def typed(stage: Stage, person: Person, text: str) -> Form:
    person.command(Command.REMINDER, text)
    stage.settle()
    assert top(person).callback_id == ViewId.REMINDER_FORM
    return Form(stage, person)


def of_message(stage: Stage, text: str) -> Form:
    stage.james.say(STAFF, text)
    stage.james.message_shortcut(stage.james.messages(STAFF)[-1], Shortcut.REMINDER_OF_MESSAGE)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.REMINDER_FORM
    return Form(stage, stage.james)


@both_databases
def test_patient_template_and_date_are_filled_in_and_what_follows_from_them(stage: Stage) -> None:
    form = typed(stage, stage.james, "new Bella vaccination 2027-03-01")
    values = form.values
    assert (values["client"], values["patient"]) == ("Anna Andersson", "Bella (hund)")
    assert (values["email"], values["phone"]) == ("anna.andersson@post.example", "+46 70 174 06 05")
    assert (values["template"], values["due-date"]) == ("Vaccination", "2027-03-01")
    assert values["subject"] == "Dags för vaccination av {{ patient_name }}"
    assert "Mon 1 Mar 2027, 09:00" in form.shown
    assert ":warning:" not in form.shown
    form.save()
    assert stage.reminders[0].origin.value == "template"


def test_a_method_and_a_date_in_the_persons_own_form(stage: Stage) -> None:
    form = typed(stage, stage.maria, "ny shadow sms 1 mars 2027")
    values = form.values
    assert (values["method"], values["due-date"], values["client"]) == ("SMS", "2027-03-01", "Mary O'Connor")


def test_what_is_not_understood_is_said_and_nothing_is_guessed(stage: Stage) -> None:
    form = typed(stage, stage.james, "new anna <!here> vaccination")
    values = form.values
    assert values["client"] is None
    assert values["template"] == "Vaccination"
    assert ":warning: Not understood: “&lt;!here&gt;”. Could mean several, so choose below: “anna”." in form.shown
    assert typed(stage, stage.james, "new").shown.splitlines()[0] != ":warning:"


def test_many_words_are_not_all_repeated(stage: Stage) -> None:
    form = typed(stage, stage.james, "new " + " ".join(f"ord{number}{'x' * 100}" for number in range(300)))
    assert "and 292 more words." in form.shown
    assert form.values["client"] is None


def test_a_name_that_thousands_have_is_known_together_with_another_word(stage: Stage) -> None:
    with stage.database.writing() as session:
        for number in range(60):
            anna = directory.client(session, 1, 1)
            assert anna is not None
            new = anna.__class__(0, f"Anna Aa{number}", None, None, "sv", True, True, True)
            directory.add_client(session, 1, new)
    assert typed(stage, stage.james, "new anna").values["client"] is None
    assert typed(stage, stage.james, "new anna doris").values["patient"] == "Doris (hund)"
    assert typed(stage, stage.james, "new anna aa7").values["client"] == "Anna Aa7"


def test_a_retired_template_is_not_understood(stage: Stage) -> None:
    stage.change(TemplateRow, TemplateRow.name == "Vaccination", retired_at=stage.clock.now())
    form = typed(stage, stage.james, "new vaccination")
    assert "Not understood: “vaccination”." in form.shown


def test_the_words_of_a_message_are_filled_in_and_kept_nowhere(stage: Stage) -> None:
    form = of_message(stage, "@maria: Bella (Anna Andersson) ska på hälsokontroll den 1.3.2027, skicka sms & zebra")
    values = form.values
    assert (values["patient"], values["template"]) == ("Bella (hund)", "Hälsokontroll")
    assert (values["method"], values["due-date"]) == ("SMS", "2027-03-01")
    assert "Filled in from the message: look at it before you save." in form.shown
    assert "Not understood" not in form.shown
    assert "zebra" not in str(form.view.fields)
    assert "hälsokontroll den" not in stage.log.getvalue()


def test_a_message_that_says_nothing_certain_opens_an_empty_form(stage: Stage) -> None:
    form = of_message(stage, "Anna ringde, vi hörs imorgon")
    assert form.values["client"] is None
    assert "Nothing in the message could be recognised for certain" in form.shown
    assert "choose below: “Anna”." in form.shown


def test_a_guest_gets_no_form_of_a_message(stage: Stage) -> None:
    stage.james.say(STAFF, "Bella")
    guest = stage.workspace.person("gerd")
    guest.message_shortcut(stage.james.messages(STAFF)[-1], Shortcut.REMINDER_OF_MESSAGE)
    stage.settle()
    assert top(guest).callback_id == ViewId.NOTICE


def test_a_message_shortcut_is_none_of_the_global_ones(stage: Stage) -> None:
    with pytest.raises(Refusal, match="unknown_shortcut"):
        stage.james.shortcut(Shortcut.REMINDER_OF_MESSAGE)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Bella &amp; Misse", "Bella & Misse"),
        ("<@U1> om Bella", "om Bella"),
        ("<mailto:a@b.se|a@b.se> och <tel:0701740605|070-174 06 05>", "a@b.se och 0701740605"),
        ("<https://x.se|Rex> <https://y.se> <#C1|staff> <!here>", "Rex"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
    ],
)
def test_a_message_is_read_as_people_see_it(sent: str, read: str) -> None:
    assert " ".join(plain_text(sent).split()) == read
