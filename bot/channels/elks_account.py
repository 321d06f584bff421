"""Which 46elks account sends the clinic's text messages, and under which name?

`46elks://user:password@api.46elks.com?from=Clinic`. User name and password are the API credentials of the account;
`from` is the sender that the client sees, unless a clinic has its own; left out, it is made of the clinic's name. For
a receiver on this machine (the local workspace, a test) `46elks+http://user:password@127.0.0.1:8046` speaks plain
HTTP.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata

from bot.channels.provider_url import ProviderUrl, WrongUrl

_EXAMPLE = "46elks://user:password@api.46elks.com?from=Clinic"
_NUMBER = re.compile(r"\+[1-9]\d{4,14}", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,10}", re.ASCII)
_LONGEST_NAME = 11
_NAMELESS = "Clinic"
_HTTPS, _HTTP = 443, 80


@dataclasses.dataclass(frozen=True, slots=True)
class ElksAccount:
    """An account with 46elks. `sender` is a number in E.164 form, or 1 to 11 letters and digits; `None` if not set."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = dataclasses.field(repr=False)
    sender: str | None

    @classmethod
    def parse(cls, url: str) -> ElksAccount:
        """Read `SMS_URL`.

        Raises:
            WrongUrl: saying what is wrong and what a right one looks like; never repeating the URL.
        """
        try:
            return cls._parse(url)
        except WrongUrl as problem:
            raise WrongUrl(f"{problem}; a right one looks like {_EXAMPLE}") from None

    @classmethod
    def _parse(cls, url: str) -> ElksAccount:
        given = ProviderUrl.parse(url, options=frozenset({"from"}))
        if given.scheme not in {"46elks", "46elks+http"}:
            raise WrongUrl("it begins with neither 46elks:// nor 46elks+http://")
        encrypted = given.scheme == "46elks"
        if not encrypted and not given.is_loopback:
            raise WrongUrl("46elks+http is for this machine only: elsewhere everybody could read along")
        if not (given.user and given.password) or ":" in given.user:
            raise WrongUrl("user name or password is missing, or the user name holds a colon")
        sender = given.options.get("from")
        if sender is not None and not is_sender(sender):
            raise WrongUrl(
                "from must be a number such as +46700000000, or 1 to 11 letters a-z and digits, a letter first"
            )
        port = given.port or (_HTTPS if encrypted else _HTTP)
        return cls(given.host, port, encrypted, given.user, given.password, sender)


def is_sender(sender: str) -> bool:
    """Whether 46elks can show this as the sender: a number in E.164 form, or 1 to 11 letters and digits."""
    return bool(_NUMBER.fullmatch(sender) or _NAME.fullmatch(sender))


def sender_of(clinic_name: str) -> str:
    """A sender id made of a clinic's name: its first words without accents and spaces, as far as 11 characters go."""
    bare = unicodedata.normalize("NFKD", clinic_name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", bare)
    name = ""
    for word in words:
        if name and len(name) + len(word) > _LONGEST_NAME:
            break
        name += word
    name = name[:_LONGEST_NAME]
    return name if is_sender(name) else _NAMELESS
