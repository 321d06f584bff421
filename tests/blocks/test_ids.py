"""Are the ids what the rest of the product relies on?"""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import blocks
from blocks.ids import (
    Action,
    FormAction,
    FormBlock,
    ListAction,
    ListBlock,
    Shortcut,
    TemplateAction,
    TemplateBlock,
    ViewId,
    with_revision,
    without_revision,
)
from bot.domain.errors import Field

BLOCKS = Path(blocks.__file__).parent
SHOWN_ONLY = {FormBlock.POLICY_NOTE, FormBlock.SMS_LENGTH, FormBlock.COMING_DATES, FormBlock.SIMILAR}


@pytest.mark.parametrize(
    "ids", [Action, FormAction, FormBlock, ListAction, ListBlock, Shortcut, TemplateAction, TemplateBlock, ViewId]
)
def test_ids_are_kebab_case_and_fit(ids: type[StrEnum]) -> None:
    for name in ids:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert len(name) <= 255


def test_no_action_has_two_names() -> None:
    names = [*Action, *FormAction, *ListAction, *TemplateAction]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("block", sorted(set(FormBlock) - SHOWN_ONLY))
def test_every_input_of_the_form_has_its_own_action(block: FormBlock) -> None:
    assert block.action.name == block.name


def test_a_refused_field_is_found_in_the_form_by_its_name() -> None:
    assert {field.value for field in Field} <= {block.value for block in (*FormBlock, *TemplateBlock)}


@pytest.mark.parametrize("block", sorted(SHOWN_ONLY))
def test_a_block_that_only_shows_something_has_no_action(block: FormBlock) -> None:
    with pytest.raises(KeyError):
        block.action  # noqa: B018


@pytest.mark.parametrize(
    ("block_id", "revision", "expected"), [("client", 0, "client"), ("client", 3, "client:3"), ("a:b", 12, "a:b:12")]
)
def test_a_revision_is_a_suffix(block_id: str, revision: int, expected: str) -> None:
    assert with_revision(block_id, revision) == expected


@pytest.mark.parametrize(
    ("block_id", "bare"),
    [("client", "client"), ("client:", "client:"), ("client:x", "client:x"), ("client:٣", "client:٣"), (":3", ":3")],
)
def test_what_is_not_a_revision_stays(block_id: str, bare: str) -> None:
    assert without_revision(block_id) == bare


@given(st.sampled_from(FormBlock), st.integers(0, 10**6))
def test_a_revision_comes_off_again(block: FormBlock, revision: int) -> None:
    assert without_revision(with_revision(block, revision)) == block.value


def test_every_sentence_stands_literally_in_the_call_that_translates_it() -> None:
    calls = 0
    for path in BLOCKS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("words", "words.plural"):
                calls += 1
                for argument in node.args[: 2 if ast.unparse(node.func) == "words.plural" else 1]:
                    assert isinstance(argument, ast.Constant), f"{path.name}:{node.lineno}"
                    places = set(re.findall(r"{(\w+)}", str(argument.value)))
                    assert places == {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"
    assert calls > 50
