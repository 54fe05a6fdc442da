"""Where a passage stands in a text: found by its words, and found again when the text changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from graph.model.cells import BadValueError
from graph.model.text import sha256

Standing = Literal["exact", "moved", "changed", "lost"]

_SEARCHED: Final = 300_000
"""Code points of a text up to which each stretch of it is hashed to find a passage again."""
_ALIKE: Final = 70.0
"""Similarity (of 100, `rapidfuzz.fuzz.partial_ratio`) from which words were changed, not lost."""


class QuoteError(BadValueError):
    """Quoted words that are in a text not once."""


def find_quote(text: str, exact: str, prefix: str = "", suffix: str = "") -> tuple[int, int]:
    """The start and the end of quoted words in a text, in code points.

    It is the TextQuoteSelector of the W3C Web Annotation model: `prefix` and `suffix` are what
    stands right before and after, but for blanks, which cells lose. Raises QuoteError where that
    is not found, or found twice.
    """
    before = rf"{re.escape(prefix)}\s*" if prefix else ""
    after = rf"\s*{re.escape(suffix)}" if suffix else ""
    pattern = re.compile(f"{before}({re.escape(exact)}){after}")
    found = pattern.search(text)
    if found is None:
        raise QuoteError(
            "the quoted words are not in the text of its source", "copy them from the text"
        )
    if pattern.search(text, found.start() + 1):
        raise QuoteError(
            "the quoted words are in the text of its source twice",
            "add what stands right before or after them (prefix, suffix)",
        )
    return found.span(1)


@dataclass(frozen=True, slots=True)
class Found:
    """How a passage stands in a text; `start` is where, if it is there word for word."""

    standing: Standing
    start: int | None = None


def find_again(text: str, start: int, end: int, digest: str, earlier: Iterable[str] = ()) -> Found:
    """How the passage that stood at `start` to `end` with that sha256 stands in a text.

    *exact*: there; *moved*: word for word elsewhere; *changed*: in other words; *lost*: not at all.
    `earlier` are texts in which it may have stood, read only if it is not exact. Where none of them
    has it, what stands in its place counts as its change.
    """
    if sha256(text[start:end]) == digest:
        return Found("exact", start)
    words = next((t[start:end] for t in earlier if sha256(t[start:end]) == digest), None)
    at = _again(text, start, end - start, digest) if words is None else _nearest(text, words, start)
    if at is not None:
        return Found("moved", at)
    if words is None:
        return Found("changed" if text[start:end].strip() else "lost")
    return Found("changed" if fuzz.partial_ratio(words, text) >= _ALIKE else "lost")


def _nearest(text: str, words: str, start: int) -> int | None:
    """Where the words stand that are nearest to `start`."""
    before, after = text.rfind(words, 0, start + len(words)), text.find(words, start)
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - start), default=None)


def _again(text: str, start: int, length: int, digest: str) -> int | None:
    if len(text) > _SEARCHED:
        return None
    places = range(len(text) - length + 1)
    there = (at for at in places if sha256(text[at : at + length]) == digest)
    return min(there, key=lambda at: abs(at - start), default=None)
