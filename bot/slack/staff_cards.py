"""How do contact tasks come to stand in the staff channel, and stay as the rows are?

A card is a view of its row (rule P12). Whatever is behind is claimed, posted or updated, and recorded; a card that
Slack did not take is tried again later, and one that was deleted in Slack is posted anew while its task is open.
"""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.channels.rendering import Renderer
from bot.clock import Clock
from bot.domain.contact_task import TaskState
from bot.i18n import Catalogues
from bot.services import tasks
from bot.slack import contact_tasks
from bot.store.database import Database
from bot.store.tasks import ContactTask

_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})

_ASKS_FOR_PEACE = frozenset(
    {HTTPStatus.TOO_MANY_REQUESTS, *(code for code in HTTPStatus if code >= HTTPStatus.INTERNAL_SERVER_ERROR)}
)
"""It is Slack that takes no card now, rather than this one that is wrong: all wait, and keep their order."""

_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)

_log = structlog.get_logger()


class StaffCards:
    """Posts and updates the cards; `run` is called by the alarm, never twice at the same time in one process."""

    def __init__(
        self, database: Database, clock: Clock, catalogues: Catalogues, renderer: Renderer, client: WebClient
    ) -> None:
        self._renderer = renderer
        self._stopping = threading.Event()
        self._database = database
        self._clock = clock
        self._catalogues = catalogues
        self._client = client
        self._team_id: str | None = None
        self._next_moment: datetime | None = None

    def next_moment(self) -> datetime | None:
        """When a card may be tried next (UTC), as far as the last `run` saw; `None` if all are as they should be."""
        return self._next_moment

    def belong_to(self, team_id: str) -> None:
        """Show the cards of this workspace: the one that the client's token is for. Before that, none is shown."""
        self._team_id = team_id

    def run(self) -> None:
        """Bring every card up to date that may be tried now.

        Raises:
            DatabaseAway: if the database does not answer.
        """
        while self._team_id is not None and not self._stopping.is_set():
            now = self._clock.now()
            # Nothing is written, and on SQLite nobody held up, while every card is as it should be.
            self._next_moment = tasks.next_card(self._database, self._team_id)
            if self._next_moment is None or self._next_moment > now:
                return
            task = tasks.claim_card(self._database, self._team_id, now=now)
            if task is None:
                return
            self._show(task)

    def stop(self) -> None:
        """Let `run` end after the card in hand."""
        self._stopping.set()

    def _show(self, task: ContactTask) -> None:
        message = contact_tasks.card(task, self._catalogues.words(task.clinic.language), self._renderer)
        try:
            if task.card_channel is not None and task.card_ts is not None:
                answer = self._client.chat_update(channel=task.card_channel, ts=task.card_ts, **message)
            else:
                answer = self._client.chat_postMessage(channel=task.clinic.staff_channel, **message)
        except SlackApiError as error:
            self._refused(task, error)
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("card-not-shown", task=task.id, error=type(error).__name__)
            tasks.cards_put_off(self._database, task, now=self._clock.now(), retry_after=None)
        else:
            tasks.card_shown(self._database, task, channel=answer["channel"], ts=answer["ts"])

    def _refused(self, task: ContactTask, error: SlackApiError) -> None:
        code = str(error.response.get("error", "unknown"))
        if code in _GONE and task.state is TaskState.OPEN:
            _log.warning("card-gone", task=task.id, error=code)
            tasks.card_lost(self._database, task)
            return
        if code in _GONE:
            _log.warning("card-gone", task=task.id, error=code)
            tasks.card_shown(
                self._database, task, channel=task.card_channel or task.clinic.staff_channel, ts=task.card_ts or ""
            )
            return
        _log.error("card-refused", task=task.id, error=code)
        if error.response.status_code in _ASKS_FOR_PEACE:
            tasks.cards_put_off(self._database, task, now=self._clock.now(), retry_after=_retry_after(error))
        else:
            tasks.card_failed(self._database, task, now=self._clock.now())


def _retry_after(error: SlackApiError) -> timedelta | None:
    header = str(error.response.headers.get("Retry-After"))
    return timedelta(seconds=int(header)) if _SECONDS.fullmatch(header) else None
