"""Can every menu and picker be used with the keyboard alone, and left without a choice?"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    DEFINITION,
    MANIFEST,
    actions,
    bolt_app,
    connected,
    form,
    input_block,
    option,
)

OPTIONS = [option(name, name.lower()) for name in ("Ant", "Bee", "Cat")]
VIEW = form(
    input_block("One", {"type": "static_select", "action_id": "one", "options": OPTIONS}),
    input_block("Many", {"type": "multi_static_select", "action_id": "many", "options": OPTIONS}),
    input_block("Day", {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-24"}),
    input_block("Hour", {"type": "timepicker", "action_id": "hour", "initial_time": "09:00"}),
    actions("row", {"type": "overflow", "action_id": "more", "options": OPTIONS}),
)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_menus_and_pickers_are_used_without_a_pointer(context: BrowserContext) -> None:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as workspace:
        app, taken, picked = bolt_app(workspace), list[Any](), list[str]()

        @app.command("/sample")
        def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=VIEW)
            ack()

        @app.action("more")
        def pick(ack: Ack, action: dict[str, Any]) -> None:
            picked.append(action["selected_option"]["value"])
            ack()

        @app.view("form")
        def take(ack: Ack, view: dict[str, Any]) -> None:
            taken.append(view["state"]["values"])
            ack()

        with connected(app, workspace):
            page = context.new_page()
            page.goto(workspace.page_url)
            expect(page.get_by_role("textbox", name="Message #general")).to_be_focused()
            page.keyboard.type("/sample form")
            page.keyboard.press("Enter")
            modal, options = page.get_by_role("dialog").first, page.get_by_role("option")
            one, many, day, hour = (modal.get_by_label(name, exact=True) for name in ("One", "Many", "Day", "Hour"))
            expect(one).to_be_focused()

            press(page, "ArrowDown")
            expect(options).to_have_count(3)
            press(page, "ArrowUp")  # round from the first to the last
            expect(one).to_have_attribute("aria-activedescendant", options.nth(2).get_attribute("id") or "")
            press(page, "Escape")
            expect(options).to_have_count(0)
            expect(modal).to_be_visible()
            expect(one).to_have_value("")
            press(page, "ArrowDown", "ArrowDown", "Enter")
            expect(one).to_have_value("Bee")

            press(page, "Tab")
            expect(many).to_be_focused()
            press(page, "ArrowDown", "Enter", "ArrowDown", "Enter", "Escape")
            chips = modal.get_by_role("button", name=re.compile("^Remove "))
            expect(chips).to_have_count(2)
            press(page, "Backspace")
            expect(chips).to_have_count(1)
            expect(many).to_be_focused()

            press(page, "Tab")
            expect(day).to_be_focused()
            press(page, "ArrowDown")
            expect(page.get_by_role("dialog", name="Calendar")).to_be_visible()
            press(page, "Escape")
            expect(page.get_by_role("dialog", name="Calendar")).to_have_count(0)
            expect(day).to_be_focused()
            expect(day).to_have_attribute("data-value", "2026-12-24")
            press(page, "ArrowDown", "ArrowRight", "ArrowDown", "Enter")
            expect(day).to_have_attribute("data-value", "2027-01-01")

            press(page, "Tab")
            expect(hour).to_be_focused()
            page.keyboard.type("14:3")
            press(page, "Enter")
            expect(hour).to_have_attribute("data-value", "14:30")

            press(page, "Tab")
            more = modal.get_by_role("button", name="More actions")
            expect(more).to_be_focused()
            items = page.get_by_role("menuitem")
            press(page, "Enter")
            expect(items).to_have_count(3)
            press(page, "Escape")
            expect(items).to_have_count(0)
            expect(more).to_be_focused()
            assert picked == []
            press(page, "Enter", "End", "ArrowUp", "Enter")
            workspace.person("anna").wait_for(lambda: picked)
            assert picked == ["bee"]
            expect(more).to_be_focused()

            modal.get_by_role("button", name="Save").focus()
            press(page, "Enter")
            expect(page.get_by_role("dialog")).to_have_count(0)
            assert taken[0]["One"]["one"]["selected_option"]["value"] == "bee"
            assert len(taken[0]["Many"]["many"]["selected_options"]) == 1
            assert taken[0]["Day"]["day"]["selected_date"] == "2027-01-01"
            assert taken[0]["Hour"]["hour"]["selected_time"] == "14:30"
