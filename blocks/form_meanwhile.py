"""What is somebody told whose form was overtaken by another's change?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Json, section, sections
from blocks.history import HistoryLine
from blocks.text import bold, escape, mention
from blocks.translator import Words

_CHANGED_LENGTH = 300
_HAPPENED_SHOWN = 5


@dataclasses.dataclass(frozen=True, slots=True)
class FieldChange:
    """What somebody else changed in one field, in finished strings."""

    field: str
    old: str
    new: str
    is_mine_kept: bool
    """Whether the field was changed here as well, and still holds that."""


@dataclasses.dataclass(frozen=True, slots=True)
class Meanwhile:
    """What became of a reminder while its form was open."""

    happened: Sequence[HistoryLine]
    changes: Sequence[FieldChange]
    hindrance: str = ""
    """Why it cannot be saved as things are: a finished sentence."""


def told_at_the_top(meanwhile: Meanwhile, words: Words) -> list[Json]:
    """Who changed what, field by field, and what stands in the form now."""
    lines = [f":warning: {bold(words('This reminder changed while you had it open. Nothing of yours is saved yet.'))}"]
    for line in meanwhile.happened[-_HAPPENED_SHOWN:]:
        who = f" {mention(line.user_id)}" if line.user_id else ""
        lines.append(f"{escape(line.when, _CHANGED_LENGTH)}{who}: {escape(line.what, _CHANGED_LENGTH)}")
    for one in meanwhile.changes:
        old, new = escape(one.old, _CHANGED_LENGTH), escape(one.new, _CHANGED_LENGTH)
        if one.is_mine_kept:
            told = words("was “{old}”, is now “{new}”. Below stands what you entered.", old=old, new=new)
        else:
            told = words("was “{old}”, is now “{new}”, and stands so below.", old=old, new=new)
        lines.append(f"• {bold(one.field)}: {told}")
    if meanwhile.hindrance:
        lines.append(escape(meanwhile.hindrance, _CHANGED_LENGTH))
    else:
        lines.append(words("Save once more to keep what stands below."))
    return sections(lines)


def told_beside_save(words: Words) -> list[Json]:
    """Beside Save, where whoever pressed it still looks: the form does not scroll up by itself."""
    told = words("Not saved: the reminder changed meanwhile. Look at the top of the form.")
    return [section(f":warning: {told}")]
