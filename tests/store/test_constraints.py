from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.exc import IntegrityError

from bot.domain.model import TextOrigin, Texts
from bot.domain.reminder_filter import Place, ReminderFilter
from bot.domain.rights import Editors, TemplateEditors
from bot.store import clinics, list_filters, template_changes, templates
from bot.store.database import AlreadyStored, Database
from bot.store.tables import Base
from tests.store.rows import NOW, add_client, add_patient, add_reminder, add_settings_change, add_step, add_task, stock

OF_A_FILLED_IN_FORM = [
    ("reminders_method_known", "UPDATE reminders SET method = 'pigeon'"),
    ("reminders_recurrence_known", "UPDATE reminders SET recurrence = 'hourly', repetitions = 2"),
    ("reminders_origin_known", "UPDATE reminders SET origin = 'copied', template_id = 1, template_revision = 1"),
    ("reminders_first_number_counts_from_one", "UPDATE reminders SET first_number = 0"),
    ("reminders_version_counts_from_one", "UPDATE reminders SET version = 0"),
    ("reminders_send_before_is_no_earlier_than_due", "UPDATE reminders SET send_before = -1"),
    ("reminders_repetitions_fit_recurrence", "UPDATE reminders SET repetitions = 2"),
    ("reminders_repetitions_fit_recurrence", "UPDATE reminders SET recurrence = 'daily'"),
    ("reminders_repetitions_fit_recurrence", "UPDATE reminders SET recurrence = 'daily', repetitions = 100"),
    ("reminders_origin_fits_template", "UPDATE reminders SET origin = 'template'"),
    ("reminders_origin_fits_template", "UPDATE reminders SET template_id = 1, template_revision = 1"),
    ("reminders_origin_fits_template", "UPDATE reminders SET origin = 'edited', template_id = 1"),
    ("reminders_language_is_of_a_template", "UPDATE reminders SET template_language = 'sv'"),
    ("reminders_email_has_its_text", "UPDATE reminders SET subject = ''"),
    ("reminders_email_has_its_text", "UPDATE reminders SET method = 'external', email_text = ''"),
    ("reminders_sms_has_its_text", "UPDATE reminders SET method = 'both', sms_text = ''"),
    ("reminders_letter_has_its_text", "UPDATE reminders SET method = 'post', letter_text = ''"),
]

