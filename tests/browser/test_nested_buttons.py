"""Does a button inside a card, a carousel or a container tell the app what was pressed, and where?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from slack_bolt import Ack

from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import DEFINITION, GENERAL, MANIFEST, actions, bolt_app, button, client_of, connected, plain

PICTURE = {"type": "image", "image_url": "https://x.se/a.png", "alt_text": "A dog"}


def card(block_id: str, text: str) -> dict[str, Any]:
    texts = {"title": plain(text), "subtitle": plain("Below it"), "body": plain("And its body")}
    return {"type": "card", "block_id": block_id, "icon": PICTURE, **texts, "actions": [button("pressed", text)]}


BLOCKS: list[dict[str, Any]] = [
    card("alone", "Alone"),
    {"type": "carousel", "block_id": "row", "elements": [card("first", "First"), card("second", "Second")]},
    {
        "type": "container",
        "block_id": "around",
        "title": plain("Around"),
        "is_collapsible": True,
        "child_blocks": [
            actions(
                "inside", button("pressed", "Inside"), {**button("theirs", "Theirs"), "visible_to_user_ids": ["U2"]}
            )
        ],
    },
]


@pytest.mark.parametrize("place", ["message", "home"])
def test_a_button_inside_another_block_is_pressed(context: BrowserContext, place: str, shoot: Shoot) -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        app, heard = bolt_app(workspace), list[tuple[str, str]]()

        @app.event("app_home_opened")
        def opened() -> None:
            pass

        @app.action("pressed")
        def pressed(ack: Ack, action: dict[str, Any]) -> None:
            heard.append((action["block_id"], action["text"]["text"]))
            ack()

        with connected(app, workspace):
            client, page = client_of(workspace), context.new_page()
            if place == "message":
                client.chat_postMessage(channel=GENERAL.id, text="x", blocks=BLOCKS)
            else:
                client.views_publish(user_id="U0ANNA00001", view={"type": "home", "blocks": BLOCKS})
            page.goto(workspace.page_url)
            if place == "home":
                page.locator("[data-region=apps]").get_by_role("button").click()
            expect(page.get_by_role("button", name="Inside", exact=True)).to_be_visible()
            expect(page.get_by_role("button", name="Theirs")).to_have_count(0)
            for text in ("Alone", "First", "Second", "Inside"):
                page.get_by_role("button", name=text, exact=True).press("Enter")
            workspace.person("anna").wait_for(lambda: len(heard) == 4)
            assert sorted(heard) == [("alone", "Alone"), ("first", "First"), ("inside", "Inside"), ("second", "Second")]
            shoot(page, f"nested-{place}")
            around = page.get_by_text("Around", exact=True)
            around.click()
            expect(page.get_by_role("button", name="Inside")).to_be_hidden()
