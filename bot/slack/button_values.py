"""What travels in a button and in a form's private metadata?

Ids and counts, nothing a person typed (rule P18), in one small codec that refuses whatever it did not write: both come
back from the outside.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from blocks.ids import FormBlock, MenuChoice
from bot.services.client_page import Tab

LARGEST_ID = 2**31 - 1
"""PostgreSQL's largest `integer`."""

LARGEST_PAGE = 999_999
"""No list is longer."""


MOST_REPLACED = 9_999
"""How often one value of a form is replaced at most: nobody changes a form so often by hand."""


class Unreadable(Exception):
    """A value that this version of the bot did not write."""


def row_id(value: object) -> int:
    """The id of a row, as a button carries it.

    Raises:
        Unreadable: if it is anything else than a positive number that fits a row's id.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        return _fitting(int(value))
    raise Unreadable


def doubt_value(task_id: int, attempt: int) -> str:
    """A contact task and the attempt that it is about, as a button carries them."""
    return f"{task_id}:{attempt}"


def read_doubt_value(value: object) -> tuple[int, int]:
    """What `doubt_value` wrote.

    Raises:
        Unreadable: if it is anything else.
    """
    task_id, _, attempt = str(value).partition(":")
    return row_id(task_id), row_id(attempt)


def language_value(template_id: int, language: str) -> str:
    """A template and a language, as a button carries them."""
    return f"{template_id}:{language}"


def read_language_value(value: object) -> tuple[int, str]:
    """What `language_value` wrote.

    Raises:
        Unreadable: if it is anything else.
    """
    template_id, _, language = str(value).partition(":")
    return row_id(template_id), language_code(language)


def language_code(text: object) -> str:
    """The code of a language, as a menu or a form carries it.

    Raises:
        Unreadable: if it cannot be one.
    """
    if isinstance(text, str) and re.fullmatch("[a-z]{2,3}", text, re.ASCII):
        return text
    raise Unreadable


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateFormMetadata:
    """Which template is edited, in which language, and as of which revision; all empty for a new one."""

    template_id: int | None = None
    revision: int | None = None
    language: str | None = None

    def encode(self) -> str:
        """As Slack keeps it."""
        if self.template_id is None or self.revision is None or self.language is None:
            return ""
        return f"{self.template_id}:{self.revision}:{self.language}"

    @classmethod
    def decode(cls, text: str) -> TemplateFormMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        if not text:
            return cls()
        parts = text.split(":")
        if len(parts) != 3:
            raise Unreadable
        return cls(row_id(parts[0]), row_id(parts[1]), language_code(parts[2]))


@dataclasses.dataclass(frozen=True, slots=True)
class PageMetadata:
    """Which page of which client a modal shows."""

    client_id: int
    tab: Tab = Tab.REMINDERS
    number: int = 0

    def encode(self) -> str:
        """As Slack keeps it."""
        return json.dumps({"client": self.client_id, "tab": self.tab.value, "page": self.number}, separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> PageMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            client, number = optional_id(read["client"]), read["page"]
            if client is None or not isinstance(number, int) or not 0 <= number <= LARGEST_PAGE:
                raise Unreadable
            return cls(client, Tab(read["tab"]), number)
        except (ValueError, KeyError, TypeError):
            raise Unreadable from None


def choice_value(choice: MenuChoice, row: int) -> str:
    """What a menu's option carries: what to do, and to which row."""
    return f"{choice.value}:{row}"


def chosen(action: Mapping[str, Any]) -> tuple[MenuChoice, int]:
    """What was chosen in a menu.

    Raises:
        Unreadable: if it is no option of ours.
    """
    try:
        choice, _, row = str(action["selected_option"]["value"]).partition(":")
        return MenuChoice(choice), row_id(row)
    except (KeyError, TypeError, ValueError):
        raise Unreadable from None


@dataclasses.dataclass(frozen=True, slots=True)
class DepartureMetadata:
    """What a question is about, and on which reminder's card it was asked, if not on the client's page.

    `row` is the id of the patient, or of the client, that is to be marked.
    """

    choice: MenuChoice
    row: int
    reminder_id: int | None = None

    def encode(self) -> str:
        """As Slack keeps it."""
        return json.dumps(
            {"choice": self.choice.value, "row": self.row, "reminder": self.reminder_id}, separators=(",", ":")
        )

    @classmethod
    def decode(cls, text: str) -> DepartureMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            row = optional_id(read["row"])
            if row is None:
                raise Unreadable
            return cls(MenuChoice(read["choice"]), row, optional_id(read["reminder"]))
        except (ValueError, KeyError, TypeError):
            raise Unreadable from None


