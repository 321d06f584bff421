"""Which files were uploaded, and who may see them?

Three steps (docs.slack.dev, "Working with files": "Uploading files"): `files.getUploadURLExternal` gives an address
and an id, the bytes are posted there as they are or as a form, `files.completeUploadExternal` shares them. A file is
seen by those who see a message that carries it.
"""

from __future__ import annotations

import dataclasses
import mimetypes
import secrets
import threading
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.demo.errors import Refusal
from bot.demo.ids import slack_id
from bot.demo.multipart import KIND, first_file
from bot.demo.state import State

Object = dict[str, Any]

LARGEST_FILE = 20 * 1024 * 1024
"""What this workspace keeps in memory. Slack takes more; `file_upload_size_restricted` is its word (reported)."""

LARGEST_INPUT = LARGEST_FILE
"""What a `file_input` takes here. Slack takes 100 MB (docs.slack.dev, "File input element", where it once was 10)."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file. Its bytes are there once they were posted."""

    id: str
    name: str
    length: int
    ticket: str
    alt_text: str = ""
    title: str = ""
    content: bytes | None = dataclasses.field(default=None, repr=False)
    shared: bool = False
    user: str | None = None
    """The person who uploaded it; None for the app."""

    @property
    def mimetype(self) -> str:
        """What its name says that it is."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """All files of a workspace. Safe to use from any thread."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._files: dict[str, File] = {}
        self.base = ""
        """The address that paths are appended to."""

    def expect(self, name: str, length: int, alt_text: str) -> tuple[str, str]:
        """Where the bytes of a new file are to be posted, and its id."""
        if length > LARGEST_FILE:
            raise Refusal("file_upload_size_restricted")
        file = File(id=slack_id("F"), name=name, length=length, ticket=secrets.token_urlsafe(24), alt_text=alt_text)
        with self._lock:
            self._files[file.id] = file
        return f"{self.base}/upload/v1/{file.ticket}", file.id

    def keep(self, name: str, content: bytes, user_id: str) -> Object:
        """Take a file that a person put into a form, and describe it; the app may read it, no message carries it."""
        if len(content) > LARGEST_INPUT:
            raise Refusal("file_upload_size_restricted")
        file = File(
            id=slack_id("F"),
            name=name,
            title=name,
            length=len(content),
            ticket=secrets.token_urlsafe(24),
            content=content,
            shared=True,
            user=user_id,
        )
        with self._lock:
            self._files[file.id] = file
        return self._described(file)

    async def receive(self, request: Request) -> Response:
        """Take the bytes; HTTP 200 if they are as many as were announced."""
        content_type, content = request.headers.get("content-type", ""), await request.body()
        if content_type.startswith(KIND):
            content = first_file(content_type, content)
        with self._lock:
            for file in self._files.values():
                if file.ticket == request.path_params["ticket"] and not file.shared:
                    if len(content) != file.length:
                        return PlainTextResponse("the length is not the announced one", status_code=400)
                    self._files[file.id] = dataclasses.replace(file, content=content)
                    return PlainTextResponse(f"OK - {len(content)}")
        return PlainTextResponse("no such upload", status_code=404)

    def knows(self, request: Request) -> bool:
        """Whether an upload has the address of an expected file, or a download the app's token."""
        kind, _, ticket = request.url.path.removeprefix("/").partition("/")
        if kind != "upload":
            return self._is_the_apps(request)
        with self._lock:
            return ticket.removeprefix("v1/") in {file.ticket for file in self._files.values()}

    def finish(self, asked: Sequence[Mapping[str, Any]]) -> list[Object]:
        """Mark files as shared and describe them; all of them or none."""
        with self._lock:
            files = [self._files.get(str(entry.get("id"))) for entry in asked]
            ready = [file for file in files if file is not None and file.content is not None and not file.shared]
            if not asked or len(ready) != len(asked):
                raise Refusal("file_not_found")
            for entry, file in zip(asked, ready, strict=True):
                title = str(entry.get("title") or file.name)
                self._files[file.id] = dataclasses.replace(file, title=title, shared=True)
            return [self._described(self._files[file.id]) for file in ready]

    def info(self, file_id: str) -> Object:
        """Slack's file object."""
        return self._described(self._shared(file_id))

    def for_person(self, user_id: str, file_id: str) -> File:
        """The file, if this person sees a message with it."""
        file = self._shared(file_id)
        with self._state.reading():
            for conversation in self._state.conversations():
                if user_id in conversation.members and any(
                    entry["id"] == file_id for message in conversation.seen_by(user_id) for entry in message.files
                ):
                    return file
        raise Refusal("file_not_found")

    async def download(self, request: Request) -> Response:
        """`url_private`, for the app with its token."""
        if not self._is_the_apps(request):
            return PlainTextResponse("", status_code=403)
        try:
            return as_download(self._shared(request.path_params["id"].partition("-")[2]))
        except Refusal:
            return PlainTextResponse("", status_code=404)

    def _is_the_apps(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self._state.app.bot_token}"

    def _shared(self, file_id: str) -> File:
        with self._lock:
            file = self._files.get(file_id)
        if file is None or not file.shared:
            raise Refusal("file_not_found")
        return file

    def _described(self, file: File) -> Object:
        team = self._state.definition.team.id
        address = f"{self.base}/files-pri/{team}-{file.id}/{quote(file.name, safe='')}"
        described: Object = {
            "id": file.id,
            "created": int(self._state.now().timestamp()),
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.name.rpartition(".")[2].lower() if "." in file.name else "binary",
            "size": file.length,
            "mode": "hosted",
            "user": file.user or self._state.app.bot_user_id,
            "is_external": False,
            "url_private": address,
            "url_private_download": address,
        }
        return {**described, "alt_txt": file.alt_text} if file.alt_text else described


def as_download(file: File) -> Response:
    """The file as an attachment: nothing that was uploaded is ever run or shown by the browser as a page."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(file.content or b"", media_type=file.mimetype, headers=headers)
