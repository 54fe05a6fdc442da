"""What was known by a day: relationships with their status, origins and disputes as of then.

Two clocks. Under "happened until" a fact is shown if it can have happened by that day, and is
certain if it must have. Under "reported until" only the passages published by then count: status,
origins and disputes are worked out again from them, by the same rules as at a load.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from graph.explore.subgraph import RelationshipView
from graph.explore.supports import SUPPORTS, held, relay_chains, relays, rows
from graph.model.dates import END, bounds
from graph.model.origins import origins
from graph.model.types.claims import CONTESTING, STATUSES
from graph.store.store import Store


@dataclass(frozen=True, slots=True)
class Told:
    """One passage behind a claim: its source, its status, and the sources that it passes on."""

    source: str
    status: str
    relays: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """What stands behind the relationships of a view. Make one with `record`.

    `told` are the passages of each claim, `published` the latest possible day of each source,
    `captions` what the sources are called, `relayed` whom a source passes on, `held` the sources of
    which there are passages, `disputes` for each claim the days by which claims that contest it
    were reported.
    """

    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    published: Mapping[str, str] = field(default_factory=dict)
    captions: Mapping[str, str] = field(default_factory=dict)
    relayed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    disputes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def relationship_at(
        self, relationship: RelationshipView, day: str | None, sources: Collection[str] = ()
    ) -> RelationshipView | None:
        """The relationship from what was published by that day, or None if nothing was.

        `sources` asks that one of these is among what stands behind it.
        """
        told = [
            t
            for t in self.told.get(relationship.id, ())
            if day is None or self._day(t.source) <= day
        ]
        if not told or (sources and not any(t.source in sources for t in told)):
            return None
        if day is None:
            return relationship
        status = min((t.status for t in told), key=STATUSES.index)
        contested = any(other <= day for other in self.disputes.get(relationship.id, ()))
        known = self._known_origins(told)
        if (status, contested, known) == (
            relationship.status,
            relationship.contested,
            relationship.origins,
        ):
            return relationship
        return replace(relationship, status=status, contested=contested, origins=known)

    def _day(self, source: str) -> str:
        return self.published.get(source, END)

    def _known_origins(self, told: Iterable[Told]) -> int:
        supporting: dict[str, set[str]] = {}
        for passage in told:
            supporting.setdefault(passage.source, set()).update(passage.relays)
        if not any(supporting.values()):
            return 0
        found = origins(
            {source: sorted(relays) for source, relays in sorted(supporting.items())},
            self.held.__contains__,
            lambda source: self.relayed.get(source, ()),
        )
        return len(found.known)

    @cached_property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """Id and caption of each source behind these relationships, by caption."""
        used = {t.source for told in self.told.values() for t in told}
        named = ((source, self.captions.get(source, source)) for source in used)
        return tuple(sorted(named, key=lambda found: (found[1].casefold(), found[0])))


NO_RECORD: Final = Record()

_TOLD: Final = f"""{SUPPORTS}
RETURN c.id AS claim, p.id AS passage, source.id AS source, s.status AS status,
       source.published_on AS published, source.caption AS caption
ORDER BY claim, passage
"""
_DISPUTED: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)-[d:DIFFERS]-(o:Claim) WHERE d.how IN $hows
RETURN c.id AS claim, o.id AS other, o.reported AS reported ORDER BY claim, other
"""


def record(store: Store, claims: Iterable[str]) -> Record:
    """What stands behind these claims."""
    ids = set(claims)
    supports = list(rows(store, _TOLD, ids))
    passed_on = relays(store, {row["passage"] for row in supports})
    told: dict[str, list[Told]] = {}
    for row in supports:
        passage = Told(row["source"], row["status"], passed_on.get(row["passage"], ()))
        told.setdefault(row["claim"], []).append(passage)
    originals = {end for ends in passed_on.values() for end in ends}
    relayed = relay_chains(store, originals)
    reached = originals.union(*relayed.values())
    disputes: dict[str, list[str]] = {}
    for row in rows(store, _DISPUTED, ids, hows=list(CONTESTING)):
        disputes.setdefault(row["claim"], []).append(row["reported"])
    return Record(
        told={claim: tuple(found) for claim, found in told.items()},
        published={row["source"]: _latest(row["published"]) for row in supports},
        captions={row["source"]: row["caption"] for row in supports},
        relayed=relayed,
        held=held(store, reached).union(row["source"] for row in supports),
        disputes={claim: tuple(days) for claim, days in disputes.items()},
    )


def _latest(published: str | None) -> str:
    """The latest possible day of a source; END if nobody knows."""
    return END if published is None else bounds(published).latest
