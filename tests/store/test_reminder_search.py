"""Does every combination of filters find what a plain look at each reminder finds, in the same order?"""

from __future__ import annotations

import dataclasses
import random
import unicodedata
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.domain.model import (
    Channel,
    Clinic,
    DeliveryState,
    Method,
    Patient,
    Reason,
    Recurrence,
    Reminder,
    ReminderState,
    Schedule,
    SendingHours,
    TextOrigin,
    Texts,
)
from bot.domain.reminder_filter import Bounds, ReminderFilter, Status, Window
from bot.store import clinics, reminder_search, reminders, tasks, templates
from bot.store.database import Database
from bot.store.reminder_search import Wanted
from bot.store.tables import DeliveryRow, OccurrenceRow
from tests.store.rows import DAY, NOW, Stock, add_client, add_patient, add_reminder, draft, end, stock, take

PEOPLE = ("U1", "U2")
SUBJECTS = ("Påminnelse", "Dags för tand-vård", "Årlig kontroll")
TEMPLATES = ("Vaccination", "Årskontroll 100%", "Klo_klippning")
NAMES = (("Åsa Öberg", "Bella"), ("Siobhan O’Connor", "Pelle"), ("Asa Berg", "Årsbella"), ("Bella Ek", "Misse"))
ENDED: dict[DeliveryState, list[Reason | None]] = {
    DeliveryState.SENT: [None],
    DeliveryState.DELIVERED: [None],
    DeliveryState.FAILED: [Reason.REFUSED, Reason.GAVE_UP],
    DeliveryState.UNKNOWN: [Reason.OUTCOME_UNKNOWN],
    DeliveryState.SKIPPED: [
        *(Reason.POST, Reason.NO_ADDRESS, Reason.SKIPPED_BY_STAFF, Reason.MERGED, Reason.PATIENT_DEAD),
        Reason.REMINDER_CHANGED,
    ],
    DeliveryState.CANCELLED: [None, Reason.PATIENT_DEAD],
}


@dataclasses.dataclass
class One:
    """A delivery as it was made up."""

    due: date
    send_at: datetime
    state: DeliveryState
    reason: Reason | None
    finished_at: datetime | None
    task: str = ""

    @property
    def fell_short(self) -> bool:
        if self.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            return True
        return self.state is DeliveryState.SKIPPED and self.reason in (Reason.NO_ADDRESS, Reason.PATIENT_DEAD)


@dataclasses.dataclass
class MadeUp:
    """A reminder as it was made up."""

    reminder: Reminder
    text: str
    deliveries: list[One]

    @property
    def live(self) -> list[One]:
        cancelled = self.reminder.state is ReminderState.CANCELLED
        return [] if cancelled else [one for one in self.deliveries if one.finished_at is None]

    @property
    def due(self) -> date:
        if self.live:
            return min(one.due for one in self.live)
        stopped = [one.due for one in self.deliveries if one.state is DeliveryState.CANCELLED]
        if stopped and self.reminder.state is ReminderState.CANCELLED:
            return min(stopped)
        return max(one.due for one in self.deliveries)

    @property
    def send_at(self) -> datetime | None:
        return min((one.send_at for one in self.live), default=None)

    @property
    def ended_at(self) -> datetime | None:
        return max((one.finished_at for one in self.deliveries if one.finished_at), default=None)

    def stands(self, status: Status) -> bool:
        state = self.reminder.state
        short = [one for one in self.deliveries if one.fell_short]
        return {
            Status.ALL: True,
            Status.WAITING: bool(self.live) and state is ReminderState.ACTIVE,
            Status.PAUSED: bool(self.live) and state is ReminderState.PAUSED,
            Status.CANCELLED: state is ReminderState.CANCELLED,
            Status.SENT: any(
                one.state in (DeliveryState.SENT, DeliveryState.DELIVERED) or one.reason is Reason.POST
                for one in self.deliveries
            ),
            Status.NOT_SENT: bool(short),
            Status.TO_DEAL_WITH: any(one.task == "open" for one in short),
        }[status]

    def falls_within(self, asked: ReminderFilter, today: date) -> bool:
        left, next_send = (self.due - today).days, self.send_at
        zone = ZONES[self.reminder.draft.clinic_id]
        sends = None if next_send is None else next_send.astimezone(zone).date()
        match asked.window:
            case Window.ANY:
                return True
            case Window.SENDS_TODAY:
                return sends is not None and sends <= today
            case Window.SENDS_THIS_WEEK:
                return sends is not None and sends <= today + (6 - today.weekday()) * DAY
            case Window.OVERDUE:
                return left < 0
            case Window.WITHIN_7_DAYS:
                return 0 <= left <= 7
            case Window.WITHIN_30_DAYS:
                return 0 <= left <= 30
            case Window.LATER:
                return left > 30
            case Window.BETWEEN:
                return (asked.first_day or self.due) <= self.due <= (asked.last_day or self.due)

    def fits(self, asked: ReminderFilter, who: str) -> bool:
        filled = self.reminder.draft
        today = NOW.astimezone(ZONES[filled.clinic_id]).date()
        return (
            all(word in self.text for word in bare(asked.words).split())
            and asked.clinic_id in (None, filled.clinic_id)
            and asked.method in (None, filled.method)
            and (not asked.is_mine or self.reminder.created_by == who)
            and self.stands(asked.status)
            and self.falls_within(asked, today)
        )


