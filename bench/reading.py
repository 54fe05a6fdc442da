"""Reads, each through our code and again as the same Cypher over the bare driver.

What our code sends to the store is noted, then sent again in the same order by a plain session, so
that the two differ in nothing but what our code adds: reading rows into views, placing, checking.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import neo4j
import networkx as nx

from bench.measuring import median_and_p95, seconds
from graph.errors import SutraError
from graph.explore import inspector, reads, search
from graph.questions import library, shortest_paths
from graph.questions.library import Library
from graph.questions.query_file import PATHS, Query
from graph.questions.result import Result
from graph.store.store import Store

CASE: Final = "invented"
HUB: Final = f"{CASE}:body-0"
"""The entity with the most relationships: the first body of every generated case."""
DEGREE: Final = (20, 40)
"""How many relationships the entities have that are looked at, the same at each size of a case."""
ENOUGH: Final = 2.0
"""Seconds that are spent on one row of a table, unless one round takes longer."""
PATIENCE: Final = 5.0
"""Seconds that a question of the library may take."""
LONGEST: Final = 120.0
"""Seconds that it may take where it is asked once."""


@dataclass(frozen=True)
class Timing:
    """Median and 95th percentile, and the median over the bare driver, in milliseconds.

    None is what was not measured; `note` says how many rows there were, or what went wrong.
    """

    what: str
    median: float | None
    p95: float | None
    bare: float | None = None
    note: str = ""


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

    def send_again(self, bare: neo4j.Driver) -> None:
        """Send what was noted over a driver, each in a session of its own."""
        for cypher, parameters, limit in self.sent:
            with bare.session() as session:
                session.execute_read(_rows, cypher, parameters, limit)


def _rows(transaction: Any, cypher: str, parameters: dict[str, Any], limit: int | None) -> Any:
    result = transaction.run(cypher, parameters)
    return [dict(row) for row in (result.fetch(limit) if limit else result)]


def measure(
    what: str,
    store: Store,
    bare: neo4j.Driver | None,
    read: Callable[[Any, Any], Any],
    values: Sequence[Any],
    rounds: int,
) -> Timing:
    """Time a read of each value by turns, ours and bare, so that whatever else the machine does
    hits both.

    What takes long is done less often, so that one question does not take the whole run; where a
    single value takes longer than `ENOUGH`, its first read is all.
    """
    noted, began = [_Noted(store) for _ in values], time.perf_counter()
    found = [read(spy, value) for spy, value in zip(noted, values, strict=True)]
    once = time.perf_counter() - began
    note = f"{len(found[0].rows):,} rows" if isinstance(found[0], Result) else ""
    if len(values) == 1 and once > ENOUGH:
        return Timing(what, 1e3 * once, 1e3 * once, note=f"{note}, once".removeprefix(", "))
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(max(1, min(rounds, int(ENOUGH / once)))):
        for spy, value in zip(noted, values, strict=True):
            ours.append(seconds(read, store, value))
            if bare is not None:
                theirs.append(seconds(spy.send_again, bare))
    return Timing(what, *median_and_p95(ours), median_and_p95(theirs)[0] if theirs else None, note)


# --- what a reporter does in the app --------------------------------------------------------------


def _some(store: Store, cypher: str, **parameters: Any) -> list[Any]:
    """The first column of an answer."""
    return [next(iter(row.values())) for row in store.read(cypher, parameters)]


def people(store: Store, count: int, degree: tuple[int, int] = DEGREE) -> list[str]:
    """Persons with so many relationships."""
    return _some(
        store,
        "MATCH (n:Person) WHERE n.case = $case WITH n, COUNT { (n)--(:Entity) } AS degree "
        "WHERE degree >= $least AND degree <= $most RETURN n.id AS id ORDER BY id LIMIT $count",
        case=CASE, least=degree[0], most=degree[1], count=count,
    )  # fmt: skip


def interactions(
    store: Store, bare: neo4j.Driver | None, rounds: int, degree: tuple[int, int] = DEGREE
) -> list[Timing]:
    """What a reporter does in the app."""
    some = people(store, 10, degree)
    of_some = "WHERE n.id IN $ids RETURN"
    names = _some(store, f"MATCH (n:Entity) {of_some} n.caption AS name", ids=some)
    relationships = f"MATCH (n:Entity)-[r]-() {of_some} r.claim AS claim ORDER BY claim LIMIT 10"
    claims = _some(store, relationships, ids=some)
    return [
        measure(what, store, bare, read, values, rounds)
        for what, read, values in (
            ("search a name", lambda store, name: search.search(store, CASE, name), names),
            ("expand, one hop", reads.around, some),
            ("inspect an entity", inspector.entity, some),
            ("inspect a claim", inspector.claim, claims),
            ("expand the greatest hub", reads.around, [HUB]),
        )
    ]


# --- the library --------------------------------------------------------------------------------


def queries(
    store: Store, bare: neo4j.Driver | None, rounds: int, degree: tuple[int, int] = DEGREE
) -> Iterator[Timing]:
    """Every query of the library but the search for paths, with what it must be given."""
    entity = people(store, 1, degree)[0]

    def run(store: Store, query: Query) -> Any:
        needed = dict.fromkeys(told_most_of(query), entity)
        return library.run(store, query, CASE, needed, timeout=PATIENCE)

    for query in Library.load():
        if not query.procedure:
            try:
                timing = measure(query.id, store, bare, run, [query], rounds)
                yield replace(timing, note=timing.note + ", scan" * query.scan)
            except SutraError as error:
                yield Timing(query.id, None, None, note=str(error)[:60])


def told_most_of(query: Query) -> dict[str, object]:
    """Of the entities that a question must be given, those of which every made case tells most."""
    needed = (p.name for p in query.params if p.type == "entity" and p.required)
    return {name: "body-0" if name == "end" else "person-0" for name in needed}


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


# --- paths --------------------------------------------------------------------------------------

_SHORTEST: Final = """
MATCH (a:Entity {id: $start})
MATCH (b:Entity {id: $end})
MATCH p = allShortestPaths((a)-[*..6]-(b))
RETURN DISTINCT [n IN nodes(p) | n.id] AS path ORDER BY path LIMIT 200
"""


@dataclass
class PathsFound:
    """Paths of up to six hops between pairs of entities: seconds of ours and of Neo4j's own, the
    length of the first path of each pair, and how many pairs have the same paths there and here.
    """

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    hops: list[int] = field(default_factory=list)
    same_as_theirs: int = 0
    same_as_networkx: int = 0

    @property
    def lengths(self) -> str:
        """The length of the paths, in words."""
        return f"{min(self.hops)} to {max(self.hops)}, median {statistics.median(self.hops):g}"


def paths(store: Store, bare: neo4j.Driver | None, pairs: int, compare: bool) -> PathsFound:
    """Find the paths between so many pairs drawn at random; `compare` them with networkx's too."""
    rng, found, graph = random.Random(5), PathsFound(), nx.Graph()  # noqa: S311 (no secret)
    if compare:
        ends = store.stream("MATCH (a:Entity)-[r]->(b:Entity) RETURN a.id AS a, b.id AS b")
        graph.add_edges_from((row["a"], row["b"]) for row in ends)
    query = Library.load().get("connections")
    # All that may be walked, as Neo4j's own walks it.
    walked = {p.name: p.default for p in query.params if p.name not in PATHS.uses}
    walked |= {"alleged": True, "possible": True, "case": CASE}
    people = _some(store, "MATCH (n:Person) RETURN count(n) AS people")[0]
    for _ in range(pairs):
        start, end = (f"{CASE}:person-{rng.randrange(people)}" for _ in range(2))
        began = time.perf_counter()
        ours = list(shortest_paths.find(store, query.cypher, walked, start, end, 6).paths)
        found.ours.append(time.perf_counter() - began)
        found.hops.append(len(ours[0]) - 1 if ours else 0)
        if bare is not None:
            began = time.perf_counter()
            with bare.session() as session:
                rows = session.run(_SHORTEST, start=start, end=end).values()
            found.theirs.append(time.perf_counter() - began)
            found.same_as_theirs += [tuple(row[0]) for row in rows] == ours
        if compare:
            graph.add_nodes_from((start, end))
            there = nx.has_path(graph, start, end)
            wanted = set(map(tuple, nx.all_shortest_paths(graph, start, end))) if there else ()
            found.same_as_networkx += sorted(wanted)[: shortest_paths.MOST_PATHS] == ours
    return found
