"""Which app is installed, and what may it do?

Read from the app's own `manifest.yml` (docs.slack.dev, "App manifest reference", also for what holds where the
manifest says nothing), so that a scope, command or event that was forgotten there is missing here too.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

EVENT_SCOPES: Mapping[str, str | None] = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_left": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}
"""The events that are sent here, each with the scope that its page on docs.slack.dev/reference/events asks for."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command."""

    command: str
    description: str
    usage_hint: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut: a global one, or one in the menu of a message."""

    callback_id: str
    name: str
    description: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class InstalledApp:
    """An app as the workspace knows it, with its tokens (never shown in a repr)."""

    name: str
    display_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    message_shortcuts: tuple[Shortcut, ...]
    has_home: bool
    has_messages: bool
    """Is there a Messages tab, where the app and a person may write to each other?"""
    is_read_only: bool
    """May nobody but the app write in the Messages tab?"""
    is_interactive: bool
    uses_sockets: bool
    """Is Socket Mode switched on?"""
    app_id: str = "A0LOCAL0001"
    bot_id: str = "B0LOCAL0001"
    bot_user_id: str = "U0LOCALBOT1"
    bot_token: str = dataclasses.field(repr=False, default_factory=lambda: f"xoxb-1-{secrets.token_hex(12)}")
    app_token: str = dataclasses.field(
        repr=False, default_factory=lambda: f"xapp-1-A0LOCAL0001-{secrets.token_hex(16)}"
    )
    signing_secret: str = dataclasses.field(repr=False, default_factory=lambda: secrets.token_hex(16))
    verification_token: str = dataclasses.field(repr=False, default_factory=lambda: secrets.token_hex(12))

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> InstalledApp:
        """Install the app that a parsed manifest describes."""
        features = _part(manifest, "features")
        settings = _part(manifest, "settings")
        name = str(_part(manifest, "display_information").get("name") or "App")
        return cls(
            name=name,
            display_name=str(_part(features, "bot_user").get("display_name") or name),
            scopes=frozenset(_listed(_part(_part(manifest, "oauth_config"), "scopes"), "bot")),
            events=frozenset(_listed(_part(settings, "event_subscriptions"), "bot_events")),
            commands=tuple(
                Command(
                    command=str(entry["command"]),
                    description=str(entry.get("description") or ""),
                    usage_hint=str(entry.get("usage_hint") or ""),
                )
                for entry in _listed(features, "slash_commands")
            ),
            shortcuts=_shortcuts(features, "global"),
            message_shortcuts=_shortcuts(features, "message"),
            has_home=bool(_part(features, "app_home").get("home_tab_enabled")),
            has_messages=bool(_part(features, "app_home").get("messages_tab_enabled")),
            is_read_only=bool(_part(features, "app_home").get("messages_tab_read_only_enabled")),
            is_interactive=bool(_part(settings, "interactivity").get("is_enabled")),
            uses_sockets=bool(settings.get("socket_mode_enabled")),
        )

    def hears(self, event: str) -> bool:
        """Did the app subscribe to this event, and has it the scope for it?"""
        scope = EVENT_SCOPES[event]
        return event in self.events and (scope is None or scope in self.scopes)


def _shortcuts(features: Mapping[str, Any], kind: str) -> tuple[Shortcut, ...]:
    return tuple(
        Shortcut(
            callback_id=str(entry["callback_id"]),
            name=str(entry.get("name") or ""),
            description=str(entry.get("description") or ""),
        )
        for entry in _listed(features, "shortcuts")
        if entry.get("type") == kind
    )


def _part(whole: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = whole.get(key)
    return found if isinstance(found, Mapping) else {}


def _listed(whole: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = whole.get(key)
    return found if isinstance(found, list | tuple) else ()
