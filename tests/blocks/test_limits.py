"""Does the checker find every limit that Slack documents, and nothing in what Slack accepts?"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

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

SECTION: Json = {"type": "rich_text_section", "elements": []}
OPINION: Json = {"text": plain(), "value": "1"}
ICON: Json = {"type": "icon", "name": "archive"}
LINES: Json = {
    "type": "line",
    "series": [{"name": "Cats", "data": [{"label": "A", "value": -1}]}],
    "axis_config": {"categories": ["A"], "x_label": "x"},
}
TASK: Json = {"type": "task_card", "task_id": "1", "title": "Look"}
STEP: Json = {"task_id": "1", "title": "Look"}


THEN: Json = {"timestamp": 1_800_000_000, "format": "{date}", "fallback": "then"}
CITED: Json = {
    "type": "citation",
    "url": "https://x.se",
    "text": "x",
    "index": 1,
    "details": {"citation_type": "web", "title": "x"},
}
UNLINKED = f"{FIRST}/elements/0/style/unlink"


def styled(piece: Json, *styles: str) -> Json:
    return {**piece, "style": dict.fromkeys(styles, True)}


def coded(*pieces: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": list(pieces)}]}


def without(whole: Json, key: str) -> Json:
    return {name: value for name, value in whole.items() if name != key}


def pie(value: float = 1.5) -> Json:
    return {"type": "pie", "segments": [{"label": "A", "value": value}]}


def chart(drawn: Json, **more: object) -> Json:
    return {"type": "data_visualization", "title": "x", "chart": drawn, **more}


def picture(**more: object) -> Json:
    return {"type": "image", "alt_text": "A cat", **more}


BROKEN: list[tuple[str, Json, str]] = [
    # The payload as a whole
    ("nothing known", {"channel": "C1"}, ""),
    ("a view of an unknown type", {"type": "workflow_step", "blocks": []}, "/type"),
    ("a message without text and blocks", {"blocks": []}, ""),
    ("a message with an unknown keyword", message(colour="red"), "/colour"),
    ("a modal without blocks", {**modal(), "blocks": []}, "/blocks"),
    # Views
    ("no title", {"type": "modal", "blocks": [section()]}, "/title"),
    ("an mrkdwn title", modal(title=mrkdwn()), "/title/type"),
    ("an input without submit", {"type": "modal", "title": plain(), "blocks": [asking(select())]}, "/submit"),
    ("a Home with a submit button", home(submit=plain()), "/submit"),
    ("an unknown keyword of a view", modal(submit_hidden=True), "/submit_hidden"),
    ("a flag that is a word", modal(clear_on_close="yes"), "/clear_on_close"),
    (
        "two elements in focus",
        modal(asking(select(focus_on_load=True)), asking(select(focus_on_load=True))),
        "/blocks/1/element/focus_on_load",
    ),
    ("two blocks with one id", modal(section(block_id="a"), section(block_id="a")), "/blocks/1/block_id"),
    (
        "two blocks of a message with one id",
        message(section(block_id="a"), section(block_id="a")),
        "/blocks/1/block_id",
    ),
    (
        "two elements of a modal with one id",
        modal(asking({"type": "datepicker", "action_id": "a"}), asking({"type": "datepicker", "action_id": "a"})),
        "/blocks/1/element/action_id",
    ),
    (
        "two elements of a block with one id",
        message(actions(button(action_id="a"), button(action_id="a"))),
        "/blocks/0/elements/1/action_id",
    ),
    # Blocks
    ("an unknown block", modal({"type": "paragraph"}), "/blocks/0/type"),
    ("a block that is a string", modal(section(), blocks=["section"]), "/blocks/0/type"),
    ("markdown in a modal", modal({"type": "markdown", "text": "# Hej"}), "/blocks/0/type"),
    ("an unknown keyword of a block", modal(section(colour="red")), "/blocks/0/colour"),
    ("a keyword that looks like a pointer", modal(section(**{"a/b~c": 1})), "/blocks/0/a~1b~0c"),
    ("a section of nothing", modal({"type": "section"}), "/blocks/0"),
    ("1,501 emoji in a section", modal(section(text=mrkdwn("🐈" * 1501))), "/blocks/0/text/text"),
    ("an empty section", modal(section(text=mrkdwn(""))), "/blocks/0/text/text"),
    ("a blank section", modal(section(text=mrkdwn(" \n"))), "/blocks/0/text/text"),
    ("a lone surrogate", modal(section(text=mrkdwn("a\ud800"))), "/blocks/0/text/text"),
    ("an unknown kind of text", modal(section(text={"type": "html", "text": "x"})), "/blocks/0/text/type"),
    ("a text that is a string", modal(section(text="x")), "/blocks/0/text"),
    ("emoji on mrkdwn", modal(section(text={**mrkdwn(), "emoji": True})), "/blocks/0/text/emoji"),
    ("verbatim on plain text", modal(section(text={**plain(), "verbatim": True})), "/blocks/0/text/verbatim"),
    ("no fields", modal(section(fields=[])), "/blocks/0/fields"),
    ("an mrkdwn header", modal({"type": "header", "text": mrkdwn()}), "/blocks/0/text/type"),
    ("a header without text", modal({"type": "header"}), "/blocks/0/text"),
    ("nothing in a context", modal({"type": "context", "elements": []}), "/blocks/0/elements"),
    ("a button in a context", modal({"type": "context", "elements": [button()]}), "/blocks/0/elements/0/type"),
    ("no buttons", modal(actions()), "/blocks/0/elements"),
    ("an mrkdwn label", modal(asking(select(), label=mrkdwn())), "/blocks/0/label/type"),
    (
        "files that tell the app of every change",
        modal(asking({"type": "file_input"}, dispatch_action=True)),
        "/blocks/0/dispatch_action",
    ),
    ("a picture without a text", modal({"type": "image", "image_url": "https://x.se/a.png"}), "/blocks/0/alt_text"),
    ("a picture without an address", modal({"type": "image", "alt_text": "A cat"}), "/blocks/0"),
    ("a picture of another scheme", modal(picture(image_url="ftp://x.se/a.png")), "/blocks/0/image_url"),
    ("a picture of no file", modal(picture(slack_file={})), "/blocks/0/slack_file"),
    ("a picture of two files", modal(picture(slack_file={"id": "F1", "url": "https://x.se"})), "/blocks/0/slack_file"),
    # Rich text, tables, cards and whatever else only shows something
    ("rich text of nothing", modal({"type": "rich_text", "elements": []}), "/blocks/0/elements"),
    ("rich text of a paragraph", modal({"type": "rich_text", "elements": [{"type": "p"}]}), f"{FIRST}/type"),
    ("an empty piece of rich text", modal(said({"type": "text", "text": ""})), f"{FIRST}/elements/0/text"),
    ("a link in code to nobody", modal(coded({"type": "user", "user_id": "U1"})), f"{FIRST}/elements/0/type"),
    ("a colour with its link undone", modal(said(styled({"type": "color", "value": "#fff"}, "unlink"))), UNLINKED),
    ("a date with its link undone", modal(said(styled({"type": "date", **THEN}, "unlink"))), UNLINKED),
    ("a canvas of nothing", modal(said({"type": "canvas"})), f"{FIRST}/elements/0/file_id"),
    (
        "a tag of its own colour",
        modal(said({"type": "tag", "text": "x", "color": "pink"})),
        f"{FIRST}/elements/0/color",
    ),
    (
        "a citation of a dream",
        modal(said({**CITED, "details": {"citation_type": "dream"}})),
        f"{FIRST}/elements/0/details/citation_type",
    ),
    ("a citation without details", modal(said(without(CITED, "details"))), f"{FIRST}/elements/0/details"),
    (
        "a mention of a message of no time",
        modal(said({"type": "message_mention", "channel_id": "C1"})),
        f"{FIRST}/elements/0/message_ts",
    ),
    (
        "a mention of a workflow without its words",
        modal(said({"type": "workflow_mention", "workflow_id": "Wf1", "function_trigger_id": "Ft1"})),
        f"{FIRST}/elements/0/text",
    ),
    ("an unknown piece of rich text", modal(said({"type": "blink"})), f"{FIRST}/elements/0/type"),
    (
        "an unknown style",
        modal(said({"type": "text", "text": "x", "style": {"loud": True}})),
        f"{FIRST}/elements/0/style/loud",
    ),
    ("a link to nowhere", modal(said({"type": "link", "url": "x"})), f"{FIRST}/elements/0/url"),
    ("a call to all the world", modal(said({"type": "broadcast", "range": "world"})), f"{FIRST}/elements/0/range"),
    ("a mention of nobody", modal(said({"type": "user"})), f"{FIRST}/elements/0/user_id"),
    ("a date without its format", modal(said({"type": "date", "timestamp": 1})), f"{FIRST}/elements/0/format"),
    (
        "a list of its own style",
        modal({"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "roman", "elements": [SECTION]}]}),
        f"{FIRST}/style",
    ),
    (
        "a list in a list",
        modal(
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_list"}]}],
            }
        ),
        f"{FIRST}/elements/0/type",
    ),
    ("a table in a modal", modal(table()), "/blocks/0/type"),
    ("two tables", message(table(), table()), "/blocks/1"),
    ("a cell of mrkdwn", message(table([mrkdwn()])), "/blocks/0/rows/0/0/type"),
    ("an empty cell", message(table([cell("")])), "/blocks/0/rows/0/0/text"),
    (
        "a column to the far right",
        message(table(column_settings=[{"align": "far"}])),
        "/blocks/0/column_settings/0/align",
    ),
    (
        "a data table with a hole",
        message({"type": "data_table", "caption": "x", "rows": [[cell(), cell()], [cell()]]}),
        "/blocks/0/rows/1",
    ),
    (
        "a data table under rich text",
        message({"type": "data_table", "caption": "x", "rows": [[said({"type": "text", "text": "x"})], [cell()]]}),
        "/blocks/0/rows/0/0",
    ),
    ("a video without a cover", modal({**video(), "thumbnail_url": ""}), "/blocks/0/thumbnail_url"),
    ("a video in the clear", modal(video(video_url="http://x.se/v")), "/blocks/0/video_url"),
    ("a video without a title", modal(video(title=None)), "/blocks/0/title"),
    ("a file of another kind", message({"type": "file", "external_id": "1", "source": "local"}), "/blocks/0/source"),
    ("an alert in a message", message({"type": "alert", "text": plain()}), "/blocks/0/type"),
    ("an alert of its own level", modal({"type": "alert", "text": plain(), "level": "loud"}), "/blocks/0/level"),
    (
        "two icons of a card",
        message(card(icon=picture(image_url="https://x.se"), slack_icon=ICON)),
        "/blocks/0/slack_icon",
    ),
    ("a card of nothing", message({"type": "card"}), "/blocks/0"),
    ("a menu on a card", message(card(actions=[select()])), "/blocks/0/actions/0/type"),
    ("a carousel of sections", message({"type": "carousel", "elements": [section()]}), f"{FIRST}/type"),
    ("a card in a container", message(container(card())), "/blocks/0/child_blocks/0/type"),
    ("a table and one in a container", message(table(), container(table())), "/blocks/1"),
    ("a chart of nothing", message(chart({"type": "pie", "segments": []})), "/blocks/0/chart/segments"),
    ("a chart of its own kind", message(chart({"type": "radar"})), "/blocks/0/chart/type"),
    ("a segment of nothing", message(chart(pie(0))), "/blocks/0/chart/segments/0/value"),
    (
        "two series of one name",
        message(chart({**LINES, "series": LINES["series"] * 2})),
        "/blocks/0/chart/series/1/name",
    ),
    (
        "a line with a hole",
        message(chart({**LINES, "axis_config": {"categories": ["A", "B"]}})),
        "/blocks/0/chart/series/0",
    ),
    ("a container in a container", message(container(container())), "/blocks/0/child_blocks/0/type"),
    ("a container without a title", message({"type": "container", "child_blocks": [section()]}), "/blocks/0"),
    (
        "two elements of a contained block with one id",
        message(container(actions(button(action_id="a"), button(action_id="a")))),
        "/blocks/0/child_blocks/0/elements/1/action_id",
    ),
    ("a task of no known state", message({**TASK, "status": "late"}), "/blocks/0/status"),
    ("a task with a picture", message({**TASK, "icon": picture(image_url="https://x.se")}), "/blocks/0/icon/type"),
    ("a task that waits for no plan", message({**TASK, "status": "pending"}), "/blocks/0/status"),
    ("a plan of sections", message({"type": "plan", "title": "x", "tasks": [section()]}), "/blocks/0/tasks/0/type"),
    ("a plan without tasks", message({"type": "plan", "title": "x"}), "/blocks/0/tasks"),
    ("a plan's title as an object", message({"type": "plan", "title": plain(), "tasks": [STEP]}), "/blocks/0/title"),
    (
        "two tasks of a plan with one id",
        message({"type": "plan", "title": "x", "tasks": [STEP, TASK]}),
        "/blocks/0/tasks/1/task_id",
    ),
    (
        "an icon that Slack does not have",
        message(card(slack_icon={**ICON, "name": "search"})),
        "/blocks/0/slack_icon/name",
    ),
    ("a button of another icon", message(below(icon(icon="pencil"))), f"{FIRST}/icon"),
    ("a button below a message", message(below(button())), f"{FIRST}/type"),
    ("an icon button in a row", message(actions(icon())), f"{FIRST}/type"),
    # Where elements may stand
    ("a menu of many in a row", message(actions({"type": "multi_users_select"})), f"{FIRST}/type"),
    (
        "an answer's address on a message",
        message(asking({"type": "channels_select", "response_url_enabled": True})),
        f"{ELEMENT}/response_url_enabled",
    ),
    (
        "an answer's address beside a section",
        modal(section(accessory={"type": "conversations_select", "response_url_enabled": True})),
        "/blocks/0/accessory/response_url_enabled",
    ),
    (
        "two elements in focus on a message",
        message(asking(select(focus_on_load=True)), asking(select(focus_on_load=True))),
        "/blocks/1/element/focus_on_load",
    ),
    ("an unknown element", modal(actions({"type": "slider"})), f"{FIRST}/type"),
    ("a button as an input", modal(asking(button())), f"{ELEMENT}/type"),
    (
        "a text input beside a section",
        modal(section(accessory={"type": "plain_text_input"})),
        "/blocks/0/accessory/type",
    ),
    ("a text input among buttons", modal(actions({"type": "plain_text_input"})), f"{FIRST}/type"),
    (
        "a number in a message",
        message(asking({"type": "number_input", "is_decimal_allowed": False})),
        f"{ELEMENT}/type",
    ),
    ("a date and time on Home", home(asking({"type": "datetimepicker"})), f"{ELEMENT}/type"),
    ("an address on Home", home(asking({"type": "url_text_input"})), f"{ELEMENT}/type"),
    ("files in a message", message(asking({"type": "file_input"})), f"{ELEMENT}/type"),
    ("rich text typed in a message", message(asking(writing())), f"{ELEMENT}/type"),
    ("a workflow in a modal", modal(actions(workflow())), f"{FIRST}/type"),
    ("a workflow on Home", home(section(accessory=workflow())), "/blocks/0/accessory/type"),
    ("a workflow without an id", message(actions(workflow(action_id=None))), f"{FIRST}/action_id"),
    ("rich text typed without an id", chosen("rich_text_input"), f"{ELEMENT}/action_id"),
    ("an e-mail address on Home", home(asking({"type": "email_text_input"})), f"{ELEMENT}/type"),
    # Buttons
    ("an mrkdwn button", modal(actions(button(text=mrkdwn()))), f"{FIRST}/text/type"),
    ("an empty button", modal(actions(button(text=plain("")))), f"{FIRST}/text/text"),
    ("a style of its own", modal(actions(button(style="warning"))), f"{FIRST}/style"),
    (
        "a confirmation without a title",
        modal(actions(button(confirm={"text": plain(), "confirm": plain(), "deny": plain()}))),
        f"{FIRST}/confirm/title",
    ),
    ("an address that is none", modal(actions(button(url="x.se"))), f"{FIRST}/url"),
    ("an address with a blank", modal(actions(button(url="https://x.se/a b"))), f"{FIRST}/url"),
    (
        "a workflow button without its workflow",
        message(actions({"type": "workflow_button", "text": plain(), "action_id": "a"})),
        f"{FIRST}/workflow",
    ),
    (
        "a workflow without its trigger",
        message(actions(workflow(workflow={}))),
        f"{FIRST}/workflow/trigger",
    ),
    (
        "one opinion only",
        message(below({"type": "feedback_buttons", "positive_button": OPINION})),
        f"{FIRST}/negative_button",
    ),
    (
        "an opinion without a value",
        message(below({"type": "feedback_buttons", "positive_button": OPINION, "negative_button": {"text": plain()}})),
        f"{FIRST}/negative_button/value",
    ),
    ("an icon button without its icon", message(below({"type": "icon_button", "text": plain()})), f"{FIRST}/icon"),
    # Choices
    ("no options", chosen("static_select", options=[]), f"{ELEMENT}/options"),
    ("neither options nor groups", chosen("static_select"), ELEMENT),
    (
        "options and groups",
        modal(asking(select(option_groups=[{"label": plain(), "options": [option("z")]}]))),
        ELEMENT,
    ),
    (
        "an mrkdwn option in a menu",
        chosen("static_select", options=[option(text=mrkdwn())]),
        f"{ELEMENT}/options/0/text/type",
    ),
    ("an option with a type", chosen("static_select", options=[option(type="option")]), f"{ELEMENT}/options/0/type"),
    (
        "a group with a type",
        chosen("static_select", option_groups=[{"type": "option_group", "label": plain(), "options": options(1)}]),
        f"{ELEMENT}/option_groups/0/type",
    ),
    (
        "a confirmation with a type",
        modal(actions(button(confirm={**CONFIRM, "type": "confirm"}))),
        f"{FIRST}/confirm/type",
    ),
    (
        "a filter with a type",
        chosen("conversations_select", filter={"type": "filter", "include": ["im"]}),
        f"{ELEMENT}/filter/type",
    ),
    (
        "a file with a type",
        modal(picture(slack_file={"type": "slack_file", "id": "F1"})),
        "/blocks/0/slack_file/type",
    ),
    (
        "a word on dispatch with a type",
        typed(dispatch_action_config={"type": "dispatch", "trigger_actions_on": ["on_enter_pressed"]}),
        f"{ELEMENT}/dispatch_action_config/type",
    ),
    (
        "a trigger with a type",
        message(actions(workflow(workflow={"trigger": {"type": "trigger", "url": "https://x.se"}}))),
        f"{FIRST}/workflow/trigger/type",
    ),
    ("one value twice", chosen("static_select", options=[option("a"), option("a")]), f"{ELEMENT}/options/1/value"),
    (
        "one value in two groups",
        chosen("static_select", option_groups=[{"label": plain(), "options": options(1)}] * 2),
        f"{ELEMENT}/option_groups/1/options/0/value",
    ),
    ("an initial option not offered", modal(asking(select(initial_option=option("z")))), f"{ELEMENT}/initial_option"),
    (
        "an initial option in other words",
        modal(asking(select(initial_option=option("0", text=plain("Other"))))),
        f"{ELEMENT}/initial_option",
    ),
    (
        "a radio button not offered",
        chosen("radio_buttons", options=options(2), initial_option=option("z")),
        f"{ELEMENT}/initial_option",
    ),
    ("no checkboxes", chosen("checkboxes", options=[]), f"{ELEMENT}/options"),
    (
        "a tick not offered",
        chosen("checkboxes", options=options(2), initial_options=[option("z")]),
        f"{ELEMENT}/initial_options/0",
    ),
    (
        "an empty list of ticks",
        chosen("checkboxes", options=options(2), initial_options=[]),
        f"{ELEMENT}/initial_options",
    ),
    ("a link in a menu", chosen("static_select", options=[option(url="https://x.se")]), f"{ELEMENT}/options/0/url"),
    ("options on an external menu", chosen("external_select", options=options(1)), f"{ELEMENT}/options"),
    (
        "a menu of many with too many chosen",
        chosen("multi_static_select", options=options(2), initial_options=options(2), max_selected_items=1),
        f"{ELEMENT}/initial_options",
    ),
    (
        "a menu of many that takes none",
        chosen("multi_users_select", max_selected_items=0),
        f"{ELEMENT}/max_selected_items",
    ),
    ("a filter of nothing", chosen("conversations_select", filter={}), f"{ELEMENT}/filter"),
    (
        "a filter for the unknown",
        chosen("conversations_select", filter={"include": ["secret"]}),
        f"{ELEMENT}/filter/include/0",
    ),
    ("a query of negative length", chosen("external_select", min_query_length=-1), f"{ELEMENT}/min_query_length"),
    # Values that are typed or picked
    ("a day that does not exist", chosen("datepicker", initial_date="2027-02-29"), f"{ELEMENT}/initial_date"),
    ("a day without hyphens", chosen("datepicker", initial_date="20270228"), f"{ELEMENT}/initial_date"),
    ("a day in other digits", chosen("datepicker", initial_date="٢٠٢٧-٠٢-٢٨"), f"{ELEMENT}/initial_date"),
    ("a time that does not exist", chosen("timepicker", initial_time="24:30"), f"{ELEMENT}/initial_time"),
    ("an hour in no zone", chosen("timepicker", timezone="Europe/Uppsala"), f"{ELEMENT}/timezone"),
    (
        "rich text that is a string",
        chosen("rich_text_input", action_id="a", initial_value="x"),
        f"{ELEMENT}/initial_value/type",
    ),
    (
        "a moment of nine digits",
        chosen("datetimepicker", initial_date_time=999_999_999),
        f"{ELEMENT}/initial_date_time",
    ),
    ("longer than max_length", typed(initial_value="abc", max_length=2), f"{ELEMENT}/initial_value"),
    ("max_length over 3,000", typed(max_length=3001), f"{ELEMENT}/max_length"),
    ("min_length over max_length", typed(min_length=3, max_length=2), f"{ELEMENT}/min_length"),
    ("an unknown keyword of an element", typed(max_lenght=3), f"{ELEMENT}/max_lenght"),
    ("a number that is an int", number(initial_value=3), f"{ELEMENT}/initial_value"),
    ("a number that is a word", number(initial_value="three"), f"{ELEMENT}/initial_value"),
    ("a number in other digits", number(initial_value="٣"), f"{ELEMENT}/initial_value"),
    ("less than the least", number(initial_value="-1", min_value="0"), f"{ELEMENT}/initial_value"),
    ("more than the most", number(initial_value="100", max_value="99"), f"{ELEMENT}/initial_value"),
    ("the least over the most", number(min_value="3", max_value="2"), f"{ELEMENT}/min_value"),
    ("decimals where none are allowed", number(initial_value="3.5"), f"{ELEMENT}/initial_value"),
    ("no word on decimals", chosen("number_input"), f"{ELEMENT}/is_decimal_allowed"),
    (
        "dispatch on an unknown event",
        typed(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        f"{ELEMENT}/dispatch_action_config/trigger_actions_on/0",
    ),
    (
        "dispatch on nothing",
        typed(dispatch_action_config={"trigger_actions_on": []}),
        f"{ELEMENT}/dispatch_action_config/trigger_actions_on",
    ),
    # Answers to a type-ahead
    ("one suggestion twice", {"options": [option(), option()]}, "/options/1/value"),
    ("suggestions in two ways", {"options": [], "option_groups": []}, ""),
]


@pytest.mark.parametrize(("payload", "pointer"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_payload_is_reported_at_the_place_and_nowhere_else(payload: Json, pointer: str) -> None:
    assert [place for place, _ in problems(payload)] == [pointer]


EVERYTHING: list[Json] = [
    section(
        text=mrkdwn("x" * 3000), fields=[mrkdwn("x" * 2000)] * 10, accessory=button(confirm=CONFIRM, value="x" * 2000)
    ),
    section(text=plain(), accessory={"type": "overflow", "options": options(5)}, block_id="b" * 255),
    {"type": "header", "text": plain("x" * 150), "level": 2},
    {"type": "divider"},
    {"type": "image", "image_url": "https://x.se/a.png", "alt_text": "A cat", "title": plain()},
    {
        "type": "context",
        "elements": [mrkdwn(), plain(), {"type": "image", "image_url": "https://x.se", "alt_text": "A"}],
    },
    actions(*[button(text=plain("x" * 75), action_id=f"button-{n}", style="primary") for n in range(25)]),
    actions(button(visible_to_user_ids=["U1"], agent_prompt="Look", agent_prompt_display="A look")),
    asking(
        {"type": "plain_text_input", "initial_value": "x" * 3000, "max_length": 3000, "multiline": True}, optional=True
    ),
    asking(select(options=options(100), initial_option=option("99"), placeholder=plain("x" * 150)), hint=plain()),
    asking(
        {
            "type": "static_select",
            "option_groups": [{"label": plain(), "options": options(2)}],
            "initial_option": option("1"),
        }
    ),
    asking({"type": "external_select", "min_query_length": 0, "initial_option": option("7")}, dispatch_action=True),
    asking(
        {"type": "radio_buttons", "options": [option(str(n), text=mrkdwn(), description=mrkdwn()) for n in range(10)]}
    ),
    asking({"type": "checkboxes", "options": options(10), "initial_options": options(10)}),
    asking({"type": "datepicker", "initial_date": "2028-02-29"}),
    asking({"type": "timepicker", "initial_time": "09:00", "timezone": "Europe/Stockholm"}),
    asking(
        {"type": "multi_static_select", "options": options(3), "initial_options": options(2), "max_selected_items": 2}
    ),
    asking({"type": "multi_users_select", "initial_users": ["U1"]}),
    asking({"type": "users_select", "initial_user": "U1", "focus_on_load": True}),
    asking(
        {"type": "conversations_select", "default_to_current_conversation": True, "filter": {"include": ["public"]}}
    ),
    asking({"type": "channels_select", "initial_channel": "C1"}),
]
ONLY_IN_A_MODAL: list[Json] = [
    asking({"type": "email_text_input", "initial_value": "anna@example.se", "action_id": "email"}),
    asking({"type": "url_text_input"}),
    asking(
        {
            "type": "number_input",
            "is_decimal_allowed": True,
            "initial_value": "-0.5",
            "min_value": "-1",
            "max_value": "0",
        }
    ),
    asking(
        {
            "type": "number_input",
            "is_decimal_allowed": False,
            "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
        }
    ),
    asking({"type": "number_input", "is_decimal_allowed": False, "dispatch_action_config": {}}),
    asking({"type": "file_input", "filetypes": ["pdf"], "max_files": 1}, dispatch_action=False),
    asking({"type": "file_input", "filetypes": ["pdf"] * 101}),
    asking({"type": "datetimepicker", "initial_date_time": 1_800_000_000}),
]
WORDS = {"bold": True, "italic": True, "strike": True, "code": True, "underline": True}
RICH: list[Json] = [
    {
        "type": "rich_text",
        "block_id": "rich",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": " ", "style": WORDS},
                    {"type": "link", "url": "https://x.se", "text": "x", "unsafe": True, "from_llm": False},
                    {"type": "link", "url": "https://x.se", "is_slack_url": False, "truncated": True},
                    {"type": "emoji", "name": "cat", "unicode": "1f408", "skin_tone": 2},
                    styled({"type": "user", "user_id": "U1", "from_llm": True}, "highlight", "unlink"),
                    {"type": "channel", "channel_id": "C1", "tab_id": "1", "from_llm": True},
                    {"type": "usergroup", "usergroup_id": "S1"},
                    {"type": "team", "team_id": "T1"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "color", "value": "#fff"},
                    {"type": "date", **THEN, "timezone": "Europe/Stockholm"},
                    {"type": "attachment_mention", "url": "https://x.se", "entity_id": "1", "ts": "1.2"},
                    {"type": "canvas", "file_id": "F1", "label": "x", "hide_title": True},
                    {"type": "canvas_message_unfurl", "root_message_ts": "1.2", "root_message_channel": "C1"},
                    {"type": "canvas_user_mention", "user_id": "U1", "thread_id": "1"},
                    CITED,
                    {"type": "file", "file_id": "F1", "text": "x"},
                    {"type": "list_record", "file_id": "F1", "record_id": "1"},
                    {"type": "message_mention", "channel_id": "C1", "message_ts": "1.2"},
                    {"type": "salesforce_data_field", "salesforce_record_id": "1"},
                    {"type": "tag", "text": "x", "color": "indigo"},
                    {
                        "type": "work_object_mention",
                        "entity_id": "1",
                        "app_id": "A1",
                        "text": "x",
                        "url": "https://x.se",
                    },
                    {"type": "workflow_mention", "workflow_id": "1", "function_trigger_id": "Ft1", "text": "x"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "offset": 3,
                "border": 0,
                "elements": [SECTION],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "x"}], "border": 1},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "language": "python"},
        ],
    },
    video(title_url="https://x.se", description=plain(), provider_name="x", author_name="x"),
    video(title_url=None, description=None, provider_name=None, provider_icon_url=None, author_name=None),
    {"type": "auth_provider", "value": "v", "name": plain(), "is_connected": False, "fallback": [section()]},
    picture(slack_file={"id": "F1"}),
]
ONLY_IN_A_VIEW: list[Json] = [
    asking(writing(initial_value=said({"type": "text", "text": "x"}), min_lines=1)),
    actions(writing(action_id="rich-in-a-row")),
]
ONLY_IN_A_MESSAGE: list[Json] = [
    actions(workflow()),
    section(accessory=workflow()),
    {"type": "markdown", "text": "# Hej"},
    table(
        [cell(), said({"type": "text", "text": "x"}), {"type": "raw_number", "value": 1.5, "text": "1,5"}],
        [cell()],
        column_settings=[None, {"align": "right", "is_wrapped": True}],
    ),
    chart(pie()),
    chart(LINES),
    {"type": "file", "external_id": "1", "source": "remote"},
    below({"type": "feedback_buttons", "positive_button": OPINION, "negative_button": OPINION}, icon(confirm=CONFIRM)),
    {"type": "carousel", "elements": [card(actions=[button(action_id="a")]), card(actions=[button(action_id="a")])]},
    card(hero_image=picture(image_url="https://x.se/a.png"), subtitle=plain(), body=mrkdwn()),
    container(section(), width="full", is_collapsible=True, default_collapsed=True),
    container(section(), default_collapsed=True),
    container(section(), is_collapsible=True, has_header_divider=True),
    container(section(), rich_text_title=said({"type": "text", "text": "x"})),
    {"type": "plan", "title": "x", "tasks": [{**TASK, "details": said(), "status": "pending"}]},
    {"type": "plan", "title": "x", "tasks": [{**STEP, "status": "pending"}, {**STEP, "task_id": "2"}]},
    {**TASK, "icon": ICON, "hide_title": True, "sources": [{"type": "url", "url": "https://x.se", "text": "x"}]},
]
SHORTER = [section(), *EVERYTHING[1:8], *EVERYTHING[9:]]
GOOD: dict[str, Json] = {
    "the smallest modal": {"type": "modal", "title": plain(), "blocks": [section()]},
    "a modal with everything": modal(
        *EVERYTHING,
        *RICH,
        *ONLY_IN_A_VIEW,
        *ONLY_IN_A_MODAL,
        {"type": "alert", "text": mrkdwn(), "level": "warning"},
        title=plain("x" * 24),
        close=plain("x" * 24),
        callback_id="c" * 255,
        private_metadata="x" * 3000,
        clear_on_close=True,
        notify_on_close=False,
        submit_disabled=True,
    ),
    "a modal of 100 blocks": modal(*[section()] * 100),
    "a Home with everything": home(*EVERYTHING, *RICH, *ONLY_IN_A_VIEW, private_metadata=""),
    "a modal that repeats rows": modal(*[section(accessory=button(action_id="reminder-open"))] * 100),
    "a Home that repeats rows": home(*[section(accessory=button(action_id="reminder-open"))] * 100),
    "a message of words": {"text": "x" * 40_000},
    "a message with everything": message(*SHORTER, *RICH, *ONLY_IN_A_MESSAGE, channel="C1", thread_ts="1.2"),
    "a data table": message(
        {
            "type": "data_table",
            "caption": "x",
            "rows": [[cell()], [cell()]],
            "page_size": 5,
            "row_header_column_index": 0,
        }
    ),
    "a Home with a table and a carousel": home(table(), table(), {"type": "carousel", "elements": [card()]}),
    "a table in a container": message(container(table())),
    "a message that repeats rows": message(*[section(accessory=button(action_id="reminder-open"))] * 50),
    "suggestions": {"options": options(100)},
    "no suggestions": {"options": []},
    "groups of suggestions": {"option_groups": [{"label": plain(), "options": options(100)}]},
}


@pytest.mark.parametrize("payload", GOOD.values(), ids=GOOD)
def test_what_slack_accepts_has_no_problems(payload: Json) -> None:
    assert problems(payload) == []


def _replaced(value: Any, nonsense: object) -> list[Callable[[], Any]]:
    """Ways to put `nonsense` in the place of each thing inside `value`."""
    ways: list[Callable[[], Any]] = []
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:

        def put(inner: object, key: Any = key) -> Any:
            changed = copy.copy(value)
            changed[key] = inner
            return changed

        ways.append(lambda put=put: put(nonsense))  # type: ignore[misc]
        ways.extend(lambda put=put, way=way: put(way()) for way in _replaced(value[key], nonsense))  # type: ignore[misc]
    return ways


@pytest.mark.parametrize("nonsense", [None, 7, "x", [], {}, [[]], {"type": []}, [{"type": 1}], True], ids=repr)
def test_nonsense_anywhere_is_reported_or_fits_and_never_raises(nonsense: object) -> None:
    small = modal(*EVERYTHING[1:6], *EVERYTHING[10:], *RICH, *ONLY_IN_A_VIEW, *ONLY_IN_A_MODAL)
    found = [problems(way()) for way in _replaced(small, nonsense)]
    assert len(found) > 400
    assert sum(map(bool, found)) > len(found) / 2
