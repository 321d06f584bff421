"""Can the eight steps of the help page be done in the browser, in the language of whoever reads it?

The page's sentences stand beside what is done; the words of the form are the catalogue's, in Swedish the help page's
own (rules P1 to P8).
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.demonstration import Demo
from bot.i18n import Catalogues, Words
from tests.browser.conftest import Shoot
from tests.browser.slack_page import SlackPage

MANUAL = "Don't use a template, write the text myself"


@pytest.mark.parametrize(("reader", "language"), [("U0JAMES0002", "en"), ("U0MARIA0003", "sv")])
def test_the_eight_steps_from_the_reminders_list_and_from_a_clients_page(
    context: BrowserContext, demo: Demo, shoot: Shoot, reader: str, language: str
) -> None:
    words = Catalogues.load().words(language)
    page = context.new_page()
    slack = SlackPage(page)

    # 1. A new reminder from the list: Home has the button, and 2. nothing is filled in.
    page.goto(f"{demo.page_url}&user={reader}#app/home")
    page.get_by_role("button", name=words("New reminder")).first.click()
    expect(slack.modal.get_by_label(words("E-mail address"), exact=True)).to_have_value("")
    shoot(page, f"help-{language}-1-list")
    slack.modal.get_by_role("button", name=words("Cancel"), exact=True).click()
    slack.go_to("general")

    # 1. From a client's page: client, patient, e-mail address and phone number are filled in (2).
    slack.type_command("/reminder client lindqvist")
    expect(slack.modal.get_by_text("Björn Lindqvist").first).to_be_visible()
    shoot(page, f"help-{language}-1-client")
    slack.modal.get_by_role("button", name=words("Add"), exact=True).click()
    expect(slack.modal.get_by_label(words("E-mail address"), exact=True)).to_have_value("bjorn.lindqvist@post.example")
    expect(slack.modal.get_by_label(words("Phone number"), exact=True)).to_have_value("+46 70 174 06 07")
    slack.choose(words("Patient"), "Ronja")

    # 3. The method. SMS is switched off for this client, and the choice itself says so.
    expect(slack.modal.get_by_text(words("SMS is switched off for this client.")).first).to_be_visible()
    slack.pick(words("E-mail"))
    shoot(page, f"help-{language}-3-method")

    # 4. A template fills in subject and text, which can be edited; or free text, beside the clinic's own policy.
    slack.choose(words("Reminder template"), "Tandkontroll")
    expect(slack.modal.get_by_label(words("Subject"), exact=True)).to_have_value("Tandkontroll för {{ patient_name }}")
    slack.modal.get_by_role("checkbox", name=words(MANUAL)).check()
    expect(slack.modal.get_by_label(words("Subject"), exact=True)).to_have_value("")
    shoot(page, f"help-{language}-4-manual")
    slack.modal.get_by_role("checkbox", name=words(MANUAL)).uncheck()
    slack.fill(words("Subject"), "Ronjas tänder")

    # 5. The due date, typed or picked with the calendar's button.
    slack.fill(words("Due date"), "2026-11-24")
    page.keyboard.press("Enter")
    # 6. Tomorrow, and five days before: it cannot be sent, and the field says what can.
    slack.fill(words("Send before"), "5")
    refusal = words.plural(
        "That day is over. With this due date you can send at most {count} day before.",
        "That day is over. With this due date you can send at most {count} days before.",
        1,
    )
    expect(slack.modal.get_by_text(refusal)).to_be_visible()
    save(slack, words)
    expect(slack.modal.get_by_role("alert")).to_have_text(refusal)
    expect(slack.modal.get_by_role("alert")).to_be_in_viewport()
    shoot(page, f"help-{language}-6-refused")
    slack.fill(words("Due date"), "2027-01-15")
    page.keyboard.press("Enter")

    # 7. Repeatedly: an interval, and how many times.
    slack.choose(words("Recurring reminder"), words("Every month"))
    slack.fill(words("Repetitions"), "3")
    days = ("10 Jan", "10 Feb", "10 Mar") if language == "en" else ("10 jan", "10 feb", "10 mars")
    for day in days:
        expect(slack.modal.get_by_text(re.compile(day)).first).to_be_visible()
    shoot(page, f"help-{language}-7-recurring")

    # 8. Save.
    save(slack, words)
    headline = words("Saved: reminder for {patient} ({client})", patient="Ronja", client="Björn Lindqvist")
    expect(slack.modal.get_by_text(headline)).to_be_visible()
    expect(slack.modal.get_by_text("Tandkontroll").first).to_be_visible()
    shoot(page, f"help-{language}-8-saved")


def test_of_two_who_edit_one_reminder_the_later_is_told_what_changed_and_loses_nothing(
    context: BrowserContext, demo: Demo, shoot: Shoot
) -> None:
    swedish = Catalogues.load().words("sv")
    james, maria = (SlackPage(context.new_page()) for _ in range(2))
    for slack, name in ((james, "James Carter"), (maria, "Maria Holm")):
        slack.page.goto(demo.page_url)
        slack.act_as(name)
        slack.go_to("general")
    james.type_command("/reminder new Ronja Vaccination 2027-01-15")
    expect(james.modal.get_by_label("Subject", exact=True)).to_have_value(re.compile("vaccination"))
    james.save()
    expect(james.modal.get_by_text("Saved: reminder for Ronja")).to_be_visible()
    maria.type_command("/reminder lista")
    maria.page.get_by_role("button", name=swedish("Open"), exact=True).first.click()
    for slack, edit in ((james, "Edit"), (maria, swedish("Edit"))):
        slack.modal.get_by_role("button", name=edit, exact=True).click()
    maria.fill(swedish("Subject"), "Ronja behöver en spruta")
    james.fill("Send before", "3")
    james.save()
    expect(james.modal.get_by_text("Send before: 3 days")).to_be_visible()
    save(maria, swedish)
    expect(maria.modal.get_by_text(swedish("Not saved yet"))).to_be_in_viewport()
    expect(maria.modal.get_by_text("James Carter").first).to_be_in_viewport()
    expect(maria.modal.get_by_label(swedish("Subject"), exact=True)).to_have_value("Ronja behöver en spruta")
    expect(maria.modal.get_by_label(swedish("Send before"), exact=True)).to_have_value("3")
    shoot(maria.page, "two-editors")
    save(maria, swedish)
    expect(maria.modal.get_by_text("3 dagar").first).to_be_visible()
    shoot(maria.page, "two-editors-saved")


def save(slack: SlackPage, words: Words) -> None:
    slack.modal.get_by_role("button", name=words("Save"), exact=True).click()
