"""One way of loading a case, in a process of its own: `python -m bench.loading WAY CLAIMS`.

Prints a line of JSON: seconds, claims, and the peak memory of this process. All ways write the same
nodes and relationships into an empty database whose constraints and indexes are there.

ours     `graph.ingest.loads`: reading, checking, judging and writing, from the tables of a case
records  the same, from records in memory, so without the reading of CSV
bare     hand-written UNWIND batches over the driver; only the writing is timed, its rows are free
merge    one MERGE a row, on a sample; its time is extrapolated
graphio  the library graphio, on the same rows; only its own `create` is timed
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import neo4j

from bench import generate
from graph.ingest import loads, nodes, statements
from graph.ingest.judgement import Judge
from graph.ingest.loads import LoadInput
from graph.ingest.rows import ClaimRow, Rows
from graph.ingest.staging import Spool
from graph.model.types import SCHEMA
from graph.runtime.streams import in_batches
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

WAYS: Final = ("ours", "records", "bare", "merge", "graphio")
SAMPLE: Final = 500
"""Claims of which the per-row loop is measured."""

_CLAIM: Final = "UNWIND $rows AS row CREATE (c:Claim) SET c = row.claim"
_RELATIONSHIP: Final = """
UNWIND $rows AS row
MATCH (a:Entity {{id: row.subject}})
MATCH (b:Entity {{id: row.object}})
CREATE (c:Claim) SET c = row.claim
CREATE (a)-[r:{}]->(b) SET r = row.drawn
"""

# A transaction's statements, each with its rows.
Batch = list[tuple[str, list[dict[str, Any]]]]


def driver() -> neo4j.Driver:
    """A driver to the server that the environment names."""
    login = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    return neo4j.GraphDatabase.driver(os.environ["NEO4J_URI"], auth=login)


def peak() -> float:
    """The most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("utf-8").splitlines()
        return int(next(x for x in lines if x.startswith("VmHWM")).split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def wipe(store: Store) -> None:
    """Take everything out but the schema's mark."""
    store.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
    while store.write(
        "MATCH (n) WHERE NOT n:Meta WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS gone"
    )[0]["gone"]:
        pass


# --- the rows that all ways write ---------------------------------------------------------------


def _nodes(spool: Spool, given: LoadInput) -> Iterator[tuple[str, list[nodes.Node]]]:
    for label, found in (
        ("Entity", nodes.entities(spool, given.case)),
        ("Record", nodes.sources(spool, given.case)),
        ("Record", nodes.passages(spool, given.case)),
    ):
        for _, group in groupby(found, key=lambda node: node.kind):
            for batch in in_batches(group):
                yield label, batch


def _claims(judge: Judge, rows: Rows) -> Iterator[tuple[str | None, list[ClaimRow]]]:
    for predicate, group in groupby(judge.claims(), key=lambda claim: claim.predicate):
        for batch in in_batches(rows.claim(claim) for claim in group):
            yield predicate, batch


def transactions(spool: Spool, judge: Judge, given: LoadInput) -> Iterator[Batch]:
    """The whole case as batches of 5,000 that somebody would write by hand."""
    rows = Rows(given.case, f"{given.case.id}:load-0001")
    joins: dict[str, list[dict[str, Any]]] = {}
    for label, batch in _nodes(spool, given):
        made = [rows.node(node) for node in batch]
        yield [(statements.create_node(label, batch[0].kind), made)]
        for node in batch:
            for join in node.joins:
                ends = {"start": node.id, "end": join.end, "properties": join.properties}
                joins.setdefault(join.kind, []).append(ends)
        for kind in [k for k in joins if k == "FROM"]:
            yield [(statements.JOIN_RECORDS[kind], joins.pop(kind))]
    for kind, found in joins.items():
        yield [(statements.JOIN_RECORDS[kind], part) for part in in_batches(found)]
    for predicate, claims in _claims(judge, rows):
        relationships: list[dict[str, Any]] = [
            {"subject": c.subject, "object": c.object, "claim": c.claim, "drawn": c.drawn}
            for c in claims
            if c.drawn is not None
        ]
        others = [{"claim": c.claim} for c in claims if c.drawn is None]
        supports = [support for c in claims for support in c.supports]
        statement = _RELATIONSHIP.format(predicate)
        batch_: Batch = [(_CLAIM, others), (statements.CREATE_SUPPORTS, supports)]
        yield [(statement, relationships), *batch_]


# --- the ways -----------------------------------------------------------------------------------


def by_us(store: Store, given: LoadInput) -> float:
    """Everything that `sutra load` does."""
    began = time.monotonic()
    loads.load(store, Workspace.locate(), given)
    return time.monotonic() - began


def by_hand(given: LoadInput) -> float:
    """Batches over the bare driver."""
    spent = 0.0
    with Spool(SCHEMA) as spool, driver() as bare, bare.session() as session:
        spool.fill(given.records())
        judge = Judge(spool, given.case)
        for batch in transactions(spool, judge, given):

            def work(transaction: neo4j.ManagedTransaction, batch: Batch = batch) -> None:
                for statement, rows in batch:
                    if rows:
                        transaction.run(statement, rows=rows).consume()

            began = time.monotonic()
            session.execute_write(work)
            spent += time.monotonic() - began
    return spent


def by_row(given: LoadInput, claims: int) -> float:
    """One MERGE a row, each a transaction; measured on a sample and extrapolated to all claims."""
    spent, done = 0.0, 0
    with Spool(SCHEMA) as spool, driver() as bare, bare.session() as session:
        spool.fill(given.records())
        judge, rows = Judge(spool, given.case), Rows(given.case, "load")
        for label, batch in _nodes(spool, given):
            made = [rows.node(node) for node in batch]
            session.run(statements.create_node(label, batch[0].kind), rows=made).consume()
        for predicate, group in _claims(judge, rows):
            for row in group[: max(1, SAMPLE // 20)]:
                began = time.monotonic()
                session.run(
                    "MERGE (c:Claim {id: $id}) SET c += $p", id=row.id, p=row.claim
                ).consume()
                if row.drawn is not None:
                    session.run(
                        "MATCH (a:Entity {id: $a}) MATCH (b:Entity {id: $b}) "
                        f"MERGE (a)-[r:{predicate} {{claim: $id}}]->(b) SET r += $p",
                        a=row.subject, b=row.object, id=row.id, p=row.drawn,
                    ).consume()  # fmt: skip
                for support in row.supports:
                    session.run(
                        "MATCH (p:Record {id: $p}) MATCH (c:Claim {id: $c}) "
                        "MERGE (p)-[s:SUPPORTS]->(c) SET s += $s",
                        p=support["passage"], c=row.id, s=support["properties"],
                    ).consume()  # fmt: skip
                spent += time.monotonic() - began
                done += 1
            if done >= SAMPLE:
                break
    return spent / done * claims


def by_graphio(given: LoadInput) -> float:
    """The same rows through graphio's sets, which it holds in memory."""
    from graphio import NodeSet, RelationshipSet

    with Spool(SCHEMA) as spool, driver() as bare:
        spool.fill(given.records())
        judge, rows = Judge(spool, given.case), Rows(given.case, f"{given.case.id}:load-0001")
        sets: dict[tuple[str, ...], Any] = {}

        def nodes_of(*labels: str) -> Any:
            return sets.setdefault(labels, NodeSet(list(labels), merge_keys=["id"]))

        def relationships_of(kind: str, start: str, end: str) -> Any:
            made = RelationshipSet(kind, [start], [end], ["id"], ["id"])
            return sets.setdefault((kind, start, end), made)

        for label, batch in _nodes(spool, given):
            for node in batch:
                nodes_of(label, node.kind).add_node(rows.node(node))
                for join in node.joins:
                    start, end = {"id": node.id}, {"id": join.end}
                    relationships_of(join.kind, label, label).add_relationship(
                        start, end, join.properties
                    )
        for predicate, claims in _claims(judge, rows):
            for row in claims:
                nodes_of("Claim").add_node(row.claim)
                ends: tuple[dict[str, Any], dict[str, Any]]
                if row.drawn is not None and predicate:
                    ends = ({"id": row.subject}, {"id": row.object})
                    relationships_of(predicate, "Entity", "Entity").add_relationship(
                        *ends, row.drawn
                    )
                for s in row.supports:
                    ends = ({"id": s["passage"]}, {"id": row.id})
                    relationships_of("SUPPORTS", "Record", "Claim").add_relationship(
                        *ends, s["properties"]
                    )
        began = time.monotonic()
        for part in sorted(sets.values(), key=lambda s: isinstance(s, RelationshipSet)):
            part.create(bare)
        return time.monotonic() - began


def main() -> None:
    """Measure one way."""
    parser = argparse.ArgumentParser(description="Measure one way of loading a case.")
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("claims", type=int)
    parser.add_argument("--folder", type=Path, help="the case's tables, for `ours`")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Store.open() as store:
        wipe(store)
        given = generate.load_input(Path(temporary), args.claims)
        if args.folder is not None:
            given = read_case(args.folder)
        match args.way:
            case "ours" | "records":
                seconds = by_us(store, given)
            case "bare":
                seconds = by_hand(given)
            case "merge":
                seconds = by_row(given, args.claims)
            case _:
                seconds = by_graphio(given)
        print(json.dumps({"seconds": seconds, "claims": args.claims, "peak": peak()}))


if __name__ == "__main__":
    main()
