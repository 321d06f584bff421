from __future__ import annotations

import copy
import json
import time
import urllib.parse
from typing import Any

import pytest
import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    ANNA,
    BO,
    CIA,
    DEFINITION,
    GENERAL,
    MANIFEST,
    OLD,
    QUIET,
    SECRET,
    actions,
    button,
    client_of,
    form,
    section,
)


def _call(workspace: LocalWorkspace, method: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = urllib3.request("POST", workspace.api_url + method, body=body, headers=named)
    answer: dict[str, Any] = response.json()
    return answer


def test_auth_test_comes_as_json_without_a_body(workspace: LocalWorkspace) -> None:
    authorization = f"Bearer {workspace.bot_token}"
    answer = _call(workspace, "auth.test", content_type="application/json", authorization=authorization)
    assert answer["ok"]
    assert answer["user_id"] == workspace.app.bot_user_id
    assert client_of(workspace).auth_test()["team_id"] == DEFINITION.team.id


DEEP = "[" * 50_000
NESTED = "[" * 300 + "]" * 300


@pytest.mark.parametrize("nested", [DEEP, NESTED], ids=["open", "closed"])
def test_json_that_is_nested_too_deeply_is_refused_like_any_other_that_cannot_be_used(
    workspace: LocalWorkspace, nested: str
) -> None:
    authorization = f"Bearer {workspace.bot_token}"
    for body in (nested, f'{{"channel":"{GENERAL.id}","text":"x","blocks":{nested}}}'):
        answer = _call(
            workspace,
            "chat.postMessage",
            body.encode(),
            content_type="application/json",
            authorization=authorization,
        )
        assert answer == {"ok": False, "error": "invalid_json"}
    for given, error in (("blocks", "invalid_blocks_format"), ("view", "invalid_arguments")):
        method = "views.open" if given == "view" else "chat.postMessage"
        fields = {"channel": GENERAL.id, "text": "x", "trigger_id": "1", given: nested}
        kind = "application/x-www-form-urlencoded"
        body = urllib.parse.urlencode(fields)
        answer = _call(workspace, method, body.encode(), content_type=kind, authorization=authorization)
        assert answer["error"] == error
    assert client_of(workspace).auth_test()["ok"]
    assert [exchange.outcome for exchange in workspace.exchanges()] == ["200"] * 5


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("the app's", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(workspace: LocalWorkspace, token: str, error: str) -> None:
    token = workspace.app_token if token == "the app's" else token
    body = urllib.parse.urlencode({"token": token, "channel": GENERAL.id, "text": "hello"}).encode()
    answer = _call(workspace, "chat.postMessage", body, content_type="application/x-www-form-urlencoded")
    assert answer == {"ok": False, "error": error}


def test_a_bot_token_opens_no_connection_and_an_unknown_method_is_called_so(workspace: LocalWorkspace) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client_of(workspace).apps_connections_open(app_token=workspace.bot_token)
    with pytest.raises(SlackApiError, match=r"unknown_method.*the local workspace has no reactions\.add"):
        client_of(workspace).api_call("reactions.add")


def test_a_method_without_its_scope_says_what_it_needs() -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] = ["commands", "users:read"]
    with (
        LocalWorkspace(DEFINITION, manifest=manifest) as workspace,
        pytest.raises(SlackApiError) as caught,
    ):
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="hello")
    answer = caught.value.response.data
    assert answer == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "commands,users:read"}


def test_a_message_is_posted_updated_and_deleted(workspace: LocalWorkspace) -> None:
    client, anna = client_of(workspace), workspace.person("anna")
    posted = client.chat_postMessage(
        channel=GENERAL.id, text="card", blocks=[section("one"), actions("row", button("b"))]
    )
    assert anna.messages("general")[0].shown() == "one\nPress"
    assert anna.unread("general") == 1
    client.chat_update(channel=GENERAL.id, ts=posted["ts"], text="only the text")
    kept = anna.messages("general")[0]
    assert kept.shown() == "only the text"
    assert kept.edited
    client.chat_delete(channel=GENERAL.id, ts=posted["ts"])
    assert anna.messages("general") == ()


def test_arguments_come_as_form_with_json_strings_too(workspace: LocalWorkspace) -> None:
    fields = {"channel": "#general", "text": "x", "blocks": json.dumps([section("form")]), "token": workspace.bot_token}
    body = urllib.parse.urlencode(fields).encode()
    assert _call(workspace, "chat.postMessage", body, content_type="application/x-www-form-urlencoded")["ok"]
    assert workspace.person("bo").messages("general")[0].shown() == "form"


def test_only_its_reader_sees_an_ephemeral_message_and_it_cannot_be_updated(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    ts = client.chat_postEphemeral(channel=GENERAL.id, user=BO.id, text="for Bo")["message_ts"]
    assert [message.text for message in workspace.person("bo").messages("general")] == ["for Bo"]
    assert workspace.person("anna").messages("general") == ()
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel=GENERAL.id, ts=ts, text="changed")


