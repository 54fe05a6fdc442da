"""The measurements do not break, and what they measure is a case like any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bench import faults, generate, reading, register
from graph.ingest import loads
from graph.model.records import Claim, Entity, Passage, Place, Support
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

ROOT = Path(__file__).resolve().parents[2]
SIZE = 400

pytestmark = pytest.mark.slow


def _bare(records: Any) -> Counter[str]:
    return Counter(repr(replace(record, place=Place(""))) for record in records)


def test_a_case_is_the_same_each_time_and_the_beginning_of_a_larger_one() -> None:
    one, larger = list(generate.records(SIZE)), generate.records(4 * SIZE)
    assert one == list(generate.records(SIZE))
    assert sum(isinstance(record, Claim) for record in one) == SIZE
    assert one[: SIZE * 2] == list(islice(larger, SIZE * 2))
    assert one != list(generate.records(SIZE, seed=2))


def test_its_tables_hold_its_records(tmp_path: Path) -> None:
    folder = generate.write_case(tmp_path, SIZE)
    assert _bare(read_case(folder).records()) == _bare(generate.records(SIZE))


def test_it_has_the_shape_of_a_real_case() -> None:
    records = list(generate.records(4_000))
    claims = [record for record in records if isinstance(record, Claim)]
    degrees = Counter(end for c in claims for end in (c.subject, c.object) if c.object)
    most, median = max(degrees.values()), sorted(degrees.values())[len(degrees) // 2]
    assert most > 50 * median
    assert {c.kind for c in claims} >= {"relationship", "figure", "wording", "characterisation"}


def test_a_register_has_its_shape(tmp_path: Path) -> None:
    """One source, a passage for each row, three relationships of each meeting, no speaker
    anywhere."""
    records = list(register.records(0.1))
    assert records[:1000] == list(islice(register.records(0.2), 1000))
    labels = Counter(record.label for record in records if isinstance(record, Entity))
    assert labels == {"Meeting": 1_250, "Organization": 420, "Person": 34}
    assert sum(isinstance(record, Passage) for record in records) == labels["Meeting"]
    relationships = Counter(r.predicate for r in records if isinstance(r, Claim))
    assert relationships["HOLDS_ROLE"] == labels["Person"]
    assert 2.9 < relationships["ATTENDED"] / labels["Meeting"] <= 3
    assert not any(r.said_by for r in records if isinstance(r, Support))
    given = register.load_input(tmp_path, 0.1)
    generate.write_tables(tmp_path, given)
    assert _bare(read_case(tmp_path).records()) == _bare(records)


def test_it_is_measured(store: Store, tmp_path: Path) -> None:
    given = generate.load_input(tmp_path, SIZE * 3, case_id=reading.CASE)
    report = loads.load(store, Workspace.locate(), given)
    assert report.counts["Claim"] == SIZE * 3
    told = reading.interactions(store, None, rounds=1, degree=(3, 40))
    told += reading.queries(store, None, rounds=1, degree=(3, 40))
    assert [timing.note for timing in told if timing.median != timing.median] == []
    found = reading.ways(store, None, pairs=4, compare=True)
    assert found.same_as_networkx == found.pairs


@pytest.mark.parametrize("way", ["records"])
def test_a_way_of_loading_is_measured(empty: Store, way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.loading", way, str(SIZE)],
        cwd=ROOT, check=True, capture_output=True, text=True, env={**os.environ},
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1])["claims"] == SIZE


@pytest.mark.neo4j
def test_disturbed_loads_are_measured(empty: Store, tmp_path: Path) -> None:
    outcome = faults.measure(empty, tmp_path, 1)
    assert (len(outcome.disturbed), outcome.wrong) == (1, [])
    assert outcome.faults > 0
    assert outcome.calm > 0
