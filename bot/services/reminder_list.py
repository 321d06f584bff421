"""Which reminders does a person see in a list, what did they choose there, and what awaits them (rule P15)?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from bot.domain.errors import NotSetUp
from bot.domain.model import Clinic
from bot.domain.reminder_filter import Part, Place, ReminderFilter, Status, Window
from bot.services import workspaces
from bot.store import clinics, list_filters, reminder_search, tasks
from bot.store.database import AlreadyStored, Database, Session
from bot.store.reminder_search import ListedReminder, Wanted

ROWS_ON_A_PAGE = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One page of what fits a filter."""

    asked: ReminderFilter
    version: int
    """Counts what the person chose in this list so far."""
    clinics: Sequence[Clinic]
    rows: Sequence[ListedReminder]
    number: int
    """Which page it is, counted from 0."""
    total: int
    looser: Sequence[tuple[Part, int]] = ()
    """Where nothing fits: how many would without one part of the filter, of those parts where it would be some."""

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return (self.number + 1) * ROWS_ON_A_PAGE >= self.total


@dataclasses.dataclass(frozen=True, slots=True)
class Awaiting:
    """What a person has before them, at the clinic that they chose or at all of them."""

    sends_today: int
    sends_this_week: int
    """Those of today included."""
    to_deal_with: int
    """Reminders that were not sent, and whose client nobody has contacted."""
    open_tasks: int


SENDS_TODAY = ReminderFilter(window=Window.SENDS_TODAY)
SENDS_THIS_WEEK = ReminderFilter(window=Window.SENDS_THIS_WEEK)
TO_DEAL_WITH = ReminderFilter(status=Status.TO_DEAL_WITH)


def as_left(database: Database, team_id: str, place: Place, *, who: str, now: datetime) -> Page:
    """The first page of what the person chose last; in a message without the words that they searched for.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        asked, version = list_filters.find(session, workspace, who, place)
        if place is Place.MESSAGE:  # where the words are typed anew, after the command
            asked = asked.without(Part.WORDS)
        return _page(session, workspace, asked, version, 0, who, now)


def turn_to(
    database: Database, team_id: str, place: Place, asked: ReminderFilter, number: int, *, who: str, now: datetime
) -> Page:
    """A page of what fits, counted from 0; the last one that there is, if it has ended before. Nothing is remembered.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        version = list_filters.find(session, workspace, who, place).version
        return _page(session, workspace, asked, version, number, who, now)


def choose(database: Database, team_id: str, place: Place, asked: ReminderFilter, *, who: str, now: datetime) -> Page:
    """Remember what the person chose; its first page.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    try:
        asked, version = _remember(database, team_id, place, asked, who)
    except AlreadyStored:  # the person's very first choice, made twice at the same moment
        asked, version = _remember(database, team_id, place, asked, who)
    with database.reading() as session:  # on its own, so that nobody's writing waits for it
        return _page(session, workspaces.require(session, team_id), asked, version, 0, who, now)


def awaiting(database: Database, team_id: str, clinic_id: int | None, *, who: str, now: datetime) -> Awaiting:
    """What is to be done and what goes out, at one clinic or at all of the workspace.

    Raises:
        NotSetUp: if the workspace has no clinic.
    """
    with database.reading() as session:
        workspace = workspaces.require(session, team_id)
        of_workspace = _clinics(session, workspace)

        def count(asked: ReminderFilter) -> int:
            here = dataclasses.replace(asked, clinic_id=clinic_id)
            return reminder_search.count(session, workspace, _wanted(here, of_workspace, who, now))

        return Awaiting(
            sends_today=count(SENDS_TODAY),
            sends_this_week=count(SENDS_THIS_WEEK),
            to_deal_with=count(TO_DEAL_WITH),
            open_tasks=tasks.open_count(session, workspace, clinic_id),
        )


def _remember(
    database: Database, team_id: str, place: Place, asked: ReminderFilter, who: str
) -> tuple[ReminderFilter, int]:
    with database.writing() as session:
        workspace = workspaces.require(session, team_id)
        if asked.clinic_id not in {None, *(one.id for one in _clinics(session, workspace))}:
            asked = asked.without(Part.CLINIC)  # another workspace's
        return asked, list_filters.remember(session, workspace, who, place, asked)


def _page(
    session: Session, workspace: int, asked: ReminderFilter, version: int, number: int, who: str, now: datetime
) -> Page:
    of_workspace = _clinics(session, workspace)
    wanted = _wanted(asked, of_workspace, who, now)
    total = reminder_search.count(session, workspace, wanted)
    if not total:
        # Words alone are loosened by other words.
        parts = [part for part in asked.parts if asked.parts != [Part.WORDS]]
        looser = [
            (part, found)
            for part in parts
            if (
                found := reminder_search.count(session, workspace, _wanted(asked.without(part), of_workspace, who, now))
            )
        ]
        return Page(asked, version, of_workspace, (), 0, 0, looser)
    number = min(number, (total - 1) // ROWS_ON_A_PAGE)
    offset = number * ROWS_ON_A_PAGE
    rows = reminder_search.page(session, workspace, wanted, limit=ROWS_ON_A_PAGE, offset=offset)
    return Page(asked, version, of_workspace, rows, number, total)


def _wanted(asked: ReminderFilter, of_workspace: Sequence[Clinic], who: str, now: datetime) -> Wanted:
    return Wanted(asked, who, {clinic.id: asked.bounds(clinic.hours, now) for clinic in of_workspace})


def _clinics(session: Session, workspace: int) -> Sequence[Clinic]:
    found = clinics.of_workspace(session, workspace)
    if not found:
        raise NotSetUp
    return found
