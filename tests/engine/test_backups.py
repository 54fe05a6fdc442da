"""`sutra db restore`: backups of this version and of others, and what is there already."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from invented import lighthouse

from graph.ingest import load_states, loads
from graph.model.schema import SCHEMA_VERSION
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.embedded import backups, service
from graph.store.embedded import server as embedded
from graph.store.store import Store
from loaders.case import read_case
from sutra.cli import main

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "tests" / "compat" / "0.1.0"
NewWorkspace = Callable[[], Workspace]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mine(make_empty: NewWorkspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace that holds a case `mine`; its engine is stopped."""
    workspace = make_empty()
    case = lighthouse().write(tmp_path_factory.mktemp("case") / "mine")
    with Store.open(workspace, environ={}) as store:
        loads.load(store, workspace, read_case(case, "mine"))
    service.stop(workspace)
    return workspace


@pytest.fixture
def home(make_workspace: NewWorkspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of its own, which SUTRA_HOME names, and no server."""
    workspace = make_workspace()
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(workspace.root))
    return workspace


@pytest.fixture
def holds_mine(
    mine: Workspace,
    make_copy: Callable[[Workspace], Workspace],
    monkeypatch: pytest.MonkeyPatch,
) -> Workspace:
    """A workspace of its own that holds the case `mine`, which SUTRA_HOME names."""
    workspace = make_copy(mine)
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(workspace.root))
    return workspace


def cases(workspace: Workspace) -> dict[str, Any]:
    """What a workspace's graph holds, by case; its database is stopped afterwards."""
    with Store.open(workspace, environ={}) as store:
        found = {
            state.case: load_states.counts(store, state.case) for state in load_states.cases(store)
        }
    service.stop(workspace)
    return found


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, make_workspace: NewWorkspace) -> Path:
    """A backup as Sutra 0.1.0 wrote it, of its frozen workspace."""
    workspace, target = make_workspace(), tmp_path_factory.mktemp("old") / "old.zip"
    with zipfile.ZipFile(FROZEN / "embedded.zip") as packed:
        packed.extractall(workspace.root)
    with Store.open(workspace, environ={}):
        server = embedded.running(workspace)
        assert server is not None
        embedded.backup(workspace, server, target)
    service.stop(workspace)
    return target


def noted(backup: Path, target: Path, note: object) -> Path:
    """A copy of a backup that notes other versions."""
    target.write_bytes(backup.read_bytes())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(backups.NOTE, note if isinstance(note, str) else json.dumps(note))
    return target


def test_a_backup_of_0_1_0_is_restored(
    old: Path, home: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["db", "restore", str(old)]) == 0
    assert "which Sutra 0.1.0 wrote" in capsys.readouterr().out
    assert (
        cases(home) == json.loads((FROZEN / "frozen.json").read_text("utf-8"))["embedded"]["cases"]
    )
    assert not (home.engine / "restoring").exists()


def test_a_database_is_replaced_only_if_that_is_said(
    old: Path, holds_mine: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.zip"
    assert main(["db", "backup", str(mine)]) == 0
    service.stop(holds_mine)
    assert main(["db", "restore", str(old)]) == 1
    assert "say --replace" in capsys.readouterr().err
    assert list(cases(holds_mine)) == ["mine"]
    with Store.open(holds_mine, environ={}):
        assert main(["db", "restore", str(old), "--replace"]) == 1
    assert "is in use; end the app" in capsys.readouterr().err
    assert list(cases(holds_mine)) == ["mine"]
    assert main(["db", "restore", str(old), "--replace"]) == 0
    assert "mine" not in cases(holds_mine)
    assert main(["db", "restore", str(mine), "--replace"]) == 0
    assert f"which Sutra {program_version()} wrote" in capsys.readouterr().out
    assert list(cases(holds_mine)) == ["mine"]
    assert not embedded.replaced_folder(holds_mine).exists()


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ({"sutra": "9.8.7", "schema": 99}, "restore it with Sutra 9.8.7 or later"),
        ({"sutra": "0.0.1", "schema": 0}, "restore it with Sutra 0.0.1."),
        ({"schema": 99}, "restore it with the Sutra that wrote it or later"),
        ({"sutra": "9.8.7"}, "names no schema version"),
        ({"schema": "1"}, "names no schema version"),
        ("[", "is not a backup that can be read"),
    ],
)
def test_a_backup_of_another_version_is_refused_with_the_version_that_reads_it(
    old: Path, home: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    note: object, words: str,
) -> None:  # fmt: skip
    other = noted(old, tmp_path / "other.zip", note)
    assert main(["db", "restore", str(other)]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not embedded.database_folder(home).exists()


def test_what_only_the_data_say_is_found_before_anything_is_replaced(
    old: Path, holds_mine: Workspace, make_workspace: NewWorkspace, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    newer = make_workspace()
    with Store.open(newer, environ={}) as store:
        store.write("MATCH (m:Meta {id: 'sutra'}) SET m.schema_version = 99")
        server = embedded.running(newer)
        assert server is not None
        embedded.backup(newer, server, tmp_path / "newer.zip")
    service.stop(newer)
    assert main(["db", "restore", str(tmp_path / "newer.zip"), "--replace"]) == 1
    assert "has schema version 99" in capsys.readouterr().err
    assert list(cases(holds_mine)) == ["mine"]


@pytest.mark.parametrize("schema", [SCHEMA_VERSION, 99])
def test_a_note_says_what_wrote_a_backup(home: Workspace, tmp_path: Path, schema: int) -> None:
    with Store.open(home, environ={}) as store:
        store.write("MATCH (m:Meta) SET m.schema_version = $schema", {"schema": schema})
    assert main(["db", "backup", str(tmp_path / "copy.zip")]) == 0
    service.stop(home)
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        found = json.loads(archive.read(backups.NOTE))
    assert found == asdict(backups.Versions(program_version(), schema))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("until", ["unpacked", "opened"])
def test_a_restore_that_is_killed_leaves_what_was_there(
    old: Path, holds_mine: Workspace, tmp_path: Path, until: str
) -> None:
    beside = Workspace(holds_mine.engine / "restoring")
    awaited = {
        "unpacked": embedded.database_folder(beside) / "schema.json",
        "opened": embedded.record_file(beside),
    }[until]
    process = subprocess.Popen(
        [sys.executable, "-m", "sutra.start", "db", "restore", str(old), "--replace"], cwd=ROOT
    )
    end = time.monotonic() + 60
    while not awaited.exists() and process.poll() is None and time.monotonic() < end:
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert list(cases(holds_mine)) == ["mine"]
    # What was left over is in nobody's way.
    assert main(["db", "restore", str(old), "--replace"]) == 0
    assert "mine" not in cases(holds_mine)
    assert not beside.root.exists()


def test_a_restore_that_is_cut_off_in_the_middle_of_the_exchange_is_taken_back(
    old: Path, holds_mine: Workspace, tmp_path: Path
) -> None:
    embedded.database_folder(holds_mine).rename(embedded.replaced_folder(holds_mine))
    assert main(["db", "restore", str(old)]) == 1
    assert list(cases(holds_mine)) == ["mine"]
    assert not embedded.replaced_folder(holds_mine).exists()
