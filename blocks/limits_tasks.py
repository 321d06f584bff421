"""What does Slack demand of a task card, and of a plan of tasks?

From docs.slack.dev/reference/block-kit/blocks/task-card-block and …/plan-block. The tasks of a plan stand there
without their type; slack_sdk sends it, so it may be there. The page's example of a task card is pending and alone,
which Slack refuses; that, `icon` and `hide_title`: slackapi/java-slack-sdk#1638.
"""

from __future__ import annotations

from collections.abc import Mapping

from blocks.limits_icons import SLACK_ICON
from blocks.limits_rich_text import MOST, RICH_TEXT_ONLY, URL
from blocks.limits_shapes import (
    Check,
    Object,
    Report,
    Shape,
    address,
    array,
    child,
    flag,
    members,
    one_of,
    string,
    typed,
)

PLAN_TASKS = 50
_SOURCE = typed("a source", {"url": Shape(required={"url": address(URL), "text": string(MOST)}).check})
_BEGUN = ("in_progress", "complete", "error")
_MORE: dict[str, Check] = {
    "details": RICH_TEXT_ONLY,
    "hide_title": flag,
    "icon": SLACK_ICON,
    "output": RICH_TEXT_ONLY,
    "sources": array(_SOURCE, MOST),
}
_NAMED: dict[str, Check] = {"task_id": string(255), "title": string(MOST)}
_PLANNED = Shape(
    required=_NAMED,
    optional={
        **_MORE,
        "block_id": string(255),
        "status": one_of("pending", *_BEGUN),
    },
)


def _planned(report: Report, pointer: str, value: object) -> None:
    if isinstance(value, Mapping) and value.get("type", "task_card") != "task_card":
        report.add(child(pointer, "type"), "is not a task known here")
    else:
        _PLANNED.check(report, pointer, value)


def _told_apart(report: Report, pointer: str, value: Object) -> None:
    seen = set[str]()
    for index, task in members(value.get("tasks")):
        task_id = task.get("task_id")
        if isinstance(task_id, str):
            if task_id in seen:
                report.add(child(child(child(pointer, "tasks"), index), "task_id"), "is the id of another task too")
            seen.add(task_id)


TASK_CARD = Shape(required=_NAMED, optional={**_MORE, "status": one_of(*_BEGUN)})
PLAN = Shape(
    required={"title": string(MOST), "tasks": array(_planned, PLAN_TASKS, least=0)},
    rules=(_told_apart,),
)
