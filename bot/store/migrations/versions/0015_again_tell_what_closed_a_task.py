"""Tell of a contact task what closed it where nobody contacted the client."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Both checks come with the column: SQLite takes no other way without rebuilding the table.
CHECKS = (
    ("contact_tasks_instead_known", "instead IN ('recorded-sent', 'sent-again')"),
    ("contact_tasks_instead_fits_state", "instead IS NULL OR state = 'done'"),
)


def upgrade() -> None:
    checks = " ".join(f"CONSTRAINT {name} CHECK ({check})" for name, check in CHECKS)
    op.execute(f"ALTER TABLE contact_tasks ADD COLUMN instead VARCHAR(32) {checks}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, _ in CHECKS:
            op.drop_constraint(name, "contact_tasks")
    op.drop_column("contact_tasks", "instead")
