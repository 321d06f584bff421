"""Can somebody change a template in the browser, decide about the reminders that wait, and take it back?"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from bot.demonstration import Demo
from tests.browser.conftest import Shoot
from tests.browser.slack_page import SlackPage


def test_a_template_is_changed_with_its_waiting_reminder_and_changed_back(
    demo: Demo, context: BrowserContext, shoot: Shoot
) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as("Maria Holm")
    slack.type_command("/reminder ny")
    slack.type_ahead("Kund", "åsa", "Åsa Öberg")
    slack.choose("Påminnelsemall", "Vaccination")
    expect(slack.modal.get_by_label("Ämne", exact=True)).to_have_value("Dags för vaccination av {{ patient_name }}")
    slack.fill("Förfallodatum", "2026-12-01")
    page.keyboard.press("Enter")
    slack.modal.get_by_role("button", name="Spara").click()
    expect(slack.modal).to_contain_text("Sparad: påminnelse för Pelle")
    slack.modal.get_by_role("button", name="Stäng").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    slack.type_command("/reminder mallar")
    expect(slack.modal).to_contain_text("4 mallar")
    shoot(page, "templates-1-list")
    slack.fill("Sök efter en mall", "vacc")
    page.keyboard.press("Enter")
    expect(slack.modal).to_contain_text("1 mall")
    expect(slack.modal).to_contain_text("1 påminnelse väntar")
    slack.modal.get_by_role("button", name="Öppna").click()
    expect(slack.modal).to_contain_text("Engelska")
    shoot(page, "templates-2-card")
    slack.modal.get_by_role("button", name="Redigera").first.click()
    expect(slack.modal).to_contain_text("Texternas språk: Svenska")
    slack.fill("Ämne", "Vaccination av {{ patient_namn }}")
    slack.type_ahead("Förhandsgranska för en patient", "pelle", "Pelle")
    expect(slack.modal).to_contain_text("Så här läser Åsa Öberg det")
    expect(slack.modal).to_contain_text("Menade du {{ patient_name }}?")
    shoot(page, "templates-3-form")
    slack.modal.get_by_role("button", name="Spara").click()
    expect(slack.modal).to_contain_text("patient_namn")
    slack.fill("Ämne", "Dags att vaccinera {{ patient_name }}")
    expect(slack.modal).to_contain_text("Dags att vaccinera Pelle")
    page.keyboard.press("End")
    shoot(page, "templates-4-preview")
    slack.modal.get_by_role("button", name="Spara").click()
    expect(slack.modal).to_contain_text("1 väntande påminnelse har kvar mallens text.")
    shoot(page, "templates-5-change")
    slack.modal.get_by_role("button", name="Fortsätt").click()
    expect(slack.modal).to_contain_text("1 väntande påminnelse fick den nya texten.")
    shoot(page, "templates-6-changed")
    slack.modal.get_by_role("button", name="Ångra ändringen").click()
    page.get_by_role("button", name="Ångra", exact=True).click()
    expect(slack.modal).to_contain_text("1 väntande påminnelse fick tillbaka sin tidigare text.")
    shoot(page, "templates-7-undone")
