"""Does a person at the page come from a message to the form, and from a client's page to a reminder?"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from bot.demonstration import Demo
from tests.browser.conftest import Shoot
from tests.browser.slack_page import SlackPage


def test_a_message_becomes_a_reminder(demo: Demo, context: BrowserContext, shoot: Shoot) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as("James Carter")
    slack.type_command("Bella behöver vaccination 2027-03-01")
    page.get_by_role("article").last.hover()
    page.get_by_role("button", name="More actions").last.click()
    shoot(page, "message-menu")
    page.get_by_role("menuitem").filter(has_text="Make a reminder").click()
    expect(slack.modal).to_contain_text("Filled in from the message")
    expect(slack.modal.get_by_label("Client", exact=True)).to_have_value("Anna Andersson")
    expect(slack.modal).to_contain_text("Mon 1 Mar 2027, 09:00")
    shoot(page, "form-of-message")


def test_a_new_client_gets_a_reminder_from_inside_the_form(demo: Demo, context: BrowserContext, shoot: Shoot) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as("James Carter")
    slack.type_command("/reminder new")
    slack.choose("Reminder template", "Vaccination")
    slack.fill("Subject", "Our own subject")
    slack.modal.get_by_role("button", name="New client").click()
    expect(page.get_by_role("dialog").last).to_contain_text("In which the client is written to.")
    slack.fill("Name", "Nils Nyberg")
    slack.fill("E-mail address", "nils@post.example")
    shoot(page, "new-client")
    slack.save()
    expect(slack.modal.get_by_label("Client", exact=True)).to_have_value("Nils Nyberg")
    expect(slack.modal.get_by_label("Subject", exact=True)).to_have_value("Our own subject")
    slack.modal.get_by_role("button", name="New patient").click()
    expect(page.get_by_role("dialog").last).to_contain_text("Client: Nils Nyberg")
    slack.fill("Name", "Tuss")
    slack.save()
    expect(slack.modal.get_by_label("Patient", exact=True)).to_have_value("Tuss")
    expect(slack.modal.get_by_label("E-mail address", exact=True)).to_have_value("nils@post.example")
    slack.modal.get_by_label("Due date", exact=True).click()
    page.keyboard.press("Escape")
    shoot(page, "form-with-new-client")


def test_a_clients_page_leads_to_a_reminder(demo: Demo, context: BrowserContext, shoot: Shoot) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as("James Carter")
    slack.type_command("/reminder client anna")
    expect(slack.modal).to_contain_text("Several clients match “anna”.")
    shoot(page, "which-client")
    slack.modal.get_by_role("button", name="Open").first.click()
    expect(slack.modal.get_by_role("button", name="Edit client")).to_be_visible()
    expect(slack.modal).to_contain_text("E-mail address: anna.andersson@post.example")
    shoot(page, "client-page")
    slack.modal.get_by_role("button", name="New reminder").first.click()
    expect(slack.modal.get_by_label("Patient", exact=True)).to_have_value("Bella (hund)")
