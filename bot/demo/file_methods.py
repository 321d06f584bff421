"""How does the app share a file?

`files.getUploadURLExternal`, `files.completeUploadExternal` and `files.info`, from their pages on
docs.slack.dev/reference/methods. Slack shares asynchronously; here the message is there when the method answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.arguments import Arguments
from bot.demo.errors import Refusal
from bot.demo.files import Files
from bot.demo.messages import checked_content
from bot.demo.state import Conversation, State
from bot.demo.web_api import Method

Object = dict[str, Any]

ALT_TEXT = 1000
SNIPPET = 1024 * 1024
MOST_CHANNELS = 100


class FileMethods:
    """The methods. `writable` finds a conversation that the app may write to."""

    def __init__(self, state: State, files: Files, writable: Callable[[str], Conversation]) -> None:
        self._state = state
        self._files = files
        self._writable = writable

    def table(self) -> Mapping[str, Method]:
        """The methods by their names."""
        return {
            "files.completeUploadExternal": self._complete,
            "files.getUploadURLExternal": self._upload_url,
            "files.info": self._info,
        }

    def _upload_url(self, arguments: Arguments) -> Object:
        name, length = arguments.required("filename"), arguments.number("length", 0)
        if length <= 0:
            raise Refusal("missing_argument")
        if arguments.text("snippet_type") and length > SNIPPET:
            raise Refusal("snippet_too_large")
        alt_text = arguments.text("alt_txt")
        if len(alt_text) > ALT_TEXT:
            raise Refusal("alt_txt_too_large")
        address, file_id = self._files.expect(name, length, alt_text)
        return {"upload_url": address, "file_id": file_id}

    def _complete(self, arguments: Arguments) -> Object:
        asked = arguments.array("files")
        if not all(isinstance(entry, Mapping) for entry in asked):
            raise Refusal("invalid_arguments", messages=["[ERROR] must be an object [json-pointer:/files/0]"])
        wanted = [arguments.text("channel_id")] if arguments.text("channel_id") else arguments.several("channels")
        conversations = [self._writable(channel) for channel in wanted]
        thread_ts = arguments.text("thread_ts") or None
        if thread_ts and len(conversations) != 1:
            raise Refusal("invalid_arguments", messages=["[ERROR] thread_ts goes with one channel"])
        if thread_ts:
            self._state.thread(conversations[0].id, thread_ts)
        comment = arguments.text("initial_comment")
        content = None
        if comment or "blocks" in arguments:
            content = checked_content({"text": comment} if comment else {"blocks": arguments.array("blocks")})
        if len(conversations) > MOST_CHANNELS:
            raise Refusal("channels_limit_exceeded")
        files = self._files.finish(asked)
        for conversation in conversations:
            self._state.post(
                conversation.id,
                user=self._state.app.bot_user_id,
                text=content.text if content else "",
                blocks=content.blocks if content else None,
                thread_ts=thread_ts,
                files=files,
            )
        return {"files": files}

    def _info(self, arguments: Arguments) -> Object:
        return {"file": self._files.info(arguments.required("file")), "comments": []}
