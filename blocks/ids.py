"""What is everything called that Slack sends back: views, shortcuts, commands, blocks and actions?

Nothing else in the product spells one of these. Kebab-case, the feature first and the verb last. An id says what
was done, never to what: that travels in the button's value.

Slack keeps what was typed as long as block_id and action_id stay the same, and then ignores a new initial value. A
block whose value has to be replaced therefore gets a revision: `client`, `client:1`, `client:2` …
"""

from __future__ import annotations

import re
from enum import StrEnum


class Command(StrEnum):
    """What people type."""

    REMINDER = "/reminder"


class Shortcut(StrEnum):
    """What people start from Slack's search field, the + beside the message field, or a message's own menu."""

    NEW_REMINDER = "reminder-new"
    REMINDER_OF_MESSAGE = "reminder-of-message"


class ViewId(StrEnum):
    """callback_id of modals and of App Home."""

    REMINDER_FORM = "reminder-form"
    REMINDER_CARD = "reminder-card"
    CLIENT_PAGE = "client-page"
    CLIENT_CHOICE = "client-choice"
    CLIENT_FORM = "client-form"
    PATIENT_FORM = "patient-form"
    TEMPLATE_LIST = "template-list"
    TEMPLATE_CARD = "template-card"
    TEMPLATE_FORM = "template-form"
    TEMPLATE_CHANGE = "template-change"
    SETTINGS_CHOICE = "settings-choice"
    SETTINGS_FORM = "settings-form"
    SETTINGS_SAVED = "settings-saved"
    SETTINGS_TRIAL = "settings-trial"
    CONTACT_DETAILS = "contact-details"
    REMINDER_HISTORY = "reminder-history"
    TASK_LIST = "task-list"
    DEPARTURE = "departure"
    NOTICE = "notice"
    HOME = "home"


class FormBlock(StrEnum):
    """block_id of the reminder form, without revision. Those that can be refused are named as the domain names them."""

    CLINIC = "clinic"
    CLIENT = "client"
    PATIENT = "patient"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS_FOR = "address-for"
    METHOD = "method"
    TEMPLATE = "template"
    MANUAL = "manual"
    POLICY_NOTE = "policy-note"
    SUBJECT = "subject"
    EMAIL_TEXT = "email-text"
    SMS_TEXT = "sms-text"
    SMS_LENGTH = "sms-length"
    LETTER_TEXT = "letter-text"
    DUE_DATE = "due-date"
    SEND_BEFORE = "send-before"
    RECURRENCE = "recurrence"
    REPETITIONS = "repetitions"
    COMING_DATES = "coming-dates"
    SIMILAR = "similar"

    @property
    def action(self) -> FormAction:
        """The action_id of the one input in this block.

        Raises:
            KeyError: for a block that only shows something.
        """
        return FormAction[self.name]


class FormAction(StrEnum):
    """action_id of the reminder form's inputs."""

    CLINIC = "reminder-clinic-choose"
    CLIENT = "reminder-client-choose"
    PATIENT = "reminder-patient-choose"
    EMAIL = "reminder-email-type"
    PHONE = "reminder-phone-type"
    ADDRESS_FOR = "reminder-address-for-choose"
    METHOD = "reminder-method-choose"
    TEMPLATE = "reminder-template-choose"
    MANUAL = "reminder-manual-tick"
    SUBJECT = "reminder-subject-type"
    EMAIL_TEXT = "reminder-email-text-type"
    SMS_TEXT = "reminder-sms-text-type"
    LETTER_TEXT = "reminder-letter-text-type"
    DUE_DATE = "reminder-due-date-pick"
    SEND_BEFORE = "reminder-send-before-type"
    RECURRENCE = "reminder-recurrence-choose"
    REPETITIONS = "reminder-repetitions-type"


class ClientBlock(StrEnum):
    """block_id of the views in which a client or a patient is chosen, added or changed."""

    CHOICE = "choice"
    OWNER = "owner"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    CHANNELS = "channels"
    SPECIES = "species"
    NAMESAKE = "namesake"

    @property
    def action(self) -> ClientAction:
        """The action_id of the one input in this block."""
        return ClientAction[self.name]


class ClientAction(StrEnum):
    """action_id of these views' inputs."""

    CHOICE = "client-choose"
    OWNER = "patient-owner-choose"
    NAME = "client-name-type"
    PHONE = "client-phone-type"
    EMAIL = "client-email-type"
    LANGUAGE = "client-language-choose"
    CHANNELS = "client-channels-tick"
    SPECIES = "patient-species-type"
    NAMESAKE = "client-namesake-choose"


