"""The bulk route against the ordinary one, on a real Neo4j and its own import tool."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from invented import differing, dump, lighthouse
from neo4j_server import RELEASES, Server, java_home, missing

from bench import generate
from bench.servers import make_admin
from graph import bulk, loads
from graph.errors import (
    LoadCutOff,
    LoadError,
    LoadInProgress,
    NothingAnswers,
    StoreError,
    StoreUnavailable,
)
from graph.loads import LoadInput
from graph.store import Store
from graph.workspace import Workspace
from loaders.case import read_case
from sutra import bulk_command

CLAIMS = int(os.environ.get("SUTRA_BULK_CLAIMS", "400"))
"""`SUTRA_BULK_CLAIMS=100000` compares a case of that size."""
pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(
        bool(missing()) and os.environ.get("SUTRA_ALLOW_SKIP") == "1", reason="no Java or no Maven"
    ),
    pytest.mark.skipif(os.name == "nt", reason="the tool's script is made for a Unix shell"),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> LoadInput:
    folder = generate.write_case(tmp_path_factory.mktemp("case"), CLAIMS, seed=7)
    # What a CSV of the tool must get through: quotes, commas, line ends, broken numbers, no values.
    table = folder / "claims.csv"
    head, first, *rest = table.read_text("utf-8").splitlines()
    columns = head.split(",")
    subject = first.split(",")[columns.index("subject")]
    cells = {
        "claim": "odd", "kind": "figure", "subject": subject, "measure": "share", "value": "12.5",
        "unit": "percent", "comparator": "=",
    }  # fmt: skip
    words = {**cells, "claim": "odder", "kind": "wording", "unit": "", "comparator": ""}
    words |= {"measure": "called", "value": '"a ""quoted"", word\nin two lines; \\ and |"'}
    for row in (cells, words):
        rest.append(",".join(row.get(name, "") for name in columns))
    table.write_text("\n".join([head, first, *rest]) + "\n", "utf-8")
    with (folder / "supports.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"p-0-0-0,{handle},reported,,,,,\n" for handle in ("odd", "odder"))
    return read_case(folder)


@pytest.fixture
def release(request: pytest.FixtureRequest) -> str:
    """The release of Neo4j: 5.26, or another one that a test names."""
    named: str = getattr(request, "param", "5.26")
    return named


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str) -> Path:
    make_admin(tmp_path / "neo4j", heap="1g", release=release)
    monkeypatch.setenv("NEO4J_HOME", str(tmp_path / "neo4j"))
    monkeypatch.setenv("SUTRA_HOME", str(tmp_path / "sutra"))
    monkeypatch.delenv("NEO4J_DATABASE", raising=False)
    return tmp_path / "neo4j"


@pytest.fixture
def serve(home: Path, monkeypatch: pytest.MonkeyPatch, release: str) -> type[Server]:
    """Starts a server on the home; the environment leads to it."""

    class Here(Server):
        def __init__(self) -> None:
            super().__init__(release, data=home)
            for name, value in self.environ.items():
                monkeypatch.setenv(name, value)

    return Here


@pytest.mark.parametrize(
    "release", [r for r in RELEASES if r == "5.26" or java_home(r)], indirect=True
)
def test_bulk_writes_what_the_ordinary_load_writes(serve: type[Server], case: LoadInput) -> None:
    with serve():
        assert "stop the server" in bulk_command.run(case)
        with pytest.raises(LoadError, match="still running"):
            bulk_command.run(case)
    assert "are imported" in bulk_command.run(case)
    with serve():
        said = bulk_command.run(case)
        assert "imported" in said
        with Store.open() as store:
            assert [s.status for s in loads.states(store)] == [loads.COMPLETE]
            assert not loads.cut_off(store, Workspace.locate())
            by_bulk, names = dump(store, case.case.id, stamps=True), _schema(store)
            report = loads.load(store, Workspace.locate(), case)
            assert report.written.written == 0
            loads.unload(store, Workspace.locate(), case.case.id, read_case, everything=True)
            loads.load(store, Workspace.locate(), case)
            ordinary = dump(store, case.case.id, stamps=True)
            assert by_bulk == ordinary, differing(by_bulk, ordinary)
            assert names == _schema(store)
        with pytest.raises(LoadError, match="not empty"):
            bulk_command.run(case)


def _schema(store: Store) -> list[str]:
    rows = store.read("SHOW INDEXES YIELD name, state RETURN name, state ORDER BY name")
    return [f"{row['name']} {row['state']}" for row in rows]


def small(tmp_path: Path) -> LoadInput:
    """A case of a few claims."""
    return read_case(lighthouse().write(tmp_path / "sandwick"))


def test_what_another_case_was_imported_into_is_not_overwritten(
    serve: type[Server], case: LoadInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = small(tmp_path)
    with serve():
        for given in (case, other):
            assert "stop the server" in bulk_command.run(given)
        monkeypatch.setenv("NEO4J_DATABASE", "nosuch")
        with pytest.raises(StoreError, match="does not let the database be used"):
            bulk_command.run(case)
    with pytest.raises(LoadError, match=r"made ready for the database “neo4j”"):
        bulk_command.run(case)
    monkeypatch.delenv("NEO4J_DATABASE")
    assert "are imported;" in bulk_command.run(case)
    assert "are imported already" in bulk_command.run(case)
    with pytest.raises(LoadError, match="nobody has seen that it is empty"):
        bulk_command.run(other)
    with serve(), Store.open() as store:
        # It is not whole before its end: neither it nor another is loaded the ordinary way.
        for given in (case, other):
            with pytest.raises(LoadCutOff, match="--bulk` again to finish it"):
                loads.load(store, Workspace.locate(), given)
        with pytest.raises(LoadCutOff, match="--bulk` again to finish it"):
            bulk_command.run(other)
        store.write("CREATE (:Record:Passage {id: 'another:p', case: 'another'})")
        assert "imported." in bulk_command.run(case)
        assert [s.status for s in loads.states(store)] == [loads.COMPLETE]


def test_what_was_loaded_meanwhile_is_not_overwritten(
    serve: type[Server], case: LoadInput, tmp_path: Path
) -> None:
    other = small(tmp_path)
    with serve(), Store.open() as store:
        assert "stop the server" in bulk_command.run(case)
        loads.load(store, Workspace.locate(), other)
    with pytest.raises(LoadError, match="was written to since it was seen empty"):
        bulk_command.run(case)
    with serve(), Store.open() as store:
        assert [state.case for state in loads.cases(store)] == [other.case.id]
        with pytest.raises(LoadError, match="not empty"):
            bulk_command.run(case)
        loads.unload(store, Workspace.locate(), other.case.id, read_case, everything=True)
        # Seen empty again, so that it can go on.
        assert "stop the server" in bulk_command.run(case)
    assert "are imported;" in bulk_command.run(case)


def test_a_failed_import_is_not_called_a_running_server(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUTRA_HOME", str(tmp_path / "blocking"))
    workspace = Workspace.locate()
    workspace.prepare()
    written = bulk.write(workspace, small(tmp_path), seen_empty=None)
    # An id that is there twice ends the import once it has told where its files are.
    for file in written.folder.glob("nodes-entity-*-0.csv"):
        file.write_text(2 * file.read_text("utf-8"), "utf-8")
    found = bulk.tool()
    assert found is not None
    with pytest.raises(LoadError, match="ended with an error") as caught:
        bulk.run_tool(written, found)
    assert "still running" not in str(caught.value)
    assert "blocking" in (written.folder / "tool.log").read_text("utf-8")
    (home / "bin" / "neo4j-admin").chmod(0o644)
    with pytest.raises(LoadError, match="cannot be run"):
        bulk.run_tool(written, found)


def test_the_tool_is_not_found(
    home: Path, case: LoadInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_HOME", str(home / "nowhere"))
    # Another installation's tool, which a wrong NEO4J_HOME does not lead to.
    monkeypatch.setenv("PATH", str(home / "bin"))
    with pytest.raises(LoadError, match="No neo4j-admin is found"):
        bulk_command.run(case)
    (Workspace.locate().state / "bulk" / case.case.id / "bulk.json").write_text("[]", "utf-8")
    with pytest.raises(LoadError, match="No neo4j-admin is found"):
        bulk_command.run(case)


@pytest.mark.parametrize(
    "uri", ["nonsense", "http://localhost:7474", "bolt://[::1", "bolt://neo4j.invalid:1"]
)
def test_what_is_no_stopped_server_is_not_taken_for_one(
    home: Path, case: LoadInput, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", uri)
    with pytest.raises(StoreUnavailable) as caught:
        bulk_command.run(case)
    assert not isinstance(caught.value, NothingAnswers)
    assert not (Workspace.locate().state / "bulk").exists()


def test_the_command_for_another_machine_is_right_there(
    home: Path, case: LoadInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Leads here, and is no name of this machine.
    monkeypatch.setenv("NEO4J_URI", "bolt://0.0.0.0:1")
    said = bulk_command.run(case)
    assert "sudo -u neo4j" in said
    assert "cd " not in said
    copied = tmp_path / "a copy of it"
    (Workspace.locate().state / "bulk" / case.case.id).rename(copied)
    command = said.partition("run `")[2].partition("`")[0]
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path}
    done = subprocess.run(["sh", "-c", command], cwd=copied, env=env, check=False)
    assert done.returncode == 0


def test_two_at_once_do_not_meet(
    home: Path, case: LoadInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    workspace = Workspace.locate()
    workspace.prepare()
    with (
        loads.alone("bolt://127.0.0.1:1", workspace, case.case.id),
        pytest.raises(LoadInProgress, match="Another load of"),
    ):
        bulk_command.run(case)


def test_the_embedded_engine_has_no_bulk_route(
    case: LoadInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with pytest.raises(LoadError, match="without --bulk"):
        bulk_command.run(case)


def test_a_database_that_nobody_saw_empty_is_not_overwritten(
    home: Path, serve: type[Server], case: LoadInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve():
        pass
    with pytest.raises(LoadError, match="nobody has seen that it is empty"):
        bulk_command.run(case)
    assert bulk.tool() == home / "bin" / "neo4j-admin"
    assert sys.platform != "win32"
