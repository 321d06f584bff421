"""What is known of one client: contact data, patients, reminders, and what was sent?

The page shows address and number to the member who opened it, and nobody else sees it. Rule P12 has this logged for
the contact task, whose card stands in a channel; a page of one's own is the same look at the same data, so each opening
is noted once in the client's history. Turning its pages is not another look.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import NotFound
from bot.domain.model import Client, ClientEvent, Clinic, Patient
from bot.domain.undo import Step
from bot.services import workspaces
from bot.store import client_history, client_reminders, clinics, directory, steps
from bot.store.client_history import ClientEntry
from bot.store.client_reminders import ClientReminder, Ended
from bot.store.database import Database, Session

ROWS_ON_A_PAGE = 10
CHANGES_SHOWN = 3


class Tab(StrEnum):
    """What stands below the client's data."""

    REMINDERS = "reminders"
    HISTORY = "history"


@dataclasses.dataclass(frozen=True, slots=True)
class ClientSeen:
    """A client with everything that the page shows; of reminders and history only the tab that is looked at."""

    client: Client
    patients: list[Patient]
    changes: list[ClientEntry]
    clinics: list[Clinic]
    tab: Tab
    number: int
    """Which page of the tab, counted from 0."""
    reminders: list[ClientReminder]
    ended: list[Ended]
    total: int
    """How many entries the tab has in all."""
    steps: list[Step]
    """By which the client left or a patient died, as far as they are known and not undone; the newest first."""

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return (self.number + 1) * ROWS_ON_A_PAGE >= self.total

    def clinic(self, clinic_id: int) -> Clinic:
        """One of the workspace's clinics."""
        return next(one for one in self.clinics if one.id == clinic_id)

    @property
    def only_patient(self) -> Patient | None:
        """The living, active patient, if there is exactly one."""
        alive = [one for one in self.patients if one.alive and one.active]
        return alive[0] if len(alive) == 1 else None


def open_page(database: Database, team_id: str, client_id: int, *, who: str, now: datetime) -> ClientSeen:
    """The page as it is at first, and a line in the client's history that says who looked at it.

    Raises:
        NotFound: if this workspace has no such client.
    """
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        seen = _seen(session, workspace, client_id, Tab.REMINDERS, 0)
        client_history.add(session, workspace, client_id, ClientEvent.SHOWN, at=now, actor=who)
        return seen


def turn_to(database: Database, team_id: str, client_id: int, tab: Tab, number: int) -> ClientSeen:
    """Another tab, or another page of one.

    Raises:
        NotFound: if this workspace has no such client.
    """
    with database.reading() as session:
        return _seen(session, workspaces.require(session, team_id), client_id, tab, number)


def _seen(session: Session, workspace: int, client_id: int, tab: Tab, number: int) -> ClientSeen:
    client = directory.client(session, workspace, client_id)
    if client is None:
        raise NotFound
    limit, offset = ROWS_ON_A_PAGE, number * ROWS_ON_A_PAGE
    reminders: list[ClientReminder] = []
    ended: list[Ended] = []
    if tab is Tab.REMINDERS:
        reminders, total = client_reminders.of_client(session, workspace, client_id, limit=limit, offset=offset)
    else:
        ended, total = client_reminders.ended_of_client(session, workspace, client_id, limit=limit, offset=offset)
    patients = directory.every_patient_of(session, workspace, client_id)
    return ClientSeen(
        client=client,
        patients=patients,
        changes=client_history.changes_of(session, workspace, client_id, limit=CHANGES_SHOWN),
        clinics=clinics.of_workspace(session, workspace),
        tab=tab,
        number=number,
        reminders=reminders,
        ended=ended,
        total=total,
        steps=steps.about(session, workspace, client_id, [one.id for one in patients]),
    )
