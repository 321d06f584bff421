"""Which tables are there, and which states can they never be in?

Every row that belongs to a workspace carries its id, and the foreign keys are composite, so that a reminder of one
workspace cannot point at another's client, nor at another client's patient. Texts of clients appear in `clients`,
`patients`, `template_texts`, `reminders` with their earlier forms, `replaced_texts`, `contact_tasks` and, as what staff
searched for, `list_filters`, and nowhere else: the history, the steps and the deliveries hold ids and codes.
"""

from __future__ import annotations

from bot.store.tables.base import Base
from bot.store.tables.deliveries import ContactTaskRow, DeliveryRow, OccurrenceRow
from bot.store.tables.directory import ClientHistoryRow, ClientRow, PatientRow
from bot.store.tables.reminders import EarlierFormRow, FilledIn, HistoryRow, ReminderRow, SubmissionRow
from bot.store.tables.steps import StepDeliveryRow, StepReminderRow, StepRow
from bot.store.tables.templates import ReplacedTextRow, TemplateChangeRow, TemplateRow, TemplateTextRow
from bot.store.tables.workspaces import ClinicRow, ListFilterRow, SettingsChangeRow, TemplateEditorRow, WorkspaceRow

__all__ = [
    "Base",
    "ClientHistoryRow",
    "ClientRow",
    "ClinicRow",
    "ContactTaskRow",
    "DeliveryRow",
    "EarlierFormRow",
    "FilledIn",
    "HistoryRow",
    "ListFilterRow",
    "OccurrenceRow",
    "PatientRow",
    "ReminderRow",
    "ReplacedTextRow",
    "SettingsChangeRow",
    "StepDeliveryRow",
    "StepReminderRow",
    "StepRow",
    "SubmissionRow",
    "TemplateChangeRow",
    "TemplateEditorRow",
    "TemplateRow",
    "TemplateTextRow",
    "WorkspaceRow",
]
