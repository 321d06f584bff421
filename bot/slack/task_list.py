"""Which clients are to be contacted, and what happens when one is marked as contacted in the list (rule P12)?"""

from __future__ import annotations

from typing import Any

from blocks.task_list import ROWS_ON_A_PAGE, TaskList, TaskRow, task_list_view
from blocks.text import bold, escape
from bot.domain.errors import Conflict
from bot.i18n import Words
from bot.services import tasks, workspaces
from bot.slack import contact_tasks, explanations, home, list_filter, reminder_history, reminder_list
from bot.slack.button_values import TaskListMetadata, row_id
from bot.slack.requests import Request
from bot.store.tasks import ContactTask


def open_list(press: Request) -> None:
    """Open the list at its first page, of the clinic that is chosen on the Home."""
    asked = list_filter.read(press)
    shown = TaskListMetadata(None if asked is None else asked.clinic_id, 0)
    press.client.views_open(trigger_id=press.trigger_id, view=_view(press, shown))


def turn_page(press: Request) -> None:
    """Show another page."""
    shown = TaskListMetadata.decode(press.view["private_metadata"])
    press.show_instead(_view(press, shown._replace(number=reminder_list.page_number(press))))


def mark_contacted(press: Request) -> None:
    """Close a task once, as on its card, and show those that are left; whoever comes second is told who was first."""
    desk, words = press.desk, press.words
    task_id = row_id(press.action["value"])
    try:
        task = tasks.close(desk.database, press.team_id, task_id, who=press.person.id, now=desk.clock.now())
    except Conflict as conflict:
        task = tasks.find(desk.database, press.team_id, task_id)
        note = contact_tasks.already_contacted(task, conflict, words)
    else:
        client, patient = escape(task.client.name), escape(task.patient.name)
        note = f"✅ {bold(words('Contacted: {client} about {patient}', client=client, patient=patient))}"
    desk.wake()
    press.show_instead(_view(press, TaskListMetadata.decode(press.view["private_metadata"]), note))
    home.refresh(press)


def show_contact(press: Request) -> None:
    """Show address and number above the list, to the presser alone."""
    press.show_on_top(contact_tasks.contact_view(press, row_id(press.action["value"])))


def show_history(press: Request) -> None:
    """Show the history of a task's reminder above the list."""
    press.show_on_top(reminder_history.newest(press))


def _view(press: Request, shown: TaskListMetadata, note: str = "") -> dict[str, Any]:
    words, database = press.words, press.desk.database
    page = tasks.open_page(
        database, press.team_id, shown.clinic_id, limit=ROWS_ON_A_PAGE, offset=shown.number * ROWS_ON_A_PAGE
    )
    number = page.offset // ROWS_ON_A_PAGE
    several = len(workspaces.clinics_of(database, press.team_id)) > 1
    return task_list_view(
        TaskList(
            rows=[_row(task, words, several=several) for task in page.rows],
            total=page.total,
            note=note,
            previous=f"page:{number - 1}" if number else "",
            following=f"page:{number + 1}" if page.total > page.offset + ROWS_ON_A_PAGE else "",
            private_metadata=shown._replace(number=number).encode(),
        ),
        words,
    )


def _row(task: ContactTask, words: Words, *, several: bool) -> TaskRow:
    return TaskRow(
        value=str(task.id),
        reminder_value=str(task.reminder.id),
        patient=task.patient.name,
        client=task.client.name,
        reason=explanations.reason(contact_tasks.reason_now(task), words),
        due_date=words.short_day(task.due_date),
        clinic=task.clinic.name if several else "",
    )
