"""Which sources of a case are confidential, and what no other source tells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from exports.stored import OnEntities
from graph.explore.supports import SUPPORTS, rows
from graph.store.store import Store

_CONFIDENTIAL: Final = """
MATCH (s:Source) WHERE s.case = $case AND s.confidential = true RETURN s.id AS id
"""
_CLAIMS: Final = """
MATCH (s:Record) WHERE s.id IN $ids AND s:Source
MATCH (s)<-[:FROM]-(p:Passage)
MATCH (p)-[:SUPPORTS]->(c:Claim)
RETURN DISTINCT c.id AS id, c.kind AS kind, c.subject AS subject, c.object AS object
"""
_OTHERWISE_TOLD: Final = f"{SUPPORTS} WHERE NOT source.id IN $hidden\nRETURN DISTINCT c.id AS id"
_OTHERWISE_TOLD_OF: Final = """
MATCH (c:Claim) WHERE c.{end} IN $ids
MATCH (c)<-[:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(s:Source) WHERE NOT s.id IN $hidden
RETURN DISTINCT c.{end} AS id
"""


@dataclass(frozen=True, slots=True)
class ConfidentialClaim(OnEntities):
    """A claim that only confidential sources support."""

    id: str
    kind: str
    subject: str
    object: str | None


def confidential_sources(store: Store, case: str) -> frozenset[str]:
    """The ids of the confidential sources of a case."""
    return frozenset(row["id"] for row in store.read(_CONFIDENTIAL, {"case": case}))


def confidential_claims(store: Store, hidden: Collection[str]) -> dict[str, ConfidentialClaim]:
    """The claims by id that no source but the hidden ones supports."""
    found = {row["id"]: ConfidentialClaim(**row) for row in rows(store, _CLAIMS, hidden)}
    for row in rows(store, _OTHERWISE_TOLD, found, hidden=sorted(hidden)):
        found.pop(row["id"], None)
    return found


def confidential_entities(
    store: Store, hidden: Collection[str], ids: Collection[str]
) -> frozenset[str]:
    """Those of the entities on which no source but the hidden ones has a claim."""
    ours, ends = set(ids), ("subject", "object")
    touched = {row[end] for row in rows(store, _CLAIMS, hidden) for end in ends} & ours
    told = {
        row["id"]
        for end in ends
        for row in rows(store, _OTHERWISE_TOLD_OF.format(end=end), touched, hidden=sorted(hidden))
    }
    return frozenset(touched - told)
