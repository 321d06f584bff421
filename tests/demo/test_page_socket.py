from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3
from slack_bolt import Ack
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bot.demo.clock import MovableClock
from bot.demo.definition import Channel, Definition, User
from bot.demo.errors import Refusal
from bot.demo.files import LARGEST_INPUT
from bot.demo.server import LocalWorkspace
from bot.demo.timings import Timings
from tests.demo.sample_app import (
    ANNA,
    BO,
    DEFINITION,
    GENERAL,
    MANIFEST,
    NAME,
    actions,
    bolt_app,
    button,
    client_of,
    connected,
    connected_by_socket,
    form,
    input_block,
    option,
)


class Tab:
    """One open tab of the page, as its script is: requests out, replies and snapshots in."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0
        self.snapshot: dict[str, Any] = {}

    def until(self, found: Any) -> dict[str, Any]:
        while not self.snapshot or not found(self.snapshot):
            self._receive()
        return self.snapshot

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        self._count += 1
        self._socket.send(json.dumps({"type": kind, "id": self._count, **fields}))
        while True:
            message = self._receive()
            if message["type"] == "reply":
                assert message["id"] == self._count
                return message

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=10))
        if message["type"] == "snapshot":
            self.snapshot = message["snapshot"]
        return message


def _address(workspace: LocalWorkspace, user: str, key: str | None = None) -> tuple[str, str]:
    page = urlsplit(workspace.page_url)
    key = parse_qs(page.query)["key"][0] if key is None else key
    return f"ws://{page.netloc}/page/socket?key={key}&user={user}", f"http://{page.netloc}"


@contextmanager
def tab_of(workspace: LocalWorkspace, user: str) -> Iterator[Tab]:
    address, origin = _address(workspace, user)
    with connect(address, origin=Origin(origin)) as socket:
        yield Tab(socket)


def test_the_page_is_served_with_a_strict_policy_and_to_its_own_names_only(workspace: LocalWorkspace) -> None:
    page = urlsplit(workspace.page_url)
    answer = urllib3.request("GET", workspace.page_url)
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert urllib3.request("GET", f"http://localhost:{page.port}/").status == 200
    assert urllib3.request("GET", workspace.page_url, headers={"host": "evil.test"}).status == 421
    assert urllib3.request("GET", f"http://{page.netloc}/page/../../PAGE.md").status == 404


def test_the_socket_opens_to_the_page_alone(workspace: LocalWorkspace) -> None:
    address, origin = _address(workspace, ANNA.id)
    wrong_key, _ = _address(workspace, ANNA.id, key="guess")
    stranger, _ = _address(workspace, "U404")
    for target, claimed in [
        (wrong_key, origin),
        (stranger, origin),
        (address, "http://evil.test"),
        (address, "null"),
        (address, None),
    ]:
        with pytest.raises(InvalidStatus) as caught:
            connect(target, origin=Origin(claimed) if claimed else None)
        assert caught.value.response.status_code == 403


def test_a_snapshot_shows_what_this_person_sees(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    client.chat_postMessage(channel=GENERAL.id, text="for all")
    client.chat_postEphemeral(channel=GENERAL.id, user=BO.id, text="for Bo")
    with tab_of(workspace, ANNA.id) as anna, tab_of(workspace, BO.id) as bo:
        of_anna = anna.until(lambda _: True)
        of_bo = bo.until(lambda _: True)
        assert [channel["name"] for channel in of_anna["channels"]] == ["general", "quiet", "old", "secret"]
        assert [channel["name"] for channel in of_bo["channels"]] == ["general"]
        assert [message["text"] for message in of_anna["channels"][0]["messages"]] == ["for all"]
        assert [message["text"] for message in of_bo["channels"][0]["messages"]] == ["for all", "for Bo"]
        assert of_bo["channels"][0]["unread"] == 2
        assert of_bo["me"]["locale"] == "sv-SE"
        assert [user["is_bot"] for user in of_bo["users"]] == [False, False, False, True]
        assert of_bo["app"]["commands"][0]["command"] == "/sample"
        assert of_bo["connected"] is False
        assert bo.ask("read", channel=GENERAL.id)["ok"]
        assert bo.until(lambda snapshot: snapshot["channels"][0]["unread"] == 0)
        assert anna.ask("say", channel=GENERAL.id, text="hi")["ok"]
        bo.until(lambda snapshot: snapshot["channels"][0]["messages"][-1]["text"] == "hi")
        assert bo.ask("say", channel="C0SECRET001", text="let me in")["error"] == "not_in_channel"
        assert bo.ask("dance")["error"] == "unknown_request"
        assert bo.ask("submit")["error"] == "invalid_request"


def test_a_snapshot_says_in_whose_zone_a_person_reads_and_who_is_in_a_channel() -> None:
    mika = User(id="U0MIKA00001", name="mika", real_name="Mika Suomi", locale="fi-FI", zone="Europe/Helsinki")
    partner = User(id="U0PART00001", name="pat", real_name="Pat", team_id="T0OTHER0001", deactivated=True)
    shared = Channel(id="C0SHARED001", name="shared", members=(mika.id, partner.id), is_private=True)
    definition = Definition(users=(mika, partner), channels=(shared,))
    with LocalWorkspace(definition, manifest=MANIFEST) as workspace, tab_of(workspace, mika.id) as tab:
        snapshot = tab.until(lambda _: True)
        assert snapshot["me"]["zone"] == "Europe/Helsinki"
        assert [user["deactivated"] for user in snapshot["users"]] == [False, True, False]
        (channel,) = snapshot["channels"]
        assert channel["members"] == [mika.id, partner.id]
        assert (channel["is_private"], channel["is_shared"]) == (True, True)


def test_the_app_is_told_which_of_its_tabs_a_person_opens(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    told: list[tuple[str, str]] = []
    app.event("app_home_opened")(lambda event: told.append((event["user"], event["tab"])))
    with connected(app, workspace), tab_of(workspace, ANNA.id) as tab:
        assert tab.ask("open_app", tab="home")["ok"]
        assert tab.ask("open_app", tab="messages")["ok"]
        assert tab.ask("open_app", tab="about")["error"] == "invalid_request"
        workspace.person("anna").wait_for(lambda: len(told) == 2)
    assert sorted(told) == [(ANNA.id, "home"), (ANNA.id, "messages")]


def test_a_file_for_a_form_is_taken_from_the_page_alone_and_read_by_the_app(workspace: LocalWorkspace) -> None:
    address = urlsplit(workspace.page_url)
    origin = f"http://{address.netloc}"
    (key,) = parse_qs(address.query)["key"]

    def post(content: bytes, claimed: str = origin, **fields: str) -> urllib3.BaseHTTPResponse:
        query = urlencode({"key": key, "user": ANNA.id, "name": "list.csv", **fields})
        return urllib3.request("POST", f"{origin}/page/files?{query}", body=content, headers={"origin": claimed})

    taken = post(b"a;b")
    assert taken.status == 200
    file = taken.json()
    assert (file["name"], file["size"], file["user"]) == ("list.csv", 3, ANNA.id)
    with_token = {"authorization": f"Bearer {workspace.bot_token}"}
    assert urllib3.request("GET", file["url_private"], headers=with_token).data == b"a;b"
    assert post(b"a;b", claimed="http://evil.test").status == 403
    assert post(b"a;b", key="wrong").status == 403
    assert post(b"a;b", user="U404").status == 403
    assert post(b"").status == 400
    assert post(b"a;b", name="").status == 400
    assert post(b"x" * (10 * 1024 * 1024 + 1)).status == 200
    assert post(b"x" * (LARGEST_INPUT + 1)).status == 413


def test_a_form_is_worked_through_from_the_page(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    pets = input_block("pet", {"type": "external_select", "action_id": "pet-select"}, optional=True)

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(NAME, pets, actions("row", button("more"))))
        ack()

    app.options("pet-select")(lambda ack: ack(options=[option("Bella", "7")]))
    app.action("more")(lambda ack: ack())
    app.view("form")(lambda ack: ack(response_action="errors", errors={"name": "taken"}))

    with connected(app, workspace), tab_of(workspace, ANNA.id) as tab:
        assert tab.ask("command", channel=GENERAL.id, text="/nothing")["error"] == "unknown_command"
        assert tab.ask("command", channel=GENERAL.id, text="/sample now")["ok"]
        view = tab.until(lambda snapshot: snapshot["modals"])["modals"][0]
        surface = {"view_id": view["id"]}
        found = tab.ask("suggest", surface=surface, block_id="pet", action_id="pet-select", value="Bel", state={})
        assert found["options"][0]["value"] == "7"
        typed = {"name": {"name-input": {"type": "plain_text_input", "value": "Kim"}}}
        assert tab.ask("typed", view_id=view["id"], state=typed)["ok"]
        with tab_of(workspace, ANNA.id) as reloaded:
            again = reloaded.until(lambda snapshot: snapshot["modals"])["modals"][0]
            assert again["state"]["values"]["name"]["name-input"]["value"] == "Kim"
        action = {"type": "button"}
        assert tab.ask("action", surface=surface, block_id="row", action_id="more", action=action, state=typed)["ok"]
        assert tab.ask("submit", view_id=view["id"], state=typed) == {
            "type": "reply",
            "id": 6,
            "ok": False,
            "errors": {"name": "taken"},
        }
        with tab_of(workspace, BO.id) as bo:
            assert bo.ask("submit", view_id=view["id"], state=typed)["error"] == "not_found"
        assert tab.ask("close", view_id=view["id"], cleared=True)["ok"]
        tab.until(lambda snapshot: not snapshot["modals"])


def test_time_is_skipped_from_the_page() -> None:
    start = datetime.fromisoformat("2026-11-23T08:00:00+00:00")
    clock = MovableClock(start)
    moments = [start + timedelta(days=5)]
    with (
        LocalWorkspace(
            DEFINITION, manifest=MANIFEST, clock=clock, next_moment=lambda: moments[0] if moments else None
        ) as workspace,
        tab_of(workspace, ANNA.id) as tab,
    ):
        shown = tab.until(lambda _: True)["clock"]
        assert (shown["zone"], shown["next_send"]) == ("Europe/Stockholm", "2026-11-28T08:00:00+00:00")
        assert tab.ask("skip", to="next_send")["ok"]
        moments.clear()
        assert tab.ask("skip", to="next_send")["error"] == "nothing_waiting"
        assert tab.ask("skip", to="day")["ok"]
        tab.until(lambda snapshot: snapshot["clock"]["next_send"] is None)
        assert timedelta(days=6) <= clock.now() - start < timedelta(days=6, minutes=5)


def test_a_workspace_starts_again_after_it_stopped_and_not_twice() -> None:
    workspace = LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=Timings())
    workspace.stop()
    for _ in range(2):
        workspace.start()
        with pytest.raises(RuntimeError, match="running"):
            workspace.start()
        assert client_of(workspace).auth_test()["ok"]
        workspace.stop()


def test_stopping_closes_open_tabs_and_ends_what_waits(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    reached, go_on = threading.Event(), threading.Event()

    @app.command("/sample")
    def slow(ack: Ack) -> None:
        reached.set()
        go_on.wait(10)
        ack()

    with (
        connected_by_socket(app, workspace) as handler,
        tab_of(workspace, ANNA.id) as tab,
        ThreadPoolExecutor(1) as waiting,
    ):
        tab.until(lambda _: True)
        handler.client.auto_reconnect_enabled = False
        command = waiting.submit(workspace.person("anna").command, "/sample")
        reached.wait(10)
        workspace.stop()
        with pytest.raises(Refusal):
            command.result(timeout=2)
        go_on.set()


@pytest.mark.parametrize("steps", range(8))
def test_stopping_ends_a_tab_that_has_just_heard_of_a_change(steps: int) -> None:
    """The change is heard so many turns of the event loop before the stop."""
    workspace = LocalWorkspace(DEFINITION, manifest=MANIFEST)
    workspace.start()
    with tab_of(workspace, ANNA.id) as tab:
        tab.until(lambda _: True)
        loop, stopping = workspace._loop, workspace._stopping
        assert loop is not None
        assert stopping is not None

        def after(turns: int) -> None:
            if turns:
                loop.call_soon(after, turns - 1)
            else:
                workspace.refresh()

        def both() -> None:
            stopping.set()
            after(steps)

        loop.call_soon_threadsafe(both)
        ended = threading.Thread(target=workspace.stop, daemon=True)
        ended.start()
        ended.join(10)
        assert not ended.is_alive()