WRONG_STATES = [
    *OF_A_FILLED_IN_FORM,
    ("clinics_sends_within_its_window", "UPDATE clinics SET send_time = '20:00:00.000000'"),
    ("clinics_sends_within_its_window", "UPDATE clinics SET opens = '09:00:01.000000'"),
    ("clinics_default_method_known", "UPDATE clinics SET default_method = 'pigeon'"),
    ("clinics_sends_on_some_weekday", "UPDATE clinics SET closed_weekdays = 127"),
    ("clinics_sends_on_some_weekday", "UPDATE clinics SET closed_weekdays = -1"),
    ("clinics_subdivision_is_for_holidays", "UPDATE clinics SET subdivision = 'BY'"),
    ("clinics_version_counts_from_one", "UPDATE clinics SET version = 0"),
    ("workspaces_template_editors_known", "UPDATE workspaces SET template_editors = 'nobody'"),
    ("workspaces_version_counts_from_one", "UPDATE workspaces SET version = 0"),
    ("settings_changes_moved_is_a_count", "UPDATE settings_changes SET moved = -1"),
    ("settings_changes_version_counts_from_one", "UPDATE settings_changes SET version = 0"),
    ("settings_changes_workspace_version_counts_from_one", "UPDATE settings_changes SET workspace_version = 0"),
    ("clients_version_counts_from_one", "UPDATE clients SET version = 0"),
    ("templates_revision_counts_from_one", "UPDATE templates SET revision = 0"),
    ("reminders_state_known", "UPDATE reminders SET state = 'lost'"),
    ("list_filters_place_known", "UPDATE list_filters SET place = 'wall'"),
    ("list_filters_status_known", "UPDATE list_filters SET status = 'lost'"),
    ("list_filters_method_known", "UPDATE list_filters SET method = 'pigeon'"),
    ("list_filters_due_window_known", "UPDATE list_filters SET due_window = 'never'"),
    ("list_filters_days_are_of_their_window", "UPDATE list_filters SET first_day = '2026-12-01'"),
    ("list_filters_days_are_of_their_window", "UPDATE list_filters SET last_day = '2026-12-01'"),
    ("list_filters_version_counts_from_one", "UPDATE list_filters SET version = 0"),
    ("occurrences_number_counts_from_one", "UPDATE occurrences SET number = 0"),
    ("deliveries_channel_known", "UPDATE deliveries SET channel = 'pigeon'"),
    ("deliveries_state_known", "UPDATE deliveries SET state = 'lost', finished_at = send_at"),
    ("deliveries_finished_fits_state", "UPDATE deliveries SET state = 'sent', begun_at = send_at"),
    ("deliveries_finished_fits_state", "UPDATE deliveries SET finished_at = send_at WHERE state = 'planned'"),
    (
        "deliveries_lease_owner_fits_state",
        "UPDATE deliveries SET state = 'sending', lease_until = send_at WHERE state = 'planned'",
    ),
    ("deliveries_lease_owner_fits_state", "UPDATE deliveries SET lease_owner = 'x' WHERE state = 'planned'"),
    (
        "deliveries_lease_end_fits_state",
        "UPDATE deliveries SET state = 'sending', lease_owner = 'x' WHERE state = 'planned'",
    ),
    ("deliveries_planned_has_not_begun", "UPDATE deliveries SET begun_at = send_at WHERE state = 'planned'"),
    ("deliveries_what_may_have_left_has_begun", "UPDATE deliveries SET state = 'sent', finished_at = send_at"),
    ("deliveries_what_may_have_left_has_begun", "UPDATE deliveries SET state = 'delivered', finished_at = send_at"),
    (
        "deliveries_what_may_have_left_has_begun",
        "UPDATE deliveries SET state = 'unknown', finished_at = send_at, reason = 'outcome-unknown'",
    ),
    ("deliveries_reason_is_told", "UPDATE deliveries SET state = 'failed', finished_at = send_at"),
    (
        "deliveries_reason_is_told",
        "UPDATE deliveries SET state = 'unknown', begun_at = send_at, finished_at = send_at, reason = NULL",
    ),
    ("deliveries_reason_is_told", "UPDATE deliveries SET state = 'skipped', finished_at = send_at"),
    ("deliveries_attempt_counts_from_zero", "UPDATE deliveries SET attempt = -1"),
    ("contact_tasks_state_known", "UPDATE contact_tasks SET state = 'lost'"),
    ("contact_tasks_closed_fits_state", "UPDATE contact_tasks SET state = 'done', closed_by = 'U1'"),
    ("contact_tasks_closer_fits_state", "UPDATE contact_tasks SET state = 'done', closed_at = created_at"),
    ("contact_tasks_closer_fits_state", "UPDATE contact_tasks SET closed_by = 'U1'"),
    (
        "contact_tasks_instead_known",
        "UPDATE contact_tasks SET state = 'done', closed_by = 'U1', closed_at = created_at, instead = 'guessed'",
    ),
    ("contact_tasks_instead_fits_state", "UPDATE contact_tasks SET instead = 'sent-again'"),
    ("contact_tasks_card_is_never_ahead", "UPDATE contact_tasks SET card_revision = revision + 1"),
    ("contact_tasks_card_has_a_whole_address", "UPDATE contact_tasks SET card_ts = '1.0'"),
    ("template_changes_scope_known", "UPDATE template_changes SET scope = 'some' WHERE rewrites"),
    ("template_changes_replaces_an_earlier_revision", "UPDATE template_changes SET replaced = revision"),
    ("template_changes_what_is_new_rewrites_nothing", "UPDATE template_changes SET replaced = NULL WHERE rewrites"),
    ("template_changes_scope_is_of_other_texts", "UPDATE template_changes SET rewrites = FALSE, scope = 'all'"),
    ("template_changes_undone_is_told_whole", "UPDATE template_changes SET undone_by = 'U1'"),
    (
        "template_changes_undone_were_other_texts",
        "UPDATE template_changes SET rewrites = FALSE, undone_by = 'U1', undone_at = made_at",
    ),
    ("replaced_texts_origin_is_a_template", "UPDATE replaced_texts SET origin = 'manual'"),
    ("steps_kind_known", "UPDATE steps SET kind = 'dance'"),
    ("steps_undone_is_told_whole", "UPDATE steps SET undone_by = 'U1'"),
    ("steps_undone_is_told_whole", "UPDATE steps SET undone_at = at"),
    ("steps_patient_fits_kind", "UPDATE steps SET kind = 'patient-died'"),
    ("steps_patient_fits_kind", "UPDATE steps SET patient_id = :patient"),
    ("steps_client_fits_kind", "UPDATE steps SET kind = 'client-inactive'"),
    ("steps_client_fits_kind", "UPDATE steps SET client_id = :client"),
    ("step_reminders_state_before_known", "UPDATE step_reminders SET state_before = 'lost'"),
    ("step_reminders_version_counts_on", "UPDATE step_reminders SET version_after = 1"),
    *(
        (constraint.replace("reminders_", "earlier_forms_", 1), statement.replace(" reminders ", " earlier_forms "))
        for constraint, statement in OF_A_FILLED_IN_FORM
    ),
]

