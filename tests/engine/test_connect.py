"""Paths between two entities as the Paths page shows them, on the bundled case."""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import ParameterError
from graph.explore.connections import Connection, Terms, connect
from graph.questions.library import Library
from graph.store.store import Store

CASE = "twitter-blocking-orders-2021"


def asked(store: Store, start: str, end: str, **more: Any) -> Connection:
    terms = Terms(f"{CASE}:{start}", f"{CASE}:{end}", **more)
    return connect(store, Library.load(), CASE, terms)


def test_a_path_is_told_with_its_sources(loaded_store: Store) -> None:
    found = asked(loaded_store, "baker", "sawhney")
    assert [
        relationship.sentence for hop in found.paths[0].hops for relationship in hop.relationships
    ] == [
        "Jim Baker took part in Meeting of IT secretary and Twitter, according to Article A",
        "Meeting of IT secretary and Twitter was attended by Ajay Prakash Sawhney, "
        "according to Article A and Article B",
    ]


def test_paths_are_ranked_by_their_weakest_evidence(loaded_store: Store) -> None:
    found = asked(loaded_store, "twitter", "government-of-india")
    assert found.total == len(found.paths) == 6
    assert [path.weakest for path in found.paths] == ["reported"] * 5 + ["inferred"]
    last = found.paths[-1]
    assert all(
        "inferred from" in relationship.sentence
        for hop in last.hops
        for relationship in hop.relationships
    )


def test_the_picture_holds_the_paths_alone_and_runs_from_left_to_right(loaded_store: Store) -> None:
    found = asked(loaded_store, "twitter", "government-of-india")
    on_paths = frozenset().union(*(path.lit for path in found.paths))
    assert {*found.view.by_id} == on_paths
    for path in found.paths:
        across = [found.view.positions[id_][0] for id_ in path.ids]
        assert across == sorted(across)


def test_from_the_other_end_the_same_paths_are_found(loaded_store: Store) -> None:
    there = asked(loaded_store, "twitter", "government-of-india")
    back = connect(loaded_store, Library.load(), CASE, there.terms.swapped())
    assert {path.ids[::-1] for path in back.paths} == {path.ids for path in there.paths}


def test_what_is_only_alleged_or_left_out_carries_no_path(loaded_store: Store) -> None:
    found = asked(loaded_store, "baker", "sawhney", types=("ATTENDED",), without=True)
    assert "ATTENDED" not in found.view.count_relationships()
    only = asked(loaded_store, "baker", "sawhney", types=("ATTENDED",))
    assert len(only.paths) == 1
    early = asked(loaded_store, "baker", "sawhney", until="2020-01-01", types=("ATTENDED",))
    assert not early.paths
    late = asked(loaded_store, "baker", "sawhney", since="2022-01-01", types=("ATTENDED",))
    assert not late.paths


def test_where_no_path_is_the_nearest_entity_is_said(loaded_store: Store) -> None:
    short = asked(loaded_store, "dorsey", "baker", hops=1)
    assert not short.paths
    assert short.nearest is not None
    assert short.nearest.sentence == "The shortest path has 2 steps."
    assert short.nearest.terms is not None
    assert connect(loaded_store, Library.load(), CASE, short.nearest.terms).paths

    narrow = asked(loaded_store, "dorsey", "baker", types=("USED",))
    assert narrow.nearest is not None
    assert narrow.nearest.sentence.startswith("Over connections of every type and time")


def test_an_end_that_is_not_there_is_one_sentence(loaded_store: Store) -> None:
    with pytest.raises(ParameterError, match="nothing in"):
        asked(loaded_store, "nobody-of-that-name", "baker")
