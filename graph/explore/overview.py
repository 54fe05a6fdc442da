"""A case at a glance: what is in it, when it plays, what is contested, where to start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import UnknownCase
from graph.explore import reads
from graph.model.dates import BEGINNING, END
from graph.model.types.claims import CONTESTING
from graph.store.store import Store


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two claims that differ. `contests` says that not both can be right."""

    how: str
    contests: bool
    one_id: str
    one: str
    other_id: str
    other: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A figure that does not follow from its parts: what is stated, and what they make."""

    claim: str
    sentence: str
    computed: float | int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A saved query to start with."""

    query: str
    words: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page says of a case.

    `alleged` counts claims that some passage only alleges, `one_outlet` those that one publisher
    alone tells. `first` and `last` are the days of its dated events, or None if none is known;
    `until` is the day by which all that has no day of its own had happened, or None if none is
    known.
    """

    case: str
    title: str
    summary: str
    load: str
    loaded: str
    entries: int
    entities: int
    relationships: int
    claims: int
    passages: int
    sources: int
    alleged: int
    one_publisher: int
    first: str | None
    last: str | None
    until: str | None
    disputes: tuple[Dispute, ...]
    misfits: tuple[Misfit, ...]
    questions: tuple[Suggestion, ...]
    loading: bool


_LOADS: Final = """
MATCH (l:Load) WHERE l.case = $case
RETURN properties(l) AS load ORDER BY l.number
"""
_CLAIMS: Final = """
MATCH (c:Claim) WHERE c.case = $case
RETURN count(c) AS n,
       sum(CASE WHEN c.weakest = 'alleged' THEN 1 ELSE 0 END) AS alleged,
       sum(CASE WHEN c.outlets = 1 THEN 1 ELSE 0 END) AS single
"""
# The same days as the clock of the Explore page has: of what happened, and of the relationships.
_DAYS: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.polarity = 'affirmative'
RETURN min(CASE WHEN c.unit = 'edtf' AND c.earliest > $unknown THEN c.earliest END) AS first,
       max(CASE WHEN c.unit = 'edtf' AND c.earliest > $unknown THEN c.latest END) AS last,
       max(CASE WHEN c.latest < $open THEN c.latest END) AS until
"""
_ENDS: Final = {"unknown": BEGINNING, "open": END}
_DISPUTES: Final = """
MATCH (a:Claim) WHERE a.case = $case
MATCH (a)-[d:DIFFERS]->(b:Claim)
RETURN d.how AS how, a.id AS one_id, a.sentence AS one, b.id AS other_id, b.sentence AS other
ORDER BY how, one_id, other_id
"""
_MISFITS: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.follows = false
RETURN c.id AS claim, c.sentence AS sentence, c.computed AS computed ORDER BY claim
"""
_RECORDS: Final = """
MATCH (n:Record) WHERE n.case = $case
UNWIND labels(n) AS label
WITH label WHERE label <> 'Record'
RETURN label, count(*) AS n ORDER BY label
"""
# What others only pass on is a source too, of which the case holds no passage.
_SOURCES: Final = """
MATCH (s:Source) WHERE s.case = $case AND EXISTS { (s)<-[:FROM]-(:Passage) }
RETURN count(s) AS n
"""


def overview(store: Store, case: str) -> Overview:
    """A case at a glance; raises UnknownCase if no load of it is complete."""
    known = [row["load"] for row in store.read(_LOADS, {"case": case})]
    complete = [load for load in known if load["status"] == "complete"]
    if not complete:
        raise UnknownCase(f"The graph holds no case “{case}”; load it with `sutra load FOLDER`.")
    load, asked = complete[-1], {"case": case}
    entities, relationships = reads.totals(store, case)
    claims = store.read(_CLAIMS, asked)[0]
    days = store.read(_DAYS, {**asked, **_ENDS})[0]
    records = {row["label"]: row["n"] for row in store.read(_RECORDS, asked)}
    return Overview(
        case=case,
        title=load["title"],
        summary=load["summary"],
        load=load["id"],
        loaded=load["finished"],
        entries=load.get("entries", 0),
        entities=entities,
        relationships=relationships,
        claims=claims["n"],
        passages=records.get("Passage", 0),
        sources=store.read(_SOURCES, asked)[0]["n"],
        alleged=claims["alleged"] or 0,
        one_publisher=claims["single"] or 0,
        first=days["first"],
        last=days["last"] if days["last"] != END else None,
        until=days["until"],
        disputes=disputes(store, case),
        misfits=tuple(Misfit(**row) for row in store.read(_MISFITS, asked)),
        questions=tuple(Suggestion(**q) for q in json.loads(load.get("questions") or "[]")),
        loading=any(load["status"] != "complete" or "running" in load for load in known),
    )


def behind(case: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """What is asked of the graph for a case at a glance: what for, Cypher, its parameters."""
    asked = {"case": case}
    return [
        ("People, bodies, orders and other entities", reads.ENTITIES, asked),
        ("Connections between them", reads.RELATIONSHIPS, asked),
        ("Claims, those alleged, those told by one publisher alone", _CLAIMS, asked),
        ("Passages", _RECORDS, asked),
        ("Sources that hold them", _SOURCES, asked),
        ("The first and the last dated day", _DAYS, {**asked, **_ENDS}),
        ("What does not agree", _DISPUTES, asked),
        ("What does not follow from its parts", _MISFITS, asked),
    ]


def disputes(store: Store, case: str) -> tuple[Dispute, ...]:
    """Every pair of claims of a case that differ, those that contest each other first."""
    found = [
        Dispute(contests=row["how"] in CONTESTING, **row)
        for row in store.read(_DISPUTES, {"case": case})
    ]
    return tuple(sorted(found, key=lambda d: not d.contests))
