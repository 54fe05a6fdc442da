"""Ways between two things as the Paths page shows them, on the bundled case."""

from __future__ import annotations

import pytest

from graph.errors import ParameterError
from graph.explore.connections import Connection, Terms, connect
from graph.questions.library import Library
from graph.store.store import Store

CASE = "twitter-blocking-orders-2021"


def asked(store: Store, start: str, end: str, **more: object) -> Connection:
    terms = Terms(f"{CASE}:{start}", f"{CASE}:{end}", **more)  # type: ignore[arg-type]
    return connect(store, Library.load(), CASE, terms)


def test_a_way_is_told_with_its_sources(loaded_store: Store) -> None:
    found = asked(loaded_store, "baker", "sawhney")
    assert [tie.sentence for hop in found.ways[0].hops for tie in hop.ties] == [
        "Jim Baker took part in Meeting of IT secretary and Twitter, according to Article A",
        "Meeting of IT secretary and Twitter was attended by Ajay Prakash Sawhney, "
        "according to Article A and Article B",
    ]


def test_ways_are_ranked_by_their_weakest_evidence(loaded_store: Store) -> None:
    found = asked(loaded_store, "twitter", "government-of-india")
    assert found.total == len(found.ways) == 6
    assert [way.weakest for way in found.ways] == ["reported"] * 5 + ["inferred"]
    last = found.ways[-1]
    assert all("inferred from" in tie.sentence for hop in last.hops for tie in hop.ties)


def test_the_picture_holds_the_ways_alone_and_runs_from_left_to_right(loaded_store: Store) -> None:
    found = asked(loaded_store, "twitter", "government-of-india")
    on_ways = frozenset().union(*(way.lit for way in found.ways))
    assert {*found.view.by_id} == on_ways
    for way in found.ways:
        across = [found.view.positions[id_][0] for id_ in way.ids]
        assert across == sorted(across)


def test_from_the_other_end_the_same_ways_are_found(loaded_store: Store) -> None:
    there = asked(loaded_store, "twitter", "government-of-india")
    back = connect(loaded_store, Library.load(), CASE, there.terms.swapped())
    assert {way.ids[::-1] for way in back.ways} == {way.ids for way in there.ways}


def test_what_is_only_alleged_or_left_out_carries_no_way(loaded_store: Store) -> None:
    found = asked(loaded_store, "baker", "sawhney", types=("ATTENDED",), without=True)
    assert "ATTENDED" not in found.view.count_relationships()
    only = asked(loaded_store, "baker", "sawhney", types=("ATTENDED",))
    assert len(only.ways) == 1
    early = asked(loaded_store, "baker", "sawhney", until="2020-01-01", types=("ATTENDED",))
    assert not early.ways
    late = asked(loaded_store, "baker", "sawhney", since="2022-01-01", types=("ATTENDED",))
    assert not late.ways


def test_where_no_way_is_the_nearest_thing_is_said(loaded_store: Store) -> None:
    short = asked(loaded_store, "dorsey", "baker", hops=1)
    assert not short.ways
    assert short.nearest is not None
    assert short.nearest.sentence == "The shortest way has 2 steps."
    assert short.nearest.terms is not None
    assert connect(loaded_store, Library.load(), CASE, short.nearest.terms).ways

    narrow = asked(loaded_store, "dorsey", "baker", types=("USED",))
    assert narrow.nearest is not None
    assert narrow.nearest.sentence.startswith("Over ties of every type and time")


def test_an_end_that_is_not_there_is_one_sentence(loaded_store: Store) -> None:
    with pytest.raises(ParameterError, match="nothing in"):
        asked(loaded_store, "nobody-of-that-name", "baker")
