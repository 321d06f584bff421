"""What is answered at the bot's address, and what happens to a request while the bot stops?"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.web.server import MOST_BYTES, CannotListen, WebServer


class Answering:
    """Repeats what it is sent, once it may."""

    def __init__(self) -> None:
        self.ready = True
        self.asked: list[bytes] = []
        self.under_way = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def answer(self, _request: Request, body: bytes) -> Response:
        self.asked.append(body)
        self.under_way.set()
        await run_in_threadpool(self.may_answer.wait, 10)
        return PlainTextResponse(body)


@pytest.fixture
def answering() -> Answering:
    return Answering()


@pytest.fixture
def server(answering: Answering) -> Iterator[WebServer]:
    made = WebServer("127.0.0.1", 0, answering.answer, lambda: answering.ready, patience=0.5)
    made.open()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False, timeout=10) as pool:
        yield pool


def base(server: WebServer) -> str:
    return server.slack_url.removesuffix("/slack/events")


def connection(server: WebServer) -> socket.socket:
    host, _, port = base(server).removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def status_of(url: str) -> int:
    with urllib3.PoolManager(retries=False, timeout=10) as pool:
        return pool.request("GET", url).status


def read_to_the_end(stream: socket.socket) -> bytes:
    return b"".join(iter(lambda: stream.recv(65536), b""))


def test_what_is_posted_to_the_slack_path_is_handed_on_as_it_came(
    server: WebServer, answering: Answering, http: urllib3.PoolManager
) -> None:
    answer = http.request("POST", server.slack_url, body=b"a=%C3%A5\x00\xff")
    assert (answer.status, answer.data) == (200, b"a=%C3%A5\x00\xff")
    assert answering.asked == [b"a=%C3%A5\x00\xff"]
    assert "server" not in answer.headers


def test_whoever_keeps_it_running_is_told_whether_it_lives_and_is_ready(
    server: WebServer, answering: Answering, http: urllib3.PoolManager
) -> None:
    assert http.request("GET", base(server) + "/livez").status == 200
    assert http.request("GET", base(server) + "/readyz").status == 200
    answering.ready = False
    assert http.request("GET", base(server) + "/readyz").status == 503
    assert http.request("GET", base(server) + "/livez").status == 200


def test_slacks_requests_do_not_wait_for_those_who_ask_whether_it_is_ready(
    answering: Answering, http: urllib3.PoolManager
) -> None:
    looked: list[int] = []
    may_look = threading.Event()

    def look() -> bool:
        looked.append(1)
        return may_look.wait(10)

    server = WebServer("127.0.0.1", 0, answering.answer, look)
    server.open()
    try:
        with ThreadPoolExecutor(60) as askers:
            asked = [askers.submit(status_of, base(server) + "/readyz") for _ in range(60)]
            while not looked:
                http.request("GET", base(server) + "/livez")
            try:
                assert http.request("POST", server.slack_url, body=b"Slack", timeout=5).data == b"Slack"
            finally:
                may_look.set()
            assert [one.result(10) for one in asked] == [200] * 60
        assert len(looked) < 10
        assert status_of(base(server) + "/readyz") == 200
    finally:
        server.close()


def test_a_check_of_the_certificate_may_come_as_get_and_nothing_else_may(
    server: WebServer, answering: Answering, http: urllib3.PoolManager
) -> None:
    assert http.request("GET", server.slack_url + "?ssl_check=1&token=x").status == 200
    assert http.request("GET", server.slack_url).status == 405
    assert http.request("PUT", server.slack_url, body=b"x").status == 405
    assert http.request("POST", base(server) + "/elsewhere", body=b"x").status == 404
    assert not answering.asked


def test_a_request_may_be_two_megabytes_long_and_no_longer(
    server: WebServer, answering: Answering, http: urllib3.PoolManager
) -> None:
    assert http.request("POST", server.slack_url, body=b"x" * MOST_BYTES).status == 200
    with connection(server) as stream:
        stream.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2000001\r\n\r\n")
        assert read_to_the_end(stream).startswith(b"HTTP/1.1 413 ")  # without waiting for the rest
    with connection(server) as stream:
        stream.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(2):
            stream.sendall(b"f4241\r\n" + b"x" * 1_000_001 + b"\r\n")
        assert stream.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert [len(body) for body in answering.asked] == [MOST_BYTES]


def test_a_request_that_does_not_come_to_its_end_is_given_up(server: WebServer, answering: Answering) -> None:
    with connection(server) as stream:
        stream.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        assert read_to_the_end(stream).startswith(b"HTTP/1.1 408 ")
    assert not answering.asked


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\n",
        b"PUT /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a second head", "a body that nobody wants"],
)
@pytest.mark.parametrize("more", [b"", b"x"], ids=["silent", "dribbling"])
def test_a_connection_is_closed_over_which_no_request_comes(server: WebServer, beginning: bytes, more: bytes) -> None:
    with connection(server) as stream:
        stream.sendall(beginning)
        stream.settimeout(0.1)
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            try:
                stream.sendall(more)
                if not stream.recv(65536):
                    return
            except TimeoutError:
                continue
            except (ConnectionResetError, BrokenPipeError):
                return
    pytest.fail("it is open still")


def test_many_silent_connections_keep_nobody_out_for_long(server: WebServer, http: urllib3.PoolManager) -> None:
    with contextlib.ExitStack() as silent:
        streams = [silent.enter_context(connection(server)) for _ in range(205)]
        for stream in streams:
            assert stream.recv(1) == b""
        assert http.request("GET", base(server) + "/livez").status == 200


def test_an_answer_may_take_longer_than_a_request(
    server: WebServer, answering: Answering, http: urllib3.PoolManager
) -> None:
    answering.may_answer.clear()
    threading.Timer(1.0, answering.may_answer.set).start()
    assert http.request("POST", server.slack_url, body=b"slow").data == b"slow"


def test_while_it_stops_nothing_new_is_taken_and_what_is_under_way_is_answered(
    server: WebServer, answering: Answering
) -> None:
    answering.may_answer.clear()
    with connection(server) as stream:
        stream.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        assert answering.under_way.wait(10)
        closing = threading.Thread(target=server.close)
        closing.start()
        refused = False
        while not refused:
            try:
                connection(server).close()
            except (ConnectionRefusedError, ConnectionResetError):
                refused = True
        assert closing.is_alive()
        answering.may_answer.set()
        assert read_to_the_end(stream).endswith(b"\r\n\r\nabc")
        closing.join(10)
        assert not closing.is_alive()


def test_an_address_that_is_taken_or_elsewhere_is_named_in_a_word(server: WebServer, answering: Answering) -> None:
    port = int(base(server).rpartition(":")[2])
    with pytest.raises(CannotListen, match=r"^EADDRINUSE$"):
        WebServer("127.0.0.1", port, answering.answer, lambda: True).open()
    with pytest.raises(CannotListen, match=r"^EADDRNOTAVAIL$"):
        WebServer("192.0.2.1", 0, answering.answer, lambda: True).open()


def test_a_server_that_was_never_opened_can_be_closed(answering: Answering) -> None:
    WebServer("127.0.0.1", 0, answering.answer, lambda: True).close()
