"""Writes a judged load into the store, in batches, so that only what changed is touched.

Every node that a load asserts carries the load's id and a digest of all that is kept of it: an
equal digest is stamped, another is rewritten, and what no stamp reached is withdrawn at the end.
A batch is one transaction, and a digest is written together with all that it covers, so a batch
whose outcome is not known can be done again, and a load that was cut off run again from its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeVar

from graph.errors import StoreError
from graph.ingest import nodes, statements
from graph.ingest.judgement import JudgedClaim
from graph.ingest.nodes import ClaimRow, Node, Properties, Rows
from graph.ingest.staging import Spool
from graph.model.records import Case
from graph.model.schema import CLAIM_LABEL, ENTITY_LABEL, RECORD_LABEL, WITHDRAWN_LABEL
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.streams import ahead, in_batches
from graph.store.store import Store, Transaction

T = TypeVar("T")

Look = Callable[[Transaction, Iterable[str]], list[Properties]]

NO_LONGER_ASSERTED: Final = "no longer asserted"


@dataclass
class Written:
    """How many nodes (claims among them) were written, left as they were, withdrawn, removed."""

    written: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    removed: int = 0

    def __iadd__(self, more: Written) -> Written:
        """What was done in all; what is unchanged is so since the last time."""
        self.written += more.written
        self.unchanged = more.unchanged
        self.withdrawn += more.withdrawn
        self.removed += more.removed
        return self


def stamp_of(load: str, number: int) -> str:
    """What is stamped on what a load asserts with the entries of the journal up to a number.

    Where entries came since, a load's own stamps say nothing of what it asserts now.
    """
    return f"{load}+{number}" if number else load


def _load_of(stamp: str | None) -> str:
    return (stamp or "").partition("+")[0]


class Writer:
    """Writes one case under one stamp of a load. `day` is the day that withdrawals carry.

    `hold` is called first in each transaction; it raises LoadError where the load is no longer
    this program's. `first` says that the graph holds nothing of the case yet, so that nothing is
    looked for.
    """

    def __init__(
        self, store: Store, case: Case, load: str, day: str, progress: Progress,
        hold: Callable[[Transaction], None], *, first: bool = False,
    ) -> None:  # fmt: skip
        self._store, self._case, self._load, self._day = store, case, load, day
        self._hold = hold
        self._first = first
        self._progress = progress
        self._rows = Rows(case, load)
        self.result = Written()

    def write(
        self, spool: Spool, claims: Iterable[JudgedClaim], *, forget: str | None = None
    ) -> Written:
        """Make the graph hold what the spool and its judged claims assert, and no more of the case.

        `forget` names a load that is taken back: what it was the first to assert is removed rather
        than withdrawn. Returns what was done.
        """
        case = self._case
        entities, sources = spool.count("entity"), spool.count("source")
        self._put_all(ENTITY_LABEL, "Writing entities", nodes.entities(spool, case), entities)
        self._put_bare(nodes.sources(spool, case))
        self._put_all(RECORD_LABEL, "Writing sources", nodes.sources(spool, case), sources)
        passages = spool.count("passage")
        self._put_all(RECORD_LABEL, "Writing passages", nodes.passages(spool, case), passages)
        for found in (nodes.replies(spool, case), nodes.reviews(spool, case)):
            self._put_all(RECORD_LABEL, "Writing replies and checks", found, 0)
        self._put_claims(claims, spool.count("claim"))
        self._put_differences(spool)
        if not self._first:
            self._withdraw(forget)
            self._forget_unlisted()
            self._remove()
        return self.result

    def _id(self, local: str) -> str:
        return nodes.global_id(self._case, local)

    def _looking(self, label: str, *, sought: bool = False) -> Look:
        """A look-up of what stands already, for the transactions of one batch.

        A first load does without, but for what is `sought` all the same, until a batch is done
        again: then its first try may have been kept.
        """
        skip = iter([self._first and not sought])

        def look(transaction: Transaction, ids: Iterable[str]) -> list[Properties]:
            if next(skip, False):
                return []
            return transaction.run(statements.existing(label), {"ids": list(ids)})

        return look

    def _transact(self, work: Callable[[Transaction], T]) -> T:
        """Run a batch; returns what its work returned when it first came to its end.

        A batch whose commit was not answered is done again, and finds all as it wants it if the
        first was kept; so what the first returned is what was done.
        """
        told: list[T] = []

        def alone(transaction: Transaction) -> None:
            # A lost one of this load may still be at its commit, and would not be seen yet: the
            # lock on the Load's node makes this one wait for it.
            self._hold(transaction)
            told.append(work(transaction))

        self._store.transact(alone, repeatable=True)
        return told[0]

    def _write(self, statement: str, parameters: Properties) -> None:
        """Run one statement as a batch."""
        self._transact(lambda transaction: transaction.run(statement, parameters))

    def _count(self, work: Callable[[Transaction], tuple[int, int]]) -> None:
        """Run a batch and count what it wrote and what it left."""
        written, unchanged = self._transact(work)
        self.result.written += written
        self.result.unchanged += unchanged

    # --- entities and records -------------------------------------------------------------------

    def _put_bare(self, sources: Iterator[Node]) -> None:
        """Sources that are not there yet, without digest: they may relay each other."""
        for batch in in_batches(sources):
            ids, look = [node.id for node in batch], self._looking(RECORD_LABEL)

            def work(transaction: Transaction, ids: list[str] = ids, look: Look = look) -> None:
                found = look(transaction, ids)
                missing = sorted(set(ids) - {row["id"] for row in found})
                bare = [{"id": i, "case": self._case.id, "load": self._load} for i in missing]
                _run_rows(transaction, statements.create_node(RECORD_LABEL, "Source"), bare)

            self._transact(work)

    def _put_all(self, label: str, words: str, found: Iterator[Node], total: int) -> None:
        done = 0
        for kind, batch in ahead(_alike(found, attrgetter("kind"))):
            self._progress.step(words, done, total)
            self._count(self._putting(label, kind, batch))
            done += len(batch)
        self._progress.step(words, done, total)

    def _putting(
        self, label: str, kind: str, batch: list[Node]
    ) -> Callable[[Transaction], tuple[int, int]]:
        """Work that creates, replaces or stamps nodes of one kind, with what leaves them."""
        rows = {node.id: self._rows.node(node) for node in batch}
        look = self._looking(label, sought=kind == "Source")

        def work(transaction: Transaction) -> tuple[int, int]:
            found = look(transaction, rows)
            # A node of another type is another node.
            other = {r["id"] for r in found if kind not in r["labels"]}
            same = {r["id"] for r in found if r["digest"] == rows[r["id"]]["digest"]} - other
            standing = {r["id"] for r in found} - same - other
            new = rows.keys() - same - standing
            for forget in statements.FORGET_DIGESTS[label]:
                _run_ids(transaction, forget, other)
            _run_ids(transaction, statements.delete_node(label), other)
            _run_rows(transaction, statements.create_node(label, kind), _pick(rows, new))
            _run_rows(transaction, statements.replace_node(label), _pick(rows, standing))
            _run_ids(transaction, statements.stamp(label), same, load=self._load)
            if label == RECORD_LABEL:
                _run_ids(transaction, statements.UNJOIN_RECORDS, standing)
                _join(transaction, [node for node in batch if node.id not in same])
            return len(new) + len(standing), len(same)

        return work

    # --- claims ---------------------------------------------------------------------------------

    def _put_claims(self, claims: Iterable[JudgedClaim], total: int) -> None:
        done, words = 0, "Writing claims"
        # Judged and made into rows while the server is at work on the batch before.
        rows = ((claim.predicate, self._rows.claim(claim)) for claim in claims)
        for predicate, batch in ahead(_alike(rows, itemgetter(0))):
            self._progress.step(words, done, total)
            self._count(self._putting_claims(predicate, {row.id: row for _, row in batch}))
            done += len(batch)
        self._progress.step(words, done, total)

    def _putting_claims(
        self, predicate: str | None, claims: dict[str, ClaimRow]
    ) -> Callable[[Transaction], tuple[int, int]]:
        """Work that writes claims of one predicate, the relationships they draw, their supports."""
        gone, stands = self._looking(WITHDRAWN_LABEL), self._looking(CLAIM_LABEL)

        def work(transaction: Transaction) -> tuple[int, int]:
            withdrawn = {r["id"] for r in gone(transaction, claims)}
            _run_ids(transaction, statements.ASSERT_AGAIN, withdrawn)
            found = {r["id"]: r for r in stands(transaction, claims)}
            for id_, standing in found.items():
                claims[id_].claim["since"] = standing["since"] or self._load
            same = {i for i, r in found.items() if r["digest"] == claims[i].claim["digest"]}
            same -= withdrawn
            changed = [row for i, row in claims.items() if i in found and i not in same]
            new = [row for i, row in claims.items() if i not in found]
            self._replace_claims(transaction, predicate, changed)
            self._create_claims(transaction, predicate, new)
            supports = [support for row in (*changed, *new) for support in row.supports]
            _run_rows(transaction, statements.CREATE_SUPPORTS, supports)
            _run_ids(transaction, statements.stamp(CLAIM_LABEL), same, load=self._load)
            return len(changed) + len(new), len(same)

        return work

    def _create_claims(
        self, transaction: Transaction, predicate: str | None, rows: Sequence[ClaimRow]
    ) -> None:
        if predicate:
            drawn = [_drawing(row) for row in rows if row.drawn is not None]
            _run_rows(transaction, statements.create_claims_with(predicate), drawn)
        bare = [row.claim for row in rows if row.drawn is None]
        _run_rows(transaction, statements.create_node(CLAIM_LABEL), bare)

    def _replace_claims(
        self, transaction: Transaction, predicate: str | None, rows: Sequence[ClaimRow]
    ) -> None:
        ids = [row.id for row in rows]
        _run_ids(transaction, statements.DELETE_SUPPORTS, ids)
        _run_rows(transaction, statements.replace_node(CLAIM_LABEL), [row.claim for row in rows])
        if predicate:
            _run_ids(transaction, statements.erase(predicate), ids)
            drawn = [_drawing(row) for row in rows if row.drawn is not None]
            _run_rows(transaction, statements.draw(predicate), drawn)

    def _put_differences(self, spool: Spool) -> None:
        """Make DIFFERS what the spool says: stamped where it stands, rewritten where it changed."""
        found = spool.rows("SELECT start, stop, how FROM differ ORDER BY start, stop, how")
        starts = ((start, list(rows)) for start, rows in groupby(found, key=lambda r: r["start"]))
        for batch in in_batches(starts):
            self._progress.step("Writing differences", 0, 0)
            rows = [
                {"one": self._id(r["start"]), "other": self._id(r["stop"]), "how": r["how"]}
                for _, group in batch
                for r in group
            ]
            ids = sorted({row["one"] for row in rows})

            def work(
                transaction: Transaction,
                rows: list[Properties] = rows,
                ids: list[str] = ids,
            ) -> None:
                _run_ids(transaction, statements.DELETE_DIFFERS_FROM, ids)
                _run_rows(transaction, statements.CREATE_DIFFERS, rows, load=self._load)

            self._transact(work)
        for stale in () if self._first else self._unstamped(statements.STALE_DIFFERS):
            ids = [row["id"] for row in stale]
            self._write(statements.DELETE_STALE_DIFFERS, {"ids": ids, "load": self._load})

    # --- what is asserted no more ---------------------------------------------------------------

    def _unstamped(self, statement: str) -> Iterator[list[Properties]]:
        """What a statement finds, in batches; the caller changes each, so that none comes twice."""
        parameters = {"case": self._case.id, "load": self._load, "most": streams.BATCH}
        before: list[Properties] = []
        while found := self._store.read(statement, parameters):
            if found == before:
                raise StoreError(f"The graph keeps {found[0]['id']} as it was; run the load again.")
            before = found
            self._progress.step("Withdrawing what is no longer asserted", 0, 0)
            yield found

    def _withdraw(self, forget: str | None) -> None:
        """Withdraw the claims that this load does not assert.

        Those that `forget` asserted first are removed, and those that only sources which are no
        longer listed carried.
        """
        for number, batch in enumerate(self._unstamped(statements.UNSTAMPED_CLAIMS)):
            if number == 0 and len(batch) == streams.BATCH:
                self._store.shed(statements.case_indexes(self._store.schema))
            gone = [row for row in batch if row["listed"] and _load_of(row["since"]) != forget]
            kept = {row["id"] for row in gone}
            forgotten = [row["id"] for row in batch if row["id"] not in kept]

            def work(
                transaction: Transaction,
                batch: list[Properties] = batch,
                forgotten: list[str] = forgotten,
                gone: list[Properties] = gone,
            ) -> None:
                for predicate in sorted({r["predicate"] for r in batch if r["predicate"]}):
                    ids = [row["id"] for row in batch if row["predicate"] == predicate]
                    _run_ids(transaction, statements.erase(predicate), ids)
                _run_ids(transaction, statements.DELETE_DIFFERS, [row["id"] for row in batch])
                _run_ids(transaction, statements.delete_node(CLAIM_LABEL), forgotten)
                _run_rows(transaction, statements.WITHDRAW, [self._withdrawal(r) for r in gone])

            self._transact(work)
            self.result.withdrawn += len(gone)
            self.result.removed += len(forgotten)

    def _forget_unlisted(self) -> None:
        """Remove what withdrawn claims have from sources that are no longer listed, and those
        that have nothing else: as if such a source had never been loaded."""
        parameters = {"case": self._case.id, "load": self._load}
        cut: set[str] = set()
        standing: set[str] = set()
        for row in self._store.stream(statements.WITHDRAWN_SUPPORTS, parameters):
            (standing if row["listed"] else cut).add(row["id"])
        for ids in in_batches(sorted(cut - standing)):
            self._write(statements.delete_node(WITHDRAWN_LABEL), {"ids": ids})
            self.result.removed += len(ids)
        for ids in in_batches(sorted(cut & standing)):
            more = {"ids": ids, "load": self._load}
            self._write(statements.DELETE_WITHDRAWN_SUPPORTS, more)

    def _withdrawal(self, row: Properties) -> Properties:
        return {
            "id": row["id"], "day": self._day, "load": _load_of(self._load),
            "reason": NO_LONGER_ASSERTED,
        }  # fmt: skip

    def _remove(self) -> None:
        """Remove entities, passages and sources that nothing needs any more.

        What a withdrawn claim stands on stays.
        """
        for statement, label in statements.UNSTAMPED_NODES:
            for batch in self._unstamped(statement):
                self._delete(label, [row["id"] for row in batch])
        for ids in in_batches(self._lost_sources()):
            self._delete(RECORD_LABEL, ids)

    def _delete(self, label: str, ids: list[str]) -> None:
        self._write(statements.delete_node(label), {"ids": ids})
        self.result.removed += len(ids)

    def _lost_sources(self) -> list[str]:
        """Sources of which no passage is left, and that nothing which stays leads to.

        Sources may lead to each other in a ring, so each is followed from what stays.
        """
        parameters = {"case": self._case.id, "load": self._load}
        lost: set[str] = set()
        waiting: list[str] = []
        onward: dict[str, list[str]] = {}
        for row in self._store.stream(statements.UNSTAMPED_SOURCES, parameters):
            lost.add(row["id"])
            if row["stays"]:
                waiting.append(row["id"])
            elif row["user"] is not None:
                onward.setdefault(row["user"], []).append(row["id"])
        while waiting:
            source = waiting.pop()
            if source in lost:
                lost.remove(source)
                waiting += onward.get(source, [])
        return sorted(lost)


def _alike(items: Iterable[T], key: Callable[[T], str]) -> Iterator[tuple[str, list[T]]]:
    """Batches of neighbours with one key, each with that key."""
    for value, group in groupby(items, key=key):
        for batch in in_batches(group):
            yield value, batch


def _drawing(row: ClaimRow) -> Properties:
    """A claim with the relationship it draws, as the statements take it."""
    return {
        "subject": row.subject, "object": row.object, "claim": row.claim, "drawn": row.drawn,
    }  # fmt: skip


def _pick(rows: dict[str, Properties], ids: Iterable[str]) -> list[Properties]:
    return [rows[i] for i in sorted(ids)]


def _run_rows(
    transaction: Transaction, statement: str, rows: Sequence[Properties], **more: Any
) -> None:
    if rows:
        transaction.run(statement, {"rows": rows, **more})


def _run_ids(transaction: Transaction, statement: str, ids: Iterable[str], **more: Any) -> None:
    found = sorted(ids)
    if found:
        transaction.run(statement, {"ids": found, **more})


def _join(transaction: Transaction, found: Iterable[Node]) -> None:
    """Write what leaves these records."""
    rows: dict[str, list[Properties]] = {}
    for node in found:
        for join in node.joins:
            row = {"start": node.id, "end": join.end, "properties": join.properties}
            rows.setdefault(join.kind, []).append(row)
    for kind, joins in rows.items():
        _run_rows(transaction, statements.JOIN_RECORDS[kind], joins)
