"""Do replies belong to their message, wherever it is asked for: by methods, in events, at the page?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, Respond
from slack_sdk.errors import SlackApiError

from bot.demo.errors import Refusal
from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    ANNA,
    BO,
    DEFINITION,
    GENERAL,
    MANIFEST,
    QUIET,
    bolt_app,
    client_of,
    connected,
    section,
)
from tests.demo.test_page_socket import tab_of


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] += ["channels:history"]
    manifest["features"]["shortcuts"].append(
        {"name": "Translate", "type": "message", "callback_id": "translate", "description": "Translates it"}
    )
    with LocalWorkspace(DEFINITION, manifest=manifest) as running:
        yield running


def posted(workspace: LocalWorkspace, text: str, **more: Any) -> str:
    ts: str = client_of(workspace).chat_postMessage(channel=GENERAL.id, text=text, **more)["ts"]
    return ts


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def test_a_thread_is_its_parent_and_its_replies_and_history_has_the_parent_alone(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    ts = posted(workspace, "parent")
    reply = posted(workspace, "one", thread_ts=ts)
    workspace.person("anna").say("general", "two", thread_ts=reply)
    posted(workspace, "for all", thread_ts=ts, reply_broadcast=True)
    posted(workspace, "later")
    client.chat_postEphemeral(channel=GENERAL.id, user=ANNA.id, text="hidden", thread_ts=ts)
    history = client.conversations_history(channel=GENERAL.id)
    assert texts(history) == ["later", "for all", "parent"]
    assert history["messages"][1]["subtype"] == "thread_broadcast"
    parent = history["messages"][2]
    assert (parent["thread_ts"], parent["reply_count"]) == (ts, 3)
    assert parent["reply_users"] == [workspace.app.bot_user_id, ANNA.id]
    for asked in (ts, reply):
        thread = client.conversations_replies(channel=GENERAL.id, ts=asked)
        assert texts(thread) == ["parent", "one", "two", "for all"]
    assert thread["messages"][2]["parent_user_id"] == workspace.app.bot_user_id
    assert parent["latest_reply"] == thread["messages"][-1]["ts"]


def test_history_and_threads_come_in_pages_and_from_a_time(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    stamps = [posted(workspace, str(number)) for number in range(5)]
    pages = [(texts(page), page["has_more"]) for page in client.conversations_history(channel=GENERAL.id, limit=2)]
    assert pages == [(["4", "3"], True), (["2", "1"], True), (["0"], False)]
    between: dict[str, Any] = {"oldest": stamps[1], "latest": stamps[3]}
    assert texts(client.conversations_history(channel=GENERAL.id, **between)) == ["2"]
    assert texts(client.conversations_history(channel=GENERAL.id, inclusive=True, **between)) == ["3", "2", "1"]
    assert texts(client.conversations_replies(channel=GENERAL.id, ts=stamps[0])) == ["0"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": GENERAL.id, "cursor": "2"}, "invalid_cursor"),
        ({"channel": GENERAL.id, "cursor": "åäö"}, "invalid_cursor"),
        ({"channel": GENERAL.id, "limit": 1000}, "invalid_limit"),
        ({"channel": GENERAL.id, "limit": -1}, "invalid_limit"),
        ({"channel": GENERAL.id, "oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"channel": QUIET.id}, "not_in_channel"),
    ],
)
def test_history_refuses_what_slack_refuses(workspace: LocalWorkspace, arguments: dict[str, Any], error: str) -> None:
    posted(workspace, "x")
    with pytest.raises(SlackApiError) as caught:
        client_of(workspace).conversations_history(**arguments)
    assert caught.value.response["error"] == error


def test_a_thread_that_is_not_there_is_not_found(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.chat_postMessage(channel=GENERAL.id, text="x", thread_ts="1.000001")
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.conversations_replies(channel=GENERAL.id, ts="1.000001")
    with pytest.raises(Refusal, match="thread_not_found"):
        workspace.person("anna").say("general", "x", thread_ts="1.000001")


def test_the_app_hears_of_a_reply_and_the_page_shows_where_it_belongs(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    heard: list[dict[str, Any]] = []

    @app.event("message")
    def hear(event: dict[str, Any]) -> None:
        heard.append(event)

    ts = posted(workspace, "parent")
    with connected(app, workspace), tab_of(workspace, BO.id) as tab:
        assert tab.ask("say", channel=GENERAL.id, text="reply", thread_ts=ts)["ok"]
        shown = tab.until(lambda snapshot: len(snapshot["channels"][0]["messages"]) == 2)["channels"][0]["messages"]
        assert [message["thread_ts"] for message in shown] == [None, ts]
        assert tab.ask("say", channel=GENERAL.id, text="lost", thread_ts="1.0")["error"] == "thread_not_found"
        workspace.person("bo").wait_for(lambda: heard)
    assert (heard[0]["thread_ts"], heard[0]["parent_user_id"]) == (ts, workspace.app.bot_user_id)


def test_a_shortcut_in_the_menu_of_a_message_brings_the_message(workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    chosen: list[dict[str, Any]] = []

    @app.message_shortcut("translate")
    def translate(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        chosen.append(body)
        respond("translated", replace_original=False)

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.say("general", "Hej")
        [message] = anna.messages("general")
        anna.message_shortcut(message, "translate")
        anna.wait_for(lambda: [seen.text for seen in anna.messages("general")] == ["Hej", "translated"])
        with pytest.raises(Refusal, match="unknown_shortcut"):
            anna.message_shortcut(message, "open-form")
        with pytest.raises(Refusal, match="message_not_found"):
            anna.message_shortcut(anna.messages("general")[1], "translate")
        with tab_of(workspace, BO.id) as tab:
            known = tab.until(lambda _: True)["app"]["message_shortcuts"]
            assert [shortcut["callback_id"] for shortcut in known] == ["translate"]
            assert tab.ask("message_shortcut", channel=GENERAL.id, ts=message.ts, callback_id="translate")["ok"]
            lost = tab.ask("message_shortcut", channel=GENERAL.id, ts="1.0", callback_id="translate")
            assert lost["error"] == "message_not_found"
    assert (chosen[0]["type"], chosen[0]["message_ts"]) == ("message_action", message.ts)
    assert chosen[0]["message"]["text"] == "Hej"
    assert chosen[0]["channel"] == {"id": GENERAL.id, "name": "general"}
    assert [body["user"]["id"] for body in chosen] == [ANNA.id, BO.id]


def test_blocks_are_validated_without_being_posted(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    assert client.api_call("blocks.validate", json={"blocks": [section("fine")]})["ok"]
    assert client.api_call("blocks.validate", json={"message": {"blocks": [section("fine")]}})["ok"]
    home = {"type": "home", "blocks": [section("x" * 3001)]}
    with pytest.raises(SlackApiError) as caught:
        client.api_call("blocks.validate", json={"view": home})
    assert caught.value.response["error"] == "invalid_view"
    [wrong] = caught.value.response["errors"]
    assert (wrong["pointer"], wrong["code"]) == ("/blocks/0/text/text", "failed_constraint")
    with pytest.raises(SlackApiError) as caught:
        client.api_call("blocks.validate", json={"blocks": [section("")]})
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["errors"][0]["pointer"] == "/0/text/text"
    for wrong_arguments in ({}, {"blocks": [section("x")], "view": home}, {"blocks": "["}):
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            client.api_call("blocks.validate", json=wrong_arguments)
    assert workspace.person("anna").messages("general") == ()


def test_what_is_said_in_a_thread_alone_does_not_mark_the_channel(workspace: LocalWorkspace) -> None:
    bo = workspace.person("bo")
    ts = posted(workspace, "parent")
    assert bo.unread("general") == 1
    posted(workspace, "one", thread_ts=ts)
    assert bo.unread("general") == 1
    posted(workspace, "for all", thread_ts=ts, reply_broadcast=True)
    assert bo.unread("general") == 2
