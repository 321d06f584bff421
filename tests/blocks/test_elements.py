"""Does each shared element come out as Slack takes it, whatever is put in?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from blocks.elements import (
    Choice,
    Confirm,
    Json,
    actions,
    button,
    context,
    divider,
    exact,
    exact_sections,
    header,
    section,
    sections,
    suggestions,
)
from blocks.inputs import (
    Dispatch,
    Place,
    checkbox,
    date_input,
    email_input,
    external_select,
    number_input,
    radio,
    select,
    text_input,
)
from blocks.limits import problems

LONG = "& långt " * 1000
PLACE = Place("client", "reminder-client-choose", "Client")
LONG_PLACE = Place(
    "client", "reminder-client-choose", LONG, hint=LONG, dispatch=Dispatch.WITH_EVERY_CHARACTER, focus=True
)
CHOICES = [Choice(str(number), f"Client {number}", "Stockholm") for number in range(3)]
LONG_CHOICES = [Choice(str(number), LONG, LONG) for number in range(10)]


def in_a_modal(*blocks: Json) -> Json:
    text = {"type": "plain_text", "text": "Title"}
    return {"type": "modal", "title": text, "submit": text, "blocks": list(blocks)}


INPUTS: dict[str, Callable[[Place, str], Json]] = {
    "text": text_input,
    "several lines": lambda place, initial: text_input(place, initial, multiline=True),
    "e-mail": email_input,
    "number": number_input,
    "date": date_input,
    "menu": lambda place, initial: select(place, [*LONG_CHOICES, Choice("z", initial)], "z", placeholder=LONG),
    "type-ahead": lambda place, initial: external_select(place, Choice("z", initial), placeholder=LONG),
    "radio": lambda place, initial: radio(place, [Choice("z", initial), *LONG_CHOICES[:9]], "z"),
    "checkbox": lambda place, initial: checkbox(place, Choice("z", initial, initial), ticked=True),
}


@pytest.mark.parametrize("made", INPUTS.values(), ids=INPUTS)
@pytest.mark.parametrize("initial", ["", "5", "2027-02-28", LONG, "\ud800\x00", "2027-02-29", "-1", "3.5", "🐈" * 3001])
@pytest.mark.parametrize("place", [PLACE, LONG_PLACE], ids=["short", "long"])
def test_an_input_is_taken_whatever_it_holds(made: Callable[[Place, str], Json], initial: str, place: Place) -> None:
    block = made(place, initial)
    assert problems(in_a_modal(block)) == []
    assert (block["block_id"], block["element"]["action_id"]) == ("client", "reminder-client-choose")


SHOWN: dict[str, Json] = {
    "section": section(LONG, button("open", LONG, "id", confirm=Confirm(LONG, LONG, LONG, LONG, dangerous=True))),
    "exact": exact(LONG),
    "nothing exact": exact("\u200b"),
    "context": context(*[LONG] * 11),
    "header": header(LONG),
    "divider": divider(),
    "actions": actions(button("a", LONG), button("b", "B", "2", style="danger")),
}


@pytest.mark.parametrize("block", SHOWN.values(), ids=SHOWN)
def test_a_block_without_input_is_taken_whatever_it_shows(block: Json) -> None:
    assert problems(in_a_modal(block)) == []


def test_a_text_input_keeps_what_was_typed() -> None:
    assert text_input(PLACE, "  <!channel> \n")["element"]["initial_value"] == "  <!channel> \n"
    assert "initial_value" not in text_input(PLACE, "")["element"]


@pytest.mark.parametrize(("typed", "kept"), [("5", "5"), ("-1", "-1"), ("3.5", None), ("٣", None), ("", None)])
def test_a_number_input_keeps_whole_numbers(typed: str, kept: str | None) -> None:
    assert number_input(PLACE, typed)["element"].get("initial_value") == kept


@pytest.mark.parametrize(("typed", "kept"), [("2028-02-29", "2028-02-29"), ("2027-02-29", None), ("20280229", None)])
def test_a_calendar_keeps_days_that_exist(typed: str, kept: str | None) -> None:
    assert date_input(PLACE, typed)["element"].get("initial_date") == kept


def test_a_menu_selects_what_is_offered_and_nothing_else() -> None:
    assert select(PLACE, CHOICES, "1")["element"]["initial_option"]["value"] == "1"
    assert "initial_option" not in select(PLACE, CHOICES, "9")["element"]
    assert "initial_option" not in radio(PLACE, CHOICES)["element"]


def test_a_menu_of_too_many_still_offers_the_selected_one() -> None:
    many = [Choice(str(number), f"Client {number}") for number in range(150)]
    element = select(PLACE, many, "149")["element"]
    assert len(element["options"]) == 100
    assert element["initial_option"]["value"] == "149"
    assert problems(in_a_modal(select(PLACE, many, "149"))) == []


@pytest.mark.parametrize(
    ("dispatch", "config"),
    [
        (Dispatch.NEVER, None),
        (Dispatch.WHEN_CHANGED, {"trigger_actions_on": ["on_enter_pressed"]}),
        (Dispatch.WITH_EVERY_CHARACTER, {"trigger_actions_on": ["on_character_entered"]}),
    ],
)
def test_an_input_tells_when_it_was_asked_to(dispatch: Dispatch, config: Json | None) -> None:
    place = dataclasses.replace(PLACE, dispatch=dispatch)
    block = number_input(place)
    assert block["element"].get("dispatch_action_config") == config
    assert block.get("dispatch_action") is (True if config else None)
    assert select(place, CHOICES).get("dispatch_action") is (True if config else None)


def test_an_input_is_plain_and_required_unless_asked_otherwise() -> None:
    block = text_input(PLACE)
    assert block["optional"] is False
    assert block["element"]["multiline"] is False
    assert "focus_on_load" not in block["element"]
    assert text_input(dataclasses.replace(PLACE, optional=True, focus=True))["optional"] is True


def test_a_confirmation_is_red_only_when_asked() -> None:
    confirm = Confirm("Sure?", "Really?", "Yes", "No")
    assert "style" not in button("a", "A", confirm=confirm).to_dict()["confirm"]


def test_a_checkbox_may_stay_empty() -> None:
    block = checkbox(PLACE, CHOICES[0], ticked=False)
    assert block["optional"] is True
    assert "initial_options" not in block["element"]


def test_at_most_100_suggestions_are_made() -> None:
    answer = suggestions(Choice(str(number), f"Client {number}") for number in range(150))
    assert problems(answer) == []
    assert len(answer["options"]) == 100
    assert suggestions([]) == {"options": []}


def test_lines_are_packed_into_few_paragraphs() -> None:
    # 150 lines of 100 characters and a line end: 29 of them are 2,928 characters, 30 would be 3,029
    made = sections(["x" * 100] * 150)
    assert len(made) == 6
    assert problems(in_a_modal(*made)) == []
    assert sum(block["text"]["text"].count("x") for block in made) == 15_000


@pytest.mark.parametrize("unit", ["word ", "line\n", "solid", "🐈", "שלום\n", "e\u0301"])
def test_a_long_text_is_shown_whole_over_several_paragraphs(unit: str) -> None:
    text = (unit * 4000)[:4000]
    made = exact_sections(text)
    assert problems(in_a_modal(*made)) == []
    assert len(made) > 1
    shown = "".join(block["text"]["text"] for block in made)
    letters = str.maketrans("", "", " \n\u2068\u2069")
    assert shown.translate(letters) == text.translate(letters)


def test_a_text_is_cut_between_words_and_before_it_fills_a_message() -> None:
    made = exact_sections("word " * 5000)
    assert {block["text"]["text"][-4:] for block in made[:-1]} == {"word"}
    assert made[-1]["text"]["text"].endswith("…")
    assert problems({"text": "Text", "blocks": made}) == []


def test_a_buttons_value_is_never_cut() -> None:
    assert button("open", "Open", "x" * 2000).value == "x" * 2000
    assert "value" not in button("open", "Open").to_dict()
