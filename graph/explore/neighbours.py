"""Looking round an entity: its types of relationship with their numbers first, then its neighbours
in pages.

Nothing is fetched before it is asked for, and nothing that is drawn moves. A view grows to MOST
entities; from there on it is told what there would be, as counts and as a ranked table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import SutraError
from graph.explore import reads
from graph.explore.layout import layout
from graph.explore.subgraph import Subgraph
from graph.explore.view import Expansion, View
from graph.model.schema import Schema
from graph.store.store import Store

PAGE: Final = 25
"""Neighbours that one page over one type of relationship names."""
PAGE_ALL: Final = 50
"""Neighbours that one page over all types names."""
WARN: Final = 1_000
"""Entities beyond which a view is slow to read and to draw."""
MOST: Final = 2_000
"""Entities that a view holds, at most."""
RANKED: Final = 50
"""Rows of the ranked table that stands in for what has no room."""


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """One type of relationship of an entity, in one direction: how many there are, and are in the
    view."""

    type: str
    outgoing: bool
    words: str
    total: int
    shown: int

    @property
    def left(self) -> int:
        """How many are not in the view yet."""
        return max(0, self.total - self.shown)


@dataclass(frozen=True, slots=True)
class Expanded:
    """A view after an expansion: `added` entities came, `left` neighbours wait behind them."""

    view: View
    added: int
    left: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A row of the ranked table: a neighbour, how it is connected, and how well that is sourced."""

    id: str
    caption: str
    type_words: str
    relationships: int
    origins: int


@dataclass(frozen=True, slots=True)
class Offer:
    """The neighbours of an entity, told instead of drawn: counts by type, and the best sourced."""

    by_type: tuple[tuple[str, int], ...]
    ranked: tuple[Neighbour, ...]
    total: int


class Full(SutraError):  # noqa: N818 (not a fault: what a canvas can hold)
    """The view holds as many entities as it may."""


_TYPES: Final = """
MATCH (a:Entity {id: $id})
MATCH (a)-[r]-(n:Entity)
RETURN type(r) AS type, startNode(r) = a AS outgoing, count(r) AS total
ORDER BY type, outgoing DESC
"""

_KINDS: Final = """
MATCH (a:Entity {id: $id})
MATCH (a)-[r]-(n:Entity)
WITH DISTINCT n
UNWIND labels(n) AS label
WITH label WHERE label <> 'Entity'
RETURN label, count(*) AS total ORDER BY total DESC, label
"""


def _pattern(schema: Schema, type_: str | None, outgoing: bool | None) -> str:
    """The relationships of `a` to `n`, of one type or all. The type is one that the schema
    declares."""
    of_type = "" if type_ is None else f":{schema.relationships[type_].name}"
    left, right = ("<-", "-") if outgoing is False else ("-", "->" if outgoing else "-")
    return f"MATCH (a:Entity {{id: $id}})\nMATCH (a){left}[r{of_type}]{right}(n:Entity)"


def statement(schema: Schema, type_: str | None, outgoing: bool | None) -> str:
    """The Cypher of one page of neighbours, the best sourced first."""
    return (
        f"{_pattern(schema, type_, outgoing)}\n"
        "WITH n, max(r.origins) AS origins, count(r) AS relationships\n"
        "RETURN n.id AS id, origins, relationships ORDER BY origins DESC, relationships DESC, id "
        "SKIP $skip LIMIT $limit"
    )


def _count(schema: Schema, type_: str | None, outgoing: bool | None) -> str:
    return f"{_pattern(schema, type_, outgoing)}\nRETURN count(DISTINCT n.id) AS total"


def relationship_types(store: Store, view: View, entity: str) -> tuple[RelationshipType, ...]:
    """The types of relationship of an entity with their numbers, the most frequent first."""
    shown = view.shown_of(entity)
    found = []
    for row in store.read(_TYPES, {"id": entity}):
        declared, outgoing = store.schema.relationships[row["type"]], row["outgoing"]
        words = declared.words if outgoing else declared.reverse
        in_view = shown.get((row["type"], outgoing), 0)
        found.append(RelationshipType(row["type"], outgoing, words, row["total"], in_view))
    return tuple(sorted(found, key=lambda t: (-t.total, t.words, t.type)))


