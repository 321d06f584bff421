"""Which settings does the bot run with, and which of them is missing or wrong?

The only reader of the environment. A variable that is set there goes before the same one in `.env`; an empty one
counts as not set. Every problem is told at once, by the variable's name, with what is wrong and an example, and
never with the value: it may be a token or hold a password.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

ENV_FILE: Final = Path(".env")

EXAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SLACK_BOT_TOKEN": "xoxb-1234-5678-abcdef",
        "SLACK_APP_TOKEN": "xapp-1-A1234-5678-abcdef",
        "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
        "HTTP_ADDRESS": "127.0.0.1:3000",
        "SLACK_API_URL": "https://slack.com/api/",
        "DATABASE_URL": "sqlite:///reminders.sqlite3 or postgresql://bot:password@localhost/reminders",
        "SMTP_URL": "smtp://user:password@mail.example.com:587 or smtps://user:password@mail.example.com",
        "SMS_URL": "46elks://user:password@api.46elks.com",
        "EMAIL_AT_ONCE": "4",
        "SMS_AT_ONCE": "4",
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "json",
    }
)


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One variable that cannot be used: its name, what is wrong with it, and a value that would work."""

    variable: str
    what: str
    example: str

    def __str__(self) -> str:
        return f"{self.variable} {self.what}. Example: {self.variable}={self.example}"


class SettingsError(Exception):
    """The bot cannot start with these settings; one line for each problem, none of them with a value."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UnreadableFile(SettingsError):
    """The file of settings cannot be opened, or is no UTF-8 text."""

    def __init__(self, name: str) -> None:
        super().__init__(())
        what = "it needs to be a text that this user may open, saved as UTF-8, with one setting a line"
        self.args = (f"{name} cannot be read; {what}, such as LOG_LEVEL=INFO",)


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. Port 0 stands for any that is free."""

    host: str
    port: int


