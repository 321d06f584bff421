from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import EXAMPLES, Address, LogFormat, LogLevel, SettingsError, load, load_database

NEEDED = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A1-2-abc"}


def told(**changed: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load({**NEEDED, **changed}, env_file=None)
    return str(caught.value)


def test_two_tokens_are_enough_and_the_rest_has_defaults() -> None:
    settings = load(NEEDED, env_file=None)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-2-abc"
    assert settings.slack_app_token == SecretStr("xapp-1-A1-2-abc")
    assert settings.http_address is None
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url.get_secret_value() == "sqlite:///reminders.sqlite3"
    assert (settings.slack_signing_secret, settings.smtp_url, settings.sms_url) == (None, None, None)
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.TEXT)


def test_every_missing_variable_is_named_at_once_with_an_example() -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, env_file=None)
    assert [(problem.variable, problem.what) for problem in caught.value.problems] == [
        ("SLACK_BOT_TOKEN", "is not set"),
        ("SLACK_APP_TOKEN", "is not set"),
    ]
    assert "SLACK_BOT_TOKEN is not set. Example: SLACK_BOT_TOKEN=xoxb-" in str(caught.value)


def test_over_http_the_signing_secret_is_needed_and_the_app_token_is_not() -> None:
    over_http = {"SLACK_BOT_TOKEN": NEEDED["SLACK_BOT_TOKEN"], "HTTP_ADDRESS": "127.0.0.1:3000"}
    with pytest.raises(SettingsError) as caught:
        load({**over_http, "SLACK_BOT_TOKEN": "", "LOG_LEVEL": "loud"}, env_file=None)
    assert [(problem.variable, problem.what.partition(":")[0]) for problem in caught.value.problems] == [
        ("LOG_LEVEL", "is none of DEBUG, INFO, WARNING, ERROR"),
        ("SLACK_BOT_TOKEN", "is not set"),
        ("SLACK_SIGNING_SECRET", "is not set, and HTTP_ADDRESS needs it"),
    ]
    settings = load({**over_http, "SLACK_SIGNING_SECRET": EXAMPLES["SLACK_SIGNING_SECRET"]}, env_file=None)
    assert (settings.http_address, settings.slack_app_token) == (Address("127.0.0.1", 3000), None)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("0.0.0.0:80", Address("0.0.0.0", 80)),
        ("localhost:0", Address("localhost", 0)),
        ("[::1]:65535", Address("::1", 65535)),
    ],
)
def test_an_address_to_listen_at_is_a_host_and_a_port(value: str, address: Address) -> None:
    secret = EXAMPLES["SLACK_SIGNING_SECRET"]
    assert (
        load({**NEEDED, "HTTP_ADDRESS": value, "SLACK_SIGNING_SECRET": secret}, env_file=None).http_address == address
    )


