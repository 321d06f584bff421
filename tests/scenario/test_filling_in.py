"""What does one choice in the form fill in elsewhere, and is what was typed kept (rules P2 and P4)?"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from blocks.ids import Action, Command, FormBlock, ViewId
from bot.demo.elements import merged
from bot.store.tables import ClientRow, PatientRow
from tests.scenario.form import Form, top
from tests.scenario.stage import TODAY, Stage

TEXTS = ("subject", "email-text", "sms-text", "letter-text")


def test_a_client_fills_in_address_and_number_and_narrows_the_patients(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "anna bella")
    assert form.values["email"] == "anna.andersson@post.example"
    assert form.values["phone"] == "+46 70 174 06 05"
    assert not form.values["patient"]
    assert form.offered("patient") == ["Bella (hund)", "Misse (katt)"]
    form.choose("patient", "Misse (katt)")
    assert form.values["patient"] == "Misse (katt)"
    assert form.values["email"] == "anna.andersson@post.example"


def test_a_clients_only_patient_is_chosen_with_it(stage: Stage) -> None:
    assert Form.opened(stage, stage.james).search("client", "åsa").values["patient"] == "Pelle (kanin)"


def test_another_client_replaces_everything_that_belonged_to_the_first(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "åsa").type("due-date", "2026-12-24")
    form.search("client", "mary")
    values = form.values
    assert values["patient"] == "Shadow (cat)"
    assert (values["email"], values["phone"]) == ("mary.oconnor@post.example", "+46 70 174 06 08")
    assert values["due-date"] == "2026-12-24"
    form.search("client", "gunilla")
    values = form.values
    assert (values["patient"], values["email"], values["phone"]) == (None, None, None)


def test_a_patient_alone_fills_in_its_client(stage: Stage) -> None:
    form = Form.opened(stage, stage.james)
    assert stage.james.suggest("patient", "simba") == ["Simba (katt)"]
    form.search("patient", "simba")
    values = form.values
    assert values["client"] == "Fatima Al-Sayed"
    assert values["patient"] == "Simba (katt)"
    assert values["email"] == "fatima.alsayed@post.example"
    assert form.offered("patient") == ["Nala (katt)", "Simba (katt)"]


def test_namesakes_are_told_apart_by_their_pets_and_addresses(stage: Stage) -> None:
    form = Form.opened(stage, stage.james)
    assert stage.james.suggest("client", "anna") == ["Anna Andersson · Bella, Misse", "Anna Andersson · Doris"]
    form.search("client", "doris")
    assert form.values["email"] == "anna.a.lund@post.example"


@pytest.mark.parametrize("query", ["asa", "ÅSA ÖB", "berg pelle", "0701740606", "asa.oberg@"])
def test_a_client_is_found_by_any_of_what_is_known(stage: Stage, query: str) -> None:
    Form.opened(stage, stage.james)
    assert stage.james.suggest("client", query) == ["Åsa Öberg · Pelle"]


def test_the_dead_and_the_inactive_are_not_offered(stage: Stage) -> None:
    stage.change(PatientRow, PatientRow.name == "Bella", died_on=TODAY)
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", active=False)
    form = Form.opened(stage, stage.james)
    assert stage.james.suggest("client", "åsa") == []
    assert stage.james.suggest("patient", "pelle") == []
    assert form.search("client", "misse").values["patient"] == "Misse (katt)"


@pytest.mark.parametrize(
    ("client", "subject"),
    [("åsa", "Dags för vaccination av {{ patient_name }}"), ("mary", "{{ patient_name }} is due for a vaccination")],
)
def test_a_template_fills_in_the_texts_in_the_clients_language(stage: Stage, client: str, subject: str) -> None:
    form = Form.opened(stage, stage.james).search("client", client).choose("template", "Vaccination")
    assert form.values["subject"] == subject
    assert "{{ clinic_phone }}" in form.values["email-text"]


def test_the_texts_follow_the_client_into_its_language_unless_they_were_edited(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).choose("template", "Vaccination").search("client", "mary")
    assert form.values["subject"] == "{{ patient_name }} is due for a vaccination"
    form.search("client", "åsa")
    assert form.values["subject"] == "Dags för vaccination av {{ patient_name }}"
    form.type("subject", "Mitt eget ämne").search("client", "mary")
    assert form.values["subject"] == "Mitt eget ämne"
    assert "still in Swedish. This client reads English" in form.shown
    stage.james.press(form.view, Action.FORM_TEMPLATE_TEXT)
    stage.settle()
    assert form.values["subject"] == "{{ patient_name }} is due for a vaccination"
    assert "Swedish" not in form.shown


def test_the_templates_text_can_be_taken_again_after_edits_and_counts_as_the_templates(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    own = form.values
    form.type("subject", "Ändrat").type("email-text", "Ändrat {{ patient_name }}")
    stage.james.press(form.view, Action.FORM_TEMPLATE_TEXT)
    stage.settle()
    assert form.values == own
    form.choose("template", "Tandkontroll").choose("template", "Vaccination")
    assert form.values == own
    form.tick_manual()
    assert Action.FORM_TEMPLATE_TEXT not in {one.action_id for one in form.view.elements()}
    form.choose("manual").save()
    assert stage.reminders[0].origin == "template"


def test_another_template_replaces_the_texts(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled().type("subject", "Ändrat").choose("template", "Tandkontroll")
    assert form.values["subject"] == "Tandkontroll för {{ patient_name }}"
    assert "Friska tänder" in form.values["email-text"]


def test_free_text_empties_the_texts_and_unticked_it_brings_the_template_back(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    before = form.values
    form.tick_manual()
    values = form.values
    assert (values["subject"], values["email-text"]) == (None, None)
    assert "template" not in values
    form.choose("manual")
    assert form.values == before


def test_free_text_before_any_template_asks_for_one_when_it_is_unticked(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(template=None).tick_manual().choose("manual")
    assert form.values["template"] is None
    assert not set(TEXTS) & set(form.values)


def test_what_was_written_is_there_again_after_a_choice_by_mistake(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled().type("email-text", "Hej {{ client_name }}, kom på måndag!")
    edited = form.values
    form.tick_manual().type("subject", "Eget").type("email-text", "Helt eget")
    written = form.values
    form.choose("manual")
    assert form.values == edited
    form.choose("template", "Tandkontroll").choose("template", "Vaccination")
    assert form.values == edited
    form.tick_manual()
    assert form.values == written
    form.choose("manual").save()
    (reminder,) = stage.reminders
    assert (reminder.origin, reminder.email_text) == ("edited", "Hej {{ client_name }}, kom på måndag!")


def test_texts_taken_back_to_the_templates_own_follow_it_again(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    own = form.values["subject"]
    form.type("subject", "Ändrat").choose("template", "Tandkontroll").choose("template", "Vaccination")
    assert form.values["subject"] == "Ändrat"
    form.type("subject", own).choose("template", "Tandkontroll").choose("template", "Vaccination").save()
    (reminder,) = stage.reminders
    assert reminder.origin == "template"


def test_the_repetitions_are_there_again_when_the_reminder_recurs_again(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled().choose("recurrence", "Every week").type("repetitions", "5")
    form.choose("recurrence", "Not recurring")
    assert "repetitions" not in form.values
    form.type("send-before", "1").choose("recurrence", "Every month")
    assert form.values["repetitions"] == "5"
    form.type("repetitions", "").choose("recurrence", "Every week")
    assert not form.values["repetitions"]


def test_the_method_decides_which_texts_are_asked_for(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    fields = {
        "E-mail": ["subject", "email-text"],
        "SMS": ["sms-text"],
        "E-mail and SMS": ["subject", "email-text", "sms-text"],
        "Post": ["letter-text"],
    }
    for method, texts in fields.items():
        form.choose("method", method)
        assert [field for field in TEXTS if field in form.values] == texts
        assert all(form.values[text] for text in texts)


def test_what_was_typed_elsewhere_is_kept_over_every_choice(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "åsa").choose("template", "Vaccination")
    form.type("email", "annan@post.example").type("phone", "070-174 06 99").type("subject", "Mitt ämne")
    form.type("due-date", "2027-03-01").type("send-before", "3").choose("recurrence", "Every month")
    form.type("repetitions", "4").choose("method", "E-mail and SMS").choose("recurrence", "Every week")
    values = form.values
    assert values["email"] == "annan@post.example"
    assert values["phone"] == "070-174 06 99"
    assert values["subject"] == "Mitt ämne"
    assert (values["due-date"], values["send-before"], values["repetitions"]) == ("2027-03-01", "3", "4")


def test_the_address_that_was_typed_is_used_and_the_clients_own_is_not_kept(stage: Stage) -> None:
    Form.opened(stage, stage.james).filled(email="annan@post.example").save()
    Form.opened(stage, stage.james).filled().save()
    assert [row.email_override for row in stage.reminders] == ["annan@post.example", None]
    stage.skip_to("2026-12-01")
    assert sorted(mail.to for mail in stage.mails) == ["annan@post.example", "asa.oberg@post.example"]


def test_choices_made_faster_than_the_form_follows_all_take_effect(stage: Stage) -> None:
    form = Form.opened(stage, stage.james)
    james = stage.james
    james.choose("client", james.suggest("client", "mary")[0], query="mary")
    james.choose("template", "Vaccination")
    james.fill("due-date", "2026-12-01")
    james.fill("send-before", "2")
    james.choose("recurrence", "Every month")
    stage.settle()
    james.fill("repetitions", "12")
    stage.settle()
    values = form.values
    assert values["email"] == "mary.oconnor@post.example"
    assert values["patient"] == "Shadow (cat)"
    assert values["subject"] == "{{ patient_name }} is due for a vaccination"
    assert "Sun 29 Nov 2026, 09:00" in form.shown
    form.save()
    stage.skip_to("2026-11-29")
    assert [mail.to for mail in stage.mails] == ["mary.oconnor@post.example"]


def test_of_two_clients_chosen_in_a_hurry_the_last_ones_address_is_filled_in(stage: Stage) -> None:
    """The second client is chosen before the form has followed the first one."""
    form = Form.opened(stage, stage.james)
    acts = stage.workspace._interactions
    asa, mary = (_found(stage, form, query) for query in ("åsa", "mary"))
    for _ in range(8):
        for option in (asa, mary):
            held = {"type": "external_select", "selected_option": option}
            (placed,) = [one for one in form.view.elements() if one.block_id.startswith("client")]
            acts.act(stage.james.id, form.view, placed.block_id, placed.action_id, held)
        stage.settle()
        values = form.values
        assert values["client"] == "Mary O'Connor · Shadow"
        assert values["email"] == "mary.oconnor@post.example"
        assert values["phone"] == "+46 70 174 06 08"
        assert values["patient"] == "Shadow (cat)"


def test_a_change_that_was_on_its_way_leaves_alone_what_was_typed_since(stage: Stage) -> None:
    """The due date was picked before the template's texts were there; its request arrives while they are edited."""
    form = Form.opened(stage, stage.james).search("client", "mary")
    before = form.view
    form.choose("template", "Vaccination").type("subject", "Our own words for Shadow")
    day = {"type": "datepicker", "selected_date": "2026-12-01"}
    chosen = merged(before.values, {block: form.view.values[block] for block in ("template",)})
    picked = merged(chosen, {"due-date": {FormBlock.DUE_DATE.action: day}})
    late = dataclasses.replace(before, typed=picked)
    (placed,) = [one for one in late.elements() if one.block_id == "due-date"]
    payloads, acts = stage.workspace._payloads, stage.workspace._interactions
    stage.workspace._views.keep_typed(form.view.id, {"due-date": {FormBlock.DUE_DATE.action: day}})
    user = stage.workspace._state.user(stage.james.id)
    acts._interactive(payloads.view_actions(user, late, payloads.action(placed, day), "late"))
    stage.settle()
    assert "Tue 1 Dec 2026, 09:00" in form.shown
    assert form.values["subject"] == "Our own words for Shadow"
    assert form.values["email"] == "mary.oconnor@post.example"
    form.save()
    assert stage.reminders[0].subject == "Our own words for Shadow"