WRONG_TIES = [
    ("a reminder for a client of another workspace", "UPDATE reminders SET client_id = :other_client"),
    ("a reminder for another client's patient", "UPDATE reminders SET patient_id = :other_patient"),
    ("a reminder of another workspace's clinic", "UPDATE reminders SET clinic_id = :other_clinic"),
    ("a patient of another workspace's client", "UPDATE patients SET client_id = :other_client WHERE id = :patient"),
    ("a reminder moved to another workspace", "UPDATE reminders SET workspace_id = :other_workspace"),
    ("a task of another workspace's clinic", "UPDATE contact_tasks SET clinic_id = :other_clinic"),
    ("a filter for another workspace's clinic", "UPDATE list_filters SET clinic_id = :other_clinic"),
    ("an occurrence moved to another workspace", "UPDATE occurrences SET workspace_id = :other_workspace"),
    ("a delivery moved to another workspace", "UPDATE deliveries SET workspace_id = :other_workspace"),
    ("a task for nothing", "UPDATE contact_tasks SET delivery_id = 999"),
    (
        "a reminder from a template that does not exist",
        "UPDATE reminders SET origin = 'edited', template_id = 999, template_revision = 1",
    ),
    ("a change of a template's texts that are not there", "UPDATE template_changes SET language = 'xx'"),
    ("a replaced text of a reminder that does not exist", "UPDATE replaced_texts SET reminder_id = 999"),
    ("a replaced text of another workspace's reminder", "UPDATE replaced_texts SET workspace_id = :other_workspace"),
    ("an earlier form for another client's patient", "UPDATE earlier_forms SET patient_id = :other_patient"),
    ("a step of another workspace's client", "UPDATE steps SET kind = 'client-inactive', client_id = :other_client"),
    ("a step moved to another workspace", "UPDATE steps SET workspace_id = :other_workspace"),
    ("a step of a reminder that does not exist", "UPDATE step_reminders SET reminder_id = 999"),
    ("a change of settings of another workspace's clinic", "UPDATE settings_changes SET clinic_id = :other_clinic"),
    ("a named person of no workspace", "UPDATE template_editors SET workspace_id = 999"),
    ("a client gone while a reminder waits", "DELETE FROM clients WHERE id = :client"),
    ("a reminder gone while its occurrences stay", "DELETE FROM reminders"),
]

