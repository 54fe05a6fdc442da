"""What a load would do to the graph, found without writing anything."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.ingest import nodes, statements
from graph.ingest.judgement import JudgedClaim
from graph.ingest.nodes import Node
from graph.ingest.staging import Spool
from graph.model.records import CASE_FOLDER, JOURNAL, Case
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


class Comparison:
    """Compares what was staged with what the graph holds of a case.

    `name` is the input that is loaded, `others` are those beside it.
    """

    def __init__(
        self, store: Store, case: Case, spool: Spool, name: str, others: Container[str]
    ) -> None:
        self._store, self._case, self._spool = store, case, spool
        self._name, self._others = name, others
        self.found = Preview()

    def run(self, claims: Iterable[JudgedClaim]) -> Preview:
        """Look at all that was staged, and at these judged claims; returns what was found."""
        spool, case = self._spool, self._case
        self._look("entities", ENTITY_LABEL, nodes.entities(spool, case))
        self._look("sources", RECORD_LABEL, nodes.sources(spool, case))
        self._look("passages", RECORD_LABEL, nodes.passages(spool, case))
        self._look_at_claims(claims)
        return self.found

    def _look(self, words: str, label: str, staged: Iterator[Node]) -> None:
        counts = self.found.counts.setdefault(words, Counts())
        for batch in in_batches(staged):
            rows = {node.id: (node.digest(), node) for node in batch}
            standing = self._digests(label, rows)
            for id_, (digest, node) in rows.items():
                owner = self._owner(id_)
                if _count(counts, id_, standing, digest) and owner != self._name:
                    told = str(node.properties.get("caption") or node.properties.get("gist"))
                    self.found.others.append(Other(owner, told))

    def _look_at_claims(self, claims: Iterable[JudgedClaim]) -> None:
        counts = self.found.counts.setdefault("claims", Counts())
        for batch in in_batches(claims):
            rows = {nodes.global_id(self._case, claim.id): claim.digest for claim in batch}
            standing = self._digests(CLAIM_LABEL, rows)
            changed = [i for i, digest in rows.items() if _count(counts, i, standing, digest)]
            self._list(changed, gone=False)
        for ids in in_batches(self._gone()):
            counts.gone += len(ids)
            self._list(ids, gone=True)

    def _gone(self) -> Iterator[str]:
        before = len(nodes.global_id(self._case, ""))
        for row in self._store.stream(statements.STANDING_CLAIMS, {"case": self._case.id}):
            there = "SELECT 1 FROM claim WHERE id = ?"
            if self._spool.first(there, [row["id"][before:]]) is None:
                yield row["id"]

    def _digests(self, label: str, ids: Iterable[str]) -> dict[str, Any]:
        rows = self._store.read(statements.existing(label), {"ids": list(ids)})
        return {row["id"]: row["digest"] for row in rows}

    def _list(self, ids: list[str], *, gone: bool) -> None:
        """Note those claims that another input supports, too."""
        rows = self._store.read(statements.BROUGHT_BY, {"ids": ids}) if ids else []
        for row in sorted(rows, key=lambda row: str(row["id"])):
            # A version that knew of one input alone did not note it.
            inputs = sorted(row["inputs"]) or [CASE_FOLDER]
            self.found.others += (
                Other(other, str(row["sentence"]), gone) for other in inputs if other != self._name
            )

    def _owner(self, id_: str) -> str:
        """The input that an id is of: `case:input/local`, or the folder of the case."""
        owner, slash, _ = id_[len(nodes.global_id(self._case, "")) :].partition("/")
        known = owner in (self._name, JOURNAL) or owner in self._others
        return owner if slash and known else CASE_FOLDER


def _count(counts: Counts, id_: str, standing: dict[str, Any], digest: str) -> bool:
    """Count one; returns whether it stands and would be changed."""
    is_changed = id_ in standing and standing[id_] != digest
    if id_ not in standing:
        counts.new += 1
    elif is_changed:
        counts.changed += 1
    else:
        counts.unchanged += 1
    return is_changed
