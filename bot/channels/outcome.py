"""What became of one attempt to send, and may it be tried again?

    Accepted         the next hop has taken it; the rest is the next hop's
    RefusedForGood   it was not taken and will not be: trying the same again is useless
    TryLater         it was certainly not taken; trying again can double nothing
    Unclear          it left and no answer came: it may have been taken, and nobody here can know

The line between `TryLater` and `Unclear` decides whether a client may get a message twice (rule P14), so a sender
that is in doubt says `Unclear`. Codes are short machine words, checked when the outcome is made; what a server
said in prose is never kept, since it may repeat the client's address (rule P18).
"""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import TypeAlias

_CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", re.ASCII)
_LONGEST_CODE = 40
_LONGEST_REF = 320


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """The next hop has taken the message. `provider_ref` is the id that later reports about it carry."""

    provider_ref: str

    def __post_init__(self) -> None:
        if not self.provider_ref.isprintable() or not 0 < len(self.provider_ref) <= _LONGEST_REF:
            raise ValueError("a provider's reference is 1 to 320 printable characters")


@dataclasses.dataclass(frozen=True, slots=True)
class RefusedForGood:
    """The message was not taken, and the same message to the same address never will be."""

    code: str

    def __post_init__(self) -> None:
        _check_code(self.code)


@dataclasses.dataclass(frozen=True, slots=True)
class TryLater:
    """The message was certainly not taken; a later attempt may succeed.

    `retry_after` is the shortest wait that the other side asked for.
    """

    code: str
    retry_after: timedelta | None = None

    def __post_init__(self) -> None:
        _check_code(self.code)
        if self.retry_after is not None and self.retry_after < timedelta(0):
            raise ValueError("nobody can wait for less than nothing")


@dataclasses.dataclass(frozen=True, slots=True)
class Unclear:
    """The message left and no answer came: it may or may not have been taken."""

    code: str

    def __post_init__(self) -> None:
        _check_code(self.code)


Outcome: TypeAlias = Accepted | RefusedForGood | TryLater | Unclear


def _check_code(code: str) -> None:
    if len(code) > _LONGEST_CODE or _CODE.fullmatch(code) is None:
        raise ValueError("a code is a short word of a-z, 0-9, '.' and '-'")
