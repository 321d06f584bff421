"""Which listener answers what?

One table knows every id. Whatever arrives goes the same way: who asks is looked up and checked, the listener runs, and
what it raises is answered where the person is. This is the outer edge of the room: nothing raised here reaches Bolt,
which would leave the person without any answer.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from blocks.ids import (
    Action,
    ClientAction,
    Command,
    FormAction,
    FormBlock,
    ListAction,
    SettingsAction,
    SettingsBlock,
    Shortcut,
    TemplateAction,
    TemplateBlock,
    ViewId,
)
from bot.domain import rights
from bot.domain.errors import Forbidden, NotSetUp, ReminderBotError
from bot.slack import (
    answers,
    client_form,
    client_page,
    commands,
    contact_tasks,
    departures,
    first_use,
    home,
    prefilled_form,
    reminder_card,
    reminder_form,
    reminder_history,
    reminder_life,
    settings_form,
    settings_trial,
    task_list,
    template_card,
    template_change,
    template_form,
    template_list,
)
from bot.slack.answers import Kind
from bot.slack.button_values import Unreadable
from bot.slack.desk import Desk
from bot.slack.requests import Request, request, request_of_somebody
from bot.store.database import DatabaseAway

Listener = Callable[[Request], None]

_log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table: what arrives under which id, and who answers it."""

    kind: Kind
    id: str
    listener: Listener


