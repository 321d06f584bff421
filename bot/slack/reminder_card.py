"""How is one reminder shown (rule P8)?"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from blocks import reminder_card
from bot.domain.model import Channel, DeliveryState, PlannedOccurrence, Reason, ReminderState
from bot.i18n import Words
from bot.services import reminder_seen
from bot.services.reminder_seen import ReminderSeen
from bot.slack import card_menu, client_words, explanations, reminder_history, why_not_sent
from bot.slack.button_values import CardMetadata, row_id
from bot.slack.requests import Request
from bot.slack.send_lines import send_line
from bot.store.reminders import DeliverySeen


def open_card(press: Request) -> None:
    """Show a reminder in a modal; from a modal, in its place."""
    seen = reminder_seen.find(press.desk.database, press.team_id, row_id(press.action["value"]))
    view = card_view(seen, press.words, now=press.desk.clock.now())
    press.show_here(view)


def card_view(
    seen: ReminderSeen, words: Words, *, now: datetime, saved: bool = False, note: str = ""
) -> dict[str, Any]:
    """The modal that shows a reminder."""
    draft = seen.reminder.draft
    cancelled = seen.is_cancelled
    active = seen.reminder.state is ReminderState.ACTIVE
    return reminder_card.reminder_card_view(
        reminder_card.ReminderCard(
            value=str(seen.reminder.id),
            client_value=str(seen.client.id),
            patient=seen.patient.name,
            client=seen.client.name,
            what=explanations.what(seen, words),
            how=_how(seen, words),
            status=explanations.status(seen, words, now),
            send_before=words.plural("{count} day", "{count} days", draft.schedule.send_before)
            if draft.schedule.send_before
            else "",
            due_date=words.day(seen.coming[0].due_date if seen.coming else draft.schedule.due_date),
            clinic=seen.clinic.name,
            recurrence=explanations.recurrence(draft.schedule.recurrence, words)
            if draft.schedule.repetitions > 1
            else "",
            coming=occurrence_lines(seen, words),
            history=[reminder_history.line(entry, seen, words) for entry in seen.history],
            answers=why_not_sent.shortfalls(seen, words),
            can_edit=bool(seen.coming) and not cancelled,
            can_cancel=seen.waits and not cancelled,
            can_restore=cancelled and seen.may_receive,
            can_pause=active and seen.waits,
            can_resume=seen.is_paused,
            can_send_now=active and bool(seen.coming) and seen.coming[0].send_at > now,
            can_skip=not cancelled and len(seen.coming) > 1,
            menu=card_menu.of_reminder(seen.patient, seen.client, seen.reminder.id, words),
            undo=_undo(seen, words, now),
            saved=saved,
            note=note,
        ),
        words,
        private_metadata=CardMetadata(seen.reminder.id, seen.next_number).encode(),
    )


def occurrence_lines(seen: ReminderSeen, words: Words) -> list[str]:
    """One line an occurrence: when it goes, in the clinic's time, or what became of it."""
    lines = []
    for _, group in groupby(seen.deliveries, key=lambda one: one.number):
        deliveries = list(group)
        states = {one.state for one in deliveries}
        if states == {DeliveryState.PLANNED} and not any(one.is_to_go_again for one in deliveries):
            first = min(deliveries, key=lambda one: one.send_at)
            planned = PlannedOccurrence(first.number, first.due_date, first.send_at)
            lines.append(send_line(planned, seen.reminder.draft.schedule.send_before, seen.clinic.hours, words))
        else:
            lines.extend(_ended(one, seen, words) for one in deliveries)
    return lines


def _ended(one: DeliverySeen, seen: ReminderSeen, words: Words) -> str:
    left_out = one.state is DeliveryState.CANCELLED or one.reason in (Reason.SKIPPED_BY_STAFF, Reason.MERGED)
    ended = one.send_at if left_out else one.finished_at or one.send_at
    when = words.moment(ended, seen.clinic.hours.zone)
    channel = explanations.channel(one.channel, words)
    stands = words("to be sent again") if one.is_to_go_again else explanations.delivery_state(one, words)
    return f"{when}: {channel}, {stands}"


def show_as_it_stands(press: Request, reminder_id: int, note: str = "") -> None:
    """Put the reminder's card, read afresh, in the place of the modal whose button was pressed."""
    seen = reminder_seen.find(press.desk.database, press.team_id, reminder_id)
    press.show_instead(card_view(seen, press.words, now=press.desk.clock.now(), note=note))


def _undo(seen: ReminderSeen, words: Words, now: datetime) -> reminder_card.Undo | None:
    step = seen.last_step
    if step is None or not step.is_open(now):
        return None
    return reminder_card.Undo(str(step.id), explanations.undo(step, seen.clinic.hours.zone, words))


def _how(seen: ReminderSeen, words: Words) -> str:
    """The method, and where it goes to as things are now."""
    draft, client = seen.reminder.draft, seen.client
    addresses = {
        Channel.EMAIL: draft.email_override or client.email or "",
        Channel.SMS: client_words.phone(draft.phone_override or client.phone),
    }
    reached = [address for channel in draft.method.channels if (address := addresses.get(channel, ""))]
    method = explanations.method(draft.method, words)
    return f"{method}: {words.names(reached)}" if reached else method
