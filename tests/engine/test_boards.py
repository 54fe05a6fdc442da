"""Boards in the graph's own store, as files, and what they make of hostile ones; measures."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph.errors import InputError
from graph.explore import measures, neighbours, reads
from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
from graph.explore.view import LONGEST_NOTE, MOST_STORY, Filters, Gaze, Step, View
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.saved import asked_queries, board_file, boards
from graph.saved.boards import BoardError
from graph.store.store import Store

CASE = "twitter-blocking-orders-2021"
TWITTER, DORSEY = f"{CASE}:twitter", f"{CASE}:dorsey"


@pytest.fixture(scope="module")
def home(filled: Workspace, make_copy: Callable[[Workspace], Workspace]) -> Workspace:
    return make_copy(filled)


@pytest.fixture(scope="module")
def own(home: Workspace) -> Any:
    """A graph of its own with the bundled case: boards are written to it."""
    with Store.open(home) as store:
        yield store


def a_view(store: Store) -> View:
    view = View.of(CASE, reads.case_view(store, CASE, limit=12))
    view = neighbours.expand(store, view, TWITTER, "MADE", True, size=2).view
    relationship = view.graph.relationships[0].id
    return (
        view.moved({TWITTER: (12.345, -6.0)})
        .hiding([view.graph.nodes[-1].id, relationship])
        .pinning(TWITTER)
        .filtered(Filters(types=frozenset({"Place"}), reported_until="2021-02-12"))
        .noting(TWITTER, "<b>mine</b> \u202e")
        .noting(relationship, "a connection")
        .measured("degree", "communities")
        .telling(
            Step(
                "It began",
                "Who spoke first.\n\nAnd to whom.",
                (TWITTER, relationship),
                (1, -2.5, 0.8),
            )
        )
        .telling(Step("The whole", ""))
        .titled("Who said what")
    )


LOOKS = (None, (1.25, -40.5, 0.75), (0.0, 0.0, 2.0))


@pytest.mark.parametrize("look", LOOKS)
def test_where_its_reader_looks_goes_with_a_board_and_its_file(own: Store, look: Any) -> None:
    view = a_view(own)
    relationship = view.graph.relationships[1].id
    gaze = Gaze((TWITTER, relationship), look)
    board = boards.keep(own, view, kept=True, gaze=gaze)
    opened = boards.open_board(own, board.id)
    assert (opened.gaze, opened.gone) == (gaze, ())
    assert boards.open_board(own, boards.duplicate(own, board.id).id).gaze == gaze
    file = boards.export(own, board.id).encode()
    assert boards.import_board(own, file, "board.json", CASE).gaze == gaze
    # A board of before this was kept, and one that names what is another case's.
    kept = json.loads(file)
    del kept["selected"], kept["look"]
    old = json.dumps(kept).encode()
    assert boards.import_board(own, old, "board.json", CASE).gaze == Gaze()
    kept["selected"] = ["other-case:x", TWITTER]
    foreign = json.dumps(kept).encode()
    assert boards.import_board(own, foreign, "board.json", CASE).gaze == Gaze((TWITTER,))


@pytest.mark.parametrize(
    "wrong", [{"look": [1, 2]}, {"look": ["a", 0, 1]}, {"look": [0, 0, 0]}, {"selected": "twitter"},
              {"selected": [7]}],
)  # fmt: skip
def test_a_board_that_looks_nowhere_is_refused(own: Store, wrong: dict[str, Any]) -> None:
    text = json.dumps({**json.loads(board_file.as_json(a_view(own))), **wrong}).encode()
    with pytest.raises(InputError):
        boards.import_board(own, text, "board.json", CASE)


def test_two_gazes_are_alike_where_no_eye_tells_them_apart() -> None:
    one = Gaze(("a",), (10.0, 20.0, 0.5))
    assert one.is_like(Gaze(("a",), (10.4, 19.8, 0.5004)))
    for other in (("b",), (10.0, 20.0, 0.5)), (("a",), None), (("a",), (12.0, 20.0, 0.5)):
        assert not one.is_like(Gaze(*other))
    assert not one.is_like(Gaze(("a",), (10.0, 20.0, 0.501)))


def same(one: View, other: View) -> bool:
    return bool(json.loads(board_file.as_json(one)) == json.loads(board_file.as_json(other)))


# --- the story ----------------------------------------------------------------------------------


def test_a_story_is_written_moved_and_taken_apart_and_forgets_what_is_gone(own: Store) -> None:
    view = a_view(own)
    first, second = view.steps
    assert view.reordered(0, 1).steps == (second, first)
    assert view.reordered(1, 2) == view.reordered(0, -1) == view
    assert view.untelling(0).steps == (second,)
    assert view.without([TWITTER]).steps[0].lit == (first.lit[1],)
    cut = view.telling(Step(" a \n title ", "x" * 9_999, (TWITTER, TWITTER, "nobody")), 1).steps
    assert cut == (first, Step("a title", "x" * LONGEST_NOTE, (TWITTER,)))
    for _ in range(2 * MOST_STORY):
        view = view.telling(second)
    assert len(view.steps) == MOST_STORY


def test_a_step_is_kept_with_its_board_and_names_what_is_gone(own: Store) -> None:
    view = a_view(own)
    made = boards.keep(own, view, kept=True)
    assert boards.open_board(own, made.id).view.steps == view.steps
    found = json.loads(boards.export(own, made.id))
    found["steps"][0]["lit"].append(f"{CASE}:nobody")
    again = boards.import_board(own, json.dumps(found).encode(), "board.json", CASE)
    assert again.view.steps == view.steps
    assert again.gone == (f"{CASE}:nobody",)
    del found["steps"]  # as a board of before there were stories
    old = boards.import_board(own, json.dumps(found).encode(), "board.json", CASE)
    assert old.view.steps == ()
    boards.delete(own, [made.id, again.board.id, old.board.id])


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"title": 1, "text": ""}, "the title of a step"),
        ({"title": "", "text": "x" * 5_000}, "the text of a step"),
        ({"title": "", "text": "", "view": [0, 0, 0]}, "looks at no place"),
        ({"title": "", "text": "", "view": [0, 0]}, "looks at no place"),
        ({"title": "", "text": "", "lit": "x"}, "what a step lights"),
        ("x", "a step is not an object"),
    ],
)
def test_a_step_that_cannot_be_is_refused(own: Store, step: Any, words: str) -> None:
    found = json.loads(board_file.as_json(a_view(own)))
    found["steps"] = [step]
    with pytest.raises(InputError, match=words):
        boards.import_board(own, json.dumps(found).encode(), "board.json", CASE)


# --- the store ----------------------------------------------------------------------------------


def test_a_board_comes_back_as_it_was_kept(own: Store) -> None:
    view = a_view(own)
    made = boards.keep(own, view, kept=True)
    assert CASE not in made.id
    assert made.id.isalnum()
    assert (made.title, made.nodes, made.notes) == ("Who said what", len(view.graph.nodes), 2)
    opened = boards.open_board(own, made.id)
    assert opened.gone == ()
    assert same(opened.view, view)
    assert opened.view.graph.positions == {
        i: (round(x, 2), round(y, 2)) for i, (x, y) in view.graph.positions.items()
    }
    assert {r.id for r in opened.view.graph.relationships} == {
        r.id for r in view.graph.relationships
    }
    assert opened.view.collapsed(TWITTER).graph.nodes != opened.view.graph.nodes


def test_boards_are_listed_renamed_duplicated_and_deleted(own: Store) -> None:
    boards.delete(own, [b.id for b in boards.boards(own, CASE)])
    one = boards.keep(own, a_view(own), kept=True)
    passing = boards.keep(own, a_view(own), kept=False)
    copy = boards.duplicate(own, one.id)
    assert boards.rename(own, one.id, "  Another\n name ").title == "Another name"
    assert [b.title for b in boards.boards(own, CASE)] == ["Another name", "Copy of Who said what"]
    assert boards.open_board(own, one.id).view.title == "Another name"
    assert boards.open_board(own, copy.id).view.title == "Copy of Who said what"
    boards.delete(own, [one.id, TWITTER, f"{CASE}:article-a"])
    assert [b.id for b in boards.boards(own, CASE)] == [copy.id]
    assert own.read("MATCH (s:Record {id: $id}) RETURN 1 AS n", {"id": f"{CASE}:article-a"})
    assert boards.find(own, passing.id) is not None
    with pytest.raises(BoardError, match="gone"):
        boards.rename(own, one.id, "x")
    for id_ in (one.id, "", "x" * 100, f"{CASE}:article-a", "' OR 1=1 //"):
        with pytest.raises(BoardError, match="No view is stored"):
            boards.open_board(own, id_)


def test_nobody_writes_over_what_somebody_else_changed(own: Store) -> None:
    made = boards.keep(own, a_view(own), kept=True)
    theirs = boards.keep(own, a_view(own).titled("Theirs"), made.id, kept=True, seen=made.changed)
    with pytest.raises(BoardError, match="Somebody has changed"):
        boards.keep(own, a_view(own).titled("Mine"), made.id, kept=True, seen=made.changed)
    assert boards.open_board(own, made.id).board.title == theirs.title == "Theirs"


def test_what_nobody_named_goes_after_ninety_days_in_its_own_case(own: Store) -> None:
    aged = {"old": (91, CASE), "named": (91, CASE), "young": (89, CASE), "elsewhere": (91, "other")}
    made = {name: boards.keep(own, a_view(own), kept=name == "named").id for name in aged}
    for name, (days, case) in aged.items():
        changed = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        own.write(
            "MATCH (b:Record {id: $id}) SET b.changed = $changed, b.case = $case",
            {"id": made[name], "changed": changed, "case": case},
        )
    boards.keep(own, a_view(own), kept=False)
    left = {name for name, id_ in made.items() if boards.find(own, id_) is not None}
    assert left == {"named", "young", "elsewhere"}
    boards.delete(own, list(made.values()))


def test_a_board_survives_a_new_load_and_says_what_is_gone(own: Store, home: Workspace) -> None:
    from loaders.case import read_case
    from sutra import cases as bundled

    view = a_view(own)
    made = boards.keep(own, view, kept=True)
    loads.load(own, home, read_case(bundled.BUNDLED))
    assert same(boards.open_board(own, made.id).view, view)
    ghost = json.loads(board_file.as_json(view))
    ghost["nodes"].append({"id": f"{CASE}:never", "x": 1, "y": 2})
    ghost["notes"][f"{CASE}:no-claim"] = "gone too"
    ghost["base"].append(f"{CASE}:never")
    opened = boards.import_board(own, json.dumps(ghost).encode(), "ghost.json", CASE)
    assert opened.gone == (f"{CASE}:never", f"{CASE}:no-claim")
    assert opened.says == "2 entities on this board are no longer in the graph: never, no-claim."
    assert same(opened.view, view)


# --- files --------------------------------------------------------------------------------------


def test_an_exported_board_can_be_brought_in(own: Store) -> None:
    made = boards.keep(own, a_view(own), kept=True)
    text = boards.export(own, made.id)
    opened = boards.import_board(own, text.encode(), "board.json", CASE)
    assert opened.board.id != made.id
    assert same(opened.view, a_view(own))
    marked = b"\xef\xbb\xbf" + text.encode()
    assert same(boards.import_board(own, marked, "board.json", CASE).view, a_view(own))


def changed(**what: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda good: {**good, **what}


HOSTILE: dict[str, tuple[Any, str]] = {
    "no json": (b"\xff\xfe", "cannot be read as JSON"),
    "empty": (b"", "cannot be read as JSON"),
    "deep": (b"[" * 100_000, "cannot be read as JSON"),
    "huge number": (b"9" * 10_000, "cannot be read as JSON"),
    "half a character": (b'{"format": "\\ud800"}', "cannot be read as JSON"),
    "twice": (b'{"format": 1, "format": 2}', "cannot be read as JSON"),
    "not a number": (b'{"format": NaN}', "cannot be read as JSON"),
    "large": (b" " * 4_000_001, "larger than"),
    "a list": (b"[]", "not an object"),
    "another thing": (b"{}", "not a board"),
    "another version": (changed(version=2), "another version"),
    "another case": (changed(case="elsewhere"), "of the case “elsewhere”"),
    "no case": (changed(case=None), "case is not a text"),
    "nodes": (changed(nodes={"id": "a"}), "nodes is not a list"),
    "no place": (changed(nodes=[{"id": "a", "x": "1", "y": 2}]), "no place"),
    "very far": (changed(nodes=[{"id": "a", "x": 10**400, "y": 2}]), "no place"),
    "very far down": (changed(nodes=[{"id": "a", "x": 0, "y": -(10**400)}]), "no place"),
    "too far for a number": (b'{"format": 1e999}', "cannot be read as JSON"),
    "without end": (b'{"format": -Infinity}', "cannot be read as JSON"),
    "deep objects": (b'{"a":' * 100_000, "cannot be read as JSON"),
    "a text": (b'"board"', "not an object"),
    "far look": (
        changed(steps=[{"title": "", "text": "", "view": [10**400, 0, 1]}]), "looks at no place"
    ),
    "near look": (
        changed(steps=[{"title": "", "text": "", "view": [0, 0, 10**400]}]), "looks at no place"
    ),
    "origins without end": (changed(filters={"least_origins": 10**400}), "not a number"),
    "next without end": (
        changed(expansions=[{"entity": "a", "type": None, "next": 10**400}]), "no place"
    ),
    "far": (changed(nodes=[{"id": "a", "x": 1e300, "y": 2}]), "no place"),
    "true": (changed(nodes=[{"id": "a", "x": True, "y": 2}]), "no place"),
    "same twice": (changed(nodes=[{"id": "a", "x": 1, "y": 2}] * 2), "twice"),
    "too many": (
        changed(nodes=[{"id": str(i), "x": 1, "y": 2} for i in range(2_001)]), "more than"
    ),
    "id": (changed(hidden=[1]), "not a text"),
    "long id": (changed(hidden=["x" * 501]), "at most 500"),
    "empty id": (changed(pinned=[""]), "empty id"),
    "type": (changed(filters={"types": ["Spaceship"]}), "does not know"),
    "day": (changed(filters={"happened_until": "soon"}), "not a day"),
    "dispute": (changed(filters={"dispute": ["any"]}), "does not know"),
    "origins": (changed(filters={"least_origins": -1}), "does not know"),
    "relationship": (
        changed(expansions=[{"entity": "a", "type": "X`) DELETE", "next": 0}]),
        "type of connection",
    ),
    "next": (changed(expansions=[{"entity": "a", "type": None, "next": -5}]), "no place"),
    "measure": (changed(size_by="power"), "not a measure"),
    "note": (changed(notes={"a": "x" * 5_000}), "at most 4,000"),
    "notes": (changed(notes=["x"]), "notes is not an object"),
    "title": (changed(title="x" * 300), "at most 200"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_board_is_refused_in_a_sentence(own: Store, name: str) -> None:
    given, says = HOSTILE[name]
    if callable(given):
        given = json.dumps(given(json.loads(board_file.as_json(View(CASE))))).encode()
    before = len(boards.boards(own, CASE))
    with pytest.raises(InputError, match=says) as error:
        boards.import_board(own, given, "evil.json", CASE)
    assert str(error.value).startswith("evil.json: ")
    assert "\n" not in str(error.value)
    assert len(boards.boards(own, CASE)) == before


@pytest.mark.parametrize(
    "state",
    [
        "", "[]", "{", "{}", "[" * 100_000, '{"a": ' + "9" * 10_000 + "}",
        json.dumps({"nodes": [{"id": "a", "x": 10**400, "y": 0}]}),
    ],
)  # fmt: skip
def test_a_stored_board_that_cannot_be_read_is_said_to_be_so(own: Store, state: str) -> None:
    made = boards.keep(own, a_view(own), kept=True)
    if state.startswith('{"nodes"'):
        state = json.dumps({**json.loads(boards.export(own, made.id)), **json.loads(state)})
    own.write("MATCH (b:Record {id: $id}) SET b.state = $state", {"id": made.id, "state": state})
    assert made.id in [board.id for board in boards.boards(own, CASE)]
    with pytest.raises(InputError, match="the stored view: "):
        boards.open_board(own, made.id)
    # What is an object may be given another title, and stays what it is.
    readable = state.startswith("{") and state.endswith("}") and len(state) < 10_000
    with contextlib.nullcontext() if readable else pytest.raises(InputError, match="stored view: "):
        boards.rename(own, made.id, "x")
    boards.delete(own, [b.id for b in boards.boards(own, CASE)])
    assert boards.find(own, made.id) is None


@pytest.mark.parametrize("state", ["", "[]", "{", "[" * 100_000, "9" * 10_000])
def test_what_was_asked_and_cannot_be_read_is_asked_anew(own: Store, state: str) -> None:
    id_ = asked_queries.keep(own, CASE, "own", {"text": "RETURN 1"})
    own.write("MATCH (a:Record {id: $id}) SET a.state = $state", {"id": id_, "state": state})
    with pytest.raises(asked_queries.AskedError, match="cannot be read; ask it anew"):
        asked_queries.find(own, id_)


def test_a_board_of_this_case_brings_nothing_of_another(own: Store) -> None:
    board = json.loads(board_file.as_json(View(CASE)))
    board["nodes"] = [{"id": "other:entity", "x": 0, "y": 0}]
    opened = boards.import_board(own, json.dumps(board).encode(), "b.json", CASE)
    assert opened.gone == ("other:entity",)
    assert opened.view.graph.nodes == ()


# --- measures -----------------------------------------------------------------------------------


def a_graph() -> Subgraph:
    """Two triangles joined by one bridge, a twin relationship, a possible likeness, and one
    alone."""
    relationships = ["ab", "bc", "ca", "cd", "de", "ef", "fd", "ab"]
    rows = [RelationshipView(f"r{i}", "FOLLOWED", t[0], t[1]) for i, t in enumerate(relationships)]
    likely = RelationshipView("s", "SAME_AS", "a", "g", attributes={"certainty": "possible"})
    return Subgraph(tuple(NodeView(i, "Person", i) for i in "abcdefg"), (*rows, likely))


def test_measures_say_what_was_computed_on_what() -> None:
    degree = measures.measure(a_graph(), "degree", sources=2)
    assert degree.values == {"a": 2, "b": 2, "c": 3, "d": 3, "e": 2, "f": 2, "g": 0}
    assert "on the 7 entities shown and the 7 pairs" in degree.caption
    assert "rests on 2 sources: this measures coverage, not power" in degree.caption
    between = measures.measure(a_graph(), "betweenness", sources=500)
    assert {i for i, share in between.shares.items() if share == 1} == {"c", "d"}
    assert "measures coverage" not in between.caption
    groups = measures.measure(a_graph(), "communities").values
    assert groups["a"] == groups["b"] == groups["c"] != groups["d"] == groups["e"] == groups["f"]
    assert groups["g"] == 0
    assert {groups["a"], groups["d"]} == {1, 2}


def test_measures_are_the_same_at_each_run() -> None:
    nodes = tuple(NodeView(f"n{i}", "Person", "x") for i in range(450))
    relationships = tuple(
        RelationshipView(f"r{i}", "FOLLOWED", f"n{i}", f"n{(i * 7 + 1) % len(nodes)}")
        for i in range(len(nodes))
    )
    one = measures.measure(Subgraph(nodes, relationships), "betweenness")
    two = measures.measure(Subgraph(nodes[::-1], relationships[::-1]), "betweenness")
    assert one == two
    assert "estimated" not in one.caption
    assert measures.measure(Subgraph(), "degree").values == {}
    for name in measures.MEASURES:
        assert measures.measure(Subgraph(nodes[:1]), name).caption
