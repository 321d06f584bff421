"""What does one client's page look like (rule P1): contact data, patients, and a tab for reminders and for history?

A modal that one member sees. Every patient is named; of several, the first few living ones have a button of their own
that makes a reminder for them. *Add*, in the Reminders tab, makes one for whichever patient is then chosen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement, StaticSelectElement

from blocks.elements import Choice, Json, actions, button, context, divider, exact, header, menu, section, sections
from blocks.ids import Action, ClientAction, ClientBlock, ViewId
from blocks.inputs import Dispatch, Place, external_select
from blocks.limits import VIEW_BUTTON, VIEW_TITLE, clip
from blocks.limits_blocks import SECTION_TEXT
from blocks.reminder_card import Undo
from blocks.reminder_list import DueMark
from blocks.text import bold, escape, mention, plain, visible
from blocks.translator import Words

PATIENTS_WITH_BUTTON = 8
_NAME_LENGTH = 200
_SHORT_NAME_LENGTH = 80
_LINE_LENGTH = 250
_ADDRESS_LENGTH = 400
_CLIENTS_LISTED = 20
_ROWS_SHOWN = 20
_UNDO_SHOWN = 5


@dataclasses.dataclass(frozen=True, slots=True)
class PatientLine:
    """One patient; `note` says why it gets no reminders, `value` is the id that its button sends back."""

    value: str
    name: str
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class PageRow:
    """One entry of a tab, in finished strings; `value` is the reminder's id."""

    value: str
    patient: str
    what: str
    how: str
    details: Sequence[str]
    mark: DueMark | None = None
    """The colour of the due date (rule P15)."""


@dataclasses.dataclass(frozen=True, slots=True)
class ChangeLine:
    """Who changed the record, when (a finished string), and what (a finished sentence)."""

    when: str
    user_id: str
    what: str


@dataclasses.dataclass(frozen=True, slots=True)
class ClientPage:
    """The page. `previous` and `following` are what the page buttons send back, empty where there is no page."""

    value: str
    """The client's id, as its buttons send it back."""
    name: str
    phone: str = ""
    email: str = ""
    facts: Sequence[str] = ()
    """Allowed channels, language: finished strings."""
    notes: Sequence[str] = ()
    """What was just done, and what stands in the way of any reminder."""
    undo: Sequence[Undo] = ()
    """What can still be undone, the newest first."""
    menu: Sequence[Choice] = ()
    """What is seldom done to the client or to a patient."""
    patients: Sequence[PatientLine] = ()
    changes: Sequence[ChangeLine] = ()
    shows_history: bool = False
    """Which of the two tabs is open."""
    rows: Sequence[PageRow] = ()
    previous: str = ""
    following: str = ""
    can_add: bool = True
    private_metadata: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ClientLine:
    """One client to choose from, with what tells namesakes apart; `value` is its id."""

    value: str
    name: str
    details: str = ""


def client_page_view(page: ClientPage, words: Words) -> Json:
    """The page as a modal."""
    return _modal(
        ViewId.CLIENT_PAGE,
        words("Client"),
        [
            header(visible(page.name)),
            *(section(f":warning: {escape(note, _LINE_LENGTH)}") for note in page.notes),
            *(_undo(one, words) for one in page.undo[:_UNDO_SHOWN]),
            *_contact(page, words),
            actions(*_buttons(page, words)),
            divider(),
            *_patients(page, words),
            divider(),
            actions(*_tabs(page, words)),
            *_rows(page, words),
            *_pages(page, words),
        ],
        words,
        private_metadata=page.private_metadata,
    )


def client_choice_view(clients: Sequence[ClientLine], words: Words, *, note: str = "") -> Json:
    """Which client is meant? A type-ahead, and above it the few who come into question; `note` says why it is asked."""
    place = Place(
        ClientBlock.CHOICE.value,
        ClientAction.CHOICE.value,
        words("Client"),
        words("By name, patient, phone number or e-mail address."),
        dispatch=Dispatch.WHEN_CHANGED,
        focus=not clients,
    )
    blocks = [section(escape(note, SECTION_TEXT - 20))] if note else []
    blocks += [_client(line, words) for line in clients[:_CLIENTS_LISTED]]
    blocks.append(external_select(place, placeholder=words("Type a name")))
    blocks.append(actions(button(Action.CLIENT_NEW.value, words("New client"))))
    view = _modal(ViewId.CLIENT_CHOICE, words("Which client?"), blocks, words)
    # Slack takes no input without a submit button: this one opens who was chosen, as choosing alone does.
    return {**view, "submit": plain(words("Open"), VIEW_BUTTON).to_dict()}


