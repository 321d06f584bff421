"""Several workspaces' rows may stand in one database. Does the bot show the cards of its own workspace alone?"""

from __future__ import annotations

from bot.channels.rendering import Renderer
from bot.slack.connection import card_client
from bot.slack.staff_cards import StaffCards
from bot.store.tables import ContactTaskRow
from tests.scenario.form import stored
from tests.scenario.stage import TEAM, Stage, both_databases
from tests.store.rows import add_task, stock


@both_databases
def test_the_cards_of_another_workspace_are_left_alone(stage: Stage) -> None:
    with stage.database.writing() as session:
        add_task(session, stock(session, "T0ANOTHER01"))
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01", 10)
    assert len(stage.cards) == 1
    others, ours = stage.tasks
    assert (others.card_attempt, others.card_revision) == (0, 0)
    assert ours.card_revision == 1


def test_before_it_knows_whose_it_is_the_bot_shows_no_card(stage: Stage) -> None:
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    stage.change(ContactTaskRow, card_revision=0, card_channel=None, card_ts=None)
    client = card_client(stage.workspace.bot_token, stage.workspace.api_url)
    cards = StaffCards(stage.database, stage.clock, stage.words, Renderer(), client)
    cards.run()
    assert cards.next_moment() is None
    assert len(stage.cards) == 1
    cards.belong_to(TEAM)
    cards.run()
    assert len(stage.cards) == 2
