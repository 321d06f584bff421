"""What changed between Save and the send: is it noticed, and does nothing end silently (rule P11)?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.tables import Base, ClientRow, PatientRow, ReminderRow
from tests.scenario.form import Form, saved, stored
from tests.scenario.stage import TODAY, Stage, both_databases


@pytest.mark.parametrize(
    ("kind", "change", "reason", "task"),
    [
        (PatientRow, {"died_on": TODAY}, "patient-dead", False),
        (PatientRow, {"active": False}, "patient-inactive", False),
        (ClientRow, {"active": False}, "client-inactive", False),
        (ClientRow, {"email_allowed": False}, "channel-not-allowed", True),
        (ClientRow, {"email": None}, "no-address", True),
        (ClientRow, {"email": "two@post.example, three@post.example"}, "address-invalid", True),
        (ClientRow, {"email": None, "active": False}, "client-inactive", False),
    ],
)
@both_databases
def test_what_may_not_be_sent_is_recorded_with_its_reason(
    stage: Stage, kind: type[Base], change: dict[str, Any], reason: str, task: bool
) -> None:
    stored(stage, 0)
    name = {PatientRow: PatientRow.name == "Pelle", ClientRow: ClientRow.name == "Åsa Öberg"}[kind]
    stage.change(kind, name, **change)
    stage.skip_to("2026-12-01")
    assert not stage.mails
    assert stage.states == [("email", "skipped", reason)]
    assert len(stage.tasks) == len(stage.cards) == int(task)
    assert [event for event, _ in stage.happened] == ["created", "not-sent"] + ["task-opened"] * task
    stage.skip_to("2026-12-01", 19)
    assert not stage.mails


def test_one_channel_switched_off_leaves_the_other_alone(stage: Stage) -> None:
    stored(stage, 0, method="both")
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", sms_allowed=False)
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 1
    assert not stage.texts
    assert stage.states == [("email", "sent", None), ("sms", "skipped", "channel-not-allowed")]
    assert len(stage.cards) == 1


def test_the_clients_current_address_and_number_are_used(stage: Stage) -> None:
    saved(stage, stage.james, method="E-mail and SMS")
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", email="ny@post.example", phone="+46701740699")
    stage.skip_to("2026-12-01")
    assert [mail.to for mail in stage.mails] == ["ny@post.example"]
    assert [text.to for text in stage.texts] == ["+46701740699"]


def test_an_address_that_was_typed_is_used_whatever_becomes_of_the_clients_own(stage: Stage) -> None:
    saved(stage, stage.james, email="annan@post.example")
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", email=None)
    stage.skip_to("2026-12-01")
    assert [mail.to for mail in stage.mails] == ["annan@post.example"]


def test_names_are_filled_in_as_they_are_on_the_day(stage: Stage) -> None:
    stored(stage, 0, subject="Om {{ patient_name }}")
    stage.change(PatientRow, PatientRow.name == "Pelle", name="Pelle Svanslös")
    stage.skip_to("2026-12-01")
    assert [mail.subject for mail in stage.mails] == ["Om Pelle Svanslös"]


def test_a_text_that_cannot_be_filled_in_becomes_a_task_with_the_text_as_written(stage: Stage) -> None:
    stored(stage, 0)
    stage.change(ReminderRow, email_text="Hej {{ nobody_knows }}!")
    stage.skip_to("2026-12-01")
    assert stage.states == [("email", "failed", "text-broken")]
    assert "Hej {{ nobody_knows }}!" in stage.cards[0].shown()


def test_a_letter_for_a_patient_who_died_is_no_task(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stage.change(PatientRow, PatientRow.name == "Pelle", died_on=TODAY)
    stage.skip_to("2026-12-01")
    assert stage.states == [("post", "skipped", "patient-dead")]
    assert not stage.tasks


@pytest.mark.parametrize(
    ("client", "patient", "method", "refusal"),
    [
        (
            "fatima",
            "Nala (katt)",
            "E-mail",
            {"email": "This client gets no e-mail: it is switched off. Choose another sending method."},
        ),
        (
            "björn",
            "Rex (hund)",
            "SMS",
            {"phone": "This client gets no text messages: they are switched off. Choose another sending method."},
        ),
        (
            "karl-erik",
            None,
            "E-mail",
            {"email": "The e-mail address is missing. Enter one, or choose another sending method."},
        ),
        (
            "gunilla",
            "Fia (hund)",
            "E-mail and SMS",
            {
                "email": "The e-mail address is missing. Enter one, or choose another sending method.",
                "phone": "The mobile number is missing. Enter one, or choose another sending method.",
            },
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_beside_the_field_that_is_missing(
    stage: Stage, client: str, patient: str | None, method: str, refusal: dict[str, str]
) -> None:
    form = Form.opened(stage, stage.james).filled(client=client, patient=patient, method=method)
    assert form.refused() == refusal
    assert not stage.reminders
    form.choose("method", "Post").save()
    assert len(stage.reminders) == 1


def test_a_client_or_patient_who_left_while_the_form_was_open_is_refused(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", active=False)
    stage.change(PatientRow, PatientRow.name == "Pelle", died_on=TODAY)
    assert form.refused() == {
        "client": "This client is inactive and gets no reminders. Choose another one, or make the client active first.",
        "patient": "This patient has died and gets no reminders. Choose another one.",
    }