LISTENERS: tuple[Entry, ...] = (
    Entry(Kind.COMMAND, Command.REMINDER, commands.run),
    Entry(Kind.SHORTCUT, Shortcut.NEW_REMINDER, reminder_form.open_new),
    Entry(Kind.SHORTCUT, Shortcut.REMINDER_OF_MESSAGE, prefilled_form.open_of_message),
    Entry(Kind.EVENT, "app_home_opened", home.show),
    Entry(Kind.PRESS, Action.HOME_NEW_REMINDER, reminder_form.open_new),
    Entry(Kind.PRESS, Action.REMINDER_NEW, reminder_form.open_new),
    *(
        Entry(Kind.PRESS, block.action, reminder_form.change)
        for block in (
            FormBlock.CLINIC,
            FormBlock.CLIENT,
            FormBlock.PATIENT,
            FormBlock.EMAIL,
            FormBlock.PHONE,
            FormBlock.METHOD,
            FormBlock.TEMPLATE,
            FormBlock.MANUAL,
            FormBlock.SMS_TEXT,
            FormBlock.DUE_DATE,
            FormBlock.SEND_BEFORE,
            FormBlock.RECURRENCE,
            FormBlock.REPETITIONS,
        )
    ),
    Entry(Kind.OPTIONS, FormAction.CLIENT, reminder_form.suggest_clients),
    Entry(Kind.OPTIONS, FormAction.PATIENT, reminder_form.suggest_patients),
    Entry(Kind.OPTIONS, FormAction.TEMPLATE, reminder_form.suggest_templates),
    Entry(Kind.SUBMISSION, ViewId.REMINDER_FORM, reminder_form.save),
    Entry(Kind.PRESS, Action.CLIENT_OPEN, client_page.open_page),
    Entry(Kind.PRESS, ClientAction.CHOICE, client_page.open_chosen),
    Entry(Kind.OPTIONS, ClientAction.CHOICE, client_page.suggest),
    Entry(Kind.SUBMISSION, ViewId.CLIENT_CHOICE, client_page.submit_choice),
    *(
        Entry(Kind.PRESS, action, client_page.turn)
        for action in (
            Action.CLIENT_TAB_REMINDERS,
            Action.CLIENT_TAB_HISTORY,
            Action.CLIENT_PAGE_PREVIOUS,
            Action.CLIENT_PAGE_NEXT,
        )
    ),
    Entry(Kind.PRESS, Action.CLIENT_MENU, departures.choose_on_page),
    Entry(Kind.PRESS, Action.CLIENT_UNDO, departures.take_back),
    Entry(Kind.PRESS, Action.CLIENT_ADD, reminder_form.open_for_client),
    Entry(Kind.PRESS, Action.PATIENT_ADD, reminder_form.open_for_patient),
    Entry(Kind.PRESS, Action.CLIENT_NEW, client_form.open_new_client),
    Entry(Kind.PRESS, Action.CLIENT_EDIT, client_form.open_edit_client),
    Entry(Kind.PRESS, Action.PATIENT_NEW, client_form.open_new_patient),
    Entry(Kind.PRESS, Action.FORM_TEMPLATE_TEXT, reminder_form.take_template_text),
    Entry(Kind.PRESS, Action.FORM_CLIENT_NEW, client_form.open_new_client_on_form),
    Entry(Kind.PRESS, Action.FORM_PATIENT_NEW, client_form.open_new_patient_on_form),
    Entry(Kind.SUBMISSION, ViewId.CLIENT_FORM, client_form.save_client),
    Entry(Kind.SUBMISSION, ViewId.PATIENT_FORM, client_form.save_patient),
    Entry(Kind.OPTIONS, ClientAction.OWNER, reminder_form.suggest_clients),
    Entry(Kind.PRESS, Action.REMINDER_OPEN, reminder_card.open_card),
    Entry(Kind.PRESS, Action.REMINDER_EDIT, reminder_form.open_edit),
    Entry(Kind.PRESS, Action.REMINDER_CANCEL, reminder_life.cancel),
    Entry(Kind.PRESS, Action.REMINDER_RESTORE, reminder_life.restore),
    Entry(Kind.PRESS, Action.REMINDER_PAUSE, reminder_life.pause),
    Entry(Kind.PRESS, Action.REMINDER_RESUME, reminder_life.resume),
    Entry(Kind.PRESS, Action.REMINDER_SEND_NOW, reminder_life.send_now),
    Entry(Kind.PRESS, Action.REMINDER_SKIP, reminder_life.skip),
    Entry(Kind.PRESS, Action.REMINDER_UNDO, reminder_life.take_back),
    Entry(Kind.PRESS, Action.REMINDER_MENU, reminder_life.menu),
    Entry(Kind.SUBMISSION, ViewId.DEPARTURE, departures.confirm),
    Entry(Kind.PRESS, Action.REMINDER_LIST_PREVIOUS, home.turn_page),
    Entry(Kind.PRESS, Action.REMINDER_LIST_NEXT, home.turn_page),
    *(Entry(Kind.PRESS, action, home.choose) for action in ListAction),
    Entry(Kind.PRESS, Action.REMINDER_LIST_CLEAR, home.clear),
    *(
        Entry(Kind.PRESS, action, home.show_counted)
        for action in (Action.HOME_SHOW_TODAY, Action.HOME_SHOW_WEEK, Action.HOME_SHOW_NOT_SENT)
    ),
    Entry(Kind.PRESS, Action.HOME_SHOW_TASKS, task_list.open_list),
    Entry(Kind.PRESS, Action.REMINDER_HISTORY, reminder_history.open_history),
    Entry(Kind.PRESS, Action.REMINDER_HISTORY_PREVIOUS, reminder_history.turn),
    Entry(Kind.PRESS, Action.REMINDER_HISTORY_NEXT, reminder_history.turn),
    Entry(Kind.PRESS, Action.HOME_TEMPLATES, template_list.open_list),
    Entry(Kind.PRESS, TemplateBlock.SEARCH.action, template_list.search),
    Entry(Kind.SUBMISSION, ViewId.TEMPLATE_LIST, template_list.search_again),
    Entry(Kind.PRESS, Action.TEMPLATE_LIST, template_list.show_all),
    Entry(Kind.PRESS, Action.TEMPLATE_LIST_PREVIOUS, template_list.turn_page),
    Entry(Kind.PRESS, Action.TEMPLATE_LIST_NEXT, template_list.turn_page),
    Entry(Kind.PRESS, Action.TEMPLATE_OPEN, template_card.open_card),
    Entry(Kind.PRESS, Action.TEMPLATE_RETIRE, template_card.retire),
    Entry(Kind.PRESS, Action.TEMPLATE_OFFER_AGAIN, template_card.offer_again),
    Entry(Kind.PRESS, Action.TEMPLATE_UNDO, template_card.undo),
    Entry(Kind.PRESS, Action.TEMPLATE_DECIDE, template_change.ask),
    Entry(Kind.PRESS, Action.TEMPLATE_NEW, template_form.open_new),
    Entry(Kind.PRESS, Action.TEMPLATE_EDIT, template_form.open_edit),
    Entry(Kind.PRESS, Action.TEMPLATE_ADD_LANGUAGE, template_form.open_language),
    *(
        Entry(Kind.PRESS, block.action, template_form.change)
        for block in (
            TemplateBlock.SUBJECT,
            TemplateBlock.EMAIL_TEXT,
            TemplateBlock.SMS_TEXT,
            TemplateBlock.LETTER_TEXT,
            TemplateBlock.PATIENT,
        )
    ),
    Entry(Kind.OPTIONS, TemplateAction.PATIENT, template_form.suggest_patients),
    Entry(Kind.SUBMISSION, ViewId.TEMPLATE_FORM, template_form.save),
    Entry(Kind.SUBMISSION, ViewId.TEMPLATE_CHANGE, template_change.choose),
    Entry(Kind.PRESS, Action.HOME_SETTINGS, settings_form.open_settings),
    Entry(Kind.SUBMISSION, ViewId.SETTINGS_CHOICE, settings_form.open_chosen),
    Entry(Kind.OPTIONS, SettingsAction.CLINIC, settings_form.suggest_clinics),
    Entry(Kind.PRESS, Action.SETTINGS_ADD, settings_form.open_another),
    Entry(Kind.PRESS, SettingsBlock.COUNTRY.action, settings_form.change),
    *(
        Entry(Kind.OPTIONS, action, settings_form.suggest)
        for action in (SettingsAction.ZONE, SettingsAction.COUNTRY, SettingsAction.SUBDIVISION)
    ),
    Entry(Kind.SUBMISSION, ViewId.SETTINGS_FORM, settings_form.save),
    Entry(Kind.PRESS, Action.SETTINGS_TRIAL, settings_trial.open_trial),
    Entry(Kind.SUBMISSION, ViewId.SETTINGS_TRIAL, settings_trial.send),
    Entry(Kind.PRESS, Action.TASK_MARK_CONTACTED, contact_tasks.mark_contacted),
    Entry(Kind.PRESS, Action.TASK_SHOW_CONTACT, contact_tasks.show_contact),
    Entry(Kind.PRESS, Action.TASK_SEND_AGAIN, contact_tasks.send_again),
    Entry(Kind.PRESS, Action.TASK_RECORD_SENT, contact_tasks.record_sent),
    Entry(Kind.PRESS, Action.TASK_LIST_MARK_CONTACTED, task_list.mark_contacted),
    Entry(Kind.PRESS, Action.TASK_LIST_SHOW_CONTACT, task_list.show_contact),
    Entry(Kind.PRESS, Action.TASK_LIST_SEND_AGAIN, task_list.send_again),
    Entry(Kind.PRESS, Action.TASK_LIST_RECORD_SENT, task_list.record_sent),
    Entry(Kind.PRESS, Action.TASK_LIST_HISTORY, task_list.show_history),
    Entry(Kind.PRESS, Action.TASK_LIST_PREVIOUS, task_list.turn_page),
    Entry(Kind.PRESS, Action.TASK_LIST_NEXT, task_list.turn_page),
    Entry(Kind.PRESS, Action.TASK_MENU, departures.ask_on_task),
)


