"""Who and what is in the workspace before anything happens?

Frozen values that the workspace is built from: a team, its people, its channels. Ids begin with Slack's own letters
(`T…` team, `U…` person, `C…` channel; as in the examples of docs.slack.dev).
"""

from __future__ import annotations

import dataclasses
from zoneinfo import ZoneInfo


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The workspace itself."""

    id: str = "T0LOCAL0001"
    name: str = "Local"
    domain: str = "local"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person of the staff."""

    id: str
    name: str
    """The handle, as in `@maria`."""
    real_name: str
    title: str = ""
    is_admin: bool = False
    locale: str = "en-US"
    """What `users.info` tells with `include_locale`, for example `sv-SE`."""
    zone: str = "Europe/Stockholm"
    email: str | None = None
    color: str = "4a6fa5"
    deactivated: bool = False
    is_guest: bool = False
    team_id: str | None = None
    """The workspace of somebody who is here through a shared channel; `None` for the workspace's own people."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel, who is in it, and whether the app is."""

    id: str
    name: str
    members: tuple[str, ...]
    topic: str = ""
    has_app: bool = False
    is_private: bool = False
    is_archived: bool = False
    is_mpim: bool = False
    """Is it a direct message of several people?"""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A whole workspace. `zone` is the calendar that *skip a day* goes by."""

    users: tuple[User, ...]
    channels: tuple[Channel, ...]
    team: Team = Team()
    zone: str = "Europe/Stockholm"

    def __post_init__(self) -> None:
        ids = [*(user.id for user in self.users), *(channel.id for channel in self.channels)]
        if len(set(ids)) != len(ids):
            raise ValueError("two people or channels share an id")
        if not self.users:
            raise ValueError("a workspace needs at least one person")
        known = {user.id for user in self.users}
        for channel in self.channels:
            unknown = set(channel.members) - known
            if unknown:
                raise ValueError(f"channel {channel.name} has members that do not exist: {sorted(unknown)}")
        ZoneInfo(self.zone)

    def user(self, user_id: str) -> User | None:
        """The person with this id."""
        return next((user for user in self.users if user.id == user_id), None)
