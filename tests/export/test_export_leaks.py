"""What must not be told by how a view was chosen, by where entities lie, or by another fact."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from export_case import (
    CASE,
    CHOICES,
    PERPETUA,
    Asked,
    add_figure,
    add_relationship,
    captions,
    everything,
    fogbank,
    loaded,
    put,
    row,
)
from invented import SETTINGS, Tables

from exports import material as publication
from exports import material_choice
from exports.pack import pack
from exports.redaction.publish import Prepared, publish
from graph.errors import ExportError
from graph.explore import reads
from graph.explore.subgraph import Subgraph
from graph.ingest import loads
from graph.questions import library
from graph.questions.library import Library
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra import cli

pytestmark = pytest.mark.embedded


# --- another case -------------------------------------------------------------------------------


def test_what_is_another_cases_does_not_leave_with_this_one(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The decisions on names of one case say nothing on the people of another."""
    put(store, tmp_path / "fogbank", fogbank())
    other = Tables(settings=SETTINGS.format(id="mistbank"))
    other.add("actors", id="pier", type="Organization", caption="Pier Board", kind="other")
    other.add("sources", id="post", caption="Post", kind="article", status="current")
    other.add("passages", passage="p1", source="post", start="0", end="9", sha256="d" * 64,
              language="en", gist="The pier is closed")  # fmt: skip
    other.add("claims", claim="called", kind="wording", subject="pier", measure="name", value="P")
    other.add("supports", passage="p1", claim="called", status="reported")
    loads.load(store, Workspace.locate(), read_case(other.write(tmp_path / "mistbank")))
    with pytest.raises(ExportError, match="belongs to the case “fogbank”, not to “mistbank”"):
        publication.read(store, "mistbank", everything(store))
    out = tmp_path / "out"
    asked = ["--case", "mistbank", "--node", "fogbank:odd-lanternby", "--out", str(out)]
    assert cli.main(["export", *asked]) == 1
    said = capsys.readouterr()
    assert "fogbank" in said.err
    assert "Lanternby" not in said.out + said.err
    assert not out.exists()
    assert cli.main(["export", "--case", "mistbank", "--node", "pier", "--out", str(out)]) == 0


# --- what is confidential, or protected, chooses nothing ----------------------------------------


def flooded(*, confidential: bool) -> Tables:
    """Only a confidential source connects Ulla to Cold Lane, which anybody may know of."""
    t = fogbank(confidential=confidential)
    t.add("events", id="flood", caption="The flood", name="The flood")
    add_relationship(t, "flood-lane", "flood", "LOCATED_IN", "lane", "g2")
    add_figure(t, "five", "flood", "deaths", "5", "people", "g2")
    # Nothing else is gone: where it all lies is then as on screen.
    row(t, "actors", "perpetua").update(naming="public_role", naming_reason="grown up")
    if confidential:
        add_relationship(t, "ulla-lane", "ulla", "LOCATED_IN", "lane", "w2")
    return t


def near(hops: int) -> Asked:
    return lambda store: material_choice.surroundings(store, f"{CASE}:ulla", hops)


def whole(store: Store) -> Subgraph:
    return material_choice.whole(store, CASE)


def best(store: Store) -> Subgraph:
    """The whole, cut: who has the most relationships comes in."""
    return material_choice.whole(store, CASE, 6)


def answered(id_: str, **given: str) -> Asked:
    def asked(store: Store) -> Subgraph:
        query = Library.load().get(id_)
        result = library.run(store, query, CASE, given)
        return material_choice.answer_view(store, result, {c.name: c.type for c in query.columns})

    return asked


VIEWS: dict[str, Asked] = {
    "whole": whole,
    "best": best,
    "one hop": near(1),
    "two hops": near(2),
    "surroundings": answered("surroundings", entity="ulla"),
}


def test_a_confidential_relationship_makes_no_difference_to_any_view(
    store: Store, tmp_path: Path
) -> None:
    made: list[dict[str, Prepared]] = []
    for confidential in (True, False):
        put(store, tmp_path / str(confidential), flooded(confidential=confidential))
        made.append({})
        for name, asked in VIEWS.items():
            made[-1][name] = publish(publication.read(store, CASE, asked(store)), CHOICES)
    for name in VIEWS:
        # How many there are beyond a limit is not said where something is confidential.
        held, never = (dataclasses.replace(m[name].publication, total=None) for m in made)
        assert held == never, name
        assert len(held.entities) > 1, name
    assert "Cold Lane" not in captions(made[0]["two hops"])
    assert "Cold Lane" in captions(made[0]["whole"])


