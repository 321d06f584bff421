"""What can be typed at a shell, and how does it end?

Exit status: 0 when all went well, 1 when something stood in the way, 2 when a setting, a file or an argument is wrong.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from bot import checks, logs, settings, wiring
from bot.channels.provider_url import WrongUrl
from bot.clock import SystemClock
from bot.demonstration import Demo
from bot.sample_workspace import SAMPLE_WORKSPACE
from bot.services import clinic_file, workspaces
from bot.services.clinic_file import ClinicFileError
from bot.settings import SettingsError
from bot.slack.connection import SlackAway, TokenRefused, identify, web_client
from bot.store.database import DatabaseAway
from bot.store.schema import SchemaMismatch
from bot.web.server import CannotListen

WRONG = 2

# Tracebacks with local variables, typer's default, would print what clients wrote.
cli = typer.Typer(
    help="Patient reminders for veterinary clinics, run from Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
database_cli = typer.Typer(help="Set up the database.", no_args_is_help=True, rich_markup_mode=None)
clinic_cli = typer.Typer(help="Set up clinics.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(database_cli, name="db")
cli.add_typer(clinic_cli, name="clinic")


def main() -> None:
    """Run what was typed."""
    cli()


@cli.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Where the page listens; 0 for any free port.")
    ] = 0,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], metavar="MOMENT", help="Where the clock starts: 2026-11-23T10:00."),
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Reach the bot by signed requests over HTTP instead of its socket.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Leave the sample clinic out, to set one up as in a new workspace.")
    ] = False,
) -> None:
    """Try everything on this machine, without Slack.

    A local Slack workspace with a sample clinic, its clients' mailbox and phone, and the bot. Nothing is kept.
    """
    logs.configure("WARNING", "text")
    with tempfile.TemporaryDirectory(prefix="reminder-bot-") as folder, _until_asked_to_stop() as asked:
        # Typed as the sample clinic's clocks show it.
        starts_at = None if at is None else at.replace(tzinfo=ZoneInfo(SAMPLE_WORKSPACE.zone)).astimezone(UTC)
        made = Demo(Path(folder), page_port=port, starts_at=starts_at, over_http=http, fresh=fresh)
        try:
            try:
                made.start()
            except OSError as error:
                _stop(f"The page cannot listen at port {port} ({type(error).__name__}). Take another: --port 0", 1)
            print(f"\n  Open {made.page_url}\n\n  Type /reminder new in a channel. Stop with Ctrl+C.\n", flush=True)
            asked.wait()
        finally:
            made.stop()


@cli.command()
def run() -> None:
    """Run the bot in the workspace of SLACK_BOT_TOKEN, until Ctrl+C.

    It opens a socket to Slack, or with HTTP_ADDRESS takes Slack's requests at /slack/events there.
    What is being sent at that moment is finished and recorded. Asked to stop a second time, it ends at once.
    """
    with _explained(), _until_asked_to_stop() as asked:
        given = settings.load()
        logs.configure(given.log_level, given.log_format)
        bot = wiring.Bot(given, SystemClock(), on_failed=asked.set)
        try:
            bot.start()
            asked.wait()
        finally:
            bot.stop()
        if bot.failure is not None:
            raise bot.failure


@cli.command()
def check() -> None:
    """Look whether the bot would run, one line for each thing it needs.

    Settings, manifest, Slack and its tokens, database, clinics, mail server, SMS. A line that begins with FAIL says
    what to do; the exit status is then 1. One that begins with warn does too, and leaves the exit status at 0.
    """
    with _explained():
        given = settings.load()
        logs.configure("CRITICAL", given.log_format)  # the lines say it all
        failed = False
        for finding in checks.run(given):
            print(finding, flush=True)
            failed = failed or not finding.ok
        raise typer.Exit(1 if failed else 0)


@database_cli.command()
def upgrade() -> None:
    """Bring the database at DATABASE_URL to this version's schema.

    Harmless if it is there already.
    """
    with _explained():
        given = settings.load_database()
        logs.configure(given.log_level, given.log_format)
        with closing(wiring.open_database(given.database_url.get_secret_value())) as database:
            wiring.upgrade(database)
        print("The database is at this version's schema.")


@clinic_cli.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file like bot/sample_clinic.toml.")],
) -> None:
    """Store a clinic with its clients, patients and templates.

    It belongs to the workspace of SLACK_BOT_TOKEN from then on. Everything in the file is stored, or nothing.
    """
    with _explained():
        given = settings.load()
        logs.configure("CRITICAL", given.log_format)  # what stands in the way is said in a sentence
        read = clinic_file.read(file)
        token = given.slack_bot_token.get_secret_value()
        team_id = identify(web_client(token, given.slack_api_url)).team_id
        with closing(wiring.open_database(given.database_url.get_secret_value())) as database:
            wiring.require_schema(database)
            clinic_file.load(database, team_id, read, now=SystemClock().now())
            workspaces.remember_bot(database, team_id, token)
        print(f"Stored with {len(read.client)} clients. Templates of a name that was there already are as they were.")


@contextmanager
def _explained() -> Iterator[None]:
    """Say in a line what stood in the way, instead of a traceback."""
    try:
        yield
    except (SettingsError, ClinicFileError, WrongUrl) as error:
        _stop(str(error), WRONG)
    except SchemaMismatch as mismatch:
        _stop(f"The database at DATABASE_URL cannot be used: {mismatch}", 1)
    except DatabaseAway as away:
        _stop(checks.no_database(away), 1)
    except CannotListen as problem:
        _stop(checks.no_listening(problem), 1)
    except TokenRefused as refused:
        _stop(f"{refused}. Look further with: reminder-bot check", 1)
    except SlackAway as away:
        _stop(f"Slack cannot be reached at SLACK_API_URL ({away}). Look further with: reminder-bot check", 1)


def _stop(sentence: str, status: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(status)


@contextmanager
def _until_asked_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM or SIGINT sets; asked a second time, the process ends at once."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        for number in before:
            signal.signal(number, signal.SIG_DFL)
        asked.set()

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, ask)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