def build(desk: Desk, client: WebClient, signing_secret: str = "") -> App:
    """The Bolt app with every listener; nothing is connected yet. Only requests over HTTP are signed."""
    app = App(
        client=client,
        signing_secret=signing_secret,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    for entry in LISTENERS:
        _register(app, entry, _guarded(entry, desk))
    return app


def _register(app: App, entry: Entry, listener: Callable[..., None]) -> None:
    match entry.kind:
        case Kind.COMMAND:
            app.command(entry.id)(listener)
        case Kind.SHORTCUT:
            app.shortcut(entry.id)(listener)
        case Kind.SUBMISSION:
            app.view_submission(entry.id)(listener)
        case Kind.PRESS:
            app.block_action(entry.id)(listener)
        case Kind.OPTIONS:
            app.block_suggestion(entry.id)(listener)
        case Kind.EVENT:
            app.event(entry.id)(listener)


def _guarded(entry: Entry, desk: Desk) -> Callable[..., None]:
    def listen(body: dict[str, Any], context: BoltContext, ack: Ack) -> None:
        if entry.kind in (Kind.PRESS, Kind.EVENT):
            ack()  # nothing is said in these acknowledgements, so they need not wait
        try:
            asked = request(desk, body, context, ack)
        except Exception:  # noqa: BLE001  # the outer edge: Slack does not say who this is
            code = secrets.token_hex(3)
            _log.exception("person-unknown", listener=entry.id, code=code)
            _apologise(entry, request_of_somebody(desk, body, context, ack), code)
            return
        _answer(entry, asked)

    return listen


def _answer(entry: Entry, asked: Request) -> None:
    try:
        try:
            rights.require_member(asked.person)
            entry.listener(asked)
        except NotSetUp as refused:
            first_use.begin(entry.kind, asked, refused)
        except ReminderBotError as refused:
            if isinstance(refused, Forbidden):
                _log.info("forbidden", listener=entry.id, user=asked.person.id)
            answers.refuse(entry.kind, asked, asked.words.say(refused.reason))
        except Unreadable:
            words = asked.words
            answers.refuse(entry.kind, asked, words("This was made by another version of the bot. Open it anew."))
        except DatabaseAway:
            _log.exception("database-away", listener=entry.id)
            words = asked.words
            sentence = words(
                "The bot's database does not answer, so this may not have been saved. Look before you try again."
            )
            answers.refuse(entry.kind, asked, sentence)
        except SlackApiError as error:
            if error.response.get("error") != "exchanged_trigger_id":
                raise
            # Its view is open: this was delivered twice, or Slack's answer to the first attempt was lost.
            _log.info("opened-before", listener=entry.id)
            asked.ack()
    except Exception:  # noqa: BLE001  # the outer edge: the person gets a code, the log gets the rest
        code = secrets.token_hex(3)
        _log.exception("listener-failed", listener=entry.id, code=code)
        _apologise(entry, asked, code)


def _apologise(entry: Entry, asked: Request, code: str) -> None:
    for answer in (answers.fail, answers.fail_in_direct_message):
        try:
            answer(entry.kind, asked, code)
        except Exception:  # noqa: BLE001  # if Slack itself is away, the log line is all that is left
            _log.exception("answer-not-delivered", listener=entry.id, code=code)
        else:
            return
