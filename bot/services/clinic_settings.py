"""How does a clinic's staff change its settings, and what becomes of what was planned by the old ones?

One transaction: the settings are kept, and everything that waits gets its moment by the new zone, hours and days
without sends (rule P9), or nothing is changed at all.
"""

from __future__ import annotations

import dataclasses
import zoneinfo
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import public_holidays
from bot.domain import clinic_rules
from bot.domain.clinic_rules import ClinicSettings, SettingsContext
from bot.domain.errors import ClinicField, Conflict, NotFound, SettingsRefused
from bot.domain.messages import message
from bot.domain.model import Channel, Clinic, SendingHours
from bot.i18n import LANGUAGES
from bot.public_holidays import PublicHolidays
from bot.services import reminders, replanning, workspaces
from bot.store import clinics
from bot.store import replanning as moves
from bot.store.database import AlreadyStored, Database

if TYPE_CHECKING:
    from bot.store.database import Session


_NO_PLACES = {"localtime", "Factory"}
"""What the machine's own list has beside the zones."""


@dataclasses.dataclass(frozen=True, slots=True)
class StoredSettings:
    """A clinic's settings as they stand; `version` tells on a change whether they still do."""

    clinic_id: int
    version: int
    settings: ClinicSettings


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsChanged:
    """What a change led to."""

    stored: StoredSettings
    moved: int
    """How many reminders have a send that now goes at another moment."""


def find(database: Database, team_id: str, clinic_id: int) -> StoredSettings:
    """A clinic's settings.

    Raises:
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        return _stored(_clinic(session, workspaces.require(session, team_id), clinic_id))


def change(
    database: Database,
    team_id: str,
    clinic_id: int,
    settings: ClinicSettings,
    *,
    version: int,
    channels: frozenset[Channel],
    who: str,
    now: datetime,
) -> SettingsChanged:
    """Keep a clinic's settings, and plan anew what waits where they say when it goes.

    `version` is the one that was read when they were shown. Whoever calls this wakes the dispatch: something may be due
    at once.

    Raises:
        SettingsRefused: with a sentence for every field that cannot be used; nothing is stored.
        Conflict: if somebody changed them since they were shown.
        NotFound: if this workspace has no such clinic.
        NotSetUp: if the workspace has no clinic.
    """
    try:
        with database.writing() as session:
            workspace = workspaces.require(session, team_id)
            before = _clinic(session, workspace, clinic_id, lock=True)
            if before.version != version:
                raise _changed_meanwhile()
            checked = clinic_rules.check(settings, _context(session, before, settings, channels))
            after = _changed(before, checked)
            if after == before:
                return SettingsChanged(_stored(before), 0)
            if not clinics.change(session, after):
                raise _changed_meanwhile()
            moved = []
            if after.hours != before.hours:
                moved = replanning.plan_anew(session, after, now=now)
                moves.tell(session, workspace, moved, who=who, now=now)
            return SettingsChanged(_stored(dataclasses.replace(after, version=before.version + 1)), len(moved))
    except AlreadyStored:
        # Another clinic got this name at the same moment.
        raise SettingsRefused({ClinicField.NAME: clinic_rules.name_taken()}) from None


def _clinic(session: Session, workspace: int, clinic_id: int, *, lock: bool = False) -> Clinic:
    clinic = clinics.find(session, workspace, clinic_id, lock=lock)
    if clinic is None:
        raise NotFound
    return clinic


def _context(
    session: Session, before: Clinic, settings: ClinicSettings, channels: frozenset[Channel]
) -> SettingsContext:
    """What may be chosen. A method and a language that were set before may stay, whatever the bot can do now."""
    others = [one for one in clinics.of_workspace(session, before.workspace_id) if one.id != before.id]
    return SettingsContext(
        names_taken={one.name for one in others},
        zones=zoneinfo.available_timezones() - _NO_PLACES,
        languages={*(one.code for one in LANGUAGES), before.language},
        methods={*reminders.methods(channels), before.default_method},
        holiday_countries=public_holidays.countries(),
        subdivisions=public_holidays.subdivisions(settings.country),
    )


def _stored(clinic: Clinic) -> StoredSettings:
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
    )
    return StoredSettings(clinic.id, clinic.version, settings)


def _changed(before: Clinic, settings: ClinicSettings) -> Clinic:
    closed = public_holidays.closed_days(
        settings.closed_weekdays, settings.country, settings.subdivision, on_holidays=settings.closed_on_holidays
    )
    return Clinic(
        id=before.id,
        workspace_id=before.workspace_id,
        version=before.version,
        name=settings.name,
        phone=settings.phone,
        hours=SendingHours(ZoneInfo(settings.zone), settings.send_time, settings.opens, settings.closes, closed),
        language=settings.language,
        country=settings.country,
        staff_channel=settings.staff_channel,
        sender_email=settings.sender_email,
        default_method=settings.default_method,
        policy_note=settings.policy_note,
    )


def _changed_meanwhile() -> Conflict:
    return Conflict(
        message("Somebody else changed these settings meanwhile. Open them again to see what they are now.")
    )
