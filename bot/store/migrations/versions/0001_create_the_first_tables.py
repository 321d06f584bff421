"""Create the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workspaces_pkey"),
        sa.UniqueConstraint("team_id", name="workspaces_team_id_unique"),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("email_allowed", sa.Boolean(), nullable=False),
        sa.Column("sms_allowed", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("search_key", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="clients_workspace_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="clients_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="clients_id_workspace_id_unique"),
    )
    op.create_index("clients_workspace_id_name", "clients", ["workspace_id", "name"])

    op.create_table(
        "clinics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("send_time", sa.Time(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("staff_channel", sa.String(length=32), nullable=False),
        sa.Column("sender_email", sa.String(length=320), nullable=False),
        sa.Column("default_method", sa.String(length=32), nullable=False),
        sa.Column("policy_note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "default_method IN ('email', 'sms', 'both', 'post', 'external')", name=op.f("clinics_default_method_known")
        ),
        sa.CheckConstraint("opens <= send_time AND send_time < closes", name=op.f("clinics_sends_within_its_window")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="clinics_workspace_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="clinics_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="clinics_id_workspace_id_unique"),
        sa.UniqueConstraint("workspace_id", "name", name="clinics_workspace_id_name_unique"),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=75), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("templates_revision_counts_from_one")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="templates_workspace_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="templates_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="templates_id_workspace_id_unique"),
        sa.UniqueConstraint("workspace_id", "name", name="templates_workspace_id_name_unique"),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("species", sa.String(length=100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("search_key", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "workspace_id"],
            ["clients.id", "clients.workspace_id"],
            name="patients_client_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="patients_pkey"),
        sa.UniqueConstraint("id", "client_id", name="patients_id_client_id_unique"),
    )
    op.create_index("patients_client_id", "patients", ["client_id"])
    op.create_index("patients_workspace_id_name", "patients", ["workspace_id", "name"])

    op.create_table(
        "template_texts",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("email_text", sa.String(length=3000), nullable=False),
        sa.Column("sms_text", sa.String(length=3000), nullable=False),
        sa.Column("letter_text", sa.String(length=3000), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name="template_texts_template_id_fkey"),
        sa.PrimaryKeyConstraint("template_id", "revision", "language", name="template_texts_pkey"),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("email_override", sa.String(length=320), nullable=True),
        sa.Column("phone_override", sa.String(length=20), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("template_revision", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("email_text", sa.String(length=3000), nullable=False),
        sa.Column("sms_text", sa.String(length=3000), nullable=False),
        sa.Column("letter_text", sa.String(length=3000), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("send_before", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(length=32), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(origin = 'manual' AND template_id IS NULL AND template_revision IS NULL) OR (origin <> 'manual' AND template_id IS NOT NULL AND template_revision IS NOT NULL)",
            name=op.f("reminders_origin_fits_template"),
        ),
        sa.CheckConstraint(
            "(recurrence = 'none' AND repetitions = 1) OR (recurrence <> 'none' AND repetitions BETWEEN 2 AND 99)",
            name=op.f("reminders_repetitions_fit_recurrence"),
        ),
        sa.CheckConstraint("method <> 'post' OR letter_text <> ''", name=op.f("reminders_letter_has_its_text")),
        sa.CheckConstraint(
            "method IN ('email', 'sms', 'both', 'post', 'external')", name=op.f("reminders_method_known")
        ),
        sa.CheckConstraint(
            "method NOT IN ('email', 'both', 'external') OR (subject <> '' AND email_text <> '')",
            name=op.f("reminders_email_has_its_text"),
        ),
        sa.CheckConstraint("method NOT IN ('sms', 'both') OR sms_text <> ''", name=op.f("reminders_sms_has_its_text")),
        sa.CheckConstraint("origin IN ('template', 'edited', 'manual')", name=op.f("reminders_origin_known")),
        sa.CheckConstraint(
            "recurrence IN ('none', 'daily', 'weekly', 'every-2-weeks', 'monthly', 'every-2-months', 'every-3-months', 'every-6-months', 'yearly')",
            name=op.f("reminders_recurrence_known"),
        ),
        sa.CheckConstraint("state IN ('active', 'paused', 'cancelled')", name=op.f("reminders_state_known")),
        sa.CheckConstraint("first_number >= 1", name=op.f("reminders_first_number_counts_from_one")),
        sa.CheckConstraint("send_before >= 0", name=op.f("reminders_send_before_is_no_earlier_than_due")),
        sa.CheckConstraint("version >= 1", name=op.f("reminders_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["client_id", "workspace_id"],
            ["clients.id", "clients.workspace_id"],
            name="reminders_client_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "workspace_id"],
            ["clinics.id", "clinics.workspace_id"],
            name="reminders_clinic_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id", "client_id"],
            ["patients.id", "patients.client_id"],
            name="reminders_patient_id_client_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["template_id", "workspace_id"],
            ["templates.id", "templates.workspace_id"],
            name="reminders_template_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="reminders_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="reminders_id_workspace_id_unique"),
    )
    op.create_index("reminders_client_id", "reminders", ["client_id"])
    op.create_index("reminders_patient_id", "reminders", ["patient_id"])
    op.create_index("reminders_template_id", "reminders", ["template_id"])
    op.create_index("reminders_workspace_id_state", "reminders", ["workspace_id", "state"])

    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id", "workspace_id"],
            ["reminders.id", "reminders.workspace_id"],
            name="history_reminder_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="history_pkey"),
    )
    op.create_index("history_reminder_id", "history", ["reminder_id"])

    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("occurrences_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["reminder_id", "workspace_id"],
            ["reminders.id", "reminders.workspace_id"],
            name="occurrences_reminder_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="occurrences_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="occurrences_id_workspace_id_unique"),
        sa.UniqueConstraint("reminder_id", "number", name="occurrences_reminder_id_number_unique"),
    )
    op.create_table(
        "submissions",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id", "workspace_id"],
            ["reminders.id", "reminders.workspace_id"],
            name="submissions_reminder_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="submissions_pkey"),
    )
    op.create_index("submissions_created_at", "submissions", ["created_at"])

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.String(length=64), nullable=True),
        sa.Column("provider_ref", sa.String(length=320), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('planned', 'sending'))", name=op.f("deliveries_finished_fits_state")
        ),
        sa.CheckConstraint(
            "(lease_owner IS NOT NULL) = (state = 'sending')", name=op.f("deliveries_lease_owner_fits_state")
        ),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'sending')", name=op.f("deliveries_lease_end_fits_state")
        ),
        sa.CheckConstraint(
            "begun_at IS NOT NULL OR state NOT IN ('sent', 'delivered', 'unknown')",
            name=op.f("deliveries_what_may_have_left_has_begun"),
        ),
        sa.CheckConstraint("begun_at IS NULL OR state <> 'planned'", name=op.f("deliveries_planned_has_not_begun")),
        sa.CheckConstraint("channel IN ('email', 'sms', 'post', 'external')", name=op.f("deliveries_channel_known")),
        sa.CheckConstraint(
            "state IN ('planned', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'skipped', 'cancelled')",
            name=op.f("deliveries_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'unknown', 'skipped') OR reason IS NOT NULL",
            name=op.f("deliveries_reason_is_told"),
        ),
        sa.CheckConstraint("attempt >= 0", name=op.f("deliveries_attempt_counts_from_zero")),
        sa.ForeignKeyConstraint(
            ["occurrence_id", "workspace_id"],
            ["occurrences.id", "occurrences.workspace_id"],
            name="deliveries_occurrence_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="deliveries_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="deliveries_id_workspace_id_unique"),
        sa.UniqueConstraint("key", name="deliveries_key_unique"),
        sa.UniqueConstraint("occurrence_id", "channel", name="deliveries_occurrence_id_channel_unique"),
    )
    op.create_index(
        "deliveries_unfinished",
        "deliveries",
        ["send_at"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )

    op.create_table(
        "contact_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("card_revision", sa.Integer(), nullable=False),
        sa.Column("card_channel", sa.String(length=32), nullable=True),
        sa.Column("card_ts", sa.String(length=32), nullable=True),
        sa.Column("card_lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_attempt", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (state = 'done')", name=op.f("contact_tasks_closed_fits_state")),
        sa.CheckConstraint("(closed_by IS NOT NULL) = (state = 'done')", name=op.f("contact_tasks_closer_fits_state")),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("contact_tasks_state_known")),
        sa.CheckConstraint(
            "(card_ts IS NULL) = (card_channel IS NULL)", name=op.f("contact_tasks_card_has_a_whole_address")
        ),
        sa.CheckConstraint("card_revision <= revision", name=op.f("contact_tasks_card_is_never_ahead")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "workspace_id"],
            ["clinics.id", "clinics.workspace_id"],
            name="contact_tasks_clinic_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id", "workspace_id"],
            ["deliveries.id", "deliveries.workspace_id"],
            name="contact_tasks_delivery_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="contact_tasks_pkey"),
        sa.UniqueConstraint("delivery_id", name="contact_tasks_delivery_id_unique"),
    )
    op.create_index(
        "contact_tasks_card_behind",
        "contact_tasks",
        ["id"],
        sqlite_where=sa.text("card_revision < revision"),
        postgresql_where=sa.text("card_revision < revision"),
    )
    op.create_index("contact_tasks_workspace_id_state", "contact_tasks", ["workspace_id", "state"])


def downgrade() -> None:
    op.drop_index("contact_tasks_workspace_id_state", table_name="contact_tasks")
    op.drop_index("contact_tasks_card_behind", table_name="contact_tasks")

    op.drop_table("contact_tasks")
    op.drop_index("deliveries_unfinished", table_name="deliveries")

    op.drop_table("deliveries")
    op.drop_index("submissions_created_at", table_name="submissions")

    op.drop_table("submissions")
    op.drop_table("occurrences")
    op.drop_index("history_reminder_id", table_name="history")

    op.drop_table("history")
    op.drop_index("reminders_workspace_id_state", table_name="reminders")
    op.drop_index("reminders_template_id", table_name="reminders")
    op.drop_index("reminders_patient_id", table_name="reminders")
    op.drop_index("reminders_client_id", table_name="reminders")

    op.drop_table("reminders")
    op.drop_table("template_texts")
    op.drop_index("patients_workspace_id_name", table_name="patients")
    op.drop_index("patients_client_id", table_name="patients")

    op.drop_table("patients")
    op.drop_table("templates")
    op.drop_table("clinics")
    op.drop_index("clients_workspace_id_name", table_name="clients")

    op.drop_table("clients")
    op.drop_table("workspaces")
