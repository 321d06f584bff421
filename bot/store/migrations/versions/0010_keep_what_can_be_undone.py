"""Keep what can be undone: the steps of staff, what reminders said before an edit, and what was moved up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("occurrences", sa.Column("moved_up", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('cancel', 'pause', 'resume', 'send-now', 'skip', 'edit', 'patient-died', 'client-inactive')",
            name=op.f("steps_kind_known"),
        ),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("steps_undone_is_told_whole")),
        sa.CheckConstraint("(patient_id IS NOT NULL) = (kind = 'patient-died')", name=op.f("steps_patient_fits_kind")),
        sa.CheckConstraint("(client_id IS NOT NULL) = (kind = 'client-inactive')", name=op.f("steps_client_fits_kind")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="steps_workspace_id_fkey"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="steps_patient_id_fkey"),
        sa.ForeignKeyConstraint(
            ["client_id", "workspace_id"],
            ["clients.id", "clients.workspace_id"],
            name="steps_client_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="steps_pkey"),
        sa.UniqueConstraint("id", "workspace_id", name="steps_id_workspace_id_unique"),
    )
    op.create_index("steps_at", "steps", ["at"])
    op.create_index("steps_patient_id", "steps", ["patient_id"])
    op.create_index("steps_client_id", "steps", ["client_id"])

    op.create_table(
        "step_reminders",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(length=32), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state_before IN ('active', 'paused', 'cancelled')", name=op.f("step_reminders_state_before_known")
        ),
        sa.CheckConstraint("version_after >= 2", name=op.f("step_reminders_version_counts_on")),
        sa.ForeignKeyConstraint(
            ["step_id", "workspace_id"],
            ["steps.id", "steps.workspace_id"],
            name="step_reminders_step_id_workspace_id_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reminder_id", "workspace_id"],
            ["reminders.id", "reminders.workspace_id"],
            name="step_reminders_reminder_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("step_id", "reminder_id", name="step_reminders_pkey"),
    )
    op.create_index("step_reminders_reminder_id", "step_reminders", ["reminder_id"])

    op.create_table(
        "step_deliveries",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("send_at_before", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id", "workspace_id"],
            ["steps.id", "steps.workspace_id"],
            name="step_deliveries_step_id_workspace_id_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id", "workspace_id"],
            ["deliveries.id", "deliveries.workspace_id"],
            name="step_deliveries_delivery_id_workspace_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("step_id", "delivery_id", name="step_deliveries_pkey"),
    )
    op.create_index("step_deliveries_delivery_id", "step_deliveries", ["delivery_id"])

    op.create_table(
        "earlier_forms",
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("email_override", sa.String(length=320), nullable=True),
        sa.Column("phone_override", sa.String(length=20), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("template_revision", sa.Integer(), nullable=True),
        sa.Column("template_language", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("email_text", sa.String(length=3000), nullable=False),
        sa.Column("sms_text", sa.String(length=3000), nullable=False),
        sa.Column("letter_text", sa.String(length=3000), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("send_before", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(length=32), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method IN ('email', 'sms', 'both', 'post', 'external')", name=op.f("earlier_forms_method_known")
        ),
        sa.CheckConstraint(
            "recurrence IN ('none', 'daily', 'weekly', 'every-2-weeks', 'monthly', 'every-2-months', 'every-3-months', 'every-6-months', 'yearly')",
            name=op.f("earlier_forms_recurrence_known"),
        ),
        sa.CheckConstraint("origin IN ('template', 'edited', 'manual')", name=op.f("earlier_forms_origin_known")),
        sa.CheckConstraint("version >= 1", name=op.f("earlier_forms_version_counts_from_one")),
        sa.CheckConstraint("first_number >= 1", name=op.f("earlier_forms_first_number_counts_from_one")),
        sa.CheckConstraint("send_before >= 0", name=op.f("earlier_forms_send_before_is_no_earlier_than_due")),
        sa.CheckConstraint(
            "(recurrence = 'none' AND repetitions = 1) OR (recurrence <> 'none' AND repetitions BETWEEN 2 AND 99)",
            name=op.f("earlier_forms_repetitions_fit_recurrence"),
        ),
        sa.CheckConstraint(
            "(origin = 'manual' AND template_id IS NULL AND template_revision IS NULL) OR (origin <> 'manual' AND template_id IS NOT NULL AND template_revision IS NOT NULL)",
            name=op.f("earlier_forms_origin_fits_template"),
        ),
        sa.CheckConstraint(
            "template_language IS NULL OR template_id IS NOT NULL", name=op.f("earlier_forms_language_is_of_a_template")
        ),
        sa.CheckConstraint(
            "method NOT IN ('email', 'both', 'external') OR (subject <> '' AND email_text <> '')",
            name=op.f("earlier_forms_email_has_its_text"),
        ),
        sa.CheckConstraint(
            "method NOT IN ('sms', 'both') OR sms_text <> ''", name=op.f("earlier_forms_sms_has_its_text")
        ),
        sa.CheckConstraint("method <> 'post' OR letter_text <> ''", name=op.f("earlier_forms_letter_has_its_text")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "workspace_id"],
            ["clinics.id", "clinics.workspace_id"],
            name="earlier_forms_clinic_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["client_id", "workspace_id"],
            ["clients.id", "clients.workspace_id"],
            name="earlier_forms_client_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id", "client_id"],
            ["patients.id", "patients.client_id"],
            name="earlier_forms_patient_id_client_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["template_id", "workspace_id"],
            ["templates.id", "templates.workspace_id"],
            name="earlier_forms_template_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["reminder_id", "workspace_id"],
            ["reminders.id", "reminders.workspace_id"],
            name="earlier_forms_reminder_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("reminder_id", "version", name="earlier_forms_pkey"),
    )
    op.create_index("earlier_forms_replaced_at", "earlier_forms", ["replaced_at"])


def downgrade() -> None:
    op.drop_index("earlier_forms_replaced_at", table_name="earlier_forms")
    op.drop_table("earlier_forms")
    op.drop_index("step_deliveries_delivery_id", table_name="step_deliveries")
    op.drop_table("step_deliveries")
    op.drop_index("step_reminders_reminder_id", table_name="step_reminders")
    op.drop_table("step_reminders")
    op.drop_index("steps_client_id", table_name="steps")
    op.drop_index("steps_patient_id", table_name="steps")
    op.drop_index("steps_at", table_name="steps")
    op.drop_table("steps")
    op.drop_column("occurrences", "moved_up")
