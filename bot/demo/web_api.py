"""May the app call this method, and what does it get?

`/api/METHOD` as docs.slack.dev, "Using the Slack Web API", has it: the token decides who calls, the table of scopes
(each from the method's own page) whether they may, and every refusal is Slack's error word in a 200 answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.demo.arguments import Arguments
from bot.demo.errors import Refusal
from bot.demo.installed_app import InstalledApp
from bot.demo.rate_limits import RateLimits, too_many

Object = dict[str, Any]
Method = Callable[[Arguments], Object]

SCOPES: Mapping[str, frozenset[str]] = {
    "auth.test": frozenset(),
    "blocks.validate": frozenset(),
    "bots.info": frozenset({"users:read"}),
    "chat.delete": frozenset({"chat:write"}),
    "chat.getPermalink": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history", "im:history", "mpim:history"}),
    "conversations.info": frozenset({"channels:read", "groups:read", "im:read", "mpim:read"}),
    "conversations.list": frozenset({"channels:read", "groups:read", "im:read", "mpim:read"}),
    "conversations.members": frozenset({"channels:read", "groups:read", "im:read", "mpim:read"}),
    "conversations.open": frozenset({"channels:manage", "groups:write", "im:write", "mpim:write"}),
    "conversations.replies": frozenset({"channels:history", "groups:history", "im:history", "mpim:history"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "team.info": frozenset({"team:read"}),
    "users.info": frozenset({"users:read"}),
    "users.list": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.push": frozenset(),
    "views.update": frozenset(),
}
"""A bot token needs any one of the method's scopes; conversations want the one for their own kind too."""

APP_TOKEN_METHODS = frozenset({"apps.connections.open"})
"""These want an app-level token, with `connections:write`."""


class WebApi:
    """Answers `/api/METHOD`."""

    def __init__(
        self,
        app: InstalledApp,
        methods: Mapping[str, Method],
        limits: RateLimits,
        place: Callable[[str], str] = lambda channel: channel,
    ) -> None:
        self._app = app
        self._methods = methods
        self._limits = limits
        self._place = place
        """The id of a channel, whatever the app calls it."""

    async def endpoint(self, request: Request) -> Response:
        """One call."""
        method = request.path_params["method"]
        return self._answer(method, request, await request.body())

    def knows(self, request: Request, body: bytes) -> bool:
        """Whether the call has one of the app's tokens."""
        tokens = (self._app.bot_token, self._app.app_token)
        try:
            if _token(request, Arguments(request.query_params)) in tokens:
                return True
            arguments = Arguments.read(request.query_params, request.headers.get("content-type", ""), body)
            return _token(request, arguments) in tokens
        except Refusal:
            return False

    def _answer(self, method: str, request: Request, body: bytes) -> Response:
        headers = {"x-oauth-scopes": ",".join(sorted(self._app.scopes))}
        try:
            arguments = Arguments.read(request.query_params, request.headers.get("content-type", ""), body)
            handler = self._methods.get(method) or partial(_unknown_method, method)
            if method in self._methods:
                self._authorize(method, _token(request, arguments), request.method)
                retry_after = self._limits.take(method, self._place(str(arguments.raw().get("channel", ""))))
                if retry_after:
                    return too_many(retry_after)
            return JSONResponse({"ok": True, **handler(arguments)}, headers=headers)
        except Refusal as refusal:
            return JSONResponse(refusal.answer(), headers=headers)

    def _authorize(self, method: str, token: str, verb: str) -> None:
        if not token:
            raise Refusal("not_authed")
        if token not in (self._app.bot_token, self._app.app_token):
            raise Refusal("invalid_auth")
        wants_app_token = method in APP_TOKEN_METHODS
        if method != "auth.test" and wants_app_token != (token == self._app.app_token):
            raise Refusal("not_allowed_token_type")
        if wants_app_token and verb != "POST":
            raise Refusal("insecure_request")
        if not wants_app_token:
            require_scope(self._app, SCOPES[method])


def _unknown_method(method: str, _arguments: Arguments) -> Object:
    raise Refusal("unknown_method", messages=[f"[WARN] the local workspace has no {method}"])


def require_scope(app: InstalledApp, needed: frozenset[str]) -> None:
    """Refuse what the app's manifest asks no scope for."""
    if needed and not needed & app.scopes:
        raise Refusal("missing_scope", needed=",".join(sorted(needed)), provided=",".join(sorted(app.scopes)))


def _token(request: Request, arguments: Arguments) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else arguments.text("token")
