"""How are moments, codes and codes' sets kept so that SQLite and PostgreSQL hold the same?

SQLite keeps whatever it is given: a naive time, a text with a NUL in it, a state nobody knows. So the types here refuse
such values on the way in. A check constraint stands beside each set of states; the lists that grow with the product
(reasons, events) are held by their type alone, since a new entry would otherwise rebuild a table on SQLite.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.types import TypeEngine

from bot.domain.model import require_utc

if TYPE_CHECKING:
    Moments = TypeDecorator[datetime]
    Codes = TypeDecorator[StrEnum]
    Words = TypeDecorator[str]
else:
    Moments = Codes = Words = TypeDecorator


class Moment(Moments):
    """A moment in UTC: aware in Python, `timestamptz` in PostgreSQL, UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive moment, and one of another zone.

        Raises:
            ValueError: if the moment is not aware and in UTC.
        """
        return None if value is None else require_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment its zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Code(Codes):
    """One member of a `StrEnum`, kept by its value."""

    impl = String(32)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep the value of the member; anything else is refused with a `ValueError`."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Turn the kept value into its member again."""
        return None if value is None else self.members(value)


class Text(Words):
    """Text that a person typed, at most `length` characters."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse what only one of the two databases would take.

        Raises:
            ValueError: for a NUL, a lone surrogate (not encodable as UTF-8) or more characters than the column holds.
        """
        if value is None:
            return None
        if "\0" in value or len(value) > self.length:
            raise ValueError(f"a text does not fit its column of {self.length} characters")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("a text holds half a character") from None
        return value


class NameKey(Text):
    """Folded text that both databases order letter by letter, whatever the language of the server."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """The order of the code points: SQLite's own, in PostgreSQL the collation `C`."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))


def one_of(column: str, members: type[StrEnum]) -> CheckConstraint:
    """The constraint that a column of codes holds nothing else."""
    listed = ", ".join(f"'{member.value}'" for member in members)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
