"""Reads of what stands behind claims: their supports, who passes on whom, and who is held.

One statement for each, for the explorer and for what leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from graph.runtime.streams import in_batches
from graph.store.store import Store

SUPPORTS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(source:Source)"""
"""The supports `s` of the claims `c` of `$ids`, with passage `p` and `source`; RETURN follows."""

_RELAYS: Final = """
MATCH (p:Record) WHERE p.id IN $ids
MATCH (p)-[:RELAYS]->(s:Source)
RETURN p.id AS start, s.id AS end ORDER BY start, end
"""
_HELD: Final = """
MATCH (s:Record) WHERE s.id IN $ids AND s:Source
MATCH (s)<-[:FROM]-(:Passage)
RETURN DISTINCT s.id AS id
"""


def rows(store: Store, cypher: str, ids: Iterable[str], **more: Any) -> Iterator[dict[str, Any]]:
    """The rows of a statement on `$ids`, asked in batches; `more` are its other parameters."""
    for batch in in_batches(sorted(ids)):
        yield from store.read(cypher, {"ids": batch, **more})


def relays(store: Store, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The sources that passages or sources pass on, by their ids; those that pass on none are left
    out."""
    found: dict[str, list[str]] = {}
    for row in rows(store, _RELAYS, ids):
        found.setdefault(row["start"], []).append(row["end"])
    return {start: tuple(ends) for start, ends in found.items()}


def relay_chains(store: Store, sources: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What `relays` gives for sources, for those that they pass on, and so on to the end."""
    waiting = set(sources)
    found: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    while waiting:
        seen |= waiting
        step = relays(store, waiting)
        found.update(step)
        waiting = {end for ends in step.values() for end in ends} - seen
    return found


def held(store: Store, sources: Collection[str]) -> frozenset[str]:
    """Those of the sources of which the graph has passages."""
    return frozenset(row["id"] for row in rows(store, _HELD, sources))
