"""How is the real `reminder-bot` command started, watched and stopped?

It gets exactly the environment it is given, so that nothing of the machine it runs on decides a test. What it prints is
read line by line by threads, and whoever waits for a line is woken by it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

COMMAND: Final = Path(sys.executable).with_name("reminder-bot")

PATIENCE: Final = 60.0
"""Seconds after which something that should have happened counts as not happening, on a busy machine too."""


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a command ended, and all that it said."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything, wherever it was printed."""
        return self.out + self.err


class Process:
    """One `reminder-bot …` under way."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], folder: Path) -> None:
        self.arguments = arguments
        self.logs_json = environment.get("LOG_FORMAT") == "json"
        self._changed = threading.Condition()
        self._popen = subprocess.Popen(
            [COMMAND, *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        assert self._popen.stdout is not None
        assert self._popen.stderr is not None
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines))
            for stream, lines in ((self._popen.stdout, self.out), (self._popen.stderr, self.err))
        ]
        self._reading = len(self._readers)
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._popen.poll() is None

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines that it logged; every one of them has to be JSON."""
        return [json.loads(line) for line in tuple(self.err)]

    @property
    def has_started(self) -> bool:
        """Whether it logged that it has started."""
        return any(re.search(r"\bstarted\b", line) for line in self.err)

    def wait_until(self, seen: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until the lines are as `seen` wants them; it is asked after each line."""
        ends = time.monotonic() + patience
        with self._changed:
            while not seen():
                if not self._reading:
                    raise AssertionError(f"it ended before it came to that: {self.out} {self.err}")
                if not self._changed.wait(ends - time.monotonic()):
                    raise AssertionError(f"it did not come to that: {self.out} {self.err}")

    def wait_for_event(self, name: str, times: int = 1) -> None:
        """Wait until it has logged this event, as often as this."""
        self.wait_until(lambda: sum(event["event"] == name for event in self.events) >= times)

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._popen.send_signal(number)

    def ended(self, patience: float = PATIENCE) -> Ended:
        """Wait for its end, by itself."""
        status = self._popen.wait(patience)
        for reader in self._readers:
            reader.join(patience)
        return Ended(status, "".join(self.out), "".join(self.err))

    def stopped(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Ask it to stop, and wait until it has."""
        self.tell(number)
        return self.ended()

    def killed(self) -> Ended:
        """Stop it as a power cut would."""
        return self.stopped(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.is_running:
            self._popen.kill()
        self.ended()

    def _read(self, stream: IO[bytes], lines: list[str]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    lines.append(line.decode())
                    self._changed.notify_all()
        with self._changed:
            self._reading -= 1
            self._changed.notify_all()
