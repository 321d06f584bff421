"""How does one line of settings name a provider, its account and its options?

`scheme://user:password@host:port?option=value`, as for a database. A user name or password with characters that
mean something in a URL is percent-encoded. What is wrong is said without repeating the line, since it holds a
password.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote, urlsplit

_HARMLESS = re.compile(r"[\x21-\x7e]+", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+", re.ASCII)


class WrongUrl(ValueError):
    """A provider's URL cannot be used; the message says why and what would work, never the URL itself."""


@dataclasses.dataclass(frozen=True, slots=True)
class ProviderUrl:
    """A provider's URL, taken apart. `user` and `password` are decoded; empty where not given."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str = dataclasses.field(repr=False)
    options: Mapping[str, str]

    @classmethod
    def parse(cls, url: str, *, options: frozenset[str]) -> ProviderUrl:
        """Take a URL apart; `options` are the names that may stand after the `?`.

        Raises:
            WrongUrl: saying what is wrong.
        """
        if not _HARMLESS.fullmatch(url):
            raise WrongUrl("it is empty or has a space, a line end or a letter outside ASCII: percent-encode it")
        scheme, mark, rest = url.partition("://")
        if not mark:
            raise WrongUrl("there is no '://' in it")
        try:
            parts = urlsplit("//" + rest)
            port = parts.port
        except ValueError as error:
            raise WrongUrl("the host or the port cannot be read") from error
        host = parts.hostname or ""
        if not _HOST.fullmatch(host):
            raise WrongUrl("the host is missing or is no host name")
        if parts.path not in {"", "/"} or parts.fragment:
            raise WrongUrl("'/' or '#' cannot stand there: in a password they are written %2F and %23")
        return cls(
            scheme=scheme.lower(),
            host=host,
            port=port,
            user=_decoded(parts.username),
            password=_decoded(parts.password),
            options=_options(parts.query, options),
        )

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine itself, so that nobody can listen on the way."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def _decoded(part: str | None) -> str:
    text = unquote(part or "")
    if text and not (text.isascii() and text.isprintable()):
        raise WrongUrl("user name and password may hold printable ASCII characters only")
    return text


def _options(query: str, allowed: frozenset[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in allowed:
            raise WrongUrl(f"after the '?' only {', '.join(sorted(allowed))} can be set")
        if name in found:
            raise WrongUrl(f"{name} is set twice")
        found[name] = value
    return MappingProxyType(found)
