"""Does the app call too often?

Each method has a tier: so many calls a minute (docs.slack.dev, "Rate limits"; which method is in which tier, and 600
for the methods that allow "hundreds", as in Slack's own Java SDK, `MethodsRateLimits` and `MethodsRateLimitTier`).
`chat.postMessage` takes one message a second in each channel, by whatever name it is called. Bursts are tolerated,
Slack does not say how large: here a whole minute's calls at least (`Timings`). Nor does it say whether a call counts
that is refused for its arguments: here it does, as one that was answered; one that is turned away with 429 does not.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping

from starlette.responses import JSONResponse, Response

from bot.demo.timings import Timings

_TIERS: Mapping[int, tuple[str, ...]] = {
    1: ("apps.connections.open",),
    20: ("conversations.list", "users.list"),
    50: (
        "bots.info",
        "chat.delete",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.open",
        "conversations.replies",
        "team.info",
    ),
    100: (
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "users.info",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ),
    600: ("auth.test", "blocks.validate", "chat.getPermalink"),
}
A_MINUTE: Mapping[str, int] = {method: limit for limit, methods in _TIERS.items() for method in methods}
_BY_CHANNEL = "chat.postMessage"


class RateLimits:
    """Counts the calls of one app. Safe to use from any thread."""

    def __init__(self, timings: Timings, clock: Callable[[], float] = time.monotonic) -> None:
        self._timings = timings
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: dict[tuple[str, str], tuple[float, float]] = {}
        """By what is counted: how much of the burst was used up, and when that was."""

    def take(self, method: str, channel: str = "") -> int:
        """Count a call; 0 if it may be made, else the seconds of Retry-After."""
        minute = self._timings.rate_minute
        if minute <= 0 or (method != _BY_CHANNEL and method not in A_MINUTE):
            return 0
        if method == _BY_CHANNEL:
            return self._count((method, channel), self._timings.message_burst, self._timings.message_pause)
        limit = A_MINUTE[method]
        return self._count((method, ""), max(limit, self._timings.least_burst), minute / limit)

    def _count(self, key: tuple[str, str], burst: int, pause: float) -> int:
        now = self._clock()
        with self._lock:
            used, when = self._spent.get(key, (0.0, now))
            used = max(0.0, used - (now - when) / pause) if pause > 0 else 0.0
            allowed = used + 1 <= burst
            self._spent[key] = (used + allowed, now)
        return 0 if allowed else max(1, math.ceil((used + 1 - burst) * pause))


def too_many(retry_after: int) -> Response:
    """HTTP 429 as docs.slack.dev, "Rate limits", has it."""
    headers = {"retry-after": str(retry_after)}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)
