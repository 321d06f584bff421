"""Can a waiting reminder be edited, cancelled and taken up again, and is nobody's change lost (rule P16)?"""

from __future__ import annotations

from datetime import timedelta

from blocks.ids import Action, Command, ViewId
from bot.demo.person import Person
from bot.store.tables import ReminderRow
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import JAMES, MARIA, Stage, both_databases
from tests.scenario.test_templates import edited as changed_template

CHANGED = "This reminder changed while you had it open. Nothing of yours is saved yet."


@both_databases
def test_edited_texts_go_out_and_the_plan_stays(stage: Stage) -> None:
    saved(stage, stage.james, before=1)
    before = [(row.id, row.key, row.send_at) for row in stage.deliveries]
    form = _edited(stage, stage.james)
    assert form.view.title == "Edit reminder"
    assert form.values["subject"] == "Dags för vaccination av {{ patient_name }}"
    assert (form.values["due-date"], form.values["send-before"]) == ("2026-12-01", "1")
    assert form.values["client"] == "Åsa Öberg"
    card = form.type("subject", "Nytt om {{ patient_name }}").save()
    assert "Saved" in card.shown()
    assert [(row.id, row.key, row.send_at) for row in stage.deliveries] == before
    (reminder,) = stage.reminders
    assert (reminder.version, reminder.origin.value) == (2, "edited")
    stage.skip_to("2026-11-30")
    assert [mail.subject for mail in stage.mails] == ["Nytt om Pelle"]
    assert stage.happened == [("created", JAMES), ("edited", JAMES), ("sent", "system")]


@both_databases
def test_an_edited_date_is_planned_anew(stage: Stage) -> None:
    saved(stage, stage.james)
    card = _edited(stage, stage.james).type("due-date", "2026-12-15").type("send-before", "2").save()
    assert "Sun 13 Dec 2026, 09:00" in card.shown()
    (delivery,) = stage.deliveries
    assert delivery.send_at.isoformat() == "2026-12-13T08:00:00+00:00"
    stage.skip_to("2026-12-01")
    assert not stage.mails
    stage.skip_to("2026-12-13")
    (mail,) = stage.mails
    assert "tisdag 15 december 2026" in mail.text


@both_databases
def test_an_edited_method_is_the_one_used(stage: Stage) -> None:
    saved(stage, stage.james)
    _edited(stage, stage.james).choose("method", "E-mail and SMS").save()
    assert stage.states == [("email", "planned", None), ("sms", "planned", None)]
    _edited(stage, stage.james).choose("method", "SMS").save()
    assert stage.states == [("sms", "planned", None)]
    stage.skip_to("2026-12-01")
    assert not stage.mails
    assert len(stage.texts) == 1


@both_databases
def test_of_a_recurring_reminder_what_was_sent_stays_and_the_rest_is_changed(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=4)
    stage.skip_to("2026-12-01")
    stage.skip_to("2026-12-02")
    form = _edited(stage, stage.james)
    values = form.values
    assert (values["due-date"], values["recurrence"], values["repetitions"]) == ("2027-01-01", "Every month", "4")
    card = form.choose("recurrence", "Every week").save()
    assert "E-mail, sent" in card.shown()
    assert [row.due_date.isoformat() for row in stage.occurrences] == [
        "2026-12-01",
        "2027-01-01",
        "2027-01-08",
        "2027-01-15",
    ]
    assert [row.number for row in stage.occurrences] == [1, 2, 3, 4]
    for day in ("2027-01-01", "2027-01-08", "2027-01-15"):
        stage.skip_to(day)
    assert len(stage.mails) == 4
    assert {state for _, state, _ in stage.states} == {"sent"}


@both_databases
def test_of_two_people_who_edit_the_same_reminder_the_second_is_told(stage: Stage) -> None:
    saved(stage, stage.james)
    james, maria = _edited(stage, stage.james), _edited(stage, stage.maria)
    maria.type("subject", "Marias ämne").save()
    before = stage.rows(ReminderRow)[0].version
    assert james.type("subject", "James ämne").submit().ok
    assert CHANGED in james.shown
    was, kept = "Dags för vaccination av {{ patient_name }}", "Below stands what you entered."
    assert f"*Subject*: was “{was}”, is now “Marias ämne”. {kept}" in james.shown
    assert f"<@{MARIA}>: Changed the reminder" in james.shown
    assert james.values["subject"] == "James ämne"
    assert (stage.reminders[0].subject, stage.reminders[0].version) == ("Marias ämne", before)
    james.save()
    assert (stage.reminders[0].subject, stage.reminders[0].version) == ("James ämne", before + 1)
    assert [event for event, _ in stage.happened] == ["created", "edited", "edited"]


