"""What is known of one entity or one claim: its properties, and what sources say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.explore.supports import SUPPORTS
from graph.model.amounts import amount_words
from graph.model.dates import UNKNOWN, Bounds
from graph.model.schema import NodeType, Property, Schema
from graph.model.wording import plain, plain_date
from graph.questions.captions import captions_of
from graph.store.store import Store

MOST_CLAIMS: Final = 100
"""Claims that one inspector lists, at most."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage behind a claim. `source` is a caption; `relays` captions what it passes on.

    `start` and `end` are code points of the source's normalised text, whose sha256 is
    `text_sha256`; `passage_sha256` is the passage's own. `when` is the day that this passage gives
    where the claim has another.
    """

    passage: str
    gist: str
    source: str
    source_id: str
    published: str | None
    status: str
    said_by: str | None
    as_worded: str | None
    hedge: str | None
    quoted: bool
    rule: str | None
    relays: tuple[str, ...]
    start: int | None
    end: int | None
    text_sha256: str | None
    passage_sha256: str | None
    when: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Another claim that differs, and how."""

    how: str
    claim: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A claim with all that stands behind it."""

    id: str
    kind: str
    sentence: str
    predicate: str | None
    subject: str
    object: str | None
    polarity: str
    status: str
    weakest: str
    origins: int
    publishers: int
    not_stated: int
    contested: bool
    when: str
    properties: tuple[tuple[str, str], ...]
    computed: float | int | None
    follows: bool | None
    evidence: tuple[Evidence, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class RelationshipCount:
    """How many relationships of one type an entity has, in one direction."""

    type: str
    outgoing: bool
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class EntityDetail:
    """An entity with what is said of it. `chosen` names properties on which sources differ,
    `otherwise` is what other inputs say of it, as “register: name: Lamps”.

    `claims` are those that are no relationship; `total_claims` says how many there are.
    """

    id: str
    label: str
    type_words: str
    caption: str
    properties: tuple[tuple[str, str], ...]
    chosen: frozenset[str]
    otherwise: tuple[str, ...]
    relationships: tuple[RelationshipCount, ...]
    claims: tuple[ClaimDetail, ...]
    total_claims: int


@dataclass(frozen=True, slots=True)
class Supported:
    """A claim that a passage supports, and how it stands there."""

    claim: str
    sentence: str
    status: str


@dataclass(frozen=True, slots=True)
class PassageDetail:
    """A passage with what it supports; `start`, `end` and the hashes are as in `Evidence`."""

    id: str
    gist: str
    start: int | None
    end: int | None
    text_sha256: str | None
    passage_sha256: str | None
    supports: tuple[Supported, ...]


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """A source with the first of its passages; `total` says how many the graph holds of it."""

    id: str
    caption: str
    status: str
    confidential: bool
    properties: tuple[tuple[str, str], ...]
    passages: tuple[PassageDetail, ...]
    total: int


_ENTITY: Final = """
MATCH (n:Entity {id: $id})
RETURN properties(n) AS properties, [label IN labels(n) WHERE label <> 'Entity'][0] AS label
"""

_RELATIONSHIP_TYPES: Final = """
MATCH (n:Entity {id: $id})
MATCH (n)-[r]-(m:Entity)
RETURN type(r) AS type, startNode(r) = n AS outgoing, count(*) AS count
ORDER BY type, outgoing
"""

_CLAIMS_OF: Final = """
MATCH (c:Claim) WHERE c.subject = $id AND c.kind <> 'relationship'
RETURN c.id AS id ORDER BY c.kind, c.measure, id
"""

_CLAIMS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
RETURN properties(c) AS claim
"""

_EVIDENCE: Final = f"""{SUPPORTS}
RETURN c.id AS claim, properties(s) AS support, properties(p) AS passage,
       properties(source) AS source
ORDER BY claim, source.id, p.start, p.id
"""

_RELAYS: Final = """
MATCH (p:Record) WHERE p.id IN $ids
MATCH (p)-[r:RELAYS]->(s:Source)
RETURN p.id AS passage, properties(s) AS source ORDER BY passage, s.id
"""

