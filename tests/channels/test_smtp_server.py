"""One line of settings names the mail server, or says what is wrong with it."""

from __future__ import annotations

import pytest

from bot.channels.provider_url import WrongUrl
from bot.channels.smtp_server import SmtpServer, Tls


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p@mail.example.se:587?tls=starttls", SmtpServer("mail.example.se", 587, Tls.STARTTLS, "u", "p")),
        ("smtp://u:p@mail.example.se", SmtpServer("mail.example.se", 587, Tls.STARTTLS, "u", "p")),
        ("smtps://u:p@mail.example.se", SmtpServer("mail.example.se", 465, Tls.IMPLICIT, "u", "p")),
        ("SMTPS://u:p@Mail.Example.se:4465/", SmtpServer("mail.example.se", 4465, Tls.IMPLICIT, "u", "p")),
        (
            "smtp://u%40example.se:p%2F%3A%23@m.example.se",
            SmtpServer("m.example.se", 587, Tls.STARTTLS, "u@example.se", "p/:#"),
        ),
        ("smtp://relay.example.se:25?tls=none", SmtpServer("relay.example.se", 25, Tls.NONE)),
        ("smtp://127.0.0.1:2525", SmtpServer("127.0.0.1", 2525, Tls.NONE)),
        ("smtp://u:p@localhost:2525", SmtpServer("localhost", 2525, Tls.NONE, "u", "p")),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525, Tls.NONE)),
        ("smtp://localhost?tls=starttls", SmtpServer("localhost", 587, Tls.STARTTLS)),
    ],
)
def test_a_url_names_server_protection_and_account(url: str, server: SmtpServer) -> None:
    assert SmtpServer.parse(url) == server


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "empty"),
        ("mail.example.se", "no '://'"),
        ("http://mail.example.se", "neither smtp:// nor smtps://"),
        ("smtp://", "host is missing"),
        ("smtp://:587", "host is missing"),
        ("smtp://mail.example.se:99999", "port cannot be read"),
        ("smtp://mail.example.se:x", "port cannot be read"),
        ("smtp://u:geheim@mail.example.se/x", "'/' or '#'"),
        ("smtp://u:ge#heim@mail.example.se", "host"),
        ("smtp://u:geheim@mail.example.se?tls=maybe", "starttls or none"),
        ("smtp://u:geheim@mail.example.se?ssl=1", "only tls"),
        ("smtp://u:geheim@mail.example.se?tls=none&tls=none", "set twice"),
        ("smtps://u:geheim@mail.example.se?tls=starttls", "smtps has TLS"),
        ("smtp://u:geheim@mail.example.se?tls=none", "readable by everybody"),
        ("smtp://u@mail.example.se", "belong together"),
        ("smtp://u:ge heim@mail.example.se", "a space"),
        ("smtp://u:gehåim@mail.example.se", "outside ASCII"),
        ("smtp://u:geheim%0A@mail.example.se", "printable ASCII"),
        ("smtp://u:geheim@mail.example.se\n", "line end"),
        ("smtp://u:geheim@-mail-", "no host name"),
    ],
)
def test_a_wrong_url_is_told_why_and_never_repeated(url: str, says: str) -> None:
    with pytest.raises(WrongUrl, match=r"a right one looks like smtp://user:password@mail\.example\.com") as problem:
        SmtpServer.parse(url)
    assert says in str(problem.value)
    assert "geheim" not in str(problem.value)


def test_a_servers_repr_keeps_its_password() -> None:
    assert "geheim" not in repr(SmtpServer.parse("smtps://u:geheim@mail.example.se"))