@both_databases
def test_what_the_later_one_left_alone_is_taken_over_from_the_other(stage: Stage) -> None:
    saved(stage, stage.james, before=1, recurrence="Every month", repetitions=3)
    james, maria = _edited(stage, stage.james), _edited(stage, stage.maria)
    maria.choose("method", stage.words.words("sv")("SMS")).type("due-date", "2026-12-15")
    maria.type("email", "ny@post.example").save()
    james.type("send-before", "2").type("email", "min@post.example")
    assert james.submit().ok
    values = james.values
    assert (values["method"], values["due-date"], values["send-before"]) == ("SMS", "2026-12-15", "2")
    assert values["email"] == "min@post.example"
    shown = james.shown
    assert "*Default sending method*: was “E-mail”, is now “SMS”, and stands so below." in shown
    assert "*Due date*: was “Tue 1 Dec 2026”, is now “Tue 15 Dec 2026”, and stands so below." in shown
    assert "is now “ny@post.example”. Below stands what you entered." in shown
    assert "Send before*: was" not in shown
    assert "Mon 13 Dec" not in shown
    assert "Sun 13 Dec 2026, 09:00" in shown  # the coming sends are those of both together
    james.save()
    (reminder,) = stage.reminders
    assert (reminder.method.value, reminder.due_date.isoformat(), reminder.send_before) == ("sms", "2026-12-15", 2)
    assert reminder.email_override == "min@post.example"


def test_a_text_that_was_written_is_not_hidden_by_the_others_method(stage: Stage) -> None:
    saved(stage, stage.james)
    james = _edited(stage, stage.james)
    _edited(stage, stage.maria).choose("method", stage.words.words("sv")("SMS")).save()
    assert james.type("email-text", "Mitt eget brev").submit().ok
    assert "*Default sending method*: was “E-mail”, is now “SMS”. Below stands what you entered." in james.shown
    assert (james.values["method"], james.values["email-text"]) == ("E-mail", "Mitt eget brev")
    james.save()
    assert stage.states == [("email", "planned", None)]


@both_databases
def test_a_third_change_is_told_once_more(stage: Stage) -> None:
    saved(stage, stage.james)
    james = _edited(stage, stage.james)
    for subject in ("Ett", "Två"):
        _edited(stage, stage.maria).type("subject", subject).save()
        assert james.type("email-text", f"Brev {subject}").submit().ok
        assert f"is now “{subject}”, and stands so below." in james.shown
        assert james.values["email-text"] == f"Brev {subject}"
    james.save()
    assert (stage.reminders[0].subject, stage.reminders[0].email_text) == ("Två", "Brev Två")


@both_databases
def test_what_a_changed_template_replaced_meanwhile_is_told_too(stage: Stage) -> None:
    saved(stage, stage.james)
    james = _edited(stage, stage.james)
    changed_template(stage, stage.maria, subject="Nytt ämne")
    assert stage.maria.submit().ok  # the reminders that nobody edited take it over
    stage.settle()
    assert stage.reminders[0].subject == "Nytt ämne"
    assert james.type("email-text", "Mitt eget brev").submit().ok
    was = "Dags för vaccination av {{ patient_name }}"
    assert f"*Subject*: was “{was}”, is now “Nytt ämne”, and stands so below." in james.shown
    assert james.values["email-text"] == "Mitt eget brev"
    james.save()
    assert (stage.reminders[0].subject, stage.reminders[0].email_text) == ("Nytt ämne", "Mitt eget brev")


def test_a_form_whose_reminder_sent_one_meanwhile_goes_on_with_the_next(stage: Stage) -> None:
    saved(stage, stage.james, recurrence="Every month", repetitions=3)
    form = _edited(stage, stage.james)
    stage.skip_to("2026-12-01")
    assert form.type("subject", "Nytt ämne").submit().ok
    assert "Sent: E-mail" in form.shown
    values = form.values
    assert (values["due-date"], values["repetitions"], values["subject"]) == ("2027-01-01", "3", "Nytt ämne")
    form.save()
    assert [row.due_date.isoformat() for row in stage.occurrences] == ["2026-12-01", "2027-01-01", "2027-02-01"]
    stage.skip_to("2027-01-01")
    assert [mail.subject for mail in stage.mails] == ["Nytt ämne", "Dags för vaccination av Pelle"]