def test_of_a_way_over_a_confidential_tie_no_step_is_there(store: Store, tmp_path: Path) -> None:
    """Not even the steps that everybody may know of: that they lead on would be told."""
    asked = answered("connections", start="ulla", end="flood")
    held = loaded(store, tmp_path / "held", flooded(confidential=True), asked)
    assert held.view.nodes == ()
    never = loaded(store, tmp_path / "never", flooded(confidential=False), asked)
    assert len(never.view.nodes) > 2


def test_a_relationship_that_only_a_confidential_source_tells_of_leads_nowhere(
    store: Store, tmp_path: Path
) -> None:
    """Even where the view that was read was chosen by it: as the Explore page may."""
    put(store, tmp_path / "held", flooded(confidential=True))
    ids = [f"{CASE}:{id_}" for id_ in ("ulla", "fog-meeting", "lane", "flood")]
    view = dataclasses.replace(reads.some_view(store, ids), parameters={"id": f"{CASE}:ulla"})
    made = publish(publication.read(store, CASE, view), CHOICES)
    assert captions(made) == {"Ulla Brandt", "Meeting in the fog"}
    assert any("nothing that is left joins it" in out.why for out in made.report.left_out)
    kept = dataclasses.replace(view, parameters={"ids": ids})
    assert "Cold Lane" in captions(publish(publication.read(store, CASE, kept), CHOICES))


def test_where_a_relationship_is_out_nothing_lies_as_it_drew_it(
    store: Store, tmp_path: Path
) -> None:
    put(store, tmp_path / "held", flooded(confidential=True))
    away = {
        relationship.id
        for relationship in everything(store).relationships
        if "ulla-located-in" in relationship.id
    }
    assert away
    ids = [f"{CASE}:{id_}" for id_ in ("ulla", "fog-meeting", "lane", "flood")]
    view = reads.some_view(store, ids)
    made = publish(publication.read(store, CASE, view), CHOICES)
    bare = dataclasses.replace(
        view, nodes=tuple(dataclasses.replace(n, x=None, y=None) for n in view.nodes)
    )
    places = {t.id: (t.x, t.y) for t in made.publication.entities}
    unplaced = publish(publication.read(store, CASE, bare), CHOICES).publication.entities
    assert places == {t.id: (t.x, t.y) for t in unplaced}
    assert any("laid out anew" in line for line in made.report.warnings)
    other = publication.read(store, CASE, reads.some_view(store, ids[1:]))
    kept = {t.id: (t.x, t.y) for t in publish(other, CHOICES).publication.entities}
    assert kept == {n.id.removeprefix(f"{CASE}:"): n.position for n in other.view.nodes}


def test_a_path_through_somebody_protected_is_none(store: Store, tmp_path: Path) -> None:
    tables = fogbank(confidential=False)
    add_relationship(tables, "per-hut", "perpetua", "HOLDS_ROLE", "chirp", "g4", title="cook")
    add_relationship(tables, "hut-board", "chirp", "PART_OF", "board", "g2")
    tables.rows["claims"] = [r for r in tables.rows["claims"] if r["claim"] != "chirp-met"]
    tables.rows["supports"] = [r for r in tables.rows["supports"] if r["claim"] != "chirp-met"]
    add_relationship(tables, "aaa", "ivo", "ISSUED", "notice", "g3")
    tables.add("orders", id="notice", caption="Notice on lamps", kind="directive")
    hidden = loaded(store, tmp_path / "a", tables, near(3))
    assert "Chirp" not in captions(publish(hidden, CHOICES))
    row(tables, "actors", "perpetua")["naming"] = "public_role"
    assert "Chirp" in captions(publish(loaded(store, tmp_path / "b", tables, near(3)), CHOICES))


