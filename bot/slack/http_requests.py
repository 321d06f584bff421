"""What becomes of a request that Slack sends over HTTP?

Its signature and its age are looked at before anything of it is read (documentation: *Verifying requests from Slack*):
Bolt looks at them too, but only after it has parsed the whole. Then Bolt finds the listener, and answers with what was
acknowledged. Reading and answering are done in a thread, so that nobody else waits meanwhile.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs

import structlog
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_SHAPES = {
    "x-slack-request-timestamp": re.compile(r"[0-9]{1,12}", re.ASCII),
    "x-slack-signature": re.compile(r"v0=[0-9a-f]{64}", re.ASCII),
}
"""What can be compared; anything else makes the verifier raise instead of refuse."""

MOST_UNSIGNED_BYTES: Final = 1024
"""How long a check of the certificate may be: two fields, of which the token has 24 characters."""

_log = structlog.get_logger()


class HttpRequests:
    """Hands requests to a Bolt app that was built with the signing secret."""

    def __init__(self, app: App, signing_secret: str) -> None:
        """Raises ValueError if the secret is empty."""
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def answer(self, request: Request, body: bytes) -> Response:
        """The answer to one request: 401 if it is not Slack's, or not of the last five minutes."""
        if not self._is_signed(request, body):
            if _checks_certificate(body):
                return Response()
            return _refused(401)
        return await run_in_threadpool(self._dispatched, request, body)

    def _is_signed(self, request: Request, body: bytes) -> bool:
        given: dict[str, str] = {}
        for name, shape in _SHAPES.items():
            values = request.headers.getlist(name)
            # Of two, Bolt and whatever stands before the bot might each believe another one.
            if len(values) != 1 or not shape.fullmatch(values[0]):
                return False
            given[name] = values[0]
        try:
            return self._verifier.is_valid_request(body, given)
        except UnicodeDecodeError:  # Slack writes UTF-8
            return False

    def _dispatched(self, request: Request, body: bytes) -> Response:
        try:
            asked = to_bolt_request(request, body)
        except Exception:  # noqa: BLE001  # signed, and yet nothing that Bolt can read: Bolt would raise, whatever it is
            return _refused(400)
        answer = self._app.dispatch(asked)
        if answer.status == 401:
            return _refused(401)
        return to_starlette_response(answer)

    def close(self) -> None:
        """Return when every listener has done what it does after its acknowledgement; there must be no new ones."""
        self._app.listener_runner.listener_executor.shutdown(wait=True)


def _checks_certificate(body: bytes) -> bool:
    # Documentation: *Implementing slash commands*; the only thing that Slack sends without a signature.
    if len(body) > MOST_UNSIGNED_BYTES or not body.isascii():
        return False
    return parse_qs(body.decode("ascii")).get("ssl_check") == ["1"]


def _refused(status: int) -> Response:
    _log.warning("request-refused", status=status)
    return JSONResponse({"error": "invalid request"}, status_code=status)
