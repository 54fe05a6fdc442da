"""Names in texts: found in any spelling of case, accent, script or separator, and replaced.

A text is read as words; each is folded into plain Latin letters, so that “Łucja”, “lucja” and
“LUCJA” are one. A mark on a letter and what nobody sees between two of them part no word. What
joins the words of a name does not matter: “Odd Lanternby”, “odd-lanternby” and “oddlanternby” are
all found. A word of a person's name is found as the beginning of a longer one too: “Lanternbys”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain, pairwise
from typing import Final, Literal

from graph.model.text import fold

LONG: Final = 4
"""Characters from which on a name may not occur at all; a shorter one is left to a decision."""

BEGINS: Final = 5
"""Letters from which on a word of a name is found where a longer word only begins with it."""

Kind = Literal["name", "handle", "called", "id", "part"]

_WORD: Final = re.compile(r"[^\W_]+")
# Hebrew and Arabic are written with points or without.
_POINTS: Final = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"
)
_UMLAUTS: Final = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa",
    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa",
})  # fmt: skip
# Not the end of “Michael”.
_WRITTEN_OUT: Final = re.compile(
    r"(?<=[b-df-hj-np-tv-z])(?:([ou])e|(a)e(?!l))(?=[b-df-hj-np-tv-z])", re.IGNORECASE
)
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


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Words that, in small letters, are words of some language although they are names as well."""
    text = resources.files("exports").joinpath("small_words.txt").read_text(encoding="utf-8")
    return common_words().union(words_of(text))


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """One word in plain Latin letters and digits, lower case, without anything between them."""
    if not word.isascii():
        word = _POINTS.sub("", unicodedata.normalize("NFKC", word))
    return fold(word).replace(" ", "")


@lru_cache(maxsize=1)
def _marked_word() -> re.Pattern[str]:
    """A word with the marks of any script and whatever is invisible in it: `re` parts it there."""
    codes = chain(range(0x20000), range(0xE0000, 0xE0200))
    on = (c for c in map(chr, codes) if unicodedata.category(c) in ("Mn", "Mc", "Me", "Cf"))
    marks = "".join(map(re.escape, on))
    return re.compile(f"[^\\W_]+(?:[{marks}]+[^\\W_]*)*")


def _matches(text: str) -> Iterator[re.Match[str]]:
    return (_WORD if text.isascii() else _marked_word()).finditer(text)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded; those that fold to nothing are left out."""
    return tuple(found for m in _matches(text) if (found := folded(m.group())))


def is_low(text: str, word: str) -> bool:
    """Whether a folded word is never written with a capital there, or in a script without any."""
    return all(m.group().islower() for m in _matches(text) if folded(m.group()) == word)


# Italian and French write the article of the next word without its vowel.
_JOINS: Final = re.compile("['\u2019\u02bc][^\\W\\d_]")
# In an address, a handle or an id every name is written small.
_TIGHT_BEFORE: Final = frozenset("#@/\\._-:=&%+~")
_TIGHT_AFTER: Final = re.compile(r"[@/\\_=&%+~]|[-.:][^\W_]")


def may_be_word(text: str, word: str) -> bool:
    """Whether a folded word that is part of a name is another word wherever it stands there.

    It is one if it stands among other words in small letters and some language has it, or as an
    article: “dell'Industria”.
    """
    found = list(_matches(text))
    return all(
        _is_word(text, m, word, alone=len(found) == 1) for m in found if folded(m.group()) == word
    )


def _is_word(text: str, found: re.Match[str], word: str, *, alone: bool) -> bool:
    if not found.group().islower() or text[found.start() - 1 : found.start()] in _TIGHT_BEFORE:
        return False
    if _JOINS.match(text, found.end()):
        return True
    tight = alone or _TIGHT_AFTER.match(text, found.end())
    return not tight and word in small_words()


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling of the name of something that must not be named.

    A `part` is one word of a person's name, which is looked for as a word, and as a name is
    written: with a capital. All else is whole: a full name or alias, a handle, what sources call
    it, an id.
    """

    owner: str
    text: str
    words: tuple[str, ...]
    kind: Kind

    @property
    def whole(self) -> bool:
        """Whether it is more than one word of a name."""
        return self.kind != "part"

    @property
    def loose(self) -> bool:
        """Whether it is a single word and neither a full name nor a declared alias.

        In the name of something else it says nothing: “Dell” in “Dell Inc.”
        """
        return not self.whole or (self.kind in ("called", "id") and len(self.words) == 1)

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


