"""Who may do what?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.errors import Forbidden
from bot.domain.rights import (
    EVERYBODY,
    Editors,
    TemplateEditors,
    is_settings_editor,
    require_member,
    require_settings_editor,
    require_template_editor,
)
from bot.slack.people import Person

GUEST = Person("U1", "T1", "Gerd", "sv-SE", is_admin=False, is_member=False)
MEMBER = Person("U2", "T1", "Maja", "sv-SE", is_admin=False, is_member=True)
ADMIN = Person("U3", "T1", "Linnea", "sv-SE", is_admin=True, is_member=True)
ELSEWHERE = Person("U4", "T1", "Sten", "sv-SE", is_admin=True, is_member=False)
"""An administrator of another workspace, met in a shared channel."""
ADMINS = TemplateEditors(Editors.ADMINS)
MAJA_ALONE = TemplateEditors(Editors.NAMED, frozenset({"U2"}))
SOMEBODY_ELSE = TemplateEditors(Editors.NAMED, frozenset({"U9", "U1"}))


def refusal(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Forbidden as refused:
        return str(refused.reason)
    return ""


@pytest.mark.parametrize(
    ("who", "member", "settings"),
    [(GUEST, False, False), (MEMBER, True, False), (ADMIN, True, True), (ELSEWHERE, False, False)],
)
def test_members_work_with_reminders_and_admins_change_settings(who: Person, member: bool, settings: bool) -> None:
    assert (refusal(lambda: require_member(who)) == "") is member
    assert (refusal(lambda: require_settings_editor(who)) == "") is is_settings_editor(who) is settings


@pytest.mark.parametrize(
    ("who", "editors", "says"),
    [
        (MEMBER, EVERYBODY, ""),
        (ADMIN, EVERYBODY, ""),
        (GUEST, EVERYBODY, "Only members of this workspace"),
        (MEMBER, ADMINS, "Only administrators of this workspace"),
        (ADMIN, ADMINS, ""),
        (MEMBER, MAJA_ALONE, ""),
        (ADMIN, MAJA_ALONE, ""),
        (MEMBER, SOMEBODY_ELSE, "Only the people named in the settings"),
        (GUEST, SOMEBODY_ELSE, "Only members of this workspace"),
        (ELSEWHERE, EVERYBODY, "Only members of this workspace"),
    ],
)
def test_templates_are_changed_by_whom_the_workspace_lets(who: Person, editors: TemplateEditors, says: str) -> None:
    said = refusal(lambda: require_template_editor(who, editors))
    assert said.startswith(says)
    assert bool(said) is bool(says)
