from __future__ import annotations

import ast
import io
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request import BoltRequest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs

NAME = "Astrid Lindqvist"
ADDRESS = "astrid.lindqvist@example.com"
PHONE = "+46701740605"
TEXT = "Dags för Majas vaccination"
PRIVATE = (NAME, "Astrid", "Lindqvist", ADDRESS, PHONE, "46701740605", "0701740605", TEXT, "Maja")


@pytest.fixture
def as_before() -> Iterator[None]:
    """What `configure` sets for the whole process is set back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    logging.captureWarnings(capture=False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    structlog.reset_defaults()


@pytest.fixture(params=["json", "text"])
def log(request: pytest.FixtureRequest, as_before: None) -> Iterator[io.StringIO]:  # noqa: ARG001
    """The log in each format; nothing private may stand in it when the test ends."""
    stream = io.StringIO()
    logs.configure("DEBUG", request.param, stream)
    yield stream
    written = stream.getvalue()
    assert not [private for private in PRIVATE if private in written]


@pytest.fixture
def lines(as_before: None) -> Callable[[], list[dict[str, Any]]]:  # noqa: ARG001
    stream = io.StringIO()
    logs.configure("INFO", "json", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(message: str) -> None:
    secret = message
    raise ValueError(f"cannot send to {secret}")


def test_a_line_of_ours_tells_event_ids_codes_level_and_time(lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger().info("delivery-sent", delivery=7, channel="email", seconds=0.25, code="a1b2c3")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivery-sent",
        "level": "info",
        "delivery": 7,
        "channel": "email",
        "seconds": 0.25,
        "code": "a1b2c3",
    }


def test_a_field_that_is_not_on_the_list_is_withheld_by_name(log: io.StringIO) -> None:
    structlog.get_logger().info("delivery-sent", delivery=7, client=NAME, to=ADDRESS, body={"text": TEXT})
    assert "withheld" in log.getvalue()
    assert "client" in log.getvalue()
    assert "7" in log.getvalue()


@pytest.mark.parametrize("private", [NAME, ADDRESS, PHONE, "0701740605", TEXT, [NAME], {"a": ADDRESS}])
def test_a_field_on_the_list_holds_nothing_of_another_shape(log: io.StringIO, private: object) -> None:
    fields = logs.NUMBERS | logs.CODES
    structlog.get_logger().warning("delivery-sent", **dict.fromkeys(fields, private))
    assert log.getvalue().count(logs.WITHHELD) == len(fields)


def test_an_event_is_a_name_and_nothing_else(log: io.StringIO) -> None:
    structlog.get_logger().info(f"sent to {NAME}")
    structlog.get_logger().info("sent to %s", ADDRESS)
    assert log.getvalue().count(logs.WITHHELD) == 2


def test_a_field_s_name_can_carry_nothing_either(log: io.StringIO) -> None:
    structlog.get_logger().info("sent", **{f"to {NAME}": 1})
    assert logs.WITHHELD in log.getvalue()


def test_what_is_bound_to_the_thread_passes_the_same_gate(log: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(client=NAME, code="a1b2c3"):
        structlog.get_logger().info("sent")
    assert "a1b2c3" in log.getvalue()


def test_an_exception_is_told_by_type_and_frames_only(log: io.StringIO) -> None:
    try:
        try:
            fail(f"{NAME} {PHONE}")
        except ValueError as error:
            raise RuntimeError(f"no luck with {ADDRESS}") from error
    except RuntimeError:
        structlog.get_logger().exception("delivery-broken", delivery=7)
    written = log.getvalue()
    assert "RuntimeError" in written
    assert "ValueError" in written
    assert "tests/logs/test_logs.py" in written
    assert "in fail" in written


def test_a_group_of_exceptions_is_told_by_its_types(log: io.StringIO) -> None:
    structlog.get_logger().error("broken", exc_info=ExceptionGroup(NAME, [ValueError(ADDRESS), KeyError(PHONE)]))
    assert "ExceptionGroup of KeyError, ValueError" in log.getvalue()


def test_a_library_s_message_is_told_by_its_place_alone(log: io.StringIO) -> None:
    logging.getLogger("some.library").warning("Unhandled request: %s", {"user": NAME, "text": TEXT})
    logging.getLogger("some.library").error(f"cannot reach {ADDRESS}", stack_info=True)  # noqa: G004
    written = log.getvalue()
    assert written.count("library-message") == 2
    assert "some.library" in written
    assert "tests/logs/test_logs.py" in written


def test_an_exception_in_a_library_is_told_by_type_and_frames_only(log: io.StringIO) -> None:
    try:
        fail(NAME)
    except ValueError:
        logging.getLogger("some.library").exception("Error: %s", TEXT)
    assert "ValueError" in log.getvalue()
    assert "in fail" in log.getvalue()


def test_what_libraries_tell_below_a_warning_is_dropped(log: io.StringIO) -> None:
    logging.getLogger("slack_sdk").debug("Sending %s", NAME)
    logging.getLogger("apscheduler").info("Running job %s", NAME)
    assert log.getvalue() == ""


def test_bolt_s_unhandled_request_shows_nothing_of_the_request(log: io.StringIO) -> None:
    installed = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U2", bot_token="xoxb-1")
    app = App(signing_secret="s" * 32, authorize=lambda: installed, request_verification_enabled=False)
    body = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "name": NAME},
        "actions": [{"value": TEXT}],
    }
    response = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert response.status == 404
    assert "library-message" in log.getvalue()
    assert "slack_bolt" in log.getvalue()


def test_the_database_s_error_shows_nothing_of_the_statement(log: io.StringIO) -> None:
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT * FROM missing WHERE name = :name"), {"name": NAME})
    except SQLAlchemyError:
        structlog.get_logger().exception("database-away")
    engine.dispose()
    assert "sqlalchemy.exc.OperationalError" in log.getvalue()


def test_a_warning_shows_nothing_of_its_text(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"odd: {ADDRESS}", stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "py.warnings" in log.getvalue()


def test_a_thread_that_dies_is_told_without_its_message(log: io.StringIO) -> None:
    thread = threading.Thread(target=fail, args=(NAME,))
    hook, threading.excepthook = threading.excepthook, logs._uncaught_in_thread
    thread.start()
    thread.join()
    threading.excepthook = hook
    assert "uncaught-in-thread" in log.getvalue()
    assert "ValueError" in log.getvalue()


def test_an_uncaught_exception_ends_the_process_with_a_guarded_line() -> None:
    source = f"from bot import logs; logs.configure('INFO', 'json'); raise ValueError({NAME!r})"
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert json.loads(ended.stderr)["event"] == "uncaught"
    assert NAME not in ended.stderr + ended.stdout


def test_lines_below_the_level_are_dropped(lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger().debug("looked")
    structlog.get_logger().warning("odd")
    assert [line["event"] for line in lines()] == ["odd"]


def test_a_full_disk_does_not_stop_the_work(as_before: None) -> None:  # noqa: ARG001
    full = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - closing it fails as well
    logs.configure("INFO", "json", full)
    structlog.get_logger().info("sent", delivery=7)
    logging.getLogger("some.library").warning("odd")
    with pytest.raises(OSError, match="No space"):
        full.close()


def test_every_line_in_the_source_uses_fields_that_pass() -> None:
    project = Path(logs.__file__).parents[1]
    wrong: list[str] = []
    levels = {"debug", "info", "warning", "error", "critical", "exception"}
    for file in sorted((project / "bot").rglob("*.py")):
        if "demo" in file.parts or file.name == "logs.py":
            continue
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=level)) if (
                    name in {"_log", "log", "_logger", "logger"} and level in levels
                ):
                    fields = (
                        {keyword.arg or "**" for keyword in call.keywords} - logs.NUMBERS - logs.CODES - {"exc_info"}
                    )
                    event = call.args[0] if len(call.args) == 1 else None
                    named = isinstance(event, ast.Constant) and logs._event(event.value) == event.value
                    if fields or not named:
                        wrong.append(f"{file.relative_to(project)}:{call.lineno}: {sorted(fields)}")
    assert not wrong