def test_a_size_that_only_a_confidential_source_tells_makes_no_group_small(
    store: Store, tmp_path: Path
) -> None:
    def sized(*, confidential: bool) -> Tables:
        t = fogbank(confidential=confidential)
        for table in ("claims", "supports"):
            t.rows[table] = [r for r in t.rows[table] if r["claim"] != "three"]
        t.add("claims", claim="lot", kind="wording", subject="trio", measure="called", value="lot")
        t.add("supports", passage="g2", claim="lot", status="reported")
        if confidential:
            add_figure(t, "three", "trio", "size", "3", "people", "w1")
        return t

    held = publish(loaded(store, tmp_path / "held", sized(confidential=True)), CHOICES)
    never = publish(loaded(store, tmp_path / "never", sized(confidential=False)), CHOICES)
    assert "The three of Cold Lane" in captions(held)
    assert held.publication == never.publication


# --- what one fact hides, another does not tell -------------------------------------------------


@pytest.mark.parametrize(
    ("table", "id_", "key", "cells"),
    [
        ("supports", "eleven", "claim", {"status": "alleged", "said_by": "perpetua"}),
        ("supports", "eleven", "claim", {"as_worded": "eleven, says Saltmarsh"}),
        ("supports", "eleven", "claim", {"hedge": "if Saltmarsh is right"}),
        ("passages", "h2", "passage", {"gist": "Saltmarsh counted eleven lamps"}),
        ("claims", "eleven", "claim", {"base": "perpetua"}),
        ("claims", "eleven", "claim", {"unit": "lamps"}),
    ],
)
def test_a_figure_that_names_somebody_protected_in_any_cell_is_out_and_the_others_stay(
    table: str, id_: str, key: str, cells: dict[str, str], store: Store, tmp_path: Path
) -> None:
    tables = fogbank(confidential=False)
    row(tables, table, id_, key).update(cells)
    # A trace of her would have the whole pack refused.
    made = pack.make(loaded(store, tmp_path / "case", tables), CHOICES).publication
    told = {fact.value for fact in made.facts if fact.measure == "size"}
    assert told == ({"12", "11", "3"} if "unit" in cells else {"12", "3"})


def test_how_sources_call_whom_the_pack_names_in_a_role_stays_and_a_small_group_not(
    store: Store, tmp_path: Path
) -> None:
    tables = fogbank(confidential=False)
    for subject, value in (("ivo", "Young Ivo"), ("trio", "The Watch of Cold Lane")):
        tables.add("claims", claim=f"{subject}-called", kind="wording", subject=subject,
                   measure="called", value=value)  # fmt: skip
        tables.add("supports", passage="g3", claim=f"{subject}-called", status="reported")
    made = publish(loaded(store, tmp_path / "case", tables), CHOICES).publication
    assert {fact.value for fact in made.facts if fact.kind == "wording"} == {"Young Ivo"}


def test_what_a_figure_is_a_part_of_leaves_no_id_where_it_stays_behind(
    store: Store, tmp_path: Path
) -> None:
    tables = fogbank(confidential=False)
    row(tables, "claims", "eleven", "claim").update(base="board")
    material = loaded(store, tmp_path / "case", tables)

    def base(left_out: frozenset[str] = frozenset()) -> set[str | None]:
        made = publish(material, dataclasses.replace(CHOICES, left_out=left_out)).publication
        return {fact.base for fact in made.facts if fact.value == "11"}

    assert base() == {"board"}
    assert base(frozenset({f"{material.case}:board"})) == {None}


def test_a_type_of_connection_and_a_single_claim_can_be_left_out(
    store: Store, tmp_path: Path
) -> None:
    material = loaded(store, tmp_path / "case", fogbank(confidential=False))
    whole = {fact.id: fact for fact in publish(material, CHOICES).publication.facts}
    one = next(id_ for id_, fact in whole.items() if fact.predicate == "HOLDS_ROLE" and fact.id)
    choices = dataclasses.replace(CHOICES, left_out=frozenset({"ATTENDED", one}))
    left = {fact.id for fact in publish(material, choices).publication.facts}
    attended = {id_ for id_, fact in whole.items() if fact.predicate == "ATTENDED"}
    assert attended
    assert left == whole.keys() - attended - {one}


