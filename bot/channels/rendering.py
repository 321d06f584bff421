"""What does one reminder say to one client, in each of its forms?

A reminder's texts are filled in (`bot.domain.template`), cleaned of characters that do harm, and given the form their
channel asks for: an e-mail is text and HTML, a text message and a letter are plain text. Names are data: what they hold
is shown, never obeyed, so the HTML escapes everything that comes from a person, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from datetime import date

import jinja2
from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from bot.channels.characters import one_line, plain
from bot.domain.model import Client, Clinic, Patient, Texts
from bot.domain.template import Placeholder, render

_LAYOUT = "email.html.j2"
_PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")
_ENGLISH = "en_GB"
"""Day before month: the clinics are European."""


@dataclasses.dataclass(frozen=True, slots=True)
class Occasion:
    """Whom a reminder speaks to, of whom, for whom, and of which day. `language` is the client's: `sv`, `en`."""

    client: Client
    patient: Patient
    clinic: Clinic
    due_date: date
    language: str

    def values(self) -> Mapping[Placeholder, str]:
        """What each placeholder stands for; each on one line, none with a character that does harm."""
        client_name = one_line(self.client.name)
        return {
            Placeholder.CLIENT_NAME: client_name,
            Placeholder.CLIENT_FIRST_NAME: client_name.partition(" ")[0],
            Placeholder.PATIENT_NAME: one_line(self.patient.name),
            Placeholder.SPECIES: one_line(self.patient.species),
            Placeholder.DUE_DATE: day_in_words(self.due_date, self.language),
            Placeholder.CLINIC_NAME: one_line(self.clinic.name),
            Placeholder.CLINIC_PHONE: one_line(self.clinic.phone),
        }


@dataclasses.dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An e-mail as the client will see it: the subject, and the same text twice."""

    subject: str = dataclasses.field(repr=False)
    text: str = dataclasses.field(repr=False)
    html: str = dataclasses.field(repr=False)


class Renderer:
    """Turns texts into what is sent. Made once; any number of threads may use it.

    Each method raises `bot.domain.template.TemplateBroken` if its text cannot be filled in or would be empty.
    """

    def __init__(self) -> None:
        self._layouts = jinja2.Environment(
            loader=jinja2.PackageLoader("bot.channels", "layouts"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def email(self, texts: Texts, occasion: Occasion) -> RenderedEmail:
        """The subject and the e-mail text, the latter with the clinic's name and phone below it."""
        values = occasion.values()
        subject = subject_line(texts.subject, values)
        body = filled_in(texts.email, values)
        name, phone = values[Placeholder.CLINIC_NAME], values[Placeholder.CLINIC_PHONE]
        locale = _locale(occasion.language)
        html = self._layouts.get_template(_LAYOUT).render(
            language=str(locale).replace("_", "-"),
            direction=locale.text_direction,
            subject=subject,
            clinic_name=name,
            clinic_phone=phone,
            dialled=re.sub(r"[^+0-9]", "", phone),
            paragraphs=[paragraph.split("\n") for paragraph in _PARAGRAPHS.split(body)],
        )
        # RFC 3676, 4.3: two hyphens and a space announce a signature.
        signature = "\n".join(line for line in ("-- ", name, phone) if line)
        return RenderedEmail(subject, f"{body}\n\n{signature}\n", html)

    def sms(self, texts: Texts, occasion: Occasion) -> str:
        """The text message."""
        return filled_in(texts.sms, occasion.values())

    def letter(self, texts: Texts, occasion: Occasion) -> str:
        """The text of the letter, which staff print or say."""
        return filled_in(texts.letter, occasion.values())


def subject_line(source: str, values: Mapping[Placeholder, str]) -> str:
    """A subject with its placeholders filled in, on one line.

    Raises:
        TemplateBroken: if it cannot be filled in, or would be empty.
    """
    return one_line(render(source, values))


def filled_in(source: str, values: Mapping[Placeholder, str]) -> str:
    """Any other text with its placeholders filled in.

    Raises:
        TemplateBroken: if it cannot be filled in, or would be empty.
    """
    return plain(render(source, values)).strip()


@functools.lru_cache(maxsize=1024)
def day_in_words(day: date, language: str) -> str:
    """A day in full: `tisdag 1 december 2026`, `Tuesday, 1 December 2026`, `tiistai 1. joulukuuta 2026` (CLDR).

    A language that CLDR does not know is written as English.
    """
    return format_date(day, "full", _locale(language))


@functools.lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    code = language.replace("-", "_")
    try:
        return Locale.parse(_ENGLISH if code == "en" else code)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_ENGLISH)
