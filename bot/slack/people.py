"""Who is asking, may they, and in which language do we answer?

Asked of Slack when the action arrives, not when the button was drawn, and remembered for a minute at most: a person who
was made a guest or deactivated meanwhile is refused. Source: `users.info` with `include_locale`.

Whose workspace this is, the token says (`auth.test`) and never the payload: in a shared channel, a payload can name the
team of a stranger. The bot serves one workspace, its token's. On Enterprise Grid that holds too: a token of one
workspace serves the people whose `team_id` that workspace is. Whoever has another one there, or none (reported of some
Grid workspaces), is refused although `enterprise_user.teams` may name ours; so is everybody under a token of a whole
organisation, since no payload names an organisation as its team.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient

SLACKBOT = "USLACKBOT"
"""Slack's own voice in every workspace, of which `users.info` says `is_bot: false` (reported)."""

_OUTSIDE = (
    *("deleted", "is_bot", "is_workflow_bot", "is_connector_bot"),
    *("is_restricted", "is_ultra_restricted", "is_stranger"),
)
"""What `users.info` says of whoever is no full member."""

REMEMBERED_SECONDS = 60.0
REMEMBERED_PEOPLE = 2_000


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A member of staff, as Slack knows them."""

    id: str
    team_id: str
    """The workspace whose rows they may see if they are a member: the token's."""
    name: str = dataclasses.field(repr=False)
    locale: str
    """As Slack spells it: `sv-SE`."""
    is_admin: bool
    is_member: bool
    """A full member of the workspace: no guest, no bot, not deactivated, not of another organisation."""
    zone: str = "UTC"
    """Their time zone, as the tz database names it."""


class TeamUnknown(Exception):
    """Slack did not say yet whose the bot's token is."""


class People:
    """What Slack says of the people who press and type; safe to use from any thread.

    Nobody is known until `belong_to` was called.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._team_id: str | None = None
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    def belong_to(self, team_id: str) -> None:
        """Take the people of this workspace for members: the one that the client's token is for."""
        self._team_id = team_id

    def find(self, client: WebClient, team_id: str | None, user_id: str) -> Person:
        """The person, asked of Slack unless it was asked within the last minute.

        `team_id` is what the payload says; a person is no member if that is not the token's workspace.

        Raises:
            TeamUnknown: before `belong_to` was called.
            slack_sdk.errors.SlackApiError: if Slack does not know the user.
            OSError: if Slack does not answer.
        """
        own_team = self._team_id
        if own_team is None:
            raise TeamUnknown
        person = self._asked(client, own_team, user_id)
        return person if team_id == own_team else dataclasses.replace(person, is_member=False)

    def unknown(self, user_id: str) -> Person:
        """A person of whom Slack tells nothing just now: in the language last heard of, and no member."""
        with self._lock:
            known = self._known.get(user_id)
        locale = "en-US" if known is None else known[1].locale
        return Person(id=user_id, team_id="", name="", locale=locale, is_admin=False, is_member=False)

    def _asked(self, client: WebClient, own_team: str, user_id: str) -> Person:
        with self._lock:
            known = self._known.get(user_id)
        if known is not None and self._monotonic() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        user: dict[str, Any] = client.users_info(user=user_id, include_locale=True)["user"]
        person = _person(user, own_team)
        with self._lock:
            self._known[user_id] = (self._monotonic(), person)
            self._known.move_to_end(user_id)
            if len(self._known) > REMEMBERED_PEOPLE:
                self._known.popitem(last=False)
        return person


def _person(user: Mapping[str, Any], own_team: str) -> Person:
    outside = str(user["id"]) == SLACKBOT or any(user.get(mark) for mark in _OUTSIDE)
    return Person(
        id=str(user["id"]),
        team_id=own_team,
        name=str(user.get("real_name") or user.get("name") or ""),
        locale=str(user.get("locale") or "en-US"),
        is_admin=bool(user.get("is_admin")),
        is_member=not outside and user.get("team_id") == own_team,
        zone=str(user.get("tz") or "UTC"),
    )