ZONES: dict[int, ZoneInfo] = {}


def bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("’", "").replace("'", "").replace("-", ""))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def random_delivery(chance: random.Random, due: date) -> One:
    send_at = NOW + timedelta(hours=chance.randrange(-24 * 20, 24 * 20))
    state = chance.choice([DeliveryState.PLANNED, DeliveryState.PLANNED, DeliveryState.SENDING, *ENDED])
    if state not in ENDED:
        return One(due, send_at, state, None, None)
    reason = chance.choice(ENDED[state])
    task = ""
    if state is not DeliveryState.CANCELLED and reason is not None and reason.asks_staff:
        task = chance.choice(["open", "done"])
    return One(due, send_at, state, reason, NOW - timedelta(minutes=chance.randrange(1, 10_000)), task)


def store(session: Session, made: MadeUp, number: int, one: One, channel: Channel, workspace: int) -> None:
    occurrence = session.scalars(
        insert(OccurrenceRow)
        .values(
            workspace_id=workspace,
            reminder_id=made.reminder.id,
            number=number,
            due_date=one.due,
            time_zone="Europe/Stockholm",
        )
        .returning(OccurrenceRow.id)
    ).one()
    sending = one.state is DeliveryState.SENDING
    delivery = session.scalars(
        insert(DeliveryRow)
        .values(
            workspace_id=workspace,
            clinic_id=made.reminder.draft.clinic_id,
            occurrence_id=occurrence,
            channel=channel,
            key=uuid.uuid4().hex,
            state=one.state,
            send_at=one.send_at,
            lease_owner="me" if sending else None,
            lease_until=NOW if sending else None,
            begun_at=None if one.state is DeliveryState.PLANNED else one.send_at,
            finished_at=one.finished_at,
            reason=one.reason,
        )
        .returning(DeliveryRow.id)
    ).one()
    if one.task and one.reason is not None:
        task = tasks.add(
            session, reminder=made.reminder, channel=channel, delivery=delivery, reason=one.reason, now=NOW
        )
        if one.task == "done":
            assert tasks.close(session, "T1", task, by="U1", now=NOW)


