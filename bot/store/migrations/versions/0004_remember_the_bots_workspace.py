"""Remember which workspace a bot token is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("bot_token_hash", sa.String(length=64), nullable=True))
    op.create_index("workspaces_bot_token_hash", "workspaces", ["bot_token_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("workspaces_bot_token_hash", table_name="workspaces")
    op.drop_column("workspaces", "bot_token_hash")
