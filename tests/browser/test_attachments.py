"""Is the older form of content below a message drawn, folded and used as in Slack?"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect
from slack_bolt import Ack

from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import (
    DEFINITION,
    GENERAL,
    MANIFEST,
    actions,
    bolt_app,
    button,
    client_of,
    connected,
    option,
    section,
)

OLDER: dict[str, Any] = {
    "color": "#36a64f",
    "pretext": "*Above*",
    "author_name": "Bobby",
    "author_link": "https://x.se/bobby",
    "title": "Cats &amp; dogs",
    "title_link": "javascript:alert(1)",
    "text": "*bold* and <https://x.se|a link>",
    "mrkdwn_in": ["text"],
    "fields": [
        {"title": "Left", "value": "1", "short": True},
        {"title": "Right", "value": "2", "short": True},
        {"title": "Below", "value": "*3*"},
    ],
    "footer": "The foot",
    "ts": 1_795_000_000,
}
LONG = {"color": "danger", "text": "\n".join(f"line {number}" for number in range(9)), "fallback": "not shown"}
WITH_BLOCKS = {
    "color": "warning",
    "text": "not shown",
    "blocks": [
        section("In a block"),
        actions(
            "row",
            {"type": "static_select", "action_id": "size", "options": [option("Small", "s"), option("Large", "l")]},
            button("below"),
        ),
    ],
}


def top_and_height(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["y"], box["height"]


WITH_LEGACY_BUTTONS = {
    "text": "Would you like to play a game?",
    "callback_id": "game",
    "actions": [
        {"name": "game", "type": "button", "text": "Chess", "value": "chess"},
        {"name": "game", "type": "button", "text": "War", "value": "war", "style": "danger"},
        {"name": "level", "type": "select", "text": "Level", "options": [{"text": "Easy", "value": "1"}]},
    ],
}


BAR = "node => getComputedStyle(node.querySelector('.attached'), '::before').backgroundColor"


def test_attachments_are_drawn_folded_and_pressed(context: BrowserContext, shoot: Shoot) -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        app, heard = bolt_app(workspace), list[Any]()

        @app.action("size")
        def chosen(ack: Ack) -> None:
            ack()

        @app.action("below")
        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            heard.append(body["state"]["values"]["row"]["size"]["selected_option"]["value"])
            ack()

        with connected(app, workspace):
            attachments = [OLDER, LONG, WITH_BLOCKS, {"fallback": "Only this", "color": "reddish"}]
            client_of(workspace).chat_postMessage(channel=GENERAL.id, text="The words", attachments=attachments)
            page: Page = context.new_page()
            page.goto(workspace.page_url)
            message = page.get_by_role("article")
            expect(message).to_contain_text("The words")
            older, long, with_blocks, plain = message.locator(".attachment").all()
            shoot(page, "attachments")

            assert [each.evaluate(BAR) for each in (older, long, with_blocks)] == [
                "rgb(54, 166, 79)",
                "rgb(163, 2, 0)",
                "rgb(218, 160, 56)",
            ]
            assert plain.evaluate(BAR) == "rgb(221, 221, 221)"  # as without a colour
            expect(older).to_contain_text("*Above*")
            expect(older.locator("strong")).to_have_text("bold")
            expect(older.get_by_role("link")).to_have_text(["Bobby", "a link"])
            expect(older).to_contain_text("Cats & dogs")
            left, right, under = (top_and_height(field)[0] for field in older.locator(".attached-field").all())
            assert left == right < under
            expect(older.locator(".attached-footer")).to_contain_text("The foot")
            expect(plain).to_have_text("Only this")
            expect(message).not_to_contain_text("not shown")

            _, folded = top_and_height(long)
            long.get_by_role("button", name="Show more").press("Enter")
            expect(long.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
            assert top_and_height(long)[1] > folded

            with_blocks.get_by_role("combobox").click()
            page.get_by_role("option", name="Large").click()
            with_blocks.get_by_role("button", name="Press").click()
            workspace.person("anna").wait_for(lambda: heard)
            assert heard == ["l"]


def test_legacy_buttons_are_shown_and_said_to_do_nothing(context: BrowserContext, shoot: Shoot) -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="Shall we?", attachments=[WITH_LEGACY_BUTTONS])
        page: Page = context.new_page()
        page.goto(workspace.page_url)
        attached = page.locator(".attachment")
        expect(attached).to_contain_text("Would you like to play a game?")
        shoot(page, "legacy-buttons")
        for name in ("Chess", "War", "Level"):
            shown = attached.get_by_role("button", name=name)
            expect(shown).to_be_disabled()
            expect(shown).to_have_accessible_description(
                "Legacy actions cannot be used in this workspace. Buttons in blocks can."
            )
