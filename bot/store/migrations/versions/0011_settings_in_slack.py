"""Let clinics have a sender's name and an address for answers, name who may change templates, keep who set what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Each check comes with its column: SQLite takes no other way without rebuilding the table, to which others refer.
CHECKED = (
    (
        "template_editors",
        "VARCHAR(32) DEFAULT 'everybody' NOT NULL",
        "workspaces_template_editors_known",
        "template_editors IN ('everybody', 'admins', 'named')",
    ),
    ("version", "INTEGER DEFAULT 1 NOT NULL", "workspaces_version_counts_from_one", "version >= 1"),
)


def upgrade() -> None:
    op.add_column(
        "clinics", sa.Column("sender_name", sa.String(length=200), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("clinics", sa.Column("reply_to", sa.String(length=320), server_default=sa.text("''"), nullable=False))
    for column, kind, name, check in CHECKED:
        op.execute(f"ALTER TABLE workspaces ADD COLUMN {column} {kind} CONSTRAINT {name} CHECK ({check})")
    op.create_table(
        "template_editors",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="template_editors_workspace_id_fkey"),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name="template_editors_pkey"),
    )
    op.create_table(
        "settings_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.CheckConstraint("moved >= 0", name=op.f("settings_changes_moved_is_a_count")),
        sa.CheckConstraint("version >= 1", name=op.f("settings_changes_version_counts_from_one")),
        sa.CheckConstraint("workspace_version >= 1", name=op.f("settings_changes_workspace_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "workspace_id"],
            ["clinics.id", "clinics.workspace_id"],
            name="settings_changes_clinic_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="settings_changes_pkey"),
        sa.UniqueConstraint("workspace_id", "key", name="settings_changes_workspace_id_key_unique"),
    )
    op.create_index("settings_changes_clinic_id_id", "settings_changes", ["clinic_id", "id"])


def downgrade() -> None:
    op.drop_table("settings_changes")
    op.drop_table("template_editors")
    for column, _, name, _ in reversed(CHECKED):
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(name, "workspaces")
        op.drop_column("workspaces", column)
    op.drop_column("clinics", "reply_to")
    op.drop_column("clinics", "sender_name")
