"""May this person do that?

Asked when the action arrives, never when its button is drawn. Each question has one function here, and nobody else
looks at `is_admin` or `is_member`, so that finer roles can be let in at one place.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.errors import Forbidden
from bot.domain.messages import message


class Staff(Protocol):
    """Who asks, as Slack knows them at this moment."""

    @property
    def id(self) -> str:
        """The Slack user id, which the history keeps."""

    @property
    def is_member(self) -> bool:
        """A full member of the workspace: no guest, no bot, not deactivated, not of another organisation."""

    @property
    def is_admin(self) -> bool:
        """An administrator of the workspace."""


class Editors(StrEnum):
    """Who may change a workspace's templates."""

    EVERYBODY = "everybody"
    ADMINS = "admins"
    NAMED = "named"
    """Those who are named, beside the administrators."""


@dataclasses.dataclass(frozen=True, slots=True)
class TemplateEditors:
    """A workspace's choice; `named` are Slack user ids, none unless they are asked for."""

    who: Editors = Editors.EVERYBODY
    named: frozenset[str] = frozenset()


EVERYBODY: Final = TemplateEditors()


def require_member(who: Staff) -> None:
    """Refuse whoever is not a full member of the workspace: clients' addresses are none of a guest's business.

    Raises:
        Forbidden: for guests, bots, deactivated people and people of other organisations in a shared channel.
    """
    if not who.is_member:
        raise Forbidden(message("Only members of this workspace can work with reminders; guests cannot."))


def is_settings_editor(who: Staff) -> bool:
    """Whether this person may see and change the clinics' settings."""
    return who.is_admin and who.is_member


def require_settings_editor(who: Staff) -> None:
    """Refuse whoever may not see and change the clinics' settings: administrators may.

    Raises:
        Forbidden: with whom to ask.
    """
    if not is_settings_editor(who):
        raise Forbidden(message("Only administrators of this workspace can change the settings. Ask one of them."))


def require_template_editor(who: Staff, editors: TemplateEditors) -> None:
    """Refuse whoever may not change templates: administrators always may, other members as the workspace chose.

    Raises:
        Forbidden: with whom to ask.
    """
    if not who.is_member:
        raise Forbidden(message("Only members of this workspace can change templates. Ask one of them."))
    if who.is_admin or editors.who is Editors.EVERYBODY or who.id in editors.named:
        return
    if editors.who is Editors.ADMINS:
        raise Forbidden(message("Only administrators of this workspace can change templates. Ask one of them."))
    raise Forbidden(
        message("Only the people named in the settings can change templates. Ask an administrator to add you.")
    )
