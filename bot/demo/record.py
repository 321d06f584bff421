"""What did the app and the workspace say to each other?

The last exchanges, cut to a bounded size, for the developer who looks for what the bot said. Tokens, the addresses that
bytes are uploaded to, and the app's other secrets are taken out before anything is kept.
"""

from __future__ import annotations

import collections
import dataclasses
import itertools
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from bot.demo.json_text import parsed

MOST_EXCHANGES = 300
LONGEST_TEXT = 16_000
_SECRET = re.compile(r"\bx(?:ox[a-z]|app|wfp)-[\w-]+|(?<=ticket=)[\w-]+|(?<=/upload/v1/)[\w-]+")
_SECRET_KEYS = frozenset({"token", "ticket", "client_secret", "signing_secret", "password"})
REDACTED = "[redacted]"
UNWRITABLE = "[nested too deeply to be written]"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer. Both texts are JSON where it was JSON or a form, else as it came."""

    id: int
    at: datetime
    towards: str
    """Who was asked: the `workspace`, or the `app`."""
    name: str
    """The method, or the kind of payload."""
    request: str
    answer: str
    outcome: str
    """The HTTP status, or what happened instead of an answer."""
    ok: bool
    milliseconds: int


class Record:
    """The last exchanges. Safe to use from any thread."""

    def __init__(self, now: Callable[[], datetime], secrets: Sequence[str] = ()) -> None:
        self._now = now
        self._secrets = secrets
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._exchanges: collections.deque[Exchange] = collections.deque(maxlen=MOST_EXCHANGES)

    def add(
        self, towards: str, name: str, request: object, answer: object, *, outcome: str, ok: bool, milliseconds: int
    ) -> None:
        """Keep an exchange."""
        with self._lock:
            self._exchanges.append(
                Exchange(
                    id=next(self._ids),
                    at=self._now(),
                    towards=towards,
                    name=name,
                    request=self._written(request),
                    answer=self._written(answer),
                    outcome=outcome,
                    ok=ok,
                    milliseconds=milliseconds,
                )
            )

    def _written(self, value: object) -> str:
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        text = value if isinstance(value, str) else _json(value)
        text = _SECRET.sub(REDACTED, text)
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… ({len(text)} characters)"

    def after(self, last: int = 0) -> tuple[Exchange, ...]:
        """The exchanges that are kept and younger than this id, the oldest first."""
        with self._lock:
            return tuple(exchange for exchange in self._exchanges if exchange.id > last)


def read_body(query: Mapping[str, str], content_type: str, body: bytes) -> object:
    """What a request carried, as arguments if they can be told apart."""
    arguments: dict[str, object] = dict(query)
    if "x-www-form-urlencoded" in content_type:
        return arguments | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    if "json" in content_type and body:
        try:
            found = parsed(body)
        except ValueError:
            found = None
        return arguments | found if isinstance(found, dict) else body.decode(errors="replace")
    if body:
        return f"{len(body)} bytes"
    return arguments


def _json(value: object) -> str:
    try:
        return json.dumps(_redacted(value), ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return UNWRITABLE


def _redacted(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: REDACTED if key in _SECRET_KEYS and inner else _redacted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(inner) for inner in value]
    if isinstance(value, str) and value[:1] in "[{":  # an object inside a form
        try:
            return _redacted(parsed(value))
        except (ValueError, RecursionError):  # each text within a text may be nested anew
            return value
    return value
