"""What are the fields and files of a multipart form?

A multipart body is a MIME message but for its own header (RFC 7578), which the standard library reads.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message

KIND = "multipart/form-data"


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """The fields that are no files, as text."""
    return {
        name: content.decode("utf-8", "replace")
        for name, filename, content in _parts(content_type, body)
        if not filename
    }


def first_file(content_type: str, body: bytes) -> bytes:
    """The content of the first file; nothing if there is none."""
    return next((content for _, filename, content in _parts(content_type, body) if filename is not None), b"")


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str, str | None, bytes]]:
    form = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    for part in form.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield _name(part), part.get_filename(), content


def _name(part: Message) -> str:
    return str(part.get_param("name", "", header="content-disposition") or "")
