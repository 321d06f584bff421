"""Which of its own icons does Slack draw, on a card, a task or a button?

From docs.slack.dev/reference/block-kit/composition-objects/slack-icon-object and …/block-elements/icon-button-element,
whose one icon is `trash`. The page speaks of cards only; that a task takes the same object: slackapi/
java-slack-sdk#1638.
"""

from __future__ import annotations

from blocks.limits_shapes import Shape, one_of, typed

NAMES = (
    "archive",
    "book",
    "bookmark",
    "bot",
    "bug",
    "calendar",
    "call",
    "caret-left",
    "caret-right",
    "check",
    "clipboard",
    "code",
    "comment",
    "compass",
    "copy",
    "cube",
    "download",
    "edit",
    "email",
    "eye-closed",
    "eye-open",
    "file",
    "flag",
    "folder",
    "gear",
    "globe",
    "heart",
    "help",
    "image",
    "info",
    "key",
    "lightbulb",
    "link",
    "map",
    "mobile",
    "new-window",
    "pin",
    "plus",
    "refine",
    "refresh",
    "rocket",
    "save",
    "screen",
    "share",
    "sparkle",
    "star",
    "star-filled",
    "tag",
    "thumbs-down",
    "thumbs-up",
    "trash",
    "upload",
    "user",
    "warning",
)

SLACK_ICON = typed("an icon", {"icon": Shape(required={"name": one_of(*NAMES)}).check})
BUTTON_ICON = one_of("trash")
