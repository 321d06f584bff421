"""Does a developer at the page see what was said, and make calls fail, with the keyboard alone?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from slack_sdk.errors import SlackApiError

from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import DEFINITION, GENERAL, MANIFEST, bolt_app, client_of, connected_by_socket


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as running:
        yield running


def test_the_drawer_shows_each_request_and_lets_the_next_ones_fail(
    workspace: LocalWorkspace, context: BrowserContext, shoot: Shoot
) -> None:
    page: Page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(workspace.page_url)
    client = client_of(workspace)
    client.chat_postMessage(channel=GENERAL.id, text=f"I say {workspace.bot_token}")
    opener = page.get_by_role("button", name="Developer", exact=True)
    drawer = page.get_by_role("region", name="Developer")
    expect(drawer).to_have_count(0)
    opener.focus()
    page.keyboard.press("Enter")
    expect(drawer.get_by_label("Method")).to_be_focused()
    drawer.locator('[data-exchange="chat.postMessage"] button').press("Enter")
    expect(drawer.locator("pre").first).to_contain_text("I say [redacted]")
    shoot(page, "drawer-record")

    method = drawer.get_by_label("Method")
    method.fill("users.list")
    drawer.get_by_label("Fails with").select_option("limited")
    drawer.get_by_label("Seconds").fill("7")
    method.press("Enter")
    expect(drawer.get_by_label("Waiting")).to_have_text("1 × users.list: HTTP 429")
    expect(drawer.get_by_role("status")).to_have_text("1 call will fail")
    with pytest.raises(SlackApiError) as caught:
        client.users_list()
    assert caught.value.response.headers["retry-after"] == "7"
    expect(drawer.locator('[data-exchange="users.list"]')).to_contain_text("HTTP 429 ratelimited")
    expect(drawer.get_by_role("status")).to_have_text("All is well")
    drawer.get_by_label("Fails with").select_option("error")
    method.press("Enter")
    expect(drawer.get_by_role("status")).to_have_text("1 call will fail")
    with pytest.raises(SlackApiError, match="internal_error"):
        client.users_list()
    expect(drawer.locator('[data-exchange="users.list"] .outcome').first).to_have_text("internal_error")
    expect(drawer.get_by_role("status")).to_have_text("All is well")

    drawer.get_by_role("button", name="Everything twice").press("Enter")
    drawer.get_by_label("Slower by").select_option("2")
    expect(drawer.get_by_role("status")).to_have_text("everything takes 2 s longer · everything is delivered twice")
    drawer.get_by_role("button", name="Clear all").press("Enter")
    expect(drawer.get_by_role("status")).to_have_text("All is well")
    expect(drawer.get_by_label("Slower by")).to_have_value("0")
    drawer.get_by_label("Times").fill("-1")
    drawer.get_by_label("Times").evaluate("node => node.form.noValidate = true")
    drawer.get_by_label("Times").press("Enter")
    expect(drawer.get_by_role("alert")).to_have_text("That is not possible.")
    page.emulate_media(color_scheme="dark")
    shoot(page, "drawer-dark")
    page.set_viewport_size({"width": 380, "height": 740})
    shoot(page, "drawer-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})

    method.press("Escape")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()
    assert wrong == []


@pytest.mark.parametrize(
    ("button", "reason"), [("Ask to reconnect", "refresh_requested"), ("Warn of a disconnect", "warning")]
)
def test_the_drawer_asks_the_app_for_new_sockets_for_either_reason(
    workspace: LocalWorkspace, context: BrowserContext, button: str, reason: str
) -> None:
    with connected_by_socket(bolt_app(workspace), workspace):
        before = set(workspace.socket_ids)
        page = context.new_page()
        page.goto(workspace.page_url)
        page.get_by_role("button", name="Developer", exact=True).click()
        drawer = page.get_by_role("region", name="Developer")
        drawer.get_by_role("button", name=button).press("Enter")
        told = drawer.locator('[data-exchange="disconnect"]')
        told.get_by_role("button").press("Enter")
        expect(told.locator("pre").first).to_contain_text(f'"reason": "{reason}"')
        workspace.person("anna").wait_for(lambda: set(workspace.socket_ids) - before)