_DIFFERENCES: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)-[d:DIFFERS]-(o:Claim)
RETURN c.id AS claim, d.how AS how, o.id AS other, o.sentence AS sentence
ORDER BY claim, how, other
"""

_PASSAGES: Final = """
MATCH (p:Record) WHERE p.id IN $ids AND p:Passage
MATCH (p)-[:FROM]->(source:Source)
RETURN p.id AS id, p.gist AS gist, properties(source) AS source ORDER BY id
"""

_SOURCES: Final = """
MATCH (s:Record) WHERE s.id IN $ids AND s:Source
RETURN s.id AS id, s.caption AS caption ORDER BY id
"""

_SOURCE: Final = """
MATCH (s:Record {id: $id})
RETURN properties(s) AS source, labels(s) AS labels
"""

_REPLACED: Final = """
MATCH (s:Record {id: $id})
MATCH (s)-[r:SUPERSEDES]-(o:Record)
RETURN startNode(r) = s AS newer, properties(o) AS source ORDER BY newer, o.id
"""

_HELD: Final = """
MATCH (s:Record {id: $id})
MATCH (s)<-[:FROM]-(p:Passage)
RETURN count(p) AS total
"""

_STANDS_IN: Final = """
MATCH (s:Record {id: $id})
MATCH (s)<-[:FROM]-(p:Passage)
RETURN properties(p) AS passage ORDER BY coalesce(p.start, 0), p.id LIMIT $most
"""

_SUPPORTED: Final = """
MATCH (p:Record) WHERE p.id IN $ids
MATCH (p)-[s:SUPPORTS]->(c:Claim)
RETURN p.id AS passage, c.id AS claim, c.sentence AS sentence, s.status AS status
ORDER BY passage, claim
"""


def entity(store: Store, id_: str) -> EntityDetail | None:
    """An entity with what is said of it, or None if the graph does not hold it."""
    rows = store.read(_ENTITY, {"id": id_})
    if not rows:
        return None
    properties, label = rows[0]["properties"], rows[0]["label"]
    claim_ids = [row["id"] for row in store.read(_CLAIMS_OF, {"id": id_})]
    found = claims(store, claim_ids[:MOST_CLAIMS])
    return EntityDetail(
        id=id_,
        label=label,
        type_words=store.schema.nodes[label].words,
        caption=properties["caption"],
        properties=tuple(_entity_properties(store.schema.nodes[label], properties)),
        chosen=frozenset(properties.get("chosen", [])),
        otherwise=tuple(properties.get("otherwise", [])),
        relationships=tuple(
            _relationship(store.schema, row) for row in store.read(_RELATIONSHIP_TYPES, {"id": id_})
        ),
        claims=tuple(found),
        total_claims=len(claim_ids),
    )


def behind(id_: str, claims: Sequence[str] = ()) -> list[tuple[str, str, Mapping[str, Any]]]:
    """What is asked of the graph for an entity, or for claims: what for, Cypher, its parameters."""
    asked = {"ids": list(claims)}
    entity_ = [
        ("What it is", _ENTITY, {"id": id_}),
        ("Its connections, by type", _RELATIONSHIP_TYPES, {"id": id_}),
        ("What is said of it", _CLAIMS_OF, {"id": id_}),
    ]
    return [
        *([] if id_ in claims else entity_),
        ("The claims", _CLAIMS, asked),
        ("The passages that they stand in", _EVIDENCE, asked),
        ("What differs from them", _DIFFERENCES, asked),
    ]


def claim(store: Store, id_: str) -> ClaimDetail | None:
    """A claim with all that stands behind it, or None if the graph does not hold it."""
    return next(iter(claims(store, [id_])), None)


def either(store: Store, id_: str) -> ClaimDetail | EntityDetail | None:
    """The claim or the entity of that id, or None if the graph holds neither."""
    return claim(store, id_) or entity(store, id_)


def claims(store: Store, ids: Sequence[str]) -> list[ClaimDetail]:
    """Claims with all that stands behind them, in the order of `ids`; unknown ids are left out."""
    asked = {"ids": list(ids)}
    found = {row["claim"]["id"]: row["claim"] for row in store.read(_CLAIMS, asked)}
    evidence = _evidence(store, list(found))
    differences: dict[str, list[Difference]] = {}
    for row in store.read(_DIFFERENCES, asked):
        difference = Difference(row["how"], row["other"], row["sentence"])
        differences.setdefault(row["claim"], []).append(difference)
    return [
        _claim(store.schema, found[i], evidence.get(i, []), differences.get(i, []))
        for i in ids
        if i in found
    ]


def _claim(
    schema: Schema,
    found: Mapping[str, Any],
    evidence: list[Evidence],
    differences: list[Difference],
) -> ClaimDetail:
    predicate = found.get("predicate")
    declared = schema.relationships[predicate].properties if predicate else ()
    return ClaimDetail(
        id=found["id"],
        kind=found["kind"],
        sentence=found["sentence"],
        predicate=found.get("predicate"),
        subject=found["subject"],
        object=found.get("object"),
        polarity=found["polarity"],
        status=found["strongest"],
        weakest=found["weakest"],
        origins=found["origins"],
        publishers=found["outlets"],
        not_stated=found["not_stated"],
        contested=found["contested"],
        when=when_words(
            found.get("when"),
            found.get("when_rule"),
            found.get("value") if found.get("unit") == "edtf" else None,
            Bounds(found["earliest"], found["latest"]),
        ),
        properties=tuple(
            (prop.words, _value_words(prop, found[prop.name]))
            for prop in declared
            if prop.name in found
        ),
        computed=found.get("computed"),
        follows=found.get("follows"),
        evidence=tuple(evidence),
        differences=tuple(differences),
    )


def when_words(when: str | None, rule: str | None, value: str | None, days: Bounds) -> str:
    """When a claim's fact was, in words: the date as given and how it is known.

    `rule` is how `when` was inferred; `value` is that of a figure that is a date.
    """
    if when:
        return plain_date(when) + (f", inferred: {plain(rule)}" if rule else "")
    if days == UNKNOWN:
        return "not known"
    if value is not None:
        return plain_date(value)
    return f"by {plain_date(days.latest)}, when it was reported"


def _evidence(store: Store, ids: list[str]) -> dict[str, list[Evidence]]:
    rows = store.read(_EVIDENCE, {"ids": ids})
    relays: dict[str, list[str]] = {}
    passages = sorted({row["passage"]["id"] for row in rows})
    for row in store.read(_RELAYS, {"ids": passages}):
        relays.setdefault(row["passage"], []).append(source_caption(row["source"]))
    speakers = {row["support"].get("said_by") for row in rows} - {None}
    captions = captions_of(store, speakers)
    found: dict[str, list[Evidence]] = {}
    for row in rows:
        found.setdefault(row["claim"], []).append(_one_evidence(row, relays, captions))
    return found


def _one_evidence(
    row: Mapping[str, Any], relays: Mapping[str, list[str]], captions: Mapping[str, str]
) -> Evidence:
    support, passage, source = row["support"], row["passage"], row["source"]
    speaker = support.get("said_by")
    return Evidence(
        passage=passage["id"],
        gist=passage["gist"],
        source=source_caption(source),
        source_id=source["id"],
        published=source.get("published_on"),
        status=support["status"],
        said_by=captions.get(speaker, speaker) if speaker else None,
        as_worded=support.get("as_worded"),
        hedge=support.get("hedge"),
        quoted=bool(support.get("quoted")),
        rule=support.get("rule"),
        relays=tuple(relays.get(passage["id"], ())),
        start=passage.get("start"),
        end=passage.get("end"),
        text_sha256=source.get("text_sha256"),
        passage_sha256=passage.get("sha256"),
        when=support.get("when"),
    )


def source(store: Store, id_: str, most: int) -> SourceDetail | None:
    """A source with that many of its passages and what they support; None if there is none."""
    rows = store.read(_SOURCE, {"id": id_})
    if not rows or "Source" not in rows[0]["labels"]:
        return None
    found = rows[0]["source"]
    replaced = [
        ("replaces" if row["newer"] else "replaced by", source_caption(row["source"]))
        for row in store.read(_REPLACED, {"id": id_})
    ]
    return SourceDetail(
        id=id_,
        caption=found["caption"],
        status=found.get("status") or "current",
        confidential=bool(found.get("confidential")),
        properties=(*_source_properties(store.schema, found), *replaced),
        passages=tuple(_passages_of(store, found, most)),
        total=store.read(_HELD, {"id": id_})[0]["total"],
    )


def is_source(store: Store, id_: str) -> bool:
    """Whether that is the id of a source."""
    return any("Source" in row["labels"] for row in store.read(_SOURCE, {"id": id_}))


def _passages_of(store: Store, source: Mapping[str, Any], most: int) -> Iterator[PassageDetail]:
    rows = store.read(_STANDS_IN, {"id": source["id"], "most": most})
    passages = [row["passage"] for row in rows]
    supports: dict[str, list[Supported]] = {}
    for row in store.read(_SUPPORTED, {"ids": [passage["id"] for passage in passages]}):
        supported = Supported(row["claim"], row["sentence"], row["status"])
        supports.setdefault(row["passage"], []).append(supported)
    for passage in passages:
        yield PassageDetail(
            id=passage["id"],
            gist=passage["gist"],
            start=passage.get("start"),
            end=passage.get("end"),
            text_sha256=source.get("text_sha256"),
            passage_sha256=passage.get("sha256"),
            supports=tuple(supports.get(passage["id"], ())),
        )


def _source_properties(schema: Schema, found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a source says of itself: what is said elsewhere, and what only programs read, is not."""
    told = ("caption", "status", "confidential", "supersedes")
    for prop in schema.records["Source"].properties:
        value = found.get(prop.name)
        if not value and prop.name in ("publisher", "published_on") and found["kind"] != "unnamed":
            yield prop.words, "not known"
        if prop.name in told or prop.name.endswith(("sha256", "_length")) or value in (None, ""):
            continue
        yield prop.words, _value_words(prop, value)


