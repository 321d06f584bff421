"""Does `reminder-bot run` do the same where Slack sends its requests over HTTP?"""

from __future__ import annotations

import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot import checks, settings
from bot.demo.errors import Refusal
from bot.demonstration import Demo
from tests.acceptance.databases import on_sqlite
from tests.acceptance.processes import Process
from tests.acceptance.stage import ADDRESS, SUBJECT, Stage, ask_for_help, make_reminder, sends_in


@pytest.fixture
def over_http(stage: Stage) -> Stage:
    """The stage's bot listens at a free port, and has no app token."""
    del stage.settings["SLACK_APP_TOKEN"]
    stage.settings |= {"HTTP_ADDRESS": "127.0.0.1:0", "SLACK_SIGNING_SECRET": stage.workspace.signing_secret}
    return stage


def base(process: Process) -> str:
    """The address that it logged."""
    (event,) = [event for event in process.events if event["event"] == "listening"]
    return f"http://127.0.0.1:{event['port']}"


def status(url: str, body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(url, body, timeout=30) as answer:  # noqa: S310 - an address of our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@on_sqlite
def test_a_reminder_is_saved_and_sent_once_and_the_process_stops_cleanly(over_http: Stage) -> None:
    clinic = sends_in(-1)
    over_http.clinic_opens(clinic)
    process = over_http.run()
    workspace = over_http.workspace
    workspace.send_to(base(process) + "/slack/events")
    workspace.check_certificate()

    assert SUBJECT in make_reminder(over_http.staff, due=clinic.today)
    over_http.wait_for_states(sent=1)
    (mail,) = workspace.mailbox
    assert (mail.to, mail.subject) == (ADDRESS, SUBJECT)

    assert status(base(process) + "/readyz") == 200
    assert status(base(process) + "/slack/events", b"command=%2Freminder&text=new") == 401
    process.wait_for_event("request-refused")
    refused = [event for event in process.events if event["event"] == "request-refused"]
    assert [(event["level"], event["status"]) for event in refused] == [("warning", 401)]
    ended = process.stopped(signal.SIGTERM)
    assert (ended.status, ended.out) == (0, "")
    assert process.events[-1]["event"] == "stopped"
    with pytest.raises(Refusal, match="not_connected"):
        over_http.staff.command("/reminder", "new")


@on_sqlite
def test_the_check_says_whether_the_address_can_be_listened_at(over_http: Stage) -> None:
    def found(**changes: str) -> checks.Finding:
        (finding,) = [
            finding
            for finding in checks.run(settings.load({**over_http.settings, **changes}, env_file=None))
            if finding.what in ("http", "socket")
        ]
        return finding

    assert str(found()) == "ok    http      HTTP_ADDRESS can be listened at; Slack's requests go to its /slack/events"
    process = over_http.run()
    taken = base(process).removeprefix("http://")
    assert str(found(HTTP_ADDRESS=taken)).startswith(
        "FAIL  http      HTTP_ADDRESS cannot be listened at (EADDRINUSE); "
    )
    second = over_http.command("run", HTTP_ADDRESS=taken)
    assert second.status == 1
    assert "HTTP_ADDRESS cannot be listened at (EADDRINUSE)" in second.err


def test_the_demo_says_nothing_else_over_http(tmp_path: Path) -> None:
    with Process("demo", "--http", environment={}, folder=tmp_path) as process:
        process.wait_until(lambda: any("Ctrl+C" in line for line in process.out))
        ended = process.stopped(signal.SIGINT)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.count("http://") == 1


def test_the_demo_s_bot_answers_over_http_and_opens_no_socket(tmp_path: Path) -> None:
    demo = Demo(tmp_path, over_http=True)
    demo.start()
    try:
        workspace = demo._workspace
        assert not workspace._socket_mode.connected
        assert "/reminder new" in ask_for_help(workspace.person("james"))
    finally:
        demo.stop()
