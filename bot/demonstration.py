"""What runs when somebody tries everything on one machine?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot import manifest, settings, wiring
from bot.demo.clock import MovableClock
from bot.demo.server import LocalWorkspace
from bot.sample_workspace import SAMPLE_CLINIC, SAMPLE_WORKSPACE
from bot.services import clinic_file
from bot.settings import Settings


class Demo:
    """The local workspace with a sample clinic, and the bot connected to it as to any other."""

    def __init__(
        self,
        folder: Path,
        *,
        page_port: int = 0,
        starts_at: datetime | None = None,
        over_http: bool = False,
        fresh: bool = False,
    ) -> None:
        """Make everything; the database is a new file in `folder`, the clock starts at a UTC moment, else now.

        Left `fresh`, the workspace has no clinic yet.
        """
        self._fresh = fresh
        self._folder = folder
        self._over_http = over_http
        self._clock = MovableClock(starts_at)
        self._workspace = LocalWorkspace(
            SAMPLE_WORKSPACE,
            manifest=manifest.read(),
            clock=self._clock,
            next_moment=self._next_moment,
            page_port=page_port,
        )
        self._bot: wiring.Bot | None = None

    @property
    def page_url(self) -> str:
        """What to open in a browser."""
        return self._workspace.page_url

    def start(self) -> None:
        """Start the workspace, then the bot."""
        self._workspace.start()
        url = f"sqlite:///{self._folder / 'demo.sqlite3'}"
        database = wiring.open_database(url)
        wiring.upgrade(database)
        if not self._fresh:
            file = clinic_file.read(SAMPLE_CLINIC)
            clinic_file.load(database, SAMPLE_WORKSPACE.team.id, file, now=self._clock.now())
        database.close()
        self._bot = wiring.Bot(self._settings(url), self._clock)
        alarms = self._bot.alarms
        self._clock.subscribe(lambda _now: alarms.clock_moved())
        self._bot.start()
        if self._over_http:
            self._workspace.send_to(self._bot.request_url)

    def stop(self) -> None:
        """Stop the bot, then the workspace."""
        # Asked for the next send from now on, the bot would open the database anew behind its own back.
        bot, self._bot = self._bot, None
        if bot is not None:
            bot.stop()
        self._workspace.stop()

    def _settings(self, database_url: str) -> Settings:
        return settings.load(
            {
                "SLACK_BOT_TOKEN": self._workspace.bot_token,
                "SLACK_APP_TOKEN": self._workspace.app_token,
                "SLACK_API_URL": self._workspace.api_url,
                "DATABASE_URL": database_url,
                "SMTP_URL": self._workspace.smtp_url,
                "SMS_URL": self._sms_url(),
                "SLACK_SIGNING_SECRET": self._workspace.signing_secret,
                "HTTP_ADDRESS": "127.0.0.1:0" if self._over_http else "",
            },
            env_file=None,
        )

    def _sms_url(self) -> str:
        receiver = urlsplit(self._workspace.sms_url)
        account = f"{self._workspace.sms_user}:{self._workspace.sms_password}"
        return f"46elks+http://{account}@{receiver.netloc}?from=Eken"

    def _next_moment(self) -> datetime | None:
        return None if self._bot is None else self._bot.dispatch.next_send()