def terms_of(
    owner: str,
    names: Iterable[str],
    local_id: str,
    *,
    is_person: bool,
    is_account: bool = False,
    called: Iterable[str] = (),
) -> list[Term]:
    """Every spelling by which its owner (an id) could be known.

    `names` are full names and declared aliases, `called` is how sources spell it; of a person each
    of their words counts by itself too, and words that an apostrophe or a hyphen joins count as
    one.
    """
    kind: Kind = "handle" if is_account else "name"
    found: dict[tuple[str, ...], Term] = {}
    spelled: list[str] = []
    kinds: tuple[tuple[Iterable[str], Kind], ...] = ((names, kind), (called, "called"))
    for those, of_kind in kinds:
        for name in (spelling for one in those for spelling in _spellings(one)):
            spelled.append(name)
            if words := words_of(name):
                found.setdefault(words, Term(owner, name, words, of_kind))
    if words := words_of(local_id):
        found.setdefault(words, Term(owner, local_id, words, "id"))
    for chunk in chain.from_iterable(map(str.split, spelled)) if is_person else ():
        words = words_of(chunk)
        for word in dict.fromkeys((*words, "".join(words))):
            if len(word) >= 2 and word not in _PARTICLES and not word.isdigit():
                found.setdefault((word,), Term(owner, chunk, (word,), "part"))
    return list(found.values())


def _spellings(name: str) -> Iterator[str]:
    """A name, and how it is written where its umlauts are written out, or were."""
    yield name
    composed = unicodedata.normalize("NFC", name)
    if (out := composed.translate(_UMLAUTS)) != composed:
        yield out
    if (bare := _WRITTEN_OUT.sub(r"\1\2", composed)) != composed:
        yield bare


class Beginnings:
    """Finds a word that begins with one word of a name: “Lanternbys”, “Lanternby2021”.

    `known` are words that are none for all that.
    """

    def __init__(self, terms: Iterable[Term], known: Iterable[str] = ()) -> None:
        self._terms: dict[str, list[Term]] = {}
        self._known = common_words().union(known)
        for term in terms:
            if not term.whole and term.certain and len(term.squeezed) >= BEGINS:
                self._terms.setdefault(term.squeezed[:BEGINS], []).append(term)

    def find(self, word: str) -> Term | None:
        """The longest word of a name with which that one begins, or None."""
        near = self._terms.get(word[:BEGINS])
        if near is None or word in self._known:
            return None
        found = [t for t in near if word.startswith(t.squeezed)]
        return max(found, key=lambda t: (len(t.squeezed), t.owner), default=None)


Span = tuple[int, int, str]
"""A word of a text: where it begins and ends, and the word folded."""


def _spans(text: str) -> list[Span]:
    spans = ((m.start(), m.end(), folded(m.group())) for m in _matches(text))
    return [span for span in spans if span[2]]


def _side_by_side(spans: Iterable[Span]) -> bool:
    return all(b[0] - a[1] <= _BETWEEN for a, b in pairwise(spans))


MASK: Final = "|"
"""Stands for a word of a name that stays: no name is spelled with it."""


