"""Can nobody but the page drive the workspace: no other page of the same browser, whatever name leads it here?

Every request is written by hand, since no client library sends two hosts or a name that is not its address's.
"""

from __future__ import annotations

import socket
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.demo.server import LocalWorkspace
from tests.demo.sample_app import ANNA

SOCKET: Final = "GET /page/socket?key={key}&user={user} HTTP/1.1"
UPLOAD: Final = "POST /page/files?key={key}&user={user}&name=a.txt HTTP/1.1"
OPENING: Final = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
OWN: Final = ("Host: 127.0.0.1:{port}", "Origin: http://127.0.0.1:{port}")

ATTACKS: Final[dict[str, tuple[str, ...]]] = {
    "a name that was made to lead here": ("Host: evil.example:{port}", "Origin: http://evil.example:{port}"),
    "a name that only begins like ours": (
        "Host: 127.0.0.1.evil.example:{port}",
        "Origin: http://127.0.0.1.evil.example:{port}",
    ),
    "a name in another's place": ("Host: localhost.:{port}", "Origin: http://localhost.:{port}"),
    "our name with somebody before it": ("Host: evil@127.0.0.1:{port}", "Origin: http://evil@127.0.0.1:{port}"),
    "no host": ("Origin: http://127.0.0.1:{port}",),
    "two hosts": ("Host: 127.0.0.1:{port}", "Host: evil.example", "Origin: http://127.0.0.1:{port}"),
    "another port's host": ("Host: 127.0.0.1:{other}", "Origin: http://127.0.0.1:{other}"),
    "a host without its port": ("Host: 127.0.0.1", "Origin: http://127.0.0.1"),
    "no origin": ("Host: 127.0.0.1:{port}",),
    "an empty origin": ("Host: 127.0.0.1:{port}", "Origin: "),
    "an origin that hides": ("Host: 127.0.0.1:{port}", "Origin: null"),
    "another page's origin": ("Host: 127.0.0.1:{port}", "Origin: https://evil.example"),
    "another port's origin": ("Host: 127.0.0.1:{port}", "Origin: http://127.0.0.1:{other}"),
    "an origin without its port": ("Host: 127.0.0.1:{port}", "Origin: http://127.0.0.1"),
    "our origin by the other name": ("Host: 127.0.0.1:{port}", "Origin: http://localhost:{port}"),
    "our origin with TLS": ("Host: 127.0.0.1:{port}", "Origin: https://127.0.0.1:{port}"),
    "our origin as the beginning of another": (
        "Host: 127.0.0.1:{port}",
        "Origin: http://127.0.0.1:{port}.evil.example",
    ),
    "our origin beside another": (*OWN, "Origin: https://evil.example"),
    "our origin after another": ("Host: 127.0.0.1:{port}", "Origin: https://evil.example", OWN[1]),
}


def asked(workspace: LocalWorkspace, line: str, *headers: str, key: str | None = None) -> int:
    """Write a request to the page's port; the status of the answer."""
    page = urlsplit(workspace.page_url)
    own_key = parse_qs(page.query)["key"][0]
    port = page.port or 0
    named = {"key": own_key if key is None else key, "user": ANNA.id, "port": port, "other": port + 1}
    body = "Content-Length: 1\r\n\r\nx" if line.startswith("POST") else "\r\n"
    text = "\r\n".join(each.format(**named) for each in (line, *headers)) + "\r\n" + body
    with socket.create_connection(("127.0.0.1", port), timeout=30) as stream:
        stream.sendall(text.encode())
        return int(stream.recv(65536).split()[1])


def test_the_page_itself_is_let_in_by_either_of_its_names(workspace: LocalWorkspace) -> None:
    for name in ("127.0.0.1", "localhost"):
        own = (f"Host: {name}:{{port}}", f"Origin: http://{name}:{{port}}")
        assert asked(workspace, SOCKET, *OPENING, *own) == 101
        assert asked(workspace, UPLOAD, *own) == 200


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_other_page_drives_the_workspace(workspace: LocalWorkspace, attack: tuple[str, ...]) -> None:
    assert asked(workspace, SOCKET, *OPENING, *attack) in (400, 403, 421)
    assert asked(workspace, UPLOAD, *attack) in (400, 403, 421)


@pytest.mark.parametrize("change", [str.swapcase, lambda key: key[:-1], lambda key: f"{key}x", lambda _: ""])
def test_without_its_key_the_page_is_let_in_nowhere(workspace: LocalWorkspace, change: object) -> None:
    assert callable(change)
    key = change(parse_qs(urlsplit(workspace.page_url).query)["key"][0])
    assert asked(workspace, SOCKET, *OPENING, *OWN, key=key) == 403
    assert asked(workspace, UPLOAD, *OWN, key=key) == 403
    assert asked(workspace, "GET /page/files/F1/a?key={key}&user={user} HTTP/1.1", *OWN, key=key) == 403


def test_a_name_that_was_made_to_lead_here_is_not_even_shown_the_page(workspace: LocalWorkspace) -> None:
    for path in ("/", "/page/app.js", "/page/files/F1/a", "/nothing"):
        assert asked(workspace, f"GET {path} HTTP/1.1", "Host: evil.example:{port}") == 421
