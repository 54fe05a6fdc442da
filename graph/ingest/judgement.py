"""What is known of each claim once all of a load is: status, origins, publishers, days, disputes.

Computed once, from the spool, in one pass; the writer stores what comes out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from graph.ingest.checks import Computed, computed
from graph.ingest.differences import differences
from graph.ingest.staging import Spool
from graph.model import amounts
from graph.model.dates import BEGINNING, END, UNKNOWN, Bounds, bounds
from graph.model.origins import Origins, origins
from graph.model.records import Case
from graph.model.search_text import said_text
from graph.model.text import sha256
from graph.model.types.claims import AFFIRMATIVE, CONTESTING, STATUSES
from graph.model.wording import sentence

Properties = dict[str, Any]
Row = Mapping[str, Any]

_HOWS: Final = ",".join(f"'{how}'" for how in CONTESTING)

_CLAIMS: Final = f"""
SELECT c.*, a.caption AS subject_caption, b.caption AS object_caption,
       EXISTS (SELECT 1 FROM differ d WHERE d.start = c.id AND d.how IN ({_HOWS}))
       OR EXISTS (SELECT 1 FROM differ d WHERE d.stop = c.id AND d.how IN ({_HOWS})) AS contested
FROM claim c JOIN entity a ON a.id = c.subject LEFT JOIN entity b ON b.id = c.object
ORDER BY c.predicate, c.rowid
"""  # noqa: S608

# In the order of the claims, so that both are read side by side.
_SUPPORTS: Final = """
SELECT s.*, p.source, EXISTS (SELECT 1 FROM relay r WHERE r.start = s.passage) AS relays
FROM claim c JOIN support s ON s.claim = c.handle JOIN passage p ON p.id = s.passage
ORDER BY c.predicate, c.rowid, s.passage
"""

_encode: Final = json.JSONEncoder(sort_keys=True).encode

BEFORE_REPORT: Final = "before_report"
"""Rule for what is told as past without a date: it ends by the latest day of its report."""


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim as the store keeps it. Ids are local.

    `digest` is the sha256 of all that the store keeps of it: equal digests need no writing.
    """

    id: str
    predicate: str | None
    subject: str
    object: str | None
    properties: Properties
    relationship: Properties | None
    supports: list[Properties]
    digest: str


