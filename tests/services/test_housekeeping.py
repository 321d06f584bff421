"""Is what has served its purpose forgotten, and nothing before that?"""

from __future__ import annotations

from bot.services.housekeeping import Housekeeping
from bot.store import submissions
from bot.store.submissions import Submission
from bot.store.tables import (
    DeliveryRow,
    EarlierFormRow,
    StepDeliveryRow,
    StepReminderRow,
    StepRow,
    SubmissionRow,
)
from tests.services.post_office import PostOffice
from tests.store.rows import DAY, MINUTE, NOW, Stock, add_reminder, add_step


def test_submissions_are_remembered_as_long_as_slack_may_repeat_them(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        add_reminder(session, ours)
        for days in range(4):
            submissions.remember(session, ours.workspace, Submission(f"V1:{days}", ""), 1, NOW - days * DAY)
    Housekeeping(office.database, office.clock).run()
    assert [row.key for row in office.rows(SubmissionRow)] == ["V1:0", "V1:1", "V1:2"]


def test_what_can_be_undone_or_asked_for_is_kept_and_no_longer(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        step = add_step(session, ours, add_reminder(session, ours))
    housekeeping = Housekeeping(office.database, office.clock)
    office.clock.skip(DAY)
    housekeeping.run()
    assert [row.id for row in office.rows(StepRow)] == [step]
    office.clock.skip(MINUTE)
    housekeeping.run()
    assert not [*office.rows(StepRow), *office.rows(StepReminderRow), *office.rows(StepDeliveryRow)]
    assert len(office.rows(EarlierFormRow)) == 1
    office.clock.skip(DAY)
    housekeeping.run()
    assert not office.rows(EarlierFormRow)
    assert len(office.rows(DeliveryRow)) == 1