@pytest.mark.parametrize("shown", ["all", "not them"])
def test_the_place_of_a_passage_on_somebody_not_named_is_on_no_fact(
    shown: str, store: Store, tmp_path: Path
) -> None:
    """Of a passage whose gist names nobody; and where the view does not show whom it names."""
    tables = fogbank(confidential=False)
    row(tables, "passages", "g1", "passage")["gist"] = "An excuse was made to the mayor"

    def asked(store: Store) -> Subgraph:
        ids = ["excuse", "board"] if shown == "not them" else ["excuse", "odd-lanternby", "board"]
        return reads.some_view(store, [f"{CASE}:{id_}" for id_ in ids])

    made = publish(loaded(store, tmp_path / "case", tables, asked), CHOICES)
    seen = [e for f in made.publication.facts for e in f.evidence if e.passage == "g1"]
    assert seen
    assert {(e.start, e.end, e.sha256, e.as_worded) for e in seen} == {(None, None, None, None)}


@pytest.mark.parametrize("claim", ["held", "ivo-met"])
@pytest.mark.parametrize("shown", ["all", "not what the passage is on"])
def test_a_date_from_a_confidential_passage_is_on_no_fact(
    claim: str, shown: str, store: Store, tmp_path: Path
) -> None:
    """Of a figure that has a date of its own too, and where nothing in the view is told there."""
    tables = fogbank()
    row(tables, "claims", claim, "claim").update(
        when="1987-04-17", when_basis="stated", when_from="w1"
    )

    def asked(store: Store) -> Subgraph:
        return reads.some_view(store, [f"{CASE}:ivo", f"{CASE}:fog-meeting"])

    view = everything if shown == "all" else asked
    made = pack.make(loaded(store, tmp_path / "case", tables, view), CHOICES)
    assert any(f.kind == "figure" for f in made.publication.facts)
    for name, data in made.files.items():
        assert b"17 Apr 1987" not in data, name
        assert b"1987-04-17" not in data, name


def test_of_a_small_group_neither_id_nor_name_nor_place_leaves(
    store: Store, tmp_path: Path
) -> None:
    tables = fogbank(confidential=False)
    nurses = {"id": "nurses-of-ward-seven", "caption": "Nurses of Ward Seven",
              "description": "Three nurses of Ward Seven"}  # fmt: skip
    row(tables, "groups", "trio").update(nurses)
    for claim in tables.rows["claims"]:
        if claim["subject"] == "trio":
            claim["subject"] = nurses["id"]
    row(tables, "passages", "g2", "passage")["gist"] = "The Nurses of Ward Seven are three"
    made = pack.make(loaded(store, tmp_path / "case", tables), CHOICES)
    for name, data in made.files.items():
        text = data.decode("utf-8", "ignore").casefold().replace("-", " ")
        assert "ward seven" not in text, name
    assert "A small group of people" in made.files["facts.md"].decode()
    places = {e.start for f in made.publication.facts for e in f.evidence if e.passage == "g2"}
    assert places == {None}


@pytest.mark.parametrize(
    ("number", "comparator", "is_small"),
    [("4", "=", True), ("5", "<", True), ("5", "<=", False), ("4", ">", False), ("5", "=", False)],
)
def test_a_group_is_small_if_a_figure_says_so(
    number: str, comparator: str, *, is_small: bool, store: Store, tmp_path: Path
) -> None:
    tables = fogbank(confidential=False)
    row(tables, "claims", "three", "claim").update(value=number, comparator=comparator)
    made = publish(loaded(store, tmp_path / "case", tables), CHOICES)
    assert ("A small group of people" in captions(made)) is is_small
    assert PERPETUA[0] not in captions(made)


def test_the_report_asks_what_only_an_editor_knows(store: Store, tmp_path: Path) -> None:
    """Whether a body is one person's, and whether a group without a figure is small."""
    tables = fogbank(confidential=False)
    add_relationship(
        tables, "odd-chirp", "odd-lanternby", "HOLDS_ROLE", "chirp", "h1", title="owner"
    )
    for claim in ("twelve", "eleven"):
        row(tables, "claims", claim, "claim")["measure"] = "lit"
    told = publish(loaded(store, tmp_path / "case", tables), CHOICES).report.warnings
    assert any(line.startswith("Chirp is named, and the only one with a role") for line in told)
    assert any(line.startswith("No figure says how many belong to “The lamps”") for line in told)
    assert not any(line.startswith("Lamp Board is named") for line in told), "its keeper is named"
