"""Count the changes of a client's record, and keep who made or looked at it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By hand: SQLite takes a column with its check in one statement, while alembic would copy the whole table, which
    # the foreign keys that point at it do not allow.
    op.execute(
        "ALTER TABLE clients ADD COLUMN version INTEGER DEFAULT 1 NOT NULL"
        " CONSTRAINT clients_version_counts_from_one CHECK (version >= 1)"
    )
    op.create_table(
        "client_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id", "workspace_id"],
            ["clients.id", "clients.workspace_id"],
            name="client_history_client_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="client_history_pkey"),
        sa.UniqueConstraint("workspace_id", "key", name="client_history_workspace_id_key_unique"),
    )
    op.create_index("client_history_client_id", "client_history", ["client_id"])


def downgrade() -> None:
    op.drop_index("client_history_client_id", table_name="client_history")
    op.drop_table("client_history")
    op.execute("ALTER TABLE clients DROP COLUMN version")
