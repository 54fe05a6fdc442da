"""GEXF and GraphML as Gephi itself opens them; Maven brings Gephi's own importers."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from export_case import CHOICES, fogbank, loaded, written
from gephi_import import opened
from neo4j_server import missing

from exports import material
from exports.publication import Fact, Publication
from exports.redaction.publish import publish
from exports.writing.network_data import rgb
from graph.explore import reads
from graph.explore.layout import MARK
from graph.model.dates import BEGINNING, END
from graph.model.types import SCHEMA
from graph.store.store import Store
from sutra import cases

# It says so aloud unless somebody wants to do without: see CONTRIBUTING.md.
pytestmark = [
    pytest.mark.embedded,
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(missing()) and os.environ.get("SUTRA_ALLOW_SKIP") == "1",
        reason=f"no {' and no '.join(missing())}",
    ),
]

HOSTILE = " <b>\"'&amp; ]]> --> \u202e {{x}} =1+1 नमस्ते"


@pytest.fixture(scope="module")
def bundled(loaded_embedded: Store) -> Publication:
    case = cases.BUNDLED.name
    query = "MATCH (n:Entity) WHERE n.case = $case RETURN n.id AS id ORDER BY id"
    ids = [row["id"] for row in loaded_embedded.read(query, {"case": case})]
    view = reads.some_view(loaded_embedded, ids)
    return publish(material.read(loaded_embedded, case, view), CHOICES).publication


@pytest.fixture(scope="module")
def invented(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """Two relationships of different types, and two of one type, between the same two; days of each
    kind."""
    t = fogbank(confidential=False, hostile=HOSTILE)

    def relationship(handle: str, a: str, kind: str, b: str, **more: str) -> None:
        t.add("claims", claim=handle, kind="relationship", subject=a, predicate=kind, object=b,
              **more)  # fmt: skip
        t.add("supports", passage="g3", claim=handle, status="reported")

    relationship("ivo-role-2", "ivo", "HOLDS_ROLE", "board", title=f"painter{HOSTILE}")
    relationship("board-group", "board", "MEMBER_OF", "lamps", when="1987-04", when_basis="stated")
    relationship(
        "meet-lane", "fog-meeting", "LOCATED_IN", "lane", when="1987-05-01", when_basis="stated"
    )
    relationship("after", "fog-meeting", "FOLLOWED", "lane", when="1986/..", when_basis="stated")
    return publish(loaded(store, tmp_path_factory.mktemp("gephi"), t), CHOICES).publication


@pytest.fixture(scope="module")
def seen(
    bundled: Publication, invented: Publication, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], dict[str, Any]]:
    """What Gephi shows, by the case and the format: it is started once."""
    folder = tmp_path_factory.mktemp("opened")
    files: dict[tuple[str, str], Path] = {}
    for case, made in (("bundled", bundled), ("invented", invented)):
        for name in ("gexf", "graphml"):
            files[case, name] = folder / f"{case}.{name}"
            files[case, name].write_bytes(written(name, made)[f"graph.{name}"])
    return dict(zip(files, opened(list(files.values())), strict=True))


def day(number: float | None) -> str | None:
    return None if number is None else datetime.fromtimestamp(number / 1000, UTC).date().isoformat()


def days(fact: Fact) -> list[list[str | None]] | None:
    first = None if fact.earliest == BEGINNING else fact.earliest
    last = None if fact.latest == END else fact.latest
    return [[first, last]] if first or last else None


@pytest.mark.parametrize("case", ["bundled", "invented"])
@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_gephi_shows_every_node_where_it_lies(
    case: str, name: str, seen: dict[tuple[str, str], dict[str, Any]], request: Any
) -> None:
    made: Publication = request.getfixturevalue(case)
    found = seen[case, name]
    nodes = {node["id"]: node for node in found["nodes"]}
    assert len(found["nodes"]) == len(nodes) == len(made.entities)
    for entity in made.entities:
        node, colour = nodes[entity.id], rgb(SCHEMA.nodes[entity.label].colour)
        assert node["label"] == entity.caption
        assert (node["x"], node["y"]) == pytest.approx((entity.x, -entity.y), abs=0.01)
        assert [round(255 * node[c]) for c in ("red", "green", "blue")] == list(colour)
        assert node["size"] == pytest.approx(MARK)
        assert node["data"]["type"] == entity.label
    # Gephi has no place for what GraphML says of a whole graph.
    fine = ("INFO", "WARNING: Graph attributes")
    problems = [issue for issue in found["issues"] if not issue.startswith(fine)]
    assert problems == []


@pytest.mark.parametrize("case", ["bundled", "invented"])
def test_gephi_shows_every_edge_with_its_type_and_its_days(
    case: str, seen: dict[tuple[str, str], dict[str, Any]], request: Any
) -> None:
    made: Publication = request.getfixturevalue(case)
    found = seen[case, "gexf"]
    edges = {edge["id"]: edge for edge in found["edges"]}
    assert len(found["edges"]) == len(edges) == len(made.relationships)
    assert all(edge["directed"] and edge["weight"] == 1 for edge in edges.values())
    for fact in made.relationships:
        edge = edges[fact.id]
        assert (edge["source"], edge["target"]) == (fact.subject, fact.object)
        assert edge["label"] == fact.predicate
        assert edge["kind"].partition(" ")[0] == fact.predicate
        assert edge["data"]["said"] == fact.said
        # Each bound of one day: at its midnight, as Gephi has it.
        found_days = edge["days"] and [[day(bound) for bound in span] for span in edge["days"]]
        assert found_days == days(fact)
    assert (found["dynamic"], found["time"]) == (True, "DATE")
    assert len({days(fact) is None for fact in made.relationships}) == 2, (
        "days of both kinds were tried"
    )


def test_gephi_keeps_parallel_edges_apart(
    invented: Publication, bundled: Publication, seen: dict[tuple[str, str], dict[str, Any]]
) -> None:
    pairs = Counter((fact.subject, fact.object) for fact in invented.relationships)
    assert pairs["ivo", "board"] == pairs["fog-meeting", "lane"] == 2
    kinds = Counter(edge["kind"] for edge in seen["invented", "gexf"]["edges"])
    assert kinds["HOLDS_ROLE 2"] == 1
    assert {kind for kind in kinds if " " in kind} == {"HOLDS_ROLE 2"}
    shown = {edge["kind"] for edge in seen["bundled", "gexf"]["edges"]}
    assert shown == {fact.predicate for fact in bundled.relationships}, "what one filters by"


@pytest.mark.parametrize("case", ["bundled", "invented"])
def test_gephi_shows_graphml_with_one_edge_for_two_ends(
    case: str, seen: dict[tuple[str, str], dict[str, Any]], request: Any
) -> None:
    made: Publication = request.getfixturevalue(case)
    found = seen[case, "graphml"]["edges"]
    assert sum(edge["weight"] for edge in found) == len(made.relationships)
    pairs = {(fact.subject, fact.object) for fact in made.relationships}
    assert {(edge["source"], edge["target"]) for edge in found} == pairs
    assert len(found) == len(pairs)
    assert all(edge["directed"] for edge in found)


def test_an_unknown_day_is_in_neither_file(invented: Publication) -> None:
    for name in ("gexf", "graphml"):
        data = written(name, invented)[f"graph.{name}"].decode()
        assert BEGINNING not in data
        assert END not in data
        assert "1987-05-01" in data
