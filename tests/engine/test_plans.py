"""How the library's queries start, as Neo4j plans them: at an index, unless they say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.questions.library import BUNDLED
from graph.questions.parameters import bind
from graph.questions.query_file import read
from graph.store.store import Store
from sutra import cases

pytestmark = pytest.mark.neo4j

# A scan of an index reads all that it holds, so it is no start. An argument is what the other side
# of its join has found, an unwinding goes through what was given, and a procedure (the full-text
# search) has an index of its own.
STARTS = ("Seek", "Argument", "ProcedureCall", "Unwind")


def leaves(plan: Any) -> Iterator[str]:
    """The operators that a plan starts at."""
    below = plan.get("children") or []
    for child in below:
        yield from leaves(child)
    if not below:
        yield plan["operatorType"].partition("@")[0]


def scans(plan: Any) -> list[str]:
    """Those of them that read more than they look for."""
    return sorted({leaf for leaf in leaves(plan) if not leaf.endswith(STARTS)})


@pytest.mark.parametrize("file", sorted(BUNDLED.rglob("*.cypher")), ids=lambda file: file.stem)
def test_a_query_starts_at_an_index_or_says_that_it_scans(loaded_store: Store, file: Path) -> None:
    query = read(file)
    given = bind(query.params, query.example, cases.BUNDLED.name, loaded_store, query=query.id)
    found = scans(loaded_store.explain(query.cypher, given))
    assert query.scan or not found, f"{file.name} starts at {', '.join(found)}; add `scan: true`"


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (n:Claim) RETURN count(n.kind) AS n",
        "MATCH (n) WHERE n.case = $case RETURN n.id AS n",
        "MATCH (n:Entity) WHERE n.id IS NOT NULL RETURN n.id AS n",
        "MATCH (a:Entity {id: $case}) MATCH (b:Claim) WHERE b.gist = a.caption RETURN b.id AS n",
    ],
)
def test_a_scan_is_seen(loaded_store: Store, cypher: str) -> None:
    assert scans(loaded_store.explain(cypher, {"case": cases.BUNDLED.name}))
