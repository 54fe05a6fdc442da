"""What is read for a pack: all that the graph holds behind a view of a case.

A `Material` is the newsroom's: nothing has been left out of it yet. `exports.redaction` makes a
publication of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from exports.choices import Reply, SecondReading
from exports.confidential import (
    confidential_claims,
    confidential_entities,
    confidential_sources,
)
from exports.disk_list import Shelf, ShelfMap
from exports.names.named import Named, Size, all_named, connected, group_sizes
from exports.stored import (
    ClaimWithEvidence,
    Difference,
    StoredEntity,
    StoredPassage,
    StoredSource,
    StoredSupport,
    from_row,
)
from graph.errors import ExportError, UnknownCase
from graph.explore.subgraph import Subgraph
from graph.explore.supports import SUPPORTS, held, relay_chains, relays, rows
from graph.model.schema import Schema
from graph.model.text import sha256
from graph.runtime.streams import in_batches
from graph.saved import naming_decisions
from graph.saved.naming_decisions import Decided
from graph.store.store import Store


@dataclass(frozen=True)
class Material:
    """All that the graph holds behind a view. Ids are the store's.

    - `entities`: the view's, those that its claims and properties name, and those who speak.
    - `named`: everything in the case that has a name, in the view or not.
    - `relayed`: the sources that each source is said to pass on; `held`: the sources of which the
      case has passages.
    - `hidden`: the confidential sources; `only_hidden`: the entities of the view that nothing else
      tells of; `hidden_figures`: whether there are figures that nothing else tells of.
    - `replies`, `reviews`: what the newsroom asked, and what a second person has checked.
    - `sizes`: figures on how many members the groups of the case have.
    - `connected`: the entities that relationships join to each entity of the case, in the view or
      not, by sources that are not confidential.
    - `until`: the day by which all of it was published; None is today.

    Claims and passages lie on disk where there are very many.
    """

    case: str
    title: str
    summary: str
    language: str
    load: str
    loaded: str
    input: str
    rules: Mapping[str, str]
    engine: str
    view: Subgraph
    entities: Mapping[str, StoredEntity]
    named: tuple[Named, ...]
    claims: Sequence[ClaimWithEvidence]
    passages: Mapping[str, StoredPassage]
    sources: Mapping[str, StoredSource]
    relayed: Mapping[str, tuple[str, ...]]
    held: frozenset[str]
    hidden: frozenset[str]
    only_hidden: frozenset[str]
    hidden_figures: bool
    replies: tuple[Reply, ...]
    reviews: tuple[SecondReading, ...]
    until: str | None = None
    sizes: tuple[Size, ...] = ()
    connected: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """What the types are."""
        return self.view.schema

    def local(self, id_: str) -> str:
        """An id without its case."""
        return id_.removeprefix(f"{self.case}:")

    def evidence(self, claim: ClaimWithEvidence) -> str:
        """The code of what a claim asserts and of its evidence: 16 hexadecimal digits.

        Another passage, gist, place, status, speaker or text makes another code; another id of the
        case does not, nor does a confidential source.
        """
        asserted = dict.fromkeys(_ONCE_DECLARED)
        asserted |= {name: self._bare(getattr(claim, name)) for name in _ASSERTED}
        asserted |= {name: self._bare(value) for name, value in claim.properties.items()}
        evidence = [self._support(s) for s in claim.supports if s.source not in self.hidden]
        return sha256(json.dumps([asserted, evidence], sort_keys=True))[:16]

    def _support(self, support: StoredSupport) -> list[Any]:
        passage, source = self.passages[support.passage], self.sources[support.source]
        told = ((name, self._bare(getattr(support, name))) for name in _OF_SUPPORT)
        return [
            self.local(support.passage),
            self.local(support.source),
            {name: getattr(passage, name) for name in ("start", "end", "sha256", "gist")},
            {name: getattr(source, name) for name in ("sha256", "text_sha256", "status")},
            {name: value for name, value in told if value is not None},
            [self.local(end) for end in support.relays if end not in self.hidden],
        ]

    def _bare(self, value: Any) -> Any:
        """A value, without the case where it is an id."""
        return self.local(value) if isinstance(value, str) else value


_ASSERTED: Final = (
    "kind", "subject", "predicate", "object", "measure", "value", "unit", "comparator", "base",
    "polarity", "when",
)  # fmt: skip
_OF_SUPPORT: Final = ("status", "said_by", "as_worded", "hedge", "rule", "quoted")
_ONCE_DECLARED: Final = ("title", "seen_on", "demand", "as_of", "role", "sense", "certainty")
"""What a code of evidence covers even where it is missing: codes of version 0.1.0 still count.