def expand(
    store: Store,
    view: View,
    entity: str,
    type_: str | None = None,
    outgoing: bool | None = None,
    *,
    size: int | None = None,
) -> Expanded:
    """The view with one more page of the neighbours of an entity.

    Over one type of relationship in one direction, or over all of them. Pages on which everything
    is in the view already are passed over. Raises Full if the view has no room for one entity more.
    """
    size = size or (PAGE_ALL if type_ is None else PAGE)
    total = store.read(_count(store.schema, type_, outgoing), {"id": entity})[0]["total"]
    earlier = view.expansion(entity, type_, outgoing)
    skip, reached, new = (earlier.next if earlier else 0), set[str](), list[str]()
    while not new and skip < total:
        page = _page(store, entity, type_, outgoing, skip, size)
        fresh = [id_ for id_ in page if view.graph.node(id_) is None]
        room = MOST - len(view.graph.nodes) - (view.graph.node(entity) is None)
        if fresh and room <= 0:
            raise Full(
                f"This view holds {MOST:,} entities, which is as many as it may: hide or collapse "
                "something and take it out, or start a new view from here."
            )
        if len(fresh) > room:
            page = page[: page.index(fresh[room])]
            fresh = fresh[:room]
        if not page:
            break
        reached.update(page)
        new.extend(fresh)
        skip += len(page)
    whole = _with(store, view, [entity, *new])
    expansion = Expansion(entity, type_, outgoing, frozenset(reached), skip)
    grown = view.expanded(whole, expansion)
    if view.graph.node(entity) is None:
        grown = grown.bringing(whole, [entity])
    return Expanded(grown, len(new), max(0, total - skip))


def bring(store: Store, view: View, ids: Sequence[str]) -> View:
    """The view with these entities, and with all that connects them to it and to each other.

    Raises Full if there is no room for them.
    """
    new = [id_ for id_ in dict.fromkeys(ids) if view.graph.node(id_) is None]
    if len(view.graph.nodes) + len(new) > MOST:
        raise Full(
            f"This view holds {len(view.graph.nodes):,} of the {MOST:,} entities that it may, and "
            f"{len(new):,} more do not fit."
        )
    return view.bringing(_with(store, view, new), ids)


def offer(store: Store, entity: str) -> Offer:
    """The neighbours of an entity, as counts and as a ranked table, for where there is no room."""
    rows = store.read(
        statement(store.schema, None, None), {"id": entity, "skip": 0, "limit": RANKED}
    )
    named = {node.id: node for node in reads.some_nodes(store, [row["id"] for row in rows])}
    types = store.schema.nodes
    return Offer(
        by_type=tuple(
            (types[row["label"]].plural, row["total"]) for row in store.read(_KINDS, {"id": entity})
        ),
        ranked=tuple(
            Neighbour(
                row["id"], named[row["id"]].caption, types[named[row["id"]].label].words,
                row["relationships"], row["origins"] or 0,
            )
            for row in rows
            if row["id"] in named
        ),
        total=store.read(_count(store.schema, None, None), {"id": entity})[0]["total"],
    )  # fmt: skip


def _page(
    store: Store, entity: str, type_: str | None, outgoing: bool | None, skip: int, size: int
) -> list[str]:
    parameters: Mapping[str, Any] = {"id": entity, "skip": skip, "limit": size}
    return [row["id"] for row in store.read(statement(store.schema, type_, outgoing), parameters)]


def _with(store: Store, view: View, ids: Sequence[str]) -> Subgraph:
    """What the view holds and these entities, with all that connects them, placed.

    What is in the view stays exactly where it is.
    """
    fresh = [id_ for id_ in ids if view.graph.node(id_) is None]
    if not fresh:
        return view.graph
    nodes = (*view.graph.nodes, *reads.some_nodes(store, fresh))
    relationships = {relationship.id: relationship for relationship in view.graph.relationships}
    for relationship in reads.relationships_of(store, fresh, [node.id for node in nodes]):
        relationships.setdefault(relationship.id, relationship)
    whole = Subgraph(nodes, tuple(relationships.values()), schema=store.schema)
    return whole.with_positions(layout(whole, fixed=view.graph.positions))
