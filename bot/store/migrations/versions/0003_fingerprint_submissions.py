"""Keep with a saved form whether a second delivery of it says the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submissions") as table:
        table.add_column(sa.Column("fingerprint", sa.String(length=64), nullable=True))
    # Unlike any form: saved again, such a one is answered with how its reminder stands.
    op.execute("UPDATE submissions SET fingerprint = ''")
    with op.batch_alter_table("submissions") as table:
        table.alter_column("fingerprint", existing_type=sa.String(length=64), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("submissions") as table:
        table.drop_column("fingerprint")
