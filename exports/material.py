"""What the graph holds behind a view, read whole, for whoever decides what of it may leave.

A `Material` is the newsroom's: nothing has been left out of it yet. `exports` makes a publication
of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from exports.disk_list import Shelf, ShelfMap
from graph.errors import ExportError, ParameterError, UnknownCase
from graph.explore import reads
from graph.explore.subgraph import Subgraph
from graph.model.schema import NodeType, Schema
from graph.model.text import sha256
from graph.questions.result import Result
from graph.runtime.streams import in_batches
from graph.saved import naming_decisions
from graph.saved.naming_decisions import Decided
from graph.store.store import Store

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """An entity that has a name in print: whose it is, what it is called, what was decided on it.

    `names` holds every spelling the graph knows: name, aliases, handle, caption, and what sources
    are told to call it; only these last are in `called`. `of` says what a group consists of.
    """

    id: str
    label: str
    names: tuple[str, ...]
    naming: str | None
    reason: str | None
    by: str | None
    on: str | None
    of: str | None = None
    called: tuple[str, ...] = ()

    @property
    def declared(self) -> tuple[str, ...]:
        """Its name, aliases, handle and caption."""
        return tuple(name for name in self.names if name not in self.called)


@dataclass(frozen=True, slots=True)
class Size:
    """A figure on how many a group consists of, told by a source that is not confidential."""

    group: str
    number: float | None
    comparator: str | None


@dataclass(frozen=True, slots=True)
class Support:
    """A passage behind a claim. `relays` names the sources that the passage passes on."""

    passage: str
    source: str
    properties: Properties
    relays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Another claim that differs: how, and the sources behind that one."""

    how: str
    claim: str
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """A claim with all that stands behind it."""

    id: str
    properties: Properties
    supports: tuple[Support, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Material:
    """All that the graph holds behind a view. Ids are the store's.

    `things` are the view's entities and those that its claims and properties name; `named` is
    everything in the case that has a name, in the view or not; `relayed` maps a source to those
    that it is said to pass on, `held` are the sources of which the case has passages, `hidden` the
    confidential ones, and `only_hidden` the entities of the view that nothing else tells of;
    `hidden_figures` says whether there are figures that nothing else tells of. `sizes` are those of
    the case's groups. A passage's `told_of` names everybody with a name whom it tells of, in the
    view or not. `replies` and
    `reviews` are the newsroom's own records of what it asked and what a second person has checked.
    `joined` says with what each entity of the case is told together, in the view or not, by sources
    that are not confidential.
    With a day in `until`, only what was published by then is there. Claims and passages lie on disk
    where they are very many.
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
    labels: Mapping[str, str]
    entities: Mapping[str, Properties]
    named: tuple[Named, ...]
    claims: Sequence[Told]
    passages: Mapping[str, Properties]
    sources: Mapping[str, Properties]
    relayed: Mapping[str, tuple[str, ...]]
    held: frozenset[str]
    hidden: frozenset[str]
    only_hidden: frozenset[str]
    hidden_figures: bool
    replies: tuple[Properties, ...]
    reviews: tuple[Properties, ...]
    until: str | None = None
    sizes: tuple[Size, ...] = ()
    joined: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """What the types are."""
        return self.view.schema

    def evidence(self, claim: Told) -> str:
        """The code of what a claim asserts and stands on: 16 hexadecimal digits.

        Another passage, gist, place, status, speaker or text makes another code; another id of the
        case does not, nor does a confidential source.
        """
        told = {name: self._local(claim.properties.get(name)) for name in _ASSERTED}
        for prop in self.schema.relationship_properties:
            if prop.name in claim.properties:
                told[prop.name] = self._local(claim.properties[prop.name])
        stands = [self._standing(s) for s in claim.supports if s.source not in self.hidden]
        return sha256(json.dumps([told, stands], sort_keys=True))[:16]

    def _standing(self, support: Support) -> list[Any]:
        passage, source = self.passages[support.passage], self.sources[support.source]
        relays = [self._local(end) for end in support.relays if end not in self.hidden]
        return [
            self._local(support.passage),
            self._local(support.source),
            {name: passage.get(name) for name in ("start", "end", "sha256", "gist")},
            {name: source.get(name) for name in ("sha256", "text_sha256", "status")},
            {name: self._local(value) for name, value in support.properties.items()},
            relays,
        ]

    def _local(self, value: Any) -> Any:
        """A value, without the case where it is an id."""
        return value.removeprefix(f"{self.case}:") if isinstance(value, str) else value


_ASSERTED: Final = (
    "kind", "subject", "predicate", "object", "measure", "value", "unit", "comparator", "base",
    "polarity", "when", "title", "seen_on", "demand", "as_of", "role", "sense", "certainty",
)  # fmt: skip
"""What a code of evidence covers even where it is empty: codes of version 0.1.0 still count.

Any other property is covered where it is there, so that a new one changes no code.
"""

_LOAD: Final = """
MATCH (l:Load) WHERE l.case = $case AND l.status = 'complete'
RETURN properties(l) AS load ORDER BY l.number DESC LIMIT 1
"""
_JOINED: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.kind = 'relationship' AND NOT c.predicate IN $far
RETURN c.id AS id, c.subject AS subject, c.object AS object
"""
_NEWEST: Final = """
MATCH (l:Load) WHERE l.case = $case
RETURN l.id AS id, l.status AS status, l.finished AS finished, l.number AS number
ORDER BY number DESC, id LIMIT 1
"""
_ENTITIES: Final = """
MATCH (n:Entity) WHERE n.id IN $ids
RETURN properties(n) AS p, [label IN labels(n) WHERE label <> 'Entity'][0] AS label
"""
_NAMED: Final = """
MATCH (n:{label}) WHERE n.case = $case
RETURN n.id AS id, n.caption AS caption, {names} n.naming AS naming,
       n.naming_reason AS reason, n.naming_by AS by, n.naming_on AS on, n.of AS of
ORDER BY id
"""
_CALLED: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.kind = 'wording' AND c.measure IN ['name', 'called']
RETURN c.subject AS id, c.value AS name ORDER BY id, name
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
_SUPPORTS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(source:Source)
RETURN c.id AS claim, properties(s) AS p, p.id AS passage, source.id AS source,
       source.latest AS day
"""
_PASSAGES: Final = "MATCH (n:Record) WHERE n.id IN $ids AND n:Passage RETURN properties(n) AS p"
_RELAYS: Final = """
MATCH (p:Record) WHERE p.id IN $ids
MATCH (p)-[:RELAYS]->(s:Source)
RETURN p.id AS start, s.id AS end ORDER BY start, end
"""
_SOURCES: Final = "MATCH (n:Record) WHERE n.id IN $ids AND n:Source RETURN properties(n) AS p"
_HELD: Final = """
MATCH (s:Record) WHERE s.id IN $ids AND s:Source
MATCH (s)<-[:FROM]-(:Passage)
RETURN DISTINCT s.id AS id
"""
_DIFFERS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)-[d:DIFFERS]-(o:Claim)
RETURN DISTINCT c.id AS claim, d.how AS how, o.id AS other
"""
_HIDDEN: Final = """
MATCH (s:Source) WHERE s.case = $case AND s.confidential = true RETURN s.id AS id
"""
_OWN: Final = """
MATCH (n:{label}) WHERE n.case = $case RETURN properties(n) AS p ORDER BY n.id
"""
_TOUCHED: Final = """
MATCH (s:Record) WHERE s.id IN $ids AND s:Source
MATCH (s)<-[:FROM]-(p:Passage)
MATCH (p)-[:SUPPORTS]->(c:Claim)
RETURN DISTINCT c.subject AS subject, c.object AS object
"""
_LEANING: Final = """
MATCH (s:Record) WHERE s.id IN $ids AND s:Source
MATCH (s)<-[:FROM]-(p:Passage)
MATCH (p)-[:SUPPORTS]->(c:Claim)
RETURN DISTINCT c.id AS id, c.kind AS kind, c.subject AS subject, c.object AS object
"""
_SIZES: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.kind = 'figure' AND c.measure = 'size'
RETURN c.id AS id, c.subject AS subject, c.number AS number, c.comparator AS comparator ORDER BY id
"""
_TOLD_OF: Final = """
MATCH (p:Record) WHERE p.id IN $ids AND p:Passage
MATCH (p)-[s:SUPPORTS]->(c:Claim)
RETURN p.id AS passage, c.subject AS subject, c.object AS object, s.said_by AS speaker
"""
_STANDING_CLAIMS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)<-[:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(s:Source) WHERE NOT s.id IN $hidden
RETURN DISTINCT c.id AS id
"""
_STANDING: Final = """
MATCH (c:Claim) WHERE c.{end} IN $ids
MATCH (c)<-[:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(s:Source) WHERE NOT s.id IN $hidden
RETURN DISTINCT c.{end} AS id
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
    met = _Met()
    labels, entities = _entities(store, ids, ())
    _refuse_strangers(case, ids, entities)
    claims = Shelf(_claims(store, _claim_ids(store, view, ids), until, met))
    relayed = _relayed(store, met.sources)
    all_sources = met.sources | set(relayed) | {end for ends in relayed.values() for end in ends}
    hidden = frozenset(row["id"] for row in store.read(_HIDDEN, {"case": case}))
    more = _entities(store, (), met.speakers.difference(entities))
    labels, entities = {**labels, **more[0]}, {**entities, **more[1]}
    named = _named(store, case)
    untold = _untold(store, hidden)
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
        labels=labels,
        entities=entities,
        named=named,
        claims=claims,
        passages=ShelfMap(_passages(store, met.passages, {n.id for n in named})),
        sources=_by_id(store, _SOURCES, all_sources),
        relayed=relayed,
        held=frozenset(row["id"] for row in _rows(store, _HELD, all_sources)),
        hidden=hidden,
        only_hidden=_only_hidden(store, hidden, ids) if hidden else frozenset(),
        hidden_figures="figure" in {row["kind"] for row in untold.values()},
        replies=_own(store, case, "Reply"),
        reviews=_own(store, case, "Review"),
        until=until,
        sizes=_sizes(store, case, untold),
        joined=_joined(store, case, untold),
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
        f"{row['id']} {row['status']} {row['finished']}"
        for row in store.read(_NEWEST, {"case": case})
    )
    return Standing(loads, tuple(naming_decisions.decided(store, case).values()))


def _refuse_strangers(case: str, ids: Iterable[str], entities: Mapping[str, Properties]) -> None:
    for id_ in ids:
        if id_ not in entities:
            raise ExportError(f"The graph no longer holds {id_}; make the view again.")
        owner = entities[id_]["case"]
        if owner != case:
            raise ExportError(
                f"{id_} belongs to the case “{owner}”, not to “{case}”, whose decisions on names "
                f"do not hold for it; export it with that case."
            )


@dataclass
class _Met:
    """Whom the claims that were read so far stand on: passages, sources, and who speaks."""

    passages: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    speakers: set[str] = field(default_factory=set)

    def note(self, support: Support) -> None:
        self.passages.add(support.passage)
        self.sources.update((support.source, *support.relays))
        if speaker := support.properties.get("said_by"):
            self.speakers.add(speaker)


def _rows(store: Store, cypher: str, ids: Collection[str], **more: Any) -> Iterator[dict[str, Any]]:
    for batch in in_batches(sorted(ids)):
        yield from store.read(cypher, {"ids": batch, **more})


def _own(store: Store, case: str, label: str) -> tuple[Properties, ...]:
    return tuple(row["p"] for row in store.read(_OWN.format(label=label), {"case": case}))


def _by_id(store: Store, cypher: str, ids: Collection[str]) -> dict[str, Properties]:
    return {row["p"]["id"]: row["p"] for row in _rows(store, cypher, ids)}


def _claim_ids(store: Store, view: Subgraph, ids: Sequence[str]) -> list[str]:
    """The claims that the view draws, those on its entities, and denials between them."""
    here = set(ids)
    found = {relationship.id for relationship in view.relationships}
    found |= {row["id"] for row in _rows(store, _ABOUT, here)}
    found |= {row["id"] for row in _rows(store, _DENIED, here) if row["object"] in here}
    return sorted(found)


def _supporting(
    store: Store, claim_ids: Collection[str], until: str | None
) -> Iterator[dict[str, Any]]:
    for row in _rows(store, _SUPPORTS, claim_ids):
        if until is None or row["day"] <= until:
            yield row


def _supports(
    store: Store, claim_ids: Sequence[str], until: str | None
) -> dict[str, tuple[Support, ...]]:
    rows = list(_supporting(store, claim_ids, until))
    relays = _ends(store, {row["passage"] for row in rows})
    found: dict[str, list[Support]] = {}
    for row in rows:
        support = Support(row["passage"], row["source"], row["p"], relays.get(row["passage"], ()))
        found.setdefault(row["claim"], []).append(support)
    return {
        claim: tuple(sorted(those, key=lambda s: (s.source, s.passage)))
        for claim, those in found.items()
    }


def _ends(store: Store, starts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each passage or source the sources that it relays."""
    found: dict[str, list[str]] = {}
    for row in _rows(store, _RELAYS, starts):
        found.setdefault(row["start"], []).append(row["end"])
    return {start: tuple(ends) for start, ends in found.items()}


def _relayed(store: Store, sources: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Whom each source passes on, followed to the ends of the chains."""
    waiting = set(sources)
    found: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    while waiting:
        seen |= waiting
        fresh = _ends(store, waiting)
        found.update(fresh)
        waiting = {end for ends in fresh.values() for end in ends} - seen
    return found


def _entities(
    store: Store, ids: Sequence[str], speakers: Collection[str]
) -> tuple[dict[str, str], dict[str, Properties]]:
    """Labels and properties of the view's entities, of who speaks, and of what they name."""
    wanted = {*ids, *speakers}
    rows = list(_rows(store, _ENTITIES, wanted))
    others = {id_ for row in rows for id_ in _named_by(store.schema.nodes[row["label"]], row["p"])}
    rows += _rows(store, _ENTITIES, others - wanted)
    return (
        {row["p"]["id"]: row["label"] for row in rows},
        {row["p"]["id"]: row["p"] for row in rows},
    )


def _named_by(declared: NodeType, found: Properties) -> Iterator[str]:
    """The ids of the entities that the properties of one name."""
    for prop in declared.properties:
        if prop.kind == "id" and prop.to == "entity" and found.get(prop.name):
            yield found[prop.name]


def _named(store: Store, case: str) -> tuple[Named, ...]:
    called: dict[str, list[str]] = {}
    for row in store.read(_CALLED, {"case": case}):
        called.setdefault(row["id"], []).append(row["name"])
    found, made = [], naming_decisions.decided(store, case)
    for node_type in store.schema.node_types:
        if not node_type.has_naming:
            continue
        # The description of a group is none of its names.
        by = [p.name for p in node_type.properties if p.search and node_type.naming != "group"]
        columns = ", ".join(f"n.{name} AS name_{name}" for name in by)
        cypher = _NAMED.format(label=node_type.label, names=f"{columns}," if by else "")
        for row in store.read(cypher, {"case": case}):
            names = [*_flat(row[f"name_{name}"] for name in by), row["caption"]]
            more = tuple(name for name in called.get(row["id"], ()) if name not in names)
            kept = tuple(dict.fromkeys(name for name in (*names, *more) if name))
            decided = naming_decisions.counting(row, made.get(row["id"]))
            found.append(Named(row["id"], node_type.label, kept, *decided, row["of"], more))
    return tuple(found)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _joined(store: Store, case: str, untold: Collection[str]) -> dict[str, frozenset[str]]:
    """What entities are told together with, but for what many share: a meeting, a place, a
    group."""
    found: dict[str, set[str]] = {}
    for row in store.read(_JOINED, {"case": case, "far": sorted(store.schema.names("apart"))}):
        if row["id"] in untold:
            continue
        found.setdefault(row["subject"], set()).add(row["object"])
        found.setdefault(row["object"], set()).add(row["subject"])
    return {id_: frozenset(others) for id_, others in found.items()}


def _claims(store: Store, ids: Sequence[str], until: str | None, met: _Met) -> Iterator[Told]:
    """The claims with what stands behind them, those of which somebody had told by that day."""
    for batch in in_batches(ids):
        supports = _supports(store, batch, until)
        told = [id_ for id_ in batch if until is None or id_ in supports]
        for found in supports.values():
            for support in found:
                met.note(support)
        differences = _differences(store, told, supports, until)
        rows = {row["p"]["id"]: row["p"] for row in _rows(store, _CLAIMS, told)}
        for id_ in told:
            if id_ in rows:
                yield Told(id_, rows[id_], supports.get(id_, ()), differences.get(id_, ()))


def _differences(
    store: Store,
    ids: Sequence[str],
    supports: Mapping[str, tuple[Support, ...]],
    until: str | None,
) -> dict[str, tuple[Difference, ...]]:
    """From what other claims each of these differs, and on which sources those stand."""
    differing: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(store, _DIFFERS, ids):
        differing.setdefault(row["claim"], []).append((row["how"], row["other"]))
    others = {other for pairs in differing.values() for _, other in pairs} - set(supports)
    known = {claim: {s.source for s in found} for claim, found in supports.items()}
    for row in _supporting(store, others, until):
        known.setdefault(row["claim"], set()).add(row["source"])
    return {
        claim: tuple(
            Difference(how, other, frozenset(known.get(other, ()))) for how, other in sorted(pairs)
        )
        for claim, pairs in differing.items()
    }


def _only_hidden(store: Store, hidden: frozenset[str], ids: Sequence[str]) -> frozenset[str]:
    """Those of the entities that only confidential sources tell of."""
    here, touched = set(ids), set()
    for row in _rows(store, _TOUCHED, hidden):
        touched |= {row["subject"], row["object"]} & here
    standing = {
        row["id"]
        for end in ("subject", "object")
        for row in _rows(store, _STANDING.format(end=end), touched, hidden=sorted(hidden))
    }
    return frozenset(touched - standing)


def _untold(store: Store, hidden: frozenset[str]) -> dict[str, dict[str, Any]]:
    """The claims of which only confidential sources tell, by id: kind, subject and object."""
    leaning = {row["id"]: row for row in _rows(store, _LEANING, hidden)}
    for row in _rows(store, _STANDING_CLAIMS, leaning, hidden=sorted(hidden)):
        leaning.pop(row["id"], None)
    return leaning


def _sizes(store: Store, case: str, untold: Collection[str]) -> tuple[Size, ...]:
    return tuple(
        Size(row["subject"], row["number"], row["comparator"])
        for row in store.read(_SIZES, {"case": case})
        if row["id"] not in untold
    )


def _passages(
    store: Store, ids: Collection[str], named: Collection[str]
) -> Iterator[tuple[str, Properties]]:
    """The passages by id, each with those of the named of whom it tells."""
    for batch in in_batches(sorted(ids)):
        told: dict[str, set[str]] = {}
        for row in store.read(_TOLD_OF, {"ids": batch}):
            ends = {row["subject"], row["object"], row["speaker"]}
            told.setdefault(row["passage"], set()).update(ends.intersection(named))
        for row in store.read(_PASSAGES, {"ids": batch}):
            id_ = row["p"]["id"]
            yield id_, {**row["p"], "told_of": sorted(told.get(id_, ()))}


# --- views to publish -----------------------------------------------------------------------------

# None of these is placed: what it looks like is made of what is left when names are out. On a
# screen the relationships that stay behind have drawn others to where they lie.

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
_TOTALS: Final = """
MATCH (n:Entity) WHERE n.case = $case
OPTIONAL MATCH (n)-[r]->(:Entity)
RETURN count(DISTINCT n.id) AS nodes, count(r) AS relationships
"""
_PROTECTED: Final = """
MATCH (n:Entity) WHERE n.case = $case AND n.naming = 'protect' RETURN n.id AS id
"""


@dataclass(frozen=True, slots=True)
class _Away:
    """What must not even choose what else is in a view: claims, and entities that leave no trace.

    `ends` counts the relationships among the claims that each entity has.
    """

    claims: frozenset[str]
    entities: frozenset[str]
    ends: Mapping[str, int]


def _away(store: Store, case: str) -> _Away:
    hidden = frozenset(row["id"] for row in store.read(_HIDDEN, {"case": case}))
    untold = _untold(store, hidden)
    touched = {row[end] for row in untold.values() for end in ("subject", "object")} - {None}
    protected = {row["id"] for row in store.read(_PROTECTED, {"case": case})}
    made = naming_decisions.decided(store, case)
    protected |= {id_ for id_, one in made.items() if one.naming == "protect"}
    relationships = [row for row in untold.values() if row["object"]]
    return _Away(
        frozenset(untold),
        _only_hidden(store, hidden, sorted(touched)) | protected,
        Counter(row[end] for row in relationships for end in ("subject", "object")),
    )


def _unplaced(store: Store, ids: Iterable[str]) -> Subgraph:
    """These entities, and all that connects them."""
    wanted = sorted(ids)
    relationships = reads.relationships_of(store, wanted, wanted)
    return Subgraph(tuple(reads.some_nodes(store, wanted)), tuple(relationships))


def whole(store: Store, case: str, limit: int = reads.START) -> Subgraph:
    """The best connected entities of a case, by the relationships that may be known, and what
    connects them."""
    away = _away(store, case)
    asked = {"case": case, "limit": limit + len(away.entities) + len(away.ends)}
    ranked = sorted(
        (away.ends.get(row["id"], 0) - row["degree"], row["id"])
        for row in store.read(_BY_DEGREE, asked)
        if row["id"] not in away.entities
    )
    view = _unplaced(store, (id_ for _, id_ in ranked[:limit]))
    totals = store.read(_TOTALS, {"case": case})[0]
    return replace(
        view,
        cypher=_BY_DEGREE.strip(),
        parameters={"case": case, "limit": limit},
        total_nodes=totals["nodes"] - len(away.entities),
        total_relationships=None if away.entities or away.claims else totals["relationships"],
    )


def surroundings(store: Store, entity: str, hops: int) -> Subgraph:
    """An entity and all within so many relationships that may be known, at most MOST entities.

    Raises ParameterError if the graph does not hold the entity.
    """
    found = store.read(_ENTITIES, {"ids": [entity]})
    if not found:
        raise ParameterError(f"The graph holds nothing of the id “{entity}”.")
    away = _away(store, found[0]["p"]["case"])
    reached, edge, more = {entity}, {entity}, False
    for _ in range(hops):
        near = {r["id"] for r in _rows(store, _NEAR, edge) if r["claim"] not in away.claims}
        fresh = sorted(near - reached - away.entities)
        more = more or len(reached) + len(fresh) > MOST
        edge = set(fresh[: MOST - len(reached)])
        reached |= edge
    view = _unplaced(store, reached)
    asked = {"node": entity, "hops": hops}
    total = len(view.nodes) + 1 if more else None
    return replace(view, cypher=_NEAR.strip(), parameters=asked, total_nodes=total)


def answer_view(store: Store, result: Result, columns: Mapping[str, str]) -> Subgraph:
    """What the rows of a query name: their entities, and what connects these.

    `columns` maps a column to its declared type. Where rows name claims, only the relationships of
    these claims are there. A row that names what leaves no trace is not there, nor is the way that
    it is a step of.
    """
    away = _away(store, str(result.parameters["case"]))
    found: dict[str, set[str]] = {"entity": set(), "claim": set()}
    told = [(record.get("way"), _told_by(record, columns)) for record in result.records()]
    closed = {
        way for way, (entities, claims) in told if entities & away.entities or claims & away.claims
    } - {None}
    for way, (entities, claims) in told:
        if way not in closed and not (entities & away.entities or claims & away.claims):
            found["entity"] |= entities
            found["claim"] |= claims
    for row in _rows(store, _ENDS, found["claim"]):
        found["entity"] |= {row["subject"], row["object"]} - {None}
    view = _unplaced(store, found["entity"])
    if found["claim"]:
        others = {relationship.id for relationship in view.relationships} - found["claim"]
        view = view.without(others)
    return replace(view, cypher=result.cypher, parameters=result.parameters)


def _told_by(record: Mapping[str, Any], columns: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """The entities and the claims that a row names."""
    found: dict[str, set[str]] = {"entity": set(), "claim": set()}
    for name, value in record.items():
        if columns.get(name) in found and value:
            found[columns[name]] |= set(value if isinstance(value, list) else [value])
    return found["entity"], found["claim"]