def fill(session: Session, chance: random.Random, count: int) -> tuple[Stock, list[MadeUp]]:
    """A chain of two clinics, of which one lives half a day ahead, and many reminders of every kind."""
    ours = stock(session)
    hours = SendingHours(ZoneInfo("Pacific/Auckland"))
    far = clinics.add(session, dataclasses.replace(ours.clinic, id=0, name="Far away", hours=hours))
    ZONES.update({ours.clinic.id: ours.clinic.hours.zone, far.id: far.hours.zone})
    pets = [(add_client(session, ours.workspace, name, email=None, phone=None), pet) for name, pet in NAMES]
    patients = [add_patient(session, ours.workspace, owner, pet) for owner, pet in pets]
    texts = {"sv": Texts("Ämne", "Brev", "SMS", "Papper")}
    kinds = {templates.add(session, ours.workspace, name, texts, created_by="U1", now=NOW): name for name in TEMPLATES}
    made = [random_reminder(session, chance, ours, [ours.clinic, far], patients, kinds) for _ in range(count)]
    return ours, made


def random_reminder(
    session: Session,
    chance: random.Random,
    ours: Stock,
    places: list[Clinic],
    patients: list[Patient],
    kinds: dict[int, str],
) -> MadeUp:
    patient = chance.choice(patients)
    template = chance.choice([None, *kinds])
    subject = chance.choice(SUBJECTS)
    times = chance.choice([1, 1, 2, 4])
    first = NOW.date() + chance.randrange(-40, 50) * DAY
    filled = draft(
        ours,
        clinic_id=chance.choice(places).id,
        client_id=patient.client_id,
        patient_id=patient.id,
        method=chance.choice([Method.EMAIL, Method.SMS, Method.POST]),
        texts=Texts(subject, "Brev", "SMS", "Papper"),
        schedule=Schedule(first, 0, Recurrence.NONE if times == 1 else Recurrence.WEEKLY, times),
        **({} if template is None else {"origin": TextOrigin.EDITED, "template_id": template, "template_revision": 1}),
    )
    reminder = reminders.add(session, ours.workspace, filled, created_by=chance.choice(PEOPLE), now=NOW)
    state = chance.choice([*ReminderState, ReminderState.ACTIVE])
    if state is not ReminderState.ACTIVE:
        assert reminders.change_state(session, reminder, state)
    owner, pet = next(names for names in NAMES if names[1] == patient.name)
    text = bare(f"{owner}|{pet} hund|{subject}|{kinds.get(template or 0, '')}")
    made = MadeUp(
        dataclasses.replace(reminder, state=state),
        text,
        [random_delivery(chance, first + 7 * number * DAY) for number in range(times)],
    )
    for number, one in enumerate(made.deliveries, 1):
        store(session, made, number, one, filled.method.channels[0], ours.workspace)
    return made


def filters(clinic_ids: list[int]) -> st.SearchStrategy[tuple[ReminderFilter, str]]:
    days = st.none() | st.integers(-45, 60).map(lambda days: NOW.date() + days * DAY)
    words = ["", "bella", "åsa", "ASA bella", "öberg vacc", "oconnor", "tandvård", "100%", "klo_", "hund", "års", "x"]

    def make(window: Window, days: tuple[date | None, date | None], **chosen: object) -> ReminderFilter:
        first, last = days if window is Window.BETWEEN else (None, None)
        return ReminderFilter(window=window, first_day=first, last_day=last, **chosen)  # type: ignore[arg-type]

    return st.tuples(
        st.builds(
            make,
            window=st.sampled_from(Window),
            days=st.tuples(days, days),
            words=st.sampled_from(words),
            clinic_id=st.sampled_from([None, *clinic_ids]),
            status=st.sampled_from(Status),
            method=st.sampled_from([None, None, Method.EMAIL, Method.SMS, Method.POST, Method.EXTERNAL]),
            is_mine=st.booleans(),
        ),
        st.sampled_from(PEOPLE),
    )


