"""Can a clinic's settings be kept as they are filled in, and if not, what is wrong with each of them?

Everything is looked at in one go, so that a person learns everything that needs another look at once, each thing beside
its field. Whether the bot is in the staff channel only Slack can tell, and is asked there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection
from datetime import time
from difflib import get_close_matches
from typing import Final

import phonenumbers

from bot.domain import recipients, typed
from bot.domain.closed_days import WEEK
from bot.domain.errors import ClinicField, SettingsRefused, Unusable
from bot.domain.messages import Message, message
from bot.domain.model import Method
from bot.domain.rights import EVERYBODY, Editors, TemplateEditors

PHONE_LIMIT: Final = 40
NOTE_LIMIT: Final = 1000
MOST_NAMED: Final = 100
"""How many people can be named who may change templates; more are everybody."""

_CHANNEL = re.compile(r"[CG][A-Z0-9]{4,30}", re.ASCII)
_USER = re.compile(r"[UW][A-Z0-9]{4,30}", re.ASCII)

_Wrong = dict[ClinicField, Message]


@dataclasses.dataclass(frozen=True, slots=True)
class ClinicSettings:
    """What staff can set of a clinic: as typed on the way in, in its one form on the way out."""

    name: str = dataclasses.field(repr=False)
    phone: str = dataclasses.field(repr=False)
    zone: str
    """As the tz database names it: `Europe/Stockholm`."""
    send_time: time
    opens: time
    closes: time
    closed_weekdays: frozenset[int]
    """Days of the week without sends, of `closed_days.WEEK`: 1 is Monday."""
    closed_on_holidays: bool
    """Whether nothing is sent on the public holidays of the country either."""
    subdivision: str
    """The part of the country whose holidays count; empty for the country's own. Nothing without holidays."""
    country: str
    language: str
    """The language of the staff channel: `en`, `sv`."""
    staff_channel: str
    sender_email: str = dataclasses.field(repr=False)
    default_method: Method
    policy_note: str = dataclasses.field(repr=False)
    sender_name: str = dataclasses.field(default="", repr=False)
    """Empty for the clinic's name."""
    reply_to: str = dataclasses.field(default="", repr=False)
    """Empty for the sender's address."""
    template_editors: TemplateEditors = EVERYBODY
    """The whole workspace's, whichever of its clinics this is."""


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsContext:
    """What the settings may be chosen from, looked up afresh."""

    names_taken: Collection[str] = dataclasses.field(repr=False)
    """What the other clinics of the workspace are called."""
    zones: Collection[str]
    languages: Collection[str]
    """What the bot speaks."""
    methods: Collection[Method]
    """The sending methods that the bot is set up for."""
    holiday_countries: Collection[str]
    """The countries whose public holidays are known."""
    subdivisions: Collection[str]
    """The parts of the chosen country that have holidays of their own."""


def check(settings: ClinicSettings, context: SettingsContext) -> ClinicSettings:
    """The settings in the form in which they are kept.

    Raises:
        SettingsRefused: with a sentence for every field that cannot be used.
    """
    wrong: _Wrong = {}
    checked = dataclasses.replace(
        settings,
        name=_name(settings.name, context, wrong),
        phone=_text(ClinicField.PHONE, lambda: typed.one_line(settings.phone, PHONE_LIMIT), wrong),
        sender_name=_text(
            ClinicField.SENDER_NAME, lambda: typed.one_line(settings.sender_name, typed.NAME_LIMIT), wrong
        ),
        sender_email=_text(ClinicField.SENDER_EMAIL, lambda: recipients.email_address(settings.sender_email), wrong),
        reply_to=_text(
            ClinicField.REPLY_TO,
            lambda: "" if typed.is_blank(settings.reply_to) else recipients.email_address(settings.reply_to),
            wrong,
        ),
        policy_note=_text(ClinicField.POLICY_NOTE, lambda: typed.many_lines(settings.policy_note, NOTE_LIMIT), wrong),
        zone=_zone(settings.zone, context, wrong),
        subdivision=settings.subdivision if settings.closed_on_holidays else "",
        template_editors=_editors(settings.template_editors, wrong),
    )
    _check_window(checked, wrong)
    _check_days(checked, context, wrong)
    _check_choices(checked, context, wrong)
    if wrong:
        raise SettingsRefused(wrong)
    return checked


