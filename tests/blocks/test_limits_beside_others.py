"""What does our checker find that the libraries on PyPI let through, and do they refuse anything the bot sends?

The corpus is one table: every limit of the tests beside this one, broken by one, and every other documented rule,
broken once. The numbers are of the versions named here; another version is only held to find less than ours.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from importlib.metadata import version

import pytest

from blocks.elements import Choice, Json, suggestions
from blocks.limits import problems
from blocks.reminder_form import ReminderForm, reminder_form
from blocks.settings_form import settings_form_view
from blocks.settings_trial import settings_saved_view, trial_view
from blocks.template_card import template_card_view
from blocks.template_change import template_change_view
from blocks.template_form import template_form_view
from blocks.template_list import template_list_view
from tests.blocks import test_settings, test_templates
from tests.blocks.other_libraries import blockkit_refuses, slack_sdk_refuses, slackblocks_refuses
from tests.blocks.samples import English
from tests.blocks.test_cards import BUILT, NAMES
from tests.blocks.test_limits import BROKEN
from tests.blocks.test_limits_numbers import AT_LEAST, AT_MOST
from tests.blocks.test_reminder_form import MINIMAL, ORDINARY

Refuses = Callable[[Json], str | None]

NOT_DOCUMENTED = {
    "all text of a message's blocks",  # reported
    "a blank section",  # met in practice
    "1,501 emoji in a section",  # which characters are counted is our reading
    "two elements of a modal with one id",  # Slack demands it within a block
    "nothing known",  # not a payload of Slack's at all
}
CORPUS: dict[str, Json] = {
    **{f"{name}: {limit + 1}": make(limit + 1) for name, make, limit, _ in AT_MOST if name not in NOT_DOCUMENTED},
    **{f"{name}: {limit - 1}": make(limit - 1) for name, make, limit, _ in AT_LEAST if name not in NOT_DOCUMENTED},
    **{name: payload for name, payload, _ in BROKEN if name not in NOT_DOCUMENTED},
}
LIBRARIES: dict[str, tuple[Refuses, str, int]] = {
    "slack_sdk": (slack_sdk_refuses, "3.48", 128),
    "blockkit": (blockkit_refuses, "2.1.3", 244),
    "slackblocks": (slackblocks_refuses, "3.0.0", 231),
}


@pytest.mark.parametrize("payload", CORPUS.values(), ids=CORPUS)
def test_ours_catches_it(payload: Json) -> None:
    assert len(problems(payload)) == 1


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_others_catch_as_many_as_recorded(library: str) -> None:
    refuses, known_version, recorded = LIBRARIES[library]
    missed = [name for name, payload in CORPUS.items() if refuses(payload) is None]
    caught = len(CORPUS) - len(missed)
    figures = f"{library} {version(library)} catches {caught} of {len(CORPUS)}; it misses:"
    print(figures, *missed, sep="\n  ")  # noqa: T201 - shown by pytest -rP
    assert len(CORPUS) >= 60
    assert caught < len(CORPUS)
    if version(library).startswith(known_version):
        assert caught == recorded


def test_the_corpus_says_what_it_leaves_out() -> None:
    names = {name for name, *_ in [*AT_MOST, *AT_LEAST, *BROKEN]}
    assert names >= NOT_DOCUMENTED


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("payload", [build(thing, English()) for build, thing in BUILT], ids=NAMES)
def test_none_of_them_refuses_a_card_a_list_or_a_notice(payload: Json, library: str) -> None:
    assert problems(payload) == []
    assert LIBRARIES[library][0](payload) is None


VIEWS: dict[str, Json] = {
    "the list of templates": template_list_view(test_templates.LIST, English()),
    "a template": template_card_view(test_templates.CARD, English()),
    "the form of a template": template_form_view(test_templates.FORM, English()),
    "the change of a template": template_change_view(test_templates.CHANGE, English()),
    "the settings": settings_form_view(test_settings.FORM, English()),
    "the first settings": settings_form_view(
        dataclasses.replace(test_settings.FORM, is_new=True, is_first=True), English()
    ),
    "the settings, saved": settings_saved_view(test_settings.SAVED, English()),
    "a trial": trial_view(test_settings.TRIAL, English()),
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("payload", VIEWS.values(), ids=VIEWS)
def test_none_of_them_refuses_templates_or_settings(payload: Json, library: str) -> None:
    assert problems(payload) == []
    assert LIBRARIES[library][0](payload) is None


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("method", [None, "email", "sms", "both", "post", "external"])
@pytest.mark.parametrize("form", [MINIMAL, ORDINARY], ids=["minimal", "ordinary"])
def test_none_of_them_refuses_the_form(form: ReminderForm, method: str | None, library: str) -> None:
    view = reminder_form(dataclasses.replace(form, method=method), English())
    assert problems(view) == []
    assert LIBRARIES[library][0](view) is None


@pytest.mark.parametrize("library", LIBRARIES)
def test_none_of_them_refuses_the_suggestions(library: str) -> None:
    answer = suggestions([Choice("p1", "Misse", "Anna Ek"), Choice("p2", "Rex")])
    assert problems(answer) == []
    assert LIBRARIES[library][0](answer) is None
