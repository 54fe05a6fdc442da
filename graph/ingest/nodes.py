"""What is stored of each entity, record and claim of a load, with ids as the store has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from graph.ingest.judgement import JudgedClaim
from graph.ingest.staging import Spool
from graph.model import amounts
from graph.model.dates import UNKNOWN, bounds
from graph.model.records import Case
from graph.model.schema import SAID_TEXT, SEARCH_TEXT, NodeType
from graph.model.search_text import name_text, said_text
from graph.model.text import sha256

Properties = dict[str, Any]

_CALLED: Final = ("caption", "title", "publisher")
"""What a source is found by."""


@dataclass(frozen=True, slots=True)
class Join:
    """A relationship from a record to another record, by global ids."""

    kind: str
    end: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class Node:
    """A node of one kind, with all that leaves it. Equal digests need no writing."""

    kind: str
    properties: Properties
    joins: list[Join] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The store's id."""
        return str(self.properties["id"])

    def digest(self) -> str:
        """The sha256 of all that the store keeps of it."""
        joins = [[join.kind, join.end, join.properties] for join in self.joins]
        return sha256(json.dumps([self.kind, self.properties, joins], sort_keys=True))


def global_id(case: Case, local: str) -> str:
    """The store's id of an id that is local to its case."""
    return f"{case.id}:{local}"


def entities(spool: Spool, case: Case) -> Iterator[Node]:
    """Every entity, those of one type together."""
    chosen: dict[str, list[str]] = {}
    for choice in case.choices:
        chosen.setdefault(choice["entity"], []).append(choice["property"])
    for row in spool.rows("SELECT * FROM entity ORDER BY label, rowid"):
        declared = spool.schema.nodes[row["label"]]
        properties = amounts.stored(json.loads(row["properties"]), declared.properties)
        otherwise = json.loads(row["otherwise"] or "[]")
        names = [row["caption"], *_searchable(declared, properties)]
        names += _names_of_others(declared, otherwise)
        for prop in declared.properties:
            if prop.kind == "id" and prop.name in properties:
                properties[prop.name] = global_id(case, properties[prop.name])
        if row["id"] in chosen:
            properties["chosen"] = sorted(chosen[row["id"]])
        if otherwise:
            properties["otherwise"] = [_told(*one) for one in otherwise]
        if declared.says in properties:
            properties[SAID_TEXT] = said_text(case.id, properties[declared.says])
        yield Node(
            row["label"],
            {
                **properties,
                "id": global_id(case, row["id"]),
                "caption": row["caption"],
                SEARCH_TEXT: name_text(case.id, row["label"], names),
            },
        )


def _told(source: str, name: str, value: Any) -> str:
    """What an input says of an entity that another says otherwise, as “register: name: Lamps”."""
    return f"{source}: {name}: {' | '.join(value) if isinstance(value, list) else value}"


def _names_of_others(declared: NodeType, otherwise: list[list[Any]]) -> Iterator[str]:
    for _, name, value in otherwise:
        prop = declared.get(name)
        if name == "caption" or (prop is not None and prop.search):
            yield from value if isinstance(value, list) else [value]


def _searchable(declared: NodeType, properties: Properties) -> Iterator[str]:
    for prop in declared.properties:
        value = properties.get(prop.name, []) if prop.search else []
        yield from value if isinstance(value, list) else [value]


def sources(spool: Spool, case: Case) -> Iterator[Node]:
    """Every source, with the sources that it relays or supersedes."""
    for row in spool.rows("SELECT * FROM source ORDER BY rowid"):
        properties = json.loads(row["properties"])
        joins = _relays(spool, case, row["id"])
        if "supersedes" in properties:
            properties["supersedes"] = global_id(case, properties["supersedes"])
            joins.append(Join("SUPERSEDES", properties["supersedes"], {}))
        day = bounds(properties["published_on"]) if "published_on" in properties else UNKNOWN
        days = {"earliest": day.earliest, "latest": day.latest}
        names = [properties[name] for name in _CALLED if properties.get(name)]
        yield Node(
            "Source",
            {
                **properties,
                **days,
                "id": global_id(case, row["id"]),
                "search": name_text(case.id, "Source", names),
            },
            joins,
        )


