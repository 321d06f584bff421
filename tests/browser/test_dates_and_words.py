"""Does the page write moments and words as the person who reads them would have them?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.demo.clock import MovableClock
from bot.demo.definition import Channel, Definition, User
from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import MANIFEST, client_of

ANN = User(id="U0ANN000001", name="ann", real_name="Ann York", locale="en-US", zone="America/New_York")
MIKA = User(id="U0MIKA00001", name="mika", real_name="Mika Salo", locale="fi-FI", zone="Europe/Helsinki")
ALL = Channel(id="C0ALL000001", name="all", members=(ANN.id, MIKA.id), has_app=True)

TOKENS = [
    ("en-US", "{date_num}", "2013-12-23", "2014-02-18"),
    ("en-US", "{date}", "December 23rd, 2013", "February 18th"),
    ("en-US", "{date_short}", "Dec 23, 2013", "Feb 18"),
    ("en-US", "{date_long}", "Monday, December 23rd, 2013", "Tuesday, February 18th"),
    ("en-US", "{date_pretty}", "December 23rd, 2013", "Today"),
    ("en-US", "{date_short_pretty} at {time}", "Dec 23, 2013 at 2:34 PM", "Today at 2:34 PM"),
    ("en-US", "Due {date_long_pretty}", "Due Monday, December 23rd, 2013", "Due today"),
    ("en-US", "{date_long_full}", "December 23, 2013", "February 18, 2014"),
    ("en-US", "{date_slash}", "12/23/2013", "02/18/2014"),
    ("en-GB", "{date_slash}", "23/12/2013", "18/02/2014"),
    ("en-US", "{day_divider_pretty}", "Monday, December 23rd, 2013", "Today"),
    ("en-US", "{time}", "2:34 PM", "2:34 PM"),
    ("en-GB", "{time}", "14:34", "14:34"),
    ("en-US", "{time_secs}", "2:34:56 PM", "2:34:56 PM"),
    ("en-US", "{ago}", "7 months ago", "3 minutes ago"),
    ("en-US", "{nonsense} {time}", "{nonsense} 2:34 PM", "{nonsense} 2:34 PM"),
    ("sv-SE", "{date_long}", "Måndag 23 december 2013", "Tisdag 18 februari"),
    ("sv-SE", "Skickas {date_pretty}", "Skickas 23 december 2013", "Skickas i dag"),
    ("fi-FI", "{date_long}", "Maanantaina 23. joulukuuta 2013", "Tiistai 18. helmikuuta"),
    ("fi-FI", "{date_pretty} {time}", "23. joulukuuta 2013 14.34", "Tänään 14.34"),
]
"""Locale, format; what it says of 23 December 2013 seven months later, and of 18 February 2014 three minutes later.

docs.slack.dev, "Formatting message text" and "Date element".
"""

WRITE = """async ([locale, format, at, now]) => {
    const { writeDate } = await import("/page/time.js");
    const { wordsFor } = await import("/page/words.js");
    const reader = { locale, zone: "Europe/London", now: Date.parse(now), words: wordsFor(locale) };
    return writeDate(format, Date.parse(at) / 1000, reader).replaceAll("\\u202f", " ");
}"""


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    noon = MovableClock(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    definition = Definition(users=(ANN, MIKA), channels=(ALL,))
    with LocalWorkspace(definition, manifest=copy.deepcopy(MANIFEST), clock=noon) as running:
        yield running


def test_every_token_of_a_date_is_written_as_slack_documents_it(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    page = context.new_page()
    page.goto(workspace.page_url)
    for locale, form, before, today in TOKENS:
        long_ago = page.evaluate(WRITE, [locale, form, "2013-12-23T14:34:56Z", "2014-07-29T12:00:00Z"])
        now = page.evaluate(WRITE, [locale, form, "2014-02-18T14:34:56Z", "2014-02-18T14:38:10Z"])
        assert (locale, form, long_ago, now) == (locale, form, before, today)


def shown(page: Page) -> tuple[str, str, str]:
    row = page.get_by_role("article").last
    stamp = row.locator(".stamp").inner_text().replace("\u202f", " ")
    told = row.locator(".text time").inner_text().replace("\u202f", " ")
    return page.locator(".day-name").last.inner_text(), stamp, told


def test_two_people_read_the_same_message_each_in_their_own_zone(
    context: BrowserContext, workspace: LocalWorkspace, shoot: Shoot
) -> None:
    sent_at = int(datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp())
    client_of(workspace).chat_postMessage(channel=ALL.id, text=f"Goes <!date^{sent_at}^{{date_pretty}} {{time}}|soon>")
    pages = {}
    for user in (ANN, MIKA):
        pages[user.name] = context.new_page()
        pages[user.name].goto(f"{workspace.page_url}&user={user.id}")
        expect(pages[user.name].get_by_role("article")).to_have_count(1)
    assert shown(pages["ann"]) == ("Today", "6:30 PM", "Tomorrow 3:00 AM")
    assert shown(pages["mika"]) == ("Tänään", "01.30", "Tänään 10.00")
    expect(pages["mika"].get_by_role("textbox", name="Viesti: #all")).to_be_visible()
    expect(pages["mika"].get_by_role("region", name="Postilaatikko")).to_be_visible()
    shoot(pages["mika"], "finnish")


def test_every_text_of_the_page_is_there_in_every_language(context: BrowserContext, workspace: LocalWorkspace) -> None:
    page = context.new_page()
    page.goto(workspace.page_url)
    languages: dict[str, dict[str, Any]] = page.evaluate(
        """async () => {
            const { BY_LANGUAGE } = await import("/page/words.js");
            const written = (value) => typeof value === "function"
                ? [value.length, ...[1, 2].map((count) => value(...Array(value.length).fill(count)))] : [0, value];
            return Object.fromEntries(Object.entries(BY_LANGUAGE).map(([language, words]) =>
                [language, Object.fromEntries(Object.entries(words).map(([key, value]) => [key, written(value)]))]));
        }"""
    )
    english = languages["en"]
    assert set(languages) == {"en", "fi", "sv"}
    for words in languages.values():
        assert words.keys() == english.keys()
        assert {key for key, (*_, text) in words.items() if not text.strip()} == set()
        assert {key: arity for key, (arity, *_) in words.items()} == {
            key: arity for key, (arity, *_) in english.items()
        }
    the_same = {key for key, value in languages["sv"].items() if value == english[key]}
    assert the_same <= {"app", "html", "directMessages"}
    assert {key for key, value in languages["fi"].items() if value == english[key]} <= {"html"}
