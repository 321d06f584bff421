"""Is every kind of block and element shown, named for those who do not see it, and used?"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.demo.definition import Channel, Definition, User
from bot.demo.server import LocalWorkspace
from tests.browser.conftest import Shoot
from tests.demo.sample_app import (
    ANNA,
    BO,
    GENERAL,
    MANIFEST,
    SECRET,
    actions,
    bolt_app,
    button,
    client_of,
    connected,
    form,
    input_block,
    option,
    plain,
    section,
)

Object = dict[str, Any]

PARTNER = User(id="U0PART00001", name="pat", real_name="Pat Partner", team_id="T0OTHER0001")
GONE = User(id="U0GONE00001", name="gone", real_name="Gone Person", deactivated=True)
SHARED = Channel(id="C0SHARED001", name="shared", members=(ANNA.id, PARTNER.id))
PEOPLE = Definition(
    users=(ANNA, BO, PARTNER, GONE),
    channels=(dataclasses.replace(GENERAL, members=(ANNA.id, BO.id)), SECRET, SHARED),
)


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].append("files:read")
    with LocalWorkspace(PEOPLE, manifest=manifest) as running:
        yield running


def opened(context: BrowserContext, workspace: LocalWorkspace) -> Page:
    page = context.new_page()
    page.goto(workspace.page_url)
    return page


def with_form(app: App, *blocks: Object) -> list[Object]:
    """Opens this form at `/sample`; what was taken from it."""
    taken: list[Object] = []

    @app.command("/sample")
    def open_form(ack: Any, body: Object, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form(*blocks))
        ack()

    @app.view("form")
    def take(ack: Any, view: Object) -> None:
        taken.append(view["state"]["values"])
        ack()

    return taken


def command(page: Page) -> None:
    page.get_by_role("textbox", name="Message #general").fill("/sample")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_files_are_put_into_a_form_and_arrive_as_slacks_file_objects(
    context: BrowserContext, workspace: LocalWorkspace, tmp_path: Path, shoot: Shoot
) -> None:
    app = bolt_app(workspace)
    element = {"type": "file_input", "action_id": "in", "filetypes": ["csv", "txt"], "max_files": 2}
    taken = with_form(app, input_block("papers", element))
    for name in ("a.csv", "b.txt", "c.txt", "d.exe"):
        (tmp_path / name).write_text(f"in {name}")
    with connected(app, workspace):
        page = opened(context, workspace)
        command(page)
        field, alert = page.get_by_label("papers"), page.get_by_role("alert")
        page.get_by_role("button", name="Save").click()
        expect(alert).to_have_text("Please complete this required field.")
        field.set_input_files(tmp_path / "d.exe")
        expect(alert).to_contain_text("d.exe cannot be used here")
        field.set_input_files([tmp_path / "a.csv", tmp_path / "b.txt"])
        expect(page.get_by_role("button", name="Remove a.csv")).to_be_visible()
        expect(alert).to_have_count(0)
        shoot(page, "file-input")
        field.set_input_files(tmp_path / "c.txt")
        expect(alert).to_have_text("Please choose at most 2 files.")
        page.get_by_role("button", name="Remove b.txt").click()
        expect(field).to_be_focused()
        field.set_input_files(tmp_path / "c.txt")
        expect(page.get_by_role("button", name="Remove c.txt")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    held = taken[0]["papers"]["in"]
    assert [file["name"] for file in held["files"]] == ["a.csv", "c.txt"]
    assert {file["user"] for file in held["files"]} == {ANNA.id}
    info = client_of(workspace).files_info(file=held["files"][0]["id"])
    assert info["file"]["size"] == len("in a.csv")


FILTERS: list[tuple[Object | None, list[str]]] = [
    (None, ["general", "secret", "shared", "sample"]),
    ({"include": ["public"]}, ["general", "shared"]),
    ({"include": ["private", "im"]}, ["secret", "sample"]),
    ({"include": ["public"], "exclude_external_shared_channels": True}, ["general"]),
    ({"exclude_bot_users": True}, ["general", "secret", "shared"]),
]
"""A conversations_select's `filter`, and what is offered."""


def test_a_menu_of_conversations_heeds_its_filter_and_one_of_people_leaves_out_who_is_gone(
    context: BrowserContext, workspace: LocalWorkspace
) -> None:
    app = bolt_app(workspace)
    inputs = [
        input_block(
            f"place {number}",
            {"type": "conversations_select", "action_id": f"in-{number}", **({"filter": given} if given else {})},
            optional=True,
        )
        for number, (given, _) in enumerate(FILTERS)
    ]
    person = input_block("person", {"type": "users_select", "action_id": "in"}, optional=True)
    with_form(app, *inputs, person)
    with connected(app, workspace):
        page = opened(context, workspace)
        expect(page.get_by_role("img", name="2 members")).to_be_visible()
        command(page)
        for number, (_, offered) in enumerate(FILTERS):
            page.get_by_label(f"place {number}").click()
            expect(page.get_by_role("option")).to_have_text(offered)
            page.keyboard.press("Escape")
        page.get_by_label("person").click()
        expect(page.get_by_role("option")).to_have_text(["Anna Admin", "Bo Svensk", "Pat Partner", "sample"])


