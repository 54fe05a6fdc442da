"""Proof that no name that must not leave stands in a finished file.

Each file is read back as its format's readers read it, and every text that comes out is looked
through: folded, so that case, accents, scripts, separators and escapes hide nothing.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import BinaryIO, Final
from urllib.parse import unquote

from exports.formats.registry import formats
from exports.names.decide import Naming
from exports.names.terms import Beginnings, Inside, Term, is_low, may_be_word, words_of
from exports.pack.files import Files
from exports.writing.texts import json_texts, lines_of, markdown_text, one_line
from graph.errors import NameLeft

# Digests are letters and digits by chance, and hold no name.
_DIGEST: Final = re.compile(r"\b[0-9a-f]{64}\b|sha256-[A-Za-z0-9+/]{43}=")
_DIGEST_LONG: Final = 50
_MOST_KNOWN: Final = 16_000_000
"""About as many bytes of texts are remembered as looked through; then the memory begins anew."""
_LISTED: Final = 12
"""Words that one message names."""
_BESIDE: Final = 100
"""Bytes that a remembered text takes beside its characters."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that must not leave: in which file, whose, and a few words of where.

    `is_small` says that it is a single word of one, in small letters.
    """

    file: str
    owner: str
    term: str
    where: str
    is_small: bool = False


def texts_of(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text in a file of a pack, read as what it is by its name.

    Raises NameLeft for a file that nothing here can read back: what cannot be looked through does
    not leave.
    """
    yield name
    reader = _readers().get(name.rpartition("/")[2])
    try:
        if reader is not None:
            yield from formats()[reader].texts(name, file)
        elif name.endswith(".json"):
            # Between a key and a number no name is spelled: “Person: 2” is not `person-2`.
            yield from json_texts(file)
        else:
            yield from lines_of(file)
    except (ValueError, KeyError) as error:
        raise NameLeft(f"{name} cannot be read back to look for names: {error}.") from error


def _readers() -> Mapping[str, str]:
    return {file: name for name, format_ in formats().items() for file in format_.FILES}


