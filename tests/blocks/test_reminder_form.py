"""Does the form ask for what the choices so far call for, keep what was typed, and fit in a modal?"""

from __future__ import annotations

import dataclasses

import pytest

from blocks.elements import Choice
from blocks.form_meanwhile import FieldChange, Meanwhile
from blocks.history import HistoryLine
from blocks.ids import FormBlock
from blocks.limits import problems
from blocks.reminder_form import ReminderForm, reminder_form
from tests.blocks.samples import HOSTILE, SPEAKERS, English, Hostile, Wordy, cut, exact, filled_with, formatted, inputs

METHODS = [
    Choice("email", "E-mail"),
    Choice("sms", "SMS", "No phone number"),
    Choice("both", "E-mail and SMS"),
    Choice("post", "Post", "Staff get a task on the day"),
    Choice("external", "External"),
]
RECURRENCES = [Choice("none", "None"), Choice("yearly", "Yearly")]
CLINICS = [Choice("c1", "City"), Choice("c2", "Harbour")]
MINIMAL = ReminderForm(methods=METHODS[:1], recurrences=RECURRENCES[:1])
ORDINARY = ReminderForm(
    methods=METHODS,
    recurrences=RECURRENCES,
    clinics=CLINICS,
    clinic="c2",
    client=Choice("k1", "Anna Ek"),
    patient=Choice("p2", "Rex"),
    patients=[Choice("p1", "Misse"), Choice("p2", "Rex")],
    email="anna_ek@example.se",
    phone="070-174 06 05",
    method="both",
    templates=[Choice("t1", "Vaccination"), Choice("t2", "Tooth check")],
    template="t2",
    subject="Time for {{ patient }}",
    email_text="Dear {{ client }}",
    sms_text="Rex is due",
    letter_text="Dear Anna",
    sms_length="1 SMS, characters left: 150.",
    text_hint="Placeholders: {{ patient }}",
    policy_note="Be kind.",
    due_date="2026-12-24",
    due_date_hint="From today.",
    send_before="5",
    recurrence="yearly",
    repetitions="3",
    coming=["Sat 19 Dec 2026, 09:00", "Sun 19 Dec 2027, 09:00"],
    coming_note="Clinic time.",
    similar=["Rex already has a waiting reminder: Vaccination, due Thu 24 Dec 2026."] * 5,
    private_metadata="7",
)
MEANWHILE = Meanwhile(
    [HistoryLine("Mon 23 Nov 2026, 10:00", "Changed the reminder", "U1")],
    [FieldChange("Subject", "Old", "New", is_mine_kept=True), FieldChange("Due date", "1 Dec", "2 Dec", False)],
)
TEXTS = {"subject", "email-text", "sms-text", "letter-text"}


def made(form: ReminderForm) -> dict[str, object]:
    return reminder_form(form, English())


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize("method", [None, "email", "sms", "both", "post", "external"])
@pytest.mark.parametrize("form", [MINIMAL, ORDINARY], ids=["minimal", "ordinary"])
@pytest.mark.parametrize("changes", [{}, {"manual": True}, {"warning": "At most 1 day before."}, {"templates": []}])
def test_every_form_is_taken_by_slack(
    form: ReminderForm, method: str | None, changes: dict[str, object], words: English
) -> None:
    view = reminder_form(dataclasses.replace(form, method=method, **changes), words)  # type: ignore[arg-type]
    assert problems(view) == []
    assert cut(view, words) == []


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("method", ["both", "post"])
def test_hostile_text_is_taken_and_shown_as_text(hostile: Hostile, method: str) -> None:
    option = Choice("x", hostile.typed, hostile.typed)
    form = dataclasses.replace(
        filled_with(ORDINARY, hostile.typed),
        client=option,
        patient=option,
        patients=[option],
        clinics=[option, CLINICS[0]],
        templates=[option],
        methods=[dataclasses.replace(option, value=method)],
        method=method,
        coming=[hostile.typed] * 99,
        manual=True,
        warning="",
    )
    view = made(form)
    assert problems(view) == []
    assert hostile.escaped in formatted(view)
    assert hostile.exact in exact(view)
    warned = made(dataclasses.replace(form, warning=hostile.typed))
    assert problems(warned) == []
    assert hostile.escaped in formatted(warned)