class TemplateBlock(StrEnum):
    """block_id of the template form and of the steps around it. Those that can be refused are named as in `Field`."""

    NAME = "name"
    LANGUAGE = "language"
    SUBJECT = "subject"
    EMAIL_TEXT = "email-text"
    SMS_TEXT = "sms-text"
    SMS_LENGTH = "sms-length"
    LETTER_TEXT = "letter-text"
    PATIENT = "patient"
    SEARCH = "search"
    SCOPE = "scope"

    @property
    def action(self) -> TemplateAction:
        """The action_id of the one input in this block.

        Raises:
            KeyError: for a block that only shows something.
        """
        return TemplateAction[self.name]


class TemplateAction(StrEnum):
    """action_id of the inputs around templates."""

    NAME = "template-name-type"
    LANGUAGE = "template-language-choose"
    SUBJECT = "template-subject-type"
    EMAIL_TEXT = "template-email-text-type"
    SMS_TEXT = "template-sms-text-type"
    LETTER_TEXT = "template-letter-text-type"
    PATIENT = "template-patient-choose"
    SEARCH = "template-search-type"
    SCOPE = "template-scope-choose"


class SettingsBlock(StrEnum):
    """block_id of the settings' views, without revision. Those that can be refused are named as in `ClinicField`."""

    CLINIC = "clinic"
    NAME = "name"
    PHONE = "phone"
    STAFF_CHANNEL = "staff-channel"
    LANGUAGE = "language"
    ZONE = "zone"
    COUNTRY = "country"
    SEND_TIME = "send-time"
    OPENS = "opens"
    CLOSES = "closes"
    CLOSED_WEEKDAYS = "closed-weekdays"
    CLOSED_ON_HOLIDAYS = "closed-on-holidays"
    SUBDIVISION = "subdivision"
    DEFAULT_METHOD = "default-method"
    SENDER_NAME = "sender-name"
    SENDER_EMAIL = "sender-email"
    REPLY_TO = "reply-to"
    POLICY_NOTE = "policy-note"
    TEMPLATE_EDITORS = "template-editors"
    NAMED_EDITORS = "named-editors"
    TRIAL_EMAIL = "trial-email"
    TRIAL_PHONE = "trial-phone"

    @property
    def action(self) -> SettingsAction:
        """The action_id of the one input in this block."""
        return SettingsAction[self.name]


class SettingsAction(StrEnum):
    """action_id of the settings' inputs."""

    CLINIC = "settings-clinic-choose"
    NAME = "settings-name-type"
    PHONE = "settings-phone-type"
    STAFF_CHANNEL = "settings-staff-channel-choose"
    LANGUAGE = "settings-language-choose"
    ZONE = "settings-zone-choose"
    COUNTRY = "settings-country-choose"
    SEND_TIME = "settings-send-time-pick"
    OPENS = "settings-opens-pick"
    CLOSES = "settings-closes-pick"
    CLOSED_WEEKDAYS = "settings-closed-weekdays-tick"
    CLOSED_ON_HOLIDAYS = "settings-closed-on-holidays-tick"
    SUBDIVISION = "settings-subdivision-choose"
    DEFAULT_METHOD = "settings-default-method-choose"
    SENDER_NAME = "settings-sender-name-type"
    SENDER_EMAIL = "settings-sender-email-type"
    REPLY_TO = "settings-reply-to-type"
    POLICY_NOTE = "settings-policy-note-type"
    TEMPLATE_EDITORS = "settings-template-editors-choose"
    NAMED_EDITORS = "settings-named-editors-choose"
    TRIAL_EMAIL = "settings-trial-email-type"
    TRIAL_PHONE = "settings-trial-phone-type"


class ListBlock(StrEnum):
    """block_id of the choices above a list of reminders, without revision."""

    SEARCH = "list-search"
    CHOICES = "list-choices"
    DAYS = "list-days"


class ListAction(StrEnum):
    """action_id of these choices."""

    SEARCH = "list-search-type"
    STATUS = "list-status-choose"
    WINDOW = "list-window-choose"
    METHOD = "list-method-choose"
    CLINIC = "list-clinic-choose"
    MINE = "list-mine-tick"
    FIRST_DAY = "list-first-day-pick"
    LAST_DAY = "list-last-day-pick"


