from __future__ import annotations

import dataclasses
from contextlib import closing
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text, update

from bot.domain.closed_days import ClosedDays
from bot.domain.contact_task import Instead
from bot.domain.model import Channel, Method, ReminderState, TextOrigin, Texts
from bot.domain.reminder_filter import Place, ReminderFilter
from bot.domain.rights import EVERYBODY, Editors, TemplateEditors
from bot.store import (
    claims,
    clinics,
    directory,
    list_filters,
    reminders,
    schema,
    tasks,
    template_changes,
    templates,
    typeahead,
)
from bot.store import database as opening
from bot.store.database import Database, DatabaseBusy
from bot.store.tables import Base, ClientRow, ReminderRow
from tests.store.rows import NOW, add_client, add_patient, add_reminder, add_settings_change, add_step, add_task, stock

GRAMS = "client_grams"
"""How everything is called that keeps the grams of clients, on SQLite several tables; it has no model."""


def downgrade(database: Database, to: str = "base") -> None:
    with database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def tables(database: Database) -> set[str]:
    """Those that have a model."""
    found = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    return {name for name in found if not name.startswith(GRAMS)}


def has_a_model(_object: object, name: str | None, *_where: object) -> bool:
    return not str(name).startswith(GRAMS)


def test_the_migrations_make_the_tables_that_the_code_speaks_of(database: Database) -> None:
    with database.engine.connect() as connection:
        compared = {"compare_type": True, "compare_server_default": True, "include_object": has_a_model}
        context = MigrationContext.configure(connection, opts=compared)
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_every_check_that_the_code_speaks_of(database: Database) -> None:
    """Alembic compares no check constraints."""
    inspector = inspect(database.engine)
    for name, table in Base.metadata.tables.items():
        meant = {one.name: str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)}
        made = {one["name"]: one["sqltext"] for one in inspector.get_check_constraints(name)}
        assert set(made) == set(meant)
        if database.engine.dialect.name == "sqlite":  # which rewrites the expressions
            assert made == meant


def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.writing() as session:
        stock(session)
    schema.upgrade(empty_database)
    with empty_database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM clients")) == 1


