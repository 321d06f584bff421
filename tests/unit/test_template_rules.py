"""Does a template's form refuse what could not be sent, beside its field (rule P4; FAULTS, Templates)?"""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.errors import Refused
from bot.domain.model import Texts
from bot.domain.template_rules import LANGUAGES, TypedTemplate, check

GOOD = TypedTemplate("Vaccination", "sv", "Dags för {{ patient_name }}", "Hej!", "Hej!", "Hej!")


def refusals(changes: dict[str, str | None], taken: dict[str, bool] | None = None) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        check(dataclasses.replace(GOOD, **changes), taken or {})  # type: ignore[arg-type]
    return {field.value: str(said) for field, said in caught.value.refusals.items()}


def test_a_good_template_is_kept_in_its_one_form() -> None:
    draft = check(dataclasses.replace(GOOD, name="  Vaccination ", email_text="Hej\r\nhej  "), {})
    assert (draft.name, draft.language) == ("Vaccination", "sv")
    assert draft.texts == Texts("Dags för {{ patient_name }}", "Hej\nhej", "Hej!", "Hej!")


@pytest.mark.parametrize(
    "texts",
    [
        {"subject": "", "email_text": "", "letter_text": ""},
        {"sms_text": "", "letter_text": ""},
        {"subject": "", "email_text": "", "sms_text": ""},
    ],
)
def test_one_kind_of_message_is_enough(texts: dict[str, str]) -> None:
    form = dataclasses.replace(GOOD, **texts)
    assert check(form, {}).texts == form.texts


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": ""}, {"name": "The name is missing. Write what staff should choose it by."}),
        ({"name": "\u200b "}, {"name": "The name is missing. Write what staff should choose it by."}),
        ({"name": "x" * 76}, {"name": "This is 76 characters long; at most 75 fit. Shorten it."}),
        ({"language": None}, {"language": "Choose the language in which these texts are written."}),
        ({"language": "xx"}, {"language": "Choose the language in which these texts are written."}),
        (
            {"subject": "", "email_text": "", "sms_text": "\u200b", "letter_text": " "},
            {"email-text": "There is no text yet. Write an e-mail, an SMS or a letter."},
        ),
        ({"subject": ""}, {"subject": "The subject is missing. Write what the e-mail is about."}),
        (
            {"email_text": ""},
            {"email-text": "There is a subject but no e-mail text. Write it, or empty the subject."},
        ),
        (
            {"sms_text": "{{ patient_nmae }}"},
            {"sms-text": "“patient_nmae” is not a placeholder. Did you mean {{ patient_name }}?"},
        ),
        ({"letter_text": "x" * 3001}, {"letter-text": "This is 3001 characters long; at most 3000 fit. Shorten it."}),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(
    changes: dict[str, str | None], refused: dict[str, str]
) -> None:
    assert refusals(changes) == refused


@pytest.mark.parametrize(
    ("taken", "says"),
    [
        ({"vaccination": False}, "Another template has this name. Choose another one."),
        ({"VACCINATION": True}, "A retired template has this name. Offer that one again, or choose another name."),
    ],
)
def test_a_name_serves_once_whatever_its_case(taken: dict[str, bool], says: str) -> None:
    assert refusals({}, taken) == {"name": says}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert set(refusals({"name": "", "language": None, "subject": "{{ x }}", "sms_text": "{{"})) == {
        "name",
        "language",
        "subject",
        "sms-text",
    }


def test_every_language_is_told_by_two_letters_once() -> None:
    assert all(len(code) == 2 for code in LANGUAGES)
    assert len(set(LANGUAGES)) == len(LANGUAGES) <= 100
