"""What did a person do in Slack, as the listeners see it?

Bolt hands over a dictionary and a dozen utilities. A `Request` keeps what listeners use of them, says who asks and in
which language to answer, and remembers whether Slack was already told that the request arrived.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.i18n import Words
from bot.slack.desk import Desk
from bot.slack.people import Person


@dataclasses.dataclass(slots=True)
class Request:
    """One command, press, submission, keystroke or event, and who it is of; what they may do is not checked yet."""

    desk: Desk
    body: Mapping[str, Any] = dataclasses.field(repr=False)
    client: WebClient
    person: Person
    words: Words
    ack: Ack

    @property
    def team_id(self) -> str:
        """The workspace whose rows may be seen: the token's, whatever the payload says."""
        return self.person.team_id

    @property
    def trigger_id(self) -> str:
        """Slack's permission to open one modal within three seconds."""
        return str(self.body["trigger_id"])

    @property
    def action(self) -> Mapping[str, Any]:
        """The one action of a press, or of a change in a form."""
        found: Mapping[str, Any] = self.body["actions"][0]
        return found

    @property
    def view(self) -> Mapping[str, Any]:
        """The modal or Home in which it happened."""
        found: Mapping[str, Any] = self.body["view"]
        return found

    def show_instead(self, view: dict[str, Any]) -> None:
        """Put `view` in the place of the one in which it happened; nothing, if that was closed meanwhile.

        Raises:
            slack_sdk.errors.SlackApiError: if Slack does not take it.
        """
        try:
            self.client.views_update(view_id=self.view["id"], view=view)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":
                raise

    def show_here(self, view: dict[str, Any]) -> None:
        """Show `view` in the place of the modal in which it was asked for; from elsewhere, in a modal of its own.

        Raises:
            slack_sdk.errors.SlackApiError: if Slack does not take it.
        """
        if self.body.get("view", {}).get("type") == "modal":
            self.show_instead(view)
        else:
            self.client.views_open(trigger_id=self.trigger_id, view=view)

    def show_on_top(self, view: dict[str, Any]) -> None:
        """Show `view` above the modal in which it was asked for, which is there again when it is closed.

        Raises:
            slack_sdk.errors.SlackApiError: if Slack does not take it.
        """
        self.client.views_push(trigger_id=self.trigger_id, view=view)

    def tell(self, message: dict[str, Any]) -> None:
        """Say something to the person alone, beside the message whose button was pressed.

        Where that is not possible any more (its response_url serves five times within thirty minutes), it is said in
        the bot's direct messages.

        Raises:
            slack_sdk.errors.SlackApiError: if Slack takes neither.
            OSError: if Slack does not answer.
        """
        if not self._respond({**message, "response_type": "ephemeral", "replace_original": False}):
            self.client.chat_postMessage(channel=self.person.id, **message)

    def replace_message(self, message: dict[str, Any]) -> None:
        """Put `message` in the place of the one whose button was pressed, or tell it where that is not possible.

        Raises:
            slack_sdk.errors.SlackApiError: if Slack takes neither.
            OSError: if Slack does not answer.
        """
        if not self._respond({**message, "replace_original": True}):
            self.client.chat_postMessage(channel=self.person.id, **message)

    def _respond(self, message: dict[str, Any]) -> bool:
        url = self.body.get("response_url")
        return bool(url) and WebhookClient(str(url)).send_dict(message).status_code == HTTPStatus.OK

    @property
    def typed(self) -> str:
        """What follows the command, or what is being typed into a type-ahead."""
        return str(self.body.get("text") or self.body.get("value") or "")


def request(desk: Desk, body: Mapping[str, Any], context: BoltContext, ack: Ack) -> Request:
    """Make a request of what Bolt hands over; asks Slack who the person is.

    Raises:
        slack_sdk.errors.SlackApiError: if Slack does not know the person.
        OSError: if Slack does not answer.
        TeamUnknown: if Slack did not say yet whose the bot's token is.
    """
    person = desk.people.find(context.client, context.team_id, str(context.user_id))
    return _request(desk, body, context, ack, person)


def request_of_somebody(desk: Desk, body: Mapping[str, Any], context: BoltContext, ack: Ack) -> Request:
    """Make a request of a person of whom Slack tells nothing just now: fit for an apology, for nothing else."""
    return _request(desk, body, context, ack, desk.people.unknown(str(context.user_id)))


def _request(desk: Desk, body: Mapping[str, Any], context: BoltContext, ack: Ack, person: Person) -> Request:
    return Request(desk, body, context.client, person, desk.catalogues.words(person.locale), ack)
