"""Does a person follow a thread beside its channel, and get the files that came with a message?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import BO, DEFINITION, GENERAL, MANIFEST, bolt_app, client_of, connected


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].append("files:write")
    manifest["features"]["shortcuts"].append(
        {"name": "Remember this", "type": "message", "callback_id": "remember", "description": "Keeps a message"}
    )
    with LocalWorkspace(DEFINITION, manifest=manifest) as running:
        yield running


def opened(context: BrowserContext, workspace: LocalWorkspace, **more: str) -> Page:
    page = context.new_page()
    page.goto("&".join([workspace.page_url, *(f"{name}={value}" for name, value in more.items())]))
    return page


def texts(page: Page, list_name: str) -> list[str]:
    return page.get_by_role("log", name=list_name).locator(".text").all_inner_texts()


def test_replies_are_counted_below_their_message_and_followed_live_in_a_pane(
    context: BrowserContext, workspace: LocalWorkspace, shoot: Shoot
) -> None:
    client = client_of(workspace)
    ts = client.chat_postMessage(channel=GENERAL.id, text="first")["ts"]
    client.chat_postMessage(channel=GENERAL.id, text="second")
    client.chat_postMessage(channel=GENERAL.id, text="a reply", thread_ts=ts)
    page, other = opened(context, workspace), opened(context, workspace, user=BO.id)
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("region", name="Thread")
    field = thread.get_by_role("textbox", name="Reply…")
    expect(field).to_be_focused()
    assert texts(page, "Thread") == ["first", "a reply"]
    page.keyboard.type("mine")
    page.keyboard.press("Enter")
    expect(other.get_by_role("button", name="2 svar")).to_be_visible()
    other.get_by_role("button", name="2 svar").press("Enter")
    expect(other.get_by_role("region", name="Tråd").get_by_text("mine")).to_be_visible()
    other.keyboard.type("och min")
    other.keyboard.press("Enter")
    expect(thread.get_by_text("och min")).to_be_visible()
    assert texts(page, "Messages") == ["first", "second"]
    client.chat_postMessage(channel=GENERAL.id, text="for everybody", thread_ts=ts, reply_broadcast=True)
    expect(page.get_by_role("log", name="Messages").get_by_text("for everybody")).to_be_visible()
    page.keyboard.type("/sample")
    page.keyboard.press("Enter")
    expect(thread.get_by_text("is not supported in threads")).to_be_visible()
    expect(field).to_have_value("/sample")
    expect(thread.locator(".thread-count")).to_have_text("4 replies")
    shoot(page, "thread")
    page.set_viewport_size({"width": 380, "height": 740})
    shoot(page, "thread-narrow")
    page.keyboard.press("Escape")
    expect(thread).to_have_count(0)
    expect(page.locator(f'[data-ts="{ts}"]')).to_be_focused()


def test_a_deleted_message_leaves_its_thread_behind(context: BrowserContext, workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    ts = client.chat_postMessage(channel=GENERAL.id, text="a mistake")["ts"]
    client.chat_postMessage(channel=GENERAL.id, text="indeed", thread_ts=ts)
    client.chat_delete(channel=GENERAL.id, ts=ts)
    page = opened(context, workspace)
    row = page.get_by_role("article", name="This message was deleted.")
    row.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("region", name="Thread").get_by_text("indeed")).to_be_visible()


def test_the_menu_of_a_message_is_used_with_the_keyboard_alone(
    context: BrowserContext, workspace: LocalWorkspace, shoot: Shoot
) -> None:
    app = bolt_app(workspace)
    remembered: list[str] = []

    @app.shortcut("remember")
    def remember(ack: Any, body: dict[str, Any]) -> None:
        ack()
        remembered.append(body["message"]["text"])

    client = client_of(workspace)
    for text in ("one", "two", "three"):
        client.chat_postMessage(channel=GENERAL.id, text=text)
    with connected(app, workspace):
        page = opened(context, workspace)
        expect(page.get_by_role("article")).to_have_count(3)
        row = page.get_by_role("article").nth(1)
        page.get_by_role("article").nth(2).focus()
        page.keyboard.press("ArrowUp")
        expect(row).to_be_focused()
        page.keyboard.press("Tab")
        expect(row.get_by_role("button", name="Reply in thread")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem")).to_have_text(["Reply in thread", "Copy text", "Remember thissample"])
        shoot(page, "message-menu")
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_have_count(0)
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowUp")  # from the first to the last
        page.keyboard.press("Enter")
        expect(page.get_by_role("menu")).to_have_count(0)
        workspace.person("anna").wait_for(lambda: remembered == ["two"])
        row.focus()
        page.keyboard.press("t")
        expect(page.get_by_role("textbox", name="Reply…")).to_be_focused()


def test_the_text_of_a_message_is_copied_without_its_marks(context: BrowserContext, workspace: LocalWorkspace) -> None:
    client_of(workspace).chat_postMessage(channel=GENERAL.id, text="*Bella* &amp;\n<https://a.example|a link>")
    page = opened(context, workspace)
    row = page.get_by_role("article")
    for permissions, told in ((["clipboard-read", "clipboard-write"], 0), ([], 1)):
        context.clear_permissions()
        context.grant_permissions(permissions)
        row.first.hover()
        row.first.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Copy text").click()
        expect(page.get_by_text("The text could not be copied.")).to_have_count(told)
        if not told:
            page.wait_for_function("navigator.clipboard.readText().then((text) => text === 'Bella &\\na link')")


def test_files_stand_below_their_message_and_in_a_tab_of_the_channel(
    context: BrowserContext, workspace: LocalWorkspace, shoot: Shoot
) -> None:
    client = client_of(workspace)
    client.files_upload_v2(channel=GENERAL.id, content="a;b", filename="list.csv", title="The list")
    client.files_upload_v2(channel=GENERAL.id, content="x" * 2_345, filename="notes.txt", initial_comment="here")
    page = opened(context, workspace)
    with page.expect_download() as download:
        page.get_by_role("article").get_by_role("link", name="The list").click()
    assert download.value.suggested_filename == "list.csv"
    assert Path(download.value.path()).read_text() == "a;b"
    page.get_by_role("tab", name="Messages").press("ArrowRight")
    expect(page.get_by_role("tab", name="Files")).to_be_focused()
    links = page.get_by_role("region", name="Files").get_by_role("link")
    expect(links).to_have_text(
        [r"notes.txtnotes.txt · 2.3 kB · sample · Today", "The listlist.csv · 3 bytes · sample · Today"]
    )
    shoot(page, "files")
    page.reload()
    expect(links).to_have_count(2)
