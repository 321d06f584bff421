"""What is an address for that was changed in the form, and which methods say what they lack (rules P3, P11)?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.tables import ClientHistoryRow, ClientRow
from tests.scenario.form import Form, stored
from tests.scenario.stage import JAMES, Stage, both_databases

FOR_THE_RECORD = "For the client's record too"


def descriptions(form: Form) -> dict[str, str]:
    """What stands below each method."""
    (placed,) = [one for one in form.view.elements() if one.block_id.startswith("method")]
    return {option["text"]["text"]: option.get("description", {}).get("text", "") for option in placed.options()}


def asa(stage: Stage) -> ClientRow:
    return next(row for row in stage.rows(ClientRow) if row.name == "Åsa Öberg")


@pytest.mark.parametrize(
    ("client", "lacking"),
    [
        ("åsa", {}),
        ("björn", {"SMS": "SMS is switched off for this client."}),
        ("karl-erik", {"E-mail": "No e-mail address."}),
        ("fatima", {"E-mail": "E-mail is switched off for this client."}),
        ("gunilla", {"E-mail": "No e-mail address.", "SMS": "No mobile number."}),
    ],
)
def test_a_method_that_the_client_cannot_get_says_why_in_the_choice(
    stage: Stage, client: str, lacking: dict[str, str]
) -> None:
    shown = descriptions(Form.opened(stage, stage.james).search("client", client))
    both = " ".join(lacking.values())
    for method, why in {"E-mail": "", "SMS": "", "E-mail and SMS": both, **lacking}.items():
        assert shown[method] == (f"⚠️ {why}" if why else "")
    assert shown["Post"].startswith("Nothing is sent")


def test_the_reason_goes_as_soon_as_an_address_is_typed(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "gunilla").choose("method", "E-mail")
    form.type("email", "gunilla@post")
    assert descriptions(form)["E-mail"] == "⚠️ No valid e-mail address."
    form.type("email", "gunilla@post.example").type("phone", "070-174 06 12")
    assert not any("⚠️" in why for why in descriptions(form).values())
    assert form.values["email"] == "gunilla@post.example"


def test_what_an_address_is_for_is_asked_only_while_it_is_another(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "åsa")
    assert "address-for" not in form.values
    form.type("email", "ny@post.example")
    assert form.values["address-for"] == "For this reminder only"
    form.choose("address-for", FOR_THE_RECORD).type("email", "ny2@post.example")
    assert form.values["address-for"] == FOR_THE_RECORD
    for same in ("asa.oberg@post.example", "asa.oberg@POST.example", None):
        form.type("email", same)
        assert "address-for" not in form.values
    form.type("phone", "0701740606")
    assert "address-for" not in form.values
    form.type("phone", "0701740699")
    assert form.values["address-for"] == "For this reminder only"
    form.search("client", "mary")
    assert "address-for" not in form.values


def test_a_letter_that_changes_nothing_else_leaves_the_form_as_it_is(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "åsa").type("email", "n@post.example")
    before = form.view.hash
    for typed in ("ny@post.example", "nya@post.example", "nya.post@post.example"):
        assert form.type("email", typed).view.hash == before
    assert form.type("email", "nya.post@post").view.hash != before
    assert form.type("email", "asa.oberg@post.example").values.get("address-for") is None
    assert form.values["email"] == "asa.oberg@post.example"


@both_databases
def test_an_address_for_the_record_changes_the_client_with_the_reminder(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(email="ny@post.example", phone="070-174 06 99")
    form.choose("address-for", FOR_THE_RECORD).save()
    (reminder,) = stage.reminders
    assert (reminder.email_override, reminder.phone_override) == (None, None)
    row = asa(stage)
    assert (row.email, row.phone, row.version) == ("ny@post.example", "+46701740699", 2)
    (entry,) = stage.rows(ClientHistoryRow)
    assert (entry.client_id, entry.actor, entry.event.value) == (row.id, JAMES, "changed")
    assert entry.detail["parts"] == ["email", "phone"]
    stage.skip_to("2026-12-01")
    assert [mail.to for mail in stage.mails] == ["ny@post.example"]


def test_a_form_delivered_twice_changes_the_record_once(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(email="ny@post.example").choose("address-for", FOR_THE_RECORD)
    stage.workspace.deliver_twice(True)
    form.save()
    stage.workspace.deliver_twice(False)
    assert (asa(stage).version, len(stage.reminders), len(stage.rows(ClientHistoryRow))) == (2, 1, 1)


def test_for_this_reminder_only_leaves_the_record_alone(stage: Stage) -> None:
    Form.opened(stage, stage.james).filled(email="ny@post.example").save()
    assert [row.email_override for row in stage.reminders] == ["ny@post.example"]
    assert (asa(stage).email, asa(stage).version) == ("asa.oberg@post.example", 1)
    assert not stage.rows(ClientHistoryRow)


def test_an_address_for_the_record_that_cannot_be_used_changes_nothing(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(email="ny@localhost").choose("address-for", FOR_THE_RECORD)
    assert list(form.refused()) == ["email"]
    assert asa(stage).version == 1


def test_a_record_that_changed_meanwhile_is_shown_before_it_is_replaced(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(email="ny@post.example", subject="Mitt ämne")
    form.choose("address-for", FOR_THE_RECORD)
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", email="marias@post.example", version=2)
    assert form.submit().ok
    assert not stage.reminders
    assert "Somebody changed this client's record meanwhile. It now has: marias@post.example" in form.shown
    values: dict[str, Any] = form.values
    assert (values["email"], values["subject"]) == ("ny@post.example", "Mitt ämne")
    assert values["address-for"] == FOR_THE_RECORD
    form.save()
    assert (asa(stage).email, asa(stage).version) == ("ny@post.example", 3)


def test_an_own_address_of_a_reminder_can_be_made_the_clients_while_it_is_edited(stage: Stage) -> None:
    stored(stage, 1, email="ny@post.example")
    stage.james.command("/reminder", "list")
    stage.james.press(stage.james.messages("#general")[-1], "reminder-open")
    stage.settle()
    assert stage.james.modal is not None
    stage.james.press(stage.james.modal, "reminder-edit")
    stage.settle()
    form = Form(stage, stage.james)
    assert form.values["address-for"] == "For this reminder only"
    form.choose("address-for", FOR_THE_RECORD).save()
    assert asa(stage).email == "ny@post.example"
    assert stage.reminders[0].email_override is None
