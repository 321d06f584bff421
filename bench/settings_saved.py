"""How soon is an administrator answered who changes a clinic's time zone while 50,000 deliveries wait (rule P9)?

    python -m bench.settings_saved [WAITING]

The real bot in the local workspace, on each kind of database. Slack waits three seconds for an answer to *Save*; the
first figure is how long that took, the second when the outcome stood in the bot's messages.
"""

from __future__ import annotations

import sys
import tempfile
import time as stopwatch
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from bench import replanning
from blocks.ids import Command
from bot.store import clinics, directory
from bot.store.tables import DeliveryRow, OccurrenceRow
from tests import databases
from tests.scenario.stage import LINNEA, TEAM, Stage

ZONE: Final = "Europe/Helsinki"


def main(waiting: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, databases.sqlite(Path(folder), None) as url:
        _measure("sqlite", url, waiting)
    with ExitStack() as server:
        _measure("postgresql", server.enter_context(server.enter_context(databases.postgresql()).database()), waiting)


def _measure(kind: str, url: str, waiting: int) -> None:
    databases.migrate(url)
    stage = Stage(url)
    with stage.running():
        with stage.database.reading() as session:
            workspace = clinics.workspace_id(session, TEAM) or 0
            clinic = clinics.of_workspace(session, workspace)[0]
            client, patient = directory.client(session, workspace, 2), directory.patient(session, workspace, 3)
        assert client is not None  # noqa: S101
        assert patient is not None  # noqa: S101
        replanning.fill(stage.database, clinic, client, patient, waiting)
        person = stage.workspace.person(LINNEA)
        person.command(Command.REMINDER, "settings")
        person.choose("zone", ZONE, query="helsinki")
        began = stopwatch.perf_counter()
        result = person.submit()
        answered = stopwatch.perf_counter() - began
        person.wait_for(lambda: person.dm, timeout=120)
        told = stopwatch.perf_counter() - began
        stage.settle(60)
        with stage.database.reading() as session:
            moved = session.scalar(
                select(func.count())
                .select_from(DeliveryRow)
                .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
                .where(OccurrenceRow.time_zone == ZONE, DeliveryRow.finished_at.is_(None))
            )
        print(f"{kind:<11}{moved:>7,} of {waiting:,} moved, answered ({result.ok}) after {answered:5.2f} s, ", end="")  # noqa: T201
        print(f"told after {told:6.2f} s: {person.dm[-1].shown()!r}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