def test_save_pressed_before_the_form_has_followed_shows_it_first(stage: Stage) -> None:
    """What nobody has seen is not sent: the address of the client before must not get this client's reminder."""
    form = Form.opened(stage, stage.james).filled()
    stage.workspace.fail_next("views.update", error="hash_conflict")
    form.search("client", "mary")
    assert form.values["email"] == "asa.oberg@post.example"
    assert stage.james.submit().ok
    assert top(stage.james).callback_id == ViewId.REMINDER_FORM
    assert not stage.reminders
    assert "Look at them, then save once more." in form.shown
    assert form.values["email"] == "mary.oconnor@post.example"
    form.save()
    assert stage.reminders[0].client_id == 4
    assert stage.reminders[0].email_override is None


def test_save_pressed_before_a_text_of_the_method_could_be_read_shows_it_first(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    stage.workspace.fail_next("views.update", error="hash_conflict")
    form.choose("method", "E-mail and SMS")
    assert "sms-text" not in form.values
    assert stage.james.submit().ok
    assert not stage.reminders
    assert "Look at them, then save once more." in form.shown
    assert "{{ patient_name }}" in form.values["sms-text"]
    form.save()
    assert stage.reminders[0].method == "both"


def test_a_form_that_was_closed_while_it_was_being_filled_in_is_let_go(stage: Stage) -> None:
    james = stage.james
    Form.opened(stage, james)
    for _ in range(5):
        james.fill("due-date", "2026-12-01")
        james.close()
        stage.settle()
        assert james.modal is None
        james.command(Command.REMINDER, "new")
        stage.settle()


def _found(stage: Stage, form: Form, query: str) -> dict[str, Any]:
    answer = stage.workspace._interactions.suggest(
        stage.james.id, form.view, FormBlock.CLIENT, FormBlock.CLIENT.action, query
    )
    (option,) = answer["options"]
    found: dict[str, Any] = option
    return found
