from __future__ import annotations

import pytest

from bot.domain.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Åsa  Öberg", "asa oberg"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Rex™", "rextm"),
        ("№ 5", "no 5"),
        ("O’Connor", "oconnor"),
        ("Anna\u2011Lisa", "annalisa"),
        ("a\0b", "a b"),
    ],
)
def test_text_is_folded_to_small_letters_without_accents(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded
