"""Is what cannot be used refused beside its field, and does what looks like markup stay what was typed?"""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import Any

import pytest

from blocks.ids import Action, Command
from bot.demo.errors import ImpossibleInput
from bot.store.tables import ClientRow, PatientRow
from tests.scenario.form import Form, stored, top
from tests.scenario.stage import Stage, both_databases

HOSTILE = (
    "<!channel>",
    "<@U0NOBODY001>",
    "<https://x.example|klicka>",
    "&lt;!here&gt;",
    "*fet* _kursiv_ ~struken~ `kod`",
    "> citat",
    "{{ client_name }}",
    "שלום עליכם",
    "🐇 Pelle 👩‍⚕️",
    "Robert'); DROP TABLE reminders;--",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
)


@pytest.mark.parametrize(("client", "patient", "species"), [HOSTILE[:3], HOSTILE[3:6], HOSTILE[6:9], HOSTILE[9:12]])
def test_a_name_that_looks_like_markup_stays_a_name_everywhere(
    stage: Stage, client: str, patient: str, species: str
) -> None:
    """`Stage.end` holds that nothing in any view or message of this test is markup but the mentions of staff."""
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", name=client)
    stage.change(PatientRow, PatientRow.name == "Pelle", name=patient, species=species)
    Form.opened(stage, stage.james).filled(client="0701740606", method="E-mail and SMS").save()
    stage.james.command(Command.REMINDER, "list")
    stage.james.open_home()
    stage.until(lambda: stage.james.home)
    stored(stage, 1, method="post", letter_text="Till {{ client_name }} om {{ patient_name }}, {{ species }}.")
    stage.skip_to("2026-12-01")
    assert patient in stage.mails[0].subject
    assert patient in stage.texts[0].text
    assert "<script>" not in (stage.mails[0].html or "")
    (card,) = stage.cards
    stage.james.press(card, Action.TASK_SHOW_CONTACT)
    stage.settle()
    stage.james.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    exact = [block["text"]["text"] for block in card.blocks or () if block.get("text", {}).get("type") == "plain_text"]
    assert any(f"Till {client} om {patient}, {species}." in text.translate(_ISOLATES) for text in exact)


def test_a_text_that_looks_like_markup_arrives_as_it_was_typed(stage: Stage) -> None:
    for number, text in enumerate(HOSTILE):
        stored(stage, number, subject=text, email_text=text)
    stage.skip_to("2026-12-01")
    expected = [text.replace("{{ client_name }}", "Åsa Öberg") for text in HOSTILE]
    assert sorted(mail.subject for mail in stage.mails) == sorted(expected)
    for mail in stage.mails:
        assert mail.text.startswith(mail.subject)
        assert "<script>" not in (mail.html or "")


_ISOLATES = {0x2068: None, 0x2069: None}
"""What keeps a name that is read from right to left from turning its neighbours round."""

UNUSABLE_TEXTS = (
    ("Hej\x00då", "The text holds a hidden control character. Type it again."),
    ("Hej\ud800då", "The text holds a hidden control character. Type it again."),
    ("Hej\x1b[31m", "The text holds a hidden control character. Type it again."),
    (
        "Hej\u202edå",
        "The text holds a hidden character that turns the reading direction. Type it again.",
    ),
    ("\u200b\u2060\ufeff", "The text is missing. Write what the client should read."),
    ("   \n ", "The text is missing. Write what the client should read."),
    ("{{ patient_nam }}", "“patient_nam” is not a placeholder. Did you mean {{ patient_name }}?"),
    (
        "{{ patient_name }",
        "A brace is missing. A placeholder has two on each side: {{ client_name }}.",
    ),
    (
        "{{ client_name.__class__ }}",
        "A dot or bracket after a name is not possible. Use the placeholder alone: {{ client_name }}.",
    ),
    (
        "{% for x in range(99999) %}x{% endfor %}",
        "Loops are not possible in a message. Write the text out.",
    ),
    (
        "{{ 'a' * 500000000 }}",
        "Nothing can be computed or joined in a message. Put placeholders beside each other instead.",
    ),
)


def test_a_text_that_cannot_be_used_is_refused_beside_its_field(stage: Stage, subtests: pytest.Subtests) -> None:
    Form.opened(stage, stage.james).filled()
    for text, sentence in UNUSABLE_TEXTS:
        with subtests.test(text=ascii(text)):
            assert stage.deliver_submission(stage.james, email_text=text) == {"email-text": sentence}
    assert not stage.reminders