def _client(line: ClientLine, words: Words) -> Json:
    details = f"\n{escape(line.details, _LINE_LENGTH)}" if line.details else ""
    opens = button(Action.CLIENT_OPEN.value, words("Open"), line.value)
    return section(f"{bold(escape(line.name, _NAME_LENGTH))}{details}", opens)


def _contact(page: ClientPage, words: Words) -> list[Json]:
    known = [(words("Phone number"), page.phone), (words("E-mail address"), page.email)]
    lines = [f"{name}: {clip(value, _ADDRESS_LENGTH) if value else words('not known')}" for name, value in known]
    blocks = [exact("\n".join(lines))]
    if page.facts:
        blocks.append(context(" · ".join(escape(fact, _SHORT_NAME_LENGTH) for fact in page.facts)))
    if page.changes:
        blocks.append(context("\n".join(_change(line) for line in page.changes)))
    return blocks


def _change(line: ChangeLine) -> str:
    return f"{escape(line.when, _SHORT_NAME_LENGTH)} {mention(line.user_id)}: {escape(line.what, _LINE_LENGTH)}"


def _undo(undo: Undo, words: Words) -> Json:
    return section(escape(undo.text, _LINE_LENGTH), button(Action.CLIENT_UNDO.value, words("Undo"), undo.value))


def _buttons(page: ClientPage, words: Words) -> list[ButtonElement | StaticSelectElement]:
    more = [menu(Action.CLIENT_MENU.value, words("More"), page.menu)] if page.menu else []
    return [
        button(Action.CLIENT_EDIT.value, words("Edit client"), page.value),
        button(Action.PATIENT_NEW.value, words("New patient"), page.value),
        *more,
    ]


def _patients(page: ClientPage, words: Words) -> list[Json]:
    if not page.patients:
        return [section(words("This client has no patients yet."))]
    alive = [line for line in page.patients if not line.note]
    beside = alive[:PATIENTS_WITH_BUTTON] if page.can_add and len(alive) > 1 else []
    made = [section(bold(words("Patients")))]
    for line in beside:
        adds = button(Action.PATIENT_ADD.value, words("New reminder"), line.value)
        made.append(section(escape(line.name, _NAME_LENGTH), adds))
    rest = [
        f"• {escape(line.name, _SHORT_NAME_LENGTH)}"
        + (f": {escape(line.note, _SHORT_NAME_LENGTH)}" if line.note else "")
        for line in page.patients
        if line not in beside
    ]
    return [*made, *sections(rest)]


def _tabs(page: ClientPage, words: Words) -> list[ButtonElement]:
    open_tab = Action.CLIENT_TAB_HISTORY if page.shows_history else Action.CLIENT_TAB_REMINDERS
    tabs = {Action.CLIENT_TAB_REMINDERS: words("Reminders"), Action.CLIENT_TAB_HISTORY: words("History")}
    buttons = [button(tab.value, f"● {name}" if tab is open_tab else name) for tab, name in tabs.items()]
    if page.can_add and not page.shows_history:
        buttons.append(button(Action.CLIENT_ADD.value, words("Add"), page.value, style="primary"))
    return buttons


def _rows(page: ClientPage, words: Words) -> list[Json]:
    if page.rows:
        return [_row(row, words) for row in page.rows[:_ROWS_SHOWN]]
    if page.shows_history:
        return [section(words("Nothing was sent to this client yet."))]
    return [section(words("This client has no reminders yet."))]


def _row(row: PageRow, words: Words) -> Json:
    mark = f"{row.mark.value} " if row.mark is not None else ""
    what, how = escape(row.what, _SHORT_NAME_LENGTH), escape(row.how, _SHORT_NAME_LENGTH)
    first = f"{mark}{bold(escape(row.patient, _SHORT_NAME_LENGTH))} · {what} · {how}"
    second = clip(" · ".join(escape(detail, _LINE_LENGTH) for detail in row.details), 2 * _LINE_LENGTH)
    return section(f"{first}\n{second}", button(Action.REMINDER_OPEN.value, words("Open"), row.value))


def _pages(page: ClientPage, words: Words) -> list[Json]:
    buttons = []
    if page.previous:
        buttons.append(button(Action.CLIENT_PAGE_PREVIOUS.value, words("Previous page"), page.previous))
    if page.following:
        buttons.append(button(Action.CLIENT_PAGE_NEXT.value, words("Next page"), page.following))
    return [actions(*buttons)] if buttons else []


def _modal(view_id: ViewId, title: str, blocks: list[Json], words: Words, *, private_metadata: str = "") -> Json:
    view: Json = {
        "type": "modal",
        "callback_id": view_id.value,
        "title": plain(title, VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": blocks,
    }
    if private_metadata:
        view["private_metadata"] = private_metadata
    return view
