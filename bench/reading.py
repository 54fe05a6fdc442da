"""Reads, each through our code and again as the same Cypher over the bare driver.

What our code sends to the store is noted, then sent again in the same order by a plain session, so
that the two differ in nothing but what our code adds: reading rows into views, placing, checking.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import neo4j
import networkx as nx

from graph.errors import ParameterError, SutraError
from graph.explore import inspector, reads, search
from graph.questions import library, shortest_paths
from graph.questions.library import Library
from graph.questions.parameters import bind
from graph.questions.query_file import PATHS, Query
from graph.store.store import Store

CASE: Final = "invented"
DEGREE: Final = (20, 40)
"""How many relationships the entities have that are looked at, the same at each size of a case."""
ENOUGH: Final = 2.0
"""Seconds that are spent on one row of a table, unless one round takes longer."""
PATIENCE: Final = 5.0
"""Seconds that a question of the library may take."""
LONGEST: Final = 120.0
"""Seconds that it may take where it is asked once."""
SEEKS: Final = ("IndexSeek", "IndexScan", "IndexContains", "Argument", "ProcedureCall")


@dataclass(frozen=True)
class Timing:
    """Milliseconds."""

    what: str
    median: float
    p95: float
    bare: float | None = None
    note: str = ""


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile by nearest rank (of fewer than 20, the most), in milliseconds."""
    ordered = sorted(seconds)
    return 1e3 * statistics.median(ordered), 1e3 * ordered[math.ceil(0.95 * len(ordered)) - 1]


class _Noted:
    """A store whose reads are noted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.sent: list[tuple[str, dict[str, Any], int | None]] = []

    def read(self, cypher: str, parameters: Any = None, **more: Any) -> Any:
        self.sent.append((cypher, dict(parameters or {}), more.get("limit")))
        return self._store.read(cypher, parameters, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def measure(
    what: str,
    store: Store,
    bare: neo4j.Driver | None,
    calls: Sequence[Callable[[Any], Any]],
    rounds: int,
    note: str = "",
) -> Timing:
    """Time calls by turns, ours and bare, so that whatever else the machine does hits both.

    What takes long is done less often, so that one question does not take the whole run.
    """
    noted = []
    began = time.perf_counter()
    for call in calls:
        spy = _Noted(store)
        call(spy)
        noted.append(spy.sent)
    rounds = max(1, min(rounds, int(ENOUGH / (time.perf_counter() - began))))
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        for call, sent in zip(calls, noted, strict=True):
            began = time.perf_counter()
            call(store)
            ours.append(time.perf_counter() - began)
            if bare is not None:
                theirs.append(_again(bare, sent))
    median, p95 = spread(ours)
    return Timing(what, median, p95, spread(theirs)[0] if theirs else None, note)


def _again(bare: neo4j.Driver, sent: list[tuple[str, dict[str, Any], int | None]]) -> float:
    began = time.perf_counter()
    for cypher, parameters, limit in sent:

        def work(
            transaction: neo4j.ManagedTransaction,
            cypher: str = cypher,
            parameters: dict[str, Any] = parameters,
            limit: int | None = limit,
        ) -> Any:
            result = transaction.run(cypher, parameters)
            rows = result.fetch(limit) if limit else result
            return [dict(row) for row in rows]

        with bare.session() as session:
            session.execute_read(work)
    return time.perf_counter() - began


# --- the entities that are asked about ------------------------------------------------------------


def people(store: Store, count: int, degree: tuple[int, int] = DEGREE) -> list[str]:
    """Persons with so many relationships."""
    rows = store.read(
        "MATCH (n:Person) WHERE n.case = $case WITH n, COUNT { (n)--(:Entity) } AS degree "
        "WHERE degree >= $least AND degree <= $most RETURN n.id AS id ORDER BY id LIMIT $count",
        {"case": CASE, "least": degree[0], "most": degree[1], "count": count},
    )
    return [row["id"] for row in rows]


def hub(store: Store) -> str:
    """The entity with the most relationships: the first body of every generated case."""
    return f"{CASE}:body-0"


def interactions(
    store: Store, bare: neo4j.Driver | None, rounds: int, degree: tuple[int, int] = DEGREE
) -> list[Timing]:
    """What a reporter does in the app."""
    asked = people(store, 10, degree)
    captions = store.read(
        "MATCH (n:Entity) WHERE n.id IN $ids RETURN n.caption AS c", {"ids": asked}
    )
    names = [row["c"] for row in captions]
    claims = [
        row["c"]
        for row in store.read(
            "MATCH (n:Entity)-[r]-() WHERE n.id IN $ids RETURN r.claim AS c ORDER BY c LIMIT 10",
            {"ids": asked},
        )
    ]

    def each(function: Callable[[Any, Any], Any], values: Sequence[Any]) -> list[Any]:
        return [lambda s, value=value: function(s, value) for value in values]

    top = [hub(store)]
    return [
        measure("search a name", store, bare, each(_search, names), rounds),
        measure("expand, one hop", store, bare, each(reads.around, asked), rounds),
        measure("inspect an entity", store, bare, each(inspector.entity, asked), rounds),
        measure("inspect a claim", store, bare, each(inspector.claim, claims), rounds),
        measure(
            "expand the greatest hub", store, bare, each(reads.around, top), max(2, rounds // 3)
        ),
    ]


def _search(store: Any, name: str) -> Any:
    return search.search(store, CASE, name)


# --- the library --------------------------------------------------------------------------------


def queries(
    store: Store, bare: neo4j.Driver | None, rounds: int, degree: tuple[int, int] = DEGREE
) -> list[Timing]:
    """Every query of the library but the search for ways, with what it must be given."""
    entity, found = people(store, 1, degree)[0], []
    for query in Library.load():
        if query.procedure:
            continue
        params = given(store, query, entity)
        if params is None:
            continue

        def call(s: Any, query: Query = query, params: dict[str, object] = params) -> Any:
            return library.run(s, query, CASE, params, timeout=PATIENCE)

        try:
            began = time.perf_counter()
            note = f"{len(call(store).rows):,} rows" + (", scan" if query.scan else "")
            once = time.perf_counter() - began
            if once > ENOUGH:
                found.append(Timing(query.id, 1e3 * once, 1e3 * once, None, f"{note}, once"))
            else:
                found.append(measure(query.id, store, bare, [call], rounds, note))
        except SutraError as error:
            found.append(Timing(query.id, float("nan"), float("nan"), None, str(error)[:60]))
    return found


def given(store: Store, query: Query, entity: str) -> dict[str, object] | None:
    """Values for the parameters that a query must be given; None if this case has none for it."""
    needed: dict[str, object] = {
        p.name: entity for p in query.params if p.type == "entity" and p.required
    }
    try:
        bind(query.params, needed, CASE, store, query=query.id)
    except ParameterError:
        return None
    return needed


def told_most_of(query: Query) -> dict[str, object]:
    """Of the entities that a question must be given, those of which every made case tells most."""
    entities = {"end": "body-0"}
    needed = (p.name for p in query.params if p.type == "entity" and p.required)
    return {name: entities.get(name, "person-0") for name in needed}


def questions(store: Store, case: str) -> Iterator[tuple[str, float, str]]:
    """Each question of the library, asked once: its id, seconds, and its rows or why none came."""
    for query in Library.load():
        began = time.perf_counter()
        try:
            found = library.run(store, query, case, told_most_of(query), timeout=LONGEST)
            rows = f"{len(found.rows):,}{' and more' if found.truncated else ''}"
        except SutraError as error:
            rows = str(error)
        yield query.id, time.perf_counter() - began, rows


def starts_without_index(store: Store) -> list[str]:
    """Queries whose plan starts somewhere else than at an index, and that do not say so."""
    entity, wrong = people(store, 1)[0], []
    for query in Library.load():
        params = given(store, query, entity)
        if query.scan or query.procedure or params is None:
            continue
        bound = bind(query.params, params, CASE, store, query=query.id)
        plan = store.explain(query.cypher, bound)
        leaves = sorted({leaf for leaf in _leaves(plan) if not any(s in leaf for s in SEEKS)})
        if leaves:
            wrong.append(f"{query.id} ({', '.join(leaves)})")
    return wrong


def _leaves(plan: Any) -> list[str]:
    if plan is None:
        return []
    below = plan.get("children") or []
    return [x for child in below for x in _leaves(child)] if below else [plan["operatorType"]]


# --- ways ---------------------------------------------------------------------------------------

_SHORTEST: Final = """
MATCH (a:Entity {id: $start})
MATCH (b:Entity {id: $end})
MATCH p = allShortestPaths((a)-[*..6]-(b))
RETURN DISTINCT [n IN nodes(p) | n.id] AS way ORDER BY way LIMIT 200
"""


@dataclass(frozen=True)
class WaysFound:
    """Connections of up to six hops: ours, Neo4j's own, and whether networkx has the same."""

    ours: tuple[float, float]
    theirs: tuple[float, float] | None
    same_as_theirs: int
    same_as_networkx: int | None
    pairs: int
    hops: str


