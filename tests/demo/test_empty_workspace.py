"""Can somebody else's app live in it? The real command, and a small app with every kind of element.

The app knows nothing but the four printed lines; the people act through the page's socket.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.sync.client import connect
from websockets.typing import Origin

from bot.demo.__main__ import EMPTY_WORKSPACE
from bot.demo.rich_text import rich_text
from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import actions, button, form, input_block, option, plain, section
from tests.demo.test_page_socket import Tab, tab_of

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Lunch"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "lunch"},
        "slash_commands": [{"command": "/lunch", "description": "What shall we eat?"}],
        "shortcuts": [{"name": "Order this", "type": "message", "callback_id": "order", "description": "Orders it"}],
    },
    "oauth_config": {
        "scopes": {"bot": ["chat:write", "commands", "users:read", "files:write", "im:write", "app_mentions:read"]}
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
GENERAL = "C0GENERAL01"
ADA = "U0ADA000001"
BEN = "U0BEN000002"
CHOICES = [option("Soup", "soup"), option("Salad", "salad")]

# Each kind of element, what a person leaves in it, and what the app is to read there.
ELEMENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "plain_text_input": ({"multiline": True}, {"value": "two\nlines"}),
    "email_text_input": ({}, {"value": "ada@example.org"}),
    "url_text_input": ({}, {"value": "https://example.org/menu"}),
    "number_input": ({"is_decimal_allowed": True, "min_value": "0"}, {"value": "2.5"}),
    "static_select": ({"options": CHOICES}, {"selected_option": CHOICES[1]}),
    "external_select": ({"min_query_length": 1}, {"selected_option": option("Bread", "bread")}),
    "users_select": ({}, {"selected_user": BEN}),
    "conversations_select": ({}, {"selected_conversation": GENERAL}),
    "channels_select": ({}, {"selected_channel": GENERAL}),
    "multi_static_select": ({"options": CHOICES, "max_selected_items": 2}, {"selected_options": CHOICES}),
    "multi_external_select": ({"min_query_length": 1}, {"selected_options": [option("Bread", "bread")]}),
    "multi_users_select": ({}, {"selected_users": [ADA, BEN]}),
    "multi_conversations_select": ({}, {"selected_conversations": [GENERAL]}),
    "multi_channels_select": ({}, {"selected_channels": [GENERAL]}),
    "datepicker": ({"initial_date": "2026-11-23"}, {"selected_date": "2026-12-24"}),
    "timepicker": ({}, {"selected_time": "11:45"}),
    "datetimepicker": ({}, {"selected_date_time": 1_800_000_000}),
    "checkboxes": ({"options": CHOICES}, {"selected_options": CHOICES[:1]}),
    "radio_buttons": ({"options": CHOICES}, {"selected_option": CHOICES[0]}),
    "rich_text_input": ({}, {"rich_text_value": rich_text("With bread")}),
}


class Printed:
    """What the command printed, and the command."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "Stop with" in line:
                break
        text = "".join(lines)
        self.exported = dict(re.findall(r"export (\w+)=(\S+)", text))
        opened = re.search(r"Open (\S+)", text)
        assert opened is not None, text
        self.page = opened.group(1)

    @contextmanager
    def tab(self, user: str) -> Iterator[Tab]:
        page = urlsplit(self.page)
        key = parse_qs(page.query)["key"][0]
        address = f"ws://{page.netloc}/page/socket?key={key}&user={user}"
        with connect(address, origin=Origin(f"http://{page.netloc}")) as socket:
            yield Tab(socket)


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Printed]:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    arguments = [sys.executable, "-W", "error", "-m", "bot.demo", "--manifest", str(manifest)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield Printed(process)
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=10)
        assert (process.returncode, complaints) == (0, "")
    finally:
        process.kill()
        process.communicate()


def lunch_app(command: Printed) -> tuple[App, list[dict[str, Any]]]:
    client = WebClient(token=command.exported["SLACK_BOT_TOKEN"], base_url=command.exported["SLACK_API_URL"])
    app = App(client=client)
    submitted: list[dict[str, Any]] = []

    @app.command("/lunch")
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        blocks = [
            input_block(kind, {"type": kind, "action_id": f"{kind}-it", **more}, optional=True)
            for kind, (more, _) in ELEMENTS.items()
        ]
        client.views_open(trigger_id=body["trigger_id"], view=form(*blocks))
        ack()

    @app.view("form")
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        submitted.append(body["view"]["state"]["values"])
        overflow = {"type": "overflow", "action_id": "more", "options": CHOICES}
        row = actions("row", button("eat", "Eat", style="primary", value="7"), overflow)
        blocks = [{"type": "header", "text": plain("Lunch")}, section("Soup *today*"), {"type": "divider"}, row]
        client.chat_postMessage(channel=GENERAL, text="Lunch", blocks=blocks)

    @app.action("eat")
    def eat(ack: Ack, body: dict[str, Any], respond: Respond, client: WebClient) -> None:
        ack()
        respond(text=f"<@{body['user']['id']}> eats {body['actions'][0]['value']}", replace_original=True)
        client.files_upload_v2(
            channel=GENERAL, content="soup", filename="menu.txt", thread_ts=body["container"]["message_ts"]
        )

    @app.action("more")
    def more(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        respond(text=body["actions"][0]["selected_option"]["value"], replace_original=False)

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]})

    app.options(re.compile("-it$"))(lambda ack: ack(options=[option("Bread", "bread")]))
    app.event("app_mention")(lambda say: say("yes?"))
    app.message_shortcut("order")(lambda ack, respond, shortcut: (ack(), respond(shortcut["message"]["text"]))[0])
    return app, submitted


