"""Do calls fail as asked for, is the line slow or dead as asked for, and is all of it on record without a secret?"""

from __future__ import annotations

import contextlib
import copy
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.delivery import NotAcknowledged
from bot.demo.errors import Refusal
from bot.demo.faults import Fault
from bot.demo.record import LONGEST_TEXT, MOST_EXCHANGES, REDACTED, Record
from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import DEFINITION, GENERAL, MANIFEST, bolt_app, client_of, connected, served
from tests.demo.test_page_socket import tab_of


def impatient(workspace: LocalWorkspace, timeout: int = 30) -> WebClient:
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[], timeout=timeout)


def said(workspace: LocalWorkspace) -> list[str]:
    return [message.text for message in workspace.person("anna").messages("general")]


def test_whatever_is_nested_is_kept_on_record_as_far_as_it_can_be(workspace: LocalWorkspace) -> None:
    record = Record(workspace.clock.now)
    text: object = '{"token":"xoxb-1-secret"}'
    for _ in range(7):
        text = json.dumps(["[" * 60 + json.dumps(text) + "]" * 60])
    very_deep: object = text
    for _ in range(3000):
        very_deep = [very_deep]
    for given in (text, {"a": text}, {"a": "[" * 2900}, very_deep):
        record.add("app", "x", given, given, outcome="200", ok=True, milliseconds=1)
    assert len(record.after()) == 4
    assert "secret" not in str(record.after())


def test_a_call_is_never_answered_before_or_after_it_happened(workspace: LocalWorkspace) -> None:
    client = impatient(workspace, timeout=1)
    workspace.fail_next("chat.postMessage", time_out_before=True)
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel=GENERAL.id, text="before")
    assert said(workspace) == []
    workspace.fail_next("chat.postMessage", time_out_after=True)
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel=GENERAL.id, text="after")
    assert said(workspace) == ["after"]
    assert client.chat_postMessage(channel=GENERAL.id, text="well")["ok"]


def test_a_workspace_stops_though_somebody_waits_for_an_answer() -> None:
    workspace = LocalWorkspace(DEFINITION, manifest=MANIFEST)
    workspace.start()
    workspace.fail_next("auth.test", time_out_before=True)
    with ThreadPoolExecutor(1) as waiting:
        call = waiting.submit(impatient(workspace).auth_test)
        workspace.person("anna").wait_for(workspace.exchanges)
        started = time.monotonic()
        workspace.stop()
        with pytest.raises(OSError, match=r"reset|closed|refused"):
            call.result(timeout=5)
        assert time.monotonic() - started < 2


def test_an_event_is_on_its_way_until_it_is_acknowledged(workspace: LocalWorkspace) -> None:
    app, anna = bolt_app(workspace), workspace.person("anna")
    opened = threading.Event()

    @app.event("app_home_opened")
    def handle(ack: Ack) -> None:
        opened.set()
        ack()

    with connected(app, workspace):
        workspace.deliver_twice(True)
        workspace.slow_down(0.2)
        anna.open_home()
        assert workspace.is_sending
        assert not opened.is_set()
        anna.wait_for(lambda: not workspace.is_sending)
        assert opened.is_set()


def test_what_is_sent_again_later_is_not_on_its_way_until_then(workspace: LocalWorkspace) -> None:
    anna = workspace.person("anna")
    anna.open_home()
    anna.wait_for(lambda: not workspace.is_sending)
    assert [exchange.outcome for exchange in workspace.exchanges()] == ["not_connected"] * 2  # at once, and once more


def test_whatever_is_called_next_can_fail_and_only_so_often(workspace: LocalWorkspace) -> None:
    client = impatient(workspace)
    workspace.fail_next("*", error="fatal_error", times=2)
    for call in (client.auth_test, client.users_list):
        with pytest.raises(SlackApiError, match="fatal_error"):
            call()
    assert client.auth_test()["ok"]


def test_a_fault_has_one_way() -> None:
    with pytest.raises(ValueError, match="one of"):
        Fault(error="x", time_out_after=True)
    with pytest.raises(ValueError, match="one of"):
        Fault()


