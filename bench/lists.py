"""How long does a page of the list take while 50,000 reminders wait and 100,000 have ended (rule P15)?

    python -m bench.lists [WAITING]

Each row is one thing that a person does with the list, on a database of its own kind: how much is found, and how long
it takes, in the median of seven. *Home* is all that is read to draw it: the list, its count and the four counts above.
"""

from __future__ import annotations

import random
import statistics
import sys
import time as stopwatch
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, text

from bench.replanning import NOW, clinic_of, postgresql, sqlite
from bot.domain.model import Channel, DeliveryState, Method, Reason, ReminderState, TextOrigin
from bot.domain.reminder_filter import Place, ReminderFilter, Status, Window
from bot.services import reminder_list
from bot.services.reminder_list import ROWS_ON_A_PAGE, Page
from bot.store import clinics, search_key
from bot.store.database import Database, Session
from bot.store.tables import ClientRow, ContactTaskRow, DeliveryRow, OccurrenceRow, PatientRow, ReminderRow

TIMES: Final = 7
ENDED: Final = 2
"""How many reminders have ended for each that waits."""
OPEN_TASKS: Final = 200
SYLLABLES: Final = ("an", "bel", "ca", "dra", "el", "fi", "gun", "ha", "iv", "jo", "ka", "li", "ma", "ny", "os", "pe")
AT_ONCE: Final = 10_000

Row = dict[str, Any]


def main(waiting: int) -> None:
    """Print the table."""
    for kind in (sqlite, postgresql):
        with kind() as database:
            _fill(database, waiting)
            for what, act in _acts(database):
                act()
                taken = []
                for _ in range(TIMES):
                    began = stopwatch.perf_counter()
                    page = act()
                    taken.append(1000 * (stopwatch.perf_counter() - began))
                name = kind.__name__
                print(f"{name:<11}{what:<34}{page.total:>8,} found {statistics.median(taken):7.0f} ms", flush=True)  # noqa: T201


def _acts(database: Database) -> Iterator[tuple[str, Callable[[], Page]]]:
    def page(asked: ReminderFilter, number: int = 0) -> Page:
        return reminder_list.turn_to(database, "T1", Place.HOME, asked, number, who="U1", now=NOW)

    def home() -> Page:
        shown = reminder_list.choose(database, "T1", Place.HOME, ReminderFilter(), who="U1", now=NOW)
        reminder_list.awaiting(database, "T1", None, who="U1", now=NOW)
        return shown

    waiting, everything = ReminderFilter(), ReminderFilter(status=Status.ALL)
    last = (page(waiting).total - 1) // ROWS_ON_A_PAGE
    yield "Home", home
    yield "waiting, first page", lambda: page(waiting)
    yield "waiting, last page", lambda: page(waiting, last)
    yield "waiting, one word", lambda: page(ReminderFilter(words="bel"))
    yield "waiting, three words", lambda: page(ReminderFilter(words="bel an ka"))
    yield "waiting, goes out today", lambda: page(ReminderFilter(window=Window.SENDS_TODAY))
    yield (
        "waiting, mine, SMS, within 30 days",
        lambda: page(ReminderFilter(window=Window.WITHIN_30_DAYS, is_mine=True, method=Method.SMS)),
    )
    yield "sent", lambda: page(ReminderFilter(status=Status.SENT))
    yield "not sent", lambda: page(ReminderFilter(status=Status.NOT_SENT))
    yield "not sent, to be dealt with", lambda: page(ReminderFilter(status=Status.TO_DEAL_WITH))
    yield "any status", lambda: page(everything)
    yield "any status, one word", lambda: page(ReminderFilter(words="bel", status=Status.ALL))
    yield "any status, nothing found", lambda: page(ReminderFilter(words="bel xyz", status=Status.ALL))
    yield (
        "all filters, nothing found",
        lambda: page(ReminderFilter(words="xyz", window=Window.LATER, is_mine=True, method=Method.SMS)),
    )


