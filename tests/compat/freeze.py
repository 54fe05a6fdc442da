"""Freeze what this version of Sutra writes, so that later versions can prove that they open it.

    python tests/compat/freeze.py FOLDER

writes into FOLDER (say `tests/compat/0.1.0`):

    embedded.zip   a workspace: the embedded database, archived inputs, state
    neo4j.zip      the home of a Neo4j 5.26 with the same in it, and its password
    pack.zip       a pack, and beside it in `newsroom.zip` what the newsroom keeps
    board.json     a board as the app exports it
    frozen.json    what is in them: counts, ids and titles, the links that lead to them

Run it once for each version that is released, and never again for that version.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent / "support")]

from invented import lighthouse  # noqa: E402
from neo4j_server import Server  # noqa: E402

from graph.explore import neighbours, reads  # noqa: E402
from graph.explore.connections import Terms  # noqa: E402
from graph.explore.view import Filters, Step, View  # noqa: E402
from graph.ingest import load_states, loads  # noqa: E402
from graph.runtime.workspace import Workspace  # noqa: E402
from graph.saved import asked_queries, boards, naming_decisions  # noqa: E402
from graph.saved.naming_decisions import Decided  # noqa: E402
from graph.store.embedded import service  # noqa: E402
from graph.store.store import Store  # noqa: E402
from loaders.case import read_case  # noqa: E402
from sutra import cases, cli  # noqa: E402

PASSWORD = "frozen-for-the-tests"  # noqa: S105 (of a database that holds nothing of anybody's)
CASE = cases.BUNDLED.name
OWN = "MATCH (o:Order) WHERE o.case = $case RETURN o.caption AS order_ ORDER BY order_"
# Of a workspace: what is neither data nor needed to open it.
LEFT_OUT = ("engine/log/", "engine/backups/", "locks/", "logs/", "state/")
# Of a Neo4j's home: logs and what names the machine.
NEO4J_LEFT_OUT = ("logs/", "launcher.log", "conf/", "run/", "certificates/")


def fill(store: Store, workspace: Workspace, folder: Path) -> dict[str, Any]:
    """Two cases, one of them loaded twice, boards, asked questions, a decision on naming."""
    before = folder / CASE
    shutil.copytree(cases.BUNDLED, before)
    without_last_claim(before)
    for given in (before, cases.BUNDLED, lighthouse().write(folder / "sandwick")):
        loads.load(store, workspace, read_case(given))
    kept = boards.keep(store, a_view(store), kept=True)
    unnamed = boards.keep(store, View.of(CASE, reads.case_view(store, CASE, limit=5)), kept=False)
    twitter, sawhney = f"{CASE}:twitter", f"{CASE}:sawhney"
    ways = asked_queries.keep(store, CASE, "ways", asdict(Terms(sawhney, twitter)))
    question = asked_queries.keep(
        store, CASE, "question", {"query": "roles", "params": {"person": None, "body": twitter}}
    )
    own = asked_queries.keep(
        store, CASE, "own", {"text": OWN, "params": {}, "seconds": 10, "rows": 100}
    )
    naming_decisions.decide(
        store, "sandwick",
        Decided("sandwick:odd", "private", "a keeper, no official", "case editor", "2026-11-28"),
    )  # fmt: skip
    return {
        "cases": {c: load_states.counts(store, c) for c in (CASE, "sandwick")},
        "loads": [state.id for state in load_states.states(store)],
        "board": {"id": kept.id, "title": kept.title, "nodes": kept.nodes, "notes": kept.notes},
        "links": {
            "explore": f"/explore?view={unnamed.id}", "boards": f"/explore?view={kept.id}",
            "paths": f"/paths?run={ways}", "questions": f"/questions?run={question}",
            "own": f"/questions?run={own}",
        },
    }  # fmt: skip


def without_last_claim(folder: Path) -> None:
    """Remove a claim and its supports, so that the next load of the case adds something."""
    claims = (folder / "claims.csv").read_text("utf-8").splitlines()
    gone = claims[-1].split(",")[0]
    (folder / "claims.csv").write_text("\n".join(claims[:-1]) + "\n", "utf-8")
    supports = (folder / "supports.csv").read_text("utf-8").splitlines()
    kept = [line for line in supports if line.split(",")[1] != gone]
    (folder / "supports.csv").write_text("\n".join(kept) + "\n", "utf-8")


def a_view(store: Store) -> View:
    """A board with everything that a board can hold."""
    twitter = f"{CASE}:twitter"
    view = View.of(CASE, reads.case_view(store, CASE, limit=12))
    view = neighbours.expand(store, view, twitter, "MADE", True, size=2).view
    relationship = view.graph.relationships[0].id
    return (
        view.moved({twitter: (12.345, -6.0)})
        .hiding([view.graph.nodes[-1].id])
        .pinning(twitter)
        .filtered(Filters(types=frozenset({"Place"}), reported_until="2021-02-12"))
        .noting(twitter, "a note on an entity")
        .noting(relationship, "a note on a relationship")
        .measured("degree", "communities")
        .telling(Step("It began", "Who spoke first.", (twitter, relationship), (1, -2.5, 0.8)))
        .telling(Step("The whole", ""))
        .titled("Frozen board")
    )


def pack(folder: Path, temporary: Path) -> None:
    """A pack of the bundled case, as the command writes it."""
    target = temporary / "frozen-pack.zip"
    code = cli.main([
        "export", "--case", CASE, "--most", "12", "--out", str(target),
        "--pack", "frozen-pack", "--accessed", "2026-11-28",
    ])  # fmt: skip
    if code:
        raise SystemExit(code)
    shutil.copy(target, folder / "pack.zip")
    beside = [p for p in temporary.iterdir() if p != target]
    zipped(folder / "newsroom.zip", temporary, beside, ())


def zipped(target: Path, root: Path, paths: list[Path], left_out: tuple[str, ...]) -> None:
    """Zip files and folders of `root`, but those whose path begins with one of `left_out`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in sorted(f for p in paths for f in (p.rglob("*") if p.is_dir() else [p])):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not name.startswith(left_out):
                file.write(path, name)


