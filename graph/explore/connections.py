"""How two entities are connected, as the Paths page shows it: paths ranked, said, drawn.

What may be walked stands in the saved query `connections`; `graph/questions/shortest_paths.py`
walks it. Here the paths are ranked by the weakest evidence on them, put into sentences with their
sources, and placed from left to right, so that the distance from the start is the column.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from graph.explore import reads
from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
from graph.explore.supports import SUPPORTS
from graph.model.schema import Schema
from graph.model.types.claims import STATUSES
from graph.model.wording import counted
from graph.questions import shortest_paths
from graph.questions.captions import captions_of
from graph.questions.library import Library
from graph.questions.parameters import bind
from graph.questions.query_file import Query
from graph.questions.shortest_paths import MOST_HOPS, Paths, Step
from graph.store.store import Store

QUERY: Final = "connections"
TIMEOUT: Final = 30.0
"""Seconds that one search for paths may take."""

_COLUMN: Final = 250.0
_ROW: Final = 92.0

_SPEAKERS: Final = f"""{SUPPORTS}
RETURN DISTINCT c.id AS claim, s.status AS status, s.said_by AS said_by, source.caption AS source
ORDER BY claim, source, status, said_by
"""
_TIED: Final = """
MATCH (a:Entity {id: $id})
MATCH (a)-[r]-(b:Entity)
WITH b, count(r) AS relationships
RETURN b.caption AS caption, relationships ORDER BY relationships DESC, b.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked: both ends, how far, and over which relationships. Dates are days in ISO
    form."""

    start: str
    end: str
    hops: int = 4
    alleged: bool = False
    possible: bool = False
    types: tuple[str, ...] = ()
    without: bool = False
    since: str | None = None
    until: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether relationships are left out by type or by time."""
        return bool(self.types or self.since or self.until)

    def swapped(self) -> Terms:
        """The same from the other end."""
        return replace(self, start=self.end, end=self.start)

    def parameters(self, schema: Schema) -> dict[str, Any]:
        """What the saved query is given."""
        kept = (
            [t for t in schema.relationships if t not in self.types]
            if self.without
            else list(self.types)
        )
        return {
            "start": self.start, "end": self.end, "hops": self.hops, "alleged": self.alleged,
            "possible": self.possible, "types": kept if self.types else None,
            "since": self.since, "until": self.until,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a hop: its claim, a sentence with status and sources, its standing."""

    claim: str
    sentence: str
    status: str
    origins: int
    contested: bool


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, from one entity to the next, over one relationship or several."""

    start: str
    end: str
    relationships: tuple[Relationship, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One path: the ids along it, its hops, and how its weakest hop is known."""

    ids: tuple[str, ...]
    hops: tuple[Hop, ...]
    weakest: str
    origins: int
    contested: bool

    @property
    def lit(self) -> frozenset[str]:
        """Everything on it: entities and relationships."""
        return frozenset(self.ids) | {
            relationship.claim for hop in self.hops for relationship in hop.relationships
        }


@dataclass(frozen=True, slots=True)
class Nearest:
    """What is nearest to a path where there is none, and the terms under which it would be
    found."""

    sentence: str
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """The answer: paths from the best evidenced on, and drawn together; `total` may be more."""

    terms: Terms
    captions: Mapping[str, str]
    paths: tuple[Path, ...]
    total: int
    gave_up: bool
    view: Subgraph
    seconds: float
    nearest: Nearest | None = None


def connect(
    store: Store, library: Library, case: str, terms: Terms, *, timeout: float = TIMEOUT
) -> Connection:
    """All shortest paths under these terms; where there is none, what is nearest.

    Raises ParameterError for an end that is not in the case or too many hops, and QueryTimeout.
    """
    began = time.monotonic()
    query = library.get(QUERY)
    found, bound = _find(store, query, case, terms, timeout)
    ids = list(dict.fromkeys(i for path in found.paths for i in path)) or [
        bound["start"],
        bound["end"],
    ]
    nodes = reads.some_nodes(store, ids)
    captions = {node.id: node.caption for node in nodes}
    relationships = _relationships(store, found, ids)
    paths = _ranked(store, found, captions, relationships)
    nearest = None
    if not paths and terms.start != terms.end:
        left = max(1.0, timeout - (time.monotonic() - began))
        nearest = _nearest(store, query, case, terms, captions, left)
    view = _drawn(store.schema, found, bound["start"], nodes, relationships)
    return Connection(
        terms=terms,
        captions=captions,
        paths=tuple(paths),
        total=found.total,
        gave_up=found.gave_up,
        view=replace(view, cypher=query.cypher, parameters=bound),
        seconds=time.monotonic() - began,
        nearest=nearest,
    )


def _find(
    store: Store, query: Query, case: str, terms: Terms, timeout: float
) -> tuple[Paths, dict[str, Any]]:
    asked = {k: v for k, v in terms.parameters(store.schema).items() if v is not None}
    bound = bind(query.params, asked, case, store, query=query.id)
    walked = {k: v for k, v in bound.items() if k not in ("start", "end", "hops")}
    found = shortest_paths.find(
        store, query.cypher, walked, bound["start"], bound["end"], bound["hops"], timeout=timeout
    )
    return found, bound


def _relationships(store: Store, found: Paths, ids: Sequence[str]) -> dict[str, RelationshipView]:
    walked = {step.claim for steps in found.steps.values() for step in steps}
    relationships = reads.relationships_of(store, ids, ids) if walked else []
    return {
        relationship.id: relationship for relationship in relationships if relationship.id in walked
    }


# --- ranked and said ----------------------------------------------------------------------------


def _ranked(
    store: Store,
    found: Paths,
    captions: Mapping[str, str],
    relationships: Mapping[str, RelationshipView],
) -> list[Path]:
    """The paths, those first whose weakest hop is known best: by status, origins, and dispute."""
    sentences = _Sentences(store, captions, sorted(relationships))
    hops = {
        pair: Hop(
            *pair, tuple(sentences.relationship(step, relationships[step.claim]) for step in steps)
        )
        for pair, steps in found.steps.items()
    }
    paths = [
        _path(ids, [hops[pair] for pair in pairwise(ids)]) for ids in found.paths if len(ids) > 1
    ]
    return sorted(paths, key=lambda w: (STATUSES.index(w.weakest), w.contested, -w.origins, w.ids))


def _path(ids: tuple[str, ...], hops: Sequence[Hop]) -> Path:
    # Of several relationships on a hop the best one carries it; of the hops the worst one counts.
    best = [min(hop.relationships, key=_strength) for hop in hops]
    worst = max(best, key=_strength)
    return Path(
        ids,
        tuple(hops),
        weakest=worst.status,
        origins=min(relationship.origins for relationship in best),
        contested=any(relationship.contested for relationship in best),
    )


def _strength(relationship: Relationship) -> tuple[int, bool, int]:
    return STATUSES.index(relationship.status), relationship.contested, -relationship.origins


class _Sentences:
    """Steps as sentences that say on whose word they stand."""

    def __init__(self, store: Store, captions: Mapping[str, str], claims: list[str]) -> None:
        self._captions = dict(captions)
        self._supports: dict[str, list[dict[str, Any]]] = {}
        for row in store.read(_SPEAKERS, {"ids": claims}):
            self._supports.setdefault(row["claim"], []).append(row)
        speakers = {r["said_by"] for rows in self._supports.values() for r in rows} - {None}
        self._captions |= captions_of(store, speakers - self._captions.keys())

    def relationship(self, step: Step, drawn: RelationshipView) -> Relationship:
        plain = f"{self._name(step.start)} {step.words} {self._name(step.end)}"
        rows = [r for r in self._supports.get(step.claim, []) if r["status"] == step.status]
        sources = _and(r["source"] for r in rows)
        if step.status == "alleged":
            speakers = _and(self._name(r["said_by"]) for r in rows if r["said_by"])
            said = f"{speakers or 'Somebody'} says that {plain}, according to {sources}"
        elif step.status == "inferred":
            said = f"{plain}, inferred from {sources}"
        else:
            said = f"{plain}, according to {sources}"
        return Relationship(step.claim, said, step.status, drawn.origins, drawn.contested)

    def _name(self, id_: str) -> str:
        return self._captions.get(id_, id_)


def _and(words: Any) -> str:
    return " and ".join(dict.fromkeys(words))


# --- drawn --------------------------------------------------------------------------------------


def _drawn(
    schema: Schema,
    found: Paths,
    start: str,
    nodes: Sequence[NodeView],
    relationships: Mapping[str, RelationshipView],
) -> Subgraph:
    """Everything on the paths in columns: an entity's column is its distance from the start."""
    column = {start: 0}
    for path in found.paths:
        for place, id_ in enumerate(path):
            column[id_] = place
    members: dict[int, list[str]] = {}
    for node in sorted(nodes, key=lambda n: (-n.rank, n.id)):
        members.setdefault(column.get(node.id, 2), []).append(node.id)
    spots = {}
    for place, ids in members.items():
        for row, id_ in enumerate(ids):
            # Every other one a little aside, so that captions in one column keep clear.
            aside = 34.0 if len(ids) > 5 and row % 2 else 0.0
            spots[id_] = (place * _COLUMN + aside, (row - (len(ids) - 1) / 2) * _ROW)
    view = Subgraph(tuple(nodes), tuple(relationships.values()), schema=schema)
    return view.with_positions(spots)


# --- nothing found ------------------------------------------------------------------------------


def _nearest(
    store: Store,
    query: Query,
    case: str,
    terms: Terms,
    captions: Mapping[str, str],
    timeout: float,
) -> Nearest:
    """The path that would be there under wider terms, else what each end is connected to."""
    further = replace(terms, hops=MOST_HOPS)
    anywhere = replace(further, types=(), since=None, until=None)
    tries = (
        (further, "The shortest path has {hops}."),
        (anywhere, "Over connections of every type and time there is a path of {hops}."),
        (
            replace(further, alleged=True),
            "There is a path of {hops} if what is only alleged counts.",
        ),
        (
            replace(anywhere, alleged=True, possible=True),
            "There is a path of {hops} if everything counts: what is only alleged, what is "
            "only possibly the same, connections of every type and time.",
        ),
    )
    asked = {terms}
    for wider, words in tries:
        if wider in asked:
            continue
        asked.add(wider)
        found, _ = _find(store, query, case, wider, timeout)
        if found.paths:
            hops = len(found.paths[0]) - 1
            steps = counted(hops, "step")
            return Nearest(words.format(hops=steps), replace(wider, hops=max(hops, terms.hops)))
    return Nearest(" ".join(_tied(store, id_, captions) for id_ in (terms.start, terms.end)))


def _tied(store: Store, id_: str, captions: Mapping[str, str]) -> str:
    rows = store.read(_TIED, {"id": id_})
    name = captions.get(id_, id_)
    if not rows:
        return f"{name} is connected to nothing in this case."
    return f"The nearest to {name} is {rows[0]['caption']}."
