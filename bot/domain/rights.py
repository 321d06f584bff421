"""May this person do that?

Asked when the action arrives, never when its button is drawn. Each question has one function here, so that a clinic's
own setting can be let in at one place.
"""

from __future__ import annotations

from typing import Protocol

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


def require_template_editor(who: Staff) -> None:
    """Refuse whoever may not change templates: admins and members may, guests may not.

    Raises:
        Forbidden: with whom to ask.
    """
    if not (who.is_admin or who.is_member):
        raise Forbidden(message("Only members of this workspace can change templates. Ask one of them."))
