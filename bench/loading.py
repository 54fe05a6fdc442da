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
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

import neo4j
from engines import clear

from bench.measuring import bare_driver, peak, timed
from graph.ingest import loads, nodes, statements
from graph.ingest.judgement import Judge
from graph.ingest.staging import Spool
from graph.model.records import Case
from graph.model.types import SCHEMA
from graph.runtime.streams import in_batches
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

SAMPLE: Final = 25  # rows of a batch of which one MERGE a row is measured


class Batch(NamedTuple):
    """Nodes with these labels, a row the properties of each; or, of a `kind`, relationships from
    the one label to the other, a row with the ids `start` and `end` and the `properties` of each.
    """

    rows: list[dict[str, Any]]
    labels: tuple[str, ...]
    kind: str = ""

    def write(self, over: Any, verb: str = "CREATE") -> None:
        """CREATE or MERGE all of it, over a session or a transaction."""
        if self.kind:
            start, end = self.labels
            key = "{claim: row.properties.claim}" if start == end == "Entity" else ""
            what = f"(a)-[r:{self.kind} {key if verb == 'MERGE' else ''}]->(b)"
            ends = f"MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}})"
            query = f"{ends} {verb} {what} SET r = row.properties"
        else:
            key = "{id: row.id}" if verb == "MERGE" else ""
            query = f"{verb} (n:{':'.join(self.labels)} {key}) SET n = row"
        over.run(f"UNWIND $rows AS row {query}", rows=self.rows).consume()


def transactions(spool: Spool, case: Case) -> Iterator[list[Batch]]:
    """A whole case in transactions of 5,000 nodes, as somebody would write it by hand."""
    rows, records = nodes.Rows(case, f"{case.id}:load-0001"), (nodes.sources, nodes.passages)
    for made in (nodes.entities, *records):
        label = "Record" if made in records else "Entity"
        for kind, group in groupby(made(spool, case), attrgetter("kind")):
            for part in in_batches(map(rows.node, group)):
                yield [Batch(part, (label, kind))]
    joins = (
        (join.kind, _relationship(node.id, join.end, join.properties))
        for made in records
        for node in made(spool, case)
        for join in node.joins
    )
    for many in in_batches(joins):
        kinds = defaultdict(list)
        for kind, row in many:
            kinds[kind].append(row)
        yield [Batch(found, ("Record", "Record"), kind) for kind, found in kinds.items()]
    for predicate, judged in groupby(Judge(spool, case).claims(), attrgetter("predicate")):
        for claims in in_batches(map(rows.claim, judged)):
            yield list(_claims(claims, predicate))


def _claims(claims: list[nodes.ClaimRow], predicate: str | None) -> Iterator[Batch]:
    yield Batch([c.claim for c in claims], ("Claim",))
    if predicate:
        drawn = [_relationship(c.subject, c.object, c.drawn) for c in claims if c.drawn is not None]
        yield Batch(drawn, ("Entity", "Entity"), predicate)
    supports = chain.from_iterable(c.supports for c in claims)
    told = [_relationship(s["passage"], s["claim"], s["properties"]) for s in supports]
    yield Batch(told, ("Record", "Claim"), "SUPPORTS")


def _relationship(start: str, end: str | None, properties: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "properties": properties}


def by_hand(driver: neo4j.Driver, made: Iterable[list[Batch]]) -> float:
    """Batches over the bare driver."""

    def write(transaction: neo4j.ManagedTransaction, batches: list[Batch]) -> None:
        for batch in batches:
            batch.write(transaction)

    with driver.session() as session:
        return sum(timed(session.execute_write, write, batches)[0] for batches in made)


def by_row(driver: neo4j.Driver, made: Iterable[list[Batch]]) -> float:
    """One MERGE a row, each a transaction, on a sample of each batch; extrapolated to all rows."""
    spent = 0.0
    with driver.session() as session:
        for batch in (batch for batch in chain.from_iterable(made) if batch.rows):
            sample = [batch._replace(rows=[row]) for row in batch.rows[:SAMPLE]]
            merging = [timed(one.write, session, "MERGE")[0] for one in sample]
            spent += statistics.median(merging) * len(batch.rows)  # the first one is planned too
            batch._replace(rows=batch.rows[SAMPLE:]).write(session)
    return spent


def by_graphio(driver: neo4j.Driver, made: Iterable[list[Batch]]) -> float:
    """The same rows through graphio's sets, which it holds in memory; nodes come first."""
    from graphio import NodeSet, RelationshipSet

    sets: dict[tuple[str, ...], Any] = {}
    for rows, labels, kind in chain.from_iterable(made):
        if kind:
            ends = [labels[0]], [labels[1]], ["id"], ["id"]
            found = sets.setdefault((kind, *labels), RelationshipSet(kind, *ends))
            for row in rows:
                found.add_relationship({"id": row["start"]}, {"id": row["end"]}, row["properties"])
        else:
            found = sets.setdefault((kind, *labels), NodeSet(list(labels), merge_keys=["id"]))
            found.add_nodes(rows)
    ordered = [sets[key] for key in sorted(sets)]  # of nodes the kind is empty
    return timed(lambda: [each.create(driver) for each in ordered])[0]


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
            return timed(loads.load, store, Workspace.locate(), given)[0], peak()
        with Spool(SCHEMA) as spool, bare_driver() as driver:
            spool.fill(given.records())
            return WAYS[way](driver, transactions(spool, given.case)), peak()