@contextlib.contextmanager
def environment(**variables: str) -> Iterator[None]:
    """These variables alone lead to a graph."""
    for name in [n for n in os.environ if n.startswith(("NEO4J_", "SUTRA_"))]:
        del os.environ[name]
    os.environ.update(variables)
    yield


def freeze(folder: Path) -> None:
    """Write the frozen files into the folder."""
    folder.mkdir(parents=True)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        workspace = Workspace(temporary / "home")
        with environment(SUTRA_HOME=str(workspace.root)):
            with Store.open(workspace) as store:
                found["embedded"] = fill(store, workspace, temporary / "one")
                (folder / "board.json").write_text(
                    boards.export(store, found["embedded"]["board"]["id"]), "utf-8"
                )
            (temporary / "packs").mkdir()
            pack(folder, temporary / "packs")
            service.stop(workspace)
        zipped(folder / "embedded.zip", workspace.root, [workspace.root], LEFT_OUT)
        neo4j_home, other = temporary / "neo4j", Workspace(temporary / "other")
        with (
            Server("5.26", neo4j_home, password=PASSWORD) as server,
            environment(SUTRA_HOME=str(other.root), **server.environ),
            Store.open(other) as store,
        ):
            found["neo4j"] = fill(store, other, temporary / "two")
        zipped(folder / "neo4j.zip", neo4j_home, [neo4j_home], NEO4J_LEFT_OUT)
        zipped(folder / "neo4j-home.zip", other.root, [other.root], LEFT_OUT)
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "frozen.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    with contextlib.redirect_stdout(io.StringIO()):
        freeze(parser.parse_args().folder)
