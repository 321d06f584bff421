"""Are a clinic's settings kept whole or not at all, and does what waits follow them?"""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import timing
from bot.domain.clinic_rules import ClinicSettings
from bot.domain.errors import ClinicField, Conflict, Forbidden, NotFound, SettingsRefused
from bot.domain.form_rules import TypedReminder
from bot.domain.model import Channel, DeliveryState, Method, Recurrence, Reminder, ReminderState, Schedule
from bot.domain.recurrence import Course
from bot.domain.rights import Editors, TemplateEditors
from bot.domain.template_rules import TypedTemplate
from bot.services import clinic_settings, life, new_clinic, reminders, templates
from bot.services.clinic_settings import SettingsChanged, StoredSettings, Versions
from bot.slack.people import Person
from bot.store import clinics, deliveries, leases
from bot.store import reminders as reminder_rows
from bot.store.database import Database, Session
from bot.store.tables import DeliveryRow, HistoryRow, OccurrenceRow
from tests.store.rows import MINUTE, NOW, Stock, draft, stock, take

CHANNELS = frozenset({Channel.EMAIL, Channel.SMS, Channel.POST})
ADMIN = "U0ADMIN0001"
LINNEA = Person(ADMIN, "T1", "Linnea", "sv-SE", is_admin=True, is_member=True)
MAJA = Person("U0MAJA00001", "T1", "Maja", "sv-SE", is_admin=False, is_member=True)
_KEYS = count()


@pytest.fixture
def ours(database: Database) -> Stock:
    with database.writing() as session:
        return stock(session)


def find(database: Database, ours: Stock) -> StoredSettings:
    return clinic_settings.find(database, ours.team_id, ours.clinic.id, who=LINNEA)


def change(
    database: Database, ours: Stock, *, version: int | None = None, key: str = "", who: Person = LINNEA, **values: Any
) -> SettingsChanged:
    """Change some settings of the clinic as it stands, or as it stood at `version`."""
    seen = find(database, ours)
    return clinic_settings.change(
        database,
        ours.team_id,
        ours.clinic.id,
        dataclasses.replace(seen.settings, **values),
        versions=seen.versions if version is None else seen.versions._replace(clinic=version),
        key=key or f"form:{next(_KEYS)}",
        channels=CHANNELS,
        who=who,
        now=NOW,
    )


def plan(session: Session, ours: Stock, schedule: Schedule, **changes: Any) -> Reminder:
    """Store a reminder with everything that it will send."""
    reminder = reminder_rows.add(
        session, ours.workspace, draft(ours, schedule=schedule, **changes), created_by="U1", now=NOW
    )
    coming = timing.plan(Course(schedule), ours.clinic.hours, NOW)
    deliveries.plan(session, reminder, coming, ours.clinic.hours.zone.key)
    return reminder


def moments(database: Database, reminder: int | None = None) -> list[str]:
    """When each delivery goes, in UTC, with the zone that its occurrence keeps."""
    with database.reading() as session:
        rows = session.execute(
            select(DeliveryRow.send_at, OccurrenceRow.time_zone)
            .join(OccurrenceRow, OccurrenceRow.id == DeliveryRow.occurrence_id)
            .where(OccurrenceRow.reminder_id == (OccurrenceRow.reminder_id if reminder is None else reminder))
            .order_by(DeliveryRow.id)
        )
        return [f"{moment:%d %b %H:%M} {zone.partition('/')[2]}" for moment, zone in rows]


def told(database: Database) -> list[tuple[int, str, str, Any]]:
    with database.reading() as session:
        rows = session.scalars(select(HistoryRow).order_by(HistoryRow.id))
        return [(row.reminder_id, row.event.value, row.actor, row.detail.get("sends")) for row in rows]


# What is kept


