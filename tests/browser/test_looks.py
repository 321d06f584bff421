"""Does the page fit every window, by day and by night, and does it talk to nobody else?"""

from __future__ import annotations

import socket
from typing import Final, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from bot.demo.server import LocalWorkspace
from bot.demonstration import Demo
from tests.browser.conftest import Shoot
from tests.browser.slack_page import SlackPage
from tests.demo.sample_app import DEFINITION, GENERAL, MANIFEST, client_of, section

WIDE: Final = ViewportSize(width=1440, height=900)
NARROW: Final = ViewportSize(width=380, height=740)

OVERHANGING = """() => [...document.querySelectorAll("body *")].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width && getComputedStyle(node).visibility === "visible" && box.right > innerWidth + 1
        && !node.closest(".table-scroll, .tiles, pre");
}).map((node) => node.outerHTML.slice(0, 120))"""


def looked_at(page: Page, shoot: Shoot, name: str) -> None:
    """A picture by day, by night, and in a narrow window, in which nothing hangs over the edge."""
    schemes: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        shoot(page, f"look-{name}-{scheme}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    assert page.evaluate(OVERHANGING) == []
    shoot(page, f"look-{name}-narrow")
    page.set_viewport_size(WIDE)


def test_every_place_is_whole_in_every_window(context: BrowserContext, demo: Demo, shoot: Shoot) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.type_command("/reminder new")
    slack.type_ahead("Client", "anna bella", "Anna Andersson")
    expect(slack.modal.get_by_label("E-mail address")).to_have_value("anna.andersson@post.example")
    looked_at(page, shoot, "modal")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    slack.go_to("contact-clients")
    page.get_by_role("textbox").last.fill("Who *calls* the owner of <Bella>?")
    page.keyboard.press("Enter")
    page.get_by_role("article").last.hover()
    looked_at(page, shoot, "channel")
    page.get_by_role("article").last.get_by_role("button", name="Reply in thread").click()
    page.keyboard.type("I do.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Thread").get_by_text("I do.")).to_be_visible()
    looked_at(page, shoot, "thread")
    page.locator("[data-region=apps]").get_by_role("button").click()
    expect(page.locator(".home-blocks")).to_be_visible()
    looked_at(page, shoot, "home")
    page.get_by_role("button", name="Developer").click()
    expect(page.get_by_role("region", name="Developer")).to_be_visible()
    looked_at(page, shoot, "drawer")


def test_in_a_narrow_window_every_panel_is_opened_by_a_button_that_nothing_covers(
    context: BrowserContext, shoot: Shoot
) -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        page = context.new_page()
        page.set_viewport_size(NARROW)
        page.goto(workspace.page_url)
        page.get_by_role("button", name="Show channels").click()
        page.get_by_role("button", name="quiet").click()
        expect(page.get_by_role("heading", name="# quiet")).to_be_in_viewport()
        outside = page.get_by_role("button", name="Show what is outside Slack")
        outside.click()
        page.get_by_role("button", name="Developer").click()
        drawer = page.get_by_role("region", name="Developer")
        expect(drawer).to_be_in_viewport()
        shoot(page, "narrow-drawer")
        drawer.get_by_role("button", name="Close").click()
        expect(drawer).to_have_count(0)
        page.get_by_role("button", name="Hide").click()
        expect(page.get_by_role("region", name="Clock")).not_to_be_visible()
        expect(page.get_by_role("textbox", name="Message #quiet")).to_be_in_viewport()


def test_nothing_is_asked_of_anybody_else_and_no_foreign_script_runs(context: BrowserContext) -> None:
    with (
        LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace,
        socket.create_server(("127.0.0.1", 0)) as elsewhere,
    ):
        elsewhere.setblocking(False)
        page = context.new_page()
        answer = page.goto(workspace.page_url)
        assert answer is not None
        policy = set(answer.headers["content-security-policy"].split("; "))
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= policy
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/dog.png"
        picture = {"type": "image", "image_url": address, "alt_text": "A dog"}
        text = f"<{address}|a link>"
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text=text, blocks=[picture, section(text)])
        expect(page.get_by_role("link", name="a link")).to_be_visible()
        expect(page.locator("img.broken")).to_be_visible()
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "globalThis.ran = true";
                document.body.append(script);
            }"""
        )
        assert page.evaluate("globalThis.ran") is None
        with pytest.raises(BlockingIOError):
            elsewhere.accept()  # nobody came
