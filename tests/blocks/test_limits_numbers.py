"""Is each limit exactly where Slack's pages put it: taken at the limit, refused one beyond?"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest

from blocks.limits import problems
from tests.blocks.payloads import (
    CONFIRM,
    ELEMENT,
    FIRST,
    Json,
    actions,
    asking,
    below,
    button,
    card,
    cell,
    chosen,
    container,
    home,
    icon,
    message,
    modal,
    mrkdwn,
    number,
    option,
    options,
    plain,
    said,
    section,
    select,
    table,
    typed,
    video,
    workflow,
    writing,
)


def x(count: int) -> Json:
    return plain("x" * count)


def confirmed(**more: object) -> Json:
    return modal(actions(button(confirm={**CONFIRM, **more})))


def menu(**more: object) -> Json:
    return chosen("static_select", **more)


def _url(length: int) -> str:
    return "https://x.se/".ljust(length, "x")


def group(value: int = 0, **more: object) -> Json:
    return {"label": plain(), "options": [option(str(value))], **more}


def of_size(size: int) -> Json:
    """A modal of exactly this many bytes, as compact JSON."""
    full = [section(text=x(3000)) for _ in range(80)]
    rest = size - _bytes(modal(*full, section(text=x(0)), section(text=x(0))))
    return modal(*full, section(text=x(rest // 2)), section(text=x(rest - rest // 2)))


def _bytes(payload: Json) -> int:
    return len(json.dumps(payload, separators=(",", ":")))


def table_of(length: int) -> Json:
    """A message whose table holds this many characters, as text, as a number and as rich text."""
    number = {"type": "raw_number", "value": 1, "text": "12"}
    return message(table([cell("x" * (length - 6)), number, said({"type": "text", "text": "said"})]))


def data_table_of(length: int) -> Json:
    """A message whose table holds this many characters, as text, as a number and as rich text."""
    number = {"type": "raw_number", "value": 1, "text": "12"}
    rows = [
        [cell("head"), cell("head"), cell("head")],
        [cell("x" * (length - 22)), number, said({"type": "text", "text": "said"})],
        [cell("a"), cell("b"), number],
    ]
    return message({"type": "data_table", "caption": "x", "rows": rows})


def plan_of(tasks: int) -> Json:
    steps = [{"task_id": str(number), "title": "x"} for number in range(tasks)]
    return message({"type": "plan", "title": "x", "tasks": steps})


LINE: Json = {"type": "rich_text_section", "elements": []}
CHART: Json = {
    "type": "data_visualization",
    "title": "x",
    "chart": {"type": "pie", "segments": [{"label": "A", "value": 1}]},
}


def pie(*segments: Json) -> Json:
    return message({**CHART, "chart": {"type": "pie", "segments": list(segments)}})


def lines(*, series: int = 1, name: str = "Cats", x_label: str = "x") -> Json:
    one = {"name": name, "data": [{"label": "A", "value": 1}]}
    axes = {"categories": ["A"], "x_label": x_label}
    named = [{**one, "name": f"{number or name}"} for number in range(series)]
    return message({**CHART, "chart": {"type": "bar", "series": named, "axis_config": axes}})


def opinion(**more: object) -> Json:
    fine: Json = {"text": plain(), "value": "1"}
    return message(below({"type": "feedback_buttons", "positive_button": {**fine, **more}, "negative_button": fine}))


def provider(**more: object) -> Json:
    return {"type": "auth_provider", "value": "v", "is_connected": True, "name": plain(), **more}


def hinted(kind: str, length: int) -> Json:
    return chosen(kind, action_id="a", placeholder=x(length))


AT_MOST: list[tuple[str, Callable[[int], Json], int, str]] = [
    # Payloads
    ("blocks of a message", lambda n: message(*[section(text=x(9))] * n), 50, "/blocks"),
    ("blocks of a modal", lambda n: modal(*[section()] * n), 100, "/blocks"),
    ("blocks of a Home", lambda n: home(*[section()] * n), 100, "/blocks"),
    ("a message's text", lambda n: {"text": "x" * n}, 40_000, "/text"),
    (
        "all text of a message's blocks",
        lambda n: message(*[section(text=x(2500))] * 4, section(text=x(n - 10_000))),
        12_000,
        "/blocks",
    ),
    ("bytes of a view", of_size, 250_000, ""),
    ("a modal's title", lambda n: modal(title=x(n)), 24, "/title/text"),
    ("submit", lambda n: modal(submit=x(n)), 24, "/submit/text"),
    ("close", lambda n: modal(close=x(n)), 24, "/close/text"),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000, "/private_metadata"),
    ("private_metadata of a Home", lambda n: home(private_metadata="x" * n), 3000, "/private_metadata"),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255, "/callback_id"),
    ("external_id", lambda n: modal(external_id="x" * n), 255, "/external_id"),
    ("suggestions", lambda n: {"options": options(n)}, 100, "/options"),
    ("groups of suggestions", lambda n: {"option_groups": [group(i) for i in range(n)]}, 100, "/option_groups"),
    # Blocks
    ("block_id", lambda n: modal(section(block_id="x" * n)), 255, "/blocks/0/block_id"),
    ("a section's text", lambda n: modal(section(text=x(n))), 3000, "/blocks/0/text/text"),
    ("a section's fields", lambda n: modal(section(fields=[mrkdwn()] * n)), 10, "/blocks/0/fields"),
    ("a section's field", lambda n: modal(section(fields=[x(n)])), 2000, "/blocks/0/fields/0/text"),
    ("a header", lambda n: modal({"type": "header", "text": x(n)}), 150, "/blocks/0/text/text"),
    ("a header's level", lambda n: modal({"type": "header", "text": plain(), "level": n}), 4, "/blocks/0/level"),
    ("things in a context", lambda n: modal({"type": "context", "elements": [mrkdwn()] * n}), 10, "/blocks/0/elements"),
    (
        "a text in a context",
        lambda n: modal({"type": "context", "elements": [x(n)]}),
        3000,
        "/blocks/0/elements/0/text",
    ),
    ("buttons in a row", lambda n: modal(actions(*[button()] * n)), 25, "/blocks/0/elements"),
    ("a label", lambda n: modal(asking(select(), label=x(n))), 2000, "/blocks/0/label/text"),
    ("a hint", lambda n: modal(asking(select(), hint=x(n))), 2000, "/blocks/0/hint/text"),
    (
        "a picture's title",
        lambda n: modal({"type": "image", "image_url": "https://u", "alt_text": "a", "title": x(n)}),
        2000,
        "/blocks/0/title/text",
    ),
    (
        "a picture's other text",
        lambda n: modal({"type": "image", "image_url": "https://u", "alt_text": "x" * n}),
        2000,
        "/blocks/0/alt_text",
    ),
    (
        "the other text of a picture in a context",
        lambda n: modal(
            {"type": "context", "elements": [{"type": "image", "image_url": "https://u", "alt_text": "x" * n}]}
        ),
        2000,
        f"{FIRST}/alt_text",
    ),
    (
        "the address of a picture beside a section",
        lambda n: modal(section(accessory={"type": "image", "image_url": _url(n), "alt_text": "a"})),
        3000,
        "/blocks/0/accessory/image_url",
    ),
    (
        "a picture's address",
        lambda n: modal({"type": "image", "image_url": _url(n), "alt_text": "a"}),
        3000,
        "/blocks/0/image_url",
    ),
    ("rows of a table", lambda n: message(table(*[[cell("x")]] * n)), 100, "/blocks/0/rows"),
    ("columns of a table", lambda n: message(table([cell()] * n)), 20, "/blocks/0/rows/0"),
    ("settings of columns", lambda n: message(table(column_settings=[None] * n)), 20, "/blocks/0/column_settings"),
    ("all text of a table", table_of, 10_000, "/blocks/0/rows"),
    ("all text of a table on Home", lambda n: home(*table_of(n)["blocks"]), 10_000, "/blocks/0/rows"),
    (
        "all text of a table in a container",
        lambda n: message(container(*table_of(n)["blocks"])),
        10_000,
        "/blocks/0/child_blocks/0/rows",
    ),
    (
        "rows of a data table",
        lambda n: message({"type": "data_table", "caption": "x", "rows": [[cell("x")]] * n}),
        201,
        "/blocks/0/rows",
    ),
    (
        "rows of a page",
        lambda n: message({"type": "data_table", "caption": "x", "rows": [[cell()]] * 2, "page_size": n}),
        100,
        "/blocks/0/page_size",
    ),
    ("all text of a data table", data_table_of, 20_000, "/blocks/0/rows"),
    (
        "all text of a data table on Home",
        lambda n: home(*data_table_of(n)["blocks"]),
        20_000,
        "/blocks/0/rows",
    ),
    ("markdown", lambda n: message({"type": "markdown", "text": "x" * n}), 12_000, "/blocks"),
    ("a video's title", lambda n: home(video(title=x(n))), 199, "/blocks/0/title/text"),
    ("a video's author", lambda n: modal(video(author_name="x" * n)), 49, "/blocks/0/author_name"),
    ("a video's other text", lambda n: modal(video(alt_text="x" * n)), 2000, "/blocks/0/alt_text"),
    ("a video's description", lambda n: modal(video(description=x(n))), 199, "/blocks/0/description/text"),
    ("a video's provider", lambda n: modal(video(provider_name="x" * n)), 50, "/blocks/0/provider_name"),
    ("a video's page", lambda n: modal(video(title_url=_url(n))), 2000, "/blocks/0/title_url"),
    ("a provider's picture", lambda n: modal(video(provider_icon_url=_url(n))), 2000, "/blocks/0/provider_icon_url"),
    ("a video's address", lambda n: modal(video(video_url=_url(n))), 3000, "/blocks/0/video_url"),
    ("a video's cover", lambda n: modal(video(thumbnail_url=_url(n))), 3000, "/blocks/0/thumbnail_url"),
    ("an alert", lambda n: modal({"type": "alert", "text": x(n)}), 200, "/blocks/0/text/text"),
    ("a card's title", lambda n: message(card(title=x(n))), 150, "/blocks/0/title/text"),
    ("a card's subtitle", lambda n: message(card(subtitle=x(n))), 150, "/blocks/0/subtitle/text"),
    ("a card's body", lambda n: message(card(body=x(n))), 200, "/blocks/0/body/text"),
    ("a card's subtext", lambda n: message(card(subtext=x(n))), 200, "/blocks/0/subtext/text"),
    ("cards", lambda n: message({"type": "carousel", "elements": [card()] * n}), 10, "/blocks/0/elements"),
    ("buttons of a card", lambda n: message(card(actions=[button()] * n)), 3, "/blocks/0/actions"),
    ("tasks of a plan", plan_of, 50, "/blocks/0/tasks"),
    ("charts", lambda n: message(*[CHART] * n), 2, "/blocks/2"),
    ("a chart's title", lambda n: message({**CHART, "title": "x" * n}), 50, "/blocks/0/title"),
    ("segments", lambda n: pie(*[{"label": "A", "value": 1}] * n), 12, "/blocks/0/chart/segments"),
    (
        "a segment's label",
        lambda n: pie({"label": "x" * n, "value": 1}),
        20,
        "/blocks/0/chart/segments/0/label",
    ),
    ("series", lambda n: lines(series=n), 12, "/blocks/0/chart/series"),
    ("a series' name", lambda n: lines(name="x" * n), 20, "/blocks/0/chart/series/0/name"),
    ("an axis' name", lambda n: lines(x_label="x" * n), 50, "/blocks/0/chart/axis_config/x_label"),
    (
        "how far a list is indented",
        lambda n: modal(
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [LINE], "indent": n}],
            }
        ),
        8,
        f"{FIRST}/indent",
    ),
    ("blocks in a container", lambda n: message(container(*[section()] * n)), 10, "/blocks/0/child_blocks"),
    ("a container's title", lambda n: message(container(title=x(n))), 150, "/blocks/0/title/text"),
    ("a container's subtitle", lambda n: message(container(subtitle=x(n))), 150, "/blocks/0/subtitle/text"),
    ("buttons below a message", lambda n: message(below(*[icon()] * n)), 5, "/blocks/0/elements"),
    (
        "who sees an icon button",
        lambda n: message(below(icon(visible_to_user_ids=["U1"] * n))),
        10,
        f"{FIRST}/visible_to_user_ids",
    ),
    ("an icon button's value", lambda n: message(below(icon(value="x" * n))), 2000, f"{FIRST}/value"),
    ("an icon button's text", lambda n: message(below(icon(text=x(n)))), 75, f"{FIRST}/text/text"),
    (
        "an icon button read aloud",
        lambda n: message(below(icon(accessibility_label="x" * n))),
        75,
        f"{FIRST}/accessibility_label",
    ),
    ("an opinion's text", lambda n: opinion(text=x(n)), 75, f"{FIRST}/positive_button/text/text"),
    ("an opinion's value", lambda n: opinion(value="x" * n), 2000, f"{FIRST}/positive_button/value"),
    (
        "an opinion read aloud",
        lambda n: opinion(accessibility_label="x" * n),
        75,
        f"{FIRST}/positive_button/accessibility_label",
    ),
    ("a provider's value", lambda n: home(provider(value="x" * n)), 150, "/blocks/0/value"),
    ("a provider's description", lambda n: home(provider(description=x(n))), 150, "/blocks/0/description/text"),
    (
        "who is connected",
        lambda n: home(provider(connected_identity=x(n))),
        75,
        "/blocks/0/connected_identity/text",
    ),
    (
        "where one is connected",
        lambda n: home(provider(connected_context=x(n))),
        75,
        "/blocks/0/connected_context/text",
    ),
    ("where one connects", lambda n: home(provider(auth_url=_url(n))), 3000, "/blocks/0/auth_url"),
    (
        "a provider's name",
        lambda n: home(provider(name=x(n))),
        75,
        "/blocks/0/name/text",
    ),
    # Buttons
    ("a button", lambda n: modal(actions(button(text=x(n)))), 75, f"{FIRST}/text/text"),
    ("a button's value", lambda n: modal(actions(button(value="x" * n))), 2000, f"{FIRST}/value"),
    ("a button's address", lambda n: modal(actions(button(url=_url(n)))), 3000, f"{FIRST}/url"),
    (
        "what is read aloud",
        lambda n: modal(actions(button(accessibility_label="x" * n))),
        75,
        f"{FIRST}/accessibility_label",
    ),
    ("a prompt", lambda n: modal(actions(button(agent_prompt="x" * n))), 4000, f"{FIRST}/agent_prompt"),
    (
        "who sees a button",
        lambda n: message(actions(button(visible_to_user_ids=["U1"] * n))),
        10,
        f"{FIRST}/visible_to_user_ids",
    ),
    ("a workflow button", lambda n: message(actions(workflow(text=x(n)))), 75, f"{FIRST}/text/text"),
    (
        "a workflow button read aloud",
        lambda n: message(actions(workflow(accessibility_label="x" * n))),
        75,
        f"{FIRST}/accessibility_label",
    ),
    ("action_id", lambda n: modal(actions(button(action_id="x" * n))), 255, f"{FIRST}/action_id"),
    ("a confirmation's title", lambda n: confirmed(title=x(n)), 100, f"{FIRST}/confirm/title/text"),
    ("a confirmation's text", lambda n: confirmed(text=x(n)), 300, f"{FIRST}/confirm/text/text"),
    ("a confirmation's yes", lambda n: confirmed(confirm=x(n)), 30, f"{FIRST}/confirm/confirm/text"),
    ("a confirmation's no", lambda n: confirmed(deny=x(n)), 30, f"{FIRST}/confirm/deny/text"),
    # Choices
    ("a menu", lambda n: menu(options=options(n)), 100, f"{ELEMENT}/options"),
    ("groups of a menu", lambda n: menu(option_groups=[group(i) for i in range(n)]), 100, f"{ELEMENT}/option_groups"),
    ("a group's name", lambda n: menu(option_groups=[group(label=x(n))]), 75, f"{ELEMENT}/option_groups/0/label/text"),
    ("a group", lambda n: menu(option_groups=[group(options=options(n))]), 100, f"{ELEMENT}/option_groups/0/options"),
    ("an option's text", lambda n: menu(options=[option(text=x(n))]), 75, f"{ELEMENT}/options/0/text/text"),
    ("an option's value", lambda n: menu(options=[option("x" * n)]), 150, f"{ELEMENT}/options/0/value"),
    (
        "an option's description",
        lambda n: menu(options=[option(description=x(n))]),
        75,
        f"{ELEMENT}/options/0/description/text",
    ),
    ("a placeholder", lambda n: modal(asking(select(placeholder=x(n)))), 150, f"{ELEMENT}/placeholder/text"),
    ("radio buttons", lambda n: chosen("radio_buttons", options=options(n)), 10, f"{ELEMENT}/options"),
    ("checkboxes", lambda n: chosen("checkboxes", options=options(n)), 10, f"{ELEMENT}/options"),
    (
        "options behind three dots",
        lambda n: modal(actions({"type": "overflow", "options": options(n)})),
        5,
        f"{FIRST}/options",
    ),
    (
        "the address of an option behind three dots",
        lambda n: modal(actions({"type": "overflow", "options": [option(url=_url(n))]})),
        3000,
        f"{FIRST}/options/0/url",
    ),
    (
        "a tick's description",
        lambda n: chosen("checkboxes", options=[option(description=x(n))]),
        75,
        f"{ELEMENT}/options/0/description/text",
    ),
    *(
        (f"a placeholder of {kind}", partial(hinted, kind), 150, f"{ELEMENT}/placeholder/text")
        for kind in (
            "datepicker",
            "email_text_input",
            "multi_users_select",
            "plain_text_input",
            "rich_text_input",
            "timepicker",
            "url_text_input",
        )
    ),
    # Values
    ("a text typed", lambda n: typed(initial_value="x" * n), 3000, f"{ELEMENT}/initial_value"),
    ("a text typed, with a bound", lambda n: typed(initial_value="x" * n, max_length=7), 7, f"{ELEMENT}/initial_value"),
    ("max_length", lambda n: typed(max_length=n), 3000, f"{ELEMENT}/max_length"),
    ("min_length", lambda n: typed(min_length=n), 3000, f"{ELEMENT}/min_length"),
    ("min_length below max_length", lambda n: typed(min_length=n, max_length=7), 7, f"{ELEMENT}/min_length"),
    ("a number with a bound", lambda n: number(initial_value=str(n), max_value="99"), 99, f"{ELEMENT}/initial_value"),
    ("min_value below max_value", lambda n: number(min_value=str(n), max_value="2"), 2, f"{ELEMENT}/min_value"),
    ("files", lambda n: chosen("file_input", max_files=n), 10, f"{ELEMENT}/max_files"),
    ("lines of rich text", lambda n: modal(asking(writing(max_lines=n))), 100, f"{ELEMENT}/max_lines"),
    (
        "a moment",
        lambda n: chosen("datetimepicker", initial_date_time=n),
        9_999_999_999,
        f"{ELEMENT}/initial_date_time",
    ),
    (
        "many chosen",
        lambda n: chosen("multi_static_select", options=options(9), initial_options=options(n), max_selected_items=2),
        2,
        f"{ELEMENT}/initial_options",
    ),
]


@pytest.mark.parametrize(
    ("make", "limit", "pointer"), [case[1:] for case in AT_MOST], ids=[case[0] for case in AT_MOST]
)
def test_a_limit_is_taken_and_one_more_is_refused(make: Callable[[int], Json], limit: int, pointer: str) -> None:
    assert problems(make(limit)) == []
    assert [place for place, _ in problems(make(limit + 1))] == [pointer]


AT_LEAST: list[tuple[str, Callable[[int], Json], int, str]] = [
    ("a number with a bound", lambda n: number(initial_value=str(n), min_value="-3"), -3, f"{ELEMENT}/initial_value"),
    ("max_length", lambda n: typed(max_length=n), 1, f"{ELEMENT}/max_length"),
    ("min_query_length", lambda n: chosen("external_select", min_query_length=n), 0, f"{ELEMENT}/min_query_length"),
    (
        "max_selected_items",
        lambda n: chosen("multi_users_select", max_selected_items=n),
        1,
        f"{ELEMENT}/max_selected_items",
    ),
    ("files", lambda n: chosen("file_input", max_files=n), 1, f"{ELEMENT}/max_files"),
    (
        "a moment",
        lambda n: chosen("datetimepicker", initial_date_time=n),
        1_000_000_000,
        f"{ELEMENT}/initial_date_time",
    ),
    ("a menu", lambda n: menu(options=options(n)), 1, f"{ELEMENT}/options"),
    ("a header's level", lambda n: modal({"type": "header", "text": plain(), "level": n}), 1, "/blocks/0/level"),
    ("lines of rich text", lambda n: modal(asking(writing(min_lines=n))), 1, f"{ELEMENT}/min_lines"),
    ("cards", lambda n: message({"type": "carousel", "elements": [card()] * n}), 1, "/blocks/0/elements"),
    (
        "blocks in a container",
        lambda n: message({**container(), "child_blocks": [section()] * n}),
        1,
        "/blocks/0/child_blocks",
    ),
    (
        "rows of a data table",
        lambda n: message({"type": "data_table", "caption": "x", "rows": [[cell("x")]] * n}),
        2,
        "/blocks/0/rows",
    ),
    (
        "rows of a page",
        lambda n: message({"type": "data_table", "caption": "x", "rows": [[cell()]] * 2, "page_size": n}),
        1,
        "/blocks/0/page_size",
    ),
    (
        "the heading of a row",
        lambda n: message({"type": "data_table", "caption": "x", "rows": [[cell()]] * 2, "row_header_column_index": n}),
        0,
        "/blocks/0/row_header_column_index",
    ),
    (
        "options behind three dots",
        lambda n: modal(actions({"type": "overflow", "options": options(n)})),
        1,
        f"{FIRST}/options",
    ),
    ("buttons in a row", lambda n: modal(actions(*[button()] * n)), 1, "/blocks/0/elements"),
    ("a button", lambda n: modal(actions(button(text=x(n)))), 1, f"{FIRST}/text/text"),
]


@pytest.mark.parametrize(
    ("make", "limit", "pointer"), [case[1:] for case in AT_LEAST], ids=[case[0] for case in AT_LEAST]
)
def test_the_least_is_taken_and_one_less_is_refused(make: Callable[[int], Json], limit: int, pointer: str) -> None:
    assert problems(make(limit)) == []
    assert [place for place, _ in problems(make(limit - 1))] == [pointer]
