"""Do manifest, commands, events, shortcuts and the Web API methods that the bot calls fit together?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from slack_sdk import WebClient

from blocks.ids import Command, Shortcut
from bot import manifest
from bot.slack import app
from bot.slack.answers import Kind
from bot.slack.commands import SUBCOMMANDS

SCOPE_OF_METHOD: Final[dict[str, str | None]] = {
    # docs.slack.dev/reference/methods/…, "Required scopes", bot token; None: any token will do.
    "apps_connections_open": None,  # the app-level token, with connections:write
    "auth_test": None,
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_info": "channels:read",
    "users_info": "users:read",
    "views_open": None,
    "views_publish": None,
    "views_push": None,
    "views_update": None,
}

PROJECT: Final = Path(manifest.__file__).parents[1]
WEB_API: Final = {name for name in vars(WebClient) if "_" in name.strip("_") and not name.startswith("_")}


def called() -> Iterator[tuple[str, str]]:
    """Each Web API method that the bot calls, and where."""
    for file in sorted((PROJECT / "bot").rglob("*.py")):
        path = file.relative_to(PROJECT).as_posix()
        if path.startswith("bot/demo/"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WEB_API:
                yield node.func.attr, f"{path}:{node.lineno}"


@pytest.fixture(scope="module")
def asked() -> dict[str, Any]:
    return manifest.read()


def test_the_scope_of_every_method_that_is_called_is_known() -> None:
    assert {method: place for method, place in called() if method not in SCOPE_OF_METHOD} == {}


def test_no_method_is_called_by_a_name_that_this_test_cannot_see() -> None:
    assert "api_call" not in {method for method, _ in called()}


def test_the_manifest_asks_for_exactly_the_scopes_that_are_used(asked: dict[str, Any]) -> None:
    used = {SCOPE_OF_METHOD[method] for method, _ in called()} - {None}
    commands = {"commands"}  # slash commands and shortcuts
    private_channels = {"groups:read"}  # which conversations.info wants for those
    assert manifest.bot_scopes(asked) == used | commands | private_channels


def test_every_scope_and_event_says_why_it_is_asked_for(asked: dict[str, Any]) -> None:
    lines = [line.strip() for line in manifest.path().read_text(encoding="utf-8").splitlines()]
    for wanted in [*asked["oauth_config"]["scopes"]["bot"], *asked["settings"]["event_subscriptions"]["bot_events"]]:
        (line,) = [line for line in lines if line.split(" #")[0] == f"- {wanted}"]
        assert line.partition(" # ")[2], wanted


def test_the_commands_are_those_that_are_listened_to(asked: dict[str, Any]) -> None:
    listened = {str(entry.id) for entry in app.LISTENERS if entry.kind is Kind.COMMAND}
    (command,) = asked["features"]["slash_commands"]
    assert {command["command"]} == listened == {str(one) for one in Command}


def test_the_usage_hint_names_every_word_that_is_understood(asked: dict[str, Any]) -> None:
    (command,) = asked["features"]["slash_commands"]
    assert [hint.split()[0] for hint in command["usage_hint"].split("|")] == [sub.word for sub in SUBCOMMANDS]


def test_the_shortcuts_are_those_that_are_listened_to(asked: dict[str, Any]) -> None:
    listened = {str(entry.id) for entry in app.LISTENERS if entry.kind is Kind.SHORTCUT}
    shortcuts = asked["features"]["shortcuts"]
    assert {one["callback_id"] for one in shortcuts} == listened == {str(one) for one in Shortcut}
    assert {one["callback_id"]: one["type"] for one in shortcuts} == {
        Shortcut.NEW_REMINDER: "global",
        Shortcut.REMINDER_OF_MESSAGE: "message",
    }


def test_the_events_are_those_that_are_listened_to(asked: dict[str, Any]) -> None:
    listened = {str(entry.id) for entry in app.LISTENERS if entry.kind is Kind.EVENT}
    assert set(asked["settings"]["event_subscriptions"]["bot_events"]) == listened


def test_what_the_bot_shows_and_hears_is_switched_on(asked: dict[str, Any]) -> None:
    home, settings = asked["features"]["app_home"], asked["settings"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert not settings["org_deploy_enabled"]
    assert not settings["token_rotation_enabled"]


def test_the_texts_fit_slack_s_limits(asked: dict[str, Any]) -> None:
    """docs.slack.dev/reference/app-manifest."""
    (command,) = asked["features"]["slash_commands"]
    texts = [
        (asked["display_information"]["name"], 35),
        (asked["display_information"]["description"], 140),
        (asked["features"]["bot_user"]["display_name"], 80),
        (command["command"], 32),
        (command["description"], 2000),
        (command["usage_hint"], 1000),
        *((one["name"], 24) for one in asked["features"]["shortcuts"]),
        *((one["description"], 150) for one in asked["features"]["shortcuts"]),
    ]
    assert [text for text, most in texts if not 0 < len(text) <= most] == []
