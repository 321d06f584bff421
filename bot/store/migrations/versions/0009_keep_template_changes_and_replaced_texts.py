"""Keep how templates change, which texts a change replaced, and in which language a reminder was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("rewrites", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=True),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('unchanged', 'all', 'none')", name=op.f("template_changes_scope_known")),
        sa.CheckConstraint(
            "replaced IS NULL OR replaced < revision", name=op.f("template_changes_replaces_an_earlier_revision")
        ),
        sa.CheckConstraint(
            "replaced IS NOT NULL OR NOT rewrites", name=op.f("template_changes_what_is_new_rewrites_nothing")
        ),
        sa.CheckConstraint("scope IS NULL OR rewrites", name=op.f("template_changes_scope_is_of_other_texts")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("template_changes_undone_is_told_whole")
        ),
        sa.CheckConstraint("undone_at IS NULL OR rewrites", name=op.f("template_changes_undone_were_other_texts")),
        sa.ForeignKeyConstraint(
            ["template_id", "workspace_id"],
            ["templates.id", "templates.workspace_id"],
            name="template_changes_template_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["template_id", "revision", "language"],
            ["template_texts.template_id", "template_texts.revision", "template_texts.language"],
            name="template_changes_template_id_revision_language_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="template_changes_pkey"),
        sa.UniqueConstraint("workspace_id", "key", name="template_changes_workspace_id_key_unique"),
        sa.UniqueConstraint("template_id", "revision", name="template_changes_template_id_revision_unique"),
        sa.UniqueConstraint("id", "workspace_id", name="template_changes_id_workspace_id_unique"),
    )
    op.create_table(
        "replaced_texts",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("template_revision", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("email_text", sa.String(length=3000), nullable=False),
        sa.Column("sms_text", sa.String(length=3000), nullable=False),
        sa.Column("letter_text", sa.String(length=3000), nullable=False),
        sa.CheckConstraint("origin IN ('template', 'edited')", name=op.f("replaced_texts_origin_is_a_template")),
        sa.ForeignKeyConstraint(
            ["change_id", "workspace_id"],
            ["template_changes.id", "template_changes.workspace_id"],
            name="replaced_texts_change_id_workspace_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["reminder_id", "workspace_id"],
            ["reminders.id", "reminders.workspace_id"],
            name="replaced_texts_reminder_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("change_id", "reminder_id", name="replaced_texts_pkey"),
    )
    op.create_index("replaced_texts_reminder_id", "replaced_texts", ["reminder_id"])
    # By hand: alembic would copy the whole table on SQLite, and lose its checks, to add a column with a check.
    op.execute(
        "ALTER TABLE reminders ADD COLUMN template_language VARCHAR(16)"
        " CONSTRAINT reminders_language_is_of_a_template CHECK (template_language IS NULL OR template_id IS NOT NULL)"
    )
    # As the form chose it when the reminder was made: the client's language, else the clinic's, else the first.
    op.execute(
        """
        UPDATE reminders SET template_language = (
            SELECT texts.language
            FROM template_texts AS texts, clients, clinics
            WHERE texts.template_id = reminders.template_id AND texts.revision = reminders.template_revision
              AND clients.id = reminders.client_id AND clinics.id = reminders.clinic_id
            ORDER BY
              CASE texts.language WHEN clients.language THEN 0 WHEN clinics.language THEN 1 ELSE 2 END, texts.language
            LIMIT 1
        )
        WHERE template_id IS NOT NULL
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE reminders DROP COLUMN template_language")
    op.drop_index("replaced_texts_reminder_id", table_name="replaced_texts")
    op.drop_table("replaced_texts")
    op.drop_table("template_changes")
