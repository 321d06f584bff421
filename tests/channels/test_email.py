"""What a mail server gets, and what becomes of a letter when it refuses, hangs up or keeps silent."""

from __future__ import annotations

import contextlib
import dataclasses
import email
import email.policy
import socket
import threading
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from bot.channels.email import EmailSender
from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.channels.protocol import OutgoingEmail, Sender
from bot.channels.smtp_server import SmtpServer, Tls
from bot.channels.smtp_session import SmtpTimes
from bot.domain.model import Channel
from tests.channels.peers import Mailbox, client_tls, dialogue, mail_server, raw_server, server_tls, unused_port

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
TIMES = SmtpTimes(connect=5, answer=5, final_answer=5, goodbye=0.2, whole=20)
IMPATIENT = SmtpTimes(connect=5, answer=0.2, final_answer=0.2, goodbye=0.1, whole=20)
LETTER = OutgoingEmail(
    key="d-4711",
    recipient="anna@example.se",
    sender="kliniken@djuren.example",
    clinic_name="Djurkliniken Ekbacken",
    subject="Dags för Ludde att vaccineras",
    text="Hej Anna!\n\n.En rad som börjar med en punkt.\n",
    html="<p>Hej Anna!</p>",
    language="sv",
)

EHLO = (b"EHLO", b"250-mail.test\r\n250 SIZE 1000000\r\n")
MAIL = (b"MAIL", b"250 OK\r\n")
RCPT = (b"RCPT", b"250 OK\r\n")
DATA = (b"DATA", b"354 go on\r\n")


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def sender_to(port: int, times: SmtpTimes = TIMES, *, tls: Tls = Tls.NONE, password: str = "") -> EmailSender:
    user = "kliniken" if password else ""
    return EmailSender(SmtpServer("127.0.0.1", port, tls, user, password), StoppedClock(), times, client_tls())


def send_to(
    port: int, times: SmtpTimes = TIMES, letter: OutgoingEmail = LETTER, *, tls: Tls = Tls.NONE, password: str = ""
) -> Outcome:
    with contextlib.closing(sender_to(port, times, tls=tls, password=password)) as sender:
        return sender.send(letter)


def arrived(mailbox: Mailbox) -> EmailMessage:
    message = email.message_from_bytes(mailbox.content(), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_a_letter_arrives_with_its_headers_and_both_parts() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert send_to(port) == Accepted("<d-4711@djuren.example>")
    message = arrived(mailbox)
    assert mailbox.envelopes[0].mail_from == "kliniken@djuren.example"
    assert mailbox.envelopes[0].rcpt_tos == ["anna@example.se"]
    assert message["From"] == "Djurkliniken Ekbacken <kliniken@djuren.example>"
    assert message["To"] == "anna@example.se"
    assert message["Subject"] == "Dags för Ludde att vaccineras"
    assert message["Date"] == "Tue, 01 Dec 2026 08:00:00 +0000"
    assert message["Message-ID"] == "<d-4711@djuren.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "sv"
    text, html = message.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content() == "Hej Anna!\r\n\r\n.En rad som börjar med en punkt.\r\n"
    assert html.get_content().strip() == "<p>Hej Anna!</p>"


def test_the_sender_serves_the_email_channel() -> None:
    sender: Sender[OutgoingEmail] = sender_to(1)
    assert sender.channel is Channel.EMAIL
    sender.close()


def test_the_greeting_names_this_end_by_its_address() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        send_to(port)
    assert mailbox.host_names == ["[127.0.0.1]"]


def test_a_second_attempt_carries_the_same_message_id() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        first, second = send_to(port), send_to(port)
    assert first == second == Accepted("<d-4711@djuren.example>")


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DOT"])
@pytest.mark.parametrize(
    ("answer", "code", "kind"),
    [
        ("550 5.1.1 no such user <anna@example.se>", "550-5.1.1", RefusedForGood),
        ("553 anna@example.se is unknown here", "553", RefusedForGood),
        ("450 4.2.0 greylisted", "450-4.2.0", TryLater),
        ("452 disk full", "452", TryLater),
    ],
)
def test_a_refusal_is_told_apart_by_its_first_digit_at_every_step(
    step: str, answer: str, code: str, kind: type[RefusedForGood | TryLater]
) -> None:
    mailbox = Mailbox(**{step: answer})
    with mail_server(mailbox) as port:
        assert send_to(port) == kind(f"{step.lower()}-{code}")
    assert "QUIT" in mailbox.commands


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DOT"])
def test_a_server_that_goes_away_is_tried_later(step: str) -> None:
    with mail_server(Mailbox(**{step: "421 4.3.2 shutting down"})) as port:
        assert send_to(port) == TryLater(f"{step.lower()}-421-4.3.2")


def test_a_refusal_of_data_itself_is_one_too() -> None:
    for answer, outcome in [
        (b"554 5.6.0 no\r\n", RefusedForGood("data-554-5.6.0")),
        (b"451 4.3.0 later\r\n", TryLater("data-451-4.3.0")),
    ]:
        with raw_server(dialogue(EHLO, MAIL, RCPT, (b"DATA", answer))) as port:
            assert send_to(port) == outcome


def test_nobody_listening_means_try_later() -> None:
    assert send_to(unused_port()) == TryLater("connect-refused")


def test_an_unknown_host_name_means_try_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    sender = EmailSender(SmtpServer("mail.nowhere.example", 587, Tls.NONE), StoppedClock(), TIMES)
    assert sender.send(LETTER) == TryLater("connect-dns")


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        (b"", "greeting-dropped"),
        (b"554 no service here\r\n", "greeting-554"),
        (b"421 4.3.2 too busy\r\n", "greeting-421-4.3.2"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "greeting-odd-answer"),
        (b"x" * 9000 + b"\r\n", "greeting-odd-answer"),
    ],
)
def test_after_a_bad_greeting_it_is_tried_later(greeting: bytes, code: str) -> None:
    with raw_server(dialogue(greeting=greeting)) as port:
        assert send_to(port) == TryLater(code)


