"""Whether a pack is still as it was written, and whether what it says still stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from exports.pack.files import Files
from exports.pack.pack import MANIFEST, manifest
from graph.explore.supports import SUPPORTS
from graph.model.types.claims import CONTESTING, STATUSES
from graph.store.store import Store

_CLAIMS: Final = """
MATCH (c:Claim) WHERE c.case = $case
RETURN c.id AS id
"""
_WITHDRAWN: Final = """
MATCH (c:Withdrawn) WHERE c.case = $case
RETURN c.id AS id, c.withdrawn_on AS day, c.withdrawn_because AS why
"""
_SOURCES: Final = "MATCH (s:Source) WHERE s.case = $case RETURN s.id AS id, s.status AS status"
_BEHIND: Final = f"""{SUPPORTS}
RETURN DISTINCT c.id AS claim, source.id AS source, p.id AS passage, s.status AS status,
       source.confidential AS confidential
"""
_DIFFERS: Final = """
MATCH (c:Claim) WHERE c.id IN $ids
MATCH (c)-[d:DIFFERS]-(o:Claim) WHERE d.how IN $hows
RETURN DISTINCT c.id AS claim, o.id AS other
"""


_MENDED: Final = ("corrected", "retracted")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the pack has it. `kind` is file, withdrawn, contested, status,
    corrected, source or unknown; `number` is the fact's in the pack, None for a file."""

    kind: str
    words: str
    number: int | None = None


def against_manifest(files: Files, record: Mapping[str, Any] | None = None) -> list[Finding]:
    """Files that are missing, changed, or not in the manifest. Raises PackError.

    A manifest that was changed along with a file does not give that away; the newsroom's `record`
    does.
    """
    known = {MANIFEST: "", **manifest(files)["files"]}
    recorded = record["files"] if record is not None else None
    found = []
    for name in sorted({*known, *files, *(recorded or ())}):
        if name not in files:
            found.append(Finding("file", f"{name} is missing"))
        elif name not in known:
            found.append(Finding("file", f"{name} is not in the manifest"))
        elif name != MANIFEST and files.sha256(name) != known[name]:
            found.append(Finding("file", f"{name} was changed since the pack was made"))
        elif recorded is not None and files.sha256(name) != recorded.get(name):
            found.append(Finding("file", f"{name} is not as the newsroom's record has it"))
    return found


def against_graph(
    store: Store, files: Mapping[str, bytes], record: Mapping[str, Any] | None
) -> list[Finding]:
    """Facts of a pack that no longer stand as they were printed. Raises PackError.

    `record` is the newsroom's file beside the pack: without it, facts on somebody who is not named
    cannot be found again, and are counted as unknown.
    """
    made = manifest(files)
    case = made["case"]
    back = _back(case, record)
    live = {row["id"] for row in store.read(_CLAIMS, {"case": case})}
    gone = {row["id"]: row for row in store.read(_WITHDRAWN, {"case": case})}
    sources = {row["id"]: row["status"] for row in store.read(_SOURCES, {"case": case})}
    ids = [back(f["id"]) for f in made["facts"]]
    standing = _standing(store, ids, record or {})
    cited = {s["number"]: (back(s["id"]), s["status"]) for s in made["sources"]}
    found = []
    for fact in made["facts"]:
        found += _fact(fact, back(fact["id"]), live, gone, cited, sources, standing)
    return found


@dataclass(slots=True)
class _Standing:
    """How a claim stands now, by what may stand behind it in print."""

    sources: set[str] = field(default_factory=set)
    status: str = ""
    contested: bool = False


def _standing(store: Store, ids: Sequence[str], record: Mapping[str, Any]) -> dict[str, _Standing]:
    """How claims stand now without what stayed behind: what is confidential, what was left out."""
    left = record.get("left_out", ())
    dropped = {item["id"] for item in left if item["what"] == "claim"}
    away = {(claim, p) for claim, found in record.get("supports", {}).items() for p in found}
    others: dict[str, set[str]] = {}
    for row in store.read(_DIFFERS, {"ids": list(ids), "hows": list(CONTESTING)}):
        others.setdefault(row["claim"], set()).add(row["other"])
    wanted = sorted({*ids, *(other for found in others.values() for other in found)})
    found: dict[str, _Standing] = {}
    for row in store.read(_BEHIND, {"ids": wanted}):
        if row["confidential"] or (row["claim"], row["passage"]) in away:
            continue
        here = found.setdefault(row["claim"], _Standing())
        here.sources.add(row["source"])
        known = [here.status] if here.status else []
        here.status = min([*known, row["status"]], key=STATUSES.index)
    for claim, those in others.items():
        if claim in found:
            found[claim].contested = any(other in found for other in those - dropped)
    return found


def _back(case: str, record: Mapping[str, Any] | None) -> Any:
    known = {out: id_ for id_, out in (record or {}).get("ids", {}).items()}
    return lambda id_: known.get(id_, f"{case}:{id_}")


def _fact(
    fact: Mapping[str, Any],
    id_: str,
    live: set[str],
    gone: Mapping[str, Any],
    cited: Mapping[int, tuple[str, str | None]],
    sources: Mapping[str, str | None],
    standing: Mapping[str, _Standing],
) -> list[Finding]:
    number, said = fact["number"], fact["said"]
    if id_ in gone:
        row = gone[id_]
        why = f"withdrawn on {row['day']}: {row['why']}"
        return [Finding("withdrawn", f"[{number}] {said}: {why}", number)]
    if id_ not in live:
        return [Finding("unknown", f"[{number}] {said}: the graph does not hold it", number)]
    found, now = [], standing.get(id_, _Standing())
    if now.contested and not fact["contested"]:
        found.append(Finding("contested", f"[{number}] {said}: is contested now", number))
    if now.status and now.status != fact["status"]:
        words = f"[{number}] {said}: was {fact['status']}, is {now.status}"
        found.append(Finding("status", words, number))
    for source in fact["sources"]:
        source_id, before = cited[source]
        if source_id not in now.sources:
            found.append(Finding("source", f"[{number}] {said}: lost its source S{source}", number))
        elif (is_now := sources.get(source_id)) in _MENDED and is_now != before:
            words = f"[{number}] {said}: its source S{source} was {is_now}"
            found.append(Finding("corrected", words, number))
    return found
