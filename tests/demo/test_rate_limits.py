"""Are calls counted as Slack counts them, and is one too many told when it may come back?"""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.demo.rate_limits import A_MINUTE, RateLimits
from bot.demo.server import LocalWorkspace
from bot.demo.timings import Timings
from bot.demo.web_api import APP_TOKEN_METHODS, SCOPES
from tests.demo.sample_app import ANNA, DEFINITION, GENERAL, MANIFEST

MESSAGE_BURST = Timings().message_burst


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_every_method_but_the_posting_of_messages_has_a_tier() -> None:
    assert set(SCOPES) | APP_TOKEN_METHODS <= set(A_MINUTE) | {"chat.postMessage"}


@pytest.mark.parametrize(
    ("method", "burst", "pause"),
    [
        ("apps.connections.open", 10, 60),  # tier 1: one a minute
        ("users.list", 20, 3),  # tier 2: 20 a minute
        ("chat.update", 50, 2),  # tier 3: 50 a minute, 1.2 s rounded up
        ("views.update", 100, 1),  # tier 4: 100 a minute
        ("chat.postMessage", MESSAGE_BURST, 1),
    ],
)
def test_after_a_burst_the_calls_are_spread_over_the_minute(method: str, burst: int, pause: int) -> None:
    clock = Clock()
    limits = RateLimits(Timings(), clock)
    assert [limits.take(method, "C1") for _ in range(burst)] == [0] * burst
    assert limits.take(method, "C1") == pause
    clock.now += pause
    assert limits.take(method, "C1") == 0
    assert limits.take(method, "C1") > 0


def test_messages_are_counted_for_each_channel_and_other_calls_for_all_together() -> None:
    limits = RateLimits(Timings(), Clock())
    assert {limits.take("chat.postMessage", f"C{number % 2}") for number in range(2 * MESSAGE_BURST)} == {0}
    assert limits.take("chat.postMessage", "C1") == 1
    for number in range(50):
        limits.take("chat.update", f"C{number}")
    assert limits.take("chat.update", "C99") > 0


def test_a_workspace_without_a_minute_has_no_limits() -> None:
    limits = RateLimits(Timings(rate_minute=0), Clock())
    assert {limits.take("apps.connections.open") for _ in range(1000)} == {0}


def test_one_message_too_many_gets_429_and_comes_through_when_it_waits() -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
        for number in range(MESSAGE_BURST):
            client.chat_postMessage(channel=GENERAL.id, text=str(number))
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel=GENERAL.id, text="too many")
        assert caught.value.response.status_code == 429
        assert caught.value.response["error"] == "ratelimited"
        assert caught.value.response.headers["retry-after"] == "1"
        assert client.chat_postMessage(channel=ANNA.id, text="elsewhere")["ok"]
        client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
        assert client.chat_postMessage(channel=GENERAL.id, text="waited")["ok"]
        assert [message.text for message in workspace.person("anna").messages("general")][-1] == "waited"
