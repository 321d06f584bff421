"""Does typed text read as typed, and do nothing else?"""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.limits_shapes import length
from blocks.text import bold, escape, mention, mrkdwn, plain, typeable, visible
from tests.blocks.samples import HOSTILE, Hostile


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_escaped_for_markup_and_shown_to_the_letter_in_plain_text(hostile: Hostile) -> None:
    assert escape(hostile.typed).startswith(hostile.escaped)
    assert visible(hostile.typed).startswith(hostile.exact)


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("Anna & Bo", "Anna &amp; Bo"),
        ("> quoted", "＞ quoted"),  # Slack quotes a line that begins with &gt; as well
        ("a > b", "a &gt; b"),
        ("Rex\n*Status:* sent", "Rex ∗Status:∗ sent"),  # a name cannot make a line of its own
        ("Rex\u2028Max\x85Bo\r\nIda", "Rex Max Bo Ida"),
        ("  Rex\t\tMax ", "Rex Max"),
        ("snake_case_name", "snake_case_name"),
        ("_Rex_", "ˍRexˍ"),
        ("a _b_ c", "a ˍbˍ c"),
        ("åsa_öst", "åsa_öst"),
        ("", "–"),
        ("\u0301", "–"),  # marks without a letter
        ("\u3164\u2800", "–"),  # letters that are blank
        ("e\u0301", "e\u0301"),  # NFD stays as typed
        ("می\u200cخواهم", "\u2068می\u200cخواهم\u2069"),  # the non-joiner belongs to Persian spelling
        ("Rex \u0661\u0662", "\u2068Rex \u0661\u0662\u2069"),
        ("\u2068Rex", "Rex"),
        ("R\u00adex", "Rex"),
        ("🏴\U000e0067\U000e007f", "🏴"),
    ],
)
def test_a_typed_text_is_escaped(typed: str, escaped: str) -> None:
    assert escape(typed) == escaped


def test_plain_text_is_on_one_line_unless_lines_are_kept() -> None:
    assert visible("a\nb") == "a b"
    assert visible("a\nb", lines=True) == "a\nb"


def test_lines_are_kept_where_asked_and_each_is_isolated() -> None:
    assert escape("a\r\n> b\n\nרקס", lines=True) == "a\n＞ b\n\n\u2068רקס\u2069"


@given(st.text())
def test_no_markup_and_no_moving_or_invisible_character_survives(typed: str) -> None:
    escaped = escape(typed, lines=True)
    assert re.fullmatch(r"(&(amp|lt|gt);|[^&<>*~`])+", escaped)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066\u2067\ud800-\udfff]", escaped
    )
    assert escaped.count("\u2068") == escaped.count("\u2069")
    escaped.encode()


@given(st.text(st.characters(categories=["L", "N"])))
def test_ordinary_letters_and_digits_come_through(typed: str) -> None:
    expected = re.sub("[\u115f\u1160\u3164\uffa0]", "", typed)
    assert html.unescape(escape(typed)).strip("\u2068\u2069") == (expected or "–")


@given(st.text(), st.integers(1, 50))
def test_an_escaped_text_fits(typed: str, limit: int) -> None:
    assert length(escape(typed, limit)) <= limit


@given(st.text())
def test_what_goes_back_into_an_input_is_as_typed_but_for_what_cannot_be_sent(typed: str) -> None:
    assert typeable(typed) == typed.replace("\x00", "")


def test_a_lone_surrogate_does_not_go_back_into_an_input() -> None:
    assert typeable("a\ud800b") == "a\ufffdb"


def test_text_objects_switch_off_what_slack_would_add() -> None:
    assert plain(":cat:").to_dict() == {"type": "plain_text", "text": ":cat:", "emoji": False}
    assert mrkdwn("#general").to_dict() == {"type": "mrkdwn", "text": "#general", "verbatim": True}
    assert plain("abc", 2).to_dict()["text"] == "a…"


def test_bold_stays_on_one_line() -> None:
    assert bold("a\nb ") == "*a b*"
    assert bold(" ") == ""


@pytest.mark.parametrize(
    ("user_id", "shown"), [("U012AB3CD", "<@U012AB3CD>"), ("W1", "<@W1>"), ("U1> <!channel", "U1&gt; &lt;!channel")]
)
def test_only_a_user_id_becomes_a_mention(user_id: str, shown: str) -> None:
    assert mention(user_id) == shown


def test_the_isolates_are_the_characters_meant() -> None:
    assert unicodedata.name("\u2068") == "FIRST STRONG ISOLATE"
