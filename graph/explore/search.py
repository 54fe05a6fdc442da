"""Search over a case: what entities and sources are called, and what is said of them.

Each searched node carries one folded text, which a full-text index holds, written when a case is
loaded: see `graph/model/search_text.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Any, Final

from rapidfuzz import fuzz

from graph.errors import QueryError
from graph.model.schema import SAID_TEXT, Schema
from graph.model.search_text import BAR, PARTED, case_token, skeleton, type_token
from graph.model.text import fold, parts
from graph.store.store import Store

NAMES: Final = 8
"""Entities that one search lists, at most."""
SOURCES: Final = 4
"""Sources that one search lists, at most."""
SAID: Final = 5
"""Claims, passages and statements that one search lists, at most."""

_ASKED: Final = 60
_MOST_TERMS: Final = 12
_ALIKE: Final = 72
"""How alike (of 100) a name must be that only sounds like what was asked for."""
_ALIKE_ACROSS: Final = 30
"""How alike, where the two are written in different scripts, one of them without its vowels."""

_LATIN: Final = re.compile(r"[\u0000-\u024f\u1e00-\u1eff\u2000-\u206f]*")


# --- what is found ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """One entity that a search found.

    `id` is what opens: an entity, a source, or a claim. `caption` is what to show; `kind` is what
    it is, in words: “person”, “source”, “claim, alleged”, “passage of Article A”.
    """

    id: str
    caption: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: entities and sources by name, and sentences.

    `more_` says that a limit cut them.
    """

    names: tuple[Found, ...] = ()
    said: tuple[Found, ...] = ()
    more_names: bool = False
    more_said: bool = False
    sources: tuple[Found, ...] = ()
    more_sources: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.names or self.sources or self.said)


def _named(kind: str, label: str) -> str:
    return f"""
CALL db.index.fulltext.queryNodes('{label.lower()}_search', ${kind}, {{limit: $most}})
YIELD node AS n, score
WHERE n.case = $case
RETURN '{kind}' AS kind, n.id AS id,
       [label IN labels(n) WHERE NOT label IN ['Entity', 'Record']][0] AS label,
       n.caption AS caption, n.search AS search, null AS note
ORDER BY score DESC, id LIMIT $most
"""


def _statements(label: str, says: str) -> str:
    return f"""
CALL db.index.fulltext.queryNodes('{label.lower()}_{SAID_TEXT}', ${label}, {{limit: $most}})
YIELD node AS n, score
WHERE n.case = $case
RETURN '{label}' AS kind, n.id AS id, '{label}' AS label, n.{says} AS caption,
       n.{SAID_TEXT} AS search, null AS note
ORDER BY score DESC, id LIMIT $most
"""


def _claims(kind: str) -> str:
    return f"""
CALL db.index.fulltext.queryNodes('claim_search', ${kind}, {{limit: $most}})
YIELD node AS c, score
WHERE c.case = $case
RETURN '{kind}' AS kind, c.id AS id, '{kind}' AS label, c.sentence AS caption, c.search AS search,
       c.strongest AS note
ORDER BY score DESC, id LIMIT $most
"""


def _passages(kind: str) -> str:
    return f"""
CALL db.index.fulltext.queryNodes('passage_search', ${kind}, {{limit: $most}})
YIELD node AS p, score
WHERE p.case = $case
MATCH (p)-[:SUPPORTS]->(c:Claim)
MATCH (p)-[:FROM]->(s:Source)
WITH p, score, s, min(c.id) AS id
RETURN '{kind}' AS kind, id, '{kind}' AS label, p.gist AS caption, p.search AS search,
       s.caption AS note
ORDER BY score DESC, p.id LIMIT $most
"""


_NAME: Final = ("written", "heard", "heardAsOne")
"""How a name is looked for: as it is written, and as it sounds, word by word or as one."""
_SOURCE: Final = tuple(f"source_{way}" for way in _NAME)
"""The same for the names of sources."""
_TOLD: Final = ("Claim", "Passage")


def _parts(schema: Schema) -> Mapping[str, str]:
    """The parts of a search.

    They go to the server as one query: what takes its time is the way there.
    """
    return {
        **{kind: _named(kind, "Entity") for kind in _NAME},
        **{kind: _named(kind, "Source") for kind in _SOURCE},
        **{t.label: _statements(t.label, t.says) for t in schema.node_types if t.says},
        "Claim": _claims("Claim"),
        "Passage": _passages("Passage"),
    }


