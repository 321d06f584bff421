"""Of a form changed by two people, which fields keep the later one's input, and which take over the other's?"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.ids import FormBlock
from bot.slack.form_fields import FormFields
from bot.slack.form_meanwhile import changes, taken_over

BEFORE = FormFields(
    clinic_id=1,
    client_id=2,
    patient_id=3,
    email="a@post.example",
    phone="+46 70 174 06 06",
    method="both",
    template_id=4,
    texts={FormBlock.SUBJECT: "S", FormBlock.EMAIL_TEXT: "E", FormBlock.SMS_TEXT: "M"},
    due_date="2026-12-01",
    send_before="1",
    recurrence="monthly",
    repetitions="3",
)


def changed(**values: Any) -> FormFields:
    return dataclasses.replace(BEFORE, **values)


@pytest.mark.parametrize(
    ("now", "mine", "kept", "taken"),
    [
        ({}, {"email": "b"}, set(), set()),  # nobody else changed anything
        ({"email": "c"}, {}, set(), {"email"}),
        ({"email": "c"}, {"email": "b"}, {"email"}, set()),
        ({"email": "c"}, {"email": "c"}, set(), {"email"}),  # both the same
        ({"due_date": "2026-12-02"}, {"send_before": "5"}, set(), {"due-date"}),
        ({"client_id": 5, "patient_id": 6}, {"patient_id": 7}, {"client", "patient"}, set()),
        ({"recurrence": "none", "repetitions": ""}, {"repetitions": "9"}, {"recurrence", "repetitions"}, set()),
        ({"template_id": 8}, {"manual": True, "template_id": None}, {"template"}, set()),
        ({"clinic_id": 9}, {"clinic_id": None}, set(), {"clinic"}),  # with one clinic it is not in the form
    ],
)
def test_what_was_left_alone_is_taken_over_and_the_rest_kept(
    now: dict[str, Any], mine: dict[str, Any], kept: set[str], taken: set[str]
) -> None:
    found = changes(BEFORE, changed(**now), changed(**mine))
    assert {one.block.value for one in found if one.is_mine_kept} == kept
    assert {one.block.value for one in found if not one.is_mine_kept} == taken


values = st.sampled_from(["x", "y", "z"])
forms = st.builds(
    changed,
    email=values,
    due_date=values,
    send_before=values,
    texts=st.fixed_dictionaries({FormBlock.SUBJECT: values, FormBlock.EMAIL_TEXT: values, FormBlock.SMS_TEXT: values}),
)


@given(forms, forms, forms)
def test_nothing_typed_is_lost_and_no_change_goes_untold(before: FormFields, now: FormFields, mine: FormFields) -> None:
    found = changes(before, now, mine)
    told = {one.block for one in found}
    result = taken_over(mine, now, found)
    for block, name in ((FormBlock.EMAIL, "email"), (FormBlock.DUE_DATE, "due_date")):
        was, other, own = (getattr(one, name) for one in (before, now, mine))
        assert getattr(result, name) == (other if own == was else own)
        assert (block in told) == (was != other)
    for block in before.texts:
        was, other, own = (one.texts[block] for one in (before, now, mine))
        assert result.texts[block] == (other if own == was else own)