UNUSABLE_SUBJECTS = (
    ("Hej\r\nBcc: x@x.example", "This must stay on one line. Remove the line break."),
    ("Hej\x85Bcc: x@x.example", "This must stay on one line. Remove the line break."),
    ("Hej\u2028då", "This must stay on one line. Remove the line break."),
    ("=?utf-8?q?Hej=0AReply-To:_x?=", "“=?” and “?=” together are misread by mail programs. Leave them out."),
    ("x" * 201, "This is 201 characters long; at most 200 fit. Shorten it."),
    ("", "The subject is missing. Write what the e-mail is about."),
)


def test_a_subject_that_would_break_a_mail_is_refused(stage: Stage, subtests: pytest.Subtests) -> None:
    Form.opened(stage, stage.james).filled()
    for subject, sentence in UNUSABLE_SUBJECTS:
        with subtests.test(subject=ascii(subject)):
            assert stage.deliver_submission(stage.james, subject=subject) == {"subject": sentence}
    assert not stage.reminders


def test_a_text_as_long_as_slack_lets_one_type_is_sent_whole_and_one_more_cannot_be_typed(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    with pytest.raises(ImpossibleInput, match="at most 3000"):
        form.type("email-text", "x" * 3001)
    assert stage.deliver_submission(stage.james, email_text="x" * 3001) == {
        "email-text": "This is 3,001 characters long; at most 3,000 fit. Shorten it."
    }
    form.type("email-text", "x" * 2999 + "å").save()
    stage.skip_to("2026-12-01")
    assert "x" * 2999 + "å" in stage.mails[0].text.replace("\n", "")


@pytest.mark.parametrize("typed", ["[" * 2900, "[" * 900 + "]" * 900], ids=["open", "closed"])
def test_a_text_that_reads_like_deeply_nested_json_can_be_typed(stage: Stage, typed: str) -> None:
    before = max((exchange.id for exchange in stage.workspace.exchanges()), default=0)
    stage.james.command(Command.REMINDER, typed)
    assert "*/reminder new*" in stage.told(stage.james, "#general")[-1]
    Form.opened(stage, stage.james).filled().type("email-text", typed).save()
    assert [row.email_text for row in stage.reminders] == [typed]
    assert all(exchange.outcome in ("acknowledged", "200") for exchange in stage.workspace.exchanges(before))


def test_a_text_message_that_is_too_long_is_refused(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(method="SMS", sms_text="x" * 1001)
    assert form.refused() == {"sms-text": "This is 1,001 characters long; at most 1,000 fit. Shorten it."}


def test_a_text_in_pieces_is_kept_in_its_one_form(stage: Stage) -> None:
    decomposed = unicodedata.normalize("NFD", "Åsas mjölk och öl")
    assert decomposed != "Åsas mjölk och öl"
    Form.opened(stage, stage.james).filled(subject=decomposed).save()
    assert stage.reminders[0].subject == "Åsas mjölk och öl"


def test_a_letter_of_three_thousand_characters_is_shown_whole_on_its_card(stage: Stage) -> None:
    text = " ".join(f"ord{number}" for number in range(400))[:2990] + " slutet"
    Form.opened(stage, stage.james).filled(method="Post", letter_text=text).save()
    stage.skip_to("2026-12-01")
    shown = " ".join(stage.cards[0].shown().split())
    assert text in shown


UNUSABLE_ADDRESSES = (
    "a@post.example, b@post.example",
    "a@post.example;b@post.example",
    "a@post.example\r\nBcc: b@post.example",
    "a@post.example\nb@post.example",
    "a@localhost",
    "x" * 65 + "@post.example",
    "Åsa Öberg <asa@post.example>",
    "åsa@post.example",
    "asa@post..example",
    "asa",
    "@post.example",
    "asa@[127.0.0.1]",
    "asa\u202e@post.example",
    "asa\x00@post.example",
)


def test_an_address_that_cannot_be_used_is_refused_beside_its_field(stage: Stage, subtests: pytest.Subtests) -> None:
    form = Form.opened(stage, stage.james).filled()
    before = form.values
    for address in UNUSABLE_ADDRESSES:
        with subtests.test(address=ascii(address)):
            errors = stage.deliver_submission(stage.james, email=address)
            assert errors.keys() == {"email"}
            assert len(errors["email"]) > 20
            assert address not in errors["email"]
    assert form.values == before
    assert not stage.reminders


def test_an_address_with_an_international_domain_is_kept_in_ascii(stage: Stage) -> None:
    Form.opened(stage, stage.james).filled(email="asa@exämple.se").save()
    assert stage.reminders[0].email_override == "asa@xn--exmple-cua.se"


def test_a_number_that_gets_no_text_messages_is_refused(stage: Stage, subtests: pytest.Subtests) -> None:
    Form.opened(stage, stage.james).filled(method="SMS")
    for number in ("08-555 010 20", "0900-123 45 67", "+881 6 123 45678", "112", "070-174 06 05;ext=5", "٠٧٠١٧٤٠٦٠٥"):
        with subtests.test(number=number):
            errors = stage.deliver_submission(stage.james, phone=number)
            assert errors.keys() == {"phone"}
            assert number not in errors["phone"]
    assert not stage.reminders


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("070-174 06 99", "+46701740699"), ("0046701740699", "+46701740699"), ("+358 40 1234567", "+358401234567")],
)
def test_a_number_is_kept_in_the_one_form_it_is_sent_to(stage: Stage, typed: str, kept: str) -> None:
    Form.opened(stage, stage.james).filled(method="SMS", phone=typed).save()
    assert stage.reminders[0].phone_override == kept


