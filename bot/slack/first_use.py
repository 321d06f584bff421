"""What happens when somebody uses the bot in a workspace in which no clinic is set up yet?

An administrator gets the form that sets one up, in the place of what they asked for; anybody else is told whom to ask.
"""

from __future__ import annotations

from blocks import home
from bot.domain import rights
from bot.domain.errors import NotSetUp
from bot.slack import answers, settings_form
from bot.slack.answers import Kind
from bot.slack.requests import Request


def begin(kind: Kind, request: Request, refused: NotSetUp) -> None:
    """Answer what cannot be done yet.

    Raises:
        slack_sdk.errors.SlackApiError: if Slack does not take the answer.
    """
    if not rights.is_settings_editor(request.person):
        answers.refuse(kind, request, request.words.say(refused.reason))
        return
    match kind:
        case Kind.COMMAND | Kind.SHORTCUT | Kind.PRESS:
            settings_form.open_first(request)
            request.ack()
        case Kind.EVENT:
            request.client.views_publish(user_id=request.person.id, view=home.set_up_home(request.words))
        case Kind.SUBMISSION | Kind.OPTIONS:
            answers.refuse(kind, request, request.words.say(refused.reason))
