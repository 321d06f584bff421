"""How is an empty workspace opened for any Slack app?

`python -m bot.demo --manifest FILE`; README.md in this folder says how to point an app at it.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

from bot.demo.definition import Channel, Definition, Team, User
from bot.demo.errors import Refusal
from bot.demo.server import LocalWorkspace
from bot.demo.timings import Timings

WRONG = 2
_AGAIN = 0.5  # seconds between two looks whether the app listens

_PEOPLE = (
    User(id="U0ADA000001", name="ada", real_name="Ada Admin", title="Workspace owner", is_admin=True, color="5b7f3a"),
    User(id="U0BEN000002", name="ben", real_name="Ben Bergström", locale="sv-SE", color="2f6f8f"),
)
EMPTY_WORKSPACE = Definition(
    team=Team(id="T0LOCAL0001", name="Local workspace", domain="local-workspace"),
    zone="UTC",
    users=_PEOPLE,
    channels=(
        Channel(
            id="C0GENERAL01",
            name="general",
            members=tuple(person.id for person in _PEOPLE),
            topic="The app is here",
            has_app=True,
        ),
        Channel(
            id="C0RANDOM001", name="random", members=tuple(person.id for person in _PEOPLE), topic="It is not here"
        ),
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl+C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo", description="An empty Slack workspace on this machine.")
    parser.add_argument("--manifest", type=Path, required=True, metavar="FILE", help="the app's manifest, YAML or JSON")
    parser.add_argument("--port", type=int, default=0, help="where the page listens; 0, the default, for any free port")
    parser.add_argument("--request-url", metavar="URL", help="reach the app over HTTP there, not over Socket Mode")
    parser.add_argument("--outside", action="store_true", help="show a mailbox, a telephone and a clock to move, too")
    parser.add_argument("--no-rate-limits", action="store_true", help="never answer 429")
    given = parser.parse_args(arguments)
    try:
        manifest = read_manifest(given.manifest)
        timings = Timings(rate_minute=0.0 if given.no_rate_limits else Timings().rate_minute)
        workspace = LocalWorkspace(
            EMPTY_WORKSPACE, manifest=manifest, page_port=given.port, timings=timings, outside=given.outside
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _wrong(f"{given.manifest} is no app manifest: {error}")
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: _ask(asked, _frame))
    try:
        workspace.start()
    except (OSError, OverflowError) as error:
        return _wrong(f"the page cannot listen at port {given.port}: {error}")
    try:
        _say(_instructions(workspace, outside=given.outside))
        if given.request_url:
            _reach(workspace, given.request_url, asked)
        asked.wait()
    finally:
        workspace.stop()
    return 0


def _reach(workspace: LocalWorkspace, url: str, asked: threading.Event) -> None:
    """Try until the app answers there: it cannot be started before it is told the signing secret."""
    said = ""
    while not asked.is_set():
        try:
            workspace.send_to(url)
        except Refusal as refusal:
            if str(refusal) != said:
                said = str(refusal)
                _say(f"\n  Waiting for the app at {url} ({said})\n")
            asked.wait(_AGAIN)
        else:
            _say(f"\n  The app answers at {url}\n")
            return


def read_manifest(path: Path) -> Mapping[str, Any]:
    """A parsed manifest; JSON is YAML too. ValueError if it is something else."""
    try:
        manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    if not isinstance(manifest, dict):
        raise ValueError("it is not a mapping")  # noqa: TRY004 - the file is wrong, not the program
    return manifest


def _outside(workspace: LocalWorkspace) -> str:
    sms = f"{workspace.sms_url} ({workspace.sms_user}:{workspace.sms_password})"
    return f"""
  E-mail to {workspace.smtp_url} and text messages, as to 46elks, to {sms}
"""


def _instructions(workspace: LocalWorkspace, *, outside: bool) -> str:
    return f"""
  Open {workspace.page_url}

  export SLACK_API_URL={workspace.api_url}
  export SLACK_BOT_TOKEN={workspace.bot_token}
  export SLACK_APP_TOKEN={workspace.app_token}
  export SLACK_SIGNING_SECRET={workspace.signing_secret}
{_outside(workspace) if outside else ""}
  Stop with Ctrl+C. Nothing is kept.
"""


def _ask(asked: threading.Event, _frame: FrameType | None) -> None:
    asked.set()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _wrong(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