def test_the_database_alone_needs_no_slack() -> None:
    settings = load_database({"DATABASE_URL": "sqlite:///other.sqlite3"}, env_file=None)
    assert settings.database_url.get_secret_value() == "sqlite:///other.sqlite3"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-A1-hunter2", "belongs in SLACK_APP_TOKEN"),
        ("SLACK_BOT_TOKEN", "hunter2", "it begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-1 hunter2", "it begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1-hunter2", "belongs in SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-", "it begins with xapp-"),
        ("SLACK_SIGNING_SECRET", "hunter2", "16 or more letters and digits"),
        ("HTTP_ADDRESS", "hunter2", "is not a host and a port"),
        ("HTTP_ADDRESS", "http://hunter2:80", "is not a host and a port"),
        ("HTTP_ADDRESS", ":3000", "is not a host and a port"),
        ("HTTP_ADDRESS", "hunter2:65536", "above 65535"),
        ("HTTP_ADDRESS", "hunter2:٣٠٠٠", "is not a host and a port"),
        ("SLACK_API_URL", "ftp://hunter2/", "http:// or https://"),
        ("SLACK_API_URL", "http://hunter2.example/", "unencrypted"),
        ("SLACK_API_URL", "https://hunter2@slack.com/api/", "user name"),
        ("SLACK_API_URL", "https://slack.com/api/?hunter2", "'?'"),
        ("SLACK_API_URL", "https:///hunter2", "names no host"),
        ("DATABASE_URL", "postgres://bot:hunter2@db/reminders", "write postgresql://"),
        ("DATABASE_URL", "postgresql://bot:hunter2@db", "names no database"),
        ("DATABASE_URL", "postgresql://bot:hunter2@db/", "names no database"),
        ("DATABASE_URL", "postgresql://bot:hunter2@db:port/reminders", "port"),
        ("DATABASE_URL", "mysql://bot:hunter2@db/reminders", "neither"),
        ("DATABASE_URL", "sqlite://hunter2.sqlite3", "names no file"),
        ("DATABASE_URL", "sqlite:///", "names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "in memory"),
        ("DATABASE_URL", "sqlite:///file:hunter2.sqlite3", "by a URI"),
        ("DATABASE_URL", "sqlite:///hunter2.sqlite3?timeout=abc", "options after '?'"),
        ("DATABASE_URL", "sqlite:///:memory:?x=1", "options after '?'"),
        ("DATABASE_URL", "sqlite:///file::memory:?uri=true", "options after '?'"),
        ("SMTP_URL", "hunter2", "smtp:// or smtps://"),
        ("SMTP_URL", "https://user:hunter2@mail.example.com", "smtp:// or smtps://"),
        ("SMTP_URL", "smtp://user:hunter2@", "names no host"),
        ("SMTP_URL", "smtp://user:hunter2@mail:99999", "port"),
        ("SMTP_URL", "smtp://user:hunter2 @mail", "percent-encode"),
        ("SMS_URL", "hunter2", "provider://"),
        ("SMS_URL", "46elks://", "names no host"),
        ("LOG_LEVEL", "hunter2", "none of DEBUG, INFO, WARNING, ERROR"),
        ("LOG_FORMAT", "hunter2", "none of json, text"),
    ],
)
def test_a_wrong_value_is_named_and_explained_but_never_repeated(variable: str, value: str, said: str) -> None:
    message = told(**{variable: value})
    assert message.startswith(f"{variable} ")
    assert said in message
    assert f"Example: {variable}={EXAMPLES[variable]}" in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "sqlite:////var/lib/reminders.sqlite3"),
        ("DATABASE_URL", "postgresql:///reminders?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql+psycopg://bot:p%40ss@[::1]:5432/reminders"),
        ("SMTP_URL", "smtp://127.0.0.1:2525"),
        ("SMTP_URL", "smtps://user%40clinic:p%2Fss@mail.example.com"),
        ("SMS_URL", "46elks://user:password@api.46elks.com"),
        ("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef"),
    ],
)
def test_a_good_value_is_kept_as_it_is(variable: str, value: str) -> None:
    kept = getattr(load({**NEEDED, variable: value}, env_file=None), variable.lower())
    assert kept.get_secret_value() == value


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/api", "http://localhost:8080/api/", "http://[::1]:8080/api/"])
def test_the_local_workspace_may_be_reached_unencrypted_and_its_address_ends_with_a_slash(url: str) -> None:
    assert load({**NEEDED, "SLACK_API_URL": url}, env_file=None).slack_api_url == url.removesuffix("/") + "/"


def test_every_variable_has_an_example_and_each_example_can_be_used() -> None:
    settings = load({name: example.partition(" or ")[0] for name, example in EXAMPLES.items()}, env_file=None)
    assert {name.upper() for name in type(settings).model_fields} == set(EXAMPLES)
    assert all(getattr(settings, name.lower()) is not None for name in EXAMPLES)


def test_the_file_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "\ufeffSLACK_BOT_TOKEN=xoxb-file\n# a note\nSLACK_APP_TOKEN='xapp-file'\nLOG_LEVEL=debug\nOTHER=1\nSMTP_URL=\n"
    )
    settings = load({"SLACK_BOT_TOKEN": " xoxb-environment ", "SLACK_APP_TOKEN": ""}, env_file=file)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-environment"
    assert settings.slack_app_token == SecretStr("xapp-file")
    assert settings.log_level is LogLevel.DEBUG
    assert settings.smtp_url is None


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"SLACK_BOT_TOKEN=xoxb-hunter\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env cannot be read; .* saved as UTF-8") as caught:
        load(NEEDED, env_file=file)
    assert "hunter" not in str(caught.value)
    assert ".env=" not in str(caught.value)


def test_without_a_mapping_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EXAMPLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    assert load(env_file=None).slack_bot_token.get_secret_value() == NEEDED["SLACK_BOT_TOKEN"]


def test_no_secret_is_shown_when_the_settings_are_printed() -> None:
    settings = load(
        {
            **{name: f"{value}-hunter2" for name, value in NEEDED.items()},
            "SLACK_SIGNING_SECRET": "hunter2hunter2hunter2",
            "DATABASE_URL": "postgresql://bot:hunter2@db/reminders",
            "SMTP_URL": "smtp://user:hunter2@mail",
            "SMS_URL": "46elks://user:hunter2@sms",
        },
        env_file=None,
    )
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_settings_cannot_be_changed() -> None:
    settings = load(NEEDED, env_file=None)
    with pytest.raises(ValidationError):
        settings.slack_api_url = "https://elsewhere.example/"
