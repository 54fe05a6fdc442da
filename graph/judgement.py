"""What is known of each claim once all of a load is: status, origins, outlets, days, disputes.

Computed once, from the spool, in one pass; the writer stores what comes out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graph.checks import Computed, computed
from graph.dates import BEGINNING, END, UNKNOWN, Bounds, bounds
from graph.differences import differences
from graph.origins import Origins, origins
from graph.records import Case
from graph.schema import AFFIRMATIVE, CONTESTING, STATUSES
from graph.spool import Spool
from graph.text import sha256
from graph.wording import sentence

Properties = dict[str, Any]

_HOWS: Final = ",".join(f"'{how}'" for how in CONTESTING)
_CONTESTS: Final = (
    f"SELECT 1 FROM differ WHERE start = ? AND how IN ({_HOWS}) UNION ALL "  # noqa: S608
    f"SELECT 1 FROM differ WHERE stop = ? AND how IN ({_HOWS})"
)

BEFORE_REPORT: Final = "before_report"
"""Rule for what is told as past without a date: it ends by the latest day of its report."""


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim as the store keeps it. Ids are local; `supports` and `differs` name local ids.

    `digest` is the sha256 of all that the store keeps of it: equal digests need no writing.
    """

    id: str
    predicate: str | None
    subject: str
    object: str | None
    properties: Properties
    relationship: Properties | None
    supports: list[Properties]
    differs: list[Properties]
    digest: str


class Judge:
    """Judges the claims of one spooled load."""

    def __init__(self, spool: Spool, case: Case) -> None:
        self._spool = spool
        spool.add_differences(differences(spool))
        self._computed: Mapping[str, Computed] = computed(spool, case)
        # A case has few sources beside its claims: asked for again and again, looked up once.
        self._published = lru_cache(maxsize=4096)(self._published_uncached)
        self._held = lru_cache(maxsize=4096)(self._held_uncached)

    def claims(self) -> Iterator[JudgedClaim]:
        """Every claim, judged, those of one predicate together."""
        for row in self._spool.rows(
            "SELECT c.*, a.caption AS subject_caption, a.label AS subject_label, "
            "b.caption AS object_caption, b.label AS object_label FROM claim c "
            "JOIN entity a ON a.id = c.subject LEFT JOIN entity b ON b.id = c.object "
            "ORDER BY c.predicate, c.rowid"
        ):
            yield self._judge(row)

    def _judge(self, row: sqlite3.Row) -> JudgedClaim:
        supports = list(
            self._spool.rows(
                "SELECT s.*, p.source FROM support s JOIN passage p ON p.id = s.passage "
                "WHERE s.claim = ? ORDER BY s.passage",
                [row["handle"]],
            )
        )
        ranks = sorted(STATUSES.index(s["status"]) for s in supports)
        sources = sorted({s["source"] for s in supports})
        reported = min(self._published(source)[0].latest for source in sources)
        days = _days(row, reported)
        found = self._origins(supports)
        contested = self._spool.first(_CONTESTS, [row["id"], row["id"]]) is not None
        shared = {
            "earliest": days.earliest,
            "latest": days.latest,
            "reported": reported,
            "origins": len(found.known),
            "contested": contested,
        }
        declared = json.loads(row["properties"])
        properties = {
            **_claim_properties(row),
            **declared,
            **shared,
            "strongest": STATUSES[ranks[0]],
            "weakest": STATUSES[ranks[-1]],
            "origin_ids": list(found.known),
            "not_stated": len(found.not_stated),
            "outlets": len({self._published(source)[1] for source in sources}),
            "sentence": sentence(row, row["subject_caption"], row["object_caption"]),
            **self._follows(row["handle"]),
        }
        relationship = None
        if row["predicate"] and row["polarity"] == AFFIRMATIVE:
            relationship = {**declared, **shared, "status": STATUSES[ranks[0]]}
        return self._with_digest(row, properties, relationship, supports)

    def _with_digest(
        self,
        row: sqlite3.Row,
        properties: Properties,
        relationship: Properties | None,
        supports: list[sqlite3.Row],
    ) -> JudgedClaim:
        kept = [_support(s) for s in supports]
        differs = [
            {"other": d["stop"], "how": d["how"]}
            for d in self._spool.rows(
                "SELECT stop, how FROM differ WHERE start = ? ORDER BY stop, how", [row["id"]]
            )
        ]
        # A new type of an end is a new node: its relationships have to be written again.
        labels = [row["subject_label"], row["object_label"]]
        digest = sha256(
            json.dumps([properties, relationship, kept, differs, labels], sort_keys=True)
        )
        return JudgedClaim(
            row["id"], row["predicate"], row["subject"], row["object"],
            properties, relationship, kept, differs, digest,
        )  # fmt: skip

    def _follows(self, handle: str) -> Properties:
        found = self._computed.get(handle)
        return {"computed": found.number, "follows": found.follows} if found else {}

    def _origins(self, supports: list[sqlite3.Row]) -> Origins:
        by_source: dict[str, set[str]] = {}
        for support in supports:
            relays = by_source.setdefault(support["source"], set())
            relays.update(self._relayed(support["passage"]))
        return origins(by_source, self._held, self._relayed)

    def _relayed(self, start: str) -> list[str]:
        found = self._spool.rows("SELECT stop FROM relay WHERE start = ? ORDER BY stop", [start])
        return [row["stop"] for row in found]

    def _held_uncached(self, source: str) -> bool:
        return self._spool.first("SELECT 1 FROM passage WHERE source = ?", [source]) is not None

    def _published_uncached(self, source: str) -> tuple[Bounds, str]:
        """When a source was published, and which outlet it is of.

        A source without a publisher is an outlet of its own.
        """
        row = self._spool.first("SELECT properties FROM source WHERE id = ?", [source])
        known = json.loads(row["properties"]) if row else {}
        day = bounds(known["published_on"]) if "published_on" in known else UNKNOWN
        return day, known.get("publisher") or f"source:{source}"


def _days(row: sqlite3.Row, reported: str) -> Bounds:
    if row["occurred"]:
        return bounds(row["occurred"])
    if row["unit"] == "edtf":
        return bounds(row["value"])
    if row["when_rule"] == BEFORE_REPORT:
        return Bounds(BEGINNING, reported)
    return Bounds(BEGINNING, END)


def _claim_properties(row: sqlite3.Row) -> Properties:
    names = (
        "kind", "subject", "predicate", "object", "measure", "value", "number", "unit",
        "comparator", "base", "polarity", "when_basis", "when_rule", "when_from",
    )  # fmt: skip
    found = {name: row[name] for name in names if row[name] is not None}
    if row["occurred"] is not None:
        found["when"] = row["occurred"]
    return found


def _support(row: sqlite3.Row) -> Properties:
    names = ("passage", "status", "said_by", "as_worded", "hedge", "rule")
    found: Properties = {name: row[name] for name in names if row[name] is not None}
    return {**found, "quoted": bool(row["quoted"])}
