"""Which entities a view to publish begins with: a case, what is around an entity, an answer.

What may not be known decides nothing here. None of these views is placed: positions are made of
what is left when names are out. On a screen, relationships that stay behind have drawn others to
where they lie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from exports.confidential import (
    confidential_claims,
    confidential_entities,
    confidential_sources,
)
from exports.material import ENTITIES
from graph.errors import ParameterError
from graph.explore import reads
from graph.explore.subgraph import Subgraph
from graph.explore.supports import rows
from graph.questions.result import Result
from graph.saved import naming_decisions
from graph.store.store import Store

MOST: Final = 2_000
"""Entities that the surroundings of one may have, at most."""

_NEAR: Final = """
MATCH (a:Entity) WHERE a.id IN $ids
MATCH (a)-[r]-(b:Entity)
RETURN DISTINCT b.id AS id, r.claim AS claim
"""
_ENDS: Final = "MATCH (c:Claim) WHERE c.id IN $ids RETURN c.subject AS subject, c.object AS object"
_BY_DEGREE: Final = """
MATCH (n:Entity) WHERE n.case = $case
OPTIONAL MATCH (n)-[r]-()
WITH n, count(r) AS degree
RETURN n.id AS id, degree ORDER BY degree DESC, id LIMIT $limit
"""
_PROTECTED: Final = """
MATCH (n:Entity) WHERE n.case = $case AND n.naming = 'protect' RETURN n.id AS id
"""


@dataclass(frozen=True, slots=True)
class _Withheld:
    """Claims and entities that must not influence which others are in a view.

    `degree` counts the relationships of each entity among these claims.
    """

    claims: frozenset[str]
    entities: frozenset[str]
    degree: Mapping[str, int]

    def has(self, named: _NamedIds) -> bool:
        """Whether a row names one of them."""
        return bool(named.entities & self.entities or named.claims & self.claims)


def _withheld(store: Store, case: str) -> _Withheld:
    hidden = confidential_sources(store, case)
    claims = confidential_claims(store, hidden)
    touched = {end for claim in claims.values() for end in claim.ends}
    protected = {row["id"] for row in store.read(_PROTECTED, {"case": case})}
    made = naming_decisions.decided(store, case)
    protected |= {id_ for id_, one in made.items() if one.naming == "protect"}
    return _Withheld(
        frozenset(claims),
        confidential_entities(store, hidden, touched) | protected,
        Counter(end for claim in claims.values() if claim.object for end in claim.ends),
    )


def _unplaced(store: Store, ids: Iterable[str]) -> Subgraph:
    """These entities, and all that connects them."""
    wanted = sorted(ids)
    relationships = reads.relationships_of(store, wanted, wanted)
    nodes = reads.some_nodes(store, wanted)
    return Subgraph(tuple(nodes), tuple(relationships), schema=store.schema)


def whole(store: Store, case: str, limit: int = reads.START) -> Subgraph:
    """The best connected entities of a case, by the relationships that may be known, and what
    connects them."""
    withheld = _withheld(store, case)
    asked = {"case": case, "limit": limit + len(withheld.entities) + len(withheld.degree)}
    ranked = sorted(
        (withheld.degree.get(row["id"], 0) - row["degree"], row["id"])
        for row in store.read(_BY_DEGREE, asked)
        if row["id"] not in withheld.entities
    )
    view = _unplaced(store, (id_ for _, id_ in ranked[:limit]))
    entities, relationships = reads.totals(store, case)
    return replace(
        view,
        cypher=_BY_DEGREE.strip(),
        parameters={"case": case, "limit": limit},
        total_nodes=entities - len(withheld.entities),
        total_relationships=None if withheld.entities or withheld.claims else relationships,
    )


def surroundings(store: Store, entity: str, hops: int) -> Subgraph:
    """An entity and all within so many relationships that may be known, at most MOST entities.

    Raises ParameterError if the graph does not hold the entity.
    """
    found = store.read(ENTITIES, {"ids": [entity]})
    if not found:
        raise ParameterError(f"The graph holds nothing of the id “{entity}”.")
    withheld = _withheld(store, found[0]["p"]["case"])
    reached, edge, more = {entity}, {entity}, False
    for _ in range(hops):
        near = {
            row["id"] for row in rows(store, _NEAR, edge) if row["claim"] not in withheld.claims
        }
        fresh = sorted(near - reached - withheld.entities)
        more = more or len(reached) + len(fresh) > MOST
        edge = set(fresh[: MOST - len(reached)])
        reached |= edge
    view = _unplaced(store, reached)
    asked = {"node": entity, "hops": hops}
    total = len(view.nodes) + 1 if more else None
    return replace(view, cypher=_NEAR.strip(), parameters=asked, total_nodes=total)


def answer_view(store: Store, result: Result, columns: Mapping[str, str]) -> Subgraph:
    """The entities that the rows of a query name, and what connects these.

    `columns` maps a column to its declared type. Where rows name claims, only the relationships of
    these claims are there. A row that names what leaves no trace is left out, and so is the path
    that it is a step of.
    """
    withheld = _withheld(store, str(result.parameters["case"]))
    named = [(record.get("path"), _ids_in(record, columns)) for record in result.records()]
    closed = {path for path, ids in named if withheld.has(ids)} - {None}
    found = _NamedIds()
    for path, ids in named:
        if path not in closed and not withheld.has(ids):
            found.entities |= ids.entities
            found.claims |= ids.claims
    for row in rows(store, _ENDS, found.claims):
        found.entities |= {row["subject"], row["object"]} - {None}
    view = _unplaced(store, found.entities)
    if found.claims:
        view = view.without({drawn.id for drawn in view.relationships} - found.claims)
    return replace(view, cypher=result.cypher, parameters=result.parameters)


@dataclass(slots=True)
class _NamedIds:
    """The entities and the claims that rows of an answer name."""

    entities: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)


def _ids_in(record: Mapping[str, Any], columns: Mapping[str, str]) -> _NamedIds:
    found = _NamedIds()
    of_type = {"entity": found.entities, "claim": found.claims}
    for name, value in record.items():
        if value and (ids := of_type.get(columns.get(name, ""))) is not None:
            ids.update(value if isinstance(value, list) else [value])
    return found
