"""How do staff find, write, change and retire templates in Slack (rules P4, P10; FAULTS, Templates)?"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blocks.ids import Action, Command, TemplateBlock, ViewId
from bot.demo.person import Person
from bot.demo.surfaces import View
from bot.domain.template_rules import TypedTemplate
from bot.services import templates
from bot.slack.people import Person as Staff
from bot.store.tables import ClientRow, TemplateRow, TemplateTextRow
from tests.scenario.form import Form, saved, top, values_of
from tests.scenario.stage import JAMES, MARIA, TEAM, Stage, both_databases

TEXTS = {
    "subject": "Dags för {{ patient_name }}",
    "email-text": "Hej {{ client_first_name }}!\n\nVälkommen till {{ clinic_name }}.",
    "sms-text": "Hej! Dags för {{ patient_name }}.",
    "letter-text": "Kära {{ client_name }}",
}
DEEP = "{% if species %}" * 30 + "x" + "{% endif %}" * 30


def opened(stage: Stage, person: Person) -> View:
    person.command(Command.REMINDER, "templates")
    stage.settle()
    assert top(person).callback_id == ViewId.TEMPLATE_LIST
    return top(person)


def card(stage: Stage, person: Person, name: str) -> View:
    """Open the template of that name from the list."""
    view = opened(stage, person)
    rows = [block for block in view.fields["blocks"] if block.get("accessory")]
    (row,) = [block for block in rows if block["text"]["text"].startswith(f"*{name}*")]
    person.press(view, Action.TEMPLATE_OPEN, row["block_id"])
    stage.settle()
    assert top(person).callback_id == ViewId.TEMPLATE_CARD
    return top(person)


def pressed(stage: Stage, person: Person, action: Action) -> View:
    person.press(top(person), action)
    stage.settle()
    return top(person)


def edited(stage: Stage, person: Person, name: str = "Vaccination", **typed: str) -> View:
    """Change the Swedish texts of a template and save them; what answers."""
    view = card(stage, person, name)
    (swedish,) = [
        one for one in view.elements() if one.action_id == Action.TEMPLATE_EDIT and one.element["value"].endswith(":sv")
    ]
    person.press(view, Action.TEMPLATE_EDIT, swedish.block_id)
    stage.settle()
    assert top(person).callback_id == ViewId.TEMPLATE_FORM
    for field, value in typed.items():
        person.fill(field.replace("_", "-"), value)
        stage.settle()
    result = person.submit()
    stage.settle()
    assert result.ok, result
    return top(person)


def new_form(stage: Stage, person: Person) -> View:
    opened(stage, person)
    view = pressed(stage, person, Action.TEMPLATE_NEW)
    assert view.callback_id == ViewId.TEMPLATE_FORM
    return view


def refused(stage: Stage, person: Person, **typed: str) -> dict[str, str]:
    """Type into the form and press Save, which is refused; what stands under each field. The form stays as typed."""
    for field, value in typed.items():
        person.fill(field.replace("_", "-"), value)
        stage.settle()
    before = values_of(top(person).values)
    result = person.submit()
    stage.settle()
    assert result.errors, result
    assert values_of(top(person).values) == before
    return dict(result.errors)


def texts(stage: Stage, name: str) -> list[tuple[int, str, str]]:
    with stage.database.reading() as session:
        rows = session.execute(
            select(TemplateTextRow.revision, TemplateTextRow.language, TemplateTextRow.subject)
            .join(TemplateRow, TemplateRow.id == TemplateTextRow.template_id)
            .where(TemplateRow.name == name)
            .order_by(TemplateTextRow.revision, TemplateTextRow.language)
        )
        return [(revision, language, subject) for revision, language, subject in rows]


def stored_template(stage: Stage, name: str) -> int:
    staff = Staff(JAMES, TEAM, "", "en-US", is_admin=False, is_member=True)
    typed = TypedTemplate(name, "sv", "Ämne", "Brev", "SMS", "Papper")
    made = templates.create(stage.database, TEAM, typed, key=name, who=staff, now=stage.clock.now())
    return made.template_id


@pytest.mark.parametrize("word", ["templates", "mallar", "pohjat"])
def test_the_command_shows_every_template(stage: Stage, word: str) -> None:
    stage.maria.command(Command.REMINDER, word)
    stage.settle()
    shown = top(stage.maria).shown()
    assert "4 mallar" in shown
    assert "Vaccination" in shown
    assert "Engelska, finska och svenska" in shown


def test_the_home_leads_to_the_templates(stage: Stage) -> None:
    stage.james.open_home()
    stage.settle()
    assert stage.james.home
    stage.james.press(stage.james.home, Action.HOME_TEMPLATES)
    stage.settle()
    assert top(stage.james).callback_id == ViewId.TEMPLATE_LIST


def test_three_hundred_templates_are_paged_and_found(stage: Stage) -> None:
    for number in range(296):
        stored_template(stage, f"Mall {number:03}" + "x" * 60)
    view = opened(stage, stage.james)
    assert "300 templates" in view.shown()
    for _ in range(14):
        view = pressed(stage, stage.james, Action.TEMPLATE_LIST_NEXT)
    assert "Vaccination" in view.shown()
    assert not [one for one in view.elements() if one.action_id == Action.TEMPLATE_LIST_NEXT]
    pressed(stage, stage.james, Action.TEMPLATE_LIST_PREVIOUS)
    stage.james.fill(TemplateBlock.SEARCH, "kontroll tand", enter=True)
    stage.settle()
    assert "Tandkontroll" in top(stage.james).shown()
    assert "1 template" in top(stage.james).shown()
    stage.james.fill(TemplateBlock.SEARCH, "MALL 29")
    assert stage.james.submit().ok
    stage.settle()
    assert "9 templates" in top(stage.james).shown()
    stage.james.fill(TemplateBlock.SEARCH, "finns inte", enter=True)
    stage.settle()
    assert "No template has a name like that." in top(stage.james).shown()
    assert values_of(top(stage.james).values)["search"] == "finns inte"


def test_of_more_templates_than_a_menu_holds_one_is_found_by_its_name(stage: Stage) -> None:
    for number in range(100):
        stored_template(stage, f"Mall {number:03}")
    form = Form.opened(stage, stage.james).search("client", "åsa")
    assert stage.james.suggest("template", "KONTROLL halso") == ["Hälsokontroll"]
    form.search("template", "halsokontroll")
    assert form.values["template"] == "Hälsokontroll"
    assert form.values["subject"] == "Hälsokontroll för {{ patient_name }}"
    form.type("due-date", "2026-12-01").save()
    assert stage.reminders[0].origin.value == "template"


@both_databases
def test_a_new_template_is_written_previewed_saved_and_used(stage: Stage) -> None:
    new_form(stage, stage.james)
    stage.james.fill("name", "Kloklippning")
    for field, text in TEXTS.items():
        stage.james.fill(field, text)
        stage.settle()
    assert stage.james.suggest("patient", "pelle") == ["Pelle (kanin)"]
    stage.james.choose("patient", "Pelle (kanin)", query="pelle")
    stage.settle()
    shown = top(stage.james).shown()
    assert "{{ due_date }}  the due date, written out in the client's language" in shown
    assert "What Åsa Öberg would read" in shown
    assert "Dags för Pelle" in shown
    assert "Hej Åsa!" in shown
    assert "1 SMS, characters left: 140." in shown  # Hej! Dags för Pelle.
    stage.james.fill("sms-text", "{{ patent_name }}")
    stage.settle()
    assert "“patent_name” is not a placeholder. Did you mean {{ patient_name }}?" in top(stage.james).shown()
    stage.james.fill("sms-text", TEXTS["sms-text"])
    stage.settle()
    assert stage.james.submit().ok
    stage.settle()
    view = top(stage.james)
    assert view.callback_id == ViewId.TEMPLATE_CARD
    assert "Saved." in view.shown()
    assert texts(stage, "Kloklippning") == [(1, "sv", TEXTS["subject"])]
    stage.james.close()
    saved(stage, stage.james, template="Kloklippning")
    (reminder,) = stage.reminders
    assert (reminder.subject, reminder.template_language, reminder.origin.value) == (
        TEXTS["subject"],
        "sv",
        "template",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ ''.__class__.__mro__ }}", "A dot or bracket after a name is not possible."),
        ("{{ client_name.__init__.__globals__ }}", "A dot or bracket after a name is not possible."),
        ("{% for x in range(9999) %}{% for y in range(9999) %}x{% endfor %}{% endfor %}", "Loops are not possible"),
        ("{{ 'a' * 500000000 }}", "Nothing can be computed or joined in a message."),
        ("{{ 9 ** 9 ** 9 }}", "Nothing can be computed or joined in a message."),
        ("{{ range(9) }}", "Calling something with parentheses is not possible"),
        (DEEP, "This is nested too deeply."),
        ("{{ pateint_name }}", "“pateint_name” is not a placeholder. Did you mean {{ patient_name }}?"),
        ("Hej {{ client_name", "A brace is missing."),
        ("Hej { client_name }", "A brace is missing."),
        ("{{ '' }}", "There is no text yet."),
    ],
)
@pytest.mark.parametrize("field", ["subject", "email-text", "sms-text", "letter-text"])
def test_a_bad_text_is_refused_under_its_field(stage: Stage, field: str, text: str, says: str) -> None:
    if field == "subject" and len(text) > 200:
        says = "at most 200 fit"
    new_form(stage, stage.james)
    stage.james.fill("name", "Ny")
    for other, good in TEXTS.items():
        stage.james.fill(other, text if other == field else good)
    stage.settle()
    (error,) = refused(stage, stage.james).items()
    assert error[0] == field
    assert says in error[1]
    assert texts(stage, "Ny") == []


def test_a_template_without_any_text_or_name_is_refused(stage: Stage) -> None:
    new_form(stage, stage.maria)
    stage.maria.fill("name", "\u200b")
    assert refused(stage, stage.maria, letter_text=" \u2060 ") == {
        "name": "Namnet saknas. Skriv det som personalen ska välja mallen efter.",
        "email-text": "Det finns ingen text än. Skriv ett e-postmeddelande, ett SMS eller ett brev.",
    }


def test_a_name_that_is_taken_is_refused(stage: Stage) -> None:
    new_form(stage, stage.james)
    assert refused(stage, stage.james, name="vaccination", sms_text="Hej") == {
        "name": "Another template has this name. Choose another one."
    }


def test_texts_in_another_language_are_added(stage: Stage) -> None:
    stored_template(stage, "Ny")
    view = card(stage, stage.james, "Ny")
    stage.james.choose(Action.TEMPLATE_ADD_LANGUAGE, "Finnish", on=view)
    stage.settle()
    assert "Texts in this language: *Finnish*" in top(stage.james).shown()
    stage.james.fill("subject", "Aihe")
    stage.james.fill("email-text", "Hei {{ client_name }}")
    assert stage.james.submit().ok
    stage.settle()
    assert texts(stage, "Ny") == [(1, "sv", "Ämne"), (2, "fi", "Aihe"), (2, "sv", "Ämne")]
    assert "Aihe" in top(stage.james).shown()


@both_databases
def test_a_changed_text_reaches_the_reminders_that_were_chosen_and_can_be_undone(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.close()
    saved(stage, stage.james, subject="Eget ämne")
    stage.james.close()
    view = edited(stage, stage.maria, subject="Nytt ämne för {{ patient_name }}")
    assert view.callback_id == ViewId.TEMPLATE_CHANGE
    shown = view.shown()
    assert "1 väntande påminnelse har kvar mallens text. 1 väntande påminnelse har redigerats för hand." in shown
    assert "Dags för vaccination av {{ patient_name }}" in shown
    assert "Nytt ämne för {{ patient_name }}" in shown
    assert values_of(view.values)["scope"] == "De som ingen har redigerat (1)"
    assert [row.subject for row in stage.reminders] == ["Dags för vaccination av {{ patient_name }}", "Eget ämne"]
    assert stage.maria.submit().ok
    stage.settle()
    assert "1 väntande påminnelse fick den nya texten." in top(stage.maria).shown()
    assert [row.subject for row in stage.reminders] == ["Nytt ämne för {{ patient_name }}", "Eget ämne"]
    assert stage.happened[-1] == ("text-replaced", MARIA)
    assert f"<@{MARIA}>" in str(top(stage.maria).fields["blocks"])
    pressed(stage, stage.maria, Action.TEMPLATE_UNDO)
    assert "1 väntande påminnelse fick tillbaka sin tidigare text." in top(stage.maria).shown()
    assert stage.reminders[0].subject == "Dags för vaccination av {{ patient_name }}"
    assert [one for one in texts(stage, "Vaccination") if one[1] == "sv"] == [
        (1, "sv", "Dags för vaccination av {{ patient_name }}"),
        (2, "sv", "Nytt ämne för {{ patient_name }}"),
        (3, "sv", "Dags för vaccination av {{ patient_name }}"),
    ]
    stage.skip_to("2026-12-01")
    assert sorted(mail.subject for mail in stage.mails) == ["Dags för vaccination av Pelle", "Eget ämne"]


def test_all_reminders_can_be_chosen_and_what_was_sent_is_not_touched(stage: Stage) -> None:
    saved(stage, stage.james, due="2026-11-24")
    stage.james.close()
    stage.skip_to("2026-11-24")
    saved(stage, stage.james, subject="Eget ämne")
    stage.james.close()
    view = edited(stage, stage.james, subject="Nytt ämne")
    assert "1 waiting reminder was edited by hand." in view.shown()
    assert "still have" not in view.shown()
    stage.james.choose("scope", "All of them (1)")
    assert stage.james.submit().ok
    stage.settle()
    assert [row.subject for row in stage.reminders] == ["Dags för vaccination av {{ patient_name }}", "Nytt ämne"]


@both_databases
def test_so_many_that_it_takes_long_get_the_new_text_after_the_acknowledgement(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.template_change.REPLACED_AT_ONCE", 1)
    for _ in range(2):
        saved(stage, stage.james)
        stage.james.close()
    edited(stage, stage.james, subject="Nytt ämne")
    stage.workspace.deliver_twice(True)
    assert stage.james.submit().ok
    stage.settle()
    assert [row.subject for row in stage.reminders] == ["Nytt ämne"] * 2
    assert "2 waiting reminders got the new text." in stage.james.dm[-1].shown()
    assert [event for event, _ in stage.happened].count("text-replaced") == 2


def test_what_goes_wrong_after_the_acknowledgement_is_told_and_can_be_chosen_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.template_change.REPLACED_AT_ONCE", 0)
    saved(stage, stage.james)
    stage.james.close()
    edited(stage, stage.james, subject="Nytt ämne")

    def die(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("killed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.services.template_changes.history.add_to_many", die)
        stage.expect("listener-failed")
        assert stage.james.submit().ok
        stage.settle()
    assert "Something went wrong. The code is" in stage.james.dm[-1].shown()
    assert stage.reminders[0].subject != "Nytt ämne"
    pressed(stage, stage.james, Action.TEMPLATE_DECIDE)
    assert stage.james.submit().ok
    stage.settle()
    assert "1 waiting reminder got the new text." in stage.james.dm[-1].shown()
    assert stage.reminders[0].subject == "Nytt ämne"


def test_nothing_is_asked_when_no_waiting_reminder_would_change(stage: Stage) -> None:
    view = edited(stage, stage.james, subject="Nytt ämne")
    assert view.callback_id == ViewId.TEMPLATE_CARD
    assert "Saved." in view.shown()
    assert "Nothing was changed." in edited(stage, stage.james).shown()


def test_a_question_that_was_closed_unanswered_can_be_answered_from_the_card(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.close()
    edited(stage, stage.james, subject="Nytt ämne")
    stage.james.close()
    assert stage.reminders[0].subject == "Dags för vaccination av {{ patient_name }}"
    card(stage, stage.james, "Vaccination")
    assert pressed(stage, stage.james, Action.TEMPLATE_DECIDE).callback_id == ViewId.TEMPLATE_CHANGE
    assert stage.james.submit().ok
    stage.settle()
    assert stage.reminders[0].subject == "Nytt ämne"
    assert Action.TEMPLATE_DECIDE not in {one.action_id for one in top(stage.james).elements()}


def test_a_question_that_has_become_idle_says_so(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.close()
    edited(stage, stage.james, subject="Nytt ämne")
    stage.james.close()
    stage.skip_to("2026-12-01")
    card(stage, stage.james, "Vaccination")
    assert "No waiting reminder would change." in pressed(stage, stage.james, Action.TEMPLATE_DECIDE).shown()


def test_of_two_who_edit_a_template_the_second_is_told_and_loses_nothing(stage: Stage) -> None:
    for person in (stage.james, stage.maria):
        view = card(stage, person, "Vaccination")
        first = next(one for one in view.elements() if one.action_id == Action.TEMPLATE_EDIT)
        person.press(view, Action.TEMPLATE_EDIT, first.block_id)
        stage.settle()
    stage.maria.fill("subject", "Marias")
    assert stage.maria.submit().ok
    stage.settle()
    assert refused(stage, stage.james, subject="James") == {
        "name": "Somebody changed this template while you were looking at it. Open it again to see how it stands."
    }


def test_a_retired_template_is_offered_no_more_and_still_serves_what_was_made_from_it(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.close()
    card(stage, stage.james, "Vaccination")
    view = pressed(stage, stage.james, Action.TEMPLATE_RETIRE)
    assert "Retired: it is not offered for new reminders." in view.shown()
    stage.james.close()
    form = Form.opened(stage, stage.james)
    assert "Vaccination" not in form.offered("template")
    stage.james.close()
    stage.james.command(Command.REMINDER, "list")
    stage.james.press(stage.james.messages("#general")[-1], Action.REMINDER_OPEN)
    stage.settle()
    pressed(stage, stage.james, Action.REMINDER_EDIT)
    edit = Form(stage, stage.james)
    assert edit.values["template"] == "Vaccination"
    edit.type("due-date", "2026-12-02").save()
    assert stage.reminders[0].origin.value == "template"
    stage.james.close()
    card(stage, stage.james, "Vaccination")
    assert "Retired" not in pressed(stage, stage.james, Action.TEMPLATE_OFFER_AGAIN).shown()
    stage.james.close()
    assert "Vaccination" in Form.opened(stage, stage.james).offered("template")


def test_a_reminder_stays_in_the_language_it_was_written_in_when_its_client_reads_another(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.close()
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", language="en")
    stage.james.command(Command.REMINDER, "list")
    stage.james.press(stage.james.messages("#general")[-1], Action.REMINDER_OPEN)
    stage.settle()
    pressed(stage, stage.james, Action.REMINDER_EDIT)
    Form(stage, stage.james).type("due-date", "2026-12-02").save()
    (reminder,) = stage.reminders
    assert (reminder.template_language, reminder.origin.value) == ("sv", "template")


def test_a_form_whose_answer_was_lost_is_not_saved_again_with_other_values(stage: Stage) -> None:
    new_form(stage, stage.james)
    stage.james.fill("name", "Först")
    stage.james.fill("sms-text", "Hej")
    stage.settle()
    stage.deliver_submission(stage.james)  # saved, but what answers it never reaches the form
    stage.james.fill("name", "Sedan")
    assert stage.james.submit().ok
    stage.settle()
    assert "This form was already saved as shown here. Press Edit to change it." in top(stage.james).shown()
    assert texts(stage, "Först")
    assert not texts(stage, "Sedan")


def test_a_guest_is_refused_when_the_button_is_pressed(stage: Stage) -> None:
    gerd = stage.workspace.person("U0GERD00012")
    gerd.command(Command.REMINDER, "templates")
    stage.settle()
    assert gerd.modal is None
    assert "Only members of this workspace" in stage.told(gerd, "#general")[-1]


def test_a_submission_delivered_twice_makes_one_template(stage: Stage) -> None:
    new_form(stage, stage.james)
    stage.james.fill("name", "Dubbel")
    stage.james.fill("sms-text", "Hej")
    stage.settle()
    stage.workspace.deliver_twice(True)
    assert stage.james.submit().ok
    stage.settle()
    assert len(texts(stage, "Dubbel")) == 1
    assert not re.search("Another template", top(stage.james).shown())


def test_the_longest_texts_are_shown_within_slacks_limits(stage: Stage) -> None:
    saved(stage, stage.james, method="E-mail and SMS")
    stage.james.close()
    long = ("<&> " * 750).strip()
    view = edited(stage, stage.james, subject="<" * 200, email_text=long, sms_text=long[:1000])
    assert view.callback_id == ViewId.TEMPLATE_CHANGE
    assert stage.james.submit().ok
    stage.settle()
    assert top(stage.james).callback_id == ViewId.TEMPLATE_CARD
