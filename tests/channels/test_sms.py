"""What the provider of text messages gets, and what becomes of a letter when it refuses, hangs up or keeps silent."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from base64 import b64encode
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.elks_account import ElksAccount, is_sender, sender_of
from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.channels.protocol import OutgoingSms, Sender
from bot.channels.provider_url import WrongUrl
from bot.channels.sms import SmsSender, SmsTimes
from bot.domain.model import Channel
from tests.channels.peers import ElksHandler, client_tls, elks_server, raw_server, unused_port

TIMES = SmsTimes(connect=5, answer=5, whole=20)
IMPATIENT = SmsTimes(connect=5, answer=0.2, whole=20)
LETTER = OutgoingSms(key="d-1", recipient="+46701740605", text="Hej Åsa!\nDags för Ludde 🐶", language="sv")
TAKEN = Accepted("s70df59406a1b4643b96f3f91e0bfb7b0")


def sender_to(port: int, times: SmsTimes = TIMES) -> SmsSender:
    return SmsSender(ElksAccount.parse(f"46elks+http://u1:hemligt@127.0.0.1:{port}?from=Kliniken"), times, client_tls())


def send_to(port: int, times: SmsTimes = TIMES, letter: OutgoingSms = LETTER) -> Outcome:
    return sender_to(port, times).send(letter)


def test_a_letter_arrives_as_46elks_documents_it() -> None:
    with elks_server() as provider:
        assert send_to(provider.port) == TAKEN
    ((method, path, headers),) = provider.requests
    assert (method, path) == ("POST", "/a1/sms")
    assert headers["authorization"] == "Basic " + b64encode(b"u1:hemligt").decode()
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(provider.bodies[0], strict_parsing=True) == {
        "from": ["Kliniken"],
        "to": ["+46701740605"],
        "message": ["Hej Åsa!\nDags för Ludde 🐶"],
        "dontlog": ["message"],
    }


def test_the_sender_serves_the_sms_channel() -> None:
    sender: Sender[OutgoingSms] = sender_to(1)
    assert sender.channel is Channel.SMS
    sender.close()


def test_a_clinics_own_sender_goes_before_the_accounts() -> None:
    with elks_server() as provider:
        send_to(provider.port, letter=dataclasses.replace(LETTER, sender="+46766860000"))
    assert parse_qs(provider.bodies[0])["from"] == ["+46766860000"]


def test_without_any_sender_the_clinics_name_is_used_as_far_as_it_fits() -> None:
    with elks_server() as provider:
        account = ElksAccount.parse(f"46elks+http://u1:p@127.0.0.1:{provider.port}")
        SmsSender(account, TIMES).send(dataclasses.replace(LETTER, clinic_name="Åbo Djurklinik"))
    assert parse_qs(provider.bodies[0])["from"] == ["Abo"]


def test_https_is_checked_against_the_certificate() -> None:
    with elks_server(tls=True) as provider:
        account = ElksAccount.parse(f"46elks://u1:p@localhost:{provider.port}?from=Kliniken")
        assert SmsSender(account, TIMES, client_tls()).send(LETTER) == TAKEN
        assert SmsSender(account, TIMES).send(LETTER) == TryLater("connect-certificate")
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, b'{"id": "s1"}', Accepted("s1")),
        (200, b'{"id": "s1", "status": "failed"}', RefusedForGood("provider-failed")),
        (400, b'Invalid "to" number +46701740605', RefusedForGood("http-400")),
        (403, b'{"error": "Forbidden sender"}', RefusedForGood("http-403")),
        (403, b'{"error": "Not enough credits"}', TryLater("no-credit")),
        (402, b"", TryLater("no-credit")),
        (401, b"", TryLater("login")),
        (404, b"", TryLater("http-404")),
        (422, b"", RefusedForGood("http-422")),
        (429, b"", TryLater("http-429")),
        (500, b"", Unclear("http-500")),
        (502, b"<html>bad gateway</html>", Unclear("http-502")),
        (503, b"", Unclear("http-503")),
        (302, b"", Unclear("http-302")),
        # 2xx from something that is not 46elks: it may or may not have been taken.
        (200, b"<html>Welcome to the hotel's network</html>", Unclear("answer-odd")),
        (200, b"", Unclear("answer-odd")),
        (200, b"[]", Unclear("answer-odd")),
        (200, b'{"id": 17}', Unclear("answer-odd")),
        (200, b'{"id": "+46701740605 was told"}', Unclear("answer-odd")),
        (200, b'{"id": "s1"', Unclear("answer-odd")),
        (200, b"[" * 60_000, Unclear("answer-odd")),
        (204, b"", Unclear("answer-odd")),
    ],
)
def test_an_answer_is_judged_by_its_status(status: int, body: bytes, outcome: Outcome) -> None:
    with elks_server() as provider:
        provider.status, provider.body = status, body
        assert send_to(provider.port) == outcome
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, timedelta(seconds=17)),
        ({"Retry-After": "0"}, timedelta(0)),
        ({"Retry-After": "999999999"}, timedelta(days=1)),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "Tue, 01 Dec 2099 08:00:30 GMT"}, timedelta(days=1)),
        ({"Retry-After": "Tue, 01 Dec 2020 08:00:30 GMT"}, timedelta(0)),
        ({}, None),
    ],
)
def test_too_many_requests_says_how_long_to_wait(headers: dict[str, str], wait: timedelta | None) -> None:
    with elks_server() as provider:
        provider.status, provider.headers = 429, headers
        assert send_to(provider.port) == TryLater("http-429", wait)


def test_a_redirect_is_not_followed() -> None:
    with elks_server() as elsewhere, elks_server() as provider:
        provider.status, provider.headers = 307, {"Location": f"http://127.0.0.1:{elsewhere.port}/a1/sms"}
        assert send_to(provider.port) == Unclear("http-307")
    assert elsewhere.requests == []


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    with elks_server() as provider:
        assert send_to(provider.port) == TAKEN


def test_nobody_listening_means_try_later() -> None:
    assert send_to(unused_port()) == TryLater("connect-refused")


def test_an_unknown_host_name_means_try_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    sender = SmsSender(ElksAccount.parse("46elks://u:p@api.nowhere.example?from=Kliniken"), TIMES)
    assert sender.send(LETTER) == TryLater("connect-dns")


def test_a_connection_that_breaks_while_writing_was_certainly_not_taken() -> None:
    def hang_up(connection: socket.socket, _over: threading.Event) -> None:
        connection.recv(1)

    # Larger than what the kernels on both sides will hold, so that the break is met while writing.
    letter = dataclasses.replace(LETTER, text="Hej! " * 2_000_000)
    with raw_server(hang_up) as port:
        assert send_to(port, letter=letter) == TryLater("request-dropped")


def test_silence_after_the_request_is_unclear() -> None:
    def say_nothing(handler: ElksHandler) -> None:
        handler.server.over.wait(10)

    with elks_server() as provider:
        provider.misbehave = say_nothing
        assert send_to(provider.port, IMPATIENT) == Unclear("answer-timeout")
        provider.over.set()
    assert len(provider.bodies) == 1


def test_the_answer_is_waited_for_longer_than_the_connection() -> None:
    def take_time(handler: ElksHandler) -> None:
        handler.server.over.wait(0.6)
        handler.wfile.write(b'HTTP/1.1 200 OK\r\n\r\n{"id": "s1"}')

    with elks_server() as provider:
        provider.misbehave = take_time
        assert send_to(provider.port, SmsTimes(connect=0.3, answer=5, whole=20)) == Accepted("s1")


def test_a_drop_after_the_request_is_unclear() -> None:
    with elks_server() as provider:
        provider.misbehave = lambda _handler: None
        assert send_to(provider.port) == Unclear("answer-dropped")
    assert len(provider.bodies) == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"SMTP ready\r\n\r\n", Unclear("answer-odd")),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", Unclear("answer-odd")),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", Unclear("answer-odd")),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "s1"', Unclear("answer-odd")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Unclear("answer-odd")),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 70_000 + b'{"id": "s1"}', Unclear("answer-odd")),
        (b'HTTP/1.1 200 OK\r\n\r\n{"id": "s1"}' + b" " * 70_000, Accepted("s1")),
        # Enough has arrived to know.
        (b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "s1"}', Accepted("s1")),
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\nno", RefusedForGood("http-400")),
        (b'HTTP/1.1 200 OK\r\n\r\n{"id": "s1"}', Accepted("s1")),
    ],
)
def test_a_malformed_answer_is_unclear(answer: bytes, outcome: Outcome) -> None:
    def misbehave(handler: ElksHandler) -> None:
        handler.wfile.write(answer)

    with elks_server() as provider:
        provider.misbehave = misbehave
        assert send_to(provider.port) == outcome


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-"])
def test_an_endless_trickle_is_cut_off_in_time(beginning: bytes) -> None:
    def trickle(handler: ElksHandler) -> None:
        handler.wfile.write(beginning)
        while not handler.server.over.wait(0.02):
            handler.wfile.write(b"2")

    began = time.monotonic()
    with elks_server() as provider:
        provider.misbehave = trickle
        outcome = send_to(provider.port, SmsTimes(connect=5, answer=5, whole=0.3))
    assert isinstance(outcome, Unclear)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "recipient", ["", "070-174 06 05", "0046701740605", "+46701740605;ext=5", "+4670174060\n5", "112"]
)
def test_what_is_no_number_in_e164_form_is_refused_before_any_connection(recipient: str) -> None:
    letter = dataclasses.replace(LETTER, recipient=recipient)
    assert send_to(unused_port(), letter=letter) == RefusedForGood("recipient-invalid")


def test_a_wrong_sender_waits_until_the_clinic_has_mended_it() -> None:
    letter = dataclasses.replace(LETTER, sender="Kliniken i Ekbacken")
    assert send_to(unused_port(), letter=letter) == TryLater("sender-invalid")


@settings(deadline=None)
@given(st.text(max_size=400))
@example("\ud800")
def test_any_text_can_be_sent(text: str) -> None:
    # Nobody listens: an exception while the request is made would show here.
    account = ElksAccount.parse("46elks+http://u:p@127.0.0.1:1")
    outcome = SmsSender(account, TIMES, client_tls()).send(dataclasses.replace(LETTER, text=text, clinic_name=text))
    assert outcome == TryLater("connect-refused")


def test_probe_asks_for_the_account() -> None:
    with elks_server() as provider:
        assert sender_to(provider.port).probe() is None
        assert [(method, path) for method, path, _ in provider.requests] == [("GET", "/a1/me")]
        provider.status = 401
        assert sender_to(provider.port).probe() == TryLater("login")
        provider.status = 500
        assert sender_to(provider.port).probe() == TryLater("http-500")
    assert provider.bodies == []
    assert sender_to(provider.port).probe() == TryLater("connect-refused")


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("46elks://u1:p@api.46elks.com?from=Clinic", ElksAccount("api.46elks.com", 443, True, "u1", "p", "Clinic")),
        ("46elks://u1:p@api.46elks.com", ElksAccount("api.46elks.com", 443, True, "u1", "p", None)),
        (
            "46elks://u1:p%40@h.example:8443?from=%2B46700000000",
            ElksAccount("h.example", 8443, True, "u1", "p@", "+46700000000"),
        ),
        ("46elks+http://u1:p@127.0.0.1:8046", ElksAccount("127.0.0.1", 8046, False, "u1", "p", None)),
    ],
)
def test_a_url_names_the_account(url: str, account: ElksAccount) -> None:
    assert ElksAccount.parse(url) == account


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "empty"),
        ("https://u1:geheim@api.46elks.com", "neither 46elks:// nor"),
        ("46elks+http://u1:geheim@api.46elks.com", "this machine only"),
        ("46elks://api.46elks.com", "password is missing"),
        ("46elks://u1@api.46elks.com", "password is missing"),
        ("46elks://u%3A1:geheim@api.46elks.com", "colon"),
        ("46elks://u1:geheim@api.46elks.com?from=Djurkliniken", "1 to 11 letters"),
        ("46elks://u1:geheim@api.46elks.com?from=46700", "1 to 11 letters"),
        ("46elks://u1:geheim@api.46elks.com?to=x", "only from"),
        ("46elks://u1:geheim@api.46elks.com/a1", "'/' or '#'"),
    ],
)
def test_a_wrong_url_is_told_why_and_never_repeated(url: str, says: str) -> None:
    with pytest.raises(WrongUrl) as problem:
        ElksAccount.parse(url)
    assert says in str(problem.value)
    assert "geheim" not in str(problem.value)


def test_an_accounts_repr_keeps_its_password() -> None:
    assert "geheim" not in repr(ElksAccount.parse("46elks://u1:geheim@api.46elks.com?from=Clinic"))


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("Djurkliniken Eken", "Djurklinike"),
        ("Eken Vet", "EkenVet"),
        ("Åbo & Öbo", "AboObo"),
        ("24 djur", "Clinic"),
        ("", "Clinic"),
        ("동물병원", "Clinic"),
    ],
)
def test_a_clinics_name_becomes_a_sender(name: str, sender: str) -> None:
    assert sender_of(name) == sender


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_a_clinic_is_called_the_sender_can_be_shown(name: str) -> None:
    assert is_sender(sender_of(name))
