"""Keep with a contact task what its delivery was to say, and where it was to go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The tasks that are there did not keep it: their reminder as it is now is the best that is known.
_OF_THE_REMINDER = """
    UPDATE contact_tasks SET subject = was.subject, text = was.text,
        email_override = was.email_override, phone_override = was.phone_override
    FROM (
        SELECT deliveries.id AS delivery_id, reminders.email_override, reminders.phone_override,
            CASE WHEN deliveries.channel IN ('email', 'external') THEN reminders.subject ELSE '' END AS subject,
            CASE deliveries.channel WHEN 'post' THEN reminders.letter_text WHEN 'sms' THEN reminders.sms_text
                ELSE reminders.email_text END AS text
        FROM deliveries
        JOIN occurrences ON occurrences.id = deliveries.occurrence_id
        JOIN reminders ON reminders.id = occurrences.reminder_id
    ) AS was
    WHERE was.delivery_id = contact_tasks.delivery_id
"""


def upgrade() -> None:
    with op.batch_alter_table("contact_tasks") as table:
        table.add_column(sa.Column("subject", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("text", sa.String(length=3000), nullable=True))
        table.add_column(sa.Column("email_override", sa.String(length=320), nullable=True))
        table.add_column(sa.Column("phone_override", sa.String(length=20), nullable=True))
    op.execute(_OF_THE_REMINDER)
    with op.batch_alter_table("contact_tasks") as table:
        table.alter_column("subject", existing_type=sa.String(length=200), nullable=False)
        table.alter_column("text", existing_type=sa.String(length=3000), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("contact_tasks") as table:
        for column in ("phone_override", "email_override", "text", "subject"):
            table.drop_column(column)
