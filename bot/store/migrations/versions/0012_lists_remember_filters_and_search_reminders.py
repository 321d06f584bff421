"""Remember what people chose in their lists, and let reminders be searched for by their subject."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store import search_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AT_ONCE = 1000

_reminders = sa.table("reminders", *map(sa.column, ("id", "subject", "search_key")))


def upgrade() -> None:
    op.create_table(
        "list_filters",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=True),
        sa.Column("due_window", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("is_mine", sa.Boolean(), nullable=False),
        sa.CheckConstraint("place IN ('home', 'message')", name=op.f("list_filters_place_known")),
        sa.CheckConstraint(
            "status IN ('waiting', 'paused', 'sent', 'not-sent', 'to-deal-with', 'cancelled', 'all')",
            name=op.f("list_filters_status_known"),
        ),
        sa.CheckConstraint(
            "method IN ('email', 'sms', 'both', 'post', 'external')", name=op.f("list_filters_method_known")
        ),
        sa.CheckConstraint(
            "due_window IN ('any', 'sends-today', 'sends-this-week', 'overdue', 'within-7-days', 'within-30-days', 'later', 'between')",
            name=op.f("list_filters_due_window_known"),
        ),
        sa.CheckConstraint(
            "due_window = 'between' OR (first_day IS NULL AND last_day IS NULL)",
            name=op.f("list_filters_days_are_of_their_window"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("list_filters_version_counts_from_one")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="list_filters_workspace_id_fkey"),
        sa.ForeignKeyConstraint(
            ["clinic_id", "workspace_id"],
            ["clinics.id", "clinics.workspace_id"],
            name="list_filters_clinic_id_workspace_id_fkey",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "place", name="list_filters_pkey"),
    )
    op.add_column(
        "reminders", sa.Column("search_key", sa.String(length=500), nullable=False, server_default=sa.text("''"))
    )
    _make_keys()


def _make_keys() -> None:
    connection, last = op.get_bind(), 0
    changed = sa.update(_reminders).where(_reminders.c.id == sa.bindparam("row")).values(search_key=sa.bindparam("key"))
    while rows := connection.execute(
        sa.select(_reminders.c.id, _reminders.c.subject)
        .where(_reminders.c.id > last)
        .order_by(_reminders.c.id)
        .limit(_AT_ONCE)
    ).all():
        # What a key is, is asked of the code itself: an older idea of it would serve nobody.
        connection.execute(changed, [{"row": row.id, "key": search_key.reminder_key(row.subject)} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("reminders", "search_key")
    op.drop_table("list_filters")