@pytest.mark.parametrize(
    ("step", "before"), [("ehlo", []), ("mail", [EHLO]), ("rcpt", [EHLO, MAIL]), ("data", [EHLO, MAIL, RCPT])]
)
@pytest.mark.parametrize(
    ("answer", "word"), [(b"", "dropped"), (b"silence", "timeout"), (b"what is it?\r\n", "odd-answer")]
)
def test_whatever_breaks_before_the_dot_was_certainly_not_taken(
    step: str, before: list[tuple[bytes, bytes]], answer: bytes, word: str
) -> None:
    with raw_server(dialogue(*before, (step.upper().encode(), answer))) as port:
        assert send_to(port, IMPATIENT) == TryLater(f"{step}-{word}")


def test_a_drop_in_the_middle_of_the_text_was_certainly_not_taken() -> None:
    def hang_up_after_354(connection: socket.socket, _over: threading.Event) -> None:
        dialogue(EHLO, MAIL, RCPT, DATA, (b"FROM:", b""))(connection, _over)

    # Larger than what the kernels on both sides will hold, so that the break is met while writing.
    letter = dataclasses.replace(LETTER, text="Hej! " * 2_000_000)
    with raw_server(hang_up_after_354) as port:
        assert send_to(port, letter=letter) == TryLater("data-dropped")


def test_a_drop_after_the_dot_is_unclear() -> None:
    mailbox = Mailbox(DOT="drop")
    with mail_server(mailbox) as port:
        assert send_to(port) == Unclear("dot-dropped")
    assert len(mailbox.envelopes) == 1


def test_silence_after_the_dot_is_unclear() -> None:
    mailbox = Mailbox(DOT="silence")
    with mail_server(mailbox) as port:
        assert send_to(port, IMPATIENT) == Unclear("dot-timeout")
    assert len(mailbox.envelopes) == 1


def test_the_answer_to_the_dot_is_waited_for_longer_than_any_other() -> None:
    mailbox = Mailbox(DOT="slow")
    patient = dataclasses.replace(TIMES, answer=0.3)
    with mail_server(mailbox) as port:
        assert send_to(port, patient) == Accepted("<d-4711@djuren.example>")


def test_an_odd_answer_to_the_dot_is_unclear() -> None:
    with raw_server(dialogue(EHLO, MAIL, RCPT, DATA, (b".\r\n", b"fine, thanks\r\n"))) as port:
        assert send_to(port) == Unclear("dot-odd-answer")


def test_a_server_that_hangs_up_on_quit_has_still_taken_the_letter() -> None:
    accepted = Accepted("<d-4711@djuren.example>")
    for goodbye in (b"", b"silence"):
        with raw_server(dialogue(EHLO, MAIL, RCPT, DATA, (b".\r\n", b"250 OK\r\n"), (b"QUIT", goodbye))) as port:
            assert send_to(port) == accepted


@pytest.mark.parametrize("drop", [b"2", b"220-and more\r\n"])
def test_a_server_that_dribbles_is_cut_off_in_time(drop: bytes) -> None:
    def dribble(connection: socket.socket, over: threading.Event) -> None:
        while not over.wait(0.02):
            connection.sendall(drop)

    began = time.monotonic()
    with raw_server(dribble) as port:
        outcome = send_to(port, SmtpTimes(connect=5, answer=5, final_answer=5, goodbye=0.1, whole=0.3))
    assert outcome == TryLater("greeting-timeout")
    assert time.monotonic() - began < 4


def test_starttls_protects_password_and_letter() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, tls_context=server_tls(), require_starttls=True, password="hemligt") as port:
        assert send_to(port, tls=Tls.STARTTLS, password="hemligt") == Accepted("<d-4711@djuren.example>")
    assert mailbox.logins == ["PLAIN"]
    assert mailbox.envelopes[0].content is not None


def test_implicit_tls_protects_from_the_first_byte() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, tls=True) as port:
        assert send_to(port, tls=Tls.IMPLICIT) == Accepted("<d-4711@djuren.example>")


