"""How does a clinic's staff change its settings, and what becomes of what was planned by the old ones?

One transaction: the settings are kept, and everything that waits gets its moment by the new zone, hours and days
without sends (rule P9), or nothing is changed at all. A form that Slack delivers twice is saved once: its key is stored
with the change that it made.
"""

from __future__ import annotations

import dataclasses
import zoneinfo
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from bot import public_holidays
from bot.domain import clinic_rules, rights
from bot.domain.clinic_rules import ClinicSettings, SettingsContext
from bot.domain.errors import ClinicField, Conflict, NotFound, SettingsRefused
from bot.domain.messages import message
from bot.domain.model import Channel, Clinic, SendingHours
from bot.domain.rights import Staff, TemplateEditors
from bot.i18n import LANGUAGES
from bot.public_holidays import PublicHolidays
from bot.services import reminders, replanning, workspaces
from bot.store import clinics, settings_changes
from bot.store import replanning as moves
from bot.store.clinics import ForAllClinics
from bot.store.database import AlreadyStored, Database
from bot.store.settings_changes import SettingsChange

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.store.database import Session


_NO_PLACES = {"localtime", "Factory"}
"""What the machine's own list has beside the zones."""


class Versions(NamedTuple):
    """As of which changes settings were read: of the clinic, and of what all clinics of the workspace share."""

    clinic: int
    workspace: int


@dataclasses.dataclass(frozen=True, slots=True)
class StoredSettings:
    """A clinic's settings as they stand; `versions` tells on a change whether they still do."""

    clinic_id: int
    versions: Versions
    settings: ClinicSettings
    last: SettingsChange | None = dataclasses.field(default=None, compare=False)
    """The newest change of them in Slack."""


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsChanged:
    """What a change led to."""

    stored: StoredSettings
    moved: int
    """How many reminders have a send that now goes at another moment."""


@dataclasses.dataclass(frozen=True, slots=True)
class Meanwhile:
    """How settings stand that somebody changed while another person had them open, and what was changed."""

    stored: StoredSettings
    changes: list[SettingsChange]


@lru_cache(1)
def zones() -> frozenset[str]:
    """The time zones that a clinic can be in, as the tz database names them."""
    return frozenset(zoneinfo.available_timezones() - _NO_PLACES)


def find(database: Database, team_id: str, clinic_id: int, *, who: Staff) -> StoredSettings:
    """A clinic's settings.

    Raises:
        Forbidden: if this person may not see them.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    rights.require_settings_editor(who)
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        clinic = _clinic(session, workspace, clinic_id)
        last = settings_changes.latest(session, workspace, clinic_id)
        return stored(clinic, clinics.for_all(session, workspace), last)


def meanwhile(database: Database, team_id: str, clinic_id: int, since: Versions, *, who: Staff) -> Meanwhile:
    """What became of a clinic's settings since somebody read them as of `since`.

    Raises:
        Forbidden: if this person may not see them.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    rights.require_settings_editor(who)
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        clinic = _clinic(session, workspace, clinic_id)
        changes = settings_changes.since(session, workspace, clinic_id, since.clinic, since.workspace)
        return Meanwhile(stored(clinic, clinics.for_all(session, workspace)), changes)


def check(
    database: Database,
    team_id: str,
    clinic_id: int,
    settings: ClinicSettings,
    *,
    channels: frozenset[Channel],
    who: Staff,
) -> None:
    """Say what is wrong with settings that are not to be kept yet.

    Raises:
        Forbidden: if this person may not change them.
        SettingsRefused: with a sentence for every field that cannot be used.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    rights.require_settings_editor(who)
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        before = _clinic(session, workspace, clinic_id)
        clinic_rules.check(settings, context(session, workspace, before, settings, channels))


def foresee(
    database: Database,
    team_id: str,
    clinic_id: int,
    settings: ClinicSettings,
    *,
    versions: Versions,
    key: str,
    channels: frozenset[Channel],
    who: Staff,
    now: datetime,
    most: int,
) -> int:
    """How many deliveries `change` will have to plan anew, counted up to `most`: so long it will take.

    Raises:
        Forbidden: if this person may not change them.
        SettingsRefused: with a sentence for every field that cannot be used.
        Conflict: if somebody changed them since they were shown.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    rights.require_settings_editor(who)
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        before = _clinic(session, workspace, clinic_id)
        if settings_changes.saved_as(session, workspace, key) is not None:
            return 0  # by another delivery of the same form: what is left for this one is to say so
        _require_unchanged(before, clinics.for_all(session, workspace), versions)
        checked = clinic_rules.check(settings, context(session, workspace, before, settings, channels))
        if _changed(before, checked).hours == before.hours:
            return 0
        return moves.waiting_count(session, clinic_id, now=now, most=most)


