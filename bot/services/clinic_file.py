"""How does a clinic get into the database: its hours and sender, its clients, patients and templates?

From one TOML file, checked as a whole and stored in one transaction: a mistake anywhere stores nothing. The file of the
local workspace (`bot/sample_clinic.toml`) shows every field.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot import public_holidays
from bot.domain import recipients, template, typed
from bot.domain.errors import ReminderBotError
from bot.domain.model import Client, Clinic, Method, Patient, SendingHours, Texts
from bot.store import clinics, directory, templates
from bot.store.database import Database

LOADED_BY = "system"
_LANGUAGE = "^[a-z]{2}$"
_LANGUAGES = frozenset(code for code in map(str, Locale("en").languages) if re.fullmatch(_LANGUAGE, code))
"""The two-letter codes that CLDR has a name for."""
_NOWHERE = frozenset({"Factory", "localtime", "posixrules"})
"""What the time zone database holds beside zones: for a machine that was never set up, and for old rules."""


class ClinicFileError(Exception):
    """The file cannot be used; the text says where and why, without repeating what stands there."""


def _zone(name: str) -> str:
    # Not all that zoneinfo opens is a place's: `localtime` is whatever the machine is set to.
    if name not in available_timezones() - _NOWHERE:
        raise ValueError("not a time zone such as Europe/Stockholm")
    return name


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("not a country's two letters by ISO 3166, such as SE; the United Kingdom's are GB")
    return code


def _language(code: str) -> str:
    if code not in _LANGUAGES:
        raise ValueError("not a language's two letters by ISO 639, such as sv or en")
    return code


def _clock_time(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("a time on the clinic's own clock, such as 09:00:00, without an offset")
    return moment


def _email(address: str) -> str:
    try:
        return recipients.email_address(address)
    except ReminderBotError as refused:
        raise ValueError(str(refused.reason)) from None


def _one_line(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: _typed(lambda: typed.one_line(text, limit)))


def _many_lines(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: _typed(lambda: typed.many_lines(text, limit)))


def _typed(clean: Callable[[], str]) -> str:
    """A text in the form in which one that was typed is kept."""
    try:
        return clean()
    except ReminderBotError as refused:
        raise ValueError(str(refused.reason)) from None


def _seen(text: str) -> str:
    if not text:
        raise ValueError("there is nothing to see in it")
    return text


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(name: str) -> str:
    if name not in WEEKDAYS:
        raise ValueError(f"not one of {', '.join(WEEKDAYS)}")
    return name


Seen = AfterValidator(_seen)
Name = Annotated[str, _one_line(typed.NAME_LIMIT), Seen]
Language = Annotated[str, Field(pattern=_LANGUAGE), AfterValidator(_language)]
ClockTime = Annotated[time, AfterValidator(_clock_time)]
Email = Annotated[str, AfterValidator(_email)]
Weekday = Annotated[str, AfterValidator(_weekday)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class ClinicPart(_Part):
    """The table `[clinic]`."""

    name: Name
    phone: Annotated[str, _one_line(40)]
    time_zone: Annotated[str, AfterValidator(_zone)]
    language: Language
    country: Annotated[str, Field(pattern="^[A-Z]{2}$"), AfterValidator(_country)]
    staff_channel: Annotated[str, Field(pattern="^[CG][A-Z0-9]{4,30}$")]
    sender_email: Email
    sender_name: Annotated[str, _one_line(typed.NAME_LIMIT)] = ""
    reply_to: Email | None = None
    default_method: Method = Method.EMAIL
    send_time: ClockTime = time(9)
    opens: ClockTime = time(8)
    closes: ClockTime = time(20)
    closed_weekdays: list[Weekday] = []
    closed_on_holidays: bool = False
    subdivision: str = ""
    policy_note: Annotated[str, _many_lines(1000)] = ""

    @model_validator(mode="after")
    def _holidays_are_known(self) -> ClinicPart:
        if self.closed_on_holidays and self.country not in public_holidays.countries():
            raise ValueError("the holidays of this country are not known: leave closed_on_holidays out")
        known = public_holidays.subdivisions(self.country) if self.closed_on_holidays else ()
        if self.subdivision and self.subdivision not in known:
            raise ValueError(f"subdivision: one of {', '.join(known)}" if known else "subdivision: leave it out")
        return self

    @model_validator(mode="after")
    def _send_time_lies_within_the_window(self) -> ClinicPart:
        self.hours()
        return self

    def hours(self) -> SendingHours:
        """When the clinic sends."""
        weekdays = (WEEKDAYS.index(day) + 1 for day in self.closed_weekdays)
        closed = public_holidays.closed_days(
            weekdays, self.country, self.subdivision, on_holidays=self.closed_on_holidays
        )
        return SendingHours(ZoneInfo(self.time_zone), self.send_time, self.opens, self.closes, closed)


class PatientPart(_Part):
    """One entry of a client's `patients`."""

    name: Name
    species: Annotated[str, _one_line(100)]
    active: bool = True
    died_on: date | None = None


