"""Whose is a bot token, as far as is known while Slack is away?"""

from __future__ import annotations

from bot.services import workspaces
from bot.store.tables import WorkspaceRow
from tests.services.post_office import PostOffice
from tests.store.rows import Stock, stock


def test_without_a_clinic_it_is_nobodys(office: PostOffice) -> None:
    workspaces.remember_bot(office.database, "T1", "xoxb-1")
    assert workspaces.of_bot(office.database, "xoxb-1") is None


def test_it_is_the_only_workspaces_as_long_as_no_other_bot_is_known_there(office: PostOffice, ours: Stock) -> None:
    assert workspaces.of_bot(office.database, "xoxb-1") == ours.team_id
    workspaces.remember_bot(office.database, ours.team_id, "xoxb-1")
    assert workspaces.of_bot(office.database, "xoxb-1") == ours.team_id
    assert workspaces.of_bot(office.database, "xoxb-2") is None


def test_of_several_workspaces_it_is_the_one_that_slack_told_of(office: PostOffice, ours: Stock) -> None:
    with office.database.writing() as session:
        theirs = stock(session, "T2")
    assert workspaces.of_bot(office.database, "xoxb-2") is None
    workspaces.remember_bot(office.database, theirs.team_id, "xoxb-2")
    workspaces.remember_bot(office.database, ours.team_id, "xoxb-1")
    assert workspaces.of_bot(office.database, "xoxb-2") == "T2"
    assert workspaces.of_bot(office.database, "xoxb-1") == "T1"
    workspaces.remember_bot(office.database, ours.team_id, "xoxb-1-new")
    assert workspaces.of_bot(office.database, "xoxb-1-new") == "T1"
    assert workspaces.of_bot(office.database, "xoxb-1") is None


def test_the_token_itself_is_not_kept(office: PostOffice, ours: Stock) -> None:
    workspaces.remember_bot(office.database, ours.team_id, "xoxb-1")
    (row,) = office.rows(WorkspaceRow)
    assert row.bot_token_hash is not None
    assert "xoxb" not in row.bot_token_hash
