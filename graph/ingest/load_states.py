"""What the graph says of its Loads.

A Load is `running` until its end, then `complete`; `undoing` while it is taken back, `removing`
while its whole case is. A complete one is at work again while the journal is laid over its inputs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph.ingest.inputs import InputState
from graph.model.records import CASE_FOLDER
from graph.store.store import Store

RUNNING: Final = "running"
COMPLETE: Final = "complete"
UNDOING: Final = "undoing"
REMOVING: Final = "removing"


@dataclass(frozen=True, slots=True)
class LoadState:
    """A Load as the graph tells it. Times are ISO 8601 in UTC.

    `inputs` are those that the graph is made of since then, by name; `silent` is for how many
    seconds nothing was heard of it, by the server's clock; `program` is the version of Sutra that
    loaded it, empty where none is noted. `entries` is the number of the newest entry of the journal
    that was laid over its inputs, `orphans` says why some could not be. `at_work` says that
    somebody is at it, or was when it was cut off.
    """

    id: str
    case: str
    number: int
    status: str
    inputs: Mapping[str, InputState]
    started: str
    finished: str | None
    silent: float = field(compare=False)
    holder: str = field(compare=False)
    title: str
    summary: str
    counts: Mapping[str, int]
    program: str = ""
    entries: int = 0
    orphans: Mapping[str, str] = field(default_factory=dict)
    at_work: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.status == COMPLETE and not self.at_work


def states(store: Store, case: str | None = None) -> list[LoadState]:
    """Every Load of the graph, or of one case: by case, oldest first."""
    where = "WHERE l.case = $case " if case else ""
    rows = store.read(
        f"MATCH (l:Load) {where}RETURN l.id AS id, l.case AS case, l.number AS number, "
        "l.status AS status, l.input AS input, l.inputs AS inputs, l.started AS started, "
        "l.finished AS finished, (timestamp() - l.beat) / 1000.0 AS silent, l.holder AS holder, "
        "l.title AS title, l.summary AS summary, l.counts AS counts, "
        "coalesce(l.program, '') AS program, coalesce(l.entries, 0) AS entries, "
        "l.orphans AS orphans, l.running IS NOT NULL AS at_work ORDER BY l.case, l.number",
        {"case": case},
    )
    return [_state(row) for row in rows]


def _state(row: Mapping[str, Any]) -> LoadState:
    kept = {name: value for name, value in row.items() if name not in ("input", "inputs")}
    noted = json.loads(row["inputs"] or "{}")
    inputs = {name: InputState(**given) for name, given in noted.items()}
    if not inputs:  # a version that knew of one input alone loaded it
        known = InputState(row["input"], row["title"], row["started"], row["program"])
        inputs = {CASE_FOLDER: known}
    told = {name: json.loads(row[name] or "{}") for name in ("counts", "orphans")}
    return LoadState(**{**kept, **told, "inputs": inputs})


def cases(store: Store) -> list[LoadState]:
    """The newest complete Load of each case, by case."""
    newest = {state.case: state for state in states(store) if state.status == COMPLETE}
    return [newest[case] for case in sorted(newest)]


def standing_inputs(store: Store, case: str) -> Mapping[str, InputState]:
    """The inputs that the graph is made of, by name, as the newest complete Load notes them."""
    newest = newest_complete(store, case)
    return newest.inputs if newest else {}


def newest_complete(store: Store, case: str) -> LoadState | None:
    """The Load that says what the graph is made of; None if none came to its end."""
    complete = [state for state in states(store, case) if state.status == COMPLETE]
    return complete[-1] if complete else None


def unfinished(store: Store, case: str) -> LoadState | None:
    """The Load of a case that is at work or was cut off, if there is one."""
    return next((s for s in states(store, case) if not s.ended), None)


def counts(store: Store, case: str) -> dict[str, dict[str, int]]:
    """What the graph holds of a case, by type: entities, relationships, claims, records."""
    entities = store.read(
        "MATCH (n:Entity) WHERE n.case = $case UNWIND labels(n) AS label WITH label "
        "WHERE label <> 'Entity' RETURN label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    relationships = store.read(
        "MATCH (n:Entity) WHERE n.case = $case MATCH (n)-[r]->(:Entity) "
        "RETURN type(r) AS label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    claims = store.read(
        "MATCH (n:Claim) WHERE n.case = $case RETURN n.kind AS label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    records = store.read(
        "MATCH (n:Record) WHERE n.case = $case UNWIND labels(n) AS label WITH label "
        "WHERE label <> 'Record' RETURN label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    withdrawn = store.read(
        "MATCH (n:Withdrawn) WHERE n.case = $case RETURN 'withdrawn' AS label, count(*) AS n",
        {"case": case},
    )

    def table(rows: list[dict[str, Any]]) -> dict[str, int]:
        return {row["label"]: row["n"] for row in rows if row["n"]}

    return {
        "entities": table(entities),
        "relationships": table(relationships),
        "claims": table(claims) | table(withdrawn),
        "records": table(records),
    }