class LogLevel(StrEnum):
    """The least important message that is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    """One JSON object a line for machines, or aligned text for people."""

    JSON = "json"
    TEXT = "text"


def _bot_token(value: str) -> str:
    if value.startswith("xapp-"):
        raise ValueError("holds an app-level token (xapp-), which belongs in SLACK_APP_TOKEN")
    return _shaped(value, r"xoxb-[A-Za-z0-9-]+", "is not a bot token: it begins with xoxb-")


def _app_token(value: str) -> str:
    if value.startswith("xoxb-"):
        raise ValueError("holds a bot token (xoxb-), which belongs in SLACK_BOT_TOKEN")
    return _shaped(value, r"xapp-[A-Za-z0-9-]+", "is not an app-level token: it begins with xapp-")


def _signing_secret(value: str) -> str:
    return _shaped(value, r"[A-Za-z0-9]{16,}", "is not a signing secret: it is 16 or more letters and digits")


def _http_address(value: str) -> Address:
    _shaped(value, r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}", "is not a host and a port with ':' between them")
    host, _, port = value.rpartition(":")
    if int(port) > 65535:
        raise ValueError("has a port above 65535")
    return Address(host.strip("[]"), int(port))


def _api_url(value: str) -> str:
    host = _host(value, "http", "https")
    parts = urlsplit(value)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("has a user name, '?' or '#' in it, which cannot stand there")
    if parts.scheme.lower() == "http" and not _is_this_machine(host):
        raise ValueError("would send the tokens unencrypted: use https://, or http:// to this machine only")
    return value if value.endswith("/") else value + "/"


def _database_url(value: str) -> str:
    scheme = value.partition(":")[0].lower()
    if scheme == "postgres":
        raise ValueError("begins with postgres://; write postgresql://")
    if scheme in {"sqlite", "sqlite+pysqlite"}:
        file = _shaped(value, r"[a-z+]+:///.+", "names no file: three slashes and the file's name follow the colon")
        if "?" in file:
            raise ValueError("has options after '?', of which SQLite takes none here; end it with the file's name")
        if file.partition(":///")[2] == ":memory:":
            raise ValueError("keeps its rows in memory, where they are lost when the bot stops; name a file")
        if file.partition(":///")[2].startswith("file:"):
            raise ValueError("names its file by a URI: write its path instead of file:…")
        return value
    if scheme not in {"postgresql", "postgresql+psycopg"}:
        raise ValueError("is neither a sqlite:/// nor a postgresql:// address")
    _shaped(value, r"[a-z+]+://[^/]*/[^/?#]+(\?.*)?", "names no database: its name follows the host and a slash")
    _port(value)
    return value


def _smtp_url(value: str) -> str:
    _host(value, "smtp", "smtps")
    return value


def _sms_url(value: str) -> str:
    _host(value)
    return value


def _count(value: str) -> int:
    number = int(_shaped(str(value), r"[0-9]{1,2}", "is not a number from 1 to 64"))
    if not 1 <= number <= 64:
        raise ValueError("is not a number from 1 to 64")
    return number


def _shaped(value: str, pattern: str, otherwise: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(otherwise)
    return value


def _host(value: str, *schemes: str) -> str:
    scheme, mark, rest = value.partition("://")
    if not mark or (schemes and scheme.lower() not in schemes):
        raise ValueError(f"does not begin with {' or '.join(f'{one}://' for one in schemes or ('provider',))}")
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError("has a blank, a line end or a letter outside ASCII in it: percent-encode it")
    _port(value)
    host = urlsplit("//" + rest).hostname
    if not host:
        raise ValueError("names no host")
    return host


def _port(value: str) -> None:
    try:
        _ = urlsplit("//" + value.partition("://")[2]).port
    except ValueError:
        raise ValueError("has a host or port that cannot be read; the port is a number up to 65535") from None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(check: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: check(value.get_secret_value() if isinstance(value, SecretStr) else value))


def _one_of(members: type[StrEnum]) -> BeforeValidator:
    def chosen(value: str) -> str:
        for member in members:
            if value.lower() == member.value.lower():
                return member
        raise ValueError(f"is none of {', '.join(members)}")

    return BeforeValidator(chosen)


class DatabaseSettings(BaseSettings):
    """What `reminder-bot db upgrade` needs: the database, and how to log."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, env_file_encoding="utf-8-sig"
    )

    database_url: Annotated[SecretStr, _checked(_database_url)] = SecretStr("sqlite:///reminders.sqlite3")
    log_level: Annotated[LogLevel, _one_of(LogLevel)] = LogLevel.INFO
    log_format: Annotated[LogFormat, _one_of(LogFormat)] = LogFormat.TEXT

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing is read behind the back of `load`, which names the sources itself."""
        return (init_settings,)


class Settings(DatabaseSettings):
    """Everything `reminder-bot run` needs. A method whose address is `None` is not offered.

    With an `http_address` Slack sends its requests there, and there is a signing secret; else the bot opens a socket,
    and there is an app token.
    """

    slack_bot_token: Annotated[SecretStr, _checked(_bot_token)]
    slack_app_token: Annotated[SecretStr, _checked(_app_token)] | None = None
    http_address: Annotated[Address, _checked(_http_address)] | None = None
    slack_signing_secret: Annotated[SecretStr, _checked(_signing_secret)] | None = None
    slack_api_url: Annotated[str, _checked(_api_url)] = "https://slack.com/api/"
    """Ends with a slash."""
    smtp_url: Annotated[SecretStr, _checked(_smtp_url)] | None = None
    sms_url: Annotated[SecretStr, _checked(_sms_url)] | None = None
    email_at_once: Annotated[int, _checked(_count)] = 4
    sms_at_once: Annotated[int, _checked(_count)] = 4
    """How many messages the mail server, or the provider of SMS, is given at the same time."""


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Settings:
    """The settings in `environ` (the process's own environment if not given), then those in `env_file` if it exists.

    Raises:
        SettingsError: naming every variable that is missing or wrong, or the file that cannot be read.
    """
    return _load(Settings, environ, env_file)


def load_database(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> DatabaseSettings:
    """As `load`, for a command that needs no Slack.

    Raises:
        SettingsError: naming every variable that is missing or wrong.
    """
    return _load(DatabaseSettings, environ, env_file)


Loaded = TypeVar("Loaded", bound=DatabaseSettings)


def _load(kind: type[Loaded], environ: Mapping[str, str] | None, env_file: Path | None) -> Loaded:
    given = _of_file(kind, env_file)
    surroundings = os.environ if environ is None else environ
    for field in kind.model_fields:
        value = surroundings.get(field.upper(), "").strip()
        if value:
            given[field] = value
    found = [*_lacking(kind, given)]
    try:
        loaded = kind(**given)
    except ValidationError as error:
        found += [
            _problem(str(one["loc"][0]).upper(), one["type"], one["msg"])
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    else:
        if not found:
            return loaded
    order = [field.upper() for field in kind.model_fields]
    raise SettingsError(tuple(sorted(found, key=lambda problem: order.index(problem.variable))))


def _of_file(kind: type[Loaded], env_file: Path | None) -> dict[str, Any]:
    try:
        read = DotEnvSettingsSource(kind, env_file=env_file)()
    except (OSError, UnicodeError):
        raise UnreadableFile(str(env_file)) from None
    stripped = {field: str(read[field]).strip() for field in kind.model_fields if read.get(field) is not None}
    return {field: value for field, value in stripped.items() if value}


def _lacking(kind: type[DatabaseSettings], given: Mapping[str, str]) -> Iterator[Problem]:
    """What must be set because of what else is set or not: Slack is heard over a socket, or over HTTP."""
    if not issubclass(kind, Settings):
        return
    if "http_address" not in given and "slack_app_token" not in given:
        yield _problem("SLACK_APP_TOKEN", "missing", "")
    if "http_address" in given and "slack_signing_secret" not in given:
        what = "is not set, and HTTP_ADDRESS needs it"
        yield Problem("SLACK_SIGNING_SECRET", what, EXAMPLES["SLACK_SIGNING_SECRET"])


def _problem(variable: str, kind: str, what: str) -> Problem:
    # The messages of `ValueError`s are written above; pydantic's own could repeat the value one day.
    if kind == "missing":
        what = "is not set"
    elif kind == "value_error":
        what = what.removeprefix("Value error, ")
    else:
        what = "cannot be used"
    return Problem(variable, what, EXAMPLES[variable])
