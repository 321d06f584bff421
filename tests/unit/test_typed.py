"""What was typed is brought into one form, or refused with what would work."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.typed import (
    EMAIL_TEXT_LIMIT,
    LARGEST,
    LETTER_TEXT_LIMIT,
    MOST_DIGITS,
    NAME_LIMIT,
    SMS_TEXT_LIMIT,
    SUBJECT_LIMIT,
    NumberRefused,
    TextRefused,
    header_problem,
    is_blank,
    many_lines,
    one_line,
    whole_number,
)

DECOMPOSED = "Misse a\u030ast\u00e4ker"
COMPOSED = "Misse åstäker"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
any_text = st.text(st.characters(), max_size=60)


def _why_not_one_line(text: str) -> str:
    with pytest.raises(TextRefused) as caught:
        one_line(text, SUBJECT_LIMIT)
    return str(caught.value.reason)


def _why_not_many_lines(text: str) -> str:
    with pytest.raises(TextRefused) as caught:
        many_lines(text, EMAIL_TEXT_LIMIT)
    return str(caught.value.reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ""),
        ("", ""),
        ("  Misse ", "Misse"),
        ("Misse\n", "Misse"),
        ("\ufeffMisse\u200b", "Misse"),
        (" \u200b Misse", "Misse"),
        ("Misse\tMåns", "Misse Måns"),
        (DECOMPOSED, COMPOSED),
        (FAMILY, FAMILY),
        ("<!channel> & <@U1>", "<!channel> & <@U1>"),  # escaped where it is shown, not here
        ("\u200e\u05d7\u05ea\u05d5\u05dc", "\u200e\u05d7\u05ea\u05d5\u05dc"),  # a direction mark is no override
    ],
)
def test_one_line_is_brought_into_its_one_form(text: str | None, expected: str) -> None:
    assert one_line(text, SUBJECT_LIMIT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ""),
        ("Hej\r\nDu\rDär\u2028Nu\u2029Då\u0085!", "Hej\nDu\nDär\nNu\nDå\n!"),
        ("\n\n Hej \n", "Hej"),
        ("1.\tKatt", "1.\tKatt"),
        ("=?utf-8?q?Hej?=", "=?utf-8?q?Hej?="),  # no header, no harm
        (DECOMPOSED, COMPOSED),
    ],
)
def test_many_lines_are_brought_into_their_one_form(text: str | None, expected: str) -> None:
    assert many_lines(text, EMAIL_TEXT_LIMIT) == expected


@pytest.mark.parametrize(
    "text",
    [
        "\u200b",
        "\u200b\u200d \u2060",
        "\u00ad",
        "\u3164",
        "\u2800",
        "\ufe00",
        "\ufe0f",
        "\U000e0100",
        "\U000e01ef",
        "\u200b\n\u200b",
        "\u061c",
    ],
)
def test_zero_width_only_is_nothing_typed(text: str) -> None:
    assert is_blank(text)
    assert many_lines(text, EMAIL_TEXT_LIMIT) == ""
    assert whole_number(text) is None


@pytest.mark.parametrize("text", ["a", FAMILY, "\u0301", ".", "\u200ba"])
def test_what_can_be_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    "bad",
    ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\x0b", "\x0c", "\ud800", "\ufffe", "\uffff", "\U0001ffff", "\ufdd0"],
)
def test_control_characters_and_lone_surrogates_are_refused_everywhere(bad: str) -> None:
    assert "hidden control character" in _why_not_one_line(f"a{bad}b")
    assert "hidden control character" in _why_not_many_lines(f"a{bad}b")


@pytest.mark.parametrize("bad", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2069"])
def test_a_direction_override_is_refused_everywhere(bad: str) -> None:
    assert "reading direction" in _why_not_one_line(f"a{bad}b")
    assert "reading direction" in _why_not_many_lines(f"a{bad}b")


@pytest.mark.parametrize("bad", ["\r\n", "\r", "\n", "\u0085", "\u2028", "\u2029"])
def test_a_line_break_in_one_line_is_refused(bad: str) -> None:
    assert "one line" in _why_not_one_line(f"Hej{bad}Bcc: x@example.se")


@pytest.mark.parametrize(
    "word",
    ["=?utf-8?q?Hej=0AReply-To:_x?=", "=?UTF-8?B?SGVq?=", "=?utf-8?q?Hej", "Hej =?iso-8859-1?Q?a?= du", "=?x y?="],
)
def test_an_encoded_word_in_one_line_is_refused(word: str) -> None:
    assert "=?" in _why_not_one_line(word)
    assert header_problem(word) is not None


@pytest.mark.parametrize("text", ["Dags för vaccin?", "1 + 1 =? 2", "Misse = katt?", "?=", "{{ client_name }}"])
def test_an_ordinary_subject_fits_a_header(text: str) -> None:
    assert header_problem(text) is None


@pytest.mark.parametrize("character", ["a", "å", "\U0001f431"])
def test_the_limit_counts_characters(character: str) -> None:
    assert len(many_lines(character * 3000, EMAIL_TEXT_LIMIT)) == 3000
    assert "3001 characters long; at most 3000" in _why_not_many_lines(character * 3001)


def test_the_limits_are_those_of_the_columns_they_fill() -> None:
    assert (NAME_LIMIT, SUBJECT_LIMIT) == (200, 200)
    assert (EMAIL_TEXT_LIMIT, SMS_TEXT_LIMIT, LETTER_TEXT_LIMIT) == (3000, 1000, 3000)


def test_the_limit_counts_after_trimming_and_composing() -> None:
    assert one_line("  " + "a\u030a" * SUBJECT_LIMIT + "  ", SUBJECT_LIMIT) == "å" * SUBJECT_LIMIT
    assert "201 characters long; at most 200" in _why_not_one_line("a" * 201)


@given(any_text)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    for clean in (one_line, many_lines):
        try:
            once = clean(text, EMAIL_TEXT_LIMIT)
        except TextRefused:
            continue
        assert clean(once, EMAIL_TEXT_LIMIT) == once
        assert unicodedata.is_normalized("NFC", once)
        assert once == once.strip()
        assert not once or not is_blank(once)
        once.encode()  # no lone surrogate


@given(any_text)
def test_one_line_is_always_one_line(text: str) -> None:
    try:
        found = one_line(text, SUBJECT_LIMIT)
    except TextRefused:
        return
    assert len(found.splitlines()) <= 1


def test_a_refusal_does_not_hold_the_text() -> None:
    with pytest.raises(TextRefused) as caught:
        one_line("Hemligt\x00namn", SUBJECT_LIMIT)
    assert "Hemligt" not in repr(caught.value.args) + repr(caught.value.reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, None), ("", None), ("  ", None), ("0", 0), ("3", 3), (" 3 ", 3), ("007", 7), ("1000000", 10**6)],
)
def test_a_whole_number_is_read(text: str | None, expected: int | None) -> None:
    assert whole_number(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-1", "without a minus sign"),
        ("\u22121", "without a minus sign"),
        ("3.5", "without decimals"),
        ("3,5", "without decimals"),
        (".5", "without decimals"),
        ("3.0", "without decimals"),
        ("１２", "digits 0 to 9"),
        ("٣", "digits 0 to 9"),
        ("²", "digits 0 to 9"),
        ("+3", "digits 0 to 9"),
        ("1 000", "digits 0 to 9"),
        ("1_000", "digits 0 to 9"),
        ("10**6", "digits 0 to 9"),
        ("1e6", "digits 0 to 9"),
        ("0x10", "digits 0 to 9"),
        ("three", "digits 0 to 9"),
        ("3\x00", "digits 0 to 9"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_what_would_work(text: str, says: str) -> None:
    with pytest.raises(NumberRefused) as caught:
        whole_number(text)
    assert says in str(caught.value.reason)


@given(st.integers(0, 10**MOST_DIGITS - 1))
def test_every_whole_number_is_read_as_itself(number: int) -> None:
    assert whole_number(str(number)) == number


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_nothing_or_refused(text: str) -> None:
    try:
        found = whole_number(text)
    except NumberRefused:
        return
    assert found is None or found >= 0


@pytest.mark.parametrize("digits", ["1234567890", "9" * 5000])
def test_more_digits_than_any_number_needs_stand_for_one_that_is_too_large_everywhere(digits: str) -> None:
    assert whole_number(digits) == LARGEST