TWICE = [
    ("two workspaces for one team", "UPDATE workspaces SET team_id = 'same'"),
    ("two clinics of one name", "UPDATE clinics SET workspace_id = :workspace, name = 'same'"),
    ("two deliveries of one occurrence over one channel", "UPDATE deliveries SET occurrence_id = 1, channel = 'sms'"),
    ("two deliveries of one key", "UPDATE deliveries SET key = 'same'"),
    ("two occurrences of one number", "UPDATE occurrences SET reminder_id = 1, number = 1"),
    ("two changes of settings by one submission", "UPDATE settings_changes SET key = 'same'"),
    ("two changes of one submission", "UPDATE template_changes SET key = 'same'"),
    ("two templates of one name", "UPDATE templates SET name = 'same'"),
]


@pytest.fixture(scope="module")
def ids(shared_database: Database) -> dict[str, int]:
    """Rows in every table, in good order, and the ids that the statements name."""
    with shared_database.writing() as session:
        ours, others = stock(session, "T1"), stock(session, "T2")
        add_task(session, ours)
        waiting = add_reminder(session, ours)
        add_step(session, ours, waiting)
        for key in ("k1", "k2"):
            add_settings_change(session, ours, key)
        named = TemplateEditors(Editors.NAMED, frozenset({"U1"}))
        assert clinics.change_for_all(session, ours.workspace, clinics.ForAllClinics(1, named))
        second = add_client(session, ours.workspace, "Ove")
        other_patient = add_patient(session, ours.workspace, second)
        for name in ("one", "two"):
            session.execute(
                text("INSERT INTO templates (workspace_id, name, revision) VALUES (:workspace, :name, 1)"),
                {"workspace": ours.workspace, "name": name},
            )
        texts = Texts("Ämne", "Brev", "SMS", "Papper")
        template = templates.add(session, ours.workspace, "three", {"sv": texts}, created_by="U1", now=NOW)
        for key, before in (("k1", None), ("k2", 1)):
            whole = templates.whole(session, ours.workspace, template)
            assert whole is not None
            if before:
                assert templates.revise(session, whole, "three", {"sv": texts}, created_by="U1", now=NOW)
            change = template_changes.add(
                session,
                ours.workspace,
                key,
                template_id=template,
                revision=(before or 0) + 1,
                replaced=before,
                language="sv",
                rewrites=before is not None,
                who="U1",
                now=NOW,
            )
        list_filters.remember(session, ours.workspace, "U1", Place.HOME, ReminderFilter(clinic_id=ours.clinic.id))
        made_from = dataclasses.replace(waiting.draft, origin=TextOrigin.TEMPLATE, template_revision=1)
        template_changes.keep(session, ours.workspace, change, [dataclasses.replace(waiting, draft=made_from)])
        return {
            "workspace": ours.workspace,
            "client": ours.client.id,
            "patient": ours.patient.id,
            "other_workspace": others.workspace,
            "other_clinic": others.clinic.id,
            "other_client": others.client.id,
            "other_patient": other_patient.id,
        }


def refused(database: Database, statement: str, ids: dict[str, int]) -> str:
    named = {name: value for name, value in ids.items() if f":{name}" in statement}
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.execute(text(statement), named)
    return str(caught.value.orig).lower()


@pytest.mark.parametrize(("constraint", "statement"), WRONG_STATES)
def test_a_wrong_state_cannot_be_stored(
    shared_database: Database, ids: dict[str, int], constraint: str, statement: str
) -> None:
    assert constraint in refused(shared_database, statement, ids)


@pytest.mark.parametrize(("what", "statement"), WRONG_TIES)
def test_a_row_cannot_point_where_it_must_not(
    shared_database: Database, ids: dict[str, int], what: str, statement: str
) -> None:
    assert "foreign key" in refused(shared_database, statement, ids), what


@pytest.mark.parametrize(("what", "statement"), TWICE)
def test_there_is_only_one_of_what_must_be_one(
    shared_database: Database, ids: dict[str, int], what: str, statement: str
) -> None:
    with pytest.raises(AlreadyStored), shared_database.writing() as session:
        session.execute(text(statement), {"workspace": ids["workspace"]} if ":workspace" in statement else {})
    assert what


def test_every_check_has_a_wrong_state_above() -> None:
    checks = {
        str(one.name)
        for table in Base.metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert {constraint for constraint, _ in WRONG_STATES} == checks