UNUSABLE_DATES: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    ({"due_date": "2027-02-29"}, {"due-date": "There is no such day. Choose one from the calendar."}),
    ({"due_date": "2027-13-01"}, {"due-date": "There is no such day. Choose one from the calendar."}),
    ({"due_date": "01/12/2026"}, {"due-date": "This is not a date. Choose one from the calendar."}),
    ({"due_date": None}, {"due-date": "Choose the due date."}),
    ({"due_date": "9999-12-31"}, {"due-date": "This is more than 20 years ahead. Check the year."}),
    ({"send_before": "3.5"}, {"send-before": "Enter a whole number, without decimals."}),
    ({"send_before": "٣"}, {"send-before": "Enter a whole number with the digits 0 to 9, such as 3."}),
    ({"send_before": "−1"}, {"send-before": "Enter 0 or a larger number, without a minus sign."}),
    (
        {"send_before": None},
        {"send-before": "Enter how many days before the due date. 0 sends it on the day itself."},
    ),
)


def test_a_date_or_number_that_is_none_is_refused_beside_its_field(stage: Stage, subtests: pytest.Subtests) -> None:
    Form.opened(stage, stage.james).filled()
    for typed, errors in UNUSABLE_DATES:
        with subtests.test(**typed):
            assert stage.deliver_submission(stage.james, **typed) == errors
    assert not stage.reminders


def test_a_recurring_reminder_without_a_number_of_times_is_refused(stage: Stage) -> None:
    Form.opened(stage, stage.james).filled(recurrence="Every month", repetitions=3)
    assert stage.deliver_submission(stage.james, repetitions=None) == {
        "repetitions": "Enter how many times it is sent in all, 2 to 99."
    }


def test_everything_that_is_wrong_is_told_at_once(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled(method="E-mail and SMS", due="2026-11-22", email="asa@post.example")
    form.type("phone", "112").type("subject", "x" * 201)
    assert form.refused().keys() == {"phone", "subject", "due-date"}


def test_an_untouched_form_is_told_what_is_missing_in_it(stage: Stage) -> None:
    Form.opened(stage, stage.james)
    errors = stage.deliver_submission(stage.james)
    assert errors == {
        "client": "Choose the client: type the beginning of a name.",
        "patient": "Choose the patient.",
        "email": "The e-mail address is missing. Enter one, or choose another sending method.",
        "template": "Choose a template, or tick the box to write the text yourself.",
        "due-date": "Choose the due date.",
    }


@both_databases
def test_a_search_for_nonsense_finds_nothing_and_breaks_nothing(stage: Stage) -> None:
    Form.opened(stage, stage.james)
    for query in ("%", "_", "\\", "'; DROP TABLE clients;--", "\x00", "x" * 500, "🐇", "\u202e", "   "):
        offered = stage.james.suggest("client", query)
        assert len(offered) in (0, 9)
    assert stage.james.suggest("client", "o'c") == ["Mary O'Connor · Shadow"]


def test_metadata_that_the_bot_did_not_write_is_refused(stage: Stage) -> None:
    form = Form.opened(stage, stage.james).filled()
    for metadata in ("", "{}", "[]", '{"client":"1"}', "x" * 3000, '{"client":-1}'):
        fields = {**form.view.fields, "private_metadata": metadata}
        with stage.workspace._state.changing():
            stage.workspace._views._replace(dataclasses.replace(top(stage.james), fields=fields))
        errors = stage.deliver_submission(stage.james)
        assert list(errors.values()) == ["This was made by another version of the bot. Open it anew."]
    assert not stage.reminders
