"""What does one HTTP request to the app get as its answer?

One connection for one request, within the caller's time limit: cancelling it closes the connection, so that nothing
lingers after Slack would have stopped waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import h11

MOST_ANSWERED = 2_000_000
_CHUNK = 65536


class Unreachable(Exception):
    """Nobody answers at the address, or not as HTTP has it."""


class Untrusted(Exception):
    """The certificate of whoever answers at the address cannot be verified."""


@dataclasses.dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The status, the headers (names in small letters) and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The kind of the body, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


async def exchange(url: str, *, method: str, headers: Mapping[str, str], body: bytes = b"") -> HttpAnswer:
    """Send a request and return its answer.

    Raises:
        Unreachable: if there is none.
        Untrusted: if nobody can tell whose it would be.
    """
    parts = urlsplit(url)
    try:
        reader, writer = await _connected(parts)
    except ssl.SSLError as error:
        raise Untrusted(error.reason) from None
    except OSError as error:
        raise Unreachable(type(error).__name__) from None
    try:
        return await _spoken(reader, writer, _request(parts, method, headers, body), body)
    except (OSError, h11.ProtocolError) as error:
        raise Unreachable(type(error).__name__) from None
    finally:
        writer.transport.abort()  # what was not read by now will not be waited for
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _connected(parts: SplitResult) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable("the address is neither http:// nor https://")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    return await asyncio.open_connection(parts.hostname, port, ssl=True if secure else None)


def _request(parts: SplitResult, method: str, headers: Mapping[str, str], body: bytes) -> h11.Request:
    lines = {
        "Host": parts.netloc.rpartition("@")[2],
        "Accept": "application/json,*/*",
        "Connection": "close",
        **({"Content-Length": str(len(body))} if body or method == "POST" else {}),
        **headers,
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return h11.Request(method=method, target=target, headers=list(lines.items()))


async def _spoken(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: h11.Request, body: bytes
) -> HttpAnswer:
    wire = h11.Connection(h11.CLIENT)
    events: list[h11.Event] = [request, *([h11.Data(data=body)] if body else []), h11.EndOfMessage()]
    writer.write(b"".join(wire.send(event) or b"" for event in events))
    await writer.drain()
    head: h11.Response | None = None
    parts: list[bytes] = []
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            parts.append(bytes(event.data))
            if sum(map(len, parts)) > MOST_ANSWERED:
                raise Unreachable("the answer is too long")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
            return HttpAnswer(head.status_code, names, b"".join(parts))
        elif isinstance(event, h11.ConnectionClosed):
            raise Unreachable("the connection was closed")
