"""Does a text that was cut still fit, still read well and still hold no half-escaped token?"""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.limits import clip
from blocks.limits_shapes import length

ESCAPED = st.lists(
    st.sampled_from(["&amp;", "&lt;", "&gt;", "a", " ", "é", "🐈", "👩‍⚕️", "🇸🇪", "👍🏽", "\u2068א\u2069", "\n"])
).map("".join)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),  # no space before the ellipsis
        ("a&amp;b", 6, "a…"),  # a& would be half an escape; a&amp; and … are 7
        ("a&amp;bc", 7, "a&amp;…"),
        ("<!date^1^{date}|x>y", 10, "…"),
        ("see <@U123> now", 12, "see <@U123>…"),
        ("🐈🐈", 3, "🐈…"),
        ("🐈🐈🐈", 3, "🐈…"),  # each counts two
        ("👩‍⚕️ and more", 6, "👩‍⚕️…"),  # 2 + 1 + 1 + 1 and the ellipsis
        ("👩‍⚕️ and more", 5, "…"),
        ("🇸🇪🇫🇮", 5, "🇸🇪…"),
        ("👍🏽👍🏽", 5, "👍🏽…"),
        ("e\u0301e\u0301e", 4, "e\u0301…"),
        ("\u2068אבגד\u2069", 5, "\u2068אב…\u2069"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_a_text_is_cut_where_a_reader_would_cut_it(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_fits_and_is_the_beginning_of_the_text(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert length(cut) <= limit
    if length(text) <= limit:
        assert cut == text
    elif limit:
        assert text.startswith(cut.rstrip("\u2069").removesuffix("…"))


@given(ESCAPED, st.integers(1, 60))
def test_no_escape_or_isolate_is_left_half(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert re.fullmatch(r"(&(amp|lt|gt);|[^&])*", cut)
    assert cut.count("\u2068") == cut.count("\u2069")
    assert html.unescape(text).startswith(html.unescape(cut).removesuffix("…").rstrip("\u2069…"))


@given(st.lists(st.sampled_from(["👩‍⚕️", "🇸🇪", "👍🏽", "e\u0301"]), min_size=1), st.integers(1, 60))
def test_what_reads_as_one_character_stays_whole(characters: list[str], limit: int) -> None:
    cut = clip("".join(characters), limit).removesuffix("…")
    assert cut in {"".join(characters[:count]) for count in range(len(characters) + 1)}


def test_a_heap_of_marks_does_not_swallow_the_text() -> None:
    assert length(clip("z" + "\u0301" * 4000, 3000)) > 2900
