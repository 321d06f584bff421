"""Would the bot run with these settings, and if not, what stands in the way?

One line for each thing that it needs. A line says what was looked at, and what to do where it is not right; it never
repeats a token, a password or a whole address.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import yaml
from slack_sdk import WebClient

from bot import manifest, wiring
from bot.clock import SystemClock
from bot.domain.errors import NotSetUp
from bot.services import workspaces
from bot.services.senders import Senders
from bot.settings import Address, Settings
from bot.slack.connection import Identity, SlackAway, TokenRefused, identify, require_socket, web_client
from bot.store.database import Database, DatabaseAway, DatabaseBusy
from bot.store.schema import SchemaMismatch
from bot.web.server import SLACK_PATH, CannotListen, listening_socket

WHERE_TOKENS_ARE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SLACK_BOT_TOKEN": "copy it anew from api.slack.com/apps, OAuth & Permissions",
        "SLACK_APP_TOKEN": "make one with connections:write at api.slack.com/apps, Basic Information, App-Level Tokens",
    }
)
"""What to do about a token that Slack does not take."""

_SERVER_ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "connect-refused": "nobody listens at its host and port; correct them, or start the server",
        "connect-dns": "its host is not known; correct it",
        "connect-timeout": "its host does not answer; correct host and port, or look for a firewall in between",
        "tls-certificate": "the server's certificate is not for its host, or is not trusted; correct the host",
        "connect-certificate": "the server's certificate is not for its host, or is not trusted; correct the host",
        "no-starttls": "the server offers no encryption; take its port for encrypted mail",
        "login": "user name or password is wrong, or missing",
        "no-login": "the server takes no password; leave user name and password out",
        "no-credit": "the account is empty; fill it up",
    }
)
_OTHERWISE: Final = "correct it, or ask whoever runs the server"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check. What `warns` keeps the bot from nothing, but is not as it should be."""

    what: str
    ok: bool
    says: str
    warns: bool = False

    def __str__(self) -> str:
        judged = "FAIL" if not self.ok else "warn" if self.warns else "ok  "
        return f"{judged}  {self.what:<10}{self.says}"


def run(given: Settings) -> Iterator[Finding]:
    """Look at everything in turn; each finding is given as soon as it is known.

    Raises:
        WrongUrl: if an address in the settings cannot be used.
    """
    senders = wiring.senders(given, SystemClock())
    try:
        yield Finding("settings", ok=True, says="complete")
        scopes, found = _manifest()
        yield found
        client = web_client(given.slack_bot_token.get_secret_value(), given.slack_api_url)
        team_id = None
        for finding, identity in _slack(client, scopes):
            team_id = identity.team_id if identity else team_id
            yield finding
        yield _way_in(given, client)
        yield from _database(given, team_id)
        yield from _senders(senders)
    finally:
        senders.close()


def _manifest() -> tuple[frozenset[str], Finding]:
    try:
        scopes = manifest.bot_scopes(manifest.read())
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        says = f"manifest.yml cannot be read ({type(error).__name__}); install the bot anew"
        return frozenset(), Finding("manifest", ok=False, says=says)
    return scopes, Finding("manifest", ok=True, says=f"asks for {', '.join(sorted(scopes))}")


def _slack(client: WebClient, wanted: frozenset[str]) -> Iterator[tuple[Finding, Identity | None]]:
    try:
        found = identify(client)
    except TokenRefused as refused:
        yield Finding("slack", ok=False, says=_refused(refused)), None
        return
    except SlackAway as away:
        yield Finding("slack", ok=False, says=_away(away)), None
        return
    yield Finding("slack", ok=True, says=f"signed in to workspace {found.team_id} as {found.user_id}"), found
    if found.scopes is None:
        return
    missing = wanted - found.scopes
    says = "the token has every scope of manifest.yml"
    if missing:
        says = (
            f"the token lacks {', '.join(sorted(missing))}; bring the app in line with manifest.yml and install it anew"
        )
    yield Finding("scopes", ok=not missing, says=says), None


def _way_in(given: Settings, client: WebClient) -> Finding:
    if given.http_address is not None:
        return _http(given.http_address)
    return _socket(client, given.slack_app_token.get_secret_value() if given.slack_app_token else "")


def _http(address: Address) -> Finding:
    try:
        listening_socket(address.host, address.port).close()
    except CannotListen as problem:
        return Finding("http", ok=False, says=no_listening(problem))
    return Finding("http", ok=True, says=f"HTTP_ADDRESS can be listened at; Slack's requests go to its {SLACK_PATH}")


def no_listening(problem: CannotListen) -> str:
    """What to do about an address that cannot be listened at."""
    return (
        f"HTTP_ADDRESS cannot be listened at ({problem}); "
        "is it one of this machine's addresses, and does nothing else, or another bot, listen there?"
    )


def _socket(client: WebClient, app_token: str) -> Finding:
    try:
        require_socket(client, app_token)
    except TokenRefused as refused:
        return Finding("socket", ok=False, says=_refused(refused))
    except SlackAway as away:
        return Finding("socket", ok=False, says=_away(away))
    return Finding("socket", ok=True, says="Socket Mode can be opened")


def _refused(refused: TokenRefused) -> str:
    return f"{refused}; {WHERE_TOKENS_ARE[refused.setting]}"


def _away(away: SlackAway) -> str:
    return f"Slack cannot be reached at SLACK_API_URL ({away}); is this machine online, and the address right?"


def _database(given: Settings, team_id: str | None) -> Iterator[Finding]:
    database = wiring.open_database(given.database_url.get_secret_value())
    try:
        wiring.require_schema(database)
        yield Finding("database", ok=True, says="reached, and at this version's schema")
        if database.is_open_to_others():
            says = (
                "other users of this machine may open its file; chmod 600 it, and what is called -wal or -shm beside it"
            )
            yield Finding("database", ok=True, says=says, warns=True)
        if team_id is not None:
            yield _clinics(database, team_id)
    except DatabaseAway as away:
        yield Finding("database", ok=False, says=no_database(away))
    except SchemaMismatch as mismatch:
        yield Finding("database", ok=False, says=str(mismatch))
    finally:
        database.close()


def no_database(away: DatabaseAway) -> str:
    """What to do about a database that does not answer."""
    if isinstance(away, DatabaseBusy):
        return (
            f"DATABASE_URL is held by another process ({away}); stop the bots and whatever else uses it, and try again"
        )
    return (
        f"DATABASE_URL cannot be reached ({away}); "
        "is the server running, is there such a database or folder, and are user and password right?"
    )


def _clinics(database: Database, team_id: str) -> Finding:
    try:
        found = workspaces.clinics_of(database, team_id)
    except NotSetUp:
        says = (
            "none in this workspace yet; an administrator sets one up in Slack with /reminder settings, "
            "or run: reminder-bot clinic load FILE"
        )
        return Finding("clinics", ok=True, says=says, warns=True)
    return Finding("clinics", ok=True, says=f"{len(found)} in this workspace")


def _senders(senders: Senders) -> Iterator[Finding]:
    for name, setting, sender in (("e-mail", "SMTP_URL", senders.email), ("sms", "SMS_URL", senders.sms)):
        if sender is None:
            yield Finding(name, ok=True, says=f"not offered: {setting} is not set")
            continue
        trouble = sender.probe()
        if trouble is None:
            yield Finding(name, ok=True, says="the server answers")
        else:
            advice = _SERVER_ADVICE.get(trouble.code, _OTHERWISE)
            yield Finding(name, ok=False, says=f"{setting} cannot be used ({trouble.code}): {advice}")