def test_a_message_to_a_person_arrives_in_their_direct_messages(workspace: LocalWorkspace) -> None:
    client, anna = client_of(workspace), workspace.person("anna")
    channel = client.chat_postMessage(channel=ANNA.id, text="hello")["channel"]
    assert client.conversations_open(users=ANNA.id)["channel"]["id"] == channel
    assert anna.dm[0].text == "hello"
    assert anna.dm[0].user == workspace.app.bot_user_id


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": SECRET.id, "text": "x"}, "channel_not_found"),
        ({"channel": QUIET.id, "text": "x"}, "not_in_channel"),
        ({"channel": OLD.id, "text": "x"}, "is_archived"),
        ({"channel": GENERAL.id, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ],
)
def test_a_message_slack_would_refuse_is_refused(
    workspace: LocalWorkspace, arguments: dict[str, Any], error: str
) -> None:
    with pytest.raises(SlackApiError) as caught:
        client_of(workspace).chat_postMessage(**arguments)
    assert caught.value.response["error"] == error


def test_a_message_without_anything_to_read_has_no_text(workspace: LocalWorkspace) -> None:
    with pytest.raises(SlackApiError, match="no_text"):
        client_of(workspace).api_call("chat.postMessage", json={"channel": GENERAL.id, "text": " "})


def test_broken_blocks_are_refused_with_their_places(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=GENERAL.id, text="x", blocks=[section("x" * 3001)])
    assert caught.value.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text" in caught.value.response["response_metadata"]["messages"][0]
    with pytest.raises(SlackApiError) as caught:
        client.views_publish(user_id=ANNA.id, view={"type": "home", "blocks": [{"type": "blink"}]})
    assert caught.value.response["error"] == "invalid_arguments"
    assert "[json-pointer:/view/blocks/0/type]" in caught.value.response["response_metadata"]["messages"][0]
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.views_publish(user_id=ANNA.id, view=form(section("a modal is no Home")))


def test_messages_that_are_not_the_apps_cannot_be_changed(workspace: LocalWorkspace) -> None:
    client, anna = client_of(workspace), workspace.person("anna")
    anna.say("general", "mine <!channel>")
    written = anna.messages("general")[0]
    assert written.text == "mine &lt;!channel&gt;"
    with pytest.raises(SlackApiError, match="cant_update_message"):
        client.chat_update(channel=GENERAL.id, ts=written.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        client.chat_delete(channel=GENERAL.id, ts=written.ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel=GENERAL.id, ts="1.000001", text="nothing")


def test_people_and_channels_are_described(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    described = client.users_info(user=BO.id, include_locale=True)["user"]
    assert (described["locale"], described["is_admin"], described["is_bot"]) == ("sv-SE", False, False)
    assert "locale" not in client.users_info(user=BO.id)["user"]
    with pytest.raises(SlackApiError, match="user_not_found"):
        client.users_info(user="U404")
    info = client.conversations_info(channel=GENERAL.id)["channel"]
    assert (info["name"], info["is_member"]) == ("general", True)
    names = [channel["name"] for page in client.conversations_list(limit=2) for channel in page["channels"]]
    assert names == ["general", "quiet", "old"]
    assert set(client.conversations_members(channel=GENERAL.id)["members"]) == {
        *(ANNA.id, BO.id, CIA.id),
        workspace.app.bot_user_id,
    }
    with pytest.raises(SlackApiError, match="missing_scope"):
        client.conversations_list(types="im")


def test_timestamps_are_unique_and_follow_the_clock(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    stamps = [client.chat_postMessage(channel=GENERAL.id, text="x")["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))
    before = workspace.clock.now()
    workspace.skip("day")
    later = float(client.chat_postMessage(channel=GENERAL.id, text="x")["ts"])
    assert later - before.timestamp() > 22 * 3600


def test_calls_fail_on_demand(workspace: LocalWorkspace) -> None:
    anna = workspace.person("anna")
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    workspace.fail_next("chat.postMessage", error="internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        client.chat_postMessage(channel=GENERAL.id, text="1")
    workspace.fail_next("chat.postMessage", status=500)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=GENERAL.id, text="2")
    workspace.fail_next("chat.postMessage", drop_before=True)
    with pytest.raises(OSError, match="reset"):
        client.chat_postMessage(channel=GENERAL.id, text="3")
    assert anna.messages("general") == ()
    workspace.fail_next("chat.postMessage", drop_after=True)
    with pytest.raises(OSError, match="reset"):
        client.chat_postMessage(channel=GENERAL.id, text="4")
    assert [message.text for message in anna.messages("general")] == ["4"]
    client.chat_postMessage(channel=GENERAL.id, text="5")
    assert [message.text for message in anna.messages("general")] == ["4", "5"]


def test_too_many_requests_say_when_to_come_back(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    workspace.fail_next("chat.postMessage", status=429, retry_after=1)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=GENERAL.id, text="x")
    assert caught.value.response.headers["retry-after"] == "1"
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    workspace.fail_next("chat.postMessage", status=429, retry_after=1)
    started = time.monotonic()
    client.chat_postMessage(channel=GENERAL.id, text="x")
    assert time.monotonic() - started >= 1
