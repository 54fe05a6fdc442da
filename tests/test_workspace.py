"""The workspace folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graph import workspace as module
from graph.errors import SchemaVersionError, StoreError
from graph.workspace import WORKSPACE_VERSION, Workspace


def test_sutra_home_names_the_folder(tmp_path: Path) -> None:
    assert Workspace.locate({"SUTRA_HOME": str(tmp_path / "x")}).root == tmp_path / "x"


def test_without_sutra_home_it_is_the_users_own() -> None:
    root = Workspace.locate({}).root
    assert root.is_absolute()
    assert root.name == "sutra"


def test_locating_touches_nothing(tmp_path: Path) -> None:
    Workspace.locate({"SUTRA_HOME": str(tmp_path / "x")})
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_folders_are_their_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir(mode=0o755)
    workspace = Workspace(tmp_path / "x")
    workspace.prepare()
    folders = [workspace.root, workspace.engine, workspace.archive, workspace.state]
    folders.append(workspace.locks)
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.prepare()
    workspace.prepare()
    assert (tmp_path / "version").read_text() == f"{WORKSPACE_VERSION}\n"


@pytest.mark.parametrize("text", ["99", "", "new", "0"])
def test_another_version_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "version").write_text(text)
    with pytest.raises(SchemaVersionError) as caught:
        Workspace(tmp_path).prepare()
    message = str(caught.value)
    assert str(tmp_path) in message
    assert "SUTRA_HOME" in message
    assert message.count(". ") == 0
    assert (tmp_path / "version").read_text() == text


def test_older_versions_are_migrated_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    steps = {1: lambda _root: seen.append(1), 2: lambda _root: seen.append(2)}
    monkeypatch.setattr(module, "WORKSPACE_VERSION", 3)
    monkeypatch.setattr(module, "MIGRATIONS", steps)
    (tmp_path / "version").write_text("1\n")
    Workspace(tmp_path).prepare()
    assert seen == [1, 2]
    assert (tmp_path / "version").read_text() == "3\n"


def test_a_file_in_its_place_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a file")
    with pytest.raises(StoreError, match="SUTRA_HOME"):
        Workspace(tmp_path / "x").prepare()
