"""The view as a value: undo, hiding, pins, filters, expansions; and what the store brings to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invented import lighthouse

from graph.explore import as_of, neighbours, reads
from graph.explore.as_of import Record, Told
from graph.explore.history import History
from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
from graph.explore.view import NO_FILTERS, Expansion, Filters, LeftOut, Step, View
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

CASE = "twitter-blocking-orders-2021"
TWITTER = f"{CASE}:twitter"


def entity(id_: str, label: str = "Person", x: float = 0.0) -> NodeView:
    return NodeView(id_, label, id_.upper(), x, 0.0)


def a_view() -> View:
    """Ann - order - office, and a tag that hangs on the order by an alleged relationship."""
    return View.of(
        "c",
        Subgraph(
            (entity("ann"), entity("order", "Order", 100), entity("office", "Organization", 200),
             entity("tag", "Hashtag", 300)),
            (
                RelationshipView("r1", "ISSUED", "ann", "order", origins=2, contested=True,
                                 earliest="2021-02-01", latest="2021-02-03", reported="2021-02-10"),
                RelationshipView("r2", "ADDRESSED_TO", "order", "office", "inferred", 1,
                                 earliest="2021-02-05", latest="2021-02-05", reported="2021-02-12"),
                RelationshipView("r3", "FLAGS", "order", "tag", "alleged"),
            ),
        ),
    )  # fmt: skip


def seen(view: View, record: Record = as_of.NO_RECORD) -> tuple[str, str]:
    shown = view.shown(record)
    return " ".join(n.id for n in shown.nodes), " ".join(r.id for r in shown.relationships)


# --- clocks -------------------------------------------------------------------------------------


def test_what_is_dated_by_claims_is_on_the_clock_and_is_not_there_before_its_day() -> None:
    order = replace(entity("order", "Order"), earliest="2021-01-20", latest="2021-01-22")
    known = replace(entity("known", "Event"), earliest="0001-01-01", latest="2021-02-09")
    view = a_view()
    nodes = (*(order if n.id == "order" else n for n in view.graph.nodes), known)
    view = View.of("c", Subgraph(nodes, view.graph.relationships))
    assert view.days("happened") == (
        "2021-01-20", "2021-01-22", "2021-02-01", "2021-02-03", "2021-02-05", "2021-02-09",
    )  # fmt: skip
    assert view.days("reported") == ("2021-02-10", "2021-02-12")
    before = view.filtered(Filters(happened_until="2021-01-19"))
    assert seen(before) == ("ann office tag known", "")
    assert before.left_out().nodes_filtered == 1
    assert seen(view.filtered(Filters(happened_until="2021-01-20")))[1] == "r3"


# --- history ------------------------------------------------------------------------------------


def test_every_change_can_be_undone_and_done_again() -> None:
    start = History(a_view())
    changes: list[Callable[[View], View]] = [
        lambda v: v.hiding(["ann"]),
        lambda v: v.moved({"order": (5.0, 6.0)}),
        lambda v: v.pinning("order"),
        lambda v: v.filtered(Filters(types=frozenset({"Hashtag"}))),
        lambda v: v.noting("office", "ask them"),
        lambda v: v.measured("degree", "communities"),
        lambda v: v.titled(" A   title "),
        lambda v: v.without(["tag"]),
    ]
    history, states = start, [start.now]
    for change in changes:
        history = history.then(change(history.now))
        states.append(history.now)
    assert history.now.title == "A title"
    for state in reversed(states[:-1]):
        history = history.undo()
        assert history.now == state
    assert history.undo() == history
    for state in states[1:]:
        history = history.redo()
        assert history.now == state
    assert history.redo() == history


def test_a_new_change_forgets_what_was_undone_and_none_is_no_change() -> None:
    history = History(a_view()).then(a_view().hiding(["ann"])).undo()
    assert history.then(history.now) is history
    other = history.then(history.now.hiding(["tag"]))
    assert other.redo() == other
    assert len(other.past) == 1


# --- hiding and pinning -------------------------------------------------------------------------


def test_what_is_hidden_is_counted_and_comes_back() -> None:
    view = a_view().hiding(["order", "nobody"])
    assert seen(view) == ("ann office tag", "")
    assert view.left_out() == LeftOut(nodes_hidden=1, relationships_hidden=3)
    assert [n.id for n in view.hidden_nodes] == ["order"]
    assert seen(view.showing(["order"])) == seen(a_view())
    assert seen(view.hiding(["r1"]).showing()) == seen(a_view())
    assert not a_view().left_out()


def test_a_relationship_hidden_by_hand_leaves_its_ends() -> None:
    view = a_view().hiding(["r3"])
    assert seen(view) == ("ann order office tag", "r1 r2")
    assert view.left_out() == LeftOut(relationships_hidden=1)


def test_what_has_a_relationship_hidden_by_hand_stays_though_a_filter_takes_the_others() -> None:
    filters = Filters(relationships=frozenset({"ISSUED", "ADDRESSED_TO"}))
    assert seen(a_view().hiding(["r3"]).filtered(filters)) == ("order tag", "")


def test_only_what_is_in_the_view_is_hidden_or_noted() -> None:
    assert a_view().hiding(["nobody", "r1"]).hidden == {"r1"}
    view = a_view().noting("ann", " ask her ").noting("nobody", "who?")
    assert view.notes == {"ann": "ask her"}
    assert view.noting("ann", "  ").notes == {}


def test_what_is_brought_in_comes_out_of_hiding() -> None:
    view = a_view().hiding(["tag", "ann"])
    assert view.bringing(Subgraph((entity("tag", "Hashtag"),))).hidden == {"ann"}


def test_what_an_expansion_reached_comes_out_of_hiding() -> None:
    view = a_view().hiding(["tag", "ann"])
    view = view.expanded(view.graph, Expansion("order", "FLAGS", True, frozenset({"tag"}), 1))
    assert seen(view) == ("order office tag", "r2 r3")


def test_what_was_taken_out_comes_back_as_if_it_were_new() -> None:
    def brought(view: View, owner: str) -> View:
        return view.expanded(a_view().graph, Expansion(owner, None, None, frozenset({"ann"}), 1))

    view = a_view().pinning("ann").noting("ann", "ask her").noting("r1", "why?").hiding(["r1"])
    back = brought(brought(view, "order").without(["ann"]), "office")
    assert seen(back) == ("order office tag ann", "r2 r3 r1")
    assert (back.notes, back.pinned) == ({}, frozenset())
    # The order had reached it before, and needs it no more.
    assert back.brought_by("office") == {"ann"}


def test_what_is_taken_out_is_forgotten_by_expansions_and_by_the_story() -> None:
    view = a_view().telling(Step("The order", "", ("order", "ann", "r1")))
    for owner in ("ann", "order"):
        view = view.expanded(view.graph, Expansion(owner, None, None, frozenset({"tag"}), 1))
    view = view.without(["ann"])
    assert [e.entity for e in view.expansions] == ["order"]
    assert view.steps[0].lit == ("order",)


def test_a_later_page_of_an_expansion_joins_the_earlier_one() -> None:
    view = a_view()
    for id_, end in (("a", 1), ("b", 2)):
        graph = Subgraph((entity(id_),))
        view = view.expanded(graph, Expansion("ann", "MADE", True, frozenset({id_}), end))
    found = view.expansion("ann", "MADE", True)
    assert found is not None
    assert (found.reached, found.next) == (frozenset({"a", "b"}), 2)
    assert len(view.expansions) == 1


def test_what_is_pinned_keeps_its_place_when_all_is_laid_out_anew() -> None:
    view = a_view().moved({"order": (1234.0, -77.0)}).pinning("order")
    tidy = view.tidied()
    assert tidy.graph.positions["order"] == (1234.0, -77.0)
    assert tidy.graph.positions["ann"] != view.graph.positions["ann"]


# --- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "nodes", "relationships"),
    [
        ({"types": {"Order"}}, "ann office tag", ""),
        ({"relationships": {"FLAGS"}}, "ann order office", "r1 r2"),
        ({"statuses": {"alleged", "inferred"}}, "ann order", "r1"),
        ({"least_origins": 1}, "ann order office", "r1 r2"),
        ({"dispute": "contested"}, "ann order", "r1"),
        ({"dispute": "agreed"}, "order office tag", "r2 r3"),
        ({"happened_until": "2021-02-04"}, "ann order tag", "r1 r3"),
    ],
)
def test_each_filter_leaves_out_and_counts(
    filters: dict[str, Any], nodes: str, relationships: str
) -> None:
    frozen: dict[str, Any] = {
        k: frozenset(v) if isinstance(v, set) else v for k, v in filters.items()
    }
    view = a_view().filtered(Filters(**frozen))
    assert seen(view) == (nodes, relationships)
    left = view.left_out()
    assert left.nodes_filtered == 4 - len(nodes.split())
    assert left.relationships_filtered == 3 - len(relationships.split())
    assert view.filters.count == 1
    assert seen(view.filtered(NO_FILTERS)) == seen(a_view())


def test_a_fact_is_shown_from_its_first_possible_day_and_certain_from_its_last() -> None:
    def r1(day: str) -> RelationshipView | None:
        return a_view().filtered(Filters(happened_until=day)).shown().relationship("r1")

    assert r1("2021-01-31") is None
    for day, certain in [("2021-02-01", False), ("2021-02-02", False), ("2021-02-03", True)]:
        found = r1(day)
        assert found is not None
        assert found.certain is certain


def test_what_is_pinned_stays_though_a_filter_takes_its_relationships() -> None:
    view = a_view().filtered(Filters(relationships=frozenset({"FLAGS"}))).pinning("tag")
    assert seen(view)[0] == "ann order office tag"


def test_hidden_and_filtered_are_counted_once() -> None:
    view = a_view().hiding(["ann"]).filtered(Filters(relationships=frozenset({"FLAGS"})))
    left = view.left_out()
    assert (left.nodes_hidden, left.nodes_filtered) == (1, 1)
    assert (left.relationships_hidden, left.relationships_filtered) == (1, 1)


def test_filters_refuse_what_the_schema_does_not_know() -> None:
    for wrong in (
        {"types": frozenset({"Spaceship"})},
        {"relationships": frozenset({"x"})},
        {"statuses": frozenset({"true"})},
        {"dispute": "?"},
        {"least_origins": -1},
    ):
        with pytest.raises(ValueError, match=r"know|one of|fewer"):
            a_view().filtered(Filters(**wrong))


# --- the second clock ---------------------------------------------------------------------------


def test_status_origins_and_disputes_are_worked_out_again_for_a_day() -> None:
    record = Record(
        told={"r1": (Told("early", "alleged", ("wire",)), Told("late", "reported", ("house",)),
                     Told("copy", "reported", ("wire",))),
              "r2": (Told("late", "reported"),)},
        published={"early": "2021-02-10", "copy": "2021-02-11", "late": "2021-02-12"},
        disputes={"r1": ("2021-02-11",)},
    )  # fmt: skip

    def at(day: str) -> tuple[str, int, bool] | None:
        found = a_view().filtered(Filters(reported_until=day)).shown(record).relationship("r1")
        return None if found is None else (found.status, found.origins, found.contested)

    assert at("2021-02-09") is None
    assert at("2021-02-10") == ("alleged", 1, False)
    assert at("2021-02-11") == ("reported", 1, True)
    assert at("2021-02-12") == ("reported", 2, True)
    only = a_view().filtered(Filters(sources=frozenset({"late"})))
    assert seen(only, record)[1] == "r1 r2"
    # One view is asked with one record and then with another.
    assert seen(only)[1] == ""
    both = Filters(sources=frozenset({"late"}), reported_until="2021-02-11")
    assert seen(a_view().filtered(both), record) == ("", "")


def test_a_source_without_a_day_is_in_no_state_of_the_past() -> None:
    record = Record(
        told={"r1": (Told("undated", "reported"),), "r2": (Told("early", "reported"),)},
        published={"early": "2021-02-10"},
    )
    at = Filters(reported_until="2030-01-01")
    assert seen(a_view().filtered(at), record)[1] == "r2"


@pytest.mark.embedded
def test_a_source_counts_from_its_last_possible_day(empty: Store, tmp_path: Path) -> None:
    tables = lighthouse()
    for row, day in zip(tables.rows["sources"], ("1987-05", ""), strict=True):
        row["published_on"] = day
    loads.load(empty, Workspace.locate(), read_case(tables.write(tmp_path)))
    view = View.of("sandwick", reads.case_view(empty, "sandwick"))
    record = as_of.record(empty, [r.id for r in view.graph.relationships])

    def told(day: str) -> list[str]:
        shown = view.filtered(Filters(reported_until=day)).shown(record)
        return [r.type for r in shown.relationships]

    assert told("1987-05-30") == []
    assert told("1987-05-31") == told("9998-12-31") == ["MADE"]


def test_at_the_last_day_all_is_as_the_load_judged_it(loaded_store: Store) -> None:
    view = View.of(CASE, reads.case_view(loaded_store, CASE))
    record = as_of.record(loaded_store, [r.id for r in view.graph.relationships])
    last = view.filtered(Filters(reported_until=view.days("reported")[-1])).shown(record)
    assert last.relationships == view.graph.relationships
    first = view.filtered(Filters(reported_until=view.days("reported")[0]))
    shown = first.shown(record)
    assert 0 < len(shown.relationships) < len(last.relationships)
    assert {r.reported for r in shown.relationships} == {"2021-02-12"}
    assert first.left_out(record).relationships_filtered == 176 - len(shown.relationships)
    assert [name for _, name in record.sources] == ["Article A", "Article B"]


# --- expanding ----------------------------------------------------------------------------------


def test_collapse_takes_back_what_came_unless_something_else_needs_it() -> None:
    def bring(view: View, owner: str, *ids: str) -> View:
        other = view.graph.adding(Subgraph(tuple(entity(i) for i in ids)))
        return view.expanded(other, Expansion(owner, None, None, frozenset(ids), len(ids)))

    view = bring(a_view(), "ann", "a", "b", "both", "order")
    view = bring(view, "order", "both", "c")
    view = bring(view, "a", "far")
    view = view.pinning("b").noting("c", "why")
    assert view.brought_by("ann") == frozenset()
    assert view.pinning("b", on=False).brought_by("ann") == {"b"}
    later = view.collapsed("a")
    assert later.brought_by("ann") == {"a"}
    assert {"far"} == {n.id for n in view.graph.nodes} - {n.id for n in later.graph.nodes}
    assert later.brought_by("order") == frozenset()
    at_last = later.collapsed("order").collapsed("ann").noting("c", "").pinning("b", on=False)
    assert {n.id for n in at_last.graph.nodes} == {"ann", "order", "office", "tag", "b", "c"}


def test_relationship_types_have_their_numbers_before_anything_is_fetched(
    loaded_store: Store,
) -> None:
    view = View.of(CASE, reads.some_view(loaded_store, [TWITTER]))
    types = neighbours.relationship_types(loaded_store, view, TWITTER)
    assert {(t.type, t.outgoing): t.total for t in types}["ADDRESSED_TO", False] == 5
    assert all(t.shown == 0 and t.left == t.total for t in types)
    found = neighbours.expand(loaded_store, view, TWITTER, "ADDRESSED_TO", False)
    assert (found.added, found.left) == (5, 0)
    after = neighbours.relationship_types(loaded_store, found.view, TWITTER)
    assert {(t.type, t.outgoing): t.left for t in after}["ADDRESSED_TO", False] == 0
    assert found.view.graph.positions[TWITTER] == view.graph.positions[TWITTER]
    assert found.view.collapsed(TWITTER).graph == view.graph


def test_pages_go_on_where_the_last_one_ended(loaded_store: Store) -> None:
    view = View.of(CASE, reads.some_view(loaded_store, [TWITTER]))
    came, left = 0, 1
    while left:
        found = neighbours.expand(loaded_store, view, TWITTER, size=7)
        assert found.added <= 7
        assert {view.graph.positions[i] == found.view.graph.positions[i] for i in
                view.graph.positions} == {True}  # fmt: skip
        view, left, came = found.view, found.left, came + found.added
    assert came == neighbours.offer(loaded_store, TWITTER).total
    whole = neighbours.expand(
        loaded_store, View.of(CASE, reads.some_view(loaded_store, [TWITTER])), TWITTER
    ).view
    assert {n.id for n in view.graph.nodes} == {n.id for n in whole.graph.nodes}
    assert {r.id for r in view.graph.relationships} == {r.id for r in whole.graph.relationships}
    again = neighbours.expand(loaded_store, view, TWITTER, size=7)
    assert (again.added, again.view.graph) == (0, view.graph)


def test_what_is_not_in_the_view_comes_with_what_surrounds_it(loaded_store: Store) -> None:
    found = neighbours.expand(loaded_store, View(CASE), TWITTER, "TOOK", True).view
    assert TWITTER in found.base
    assert found.brought_by(TWITTER) == {n.id for n in found.graph.nodes} - {TWITTER}


def test_a_full_view_takes_no_more_and_offers_counts(
    loaded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "MOST", 10)
    view = View.of(CASE, reads.some_view(loaded_store, [TWITTER]))
    full = neighbours.expand(loaded_store, view, TWITTER).view
    assert len(full.graph.nodes) == 10
    with pytest.raises(neighbours.Full, match="as many as it may"):
        neighbours.expand(loaded_store, full, TWITTER)
    with pytest.raises(neighbours.Full, match="do not fit"):
        neighbours.bring(loaded_store, full, [f"{CASE}:monique-meche", f"{CASE}:red-fort"])
    offer = neighbours.offer(loaded_store, TWITTER)
    assert offer.total == sum(count for _, count in offer.by_type) == 24
    assert len(offer.ranked) == 24
    assert [n.origins for n in offer.ranked] == sorted(n.origins for n in offer.ranked)[::-1]
    roomy = full.hiding([n.id for n in full.graph.nodes[1:6]]).letting_go()
    assert len(roomy.graph.nodes) == 5


def test_any_series_of_changes_leaves_a_view_that_can_be_drawn(loaded_store: Store) -> None:
    dice = random.Random(5)  # noqa: S311 (a choice of steps)
    history = History(View.of(CASE, reads.case_view(loaded_store, CASE, limit=6)))
    for _ in range(60):
        view = history.now
        ids = [n.id for n in view.graph.nodes] or [TWITTER]
        one = dice.choice(ids)
        step = dice.choice(["expand", "collapse", "hide", "without", "undo", "redo", "pin", "go"])
        match step:
            case "expand":
                view = neighbours.expand(loaded_store, view, one, size=3).view
            case "collapse":
                view = view.collapsed(one)
            case "hide":
                view = view.hiding([one])
            case "without":
                view = view.without([one])
            case "pin":
                view = view.pinning(one)
            case "go":
                view = view.letting_go()
        history = getattr(history, step)() if step in ("undo", "redo") else history.then(view)
        now = history.now
        assert all(n.position is not None for n in now.graph.nodes)
        assert now.base | now.pinned <= {n.id for n in now.graph.nodes}
        assert {e.entity for e in now.expansions} <= {n.id for n in now.graph.nodes}
        shown, left = now.shown(), now.left_out()
        assert len(shown.nodes) + left.nodes_hidden + left.nodes_filtered == len(now.graph.nodes)
        hidden = left.relationships_hidden + left.relationships_filtered
        assert len(shown.relationships) + hidden == len(now.graph.relationships)
