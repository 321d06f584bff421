"""Does a reminder get from the form to the client, and to the staff where nobody but a person can help?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from blocks.ids import Action
from tests.scenario.form import Form, saved
from tests.scenario.stage import JAMES, MARIA, TODAY, Stage, both_databases


@both_databases
def test_a_saved_email_reminder_is_mailed_once_on_its_day(stage: Stage) -> None:
    card = saved(stage, stage.james, before=2)
    assert "Pelle" in card.shown()
    assert "Sun 29 Nov 2026, 09:00" in card.shown()
    (delivery,) = stage.deliveries
    assert delivery.send_at.isoformat() == "2026-11-29T08:00:00+00:00"
    stage.skip_to("2026-11-29", 8, 59)
    assert not stage.mails
    stage.skip_to("2026-11-29")
    (mail,) = stage.mails
    assert mail.to == "asa.oberg@post.example"
    assert mail.subject == "Dags för vaccination av Pelle"
    assert "Hej Åsa!" in mail.text
    assert "senast tisdag 1 december 2026" in mail.text
    assert "+46 8 555 010 20" in mail.text
    assert "{{" not in mail.text + mail.subject + (mail.html or "")
    assert mail.html is not None
    assert "senast tisdag 1 december 2026" in mail.html
    assert stage.states == [("email", "sent", None)]
    assert stage.happened == [("created", JAMES), ("sent", "system")]
    stage.skip_to("2026-12-02")
    assert len(stage.mails) == 1
    assert not stage.cards


@both_databases
def test_a_text_message_is_sent_once_on_its_day(stage: Stage) -> None:
    saved(stage, stage.james, method="SMS")
    stage.skip_to("2026-12-01")
    (text,) = stage.texts
    assert text.to == "+46701740606"
    assert text.text == (
        "Hej Åsa! Dags för vaccination av Pelle senast tisdag 1 december 2026. "
        "Boka tid: +46 8 555 010 20. Djurkliniken Eken"
    )
    assert stage.states == [("sms", "sent", None)]
    assert stage.happened == [("created", JAMES), ("sent", "system")]
    assert stage.deliveries[0].provider_ref == text.id
    stage.skip_to("2026-12-03")
    assert len(stage.texts) == 1
    assert not stage.mails


@both_databases
def test_both_ways_send_one_of_each(stage: Stage) -> None:
    card = saved(stage, stage.james, method="E-mail and SMS")
    assert "E-mail and SMS" in card.shown()
    stage.skip_to("2026-12-01")
    assert [mail.to for mail in stage.mails] == ["asa.oberg@post.example"]
    assert [text.to for text in stage.texts] == ["+46701740606"]
    assert stage.states == [("email", "sent", None), ("sms", "sent", None)]
    assert not stage.tasks


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ({"status": 403}, ("sms", "failed", "refused")),
        ({"drop_after": True}, ("sms", "unknown", "outcome-unknown")),
        ({"status": 500}, ("sms", "unknown", "outcome-unknown")),
    ],
)
def test_one_half_of_both_that_fails_leaves_the_other_alone_and_becomes_a_task(
    stage: Stage, fault: dict[str, Any], state: tuple[str, str, str]
) -> None:
    saved(stage, stage.james, method="E-mail and SMS")
    stage.workspace.fail_next("sms", **fault)
    stage.skip_to("2026-12-01")
    assert len(stage.mails) == 1
    assert stage.states == [("email", "sent", None), state]
    (task,) = stage.tasks
    assert task.delivery_id == stage.deliveries[1].id
    (card,) = stage.cards
    assert "Hej Åsa! Dags för vaccination av Pelle" in card.shown()
    stage.workspace.heal()
    arrived = len(stage.texts)
    stage.skip_to("2026-12-01", 19)
    assert len(stage.mails) == 1
    assert len(stage.texts) == arrived


def test_what_the_provider_asks_to_try_later_is_sent_later_and_once(stage: Stage) -> None:
    saved(stage, stage.james, method="SMS")
    stage.workspace.fail_next("sms", status=429, retry_after=600)
    stage.skip_to("2026-12-01")
    assert not stage.texts
    assert stage.states == [("sms", "planned", None)]
    stage.skip(timedelta(seconds=590))
    assert not stage.texts
    stage.skip(timedelta(seconds=20))
    assert len(stage.texts) == 1
    assert stage.happened == [("created", JAMES), ("tried-in-vain", "system"), ("sent", "system")]


@both_databases
def test_a_letter_becomes_a_card_that_is_marked_as_contacted_once(stage: Stage) -> None:
    saved(stage, stage.james, method="Post", before=1)
    stage.skip_to("2026-11-30")
    assert not stage.mails
    assert not stage.texts
    (card,) = stage.cards
    shown = card.shown()
    assert "Åsa Öberg" in shown
    assert "Pelle" in shown
    assert "Det är dags att förnya vaccinationen för Pelle" in shown
    assert "asa.oberg" not in str(card.blocks) + card.text
    assert "174" not in str(card.blocks) + card.text
    stage.maria.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    (task,) = stage.tasks
    assert (task.state.value, task.closed_by) == ("done", MARIA)
    (card,) = stage.cards
    assert f"<@{MARIA}>" in card.shown()
    assert not list(card.elements())
    assert stage.states == [("post", "skipped", "post")]
    assert stage.happened == [
        ("created", JAMES),
        ("not-sent", "system"),
        ("task-opened", "system"),
        ("contacted", MARIA),
    ]
    assert not stage.told(stage.maria)


def test_a_reminder_for_today_goes_out_at_once_while_the_window_is_open(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(due=TODAY)
    assert "Mon 23 Nov 2026, 10:00: at once" in form.shown
    form.save()
    assert len(stage.mails) == 1
    assert stage.states == [("email", "sent", None)]


def test_a_free_text_is_sent_as_it_was_written(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).search("client", "mary").tick_manual()
    assert "Skriv vänligt och kort." in form.shown  # the clinic's policy stands beside free text
    form.type("subject", "A word about {{ patient_name }}").type("email-text", "Dear {{ client_name }},\n\n5 < 6 & 7.")
    form.type("due-date", "2026-12-01").save()
    (reminder,) = stage.reminders
    assert (reminder.origin.value, reminder.template_id) == ("manual", None)
    stage.skip_to("2026-12-01")
    (mail,) = stage.mails
    assert mail.subject == "A word about Shadow"
    assert mail.text.startswith("Dear Mary O'Connor,")
    assert "5 < 6 & 7." in mail.text
    assert "5 &lt; 6 &amp; 7." in (mail.html or "")


def test_a_changed_template_text_belongs_to_this_reminder_alone(stage: Stage) -> None:
    saved(stage, stage.james, subject="Kom till oss med {{ patient_name }}")
    saved(stage, stage.james)
    first, second = stage.reminders
    assert (first.origin.value, second.origin.value) == ("edited", "template")
    assert first.subject == "Kom till oss med {{ patient_name }}"
    stage.skip_to("2026-12-01")
    assert sorted(mail.subject for mail in stage.mails) == ["Dags för vaccination av Pelle", "Kom till oss med Pelle"]
