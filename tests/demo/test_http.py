from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import Ack, App
from slack_sdk.signature import SignatureVerifier

from bot.demo.delivery import NotAcknowledged, NotConnected
from bot.demo.errors import Refusal
from bot.demo.request_url import signature
from bot.demo.server import LocalWorkspace
from tests.channels import peers
from tests.demo.sample_app import DEFINITION, HASTY, MANIFEST, bolt_app, served

Answer = tuple[int, dict[str, str], bytes]


class Received:
    """One request as it came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method = handler.command
        self.target = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@contextlib.contextmanager
def listening(answer: Callable[[Received], Answer], *, verifies: bool = True) -> Iterator[tuple[str, list[Received]]]:
    """A server that repeats the challenge and answers everything else as told; its address and what it received."""
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            asked = Received(self)
            if verifies and b"url_verification" in asked.body:
                status, headers, body = 200, {"Content-Type": "text/plain"}, asked.json["challenge"].encode()
            else:
                received.append(asked)
                status, headers, body = answer(asked)
            with contextlib.suppress(OSError):  # who asked may have gone
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        do_GET = do_POST = respond  # noqa: N815 - the names are the base class's

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the base class's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/slack/events", received
        finally:
            server.shutdown()
            thread.join()


def ok(_asked: Received) -> Answer:
    return 200, {}, b""


def test_a_command_is_a_signed_form_and_the_answer_s_text_is_shown(workspace: LocalWorkspace) -> None:
    with listening(lambda _asked: (200, {"Content-Type": "text/plain; charset=utf-8"}, "tack å".encode())) as (
        url,
        got,
    ):
        workspace.send_to(url)
        anna = workspace.person("anna")
        anna.command("/sample", "echo å & 2 = ü")
    (asked,) = got
    assert (asked.method, asked.target) == ("POST", "/slack/events")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.form["text"] == "echo å & 2 = ü"
    assert asked.form["command"] == "/sample"
    assert asked.form["is_enterprise_install"] == "false"
    assert SignatureVerifier(workspace.signing_secret).is_valid_request(asked.body, asked.headers)
    assert abs(int(asked.headers["x-slack-request-timestamp"]) - time.time()) < 60
    assert "x-slack-retry-num" not in asked.headers
    assert anna.messages("general")[-1].text == "tack å"


def test_the_signature_is_of_the_machine_s_time_when_the_workspace_s_clock_is_moved(workspace: LocalWorkspace) -> None:
    workspace.skip("day")
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack("in time"))
    with served(app) as url:
        workspace.send_to(url)
        workspace.person("anna").command("/sample")
    assert workspace.person("anna").messages("general")[-1].text == "in time"


def test_interactivity_is_a_form_with_json_in_its_payload(workspace: LocalWorkspace) -> None:
    with listening(ok) as (url, got):
        workspace.send_to(url)
        workspace.person("anna").shortcut("open-form")
    assert list(got[0].form) == ["payload"]
    payload = json.loads(got[0].form["payload"])
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "open-form")
    assert SignatureVerifier(workspace.signing_secret).is_valid_request(got[0].body, got[0].headers)


def test_an_event_is_json_and_is_sent_again_with_number_and_reason() -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=HASTY) as workspace:
        gone_on = threading.Event()

        def answer(_asked: Received) -> Answer:
            match len(got):
                case 1:
                    return 500, {}, b""
                case 2:
                    gone_on.wait(10)
            return 200, {}, b""

        with listening(answer) as (url, got):
            workspace.send_to(url)
            anna = workspace.person("anna")
            anna.open_home()
            anna.wait_for(lambda: len(got) == 3)
            gone_on.set()
        assert {asked.headers["content-type"] for asked in got} == {"application/json"}
        assert [asked.headers.get("x-slack-retry-num") for asked in got] == [None, "1", "2"]
        assert [asked.headers.get("x-slack-retry-reason") for asked in got] == [None, "http_error", "http_timeout"]
        assert len({asked.json["event_id"] for asked in got}) == 1
        assert got[0].json["event"]["type"] == "app_home_opened"


def test_an_event_is_not_sent_again_where_the_app_asks_not_to(hasty_workspace: LocalWorkspace) -> None:
    with listening(lambda _asked: (503, {"X-Slack-No-Retry": "1"}, b"")) as (url, got):
        hasty_workspace.send_to(url)
        anna = hasty_workspace.person("anna")
        anna.open_home()
        anna.say("general", "another event")
        anna.wait_for(lambda: len(got) == 2)
        # All retries together would have taken 0.15 seconds.
        with pytest.raises(TimeoutError):
            anna.wait_for(lambda: len(got) > 2, timeout=0.5)
    assert {asked.json["event"]["type"] for asked in got} == {"app_home_opened", "message"}


def test_an_app_that_listens_again_gets_the_event_with_connection_failed(hasty_workspace: LocalWorkspace) -> None:
    with listening(ok) as (url, _):
        hasty_workspace.send_to(url)
    hasty_workspace.person("anna").open_home()
    with listening(ok) as (elsewhere, got):
        hasty_workspace.send_to(elsewhere)
        hasty_workspace.person("anna").wait_for(lambda: got)
    assert got[0].headers["x-slack-retry-reason"] == "connection_failed"


@pytest.mark.parametrize(("redirects", "arrives"), [(2, True), (3, False)])
def test_two_redirects_are_followed(workspace: LocalWorkspace, redirects: int, arrives: bool) -> None:
    def answer(_asked: Received) -> Answer:
        step = len(got)
        return (200, {}, b"") if step > redirects else (302, {"Location": f"/step/{step}"}, b"")

    with listening(answer) as (url, got):
        workspace.send_to(url)
        with contextlib.nullcontext() if arrives else pytest.raises(Refusal, match="operation_timeout"):
            workspace.person("anna").command("/sample")
    assert [asked.target for asked in got] == ["/slack/events", "/step/1", "/step/2"][: len(got)]
    assert len(got) == 3


def test_what_the_app_answers_instead_of_200_is_told_to_who_asked(workspace: LocalWorkspace) -> None:
    with listening(lambda _asked: (401, {}, b"")) as (url, _):
        workspace.send_to(url)
        with pytest.raises(Refusal, match="http_service_error: the app answered with HTTP 401"):
            workspace.person("anna").command("/sample")
        with pytest.raises(Refusal, match="trouble: the app answered with HTTP 401"):
            workspace.person("anna").shortcut("open-form")
    with pytest.raises(Refusal, match="not_connected"):
        workspace.person("anna").command("/sample")


def test_a_command_is_not_waited_for_longer_than_slack_does(hasty_workspace: LocalWorkspace) -> None:
    gone_on = threading.Event()

    def answer(asked: Received) -> Answer:
        gone_on.wait(10)
        return ok(asked)

    with listening(answer) as (url, _):
        hasty_workspace.send_to(url)
        started = time.monotonic()
        with pytest.raises(Refusal, match="operation_timeout: the app did not answer in time"):
            hasty_workspace.person("anna").command("/sample")
        assert 0.9 < time.monotonic() - started < 5
        gone_on.set()


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        ((200, {"Content-Type": "text/plain"}, b"something else"), "does not repeat the challenge"),
        ((200, {"Content-Type": "application/json"}, b"{"), "JSON that cannot be read"),
        ((404, {}, b""), "HTTP 404"),
    ],
)
def test_an_address_that_does_not_answer_the_challenge_is_not_taken(
    workspace: LocalWorkspace, answered: Answer, told: str
) -> None:
    refused = pytest.raises(Refusal, match=f"url_not_verified: .*{told}")
    with listening(lambda _asked: answered, verifies=False) as (url, _), refused:
        workspace.send_to(url)
    assert not workspace.connected
    with pytest.raises(Refusal, match="url_not_verified: nobody answers there"):
        workspace.send_to(f"http://127.0.0.1:{peers.unused_port()}/slack/events")


def test_an_address_whose_certificate_cannot_be_verified_is_not_taken(workspace: LocalWorkspace) -> None:
    with peers.elks_server(tls=True) as server, pytest.raises(Refusal, match=r"url_not_verified: ssl_error: CERT"):
        workspace.send_to(f"https://localhost:{server.port}/slack/events")


def test_an_empty_workspace_waits_for_the_app_that_is_started_after_it(tmp_path: Path) -> None:
    (tmp_path / "manifest.yml").write_text(json.dumps(MANIFEST))
    url = f"http://127.0.0.1:{peers.unused_port()}/slack/events"
    command = [sys.executable, "-m", "bot.demo", "--manifest", str(tmp_path / "manifest.yml"), "--request-url", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        try:
            secret = next(line for line in lines if "SLACK_SIGNING_SECRET=" in line).strip().partition("=")[2]
            waiting = next(line for line in lines if line.strip())
            assert waiting.strip() == "Stop with Ctrl+C. Nothing is kept."
            assert "Waiting for the app" in next(line for line in lines if line.strip())
            app = App(signing_secret=secret, token="xoxb-1", token_verification_enabled=False)
            with served(app, int(url.split(":")[2].partition("/")[0])):
                assert f"The app answers at {url}" in next(line for line in lines if line.strip())
        finally:
            process.terminate()
            process.stdout.read()
    assert process.returncode == 0


def test_a_workspace_with_a_request_url_verifies_it_before_anything_else() -> None:
    nowhere = f"http://127.0.0.1:{peers.unused_port()}/slack/events"
    with pytest.raises(Refusal, match="url_not_verified"):
        LocalWorkspace(DEFINITION, manifest=MANIFEST, request_url=nowhere).start()
    with listening(ok) as (url, got), LocalWorkspace(DEFINITION, manifest=MANIFEST, request_url=url) as workspace:
        assert workspace.connected
        workspace.person("anna").command("/sample")
    assert len(got) == 1


def test_an_unmodified_app_answers_the_challenge_and_the_check_of_its_certificate(workspace: LocalWorkspace) -> None:
    with served(bolt_app(workspace)) as url:
        workspace.send_to(url)
        workspace.check_certificate()
        with pytest.raises(NotAcknowledged, match="HTTP 404"):  # Bolt knows the POST of today's documentation only
            workspace.check_certificate("GET")
    with pytest.raises(NotConnected):
        workspace.check_certificate()
    with listening(ok) as (url, got):
        workspace.send_to(url)
        workspace.check_certificate()
        workspace.check_certificate("GET")
    assert got[0].form["ssl_check"] == "1"
    assert got[1].target.startswith("/slack/events?ssl_check=1&token=")
    assert not any("x-slack-signature" in asked.headers for asked in got)


@pytest.mark.parametrize(
    ("secret", "age", "status"),
    [("right", 0, 200), ("right", 290, 200), ("right", 310, 401), ("right", -330, 401), ("wrong", 0, 401)],
)
def test_an_unmodified_app_takes_what_is_signed_with_the_secret_and_not_old(
    workspace: LocalWorkspace, secret: str, age: int, status: int
) -> None:
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack("taken"))
    body = b"command=%2Fsample&user_id=U0ANNA00001&team_id=T0LOCAL0001"
    timestamp = str(int(time.time()) - age)
    with served(app) as url:
        signed = signature(workspace.signing_secret if secret == "right" else "0" * 32, timestamp, body)
        request = urllib.request.Request(  # noqa: S310 - an address of our own
            url,
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": signed,
            },
        )
        assert answered_status(request) == status


def test_a_command_may_be_answered_with_json_that_can_be_read(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)

    @app.command("/sample")
    def answer(ack: Ack) -> None:
        ack({"response_type": "in_channel", "text": "for all"})

    with served(app) as url:
        workspace.send_to(url)
        workspace.person("anna").command("/sample")
        assert workspace.person("bo").messages("general")[-1].text == "for all"
    with listening(lambda _asked: (200, {"Content-Type": "application/json"}, b"{not json")) as (url, _):
        workspace.send_to(url)
        with pytest.raises(Refusal, match=r"invalid_command_response: .*JSON that cannot be read"):
            workspace.person("anna").command("/sample")


def answered_status(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - an address of our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
