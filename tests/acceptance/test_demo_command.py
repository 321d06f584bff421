"""Does `reminder-bot demo` show its page, and leave nothing behind?"""

from __future__ import annotations

import re
import signal
import socket
import urllib.request
from pathlib import Path

from tests.acceptance.processes import Process


def test_the_demo_prints_one_address_serves_its_page_and_stops_cleanly(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Process("demo", environment={"TMPDIR": str(temporary)}, folder=tmp_path) as process:
        process.wait_until(lambda: any("Ctrl+C" in line for line in process.out))
        (address,) = re.findall(r"http://\S+", "".join(process.out))
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - printed by the demo
            assert answer.status == 200
            assert "<title>" in answer.read().decode()
        assert len(list(temporary.iterdir())) == 1

        ended = process.stopped(signal.SIGINT)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == f"\n  Open {address}\n\n  Type /reminder new in a channel. Stop with Ctrl+C.\n\n"
    assert list(temporary.iterdir()) == []
    assert list(tmp_path.iterdir()) == [temporary]


def test_a_port_that_is_taken_is_said_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Process("demo", "--port", str(port), environment={}, folder=tmp_path) as process:
            ended = process.ended()
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"The page cannot listen at port {port} (OSError). Take another: --port 0\n"
