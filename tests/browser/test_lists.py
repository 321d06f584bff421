"""Does a person at the page find a reminder by filters and words, and learn why it was not sent (rule P15)?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import update

from blocks.ids import Action
from bot.demo.person import Person
from bot.demonstration import Demo
from bot.domain.form_rules import TypedReminder
from bot.domain.model import Channel
from bot.i18n import Catalogues, Words
from bot.sample_workspace import SAMPLE_WORKSPACE
from bot.services import reminders
from bot.store.tables import ClientRow
from bot.wiring import open_database
from tests.browser.conftest import TEN_IN_STOCKHOLM, Shoot
from tests.browser.slack_page import SlackPage
from tests.browser.test_looks import looked_at

TEAM, JAMES = SAMPLE_WORKSPACE.team.id, "U0JAMES0002"
TUESDAY = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def filled(demo: Demo, folder: Path) -> None:
    """Reminders of three clients; one over SMS does not go, since its client's number is taken away."""
    database = open_database(f"sqlite:///{folder / 'demo.sqlite3'}")
    addresses = {
        1: ("anna.andersson@post.example", "+46701740605"),
        2: ("asa.oberg@post.example", "+46701740606"),
        4: ("mary.oconnor@post.example", "+46701740608"),
    }
    made = [
        (2, 3, "sms", "2026-11-24", "Tandkontroll"),
        (2, 3, "email", "2026-12-05", "Vaccination av kaniner"),
        (1, 1, "email", "2026-11-24", "Årskontroll"),
        (1, 1, "post", "2026-11-24", "Klippning av klor"),
        (4, 6, "both", "2027-02-20", "Yearly check"),
    ]
    for number, (client, patient, method, due, subject) in enumerate(made):
        reminders.create(
            database,
            TEAM,
            TypedReminder(
                client_id=client,
                email=addresses[client][0],
                phone=addresses[client][1],
                patient_id=patient,
                method=method,
                manual=True,
                subject=subject,
                email_text="Hej!",
                sms_text="Hej!",
                letter_text="Hej!",
                due_date=due,
                send_before="0",
            ),
            key=f"made:{number}",
            channels=frozenset({Channel.EMAIL, Channel.SMS, Channel.POST}),
            who=JAMES,
            now=TEN_IN_STOCKHOLM,
        )
    with database.writing() as session:
        session.execute(update(ClientRow).where(ClientRow.id == 2).values(phone=None))
    database.close()
    demo._clock.move_to(TUESDAY)


@pytest.mark.parametrize(("person", "language"), [("James Carter", "en"), ("Maria Holm", "sv")])
def test_a_reminder_that_was_not_sent_is_found_and_explained(
    context: BrowserContext, demo: Demo, shoot: Shoot, tmp_path: Path, person: str, language: str
) -> None:
    filled(demo, tmp_path)
    words = Catalogues.load().words(language)
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as(person)
    home = opened_home(page)
    expect(home).to_contain_text(words("Not sent: {count}", count=1))
    looked_at(page, shoot, f"home-{language}")

    choose(page, home, words, "Status", "Any status")
    expect(home).to_contain_text(words.plural("{count} found", "{count} found", 5))
    choose(page, home, words, "When", "Due within 7 days")
    expect(home).to_contain_text(words.plural("{count} found", "{count} found", 3))
    search(home, words, "oberg")
    expect(home).to_contain_text(words.plural("{count} found", "{count} found", 1))
    expect(home).to_contain_text("Pelle (Åsa Öberg)")
    looked_at(page, shoot, f"home-found-{language}")

    home.get_by_role("button", name=words("Why not sent?")).click()
    expect(slack.modal).to_contain_text(re.compile("has no address or number|saknar adress eller nummer"))
    looked_at(page, shoot, f"why-not-sent-{language}")
    slack.modal.get_by_role("button", name=words("Open the reminder")).click()
    expect(slack.modal).to_contain_text("⚠️")
    looked_at(page, shoot, f"card-not-sent-{language}")
    page.keyboard.press("Escape")

    search(home, words, "zebra")
    expect(home).to_contain_text(words("No reminder is like this."))
    looked_at(page, shoot, f"home-nothing-{language}")
    before = demo._workspace.exchanges()[-1].id
    page.reload()
    home = opened_home(page)
    expect(home.get_by_label(words("Search"), exact=True)).to_have_value("zebra")  # as it was left
    # A button that is drawn anew between the pointer's going down and up is not pressed: all is to be there before.
    who = demo._workspace.person(person.partition(" ")[0].lower())
    who.wait_for(lambda: is_published_for_both_openings(demo, before))
    clear = home.get_by_role("button", name=words("Clear filters"))
    expect(clear).to_have_attribute("data-block-id", block_of(who, Action.REMINDER_LIST_CLEAR))
    clear.click()
    expect(home.get_by_label(words("Search"), exact=True)).to_have_value("")
    expect(home).to_contain_text(words.plural("{count} found", "{count} found", 2))

    home.get_by_role("button", name=words("Clients to contact: {count}", count=2)).click()
    expect(slack.modal.get_by_role("button", name=words("Mark contacted"))).to_have_count(2)
    looked_at(page, shoot, f"tasks-{language}")
    slack.modal.get_by_role("button", name=words("Mark contacted")).first.click()
    left = words.plural("{count} client is to be contacted.", "{count} clients are to be contacted.", 1)
    expect(slack.modal).to_contain_text(left)
    expect(slack.modal.get_by_role("button", name=words("Mark contacted"))).to_have_count(1)
    shoot(page, f"tasks-one-left-{language}")


def test_the_list_in_a_message_is_searched_where_it_stands(
    context: BrowserContext, demo: Demo, shoot: Shoot, tmp_path: Path
) -> None:
    filled(demo, tmp_path)
    words = Catalogues.load().words("en")
    page = context.new_page()
    page.goto(demo.page_url)
    slack = SlackPage(page)
    slack.act_as("James Carter")
    slack.type_command("/reminder list")
    message = page.get_by_role("article").last
    expect(message).to_contain_text("2 found")
    looked_at(page, shoot, "list-message")
    search(message, words, "shadow")
    expect(message).to_contain_text("1 found")
    expect(message).to_contain_text("Yearly check")
    choose(page, message, words, "When", "Due from … to …")
    expect(message).to_contain_text("Due from … to …")
    shoot(page, "list-message-days")


def block_of(person: Person, action: Action) -> str:
    """The block of the person's Home in which this button stands beside a text."""
    assert person.home is not None
    (block,) = [one for one in person.home.blocks if one.get("accessory", {}).get("action_id") == action.value]
    return str(block["block_id"])


def opened_home(page: Page) -> Locator:
    page.locator("[data-region=apps]").get_by_role("button").click()
    home = page.locator(".home-blocks")
    expect(home).to_be_visible()
    return home


def choose(page: Page, place: Locator, words: Words, menu: str, option: str) -> None:
    place.locator(f"[data-action-id=list-{menus[menu]}-choose]").click()
    page.get_by_role("option").filter(has_text=words(option)).first.click()


menus = {"Status": "status", "When": "window", "Method": "method"}


def search(place: Locator, words: Words, text: str) -> None:
    field = place.get_by_label(words("Search"), exact=True)
    field.fill(text)
    field.press("Enter")


def is_published_for_both_openings(demo: Demo, after: int) -> bool:
    """Whether the Home was opened by the page and by the person since that exchange, and published as often."""
    names = [one.name for one in demo._workspace.exchanges(after)]
    return names.count("app_home_opened") == names.count("views.publish") == 2
