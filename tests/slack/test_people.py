"""Who is a full member of the bot's workspace, by what Slack says of them?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.people import _person

OURS = "T0OURS00001"
MEMBER = {
    "id": "U0MARIA0003",
    "team_id": OURS,
    "name": "maria",
    "deleted": False,
    "is_bot": False,
    "is_workflow_bot": False,
    "is_restricted": False,
    "is_ultra_restricted": False,
    "is_stranger": False,
}


def test_whoever_has_the_workspaces_own_team_and_no_mark_is_a_member() -> None:
    assert _person(MEMBER, OURS).is_member


@pytest.mark.parametrize(
    "said",
    [
        {"deleted": True},
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"is_connector_bot": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"id": "USLACKBOT"},
        {"team_id": "T0OTHER0001"},
        {"team_id": None},
        {"team_id": "", "enterprise_user": {"teams": [OURS]}},
    ],
)
def test_bots_guests_and_people_of_elsewhere_are_no_members(said: dict[str, Any]) -> None:
    assert not _person({**MEMBER, **said}, OURS).is_member


def test_whoever_has_no_team_is_no_member() -> None:
    assert not _person({name: value for name, value in MEMBER.items() if name != "team_id"}, OURS).is_member