_Row = Mapping[str, Any]


def search(
    store: Store, case: str, text: str, *, names: int = NAMES, said: int = SAID,
    sources: int = SOURCES,
) -> Answer:  # fmt: skip
    """What a case holds for a text: entities and sources whose names begin its words, and
    sentences.

    `type:words` narrows to one type (`person:baker`; `source:`, `claim:` and `passage:` too). Names
    are found from any script; those that only sound alike come last. A type alone lists what is of
    it. `names`, `sources` and `said` say how many of each are wanted; 0 leaves them out. No text
    finds nothing.
    """
    label, words = _narrowed(text, store.schema)
    written = parts(words)[:_MOST_TERMS]
    terms = [term for word in written for term in word][:_MOST_TERMS]
    if not terms and label is None:
        return Answer()
    asked: dict[str, str] = {}
    if names and label not in (*_TOLD, "Source"):
        asked |= _asked_names(_NAME, case, label, written, terms)
    if sources and label in (None, "Source"):
        asked |= _asked_names(_SOURCE, case, label, written, terms)
    if said and (terms or label in _TOLD):
        text = f"+{case_token(case)} {_beginning(written)}"
        kinds = (*store.schema.saying, *_TOLD)
        asked |= {kind: text for kind in kinds if label in (None, kind)}
    rows = _rows(store, case, asked)
    found, stands_in = (_names(store.schema, rows, ways, words, terms) for ways in (_NAME, _SOURCE))
    shown = {one.id for one in found[:names]}
    told = [one for one in _said(store.schema, rows, terms, said) if one.id not in shown]
    return Answer(
        tuple(found[:names]), tuple(told[:said]), len(found) > names, len(told) > said,
        tuple(stands_in[:sources]), len(stands_in) > sources,
    )  # fmt: skip


def _rows(store: Store, case: str, asked: Mapping[str, str]) -> Mapping[str, list[_Row]]:
    """What each part of the search found, for its text of the index's own grammar."""
    parts = _parts(store.schema)
    found: dict[str, list[_Row]] = {kind: [] for kind in parts}
    if asked:
        cypher = "UNION ALL".join(parts[kind] for kind in asked)
        for row in _read(store, cypher, {**asked, "case": case, "most": _ASKED}):
            found[row["kind"]].append(row)
    return found


