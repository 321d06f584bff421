"""Does a person see replies below their message, and get the files that came with one?"""

from __future__ import annotations

import copy
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import DEFINITION, GENERAL, MANIFEST, client_of


def test_replies_stand_below_their_message_and_files_are_downloaded(context: BrowserContext, shoot: Shoot) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].append("files:write")
    with LocalWorkspace(DEFINITION, manifest=manifest) as workspace:
        client = client_of(workspace)
        ts = client.chat_postMessage(channel=GENERAL.id, text="first")["ts"]
        client.chat_postMessage(channel=GENERAL.id, text="second")
        client.chat_postMessage(channel=GENERAL.id, text="a reply", thread_ts=ts)
        client.files_upload_v2(
            channel=GENERAL.id,
            content="a;b",
            filename="list.csv",
            title="The list",
            thread_ts=ts,
            initial_comment="here",
        )
        page = context.new_page()
        page.goto(workspace.page_url)
        articles = page.get_by_role("article")
        expect(articles).to_have_count(4)
        order = [articles.nth(number).get_attribute("data-thread-ts") for number in range(4)]
        assert order == [None, ts, ts, None]
        expect(articles.nth(3)).to_contain_text("second")
        with page.expect_download() as download:
            page.get_by_role("link", name="The list").click()
        assert download.value.suggested_filename == "list.csv"
        assert Path(download.value.path()).read_text() == "a;b"
        shoot(page, "threads-and-files")
