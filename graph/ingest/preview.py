"""What a load would do to the graph, found without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.ingest import nodes, statements
from graph.ingest.judgement import JudgedClaim
from graph.ingest.nodes import Node
from graph.ingest.staging import Spool
from graph.model.records import CASE_FOLDER, Case
from graph.model.schema import CLAIM_LABEL, ENTITY_LABEL, RECORD_LABEL
from graph.runtime.streams import in_batches
from graph.store.store import Store


@dataclass
class Counts:
    """Of one type: how many are new, would be changed, stay as they are, are asserted no more."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass(frozen=True)
class Other:
    """What another input brought and this load would change, or withdraw (`gone`)."""

    input: str
    what: str
    gone: bool = False


@dataclass
class Preview:
    """What a load would do: counts by type, and what of other inputs it touches."""

    counts: dict[str, Counts] = field(default_factory=dict)
    others: list[Other] = field(default_factory=list)


def preview(
    store: Store, case: Case, name: str, spool: Spool, claims: Iterable[JudgedClaim]
) -> Preview:
    """Compare what was staged and judged with what the graph holds of a case.

    `name` is the input that is loaded: what is of another is listed.
    """
    found = Preview()
    _look(store, found, name, "entities", ENTITY_LABEL, nodes.entities(spool, case))
    _look(store, found, name, "sources", RECORD_LABEL, nodes.sources(spool, case))
    _look(store, found, name, "passages", RECORD_LABEL, nodes.passages(spool, case))
    _look_at_claims(store, found, name, case, spool, claims)
    return found


def _look(
    store: Store, found: Preview, name: str, words: str, label: str, staged: Iterator[Node]
) -> None:
    counts = found.counts.setdefault(words, Counts())
    for batch in in_batches(staged):
        rows = {node.id: node for node in batch}
        standing = _digests(store, label, rows)
        for id_, node in rows.items():
            _count(counts, standing.get(id_), node.digest(), there=id_ in standing)
            if id_ in standing and standing[id_] != node.digest() and _owner(id_) != name:
                told = str(node.properties.get("caption") or node.properties.get("gist") or id_)
                found.others.append(Other(_owner(id_), told))


def _look_at_claims(
    store: Store,
    found: Preview,
    name: str,
    case: Case,
    spool: Spool,
    claims: Iterable[JudgedClaim],
) -> None:
    counts = found.counts.setdefault("claims", Counts())
    for batch in in_batches(claims):
        rows = {nodes.global_id(case, claim.id): claim.digest for claim in batch}
        standing = _digests(store, CLAIM_LABEL, rows)
        for id_, digest in rows.items():
            _count(counts, standing.get(id_), digest, there=id_ in standing)
        changed = [i for i, digest in rows.items() if i in standing and standing[i] != digest]
        _list(store, found, name, changed, gone=False)
    for ids in in_batches(_gone(store, case, spool)):
        counts.gone += len(ids)
        _list(store, found, name, ids, gone=True)


def _gone(store: Store, case: Case, spool: Spool) -> Iterator[str]:
    before = len(f"{case.id}:")
    for row in store.stream(statements.STANDING_CLAIMS, {"case": case.id}):
        if spool.first("SELECT 1 FROM claim WHERE id = ?", [row["id"][before:]]) is None:
            yield row["id"]


def _digests(store: Store, label: str, ids: Iterable[str]) -> dict[str, Any]:
    rows = store.read(statements.existing(label), {"ids": list(ids)})
    return {row["id"]: row["digest"] for row in rows}


def _count(counts: Counts, standing: Any, digest: str, *, there: bool) -> None:
    if not there:
        counts.new += 1
    elif standing == digest:
        counts.unchanged += 1
    else:
        counts.changed += 1


def _list(store: Store, found: Preview, name: str, ids: list[str], *, gone: bool) -> None:
    """Note those claims that another input supports, too."""
    if not ids:
        return
    rows = store.read(statements.BROUGHT_BY, {"ids": ids})
    for row in sorted(rows, key=lambda row: str(row["id"])):
        # A version that knew of one input alone did not note it.
        inputs = sorted(row["inputs"]) or [CASE_FOLDER]
        others = [other for other in inputs if other != name]
        found.others += (Other(other, str(row["sentence"]), gone) for other in others)


def _owner(id_: str) -> str:
    """The input that an id is of: `case:input/local`, or the folder of the case."""
    owner, slash, _ = id_.partition(":")[2].partition("/")
    return owner if slash else CASE_FOLDER
