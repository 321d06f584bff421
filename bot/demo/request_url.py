"""How does the workspace reach the app over HTTP?

As docs.slack.dev has it: "Verifying requests from Slack" (the signature `v0`), "Implementing slash commands" (form
fields, `ssl_check`), "Handling user interaction" (a form whose `payload` is JSON), "Events API" (JSON,
`url_verification`, retries with `x-slack-retry-num` and `x-slack-retry-reason`, `x-slack-no-retry`, up to two
redirects). What the app answers within three seconds with HTTP 200 is its acknowledgement.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from bot.demo.delivery import Attempt, Delivery, NotAcknowledged, NotConnected
from bot.demo.errors import Refusal
from bot.demo.http_exchange import HttpAnswer, Unreachable, Untrusted, exchange
from bot.demo.installed_app import InstalledApp
from bot.demo.json_text import parsed
from bot.demo.timings import Timings

MOST_REDIRECTS = 2
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class RequestUrl(Delivery):
    """The app's address for everything that it is told."""

    def __init__(self, app: InstalledApp, timings: Timings, on_change: Callable[[], None]) -> None:
        super().__init__(timings)
        self._app = app
        self._on_change = on_change
        self._url: str | None = None

    @property
    def connected(self) -> bool:
        """Is an address set? Whether somebody listens there is seen when something is sent."""
        return self._url is not None

    def set(self, url: str) -> None:
        """Take this address after the app answered the challenge there, as when it is saved in the app's settings.

        Raises:
            Refusal: `url_not_verified`, with what the app answered instead.
        """
        self._from_outside(self._verify(url))
        self._url = url
        self._on_change()

    def check_certificate(self, method: str = "POST") -> None:
        """Ask with `ssl_check=1` and no signature, as Slack does now and then of an app in distribution.

        The documentation says POST; older versions of it say GET.

        Raises:
            NotConnected: if nobody answers.
            NotAcknowledged: if the answer is not HTTP 200.
        """
        self._from_outside(self._check_certificate(method))

    async def _ask(self, kind: str, payload: Mapping[str, Any], attempt: Attempt | None = None) -> object:
        if self._url is None:
            raise NotConnected
        headers = {}
        if attempt is not None and attempt.number:
            headers = {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        match kind:
            case "slash_commands":
                content_type, body = FORM, urlencode(payload)
            case "interactive":
                content_type, body = FORM, urlencode({"payload": json.dumps(payload)})
            case _:
                content_type, body = JSON, json.dumps(payload)
        answer = await self._send(self._url, content_type, body.encode(), headers)
        return None if attempt is not None else _carried(answer)

    async def _verify(self, url: str) -> None:
        challenge = secrets.token_urlsafe(36)
        asked = {"token": self._app.verification_token, "challenge": challenge, "type": "url_verification"}
        try:
            answered = await self._on_record("url_verification", asked, self._challenged(url, asked))
        except NotConnected:
            raise Refusal("url_not_verified", messages=["nobody answers there"]) from None
        except NotAcknowledged as error:
            raise Refusal("url_not_verified", messages=[error.reason, *error.messages]) from None
        if answered != challenge:
            raise Refusal("url_not_verified", messages=["the answer does not repeat the challenge"])

    async def _challenged(self, url: str, asked: Mapping[str, Any]) -> object:
        return _challenge(await self._send(url, JSON, json.dumps(asked).encode(), {}))

    async def _check_certificate(self, method: str) -> None:
        if self._url is None:
            raise NotConnected
        asked = {"ssl_check": "1", "token": self._app.verification_token}
        await self._on_record("ssl_check", asked, self._checked(self._url, method, urlencode(asked)))

    async def _checked(self, url: str, method: str, asked: str) -> None:
        if method == "GET":
            joint = "&" if urlsplit(url).query else "?"
            await self._within_time(url + joint + asked, "GET", {}, b"")
        else:
            await self._within_time(url, "POST", {"Content-Type": FORM}, asked.encode())

    async def _send(self, url: str, content_type: str, body: bytes, more: Mapping[str, str]) -> HttpAnswer:
        # Signed with this machine's time and not with the workspace's: the app compares it with its own clock.
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._app.signing_secret, timestamp, body),
            **more,
        }
        return await self._within_time(url, "POST", headers, body)

    async def _within_time(self, url: str, method: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        try:
            async with asyncio.timeout(self._timings.acknowledgement):
                await asyncio.sleep(self._network.latency)
                answer = await _followed(url, method, headers, body)
        except Unreachable:
            raise NotConnected from None
        except Untrusted as error:
            raise NotAcknowledged("ssl_error", str(error)) from None
        except TimeoutError:
            raise NotAcknowledged("http_timeout", "the app did not answer in time") from None
        if answer.status != 200:
            stays_away = answer.headers.get("x-slack-no-retry") == "1"
            raise NotAcknowledged("http_error", f"the app answered with HTTP {answer.status}", final=stays_away)
        return answer


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in X-Slack-Signature."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


async def _followed(url: str, method: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
    """The answer at the address, or where it sends one on with 301 or 302, at most twice.

    The documentation does not say how the request is repeated; here it is the same request.
    """
    for _ in range(MOST_REDIRECTS + 1):
        answer = await exchange(url, method=method, headers=headers, body=body)
        if answer.status not in (301, 302) or "location" not in answer.headers:
            return answer
        url = urljoin(url, answer.headers["location"])
    raise NotAcknowledged("too_many_redirects", f"the app redirected more than {MOST_REDIRECTS} times")


def _carried(answer: HttpAnswer) -> object:
    """What the acknowledgement says: JSON, a text, or None for nothing."""
    if not answer.body:
        return None
    text = answer.body.decode("utf-8", "replace")
    if answer.content_type != JSON:
        return text
    try:
        return parsed(text)
    except ValueError:
        raise NotAcknowledged("invalid_response", "the app answered with JSON that cannot be read") from None


def _challenge(answer: HttpAnswer) -> object:
    """The challenge as plain text, as a form's field or in JSON (docs.slack.dev, "url_verification event")."""
    text = answer.body.decode("utf-8", "replace")
    if answer.content_type == JSON:
        found = _carried(answer)
        return found.get("challenge") if isinstance(found, Mapping) else None
    if answer.content_type == FORM:
        return next(iter(parse_qs(text).get("challenge", [])), None)
    return text.strip()