class Kept:
    """Names that stay as they are: a loose word in one of them is no name by itself.

    A name of several words is known wherever they follow each other. One that is a single word
    besides articles could as well be somebody's: it is known only as it is written, and only where
    that is asked for.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in sorted(set(names)):
            if words := words_of(name):
                single = name if is_single(name) else ""
                self._by_first.setdefault(words[0], []).append((words, single))
        for known in self._by_first.values():
            known.sort(key=lambda one: -len(one[0]))

    def covered(
        self, text: str, spans: Sequence[Span], alone: Collection[str] | None = ()
    ) -> frozenset[int]:
        """Which words of the text belong to a name that stays.

        `alone` are the single words that count here; None is all of them.
        """
        found: set[int] = set()
        for place, (start, _, word) in enumerate(spans):
            for words, single in self._by_first.get(word, ()):
                if single and not (
                    (alone is None or single in alone) and _as_written(text[start:], single)
                ):
                    continue
                if count := _count(text, spans[place : place + len(words)], words):
                    found.update(range(place, place + count))
                    break
        return frozenset(found)

    def bare(
        self, text: str, words: tuple[str, ...], alone: Collection[str] | None = ()
    ) -> tuple[str, tuple[str, ...]]:
        """A text and its words without the names that stay.

        In their places there are blanks in the text, and MASK among the words.
        """
        if self._by_first.keys().isdisjoint(words):
            return text, words
        spans = _spans(text)
        covered = self.covered(text, spans, alone)
        letters = list(text)
        for place in covered:
            start, end, _ = spans[place]
            letters[start:end] = " " * (end - start)
        left = tuple(MASK if n in covered else s[2] for n, s in enumerate(spans))
        return "".join(letters), left


def _count(text: str, here: Sequence[Span], words: Sequence[str]) -> int:
    """How many words of a text are the words of a name, or 0. An ellipsis may have cut it short."""
    if not _side_by_side(here):
        return 0
    for count, (span, word) in enumerate(zip(here, words, strict=False), start=1):
        is_cut = count > 1 and text.startswith("…", span[1])
        if is_cut and word.startswith(span[2]):
            return count
        if span[2] != word:
            return 0
    return len(words) if len(here) == len(words) else 0


def is_single(name: str) -> bool:
    """Whether a name is a single word besides articles and the like."""
    return sum(word not in _PARTICLES for word in words_of(name)) < 2


def _as_written(text: str, name: str) -> bool:
    return text.startswith(name.strip(" .,;:!?\"'()[]"))


class Terms:
    """All spellings that must not leave, and what stands in their place (by owner).

    `known` are words that are no name although they begin with one; `kept` are names of others.
    """

    def __init__(
        self,
        terms: Iterable[Term],
        instead: Mapping[str, str],
        known: Iterable[str] = (),
        kept: Kept | None = None,
    ) -> None:
        self.all = tuple(sorted(terms, key=lambda t: (-len(t.words), t.words, t.owner, t.text)))
        self._instead = dict(instead)
        self._kept = kept or Kept()
        self._by_first: dict[str, list[Term]] = {}
        for term in self.all:
            self._by_first.setdefault(term.words[0], []).append(term)
        self._squeezed = {t.squeezed: t for t in self.all if t.whole and len(t.words) > 1}
        whole = [t for t in self.all if t.whole and t.certain]
        self._inside = Inside(t for t in whole if not t.loose)
        self._loose_inside = Inside(t for t in whole if t.loose)
        self._begins = Beginnings(self.all, known)
        self._parts = frozenset(t.words[0] for t in self.all if not t.whole and t.certain)
        self._words: dict[tuple[str, bool], Term | None] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def replaced(self, text: str, alone: Collection[str] = ()) -> str:
        """The text with whoever must not be named called what stands in their place.

        `alone` are names of a single word that are known to be somebody else's there.
        """
        if not self.all or not text:
            return text
        parts, after = [], 0
        for start, end, term in self._found(text, alone):
            parts += [text[after:start], self._instead[term.owner]]
            after = end
        return "".join([*parts, text[after:]]) if parts else text

    def owners_in(self, text: str, alone: Collection[str] = ()) -> frozenset[str]:
        """Whose names a text holds."""
        return frozenset(t.owner for _, _, t in self._found(text, alone)) if text else frozenset()

    def in_name(self, name: str) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
        """Whose full name or alias the name of another holds, and which loose words, whose."""
        spans = _spans(name)
        every = frozenset(range(len(spans)))
        whole = frozenset(term.owner for _, _, term in self._hits(name, spans, every))
        loose: dict[str, set[str]] = {}
        for start, end, word in spans:
            known = [t for t in self._by_first.get(word, ()) if t.loose]
            known += filter(None, [self._begins.find(word), self._loose_inside.find(word)])
            for term in known:
                if term.certain or not name[start:end].islower():
                    loose.setdefault(name[start:end], set()).add(term.owner)
        return whole, {word: frozenset(owners) for word, owners in loose.items()}

    def tells(self, text: str, alone: Collection[str] = (), *, small: bool = False) -> bool:
        """Whether a text names one of them, if only by a word of the name in small letters.

        Of those that may be other words only if they are `small` as well.
        """
        if self.owners_in(text, alone) or self.within(text, alone) is not None:
            return True
        bare, words = self._kept.bare(text, words_of(text), alone)
        here = self._parts.intersection(words)
        return any(small or not may_be_word(bare, word) for word in here)

    def in_id(self, id_: str) -> bool:
        """Whether an id is built of a name, short ones and words of the dictionary included."""
        words = words_of(id_)
        _, bare = self._kept.bare(id_, words)
        if any(self._begins.find(word) for word in bare):
            return True
        return self.within(id_) is not None or any(
            (bare if term.loose else words)[place : place + len(term.words)] == term.words
            for place, word in enumerate(words)
            for term in self._by_first.get(word, ())
            if term.whole or term.certain
        )

    def within(self, text: str, alone: Collection[str] = ()) -> Term | None:
        """A certain, whole name that occurs anywhere in the text, within words too, or None."""
        words = words_of(text)
        found = self._inside.find("".join(words))
        return found or self._loose_inside.find("".join(self._kept.bare(text, words, alone)[1]))

    def _found(self, text: str, alone: Collection[str]) -> Iterator[tuple[int, int, Term]]:
        spans = _spans(text)
        return self._hits(text, spans, self._kept.covered(text, spans, alone))

    def _hits(
        self, text: str, spans: list[Span], covered: frozenset[int]
    ) -> Iterator[tuple[int, int, Term]]:
        place = 0
        while place < len(spans):
            hit = self._at(text, spans, place, loose=place not in covered)
            if hit is None:
                place += 1
                continue
            term, count = hit
            yield spans[place][0], spans[place + count - 1][1], term
            place += count

    def _at(
        self, text: str, spans: list[Span], place: int, *, loose: bool
    ) -> tuple[Term, int] | None:
        """The longest term that begins at that word, and how many words it takes."""
        start, end, word = spans[place]
        for term in self._by_first.get(word, ()):
            count = len(term.words)
            here = spans[place : place + count]
            if tuple(s[2] for s in here) != term.words or not _side_by_side(here):
                continue
            if term.loose and not loose:
                continue
            if term.whole and (term.certain or count > 1 or _written_as(text[start:end], term)):
                return term, count
            if term.kind == "handle" and _is_handle(text, start, word):
                return term, count
            if not term.whole and _written_as(text[start:end], term):
                return term, count
        if squeezed := self._squeezed.get(word):
            return squeezed, 1
        inside = self._within_word(word, loose=loose)
        if inside is None and loose and not text[start:end].islower():
            inside = self._begins.find(word)
        return None if inside is None else (inside, 1)

    def _within_word(self, word: str, *, loose: bool) -> Term | None:
        """A name of more than LONG characters that a longer word holds, or None."""
        if len(word) <= LONG:
            return None
        if (word, loose) not in self._words:
            found = self._inside.find(word) or (self._loose_inside.find(word) if loose else None)
            long = found is not None and len(found.squeezed) > LONG
            self._words[word, loose] = found if long else None
        return self._words[word, loose]


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


def _is_handle(text: str, start: int, word: str) -> bool:
    """Whether a short word, or one of the dictionary, is surely a handle where it stands."""
    return text[start - 1 : start] == "@" or not (word.isalpha() or word.isdigit())
