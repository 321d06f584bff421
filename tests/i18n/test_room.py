"""Is there room in every language for what the views are given as finished choices and titles?

What the builders say themselves is looked at where every view is built (`tests/blocks`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from blocks.limits import VIEW_BUTTON
from blocks.limits_elements import OPTION_DESCRIPTION, OPTION_TEXT
from blocks.limits_shapes import length
from bot.domain.model import Client, Method, Recurrence
from bot.domain.reach import Reachable, obstacles
from bot.i18n import LANGUAGES, Catalogues, Words
from bot.slack import explanations


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues.load()


@pytest.fixture(params=[language.code for language in LANGUAGES])
def words(request: pytest.FixtureRequest, catalogues: Catalogues) -> Words:
    return catalogues.words(request.param)


def everybody() -> Iterator[Reachable]:
    """Clients who can be reached in no way, in one, or in both."""
    addresses = itertools.product([True, False], [True, False], ["", "a@localhost"], ["", "112"], [(), tuple(Method)])
    for email_allowed, sms_allowed, email, phone, set_up in addresses:
        client = Client(1, "Anna", None, None, "sv", email_allowed=email_allowed, sms_allowed=sms_allowed, active=True)
        yield Reachable(client, email, phone, "SE", set_up)


def test_a_method_and_why_a_client_cannot_get_it_stand_whole_in_the_form(words: Words) -> None:
    for method in Method:
        assert length(explanations.method(method, words)) <= OPTION_TEXT
        assert length(explanations.method_hint(method, words)) <= OPTION_DESCRIPTION
        for reached in everybody():
            missing = " ".join(words.say(reason) for reason in obstacles(method, reached))
            assert length(f"⚠️ {missing}") <= OPTION_DESCRIPTION, missing


def test_every_other_choice_is_whole(words: Words) -> None:
    choices = [
        *(explanations.recurrence(one, words) for one in Recurrence),
        words("Duplicate"),
        words("All of them ({count})", count=99_999),
        words("Those that nobody edited ({count})", count=99_999),
        words("None of them"),
    ]
    assert [one for one in choices if length(one) > OPTION_TEXT] == []


def test_what_is_confirmed_stands_whole_on_its_button(words: Words) -> None:
    """And in the title above it, and in the menu that leads there."""
    for title in (words("Patient has died"), words("Client inactive")):
        assert length(title) <= VIEW_BUTTON, title
