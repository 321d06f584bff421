"""What is shown of one client, and how does one come there (rule P1)?"""

from __future__ import annotations

from typing import Any

from blocks import client_page, elements
from blocks.client_page import ChangeLine, ClientLine, PageRow, PatientLine
from blocks.ids import Action, ClientBlock
from blocks.reminder_card import Undo
from blocks.reminder_list import DueMark
from bot.domain.messages import Message, message
from bot.i18n import Words
from bot.services import client_page as pages
from bot.services import directory
from bot.services.client_page import ClientSeen, Tab
from bot.slack import card_menu, client_words, explanations, form_view, reminder_list
from bot.slack.button_values import PageMetadata, row_id
from bot.slack.requests import Request
from bot.store.client_reminders import ClientReminder, Ended
from bot.store.directory import ClientFound

LISTED = 10
"""Of so many clients one can choose at a glance; of more, a few more letters choose faster."""
SUGGESTIONS = 20


def open_named(command: Request) -> None:
    """Open the page of the client whom the typed words mean; ask which one, if they mean several or nobody."""
    name = command.typed.partition(" ")[2].strip()
    found = []
    if name:
        found = directory.search_clients(command.desk.database, command.team_id, name, limit=LISTED + 1, inactive=True)
    if len(found) == 1:
        view = _first_look(command, found[0].client.id)
    else:
        lines = [_line(one) for one in found[:LISTED]]
        note = command.words.say(_why_asked(name, len(found))) if name else ""
        view = client_page.client_choice_view(lines, command.words, note=note)
    shown = command.client.views_open(trigger_id=command.trigger_id, view=view)
    command.desk.searches.note(shown["view"]["id"], name, found=bool(found))
    command.ack()


def open_page(press: Request) -> None:
    """Open the page of the client whose id the button carries."""
    press.show_here(_first_look(press, row_id(press.action["value"])))


def open_chosen(press: Request) -> None:
    """Open the page of the client who was chosen in the type-ahead."""
    option = press.action.get("selected_option")
    if option is not None:
        press.show_instead(_first_look(press, row_id(option["value"])))


def submit_choice(submission: Request) -> None:
    """Open the same page when the button below the type-ahead is pressed."""
    held = submission.view["state"]["values"][ClientBlock.CHOICE.value][ClientBlock.CHOICE.action.value]
    option = held.get("selected_option")
    if option is None:
        words = submission.words
        submission.ack(
            response_action="errors",
            errors={ClientBlock.CHOICE.value: words("Choose the client: type the beginning of a name.")},
        )
        return
    submission.ack(response_action="update", view=_first_look(submission, row_id(option["value"])))


def suggest(request: Request) -> None:
    """Offer the clients in whom every typed word is found, the inactive ones last."""
    found = directory.search_clients(
        request.desk.database, request.team_id, request.typed, limit=SUGGESTIONS, inactive=True
    )
    request.desk.searches.note(request.view["id"], request.typed, found=bool(found))
    request.ack(**elements.suggestions([form_view.client_choice(one.client, one) for one in found]))


def turn(press: Request) -> None:
    """Show the other tab, or another page of the one that is open."""
    shown = PageMetadata.decode(press.view["private_metadata"])
    tabs = {Action.CLIENT_TAB_REMINDERS.value: Tab.REMINDERS, Action.CLIENT_TAB_HISTORY.value: Tab.HISTORY}
    tab = tabs.get(press.action["action_id"])
    if tab is None:
        tab, number = shown.tab, reminder_list.page_number(press)
    else:
        number = 0
    seen = pages.turn_to(press.desk.database, press.team_id, shown.client_id, tab, number)
    press.show_instead(page_view(press, seen))


def page_view(request: Request, seen: ClientSeen, note: str = "") -> dict[str, Any]:
    """The page as a modal; `note` tells what was just done."""
    words, client = request.words, seen.client
    inactive = "" if client.active else words("This client is inactive and gets no reminders.")
    undo = [step for step in seen.steps if step.is_open(request.desk.clock.now())]
    return client_page.client_page_view(
        client_page.ClientPage(
            value=str(client.id),
            name=client.name,
            phone=client_words.phone(client.phone),
            email=client.email or "",
            facts=client_words.client_facts(client, words),
            notes=[text for text in (note, inactive) if text],
            undo=[Undo(str(step.id), explanations.undo(step, seen.clinics[0].hours.zone, words)) for step in undo],
            menu=card_menu.of_client(seen, undo, words),
            patients=[
                PatientLine(str(one.id), client_words.patient_name(one), client_words.patient_note(one, words))
                for one in seen.patients
            ],
            changes=[
                ChangeLine(
                    words.moment(entry.at, seen.clinics[0].hours.zone),
                    entry.actor,
                    client_words.client_event(entry, words),
                )
                for entry in seen.changes
            ],
            shows_history=seen.tab is Tab.HISTORY,
            rows=[
                *(_reminder(request, seen, one) for one in seen.reminders),
                *(_ended(seen, one, words) for one in seen.ended),
            ],
            previous=f"page:{seen.number - 1}" if seen.number else "",
            following="" if seen.is_last else f"page:{seen.number + 1}",
            can_add=client.active,
            private_metadata=PageMetadata(client.id, seen.tab, seen.number).encode(),
        ),
        words,
    )


def _first_look(request: Request, client_id: int) -> dict[str, Any]:
    desk = request.desk
    seen = pages.open_page(desk.database, request.team_id, client_id, who=request.person.id, now=desk.clock.now())
    return page_view(request, seen)


def _why_asked(name: str, found: int) -> Message:
    if not found:
        return message(
            "No client matches “{name}”. Check the spelling, search again here, or add a new client.", name=name
        )
    if found > LISTED:
        return message(
            "Many clients match “{name}”. These are the first; type more of the name to find others.", name=name
        )
    return message("Several clients match “{name}”. Which one do you mean?", name=name)


def _line(found: ClientFound) -> ClientLine:
    choice = form_view.client_choice(found.client, found)
    return ClientLine(choice.value, choice.label, choice.description)


def _reminder(request: Request, seen: ClientSeen, one: ClientReminder) -> PageRow:
    words, hours = request.words, seen.clinic(one.clinic_id).hours
    left = one.due_date - hours.today(request.desk.clock.now())
    mark = reminder_list.due_mark(left)
    day = words.short_day(one.due_date)
    details = [explanations.list_status(one, words)]
    if one.send_at is not None:
        details.append(words("Next send {next_send}", next_send=words.moment(one.send_at, hours.zone)))
    details.append(
        words("was due {due_date}", due_date=day) if mark is DueMark.PAST else words("due {due_date}", due_date=day)
    )
    return PageRow(
        value=str(one.id),
        patient=one.patient_name,
        what=one.template_name or one.subject or words("Free text"),
        how=explanations.method(one.method, words),
        details=details,
        mark=mark,
    )


def _ended(seen: ClientSeen, one: Ended, words: Words) -> PageRow:
    details = [
        words.moment(one.finished_at, seen.clinic(one.clinic_id).hours.zone),
        explanations.delivery_state(one, words),
    ]
    if one.reason is not None:
        details.append(explanations.reason(one.reason, words))
    return PageRow(
        value=str(one.reminder_id),
        patient=one.patient_name,
        what=one.template_name or one.subject or words("Free text"),
        how=explanations.channel(one.channel, words),
        details=details,
    )