def test_a_server_without_starttls_gets_nothing() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, password="hemligt") as port:
        sender = sender_to(port, tls=Tls.STARTTLS, password="hemligt")
        assert sender.send(LETTER) == TryLater("no-starttls")
    assert mailbox.logins == []
    assert mailbox.envelopes == []


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_an_unknown_certificate_gets_nothing(tls: Tls) -> None:
    mailbox = Mailbox()
    options = {"tls": True} if tls is Tls.IMPLICIT else {"tls_context": server_tls()}
    with mail_server(mailbox, **options) as port:
        sender = EmailSender(SmtpServer("127.0.0.1", port, tls), StoppedClock(), TIMES)
        assert sender.send(LETTER) == TryLater("tls-certificate")
    assert mailbox.envelopes == []


def test_a_wrong_password_is_the_channels_trouble() -> None:
    with mail_server(Mailbox(), password="hemligt") as port:
        sender = sender_to(port, password="fel")
        assert sender.send(LETTER) == TryLater("login")
        assert sender.probe() == TryLater("login")


def test_a_server_that_wants_a_password_and_gets_none_is_the_channels_trouble() -> None:
    with mail_server(Mailbox(), password="hemligt") as port:
        assert send_to(port) == TryLater("login")


def test_a_password_for_a_server_that_takes_none_is_said_so() -> None:
    with mail_server(Mailbox()) as port:
        assert sender_to(port, password="hemligt").send(LETTER) == TryLater("no-login")


def test_a_temporary_trouble_with_the_login_keeps_its_code() -> None:
    ehlo = (b"EHLO", b"250-mail.test\r\n250 AUTH PLAIN\r\n")
    with raw_server(dialogue(ehlo, (b"AUTH", b"454 4.7.0 directory away\r\n"))) as port:
        assert sender_to(port, password="hemligt").send(LETTER) == TryLater("login-454-4.7.0")


def test_a_drop_while_logging_in_is_no_wrong_password() -> None:
    ehlo = (b"EHLO", b"250-mail.test\r\n250 AUTH PLAIN\r\n")
    with raw_server(dialogue(ehlo, (b"AUTH", b""))) as port:
        assert sender_to(port, password="hemligt").send(LETTER) == TryLater("login-dropped")


def test_a_malformed_login_challenge_is_survived() -> None:
    ehlo = (b"EHLO", b"250-mail.test\r\n250 AUTH CRAM-MD5\r\n")
    with raw_server(dialogue(ehlo, (b"AUTH", b"334 a\r\n"))) as port:
        assert sender_to(port, password="hemligt").send(LETTER) == TryLater("login-odd-answer")


def test_probe_logs_in_and_begins_no_letter() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, tls_context=server_tls(), password="hemligt") as port:
        assert sender_to(port, tls=Tls.STARTTLS, password="hemligt").probe() is None
    assert mailbox.commands == ["EHLO", "EHLO", "NOOP", "QUIT"]


def test_probe_says_what_stands_in_the_way() -> None:
    assert sender_to(unused_port()).probe() == TryLater("connect-refused")


def test_an_international_domain_travels_in_its_ascii_form() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, enable_SMTPUTF8=False) as port:
        outcome = send_to(port, letter=dataclasses.replace(LETTER, recipient="anna@räksmörgås.se"))
    assert isinstance(outcome, Accepted)
    assert mailbox.envelopes[0].rcpt_tos == ["anna@xn--rksmrgs-5wao1o.se"]
    assert arrived(mailbox)["To"] == "anna@xn--rksmrgs-5wao1o.se"


def test_a_unicode_local_part_needs_a_server_that_speaks_smtputf8() -> None:
    letter = dataclasses.replace(LETTER, recipient="åsa@example.se")
    mailbox = Mailbox()
    with mail_server(mailbox, enable_SMTPUTF8=True) as port:
        assert isinstance(send_to(port, letter=letter), Accepted)
    assert mailbox.envelopes[0].rcpt_tos == ["åsa@example.se"]
    assert "SMTPUTF8" in mailbox.mail_options
    assert "To: åsa@example.se\r\n".encode() in mailbox.content()
    with mail_server(Mailbox(), enable_SMTPUTF8=False) as port:
        assert send_to(port, letter=letter) == RefusedForGood("no-smtputf8")


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "anna",
        "anna@example.se, bo@example.se",
        "anna@example.se\r\nRCPT TO:<bo@example.se>",
        "anna@example.se\r\nBcc: bo@example.se",
        "Anna <anna@example.se>",
        "a@localhost",
        "x" * 65 + "@example.se",
        "anna@example.se\x00",
    ],
)
def test_what_is_no_single_address_is_refused_before_any_connection(recipient: str) -> None:
    letter = dataclasses.replace(LETTER, recipient=recipient)
    assert send_to(unused_port(), letter=letter) == RefusedForGood("recipient-invalid")


def test_a_wrong_sender_address_waits_until_the_clinic_has_mended_it() -> None:
    letter = dataclasses.replace(LETTER, sender="kliniken@example.se\r\nBcc: x@example.se")
    assert send_to(unused_port(), letter=letter) == TryLater("sender-invalid")
