"""Do several people, each in a tab of their own, see the same workspace at the same time?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from slack_sdk import WebClient

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    ANNA,
    BO,
    CIA,
    DEFINITION,
    GENERAL,
    MANIFEST,
    QUIET,
    actions,
    bolt_app,
    button,
    client_of,
    connected,
    section,
)


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as running:
        yield running


def opened(context: BrowserContext, workspace: LocalWorkspace, user: str, place: str = GENERAL.id) -> Page:
    page = context.new_page()
    page.goto(f"{workspace.page_url}&user={user}#{place}")
    return page


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").last.fill(text)
    page.keyboard.press("Enter")


def test_what_one_says_and_presses_is_seen_by_all_and_an_ephemeral_by_one(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)

    @app.action("take")
    def take(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        text = f"<@{body['user']['id']}> has it"
        client.chat_update(channel=GENERAL.id, ts=body["message"]["ts"], text=text, blocks=[section(text)])
        client.chat_postEphemeral(channel=GENERAL.id, user=body["user"]["id"], text="thank you")

    with connected(app, workspace):
        pages = {user.id: opened(context, workspace, user.id) for user in (ANNA, BO, CIA)}
        say(pages[ANNA.id], "good morning")
        for page in pages.values():
            expect(page.get_by_role("article")).to_have_text(
                [r"AAAnna Admin" + page.locator(".stamp").inner_text() + "good morning"]
            )
        blocks = [section("Who?"), actions("row", button("take", "Take"))]
        client_of(workspace).chat_postMessage(channel=GENERAL.id, text="Who?", blocks=blocks)
        for page in pages.values():
            expect(page.get_by_role("button", name="Take")).to_be_visible()
        pages[BO.id].get_by_role("button", name="Take").click()
        for page in pages.values():
            expect(page.get_by_text("@Bo Svensk has it")).to_be_visible()
            expect(page.get_by_role("button", name="Take")).to_have_count(0)
        expect(pages[BO.id].get_by_text("thank you")).to_be_visible()
        assert [pages[user.id].get_by_text("thank you").count() for user in (ANNA, CIA)] == [0, 0]


def test_what_is_unread_is_marked_until_it_is_read_in_any_of_ones_tabs(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    client = client_of(workspace)
    first, second = (opened(context, workspace, ANNA.id, QUIET.id) for _ in range(2))
    expect(second.get_by_role("heading", name="# quiet")).to_be_visible()
    workspace.person("anna").say("#general", "read by me")
    for text in ("one", "two"):
        workspace.person("bo").say("#general", text)
    direct = workspace.person("anna")
    client.chat_postMessage(channel=client.conversations_open(users=direct.id)["channel"]["id"], text="to you")
    for page in (first, second):
        general = page.locator(f'[data-place="{GENERAL.id}"]')
        expect(general).to_have_attribute("data-unread", "2")
        expect(general.get_by_label("2 unread")).to_be_visible()
        expect(page.locator('[data-place="app"]')).to_have_attribute("data-unread", "1")
    first.bring_to_front()
    first.locator(f'[data-place="{GENERAL.id}"]').click()
    marks = first.get_by_role("log").locator(".new-mark, [data-ts]")
    expect(marks.nth(1)).to_have_text("New")
    expect(marks.nth(2)).to_contain_text("one")
    for page in (first, second):
        expect(page.locator(f'[data-place="{GENERAL.id}"][data-unread]')).to_have_count(0)
    expect(second.locator('[data-place="app"]')).to_have_attribute("data-unread", "1")


def test_the_app_hears_of_each_of_its_tabs_that_is_opened(context: BrowserContext, workspace: LocalWorkspace) -> None:
    app = bolt_app(workspace)
    told: list[str] = []
    app.event("app_home_opened")(lambda event: told.append(event["tab"]))
    with connected(app, workspace):
        page = opened(context, workspace, BO.id)
        page.locator('[data-place="app"]').click()
        workspace.person("bo").wait_for(lambda: told == ["home"])
        page.get_by_role("tab", name="Meddelanden").click()
        workspace.person("bo").wait_for(lambda: told == ["home", "messages"])