def change(
    database: Database,
    team_id: str,
    clinic_id: int,
    settings: ClinicSettings,
    *,
    versions: Versions,
    key: str,
    channels: frozenset[Channel],
    who: Staff,
    now: datetime,
) -> SettingsChanged:
    """Keep a clinic's settings, and plan anew what waits where they say when it goes.

    `versions` are those that were read when they were shown. Whoever calls this wakes the dispatch: something may be
    due at once.

    Raises:
        Forbidden: if this person may not change them.
        SettingsRefused: with a sentence for every field that cannot be used; nothing is stored.
        Conflict: if somebody changed them since they were shown.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    rights.require_settings_editor(who)
    try:
        with database.writing() as session:
            workspace = workspaces.require(session, team_id)
            before = _clinic(session, workspace, clinic_id, lock=True)
            for_all = clinics.for_all(session, workspace)
            checked = clinic_rules.check(settings, context(session, workspace, before, settings, channels))
            differing = different(stored(before, for_all).settings, checked)
            saved = settings_changes.saved_as(session, workspace, key)
            if saved is not None and not differing:  # by another delivery of the same form
                return SettingsChanged(stored(before, for_all), saved.moved)
            _require_unchanged(before, for_all, versions)
            if not differing:
                return SettingsChanged(stored(before, for_all), 0)
            after = _changed(before, checked)
            if after != before:
                if not clinics.change(session, after):
                    raise _changed_meanwhile()
                after = dataclasses.replace(after, version=before.version + 1)
            for_all = change_for_all(session, workspace, for_all, checked.template_editors)
            moved = []
            if after.hours != before.hours:
                moved = replanning.plan_anew(session, after, now=now)
                moves.tell(session, workspace, moved, who=who.id, now=now)
            settings_changes.add(
                session,
                workspace,
                key,
                clinic=clinic_id,
                version=after.version,
                workspace_version=for_all.version,
                fields=differing,
                moved=len(moved),
                who=who.id,
                now=now,
            )
            return SettingsChanged(stored(after, for_all), len(moved))
    except AlreadyStored:
        # Another clinic got this name at the same moment.
        raise SettingsRefused({ClinicField.NAME: clinic_rules.name_taken()}) from None


def _clinic(session: Session, workspace: int, clinic_id: int, *, lock: bool = False) -> Clinic:
    clinic = clinics.find(session, workspace, clinic_id, lock=lock)
    if clinic is None:
        raise NotFound
    return clinic


def _require_unchanged(clinic: Clinic, for_all: ForAllClinics, versions: Versions) -> None:
    if (clinic.version, for_all.version) != versions:
        raise _changed_meanwhile()


def change_for_all(session: Session, workspace: int, before: ForAllClinics, wanted: TemplateEditors) -> ForAllClinics:
    """Store who may change templates, if that is another choice.

    Raises:
        Conflict: if somebody changed it since it was read.
    """
    if before.template_editors == wanted:
        return before
    if not clinics.change_for_all(session, workspace, dataclasses.replace(before, template_editors=wanted)):
        raise _changed_meanwhile()
    return ForAllClinics(before.version + 1, wanted)


def different(before: ClinicSettings, after: ClinicSettings) -> Collection[ClinicField]:
    """Which settings read otherwise in `after`."""
    differ: set[ClinicField] = {
        field
        for field in ClinicField
        if field not in (ClinicField.TEMPLATE_EDITORS, ClinicField.NAMED_EDITORS)
        and getattr(before, field.value.replace("-", "_")) != getattr(after, field.value.replace("-", "_"))
    }
    if before.template_editors.who is not after.template_editors.who:
        differ.add(ClinicField.TEMPLATE_EDITORS)
    if before.template_editors.named != after.template_editors.named:
        differ.add(ClinicField.NAMED_EDITORS)
    return differ


def context(
    session: Session,
    workspace: int | None,
    before: Clinic | None,
    settings: ClinicSettings,
    channels: frozenset[Channel],
) -> SettingsContext:
    """What may be chosen. A method and a language that were set before may stay, whatever the bot can do now."""
    others = [] if workspace is None else clinics.of_workspace(session, workspace)
    languages, methods = {one.code for one in LANGUAGES}, set(reminders.methods(channels))
    return SettingsContext(
        names_taken={one.name for one in others if before is None or one.id != before.id},
        zones=zones(),
        languages=languages if before is None else languages | {before.language},
        methods=methods if before is None else methods | {before.default_method},
        holiday_countries=public_holidays.countries(),
        subdivisions=public_holidays.subdivisions(settings.country),
    )


def stored(clinic: Clinic, for_all: ForAllClinics, last: SettingsChange | None = None) -> StoredSettings:
    """The settings of a clinic as its rows say."""
    hours, holidays = clinic.hours, clinic.hours.closed.holidays
    settings = ClinicSettings(
        name=clinic.name,
        phone=clinic.phone,
        zone=hours.zone.key,
        send_time=hours.send_time,
        opens=hours.opens,
        closes=hours.closes,
        closed_weekdays=hours.closed.weekdays,
        closed_on_holidays=isinstance(holidays, PublicHolidays),
        subdivision=holidays.subdivision if isinstance(holidays, PublicHolidays) else "",
        country=clinic.country,
        language=clinic.language,
        staff_channel=clinic.staff_channel,
        sender_email=clinic.sender_email,
        default_method=clinic.default_method,
        policy_note=clinic.policy_note,
        sender_name=clinic.sender_name,
        reply_to=clinic.reply_to,
        template_editors=for_all.template_editors,
    )
    return StoredSettings(clinic.id, Versions(clinic.version, for_all.version), settings, last)


def _changed(before: Clinic, settings: ClinicSettings) -> Clinic:
    return made(before.id, before.workspace_id, before.version, settings)


def made(clinic_id: int, workspace: int, version: int, settings: ClinicSettings) -> Clinic:
    """The clinic that these settings make."""
    closed = public_holidays.closed_days(
        settings.closed_weekdays, settings.country, settings.subdivision, on_holidays=settings.closed_on_holidays
    )
    return Clinic(
        id=clinic_id,
        workspace_id=workspace,
        version=version,
        name=settings.name,
        phone=settings.phone,
        hours=SendingHours(ZoneInfo(settings.zone), settings.send_time, settings.opens, settings.closes, closed),
        language=settings.language,
        country=settings.country,
        staff_channel=settings.staff_channel,
        sender_email=settings.sender_email,
        default_method=settings.default_method,
        policy_note=settings.policy_note,
        sender_name=settings.sender_name,
        reply_to=settings.reply_to,
    )


def _changed_meanwhile() -> Conflict:
    return Conflict(
        message("Somebody else changed these settings meanwhile. Open them again to see what they are now.")
    )
