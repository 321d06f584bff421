"""What stands in the form of a clinic's settings, in this person's language, and what can be chosen in it?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from blocks.elements import Choice
from blocks.ids import SettingsBlock
from blocks.settings_form import ChangedBy, SettingChange, SettingsForm, settings_form_view
from bot import public_holidays
from bot.domain.closed_days import WEEK
from bot.domain.folding import fold
from bot.domain.model import Method
from bot.domain.rights import Editors
from bot.i18n import Words, territory_of_zone
from bot.services import clinic_settings, reminders
from bot.slack import explanations
from bot.slack.requests import Request
from bot.slack.settings_fields import SettingsMetadata, Values, several, text
from bot.store.settings_changes import SettingsChange


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What is said in the form beside its fields."""

    note: str = dataclasses.field(default="", repr=False)
    changed_by: Sequence[SettingsChange] = ()
    changes: Sequence[SettingChange] = ()
    last: SettingsChange | None = None


def form_view(request: Request, values: Values, metadata: SettingsMetadata, told: Told = Told()) -> dict[str, Any]:
    """The modal for a form on its way; `metadata.country` is set to the country that is chosen."""
    words, country = request.words, text(values, SettingsBlock.COUNTRY)
    asks_for_editors = metadata.clinic_id is not None or metadata.is_first
    zone, part = text(values, SettingsBlock.ZONE), text(values, SettingsBlock.SUBDIVISION)
    return settings_form_view(
        SettingsForm(
            values=values,
            methods=_methods(request, text(values, SettingsBlock.DEFAULT_METHOD)),
            languages=_languages(request, text(values, SettingsBlock.LANGUAGE)),
            weekdays=[Choice(str(day), words.weekday(day)) for day in WEEK],
            editors=editor_choices(words) if asks_for_editors else (),
            zone=zone_choice(zone, request.desk.clock.now()) if zone in clinic_settings.zones() else None,
            country=Choice(country, words.territory_name(country)) if country else None,
            subdivision=subdivision_choice(country, part) if part else None,
            has_subdivisions=bool(public_holidays.subdivisions(country)),
            revisions=metadata.revisions,
            is_new=metadata.clinic_id is None,
            is_first=metadata.is_first,
            note=told.note,
            changed_by=[_by(request, one, values) for one in told.changed_by],
            changes=told.changes,
            last=None if told.last is None else _by(request, told.last, values),
            private_metadata=dataclasses.replace(metadata, country=country).encode(),
        ),
        words,
    )


def label(block: SettingsBlock, words: Words) -> str:
    """What a field is called, as above it in the form."""
    labels = {
        SettingsBlock.NAME: words("Name of the clinic"),
        SettingsBlock.PHONE: words("Phone number"),
        SettingsBlock.STAFF_CHANNEL: words("Staff channel"),
        SettingsBlock.LANGUAGE: words("Language"),
        SettingsBlock.ZONE: words("Time zone"),
        SettingsBlock.COUNTRY: words("Country"),
        SettingsBlock.SEND_TIME: words("Send time"),
        SettingsBlock.OPENS: words("Earliest"),
        SettingsBlock.CLOSES: words("Latest"),
        SettingsBlock.CLOSED_WEEKDAYS: words("Days without sends"),
        SettingsBlock.CLOSED_ON_HOLIDAYS: words("Public holidays"),
        SettingsBlock.SUBDIVISION: words("Part of the country"),
        SettingsBlock.DEFAULT_METHOD: words("Default sending method"),
        SettingsBlock.SENDER_NAME: words("Sender's name"),
        SettingsBlock.SENDER_EMAIL: words("Sender's e-mail address"),
        SettingsBlock.REPLY_TO: words("E-mail address for answers"),
        SettingsBlock.POLICY_NOTE: words("Policy note"),
        SettingsBlock.TEMPLATE_EDITORS: words("Who may change templates"),
        SettingsBlock.NAMED_EDITORS: words("Named people"),
    }
    return labels[block]