def _text(field: ClinicField, clean: Callable[[], str], wrong: _Wrong) -> str:
    try:
        return clean()
    except Unusable as unusable:
        wrong[field] = unusable.reason
        return ""


def _name(text: str, context: SettingsContext, wrong: _Wrong) -> str:
    name = _text(ClinicField.NAME, lambda: typed.one_line(text, typed.NAME_LIMIT), wrong)
    if not name and ClinicField.NAME not in wrong:
        wrong[ClinicField.NAME] = message("The name is missing. Clients read it as the sender.")
    elif name in context.names_taken:
        wrong[ClinicField.NAME] = name_taken()
    return name


def name_taken() -> Message:
    """What is said when two clinics of one workspace would have the same name."""
    return message("Another clinic has this name already. Choose a name that tells them apart.")


def _editors(chosen: TemplateEditors, wrong: _Wrong) -> TemplateEditors:
    if chosen.who is not Editors.NAMED:
        return TemplateEditors(chosen.who)
    if len(chosen.named) > MOST_NAMED:
        wrong[ClinicField.NAMED_EDITORS] = message(
            "At most {most} people can be named. Name fewer, or let everybody change templates.", most=MOST_NAMED
        )
    elif not all(_USER.fullmatch(one) for one in chosen.named):
        wrong[ClinicField.NAMED_EDITORS] = message("One of these is not a person. Choose from the list.")
    elif not chosen.named:
        wrong[ClinicField.NAMED_EDITORS] = message(
            "Name somebody, or choose that administrators alone may change templates."
        )
    return chosen


def _zone(text: str, context: SettingsContext, wrong: _Wrong) -> str:
    zone = text.strip()
    if zone not in context.zones:
        by_lower = {one.lower(): one for one in context.zones}
        near = get_close_matches(zone.lower(), by_lower, 1, cutoff=0.7)
        if near:
            wrong[ClinicField.ZONE] = message(
                "There is no time zone of this name. Did you mean {zone}?", zone=by_lower[near[0]]
            )
        else:
            wrong[ClinicField.ZONE] = message(
                "There is no time zone of this name. Enter one such as {zone}.", zone="Europe/Stockholm"
            )
    return zone


def _check_window(settings: ClinicSettings, wrong: _Wrong) -> None:
    if settings.closes <= settings.opens:
        wrong[ClinicField.CLOSES] = message(
            "The sending window has to close later than it opens: after {opens}.", opens=settings.opens
        )
    elif not settings.opens <= settings.send_time < settings.closes:
        wrong[ClinicField.SEND_TIME] = message(
            "The send time has to lie in the sending window: {opens} or later, and before {closes}.",
            opens=settings.opens,
            closes=settings.closes,
        )


def _check_days(settings: ClinicSettings, context: SettingsContext, wrong: _Wrong) -> None:
    if not settings.closed_weekdays <= set(WEEK):
        wrong[ClinicField.CLOSED_WEEKDAYS] = message("This is not a day of the week. Choose from the list.")
    elif settings.closed_weekdays == set(WEEK):
        wrong[ClinicField.CLOSED_WEEKDAYS] = message("Leave at least one day of the week on which reminders are sent.")
    if not settings.closed_on_holidays:
        return
    if settings.country not in context.holiday_countries:
        wrong[ClinicField.CLOSED_ON_HOLIDAYS] = message(
            "The public holidays of this country are not known. Leave this out, and choose days of the week alone."
        )
    elif settings.subdivision and settings.subdivision not in context.subdivisions:
        wrong[ClinicField.SUBDIVISION] = message(
            "This part of the country is not known. Choose another one, or none for the holidays of the whole country."
        )


def _check_choices(settings: ClinicSettings, context: SettingsContext, wrong: _Wrong) -> None:
    if settings.country not in phonenumbers.SUPPORTED_REGIONS:
        wrong[ClinicField.COUNTRY] = message("Enter the two letters of a country, such as {country}.", country="SE")
    if settings.language not in context.languages:
        wrong[ClinicField.LANGUAGE] = message("The bot does not speak this language. Choose one from the list.")
    if not _CHANNEL.fullmatch(settings.staff_channel):
        wrong[ClinicField.STAFF_CHANNEL] = message("Choose the channel in which staff get their tasks.")
    if settings.default_method not in context.methods:
        wrong[ClinicField.DEFAULT_METHOD] = message("The bot is not set up to send this way. Choose another method.")
