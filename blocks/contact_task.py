"""What do staff see when a client has to be contacted by a person (rule P12)?

A card in the clinic's staff channel, which everybody there can read: it has no e-mail address and no phone number;
whoever needs them asks for them and sees them alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import Enum, auto

from blocks.doubt import Doubt, doubt_rows
from blocks.elements import Choice, Json, actions, button, context, exact, exact_sections, overflow, section
from blocks.ids import Action
from blocks.limits import clip
from blocks.text import bold, escape, mention
from blocks.translator import Words

NAME_LENGTH = 200
_REASON_LENGTH = 500


class Ending(Enum):
    """What ended a contact task."""

    CONTACTED = auto()
    RECORDED_SENT = auto()
    SENT_AGAIN = auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """Who dealt with it, when (a finished string in the clinic's time), and how."""

    user_id: str
    when: str
    ending: Ending = Ending.CONTACTED


@dataclasses.dataclass(frozen=True, slots=True)
class ContactTask:
    """One contact task, open as long as nobody is `done`."""

    value: str
    """What the buttons send back: the task's id."""
    patient: str
    client: str
    reason: str
    due_date: str
    subject: str = ""
    text: str = ""
    """To say or print, to the letter."""
    done: Done | None = None
    doubt: Doubt | None = None
    """Told where nobody knows whether the message went."""
    menu: Sequence[Choice] = ()
    """What else may be said of patient and client, up to five choices."""


def contact_task_message(task: ContactTask, words: Words) -> Json:
    """The card: open with buttons, or closed with who and when."""
    patient, client = escape(task.patient, NAME_LENGTH), escape(task.client, NAME_LENGTH)
    mark, headline = _headline(task.done, client, patient, words)
    blocks = [section(f"{mark} {bold(headline)}"), section(_facts(task, words))]
    if task.text.strip():
        blocks.append(section(bold(words("Text to say or print"))))
        if task.subject.strip():
            blocks.append(exact(clip(task.subject, NAME_LENGTH)))
        blocks += exact_sections(task.text)
    blocks += [_closed(task.done, words)] if task.done else _buttons(task, words)
    return {"text": headline, "blocks": blocks}


def _headline(done: Done | None, client: str, patient: str, words: Words) -> tuple[str, str]:
    if done is None:
        return "📞", words("Contact {client} about {patient}", client=client, patient=patient)
    match done.ending:
        case Ending.CONTACTED:
            return "✅", words("Contacted: {client} about {patient}", client=client, patient=patient)
        case Ending.RECORDED_SENT:
            return "✅", words("Recorded as sent: {client} about {patient}", client=client, patient=patient)
        case Ending.SENT_AGAIN:
            return "🔁", words("To be sent again: {client} about {patient}", client=client, patient=patient)


def _facts(task: ContactTask, words: Words) -> str:
    return "\n".join(
        [
            f"{bold(words('Why'))}: {escape(task.reason, _REASON_LENGTH)}",
            f"{bold(words('Due date'))}: {escape(task.due_date, NAME_LENGTH)}",
        ]
    )


def _closed(done: Done, words: Words) -> Json:
    who, when = mention(done.user_id), escape(done.when, NAME_LENGTH)
    match done.ending:
        case Ending.CONTACTED:
            return context(words("Marked as contacted by {who}, {when}.", who=who, when=when))
        case Ending.RECORDED_SENT:
            return context(words("Recorded as sent by {who}, {when}.", who=who, when=when))
        case Ending.SENT_AGAIN:
            return context(words("{who} asked for it to be sent again, {when}.", who=who, when=when))


def _buttons(task: ContactTask, words: Words) -> list[Json]:
    menu = [overflow(Action.TASK_MENU.value, task.menu)] if task.menu else []
    return [
        *doubt_rows(task.doubt, Action.TASK_SEND_AGAIN, Action.TASK_RECORD_SENT, words),
        actions(
            button(Action.TASK_MARK_CONTACTED.value, words("Mark contacted"), task.value, style="primary"),
            button(Action.TASK_SHOW_CONTACT.value, words("Show contact details"), task.value),
            *menu,
        ),
    ]
