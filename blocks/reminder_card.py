"""What does one reminder look like: who, what, how, its state and every coming send (rule P8)?

Shown in a modal, after Save and whenever a reminder is opened.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement, OverflowMenuElement

from blocks.elements import Choice, Confirm, Json, actions, button, overflow, section, sections
from blocks.history import HistoryLine, history_blocks
from blocks.ids import Action, ViewId
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.text import bold, escape, plain
from blocks.translator import Words

NAME_LENGTH = 200
_COMING_LENGTH = 200
"""Longer than any send's line in any language: a test holds that none is cut."""
_SENDS_SHOWN = 99
_NOTE_LENGTH = 500
_ANSWERS_SHOWN = 5
_NEWEST_SHOWN = 15
_SENTENCE_LENGTH = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Undo:
    """What can be undone, and until when."""

    value: str
    """What the button sends back: the step's id."""
    text: str
    """A finished sentence."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReminderCard:
    """One reminder. Which buttons it has depends on its state, which the caller knows."""

    value: str
    """What the buttons send back: the reminder's id."""
    client_value: str
    """What the button to the client's page sends back: the client's id."""
    patient: str
    client: str
    what: str
    """The template's name, or the subject of free text."""
    how: str
    status: str
    due_date: str
    send_before: str = ""
    """How long before, as a finished string; empty on the day itself."""
    clinic: str = ""
    recurrence: str = ""
    coming: Sequence[str] = ()
    """Each send, as a finished string: when it goes, or what became of it."""
    history: Sequence[HistoryLine] = ()
    """What happened so far, the oldest first; the newest lines are shown."""
    note: str = ""
    can_edit: bool = False
    can_cancel: bool = False
    can_restore: bool = False
    can_pause: bool = False
    can_resume: bool = False
    can_send_now: bool = False
    can_skip: bool = False
    menu: Sequence[Choice] = ()
    """What is seldom done to it, up to five choices."""
    answers: Sequence[str] = ()
    """Why something was not sent, as finished sentences; empty where nothing fell short."""
    undo: Undo | None = None
    """The last thing that was done, if it can still be undone."""
    saved: bool = False
    """Just now: the card says so."""


def reminder_card_view(card: ReminderCard, words: Words, *, private_metadata: str = "") -> Json:
    """The card as a modal."""
    view: Json = {
        "type": "modal",
        "callback_id": ViewId.REMINDER_CARD.value,
        "title": plain(words("Reminder"), VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": _blocks(card, words),
    }
    if private_metadata:
        view["private_metadata"] = private_metadata
    return view


def _headline(card: ReminderCard, words: Words) -> str:
    patient, client = escape(card.patient, NAME_LENGTH), escape(card.client, NAME_LENGTH)
    if card.saved:
        return words("Saved: reminder for {patient} ({client})", patient=patient, client=client)
    return words("Reminder for {patient} ({client})", patient=patient, client=client)


def _blocks(card: ReminderCard, words: Words) -> list[Json]:
    """The buttons stand above the sends, of which there can be a hundred lines."""
    blocks = [section(bold(_headline(card, words)))]
    if card.note:
        blocks.append(section(f":warning: {escape(card.note, _NOTE_LENGTH)}"))
    blocks += sections(f":warning: {escape(answer, _NOTE_LENGTH)}" for answer in card.answers[:_ANSWERS_SHOWN])
    if card.undo:
        undo = button(Action.REMINDER_UNDO.value, words("Undo"), card.undo.value)
        blocks.append(section(escape(card.undo.text, _SENTENCE_LENGTH), undo))
    blocks += sections(_facts(card, words))
    pressed: list[ButtonElement | OverflowMenuElement] = [*_buttons(card, words)]
    if card.menu:
        pressed.append(overflow(Action.REMINDER_MENU.value, card.menu))
    blocks.append(actions(*pressed))
    return [*blocks, *_coming(card, words), *_history(card, words)]


def _facts(card: ReminderCard, words: Words) -> list[str]:
    facts = [
        (words("Clinic"), card.clinic),
        (words("What"), card.what),
        (words("How"), card.how),
        (words("Due date"), card.due_date),
        (words("Send before"), card.send_before),
        (words("Recurring reminder"), card.recurrence),
        (words("Status"), card.status),
    ]
    return [f"{bold(name)}: {escape(value, NAME_LENGTH)}" for name, value in facts if value]


def _coming(card: ReminderCard, words: Words) -> list[Json]:
    if not card.coming:
        return []
    lines = [f"• {escape(line, _COMING_LENGTH)}" for line in card.coming[:_SENDS_SHOWN]]
    return sections([bold(words("Sends")), *lines])


def _history(card: ReminderCard, words: Words) -> list[Json]:
    if not card.history:
        return []
    shown = card.history[-_NEWEST_SHOWN:]
    left_out = len(card.history) - len(shown)
    whole = button(Action.REMINDER_HISTORY.value, words("Whole history"), card.value) if left_out else None
    first = section(bold(words("History")), whole)
    earlier = [words.plural("… {count} earlier", "… {count} earlier", left_out, count=left_out)] if left_out else []
    return [first, *history_blocks(shown, earlier)]


def _buttons(card: ReminderCard, words: Words) -> list[ButtonElement]:
    """What staff reach for most often stands first; what ends a reminder stands last."""
    buttons: list[ButtonElement] = []
    if card.can_edit:
        buttons.append(button(Action.REMINDER_EDIT.value, words("Edit"), card.value))
    if card.can_resume:
        buttons.append(button(Action.REMINDER_RESUME.value, words("Resume"), card.value, style="primary"))
    if card.can_send_now:
        buttons.append(_send_now(card, words))
    if card.can_skip:
        buttons.append(button(Action.REMINDER_SKIP.value, words("Skip the next one"), card.value))
    if card.can_pause:
        buttons.append(button(Action.REMINDER_PAUSE.value, words("Pause"), card.value))
    if card.can_cancel:
        sure = Confirm(
            title=words("Cancel this reminder?"),
            text=words("Nothing more is sent. As long as its card is open you can restore it."),
            yes=words("Cancel reminder"),
            no=words("Keep it"),
            dangerous=True,
        )
        label = words("Cancel reminder")
        buttons.append(button(Action.REMINDER_CANCEL.value, label, card.value, style="danger", confirm=sure))
    if card.can_restore:
        buttons.append(button(Action.REMINDER_RESTORE.value, words("Restore"), card.value, style="primary"))
    buttons.append(button(Action.CLIENT_OPEN.value, words("Client's page"), card.client_value))
    return buttons


def _send_now(card: ReminderCard, words: Words) -> ButtonElement:
    sure = Confirm(
        title=words("Send the next one now?"),
        text=words(
            "The client gets it at once instead of on its planned day. If the clinic is closed just now, it goes when "
            "the clinic sends again."
        ),
        yes=words("Send now"),
        no=words("Wait"),
    )
    return button(Action.REMINDER_SEND_NOW.value, words("Send now"), card.value, confirm=sure)
