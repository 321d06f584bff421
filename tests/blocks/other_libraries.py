"""Would other libraries have refused this payload?

slack_sdk.models parses dictionaries; those of options inside an element it keeps as they came. blockkit and
slackblocks only build, so a payload is rebuilt through their constructors, keyword by keyword under Slack's own
names; a type or keyword that they have no word for cannot be written with them, which counts as refused. `None`
means that the library let the payload through.
"""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import blockkit
import slackblocks
from slack_sdk.models.blocks import Block, Option, OptionGroup
from slack_sdk.models.views import View

from tests.blocks.payloads import Json

Classes = Mapping[str, Callable[..., Any]]

# What an object without a type of its own is, by the keyword that holds it.
_BY_KEYWORD = {
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "confirm": "confirm",
    "dispatch_action_config": "dispatch_action_config",
    "filter": "filter",
}

_BLOCKKIT: Classes = {
    "modal": blockkit.Modal,
    "home": blockkit.Home,
    "message": blockkit.Message,
    "actions": blockkit.Actions,
    "context": blockkit.Context,
    "divider": blockkit.Divider,
    "header": blockkit.Header,
    "image block": blockkit.Image,
    "image": blockkit.ImageEl,
    "input": blockkit.Input,
    "markdown": blockkit.Markdown,
    "section": blockkit.Section,
    "plain_text": blockkit.Text,
    "mrkdwn": blockkit.Text,
    "option": blockkit.Option,
    "option_group": blockkit.OptionGroup,
    "confirm": blockkit.Confirm,
    "dispatch_action_config": blockkit.DispatchActionConfig,
    "filter": blockkit.ConversationFilter,
    "slack_file": blockkit.SlackFile,
    "workflow": blockkit.Workflow,
    "trigger": blockkit.Trigger,
    "customizable_input_parameters": blockkit.InputParameter,
    "workflow_button": blockkit.WorkflowButton,
    "file": blockkit.File,
    "video": blockkit.Video,
    "rich_text_input": blockkit.RichTextInput,
    "rich_text": blockkit.RichText,
    "rich_text_section": blockkit.RichTextSection,
    "rich_text_list": blockkit.RichTextList,
    "rich_text_quote": blockkit.RichTextQuote,
    "rich_text_preformatted": blockkit.RichTextPreformatted,
    "style": blockkit.RichStyle,
    "text": blockkit.RichTextEl,
    "link": blockkit.RichLinkEl,
    "emoji": blockkit.RichEmojiEl,
    "user": blockkit.RichUserEl,
    "usergroup": blockkit.RichUserGroupEl,
    "channel": blockkit.RichChannelEl,
    "broadcast": blockkit.RichBroadcastEl,
    "color": blockkit.RichColorEl,
    "date": blockkit.RichDateEl,
    "button": blockkit.Button,
    "checkboxes": blockkit.Checkboxes,
    "radio_buttons": blockkit.RadioButtons,
    "overflow": blockkit.Overflow,
    "datepicker": blockkit.DatePicker,
    "timepicker": blockkit.TimePicker,
    "datetimepicker": blockkit.DatetimePicker,
    "plain_text_input": blockkit.PlainTextInput,
    "email_text_input": blockkit.EmailInput,
    "url_text_input": blockkit.UrlInput,
    "number_input": blockkit.NumberInput,
    "file_input": blockkit.FileInput,
    "static_select": blockkit.StaticSelect,
    "external_select": blockkit.ExternalSelect,
    "users_select": blockkit.UsersSelect,
    "conversations_select": blockkit.ConversationsSelect,
    "channels_select": blockkit.ChannelsSelect,
    "multi_static_select": blockkit.MultiStaticSelect,
    "multi_external_select": blockkit.MultiExternalSelect,
    "multi_users_select": blockkit.MultiUsersSelect,
    "multi_conversations_select": blockkit.MultiConversationsSelect,
    "multi_channels_select": blockkit.MultiChannelsSelect,
}
_SLACKBLOCKS: Classes = {
    "modal": slackblocks.ModalView,
    "home": slackblocks.HomeTabView,
    "message": slackblocks.Message,
    "actions": slackblocks.ActionsBlock,
    "context": slackblocks.ContextBlock,
    "divider": slackblocks.DividerBlock,
    "header": slackblocks.HeaderBlock,
    "image block": slackblocks.ImageBlock,
    "image": slackblocks.Image,
    "input": slackblocks.InputBlock,
    "markdown": slackblocks.MarkdownBlock,
    "section": slackblocks.SectionBlock,
    "plain_text": slackblocks.Text,
    "mrkdwn": slackblocks.Text,
    "option": slackblocks.Option,
    "option_group": slackblocks.OptionGroup,
    "confirm": slackblocks.ConfirmationDialogue,
    "dispatch_action_config": slackblocks.DispatchActionConfiguration,
    "filter": slackblocks.ConversationFilter,
    "slack_file": slackblocks.SlackFile,
    "workflow": slackblocks.Workflow,
    "trigger": slackblocks.Trigger,
    "customizable_input_parameters": slackblocks.InputParameter,
    "workflow_button": slackblocks.WorkflowButton,
    "icon_button": slackblocks.IconButton,
    "feedback_buttons": slackblocks.FeedbackButtons,
    "positive_button": slackblocks.FeedbackButton,
    "negative_button": slackblocks.FeedbackButton,
    "context_actions": slackblocks.ContextActionsBlock,
    "file": slackblocks.FileBlock,
    "video": slackblocks.VideoBlock,
    "alert": slackblocks.AlertBlock,
    "card": slackblocks.CardBlock,
    "carousel": slackblocks.CarouselBlock,
    "container": slackblocks.ContainerBlock,
    "plan": slackblocks.PlanBlock,
    "task_card": slackblocks.TaskCardBlock,
    "url": slackblocks.URLSource,
    "icon": slackblocks.SlackIcon,
    "data_visualization": slackblocks.DataVisualizationBlock,
    "pie": slackblocks.PieChart,
    "segments": slackblocks.ChartSegment,
    "line": slackblocks.LineChart,
    "series": slackblocks.DataSeries,
    "data": slackblocks.DataPoint,
    "axis_config": slackblocks.AxisConfig,
    "table": slackblocks.TableBlock,
    "data_table": slackblocks.DataTableBlock,
    "column_settings": slackblocks.ColumnSettings,
    "raw_text": slackblocks.RawText,
    "raw_number": slackblocks.RawNumber,
    "rich_text_input": slackblocks.RichTextInput,
    "rich_text": slackblocks.RichTextBlock,
    "rich_text_section": slackblocks.RichTextSection,
    "rich_text_list": slackblocks.RichTextList,
    "rich_text_quote": slackblocks.RichTextQuote,
    "rich_text_preformatted": slackblocks.RichTextCodeBlock,
    "style": dict,
    "text": slackblocks.RichText,
    "link": slackblocks.RichTextLink,
    "emoji": slackblocks.RichTextEmoji,
    "user": slackblocks.RichTextUser,
    "usergroup": slackblocks.RichTextUserGroup,
    "channel": slackblocks.RichTextChannel,
    "button": slackblocks.Button,
    "checkboxes": slackblocks.CheckboxGroup,
    "radio_buttons": slackblocks.RadioButtonGroup,
    "overflow": slackblocks.OverflowMenu,
    "datepicker": slackblocks.DatePicker,
    "timepicker": slackblocks.TimePicker,
    "datetimepicker": slackblocks.DateTimePicker,
    "plain_text_input": slackblocks.PlainTextInput,
    "email_text_input": slackblocks.EmailInput,
    "url_text_input": slackblocks.URLInput,
    "number_input": slackblocks.NumberInput,
    "file_input": slackblocks.FileInput,
    "static_select": slackblocks.StaticSelectMenu,
    "external_select": slackblocks.ExternalSelectMenu,
    "users_select": slackblocks.UserSelectMenu,
    "conversations_select": slackblocks.ConversationSelectMenu,
    "channels_select": slackblocks.ChannelSelectMenu,
    "multi_static_select": slackblocks.StaticMultiSelectMenu,
    "multi_external_select": slackblocks.ExternalMultiSelectMenu,
    "multi_users_select": slackblocks.UserMultiSelectMenu,
    "multi_conversations_select": slackblocks.ConversationMultiSelectMenu,
    "multi_channels_select": slackblocks.ChannelMultiSelectMenu,
}


