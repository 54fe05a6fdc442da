"""How text is normalised before it is hashed, counted or searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.text import fold, normalise, sha256, slug


def test_one_text_has_one_hash_however_it_was_saved() -> None:
    text = "Zoë\nsaid “no”.\n"
    ways = [
        text.encode(),
        b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
        text.replace("ë", "e\u0308").encode(),
    ]
    assert {sha256(normalise(way)) for way in ways} == {sha256(text)}
    assert normalise(text.encode("utf-16"), "utf-16") == text
    # Code points are counted after it.
    assert len(normalise("e\u0308\r\n".encode())) == 2


def test_bytes_of_another_encoding_are_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        normalise("Zoë".encode("latin-1"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë  ÅNGSTRÖM", "zoe angstrom"),
        ("O'Brien-Smith (née Größe)", "o brien smith nee grosse"),
        ("मोदी", fold("modi")),
        ("Сергей", "sergey"),
        ("100%", "100"),
        ("— …", ""),
    ],
)
def test_names_are_found_without_accents_and_from_any_script(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=30))
def test_what_is_folded_is_safe_inside_a_full_text_query(text: str) -> None:
    folded = fold(text)
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789 " for c in folded)
    assert fold(folded) == folded
    assert " " not in slug(text)
    assert len(slug(text)) <= 60