def test_what_the_patient_waits_for_already_is_told_and_can_be_saved_all_the_same() -> None:
    text = formatted(made(ORDINARY))
    assert text.count("Rex already has a waiting reminder") == 3
    assert "… and 2 more\nYou can save this one all the same." in text
    assert "all the same" not in formatted(made(dataclasses.replace(ORDINARY, similar=[])))


def test_what_changed_meanwhile_is_told_at_the_top_field_by_field() -> None:
    top, *_ = formatted(made(dataclasses.replace(ORDINARY, meanwhile=MEANWHILE))).split("Placeholders")
    assert top.startswith(":warning: *This reminder changed while you had it open.")
    assert "Mon 23 Nov 2026, 10:00 <@U1>: Changed the reminder" in top
    assert "• *Subject*: was “Old”, is now “New”. Below stands what you entered." in top
    assert "• *Due date*: was “1 Dec”, is now “2 Dec”, and stands so below." in top
    assert "Save once more" in top
    assert formatted(made(dataclasses.replace(ORDINARY, meanwhile=MEANWHILE))).endswith("Look at the top of the form.")
    hindered = made(dataclasses.replace(ORDINARY, meanwhile=dataclasses.replace(MEANWHILE, hindrance="Cancelled.")))
    assert "Cancelled." in formatted(hindered)
    assert "Save once more" not in formatted(hindered)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_every_field_changed_to_whatever_somebody_typed_fits(hostile: Hostile) -> None:
    text = hostile.typed
    everything = Meanwhile([HistoryLine(text, text, "U1")] * 9, [FieldChange("Subject", text, text, True)] * 16, text)
    view = reminder_form(dataclasses.replace(ORDINARY, meanwhile=everything), Wordy())
    assert problems(view) == []
    assert hostile.escaped in formatted(view)


def test_what_was_typed_goes_back_into_the_fields_to_the_letter() -> None:
    fields = inputs(made(dataclasses.replace(ORDINARY, subject="<!channel> *Rex* & Co ", email="a_b@x.se")))
    assert fields["subject"]["initial_value"] == "<!channel> *Rex* & Co "
    assert fields["email"]["initial_value"] == "a_b@x.se"
    assert fields["client"]["initial_option"]["value"] == "k1"
    assert fields["patient"]["initial_option"]["value"] == "p2"
    assert fields["clinic"]["initial_option"]["value"] == "c2"
    assert fields["method"]["initial_option"]["value"] == "both"
    assert fields["template"]["initial_option"]["value"] == "t2"
    assert fields["due-date"]["initial_date"] == "2026-12-24"
    assert fields["send-before"]["initial_value"] == "5"
    assert fields["recurrence"]["initial_option"]["value"] == "yearly"
    assert fields["repetitions"]["initial_value"] == "3"


@pytest.mark.parametrize(
    ("method", "texts"),
    [
        ("email", {"subject", "email-text"}),
        ("sms", {"sms-text"}),
        ("both", {"subject", "email-text", "sms-text"}),
        ("post", {"letter-text"}),
        ("external", {"subject", "email-text"}),
        (None, set()),
    ],
)
def test_the_method_decides_which_texts_there_are(method: str | None, texts: set[str]) -> None:
    assert inputs(made(dataclasses.replace(ORDINARY, method=method))).keys() & TEXTS == texts


def test_there_is_nothing_to_edit_before_a_template_or_free_text_is_chosen() -> None:
    form = dataclasses.replace(ORDINARY, template=None)
    assert not inputs(made(form)).keys() & TEXTS
    assert inputs(made(dataclasses.replace(form, manual=True))).keys() & TEXTS


def test_free_text_takes_the_templates_place_and_shows_the_policy() -> None:
    view = made(dataclasses.replace(ORDINARY, manual=True))
    assert "template" not in inputs(view)
    assert inputs(view)["manual"]["initial_options"]
    assert "Be kind." in formatted(view)
    assert "Be kind." not in formatted(made(ORDINARY))
    assert "initial_options" not in inputs(made(ORDINARY))["manual"]


def test_the_clinic_is_asked_for_only_where_there_are_several() -> None:
    assert "clinic" in inputs(made(ORDINARY))
    assert "clinic" not in inputs(made(dataclasses.replace(ORDINARY, clinics=CLINICS[:1])))


@pytest.mark.parametrize(
    ("patients", "kind"),
    [
        (None, "external_select"),
        (0, "external_select"),
        (1, "static_select"),
        (100, "static_select"),
        (101, "external_select"),
    ],
)
def test_a_clients_patients_are_listed_as_long_as_slack_can(patients: int | None, kind: str) -> None:
    known = None if patients is None else [Choice(f"p{number}", f"Rex {number}") for number in range(patients)]
    view = made(dataclasses.replace(ORDINARY, patients=known, patient=None))
    assert inputs(view)["patient"]["type"] == kind
    assert problems(view) == []


def test_repetitions_are_asked_for_only_when_it_recurs() -> None:
    assert "repetitions" in inputs(made(ORDINARY))
    assert "repetitions" not in inputs(made(dataclasses.replace(ORDINARY, recurrence="none")))


def test_the_first_coming_sends_are_shown_and_the_rest_counted() -> None:
    coming = [f"Day {number}" for number in range(1, 100)]
    text = formatted(made(dataclasses.replace(ORDINARY, coming=coming)))
    assert "• Day 6" in text
    assert "Day 7" not in text
    assert "… and 93 more" in text
    assert "Clinic time." in text


def test_a_warning_takes_the_place_of_the_coming_sends() -> None:
    text = formatted(made(dataclasses.replace(ORDINARY, warning="At most 1 day before.")))
    assert "⚠️ At most 1 day before." in text
    assert "Coming sends" not in text


def test_a_revision_changes_the_block_id_and_nothing_else() -> None:
    before, after = (
        made(ORDINARY),
        made(dataclasses.replace(ORDINARY, revisions={FormBlock.EMAIL: 3, FormBlock.PHONE: 0})),
    )
    assert inputs(after).keys() - inputs(before).keys() == {"email:3"}
    assert inputs(after)["email:3"] == inputs(before)["email"]


def test_every_choice_and_number_that_changes_the_form_is_told_at_once() -> None:
    blocks = made(ORDINARY)["blocks"]
    assert isinstance(blocks, list)
    told = {block["block_id"] for block in blocks if block.get("dispatch_action")}
    dates = {"due-date", "send-before", "recurrence", "repetitions"}
    addresses = {"email", "phone"}
    assert told == {"clinic", "client", "patient", "method", "template", "manual", "sms-text"} | addresses | dates
    fields = inputs(made(ORDINARY))
    for counted in ("send-before", "sms-text"):
        assert fields[counted]["dispatch_action_config"] == {"trigger_actions_on": ["on_character_entered"]}


def test_the_title_says_whether_it_is_new_and_is_whole() -> None:
    titles = [made(dataclasses.replace(ORDINARY, editing=editing))["title"] for editing in (False, True)]
    assert [title["text"] for title in titles] == ["New reminder", "Edit reminder"]  # type: ignore[index]


def test_private_metadata_goes_along_unchanged() -> None:
    assert made(ORDINARY)["private_metadata"] == "7"
    assert "private_metadata" not in made(MINIMAL)


def test_only_an_empty_form_begins_at_the_client() -> None:
    assert inputs(made(MINIMAL))["client"]["focus_on_load"] is True
    assert "focus_on_load" not in inputs(made(ORDINARY))["client"]
