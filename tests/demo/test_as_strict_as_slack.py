"""Does the workspace refuse what Slack's pages say is refused, in their words, and take what they say is taken?"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import urllib3
from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.demo.clock import MovableClock
from bot.demo.definition import Definition, User
from bot.demo.errors import Refusal
from bot.demo.installed_app import InstalledApp
from bot.demo.response_urls import ResponseUrls
from bot.demo.server import LocalWorkspace
from bot.demo.state import State
from bot.demo.timings import Timings
from tests.demo.sample_app import (
    ANNA,
    BO,
    DEFINITION,
    GENERAL,
    MANIFEST,
    OLD,
    QUIET,
    actions,
    bolt_app,
    button,
    client_of,
    connected,
    form,
    input_block,
    option,
    section,
)

GONE = User(id="U0GONE00001", name="gone", real_name="Olle Borta", deactivated=True)
ATTACHED = {"text": "below", "blocks": [section("in a block"), actions("row", button("below"))]}
TOLD = {"event_type": "task_created", "event_payload": {"id": "1"}}


def installed(manifest: dict[str, Any] = MANIFEST, **changes: Any) -> dict[str, Any]:
    """The sample app with more scopes, other events and other settings."""
    changed = copy.deepcopy(manifest)
    changed["oauth_config"]["scopes"]["bot"] += changes.get("scopes", [])
    changed["settings"]["event_subscriptions"]["bot_events"] += changes.get("events", [])
    changed["settings"] |= changes.get("settings", {})
    changed["features"]["app_home"] |= changes.get("app_home", {})
    return changed


@contextmanager
def running(manifest: dict[str, Any], definition: Definition = DEFINITION) -> Iterator[LocalWorkspace]:
    with LocalWorkspace(definition, manifest=manifest) as workspace:
        yield workspace


def refused(call: Callable[..., Any], *arguments: Any, **named: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(*arguments, **named)
    answer: dict[str, Any] = caught.value.response.data
    return answer


def test_a_message_is_cut_at_40000_characters_and_an_update_refused_over_4000(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    posted = client.chat_postMessage(channel=GENERAL.id, text="x" * 40_001)
    assert len(workspace.person("anna").messages("general")[0].text) == 40_000
    assert client.chat_update(channel=GENERAL.id, ts=posted["ts"], text="x" * 4_000)["ok"]
    assert refused(client.chat_update, channel=GENERAL.id, ts=posted["ts"], text="x" * 4_001)["error"] == "msg_too_long"
    hidden = {"channel": GENERAL.id, "user": ANNA.id, "text": "x" * 40_001}
    assert refused(client.chat_postEphemeral, **hidden)["error"] == "msg_too_long"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"attachments": "[{"}, "invalid_attachments"),
        ({"attachments": ["x"]}, "invalid_attachments"),
        ({"attachments": [{}]}, "invalid_attachments"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"attachments": [{"blocks": [section("x" * 3001)]}]}, "invalid_attachments"),
        ({"markdown_text": "# x", "text": "x"}, "markdown_text_conflict"),
        ({"markdown_text": "# x", "blocks": [section("x")]}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {**TOLD, "event_payload": {"x": "x" * 8_000}}}, "metadata_too_large"),
        (
            {"text": "x", "blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2},
            "invalid_att",
        ),
    ],
)
def test_content_that_is_none_is_refused(workspace: LocalWorkspace, arguments: dict[str, Any], error: str) -> None:
    call = client_of(workspace).api_call
    answer = refused(call, "chat.postMessage", json={"channel": GENERAL.id, **arguments})
    assert answer["error"].startswith(error)
    assert workspace.person("anna").messages("general") == ()


def test_attachments_markdown_and_metadata_are_content_and_kept(workspace: LocalWorkspace) -> None:
    client, anna = client_of(workspace), workspace.person("anna")
    posted = client.api_call(
        "chat.postMessage",
        json={"channel": GENERAL.id, "attachments": [ATTACHED, {"pretext": "p", "title": "t"}]},
    )
    assert anna.messages("general")[0].shown() == "in a block\nPress\np\nt"
    assert [attachment["id"] for attachment in posted["message"]["attachments"]] == [1, 2]
    client.chat_update(channel=GENERAL.id, ts=posted["ts"], text="above")
    assert anna.messages("general")[0].shown().startswith("above\nin a block")
    marked = client.chat_postMessage(channel=GENERAL.id, markdown_text="**bold**", metadata=TOLD)
    assert anna.messages("general")[1].shown() == "**bold**"
    assert marked["message"]["metadata"] == TOLD
    again = client.chat_update(channel=GENERAL.id, ts=marked["ts"], markdown_text="other")
    assert again["message"]["metadata"] == TOLD
    assert "metadata" not in client.chat_update(channel=GENERAL.id, ts=marked["ts"], text="x", metadata={})["message"]


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"text": "y"}, []),
        ({"markdown_text": "y"}, ["markdown"]),
        ({"attachments": [{"text": "y"}]}, ["section"]),
        ({"metadata": TOLD}, ["section"]),
        ({"text": "y", "blocks": []}, []),
        ({"text": "y", "blocks": [{"type": "divider"}]}, ["divider"]),
    ],
    ids=" ".join,
)
def test_an_update_keeps_the_blocks_unless_it_brings_a_text_or_others(
    workspace: LocalWorkspace, changed: dict[str, Any], left: list[str]
) -> None:
    client = client_of(workspace)
    ts = client.chat_postMessage(channel=GENERAL.id, text="x", blocks=[section("x")])["ts"]
    client.api_call("chat.update", json={"channel": GENERAL.id, "ts": ts, **changed})
    assert [block["type"] for block in workspace.person("anna").messages("general")[0].blocks or ()] == left


def test_a_button_in_an_attachment_tells_the_app(workspace: LocalWorkspace) -> None:
    app, pressed = bolt_app(workspace), list[str]()

    @app.action("below")
    def below(ack: Ack, action: dict[str, Any]) -> None:
        ack()
        pressed.append(action["type"])

    with connected(app, workspace):
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="x", attachments=[ATTACHED])
        anna = workspace.person("anna")
        anna.press(anna.messages("general")[0], "below")
    assert pressed == ["button"]


def test_broken_blocks_are_told_twice_as_slack_does(workspace: LocalWorkspace) -> None:
    answer = refused(client_of(workspace).chat_postMessage, channel=GENERAL.id, text="x", blocks=[{"type": "blink"}])
    assert answer["errors"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {error}" for error in answer["errors"]]


def test_a_validation_says_what_would_have_been_right(workspace: LocalWorkspace) -> None:
    blocks = [{"type": "section", "text": {"type": "html", "text": "x"}}]
    (error,) = refused(client_of(workspace).api_call, "blocks.validate", json={"blocks": blocks})["errors"]
    assert error["pointer"] == "/0/text/type"
    assert error["constraint"] == {"type": "enum", "expected": ["plain_text", "mrkdwn"]}


def test_another_name_without_its_scope_is_ignored(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    assert "username" not in client.chat_postMessage(channel=GENERAL.id, text="x", username="Else")["message"]
    client.chat_postEphemeral(channel=GENERAL.id, user=ANNA.id, text="x", username="Else")
    assert {message.username for message in workspace.person("anna").messages("general")} == {None}
    with running(installed(scopes=["chat:write.customize"])) as other:
        posted = client_of(other).chat_postMessage(channel=GENERAL.id, text="x", username="Else")
        assert posted["message"]["username"] == "Else"


@pytest.mark.parametrize(("scopes", "heard"), [([], False), (["app_mentions:read"], True)])
def test_an_event_without_its_scope_is_not_sent(scopes: list[str], heard: bool) -> None:
    with running(installed(scopes=scopes, events=["app_mention"])) as workspace:
        app, mentions, said = bolt_app(workspace), list[str](), list[str]()
        app.event("app_mention")(lambda event: mentions.append(event["text"]))
        app.event("message")(lambda event: said.append(event["text"]))
        with connected(app, workspace):
            anna = workspace.person("anna")
            anna.say("general", "@sample hello")
            anna.wait_for(lambda: said and bool(mentions) == heard)
    assert bool(mentions) == heard


def test_a_person_s_message_arrives_as_the_client_composes_it(workspace: LocalWorkspace) -> None:
    app, events = bolt_app(workspace), list[dict[str, Any]]()

    @app.event("message")
    def hear(body: dict[str, Any]) -> None:
        events.append(body)

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.say("general", "2 < 3 & @sample")
        anna.wait_for(lambda: events)
    event = events[0]["event"]
    (block,) = event["blocks"]
    assert event["text"] == f"2 &lt; 3 &amp; <@{workspace.app.bot_user_id}>"
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "2 < 3 & "},
        {"type": "user", "user_id": workspace.app.bot_user_id},
    ]
    assert event["client_msg_id"]
    assert events[0]["event_context"].startswith("4-")
    (kept,) = client_of(workspace).conversations_history(channel=GENERAL.id)["messages"]
    assert (kept["client_msg_id"], kept["blocks"]) == (event["client_msg_id"], event["blocks"])


def test_without_a_messages_tab_nobody_writes_there() -> None:
    with running(installed(app_home={"messages_tab_enabled": False})) as workspace:
        answer = refused(client_of(workspace).chat_postMessage, channel=ANNA.id, text="x")
        assert answer["error"] == "messages_tab_disabled"
        with pytest.raises(Refusal, match="messages_tab_disabled"):
            workspace.person("anna").say("dm", "hello")


def test_where_only_the_app_writes_a_person_does_not() -> None:
    with running(installed(app_home={"messages_tab_read_only_enabled": True})) as workspace:
        client_of(workspace).chat_postMessage(channel=ANNA.id, text="x")
        with pytest.raises(Refusal, match="messages_tab_disabled"):
            workspace.person("anna").say("dm", "hello")


def test_an_app_without_socket_mode_gets_no_address() -> None:
    with running(installed(settings={"socket_mode_enabled": False})) as workspace:
        answer = refused(client_of(workspace).apps_connections_open, app_token=workspace.app_token)
    assert answer["error"] == "forbidden_team"


def test_an_address_is_asked_for_by_post(workspace: LocalWorkspace) -> None:
    headers = {"authorization": f"Bearer {workspace.app_token}"}
    answer = urllib3.request("GET", f"{workspace.api_url}apps.connections.open", headers=headers).json()
    assert answer == {"ok": False, "error": "insecure_request"}


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("", "users_list_not_supplied"),
        ([f"U{number}" for number in range(9)], "too_many_users"),
        (GONE.id, "user_disabled"),
        ("U404", "user_not_found"),
    ],
)
def test_a_conversation_that_cannot_be_opened_is_refused(users: Any, error: str) -> None:
    everybody = Definition(users=(*DEFINITION.users, GONE), channels=DEFINITION.channels)
    with running(MANIFEST, everybody) as workspace:
        assert refused(client_of(workspace).conversations_open, users=users)["error"].startswith(error)


def test_several_people_are_written_to_at_once() -> None:
    with running(installed(scopes=["mpim:write", "mpim:read", "mpim:history"], events=["message.mpim"])) as workspace:
        client, heard = client_of(workspace), list[dict[str, Any]]()
        app = bolt_app(workspace)

        @app.event("message")
        def hear(event: dict[str, Any]) -> None:
            heard.append(event)

        opened = client.conversations_open(users=[ANNA.id, BO.id])["channel"]["id"]
        assert client.conversations_open(users=[BO.id, ANNA.id])["channel"]["id"] == opened
        client.chat_postMessage(channel=opened, text="both of you")
        assert [message.text for message in workspace.person("bo").messages(opened)] == ["both of you"]
        with pytest.raises(Refusal, match="channel_not_found"):
            workspace.person("cia").messages(opened)
        assert client.conversations_list(types="mpim")["channels"][0]["is_mpim"]
        with connected(app, workspace):
            workspace.person("bo").say(opened, "yes?")
            workspace.person("bo").wait_for(lambda: heard)
    assert heard[0]["channel_type"] == "mpim"


def test_an_unknown_type_of_conversation_is_refused(workspace: LocalWorkspace) -> None:
    assert refused(client_of(workspace).conversations_list, types="public_channel,dm")["error"] == "invalid_types"


def test_a_page_has_fewer_than_1000_and_what_is_filtered_out_leaves_a_gap(workspace: LocalWorkspace) -> None:
    call = client_of(workspace).conversations_list
    assert call(limit=999)["ok"]
    assert refused(call, limit=1000)["error"] == "invalid_limit"
    everything = [channel["id"] for channel in call(exclude_archived=False)["channels"]]
    at = everything.index(OLD.id)
    page = call(limit=at + 1, exclude_archived=True)
    assert [channel["id"] for channel in page["channels"]] == everything[:at]
    rest = call(limit=at + 1, exclude_archived=True, cursor=page["response_metadata"]["next_cursor"] or None)
    assert [channel["id"] for channel in rest["channels"]] == (everything[at + 1 :] or everything[:at])


def test_all_people_are_listed_unless_a_limit_is_asked_for() -> None:
    crowd = [User(id=f"U{number:010}", name=f"u{number}", real_name=f"Number {number}") for number in range(150)]
    everybody = Definition(users=(*DEFINITION.users, *crowd), channels=DEFINITION.channels)
    with running(MANIFEST, everybody) as workspace:
        whole = client_of(workspace).users_list()
        assert len(whole["members"]) == len(everybody.users)
        assert whole["response_metadata"]["next_cursor"] == ""
        assert len(client_of(workspace).users_list(limit=20)["members"]) == 20


def test_a_person_has_the_offset_of_their_zone(workspace: LocalWorkspace) -> None:
    user = client_of(workspace).users_info(user=ANNA.id)["user"]
    local = dt.datetime.now(ZoneInfo(user["tz"]))
    assert dt.timedelta(seconds=user["tz_offset"]) == local.utcoffset()
    assert user["tz_label"] == local.tzname()


@pytest.mark.parametrize(("team", "error"), [(None, None), (DEFINITION.team.id, None), ("T404", "team_not_found")])
def test_no_other_workspace_is_known(team: str | None, error: str | None) -> None:
    with running(installed(scopes=["team:read"])) as workspace:
        call = client_of(workspace).team_info
        if error:
            assert refused(call, team=team)["error"] == error
        else:
            assert call(team=team)["team"]["icon"] == {"image_default": True}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"channel": GENERAL.id}, "thread_not_found"), ({"ts": "1.2"}, "channel_not_found")],
)
def test_a_thread_is_asked_for_by_channel_and_time(
    workspace: LocalWorkspace, arguments: dict[str, Any], error: str
) -> None:
    assert refused(client_of(workspace).api_call, "conversations.replies", json=arguments)["error"] == error


def test_a_message_in_an_archived_channel_cannot_be_changed(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    ts = client.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    workspace.archive("#general")
    assert refused(client.chat_update, channel=GENERAL.id, ts=ts, text="y")["error"] == "is_inactive"
    assert refused(client.chat_postMessage, channel=GENERAL.id, text="y")["error"] == "is_archived"
    workspace.archive("#general", archived=False)
    assert client.chat_update(channel=GENERAL.id, ts=ts, text="y")["ok"]
    assert refused(client.chat_postMessage, channel=OLD.id, text="y")["error"] == "is_archived"


def test_an_app_is_told_where_it_is_put_and_what_is_archived() -> None:
    events = ["member_joined_channel", "channel_left", "channel_archive"]
    with running(installed(events=events)) as workspace:
        client, app, told = client_of(workspace), bolt_app(workspace), list[tuple[str, str]]()
        for event in events:
            app.event(event)(lambda event: told.append((event["type"], event["channel"])))
        with connected(app, workspace):
            workspace.invite_app("#quiet")
            client.chat_postMessage(channel=QUIET.id, text="I am here")
            workspace.archive(QUIET.id)
            workspace.remove_app(QUIET.id)
            workspace.person("anna").wait_for(lambda: len(told) == len(events))
    assert sorted(told) == sorted((event, QUIET.id) for event in events)


def test_a_channel_is_counted_once_whatever_it_is_called() -> None:
    timings = Timings(message_burst=2)
    with LocalWorkspace(DEFINITION, manifest=MANIFEST, timings=timings) as workspace:
        client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
        for channel in ("#general", GENERAL.id):
            client.chat_postMessage(channel=channel, text="x")
        assert refused(client.chat_postMessage, channel="#general", text="x")["error"] == "ratelimited"
        for channel in (ANNA.id, workspace.person("anna").dm_id):
            client.chat_postMessage(channel=channel, text="x")
        assert refused(client.chat_postMessage, channel=ANNA.id, text="x")["error"] == "ratelimited"


def test_nobody_replies_to_an_ephemeral_message(workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    ts = client.chat_postEphemeral(channel=GENERAL.id, user=ANNA.id, text="x")["message_ts"]
    answer = refused(client.chat_postMessage, channel=GENERAL.id, text="y", thread_ts=ts)
    assert answer["error"] == "cannot_reply_to_message"


def test_a_view_to_update_is_named(workspace: LocalWorkspace) -> None:
    answer = refused(client_of(workspace).api_call, "views.update", json={"view": form(section("x"))})
    assert answer["error"] == "invalid_arguments"


def test_a_home_for_nobody_is_refused(workspace: LocalWorkspace) -> None:
    home = {"type": "home", "blocks": [section("x")]}
    answer = refused(client_of(workspace).views_publish, user_id="U404", view=home)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["invalid `user_id`"]


def test_there_must_be_a_modal_to_put_another_on(workspace: LocalWorkspace) -> None:
    app, answers = bolt_app(workspace), list[dict[str, Any]]()

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form(actions("row", button("go"))))

    @app.action("go")
    def go(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        workspace.person("anna").close(cleared=True)
        answers.append(refused(client.views_push, trigger_id=body["trigger_id"], view=form(section("x"))))

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.wait_for_modal()
        anna.press(anna.wait_for_modal(), "go")
        anna.wait_for(lambda: answers)
    assert answers[0]["error"] == "not_found"


def test_a_snippet_is_of_one_megabyte_at_most() -> None:
    with running(installed(scopes=["files:write"])) as workspace:
        call = client_of(workspace).files_getUploadURLExternal
        assert call(filename="a.py", length=1024 * 1024, snippet_type="python")["ok"]
        assert call(filename="a.png", length=1024 * 1024 + 1)["ok"]
        answer = refused(call, filename="a.py", length=1024 * 1024 + 1, snippet_type="python")
        assert answer["error"] == "snippet_too_large"


@pytest.mark.parametrize(("cleared", "told"), [(False, "second"), (True, "form")])
def test_a_closed_modal_is_told_by_its_own_id_or_the_first_one_s_without_what_was_put_in(
    workspace: LocalWorkspace, cleared: bool, told: str
) -> None:
    app, closed = bolt_app(workspace), list[dict[str, Any]]()
    radio = {"type": "radio_buttons", "action_id": "way", "options": [option("Post", "post")]}
    beside = {**section("How?"), "block_id": "how", "accessory": radio}
    fields = [actions("row", button("go")), beside, input_block("name", {"type": "plain_text_input", "action_id": "n"})]

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form(*fields, notify_on_close=True))

    @app.action("go")
    def go(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=form(*fields, callback_id="second", notify_on_close=True))

    @app.view_closed(re.compile("form|second"))
    def note(ack: Ack, body: dict[str, Any]) -> None:
        closed.append(body)
        ack()

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample")
        anna.press(anna.wait_for_modal(), "go")
        anna.wait_for_modal("second")
        anna.close(cleared=cleared)
    assert [(body["view"]["callback_id"], body["is_cleared"]) for body in closed] == [(told, cleared)]
    assert set(closed[0]["view"]["state"]["values"]) == {"how"}


def test_the_words_for_an_image_are_1000_characters_at_most() -> None:
    with running(installed(scopes=["files:write"])) as workspace:
        call = client_of(workspace).files_getUploadURLExternal
        assert call(filename="a.png", length=1, alt_txt="x" * 1000)["ok"]
        assert refused(call, filename="a.png", length=1, alt_txt="x" * 1001)["error"] == "alt_txt_too_large"


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("text/plain", b"channel=C0GENERAL01&text=plain", None),
        ("multipart/form-data; boundary=b", None, None),
        ("application/xml", b"<x/>", "invalid_post_type"),
        ("", b"channel=C0GENERAL01", "missing_post_type"),
        ("application/json; charset=utf-16", b"{}", "invalid_charset"),
        ("application/json; charset=UTF-8", b'{"channel": "C0GENERAL01", "text": "x"}', None),
        ("application/x-www-form-urlencoded", b"channel=C0GENERAL01&te-xt=x", "invalid_arg_name"),
        ("application/x-www-form-urlencoded", b"channel=C0GENERAL01&text[]=x", "invalid_array_arg"),
        ("application/x-www-form-urlencoded; charset=iso-8859-1", b"channel=C0GENERAL01&text=%E5", None),
    ],
)
def test_arguments_come_in_every_documented_kind(
    workspace: LocalWorkspace, kind: str, body: bytes | None, error: str | None
) -> None:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in FIELDS.items()
    ]
    headers = {"authorization": f"Bearer {workspace.bot_token}", **({"content-type": kind} if kind else {})}
    content = ("".join(parts) + "--b--\r\n").encode() if body is None else body
    answer = urllib3.request("POST", f"{workspace.api_url}chat.postMessage", headers=headers, body=content).json()
    assert answer.get("error") == error


FIELDS = {"channel": GENERAL.id, "text": "å & b"}


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"response_type": "in_channel"}, ["/sample echo &lt;x&gt;"]),
        ({"response_type": "in_channel", "text": "loud"}, ["/sample echo &lt;x&gt;", "loud"]),
        ({"text": "quiet"}, []),
    ],
)
def test_a_command_answered_for_all_shows_what_was_typed(
    workspace: LocalWorkspace, answer: dict[str, Any], shown: list[str]
) -> None:
    app = bolt_app(workspace)
    app.command("/sample")(lambda ack: ack(answer))
    with connected(app, workspace):
        workspace.person("anna").command("/sample", "echo <x>", channel="general")
    messages = workspace.person("bo").messages("general")
    assert [message.text for message in messages] == shown
    assert all(message.user == ANNA.id for message in messages[:1])


def test_a_response_in_a_thread_stands_in_it(workspace: LocalWorkspace) -> None:
    app, urls = bolt_app(workspace), list[str]()

    @app.action("go")
    def go(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        urls.append(body["response_url"])

    with connected(app, workspace):
        posted = client_of(workspace).chat_postMessage(
            channel=GENERAL.id, text="x", blocks=[actions("row", button("go"))]
        )
        anna = workspace.person("anna")
        anna.press(anna.messages("general")[0], "go")
    sent = WebhookClient(urls[0]).send_dict({"text": "below", "thread_ts": posted["ts"], "response_type": "in_channel"})
    assert sent.status_code == 200
    assert anna.messages("general")[1].thread_ts == posted["ts"]


@pytest.mark.parametrize(("more", "left"), [({}, []), ({"text": "instead"}, ["instead"])])
def test_a_response_deletes_the_message_and_what_comes_with_it_is_written(
    workspace: LocalWorkspace, more: dict[str, Any], left: list[str]
) -> None:
    app = bolt_app(workspace)

    @app.action("go")
    def go(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True, response_type="in_channel", **more)

    with connected(app, workspace):
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="x", blocks=[actions("row", button("go"))])
        anna = workspace.person("anna")
        anna.press(anna.messages("general")[0], "go")
        anna.wait_for(lambda: [message.text for message in anna.messages("general")] == left)


def test_a_response_url_ends_after_its_time() -> None:
    now = [1000.0]
    state = State(DEFINITION, InstalledApp.from_manifest(MANIFEST), MovableClock())
    urls = ResponseUrls(state, Timings().response_url, lambda: now[0])
    path = urls.new("commands", GENERAL.id, ANNA.id).removeprefix("/")
    now[0] += 30 * 60
    urls.answer(path, {"text": "just in time"})
    now[0] += 1
    with pytest.raises(Refusal, match="expired_url"):
        urls.answer(path, {"text": "too late"})
    with pytest.raises(Refusal, match="invalid_url"):
        urls.answer("commands/T1/1/x", {"text": "nowhere"})


def test_a_select_begins_with_the_current_conversation_and_the_app_may_answer_in_the_chosen_one(
    workspace: LocalWorkspace,
) -> None:
    here = {
        "type": "conversations_select",
        "action_id": "here",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    several = {
        "type": "multi_conversations_select",
        "action_id": "all",
        "default_to_current_conversation": True,
        "initial_conversations": [QUIET.id],
    }
    first = {**here, "action_id": "first", "initial_conversation": QUIET.id, "response_url_enabled": False}
    app, taken = bolt_app(workspace), list[dict[str, Any]]()

    @app.command("/sample")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        fields = [input_block("where", here), input_block("rest", several), input_block("first", first)]
        client.views_open(trigger_id=body["trigger_id"], view=form(*fields))

    @app.view("form")
    def take(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        taken.append(body)

    with connected(app, workspace):
        anna = workspace.person("anna")
        anna.command("/sample", channel="general")
        anna.wait_for_modal()
        assert anna.submit().ok
    values = taken[0]["view"]["state"]["values"]
    assert values["where"]["here"]["selected_conversation"] == GENERAL.id
    assert values["rest"]["all"]["selected_conversations"] == [GENERAL.id]
    assert values["first"]["first"]["selected_conversation"] == QUIET.id
    (url,) = taken[0]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "here", GENERAL.id)
    assert WebhookClient(url["response_url"]).send(text="for all", response_type="in_channel").status_code == 200
    assert [message.text for message in workspace.person("cia").messages("general")] == ["for all"]