def _fill(database: Database, waiting: int) -> None:
    chance = random.Random(1)  # noqa: S311 - made-up names
    count = waiting * (1 + ENDED)
    with database.writing() as session:
        workspace = clinics.add_workspace(session, "T1", NOW)
        clinic = clinics.add(session, clinic_of(workspace)).id
        people = [f"{_name(chance)} {_name(chance)}" for _ in range(count // 3)]
        _insert(session, ClientRow, [_client(workspace, number, name) for number, name in enumerate(people, 1)])
        pets = [_patient(workspace, owner, _name(chance)) for owner in range(1, len(people) + 1)]
        _insert(session, PatientRow, pets)
        made: list[Row] = []
        occurrences: list[Row] = []
        deliveries: list[Row] = []
        asked: list[Row] = []
        for number in range(1, count + 1):
            ended = number > waiting
            due = NOW + timedelta(days=chance.randrange(-700, 0) if ended else chance.randrange(0, 365))
            method = chance.choice([Method.EMAIL, Method.SMS])
            owner = chance.randrange(1, len(people) + 1)
            made.append(_reminder(workspace, clinic, owner, method, due.date(), chance.choice(("U1", "U2", "U3"))))
            occurrences.append(
                {
                    "workspace_id": workspace,
                    "reminder_id": number,
                    "number": 1,
                    "due_date": due.date(),
                    "time_zone": "Europe/Stockholm",
                }
            )
            failed = ended and chance.randrange(20) == 0
            deliveries.append(_delivery(workspace, number, method, due, ended=ended, failed=failed))
            if failed:
                asked.append(_task(workspace, clinic, number, is_open=len(asked) < OPEN_TASKS))
        for kind, rows in (
            (ReminderRow, made),
            (OccurrenceRow, occurrences),
            (DeliveryRow, deliveries),
            (ContactTaskRow, asked),
        ):
            _insert(session, kind, rows)
    with database.migrating() as connection:
        connection.execute(text("ANALYZE"))


def _insert(session: Session, kind: type[Any], rows: list[Row]) -> None:
    for first in range(0, len(rows), AT_ONCE):
        session.execute(insert(kind), rows[first : first + AT_ONCE])


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randrange(2, 4))).capitalize()


def _client(workspace: int, number: int, name: str) -> Row:
    return {
        "workspace_id": workspace,
        "name": name,
        "email": f"c{number}@example.com",
        "phone": None,
        "language": "sv",
        "email_allowed": True,
        "sms_allowed": True,
        "active": True,
        "search_key": search_key.client_key(name, f"c{number}@example.com", None),
    }


def _patient(workspace: int, owner: int, name: str) -> Row:
    return {
        "workspace_id": workspace,
        "client_id": owner,
        "name": name,
        "species": "hund",
        "active": True,
        "died_on": None,
        "search_key": search_key.patient_key(name, "hund"),
    }


def _reminder(workspace: int, clinic: int, owner: int, method: Method, due: object, maker: str) -> Row:
    return {
        "workspace_id": workspace,
        "clinic_id": clinic,
        "client_id": owner,
        "patient_id": owner,
        "state": ReminderState.ACTIVE,
        "version": 1,
        "method": method,
        "origin": TextOrigin.MANUAL,
        "subject": "Dags för vaccination",
        "email_text": "Hej! Det är dags igen." * 20,
        "sms_text": "Hej!",
        "letter_text": "",
        "due_date": due,
        "send_before": 0,
        "recurrence": "none",
        "repetitions": 1,
        "first_number": 1,
        "created_by": maker,
        "created_at": NOW,
        "search_key": search_key.reminder_key("Dags för vaccination"),
    }


def _delivery(workspace: int, occurrence: int, method: Method, at: object, *, ended: bool, failed: bool) -> Row:
    state = DeliveryState.FAILED if failed else DeliveryState.SENT if ended else DeliveryState.PLANNED
    return {
        "workspace_id": workspace,
        "occurrence_id": occurrence,
        "channel": Channel(method.value),
        "key": uuid.uuid4().hex,
        "state": state,
        "send_at": at,
        "attempt": int(ended),
        "begun_at": at if ended else None,
        "finished_at": at if ended else None,
        "reason": Reason.REFUSED if failed else None,
    }


def _task(workspace: int, clinic: int, delivery: int, *, is_open: bool) -> Row:
    return {
        "workspace_id": workspace,
        "clinic_id": clinic,
        "delivery_id": delivery,
        "reason": Reason.REFUSED,
        "subject": "",
        "text": "Hej!",
        "state": "open" if is_open else "done",
        "created_at": NOW,
        "closed_at": None if is_open else NOW,
        "closed_by": None if is_open else "U1",
        "revision": 1,
        "card_revision": 1,
        "card_attempt": 0,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
