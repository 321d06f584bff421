"""What stands in the form of a clinic's settings, and what does the form remember?

Every field holds a text, or several; only here are they turned into settings and back. The form's blocks come back with
what they held when the form was made: what differs from that was changed by whoever saves.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from blocks.ids import SettingsBlock, without_revision
from blocks.settings_form import TICKED, Value
from bot.domain.clinic_rules import ClinicSettings
from bot.domain.errors import ClinicField, SettingsRefused
from bot.domain.messages import Message, message
from bot.domain.model import Method
from bot.domain.rights import Editors, TemplateEditors
from bot.services.clinic_settings import Versions
from bot.slack.button_values import Unreadable, flag, optional_id, replaced_count

Values = Mapping[SettingsBlock, Value]

FIELDS: Final = tuple(block for block in SettingsBlock if block.value in set(ClinicField))
"""The fields in the order of the form."""

NOTHING_SHOWN: Final = Versions(1, 1)

_SEVERAL: Final = frozenset(
    {SettingsBlock.CLOSED_WEEKDAYS, SettingsBlock.CLOSED_ON_HOLIDAYS, SettingsBlock.NAMED_EDITORS}
)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_DAY = re.compile(r"[1-7]", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}|", re.ASCII)
_FORM = re.compile(r"[0-9a-f]{0,16}", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsMetadata:
    """What the form remembers between two looks at it.

    `clinic_id` and `versions` are of the settings that it shows. A new clinic has no id; `form` tells its form from
    others that were shown in the same modal. `country` is the one whose parts are offered. `kept` are the fields that
    were changed here before the form was made anew; `revisions` counts how often each value was replaced.
    """

    clinic_id: int | None = None
    versions: Versions = NOTHING_SHOWN
    is_first: bool = False
    form: str = ""
    country: str = ""
    kept: frozenset[SettingsBlock] = frozenset()
    revisions: Mapping[SettingsBlock, int] = dataclasses.field(default_factory=dict)

    def encode(self) -> str:
        """As Slack keeps it: at most a few hundred characters."""
        return json.dumps(
            {
                "clinic": self.clinic_id,
                "versions": self.versions,
                "first": self.is_first,
                "form": self.form,
                "country": self.country,
                "kept": sorted(block.value for block in self.kept),
                "revisions": {block.value: count for block, count in self.revisions.items()},
            },
            separators=(",", ":"),
        )

    @classmethod
    def decode(cls, text: str) -> SettingsMetadata:
        """Read what `encode` wrote.

        Raises:
            Unreadable: if it is anything else.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            clinic, workspace = (optional_id(one) for one in read["versions"])
            revisions = {SettingsBlock(block): replaced_count(count) for block, count in read["revisions"].items()}
            country, form = str(read["country"]), str(read["form"])
            if clinic is None or workspace is None or not _COUNTRY.fullmatch(country) or not _FORM.fullmatch(form):
                raise Unreadable
            return cls(
                clinic_id=optional_id(read["clinic"]),
                versions=Versions(clinic, workspace),
                is_first=flag(read["first"]),
                form=form,
                country=country,
                kept=frozenset(SettingsBlock(one) for one in read["kept"]),
                revisions=revisions,
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Unreadable from None

    def replaced(self, *blocks: SettingsBlock) -> SettingsMetadata:
        """The metadata after the values of `blocks` were replaced."""
        counted = {**self.revisions, **{block: self.revisions.get(block, 0) + 1 for block in blocks}}
        return dataclasses.replace(self, revisions=counted)


def read(view: Mapping[str, Any]) -> dict[SettingsBlock, Value]:
    """What stands in each field of the form now.

    Raises:
        Unreadable: if one of them is no field of this version's form.
    """
    found: dict[SettingsBlock, Value] = {}
    try:
        for block_id, inputs in view["state"]["values"].items():
            block = SettingsBlock(without_revision(block_id))
            found[block] = _value(block, inputs[block.action.value], "selected_")
    except (ValueError, KeyError):
        raise Unreadable from None
    return found


def shown_at_first(view: Mapping[str, Any]) -> dict[SettingsBlock, Value]:
    """What stood in each field when the form was made; read after `read` found its fields to be ours."""
    found: dict[SettingsBlock, Value] = {}
    for one in view["blocks"]:
        if one["type"] == "input":
            block = SettingsBlock(without_revision(one["block_id"]))
            found[block] = _value(block, one["element"], "initial_")
    return found


def changed_here(view: Mapping[str, Any], metadata: SettingsMetadata) -> frozenset[SettingsBlock]:
    """The fields that whoever has the form open changed."""
    first, now = shown_at_first(view), read(view)
    return metadata.kept | {block for block in now if now[block] != first.get(block)}


def values_of(settings: ClinicSettings) -> dict[SettingsBlock, Value]:
    """The form as somebody would fill it in to get these settings."""
    editors = settings.template_editors
    return {
        SettingsBlock.NAME: settings.name,
        SettingsBlock.PHONE: settings.phone,
        SettingsBlock.STAFF_CHANNEL: settings.staff_channel,
        SettingsBlock.LANGUAGE: settings.language,
        SettingsBlock.ZONE: settings.zone,
        SettingsBlock.COUNTRY: settings.country,
        SettingsBlock.SEND_TIME: f"{settings.send_time:%H:%M}",
        SettingsBlock.OPENS: f"{settings.opens:%H:%M}",
        SettingsBlock.CLOSES: f"{settings.closes:%H:%M}",
        SettingsBlock.CLOSED_WEEKDAYS: frozenset(str(day) for day in settings.closed_weekdays),
        SettingsBlock.CLOSED_ON_HOLIDAYS: frozenset({TICKED} if settings.closed_on_holidays else ()),
        SettingsBlock.SUBDIVISION: settings.subdivision,
        SettingsBlock.DEFAULT_METHOD: settings.default_method.value,
        SettingsBlock.SENDER_NAME: settings.sender_name,
        SettingsBlock.SENDER_EMAIL: settings.sender_email,
        SettingsBlock.REPLY_TO: settings.reply_to,
        SettingsBlock.POLICY_NOTE: settings.policy_note,
        SettingsBlock.TEMPLATE_EDITORS: editors.who.value,
        SettingsBlock.NAMED_EDITORS: editors.named,
    }


def settings(values: Values) -> ClinicSettings:
    """The settings that are filled in; whether they can be kept is not looked at yet.

    Raises:
        SettingsRefused: with a sentence for every choice that was not made.
    """
    wrong: dict[ClinicField, Message] = {}
    method = text(values, SettingsBlock.DEFAULT_METHOD)
    if method not in set(Method):
        wrong[ClinicField.DEFAULT_METHOD] = message("Choose a sending method.")
    who = text(values, SettingsBlock.TEMPLATE_EDITORS) or Editors.EVERYBODY.value
    if who not in set(Editors):
        wrong[ClinicField.TEMPLATE_EDITORS] = message("Choose who may change templates.")
    picked = {
        field: _picked(text(values, SettingsBlock(field.value)), field, wrong)
        for field in (ClinicField.SEND_TIME, ClinicField.OPENS, ClinicField.CLOSES)
    }
    if wrong:
        raise SettingsRefused(wrong)
    days = several(values, SettingsBlock.CLOSED_WEEKDAYS)
    return ClinicSettings(
        name=text(values, SettingsBlock.NAME),
        phone=text(values, SettingsBlock.PHONE),
        zone=text(values, SettingsBlock.ZONE),
        send_time=picked[ClinicField.SEND_TIME],
        opens=picked[ClinicField.OPENS],
        closes=picked[ClinicField.CLOSES],
        closed_weekdays=frozenset(int(day) if _DAY.fullmatch(day) else 0 for day in days),
        closed_on_holidays=TICKED in several(values, SettingsBlock.CLOSED_ON_HOLIDAYS),
        subdivision=text(values, SettingsBlock.SUBDIVISION),
        country=text(values, SettingsBlock.COUNTRY),
        language=text(values, SettingsBlock.LANGUAGE),
        staff_channel=text(values, SettingsBlock.STAFF_CHANNEL),
        sender_email=text(values, SettingsBlock.SENDER_EMAIL),
        default_method=Method(method),
        policy_note=text(values, SettingsBlock.POLICY_NOTE),
        sender_name=text(values, SettingsBlock.SENDER_NAME),
        reply_to=text(values, SettingsBlock.REPLY_TO),
        template_editors=TemplateEditors(Editors(who), several(values, SettingsBlock.NAMED_EDITORS)),
    )


def text(values: Values, block: SettingsBlock) -> str:
    """What stands in a field of one value; empty where there is none."""
    value = values.get(block, "")
    return value if isinstance(value, str) else ""


def several(values: Values, block: SettingsBlock) -> frozenset[str]:
    """What stands in a field of several values."""
    value = values.get(block, frozenset())
    return frozenset() if isinstance(value, str) else value


def _picked(written: str, field: ClinicField, wrong: dict[ClinicField, Message]) -> time:
    if _TIME.fullmatch(written):
        return time.fromisoformat(written)
    wrong[field] = message("Choose a time of the day.")
    return time()


def _value(block: SettingsBlock, held: Mapping[str, Any], before: str) -> Value:
    if block in _SEVERAL:
        options = held.get(f"{before}options") or ()
        return frozenset(str(one["value"]) for one in options) | frozenset(map(str, held.get(f"{before}users") or ()))
    option = held.get(f"{before}option")
    if option is not None:
        return str(option["value"])
    typed = "value" if before == "selected_" else "initial_value"
    return str(held.get(typed) or held.get(f"{before}time") or held.get(f"{before}conversation") or "")