def _read(store: Store, cypher: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return store.read(cypher, parameters)
    except QueryError as error:
        if type(error) is not QueryError:  # out of time, or called off
            raise
        # A database that an older Sutra filled may lack an index. What it holds comes with the
        # next load; until then all that was found before is.
        store.set_up([], store.schema.fulltext)
        return store.read(cypher, parameters)


def _narrowed(text: str, schema: Schema) -> tuple[str | None, str]:
    prefix, colon, rest = text.partition(":")
    asked = fold(prefix)
    if colon and asked:
        for declared in schema.node_types:
            if asked in (fold(declared.label), fold(declared.words), fold(declared.plural)):
                return declared.label, rest
        for name in ("Source", *_TOLD):
            if asked.removesuffix("s") == name.lower():
                return name, rest
    return None, text


# --- names --------------------------------------------------------------------------------------


def _asked_names(
    ways: Sequence[str], case: str, label: str | None, written: Sequence[Sequence[str]],
    terms: Sequence[str],
) -> dict[str, str]:  # fmt: skip
    within = f"+{case_token(case)}" + (f" +{type_token(label)}" if label else "")
    texts = zip(ways, (_beginning(written), *_sounding(terms)), strict=False)
    return {kind: f"{within} {text}" for kind, text in texts}


def _names(
    schema: Schema,
    rows: Mapping[str, list[_Row]],
    ways: Sequence[str],
    words: str,
    terms: Sequence[str],
) -> list[Found]:
    written = rows[ways[0]]
    ranked = sorted(written, key=lambda row: (*_rank(row, terms), row["caption"], row["id"]))
    known = {row["id"] for row in written}
    sounding = next((rows[way] for way in ways[1:] if rows[way]), [])
    heard = [] if len(known) >= _ASKED else _heard(sounding, words, terms)
    return [
        Found(row["id"], row["caption"], schema.words(row["label"]), row["label"])
        for row in (*ranked, *(row for row in heard if row["id"] not in known))
    ]


def _heard(found: list[_Row], words: str, terms: Sequence[str]) -> list[_Row]:
    """Those rows whose names sound alike, the most alike first."""
    latin = _LATIN.fullmatch(words) is not None
    alike = []
    for row in found:
        across = not (latin and _LATIN.fullmatch(row["caption"]))
        score = _likeness(row, terms)
        if max(score) >= (_ALIKE_ACROSS if across else _ALIKE):
            alike.append((score, row))
    return [row for _, row in sorted(alike, key=lambda r: (-sum(r[0]), r[1]["id"]))]


def _beginning(written: Sequence[Sequence[str]]) -> str:
    """Every word as the beginning of one; a whole word weighs more, so that a limit keeps it.

    A word with marks inside is looked for in parts and as one: it may be written without them.
    """
    return " ".join(
        _begins(word[0])
        if len(word) == 1
        else f"+(({' '.join(map(_begins, word[:_MOST_TERMS]))}) {_begins(''.join(word))[1:]})"
        for word in written
    )


def _begins(term: str) -> str:
    return f"+({term}^4 {term}*)"


def _sounding(terms: Sequence[str]) -> Iterator[str]:
    """Every term as how the beginning of a word sounds; then all of them as one word."""
    # One sound begins too many words: it must be all of one.
    sounds = [f"+0s{s}" if len(s) == 1 else f"+(0s{s}^4 0s{s}*)" for s in map(skeleton, terms)]
    joined = skeleton("".join(terms))
    if terms:
        yield " ".join(sounds)
        if len(joined) > 2:
            yield f"+0j{joined}*"


def _spellings(row: _Row) -> list[str]:
    return str(row["search"]).partition(BAR)[0].split(PARTED)


def _words(row: _Row) -> set[str]:
    """Every word of an indexed text, however its marks are taken."""
    return {*str(row["search"]).partition(BAR)[0].split(), *_other_words(row)}


def _other_words(row: _Row) -> list[str]:
    """The other ways of writing its words with marks inside."""
    tokens = str(row["search"]).partition(BAR)[2].split()
    return [token for token in tokens if not token.startswith("0")]


def _rank(row: _Row, terms: Sequence[str]) -> tuple[int, int]:
    """The lower the better: is it the name, its beginning, a whole word of it, part of one?

    Marks and spaces do not count: “obrien” is the beginning of “O'Brien Miriam”.
    """
    asked = "".join(terms)
    within = set(terms) <= _words(row) or asked in _words(row)
    best = (9, 0)
    for name in _spellings(row):
        words = name.split()
        begun = list(accumulate(words))
        place = (
            0 if begun and begun[-1] == asked
            else 1 if asked in begun
            else 2 if begun and begun[-1].startswith(asked)
            else 3 if within
            else 4
        )  # fmt: skip
        best = min(best, (place, len(words)))
    return best


def _likeness(row: _Row, terms: Sequence[str]) -> tuple[float, float]:
    """How alike its nearest name is, of 100: each term to some word of it, and all to all of it."""
    best = (0.0, 0.0)
    others = _other_words(row)
    for name in _spellings(row):
        words = name.split()
        each = [
            max((fuzz.ratio(term, w[: len(term) + 2]) for w in (*words, *others)), default=0.0)
            for term in terms
        ]
        whole = fuzz.ratio("".join(terms), "".join(words))
        best = max(best, (sum(each) / len(each), whole), key=sum)
    return best


# --- sentences ----------------------------------------------------------------------------------


def _said(
    schema: Schema, rows: Mapping[str, list[_Row]], terms: Sequence[str], most: int
) -> Iterator[Found]:
    """Sentences that hold every term, of each kind in turn; a few more than `most`."""
    kinds = [
        [_sentence(schema, row) for row in _best(rows[kind], terms)[: most + 1]]
        for kind in (*schema.saying, *_TOLD)
    ]
    for together in zip_longest(*kinds):
        yield from (found for found in together if found is not None)


def _best(rows: list[_Row], terms: Sequence[str]) -> list[_Row]:
    """The rows with those first that hold the terms as whole words; else as the index has them."""
    return sorted(rows, key=lambda row: not set(terms) <= _words(row))


def _sentence(schema: Schema, row: _Row) -> Found:
    label, note = row["label"], row["note"]
    if label == "Claim":
        kind = "claim" if note == "reported" else f"claim, {note}"
    elif label == "Passage":
        kind = f"passage of {note}"
    else:
        kind = schema.nodes[label].words
    return Found(row["id"], row["caption"], kind, label)
