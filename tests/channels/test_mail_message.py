"""What stands in a message is what was meant, whatever the names and texts hold (FAULTS, row Headers)."""

from __future__ import annotations

import dataclasses
import email
import email.header
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels import mail_message
from bot.channels.characters import one_line
from bot.channels.mail_message import MailMessage, Unsendable, compose
from bot.channels.outcome import RefusedForGood, TryLater
from bot.channels.protocol import OutgoingEmail

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
MEANT = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
]
HOSTILE = [
    "Hej\r\nBcc: x@example.se",
    "Hej\nBcc: x@example.se",
    "Hej\rBcc: x@example.se",
    "Hej\x85Bcc: x@example.se",
    "Hej\u2028Bcc: x@example.se",
    "Hej\u2029Bcc: x@example.se",
    "Hej\x0bBcc: x@example.se\x0c\x1c\x1d\x1e",
    "=?utf-8?q?Hej=0AReply-To:_x?=",
    "a=?utf-8?b?SGVqDQpCY2M6IHhAZXhhbXBsZS5zZQ==?=",
    "==??utf-8?q?Hej=0AReply-To:_x?=",
    '"Kliniken", x@example.se',
    "Kliniken <x@example.se>, Bo",
    "Kliniken (x) ; : \\",
    "\x00\x01\x7f\ud800",
    "Å" * 500,
    " ",
]


def letter(**changes: str) -> OutgoingEmail:
    whole = OutgoingEmail(
        key="d-4711",
        recipient="anna@example.se",
        sender="kliniken@djuren.example",
        clinic_name="Djurkliniken Ekbacken",
        subject="Dags för Ludde",
        text="Hej!",
        html="<p>Hej!</p>",
        language="sv",
    )
    return dataclasses.replace(whole, **changes)


def parsed(mail: MailMessage) -> EmailMessage:
    message = email.message_from_bytes(mail.data, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def header_on_the_wire(mail: MailMessage, name: str) -> str:
    """The decoded header, unfolded by RFC 5322 and decoded by RFC 2047, without the address parser's help."""
    block = mail.data.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ")
    (value,) = [line.partition(": ")[2] for line in block.split("\r\n") if line.startswith(f"{name}:")]
    return str(email.header.make_header(email.header.decode_header(value)))


WORDS = st.lists(
    st.sampled_from(
        ["för", "Hälsokontroll", "och", "vaccination", "Fröken", "Ärta", "senast", "24", "november", "åäö"]
    ),
    min_size=1,
    max_size=30,
).map(" ".join)
"""Subjects as people write them: long, with accents here and there."""


@given(subject=WORDS, name=WORDS)
@example(subject="Hälsokontroll och vaccination för Fröken Ärta senast tisdag 24 november 2026", name="Kliniken")
@example(subject="Långt ämne åäö " * 13, name="Djurkliniken för Häst och Får i Östra Ämtervik med Omnejd och Skärgård")
def test_a_subject_and_a_name_keep_every_space(subject: str, name: str) -> None:
    mail = compose(letter(subject=subject, clinic_name=name), NOW)
    assert header_on_the_wire(mail, "Subject") == subject.strip()
    assert parsed(mail)["Subject"] == subject.strip()
    assert header_on_the_wire(mail, "From") == f"{name} <kliniken@djuren.example>"
    assert all(len(line) <= 76 for line in mail.data.split(b"\r\n") if line.startswith((b"Subject", b"From", b" =?")))


@settings(deadline=None)
@given(subject=st.text(max_size=300), name=st.text(max_size=100))
@example(subject="=?utf-8?q?Hej=0AReply-To:_x?=", name="=?utf-8?q?Hej=0AReply-To:_x?=")
@example(subject="Hej\r\nBcc: x@example.se", name='"Kliniken", x@example.se')
@example(subject="\u2028\x85", name="\ud800")
def test_no_subject_and_no_name_adds_a_header_or_an_address(subject: str, name: str) -> None:
    mail = compose(letter(subject=subject, clinic_name=name), NOW)
    message = parsed(mail)
    assert sorted(message.keys()) == MEANT
    assert [address.addr_spec for address in message["From"].addresses] == ["kliniken@djuren.example"]
    assert [address.addr_spec for address in message["To"].addresses] == ["anna@example.se"]
    assert message["Subject"] == one_line(subject)
    assert all(len(line) <= 998 for line in mail.data.split(b"\r\n"))
    assert mail.data.isascii()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_subjects_and_names_stay_where_they_belong(hostile: str) -> None:
    mail = compose(letter(subject=hostile, clinic_name=hostile), NOW)
    message = parsed(mail)
    assert sorted(message.keys()) == MEANT
    assert [address.addr_spec for address in message["From"].addresses] == ["kliniken@djuren.example"]
    assert header_on_the_wire(mail, "Subject") == one_line(hostile)


def test_a_word_longer_than_a_line_may_be_is_refused() -> None:
    with pytest.raises(Unsendable) as refusal:
        compose(letter(clinic_name="x" * 999), NOW)
    assert refusal.value.outcome == RefusedForGood("headers")


def test_a_name_with_a_comma_and_an_address_in_it_is_one_name() -> None:
    mail = compose(letter(clinic_name='Åsas "Bästa", <x@example.se>'), NOW)
    assert parsed(mail)["From"].addresses[0].display_name == 'Åsas "Bästa", <x@example.se>'


def test_encoded_words_stay_within_76_columns() -> None:
    mail = compose(letter(subject="Påminnelse om vaccinering " * 20, clinic_name="Åkerströms djurklinik " * 5), NOW)
    block = mail.data.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 76 for line in block.split(b"\r\n") if b"=?" in line)


