"""Names in texts: found in any spelling of case, accent, script or separator, and replaced.

A text is read as words; each is folded into plain Latin letters, so that “Łucja”, “lucja” and
“LUCJA” are one. What joins the words of a name does not matter: “Odd Lanternby”, “odd-lanternby”
and “oddlanternby” are all found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Final

from graph.text import fold

LONG: Final = 4
"""Characters from which on a name may not occur at all; a shorter one is left to a decision."""

_WORD: Final = re.compile(r"[^\W_]+")
_BETWEEN: Final = 4
"""Characters between two words of one name, at most."""
_PARTICLES: Final = frozenset({
    "al", "and", "ap", "bin", "bint", "da", "dal", "das", "de", "del", "den", "der", "di", "do",
    "dos", "du", "el", "en", "et", "ibn", "la", "las", "le", "los", "of", "the", "ter", "van",
    "von", "und", "y", "zu",
})  # fmt: skip


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that are names and words both: no machine can tell which they are."""
    text = resources.files("exports").joinpath("common_words.txt").read_text(encoding="ascii")
    return frozenset(text.split())


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """One word in plain Latin letters and digits, lower case, without anything between them."""
    return fold(word).replace(" ", "")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded; those that fold to nothing are left out."""
    return tuple(found for m in _WORD.finditer(text) if (found := folded(m.group())))


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling of the name of something that must not be named.

    `whole` is a full name, alias, handle or id, or a text built of them; otherwise it is one word
    of a name, which is looked for as a word, and as a name is written: with a capital.
    """

    owner: str
    text: str
    words: tuple[str, ...]
    whole: bool

    @property
    def squeezed(self) -> str:
        """Its words without anything between them."""
        return "".join(self.words)

    @property
    def certain(self) -> bool:
        """Whether an occurrence is surely the name: long enough, and no word of the dictionary."""
        return len(self.squeezed) >= LONG and not (
            len(self.words) == 1 and self.words[0] in common_words()
        )


def terms_of(owner: str, names: Iterable[str], local_id: str, *, is_person: bool) -> list[Term]:
    """Every spelling by which its owner (an id) could be known.

    `names` are full names; of a person each of their words counts by itself too.
    """
    found: dict[tuple[tuple[str, ...], bool], Term] = {}
    for name in (*names, local_id):
        words = words_of(name)
        if words:
            found.setdefault((words, True), Term(owner, name, words, True))
    if is_person:
        for name in names:
            for match in _WORD.finditer(name):
                word = folded(match.group())
                if len(word) >= 2 and word not in _PARTICLES and not word.isdigit():
                    found.setdefault(((word,), False), Term(owner, match.group(), (word,), False))
    wholes = {words for words, whole in found if whole}
    return [t for (words, whole), t in found.items() if whole or words not in wholes]


class Terms:
    """All spellings that must not leave, and what stands in their place (by owner)."""

    def __init__(self, terms: Iterable[Term], instead: Mapping[str, str]) -> None:
        self.all = tuple(sorted(terms, key=lambda t: (-len(t.words), t.words, t.owner, t.text)))
        self._instead = dict(instead)
        self._by_first: dict[str, list[Term]] = {}
        for term in self.all:
            self._by_first.setdefault(term.words[0], []).append(term)
        self._squeezed = {t.squeezed: t for t in self.all if t.whole and len(t.words) > 1}
        self._inside = Inside(t for t in self.all if t.whole and t.certain)
        self._words: dict[str, Term | None] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def replaced(self, text: str) -> str:
        """The text with whoever must not be named called what stands in their place."""
        if not self.all or not text:
            return text
        parts, after = [], 0
        for start, end, term in self._found(text):
            parts += [text[after:start], self._instead[term.owner]]
            after = end
        return "".join([*parts, text[after:]]) if parts else text

    def owners_in(self, text: str) -> frozenset[str]:
        """Whose names a text holds."""
        return frozenset(term.owner for _, _, term in self._found(text)) if text else frozenset()

    def in_id(self, id_: str) -> bool:
        """Whether an id is built of a name, short ones and words of the dictionary included."""
        words = words_of(id_)
        return self.within(id_) is not None or any(
            words[place : place + len(term.words)] == term.words
            for place, word in enumerate(words)
            for term in self._by_first.get(word, ())
            if term.whole or term.certain
        )

    def within(self, text: str) -> Term | None:
        """A certain, whole name that occurs anywhere in the text, within words too, or None."""
        return self._inside.find("".join(words_of(text)))

    def _found(self, text: str) -> Iterator[tuple[int, int, Term]]:
        spans = [(m.start(), m.end(), folded(m.group())) for m in _WORD.finditer(text)]
        spans = [span for span in spans if span[2]]
        place = 0
        while place < len(spans):
            hit = self._at(text, spans, place)
            if hit is None:
                place += 1
                continue
            term, count = hit
            yield spans[place][0], spans[place + count - 1][1], term
            place += count

    def _at(
        self, text: str, spans: list[tuple[int, int, str]], place: int
    ) -> tuple[Term, int] | None:
        """The longest term that begins at that word, and how many words it takes."""
        start, end, word = spans[place]
        for term in self._by_first.get(word, ()):
            count = len(term.words)
            here = spans[place : place + count]
            if tuple(s[2] for s in here) != term.words:
                continue
            if any(b[0] - a[1] > _BETWEEN for a, b in pairwise(here)):
                continue
            if term.whole and (term.certain or count > 1 or _written_as(text[start:end], term)):
                return term, count
            if not term.whole and _written_as(text[start:end], term):
                return term, count
        if squeezed := self._squeezed.get(word):
            return squeezed, 1
        inside = self._within_word(word)
        return None if inside is None else (inside, 1)

    def _within_word(self, word: str) -> Term | None:
        """A name of more than LONG characters that a longer word holds, or None."""
        if len(word) <= LONG:
            return None
        if word not in self._words:
            found = self._inside.find(word)
            long = found is not None and len(found.squeezed) > LONG
            self._words[word] = found if long else None
        return self._words[word]


class Inside:
    """Finds names anywhere in a text whose words stand without anything between them.

    Most texts hold no four letters with which a name begins: only those that do are looked through.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._starts: dict[str, dict[str, Term]] = {}
        for term in terms:
            squeezed = term.squeezed
            self._starts.setdefault(squeezed[:LONG], {}).setdefault(squeezed, term)
        self._begins = frozenset(self._starts)

    def all(self, squeezed: str) -> Iterator[Term]:
        """Every name in the text, the longest first among those that begin alike."""
        pieces = {squeezed[i : i + LONG] for i in range(len(squeezed) - LONG + 1)}
        for piece in sorted(pieces & self._begins):
            known = self._starts[piece]
            yield from (
                known[s] for s in sorted(known, key=lambda s: (-len(s), s)) if s in squeezed
            )

    def find(self, squeezed: str) -> Term | None:
        """A name in the text, or None."""
        return next(self.all(squeezed), None)


def _written_as(word: str, term: Term) -> bool:
    """Whether a word is written like a name: with a capital, or in a script without any."""
    return not word.islower() and (not term.whole or word == term.text)
