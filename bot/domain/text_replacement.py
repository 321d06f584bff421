"""What becomes of a waiting reminder's text when its template is changed, and when that is undone (rule P10)?

The text belongs to the reminder. A template's new text takes the place of the old one field by field, and only in the
fields that the reminder uses and the template still has: a reminder that goes out as SMS is never left without a text.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum

from bot.domain import message_text
from bot.domain.model import ReminderDraft, TextOrigin, Texts


class Scope(StrEnum):
    """Which waiting reminders take over a template's new text."""

    UNCHANGED = "unchanged"
    """Those whose text nobody edited."""
    ALL = "all"
    NONE = "none"

    def takes(self, origin: TextOrigin) -> bool:
        """Whether a reminder whose text came from there takes it over."""
        match self:
            case Scope.UNCHANGED:
                return origin is TextOrigin.TEMPLATE
            case Scope.ALL:
                return origin is not TextOrigin.MANUAL
            case Scope.NONE:
                return False


@dataclasses.dataclass(frozen=True, slots=True)
class Before:
    """What a reminder said before its text was replaced."""

    texts: Texts
    origin: TextOrigin
    revision: int


def replaced(draft: ReminderDraft, new: Texts, revision: int) -> ReminderDraft | None:
    """The reminder with its template's new texts of that revision; `None` where its text would be the same."""
    texts = _over(draft.texts, new)
    if texts == draft.texts:
        return None
    whole = texts == _used(draft.texts, new)
    origin = TextOrigin.TEMPLATE if whole else TextOrigin.EDITED
    return dataclasses.replace(draft, texts=texts, origin=origin, template_revision=revision)


def restored(draft: ReminderDraft, before: Before, new: Texts) -> ReminderDraft | None:
    """The reminder as it was `before` its texts were replaced by `new`; `None` where they were changed since."""
    if draft.origin is TextOrigin.MANUAL or draft.texts != _over(before.texts, new):
        return None
    return dataclasses.replace(draft, texts=before.texts, origin=before.origin, template_revision=before.revision)


def _used(old: Texts, new: Texts) -> Texts:
    """Of the new texts those that take the place of one."""
    there = message_text.by_field(old)
    return message_text.from_fields({field: text for field, text in message_text.by_field(new).items() if there[field]})


def _over(old: Texts, new: Texts) -> Texts:
    """The old texts, each replaced by the new one if there is one."""
    taking = {field: text for field, text in message_text.by_field(_used(old, new)).items() if text}
    return message_text.from_fields({**message_text.by_field(old), **taking})