SHOW = """async (blocks) => {
    const { patch, h } = await import("/page/dom.js");
    const drawn = await import("/page/blocks.js");
    const { wordsFor } = await import("/page/words.js");
    const me = { id: "U1", name: "ada", real_name: "Ada" };
    const reader = {
        userName: (id) => id === "U1" ? "Ada" : null, channelName: () => "general", me: "U1", zone: "UTC",
        locale: "en-US", now: Date.parse("2026-11-23T12:00:00Z"), words: wordsFor("en-US"),
    };
    const app = {
        words: reader.words, locale: "en-US", reader, snapshot: { me, team: { name: "Local" } }, popup: () => null,
    };
    const surface = {
        blocks, id: (block, element, part = "") => `shown-${block.block_id}-${element?.action_id}-${part}`,
        form: { busy: false, pending: new Set(), errors: {}, value: () => null, draft: () => null },
    };
    const place = document.createElement("div");
    document.body.replaceChildren(place);
    document.body.style.cssText = "overflow: auto; background: var(--ground)";
    place.style.cssText = "padding: 20px; width: 640px";
    patch(place, [h("div", { class: "blocks" }, drawn.blocks(app, surface))]);
    return place.innerHTML;
}"""

MARKDOWN = """# Vaccination
Some **bold**, _italic_, ~~struck~~ and `code`, [a link](https://a.example) and [none](javascript:alert(1)).
<img src=x onerror=alert(1)>

1. one
2. two
   - deeper

- [x] done
- [ ] to do

> quoted

```
if a < b:
```
| Pet | Age |
|-----|-----|
| Bella | 7 |
"""


def rich(*elements: Object) -> Object:
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*elements: Object) -> Object:
    return {"type": "rich_text_section", "elements": list(elements)}


RICH = rich(
    rich_section(
        {"type": "text", "text": "bold", "style": {"bold": True, "underline": True}},
        {"type": "text", "text": " <b>not</b> "},
        {"type": "link", "url": "javascript:alert(1)", "text": "bad link"},
        {"type": "link", "url": "https://b.example", "text": "good link"},
        {"type": "user", "user_id": "U1"},
        {"type": "emoji", "name": "dog"},
        {"type": "color", "value": "#ff0000"},
        {"type": "date", "timestamp": 1795521600, "format": "{date_long}", "timezone": "Asia/Tokyo", "fallback": "?"},
    ),
    {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [rich_section(plain("item"))]},
    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
)
KINDS: list[Object] = [
    {"type": "markdown", "text": MARKDOWN},
    RICH,
    {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}],
        "rows": [
            [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Age"}],
            [rich(rich_section({"type": "text", "text": "Misse"})), {"type": "raw_text", "text": "12"}],
        ],
    },
    {"type": "alert", "level": "warning", "text": plain("Watch out")},
    {
        "type": "card",
        "title": {"type": "mrkdwn", "text": "*A card*"},
        "body": plain("Its body"),
        "actions": [button("go", "Go")],
    },
    {"type": "carousel", "elements": [{"type": "card", "title": plain(f"Card {number}")} for number in (1, 2)]},
    {
        "type": "plan",
        "title": "A plan",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "First task", "status": "complete"}],
    },
    {
        "type": "container",
        "title": plain("Folded"),
        "is_collapsible": True,
        "child_blocks": [section("inside the container")],
    },
    {
        "type": "video",
        "title": plain("A film"),
        "video_url": "https://v.example/1",
        "thumbnail_url": "https://v.example/1.png",
        "alt_text": "A cat",
    },
    {"type": "file", "source": "remote", "external_id": "EXT1"},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "rate",
                "positive_button": {"text": plain("Good"), "value": "1"},
                "negative_button": {"text": plain("Bad"), "value": "0"},
            },
            {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete")},
        ],
    },
    {"type": "from_the_future"},
]


