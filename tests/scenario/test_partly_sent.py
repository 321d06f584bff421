"""What can still be changed about a reminder of which something was sent, and what must stay as it was?"""

from __future__ import annotations

from datetime import timedelta

from blocks.ids import Action
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import Stage, both_databases

LATER = timedelta(hours=3)
"""After the provider of text messages takes them again, while the clinic still sends."""


@both_databases
def test_the_half_still_to_come_is_dropped_where_it_is_no_longer_wanted(stage: Stage) -> None:
    card = _half_sent(stage).choose("method", "E-mail").save()
    assert "SMS, not sent" in card.shown()
    assert stage.states == [
        ("email", "sent", None),
        ("sms", "skipped", "reminder-changed"),
        ("email", "planned", None),
        ("email", "planned", None),
    ]
    stage.skip(LATER)
    stage.skip_to("2027-01-01")
    assert not stage.texts
    assert len(stage.mails) == 2
    assert not stage.tasks


@both_databases
def test_the_half_still_to_come_goes_out_where_its_channel_stays(stage: Stage) -> None:
    _half_sent(stage).choose("method", "SMS").type("sms-text", "Nytt om {{ patient_name }}").save()
    assert stage.states == [("email", "sent", None), *[("sms", "planned", None)] * 3]
    stage.skip(LATER)
    assert [text.text for text in stage.texts] == ["Nytt om Pelle"]
    stage.skip_to("2027-01-01")
    assert len(stage.texts) == 2
    assert len(stage.mails) == 1


def test_another_client_is_refused_once_something_was_sent(stage: Stage) -> None:
    form = _half_sent(stage).search("client", "mary")
    assert form.refused() == {
        "client": "Something of this reminder was sent already, so its client stays. Make a new reminder instead.",
        "patient": "Something of this reminder was sent already, so its patient stays. Make a new reminder instead.",
    }
    assert stage.reminders[0].version == 1
    stage.skip_to("2027-01-01")
    assert {mail.to for mail in stage.mails} == {"asa.oberg@post.example"}


def test_another_client_is_taken_while_nothing_was_sent(stage: Stage) -> None:
    saved(stage, stage.james)
    _edited(stage).search("client", "mary").save()
    stage.skip_to("2026-12-01")
    (mail,) = stage.mails
    assert mail.to == "mary.oconnor@post.example"


def test_a_reminder_of_which_only_what_is_being_sent_is_left_can_be_cancelled(stage: Stage) -> None:
    """Its text message was put off; then it is cancelled, and the list and the client never see it again."""
    stored(stage, 0, method="sms")
    stage.workspace.fail_next("sms", status=429, retry_after=7200)
    stage.skip_to("2026-12-01")
    stage.james.command("/reminder", "list")
    stage.james.press(stage.james.messages("#general")[-1], Action.REMINDER_OPEN)
    stage.settle()
    stage.james.press(top(stage.james), Action.REMINDER_CANCEL)
    stage.settle()
    stage.skip(LATER)
    assert not stage.texts
    assert [state for _, state, _ in stage.states] == ["cancelled"]
    stage.james.press(top(stage.james), Action.REMINDER_RESTORE)
    stage.settle()
    assert len(stage.texts) == 1


@both_databases
def test_a_month_end_goes_on_from_its_anchor_whatever_else_is_changed(stage: Stage) -> None:
    form = _month_end(stage)
    assert (form.values["due-date"], form.values["repetitions"]) == ("2027-02-28", "4")
    assert "1 time is over already." in form.shown
    for coming in ("Sun 28 Feb 2027, 09:00", "Wed 31 Mar 2027, 09:00", "Fri 30 Apr 2027, 09:00"):
        assert coming in form.shown
    card = form.save()
    assert "Wed 31 Mar 2027, 09:00" in card.shown()
    assert _due(stage) == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    _edited(stage).type("send-before", "2").save()
    assert _due(stage) == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    _edited(stage).type("repetitions", "5").save()
    assert _due(stage) == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    for day in ("2027-02-26", "2027-03-29", "2027-04-28", "2027-05-29"):
        stage.skip_to(day)
    assert len(stage.mails) == 5


@both_databases
def test_another_next_due_date_plans_the_rest_from_there(stage: Stage) -> None:
    form = _month_end(stage)
    form.type("due-date", "2027-03-05").save()
    assert _due(stage) == ["2027-01-31", "2027-03-05", "2027-04-05", "2027-05-05"]
    assert (stage.reminders[0].first_number, stage.reminders[0].repetitions) == (2, 3)
    assert _edited(stage).values["repetitions"] == "4"


def test_fewer_times_than_are_over_are_refused_with_what_would_work(stage: Stage) -> None:
    _month_end(stage)
    stage.james.close()
    stage.skip_to("2027-02-28")
    stage.james.command("/reminder", "list")
    stage.james.press(stage.james.messages("#general")[-1], Action.REMINDER_OPEN)
    stage.settle()
    form = _edited(stage).type("repetitions", "2")
    assert form.refused() == {
        "repetitions": "2 times are already over. Enter 3 or more, or cancel the reminder.",
    }
    form.type("repetitions", "3").save()
    assert _due(stage) == ["2027-01-31", "2027-02-28", "2027-03-31"]


def _month_end(stage: Stage) -> Form:
    """The form of a reminder of the 31st, monthly and four times, of which the first has gone."""
    saved(stage, stage.james, due="2027-01-31", recurrence="Every month", repetitions=4)
    stage.skip_to("2027-01-31")
    assert len(stage.mails) == 1
    return _edited(stage)


def _due(stage: Stage) -> list[str]:
    return [row.due_date.isoformat() for row in stage.occurrences]


def _half_sent(stage: Stage) -> Form:
    """The form of a reminder of whose first occurrence the mail has gone and the text message was put off."""
    saved(stage, stage.james, method="E-mail and SMS", recurrence="Every month", repetitions=3)
    stage.workspace.fail_next("sms", status=429, retry_after=7200)
    stage.skip_to("2026-12-01")
    assert stage.states[:2] == [("email", "sent", None), ("sms", "planned", None)]
    return _edited(stage)


def _edited(stage: Stage) -> Form:
    stage.james.press(top(stage.james), Action.REMINDER_EDIT)
    stage.settle()
    return Form(stage, stage.james)
