"""Which clients are to be contacted, and what happens when one is dealt with in the list (rules P12 and P14)?"""

from __future__ import annotations

from typing import Any

from blocks.task_list import ROWS_ON_A_PAGE, TaskList, TaskRow, task_list_view
from blocks.text import bold, escape
from bot.domain.errors import Conflict, MayNotBeSent
from bot.i18n import Words
from bot.services import doubtful, tasks, workspaces
from bot.slack import contact_tasks, explanations, home, list_filter, reminder_history, reminder_list
from bot.slack.button_values import TaskListMetadata, read_doubt_value, row_id
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
        note = _who_was_first(press, task_id, conflict)
    else:
        client, patient = escape(task.client.name), escape(task.patient.name)
        note = f"✅ {bold(words('Contacted: {client} about {patient}', client=client, patient=patient))}"
    _show_what_is_left(press, note)


def record_sent(press: Request) -> None:
    """Take the presser's word that a message went, as on the task's card, and show the tasks that are left."""
    desk, words = press.desk, press.words
    task_id, attempt = read_doubt_value(press.action["value"])
    try:
        task = doubtful.record_sent(
            desk.database, press.team_id, task_id, attempt=attempt, who=press.person.id, now=desk.clock.now()
        )
    except Conflict as conflict:
        note = _who_was_first(press, task_id, conflict)
    else:
        client, patient = escape(task.client.name), escape(task.patient.name)
        note = f"✅ {bold(words('Recorded as sent: {client} about {patient}', client=client, patient=patient))}"
    _show_what_is_left(press, note)


def send_again(press: Request) -> None:
    """Send a message again, as on the task's card, and show the tasks that are left; or why it may not go."""
    words = press.words
    task_id, _ = read_doubt_value(press.action["value"])
    try:
        planned = contact_tasks.plan_again(press)
    except Conflict as conflict:
        note = _who_was_first(press, task_id, conflict)
    except MayNotBeSent as refused:
        note = f"⚠️ {escape(words.say(refused.reason))}"
    else:
        client, patient = escape(planned.task.client.name), escape(planned.task.patient.name)
        headline = bold(words("To be sent again: {client} about {patient}", client=client, patient=patient))
        note = f"🔁 {headline} {contact_tasks.goes_later(press, planned)}".rstrip()
    _show_what_is_left(press, note)


def show_contact(press: Request) -> None:
    """Show address and number above the list, to the presser alone."""
    press.show_on_top(contact_tasks.contact_view(press, row_id(press.action["value"])))


def show_history(press: Request) -> None:
    """Show the history of a task's reminder above the list."""
    press.show_on_top(reminder_history.newest(press))


def _who_was_first(press: Request, task_id: int, conflict: Conflict) -> str:
    task = tasks.find(press.desk.database, press.team_id, task_id)
    return contact_tasks.already_dealt_with(task, conflict, press.words)


def _show_what_is_left(press: Request, note: str) -> None:
    press.desk.wake()
    press.show_instead(_view(press, TaskListMetadata.decode(press.view["private_metadata"]), note))
    home.refresh(press)


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
        doubt=contact_tasks.doubt(task),
    )
