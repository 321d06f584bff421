"""What does every listener have at hand?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from bot.channels.rendering import Renderer
from bot.clock import Clock
from bot.domain.model import Channel
from bot.i18n import Catalogues
from bot.services.senders import Senders
from bot.slack.form_order import FormOrder
from bot.slack.people import People
from bot.slack.searches import Searches
from bot.store.database import Database


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """Made once in `bot.wiring`. `wake` is called after something was stored that may be due at once."""

    database: Database
    clock: Clock
    catalogues: Catalogues
    renderer: Renderer
    people: People
    channels: frozenset[Channel]
    """What the bot can send over, as it is set up: nothing else is offered in the form."""
    senders: Senders
    """For a test that somebody sends to themselves: everything else is sent from the rows."""
    wake: Callable[[], None]
    remember_workspace: Callable[[str], None] = dataclasses.field(repr=False)
    """Called after a workspace got its first clinic, so that its bot is known when Slack is away."""
    form_order: FormOrder = dataclasses.field(default_factory=FormOrder)
    searches: Searches = dataclasses.field(default_factory=Searches)
