"""Names and texts lose what does harm and keep the rest."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.characters import is_blank, one_line, plain


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("a\r\nb\rc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("Ludde\u202egnp.exe\u202c", "Luddegnp.exe"),
        ("\u2066Ludde\u2069", "Ludde"),
        ("a\x00b\x1bc\ufeffd", "abcd"),
        ("a\tb", "a\tb"),
        ("\ud83d", "\ufffd"),
        ("A\u030asa", "Åsa"),
        ("👩\u200d⚕️ åäö €", "👩\u200d⚕️ åäö €"),
        ("كلب", "كلب"),
    ],
)
def test_plain_text_keeps_what_is_read_and_drops_what_does_harm(text: str, becomes: str) -> None:
    assert plain(text) == becomes


@settings(deadline=None)
@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert one_line(one_line(text)) == one_line(text)


@settings(deadline=None)
@given(st.text())
@example("==??utf-8?q?x?=")
def test_one_line_is_one_line_that_begins_no_encoded_word(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert "=?" not in line
    line.encode("utf-8")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u200d\ufeff", "\u3164"[:0], "\u00a0\u2003", "\u0301"])
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200ba", "🐶", "。"])
def test_what_somebody_can_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)
