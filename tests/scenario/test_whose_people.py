"""Several workspaces' rows may stand in one database. Does the token say whose may be seen, whatever a payload says?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from blocks.ids import Command, FormAction
from bot.demo.person import Person
from bot.sample_workspace import SAMPLE_CLINIC
from bot.services import clinic_file
from bot.slack.connection import web_client
from bot.slack.people import People, TeamUnknown
from bot.store.tables import ClientRow
from tests.scenario.form import Form
from tests.scenario.stage import JAMES, TEAM, Stage

NEIGHBOURS = "T0GRANNE001"
"""The team of Sten, who is here through a shared channel."""

Payload = dict[str, Any]


def _without_team(payload: Payload) -> None:
    del payload["team"]
    del payload["user"]["team_id"]
    payload["view"] = {name: value for name, value in payload["view"].items() if "team_id" not in name}


def _of_the_neighbours(payload: Payload) -> None:
    _without_team(payload)
    payload["team"] = {"id": NEIGHBOURS}
    payload["user"]["team_id"] = NEIGHBOURS


def _installed_at_the_neighbours(payload: Payload) -> None:
    payload["view"]["app_installed_team_id"] = NEIGHBOURS


def _as_it_is(_payload: Payload) -> None:
    pass


def suggested(stage: Stage, person: Person, change: Callable[[Payload], None]) -> object:
    """What is offered to somebody who types "åsa" into the form's field for the client."""
    workspace = stage.workspace
    payload = workspace._payloads.view_submission(stage.james.user, stage.james.modals[-1], "t")
    payload |= {"type": "block_suggestion", "action_id": FormAction.CLIENT.value, "block_id": "client", "value": "åsa"}
    payload["user"]["id"] = person.id
    change(payload)
    return workspace._delivery.deliver("interactive", payload)


def two_workspaces(stage: Stage) -> None:
    """The neighbours keep their rows in the same database."""
    clinic_file.load(stage.database, NEIGHBOURS, clinic_file.read(SAMPLE_CLINIC), now=stage.clock.now())
    stage.change(ClientRow, ClientRow.workspace_id == 2, name="Åsa Hemlig")


@pytest.mark.parametrize("change", [_without_team, _of_the_neighbours, _installed_at_the_neighbours])
@pytest.mark.parametrize("who", ["U0STEN00013", JAMES])
def test_a_payload_of_another_workspace_or_of_none_is_shown_nothing(
    stage: Stage, who: str, change: Callable[[Payload], None]
) -> None:
    two_workspaces(stage)
    Form.opened(stage, stage.james)
    assert suggested(stage, stage.workspace.person(who), change) == {"options": []}
    assert "Åsa Öberg" in str(suggested(stage, stage.james, _as_it_is))  # whoever asked before
    assert "Hemlig" not in str(suggested(stage, stage.james, _as_it_is))


@pytest.mark.parametrize("team", [{"team_id": NEIGHBOURS}, {}], ids=["another", "none"])
def test_a_command_of_another_workspace_or_of_none_is_refused(stage: Stage, team: Payload) -> None:
    two_workspaces(stage)
    workspace = stage.workspace
    with workspace._state.reading():
        general = next(one for one in workspace._state.conversations() if one.name == "general")
    payload = workspace._payloads.command(stage.james.user, general, Command.REMINDER, "list", "t", "")
    del payload["team_id"]
    said = str(workspace._delivery.deliver("slash_commands", payload | team))
    assert "Only members of this workspace can work with reminders; guests cannot." in said


def test_a_member_is_whoever_has_the_tokens_team_and_acts_there(stage: Stage) -> None:
    people = People()
    people.belong_to("T0LOCAL0002")
    client = web_client(stage.workspace.bot_token, stage.workspace.api_url)
    assert not people.find(client, "T0LOCAL0002", JAMES).is_member
    people = People()
    people.belong_to(TEAM)
    assert people.find(client, TEAM, JAMES).is_member
    assert not people.find(client, None, JAMES).is_member


def test_before_the_bot_knows_whose_it_is_it_serves_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    client = web_client(stage.workspace.bot_token, stage.workspace.api_url)
    with pytest.raises(TeamUnknown):
        People().find(client, TEAM, JAMES)
    monkeypatch.setattr(stage.bot._people, "_team_id", None)
    stage.expect("person-unknown")
    stage.james.command(Command.REMINDER, "list")
    (told,) = stage.told(stage.james, "#general")
    assert "Something went wrong" in told
