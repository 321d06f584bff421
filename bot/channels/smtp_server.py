"""Which mail server takes the clinic's e-mails, and how is it spoken to?

`smtp://user:password@mail.example.com:587?tls=starttls` or `smtps://user:password@mail.example.com`. STARTTLS
(RFC 3207) is insisted on, not merely tried: a server that does not offer it gets neither password nor letter.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum

from bot.channels.provider_url import ProviderUrl, WrongUrl

_EXAMPLE = "smtp://user:password@mail.example.com:587?tls=starttls"
_SUBMISSION = 587
"""RFC 6409: message submission."""
_SUBMISSIONS = 465
"""RFC 8314: message submission with TLS from the first byte."""


class Tls(StrEnum):
    """How a connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclasses.dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server and the account on it; without an account `user` and `password` are empty."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = dataclasses.field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """Read `SMTP_URL`.

        `smtps` means TLS from the first byte, port 465 unless given. `smtp` means STARTTLS, port 587 unless given,
        with two exceptions: `?tls=none`, and a server on this machine itself where `tls` is not given. A password
        is never sent unprotected to another machine.

        Raises:
            WrongUrl: saying what is wrong and what a right one looks like; never repeating the URL.
        """
        try:
            return cls._parse(url)
        except WrongUrl as problem:
            raise WrongUrl(f"{problem}; a right one looks like {_EXAMPLE}") from None

    @classmethod
    def _parse(cls, url: str) -> SmtpServer:
        given = ProviderUrl.parse(url, options=frozenset({"tls"}))
        tls = _tls(given)
        if bool(given.user) != bool(given.password):
            raise WrongUrl("user name and password belong together, one of them is missing")
        if given.password and tls is Tls.NONE and not given.is_loopback:
            raise WrongUrl("with tls=none the password would travel readable by everybody")
        port = given.port or (_SUBMISSIONS if tls is Tls.IMPLICIT else _SUBMISSION)
        return cls(given.host, port, tls, given.user, given.password)


def _tls(given: ProviderUrl) -> Tls:
    asked = given.options.get("tls")
    if given.scheme == "smtps":
        if asked is not None:
            raise WrongUrl("smtps has TLS from the first byte, tls is for smtp only")
        return Tls.IMPLICIT
    if given.scheme != "smtp":
        raise WrongUrl("it begins with neither smtp:// nor smtps://")
    if asked is None:
        return Tls.NONE if given.is_loopback else Tls.STARTTLS
    if asked not in {Tls.NONE, Tls.STARTTLS}:
        raise WrongUrl("tls is either starttls or none")
    return Tls(asked)