def test_everything_can_be_set_and_read_again(database: Database, ours: Stock) -> None:
    wanted = ClinicSettings(
        name="Djursjukhuset",
        phone="09 123 45 67",
        zone="Europe/Helsinki",
        send_time=time(10, 30),
        opens=time(9),
        closes=time(18),
        closed_weekdays=frozenset({6, 7}),
        closed_on_holidays=True,
        subdivision="01",
        country="FI",
        language="en",
        staff_channel="C0OTHER0001",
        sender_email="djur@example.com",
        default_method=Method.SMS,
        policy_note="Kort.\nVänligt.",
        sender_name="Djuren",
        reply_to="svar@example.com",
        template_editors=TemplateEditors(Editors.NAMED, frozenset({"U0MAJA00001"})),
    )
    changed = change(database, ours, **{one.name: getattr(wanted, one.name) for one in dataclasses.fields(wanted)})
    assert changed == SettingsChanged(StoredSettings(ours.clinic.id, Versions(2, 2), wanted), 0)
    assert find(database, ours) == changed.stored
    assert change(database, ours, closed_on_holidays=False).stored.settings.subdivision == ""


def test_what_is_typed_is_kept_in_its_one_form(database: Database, ours: Stock) -> None:
    kept = change(database, ours, name="  Kliniken  på hörnet ", zone=" Europe/Oslo ", subdivision="BY").stored.settings
    assert (kept.name, kept.zone, kept.subdivision) == ("Kliniken  på hörnet", "Europe/Oslo", "")


def test_what_changes_nothing_is_no_change(database: Database, ours: Stock) -> None:
    assert change(database, ours).stored.versions == (1, 1)


def test_who_saves_settings_that_somebody_changed_meanwhile_is_told(database: Database, ours: Stock) -> None:
    change(database, ours, phone="08-1")
    with pytest.raises(Conflict):
        change(database, ours, version=1, phone="08-2")
    assert find(database, ours).settings.phone == "08-1"


def test_of_two_who_save_at_once_one_wins(database: Database, ours: Stock) -> None:
    def try_to(number: int) -> str:
        try:
            return change(database, ours, version=1, phone=f"08-{number}").stored.settings.phone
        except Conflict:
            return ""

    with ThreadPoolExecutor(4) as threads:
        won = [phone for phone in threads.map(try_to, range(4)) if phone]
    assert len(won) == 1
    seen = find(database, ours)
    assert (seen.settings.phone, seen.versions) == (won[0], (2, 1))


