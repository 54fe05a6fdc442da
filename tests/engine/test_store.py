"""The store, over every real engine."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

import neo4j
import pytest

from graph.errors import (
    QueryCancelled,
    QueryError,
    QueryRefused,
    QueryTimeout,
    SchemaVersionError,
    StoreError,
)
from graph.model.schema import SCHEMA_VERSION
from graph.runtime.cancel import Cancel, obeying
from graph.runtime.jobs import Job
from graph.store import store as module
from graph.store.store import Store, Transaction

ENDLESS = "UNWIND range(1, 90000) AS x UNWIND range(1, 90000) AS y RETURN "


def entities(store: Store) -> int:
    return int(store.read("MATCH (n:Entity) RETURN count(n) AS n")[0]["n"])


# --- reading and writing ------------------------------------------------------------------------


def test_what_is_written_is_read(empty: Store) -> None:
    empty.write("CREATE (:Entity:Person {id: $id, aliases: ['x']})", {"id": "a"})
    rows = empty.read("MATCH (n:Entity {id: $id}) RETURN n, 1 AS one", {"id": "a"})
    assert set(rows[0]["n"].labels) == {"Entity", "Person"}
    assert rows[0]["n"]["aliases"] == ["x"]
    assert rows[0]["one"] == 1


def test_relationships_keep_their_ends_and_type(empty: Store) -> None:
    empty.write("CREATE (:Entity {id: 'a'})-[:MADE {claim: 'c'}]->(:Entity {id: 'b'})")
    relationship = empty.read("MATCH (a)-[r:MADE]->(b) RETURN a, r, b")[0]["r"]
    assert relationship.type == "MADE"
    assert (relationship.start_node["id"], relationship.end_node["id"], relationship["claim"]) == (
        "a",
        "b",
        "c",
    )


def test_a_transaction_is_kept_whole_or_not_at_all(empty: Store) -> None:
    def work(transaction: Transaction) -> int:
        transaction.run("CREATE (:Entity {id: 1})")
        return len(transaction.run("MATCH (n:Entity {id: 1}) RETURN n"))

    assert empty.transact(work) == 1
    assert entities(empty) == 1

    def broken(transaction: Transaction) -> None:
        transaction.run("CREATE (:Entity {id: 2})")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        empty.transact(broken)
    assert entities(empty) == 1


def test_writers_that_meet_all_succeed(empty: Store) -> None:
    empty.write("CREATE (:Entity {id: 'meet', n: 0})")

    def add() -> None:
        for _ in range(10):
            empty.write("MATCH (n:Entity {id: 'meet'}) SET n.n = n.n + 1")

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert empty.read("MATCH (n:Entity {id: 'meet'}) RETURN n.n AS n") == [{"n": 30}]


def test_a_query_that_cannot_run_says_so(store: Store) -> None:
    with pytest.raises(QueryError, match="cannot be run"):
        store.read("MATCH (n RETURN n")
    with pytest.raises(StoreError, match="refused a change"):
        store.write("CREATE (n")


def test_a_closed_store_says_so(sutra_home: Path) -> None:
    opened = Store.open()
    opened.close()
    opened.close()
    with pytest.raises(StoreError, match="closed"):
        opened.read("RETURN 1")


def test_a_plan_is_there_where_it_can_be_relied_on(store: Store) -> None:
    plan = store.explain("MATCH (n) RETURN n")
    if store.info.embedded:
        assert plan is None
    else:
        assert plan is not None
        assert plan["operatorType"].startswith("ProduceResults")


# --- the reader only reads ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (:Entity)",
        "CREATE (:Brand:New)",
        "MATCH (n:Entity) CREATE (n)-[:MADE]->(n)",
        "MATCH (n:Entity) SET n.name = 'x'",
        "MATCH (n:Entity) SET n:Other",
        "MATCH (n:Entity) REMOVE n.id",
        "MATCH (n:Entity) DETACH DELETE n",
        "MERGE (n:Entity {id: 'none such'})",
        "CREATE INDEX mine FOR (n:Entity) ON (n.name)",
        "CREATE CONSTRAINT mine FOR (n:Entity) REQUIRE n.name IS UNIQUE",
        "DROP CONSTRAINT meta_id",
        "CREATE USER me SET PASSWORD 'long enough 1'",
    ],
)
def test_the_reader_cannot(empty: Store, cypher: str) -> None:
    empty.write("CREATE (:Entity {id: 'it'})")
    with pytest.raises(QueryError):
        empty.read(cypher)
    with pytest.raises(QueryError):
        list(empty.stream(cypher))
    rows = empty.read("MATCH (n) WHERE NOT n:Meta RETURN labels(n) AS l, properties(n) AS p")
    assert rows == [{"l": ["Entity"], "p": {"id": "it"}}]
    assert empty.read("MATCH ()-[r]->() RETURN count(r) AS n") == [{"n": 0}]
    names = {row["name"] for row in empty.read("SHOW INDEXES YIELD name RETURN name")}
    assert "Entity[name]" not in names


def test_a_refusal_is_named_as_one(empty: Store) -> None:
    with pytest.raises(QueryRefused, match="more than read"):
        empty.read("CREATE (:Entity)")


@pytest.mark.embedded  # Neo4j leaves it to the guard, and to its own settings
@pytest.mark.parametrize("url", ["file:///etc/hosts", "http://127.0.0.1:9/x.csv"])
def test_the_reader_loads_nothing(store: Store, url: str) -> None:
    with pytest.raises(QueryError):
        store.read(f"LOAD CSV FROM '{url}' AS line RETURN line")


@pytest.mark.embedded
@pytest.mark.parametrize("url", ["file:///etc/hosts", "http://192.0.2.1/x.csv"])
def test_not_even_the_writer_loads_from_elsewhere(store: Store, url: str) -> None:
    with pytest.raises(StoreError, match=r"LOAD CSV|not allowed|disabled"):
        store.write(f"LOAD CSV FROM '{url}' AS line RETURN line")


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        ENDLESS + "count(*) AS n",
        ENDLESS + "x, y",
        ENDLESS + "x ORDER BY y % 77 LIMIT 3",
        ENDLESS + "count(*) AS n // a comment at its end",
    ],
)
def test_a_query_is_stopped_at_its_time_limit(store: Store, query: str) -> None:
    begun = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.3 s"):
        store.read(query, timeout=0.3)
    assert 0.3 <= time.monotonic() - begun < 5
    assert not running(store)


def running(store: Store) -> list[str]:
    found = store.read("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery AS query")
    return [row["query"] for row in found if "UNWIND" in row["query"]]


@pytest.mark.parametrize("query", [ENDLESS + "count(*) AS n", ENDLESS + "x ORDER BY y % 77"])
def test_a_query_that_is_called_off_ends_on_the_server(store: Store, query: str) -> None:
    job = Job(lambda _: store.read(query)).start()
    wait_until(lambda: bool(running(store)))
    assert job.running
    begun = time.monotonic()
    job.cancel()
    assert job.wait(20)
    with pytest.raises(QueryCancelled, match="called off"):
        job.result()
    assert time.monotonic() - begun < 5
    assert not running(store)
    assert store.read("RETURN 1 AS one") == [{"one": 1}]


@pytest.mark.slow
def test_calling_off_one_query_leaves_the_others(store: Store) -> None:
    kept = Job(lambda _: store.read(ENDLESS + "count(*) AS n", timeout=3)).start()
    gone = Job(lambda _: store.read(ENDLESS + "count(*) AS m")).start()
    wait_until(lambda: len(running(store)) == 2)
    gone.cancel()
    assert gone.wait(20)
    with pytest.raises(QueryCancelled):
        gone.result()
    assert [query for query in running(store) if "AS n" in query]
    with pytest.raises(QueryTimeout):
        kept.result()


def test_rows_that_stream_can_be_called_off(store: Store) -> None:
    with obeying(Cancel()) as token:
        rows = store.stream(ENDLESS + "x, y")
        next(rows)
        token.call()
        with pytest.raises(QueryCancelled):
            list(rows)
    assert not running(store)


def test_work_that_was_called_off_asks_nothing_more(store: Store) -> None:
    token = Cancel()
    token.call()
    with obeying(token), pytest.raises(QueryCancelled):
        store.read("RETURN 1 AS one")
    with pytest.raises(QueryCancelled):
        store.read("RETURN 1 AS one", token=token)


def test_what_ends_a_query_is_over_with_it(store: Store) -> None:
    # Or it would be sending on a connection while the store is closed.
    before = set(threading.enumerate())
    for _ in range(5):
        token = Cancel()
        token.call()
        with pytest.raises(QueryCancelled):
            store.read("RETURN 1 AS one", token=token)
        assert set(threading.enumerate()) <= before


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it did not come to that in 20 s"
        time.sleep(0.05)


def test_many_slow_queries_at_once_are_all_stopped(store: Store) -> None:
    errors: list[Exception] = []

    def ask() -> None:
        try:
            store.read(ENDLESS + "count(*) AS n", timeout=0.3)
        except QueryTimeout as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(errors) == 8


def test_a_query_within_its_time_is_not_stopped(store: Store) -> None:
    assert store.read("RETURN 1 AS one", timeout=0.2) == [{"one": 1}]
    time.sleep(0.3)
    assert store.read("RETURN 2 AS two", timeout=5) == [{"two": 2}]


def test_a_row_limit_ends_the_query_too(store: Store) -> None:
    begun = time.monotonic()
    rows = store.read(ENDLESS + "x, y", limit=10)
    assert rows == [{"x": 1, "y": y} for y in range(1, 11)]
    assert time.monotonic() - begun < 5
    assert not running(store)


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (1, 1), (5, 5), (6, 5), (None, 5)])
def test_a_row_limit_is_exact(store: Store, limit: int | None, count: int) -> None:
    assert len(store.read("UNWIND range(1, 5) AS x RETURN x", limit=limit)) == count


# --- streams ------------------------------------------------------------------------------------


def test_a_stream_gives_every_row(store: Store) -> None:
    rows = store.stream("UNWIND range(1, $n) AS x RETURN x", {"n": 5000})
    assert [row["x"] for row in rows] == list(range(1, 5001))


def test_a_stream_may_be_left(store: Store) -> None:
    rows = store.stream(ENDLESS + "x, y")
    begun = time.monotonic()
    assert len(list(itertools.islice(rows, 1500))) == 1500
    rows.close()  # whoever leaves a stream does not wait for the rest of it
    assert time.monotonic() - begun < 5
    assert not running(store)


def test_a_stream_that_cannot_run_says_so(store: Store) -> None:
    with pytest.raises(QueryError):
        next(store.stream("MATCH (n RETURN n"))


# --- constraints, indexes, versions -------------------------------------------------------------


SET_UP = ["CREATE CONSTRAINT thing_id IF NOT EXISTS FOR (n:Indexed) REQUIRE n.id IS UNIQUE"]


def test_set_up_is_enforced_and_may_be_repeated(empty: Store) -> None:
    for _ in range(2):
        empty.set_up(SET_UP, [("Indexed", "search")])
    empty.write("CREATE (:Indexed {id: 'a', search: 'green tree'})")
    with pytest.raises(StoreError):
        empty.write("CREATE (:Indexed {id: 'a'})")
    found = empty.read(
        "CALL db.index.fulltext.queryNodes('indexed_search', $q) YIELD node RETURN node.id AS id",
        {"q": "gre*"},
    )
    assert found == [{"id": "a"}]


def test_set_up_again_costs_one_read(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    empty.set_up(SET_UP, [])
    sent: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        method = getattr(empty, name)

        def call(*given: object, **more: object) -> object:
            sent.append(name)
            return method(*given, **more)

        return call

    for name in ("read", "write"):
        monkeypatch.setattr(empty, name, counted(name))
    empty.set_up(SET_UP, [])
    assert sent == ["read"]


def test_an_index_name_never_carries_text_into_a_statement(empty: Store) -> None:
    with pytest.raises(ValueError, match="identifier"):
        empty.set_up([], [("Thing` (x) DROP", "search")])


def set_version(store: Store, version: int) -> None:
    store.write("MATCH (m:Meta {id: 'sutra'}) SET m.schema_version = $v", {"v": version})


def test_another_schema_version_is_refused_and_left(empty: Store) -> None:
    set_version(empty, 99)
    try:
        with pytest.raises(SchemaVersionError, match="99") as caught:
            Store.open()
        assert str(caught.value).count(". ") == 0
    finally:
        set_version(empty, SCHEMA_VERSION)
    with Store.open():
        pass


def test_an_older_database_is_migrated(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(transaction: Transaction) -> None:
        transaction.run("CREATE (:Entity {id: 'migrated'})")

    set_version(empty, SCHEMA_VERSION - 1)
    monkeypatch.setattr(module, "MIGRATIONS", {SCHEMA_VERSION - 1: step})
    with Store.open() as opened:
        assert entities(opened) == 1
    with Store.open() as opened:
        assert entities(opened) == 1


def test_a_database_of_somebody_elses_is_refused(empty: Store, sutra_home: Path) -> None:
    empty.write("CREATE (:Entity {id: 'theirs'})")
    mark = empty.read("MATCH (m:Meta {id: 'sutra'}) RETURN properties(m) AS p")[0]["p"]
    empty.write("MATCH (m:Meta {id: 'sutra'}) DELETE m")
    try:
        with pytest.raises(SchemaVersionError, match="did not write"):
            Store.open()
    finally:
        empty.write("CREATE (m:Meta) SET m = $mark", {"mark": mark})


# --- privacy ------------------------------------------------------------------------------------


def test_the_driver_reports_to_nobody(store: Store) -> None:
    drivers = store._current()
    for driver in (drivers.reader, drivers.writer):
        assert isinstance(driver, neo4j.Driver)
        assert driver._pool.pool_config.telemetry_disabled