def test_slack_is_away_and_the_app_comes_back_by_itself(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack("here"))
    with connected(app, workspace):
        anna = workspace.person("anna")
        workspace.go_away(3600)
        anna.wait_for(lambda: not workspace.connected)
        with pytest.raises(OSError, match="reset"):
            impatient(workspace).auth_test()
        with pytest.raises(Refusal, match="not_connected"):
            anna.command("/sample")
        workspace.heal()
        workspace.wait_until_connected(timeout=20)
        anna.command("/sample")
        assert said(workspace) == ["here"]


def test_slack_is_back_by_itself_after_a_while(workspace: LocalWorkspace) -> None:
    client = impatient(workspace)
    workspace.go_away(0.4)
    with pytest.raises(OSError, match="reset"):
        client.auth_test()

    def answered() -> bool:
        try:
            return bool(client.auth_test()["ok"])
        except OSError:
            return False

    started = time.monotonic()
    workspace.person("anna").wait_for(answered)
    assert time.monotonic() - started < 2


def test_a_slow_network_delays_calls_and_what_the_app_is_sent(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack())
    with connected(app, workspace):
        workspace.slow_down(0.3)
        started = time.monotonic()
        impatient(workspace).auth_test()
        assert time.monotonic() - started >= 0.3
        started = time.monotonic()
        workspace.person("anna").command("/sample")
        assert time.monotonic() - started >= 0.3
        workspace.slow_down(0)
        started = time.monotonic()
        impatient(workspace).auth_test()
        assert time.monotonic() - started < 0.3


def test_each_call_is_on_record_with_its_answer_and_without_tokens(workspace: LocalWorkspace) -> None:
    client = impatient(workspace)
    client.chat_postMessage(channel=GENERAL.id, text=f"my token is {workspace.bot_token}")
    client.api_call("chat.postMessage", data={"token": workspace.bot_token, "channel": GENERAL.id, "text": "form"})
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C404", text="lost")
    client.apps_connections_open(app_token=workspace.app_token)
    workspace.fail_next("auth.test", status=500)
    with pytest.raises(SlackApiError):
        client.auth_test()
    posted, form, lost, opened, failed = workspace.exchanges()
    assert (posted.name, posted.towards, posted.outcome, posted.ok) == ("chat.postMessage", "workspace", "200", True)
    assert json.loads(posted.request) == {"channel": GENERAL.id, "text": f"my token is {REDACTED}"}
    assert json.loads(posted.answer)["message"]["text"] == f"my token is {REDACTED}"
    assert json.loads(form.request)["token"] == REDACTED
    assert (lost.ok, json.loads(lost.answer)["error"]) == (False, "channel_not_found")
    assert f"ticket={REDACTED}" in opened.answer
    assert (failed.ok, failed.outcome) == (False, "HTTP 500")
    whole = repr(workspace.exchanges())
    assert workspace.bot_token not in whole
    assert workspace.app_token not in whole
    assert workspace.exchanges(after=opened.id) == (failed,)


def test_the_greeting_and_the_parting_of_a_socket_are_on_record(workspace: LocalWorkspace) -> None:
    with connected(bolt_app(workspace), workspace):
        workspace.ask_to_reconnect("warning")
        workspace.person("anna").wait_for(
            lambda: [one.name for one in workspace.exchanges() if one.outcome == "sent"][:2] == ["hello", "disconnect"]
        )
    (parting,) = [one for one in workspace.exchanges() if one.name == "disconnect"]
    assert json.loads(parting.request)["reason"] == "warning"


def test_the_checks_of_an_address_are_on_record_and_no_secret_is(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    with served(app) as url:
        workspace.send_to(url)
        with contextlib.suppress(NotAcknowledged):  # the adapter wants a signature there
            workspace.check_certificate()
    client_of(workspace).chat_postMessage(channel=GENERAL.id, text=f"the secret is {workspace.signing_secret}")
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].append("files:write")
    with LocalWorkspace(DEFINITION, manifest=manifest) as other:
        address = client_of(other).files_getUploadURLExternal(filename="a", length=1)["upload_url"]
        assert address.rpartition("/")[2] not in repr(other.exchanges())
    names = [one.name for one in workspace.exchanges()]
    assert {"url_verification", "ssl_check"} <= set(names)
    assert workspace.signing_secret not in repr(workspace.exchanges())


