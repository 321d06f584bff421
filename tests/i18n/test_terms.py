"""Does the bot call things as the help page does, and by one name throughout?"""

from __future__ import annotations

import re
from typing import Final

import pytest
from babel.messages.pofile import read_po

from bot.i18n import FINNISH, SWEDISH, Catalogues, Language, catalogue_path

CARRIED_OVER: Final = {
    "Reminder": ("Påminnelse", "Muistutus"),
    "New reminder": ("Ny påminnelse", "Uusi muistutus"),
    "Add": ("Lägg till", "Lisää"),
    "Client": ("Kund", "Asiakas"),
    "Patient": ("Patient", "Potilas"),
    "E-mail address": ("E-postadress", "Sähköpostiosoite"),
    "Phone number": ("Telefonnummer", "Puhelinnumero"),
    "Default sending method": ("Standardmetod för utskick", "Oletuslähetystapa"),
    "E-mail": ("E-post", "Sähköposti"),
    "SMS": ("SMS", "Tekstiviesti"),
    "Post": ("Post", "Posti"),
    "External": ("Externt", "Ulkoinen palvelu"),
    "Reminder template": ("Påminnelsemall", "Muistutuspohja"),
    "Don't use a template, write the text myself": (
        "Använd inte mallen utan ange texten manuellt",
        "Kirjoitan tekstin itse ilman pohjaa",
    ),
    "Subject": ("Ämne", "Aihe"),
    "Message text": ("Meddelandetext", "Viestin teksti"),
    "Due date": ("Förfallodatum", "Eräpäivä"),
    "Send before": ("Skicka innan", "Lähetä ennen eräpäivää"),
    "Recurring reminder": ("Återkommande påminnelse", "Toistuva muistutus"),
    "Repetitions": ("Upprepningar", "Toistokerrat"),
    "Save": ("Spara", "Tallenna"),
}
"""What stands on the form: Swedish as the help page has it (the end of PRODUCT.md, `help-page.sv.txt`), and Finnish."""

WITHIN_SENTENCES: Final = {
    "due date": ("förfallodat", "eräpäiv"),
    "client": ("kund", "asiak|yhteydenotto"),
    "patient": ("patient", "potila"),
    "clinic": ("klinik", "klinik|lähetysaika"),
    "staff": ("personal", "henkilökun"),
    "template": ("mall", "pohj"),
    "reminder(?!-)": ("påminnelse", "muistutu|sallitut lähetystavat"),
    "subject": ("ämne", "aihe"),
    "e-mail": ("e-post", "sähköposti"),
    "phone number": ("telefonnummer", "puhelinnumero"),
    "text message|sms": ("sms", "tekstivies"),
    "sending method": ("metod", "lähetysta[pv]a"),
    "workspace": ("arbetsyta", "työtila"),
    "placeholder": ("platshållar", "paikkamerk"),
    "und(?:o|one)": ("ångra", "kumo"),
}
"""By the English word, what a sentence that has it holds in Swedish and in Finnish, whatever the ending."""


@pytest.mark.parametrize(("english", "terms"), CARRIED_OVER.items())
def test_the_form_is_labelled_with_the_help_pages_terms(english: str, terms: tuple[str, str]) -> None:
    catalogues = Catalogues.load()
    assert (catalogues.words("sv")(english), catalogues.words("fi")(english)) == terms


@pytest.mark.parametrize(("language", "place"), [(SWEDISH, 0), (FINNISH, 1)], ids=["sv", "fi"])
@pytest.mark.parametrize("english", WITHIN_SENTENCES)
def test_a_thing_has_one_name_in_every_sentence(english: str, language: Language, place: int) -> None:
    term = WITHIN_SENTENCES[english][place]
    with catalogue_path(language).open("rb") as file:
        entries = [entry for entry in read_po(file, locale=language.code) if entry.id]
    others = []
    for entry in entries:
        said = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if re.search(rf"(?<![{{\w/-])(?:{english})", said.lower()):
            others += [form for form in forms if not re.search(term, form.lower())]
    assert others == []
