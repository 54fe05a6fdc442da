"""What earlier versions of Sutra wrote still opens: workspaces, boards, links, packs, old inputs.

`tests/compat/VERSION` holds what `tests/compat/freeze.py` froze with that version.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from neo4j_server import Server

from graph.explore.connections import Terms
from graph.explore.search import search
from graph.ingest import load_states, loads, unloads
from graph.journal import keeping
from graph.runtime.workspace import Workspace
from graph.saved import asked_queries, boards, naming_decisions
from graph.saved.naming_decisions import Decided
from graph.store.embedded import service
from graph.store.store import Store
from loaders.case import read_case
from sutra import cases, cli

FROZEN = sorted(file.parent for file in Path(__file__).parent.glob("*/frozen.json"))
PASSWORD = "frozen-for-the-tests"  # noqa: S105 (as tests/compat/freeze.py has it)
CASE = cases.BUNDLED.name

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Thawed:
    """A frozen graph that is open, what was in it, and the folder that it came from."""

    folder: Path
    store: Store
    workspace: Workspace
    was: dict[str, Any]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((folder, engine), id=f"{folder.name}-{engine}", marks=marks)
        for folder in FROZEN
        for engine, marks in (("embedded", ()), ("neo4j", pytest.mark.neo4j))
    ],
)
def thawed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Thawed]:
    folder, engine = request.param
    was = json.loads((folder / "frozen.json").read_text("utf-8"))[engine]
    root = tmp_path_factory.mktemp(f"thawed-{engine}")
    workspace = Workspace(root / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUTRA_HOME", str(workspace.root))
        if engine == "embedded":
            unzip(folder / "embedded.zip", workspace.root)
            with Store.open(workspace, environ={}) as store:
                yield Thawed(folder, store, workspace, was)
            service.stop(workspace)
            return
        unzip(folder / "neo4j-home.zip", workspace.root)
        unzip(folder / "neo4j.zip", root / "neo4j")
        with Server("5.26", root / "neo4j", password=PASSWORD) as server:
            for name, value in server.environ.items():
                patch.setenv(name, value)
            with Store.open(workspace, environ=server.environ) as store:
                yield Thawed(folder, store, workspace, was)


def unzip(file: Path, target: Path) -> None:
    with zipfile.ZipFile(file) as packed:
        packed.extractall(target)


def linked(thawed: Thawed, name: str) -> str:
    """The id that a link ends in."""
    return str(thawed.was["links"][name]).partition("=")[2]


def test_what_was_in_the_graph_is_in_it(thawed: Thawed) -> None:
    for case, counts in thawed.was["cases"].items():
        assert load_states.counts(thawed.store, case) == counts
    assert [s.id for s in load_states.states(thawed.store)] == thawed.was["loads"]


def test_boards_open_whole(thawed: Thawed) -> None:
    was = thawed.was["board"]
    opened = boards.open_board(thawed.store, was["id"])
    assert opened.gone == ()
    assert (opened.board.title, opened.board.nodes, opened.board.notes) == (
        was["title"], was["nodes"], was["notes"],
    )  # fmt: skip
    assert [step.title for step in opened.view.steps] == ["It began", "The whole"]
    assert opened.view.filters.reported_until == "2021-02-12"
    assert boards.open_board(thawed.store, linked(thawed, "explore")).gone == ()


def test_the_file_of_a_board_is_read(thawed: Thawed) -> None:
    text = (thawed.folder / "board.json").read_bytes()
    opened = boards.import_board(thawed.store, text, "board.json", CASE)
    assert (opened.gone, opened.view.title) == ((), thawed.was["board"]["title"])
    assert len(opened.view.notes) == thawed.was["board"]["notes"]
    boards.delete(thawed.store, [opened.board.id])


def test_links_lead_to_what_was_asked(thawed: Thawed) -> None:
    ways = asked_queries.find(thawed.store, linked(thawed, "paths"))
    assert (ways.kind, ways.what) == (
        "ways",
        json.loads(json.dumps(asdict(Terms(f"{CASE}:sawhney", f"{CASE}:twitter")))),
    )
    question = asked_queries.find(thawed.store, linked(thawed, "questions"))
    assert (question.kind, question.what["query"]) == ("question", "roles")
    assert asked_queries.find(thawed.store, linked(thawed, "own")).kind == "own"


def test_the_search_finds_what_it_found(thawed: Thawed) -> None:
    for words in ("sawhney", "person:baker", "hashtag"):
        assert search(thawed.store, CASE, words).names


def test_decisions_on_names_still_count(thawed: Thawed) -> None:
    (decision,) = naming_decisions.decided(thawed.store, "sandwick").values()
    assert (decision.naming, decision.by) == ("private", "case editor")


def test_the_pack_verifies(
    thawed: Thawed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(thawed.folder / "pack.zip", tmp_path / "frozen-pack.zip")
    unzip(thawed.folder / "newsroom.zip", tmp_path)
    assert cli.main(["verify-pack", str(tmp_path / "frozen-pack.zip")]) == 0, capsys.readouterr()


def test_the_bundled_case_loads_again_and_goes_back_to_an_archived_input(
    thawed: Thawed, make_workspace: Callable[[], Workspace]
) -> None:
    """The last test of an engine: it changes the graph."""
    report = loads.load(thawed.store, thawed.workspace, read_case(cases.BUNDLED))
    assert report.written.withdrawn == report.written.removed == 0
    frozen = thawed.was["cases"][CASE]
    assert load_states.counts(thawed.store, CASE)["claims"] == frozen["claims"]
    for expected in ("load-0002", "load-0001"):
        back = unloads.unload(thawed.store, thawed.workspace, CASE, read_case)
        assert back is not None
        assert back.id == f"{CASE}:{expected}"
    claims = sum(load_states.counts(thawed.store, CASE)["claims"].values())
    assert claims == sum(frozen["claims"].values()) - 1


def test_a_decision_on_a_name_is_an_entry_that_others_replace(thawed: Thawed) -> None:
    """Where it was kept before there was a journal, too; it changes the graph."""
    store, odd = thawed.store, "sandwick:odd"
    (kept,) = keeping.listed(store, "sandwick")
    assert (kept.entry.kind, kept.entry.author, kept.state) == ("naming", "case editor", "in force")
    naming_decisions.decide(
        store, "sandwick", Decided(odd, "public_role", "in office", "Ann", "2026-11-29")
    )
    assert naming_decisions.decided(store, "sandwick")[odd].naming == "public_role"
    assert [one.state for one in keeping.listed(store, "sandwick", odd)] == ["replaced", "in force"]
    naming_decisions.take_back(store, odd)
    assert naming_decisions.decided(store, "sandwick") == {}
