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
        self._inside = sorted(
            {t.squeezed: t for t in self.all if t.whole and t.certain}.items(),
            key=lambda item: (-len(item[0]), item[0]),
        )

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
        whole = "".join(words_of(text))
        return next((t for squeezed, t in self._inside if squeezed in whole), None)

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
        if len(word) > LONG:
            inside = next((t for s, t in self._inside if len(s) >= LONG and s in word), None)
            if inside is not None and len(inside.squeezed) > LONG:
                return inside, 1
        return None


def _written_as(word: str, term: Term) -> bool:
    """Whether a word is written like a name: with a capital, or in a script without any."""
    return not word.islower() and (not term.whole or word == term.text)
