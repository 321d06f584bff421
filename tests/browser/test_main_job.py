"""The main job, as a person does it in the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.demonstration import Demo
from tests.browser.conftest import LATE_IN_STOCKHOLM, Shoot
from tests.browser.slack_page import SlackPage

TOLD = re.compile("has already contacted|har redan kontaktat")
BUTTON = "[data-action-id=task-mark-contacted]"

PRESS_SOON = """button => {
    const next = Math.ceil(Date.now() / 1000 + 0.5) * 1000;
    setTimeout(() => document.querySelector(button).click(), next - Date.now());
}"""
"""Presses at the next full second, so that two tabs press at the same moment."""


def maria_won(slack: SlackPage) -> bool:
    return slack.page.get_by_text(re.compile("Markerad som kontaktad av @?Maria")).count() == 1


def opened(context: BrowserContext, demo: Demo) -> SlackPage:
    page = context.new_page()
    page.goto(demo.page_url)
    return SlackPage(page)


def fill_in(slack: SlackPage, *, method: str, due: str, before: str, coming: str) -> None:
    """Fill in the form, and look at what it says of the coming dates before anything is saved."""
    slack.type_command("/reminder new")
    slack.type_ahead("Client", "anna bella", "Anna Andersson")
    expect(slack.modal.get_by_label("E-mail address")).to_have_value("anna.andersson@post.example")
    slack.choose("Patient", "Bella")
    slack.pick(method)
    slack.choose("Reminder template", "Vaccination")
    slack.fill("Due date", due)
    slack.page.keyboard.press("Enter")
    slack.fill("Send before", before)
    text = "Text to say or print" if method == "Post" else "Subject"
    expect(slack.modal.get_by_label(text, exact=True)).to_have_value(re.compile("vaccination"))
    expect(slack.modal.get_by_text(coming)).to_be_visible()


def test_a_number_that_cannot_be_kept_is_refused_beside_its_field_and_nothing_typed_is_lost(
    context: BrowserContext, demo: Demo, shoot: Shoot
) -> None:
    slack = opened(context, demo)
    fill_in(slack, method="E-mail", due="2026-11-24", before="5", coming="at most 1 day before")
    shoot(slack.page, "1-form")
    slack.save()
    error = slack.modal.get_by_role("alert")  # the coming dates say the same, further down
    expect(error).to_have_text(re.compile("at most 1 day before"))
    expect(error).to_be_in_viewport()
    shoot(slack.page, "2-refused")
    expect(slack.modal.get_by_label("Send before", exact=True)).to_have_value("5")
    expect(slack.modal.get_by_label("Subject", exact=True)).to_have_value(re.compile("vaccination"))
    slack.fill("Send before", "1")
    slack.save()
    expect(slack.modal.get_by_text("Saved: reminder for Bella")).to_be_visible()


def test_an_email_reminder_is_in_the_clients_mailbox_once_its_moment_has_come(
    context: BrowserContext, demo: Demo, shoot: Shoot
) -> None:
    slack = opened(context, demo)
    fill_in(slack, method="E-mail", due="2026-12-15", before="7", coming="Tue 8 Dec 2026, 09:00")
    slack.save()
    expect(slack.modal.get_by_text("Saved: reminder for Bella")).to_be_visible()
    expect(slack.modal.get_by_text("Tue 8 Dec 2026, 09:00")).to_be_visible()
    shoot(slack.page, "3-saved")
    slack.close()
    mailbox = slack.page.get_by_role("region", name="Mailbox")
    slack.page.get_by_role("button", name=re.compile("Skip to the next send")).click()
    mail = mailbox.get_by_text("Dags för vaccination av Bella")
    expect(mail).to_have_count(1)
    mail.click()
    expect(slack.page.get_by_text("anna.andersson@post.example").first).to_be_visible()
    inside = slack.page.frame_locator("iframe")
    expect(inside.get_by_text("senast tisdag 15 december 2026")).to_be_visible()
    shoot(slack.page, "4-mail")


def test_a_post_reminder_comes_back_as_a_task_that_one_person_closes_and_the_other_hears_of_it(
    context: BrowserContext, demo: Demo, shoot: Shoot
) -> None:
    james = opened(context, demo)
    for method, due, before in (("E-mail", "2026-12-15", "7"), ("Post", "2026-12-08", "0")):
        fill_in(james, method=method, due=due, before=before, coming="Tue 8 Dec 2026, 09:00")
        james.save()
        expect(james.modal.get_by_text("Saved: reminder for Bella")).to_be_visible()
        james.close()
    james.go_to("contact-clients")
    james.page.get_by_role("button", name=re.compile("Skip to the next send")).click()
    expect(james.page.get_by_text("Kontakta Anna Andersson om Bella")).to_be_visible()
    james.page.get_by_role("region", name="Mailbox").get_by_text("Dags för vaccination av Bella").click()
    expect(james.page.frame_locator("iframe").get_by_text("Hej Anna!")).to_be_visible()
    shoot(james.page, "5-task")

    maria = opened(context, demo)
    maria.act_as("Maria Holm")
    maria.go_to("contact-clients")
    for slack in (james, maria):
        expect(slack.page.locator(BUTTON)).to_be_visible()
    # On a busy machine the two presses are not quite at the same moment: the card keeps its button for two seconds.
    demo._workspace.fail_next("chat.update", error="internal_error")
    for slack in (james, maria):
        slack.page.evaluate(PRESS_SOON, BUTTON)
    for slack in (james, maria):
        expect(slack.page.locator(BUTTON)).to_have_count(0)
        expect(slack.page.get_by_text(re.compile("Markerad som kontaktad av"))).to_be_visible()
    loser = james if maria_won(james) else maria
    expect(loser.page.get_by_text(TOLD)).to_be_visible()
    assert sorted(slack.page.get_by_text(TOLD).count() for slack in (james, maria)) == [0, 1]
    shoot(james.page, "6-contacted")


def test_the_form_speaks_the_language_of_whoever_opens_it(context: BrowserContext, demo: Demo, shoot: Shoot) -> None:
    maria = opened(context, demo)
    maria.act_as("Maria Holm")
    maria.type_command("/reminder ny")
    for label in ("Kund", "Patient", "E-postadress", "Telefonnummer", "Förfallodatum", "Skicka innan"):
        expect(maria.modal.get_by_label(label, exact=True)).to_be_visible()
    shoot(maria.page, "7-swedish")


def test_a_text_that_was_changed_is_still_there_when_the_method_is_changed_back(
    context: BrowserContext, demo: Demo
) -> None:
    slack = opened(context, demo)
    fill_in(slack, method="E-mail", due="2026-12-15", before="7", coming="Tue 8 Dec 2026, 09:00")
    slack.fill("Subject", "Our own words for Bella")
    slack.pick("SMS")
    expect(slack.modal.get_by_label("SMS text", exact=True)).to_be_visible()
    expect(slack.modal.get_by_label("Subject", exact=True)).to_have_count(0)
    slack.pick("E-mail")
    expect(slack.modal.get_by_label("Subject", exact=True)).to_have_value("Our own words for Bella")


def test_skipping_a_day_moves_the_clock_that_is_shown(context: BrowserContext, demo: Demo) -> None:
    slack = opened(context, demo)
    clock = slack.page.get_by_role("region", name="Clock")
    expect(clock.get_by_text("Monday, 23 November 2026")).to_be_visible()
    clock.get_by_role("button", name="Skip a day").click()
    expect(clock.get_by_text("Tuesday, 24 November 2026")).to_be_visible()


@pytest.mark.parametrize("demo", [LATE_IN_STOCKHOLM], indirect=True)
def test_a_day_skipped_in_the_evening_passes_through_the_morning(context: BrowserContext, demo: Demo) -> None:
    slack = opened(context, demo)
    fill_in(slack, method="E-mail", due="2026-11-24", before="0", coming="Tue 24 Nov 2026, 09:00")
    slack.save()
    expect(slack.modal.get_by_text("Saved: reminder for Bella")).to_be_visible()
    slack.close()
    slack.page.get_by_role("region", name="Clock").get_by_role("button", name="Skip a day").click()
    expect(slack.page.get_by_role("region", name="Clock").get_by_text("Tuesday, 24 November 2026")).to_be_visible()
    mailbox = slack.page.get_by_role("region", name="Mailbox")
    mailbox.get_by_text("Dags för vaccination av Bella").first.click()
    expect(mailbox.get_by_text("Tuesday, 24 November 2026 at 09:00")).to_be_visible()