def passages(spool: Spool, case: Case) -> Iterator[Node]:
    """Every passage, with its source and the sources that it relays."""
    for row in spool.rows("SELECT * FROM passage ORDER BY rowid"):
        source = global_id(case, row["source"])
        place = {"start": row["start"], "end": row["stop"]}
        declared = json.loads(row["properties"])
        properties = {
            **declared,
            **{name: value for name, value in place.items() if value is not None},
            "search": said_text(case.id, declared["gist"]),
            "id": global_id(case, row["id"]),
            "source": source,
        }
        joins = [Join("FROM", source, {}), *_relays(spool, case, row["id"])]
        yield Node("Passage", properties, joins)


def replies(spool: Spool, case: Case) -> Iterator[Node]:
    """Every reply that was asked for; its id is made of the party, the allegation and the day."""
    for row in spool.rows(_REPLIES):
        claim = row["allegation_id"]
        found = {name: row[name] for name in ("asked_on", "deadline", "answer")}
        found["party"] = global_id(case, row["party"])
        found["allegation"] = global_id(case, claim) if claim else None
        key = _short([row["party"], claim, row["asked_on"]])
        kept = {name: value for name, value in found.items() if value is not None}
        yield Node("Reply", {**kept, "id": global_id(case, f"reply-{key}")})


def reviews(spool: Spool, case: Case) -> Iterator[Node]:
    """Every check by a second person; its id is made of the claim and the person."""
    for row in spool.rows(_REVIEWS):
        found = {name: row[name] for name in ("evidence", "checked_by", "checked_on")}
        key = _short([row["claim_id"], row["checked_by"]])
        claim = global_id(case, row["claim_id"])
        yield Node("Review", {**found, "claim": claim, "id": global_id(case, f"review-{key}")})


_REPLIES: Final = """
SELECT r.*, coalesce(c.id, r.allegation) AS allegation_id
FROM reply r LEFT JOIN claim c ON c.handle = r.allegation ORDER BY r.rowid
"""
_REVIEWS: Final = """
SELECT r.*, coalesce(c.id, r.claim) AS claim_id
FROM review r LEFT JOIN claim c ON c.handle = r.claim ORDER BY r.rowid
"""


def _short(key: list[str | None]) -> str:
    return sha256(json.dumps(key))[:10]


def _relays(spool: Spool, case: Case, start: str) -> list[Join]:
    found = spool.rows(
        "SELECT * FROM relay WHERE start = ? ORDER BY stop, evidence, status, rule", [start]
    )
    return [Join("RELAYS", global_id(case, row["stop"]), _relay(case, row)) for row in found]


def _relay(case: Case, row: Any) -> Properties:
    names = ("status", "rule", "input")
    properties = {name: row[name] for name in names if row[name] is not None}
    if row["evidence"] is not None:
        properties["evidence"] = global_id(case, row["evidence"])
    return properties


# --- as rows ------------------------------------------------------------------------------------


@dataclass(slots=True)
class ClaimRow:
    """A claim as it is stored: its node, the relationship it draws (if any), and its supports.

    Each support names `passage`, `claim` and `properties`, as the statements take it.
    """

    id: str
    subject: str
    object: str | None
    claim: Properties
    drawn: Properties | None
    supports: list[Properties]


class Rows:
    """Makes the rows of one case, stamped with one load."""

    def __init__(self, case: Case, load: str) -> None:
        self._case, self._load = case.id, load

    def id(self, local: str) -> str:
        """The store's id of an id that is local to the case."""
        return f"{self._case}:{local}"

    def node(self, node: Node) -> Properties:
        """All properties of an entity or a record."""
        stored = {"case": self._case, "load": self._load, "digest": node.digest()}
        return {**node.properties, **stored}

    def claim(self, claim: JudgedClaim) -> ClaimRow:
        """A claim that this load is the first to assert."""
        id_ = self.id(claim.id)
        properties = {
            **claim.properties,
            "id": id_,
            "case": self._case,
            "digest": claim.digest,
            "load": self._load,
            "since": self._load,
            "origin_ids": [
                "+".join(map(self.id, origin.split("+")))
                for origin in claim.properties["origin_ids"]
            ],
        }
        for name in ("subject", "object", "base"):
            if name in properties:
                properties[name] = self.id(properties[name])
        drawn = None if claim.relationship is None else {**claim.relationship, "claim": id_}
        supports = [self._support(id_, support) for support in claim.supports]
        return ClaimRow(
            id_, properties["subject"], properties.get("object"), properties, drawn, supports
        )

    def _support(self, claim: str, support: Properties) -> Properties:
        properties = dict(support)
        passage = self.id(properties.pop("passage"))
        for name in ("said_by", "base"):
            if name in properties:
                properties[name] = self.id(properties[name])
        return {"passage": passage, "claim": claim, "properties": properties}
