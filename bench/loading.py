"""Ways of loading a case, each to be measured in a process of its own.

All write the same nodes and relationships into an empty graph whose constraints and indexes are
there; ours also keeps which load wrote them and which claims differ.

ours     `graph.ingest.loads`: reading, checking, judging and writing, from the tables of a case
bare     hand-written UNWIND batches over the driver; only the writing is timed, its rows are free
merge    one MERGE a row, on a sample of each batch; its time is extrapolated
graphio  the library graphio, on the same rows; only its own `create` is timed
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import neo4j
from engines import clear

from bench.measuring import peak, seconds
from bench.servers import bare_driver
from graph.ingest import loads, nodes, statements
from graph.ingest.judgement import Judge
from graph.ingest.staging import Spool
from graph.model.records import Case
from graph.model.types import SCHEMA
from graph.runtime.streams import in_batches
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

SAMPLE: Final = 25
"""Rows of a batch of which one MERGE a row is measured."""


@dataclass(frozen=True)
class Batch:
    """Nodes with these labels, a row the properties of each; or, of a `kind`, relationships from
    the one label to the other, a row with the ids `start` and `end` and the `properties` of each.
    """

    labels: tuple[str, ...]
    rows: list[dict[str, Any]]
    kind: str = ""

    @property
    def create(self) -> str:
        """The statement that creates all of `$rows`."""
        if not self.kind:
            return statements.create_node(*self.labels)
        create = f"CREATE (a)-[r:{self.kind}]->(b) SET r = row.properties"
        return f"UNWIND $rows AS row {self._ends} {create}"

    @property
    def merge(self) -> str:
        """The statement that merges `$row`."""
        if not self.kind:
            return f"WITH $row AS row MERGE (n:{':'.join(self.labels)} {{id: row.id}}) SET n = row"
        key = "{claim: row.properties.claim}" if self.labels == ("Entity", "Entity") else ""
        merge = f"MERGE (a)-[r:{self.kind} {key}]->(b) SET r = row.properties"
        return f"WITH $row AS row {self._ends} {merge}"

    @property
    def _ends(self) -> str:
        start, end = self.labels
        return f"MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}})"


def transactions(spool: Spool, case: Case) -> Iterator[list[Batch]]:
    """A whole case in transactions of 5,000 nodes, as somebody would write it by hand."""
    rows = nodes.Rows(case, f"{case.id}:load-0001")
    records = (nodes.sources, nodes.passages)
    for made in (nodes.entities, *records):
        label = "Record" if made in records else "Entity"
        for kind, group in groupby(made(spool, case), attrgetter("kind")):
            for part in in_batches(map(rows.node, group)):
                yield [Batch((label, kind), part)]
    joins = (
        (node.id, join) for made in records for node in made(spool, case) for join in node.joins
    )
    for many in in_batches(joins):
        kinds: dict[str, list[dict[str, Any]]] = {}
        for start, join in many:
            row = {"start": start, "end": join.end, "properties": join.properties}
            kinds.setdefault(join.kind, []).append(row)
        yield [Batch(("Record", "Record"), found, kind) for kind, found in kinds.items()]
    for predicate, judged in groupby(Judge(spool, case).claims(), attrgetter("predicate")):
        for claims in in_batches(map(rows.claim, judged)):
            yield list(_claims(claims, predicate))


def _claims(claims: list[nodes.ClaimRow], predicate: str | None) -> Iterator[Batch]:
    yield Batch(("Claim",), [c.claim for c in claims])
    if predicate:
        drawn = [c for c in claims if c.drawn is not None]
        rows = [{"start": c.subject, "end": c.object, "properties": c.drawn} for c in drawn]
        yield Batch(("Entity", "Entity"), rows, predicate)
    supports = [
        {"start": support["passage"], "end": c.id, "properties": support["properties"]}
        for c in claims
        for support in c.supports
    ]
    yield Batch(("Record", "Claim"), supports, "SUPPORTS")


def _run(session: Any, statement: str, **parameters: Any) -> None:
    session.run(statement, parameters).consume()


def _write(transaction: neo4j.ManagedTransaction, batches: list[Batch]) -> None:
    for batch in batches:
        _run(transaction, batch.create, rows=batch.rows)


def by_hand(driver: neo4j.Driver, made: Iterable[list[Batch]]) -> float:
    """Batches over the bare driver."""
    with driver.session() as session:
        return sum(seconds(session.execute_write, _write, batches) for batches in made)


def by_row(driver: neo4j.Driver, made: Iterable[list[Batch]]) -> float:
    """One MERGE a row, each a transaction, on a sample of each batch; extrapolated to all rows."""
    spent = 0.0
    with driver.session() as session:
        for batch in (batch for batch in chain.from_iterable(made) if batch.rows):
            sample, rest = batch.rows[:SAMPLE], batch.rows[SAMPLE:]
            merging = [seconds(_run, session, batch.merge, row=row) for row in sample]
            spent += statistics.median(merging) * len(batch.rows)  # the first one is planned too
            _run(session, batch.create, rows=rest)
    return spent


def by_graphio(driver: neo4j.Driver, made: Iterable[list[Batch]]) -> float:
    """The same rows through graphio's sets, which it holds in memory; nodes come first."""
    from graphio import NodeSet, RelationshipSet

    sets: dict[tuple[str, ...], Any] = {}
    for batch in chain.from_iterable(made):
        key = batch.kind, *batch.labels
        if not batch.kind:
            found = sets.setdefault(key, NodeSet(list(batch.labels), merge_keys=["id"]))
            for row in batch.rows:
                found.add_node(row)
            continue
        start, end = batch.labels
        found = sets.setdefault(key, RelationshipSet(batch.kind, [start], [end], ["id"], ["id"]))
        for row in batch.rows:
            ends = {"id": row["start"]}, {"id": row["end"]}
            found.add_relationship(*ends, row["properties"])
    ordered = [sets[key] for key in sorted(sets)]  # of nodes the kind is empty
    return seconds(lambda: [each.create(driver) for each in ordered])


WAYS: Final = {"bare": by_hand, "merge": by_row, "graphio": by_graphio}


def measure(way: str, folder: Path) -> tuple[float, float]:
    """Load the case of a folder into the graph that the environment names, emptied before.

    Returns the seconds on the clock, and the peak memory of this process in MB.
    """
    given = read_case(folder)
    with Store.open() as store:
        store.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
        clear(store)
        if way == "ours":
            return seconds(loads.load, store, Workspace.locate(), given), peak()
        with Spool(SCHEMA) as spool, bare_driver() as driver:
            spool.fill(given.records())
            return WAYS[way](driver, transactions(spool, given.case)), peak()
