"""What the embedded engine reads for a question does not grow with the square of a case.

Each case is loaded at one size and then at twice that size, into the same graph. What is read is
counted by the engine itself, record by record, so that nothing here depends on the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rows_read import rows_read

from bench import generate, reading, register
from exports import material, material_choice
from graph.explore import as_of, inspector, overview, search
from graph.explore import reads as explore
from graph.ingest import inputs, loads
from graph.questions import library, parameters
from graph.questions.library import Library
from graph.runtime.workspace import Workspace
from graph.store.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.embedded]

TWICE = 2.6
"""Twice as large a case has twice as much to read, and a little more: hubs grow faster."""
FEW = 300
"""Records more that count as none."""
PATIENCE = 20.0
"""Seconds that a question has at the larger size, on a machine that is busy with other tests."""

SHAPES: dict[str, list[Callable[[Path], inputs.LoadInput]]] = {
    "register": [partial(register.load_input, factor=factor) for factor in (0.05, 0.1)],
    "stories": [
        partial(generate.load_input, claims=claims, case_id="stories") for claims in (1_000, 2_000)
    ],
}
QUESTIONS = [query.id for query in Library.load()]

KNOWN = {
    # Every two groups that a measure reached are listed as of unknown overlap, so the answer itself
    # grows with the square. Which of them are known to share nobody has to follow from more
    # relationships.
    "stories": {"open-points"},
}
"""Questions that grow faster, by shape."""


@dataclass
class Read:
    """What one question read at each size, how many rows it had and how long it took."""

    records: list[int]
    rows: int = 0
    seconds: float = 0.0


def _questions(store: Store, case: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each question of the library."""
    for query in Library.load():
        given = reading.told_most_of(query)
        yield query.id, partial(library.run, store, query, case, given, timeout=PATIENCE)


def _app(store: Store, case: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the pages read."""
    person = f"{case}:person-0"
    yield "overview", partial(overview.overview, store, case)
    yield "first view", partial(explore.case_view, store, case)
    yield "surroundings of a person", partial(explore.around, store, person)
    yield "inspect a person", partial(inspector.entity, store, person)
    yield "search", partial(search.search, store, case, generate.person_name(0))
    yield "a name as a parameter", partial(parameters.entity, store, case, "person-0")
    yield "publication", lambda: material.read(store, case, material_choice.whole(store, case))


def _alone(store: Store, case: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the pages read of a few entities with few relationships."""
    one, passages = f"{case}:meeting-5", [f"{case}:row-5", f"{case}:row-6"]
    about = "MATCH (c:Claim) WHERE c.subject = $id RETURN c.id AS id ORDER BY id"
    claims = [row["id"] for row in store.read(about, {"id": one})]
    assert claims
    yield "inspect a meeting", partial(inspector.entity, store, one)
    yield "inspect claims", partial(inspector.claims, store, claims)
    yield "passages", partial(inspector.passages, store, passages)
    yield "names", partial(inspector.called, store, [one, *passages, f"{case}:register"])
    yield "entities", partial(explore.some_nodes, store, [one])
    yield "as of a day", partial(as_of.record, store, claims)


@pytest.fixture(scope="module", params=SHAPES)
def reads(
    request: pytest.FixtureRequest,
    make_empty: Callable[[], Workspace],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, dict[str, Read]]:
    """The name of a shape, and what was read of it."""
    workspace, shape = make_empty(), request.param
    found: dict[str, Read] = {}
    with Store.open(workspace, environ={}) as store:
        for made in SHAPES[shape]:
            loads.load(store, workspace, made(tmp_path_factory.mktemp("case")))
            asked = [*_questions(store, shape), *_app(store, shape)]
            asked += _alone(store, shape) if shape == "register" else ()
            for what, call in asked:
                entry, began = found.setdefault(what, Read([])), time.monotonic()
                records, answer = rows_read(workspace, call)
                entry.records.append(records)
                entry.seconds = time.monotonic() - began
                entry.rows = len(getattr(answer, "rows", ()))
    return shape, found


def test_nothing_grows_with_the_square(reads: tuple[str, dict[str, Read]]) -> None:
    shape, found = reads
    assert set(QUESTIONS) <= set(found)
    told = {what: entry.records for what, entry in found.items()}
    wrong = {what for what, (less, more) in told.items() if more > TWICE * less + FEW}
    assert wrong == KNOWN.get(shape, set()), told


@pytest.mark.parametrize("reads", ["register"], indirect=True)
def test_a_register_without_speakers_answers_in_seconds(
    reads: tuple[str, dict[str, Read]],
) -> None:
    found = reads[1]
    assert found["roles"].rows == round(0.1 * register.PEOPLE)
    assert found["roles"].seconds < 2
    meetings = round(0.1 * register.MEETINGS)
    assert found["sequence"].rows == meetings
    assert found["meeting-attendance"].rows > 2 * meetings


@pytest.mark.parametrize("reads", ["register"], indirect=True)
def test_what_is_looked_at_alone_reads_the_same_in_a_larger_case(
    reads: tuple[str, dict[str, Read]],
) -> None:
    alone = ("inspect a meeting", "inspect claims", "passages", "names", "entities", "as of a day")
    told = {what: reads[1][what].records for what in alone}
    assert all(less == more < 100 for less, more in told.values()), told
