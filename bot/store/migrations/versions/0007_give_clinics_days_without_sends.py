"""Give clinics days without sends, and count the changes of their settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Each check comes with its column: SQLite takes no other way without rebuilding the table, to which others refer.
CHECKED = (
    ("version", "INTEGER DEFAULT 1 NOT NULL", "clinics_version_counts_from_one", "version >= 1"),
    (
        "closed_weekdays",
        "INTEGER DEFAULT 0 NOT NULL",
        "clinics_sends_on_some_weekday",
        "closed_weekdays >= 0 AND closed_weekdays < 127",
    ),
    (
        "subdivision",
        "VARCHAR(32) DEFAULT '' NOT NULL",
        "clinics_subdivision_is_for_holidays",
        "subdivision = '' OR closed_on_holidays",
    ),
)


def upgrade() -> None:
    op.add_column("clinics", sa.Column("closed_on_holidays", sa.Boolean(), server_default=sa.false(), nullable=False))
    for column, kind, name, check in CHECKED:
        op.execute(f"ALTER TABLE clinics ADD COLUMN {column} {kind} CONSTRAINT {name} CHECK ({check})")


def downgrade() -> None:
    for column, _, name, _ in reversed(CHECKED):
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(name, "clinics")
        op.drop_column("clinics", column)
    op.drop_column("clinics", "closed_on_holidays")
