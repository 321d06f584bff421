"""Does the connection to Slack close when it is told to, whatever it was about to do?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from slack_bolt import Ack, App

from bot.demo.server import LocalWorkspace
from bot.slack.connection import CLOSING_SECONDS, Connection, web_client
from tests.demo.sample_app import DEFINITION, MANIFEST

BEGINNING = "Starting to receive messages"
"""What slack_sdk's receiving thread says between looking at its session and taking back the mark to end."""

PATIENCE = 10 * CLOSING_SECONDS


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as started:
        yield started


def test_it_closes_though_it_was_just_about_to_listen(workspace: LocalWorkspace) -> None:
    app = App(client=web_client(workspace.bot_token, workspace.api_url), token_verification_enabled=False)
    about_to_listen, go_on = threading.Event(), threading.Event()

    def wait_there(record: logging.LogRecord) -> bool:
        if BEGINNING in record.getMessage():
            about_to_listen.set()
            go_on.wait()
        return False

    app.logger.setLevel(logging.INFO)
    app.logger.addFilter(wait_there)
    connection = Connection(app, workspace.app_token)
    try:
        connection.open()
        assert about_to_listen.wait(10)
        closing = threading.Thread(target=connection.close, daemon=True)
        closing.start()
        handler = connection._handler
        assert handler is not None
        while not handler.client.closed or handler.client.is_connected():
            closing.join(0.01)
        go_on.set()
        closing.join(CLOSING_SECONDS / 2)
        assert not closing.is_alive()
    finally:
        app.logger.removeFilter(wait_there)
        go_on.set()


def test_it_closes_though_its_thread_would_wait_long_for_a_message_to_deal_with(workspace: LocalWorkspace) -> None:
    app = App(client=web_client(workspace.bot_token, workspace.api_url), token_verification_enabled=False)
    connection = Connection(app, workspace.app_token)
    connection.open()
    handler = connection._handler
    assert handler is not None
    client: Any = handler.client
    before, queue = client.message_queue, PatientQueue()
    client.message_queue = queue
    before.put(None)
    assert queue.is_waited_for.wait(10)
    closing = threading.Thread(target=connection.close, daemon=True)
    closing.start()
    closing.join(CLOSING_SECONDS / 2)
    assert not closing.is_alive()


def test_closing_waits_for_what_a_listener_does_after_its_acknowledgement(workspace: LocalWorkspace) -> None:
    app = App(client=web_client(workspace.bot_token, workspace.api_url), token_verification_enabled=False)
    goes_on, done = threading.Event(), threading.Event()

    @app.command("/sample")
    def listen(ack: Ack) -> None:
        ack()
        goes_on.wait(PATIENCE)
        done.set()

    connection = Connection(app, workspace.app_token)
    connection.open()
    workspace.person(DEFINITION.users[0].id).command("/sample")
    closing = threading.Thread(target=connection.close, daemon=True)
    closing.start()
    closing.join(1)
    assert closing.is_alive()
    goes_on.set()
    closing.join(PATIENCE)
    assert done.is_set()
    assert not closing.is_alive()


class PatientQueue(Queue[str | None]):
    """Waits so long for the next message that it would be noticed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_waited_for = threading.Event()

    def get(self, block: bool = True, timeout: float | None = None) -> str | None:
        self.is_waited_for.set()
        return super().get(block, timeout and PATIENCE)
