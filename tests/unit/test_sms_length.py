"""Is a text counted as the network counts it (FAULTS, SMS length; 3GPP TS 23.038 and 23.040)?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sms_length import Alphabet, SmsLength, sms_length

GSM, UCS = Alphabet.GSM_7, Alphabet.UCS_2
BASIC = "Bella å Δ @ £ §"
EXTENSION = "^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "alphabet", "parts", "left"),
    [
        ("", GSM, 1, 160),
        ("a" * 160, GSM, 1, 0),
        ("a" * 161, GSM, 2, 145),  # 2 × 153 − 161
        ("a" * 306, GSM, 2, 0),
        ("a" * 307, GSM, 3, 152),
        ("€" * 80, GSM, 1, 0),  # two septets each
        ("€" * 80 + "a", GSM, 2, 144),  # 76 × 2 = 152 in the first part, 9 septets in the second
        ("a" * 158 + "€", GSM, 1, 0),
        ("a" * 159 + "€", GSM, 2, 145),  # 161 septets: 153 of them a in the first part
        ("a" * 152 + "€" + "a" * 7, GSM, 2, 144),  # 161: € would lie across 153 and moves whole: 152, then 9
        ("a" * 152 + "€" + "a" * 151, GSM, 2, 0),  # 305 septets, yet 153 − 152 of the first are lost
        ("a" * 152 + "€" + "a" * 152, GSM, 3, 152),  # 306 septets, which would fit if nothing were lost
        ("ä" * 160, GSM, 1, 0),
        ("ç", UCS, 1, 69),  # only the capital is in the alphabet
        ("a" * 69 + "’", UCS, 1, 0),
        ("a" * 70 + "’", UCS, 2, 63),  # 2 × 67 − 71
        ("a" * 159 + "’", UCS, 3, 41),  # 160 units: 67, 67, 26
        ("🐈" * 35, UCS, 1, 0),
        ("🐈" * 36, UCS, 2, 61),  # 33 pairs are 66 units, the 67th stays empty; 3 pairs in the second part
        ("a" * 66 + "🐈" + "a" * 3, UCS, 2, 62),  # 71 units; the pair would lie across 67
        ("{{ client_name }}", GSM, 1, 139),  # 17 characters, four of them braces
    ],
)
def test_a_text_is_counted(text: str, alphabet: Alphabet, parts: int, left: int) -> None:
    found = sms_length(text)
    assert (found.alphabet, found.parts, found.left) == (alphabet, parts, left)


def test_the_first_character_outside_the_alphabet_is_named_with_what_it_costs() -> None:
    assert sms_length("a" * 158 + "’–") == SmsLength(UCS, 3, 41, "’", 1)
    assert sms_length("a" * 160) == SmsLength(GSM, 1, 0, "", 1)


texts = st.text(st.sampled_from(BASIC + EXTENSION + "’ç🐈日"), max_size=700)


@given(texts)
def test_all_fits_into_the_parts_and_not_into_fewer(text: str) -> None:
    found = sms_length(text)
    extension = sum(character in EXTENSION for character in text)
    units = len(text) + extension if found.alphabet is GSM else len(text.encode("utf-16-le")) // 2
    room = found.alphabet.alone if found.parts == 1 else found.parts * found.alphabet.joined
    lost = room - units - found.left
    assert 0 <= lost <= found.parts - 1  # a character of two units leaves at most one empty at the end of each part
    assert 0 <= found.left <= found.alphabet.alone
    if found.parts > 1:
        assert units > found.alphabet.alone
        assert units + (found.parts - 2) > (found.parts - 1) * found.alphabet.joined - 1


@given(texts)
def test_only_a_character_outside_the_alphabet_changes_the_alphabet(text: str) -> None:
    found = sms_length(text)
    assert (found.alphabet is UCS) == bool(found.costly) == any(character in text for character in "’ç🐈日")
    assert found.parts >= found.parts_without


@given(texts, st.sampled_from(BASIC + EXTENSION + "’🐈"))
def test_another_character_never_makes_it_shorter(text: str, more: str) -> None:
    assert sms_length(text + more).parts >= sms_length(text).parts
