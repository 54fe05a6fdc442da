"""What an analyst is likely to ask: the same rows on every engine; and where engines differ."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engines import clear
from engines_docs import HERE, entries, markdown
from rows_read import rows_read

from graph.errors import SutraError
from graph.ingest import statements
from graph.model.types import SCHEMA
from graph.questions import library
from graph.runtime.workspace import Workspace
from graph.store.store import Store

GRAPH = [part for part in (HERE / "graph.cypher").read_text("utf-8").split(";\n") if part.strip()]
UNIQUE = "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE"
ASKED, DIFFERENT, SCANS = entries("analyst"), entries("differences"), entries("scans")
MANY = 400
CROWD = """
UNWIND range(1, $many) AS i WITH i, toString(i) AS n
CREATE (e:Entity:Organization {id: 'c:e' + n, case: 'c', caption: 'Body ' + n})
CREATE (p:Record:Passage {id: 'c:p' + n, case: 'c', gist: 'Part ' + n})
CREATE (c:Claim {id: 'c:k' + n, case: 'c', subject: 'c:e' + n, kind: 'relationship',
  earliest: toString(date('2020-01-01') + duration({days: i - 1}))})
CREATE (p)-[:SUPPORTS {status: 'reported'}]->(c)
WITH e, c MATCH (hub:Entity {id: 'c:hub'})
CREATE (e)-[:PART_OF {claim: c.id, status: 'reported'}]->(hub)
"""


@pytest.fixture
def village(store: Store) -> Store:
    """The invented graph; made anew only if something else is there."""
    made = store.read("MATCH (n) WHERE NOT n:Meta RETURN count(n) AS n, count(n.case) AS cases")
    if made != [{"n": 21, "cases": 21}] or not store.read(
        "MATCH (n {id: 'v:ann'}) RETURN 1 AS one"
    ):
        clear(store)
        store.write(UNIQUE)
        for statement in GRAPH:
            store.write(statement)
    return store


def test_there_are_enough_of_them() -> None:
    assert len(ASKED) >= 60
    assert len({one["cypher"] for one in ASKED}) == len(ASKED)


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one["ask"])
def test_what_an_analyst_asks_has_the_same_answer(village: Store, one: dict[str, Any]) -> None:
    """As an analyst asks it: through the guard, and past the server's plan."""
    result = library.run_own(village, one["cypher"], Path("own"), "v", one.get("params"))
    assert [list(row) for row in result.rows] == one["rows"]


@pytest.mark.parametrize("one", DIFFERENT, ids=lambda one: one["about"])
def test_a_difference_is_still_one(village: Store, one: dict[str, Any]) -> None:
    """The day an engine changes, docs/engines.md does."""
    ask = village.write if one.get("writes") else village.read
    wanted = one["embedded" if village.info.embedded else "neo4j"]
    try:
        found: Any = [list(row.values()) for row in ask(one["cypher"])]
    except SutraError:
        found = "refused"
    finally:
        if one.get("writes"):
            clear(village)
    assert found == wanted


@pytest.fixture
def crowd(store: Store) -> Store:
    """Many of each label, with our indexes."""
    count = "MATCH (n:Entity) WHERE n.case = 'c' RETURN count(n) AS n"
    if store.read(count) != [{"n": MANY + 1}]:
        clear(store)
        store.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
        store.write("CREATE (:Entity:Organization {id: 'c:hub', case: 'c', caption: 'The hub'})")
        store.write(CROWD, {"many": MANY})
    return store


@pytest.mark.parametrize("one", SCANS, ids=lambda one: one["about"])
def test_what_the_embedded_engine_scans_for(crowd: Store, one: dict[str, Any]) -> None:
    """The day that it scans no more, docs/engines.md says so."""
    for form in {"cypher", "instead"} & one.keys():
        ask = partial(crowd.read, one[form], one.get("params"))
        assert [list(row.values()) for row in ask()] == one["rows"]
        if crowd.info.embedded:
            read, _ = rows_read(Workspace.locate(), ask)
            assert read >= MANY if form == "cypher" else read < 20


def test_the_page_on_the_engines_is_up_to_date() -> None:
    page = (HERE.parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
    assert page == markdown(), "run: python tests/support/engines_docs.py > docs/engines.md"
