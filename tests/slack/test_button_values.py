"""Is what comes back from the outside refused unless the bot wrote it?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.ids import FormBlock
from bot.slack.button_values import (
    LARGEST_ID,
    LARGEST_PAGE,
    MOST_REPLACED,
    FormMetadata,
    TaskListMetadata,
    Unreadable,
    doubt_value,
    read_doubt_value,
    row_id,
)

WRITTEN = FormMetadata(client_id=1, revisions={FormBlock.CLIENT: 2}).encode()
IDS = st.none() | st.integers(1, LARGEST_ID)


@given(
    st.builds(
        FormMetadata,
        client_id=IDS,
        patient_id=IDS,
        template_id=IDS,
        manual=st.booleans(),
        reminder_id=IDS,
        version=IDS,
        next_number=IDS,
        revisions=st.dictionaries(st.sampled_from(FormBlock), st.integers(0, MOST_REPLACED)),
    )
)
def test_what_was_written_is_read_as_it_was(metadata: FormMetadata) -> None:
    assert FormMetadata.decode(metadata.encode()) == metadata


@pytest.mark.parametrize(
    "count", ["1e999", "NaN", "1e0", "2.5", "-1", "true", "null", '"2"', "10000", "9" * 5000, "[]"]
)
def test_a_count_that_is_no_small_number_is_refused(count: str) -> None:
    with pytest.raises(Unreadable):
        FormMetadata.decode(WRITTEN.replace('"revisions":{"client":2}', f'"revisions":{{"client":{count}}}'))


@pytest.mark.parametrize("field", ["client", "patient", "template", "reminder", "version", "next"])
@pytest.mark.parametrize("value", ["1e999", "NaN", "1.0", "0", "-1", "true", '"1"', "2147483648", "9" * 5000, "[]"])
def test_an_id_that_is_no_positive_number_of_a_row_is_refused(field: str, value: str) -> None:
    read = {**json.loads(WRITTEN), field: "here"}
    with pytest.raises(Unreadable):
        FormMetadata.decode(json.dumps(read).replace('"here"', value))


@pytest.mark.parametrize("value", ["1", "null", '"yes"', "[]"])
def test_a_tick_that_is_neither_on_nor_off_is_refused(value: str) -> None:
    with pytest.raises(Unreadable):
        FormMetadata.decode(WRITTEN.replace('"manual":false', f'"manual":{value}'))


@pytest.mark.parametrize(
    "text",
    ["[" * 3000, '{"client":' * 300 + "1" + "}" * 300, WRITTEN.replace("1", "[" * 2000, 1), "null", "", "\ud800"],
)
def test_a_text_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        FormMetadata.decode(text)


@pytest.mark.parametrize("value", ["", "0", "-1", "2147483648", "1e3", "١", " 1", "1\n", "9" * 5000, None, 1])
def test_a_buttons_value_that_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(Unreadable):
        row_id(value)


@given(IDS, st.integers(0, LARGEST_PAGE))
def test_which_tasks_were_shown_is_read_as_it_was(clinic: int | None, number: int) -> None:
    shown = TaskListMetadata(clinic, number)
    assert TaskListMetadata.decode(shown.encode()) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "[" * 3000, "{}", '{"clinic":1}', '{"page":0}', '{"clinic":0,"page":0}'),
        *('{"clinic":1,"page":-1}', '{"clinic":1,"page":true}', '{"clinic":1,"page":1e9}', '{"clinic":"1","page":0}'),
        '{"clinic":null,"page":1000000}',
    ],
)
def test_which_tasks_were_shown_is_told_by_nothing_else(text: str) -> None:
    with pytest.raises(Unreadable):
        TaskListMetadata.decode(text)


@given(st.integers(1, LARGEST_ID), st.integers(1, LARGEST_ID))
def test_a_task_and_its_attempt_are_read_as_they_were_written(task: int, attempt: int) -> None:
    assert read_doubt_value(doubt_value(task, attempt)) == (task, attempt)


@pytest.mark.parametrize("value", ["1", "1:", ":1", "0:1", "1:0", "1:-1", "1:٣", "1:1:1", "1:2147483648", "", None])
def test_a_task_without_its_attempt_is_refused(value: object) -> None:
    with pytest.raises(Unreadable):
        read_doubt_value(value)
