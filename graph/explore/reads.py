"""Reads that make a view of the network: a case as a whole, one entity's surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from graph.explore.layout import layout
from graph.explore.subgraph import NodeView, Point, RelationshipView, Subgraph
from graph.store.store import Store

START: Final = 250
"""Nodes of a first view, at most."""
EXPAND: Final = 50
"""Nodes that one expansion adds, at most."""

_NODE: Final = (
    "n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS label, n.caption AS caption"
)

_BY_DEGREE: Final = f"""
MATCH (n:Entity) WHERE n.case = $case
OPTIONAL MATCH (n)-[r]-()
WITH n, count(r) AS degree
RETURN {_NODE}, degree ORDER BY degree DESC, id LIMIT $limit
"""

_AROUND: Final = f"""
MATCH (a:Entity {{id: $id}})
MATCH (a)-[r]-(n:Entity)
WITH n, count(r) AS degree
RETURN {_NODE}, degree ORDER BY degree DESC, id LIMIT $limit
"""

_AROUND_TOTAL: Final = """
MATCH (a:Entity {id: $id})
MATCH (a)-[r]-(n:Entity)
RETURN count(DISTINCT n.id) AS nodes
"""

_SOME: Final = f"""
UNWIND $ids AS id
WITH DISTINCT id
MATCH (n:Entity {{id: id}})
OPTIONAL MATCH (n)-[r]-()
WITH n, count(r) AS degree
RETURN {_NODE}, degree ORDER BY degree DESC, id
"""

_BETWEEN: Final = """
MATCH (a:Entity) WHERE a.id IN $ids
MATCH (a)-[r]->(b:Entity) WHERE b.id IN $ids
RETURN r.claim AS id, type(r) AS type, a.id AS source, b.id AS target, r.status AS status,
       r.origins AS origins, r.contested AS contested, r.earliest AS earliest, r.latest AS latest,
       r.reported AS reported, properties(r) AS properties
ORDER BY id
"""

_RELATIONSHIPS_OF: Final = """
MATCH (a:Entity) WHERE a.id IN $ids
MATCH (a)-[r]-(b:Entity) WHERE b.id IN $among
RETURN DISTINCT r.claim AS id, type(r) AS type, startNode(r).id AS source, endNode(r).id AS target,
       r.status AS status, r.origins AS origins, r.contested AS contested,
       r.earliest AS earliest, r.latest AS latest, r.reported AS reported,
       properties(r) AS properties
ORDER BY id
"""

_DATED: Final = """
MATCH (c:Claim) WHERE c.subject IN $ids AND c.unit = 'edtf' AND c.polarity = 'affirmative'
RETURN c.subject AS id, min(c.earliest) AS earliest, max(c.latest) AS latest ORDER BY id
"""

ENTITIES: Final = "MATCH (n:Entity) WHERE n.case = $case RETURN count(n) AS n"
RELATIONSHIPS: Final = """
MATCH (n:Entity) WHERE n.case = $case MATCH (n)-[r]->(:Entity) RETURN count(r) AS n
"""


def case_view(store: Store, case: str, limit: int = START) -> Subgraph:
    """The best connected entities of a case with all that joins them, placed.

    `total_nodes` and `total_relationships` say how many the case has.
    """
    parameters = {"case": case, "limit": limit}
    nodes = [_node(row) for row in store.read(_BY_DEGREE, parameters)]
    view = _joined(store, nodes, _BY_DEGREE, parameters)
    entities, relationships = totals(store, case)
    return _placed(replace(view, total_nodes=entities, total_relationships=relationships))


def totals(store: Store, case: str) -> tuple[int, int]:
    """How many entities and how many relationships a case has."""
    entities, relationships = (
        store.read(cypher, {"case": case})[0]["n"] for cypher in (ENTITIES, RELATIONSHIPS)
    )
    return entities, relationships


def some_view(
    store: Store, ids: Iterable[str], placed: Mapping[str, Point] | None = None
) -> Subgraph:
    """These entities with all that joins them; those in `placed` (id to point) stay there."""
    parameters = {"ids": list(ids)}
    nodes = [_node(row) for row in store.read(_SOME, parameters)]
    return _placed(_joined(store, nodes, _SOME, parameters), placed)


def some_nodes(store: Store, ids: Iterable[str]) -> list[NodeView]:
    """These entities, not placed; unknown ids are left out."""
    return _dated(store, [_node(row) for row in store.read(_SOME, {"ids": list(ids)})])


def relationships_of(
    store: Store, ids: Iterable[str], among: Iterable[str]
) -> list[RelationshipView]:
    """What connects these entities to those."""
    rows = store.read(_RELATIONSHIPS_OF, {"ids": list(ids), "among": list(among)})
    return list(_relationships(store, rows))


def around(store: Store, entity: str, shown: Subgraph | None = None) -> Subgraph:
    """The neighbours of an entity, added to what is shown, whose positions stay.

    At most EXPAND neighbours come in; `total_nodes` is then how many there would be.
    """
    parameters = {"id": entity, "limit": EXPAND}
    rows = store.read(_AROUND, parameters)
    known = {} if shown is None else {node.id: node for node in shown.nodes}
    new = [_node(row) for row in rows if row["id"] not in known]
    if entity not in known:
        new += [_node(row) for row in store.read(_SOME, {"ids": [entity]})]
    view = _joined(store, [*known.values(), *new], _AROUND, parameters)
    total = store.read(_AROUND_TOTAL, {"id": entity})[0]["nodes"]
    if total > len(rows):
        view = replace(view, total_nodes=len(view.nodes) + total - len(rows))
    return _placed(view, None if shown is None else shown.positions)


def behind(shown: Subgraph) -> tuple[str, str, Mapping[str, Any]]:
    """What gives the relationships of what is shown: what for, Cypher, its parameters."""
    return "What is shown, as it stands", _BETWEEN, {"ids": [node.id for node in shown.nodes]}


def _placed(view: Subgraph, fixed: Mapping[str, Point] | None = None) -> Subgraph:
    """The view with every node placed, those in `fixed` where they are."""
    return view.with_positions(layout(view, fixed=fixed or {}))


def _joined(
    store: Store, nodes: list[NodeView], cypher: str, parameters: Mapping[str, Any]
) -> Subgraph:
    rows = store.read(_BETWEEN, {"ids": [node.id for node in nodes]})
    return Subgraph(
        nodes=tuple(_dated(store, nodes)),
        relationships=tuple(_relationships(store, rows)),
        cypher=cypher.strip(),
        parameters=parameters,
        schema=store.schema,
    )


def _node(row: Mapping[str, Any]) -> NodeView:
    return NodeView(row["id"], row["label"], row["caption"], rank=row["degree"])


def _dated(store: Store, nodes: Sequence[NodeView]) -> list[NodeView]:
    """The entities with the days between which they happened."""
    rows = store.read(_DATED, {"ids": [node.id for node in nodes]})
    days = {row["id"]: {"earliest": row["earliest"], "latest": row["latest"]} for row in rows}
    return [replace(node, **days[node.id]) if node.id in days else node for node in nodes]


def _relationships(store: Store, rows: Iterable[Mapping[str, Any]]) -> Iterator[RelationshipView]:
    declared = {prop.name for prop in store.schema.relationship_properties}
    for row in rows:
        attributes = {k: v for k, v in sorted(row["properties"].items()) if k in declared}
        fields = {name: value for name, value in row.items() if name != "properties"}
        yield RelationshipView(**fields, attributes=attributes)