Any other declared property is covered where it is there, so that a new one changes no code.
"""

_LOAD: Final = """
MATCH (l:Load) WHERE l.case = $case AND l.status = 'complete'
RETURN properties(l) AS load ORDER BY l.number DESC LIMIT 1
"""
_NEWEST: Final = """
MATCH (l:Load) WHERE l.case = $case
RETURN l.id AS id, l.status AS status, l.finished AS finished, l.number AS number,
       coalesce(l.entries, 0) AS entries, l.running IS NOT NULL AS running
ORDER BY number DESC, id LIMIT 1
"""
ENTITIES: Final = """
MATCH (n:Entity) WHERE n.id IN $ids
RETURN properties(n) AS p, [label IN labels(n) WHERE label <> 'Entity'][0] AS label
"""
_ABOUT: Final = """
MATCH (c:Claim) WHERE c.subject IN $ids AND c.kind <> 'relationship'
RETURN c.id AS id
"""
_DENIED: Final = """
MATCH (c:Claim) WHERE c.subject IN $ids AND c.kind = 'relationship' AND c.polarity = 'negative'
RETURN c.id AS id, c.object AS object
"""
_CLAIMS: Final = "MATCH (c:Claim) WHERE c.id IN $ids RETURN properties(c) AS p"
_SUPPORTS: Final = f"""{SUPPORTS}
RETURN c.id AS claim, properties(s) AS p, p.id AS passage, source.id AS source,
       source.latest AS day
"""
_PASSAGES: Final = "MATCH (n:Record) WHERE n.id IN $ids AND n:Passage RETURN properties(n) AS p"
_SOURCES: Final = "MATCH (n:Record) WHERE n.id IN $ids AND n:Source RETURN properties(n) AS p"
_DIFFERS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)-[d:DIFFERS]-(o:Claim)
RETURN DISTINCT c.id AS claim, d.how AS how, o.id AS other
"""
_OWN: Final = """
MATCH (n:{label}) WHERE n.case = $case RETURN properties(n) AS p ORDER BY n.id
"""
_TOLD_OF: Final = """
MATCH (p:Record) WHERE p.id IN $ids AND p:Passage
MATCH (p)-[s:SUPPORTS]->(c:Claim)
RETURN p.id AS passage, c.subject AS subject, c.object AS object, s.said_by AS speaker
"""


