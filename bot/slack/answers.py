"""How is a person answered when a request cannot be fulfilled?

Where they are: under a field of the form that they submitted, beside the message whose button they pressed, or in a
small modal; to that person alone, in their language. Nothing that was typed is lost by it.
"""

from __future__ import annotations

from enum import Enum, auto

from blocks import notices
from bot.slack.requests import Request


class Kind(Enum):
    """What arrived, which decides where an answer can go."""

    COMMAND = auto()
    SHORTCUT = auto()
    SUBMISSION = auto()
    PRESS = auto()
    OPTIONS = auto()
    EVENT = auto()


def refuse(kind: Kind, request: Request, sentence: str) -> None:
    """Tell the person why nothing happened.

    Raises:
        slack_sdk.errors.SlackApiError: if Slack does not take the answer.
    """
    match kind:
        case Kind.COMMAND:
            request.ack(**notices.refusal_message(sentence), response_type="ephemeral")
        case Kind.SHORTCUT:
            request.ack()
            request.client.views_open(
                trigger_id=request.trigger_id, view=notices.refusal_view(sentence, words=request.words)
            )
        case Kind.SUBMISSION:
            _refuse_submission(request, sentence)
        case Kind.PRESS:
            _refuse_press(request, sentence)
        case Kind.OPTIONS:
            request.ack(options=[])
        case Kind.EVENT:
            # Whatever the Home showed before, to somebody who was a member then, is gone with this.
            request.client.views_publish(user_id=request.person.id, view=notices.refusal_home(sentence))


def fail(kind: Kind, request: Request, code: str) -> None:
    """Tell the person that something unexpected happened; `code` finds the line in the log.

    Raises:
        slack_sdk.errors.SlackApiError: if Slack does not take the answer.
    """
    words = request.words
    match kind:
        case Kind.COMMAND:
            request.ack(**notices.failure_message(code, words), response_type="ephemeral")
        case Kind.SUBMISSION | Kind.OPTIONS | Kind.EVENT:
            refuse(
                kind,
                request,
                words(
                    "Something went wrong. Before you save again, look at the list: it may be there. Code: {code}",
                    code=code,
                ),
            )
        case Kind.SHORTCUT:
            request.ack()
            request.client.views_open(trigger_id=request.trigger_id, view=notices.failure_view(code, words))
        case Kind.PRESS:
            refuse(kind, request, words("Something went wrong. The code is {code}.", code=code))


def fail_in_direct_message(kind: Kind, request: Request, code: str) -> None:  # noqa: ARG001 - as `fail`
    """Say the same in the bot's direct messages: where nothing else is left, such as a trigger that expired on Home.

    Raises:
        slack_sdk.errors.SlackApiError: if Slack does not take the answer.
    """
    request.client.chat_postMessage(channel=request.person.id, **notices.failure_message(code, request.words))


def _refuse_submission(request: Request, sentence: str) -> None:
    field = next((block["block_id"] for block in request.view["blocks"] if block["type"] == "input"), None)
    if field is None:
        request.ack(response_action="update", view=notices.refusal_view(sentence, words=request.words))
    else:
        request.ack(response_action="errors", errors={field: sentence})


def _refuse_press(request: Request, sentence: str) -> None:
    if "response_url" in request.body:
        request.tell(notices.refusal_message(sentence))
    elif request.view["type"] == "modal":
        request.client.views_push(
            trigger_id=request.trigger_id, view=notices.refusal_view(sentence, words=request.words)
        )
    else:
        request.client.views_open(
            trigger_id=request.trigger_id, view=notices.refusal_view(sentence, words=request.words)
        )