@pytest.mark.parametrize("hostile", ["=?utf-8?q?Hej=0AReply-To:_x?=", "Hej\r\nBcc: x@example.se"])
def test_what_slips_through_the_cleaning_is_still_refused(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_message, "one_line", lambda text: text)
    with pytest.raises(Unsendable) as refusal:
        compose(letter(subject=hostile), NOW)
    assert refusal.value.outcome == RefusedForGood("headers")


def test_an_html_part_that_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(Unsendable) as refusal:
        compose(letter(html="<p>\ud800</p>"), NOW)
    assert refusal.value.outcome == RefusedForGood("text")


@settings(deadline=None)
@given(text=st.text(max_size=2000))
@example(text="\ud800")
@example(text="a\rb\x0bc\x85d\u2028e\x00")
def test_any_text_becomes_lines_that_a_mail_server_takes(text: str) -> None:
    mail = compose(letter(text=text), NOW)
    assert mail.data.endswith(b"\r\n")
    assert b"\n" not in mail.data.replace(b"\r\n", b"")
    assert b"\r" not in mail.data.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in mail.data.split(b"\r\n"))
    assert mail.data.isascii()


def test_the_date_is_the_moment_passed_and_must_be_utc() -> None:
    assert parsed(compose(letter(), NOW))["Date"] == "Tue, 01 Dec 2026 08:00:00 +0000"
    with pytest.raises(Unsendable):
        compose(letter(), datetime(2026, 12, 1, 8, 0, tzinfo=timezone(timedelta(hours=1))))


def test_the_message_id_is_the_delivery_key_at_the_senders_domain_in_ascii() -> None:
    mail = compose(letter(sender="kliniken@räksmörgås.se"), NOW)
    assert mail.message_id == "<d-4711@xn--rksmrgs-5wao1o.se>"
    assert parsed(mail)["Message-ID"] == mail.message_id


def test_a_long_link_in_a_list_header_stays_a_link() -> None:
    link = f"<https://example.se/u/{'x' * 200}>"
    message = EmailMessage(policy=mail_message._POLICY)
    message["List-Unsubscribe"] = link
    assert f"List-Unsubscribe: {link}\r\n".encode() in message.as_bytes()


def test_a_long_message_id_stays_in_one_piece() -> None:
    domain = "djurkliniken-" + "x" * 40 + "." + "y" * 60 + ".example"
    mail = compose(dataclasses.replace(letter(), key="d" * 64, sender=f"kliniken@{domain}"), NOW)
    assert f"Message-ID: <{'d' * 64}@{domain}>".encode() in mail.data.split(b"\r\n")


def test_a_language_tag_has_a_hyphen() -> None:
    assert parsed(compose(letter(language="en_GB"), NOW))["Content-Language"] == "en-GB"


def test_a_messages_repr_tells_neither_recipient_nor_text() -> None:
    shown = repr(compose(letter(), NOW))
    assert "anna" not in shown
    assert "Hej" not in shown


def test_answers_go_where_the_clinic_wants_them() -> None:
    mail = compose(letter(reply_to="svar@räksmörgås.example"), NOW)
    parsed = email.message_from_bytes(mail.data, policy=email.policy.SMTP)
    assert [one.addr_spec for one in parsed["Reply-To"].addresses] == ["svar@xn--rksmrgs-5wao1o.example"]
    assert parsed["From"].addresses[0].addr_spec == "kliniken@djuren.example"
    assert "Reply-To" not in email.message_from_bytes(compose(letter(), NOW).data)


def test_an_answer_address_that_cannot_be_is_no_reason_to_give_the_letter_up() -> None:
    with pytest.raises(Unsendable) as stopped:
        compose(letter(reply_to="svar@example.se\r\nBcc: x@example.se"), NOW)
    assert stopped.value.outcome == TryLater("reply-to-invalid")
