"""Is what Slack signed listened to, and nothing else?"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from urllib3 import HTTPHeaderDict

from bot.slack.http_requests import HttpRequests
from bot.web.server import WebServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
COMMAND = b"command=%2Fsample&team_id=T1&user_id=U1&text=hello"
FORM = "application/x-www-form-urlencoded"


class Edge:
    """A Bolt app with one command behind the bot's own server."""

    def __init__(self) -> None:
        # Who installed it is known already, so that nobody is asked about the token.
        installed = AuthorizeResult(enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="U2", bot_token="xoxb-1")
        self.app = App(signing_secret=SECRET, authorize=lambda: installed)
        self.heard: list[str] = []
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.app.command("/sample")(self.listen)
        self.requests = HttpRequests(self.app, SECRET)
        self.server = WebServer("127.0.0.1", 0, self.requests.answer, lambda: True)

    def listen(self, ack: Ack, body: dict[str, str]) -> None:
        ack(f"heard {body['text']}")
        self.goes_on.wait(10)
        self.heard.append(body["text"])

    def post(self, body: bytes, content_type: str = FORM, **headers: str) -> urllib3.BaseHTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with urllib3.PoolManager(retries=False, timeout=10) as pool:
            return pool.request(
                "POST", self.server.slack_url, body=body, headers={"Content-Type": content_type, **named}
            )


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    made = Edge()
    made.server.open()
    try:
        yield made
    finally:
        made.goes_on.set()
        made.server.close()
        made.requests.close()


def signed(body: bytes, *, age: int = 0, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    found = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert found is not None
    return {"X_Slack_Request_Timestamp": timestamp, "X_Slack_Signature": found}


@pytest.mark.parametrize("age", [0, 290, -290])
def test_what_is_signed_and_not_older_than_five_minutes_is_listened_to(edge: Edge, age: int) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    answer = edge.post(challenge, "application/json", **signed(challenge, age=age))
    assert (answer.status, answer.json()) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize(
    "headers",
    [
        lambda: signed(COMMAND, secret="another"),
        lambda: signed(COMMAND + b"!"),
        lambda: signed(COMMAND, age=310),
        lambda: signed(COMMAND, age=-330),
        dict,
        lambda: {**signed(COMMAND), "X_Slack_Signature": ""},
        lambda: {**signed(COMMAND), "X_Slack_Signature": "v0=\xe5"},
        lambda: {**signed(COMMAND), "X_Slack_Request_Timestamp": "yesterday"},
        lambda: {**signed(COMMAND), "X_Slack_Request_Timestamp": "9" * 5000},
    ],
)
def test_what_is_wrongly_signed_or_old_is_refused(edge: Edge, headers: Callable[[], dict[str, str]]) -> None:
    assert edge.post(COMMAND, **headers()).status == 401
    assert not edge.heard


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
@pytest.mark.parametrize("good_first", [True, False])
@pytest.mark.parametrize("same", [True, False])
def test_a_header_that_comes_twice_is_refused(edge: Edge, name: str, good_first: bool, same: bool) -> None:
    good = {key.replace("_", "-"): value for key, value in signed(COMMAND).items()}
    other = good[name] if same else {"X-Slack-Signature": "v0=" + "0" * 64}.get(name, "1")
    values = [good[name], other] if good_first else [other, good[name]]
    headers = HTTPHeaderDict({"Content-Type": FORM, **{key: value for key, value in good.items() if key != name}})
    for value in values:
        headers.add(name, value)
    with urllib3.PoolManager(retries=False, timeout=10) as pool:
        assert pool.request("POST", edge.server.slack_url, body=COMMAND, headers=headers).status == 401
    assert not edge.heard


UNREADABLE = (
    (b"{", "application/json"),
    (b"[1]", "application/json"),
    (b"payload=%5B1%5D", FORM),
    (b"payload={", FORM),
    (b'{"a":' * 100_000, "application/json"),
)


@pytest.mark.parametrize(("body", "content_type"), [*UNREADABLE, (b"\xff\xfe", FORM), (b"ssl_check=1&" * 200, FORM)])
def test_what_is_not_signed_is_refused_without_being_read(edge: Edge, body: bytes, content_type: str) -> None:
    assert edge.post(body, content_type).status == 401


@pytest.mark.parametrize(("body", "content_type"), UNREADABLE)
def test_what_is_signed_and_cannot_be_read_is_refused(edge: Edge, body: bytes, content_type: str) -> None:
    assert edge.post(body, content_type, **signed(body)).status == 400


def test_a_signed_body_that_is_not_slacks_utf_8_is_refused(edge: Edge) -> None:
    # The signature cannot be made of it by slack_sdk; so it is made as Slack would.
    body, timestamp = b"text=\xff", str(int(time.time()))
    found = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X_Slack_Request_Timestamp": timestamp, "X_Slack_Signature": f"v0={found}"}
    assert edge.post(body, **headers).status == 401


def test_nobody_else_waits_while_a_long_request_is_read(edge: Edge) -> None:
    body = b"a=%41%41&" * 220_000
    with urllib3.PoolManager(retries=False, timeout=30) as pool, ThreadPoolExecutor(1) as sender:
        sent = time.monotonic()
        sending = sender.submit(edge.post, body, **signed(body))
        waited = [0.0]
        while not sending.done():
            asked = time.monotonic()
            assert pool.request("GET", edge.server.slack_url.removesuffix("/slack/events") + "/livez").status == 200
            waited.append(time.monotonic() - asked)
        assert max(waited) < (time.monotonic() - sent) / 2


def test_a_check_of_the_certificate_needs_no_signature(edge: Edge) -> None:
    answer = edge.post(b"ssl_check=1&token=x")
    assert (answer.status, answer.data) == (200, b"")


def test_stopping_waits_for_what_a_listener_does_after_its_acknowledgement(edge: Edge) -> None:
    edge.goes_on.clear()
    assert edge.post(COMMAND, **signed(COMMAND)).data == b"heard hello"
    edge.server.close()
    closing = threading.Thread(target=edge.requests.close)
    closing.start()
    assert not edge.heard
    assert closing.is_alive()
    edge.goes_on.set()
    closing.join(10)
    assert edge.heard == ["hello"]