def said(snapshot: dict[str, Any]) -> list[str]:
    return [message["text"] for message in snapshot["channels"][0]["messages"]]


def test_an_unrelated_app_with_every_kind_of_element_lives_in_it(command: Printed) -> None:
    app, submitted = lunch_app(command)
    handler = SocketModeHandler(app, command.exported["SLACK_APP_TOKEN"])
    handler.connect()  # type: ignore[no-untyped-call]
    try:
        with command.tab(ADA) as ada, command.tab(BEN) as ben:
            ada.until(lambda snapshot: snapshot["connected"])
            assert ada.ask("command", channel=GENERAL, text="/lunch")["ok"]
            view = ada.until(lambda snapshot: snapshot["modals"])["modals"][0]
            for kind in ("external_select", "multi_external_select"):
                ids = {"surface": {"view_id": view["id"]}, "block_id": kind, "action_id": f"{kind}-it"}
                found = ada.ask("suggest", **ids, value="B", state={})
                assert [given["value"] for given in found["options"]] == ["bread"]
            state = {kind: {f"{kind}-it": {"type": kind, **left}} for kind, (_, left) in ELEMENTS.items()}
            assert ada.ask("submit", view_id=view["id"], state=state)["ok"]
            shown = ben.until(lambda snapshot: said(snapshot) == ["Lunch"])
            assert submitted == [state]

            surface = {"channel": GENERAL, "ts": shown["channels"][0]["messages"][0]["ts"]}
            pressed = {"surface": surface, "block_id": "row", "state": {}}
            chosen = {"type": "overflow", "selected_option": CHOICES[1]}
            assert ben.ask("action", **pressed, action_id="more", action=chosen)["ok"]
            ben.until(lambda snapshot: said(snapshot) == ["Lunch", "salad"])
            assert ben.ask("action", **pressed, action_id="eat", action={"type": "button"})["ok"]
            after = ada.until(lambda snapshot: len(said(snapshot)) == 2)["channels"][0]["messages"]
            assert after[0]["text"] == f"<@{BEN}> eats 7"
            assert [file["name"] for file in after[1]["files"]] == ["menu.txt"]
            assert after[1]["thread_ts"] == after[0]["ts"]

            assert ada.ask("open_app", tab="home")["ok"]
            home = ada.until(lambda snapshot: snapshot["home"]["view"])["home"]["view"]
            assert home["blocks"][0]["text"]["text"] == "Welcome"
            assert ada.ask("say", channel=GENERAL, text="@lunch hungry")["ok"]
            answered = ada.until(lambda snapshot: said(snapshot)[-1] == "yes?")["channels"][0]["messages"]
            order = {"channel": GENERAL, "ts": answered[-2]["ts"], "callback_id": "order"}
            assert ada.ask("message_shortcut", **order)["ok"]
            ada.until(lambda snapshot: said(snapshot)[-1].endswith("hungry") and len(said(snapshot)) == 5)
            names = {exchange["name"] for exchange in ada.ask("record", after=0)["exchanges"]}
            assert {"views.open", "files.completeUploadExternal", "response_url", "upload", "view_submission"} <= names
    finally:
        handler.close()  # type: ignore[no-untyped-call]
        handler.client.disconnect()  # a reconnection that ended meanwhile


@pytest.mark.parametrize("outside", [False, True])
def test_what_lies_outside_slack_is_shown_where_it_is_asked_for(outside: bool) -> None:
    with LocalWorkspace(EMPTY_WORKSPACE, manifest=MANIFEST, outside=outside) as running, tab_of(running, ADA) as tab:
        shown = tab.until(lambda snapshot: snapshot["me"])
        assert ("mailbox" in shown, "phone" in shown) == (outside, outside)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [("[1, 2]", "not a mapping"), ("a: [", "no app manifest"), (None, "No such file"), ("\xff\xfe", "no app manifest")],
)
def test_what_is_no_manifest_is_refused_in_a_sentence(tmp_path: Path, written: str | None, complaint: str) -> None:
    manifest = tmp_path / "manifest.yml"
    if written is not None:
        manifest.write_bytes(written.encode("latin-1"))
    arguments = [sys.executable, "-m", "bot.demo", "--manifest", str(manifest)]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr
