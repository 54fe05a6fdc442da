"""All shortest paths, on the real engine, against networkx."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from cypher_texts import PATHS

from graph.errors import ParameterError, QueryTimeout
from graph.questions import library, shortest_paths
from graph.questions.query_file import Query, parse
from graph.questions.result import Result
from graph.store.store import Store

CONDITIONS = """
WHERE b.case = $case
  AND (size($only) = 0 OR type(r) IN $only)
  AND NOT type(r) IN $without
  AND ($alleged OR r.status <> 'alleged')
  AND ($possible OR type(r) <> 'SAME_AS' OR r.certainty <> 'possible')
  AND ($since IS NULL OR r.earliest >= $since)
  AND ($until IS NULL OR r.earliest <= $until)
"""
PARAMS = """\
  - {name: only, type: list, default: []}
  - {name: without, type: list, default: []}
  - {name: alleged, type: bool, default: false}
  - {name: possible, type: bool, default: false}
  - {name: since, type: date, required: false}
  - {name: until, type: date, required: false}
columns:
"""
QUERY: Query = parse(
    PATHS.replace("columns:\n", PARAMS).replace("\nWHERE b.case = $case\n", CONDITIONS),
    Path("ways.cypher"),
)


def build(store: Store, ends: Iterable[str], relationships: Iterable[tuple[Any, ...]]) -> None:
    """Entities, relationships and what supports them: (from, type, to[, more properties])."""
    store.write(
        "UNWIND $ids AS id CREATE (n:Entity:Person) SET n.id = 'c:' + id, n.case = 'c', "
        "n.caption = toUpper(id)",
        {"ids": sorted(ends)},
    )
    for number, (start, type_, end, *more) in enumerate(relationships):
        claim = f"c:k{number}"
        properties = {
            "claim": claim,
            "status": "reported",
            "earliest": "2021-02-10",
            **(more[0] if more else {}),
        }
        store.write(
            "MATCH (a:Entity {id: $start}) MATCH (b:Entity {id: $end}) "
            f"CREATE (a)-[r:{type_}]->(b) SET r = $properties "
            "CREATE (:Record:Passage {id: $claim + '-p', case: 'c'})"
            "-[:SUPPORTS {status: $status, said_by: $said_by, rule: $rule}]->"
            "(:Claim {id: $claim, case: 'c'})",
            {
                "start": f"c:{start}",
                "end": f"c:{end}",
                "properties": properties,
                "claim": claim,
                "status": properties["status"],
                "said_by": properties.pop("said_by", None),
                "rule": properties.pop("rule", None),
            },
        )


def ask(store: Store, start: str, end: str, **params: Any) -> list[list[str]]:
    """The paths, each as the local ids along it."""
    given = {"start": start, "end": end, "hops": 6, **params}
    return along(library.run(store, QUERY, "c", given))


def along(result: Result) -> list[list[str]]:
    paths: dict[int, list[str]] = {}
    hops = set()
    for row in result.records():
        path = paths.setdefault(row["path"], [row["from"].removeprefix("c:")])
        if (row["path"], row["hop"]) not in hops:
            hops.add((row["path"], row["hop"]))
            path.append(row["to"].removeprefix("c:"))
    return list(paths.values())


@pytest.mark.parametrize("seed", range(8))
def test_the_same_paths_as_networkx(empty: Store, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (a reproducible graph, not a secret)
    size = 24
    graph = nx.gnm_random_graph(size, chance.choice([20, 30, 45, 80]), seed=seed)
    names = [f"n{i:02}" for i in range(size)]
    types = ["MADE", "TOOK", "ISSUED"]
    relationships = []
    for a, b in graph.edges:
        start, end = (a, b) if chance.random() < 0.5 else (b, a)
        relationships += [
            (names[start], type_, names[end])
            for type_ in chance.sample(types, k=chance.choice([1, 1, 2]))
        ]
    build(empty, names, [*relationships, (names[0], "MADE", names[0])])
    for _ in range(12):
        a, b = chance.sample(range(size), 2)
        most = chance.choice([2, 3, 6])
        wanted = []
        if nx.has_path(graph, a, b) and nx.shortest_path_length(graph, a, b) <= most:
            wanted = sorted([names[n] for n in path] for path in nx.all_shortest_paths(graph, a, b))
        assert ask(empty, names[a], names[b], hops=most) == wanted, (names[a], names[b], most)


DIAMOND = [
    ("a", "MADE", "s", {"status": "alleged", "said_by": "c:b"}),
    ("s", "ADDRESSED_TO", "b"),
    ("a", "ISSUED", "o"),
    ("o", "FLAGS", "g", {"status": "inferred", "rule": "carried_over"}),
    ("b", "TOOK", "t"),
    ("t", "APPLIED_TO", "g", {"earliest": "2021-02-20"}),
    ("a", "SAME_AS", "x", {"certainty": "possible"}),
    ("x", "SAME_AS", "b", {"certainty": "certain"}),
]
LONG = ["a", "o", "g", "t", "b"]


@pytest.fixture
def diamond(empty: Store) -> Store:
    build(empty, "asogbtx", DIAMOND)
    return empty


def test_conditions_hold_on_every_hop(diamond: Store) -> None:
    assert ask(diamond, "a", "b") == [LONG]
    assert ask(diamond, "a", "b", alleged=True) == [["a", "s", "b"]]
    assert ask(diamond, "a", "b", possible=True) == [["a", "x", "b"]]
    assert ask(diamond, "a", "b", alleged=True, possible=True) == [["a", "s", "b"], ["a", "x", "b"]]
    assert ask(diamond, "a", "b", until="2021-02-19") == []
    assert ask(diamond, "a", "b", since="2021-02-11") == []
    assert ask(diamond, "a", "b", alleged=True, without=["MADE"]) == [LONG]
    assert ask(diamond, "a", "b", only=["ISSUED", "FLAGS", "TOOK"]) == []
    assert ask(diamond, "a", "b", hops=3) == []
    assert ask(diamond, "b", "a") == [LONG[::-1]]


def test_rows_say_the_direction_the_status_and_the_passages(diamond: Store) -> None:
    result = library.run(diamond, QUERY, "c", {"start": "a", "end": "b", "hops": 6})
    assert result.columns == (
        "path", "hop", "from", "relationship", "to", "claim", "status", "evidence", "sentence",
    )  # fmt: skip
    inferred, reached = "O flags G (inferred: carried_over)", "G was subject to T"
    assert result.rows == (
        (1, 1, "c:a", "issued", "c:o", "c:k2", "reported", ["c:k2-p"], "A issued O"),
        (1, 2, "c:o", "flags", "c:g", "c:k3", "inferred", ["c:k3-p"], inferred),
        (1, 3, "c:g", "was subject to", "c:t", "c:k5", "reported", ["c:k5-p"], reached),
        (1, 4, "c:t", "was taken by", "c:b", "c:k4", "reported", ["c:k4-p"], "T was taken by B"),
    )  # fmt: skip
    assert result.notes == (
        "Path 1 (weakest evidence: inferred): A issued O; O flags G (inferred: carried_over); "
        "G was subject to T; T was taken by B.",
    )
    assert not result.truncated


def test_an_allegation_is_somebodys_word(diamond: Store) -> None:
    given = {"start": "a", "end": "b", "hops": 6, "alleged": True}
    result = library.run(diamond, QUERY, "c", given)
    assert result.records()[0]["sentence"] == "B says: A said S"
    assert result.notes[0].startswith("Path 1 (weakest evidence: alleged): B says: A said S; ")


def test_parallel_relationships_are_one_path(empty: Store) -> None:
    build(empty, "ab", [("a", "TOOK", "b"), ("b", "MADE", "a"), ("a", "ISSUED", "b")])
    result = library.run(empty, QUERY, "c", {"start": "a", "end": "b", "hops": 2})
    assert [(r[0], r[1], r[3]) for r in result.rows] == [
        (1, 1, "issued"),
        (1, 1, "was said by"),
        (1, 1, "took"),
    ]
    assert len(result.notes) == 1


def test_what_is_not_there_is_said(empty: Store) -> None:
    build(empty, "ab", [])
    result = library.run(empty, QUERY, "c", {"start": "a", "end": "b", "hops": 3})
    assert result.rows == ()
    assert result.notes == ("No path of at most 3 hops joins A and B under these conditions.",)
    same = library.run(empty, QUERY, "c", {"start": "a", "end": "a", "hops": 3})
    assert (same.rows, same.notes) == ((), ("Both ends are A.",))


def test_more_paths_than_are_shown(empty: Store) -> None:
    between = [f"m{i:03}" for i in range(230)]
    relationships = [t for m in between for t in ((("a"), "MADE", m), (m, "ABOUT", "b"))]
    build(empty, ["a", "b", *between], relationships)
    result = library.run(empty, QUERY, "c", {"start": "a", "end": "b", "hops": 2})
    assert [path[1] for path in along(result)] == between[: shortest_paths.MOST_PATHS]
    assert result.truncated
    assert result.notes[0] == "Showing 200 of 230 shortest paths."


def test_a_search_that_grows_too_wide_is_given_up(empty: Store) -> None:
    names = [f"m{i}" for i in range(9)]
    build(empty, ["a", "b", "z", "y", *names], [
        *(("a", "MADE", m) for m in names), *(("b", "MADE", m) for m in ("z", "y")),
    ])  # fmt: skip
    step = {**{p.name: p.default for p in QUERY.params}, "case": "c"}
    for used in ("start", "end", "hops"):
        del step[used]
    found = shortest_paths.find(empty, QUERY.cypher, step, "c:a", "c:b", 4, most_waiting=8)
    assert (found.gave_up, found.paths) == (True, ())
    found = shortest_paths.find(empty, QUERY.cypher, step, "c:a", "c:b", 4, most_waiting=9)
    assert not found.gave_up


def test_what_cannot_be_asked(diamond: Store) -> None:
    with pytest.raises(ParameterError, match="hops must be from 1 to 20, not 21"):
        ask(diamond, "a", "b", hops=21)
    with pytest.raises(ParameterError, match="hops must be from 1 to 20, not 0"):
        ask(diamond, "a", "b", hops=0)
    with pytest.raises(QueryTimeout):
        library.run(diamond, QUERY, "c", {"start": "a", "end": "b"}, timeout=1e-9)
