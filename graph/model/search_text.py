"""The texts that full-text indexes hold: words folded, and behind them how they sound.

A searched node carries one text. Behind its words stand tokens that no word of a user can be taken
for, because they begin with 0: the case and the type, so that the index itself narrows to them and
can stop at a limit, and how each name sounds, so that a name is found from any script. Last stand
the other ways of writing words with a mark inside: “O'Brien” is found as obrien and as o brien.

How a name sounds is told as a few consonants (`skeleton`): what one name keeps in every script.

Transliteration alone does not bring scripts together: Devanagari नरेंद्र मोदी becomes "nrendr
modi", because most vowels are not written, and Cyrillic Джек Дорси "dzhek dorsi". Without vowels,
and with sounds that scripts confuse in one class, both meet their Latin names.

Another library, uroman, writes some of the vowels; it needs 7 s to start and brings no pair of
names together that these skeletons leave apart. `tests/engine/test_search.py` has the pairs
that were tried; what Hebrew, Korean and Japanese spell with other consonants stays apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from string import punctuation
from typing import Final

from graph.model.text import fold, parts, sha256

_MOST_INDEXED: Final = 2_000
_MOST_JOINED: Final = 4
"""Parts of one word that are indexed as one; all of them are, besides."""
_LONGEST_JOINED: Final = 80
"""Letters: some scripts write a whole text without a space, which is more than an index takes."""
BAR: Final = " | "
"""Between the words of a text and its tokens."""
PARTED: Final = " / "
"""Between the names of one node."""


def name_text(case: str, label: str, names: Iterable[str]) -> str:
    """What the index of names holds of an entity or a source: names folded, how they sound,
    more."""
    given = [name[:_MOST_INDEXED] for name in dict.fromkeys(names)]
    folded = [found for name in given if (found := fold(name))]
    others = _other_ways(given, folded)
    sounds = chain(*map(_name_sounds, folded), (f"0s{skeleton(word)}" for word in others))
    tokens = dict.fromkeys((case_token(case), type_token(label), *sounds, *others))
    return BAR.join((PARTED.join(folded), " ".join(tokens)))


def said_text(case: str, text: str) -> str:
    """What the index of sentences holds of a claim, a passage or a statement."""
    folded = fold(text)
    return f"{folded}{BAR}{' '.join((case_token(case), *_other_ways([text], [folded])))}"


def _other_ways(texts: Iterable[str], folded: Iterable[str]) -> list[str]:
    """What words with marks inside are when a mark parts them and when it does not."""
    # Most words are letters alone, which is told fast.
    words = (word.strip(punctuation) for text in texts for word in text.split())
    odd = " ".join(word for word in words if not (word.isascii() and word.isalnum()))
    several = [word for word in parts(odd) if len(word) > 1]
    if not several:
        return []
    known = {word for found in folded for word in found.split()}
    ways = dict.fromkeys(way for word in several for way in _runs(word))
    return [way for way in ways if way not in known and len(way) <= _LONGEST_JOINED]


def _runs(word: Sequence[str]) -> Iterator[str]:
    """A few neighbouring parts of a word as one, in every way, and all of them."""
    for start in range(len(word)):
        for stop in range(start + 1, min(start + _MOST_JOINED, len(word)) + 1):
            yield "".join(word[start:stop])
    yield "".join(word)


def case_token(case: str) -> str:
    """The token that stands for a case."""
    return f"0c{sha256(case)[:12]}"


def type_token(label: str) -> str:
    """The token that stands for a type."""
    return f"0t{label.lower()}"


def _name_sounds(folded: str) -> Iterator[str]:
    words = folded.split()
    yield from (f"0s{skeleton(word)}" for word in words)
    # A script without spaces writes a name as one word.
    yield f"0j{skeleton(''.join(words))[:80]}"


# --- how it sounds -------------------------------------------------------------------------------


_RULES: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|sch|sh|ts|tz", "s"),
        (r"dzh|dz|zh|z", "j"),
        (r"tch|ch", "c"),
        (r"ph", "f"),
        (r"x", "ks"),
        # A letter that Russian reads as h: Хасан is Hasan.
        (r"kh", "h"),
        (r"c(?=[eiy])", "s"),
        (r"g(?=[eiy])", "j"),
        # One dot stands for both, before any consonant.
        (r"m(?=[bp])", "n"),
        (r"^[aeiouyh]+", "a"),
        # Within a word it may as well be a vowel: Rao and राव, Sawhney and साहनी.
        (r"^[vw]", "V"),
        (r"(?<=.)[aeiouyhvw]+", ""),
        (r"[cgqk]", "k"),
        (r"b", "p"),
        (r"d", "t"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The skeleton of a folded word (`graph.model.text.fold`), in lower-case letters and digits.

    A vowel stands only at its beginning, as `a`; a word of one sound alone has one letter.
    """
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word.lower()
