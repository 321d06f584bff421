"""How does the bot come to hear what happens in Slack?

Over Socket Mode: the bot opens the connection, so it needs no public address. Bolt's own client keeps it up and opens
it anew when Slack asks (documentation: *Using Socket Mode*).
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

TIMEOUT_SECONDS = 10
"""How long Slack may take to answer one call; a person waits three seconds at most, a card can wait."""

LOOK_AFTER_SECONDS = 5
"""How often the socket is looked after: so long at most nobody is heard after it broke, while Slack is there."""

CLOSING_SECONDS = 10.0
"""How long closing may take: listeners that are at work are waited for so long."""

_log = structlog.get_logger()

_PASSING = frozenset({"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"})
"""Slack's words for trouble of its own (documentation: *auth.test*, errors)."""

_WORD = re.compile(r"[a-z_]{1,64}", re.ASCII)


class SlackAway(Exception):
    """Slack cannot be reached or has trouble of its own; in a word, without an address."""


class TokenRefused(Exception):
    """Slack does not take a token. `setting` names it, `code` is Slack's word."""

    def __init__(self, setting: str, code: str) -> None:
        super().__init__(f"{setting} was refused by Slack: {code}")
        self.setting = setting
        self.code = code


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Whose the bot token is. `scopes` is what it allows, `None` if Slack did not say."""

    team_id: str
    user_id: str
    scopes: frozenset[str] | None


def web_client(token: str, api_url: str) -> WebClient:
    """A client for what listeners do while a person waits: a broken connection is tried once more."""
    return WebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[ConnectionErrorRetryHandler(max_retry_count=1), RateLimitErrorRetryHandler(max_retry_count=1)],
    )


def card_client(token: str, api_url: str) -> WebClient:
    """A client that tries nothing again by itself: whether a card is posted once more is decided from its row."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


def identify(client: WebClient) -> Identity:
    """Ask Slack whose the bot token is.

    Raises:
        TokenRefused: if Slack does not take it.
        SlackAway: if Slack cannot be asked.
    """
    with _judged("SLACK_BOT_TOKEN"):
        answer = client.auth_test()
    scopes = answer.headers.get("x-oauth-scopes")
    allowed = None if scopes is None else frozenset(filter(None, (one.strip() for one in str(scopes).split(","))))
    return Identity(str(answer["team_id"]), str(answer["user_id"]), allowed)


def require_socket(client: WebClient, app_token: str) -> None:
    """Ask Slack whether a socket may be opened; none is.

    Raises:
        TokenRefused: if Slack does not take the token.
        SlackAway: if Slack cannot be asked.
    """
    with _judged("SLACK_APP_TOKEN"):
        client.apps_connections_open(app_token=app_token)


@contextlib.contextmanager
def _judged(setting: str) -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        word = error.response.get("error")
        code = word if isinstance(word, str) and _WORD.fullmatch(word) else f"http-{error.response.status_code}"
        if error.response.status_code != 200 or code in _PASSING:
            raise SlackAway(code) from None
        raise TokenRefused(setting, code) from None
    except (SlackClientError, OSError, HTTPException) as error:
        # urllib's URLError only wraps what happened; its text can hold the address.
        met = getattr(error, "reason", error)
        raise SlackAway(type(met if isinstance(met, Exception) else error).__name__) from None


def _close(handler: SocketModeHandler) -> None:
    # Two threads of slack_sdk's would go on waiting, for the next message over the socket and for the next one to be
    # dealt with: three seconds and one. Slack answers a ping at once, and nothing is something to deal with.
    client = handler.client
    client.closed = True
    client.current_session_state.terminated = True
    client.message_queue.put(None)
    if client.current_session is not None:
        with contextlib.suppress(OSError):
            client.current_session.ping("closing")
    handler.close()  # type: ignore[no-untyped-call]  # Bolt's own lack of annotations


class Connection:
    """The app's connection to Slack. Once open, it is kept up until it is closed."""

    def __init__(self, app: App, app_token: str) -> None:
        self._app = app
        self._app_token = app_token
        self._handler: SocketModeHandler | None = None

    def open(self) -> None:
        """Connect.

        Raises:
            TokenRefused: if Slack does not take the token.
            SlackAway: if Slack cannot be reached; may be tried again.
        """
        if self._handler is None:
            # Here and not earlier, since it starts threads at once.
            self._handler = SocketModeHandler(self._app, self._app_token, ping_interval=LOOK_AFTER_SECONDS)
        with _judged("SLACK_APP_TOKEN"):
            self._handler.connect()  # type: ignore[no-untyped-call]  # Bolt's own lack of annotations

    def close(self) -> None:
        """Hear no more of what happens, and return when every listener has done what it does after its answer.

        A connection that is stuck is let go of after `CLOSING_SECONDS`.
        """
        handler = self._handler
        if handler is None:
            return
        closing = threading.Thread(target=_close, args=(handler,), name="slack-closing", daemon=True)
        closing.start()
        until = time.monotonic() + CLOSING_SECONDS
        while closing.is_alive() and time.monotonic() < until:
            # slack_sdk's receiving thread takes this mark back if it was just about to begin with a session, then waits
            # for ever on a socket that is closed, and close() waits for the thread.
            handler.client.current_session_state.terminated = True
            closing.join(0.1)
        handler.client.disconnect()  # a reconnection that ended meanwhile
        if closing.is_alive():
            _log.warning("slack-connection-stuck")
            return
        self._app.listener_runner.listener_executor.shutdown(wait=True)
