"""What a view shows: entities, the relationships drawn between them, and where each one lies.

A `Subgraph` is a value. Filters, positions and undo make new ones and leave the old as they were,
so that a page, an export and a history can hold the same one without watching each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from graph.model.schema import Schema
from graph.model.types import SCHEMA
from graph.model.types.claims import STATUSES

Point = tuple[float, float]
"""A place on the canvas, in pixels at a zoom of 1: x to the right, y downwards."""


@dataclass(frozen=True)
class NodeView:
    """An entity as it is drawn.

    `label` is its type in the schema, `caption` what people call it, and `rank` says how much it
    matters here (higher is more): where room is short, the labels of the lowest go first.
    `x` and `y` are pixels, or None as long as nobody has placed it. `earliest` and `latest` are the
    days between which it happened, as claims say, in ISO form; None where no claim dates it.
    """

    id: str
    label: str
    caption: str
    x: float | None = None
    y: float | None = None
    rank: float = 0
    attributes: Mapping[str, Any] = field(default_factory=dict)
    earliest: str | None = None
    latest: str | None = None

    def __post_init__(self) -> None:
        if (self.x is None) != (self.y is None):
            raise ValueError(f"node {self.id}: it has one coordinate of two")

    @property
    def position(self) -> Point | None:
        """Where it lies, or None if nobody has placed it."""
        return None if self.x is None or self.y is None else (self.x, self.y)


@dataclass(frozen=True)
class RelationshipView:
    """A claim as it is drawn: a line from `source` to `target`.

    `id` is the claim's id. `origins` counts the known origins, 0 where none is stated. `earliest`,
    `latest` and `reported` are days in ISO form, or None where they do not matter to the view.
    `certain` is False if, by the day that the view is held to, its fact need not have happened.
    """

    id: str
    type: str
    source: str
    target: str
    status: str = "reported"
    origins: int = 0
    contested: bool = False
    earliest: str | None = None
    latest: str | None = None
    reported: str | None = None
    certain: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"relationship {self.id}: {self.status!r} is not a status")
        if self.origins < 0:
            raise ValueError(f"relationship {self.id}: fewer than no origins")


@dataclass(frozen=True)
class Subgraph:
    """Entities and the relationships between them, and what they were cut out of.

    `total_nodes` and `total_relationships` say how many there would be without a limit; None means
    that nothing was cut. `cypher` and `parameters` are what was asked, for "show the Cypher".
    `schema` says what the types are. Raises ValueError if it lacks one of them, if an id occurs
    twice, or if a relationship has an end that is not here.
    """

    nodes: tuple[NodeView, ...] = ()
    relationships: tuple[RelationshipView, ...] = ()
    total_nodes: int | None = None
    total_relationships: int | None = None
    cypher: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    schema: Schema = field(default=SCHEMA, compare=False, repr=False)

    def __post_init__(self) -> None:
        here = {n.id for n in self.nodes}
        ids = [n.id for n in self.nodes] + [r.id for r in self.relationships]
        if len(set(ids)) != len(ids):
            twice = [i for i, count in Counter(ids).items() if count > 1]
            raise ValueError(f"these ids occur twice in one view: {twice[:5]}")
        for r in self.relationships:
            if r.source not in here or r.target not in here:
                raise ValueError(f"relationship {r.id}: an end of it is not in the view")
        unknown = {n.label for n in self.nodes} - self.schema.nodes.keys()
        unknown |= {r.type for r in self.relationships} - self.schema.relationships.keys()
        if unknown:
            raise ValueError(f"the schema has no type {min(unknown)!r}")

    @cached_property
    def by_id(self) -> Mapping[str, NodeView | RelationshipView]:
        """Every node and relationship by its id."""
        found: dict[str, NodeView | RelationshipView] = {n.id: n for n in self.nodes}
        found.update((r.id, r) for r in self.relationships)
        return found

    def node(self, id_: str) -> NodeView | None:
        """The node of that id, or None."""
        found = self.by_id.get(id_)
        return found if isinstance(found, NodeView) else None

    def relationship(self, id_: str) -> RelationshipView | None:
        """The relationship of that id, or None."""
        found = self.by_id.get(id_)
        return found if isinstance(found, RelationshipView) else None

    @property
    def positions(self) -> dict[str, Point]:
        """Where each placed node lies, by its id."""
        return {n.id: n.position for n in self.nodes if n.position is not None}

    @property
    def is_cut(self) -> bool:
        """Whether a limit left something out."""
        return (self.total_nodes or 0) > len(self.nodes) or (self.total_relationships or 0) > len(
            self.relationships
        )

    def with_positions(self, positions: Mapping[str, Point]) -> Subgraph:
        """The same with these nodes placed there; ids that are not here are ignored."""
        nodes = tuple(
            replace(n, x=positions[n.id][0], y=positions[n.id][1]) if n.id in positions else n
            for n in self.nodes
        )
        return replace(self, nodes=nodes)

    def without(self, ids: Collection[str]) -> Subgraph:
        """The same without these nodes and relationships, and without what hung on those nodes."""
        gone = set(ids)
        return replace(
            self,
            nodes=tuple(n for n in self.nodes if n.id not in gone),
            relationships=tuple(
                r for r in self.relationships if gone.isdisjoint((r.id, r.source, r.target))
            ),
        )

    def adding(self, other: Subgraph) -> Subgraph:
        """Both together. What is in both stays as it is here, position included; totals are lost.

        The question kept is this one's: `other` is an expansion of it.
        """
        nodes = {n.id: n for n in (*other.nodes, *self.nodes)}
        relationships = {r.id: r for r in (*other.relationships, *self.relationships)}
        here = [n.id for n in self.nodes]
        order = dict.fromkeys([*here, *(n.id for n in other.nodes)])
        relationship_order = dict.fromkeys(
            r.id for r in (*self.relationships, *other.relationships)
        )
        return replace(
            self,
            nodes=tuple(nodes[i] for i in order),
            relationships=tuple(relationships[i] for i in relationship_order),
            total_nodes=None,
            total_relationships=None,
            schema=other.schema,
        )

    def words(self, relationship: RelationshipView) -> str:
        """What stands between the two ends of one in a sentence, such as "took part in"."""
        return self.schema.relationships[relationship.type].words

    def neighbours(self, id_: str) -> tuple[str, ...]:
        """Ids of the nodes that share a relationship with that one, each once, in order."""
        ends = ((r.source, r.target) for r in self.relationships if id_ in (r.source, r.target))
        others = (b if a == id_ else a for a, b in ends)
        return tuple(dict.fromkeys(o for o in others if o != id_))

    def count_nodes(self) -> dict[str, int]:
        """How many nodes there are of each type that occurs, in the schema's order."""
        counts = Counter(n.label for n in self.nodes)
        return {label: counts[label] for label in self.schema.nodes if counts[label]}

    def count_relationships(self) -> dict[str, int]:
        """How many relationships there are of each type that occurs, in the schema's order."""
        counts = Counter(r.type for r in self.relationships)
        return {name: counts[name] for name in self.schema.relationships if counts[name]}