def test_several_wrong_fields_are_named_at_once_and_nothing_is_stored(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        clinics.add(session, dataclasses.replace(ours.clinic, name="Filialen"))
    before = find(database, ours)
    with pytest.raises(SettingsRefused) as refused:
        change(
            database,
            ours,
            name="Filialen",
            zone="Europe/Stockolm",
            send_time=time(20),
            default_method=Method.EXTERNAL,
            language="tlh",
        )
    assert {field: str(sentence) for field, sentence in refused.value.refusals.items()} == {
        ClinicField.NAME: "Another clinic has this name already. Choose a name that tells them apart.",
        ClinicField.ZONE: "There is no time zone of this name. Did you mean Europe/Stockholm?",
        ClinicField.SEND_TIME: (
            "The send time has to lie in the sending window: 08:00:00 or later, and before 20:00:00."
        ),
        ClinicField.DEFAULT_METHOD: "The bot is not set up to send this way. Choose another method.",
        ClinicField.LANGUAGE: "The bot does not speak this language. Choose one from the list.",
    }
    assert find(database, ours) == before


def test_two_clinics_that_take_one_name_at_once_do_not_both_get_it(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        other = clinics.add(session, dataclasses.replace(ours.clinic, name="Filialen"))

    def rename(clinic: int) -> list[ClinicField]:
        try:
            change(database, dataclasses.replace(ours, clinic=dataclasses.replace(ours.clinic, id=clinic)), name="Ett")
        except SettingsRefused as refused:
            return list(refused.refusals)
        return []

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(rename, (ours.clinic.id, other.id))) == [[], [ClinicField.NAME]]


def test_another_workspaces_clinic_is_not_there(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        theirs = stock(session, "T2")
    with pytest.raises(NotFound):
        clinic_settings.find(database, ours.team_id, theirs.clinic.id, who=LINNEA)
    with pytest.raises(NotFound):
        change(database, dataclasses.replace(theirs, team_id="T1"))


def test_a_member_who_is_no_admin_may_neither_see_nor_change_settings(database: Database, ours: Stock) -> None:
    before = find(database, ours)
    with pytest.raises(Forbidden):
        clinic_settings.find(database, ours.team_id, ours.clinic.id, who=MAJA)
    with pytest.raises(Forbidden):
        change(database, ours, who=MAJA, phone="08-1")
    with pytest.raises(Forbidden):
        new_clinic.add(
            database,
            ours.team_id,
            dataclasses.replace(before.settings, name="Ny"),
            is_first=False,
            key="k",
            channels=CHANNELS,
            who=MAJA,
            now=NOW,
        )
    assert find(database, ours) == before


def test_a_form_that_arrives_twice_is_saved_once_and_answered_the_same(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        plan(session, ours, Schedule(date(2026, 12, 24), 0))
    first = change(database, ours, key="one", zone="Europe/Helsinki")
    again = change(database, ours, key="one", version=1, zone="Europe/Helsinki")
    assert again == first
    assert (first.moved, first.stored.versions) == (1, (2, 1))
    with pytest.raises(Conflict):  # the same form with something else in it: not what was saved
        change(database, ours, key="one", version=1, zone="Europe/Helsinki", phone="08-1")


def test_what_was_changed_meanwhile_and_by_whom_is_told(database: Database, ours: Stock) -> None:
    opened = find(database, ours).versions
    change(database, ours, phone="08-1", reply_to="svar@example.com")
    change(database, ours, template_editors=TemplateEditors(Editors.ADMINS))
    found = clinic_settings.meanwhile(database, ours.team_id, ours.clinic.id, opened, who=LINNEA)
    assert [(one.by, one.at, set(one.fields)) for one in found.changes] == [
        (ADMIN, NOW, {ClinicField.PHONE, ClinicField.REPLY_TO}),
        (ADMIN, NOW, {ClinicField.TEMPLATE_EDITORS}),
    ]
    assert found.stored.versions == (2, 2)
    with pytest.raises(Conflict):  # what all clinics share was changed, the clinic itself was not
        clinic_settings.change(
            database,
            ours.team_id,
            ours.clinic.id,
            found.stored.settings,
            versions=Versions(2, 1),
            key="late",
            channels=CHANNELS,
            who=LINNEA,
            now=NOW,
        )


def added(database: Database, name: str, *, team: str = "T9", is_first: bool = True, key: str = "") -> StoredSettings:
    """Set up a clinic in a workspace of which nothing is known."""
    settings = ClinicSettings(
        name=name,
        phone="",
        zone="Europe/Stockholm",
        send_time=time(9),
        opens=time(8),
        closes=time(20),
        closed_weekdays=frozenset(),
        closed_on_holidays=False,
        subdivision="",
        country="SE",
        language="sv",
        staff_channel="C0STAFF0001",
        sender_email="klinik@example.com",
        default_method=Method.EMAIL,
        policy_note="",
        template_editors=TemplateEditors(Editors.ADMINS),
    )
    return new_clinic.add(
        database, team, settings, is_first=is_first, key=key or name, channels=CHANNELS, who=LINNEA, now=NOW
    )


def test_the_first_clinic_makes_its_workspace(database: Database) -> None:
    made = added(database, "Kliniken")
    assert clinic_settings.find(database, "T9", made.clinic_id, who=LINNEA) == made
    assert (made.versions, made.settings.template_editors.who) == ((1, 2), Editors.ADMINS)
    assert added(database, "Kliniken") == made  # delivered twice
    with pytest.raises(Conflict, match="as you first saved it"):  # saved again with another name, its answer was lost
        added(database, "Annan", key="Kliniken")
    with pytest.raises(Conflict, match="Somebody else set up a clinic"):
        added(database, "Filialen")
    assert added(database, "Filialen", is_first=False).settings.name == "Filialen"
    with pytest.raises(SettingsRefused):
        added(database, "Filialen", is_first=False, key="another form")


def test_of_two_who_set_up_the_first_clinic_at_once_one_wins(database: Database) -> None:
    def try_to(name: str) -> str:
        try:
            return added(database, name).settings.name
        except Conflict:
            return ""

    with ThreadPoolExecutor(4) as threads:
        made = [name for name in threads.map(try_to, ("Ett", "Två", "Tre", "Fyra")) if name]
    assert len(made) == 1


@pytest.mark.parametrize(
    ("editors", "may"),
    [
        (TemplateEditors(), True),
        (TemplateEditors(Editors.ADMINS), False),
        (TemplateEditors(Editors.NAMED, frozenset({"U0MAJA00001"})), True),
        (TemplateEditors(Editors.NAMED, frozenset({"U0OTHER0001"})), False),
    ],
)
def test_who_may_change_templates_is_what_the_workspace_chose(
    database: Database, ours: Stock, editors: TemplateEditors, may: bool
) -> None:
    change(database, ours, template_editors=editors)
    typed = TypedTemplate("Vaccin", "sv", sms_text="Hej!")
    for number, (who, allowed) in enumerate(((LINNEA, True), (MAJA, may))):
        new = dataclasses.replace(typed, name=f"Vaccin {number}")
        if allowed:
            assert templates.create(database, ours.team_id, new, key=new.name, who=who, now=NOW).change is not None
        else:
            with pytest.raises(Forbidden):
                templates.create(database, ours.team_id, new, key=new.name, who=who, now=NOW)


def test_how_much_a_change_will_have_to_plan_anew_is_known_before(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        for _ in range(3):
            plan(session, ours, Schedule(date(2026, 12, 24), 0))
    seen = find(database, ours)

    def foresee(most: int, key: str = "form", **values: Any) -> int:
        return clinic_settings.foresee(
            database,
            ours.team_id,
            ours.clinic.id,
            dataclasses.replace(seen.settings, **values),
            versions=seen.versions,
            key=key,
            channels=CHANNELS,
            who=LINNEA,
            now=NOW,
            most=most,
        )

    assert [foresee(9, phone="08-1"), foresee(9, send_time=time(10)), foresee(2, send_time=time(10))] == [0, 3, 2]
    change(database, ours, send_time=time(10), key="form")
    assert foresee(9, send_time=time(10)) == 0, "another delivery of the form that was saved has nothing left to plan"
    with pytest.raises(Conflict):
        foresee(9, key="another form", send_time=time(10))


# What waits


def test_another_zone_moves_what_waits_and_each_occurrence_keeps_its_zone(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        reminder = plan(session, ours, Schedule(date(2026, 12, 8), 0, Recurrence.MONTHLY, 3), method=Method.BOTH)
    assert change(database, ours, zone="Europe/Helsinki").moved == 1
    assert moments(database) == [
        f"{day} 07:00 Helsinki" for day in ("08 Dec", "08 Dec", "08 Jan", "08 Jan", "08 Feb", "08 Feb")
    ]
    assert told(database) == [(reminder.id, "replanned", ADMIN, 3)]


def test_days_without_sends_move_what_waits_there_and_back(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        moved = plan(session, ours, Schedule(date(2026, 12, 24), 0))
        plan(session, ours, Schedule(date(2026, 12, 22), 0))
    assert change(database, ours, closed_on_holidays=True).moved == 1
    assert moments(database) == ["23 Dec 08:00 Stockholm", "22 Dec 08:00 Stockholm"]
    assert change(database, ours, closed_on_holidays=False).moved == 1
    assert moments(database) == ["24 Dec 08:00 Stockholm", "22 Dec 08:00 Stockholm"]
    assert told(database) == [(moved.id, "replanned", ADMIN, 1)] * 2


def test_a_change_of_anything_else_moves_nothing(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        plan(session, ours, Schedule(date(2026, 12, 24), 0))
    assert change(database, ours, name="Nytt namn", country="FI", default_method=Method.POST).moved == 0
    assert told(database) == []


def test_what_is_taken_up_or_due_or_another_clinics_is_left_as_it_is(database: Database, ours: Stock) -> None:
    """Sent, being sent, due, tried again; and what waits beside them in the same reminder moves."""
    with database.writing() as session:
        theirs = dataclasses.replace(ours, clinic=clinics.add(session, dataclasses.replace(ours.clinic, name="Två")))
        rows = [plan(session, ours, Schedule(date(2026, 12, 1), 0, Recurrence.DAILY, 2)).id for _ in range(3)]
        sent, (sending, again) = take(session)[0], take(session, limit=2)
        leases.begin(session, sent, now=NOW, until=NOW + MINUTE)
        assert leases.finish(session, sent, DeliveryState.SENT, now=NOW)
        assert leases.plan_again(session, again, send_at=NOW + MINUTE, detail="rcpt-450")
        assert leases.begin(session, sending, now=NOW, until=NOW + MINUTE)
        due = plan(session, ours, Schedule(date(2026, 12, 1), 0)).id
        other = plan(session, theirs, Schedule(date(2026, 12, 2), 0)).id
    assert change(database, ours, send_time=time(12)).moved == 3
    for row, first in zip(rows, ("08:00", "08:00", "08:01"), strict=True):
        assert moments(database, row) == [f"01 Dec {first} Stockholm", "02 Dec 11:00 Stockholm"]
    assert moments(database, due) == ["01 Dec 08:00 Stockholm"]
    assert moments(database, other) == ["02 Dec 08:00 Stockholm"]


def test_what_would_have_gone_by_now_goes_at_once_and_once_only(database: Database, ours: Stock) -> None:
    # It is 09:00 in Stockholm; the reminder was to go at 12:00.
    change(database, ours, send_time=time(12))
    with database.writing() as session:
        clinic = clinics.find(session, ours.workspace, ours.clinic.id)
        assert clinic is not None
        plan(session, dataclasses.replace(ours, clinic=clinic), Schedule(date(2026, 12, 1), 0))
    assert moments(database) == ["01 Dec 11:00 Stockholm"]
    assert change(database, ours, send_time=time(8, 30)).moved == 1
    assert moments(database) == ["01 Dec 08:00 Stockholm"]
    assert change(database, ours, send_time=time(8, 15)).moved == 0


def test_what_staff_moved_up_goes_as_soon_as_the_clinic_sends_by_its_new_hours(database: Database, ours: Stock) -> None:
    # It is 09:00 in Stockholm.
    change(database, ours, opens=time(10), send_time=time(12))
    with database.writing() as session:
        reminder = plan(session, ours, Schedule(date(2026, 12, 24), 0, Recurrence.MONTHLY, 2))
    life.send_now(database, ours.team_id, reminder.id, number=1, who="U1", now=NOW)
    assert moments(database) == ["01 Dec 09:00 Stockholm", "24 Jan 08:00 Stockholm"]
    assert change(database, ours, opens=time(11)).moved == 1
    assert moments(database) == ["01 Dec 10:00 Stockholm", "24 Jan 11:00 Stockholm"]
    assert change(database, ours, opens=time(8)).moved == 1
    assert moments(database) == ["01 Dec 08:00 Stockholm", "24 Jan 11:00 Stockholm"]


def test_what_is_paused_moves_too_and_what_is_cancelled_when_it_is_restored(database: Database, ours: Stock) -> None:
    with database.writing() as session:
        paused = plan(session, ours, Schedule(date(2026, 12, 24), 0))
        assert reminder_rows.change_state(session, paused, ReminderState.PAUSED)
        cancelled = plan(session, ours, Schedule(date(2026, 12, 24), 0))
    life.cancel(database, ours.team_id, cancelled.id, who="U1", now=NOW)
    assert change(database, ours, closed_on_holidays=True).moved == 1
    assert moments(database) == ["23 Dec 08:00 Stockholm", "24 Dec 08:00 Stockholm"]
    life.restore(database, ours.team_id, cancelled.id, who="U1", now=NOW)
    assert moments(database) == ["23 Dec 08:00 Stockholm"] * 2
    assert [event for _, event, _, _ in told(database)] == ["cancelled", "replanned", "restored"]


def test_a_reminder_made_while_the_zone_changes_goes_by_the_one_or_the_other_and_never_by_both(
    database: Database, ours: Stock
) -> None:
    """Whichever is stored first: in the end everything waits in the clinic's zone."""
    typed = TypedReminder(
        client_id=ours.client.id,
        patient_id=ours.patient.id,
        email=ours.client.email,
        method="email",
        manual=True,
        subject="Hej",
        email_text="Hej!",
        due_date=date(2026, 12, 24),
        send_before="0",
    )

    def make(number: int) -> None:
        reminders.create(database, ours.team_id, typed, key=f"{number}", channels=CHANNELS, who="U1", now=NOW)

    def move(zone: str) -> None:
        change(database, ours, zone=zone)

    with ThreadPoolExecutor(5) as threads:
        for number, zone in enumerate(("Europe/Helsinki", "Europe/London", "Europe/Athens", "Europe/Lisbon")):
            changed = threads.submit(move, zone)
            made = [threads.submit(make, number * 4 + one) for one in range(4)]
            for done in (changed, *made):
                done.result(30)
    assert moments(database) == ["24 Dec 09:00 Lisbon"] * 16