class Judge:
    """Judges the claims of one spooled load."""

    def __init__(self, spool: Spool, case: Case) -> None:
        self._spool = spool
        spool.add_differences(differences(spool))
        self._case = case.id
        self._computed: Mapping[str, Computed] = computed(spool, case)
        # A case has few sources beside its claims: asked for again and again, looked up once.
        self._published = lru_cache(maxsize=4096)(self._published_uncached)
        self._held = lru_cache(maxsize=4096)(self._held_uncached)
        self._relayed = lru_cache(maxsize=4096)(self._relayed_uncached)

    def claims(self) -> Iterator[JudgedClaim]:
        """Every claim, judged, those of one predicate together."""
        # No claim is without a support, so the two go in step.
        supports = groupby(self._spool.dicts(_SUPPORTS), key=itemgetter("claim"))
        for row, (_, found) in zip(self._spool.dicts(_CLAIMS), supports, strict=True):
            yield self._judge(row, list(found))

    def _judge(self, row: Row, supports: list[Row]) -> JudgedClaim:
        ranks = sorted(STATUSES.index(s["status"]) for s in supports)
        sources = sorted({s["source"] for s in supports})
        reported = min(self._published(source)[0].latest for source in sources)
        days = _days(row, reported)
        found = self._origins(supports)
        contested = bool(row["contested"])
        shared = {
            "earliest": days.earliest,
            "latest": days.latest,
            "reported": reported,
            "origins": len(found.known),
            "contested": contested,
        }
        declared = self._declared(row)
        properties = {
            **_claim_properties(row),
            **declared,
            **shared,
            "strongest": STATUSES[ranks[0]],
            "weakest": STATUSES[ranks[-1]],
            "origin_ids": list(found.known),
            "not_stated": len(found.not_stated),
            "outlets": len({self._published(source)[1] for source in sources}),
            "sentence": sentence(
                {**row, **declared},
                row["subject_caption"],
                row["object_caption"],
                self._spool.schema,
            ),
            **self._follows(row["handle"]),
        }
        properties["search"] = said_text(self._case, properties["sentence"])
        relationship = None
        if row["predicate"] and row["polarity"] == AFFIRMATIVE:
            relationship = {**declared, **shared, "status": STATUSES[ranks[0]]}
        return self._with_digest(row, properties, relationship, supports)

    def _with_digest(
        self,
        row: Row,
        properties: Properties,
        relationship: Properties | None,
        supports: list[Row],
    ) -> JudgedClaim:
        kept = [self._support(s, row["predicate"]) for s in supports]
        digest = sha256(_encode([properties, relationship, kept]))
        return JudgedClaim(
            row["id"], row["predicate"], row["subject"], row["object"],
            properties, relationship, kept, digest,
        )  # fmt: skip

    def _declared(self, row: Row) -> Properties:
        """What the type of a relationship declares, as it is stored."""
        found: Properties = json.loads(row["properties"])
        if not found:
            return found
        declared = self._spool.schema.relationships[row["predicate"]].properties
        return amounts.stored(found, declared)

    def _support(self, row: Row, predicate: str | None) -> Properties:
        names = ("passage", "status", "said_by", "as_worded", "hedge", "rule", "input")
        found: Properties = {name: row[name] for name in names if row[name] is not None}
        found["quoted"] = bool(row["quoted"])
        if row["told"] is not None:
            # What another row with the same key says of its day and its other properties.
            told = json.loads(row["told"])
            declared = told.pop("properties", None)
            if predicate and declared:
                properties = self._spool.schema.relationships[predicate].properties
                found |= amounts.stored(declared, properties)
            found |= {name: value for name, value in told.items() if value is not None}
        return found

    def _follows(self, handle: str) -> Properties:
        found = self._computed.get(handle)
        return {"computed": found.number, "follows": found.follows} if found else {}

    def _origins(self, supports: list[Row]) -> Origins:
        by_source: dict[str, set[str]] = {}
        for support in supports:
            relays = by_source.setdefault(support["source"], set())
            if support["relays"]:
                relays.update(self._relayed(support["passage"]))
        return origins(by_source, self._held, self._relayed)

    def _relayed_uncached(self, start: str) -> list[str]:
        found = self._spool.rows("SELECT stop FROM relay WHERE start = ? ORDER BY stop", [start])
        return [row["stop"] for row in found]

    def _held_uncached(self, source: str) -> bool:
        return self._spool.first("SELECT 1 FROM passage WHERE source = ?", [source]) is not None

    def _published_uncached(self, source: str) -> tuple[Bounds, str]:
        """When a source was published, and which publisher it is of.

        A source without a publisher is a publisher of its own.
        """
        row = self._spool.first("SELECT properties FROM source WHERE id = ?", [source])
        known = json.loads(row["properties"]) if row else {}
        day = bounds(known["published_on"]) if "published_on" in known else UNKNOWN
        return day, known.get("publisher") or f"source:{source}"


def _days(row: Row, reported: str) -> Bounds:
    if row["occurred"]:
        return bounds(row["occurred"])
    if row["unit"] == "edtf":
        return bounds(row["value"])
    if row["when_rule"] == BEFORE_REPORT:
        return Bounds(BEGINNING, reported)
    return Bounds(BEGINNING, END)


def _claim_properties(row: Row) -> Properties:
    names = (
        "kind", "subject", "predicate", "object", "measure", "value", "number", "unit",
        "comparator", "base", "polarity", "when_basis", "when_rule", "when_from",
    )  # fmt: skip
    found = {name: row[name] for name in names if row[name] is not None}
    if row["occurred"] is not None:
        found["when"] = row["occurred"]
    return found