def behind_source(id_: str, most: int) -> list[tuple[str, str, Mapping[str, Any]]]:
    """What is asked of the graph for a source: what for, Cypher, its parameters."""
    return [
        ("What it is", _SOURCE, {"id": id_}),
        ("Its passages", _STANDS_IN, {"id": id_, "most": most}),
    ]


def called(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """What entities and sources are called, by id; unknown ids are left out."""
    asked = sorted(ids)
    sources = {row["id"]: row["caption"] for row in store.read(_SOURCES, {"ids": asked})}
    return {**sources, **captions_of(store, asked)}


def passages(store: Store, ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """Passages by id, with our gist and the caption of the source; unknown ids are left out."""
    found = {row["id"]: row for row in store.read(_PASSAGES, {"ids": list(ids)})}
    return [
        (id_, found[id_]["gist"], source_caption(found[id_]["source"]))
        for id_ in ids
        if id_ in found
    ]


def source_caption(source: Mapping[str, Any]) -> str:
    """A source as a reader meets it: what the case calls it, who published it, and when."""
    if source.get("kind") == "unnamed":
        return str(source["caption"])
    publisher = source.get("publisher") or "publisher not known"
    day = source.get("published_on")
    when = "date not known" if day is None else plain_date(day)
    basis = ", date inferred" if day and source.get("published_basis") == "inferred" else ""
    return f"{source['caption']} ({publisher}, {when}{basis})"


def _relationship(schema: Schema, row: Mapping[str, Any]) -> RelationshipCount:
    declared = schema.relationships[row["type"]]
    words = declared.words if row["outgoing"] else declared.reverse
    return RelationshipCount(row["type"], row["outgoing"], words, row["count"])


def _entity_properties(declared: NodeType, found: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    # How it may be named in print stands last: it is the newsroom's, not the sources'.
    for prop in sorted(declared.properties, key=lambda prop: not prop.printed):
        value = found.get(prop.name)
        if value is not None and value != [] and value != found["caption"]:
            yield prop.words, _value_words(prop, value)


def _value_words(prop: Property, value: Any) -> str:
    """A property's value for people."""
    match prop.kind:
        case "list":
            return ", ".join(value)
        case "bool":
            return "yes" if value else "no"
        case "edtf":
            return plain_date(value)
        case "term":
            return plain(value)
        case "number" | "money":
            return amount_words(value)
        case _:
            return str(value)