def ways(store: Store, bare: neo4j.Driver | None, pairs: int, compare: bool) -> WaysFound:
    """Find the ways between pairs of entities drawn at random."""
    rng = random.Random(5)  # noqa: S311
    graph: nx.Graph[str] | None = None
    if compare:
        graph = nx.Graph()
        graph.add_edges_from(
            (row["a"], row["b"])
            for row in store.stream("MATCH (a:Entity)-[r]->(b:Entity) RETURN a.id AS a, b.id AS b")
        )
    query = Library.load().get("connections")
    # All that may be walked, as Neo4j's own walks it.
    walked = {**{p.name: p.default for p in query.params}, "alleged": True, "possible": True}
    walked = {name: walked[name] for name in walked if name not in PATHS.uses} | {"case": CASE}
    most = store.read("MATCH (n:Person) RETURN count(n) AS n")[0]["n"]
    ours, theirs, same, alike, hops = [], [], 0, 0, []
    for _ in range(pairs):
        start, end = (f"{CASE}:person-{rng.randrange(most)}" for _ in range(2))
        began = time.perf_counter()
        found = shortest_paths.find(store, query.cypher, walked, start, end, 6)
        ours.append(time.perf_counter() - began)
        hops.append(len(found.ways[0]) - 1 if found.ways else 0)
        if bare is not None:
            began = time.perf_counter()
            with bare.session() as session:
                rows = session.run(_SHORTEST, start=start, end=end).values()
            theirs.append(time.perf_counter() - began)
            same += [tuple(row[0]) for row in rows] == list(found.ways)
        if graph is not None:
            try:
                wanted = sorted({tuple(w) for w in nx.all_shortest_paths(graph, start, end)})
            except (nx.NetworkXNoPath, nx.NodeNotFound):
                wanted = []
            alike += wanted[:200] == list(found.ways)
    told = f"{min(hops)} to {max(hops)}, median {statistics.median(hops):g}"
    return WaysFound(
        spread(ours),
        spread(theirs) if theirs else None,
        same,
        alike if compare else None,
        pairs,
        told,
    )
