"""The records that loaders hand over: entities, sources, passages, claims and what joins them.

Ids are local to their case here; the store's ids are `case:local`. What the case folder names is
`lamps`, what an input “register” names is `register/lamps`. Each record remembers the file and the
row it came from, so that an error found later can still name them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph.model.schema import Schema
from graph.model.text import slug
from graph.model.types.claims import AFFIRMATIVE

Value = str | int | float | bool | list[str]

CASE_FOLDER: Final = "case"
"""The input that the folder of a case is; every other has a name of its own."""

JOURNAL: Final = "journal"
"""What no input may be called: `journal/UUID` is an entry of the journal as an input."""

_canonical: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the input. `row` counts as a spreadsheet does: the head is row 1."""

    file: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity in the world. `properties` holds the values that its type declares, typed."""

    id: str
    label: str
    caption: str
    properties: Mapping[str, Value]
    place: Place


@dataclass(frozen=True, slots=True)
class Source:
    """What is relied on."""

    id: str
    properties: Mapping[str, Value]
    place: Place


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a source: code points `start` to `end` (exclusive) of its normalised text.

    For a table, `start` is the row and `end` is None. Where `quote` stands in their place, they are
    found by it in the text: the words, what stands right before, and what stands right after.
    """

    id: str
    source: str
    start: int | None
    end: int | None
    properties: Mapping[str, Value]
    place: Place
    quote: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion. `handle` is its name within the input; the store's id comes from its key."""

    handle: str
    kind: str
    subject: str
    place: Place
    predicate: str | None = None
    object: str | None = None
    measure: str | None = None
    value: str | None = None
    number: int | float | None = None
    unit: str | None = None
    comparator: str | None = None
    base: str | None = None
    polarity: str = AFFIRMATIVE
    properties: Mapping[str, Value] = field(default_factory=dict)
    when: str | None = None
    when_basis: str | None = None
    when_rule: str | None = None
    when_from: str | None = None

    def key(self, schema: Schema) -> str:
        """What makes this claim the same as another, as canonical JSON.

        The case is left out, so that a case loaded under another id has the same claims.
        """
        declared = schema.relationships[self.predicate].key if self.predicate else ()
        return _canonical(
            [
                self.subject,
                self.predicate or self.measure,
                self.object or self.value,
                self.unit,
                self.comparator,
                {name: self.properties[name] for name in declared if name in self.properties},
                self.polarity,
            ]
        )

    def id(self, key: str) -> str:
        """The local id: a readable slug and ten characters of the sha256 of the claim's key."""
        words = slug(f"{self.subject} {self.predicate or self.measure} {self.object or self.value}")
        return f"{words}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Support:
    """A passage supports a claim: with what status, on whose word, in what words."""

    passage: str
    claim: str
    status: str
    place: Place
    said_by: str | None = None
    as_worded: str | None = None
    hedge: str | None = None
    quoted: bool = False
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Relay:
    """A passage or a source passes on what another source reported."""

    start: str
    end: str
    place: Place
    evidence: str | None = None
    status: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """A stretch of a source that asserts nothing, and why."""

    source: str
    start: int
    end: int
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reply:
    """The newsroom asked a party for a reply, to one allegation or (None) to all.

    `asked_on` and `deadline` are days; `answer` is None as long as there is none.
    """

    party: str
    asked_on: str
    place: Place
    allegation: str | None = None
    deadline: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A second person's word on one claim, by its handle or id.

    `evidence` is the code that the claim's evidence had then.
    """

    claim: str
    evidence: str
    checked_by: str
    checked_on: str
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entry of the journal decides of what else is there.

    `kind` is that of the entry; `target` is an entity or a claim by its id, `passage` one behind
    that claim. `value` is a text as a table has it, or None where there is to be none.
    """

    kind: str
    target: str
    place: Place
    passage: str | None = None
    property: str | None = None
    value: str | None = None
    other: str | None = None


Record = Entity | Source | Passage | Claim | Support | Relay | Nothing | Reply | Review | Decision


@dataclass(frozen=True, slots=True)
class Check:
    """A sum, a share or a remainder that the case wants recomputed. Claims are named by handle."""

    id: str
    kind: str
    whole: str
    parts: tuple[str, ...]
    share: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A saved query to start with, and the words that the reader sees."""

    query: str
    words: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What an input says of itself and of its case.

    `inputs` are the other inputs in the order in which the first that gives a value is right.
    """

    id: str
    title: str
    summary: str
    place: Place
    language: str = "en"
    checks: tuple[Check, ...] = ()
    questions: tuple[Question, ...] = ()
    choices: tuple[Mapping[str, str], ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    input: str = CASE_FOLDER
    inputs: tuple[str, ...] = ()
