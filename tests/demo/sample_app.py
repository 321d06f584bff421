"""A small unrelated Bolt app and the workspace it lives in: what the tests of the workspace talk to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.demo.definition import Channel, Definition, User
from bot.demo.server import LocalWorkspace
from bot.demo.timings import Timings

ANNA = User(id="U0ANNA00001", name="anna", real_name="Anna Admin", is_admin=True)
BO = User(id="U0BO0000001", name="bo", real_name="Bo Svensk", locale="sv-SE")
CIA = User(id="U0CIA000001", name="cia", real_name="Cia Extra")
GENERAL = Channel(id="C0GENERAL01", name="general", members=(ANNA.id, BO.id, CIA.id), has_app=True, topic="All")
QUIET = Channel(id="C0QUIET0001", name="quiet", members=(ANNA.id,))
OLD = Channel(id="C0OLD000001", name="old", members=(ANNA.id,), has_app=True, is_archived=True)
SECRET = Channel(id="C0SECRET001", name="secret", members=(ANNA.id,), is_private=True)
DEFINITION = Definition(users=(ANNA, BO, CIA), channels=(GENERAL, QUIET, OLD, SECRET))

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Sample"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "sample"},
        "slash_commands": [{"command": "/sample", "description": "Try it", "usage_hint": "[form|echo]"}],
        "shortcuts": [{"name": "Open", "type": "global", "callback_id": "open-form", "description": "Opens the form"}],
    },
    "oauth_config": {
        "scopes": {"bot": ["chat:write", "commands", "users:read", "im:write", "channels:read", "channels:history"]}
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.channels"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

HASTY = Timings(acknowledgement=1.0, trigger=1.0, event_retries=(0.0, 0.05, 0.1))


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def input_block(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


def form(*blocks: dict[str, Any], callback_id: str = "form", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


def button(action_id: str, text: str = "Press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(block_id: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


NAME = input_block("name", {"type": "plain_text_input", "action_id": "name-input", "max_length": 10})


class OverHttp(LocalWorkspace):
    """A workspace that `connected` connects the app to over HTTP."""


both_ways: Final = pytest.mark.parametrize("workspace", [LocalWorkspace, OverHttp], indirect=True)
"""For a test whose app is reached over sockets and over HTTP; the others use sockets."""


def client_of(workspace: LocalWorkspace, token: str | None = None) -> WebClient:
    return WebClient(token=workspace.bot_token if token is None else token, base_url=workspace.api_url)


def bolt_app(workspace: LocalWorkspace) -> App:
    return App(client=client_of(workspace), token=workspace.bot_token, signing_secret=workspace.signing_secret)


@contextmanager
def connected(app: App, workspace: LocalWorkspace) -> Iterator[None]:
    if isinstance(workspace, OverHttp):
        with served(app) as url:
            workspace.send_to(url)
            yield
    else:
        with connected_by_socket(app, workspace):
            yield


@contextmanager
def connected_by_socket(app: App, workspace: LocalWorkspace) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, workspace.app_token, ping_interval=0.5)  # how soon it sees a lost socket
    handler.connect()  # type: ignore[no-untyped-call]
    try:
        workspace.wait_until_connected()
        yield handler
    finally:
        _close(handler)
        handler.client.disconnect()  # a reconnection that ended meanwhile


def _close(handler: SocketModeHandler) -> None:
    """Give the two threads that would wait for the next message, for three seconds and for one, a last one each."""
    client = handler.client
    client.closed = client.current_session_state.terminated = True
    client.message_queue.put(None)
    if client.current_session is not None:
        with suppress(OSError):
            client.current_session.ping("closing")
    closing = threading.Thread(target=handler.close, daemon=True)
    closing.start()
    while closing.is_alive():
        # The receiving thread takes this mark back if it was just about to begin with the session.
        client.current_session_state.terminated = True
        closing.join(0.05)


@contextmanager
def served(app: App, port: int = 0) -> Iterator[str]:
    """The app behind its own adapter; its address."""
    with _Server(("127.0.0.1", port), _Quiet) as server:
        server.set_app(SlackRequestHandler(app))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/slack/events"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at a time, and waits for them at its end."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the base class's
        pass