def test_a_form_whose_reminder_was_cancelled_meanwhile_keeps_what_was_typed(stage: Stage) -> None:
    saved(stage, stage.james)
    form = _edited(stage, stage.james)
    _pressed(stage, stage.maria, Action.REMINDER_CANCEL)
    for _ in range(2):
        assert form.type("subject", "Ändå").submit().ok
        assert f"<@{MARIA}>: Cancelled the reminder" in form.shown
        assert "As it stands it cannot be edited." in form.shown
        assert form.values["subject"] == "Ändå"
    assert stage.states == [("email", "cancelled", None)]
    stage.maria.press(top(stage.maria), Action.REMINDER_UNDO)
    stage.settle()
    assert form.submit().ok  # it can be edited again
    form.save()
    assert stage.reminders[0].subject == "Ändå"


def test_what_was_sent_can_be_neither_edited_nor_cancelled(stage: Stage) -> None:
    card = saved(stage, stage.james)
    stage.skip_to("2026-12-01")
    for action, sentence in (
        (Action.REMINDER_EDIT, "Nothing of this reminder is left to send, so there is nothing to edit."),
        (Action.REMINDER_CANCEL, "There is nothing left to cancel."),
    ):
        stage.settle()
        with stage.workspace._state.changing():
            stage.workspace._views._replace(card)  # still as it was before the send
        stage.james.press(card, action)
        stage.settle()
        assert sentence in top(stage.james).shown()
        assert not [one for one in top(stage.james).elements() if one.action_id == action]
    assert stage.states == [("email", "sent", None)]


@both_databases
def test_a_cancelled_reminder_sends_nothing_and_restored_it_does(stage: Stage) -> None:
    saved(stage, stage.james, method="E-mail and SMS")
    card = _pressed(stage, stage.maria, Action.REMINDER_CANCEL)
    assert stage.words.words("sv")("Cancelled") in card
    assert stage.states == [("email", "cancelled", None), ("sms", "cancelled", None)]
    assert stage.reminders[0].state.value == "cancelled"
    stage.skip_to("2026-11-30")
    stage.maria.press(top(stage.maria), Action.REMINDER_RESTORE)
    stage.settle()
    assert stage.states == [("email", "planned", None), ("sms", "planned", None)]
    assert stage.happened == [("created", JAMES), ("cancelled", MARIA), ("restored", MARIA)]
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == len(stage.texts) == 1


