"""What does a person do on the page of the local workspace?"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class SlackPage:
    """One tab, in which somebody acts as one of the staff."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def act_as(self, name: str) -> None:
        """Become another member of staff."""
        self.page.get_by_role("button", name=name).first.click()

    def go_to(self, channel: str) -> None:
        """Open a channel."""
        self.page.locator("[data-region=channels]").get_by_text(channel, exact=True).first.click()

    def type_command(self, text: str) -> None:
        """Type a command into the message field and send it."""
        field = self.page.get_by_role("textbox").last
        field.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    @property
    def modal(self) -> Locator:
        """The modal on top."""
        return self.page.get_by_role("dialog").last

    def type_ahead(self, label: str, query: str, option: str) -> None:
        """Type into a type-ahead and choose what it offers."""
        self.modal.get_by_label(label, exact=True).click()
        self.page.keyboard.type(query)
        self.page.get_by_role("option").filter(has_text=option).first.click()

    def choose(self, label: str, option: str) -> None:
        """Choose in a menu."""
        self.modal.get_by_label(label, exact=True).click()
        self.page.get_by_role("option").filter(has_text=option).first.click()

    def pick(self, label: str) -> None:
        """Choose one of several radio buttons."""
        self.modal.get_by_role("radio", name=label, exact=True).check()

    def fill(self, label: str, text: str) -> None:
        """Type into a field, in the place of what stands there."""
        self.modal.get_by_label(label, exact=True).fill(text)

    def save(self) -> None:
        """Press the form's Save."""
        self.modal.get_by_role("button", name="Save").click()

    def close(self) -> None:
        """Close the modal on top."""
        self.modal.get_by_role("button", name="Close").last.click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)
