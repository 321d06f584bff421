"""Can a clinic be set up and its settings be changed in the browser, in English and in Swedish?"""

from __future__ import annotations

import dataclasses
import re
from typing import Final, Literal

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from bot.demonstration import Demo
from tests.browser.conftest import Shoot
from tests.browser.slack_page import SlackPage

WIDE: Final = ViewportSize(width=1440, height=900)
NARROW: Final = ViewportSize(width=380, height=740)


def looked_at(page: Page, shoot: Shoot, name: str) -> None:
    """A picture by day, by night, and in a narrow window."""
    schemes: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        shoot(page, f"settings-{name}-{scheme}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    shoot(page, f"settings-{name}-narrow")
    page.set_viewport_size(WIDE)


def test_first_use_ends_with_a_test_in_ones_own_mailbox(
    context: BrowserContext, fresh_demo: Demo, shoot: Shoot
) -> None:
    page = context.new_page()
    page.goto(fresh_demo.page_url)
    slack = SlackPage(page)
    slack.act_as("James Carter")
    slack.type_command("/reminder new")
    expect(page.get_by_text("Ask an administrator of this workspace to type /reminder settings")).to_be_visible()
    shoot(page, "settings-1-member")
    slack.act_as("Linnea Berg")
    page.locator("[data-region=apps]").get_by_role("button").click()
    expect(page.get_by_text("No clinic is set up in this workspace yet.")).to_be_visible()
    looked_at(page, shoot, "2-home")
    page.get_by_role("button", name="Set up a clinic").click()
    expect(slack.modal.get_by_label("Name of the clinic", exact=True)).to_have_value("Djurkliniken Eken")
    looked_at(page, shoot, "3-first")
    slack.choose("Staff channel", "general")
    slack.fill("Sender's e-mail address", "hej@eken.example.se")
    slack.save()
    error = slack.modal.get_by_text("The bot is not in this channel.").first
    expect(error).to_be_visible()
    shoot(page, "settings-4-refused")
    expect(slack.modal.get_by_label("Sender's e-mail address", exact=True)).to_have_value("hej@eken.example.se")
    slack.choose("Staff channel", "contact-clients")
    slack.save()
    expect(slack.modal).to_contain_text("The clinic is set up.")
    slack.fill("Your e-mail address", "linnea@eken.example.se")
    looked_at(page, shoot, "5-trial")
    slack.modal.get_by_role("button", name="Send test").click()
    expect(slack.modal).to_contain_text("the mail server took it")
    looked_at(page, shoot, "6-sent")
    slack.close()
    expect(page.get_by_text("Test: a reminder from Djurkliniken Eken").first).to_be_visible()
    expect(page.get_by_role("button", name="Settings")).to_be_visible()
    shoot(page, "settings-7-done")


def test_settings_are_changed_in_swedish_and_what_is_wrong_stands_beside_its_field(
    context: BrowserContext, demo: Demo, shoot: Shoot
) -> None:
    state = demo._workspace._state
    people = [dataclasses.replace(one, is_admin="Maria" in one.real_name) for one in state.definition.users]
    state.definition = dataclasses.replace(state.definition, users=tuple(people))
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as("Maria Holm")
    slack.type_command("/reminder ny")
    slack.type_ahead("Kund", "åsa", "Åsa Öberg")
    expect(slack.modal.get_by_label("E-postadress", exact=True)).to_have_value("asa.oberg@post.example")
    slack.choose("Påminnelsemall", "Vaccination")
    expect(slack.modal.get_by_label("Ämne", exact=True)).to_have_value(re.compile("vaccination"))
    slack.fill("Förfallodatum", "2026-12-01")
    page.keyboard.press("Enter")
    slack.modal.get_by_role("button", name="Spara").click()
    expect(slack.modal).to_contain_text("Sparad: påminnelse för Pelle")
    slack.modal.get_by_role("button", name="Stäng").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    slack.type_command("/reminder inställningar")
    expect(slack.modal.get_by_label("Klinikens namn", exact=True)).to_have_value("Djurkliniken Eken")
    looked_at(page, shoot, "sv-1-form")
    slack.type_ahead("Tidszon", "finland", "Europe/Helsinki")
    slack.type_ahead("Land", "finl", "Finland")
    expect(slack.modal.get_by_label("Del av landet", exact=True)).to_be_visible()
    slack.choose("Utskickstid", "07:00")
    slack.modal.get_by_label("Lördag").check()
    slack.modal.get_by_label("Skicka inget på helgdagar heller").check()
    slack.type_ahead("Del av landet", "åland", "Landskapet Åland (01)")
    slack.pick("Administratörer och namngivna personer")
    slack.modal.get_by_label("Del av landet", exact=True).scroll_into_view_if_needed()
    looked_at(page, shoot, "sv-2-days")
    slack.modal.get_by_label("Namngivna personer", exact=True).scroll_into_view_if_needed()
    looked_at(page, shoot, "sv-3-editors")
    slack.modal.get_by_role("button", name="Spara").click()
    expect(slack.modal).to_contain_text("tidigast 08:00 och före 20:00")
    expect(slack.modal).to_contain_text("Ange någon")
    shoot(page, "settings-sv-4-refused")
    slack.choose("Utskickstid", "11:00")
    slack.choose("Namngivna personer", "James Carter")
    page.keyboard.press("Escape")
    slack.modal.get_by_role("button", name="Spara").click()
    expect(slack.modal).to_contain_text("Inställningarna är sparade.")
    expect(slack.modal).to_contain_text("1 väntande påminnelse planerades om.")
    looked_at(page, shoot, "sv-5-saved")
