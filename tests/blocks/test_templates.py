"""Do the views around templates fit Slack, whatever is typed into them?"""

from __future__ import annotations

import dataclasses

import pytest

from blocks.elements import Choice
from blocks.ids import Action
from blocks.limits import problems
from blocks.template_card import LANGUAGES_SHOWN, LanguageTexts, TemplateCard, template_card_view
from blocks.template_change import ChangedText, TemplateChange, template_change_view
from blocks.template_form import PreviewedText, TemplateForm, template_form_view
from blocks.template_list import ROWS_ON_A_PAGE, TemplateList, TemplateRow, template_list_view
from tests.blocks.samples import (
    HOSTILE,
    SPEAKERS,
    English,
    Hostile,
    buttons,
    cut,
    exact,
    filled_with,
    formatted,
    inputs,
)

LANGUAGE = Choice("fi", "Finnish")
ROW = TemplateRow("7", "Vaccination", "English and Swedish", 3)
LIST = TemplateList([ROW], 1, "vacc", "page:0", "page:2")
TEXTS = LanguageTexts("7:sv", "Swedish", "Dags", "Hej!", "Hej!", "Hej!", "9", True, "Mon 23 Nov 2026, 10:00", "U1")
CARD = TemplateCard("7", "Vaccination", 3, languages=[TEXTS], more_languages=[LANGUAGE], note="Saved.", warning="Hm.")
FORM = TemplateForm(
    placeholders=[("{{ client_name }}", "the client's name")],
    languages=[LANGUAGE],
    language="fi",
    name="Vaccination",
    subject="Dags",
    email_text="Hej!",
    sms_text="Hej!",
    letter_text="Hej!",
    sms_length="1 SMS, characters left: 156.",
    patient=Choice("3", "Pelle"),
    preview_note="What Åsa would read.",
    preview=[PreviewedText("Subject", "Dags"), PreviewedText("SMS text", problem="A brace is missing.")],
    private_metadata="7:1:sv",
)
CHANGE = TemplateChange(
    name="Vaccination",
    language="Swedish",
    summary="3 waiting reminders still have the template's text.",
    texts=[ChangedText("Subject", "Dags", "Nu")],
    scopes=[Choice("unchanged", "Those"), Choice("none", "None")],
    scope="unchanged",
    private_metadata="9",
)
LONGEST = ["x" * 3000, ("ord " * 750), "🐈" * 3000, "&\n" * 1500, "רקס\n" * 750]


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize(
    "changes", [{}, {"rows": ()}, {"rows": (), "query": ""}, {"rows": [ROW] * 25, "previous": "", "following": ""}]
)
def test_every_list_is_taken_by_slack(words: English, changes: dict[str, object]) -> None:
    view = template_list_view(dataclasses.replace(LIST, **changes), words)  # type: ignore[arg-type]
    assert problems(view) == []
    assert cut(view, words) == []
    assert len([block for block in view["blocks"] if "accessory" in block]) <= ROWS_ON_A_PAGE


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize("retired", [False, True])
def test_a_card_in_many_languages_is_taken_by_slack(words: English, *, retired: bool) -> None:
    whole = dataclasses.replace(TEXTS, subject="<" * 200, email="&" * 3000, sms="x" * 1000, letter="y\n" * 1500)
    card = dataclasses.replace(CARD, languages=[whole] * 40, retired=retired, more_languages=[LANGUAGE] * 1)
    view = template_card_view(card, words)
    assert problems(view) == []
    assert cut(view, words) == []
    assert len([block for block in view["blocks"] if "accessory" in block]) == LANGUAGES_SHOWN


def test_a_card_offers_what_its_state_allows() -> None:
    assert Action.TEMPLATE_RETIRE in buttons(template_card_view(CARD, English()))
    retired = buttons(template_card_view(dataclasses.replace(CARD, retired=True), English()))
    assert Action.TEMPLATE_RETIRE not in retired
    assert Action.TEMPLATE_OFFER_AGAIN in retired
    nothing = dataclasses.replace(CARD, languages=[dataclasses.replace(TEXTS, undo="")], more_languages=())
    assert Action.TEMPLATE_UNDO not in buttons(template_card_view(nothing, English()))


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize("text", LONGEST)
@pytest.mark.parametrize("editing", [False, True])
def test_every_form_is_taken_by_slack(words: English, text: str, *, editing: bool) -> None:
    form = dataclasses.replace(
        FORM,
        editing=editing,
        languages=[] if editing else FORM.languages,
        email_text=text,
        preview=[PreviewedText("Message text", text)] * 4,
    )
    view = template_form_view(form, words)
    assert problems(view) == []
    assert cut(view, words) == []


@pytest.mark.parametrize("words", SPEAKERS.values(), ids=SPEAKERS)
@pytest.mark.parametrize("text", LONGEST)
def test_every_change_is_taken_by_slack_and_shows_each_text_whole(words: English, text: str) -> None:
    texts = [ChangedText("Message text", text, "new"), ChangedText("SMS text", "", text)]
    view = template_change_view(dataclasses.replace(CHANGE, texts=texts), words)
    assert problems(view) == []
    assert cut(view, words) == []
    columns = [field["text"] for block in view["blocks"] for field in block.get("fields", [])]
    letters = sum(column.count(text[0]) for column in columns)
    assert letters >= 2 * text.count(text[0])


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_as_text(hostile: Hostile) -> None:
    row = filled_with(ROW, hostile.typed)
    shown = template_list_view(dataclasses.replace(LIST, rows=[row], query=hostile.typed), English())
    texts = dataclasses.replace(filled_with(TEXTS, hostile.typed), undo="9", changed_by="U1")
    card = template_card_view(dataclasses.replace(filled_with(CARD, hostile.typed), languages=[texts]), English())
    option = Choice("3", hostile.typed)
    form = template_form_view(
        dataclasses.replace(
            filled_with(FORM, hostile.typed),
            language="fi",
            patient=option,
            preview=[PreviewedText(hostile.typed, hostile.typed), PreviewedText("x", problem=hostile.typed)],
        ),
        English(),
    )
    change = template_change_view(
        dataclasses.replace(
            filled_with(CHANGE, hostile.typed),
            scope="unchanged",
            texts=[ChangedText(hostile.typed, hostile.typed, hostile.typed)],
        ),
        English(),
    )
    for view in (shown, card, form, change):
        assert problems(view) == []
        assert hostile.escaped in formatted(view)
    assert hostile.exact in exact(form)
    assert hostile.exact in exact(change)


def test_what_was_typed_goes_back_into_the_form_to_the_letter() -> None:
    fields = inputs(template_form_view(dataclasses.replace(FORM, subject="<!channel> *Rex* & Co "), English()))
    assert fields["subject"]["initial_value"] == "<!channel> *Rex* & Co "
    assert fields["name"]["initial_value"] == "Vaccination"
    assert fields["language"]["initial_option"]["value"] == "fi"
    assert fields["patient"]["initial_option"]["value"] == "3"