def test_every_documented_block_is_drawn_and_nothing_in_it_becomes_markup(
    context: BrowserContext, workspace: LocalWorkspace, shoot: Shoot
) -> None:
    page = opened(context, workspace)
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(KINDS)]
    html = page.evaluate(SHOW, blocks)
    assert "javascript:" not in html.replace("[none](javascript:alert(1))", "")
    assert "<img" not in html
    expect(page.get_by_role("heading", name="Vaccination")).to_be_visible()
    for name, address in (("a link", "https://a.example"), ("good link", "https://b.example")):
        expect(page.get_by_role("link", name=name)).to_have_attribute("href", address)
    expect(page.get_by_role("cell", name="Bella")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Age").last).to_be_visible()
    expect(page.locator("li", has_text="deeper").locator("ul li")).to_have_text("deeper")
    for text in ("if a < b:", "@Ada", "🐶", "Watch out", "Its body", "Card 2", "First task", "A film", "EXT1"):
        expect(page.get_by_text(text).first).to_be_visible()
    expect(page.locator("time").first).to_have_text("Tuesday, November 24th")
    expect(page.get_by_text("inside the container")).to_be_visible()
    for name in ("Good", "Bad", "Delete", "Go"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(page.locator(".unknown")).to_have_text(["from_the_future"])
    shoot(page, "blocks")
    page.emulate_media(color_scheme="dark")
    shoot(page, "blocks-dark")


ONE, TWO = option("One", "1"), option("Two", "2")
FIXED: Object = {"options": [ONE, TWO]}
CHOICES = {
    "static_select": FIXED,
    "external_select": {},
    "users_select": {},
    "conversations_select": {},
    "channels_select": {},
    "datepicker": {},
    "timepicker": {},
    "datetimepicker": {},
    "radio_buttons": FIXED,
    "checkboxes": FIXED,
    "overflow": FIXED,
}
INPUTS = {
    **{kind: fields for kind, fields in CHOICES.items() if kind != "overflow"},
    "multi_static_select": FIXED,
    "multi_external_select": {},
    "multi_users_select": {},
    "multi_conversations_select": {},
    "multi_channels_select": {},
    "plain_text_input": {"max_length": 10},
    "number_input": {"is_decimal_allowed": True},
    "email_text_input": {},
    "url_text_input": {},
    "file_input": {},
}

INTERACTIVE = {
    "button", "checkbox", "combobox", "grid", "link", "listbox", "menu", "menuitem", "option", "radio", "radiogroup",
    "searchbox", "slider", "spinbutton", "switch", "tab", "textbox", "treeitem", "DateTime", "InputTime", "Date",
}  # fmt: skip


def nameless(page: Page) -> list[str]:
    """The interactive nodes of the accessibility tree that a screen reader has no name for."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    seen = [node for node in nodes if not node["ignored"] and node["role"]["value"] in INTERACTIVE]
    assert len(seen) > 10
    return [
        f"{node['role']['value']} {node.get('properties')}"
        for node in seen
        if not node.get("name", {}).get("value", "").strip()
    ]


def test_everything_one_can_use_has_a_name_for_those_who_do_not_see_it(
    context: BrowserContext, workspace: LocalWorkspace, shoot: Shoot
) -> None:
    app = bolt_app(workspace)
    with_form(
        app,
        *[
            input_block(kind, {"type": kind, "action_id": f"in-{kind}", **fields}, optional=True)
            for kind, fields in INPUTS.items()
        ],
    )
    client = client_of(workspace)
    elements = [{"type": kind, "action_id": f"on-{kind}", **fields} for kind, fields in CHOICES.items()]
    accessories = [
        {**section(f"About {element['type']}"), "accessory": {**element, "action_id": f"at-{element['action_id']}"}}
        for element in elements
        if element["type"] != "datetimepicker"
    ]
    blocks = [actions("row", *elements), *accessories]
    ts = client.chat_postMessage(channel=GENERAL.id, text="all", blocks=blocks)["ts"]
    client.chat_postMessage(channel=GENERAL.id, text="reply", thread_ts=ts)
    row = actions("row", *[each for each in elements if each["type"] != "datetimepicker"])
    client.views_publish(user_id=ANNA.id, view={"type": "home", "blocks": [row, *accessories]})
    with connected(app, workspace):
        page = opened(context, workspace)
        expect(page.get_by_role("article")).to_have_count(1)
        assert nameless(page) == []
        page.get_by_role("button", name="1 reply").click()
        expect(page.get_by_role("region", name="Thread")).to_be_visible()
        assert nameless(page) == []
        page.get_by_role("button", name="Close the thread").click()
        command(page)
        assert nameless(page) == []
        shoot(page, "every-input")
        for label in ("datepicker", "static_select"):
            page.get_by_label(label, exact=True).click()
            expect(page.locator(".popup")).to_be_visible()
            assert nameless(page) == []
            page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.locator("[data-region=apps]").get_by_role("button", name="sample").click()
        expect(page.locator(".home-blocks")).to_be_visible()
        assert nameless(page) == []
        page.get_by_role("button", name="Developer").click()
        expect(page.get_by_role("region", name="Developer")).to_be_visible()
        assert nameless(page) == []
