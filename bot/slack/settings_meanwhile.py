"""Somebody saved a clinic's settings that another administrator has open. What does the later one's form say then?

A field that was left alone takes over what the other one saved; one that was changed here keeps that, and nothing typed
is lost. Both are told, with who changed them and when.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Set as AbstractSet

from blocks.ids import SettingsBlock
from blocks.settings_form import SettingChange, Value
from bot.i18n import Words
from bot.services.clinic_settings import Meanwhile
from bot.slack import settings_view
from bot.slack.settings_fields import FIELDS, SettingsMetadata, Values, values_of
from bot.slack.settings_view import Told


@dataclasses.dataclass(frozen=True, slots=True)
class PutTogether:
    """The form to go on with."""

    values: dict[SettingsBlock, Value] = dataclasses.field(repr=False)
    metadata: SettingsMetadata
    told: Told


def is_the_same(mine: Values, found: Meanwhile) -> bool:
    """Whether the settings already are what is filled in: saved before, and its answer was lost."""
    now = values_of(found.stored.settings)
    return all(_bare(mine.get(block, "")) == _bare(now[block]) for block in FIELDS if block in mine)


def put_together(
    mine: Values, changed_here: AbstractSet[SettingsBlock], metadata: SettingsMetadata, found: Meanwhile, words: Words
) -> PutTogether:
    """What is filled in now, with what somebody else changed where it was left alone here."""
    now = values_of(found.stored.settings)
    different = [block for block in FIELDS if _bare(mine.get(block, now[block])) != _bare(now[block])]
    taken_over = [block for block in different if block not in changed_here]
    theirs = {SettingsBlock(field.value) for change in found.changes for field in change.fields}
    told = [
        SettingChange(settings_view.label(block, words), settings_view.shown(block, now, words), block in changed_here)
        for block in different
        if block in theirs or block in taken_over
    ]
    return PutTogether(
        values={**now, **mine, **{block: now[block] for block in taken_over}},
        metadata=dataclasses.replace(
            metadata.replaced(*taken_over),
            versions=found.stored.versions,
            kept=frozenset(changed_here) & frozenset(different),
        ),
        told=Told(changed_by=found.changes[-1:], changes=told),
    )


def _bare(value: Value) -> Value:
    return value.strip() if isinstance(value, str) else value