def in_order(asked: ReminderFilter) -> Callable[[MadeUp], tuple[object, ...]]:
    """What goes next first, then what ended last; where what ended is looked for, that alone."""

    def key(made: MadeUp) -> tuple[object, ...]:
        ended = -made.ended_at.timestamp() if made.ended_at else float("inf")
        if asked.status in (Status.WAITING, Status.PAUSED):
            return (made.send_at, made.reminder.id)
        if asked.status is Status.ALL:
            return (made.send_at is None, made.send_at or NOW, ended, made.reminder.id)
        return (ended, -made.reminder.id)

    return key


@pytest.mark.parametrize("seed", [7, 20261201])
def test_filters_find_what_a_look_at_each_reminder_finds(database: Database, seed: int) -> None:
    with database.writing() as session:
        ours, made = fill(session, random.Random(seed), 150)  # noqa: S311 - made-up reminders
        others = stock(session, "T2")
        add_reminder(session, others)
        of_workspace = clinics.of_workspace(session, ours.workspace)

    found_something = []

    @settings(max_examples=150, suppress_health_check=[HealthCheck.nested_given])
    @given(filters([one.id for one in of_workspace]))
    def holds(drawn: tuple[ReminderFilter, str]) -> None:
        asked, who = drawn
        wanted = Wanted(asked, who, {one.id: asked.bounds(one.hours, NOW) for one in of_workspace})
        expected = sorted((one for one in made if one.fits(asked, who)), key=in_order(asked))
        with database.reading() as session:
            rows = reminder_search.page(session, ours.workspace, wanted, limit=20, offset=0)
            second = reminder_search.page(session, ours.workspace, wanted, limit=20, offset=20)
            assert reminder_search.count(session, ours.workspace, wanted) == len(expected)
        assert [one.id for one in (*rows, *second)] == [one.reminder.id for one in expected[:40]]
        for row, one in zip(rows, expected, strict=False):
            assert (row.due_date, row.send_at, row.state) == (one.due, one.send_at, one.reminder.state)
            assert len(row.deliveries) == len(one.deliveries)
        found_something.append(bool(expected))

    holds()
    assert sum(found_something) > len(found_something) // 5


def test_what_is_typed_is_no_pattern(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        add_reminder(session, ours, texts=Texts("50% rabatt_nu", "Brev", "SMS", "Papper"))
        add_reminder(session, ours)
    for words, count in [("%", 1), ("_", 1), ("50%", 1), ("\\", 0), ("'", 2), ("rabatt_nu 50", 1)]:
        assert found(database, ours, ReminderFilter(words=words)) == count, words


def test_a_changed_subject_is_found_and_the_old_one_is_not(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        first, second = add_reminder(session, ours), add_reminder(session, ours)
        changed = dataclasses.replace(first.draft, texts=Texts("Årets höjdpunkt", "Brev", "SMS", "Papper"))
        assert reminders.change_draft(session, first, changed)
        assert reminders.change_texts(session, [(second, changed)])
    assert found(database, ours, ReminderFilter(words="hojdpunkt")) == 2
    assert found(database, ours, ReminderFilter(words="ämne")) == 0


def test_another_workspaces_reminders_are_never_found(database: Database) -> None:
    with database.writing() as session:
        ours, others = stock(session), stock(session, "T2")
        lease_of = add_reminder(session, others)
        (lease,) = take(session, team_id="T2")
        assert end(session, lease, DeliveryState.FAILED)
        reason = Reason.REFUSED
        tasks.add(session, reminder=lease_of, channel=Channel.EMAIL, delivery=lease.delivery_id, reason=reason, now=NOW)
    for status in Status:
        assert found(database, ours, ReminderFilter(status=status)) == 0
    assert found(database, others, ReminderFilter(status=Status.TO_DEAL_WITH)) == 1
    assert found(database, others, ReminderFilter(status=Status.TO_DEAL_WITH, clinic_id=ours.clinic.id)) == 0


def found(database: Database, of: Stock, asked: ReminderFilter) -> int:
    with database.reading() as session:
        return reminder_search.count(session, of.workspace, Wanted(asked, "U1", {of.clinic.id: Bounds()}))
