"""Can the bot post the staff's tasks in this channel? Only Slack knows."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.messages import Message, message

ANSWER_SECONDS: Final = 1
"""How long Slack may take to say: the person who saves is answered within three seconds, and there is more to do."""


class ChannelUnknown(Exception):
    """Slack does not say anything of the channel just now."""


def problem(client: WebClient, channel: str) -> Message | None:
    """What keeps a channel from being a staff channel, and what would help; `None` if nothing does.

    Raises:
        ChannelUnknown: if Slack cannot be asked.
    """
    asking = WebClient(token=client.token, base_url=client.base_url, timeout=ANSWER_SECONDS, retry_handlers=[])
    try:
        found: Mapping[str, Any] = asking.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        match error.response.get("error"):
            case "channel_not_found" | "not_in_channel":  # of a private one, Slack says no more to whoever is not in it
                return _not_there()
            case "missing_scope":
                return message(
                    "The bot may not look at channels: bring the app in line with manifest.yml, and install it anew."
                )
            case _:
                raise ChannelUnknown from None
    except (SlackClientError, OSError, HTTPException):
        raise ChannelUnknown from None
    return judge(found)


def judge(channel: Mapping[str, Any]) -> Message | None:
    """The same, of a channel as `conversations.info` describes it."""
    if channel.get("is_archived"):
        return message("This channel is archived. Choose another one, or unarchive it in Slack.")
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return message("This channel is shared with another organisation, which would read of clients. Choose another.")
    if channel.get("is_im") or channel.get("is_mpim"):
        return message("Tasks go to a channel, not to direct messages. Choose a channel.")
    if not channel.get("is_member"):
        return _not_there()
    return None


def _not_there() -> Message:
    return message(
        "The bot is not in this channel. Open the channel, type /invite followed by the bot's name, then save again."
    )
