"""How text is normalised before it is hashed, counted or searched."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.text import fold, in_one_line, normalise, printable, sha256, slug
from graph.model.wording import counted
from sutra.cases import ROOT


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
        (unicodedata.normalize("NFD", "Сергей"), "sergey"),
        ("Ольга Сельдь", "olga seld"),
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


def test_a_slug_that_is_cut_ends_in_a_letter() -> None:
    assert slug("lamp " * 20) == "-".join(["lamp"] * 12)


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [
        (0, "source", "0 sources"), (1, "source", "1 source"), (2, "source", "2 sources"),
        (1, "entity", "1 entity"), (1178, "entity", "1,178 entities"), (2, "day", "2 days"),
        (3, "known origin", "3 known origins"), (2, "match", "2 matches"), (2, "box", "2 boxes"),
    ],
)  # fmt: skip
def test_entities_are_counted_as_one_says_it(count: int, noun: str, said: str) -> None:
    assert counted(count, noun) == said
    assert counted(2, "person", "people") == "2 people"


COUNTED = re.compile(
    r"\}\s(?:[a-z]+\s)?(?:source|claim|passage|entity|connection|row|cell|entit(?:y|ie)|way|step|fact|note|"
    r"publisher|origin|file|column|node|hop|time)s\b"
)
# What is a limit, or several in any case.
FIXED = re.compile(r"MOST|LONGEST|longest|limit\(\)|entities are called|ways lead|of paths now")


def test_no_message_counts_a_single_entity_as_several() -> None:
    """A number that may be 1 goes before its noun by way of `counted` alone."""
    wrong = []
    for folder in ("graph", "loaders", "exports", "views", "sutra"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for line in file.read_text("utf-8").splitlines():
                found = COUNTED.search(line)
                if found and not FIXED.search(line):
                    wrong.append(f"{file.name}: {line.strip()}")
    assert wrong == []


@given(st.text(st.characters()))
def test_what_is_printed_steers_nothing_and_can_be_written(text: str) -> None:
    said = printable(text)
    said.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert printable(said) == said
    assert not set("\n\t") & set(in_one_line(text))
    if text.isprintable():
        assert said == text