class TaskListMetadata(NamedTuple):
    """Which page of the open tasks a modal shows, and of which clinic, if of one."""

    clinic_id: int | None
    number: int

    def encode(self) -> str:
        """As Slack keeps it."""
        return json.dumps({"clinic": self.clinic_id, "page": self.number}, separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> TaskListMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            clinic, number = optional_id(read["clinic"]), read["page"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Unreadable from None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST_PAGE:
            raise Unreadable
        return cls(clinic, number)


@dataclasses.dataclass(frozen=True, slots=True)
class CardMetadata:
    """Which reminder a card shows, and which occurrence is the next one on it: pressed twice, a button means one."""

    reminder_id: int
    next_number: int | None

    def encode(self) -> str:
        """As Slack keeps it."""
        return json.dumps({"reminder": self.reminder_id, "next": self.next_number}, separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> CardMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            reminder_id, next_number = optional_id(read["reminder"]), optional_id(read["next"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Unreadable from None
        if reminder_id is None:
            raise Unreadable
        return cls(reminder_id, next_number)


@dataclasses.dataclass(frozen=True, slots=True)
class FormMetadata:
    """What a form remembers between two changes.

    `form` tells a new reminder's form from others that were shown in the same modal before. `client_id`, `patient_id`
    and `template_id` are those from which other fields were last filled in, and `client_version` is that of the
    client's record at that time; `revisions` counts how often each block's value was replaced; `reminder_id`,
    `version` and `next_number` name the reminder that is being edited, as it was when its form was opened, and `lines`
    counts those of its history then. `unsaved` tells that Save was pressed and did not save.
    """

    form: str = ""
    client_id: int | None = None
    patient_id: int | None = None
    template_id: int | None = None
    manual: bool = False
    client_version: int | None = None
    reminder_id: int | None = None
    version: int | None = None
    next_number: int | None = None
    lines: int | None = None
    unsaved: bool = False
    revisions: Mapping[FormBlock, int] = dataclasses.field(default_factory=dict)

    def encode(self) -> str:
        """As Slack keeps it: at most a few hundred characters."""
        return json.dumps(
            {
                "form": self.form,
                "client": self.client_id,
                "patient": self.patient_id,
                "template": self.template_id,
                "manual": self.manual,
                "record": self.client_version,
                "reminder": self.reminder_id,
                "version": self.version,
                "next": self.next_number,
                "lines": self.lines,
                "unsaved": self.unsaved,
                "revisions": {block.value: count for block, count in self.revisions.items()},
            },
            separators=(",", ":"),
        )

    @classmethod
    def decode(cls, text: str) -> FormMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            return cls(
                form=str(read["form"]),
                client_id=optional_id(read["client"]),
                patient_id=optional_id(read["patient"]),
                template_id=optional_id(read["template"]),
                manual=flag(read["manual"]),
                client_version=optional_id(read["record"]),
                reminder_id=optional_id(read["reminder"]),
                version=optional_id(read["version"]),
                next_number=optional_id(read["next"]),
                lines=optional_id(read["lines"]),
                unsaved=flag(read["unsaved"]),
                revisions={FormBlock(block): replaced_count(count) for block, count in read["revisions"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Unreadable from None

    def replaced(self, *blocks: FormBlock) -> FormMetadata:
        """The metadata after the values of `blocks` were replaced."""
        counted = {**self.revisions, **{block: self.revisions.get(block, 0) + 1 for block in blocks}}
        return dataclasses.replace(self, revisions=counted)


def flag(value: object) -> bool:
    """A tick, as private metadata carries it.

    Raises:
        Unreadable: if it is anything else than on or off.
    """
    if isinstance(value, bool):
        return value
    raise Unreadable


def replaced_count(value: object) -> int:
    """How often a value was replaced, as private metadata carries it.

    Raises:
        Unreadable: if it is anything else than a small whole number.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_REPLACED:
        return value
    raise Unreadable


def optional_id(value: object) -> int | None:
    """The id of a row, or none, as private metadata carries it.

    Raises:
        Unreadable: if it is anything else.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return _fitting(value)
    raise Unreadable


def _fitting(number: int) -> int:
    if 0 < number <= LARGEST_ID:
        return number
    raise Unreadable