def slack_sdk_refuses(payload: Json) -> str | None:
    """What slack_sdk.models says; a warning in its log counts."""
    warned: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warned.append(record.getMessage())

    logger, listener = logging.getLogger("slack_sdk"), Listener(logging.WARNING)
    logger.addHandler(listener)
    try:
        if "type" in payload:
            View(**payload).to_dict()
        elif "options" in payload or "option_groups" in payload:
            for option in Option.parse_all(payload.get("options")) or []:
                option.to_dict("block")
            for group in OptionGroup.parse_all(payload.get("option_groups")) or []:
                group.to_dict("block")
        else:
            with warnings.catch_warnings(action="ignore"):  # it says that nobody maintains it any more
                from slack_sdk.models.messages.message import Message

                Message(text=payload.get("text", ""), blocks=Block.parse_all(payload.get("blocks"))).to_dict()
    except Exception as refusal:  # noqa: BLE001 - whatever it raises, it did not let the payload through
        return repr(refusal)
    finally:
        logger.removeHandler(listener)
    return warned[0] if warned else None


def blockkit_refuses(payload: Json) -> str | None:
    """What blockkit says."""

    def build(name: str, fields: Json) -> Any:
        if name in ("plain_text", "mrkdwn"):
            fields["type"] = name
        if name == "number_input":  # it takes numbers where Slack takes their texts
            for key in ("initial_value", "min_value", "max_value"):
                fields |= {key: _number(fields[key])} if key in fields else {}
        return _BLOCKKIT[name](**fields)

    return _refusal(payload, build, lambda built: built.build())


