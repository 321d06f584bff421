from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt import Ack, Respond, Say
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.demo.errors import Refusal
from bot.demo.server import LocalWorkspace
from bot.demo.socket_mode import _lost
from bot.demo.timings import Timings
from tests.demo.sample_app import (
    ANNA,
    BO,
    DEFINITION,
    GENERAL,
    MANIFEST,
    actions,
    bolt_app,
    both_ways,
    button,
    client_of,
    connected,
    connected_by_socket,
    option,
    section,
)

HOME = {"type": "home", "blocks": [section("Welcome"), actions("row", button("start", value="7"))]}


def address(workspace: LocalWorkspace) -> str:
    return str(client_of(workspace).apps_connections_open(app_token=workspace.app_token)["url"])


def hello_of(socket: ClientConnection) -> dict[str, Any]:
    hello: dict[str, Any] = json.loads(socket.recv(5))
    assert hello["type"] == "hello"
    return hello


@both_ways
def test_home_is_published_when_it_is_opened_and_its_buttons_work(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    events: list[dict[str, Any]] = []
    pressed: list[dict[str, Any]] = []

    @app.event("app_home_opened")
    def publish(body: dict[str, Any], client: WebClient) -> None:
        events.append(body)
        client.views_publish(user_id=body["event"]["user"], view=HOME)

    @app.action("start")
    def start(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        pressed.append(body)

    with connected(app, workspace):
        anna = workspace.person("anna")
        assert anna.home is None
        anna.open_home()
        home = anna.wait_for(lambda: anna.home)
        assert home is not None
        anna.press(home, "start")
    assert events[0]["event"]["tab"] == "home"
    assert "view" not in events[0]["event"]
    assert events[0]["event_id"].startswith("Ev")
    assert pressed[0]["container"] == {"type": "view", "view_id": home.id}
    assert pressed[0]["actions"][0]["value"] == "7"
    client = client_of(workspace)
    client.views_publish(user_id=ANNA.id, view=HOME)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id=ANNA.id, view=HOME, hash=home.hash)


def test_an_event_the_manifest_does_not_ask_for_is_not_sent(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    heard: list[str] = []

    @app.event("message")
    def hear(event: dict[str, Any]) -> None:
        heard.append(event["channel_type"])

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.say("dm", "message.im is not subscribed")
        anna.say("general", "message.channels is")
        anna.wait_for(lambda: heard)
    assert heard == ["channel"]


@both_ways
def test_a_button_on_a_message_is_answered_through_its_response_url(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    pressed: list[dict[str, Any]] = []

    @app.action("done")
    def done(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        pressed.append(body)
        respond(text="only for you", replace_original=False)
        respond(text="done", blocks=[section("done")], replace_original=True)

    with connected(app, workspace):
        anna, bo = workspace.person("anna"), workspace.person("bo")
        client_of(workspace).chat_postMessage(
            channel=GENERAL.id, text="task", blocks=[section("task"), actions("row", button("done"))]
        )
        anna.press(anna.messages("general")[0], "done")
        anna.wait_for(lambda: anna.messages("general")[0].shown() == "done")
    assert [message.text for message in bo.messages("general")] == ["done"]
    assert anna.messages("general")[1].ephemeral
    payload = pressed[0]
    assert payload["container"]["is_ephemeral"] is False
    assert payload["message"]["text"] == "task"
    assert payload["channel"] == {"id": GENERAL.id, "name": "general"}
    assert payload["state"] == {"values": {}}


def test_an_ephemeral_message_is_replaced_and_deleted_through_its_response_url_five_times(
    workspace: LocalWorkspace,
) -> None:
    app = bolt_app(workspace)
    addresses: list[str] = []

    @app.action("go")
    def go(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        assert "message" not in body
        addresses.append(body["response_url"])

    with connected(app, workspace):
        anna = workspace.person("anna")
        client_of(workspace).chat_postEphemeral(
            channel=GENERAL.id, user=ANNA.id, text="x", blocks=[actions("row", button("go"))]
        )
        anna.press(anna.messages("general")[0], "go")
    webhook = WebhookClient(addresses[0])
    assert webhook.send(text="", response_type="ephemeral").status_code == 400
    assert webhook.send(text="changed", replace_original=True).body == "ok"
    assert [message.text for message in anna.messages("general")] == ["changed"]
    assert webhook.send(text="new").status_code == 200
    assert webhook.send(text="for all", response_type="in_channel").status_code == 200
    assert webhook.send(delete_original=True).status_code == 200
    assert [message.text for message in anna.messages("general")] == ["new", "for all"]
    assert webhook.send(text="the fifth, since what was refused cost nothing").status_code == 200
    assert "used_url" in webhook.send(text="once more").body


@both_ways
def test_menus_on_a_message_are_used_and_a_deleted_message_can_still_be_answered(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    told: list[dict[str, Any]] = []

    def note(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        told.append(body)
        if body["actions"][0]["action_id"] == "menu":
            respond(delete_original=True)
            respond("gone")

    for action_id in ("pick", "who", "menu"):
        app.action(action_id)(note)
    options = [option("One", "1"), option("Two", "2")]
    menus = actions(
        "row",
        {"type": "static_select", "action_id": "pick", "options": options},
        {"type": "users_select", "action_id": "who"},
        {"type": "overflow", "action_id": "menu", "options": options},
    )
    with connected(app, workspace):
        anna = workspace.person("anna")
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="x", blocks=[menus])
        card = anna.messages("general")[0]
        anna.choose("pick", "Two", on=card)
        anna.choose("who", "Bo Svensk", on=card)
        anna.press(card, "menu", option="One")
        anna.wait_for(lambda: [message.text for message in anna.messages("general")] == ["gone"])
        with pytest.raises(Refusal, match="message_not_found"):
            anna.press(card, "menu", option="One")
    assert told[0]["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "2"
    assert told[1]["actions"][0]["selected_user"] == BO.id
    assert told[2]["actions"][0]["selected_option"]["value"] == "1"


def test_a_listener_that_says_nothing_leaves_the_presser_with_trouble(hasty_workspace: LocalWorkspace) -> None:
    app = bolt_app(hasty_workspace)
    with connected(app, hasty_workspace):
        anna = hasty_workspace.person("anna")
        client_of(hasty_workspace).chat_postMessage(
            channel=GENERAL.id, text="x", blocks=[actions("row", button("nobody"))]
        )
        with pytest.raises(Refusal, match="trouble"):
            anna.press(anna.messages("general")[0], "nobody")


def test_an_event_is_sent_again_until_it_is_acknowledged(hasty_workspace: LocalWorkspace) -> None:
    app = bolt_app(hasty_workspace)
    attempts: list[tuple[list[str], list[str]]] = []

    @app.event("app_home_opened")
    def fail_twice(request: Any) -> None:
        attempts.append((request.headers["x-slack-retry-num"], request.headers.get("x-slack-retry-reason", [])))
        if len(attempts) < 3:
            time.sleep(1.2)  # longer than the workspace waits

    app._process_before_response = True  # the event is acknowledged when the listener has returned
    app._listener_runner.process_before_response = True
    with connected(app, hasty_workspace):
        hasty_workspace.person("anna").open_home()
        hasty_workspace.person("anna").wait_for(lambda: len(attempts) == 3)
        time.sleep(0.3)
    assert [number for number, _ in attempts] == [["0"], ["1"], ["2"]]
    assert attempts[1][1] == ["timeout"]


def test_a_pending_request_fails_when_the_socket_drops_and_the_app_comes_back(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    reached = threading.Event()

    @app.command("/sample")
    def slow(ack: Ack, body: dict[str, Any]) -> None:
        if body["text"] == "slow":
            reached.set()
            time.sleep(1.0)
        ack("here")

    with connected(app, workspace):
        anna = workspace.person("anna")

        def drop() -> None:
            reached.wait(5)
            workspace.drop_sockets()

        dropper = threading.Thread(target=drop)
        dropper.start()
        started = time.monotonic()
        with pytest.raises(Refusal, match="operation_timeout"):
            anna.command("/sample", "slow")
        assert time.monotonic() - started < 2.9
        dropper.join()
        workspace.wait_until_connected()
        anna.command("/sample")
        assert anna.messages("general")[-1].text == "here"


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_the_app_takes_a_new_socket_when_it_is_asked_to(workspace: LocalWorkspace, reason: str) -> None:
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack("still here"))
    with connected_by_socket(app, workspace):
        anna = workspace.person("anna")
        before = workspace.socket_ids
        workspace.ask_to_reconnect(reason)
        # Both sockets are open for a moment, and the command is to go over the new one.
        anna.wait_for(lambda: workspace.socket_ids and not set(before) & set(workspace.socket_ids))
        anna.command("/sample")
    assert anna.messages("general")[-1].text == "still here"


def test_a_socket_address_is_good_for_one_socket(workspace: LocalWorkspace) -> None:
    single = address(workspace)
    with connect(single) as socket:
        hello_of(socket)
        with pytest.raises(InvalidStatus):
            connect(single)


def test_hello_counts_the_sockets_and_an_eleventh_is_told_that_it_is_one_too_many() -> None:
    unlimited = LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=Timings(rate_minute=0))
    with unlimited as workspace, ExitStack() as open_sockets:
        hellos = [hello_of(open_sockets.enter_context(connect(address(workspace)))) for _ in range(10)]
        assert [hello["num_connections"] for hello in hellos] == list(range(1, 11))
        with connect(address(workspace)) as eleventh:
            told = json.loads(eleventh.recv(5))
            assert (told["type"], told["reason"]) == ("disconnect", "too_many_websockets")
            with pytest.raises(ConnectionClosed):
                eleventh.recv(5)


def test_a_socket_that_was_asked_to_reconnect_is_closed_after_a_while() -> None:
    timings = Timings(disconnect=0.2)
    with LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=timings) as workspace:
        with connect(address(workspace)) as asked:
            hello_of(asked)
            workspace.ask_to_reconnect("warning")
            told = json.loads(asked.recv(5))
            assert (told["type"], told["reason"]) == ("disconnect", "warning")
            assert workspace.connected
            with pytest.raises(ConnectionClosed):
                asked.recv(5)
        assert [said.name for said in workspace.exchanges() if said.outcome == "sent"] == ["hello", "disconnect"]


def test_a_socket_that_is_debugged_is_said_to_last_six_minutes(workspace: LocalWorkspace) -> None:
    with connect(address(workspace)) as socket:
        assert hello_of(socket)["debug_info"]["approximate_connection_time"] == 18060
    with connect(address(workspace) + "&debug_reconnects=true") as socket:
        assert hello_of(socket)["debug_info"]["approximate_connection_time"] == 360


def test_each_envelope_goes_to_one_socket_and_an_event_accepts_no_payload(workspace: LocalWorkspace) -> None:
    anna = workspace.person("anna")
    with connect(address(workspace)) as first, connect(address(workspace)) as second, ThreadPoolExecutor(2) as acting:
        for socket in (first, second):
            hello_of(socket)
        acts = [acting.submit(anna.shortcut, "open-form"), acting.submit(anna.shortcut, "open-form")]
        interactive = [json.loads(socket.recv(5)) for socket in (first, second)]
        assert len({envelope["envelope_id"] for envelope in interactive}) == 2
        for socket, envelope in zip((first, second), interactive, strict=True):
            socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        for act in acts:
            act.result(5)
        anna.open_home()
        anna.open_home()
        events = [json.loads(socket.recv(5)) for socket in (first, second)]
        for socket, envelope in zip((first, second), events, strict=True):
            socket.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "not asked for"}}))
    assert [(one["type"], one["accepts_response_payload"]) for one in interactive] == [("interactive", True)] * 2
    assert [(one["type"], one["accepts_response_payload"]) for one in events] == [("events_api", False)] * 2
    assert [(one["retry_attempt"], one["retry_reason"]) for one in events] == [(0, "")] * 2
    assert "retry_attempt" not in interactive[0]


def test_an_event_whose_socket_is_lost_is_sent_again_over_another(workspace: LocalWorkspace) -> None:
    with connect(address(workspace)) as first, connect(address(workspace)) as second:
        for socket in (first, second):
            hello_of(socket)
        workspace.person("anna").open_home()
        lost = json.loads(first.recv(5))
        first.close()
        again = json.loads(second.recv(5))
        second.send(json.dumps({"envelope_id": again["envelope_id"]}))
    assert again["payload"] == lost["payload"]
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")


def test_two_sockets_share_the_work(workspace: LocalWorkspace) -> None:
    apps = [bolt_app(workspace), bolt_app(workspace)]
    heard: list[int] = []

    def listen(number: int) -> None:
        @apps[number].command("/sample")
        def hear(ack: Ack) -> None:
            heard.append(number)
            ack()

    listen(0)
    listen(1)
    with connected(apps[0], workspace), connected(apps[1], workspace):
        for _ in range(4):
            workspace.person("anna").command("/sample")
    assert sorted(heard) == [0, 0, 1, 1]


def test_say_in_a_listener_reaches_the_channel() -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        app = bolt_app(workspace)

        @app.command("/sample")
        def answer(ack: Ack, say: Say) -> None:
            ack()
            say(text="hello all")

        with connected(app, workspace):
            bo = workspace.person("bo")
            workspace.person("anna").command("/sample")
            assert bo.wait_for(lambda: bo.messages("general"))[0].text == "hello all"


@pytest.mark.parametrize("steps", range(6))
def test_stopping_waits_for_no_event_whose_socket_is_just_lost(steps: int) -> None:
    """The loss is seen so many turns of the event loop after the stop began."""
    workspace = LocalWorkspace(DEFINITION, manifest=MANIFEST)
    workspace.start()
    with connect(address(workspace)) as app:
        hello_of(app)
        workspace.person("anna").open_home()
        assert json.loads(app.recv(5))["type"] == "events_api"
        loop, stopping = workspace._loop, workspace._stopping
        assert loop is not None
        assert stopping is not None
        (connection,) = workspace._socket_mode._connections

        def after(turns: int) -> None:
            if turns:
                loop.call_soon(after, turns - 1)
            else:
                for waiting in connection.waiting.values():
                    if not waiting.done():
                        waiting.set_exception(_lost())

        def both() -> None:
            stopping.set()
            after(steps)

        loop.call_soon_threadsafe(both)
        ended = threading.Thread(target=workspace.stop, daemon=True)
        ended.start()
        ended.join(10)
        assert not ended.is_alive()