def test_a_cancelled_reminder_sends_nothing_on_its_day(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.press(top(stage.james), Action.REMINDER_CANCEL)
    stage.settle()
    stage.skip_to("2026-12-01")
    assert not stage.mails
    assert not stage.cards
    stage.james.press(top(stage.james), Action.REMINDER_RESTORE)
    stage.settle()
    assert len(stage.mails) == 1  # its due date is today, and the window is open


def test_what_is_long_past_cannot_be_restored(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.press(top(stage.james), Action.REMINDER_CANCEL)
    stage.settle()
    stage.skip_to("2026-12-02")
    stage.james.press(top(stage.james), Action.REMINDER_RESTORE)
    stage.settle()
    assert "Every due date of this reminder has passed. Make a new one instead." in top(stage.james).shown()
    assert stage.states == [("email", "cancelled", None)]
    assert stage.reminders[0].state.value == "cancelled"


def test_a_card_that_was_closed_meanwhile_does_not_turn_a_success_into_a_failure(stage: Stage) -> None:
    card = saved(stage, stage.james)
    stage.workspace.fail_next("views.update", error="not_found")
    stage.james.press(card, Action.REMINDER_CANCEL)
    stage.settle()
    assert stage.states == [("email", "cancelled", None)]
    assert len(stage.james.modals) == 1
    assert not stage.logged("listener-failed")


def test_an_edited_address_goes_with_this_reminder_and_the_clients_own_is_given_back(stage: Stage) -> None:
    stored(stage, 0)
    _edited(stage, stage.james).type("email", "annan@post.example").save()
    assert stage.reminders[0].email_override == "annan@post.example"
    form = _edited(stage, stage.james)
    assert form.values["email"] == "annan@post.example"
    form.type("email", "asa.oberg@post.example").save()
    assert stage.reminders[0].email_override is None


@both_databases
def test_what_staff_were_asked_stays_as_it_was_when_the_reminder_is_edited(stage: Stage) -> None:
    saved(stage, stage.james, method="Post", recurrence="Every month", repetitions=3)
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    letter = stage.tasks[0].text
    assert "vaccination" in card.shown()
    _edited(stage, stage.james).type("letter-text", "Något helt annat").save()
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    (closed,) = stage.cards
    assert f"<@{JAMES}>" in closed.shown()
    assert "vaccination" in closed.shown()
    assert "Något helt annat" not in closed.shown()
    assert stage.tasks[0].text == letter
    stage.skip_to("2027-01-01")
    assert "Något helt annat" in stage.cards[-1].shown()


def test_a_card_that_comes_late_says_what_was_to_be_sent_and_not_what_the_reminder_says_by_then(stage: Stage) -> None:
    stage.expect("card-refused")
    stored(stage, 0, method="post", letter_text="Brevet", recurrence="monthly", repetitions="3")
    stage.workspace.fail_next("chat.postMessage", error="internal_error")
    stage.skip_to("2026-12-01")
    assert len(stage.tasks) == 1
    _edited(stage, stage.james).choose("method", "E-mail").type("subject", "Nytt").type("email-text", "Mejlet").save()
    stage.skip(timedelta(minutes=20))
    (card,) = stage.cards
    assert "Brevet" in card.shown()
    assert "Mejlet" not in card.shown()


def test_the_address_of_a_contact_task_is_the_one_that_was_tried(stage: Stage) -> None:
    stored(stage, 0, method="post", email="annan@post.example", recurrence="monthly", repetitions="3")
    stage.skip_to("2026-12-01")
    _edited(stage, stage.james).type("email", "tredje@post.example").save()
    stage.maria.press(stage.cards[0], Action.TASK_SHOW_CONTACT)
    stage.settle()
    assert "annan@post.example" in top(stage.maria).shown()
    assert "tredje@post.example" not in top(stage.maria).shown()


@both_databases
def test_what_was_put_back_until_after_a_later_one_went_out_goes_out_the_way_that_is_then_chosen(stage: Stage) -> None:
    """The first text message is put off by the provider for longer than the second one waits for its day."""
    stored(stage, 0, method="sms", due_date="2026-12-04", send_before="3", recurrence="daily", repetitions="3")
    for hour, minute, seconds in ((9, 1, 10 * 3600), (19, 2, 15 * 3600)):  # a minute after it may be tried again
        stage.workspace.fail_next("sms", status=429, retry_after=seconds)
        stage.skip_to("2026-12-01", hour, minute)
    stage.skip_to("2026-12-02")
    assert [state for _, state, _ in stage.states] == ["planned", "sent", "planned"]
    _edited(stage, stage.james).choose("method", "E-mail").type("subject", "Nytt").type("email-text", "Mejl").save()
    assert sorted(stage.states) == [("email", "planned", None), ("email", "sent", None), ("sms", "sent", None)]
    stage.skip_to("2026-12-03")
    assert len(stage.mails) == 2
    assert not stage.tasks


def _opened(stage: Stage, person: Person) -> None:
    """Open the only reminder's card from the list."""
    while person.modal is not None:
        person.close()
    person.command(Command.REMINDER, "list")
    person.press(person.messages("#general")[-1], Action.REMINDER_OPEN)
    stage.settle()
    assert top(person).callback_id == ViewId.REMINDER_CARD


def _edited(stage: Stage, person: Person) -> Form:
    _opened(stage, person)
    person.press(top(person), Action.REMINDER_EDIT)
    stage.settle()
    assert top(person).callback_id == ViewId.REMINDER_FORM
    return Form(stage, person)


def _pressed(stage: Stage, person: Person, action: Action) -> str:
    _opened(stage, person)
    person.press(top(person), action)
    stage.settle()
    return top(person).shown()


def test_a_reminder_is_edited_in_the_modal_in_which_it_was_made(stage: Stage) -> None:
    """The same modal shows the form, the card and the form again: what the first form held is not the second one's."""
    saved(stage, stage.james, template="Vaccination")
    form = _edited(stage, stage.james)
    form.choose("method", "SMS").save()
    assert [row.version for row in stage.reminders] == [2]
    assert stage.states == [("sms", "planned", None)]
