"""Who may be named is decided in the app, with reason, name and day, and counts in an export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from invented import lighthouse

from exports import material
from exports.names.named import Named
from graph.errors import ParameterError
from graph.explore import reads
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.saved import naming_decisions
from graph.saved.naming_decisions import Decided
from graph.store.store import Store
from loaders.case import read_case

CASE = "sandwick"
ODD = f"{CASE}:odd"
MADE = Decided(ODD, "public_role", "keeper of the light", "case editor", "1987-05-09")


@pytest.fixture
def store_of_case(empty: Store, tmp_path: Path) -> Store:
    loads.load(empty, Workspace.locate(), read_case(lighthouse().write(tmp_path / "case")))
    return empty


def named(store: Store) -> Named:
    found = material.read(store, CASE, reads.some_view(store, [ODD]))
    return next(n for n in found.named if n.id == ODD)


def test_a_decision_counts_until_it_is_taken_back(store_of_case: Store, tmp_path: Path) -> None:
    store = store_of_case
    assert named(store).naming is None
    naming_decisions.decide(store, CASE, MADE)
    again = replace(MADE, naming="named_in_role", on="1987-05-10")
    naming_decisions.decide(store, CASE, again)
    assert naming_decisions.decided(store, CASE) == {ODD: again}
    found = named(store)
    assert (found.naming, found.reason, found.by, found.on) == (
        "named_in_role", "keeper of the light", "case editor", "1987-05-10",
    )  # fmt: skip
    loads.load(store, Workspace.locate(), read_case(lighthouse().write(tmp_path / "again")))
    assert named(store).naming == "named_in_role"
    naming_decisions.take_back(store, ODD)
    assert named(store).naming is None


@pytest.mark.parametrize(
    ("table", "app", "counts"),
    [
        ("private", "public_role", "private"),
        ("public_role", "protect", "protect"),
        ("protect", "private", "protect"),
        ("", "public_role", "public_role"),
    ],
)
def test_the_more_protective_counts(
    empty: Store, tmp_path: Path, table: str, app: str, counts: str
) -> None:
    tables = lighthouse()
    if table:
        row = next(r for r in tables.rows["actors"] if r["id"] == "odd")
        row |= {"naming": table, "naming_reason": "told so", "naming_by": "case editor"}
        row |= {"naming_on": "1987-05-08"}
    loads.load(empty, Workspace.locate(), read_case(tables.write(tmp_path)))
    naming_decisions.decide(empty, CASE, replace(MADE, naming=app))
    assert named(empty).naming == counts


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "needs a reason"),
        ({"by": ""}, "needs the name of who decides"),
        ({"on": "yesterday"}, "“yesterday” is not a day; write it as 2021-02-10"),
        ({"naming": "secret"}, "“secret” is no decision; use public_role"),
        ({"entity": f"{CASE}:excuse"}, "nothing in this case that has a name"),
        ({"entity": "elsewhere:odd"}, "nothing in this case that has a name"),
    ],
)
def test_what_is_no_decision_is_refused(
    store_of_case: Store, change: dict[str, str], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        naming_decisions.decide(store_of_case, CASE, replace(MADE, **change))
    assert naming_decisions.decided(store_of_case, CASE) == {}
