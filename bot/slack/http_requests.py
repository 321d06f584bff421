"""What becomes of a request that Slack sends over HTTP?

Bolt looks at its signature and its age before anything else of it is believed (documentation: *Verifying requests from
Slack*), finds the listener, and answers with what was acknowledged. Bolt's adapter turns request and answer round;
running it in a thread is done here, since the adapter would let everybody else wait meanwhile.
"""

from __future__ import annotations

import re

import structlog
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_SHAPES = {
    "x-slack-request-timestamp": re.compile(r"[0-9]{1,12}", re.ASCII),
    "x-slack-signature": re.compile(r"v0=[0-9a-f]{64}", re.ASCII),
}
"""What Bolt can compare; anything else makes it raise instead of refuse."""

_log = structlog.get_logger()


class HttpRequests:
    """Hands requests to a Bolt app that was built with the signing secret."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def answer(self, request: Request, body: bytes) -> Response:
        """The answer to one request: 401 if it is not Slack's, or not of the last five minutes."""
        if any(
            name in request.headers and not shape.fullmatch(request.headers[name]) for name, shape in _SHAPES.items()
        ):
            return _refused(401)
        try:
            asked = to_bolt_request(request, body)
        except Exception:  # noqa: BLE001  # it is read before it is verified: whatever it is, Slack did not write it
            return _refused(400)
        answer = await run_in_threadpool(self._app.dispatch, asked)
        if answer.status == 401:
            return _refused(401)
        return to_starlette_response(answer)

    def close(self) -> None:
        """Return when every listener has done what it does after its acknowledgement; there must be no new ones."""
        self._app.listener_runner.listener_executor.shutdown(wait=True)


def _refused(status: int) -> Response:
    _log.warning("request-refused", status=status)
    return JSONResponse({"error": "invalid request"}, status_code=status)
