"""Does a person stay where they are, with what they typed, while the app replaces what they look at?"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import (
    ANNA,
    DEFINITION,
    GENERAL,
    MANIFEST,
    actions,
    bolt_app,
    button,
    client_of,
    connected,
    form,
    input_block,
    option,
    section,
)

Object = dict[str, Any]
_NUMBERS = itertools.count()


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    with LocalWorkspace(DEFINITION, manifest=MANIFEST) as running:
        yield running


def opened(context: BrowserContext, workspace: LocalWorkspace, place: str = "") -> Page:
    page = context.new_page()
    page.goto(workspace.page_url + place)
    return page


def row(*elements: Object) -> Object:
    """A row of elements in a block of its own, as an app makes it that gives no block_ids."""
    return actions(f"row-{next(_NUMBERS)}", *elements)


def choice(action_id: str, chosen: str) -> Object:
    options = [option("One", "1"), option("Two", "2")]
    return {
        "type": "radio_buttons",
        "action_id": action_id,
        "options": options,
        "initial_option": option(chosen, "2" if chosen == "Two" else "1"),
    }


def with_form(app: App, *blocks: Object, **more: Any) -> list[str]:
    """Opens this form at `/sample`; the ids of the views that were opened."""
    views: list[str] = []

    @app.command("/sample")
    def open_form(ack: Any, body: Object, client: WebClient) -> None:
        answer = client.views_open(trigger_id=body["trigger_id"], view=form(*blocks, **more))
        views.append(answer["view"]["id"])
        ack()

    return views


def command(page: Page) -> None:
    page.get_by_role("textbox", name="Message #general").fill("/sample")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_focus_stays_on_a_button_of_home_when_home_is_published_anew(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    client = client_of(workspace)

    def publish(*first: Object) -> None:
        blocks = [*first, row(button("add", "Add"), button("list", "List"))]
        client.views_publish(user_id=ANNA.id, view={"type": "home", "blocks": blocks})

    publish()
    page = opened(context, workspace, "#app/home")
    page.get_by_role("button", name="List").focus()
    publish(section("News"), row(button("other", "Other")))
    expect(page.get_by_text("News")).to_be_visible()
    expect(page.get_by_role("button", name="List")).to_be_focused()


def test_the_focus_stays_in_a_message_that_is_replaced_and_goes_to_the_message_when_nothing_is_left(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    client = client_of(workspace)
    blocks = [section("Which?"), row(choice("which", "One"), button("done", "Done"))]
    ts = client.chat_postMessage(channel=GENERAL.id, text="Which?", blocks=blocks)["ts"]
    page = opened(context, workspace)
    page.get_by_role("radio", name="Two").focus()
    blocks = [section("Which now?"), row(choice("which", "Two"), button("done", "Done"))]
    client.chat_update(channel=GENERAL.id, ts=ts, text="Which now?", blocks=blocks)
    expect(page.get_by_text("Which now?")).to_be_visible()
    expect(page.get_by_role("radio", name="Two")).to_be_focused()
    client.chat_update(channel=GENERAL.id, ts=ts, text="It is two", blocks=[section("It is two")])
    expect(page.get_by_text("It is two")).to_be_visible()
    expect(page.get_by_role("article")).to_be_focused()


def test_whoever_pressed_elsewhere_is_not_taken_back(context: BrowserContext, workspace: LocalWorkspace) -> None:
    client = client_of(workspace)
    for text in ("Before", "After"):
        client.views_publish(
            user_id=ANNA.id, view={"type": "home", "blocks": [section(text), row(button("add", "Add"))]}
        )
        if text == "Before":
            page = opened(context, workspace, "#app/home")
            page.get_by_role("button", name="Add").focus()
            page.get_by_text("Before").click()
    expect(page.get_by_text("After")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")


def test_what_is_typed_stays_when_the_form_is_updated_under_the_same_ids(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)
    subject = input_block("subject", {"type": "plain_text_input", "action_id": "in"}, optional=True)
    views = with_form(app, subject)
    client = client_of(workspace)
    with connected(app, workspace):
        page = opened(context, workspace)
        command(page)
        field = page.get_by_label("subject")
        page.keyboard.type("Our own ")
        for number in range(3):
            element = {"type": "plain_text_input", "action_id": "in", "initial_value": f"proposal {number}"}
            changed = form(section(f"Change {number}"), {**subject, "element": element})
            client.views_update(view_id=views[0], view=changed)
            page.keyboard.type("words ")
            expect(page.get_by_text(f"Change {number}")).to_be_visible()
        expect(field).to_be_focused()
        expect(field).to_have_value("Our own words words words ")


def test_the_focus_goes_to_the_same_action_when_a_form_gets_new_block_ids(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)

    def blocks(name: str) -> list[Object]:
        return [
            input_block(f"{name} {kind}", {"type": "plain_text_input", "action_id": kind}, optional=True)
            for kind in ("first", "second")
        ]

    views = with_form(app, *blocks("old"))
    client = client_of(workspace)
    with connected(app, workspace):
        page = opened(context, workspace)
        command(page)
        page.get_by_label("old second").focus()
        client.views_update(view_id=views[0], view=form(*blocks("new")))
        expect(page.get_by_label("new second")).to_be_focused()


def long_form(title: str, callback_id: str, first: str) -> Object:
    lines = [section(f"{first} {number}") for number in range(40)]
    return {**form(*lines, callback_id=callback_id), "title": {"type": "plain_text", "text": title}}


def test_another_view_is_read_from_its_top_and_the_same_one_stays_where_it_is(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)
    views = with_form(app, *long_form("Form", "form", "Line")["blocks"])
    app.view("form")(lambda ack: ack(response_action="update", view=long_form("Saved", "card", "Saved line")))
    client = client_of(workspace)
    with connected(app, workspace):
        page = opened(context, workspace)
        command(page)
        page.get_by_text("Line 39").scroll_into_view_if_needed()
        client.views_update(view_id=views[0], view=long_form("Form", "form", "Changed"))
        expect(page.get_by_text("Changed 39")).to_be_in_viewport()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved line 0")).to_be_in_viewport()
        expect(page.get_by_text("Saved line 39")).not_to_be_in_viewport()


def test_a_modal_that_is_closed_gives_the_focus_back_to_where_it_was_opened(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)

    @app.action("add")
    def add(ack: Any, body: Object, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(section("Hello")))
        ack()

    client = client_of(workspace)
    client.views_publish(user_id=ANNA.id, view={"type": "home", "blocks": [row(button("add", "Add"))]})
    with connected(app, workspace):
        page = opened(context, workspace, "#app/home")
        page.get_by_role("button", name="Add").press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("button", name="Add")).to_be_focused()


WRONG_DATES = {
    "hello": "Please enter a date as YYYY-MM-DD.",
    "2026-02-30": "There is no such day. Please check the month and the day.",
    "2026-13-01": "There is no such day. Please check the month and the day.",
}


def test_a_mistyped_date_stays_in_its_field_with_what_is_wrong_and_is_not_sent(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)
    element = {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"}
    other = input_block("other", {"type": "plain_text_input", "action_id": "in"}, optional=True)
    with_form(app, input_block("due", element), other)
    taken: list[str] = []

    @app.view("form")
    def take(ack: Callable[..., None], view: Object) -> None:
        taken.append(view["state"]["values"]["due"]["day"]["selected_date"])
        ack()

    with connected(app, workspace):
        page = opened(context, workspace)
        command(page)
        field = page.get_by_label("due")
        for typed, wrong in WRONG_DATES.items():
            field.fill(typed)
            page.get_by_label("other").focus()
            expect(page.get_by_role("alert")).to_have_text(wrong)
            expect(field).to_have_value(typed)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_have_text(WRONG_DATES["2026-13-01"])
        expect(field).to_be_focused()
        field.fill("2026-02-28")
        expect(page.get_by_role("alert")).to_have_count(0)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert taken == ["2026-02-28"]


def test_the_list_stays_at_its_end_when_a_picture_does_not_come(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    client = client_of(workspace)
    for number in range(30):
        workspace.person("bo").say("#general", f"line {number}")
    page = opened(context, workspace)
    expect(page.get_by_text("line 29")).to_be_in_viewport()
    missing = {"type": "image", "image_url": "https://pictures.example/none.png", "alt_text": "A dog in the snow " * 30}
    client.chat_postMessage(channel=GENERAL.id, text="a picture", blocks=[missing, section("below")])
    expect(page.locator("img.broken")).to_be_visible()
    expect(page.get_by_text("below")).to_be_in_viewport()
    page.get_by_text("line 3", exact=True).scroll_into_view_if_needed()
    workspace.person("bo").say("#general", "later")
    expect(page.get_by_text("later")).to_have_count(1)
    expect(page.get_by_text("line 3", exact=True)).to_be_in_viewport()