def test_the_record_keeps_so_much_and_no_more(workspace: LocalWorkspace) -> None:
    record = Record(workspace.clock.now)
    for number in range(MOST_EXCHANGES + 5):
        record.add("app", str(number), "x" * 50_000, {"a": "y" * 50_000}, outcome="200", ok=True, milliseconds=1)
    kept = record.after()
    assert len(kept) == MOST_EXCHANGES
    assert kept[0].name == "5"
    assert max(len(kept[0].request), len(kept[0].answer)) < LONGEST_TEXT + 50


def test_what_the_app_is_told_is_on_record_with_what_it_answered(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack("hello"))
    app.event("app_home_opened")(lambda: None)
    anna = workspace.person("anna")
    with pytest.raises(Refusal, match="not_connected"):
        anna.command("/sample")
    with connected(app, workspace):
        anna.command("/sample", "now")
        anna.open_home()
        (told,) = anna.wait_for(lambda: [seen for seen in workspace.exchanges() if seen.name == "app_home_opened"])
        assert (told.towards, told.ok) == ("app", True)
    lost, command = [seen for seen in workspace.exchanges() if seen.name == "/sample"]
    assert (lost.outcome, lost.ok) == ("not_connected", False)
    assert (command.outcome, command.ok) == ("acknowledged", True)
    assert json.loads(command.request)["text"] == "now"
    assert json.loads(command.request)["token"] == REDACTED
    assert "hello" in command.answer


def test_everything_is_delivered_twice(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    heard: list[str] = []

    @app.command("/sample")
    @app.shortcut("open-form")
    def hear(ack: Ack, body: dict[str, str]) -> None:
        ack()
        heard.append("command" if "command" in body else "shortcut")

    app.event("app_home_opened")(lambda body: heard.append(body["event_id"]))
    with connected(app, workspace):
        workspace.deliver_twice(True)
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.shortcut("open-form")
        anna.open_home()
        anna.wait_for(lambda: len(heard) == 6)
        workspace.deliver_twice(False)
        anna.command("/sample")
    assert sorted(heard[:4]) == ["command", "command", "shortcut", "shortcut"]
    assert heard[4] == heard[5]
    assert heard[6:] == ["command"]


def test_the_page_asks_for_faults_and_for_the_record(workspace: LocalWorkspace) -> None:
    client = impatient(workspace)
    with tab_of(workspace, "U0ANNA00001") as tab:
        asked = tab.ask("fault", method="auth.test", error="fatal_error", times=2)
        assert asked["waiting"] == [{"method": "auth.test", "what": "fatal_error", "times": 2}]
        tab.ask("fault", method="auth.test", status=429, retry_after=7)
        for _ in range(2):
            with pytest.raises(SlackApiError, match="fatal_error"):
                client.auth_test()
        with pytest.raises(SlackApiError) as caught:
            client.auth_test()
        assert caught.value.response.headers["retry-after"] == "7"
        exchanges = tab.ask("record", after=0)["exchanges"]
        assert [exchange["outcome"] for exchange in exchanges] == ["fatal_error", "fatal_error", "HTTP 429"]
        assert tab.ask("record", after=exchanges[1]["id"])["exchanges"] == exchanges[2:]
        assert tab.ask("slow", seconds=0.1)["slow"] == 0.1
        assert tab.ask("twice", on=True)["twice"] is True
        assert 5 < tab.ask("away", seconds=10)["away"] <= 10
        assert tab.ask("clear") == {**tab.ask("faults"), "id": 8}
        assert tab.ask("faults")["away"] == 0
        assert client.auth_test()["ok"]
        assert tab.ask("reconnect", reason="warning")["ok"]
        assert tab.ask("reconnect", reason="bored")["error"] == "invalid_request"
        for seconds in (1e9, "soon", -1, None):
            assert tab.ask("away", seconds=seconds)["error"] == "invalid_request"
        wrong: list[dict[str, object]] = [
            {},
            {"error": "a", "status": 500},
            {"status": 200},
            {"error": "a", "times": 0},
        ]
        for fields in wrong:
            assert tab.ask("fault", method="auth.test", **fields)["error"] == "invalid_request"
        assert tab.ask("faults")["waiting"] == []
