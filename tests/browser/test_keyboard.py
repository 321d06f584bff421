"""Can the main job be done with the keyboard alone?"""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from bot.demonstration import Demo

MOST_STOPS = 30

NAME = """() => {
    const active = document.activeElement;
    return active.getAttribute("aria-label") ?? active.labels?.[0]?.innerText ?? active.innerText ?? "";
}"""


def tab_to(page: Page, name: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == name:
            return
    raise AssertionError(f"the Tab key does not reach {name}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_reminder_is_made_without_a_pointer(context: BrowserContext, demo: Demo) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    field = page.get_by_role("textbox", name="Message #general")
    expect(field).to_be_focused()

    page.keyboard.type("/")
    command = page.get_by_role("option", name="/reminder")
    expect(command).to_have_attribute("aria-selected", "true")
    expect(command.locator(".usage")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("/")
    page.keyboard.type("rem")
    press(page, "ArrowDown", "Tab")
    expect(field).to_have_value("/reminder ")
    expect(page.get_by_role("note", name="Run a slash command")).to_contain_text("new")
    page.keyboard.type("new")
    page.keyboard.press("Enter")

    modal = page.get_by_role("dialog")
    expect(modal.get_by_label("Client", exact=True)).to_be_focused()
    page.keyboard.type("anna bella")
    expect(page.get_by_role("option", name="Anna Andersson")).to_be_visible()
    page.keyboard.press("Enter")
    expect(modal.get_by_label("E-mail address")).to_have_value("anna.andersson@post.example")
    expect(modal.get_by_label("Client", exact=True)).to_be_focused()
    tab_to(page, "Patient")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(2)
    press(page, "End", "ArrowDown", "Enter")  # round from the last to the first
    expect(modal.get_by_label("Patient", exact=True)).to_have_value(re.compile("Bella"))
    tab_to(page, "E-mail")
    press(page, "ArrowDown", "ArrowUp")
    expect(modal.get_by_role("radio", name="E-mail", exact=True)).to_be_checked()
    tab_to(page, "Reminder template")
    page.keyboard.type("vacc")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(modal.get_by_label("Subject", exact=True)).to_have_value(re.compile("vaccination"))
    tab_to(page, "Due date")
    page.keyboard.type("2026-12-15")
    press(page, "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Enter")
    expect(modal.get_by_label("Due date")).to_have_attribute("data-value", "2026-12-15")
    tab_to(page, "Send before")
    page.keyboard.press("Control+A")
    page.keyboard.type("7")
    expect(modal.get_by_text("Tue 8 Dec 2026, 09:00")).to_be_visible()
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(modal.get_by_text("Saved: reminder for Bella")).to_be_visible()
    expect(modal.get_by_role("button", name="Close", exact=True)).to_be_enabled()
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    expect(field).to_be_focused()