class ClientPart(_Part):
    """One table `[[client]]`; `phone` in E.164 or as it is dialled in the clinic's country."""

    name: Name
    email: Email | None = None
    phone: str | None = None
    language: Language
    email_allowed: bool = True
    sms_allowed: bool = True
    active: bool = True
    patients: list[PatientPart] = []


class TextsPart(_Part):
    """One table `[template.LANGUAGE]`."""

    subject: Annotated[str, _one_line(typed.SUBJECT_LIMIT), Seen]
    email: Annotated[str, _many_lines(typed.EMAIL_TEXT_LIMIT), Seen]
    sms: Annotated[str, _many_lines(typed.SMS_TEXT_LIMIT), Seen]
    letter: Annotated[str, _many_lines(typed.LETTER_TEXT_LIMIT), Seen]

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> TextsPart:
        for name, text in self:
            try:
                template.check(text)
            except ReminderBotError as refused:
                raise ValueError(f"{name}: {refused.reason}") from None
        return self


class TemplatePart(_Part):
    """One table `[[template]]`: a name, and texts by language."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, TextsPart]

    name: Annotated[str, _one_line(75), Seen]

    @model_validator(mode="after")
    def _has_texts(self) -> TemplatePart:
        if not self.__pydantic_extra__:
            raise ValueError("a template needs its texts in at least one language, as [template.sv]")
        if not all(language in _LANGUAGES for language in self.__pydantic_extra__):
            raise ValueError("a language is told by its two letters by ISO 639, as [template.sv]")
        return self


class ClinicFile(_Part):
    """The whole file."""

    clinic: ClinicPart
    client: list[ClientPart] = []
    template: list[TemplatePart] = []

    @model_validator(mode="after")
    def _template_names_differ(self) -> ClinicFile:
        names = [template.name for template in self.template]
        if len(set(names)) < len(names):
            raise ValueError("two templates have the same name")
        return self


def read(path: Path) -> ClinicFile:
    """Read and check a clinic file.

    Raises:
        ClinicFileError: if it cannot be read, is not TOML, or a field cannot be used.
    """
    try:
        return ClinicFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ClinicFileError(f"the file cannot be read: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise ClinicFileError(f"the file is not TOML: {error}") from None
    except ValidationError as error:
        lines = (f"{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise ClinicFileError("\n".join(lines)) from None


def load(database: Database, team_id: str, file: ClinicFile, *, now: datetime) -> Clinic:
    """Store the clinic of a checked file, with its directory and templates, in the workspace `team_id`.

    A workspace's clinics share its templates: one of a name that is there already is left as it is.

    Raises:
        ClinicFileError: if the workspace has a clinic of that name already, or a phone number cannot be used.
    """
    with database.writing() as session:
        workspace = clinics.workspace_id(session, team_id)
        if workspace is None:
            workspace = clinics.add_workspace(session, team_id, now.astimezone(UTC))
        if any(clinic.name == file.clinic.name for clinic in clinics.of_workspace(session, workspace)):
            raise ClinicFileError("clinic.name: a clinic of this name is there already")
        clinic = clinics.add(session, _clinic(file.clinic, workspace))
        for number, part in enumerate(file.client):
            owner = directory.add_client(session, workspace, _client(part, number, file.clinic.country))
            for pet in part.patients:
                directory.add_patient(
                    session, workspace, Patient(0, owner.id, pet.name, pet.species, pet.active, pet.died_on)
                )
        known = templates.names(session, workspace)
        for new in file.template:
            if new.name not in known:
                texts = {
                    language: Texts(part.subject, part.email, part.sms, part.letter)
                    for language, part in new.__pydantic_extra__.items()
                }
                templates.add(session, workspace, new.name, texts, created_by=LOADED_BY, now=now)
    return clinic


def _clinic(part: ClinicPart, workspace: int) -> Clinic:
    return Clinic(
        id=0,
        workspace_id=workspace,
        name=part.name,
        phone=part.phone,
        hours=part.hours(),
        language=part.language,
        country=part.country,
        staff_channel=part.staff_channel,
        sender_email=part.sender_email,
        sender_name=part.sender_name,
        reply_to=part.reply_to or "",
        default_method=part.default_method,
        policy_note=part.policy_note,
    )


def _client(part: ClientPart, number: int, country: str) -> Client:
    phone = None
    if part.phone is not None:
        try:
            phone = recipients.phone_number(part.phone, country)
        except ReminderBotError as refused:
            raise ClinicFileError(f"client.{number}.phone: {refused.reason}") from None
    return Client(
        id=0,
        name=part.name,
        email=part.email,
        phone=phone,
        language=part.language,
        email_allowed=part.email_allowed,
        sms_allowed=part.sms_allowed,
        active=part.active,
    )
