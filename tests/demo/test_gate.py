"""Is nobody let in at the app's port but the app, and does nobody else use up its faults?"""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest
import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from bot.demo.gate import MOST_BYTES, MOST_UPLOADED
from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import GENERAL, client_of

FOREIGN = [
    ({"Host": "evil.example"}, 421),
    ({"Host": "evil.example:{port}"}, 421),
    ({"Host": "127.0.0.1"}, 421),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://127.0.0.1:{port}"}, 403),
]


def address(workspace: LocalWorkspace, path: str) -> str:
    return f"http://{urlsplit(workspace.api_url).netloc}{path}"


@pytest.mark.parametrize(("headers", "status"), FOREIGN)
def test_a_page_of_the_browser_is_refused_and_leaves_no_trace(
    workspace: LocalWorkspace, headers: dict[str, str], status: int
) -> None:
    workspace.fail_next("*", error="fatal_error", times=1)
    port = str(urlsplit(workspace.api_url).port)
    named = {name: value.replace("{port}", port) for name, value in headers.items()}
    token = {"Authorization": f"Bearer {workspace.bot_token}"}
    for path in ("/api/auth.test", "/a1/sms", "/actions/x", "/upload/v1/x", "/elsewhere"):
        assert urllib3.request("POST", address(workspace, path), body=b"", headers=token | named).status == status
    assert not workspace.exchanges()
    with pytest.raises(SlackApiError, match="fatal_error"):
        client_of(workspace).auth_test()


def test_this_machines_other_name_is_taken_too(workspace: LocalWorkspace) -> None:
    url = workspace.api_url.replace("127.0.0.1", "localhost")
    assert WebClient(token=workspace.bot_token, base_url=url).auth_test()["ok"]


def test_a_page_opens_no_socket(workspace: LocalWorkspace) -> None:
    opened = WebClient(base_url=workspace.api_url).apps_connections_open(app_token=workspace.app_token)
    for origin in ("https://evil.example", "null"):
        with pytest.raises(InvalidStatus), connect(opened["url"], origin=Origin(origin)):
            pass
    own = f"http://{urlsplit(workspace.api_url).netloc}"
    with connect(opened["url"], origin=Origin(own)) as opened_socket:  # as some libraries do
        assert json.loads(opened_socket.recv(10))["type"] == "hello"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/chat.postMessage", {}),
        ("/api/chat.postMessage?token=xoxb-wrong", {}),
        ("/api/chat.postMessage", {"Authorization": "Bearer xoxb-wrong"}),
        ("/a1/sms", {"Authorization": "Basic eDp4"}),
        ("/actions/T0LOCAL0001/1/x", {}),
        ("/commands/T0LOCAL0001/1/x", {}),
        ("/upload/v1/x", {}),
        ("/files-pri/x/y", {}),
        ("/elsewhere", {}),
    ],
)
def test_whoever_has_no_token_uses_up_no_fault(workspace: LocalWorkspace, path: str, headers: dict[str, str]) -> None:
    workspace.fail_next("*", error="fatal_error", times=1)
    urllib3.request("POST", address(workspace, path), body=b"", headers=headers)
    with pytest.raises(SlackApiError, match="fatal_error"):
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="x")


@pytest.mark.parametrize(
    ("path", "most"), [("/api/chat.postMessage", MOST_BYTES), ("/a1/sms", MOST_BYTES), ("/upload/v1/x", MOST_UPLOADED)]
)
def test_what_is_too_long_is_not_read(workspace: LocalWorkspace, path: str, most: int) -> None:
    url = address(workspace, path)
    assert urllib3.request("POST", url, body=b"x" * most).status != 413
    before = len(workspace.exchanges())
    name = urlsplit(url).netloc
    begun = f"POST {path} HTTP/1.1\r\nHost: {name}\r\n"
    # One that says how long it is, and is not waited for; and one that does not, and has to be read that far.
    announced = f"{begun}Content-Length: {most + 1}\r\n\r\n".encode()
    unannounced = f"{begun}Transfer-Encoding: chunked\r\n\r\n{most + 1:x}\r\n".encode() + b"x" * (most + 1)
    for sent in (announced, unannounced):
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=30) as stream:
            stream.sendall(sent)
            assert stream.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert len(workspace.exchanges()) == before