def read(store: Store, case: str, view: Subgraph, until: str | None = None) -> Material:
    """All that the graph holds behind a view of a case, or all that was published by a day.

    Raises UnknownCase if no load of the case is complete, and ExportError if something in the view
    is another case's, on which this one's decisions say nothing, or is no longer in the graph.
    """
    loads = store.read(_LOAD, {"case": case})
    if not loads:
        raise UnknownCase(f"The graph holds no case “{case}”; load it with `sutra load FOLDER`.")
    load, ids = loads[0]["load"], [node.id for node in view.nodes]
    seen = _Seen(case)
    entities = _entities(store, ids)
    _refuse_strangers(case, ids, entities)
    claims = Shelf(_claims(store, _claim_ids(store, view, ids), until, seen))
    relayed = relay_chains(store, seen.sources)
    all_sources = seen.sources | set(relayed) | {end for ends in relayed.values() for end in ends}
    hidden = confidential_sources(store, case)
    confidential = confidential_claims(store, hidden)
    named = all_named(store, case)
    return Material(
        case=case,
        title=load["title"],
        summary=load["summary"],
        language=load.get("language") or "en",
        load=load["id"],
        loaded=load["finished"],
        input=load["input"],
        rules=json.loads(load.get("rules") or "{}"),
        engine=f"{store.info.engine} {store.info.version}",
        view=view,
        entities=entities | _entities(store, seen.speakers.difference(entities)),
        named=named,
        claims=claims,
        passages=ShelfMap(_passages(store, seen.passages, {n.id for n in named})),
        sources={
            row["p"]["id"]: from_row(StoredSource, row["p"])
            for row in rows(store, _SOURCES, all_sources)
        },
        relayed=relayed,
        held=held(store, all_sources),
        hidden=hidden,
        only_hidden=confidential_entities(store, hidden, ids),
        hidden_figures=any(claim.kind == "figure" for claim in confidential.values()),
        replies=tuple(
            from_row(Reply, {"allegation": "", "deadline": "", "answer": "", **row})
            for row in _own(store, case, "Reply")
        ),
        reviews=tuple(
            from_row(SecondReading, row, by=row["checked_by"], on=row["checked_on"])
            for row in _own(store, case, "Review")
        ),
        until=until,
        sizes=group_sizes(store, case, confidential),
        connected=connected(store, case, confidential),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a graph decides what may leave of a case, beside the view: `load` is the newest one.

    Where it is the same before and after, nothing was loaded and nobody decided meanwhile.
    """

    load: tuple[str, ...]
    decided: tuple[Decided, ...]


def standing(store: Store, case: str) -> Standing:
    """How a case stands now; a load that is running counts, for it changes the graph already."""
    loads = tuple(
        f"{row['id']} {row['status']} {row['finished']} {row['entries']} {row['running']}"
        for row in store.read(_NEWEST, {"case": case})
    )
    return Standing(loads, tuple(naming_decisions.decided(store, case).values()))


def _refuse_strangers(case: str, ids: Iterable[str], entities: Mapping[str, StoredEntity]) -> None:
    for id_ in ids:
        if id_ not in entities:
            raise ExportError(f"The graph no longer holds {id_}; make the view again.")
        owner = entities[id_].case
        if owner != case:
            raise ExportError(
                f"{id_} belongs to the case “{owner}”, not to “{case}”, whose decisions on names "
                f"do not hold for it; export it with that case."
            )


@dataclass
class _Seen:
    """The passages, sources and speakers behind the claims that were read so far."""

    case: str
    passages: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    speakers: set[str] = field(default_factory=set)

    def note(self, claim: ClaimWithEvidence) -> None:
        for support in claim.supports:
            self.passages.add(support.passage)
            self.sources.update((support.source, *support.relays))
            if support.said_by:
                self.speakers.add(support.said_by)
        if claim.when_from:  # whether that may be named decides whether the date may be told
            self.passages.add(claim.when_from)


def _own(store: Store, case: str, label: str) -> Iterator[Mapping[str, Any]]:
    return (row["p"] for row in store.read(_OWN.format(label=label), {"case": case}))


def _claim_ids(store: Store, view: Subgraph, ids: Iterable[str]) -> list[str]:
    """The claims that the view draws, those on its entities, and denials between them."""
    here = set(ids)
    found = {relationship.id for relationship in view.relationships}
    found |= {row["id"] for row in rows(store, _ABOUT, here)}
    found |= {row["id"] for row in rows(store, _DENIED, here) if row["object"] in here}
    return sorted(found)


def _published(
    store: Store, claim_ids: Collection[str], until: str | None
) -> Iterator[dict[str, Any]]:
    """The rows of the supports of claims that were published by that day."""
    for row in rows(store, _SUPPORTS, claim_ids):
        if until is None or row["day"] <= until:
            yield row


def _supports(
    store: Store, claim_ids: Sequence[str], until: str | None
) -> dict[str, tuple[StoredSupport, ...]]:
    published = list(_published(store, claim_ids, until))
    passed_on = relays(store, {row["passage"] for row in published})
    found: dict[str, list[StoredSupport]] = {}
    for row in published:
        passage = row["passage"]
        support = from_row(
            StoredSupport, row["p"],
            passage=passage, source=row["source"], relays=passed_on.get(passage, ()),
        )  # fmt: skip
        found.setdefault(row["claim"], []).append(support)
    return {
        claim: tuple(sorted(supports, key=lambda s: (s.source, s.passage)))
        for claim, supports in found.items()
    }


def _entities(store: Store, ids: Collection[str]) -> dict[str, StoredEntity]:
    """Entities by id, and those that their properties name."""
    found = {row["p"]["id"]: stored_entity(store.schema, row) for row in rows(store, ENTITIES, ids)}
    others = {id_ for entity in found.values() for id_ in _named_by(store.schema, entity)}
    more = (stored_entity(store.schema, row) for row in rows(store, ENTITIES, others - set(ids)))
    return found | {entity.id: entity for entity in more}


def stored_entity(schema: Schema, row: Mapping[str, Any]) -> StoredEntity:
    """An entity of a row of `ENTITIES`."""
    found, declared = row["p"], schema.nodes[row["label"]].properties
    properties = {prop.name: found[prop.name] for prop in declared if prop.name in found}
    return from_row(StoredEntity, found, label=row["label"], properties=properties)


def _named_by(schema: Schema, entity: StoredEntity) -> Iterator[str]:
    """The ids of the entities that the properties of one name."""
    for prop in schema.nodes[entity.label].properties:
        if prop.kind == "id" and prop.to == "entity" and entity.properties.get(prop.name):
            yield entity.properties[prop.name]


def _claims(
    store: Store, ids: Sequence[str], until: str | None, seen: _Seen
) -> Iterator[ClaimWithEvidence]:
    """The claims with their evidence; with a day, those that a source had reported by then."""
    declared = [prop.name for prop in store.schema.relationship_properties]
    for batch in in_batches(ids):
        supports = _supports(store, batch, until)
        reported = [id_ for id_ in batch if until is None or id_ in supports]
        differences = _differences(store, reported, supports, until)
        claims = {row["p"]["id"]: row["p"] for row in rows(store, _CLAIMS, reported)}
        for id_ in filter(claims.__contains__, reported):
            row, origin = claims[id_], claims[id_].get("when_from")
            claim = from_row(
                ClaimWithEvidence, row,
                when_from=f"{seen.case}:{origin}" if origin and ":" not in origin else origin,
                properties={name: row[name] for name in declared if name in row},
                supports=supports.get(id_, ()), differences=differences.get(id_, ()),
            )  # fmt: skip
            seen.note(claim)
            yield claim


def _differences(
    store: Store,
    ids: Collection[str],
    supports: Mapping[str, tuple[StoredSupport, ...]],
    until: str | None,
) -> dict[str, tuple[Difference, ...]]:
    """The claims from which each of these differs, with their sources."""
    differing: dict[str, list[tuple[str, str]]] = {}
    for row in rows(store, _DIFFERS, ids):
        differing.setdefault(row["claim"], []).append((row["how"], row["other"]))
    others = {other for pairs in differing.values() for _, other in pairs} - set(supports)
    known = {claim: {s.source for s in found} for claim, found in supports.items()}
    for row in _published(store, others, until):
        known.setdefault(row["claim"], set()).add(row["source"])
    return {
        claim: tuple(
            Difference(how, other, frozenset(known.get(other, ()))) for how, other in sorted(pairs)
        )
        for claim, pairs in differing.items()
    }


def _passages(
    store: Store, ids: Collection[str], named: Collection[str]
) -> Iterator[tuple[str, StoredPassage]]:
    """The passages by id, each with those of the named of whom it tells."""
    for batch in in_batches(sorted(ids)):
        told: dict[str, set[str]] = {}
        for row in store.read(_TOLD_OF, {"ids": batch}):
            ends = {row["subject"], row["object"], row["speaker"]}
            told.setdefault(row["passage"], set()).update(ends.intersection(named))
        for row in store.read(_PASSAGES, {"ids": batch}):
            told_of = tuple(sorted(told.get(row["p"]["id"], ())))
            yield row["p"]["id"], from_row(StoredPassage, row["p"], told_of=told_of)
