"""Find what is due of each clinic over each channel by an index, and hold what belongs to a paused reminder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CLAIMABLE = "finished_at IS NULL AND NOT held"
_CLINIC = "deliveries_clinic_id_workspace_id_fkey"
_FILL = """
    UPDATE deliveries SET
        clinic_id = (SELECT reminders.clinic_id FROM occurrences JOIN reminders ON reminders.id = occurrences.reminder_id
                     WHERE occurrences.id = deliveries.occurrence_id),
        held = (SELECT reminders.state = 'paused' FROM occurrences JOIN reminders ON reminders.id = occurrences.reminder_id
                WHERE occurrences.id = deliveries.occurrence_id)
"""


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("clinic_id", sa.Integer(), nullable=True))
    op.add_column("deliveries", sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(_FILL)
    _set_children_aside()
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("clinic_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(_CLINIC, "clinics", ["clinic_id", "workspace_id"], ["id", "workspace_id"])
    _put_children_back()
    op.create_index(
        "deliveries_claimable",
        "deliveries",
        ["clinic_id", "channel", "send_at"],
        sqlite_where=sa.text(_CLAIMABLE),
        postgresql_where=sa.text(_CLAIMABLE),
    )


def downgrade() -> None:
    op.drop_index("deliveries_claimable", "deliveries")
    _set_children_aside()
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint(_CLINIC, type_="foreignkey")
        table.drop_column("held")
        table.drop_column("clinic_id")
    _put_children_back()


def _set_children_aside() -> None:
    # SQLite changes a table by making it anew, which it does not while other rows refer to the old one's.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TEMPORARY TABLE aside_tasks AS SELECT * FROM contact_tasks")
        op.execute("DELETE FROM contact_tasks")
        op.execute("CREATE TEMPORARY TABLE aside_steps AS SELECT * FROM step_deliveries")
        op.execute("DELETE FROM step_deliveries")


def _put_children_back() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO contact_tasks SELECT * FROM aside_tasks")
        op.execute("DROP TABLE aside_tasks")
        op.execute("INSERT INTO step_deliveries SELECT * FROM aside_steps")
        op.execute("DROP TABLE aside_steps")
