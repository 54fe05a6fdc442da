"""Reads, each through our code and again as the same Cypher over the bare driver.

What our code sends to the store is noted, then sent again in the same order by a plain session, so
that the two differ in nothing but what our code adds: reading rows into views, placing, checking.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import neo4j
import networkx as nx

from bench.measuring import median_and_p95, timed
from graph.errors import SutraError
from graph.explore import inspector, reads, search
from graph.questions import library, shortest_paths
from graph.questions.library import Library
from graph.questions.query_file import PATHS, Query
from graph.questions.result import Result
from graph.store.store import Store

CASE: Final = "invented"
HUB: Final = f"{CASE}:body-0"  # the first body of every generated case has most relationships
ENOUGH: Final = 2.0  # s that are spent on one row of a table, unless one round takes longer
PATIENCE: Final = 5.0  # s that a question of the library may take
LONGEST: Final = 120.0  # s that it may take where it is asked once

_PEOPLE: Final = """
MATCH (n:Person) WHERE n.case = $case WITH n, COUNT { (n)--(:Entity) } AS degree
WHERE degree >= $least AND degree <= $most RETURN n.id AS id, n.caption AS caption
ORDER BY id LIMIT 10
"""
_CLAIMS: Final = """
MATCH (n:Entity)-[r]-() WHERE n.id IN $ids RETURN r.claim AS claim ORDER BY claim LIMIT 10
"""
_SHORTEST: Final = """
MATCH (a:Entity {id: $start})
MATCH (b:Entity {id: $end})
MATCH p = allShortestPaths((a)-[*..6]-(b))
RETURN DISTINCT [n IN nodes(p) | n.id] AS path ORDER BY path LIMIT 200
"""


class Timing(NamedTuple):
    """Median and 95th percentile in milliseconds, the median over the bare driver and the ratio to
    it; None is what was not measured. `note` says how many rows there were, or what went wrong."""

    what: str
    median: float | None = None
    p95: float | None = None
    bare: float | None = None
    ratio: float | None = None
    note: str = ""


class Pair(NamedTuple):
    """The paths between two entities: the hops of the shortest, seconds of ours and of Neo4j's own,
    and whether that and networkx find the same; None is what was not asked."""

    hops: int
    ours: float
    theirs: float | None = None
    same_as_theirs: bool | None = None
    same_as_networkx: bool | None = None


@dataclass(frozen=True)
class Reader:
    """Reads a generated case, at each size by entities whose `degree` is within the same bounds."""

    store: Store
    bare: neo4j.Driver | None = None
    rounds: int = 5
    degree: tuple[int, int] = (20, 40)

    def measure(
        self, what: str, read: Callable[[Store, Any], Any], values: Sequence[Any]
    ) -> Timing:
        """Time a read of each value by turns, ours and bare, so that whatever else the machine does
        hits both.

        What takes long is done less often, so that one question does not take the whole run; where
        it takes longer than `ENOUGH`, its first answer is all.
        """
        once, sent = 0.0, list[Sequence[Any]]()
        for value in values:
            with patch.object(self.store, "read", wraps=self.store.read) as noted:
                taken, answer = timed(read, self.store, value)
            sent.append(noted.call_args_list)
            once += taken
        note = f"{len(answer.rows):,} rows" if isinstance(answer, Result) else ""
        if note and once > ENOUGH:
            return Timing(what, 1e3 * once, note=f"{note}, once")
        ours, theirs = [], []
        for _ in range(max(1, min(self.rounds, int(ENOUGH / once)))):
            for value, calls in zip(values, sent, strict=True):
                ours.append(timed(read, self.store, value)[0])
                if self.bare is not None:
                    theirs.append(timed(_send, self.bare, calls)[0])
        median, p95 = median_and_p95(ours)
        bare = median_and_p95(theirs)[0] if theirs else None
        return Timing(what, median, p95, bare, bare and median / bare, note)

    def interactions(self) -> Iterator[Timing]:
        """What a reporter does in the app."""
        people, names = zip(*self._people(), strict=True)
        claims = [row["claim"] for row in self.store.read(_CLAIMS, {"ids": people})]
        yield self.measure("search a name", lambda s, name: search.search(s, CASE, name), names)
        yield self.measure("expand, one hop", reads.around, people)
        yield self.measure("inspect an entity", inspector.entity, people)
        yield self.measure("inspect a claim", inspector.claim, claims)
        yield self.measure("expand the greatest hub", reads.around, [HUB])

    def _people(self) -> list[tuple[str, str]]:
        """The ids and names of the persons that are looked at."""
        bounds = {"least": self.degree[0], "most": self.degree[1]}
        rows = self.store.read(_PEOPLE, {"case": CASE, **bounds})
        return [(row["id"], row["caption"]) for row in rows]

    def queries(self) -> Iterator[Timing]:
        """Every query of the library but the search for paths, with what it must be given."""
        entity = self._people()[0][0]

        def run(store: Store, query: Query) -> Result:
            needed = dict.fromkeys(told_most_of(query), entity)
            return library.run(store, query, CASE, needed, timeout=PATIENCE)

        for query in Library.load():
            if not query.procedure:
                try:
                    timing = self.measure(query.id, run, [query])
                    yield timing._replace(note=timing.note + ", scan" * query.scan)
                except SutraError as error:
                    yield Timing(query.id, note=str(error)[:60])

    def paths(self, pairs: int, compare: bool) -> Iterator[Pair]:
        """Find the paths of up to six hops between so many pairs of people drawn at random; with
        `compare` in networkx too."""
        rng = random.Random(5)  # noqa: S311 (no secret)
        graph: nx.Graph[str] = nx.Graph()
        if compare:
            ends = "MATCH (a:Entity)-[r]->(b:Entity) RETURN a.id AS a, b.id AS b"
            graph.add_edges_from((row["a"], row["b"]) for row in self.store.stream(ends))
        query = Library.load().get("connections")
        # All that may be walked, as Neo4j's own walks it.
        walked = {p.name: p.default for p in query.params if p.name not in PATHS.uses}
        walked |= {"alleged": True, "possible": True, "case": CASE}
        people = self.store.read("MATCH (n:Person) RETURN count(n) AS people")[0]["people"]
        for _ in range(pairs):
            start, end = (f"{CASE}:person-{rng.randrange(people)}" for _ in range(2))
            between = walked, start, end, 6
            ours, found = timed(shortest_paths.find, self.store, query.cypher, *between)
            pair = Pair(len(found.paths[0]) - 1 if found.paths else 0, ours)
            if self.bare is not None:
                theirs, answer = timed(self.bare.execute_query, _SHORTEST, start=start, end=end)
                same = tuple(tuple(row["path"]) for row in answer.records) == found.paths
                pair = pair._replace(theirs=theirs, same_as_theirs=same)
            if compare:
                graph.add_nodes_from((start, end))
                there = nx.has_path(graph, start, end)
                paths = nx.all_shortest_paths(graph, start, end) if there else ()
                same = tuple(sorted(map(tuple, paths))[: shortest_paths.MOST_PATHS]) == found.paths
                pair = pair._replace(same_as_networkx=same)
            yield pair


def _send(bare: neo4j.Driver, calls: Sequence[Any]) -> None:
    """Send over a driver what `Store.read` was called with, each in a session of its own."""
    for call in calls:
        with bare.session() as session:
            session.execute_read(_rows, *call.args, limit=call.kwargs.get("limit"))


def _rows(transaction: Any, *query: Any, limit: int | None) -> list[dict[str, Any]]:
    return [dict(row) for row in islice(transaction.run(*query), limit)]


def told_most_of(query: Query) -> dict[str, object]:
    """Of the entities that a question must be given, those of which every made case tells most."""
    needed = (p.name for p in query.params if p.type == "entity" and p.required)
    return {name: "body-0" if name == "end" else "person-0" for name in needed}


def questions(store: Store, case: str) -> Iterator[tuple[str, float, str]]:
    """Each question of the library, asked once: its id, seconds, and its rows or why none came."""

    def rows(query: Query) -> str:
        try:
            found = library.run(store, query, case, told_most_of(query), timeout=LONGEST)
        except SutraError as error:
            return str(error)
        return f"{len(found.rows):,}{' and more' if found.truncated else ''}"

    for query in Library.load():
        yield query.id, *timed(rows, query)