def test_migrations_can_be_taken_back_and_made_again_with_rows_in_the_tables(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        task = add_task(session, ours)
        assert tasks.close(session, "T1", task, by="U1", now=NOW, instead=Instead.SENT_AGAIN)
        template = templates.add(
            session, ours.workspace, "Vaccin", {"sv": Texts("", "", "SMS", "")}, created_by="U1", now=NOW
        )
        change = template_changes.add(
            session,
            ours.workspace,
            "k",
            template_id=template,
            revision=1,
            replaced=None,
            language="sv",
            rewrites=False,
            who="U1",
            now=NOW,
        )
        made_from: dict[str, Any] = {"origin": TextOrigin.EDITED, "template_id": template, "template_revision": 1}
        reminder = add_reminder(session, ours, **made_from, template_language="sv")
        template_changes.keep(session, ours.workspace, change, [reminder])
        add_step(session, ours, reminder)
        named = TemplateEditors(Editors.NAMED, frozenset({"U1"}))
        assert clinics.change_for_all(session, ours.workspace, clinics.ForAllClinics(1, named))
        add_settings_change(session, ours, "k")
        list_filters.remember(session, ours.workspace, "U1", Place.HOME, ReminderFilter(clinic_id=ours.clinic.id))
    downgrade(database)
    assert tables(database) == set()
    schema.upgrade(database)
    assert tables(database) == set(Base.metadata.tables)


@pytest.mark.parametrize(
    ("method", "channel", "said"),
    [
        (Method.POST, Channel.POST, ("", "Papper")),
        (Method.SMS, Channel.SMS, ("", "SMS")),
        (Method.EMAIL, Channel.EMAIL, ("Ämne", "Brev")),
        (Method.EXTERNAL, Channel.EXTERNAL, ("Ämne", "Brev")),
    ],
)
def test_a_task_from_before_its_text_was_kept_gets_that_of_its_reminder(
    database: Database, method: Method, channel: Channel, said: tuple[str, str]
) -> None:
    overrides = {"email_override": "annan@example.com", "phone_override": "+46701740699"}
    with database.writing() as session:
        ours = stock(session)
        add_task(session, ours, Method.POST if method is not Method.POST else Method.SMS)
        task = add_task(session, ours, method, **overrides)
    downgrade(database, "0005")
    schema.upgrade(database)
    with database.reading() as session:
        found = tasks.find(session, "T1", task)
    assert found is not None
    assert found.channel is channel
    assert (found.subject, found.text) == said
    assert (found.email_override, found.phone_override) == tuple(overrides.values())


def test_the_search_keys_that_are_there_are_made_anew(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        names = [f"Siobhan O’Connor-{number}" for number in range(1001)]
        clients = [add_client(session, ours.workspace, name) for name in names]
        add_patient(session, ours.workspace, clients[0], "D'Arcy")
    downgrade(database, "0005")
    with database.writing() as session:
        for table in ("clients", "patients"):
            session.execute(text(f"UPDATE {table} SET search_key = lower(name)"))  # noqa: S608 - two names of our own
    schema.upgrade(database)
    with database.reading() as session:
        assert len(directory.search_clients(session, ours.workspace, "oconnor", 2000)) == 1001
        assert len(directory.search_patients(session, ours.workspace, "darcy", 10)) == 1


def test_reminders_from_before_they_were_searched_are_found_by_their_subject(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        add_reminder(session, ours, texts=Texts("Dags för Åsas tand-vård", "Brev", "SMS", "Papper"))
        add_reminder(session, ours)
    downgrade(database, "0011")
    schema.upgrade(database)
    with database.reading() as session:
        keys = session.scalars(select(ReminderRow.search_key).order_by(ReminderRow.id))
        assert list(keys) == ["dags for asas tandvard", "amne"]


def test_clients_from_before_they_had_grams_are_found_by_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        ours = stock(session)
        add_patient(session, ours.workspace, ours.client, "Död", died_on=NOW.date())
        add_patient(session, ours.workspace, ours.client, "Pim", active=False)
        dog = add_patient(session, ours.workspace, ours.client, "Ängla")
        add_client(session, ours.workspace, "Bo Ek", email=None, phone=None)
    downgrade(database, "0012")
    schema.upgrade(database)
    monkeypatch.setattr(typeahead, "GLANCE", 1)
    with database.writing() as session:
        found = {
            query: [one.client.name for one in directory.search_clients(session, ours.workspace, query, 10)]
            for query in ("maja angla", "erg", "o ek", "dod", "pim")
        }
        assert found == {"maja angla": ["Åsa Öberg"], "erg": ["Åsa Öberg"], "o ek": ["Bo Ek"], "dod": [], "pim": []}
        assert directory.mark_dead(session, ours.workspace, dog.id, NOW.date())
        assert directory.search_clients(session, ours.workspace, "angla", 10) == []
        assert len(directory.search_clients(session, ours.workspace, "maja", 10)) == 1


def test_migrating_beside_somebody_who_holds_the_database_is_told_and_changes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    downgrade(database, "0001")
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.1)
    with closing(Database.open(database.engine.url.render_as_string(hide_password=False))) as other:
        with database.writing() as session:
            session.execute(text("UPDATE contact_tasks SET state = state"))
            session.execute(text("UPDATE workspaces SET team_id = team_id"))
            with pytest.raises(DatabaseBusy):
                schema.upgrade(other)
        assert "text" not in {column["name"] for column in inspect(database.engine).get_columns("contact_tasks")}
        schema.upgrade(other)
    schema.require_current(database)


def test_clinics_from_before_there_were_days_without_sends_send_every_day(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        add_task(session, ours)
    downgrade(database, "0006")
    schema.upgrade(database)
    with database.reading() as session:
        assert clinics.of_workspace(session, ours.workspace) == [ours.clinic]
        assert ours.clinic.hours.closed == ClosedDays()
        assert ours.clinic.version == 1
        assert session.scalar(text("SELECT count(*) FROM contact_tasks")) == 1


def test_workspaces_from_before_it_could_be_chosen_let_everybody_change_templates(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        add_task(session, ours)
    downgrade(database, "0010")
    schema.upgrade(database)
    with database.reading() as session:
        assert clinics.of_workspace(session, ours.workspace) == [ours.clinic]
        assert clinics.for_all(session, ours.workspace) == clinics.ForAllClinics(1, EVERYBODY)


@pytest.mark.parametrize(
    ("client", "written", "language"),
    [("en", ["en", "sv"], "en"), ("fi", ["en", "sv"], "sv"), ("fi", ["de", "en"], "de")],
)
def test_reminders_made_before_templates_changed_learn_in_which_language_they_are(
    database: Database, client: str, written: list[str], language: str
) -> None:
    """The client's, else the clinic's (Swedish), else the first: as the form chose it."""
    with database.writing() as session:
        ours = stock(session)
        session.execute(update(ClientRow).values(language=client))
        texts = dict.fromkeys(written, Texts("Ämne", "Brev", "SMS", "Papper"))
        template = templates.add(session, ours.workspace, "Vaccin", texts, created_by="U1", now=NOW)
        add_reminder(
            session, ours, origin=TextOrigin.EDITED, template_id=template, template_revision=1, template_language="xx"
        )
        add_reminder(session, ours)
    downgrade(database, "0008")
    schema.upgrade(database)
    with database.reading() as session:
        found = session.scalars(select(ReminderRow.template_language).order_by(ReminderRow.id))
        assert list(found) == [language, None]


def test_deliveries_from_before_each_clinic_had_its_share_are_claimed_unless_paused(database: Database) -> None:
    with database.writing() as session:
        ours = stock(session)
        neighbours = clinics.add(session, dataclasses.replace(ours.clinic, name="Grannkliniken"))
        add_task(session, ours)
        theirs = add_reminder(session, dataclasses.replace(ours, clinic=neighbours))
        paused = add_reminder(session, ours)
        add_step(session, ours, theirs)
        assert reminders.change_state(session, paused, ReminderState.PAUSED)
    before = {name: rows(database, name) for name in ("deliveries", "contact_tasks", "step_deliveries")}
    assert all(before.values())
    downgrade(database, "0013")
    assert "clinic_id" not in {column["name"] for column in inspect(database.engine).get_columns("deliveries")}
    schema.upgrade(database)
    assert {name: rows(database, name) for name in before} == before
    with database.reading() as session:
        assert [head.clinic_id for head in claims.heads(session, "T1")] == [neighbours.id]


def rows(database: Database, table: str) -> list[dict[str, Any]]:
    """Everything in a table, whatever the order of its columns."""
    with database.reading() as session:
        found = session.execute(select(Base.metadata.tables[table]))
        return sorted((dict(row._mapping) for row in found), key=lambda row: sorted(map(str, row.items())))


def test_the_current_schema_is_accepted(database: Database) -> None:
    schema.require_current(database)


def test_an_empty_database_is_refused_with_what_to_do(empty_database: Database) -> None:
    with pytest.raises(schema.SchemaMismatch, match="is empty; run: reminder-bot db upgrade"):
        schema.require_current(empty_database)


def test_a_schema_of_a_newer_version_is_refused_with_what_to_do(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.SchemaMismatch, match=r"at schema 9999.*run a newer version"):
        schema.require_current(database)
    with pytest.raises(schema.SchemaMismatch, match=r"at schema 9999.*run a newer version"):
        schema.upgrade(database)
