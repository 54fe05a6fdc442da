"""What leaves: a value that holds nothing but what may be printed, with every count made anew.

A `Publication` is all that a format ever sees. Its ids are the pack's own; numbers of facts and of
sources are those of the citations.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
from graph.explore.view import Step
from graph.model.schema import Schema
from graph.model.types import SCHEMA


@dataclass(frozen=True)
class Entity:
    """An entity as it is printed. `named` is False where a pseudonym stands for it.

    `x` and `y` are pixels at a zoom of 1; `degree` counts its relationships in this publication.
    """

    id: str
    label: str
    caption: str
    properties: Mapping[str, Any]
    named: bool
    degree: int
    x: float
    y: float


@dataclass(frozen=True)
class Evidence:
    """A passage behind a fact. `source` numbers its source, `relays` those that it passes on.

    `start`, `end` (code points of the normalised text) and `sha256` are None where the place would
    lead to somebody who is not named.
    """

    passage: str
    source: int
    status: str
    gist: str
    said_by: str | None
    as_worded: str | None
    hedge: str | None
    quoted: bool
    rule: str | None
    relays: tuple[int, ...]
    start: int | None
    end: int | None
    sha256: str | None


@dataclass(frozen=True)
class Fact:
    """A claim as it is printed: a relationship if it has a `predicate`, else a figure or the like.

    `sentence` states it bare; `said` has its status and on whose word it stands, and is what a
    reader is to see. `differs` names other facts of this publication by their numbers. Days are ISO
    8601.
    """

    number: int
    id: str
    kind: str
    subject: str
    predicate: str | None
    object: str | None
    measure: str | None
    value: str | None
    unit: str | None
    comparator: str | None
    base: str | None
    polarity: str
    properties: Mapping[str, Any]
    sentence: str
    said: str
    status: str
    weakest: str
    origins: int
    not_stated: int
    publishers: int
    contested: bool
    when: str
    earliest: str
    latest: str
    reported: str
    computed: float | int | None
    follows: bool | None
    evidence: tuple[Evidence, ...]
    differs: tuple[tuple[str, int], ...]
    checked: tuple[str, str] | None

    @property
    def is_relationship(self) -> bool:
        """Whether it is drawn between two entities."""
        return self.predicate is not None and self.polarity == "affirmative"


def drawn_relationship(f: Fact) -> RelationshipView:
    """A fact that is a relationship, as what draws it knows it."""
    return RelationshipView(
        f.id, str(f.predicate), f.subject, str(f.object), f.status, f.origins, f.contested,
        f.earliest, f.latest, f.reported, attributes=f.properties,
    )  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A source as it is cited. `publisher`, `title`, `url` and `published_on` may not be known.

    Of a source that is not `held` nobody here has seen anything: others pass on what it said.
    """

    number: int
    id: str
    kind: str
    caption: str
    publisher: str | None
    title: str | None
    published_on: str | None
    published_basis: str | None
    url: str | None
    language: str | None
    sha256: str | None
    text_sha256: str | None
    status: str | None
    relays: tuple[int, ...]
    held: bool = True


class Relationships(Collection[Fact]):
    """Those of the facts that are drawn, picked anew each time that they are gone through."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts = facts

    def __iter__(self) -> Iterator[Fact]:
        return (fact for fact in self._facts if fact.is_relationship)

    def __contains__(self, fact: object) -> bool:
        return any(fact == relationship for relationship in self)

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Publication:
    """Everything that leaves in one pack. The facts may be many and lie on disk (`disk_list`).

    `load` says which version of the case it is; `total` is how many entities and relationships
    there would be without a limit, None where nothing was cut or the number would tell. `until` is
    the day by which all of it was published, empty where that is today. `draft` says why it is not
    final; nothing there means that it is.
    """

    pack: str
    title: str
    summary: str
    language: str
    accessed: str
    case: str
    case_title: str
    load: str
    entities: tuple[Entity, ...]
    facts: Sequence[Fact]
    sources: tuple[Source, ...]
    is_cut: bool
    total: tuple[int, int] | None
    steps: tuple[Step, ...] = ()
    licence: str = ""
    embargo: str = ""
    replaces: str = ""
    until: str = ""
    draft: tuple[str, ...] = ()
    exempt: tuple[str, ...] = field(default=(), repr=False)
    schema: Schema = field(default=SCHEMA, compare=False, repr=False)

    @cached_property
    def entity(self) -> Mapping[str, Entity]:
        """Entities by id."""
        return {t.id: t for t in self.entities}

    @cached_property
    def source(self) -> Mapping[int, Source]:
        """Sources by number."""
        return {s.number: s for s in self.sources}

    @cached_property
    def relationships(self) -> Relationships:
        """The facts that are drawn."""
        return Relationships(self.facts)

    def facts_of(self, entity: str) -> Iterator[Fact]:
        """The facts that are no relationships, on that entity."""
        return (self.facts[place] for place in self._others.get(entity, ()))

    @cached_property
    def _others(self) -> Mapping[str, array[int]]:
        """Where the facts stand that are no relationships, by the entity that they are about."""
        found: dict[str, array[int]] = {}
        for place, fact in enumerate(self.facts):
            if not fact.is_relationship:
                found.setdefault(fact.subject, array("L")).append(place)
        return found

    @cached_property
    def view(self) -> Subgraph:
        """The same as a view, for what is drawn."""
        return Subgraph(
            nodes=tuple(
                NodeView(t.id, t.label, t.caption, t.x, t.y, t.degree) for t in self.entities
            ),
            relationships=tuple(drawn_relationship(f) for f in self.relationships),
            schema=self.schema,
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        found: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        for fact in self.facts:
            kinds[fact.kind] += 1
            found["ties"] += fact.is_relationship
            found["contested"] += fact.contested
            found[fact.status] += 1
        labels = Counter(t.label for t in self.entities)
        return {
            "things": len(self.entities),
            "ties": found["ties"],
            "facts": len(self.facts),
            "sources": len(self.sources),
            "contested": found["contested"],
            "alleged": found["alleged"],
            "inferred": found["inferred"],
            **{label: labels[label] for label in sorted(labels)},
            **{f"facts of kind {kind}": kinds[kind] for kind in sorted(kinds)},
        }
