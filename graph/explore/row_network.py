"""Rows as a network, where they hold entities and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import neo4j.graph

from graph.explore import reads
from graph.explore.layout import layout
from graph.explore.subgraph import Subgraph
from graph.questions.result import Result
from graph.store.store import Store

MOST: Final = 300
"""Entities of one answer that are drawn, at most."""

_READ: Final = 5_000
_ENDS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids AND c.kind = 'relationship'
RETURN c.id AS id, c.subject AS subject, c.object AS object ORDER BY id
"""
_KNOWN: Final = "MATCH (n:Entity) WHERE n.id IN $ids RETURN n.id AS id ORDER BY id"


def picture(store: Store, result: Result, case: str) -> Subgraph | None:
    """The entities that the rows name, and the relationships that they name; None if they name no
    entity.

    Rows without claims are drawn with all that joins their entities. `total_nodes` says how many
    there are where MOST cut them.
    """
    ids = list(dict.fromkeys(_ids(result.rows, f"{case}:")))[:_READ]
    if not ids:
        return None
    ends = store.read(_ENDS, {"ids": ids})
    claims = {row["id"] for row in ends}
    entities = [row["id"] for row in store.read(_KNOWN, {"ids": ids})]
    rank = {id_: place for place, id_ in enumerate(ids)}
    entities.sort(key=rank.__getitem__)
    entities = list(
        dict.fromkeys([*entities, *(row[e] for row in ends for e in ("subject", "object"))])
    )
    if not entities:
        return None
    kept = entities[:MOST]
    nodes = reads.some_nodes(store, kept)
    relationships = reads.relationships_of(store, kept, kept)
    drawn = tuple(
        relationship for relationship in relationships if not claims or relationship.id in claims
    )
    view = Subgraph(
        nodes=tuple(nodes),
        relationships=drawn,
        total_nodes=len(entities) if len(entities) > len(kept) else None,
        cypher=result.cypher,
        parameters=result.parameters,
        schema=store.schema,
    )
    return view.with_positions(layout(view))


def _ids(values: Iterable[Any], prefix: str) -> Iterator[str]:
    """Every id in these values, inside lists and the server's own objects too."""
    for value in values:
        if isinstance(value, str):
            if value.startswith(prefix):
                yield value
        elif isinstance(value, list | tuple):
            yield from _ids(value, prefix)
        elif isinstance(value, neo4j.graph.Path):
            yield from _ids([*value.nodes, *value.relationships], prefix)
        elif isinstance(value, neo4j.graph.Node):
            yield from _ids([value.get("id")], prefix)
        elif isinstance(value, neo4j.graph.Relationship):
            yield from _ids([value.get("claim")], prefix)
        elif isinstance(value, dict):
            yield from _ids(value.values(), prefix)