class Action(StrEnum):
    """action_id of the buttons."""

    REMINDER_NEW = "reminder-new"
    REMINDER_OPEN = "reminder-open"
    REMINDER_EDIT = "reminder-edit"
    REMINDER_CANCEL = "reminder-cancel"
    REMINDER_RESTORE = "reminder-restore"
    REMINDER_PAUSE = "reminder-pause"
    REMINDER_RESUME = "reminder-resume"
    REMINDER_SEND_NOW = "reminder-send-now"
    REMINDER_SKIP = "reminder-skip"
    REMINDER_UNDO = "reminder-undo"
    REMINDER_MENU = "reminder-menu"
    REMINDER_LIST_PREVIOUS = "reminder-list-previous"
    REMINDER_LIST_NEXT = "reminder-list-next"
    REMINDER_LIST_CLEAR = "reminder-list-clear"
    REMINDER_HISTORY = "reminder-history"
    REMINDER_HISTORY_PREVIOUS = "reminder-history-previous"
    REMINDER_HISTORY_NEXT = "reminder-history-next"
    CLIENT_OPEN = "client-open"
    CLIENT_ADD = "client-add"
    CLIENT_NEW = "client-new"
    CLIENT_EDIT = "client-edit"
    CLIENT_TAB_REMINDERS = "client-tab-reminders"
    CLIENT_TAB_HISTORY = "client-tab-history"
    CLIENT_PAGE_PREVIOUS = "client-page-previous"
    CLIENT_PAGE_NEXT = "client-page-next"
    CLIENT_MENU = "client-menu"
    CLIENT_UNDO = "client-undo"
    PATIENT_ADD = "patient-add"
    PATIENT_NEW = "patient-new"
    FORM_CLIENT_NEW = "reminder-client-new"
    FORM_TEMPLATE_TEXT = "reminder-template-text"
    FORM_PATIENT_NEW = "reminder-patient-new"
    TASK_MARK_CONTACTED = "task-mark-contacted"
    TASK_SHOW_CONTACT = "task-show-contact"
    TASK_SEND_AGAIN = "task-send-again"
    TASK_RECORD_SENT = "task-record-sent"
    TASK_MENU = "task-menu"
    TASK_LIST_MARK_CONTACTED = "task-list-mark-contacted"
    TASK_LIST_SHOW_CONTACT = "task-list-show-contact"
    TASK_LIST_SEND_AGAIN = "task-list-send-again"
    TASK_LIST_RECORD_SENT = "task-list-record-sent"
    TASK_LIST_HISTORY = "task-list-history"
    TASK_LIST_PREVIOUS = "task-list-previous"
    TASK_LIST_NEXT = "task-list-next"
    TEMPLATE_LIST = "template-list"
    TEMPLATE_LIST_PREVIOUS = "template-list-previous"
    TEMPLATE_LIST_NEXT = "template-list-next"
    TEMPLATE_NEW = "template-new"
    TEMPLATE_OPEN = "template-open"
    TEMPLATE_EDIT = "template-edit"
    TEMPLATE_ADD_LANGUAGE = "template-add-language"
    TEMPLATE_RETIRE = "template-retire"
    TEMPLATE_OFFER_AGAIN = "template-offer-again"
    TEMPLATE_UNDO = "template-undo"
    TEMPLATE_DECIDE = "template-decide"
    HOME_NEW_REMINDER = "home-new-reminder"
    HOME_TEMPLATES = "home-templates"
    HOME_SETTINGS = "home-settings"
    SETTINGS_ADD = "settings-add"
    SETTINGS_TRIAL = "settings-trial"
    HOME_SHOW_TODAY = "home-show-today"
    HOME_SHOW_WEEK = "home-show-week"
    HOME_SHOW_NOT_SENT = "home-show-not-sent"
    HOME_SHOW_TASKS = "home-show-tasks"


class MenuChoice(StrEnum):
    """What can be chosen in the menu of a card; the id of what it is done to follows it in the option's value."""

    DUPLICATE = "duplicate"
    PATIENT_DIED = "patient-died"
    CLIENT_INACTIVE = "client-inactive"
    PATIENT_ALIVE = "patient-alive"
    CLIENT_ACTIVE = "client-active"


_REVISION = re.compile(r"(?P<block_id>.+):[0-9]+", re.ASCII | re.DOTALL)


def with_revision(block_id: str, revision: int) -> str:
    """The block_id in its n-th revision; revision 0 is the bare id."""
    return f"{block_id}:{revision}" if revision else str(block_id)


def without_revision(block_id: str) -> str:
    """The block_id whatever its revision."""
    match = _REVISION.fullmatch(block_id)
    return match["block_id"] if match else block_id
