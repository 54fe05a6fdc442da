"""The measurements do not break, and what they measure is a case like any other."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from browser import chromium

from bench import exporting, faults, generate, loading, measuring, reading, register, view
from graph.ingest import loads
from graph.model.records import Claim, Entity, Passage, Support
from graph.runtime.workspace import Workspace
from graph.store.store import Store

SIZE = 400

pytestmark = pytest.mark.slow


def test_a_case_is_the_same_each_time_and_the_beginning_of_a_larger_one() -> None:
    one, larger = list(generate.rows(SIZE)), generate.rows(4 * SIZE)
    assert one == list(generate.rows(SIZE))
    assert sum(table == "claims" for table, _ in one) == SIZE
    assert one[: SIZE * 2] == list(islice(larger, SIZE * 2))
    assert one != list(generate.rows(SIZE, seed=2))


def test_it_has_the_shape_of_a_real_case(tmp_path: Path) -> None:
    records = list(generate.load_input(tmp_path, 4_000).records())
    claims = [record for record in records if isinstance(record, Claim)]
    degrees = Counter(end for c in claims for end in (c.subject, c.object) if c.object)
    most, median = max(degrees.values()), sorted(degrees.values())[len(degrees) // 2]
    assert most > 50 * median
    assert {c.kind for c in claims} >= {"relationship", "figure", "wording", "characterisation"}


def test_a_register_has_its_shape(tmp_path: Path) -> None:
    """One source, a passage for each row, three relationships of each meeting, no speaker
    anywhere."""
    rows = list(islice(register.rows(0.1), 1000))
    assert rows == list(islice(register.rows(0.2), 1000))
    records = list(register.load_input(tmp_path, 0.1).records())
    labels = Counter(record.label for record in records if isinstance(record, Entity))
    assert labels == {"Meeting": 1_250, "Organization": 420, "Person": 34}
    assert sum(isinstance(record, Passage) for record in records) == labels["Meeting"]
    relationships = Counter(r.predicate for r in records if isinstance(r, Claim))
    assert relationships["HOLDS_ROLE"] == labels["Person"]
    assert 2.9 < relationships["ATTENDED"] / labels["Meeting"] <= 3
    assert not any(r.said_by for r in records if isinstance(r, Support))


def test_it_is_measured(store: Store, tmp_path: Path) -> None:
    given = generate.load_input(tmp_path, SIZE * 3, case_id=reading.CASE)
    report = loads.load(store, Workspace.locate(), given)
    assert report.counts["Claim"] == SIZE * 3
    reader = reading.Reader(store, rounds=1, degree=(3, 40))
    told = [*reader.interactions(), *reader.queries()]
    assert [timing.note for timing in told if timing.median is None] == []
    assert all(pair.same_as_networkx for pair in reader.paths(pairs=4, compare=True))


def test_our_way_of_loading_is_measured(empty: Store, tmp_path: Path) -> None:
    folder = generate.write_case(tmp_path, SIZE)
    seconds, memory = measuring.apart(loading.measure, "ours", folder)
    assert seconds > 0
    assert 10 < memory < 1_000
    assert _counts(empty)["Claim"] == SIZE


@pytest.mark.neo4j
@pytest.mark.parametrize("way", ["bare", "merge", "graphio"])
def test_the_other_ways_write_the_same(empty: Store, tmp_path: Path, way: str) -> None:
    if way == "graphio":
        pytest.importorskip("graphio")
    folder = generate.write_case(tmp_path, SIZE)
    measuring.apart(loading.measure, "ours", folder)
    ours = _counts(empty)
    assert ours.pop("Load") == 1
    assert ours.pop("DIFFERS") > 0
    assert measuring.apart(loading.measure, way, folder)[0] > 0
    assert _counts(empty) == ours


def _counts(store: Store) -> dict[str, int]:
    """How many nodes and relationships there are, by label and type; a Load is a Record too."""
    nodes = store.read("MATCH (n) UNWIND labels(n) AS kind RETURN kind, count(*) AS n")
    relationships = store.read("MATCH ()-[r]->() RETURN type(r) AS kind, count(*) AS n")
    counts = {row["kind"]: row["n"] for row in (*nodes, *relationships)}
    return {kind: number for kind, number in counts.items() if kind != "Record"}


def test_exports_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "formats", lambda: ("csv", "json"))
    made, *written = exporting.format_rows(40)
    assert made[0].startswith("the publication itself")
    assert [name for name, size, *_ in written if size > 0] == ["csv", "json"]
    pack, seconds = exporting.packed(entities=16)
    assert len(pack.publication.relationships) == 40
    assert seconds > 0


@pytest.mark.browser
def test_an_expansion_in_the_app_is_measured() -> None:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    brought, seconds = measuring.apart(view.expansion, 1)
    assert brought > 10
    assert 0 < seconds < 30


@pytest.mark.neo4j
def test_disturbed_loads_are_measured(empty: Store, tmp_path: Path) -> None:
    calm, disturbed = faults.measure(empty, tmp_path, 2)
    assert [load.seed for load in disturbed] == [0, 1]
    assert not any(load.wrong for load in disturbed)
    assert all(load.faults > 0 for load in disturbed)
    assert calm > 0