def slackblocks_refuses(payload: Json) -> str | None:
    """What slackblocks says."""

    def build(name: str, fields: Json) -> Any:
        if name in ("plain_text", "mrkdwn"):
            fields["type_"] = slackblocks.TextType(name)
        if name == "message":
            fields["channel"] = "C1"
        if "initial_date_time" in fields:
            fields["initial_datetime"] = fields.pop("initial_date_time")
        if isinstance(fields.get("style"), dict):
            fields |= fields.pop("style")
        made = _SLACKBLOCKS[name]
        if "action_id" in inspect.signature(made).parameters:  # Slack makes one up, some of its classes do not
            fields.setdefault("action_id", None)
        return made(**fields)

    return _refusal(payload, build, lambda built: built._resolve())


def _refusal(payload: Json, build: Callable[[str, Json], Any], finish: Callable[[Any], object]) -> str | None:
    try:
        for name, part in _parts(payload):
            finish(_rebuilt(name, part, build))
    except Exception as refusal:  # noqa: BLE001 - whatever it raises, the payload cannot be written with it
        return repr(refusal)
    return None


def _parts(payload: Json) -> list[tuple[str, Json]]:
    """What there is a class for: the view or message, or each option of an answer."""
    if "type" in payload:
        return [(payload["type"], payload)]
    if "blocks" in payload or "text" in payload:
        return [("message", payload)]
    options = [("option", option) for option in payload.get("options", ())]
    return [*options, *(("option_group", group) for group in payload.get("option_groups", ()))]


def _rebuilt(name: str, value: Any, build: Callable[[str, Json], Any]) -> Any:
    fields: Json = {}
    for key, inner in value.items():
        if key != "type":
            fields[key] = _member(key, inner, build)
    return build(name, fields)


def _member(key: str, value: Any, build: Callable[[str, Json], Any]) -> Any:
    if isinstance(value, list):
        return [_member(key, inner, build) for inner in value]
    if not isinstance(value, dict):
        return value
    name = value.get("type") or _BY_KEYWORD.get(key, key)
    if key == "confirm" and "type" in value:  # the button of a confirmation, not the confirmation
        return _rebuilt(value["type"], value, build)
    return _rebuilt("image block" if (name, key) == ("image", "blocks") else name, value, build)


def _number(text: object) -> object:
    try:
        return float(text) if "." in str(text) else int(str(text))  # type: ignore[arg-type]
    except ValueError:
        return text
