"""How do the browser tests get a browser, and a local workspace with the bot in it?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.demonstration import Demo

TEN_IN_STOCKHOLM = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday, one hour after the sample clinic's send time."""
LATE_IN_STOCKHOLM = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
"""The same Monday at half past nine, when the sample clinic sends no more."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; without one the tests are skipped, in CI they fail.

    For this folder: as long as Playwright is there an event loop runs in this thread, and no other test's can.
    Each test has a context of its own, as if it were the browser of somebody else.
    """
    executable = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if executable is None:
        if "CI" in os.environ:
            pytest.fail("there is no Chromium on this machine")
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Demo]:
    """What `reminder-bot demo` starts, on a Monday at ten unless a test asks for another moment."""
    started = Demo(tmp_path, starts_at=getattr(request, "param", TEN_IN_STOCKHOLM))
    started.start()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def fresh_demo(tmp_path: Path) -> Iterator[Demo]:
    """What `reminder-bot demo --fresh` starts, on the same Monday at ten."""
    started = Demo(tmp_path, starts_at=TEN_IN_STOCKHOLM, fresh=True)
    started.start()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window's worth of state, in a time zone that is not the clinic's."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="America/New_York")
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Shoot:
    """Takes a picture of a step, with `--screenshots DIR`."""
    folder: Path | None = request.config.getoption("--screenshots")

    def take(page: Page, name: str) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png")

    return take
