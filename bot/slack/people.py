"""Who is asking, may they, and in which language do we answer?

Asked of Slack when the action arrives, not when the button was drawn, and remembered for a minute at most: a person who
was made a guest or deactivated meanwhile is refused. Source: `users.info` with `include_locale`.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient

from bot.domain.errors import Forbidden
from bot.domain.messages import message

REMEMBERED_SECONDS = 60.0
REMEMBERED_PEOPLE = 2_000


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A member of staff, as Slack knows them."""

    id: str
    team_id: str
    name: str = dataclasses.field(repr=False)
    locale: str
    """As Slack spells it: `sv-SE`."""
    is_admin: bool
    is_member: bool
    """A full member of the workspace: no guest, no bot, not deactivated, not of another organisation."""


class People:
    """What Slack says of the people who press and type; safe to use from any thread."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], tuple[float, Person]] = OrderedDict()

    def find(self, client: WebClient, team_id: str, user_id: str) -> Person:
        """The person, asked of Slack unless it was asked within the last minute.

        Raises:
            slack_sdk.errors.SlackApiError: if Slack does not know the user.
            OSError: if Slack does not answer.
        """
        key = (team_id, user_id)
        with self._lock:
            known = self._known.get(key)
        if known is not None and self._monotonic() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        user: dict[str, Any] = client.users_info(user=user_id, include_locale=True)["user"]
        person = _person(user, team_id)
        with self._lock:
            self._known[key] = (self._monotonic(), person)
            self._known.move_to_end(key)
            if len(self._known) > REMEMBERED_PEOPLE:
                self._known.popitem(last=False)
        return person

    def unknown(self, team_id: str, user_id: str) -> Person:
        """A person of whom Slack tells nothing just now: in the language last heard of, and no member."""
        with self._lock:
            known = self._known.get((team_id, user_id))
        locale = "en-US" if known is None else known[1].locale
        return Person(id=user_id, team_id=team_id, name="", locale=locale, is_admin=False, is_member=False)


def require_member(person: Person) -> None:
    """Refuse whoever is not a full member of the workspace: clients' addresses are none of a guest's business.

    Raises:
        Forbidden: for guests, bots, deactivated people and people of other organisations in a shared channel.
    """
    if not person.is_member:
        raise Forbidden(message("Only members of this workspace can work with reminders; guests cannot."))


def _person(user: Mapping[str, Any], team_id: str) -> Person:
    outside = any(
        user.get(mark) for mark in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    )
    return Person(
        id=str(user["id"]),
        team_id=team_id,
        name=str(user.get("real_name") or user.get("name") or ""),
        locale=str(user.get("locale") or "en-US"),
        is_admin=bool(user.get("is_admin")),
        is_member=not outside and user.get("team_id", team_id) == team_id,
    )