class Scanner:
    """Looks for the names of one publication in files.

    `exempt` texts may hold them; one that is nothing but a name may only stand by itself.
    `allowed` words are no names, and `others` none where they stand in small letters.
    """

    def __init__(
        self,
        naming: Naming,
        exempt: Iterable[str] = (),
        allowed: Iterable[str] = (),
        others: Iterable[str] = (),
    ) -> None:
        self._kept = naming.kept
        self._others = frozenset("".join(words_of(word)) for word in others)
        let_pass = {words for text in allowed if (words := words_of(text))}
        terms = [*naming.private.all, *naming.protected.all]
        self._terms = [t for t in terms if t.words not in let_pass]
        whole = (t for t in self._terms if t.whole and t.certain)
        # Of two that are spelled alike the one that no name of another excuses.
        self._certain = Inside(sorted(whole, key=lambda t: t.loose))
        self._parts = {t.words[0]: t for t in self._terms if not t.whole and t.certain}
        self._begins = Beginnings(self._terms, (words[0] for words in let_pass if len(words) == 1))
        self._unsure: dict[tuple[str, ...], Term] = {
            t.words: t for t in self._terms if not t.certain
        }
        exempt = {form for text in exempt for form in (text, one_line(text), markdown_text(text))}
        self._alone = frozenset(filter(naming.is_mere_name, exempt))
        self._exempt = sorted(exempt - self._alone, key=lambda text: (-len(text), text))
        self._unsure_begins = frozenset(words[0] for words in self._unsure)
        self._clean: set[str] = set()
        self._known = 0
        self._undecided: dict[str, Hit] = {}
        self._waits = True
        self.unsure: Counter[str] = Counter()

    def check(self, files: Files) -> None:
        """Look through all files; raises NameLeft that says in which one a name was found.

        So do a name and a handle that are too short, or a word of the dictionary, and a word of a
        name in small letters: they may be another word, and wait until somebody says so. Where a
        mere word of a name, or an id, is such a word it is counted in `unsure`.
        """
        for name in sorted(files):
            self._check(name, texts_of(name, files.open(name)))
        self._refuse_undecided()

    def look_at(self, place: str, texts: Iterable[str]) -> None:
        """Look through what stands at a place that a reader knows by these words.

        Raises NameLeft; what waits for a decision is told by `check`, with this place.
        """
        self._check(place, texts, alone=())
        self.unsure.clear()  # it is counted where it stands in the files
        self._clean.clear()

    def _refuse_undecided(self) -> None:
        if not self._undecided:
            return
        hits = [self._undecided[word] for word in sorted(self._undecided)]
        told = "; ".join(f"“{h.term}” in {h.file} ({h.owner})" for h in hits[:_LISTED])
        more = f" and {len(hits) - _LISTED} more" if len(hits) > _LISTED else ""
        ways = []
        if small := [hit.term for hit in hits if hit.is_small]:
            ways.append(
                f"let single words pass in one decision (“Not the people”, or --others "
                f'"{", ".join(small)}=REASON")'
            )
        if len(small) < len(hits):
            ways.append("let whole names pass with a reason each (--allow WORD=REASON)")
        raise NameLeft(
            f"The pack was not written: these may be names that are not to leave, or other words: "
            f"{told}{more}. If they are other words, {', and '.join(ways)}; if not, leave out what "
            "they stand on.",
            words=tuple(small),
        )

    def check_name(self, name: str) -> None:
        """Look through a name that a file or a folder is to have; raises NameLeft."""
        self._check(name, [name], alone=(), waits=False)

    def _check(
        self,
        name: str,
        texts: Iterable[str],
        alone: Collection[str] | None = None,
        *,
        waits: bool = True,
    ) -> None:
        """Raise NameLeft for the first name; what may be another word `waits` for a decision.

        `alone` are the single words that are known to be names of others, None is all of them.
        """
        self._waits = waits
        hit = self._first(name, texts, alone)
        if hit is not None:
            raise NameLeft(
                f"The pack was not written: a name of {hit.owner} stands in {hit.file}. Leave "
                "what it stands on out, or, if it is another word, let it pass with a reason."
            )

    def _first(self, name: str, texts: Iterable[str], alone: Collection[str] | None) -> Hit | None:
        before = ""
        for text, after in pairwise(chain(texts, [""])):
            # The same text stands in many files, and is looked through once.
            if text not in self._clean:
                goes_on = False
                for form in self._forms(text):
                    term = self._in(form, name, alone)
                    if term is None:
                        continue
                    goes_on = term.loose and self._goes_on(before, form, after, name, alone)
                    if not goes_on:
                        return Hit(name, term.owner, term.text, form[:60])
                if not goes_on:
                    self._remember(text)
            before = text
        return None

    def _goes_on(
        self, before: str, text: str, after: str, file: str, alone: Collection[str] | None
    ) -> bool:
        """Whether the words found belong to a name that stays, and that is broken into lines."""
        whole = f"{before} {text} {after}"
        bare, _ = self._kept.bare(whole, words_of(whole), alone)
        left = bare[len(before) + 1 : len(before) + 1 + len(text)]
        return left != text and self._in(left, file, alone) is None

    def _remember(self, text: str) -> None:
        size = len(text) + _BESIDE
        if self._known + size > _MOST_KNOWN:
            self._clean.clear()
            self._known = 0
        self._known += size
        self._clean.add(text)

    def _forms(self, text: str) -> Iterator[str]:
        """The text, and what it says once escapes of other formats are resolved."""
        if text in self._alone:
            return
        for known in self._exempt:
            text = text.replace(known, " ")
        if len(text) > _DIGEST_LONG:
            text = _DIGEST.sub(" ", text)
        yield text
        for sign, resolved in (("&", html.unescape), ("%", unquote), ("\\", _unescaped)):
            if sign in text and (other := resolved(text)) != text:
                yield other

    def _in(self, text: str, file: str, alone: Collection[str] | None) -> Term | None:
        words = words_of(text)
        if not words:
            return None
        text, bare = self._kept.bare(text, words, alone)
        for term in self._certain.all("".join(words)):
            if _really(term.squeezed, bare if term.loose else words):
                return term
        for word in bare:
            known = self._parts.get(word) or self._begins.find(word)
            if known is not None and not self._passes(known, word, text, file):
                return known
        self._count_unsure(words, bare, text, file)
        return None

    def _passes(self, term: Term, word: str, text: str, file: str) -> bool:
        """Whether a word of a text may be another than one of a name, or waits for a decision.

        Of longer ones in small letters only a plural or a number is taken for one: “lanternbys”.
        """
        if not is_low(text, word):
            return False
        rest = word[len(term.squeezed) :]
        if rest and rest != "s" and not rest.isdigit():
            return True
        if may_be_word(text, word) or not self._others.isdisjoint((word, term.squeezed)):
            self.unsure[word] += words_of(text).count(word)
        elif not self._waits:
            return False
        else:
            self._undecided.setdefault(word, Hit(file, term.owner, word, text, is_small=True))
        return True

    def _count_unsure(
        self, words: tuple[str, ...], bare: tuple[str, ...], text: str, file: str
    ) -> None:
        here = self._unsure_begins.intersection(words)
        if not here:
            return
        for term_words, term in self._unsure.items():
            if term_words[0] in here:
                among = bare if term.loose else words
                count = sum(
                    among[i : i + len(term_words)] == term_words
                    for i, word in enumerate(among)
                    if word == term_words[0]
                )
                if not count:
                    continue
                self.unsure[term.text] += count
                if term.kind in ("name", "handle", "called"):
                    self._undecided.setdefault(term.text, Hit(file, term.owner, term.text, text))


def _really(known: str, words: tuple[str, ...]) -> bool:
    """Whether a squeezed name lies in one word, or begins where a word begins.

    Two words that only by standing side by side spell a name within them are none.
    """
    if any(known in word for word in words):
        return True
    joined = ""
    starts = set()
    for word in words:
        starts.add(len(joined))
        joined += word
    place = joined.find(known)
    while place >= 0:
        if place in starts:
            return True
        place = joined.find(known, place + 1)
    return False


_CODE: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")


def _unescaped(text: str) -> str:
    return _CODE.sub(lambda m: chr(int(m[1] or m[2], 16)), text).replace("\\", "")
