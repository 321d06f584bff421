"""The main job in Finnish, as somebody with a Finnish Slack does it in the browser."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, expect

from bot.demonstration import Demo
from tests.browser.conftest import Shoot
from tests.browser.slack_page import SlackPage


def test_a_vet_makes_corrects_and_closes_a_reminder_in_finnish(
    context: BrowserContext, demo: Demo, shoot: Shoot
) -> None:
    page = context.new_page()
    page.goto(demo.page_url)
    aino = SlackPage(page)
    aino.act_as("Aino Laine")
    aino.type_command("/reminder ohje")
    expect(page.get_by_text("Näitä voit kirjoittaa")).to_be_visible()
    shoot(page, "fi-1-help")
    aino.type_command("/reminder uusi Musti 24.11.2026")
    expect(aino.modal.get_by_label("Sähköpostiosoite", exact=True)).to_have_value("mikko.virtanen@post.example")
    aino.choose("Muistutuspohja", "Vaccination")
    aino.fill("Lähetä ennen eräpäivää", "5")
    expect(aino.modal.get_by_label("Aihe", exact=True)).to_have_value("{{ patient_name }} tarvitsee rokotuksen")
    expect(aino.modal.get_by_text("enintään 1 päivää ennen")).to_be_visible()
    shoot(page, "fi-2-form")
    aino.modal.get_by_role("button", name="Tallenna").click()
    expect(aino.modal.get_by_role("alert")).to_have_text(re.compile("enintään 1 päivää ennen"))
    expect(aino.modal.get_by_role("alert")).to_be_in_viewport()
    shoot(page, "fi-3-refused")
    expect(aino.modal.get_by_label("Aihe", exact=True)).to_have_value("{{ patient_name }} tarvitsee rokotuksen")
    aino.fill("Eräpäivä", "2026-12-15")
    page.keyboard.press("Enter")
    aino.choose("Toistuva muistutus", "Joka toinen kuukausi")
    aino.fill("Toistokerrat", "9")
    aino.pick("Sähköposti ja tekstiviesti")
    expect(aino.modal.get_by_label("Tekstiviestin teksti", exact=True)).to_have_value(re.compile("rokotuksen"))
    expect(aino.modal.get_by_text("to 10.12.2026 klo 9.00")).to_be_visible()
    shoot(page, "fi-4-recurring")
    aino.modal.get_by_role("button", name="Tallenna").click()
    expect(aino.modal.get_by_text("Muistutus tallennettu: Musti (Mikko Virtanen)")).to_be_visible()
    shoot(page, "fi-5-card")
    aino.modal.get_by_role("button", name="Sulje").last.click()
    aino.type_command("/reminder pohjat")
    expect(aino.modal.get_by_text("4 pohjaa")).to_be_visible()
    shoot(page, "fi-6-templates")
    aino.modal.get_by_role("button", name="Avaa").first.click()
    expect(aino.modal.get_by_text("Muistutuspohja", exact=True)).to_be_visible()
    expect(aino.modal.get_by_text("Terveystarkastuksen aika").first).to_be_visible()
    shoot(page, "fi-7-template")
    aino.modal.get_by_role("button", name="Sulje").last.click()
    aino.type_command("/reminder lista")
    expect(page.get_by_text("Seuraava lähetys to 10.12.2026 klo 9.00")).to_be_visible()
    shoot(page, "fi-8-list")
    aino.type_command("/reminder asiakas mikko")
    expect(aino.modal.get_by_text("Kieli: Suomi")).to_be_visible()
    shoot(page, "fi-9-client")
    aino.modal.get_by_role("button", name="Sulje").last.click()
    page.locator("[data-region=apps]").get_by_role("button").click()
    page.get_by_role("tab", name="Etusivu").click()
    expect(page.get_by_role("button", name="Asiakasyhteydenotot: 0")).to_be_visible()
    shoot(page, "fi-10-home")
