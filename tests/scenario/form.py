"""How do staff fill in the reminder form? Each step is one thing a person does; the bot comes to rest after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from blocks.ids import Command, ViewId
from bot.demo.person import Person, SubmitResult
from bot.demo.surfaces import View
from bot.domain.form_rules import TypedReminder
from bot.domain.model import Channel
from bot.services import reminders
from tests.scenario.stage import JAMES, TEAM, Stage

DUE = "2026-12-01"
"""A Tuesday, eight days after the scenarios begin."""


class Form:
    """The form that one person has open."""

    def __init__(self, stage: Stage, person: Person) -> None:
        self._stage = stage
        self._person = person

    @classmethod
    def opened(cls, stage: Stage, person: Person) -> Form:
        """Type `/reminder new`."""
        person.command(Command.REMINDER, "new")
        stage.settle()
        assert top(person).callback_id == ViewId.REMINDER_FORM
        return cls(stage, person)

    @property
    def view(self) -> View:
        """The form as it is now."""
        return top(self._person)

    @property
    def shown(self) -> str:
        """All that can be read in it."""
        return self.view.shown()

    def search(self, field: str, query: str, number: int = 0) -> Form:
        """Type into a type-ahead and choose the n-th of what it offers."""
        label = self._person.suggest(field, query)[number]
        self._person.choose(field, label, query=query)
        self._stage.settle()
        return self

    def offered(self, field: str) -> list[str]:
        """What a menu offers, whatever stands in it."""
        (placed,) = [one for one in self.view.elements() if one.block_id.partition(":")[0] == field]
        return [str(option["text"]["text"]) for option in placed.options()]

    def choose(self, field: str, *labels: str) -> Form:
        self._person.choose(field, *labels)
        self._stage.settle()
        return self

    def type(self, field: str, value: object) -> Form:
        self._person.fill(field, value)
        self._stage.settle()
        return self

    def tick_manual(self) -> Form:
        return self.choose("manual", "Don't use a template, write the text myself")

    def filled(
        self,
        *,
        client: str = "åsa",
        patient: str | None = None,
        method: str | None = None,
        template: str | None = "Vaccination",
        due: date | str = DUE,
        before: int | None = None,
        recurrence: str | None = None,
        repetitions: int | None = None,
        **typed: str,
    ) -> Form:
        """Fill in everything that a reminder needs: Åsa's rabbit Pelle, unless told otherwise."""
        self.search("client", client)
        if patient is not None:
            self.choose("patient", patient)
        if method is not None:
            self.choose("method", method)
        if template is not None:
            self.choose("template", template)
        self.type("due-date", due)
        if before is not None:
            self.type("send-before", before)
        if recurrence is not None:
            self.choose("recurrence", recurrence)
        if repetitions is not None:
            self.type("repetitions", repetitions)
        for field, value in typed.items():
            self.type(field.replace("_", "-"), value)
        return self

    def submit(self) -> SubmitResult:
        """Press Save."""
        result = self._person.submit()
        self._stage.settle()
        return result

    def save(self) -> View:
        """Press Save, which succeeds; the card that answers it."""
        result = self.submit()
        assert result.ok, result
        card = top(self._person)
        assert card.callback_id == ViewId.REMINDER_CARD
        return card

    def refused(self) -> dict[str, str]:
        """Press Save, which is refused; what stands under each field. Nothing is stored, the form stays."""
        before = self.values
        result = self.submit()
        assert result.errors, result
        assert self.values == before
        return {block.partition(":")[0]: sentence for block, sentence in result.errors.items()}

    @property
    def values(self) -> dict[str, Any]:
        """What stands in each field, by its block without revision."""
        return values_of(self.view.values)


def values_of(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """`state.values` as a person reads it: the text typed, the label chosen, the day picked, whether it is ticked."""
    return {block.partition(":")[0]: _read(next(iter(held.values()))) for block, held in values.items()}


def saved(stage: Stage, person: Person, **filled: Any) -> View:
    """Make a reminder; its card."""
    return Form.opened(stage, person).filled(**filled).save()


def stored(stage: Stage, number: int, **changes: Any) -> int:
    """Make a reminder without the form, where the form is not what is looked at; its id."""
    typed = TypedReminder(
        client_id=2,
        email="asa.oberg@post.example",
        phone="+46701740606",
        patient_id=3,
        method="email",
        manual=True,
        subject="Påminnelse",
        email_text="Hej!",
        sms_text="Hej!",
        letter_text="Hej!",
        due_date=DUE,
        send_before="0",
    )
    seen = reminders.create(
        stage.database,
        TEAM,
        dataclasses.replace(typed, **changes),
        key=f"stored:{number}",
        channels=frozenset({Channel.EMAIL, Channel.SMS, Channel.POST}),
        who=JAMES,
        now=stage.clock.now(),
    )
    return seen.reminder.id


def top(person: Person) -> View:
    """The modal on top."""
    modal = person.modal
    assert modal is not None
    return modal


def _read(held: Mapping[str, Any]) -> Any:
    for key in ("value", "selected_date", "selected_time", "selected_conversation", "selected_users"):
        if key in held:
            return held[key]
    if "selected_options" in held:
        return bool(held["selected_options"])
    option = held["selected_option"]
    return None if option is None else option["text"]["text"]