def shown(block: SettingsBlock, values: Values, words: Words) -> str:
    """What stands in a field, as people read it; how many where the names are only Slack's to tell."""
    value = text(values, block)
    match block:
        case SettingsBlock.LANGUAGE:
            return words.language_name(value)
        case SettingsBlock.COUNTRY:
            return words.territory_name(value)
        case SettingsBlock.CLOSED_WEEKDAYS:
            return words.names(words.weekday(int(day)) for day in sorted(several(values, block))) or words("none")
        case SettingsBlock.CLOSED_ON_HOLIDAYS:
            return words("yes") if several(values, block) else words("no")
        case SettingsBlock.SUBDIVISION:
            return subdivision_choice(text(values, SettingsBlock.COUNTRY), value).label if value else words("none")
        case SettingsBlock.DEFAULT_METHOD:
            return explanations.method(Method(value), words)
        case SettingsBlock.TEMPLATE_EDITORS:
            return next(one.label for one in editor_choices(words) if one.value == value)
        case SettingsBlock.NAMED_EDITORS:
            count = len(several(values, block))
            return words.plural("{count} person", "{count} people", count, count=count)
        case SettingsBlock.STAFF_CHANNEL:
            return words("another channel")
        case _:
            return value or words("empty")


def editor_choices(words: Words) -> list[Choice]:
    """Who can be chosen to change templates."""
    return [
        Choice(Editors.EVERYBODY.value, words("Everybody in the workspace")),
        Choice(Editors.ADMINS.value, words("Administrators only")),
        Choice(Editors.NAMED.value, words("Administrators and named people")),
    ]


def zone_choice(zone: str, now: datetime) -> Choice:
    """A time zone, with how far it is from UTC just now."""
    offset = now.astimezone(ZoneInfo(zone)).strftime("%z")
    return Choice(zone, zone.replace("_", " "), f"UTC{offset[:3]}:{offset[3:]}")


def subdivision_choice(country: str, part: str) -> Choice:
    """A part of a country, with its code."""
    name = public_holidays.subdivision_name(country, part)
    return Choice(part, part if name == part else f"{name} ({part})")


def zone_choices(typed: str, words: Words, now: datetime) -> list[Choice]:
    """The time zones in whose name, or in whose country's, every typed word is found; by city's name first."""
    found = sorted(_matching(typed, ((zone, _of_zone(zone, words)) for zone in clinic_settings.zones())))
    first = fold(typed)
    found.sort(key=lambda zone: not fold(zone.rpartition("/")[2].replace("_", " ")).startswith(first))
    return [zone_choice(zone, now) for zone in found]


def country_choices(typed: str, words: Words) -> list[Choice]:
    """The countries in whose name or code every typed word is found, by name."""
    names = {code: words.territory_name(code) for code in phonenumbers.SUPPORTED_REGIONS}
    found = _matching(typed, ((code, f"{name} {code}") for code, name in names.items()))
    first = fold(typed)
    found.sort(key=lambda code: (not fold(names[code]).startswith(first), fold(names[code])))
    return [Choice(code, names[code]) for code in found]


def subdivision_choices(typed: str, country: str) -> list[Choice]:
    """The parts of a country in whose name or code every typed word is found."""
    choices = {part: subdivision_choice(country, part) for part in public_holidays.subdivisions(country)}
    return [choices[part] for part in _matching(typed, ((part, one.label) for part, one in choices.items()))]


def _matching(typed: str, named: Iterable[tuple[str, str]]) -> list[str]:
    wanted = fold(typed).split()
    return [key for key, name in named if all(word in fold(name) for word in wanted)]


def _of_zone(zone: str, words: Words) -> str:
    return f"{zone.replace('_', ' ')} {zone} {words.territory_name(territory_of_zone(zone))}"


def _methods(request: Request, chosen: str) -> list[Choice]:
    usable = [one for one in Method if one in reminders.methods(request.desk.channels) or one.value == chosen]
    return [Choice(one.value, explanations.method(one, request.words)) for one in usable]


def _languages(request: Request, chosen: str) -> list[Choice]:
    codes = dict.fromkeys((*request.desk.catalogues.languages, *([chosen] if chosen else [])))
    return [Choice(code, request.words.language_name(code)) for code in codes]


def _by(request: Request, change: SettingsChange, values: Values) -> ChangedBy:
    zone = text(values, SettingsBlock.ZONE)
    shown_in = ZoneInfo(zone if zone in clinic_settings.zones() else "UTC")
    return ChangedBy(change.by, request.words.moment(change.at, shown_in))
