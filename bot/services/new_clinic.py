"""How does a clinic come to be, in a workspace that has others or in one of which nothing is known?

One transaction: the clinic is stored with its settings, and its workspace with the first one, or nothing is. A form
that Slack delivers twice makes one clinic.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain import clinic_rules, rights
from bot.domain.clinic_rules import ClinicSettings
from bot.domain.errors import ClinicField, Conflict, SettingsRefused
from bot.domain.messages import message
from bot.domain.model import Channel, Clinic, Method, SendingHours
from bot.domain.rights import Staff
from bot.services import clinic_settings
from bot.services.clinic_settings import StoredSettings
from bot.store import clinics, settings_changes
from bot.store.database import AlreadyStored, Database

if TYPE_CHECKING:
    from bot.store.database import Session


def usual(*, name: str, zone: str, country: str, language: str, method: Method) -> ClinicSettings:
    """What a new clinic's form begins with: the usual hours, every day, and what is known of the place."""
    hours = SendingHours(ZoneInfo(zone))
    return ClinicSettings(
        name=name,
        phone="",
        zone=zone,
        send_time=hours.send_time,
        opens=hours.opens,
        closes=hours.closes,
        closed_weekdays=frozenset(),
        closed_on_holidays=False,
        subdivision="",
        country=country,
        language=language,
        staff_channel="",
        sender_email="",
        default_method=method,
        policy_note="",
    )


def check(
    database: Database,
    team_id: str,
    settings: ClinicSettings,
    *,
    key: str,
    channels: frozenset[Channel],
    who: Staff,
) -> None:
    """Say what is wrong with the settings of this form's clinic, which is not to be stored yet.

    Raises:
        Forbidden: if this person may not.
        SettingsRefused: with a sentence for every field that cannot be used.
    """
    rights.require_settings_editor(who)
    with database.reading() as session:
        workspace = clinics.workspace_id(session, team_id)
        saved = None if workspace is None else _saved_as(session, workspace, key)
        clinic_rules.check(settings, clinic_settings.context(session, workspace, saved, settings, channels))


def add(
    database: Database,
    team_id: str,
    settings: ClinicSettings,
    *,
    is_first: bool,
    key: str,
    channels: frozenset[Channel],
    who: Staff,
    now: datetime,
) -> StoredSettings:
    """Store another clinic of a workspace, or its first one; who may change templates is set along with that.

    Raises:
        Conflict: if it was to be the first one, and is not.
        Forbidden: if this person may not.
        SettingsRefused: with a sentence for every field that cannot be used; nothing is stored.
    """
    rights.require_settings_editor(who)
    try:
        return _added(database, team_id, settings, is_first=is_first, key=key, channels=channels, who=who, now=now)
    except AlreadyStored:
        # The same workspace, the same form or a clinic of this name was stored at the same moment: it is there now.
        try:
            return _added(database, team_id, settings, is_first=is_first, key=key, channels=channels, who=who, now=now)
        except AlreadyStored:
            raise SettingsRefused({ClinicField.NAME: clinic_rules.name_taken()}) from None


def _added(
    database: Database,
    team_id: str,
    settings: ClinicSettings,
    *,
    is_first: bool,
    key: str,
    channels: frozenset[Channel],
    who: Staff,
    now: datetime,
) -> StoredSettings:
    with database.writing() as session:
        workspace = clinics.workspace_id(session, team_id)
        if workspace is None:
            workspace = clinics.add_workspace(session, team_id, now.astimezone(UTC))
        for_all = clinics.for_all(session, workspace)
        saved = _saved_as(session, workspace, key)
        if saved is not None:
            stored = clinic_settings.stored(saved, for_all)
            checked = clinic_rules.check(
                settings, clinic_settings.context(session, workspace, saved, settings, channels)
            )
            if not is_first:
                checked = dataclasses.replace(checked, template_editors=for_all.template_editors)
            if clinic_settings.different(stored.settings, checked):
                raise Conflict(
                    message("This clinic was set up already, as you first saved it. Change it with /reminder settings.")
                )
            return stored
        if is_first and clinics.of_workspace(session, workspace):
            raise Conflict(message("Somebody else set up a clinic meanwhile. Save again to add this one beside it."))
        checked = clinic_rules.check(settings, clinic_settings.context(session, workspace, None, settings, channels))
        if is_first:
            for_all = clinic_settings.change_for_all(session, workspace, for_all, checked.template_editors)
        clinic = clinics.add(session, clinic_settings.made(0, workspace, 1, checked))
        settings_changes.add(
            session,
            workspace,
            key,
            clinic=clinic.id,
            version=clinic.version,
            workspace_version=for_all.version,
            fields=(),
            moved=0,
            who=who.id,
            now=now,
        )
        return clinic_settings.stored(clinic, for_all)


def _saved_as(session: Session, workspace: int, key: str) -> Clinic | None:
    """The clinic that an earlier delivery of this form made."""
    saved = settings_changes.saved_as(session, workspace, key)
    return None if saved is None else clinics.find(session, workspace, saved.clinic_id)
