"""Does the checker find what Slack's page does not allow below a message, and nothing in what it does?

Not part of the corpus beside the other libraries: blockkit has no attachments.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blocks.limits import problems
from tests.blocks.payloads import Json, actions, button, plain, section

BELOW = "/attachments/0"
URL = "https://x.se/a.png"


def attached(**more: object) -> Json:
    return {"text": "Text", "attachments": [{"text": "Text", **more}]}


AT_MOST: list[tuple[str, Callable[[int], Json], int, str]] = [
    ("attachments of a message", lambda n: {"text": "x", "attachments": [{"text": "x"}] * n}, 100, "/attachments"),
    ("the footer", lambda n: attached(footer="x" * n), 300, f"{BELOW}/footer"),
    ("the actions", lambda n: attached(actions=[{}] * n), 5, f"{BELOW}/actions"),
    ("the blocks", lambda n: attached(blocks=[section(text=plain("x"))] * n), 50, f"{BELOW}/blocks"),
    (
        "the text of the blocks",
        lambda n: attached(blocks=[{"type": "markdown", "text": "x" * n}]),
        12_000,
        f"{BELOW}/blocks",
    ),
]


@pytest.mark.parametrize(
    ("make", "limit", "pointer"), [case[1:] for case in AT_MOST], ids=[case[0] for case in AT_MOST]
)
def test_a_limit_is_taken_and_one_more_is_refused(make: Callable[[int], Json], limit: int, pointer: str) -> None:
    assert problems(make(limit)) == []
    assert [place for place, _ in problems(make(limit + 1))] == [pointer]


BROKEN: list[tuple[str, Json, str]] = [
    ("attachments that are none", {"text": "x", "attachments": {"text": "x"}}, "/attachments"),
    ("a colour that is a number", attached(color=36), f"{BELOW}/color"),
    ("an unknown keyword", attached(colour="good"), f"{BELOW}/colour"),
    ("two pictures", attached(image_url=URL, thumb_url=URL), f"{BELOW}/thumb_url"),
    ("a picture that is no address", attached(image_url="dog.png"), f"{BELOW}/image_url"),
    ("a link to nowhere", attached(title_link="x"), f"{BELOW}/title_link"),
    ("a moment that is none", attached(ts="today"), f"{BELOW}/ts"),
    ("marks in what has no name", attached(mrkdwn_in=[1]), f"{BELOW}/mrkdwn_in/0"),
    ("a text that is a text object", attached(text=plain()), f"{BELOW}/text"),
    ("a field that is perhaps short", attached(fields=[{"title": "x", "short": "yes"}]), f"{BELOW}/fields/0/short"),
    ("a block that no message has", attached(blocks=[{"type": "alert", "text": plain()}]), f"{BELOW}/blocks/0/type"),
    ("nothing to show", {"attachments": [{"color": "good"}]}, BELOW),
    ("a block that is too long", attached(blocks=[section(text=plain("x" * 3001))]), f"{BELOW}/blocks/0/text/text"),
    (
        "two blocks with one id",
        attached(blocks=[section(block_id="a"), section(block_id="a")]),
        f"{BELOW}/blocks/1/block_id",
    ),
    (
        "two buttons of a block with one id",
        attached(blocks=[actions(button(action_id="a"), button(action_id="a"))]),
        f"{BELOW}/blocks/0/elements/1/action_id",
    ),
]


@pytest.mark.parametrize(("payload", "pointer"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_attachment_is_reported_at_the_place_and_nowhere_else(payload: Json, pointer: str) -> None:
    assert [place for place, _ in problems(payload)] == [pointer]


def test_what_the_page_allows_has_no_problems() -> None:
    everything: Json = {
        "author_icon": URL,
        "author_link": URL,
        "author_name": "x",
        "color": "36A",
        "fields": [{"title": "x", "value": "x", "short": True}, {"value": "x"}],
        "footer": "x",
        "footer_icon": URL,
        "image_url": URL,
        "mrkdwn_in": ["text", "pretext", "fields"],
        "pretext": "x",
        "title": "x",
        "title_link": URL,
        "ts": 123456789,
    }
    again = [{"color": color, "blocks": [section(block_id="a")]} for color in ("#36a64f", "good", "blue", "")]
    more = [{"fallback": "x"}, {"text": "x", "thumb_url": URL, "ts": "123456789.000200"}]
    assert problems({"attachments": [everything, *again, *more]}) == []
