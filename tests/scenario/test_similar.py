"""Does the form warn, without forbidding, when the patient waits for such a reminder already?"""

from __future__ import annotations

from blocks.ids import Action
from tests.scenario.form import Form, saved, stored, top
from tests.scenario.stage import Stage, both_databases
from tests.scenario.test_life import opened, pressed

SAME = "Pelle already has a waiting reminder from this template: Vaccination, due Tue 1 Dec 2026."
NEAR = "Pelle already has a waiting reminder due on nearly the same day: Vaccination, due Tue 1 Dec 2026."


@both_databases
def test_the_warning_follows_what_is_chosen_and_forbids_nothing(stage: Stage) -> None:
    saved(stage, stage.james)
    form = Form.opened(stage, stage.james).search("client", "åsa")
    assert "already has" not in form.shown
    form.choose("template", "Vaccination")
    assert SAME in form.shown
    form.choose("template", "Hälsokontroll")
    assert "already has" not in form.shown
    form.type("due-date", "2026-12-04")
    assert NEAR in form.shown
    form.type("due-date", "2026-12-05")
    assert "already has" not in form.shown
    form.type("due-date", "2026-11-28").choose("template", "Vaccination")
    assert SAME in form.shown
    assert "You can save this one all the same." in form.shown
    form.save()
    assert len(stage.reminders) == 2


def test_a_reminder_that_is_edited_is_not_like_itself(stage: Stage) -> None:
    saved(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_EDIT)
    assert "already has" not in top(stage.james).shown()


def test_what_was_sent_or_cancelled_and_other_patients_are_none_of_its_business(stage: Stage) -> None:
    stored(stage, 0, due_date="2026-11-24")
    stage.skip_to("2026-11-24")
    assert len(stage.mails) == 1
    stored(stage, 1)
    opened(stage, stage.james)
    pressed(stage, stage.james, Action.REMINDER_CANCEL)
    stored(stage, 2, client_id=1, patient_id=1, email="", phone="", method="post")
    form = Form.opened(stage, stage.james).filled(due="2026-11-25")
    assert "already has" not in form.shown
    form.type("due-date", "2026-12-01")
    assert "already has" not in form.shown


def test_a_copy_warns_of_its_original(stage: Stage) -> None:
    saved(stage, stage.james)
    stage.james.press(top(stage.james), Action.REMINDER_MENU, option="Duplicate")
    stage.settle()
    assert SAME in top(stage.james).shown()
