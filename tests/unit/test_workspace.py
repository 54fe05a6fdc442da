"""The workspace folder."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from exports.pack import newsroom
from graph.errors import ExportError, SchemaVersionError, StoreError
from graph.runtime import workspace as module
from graph.runtime.workspace import WORKSPACE_VERSION, Workspace
from graph.store.embedded import leases, server
from sutra.cli import main


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


# --- files of the workspace that are not as they were written ------------------------------------

GOOD: dict[str, Any] = {"pid": 1, "created": 1.5, "bolt": 2, "http": 3, "ready": True}
SPOILT: dict[str, tuple[object, ...]] = {
    "pid": ("1", 0, -1, True, None, 1.0, 10**400, [], 2**40),
    "created": ("1", None, 10**400, True, {}, 1),
    "bolt": ("7687", 0, 65_536, None, 7687.5),
    "http": ([8080], -8080, 10**30),
    "ready": ("yes", 1, None),
    "more": (1,),
}
WRONG: tuple[bytes, ...] = (
    b"", b"\0" * 40, b"\xff\xfe", b"null", b"[]", b"7", b'"engine"', b"{", b"[" * 100_000, b"{}",
    *(
        json.dumps({**GOOD, name: value}).encode()
        for name, values in SPOILT.items()
        for value in values
    ),
    json.dumps({n: v for n, v in GOOD.items() if n != "http"}).encode(),
    b'{"pid": 1, "created": NaN, "bolt": 2, "http": 3, "ready": true}',
    b'{"pid": 1, "created": 1e999, "bolt": 2, "http": 3, "ready": true}',
)  # fmt: skip


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace in which no engine ever ran, which SUTRA_HOME names."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(tmp_path / "home"))
    workspace = Workspace.locate()
    workspace.prepare()
    return workspace


def test_a_record_as_it_should_be_is_read(fresh: Workspace) -> None:
    server.record(fresh, server.Server(**GOOD))
    assert server.recorded(fresh) == server.Server(**GOOD)


@pytest.mark.parametrize("content", WRONG)
def test_a_record_of_the_wrong_shape_counts_as_absent(
    fresh: Workspace, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    server.record_file(fresh).write_bytes(content)
    assert server.recorded(fresh) is None
    assert main(["db", "stop"]) == 0
    assert main(["db", "status"]) == 0
    said = capsys.readouterr()
    assert said.out == "It was not running.\nThe database is not running; any command starts it.\n"
    assert said.err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_or_a_folder_in_the_place_of_a_record_counts_as_absent(fresh: Workspace) -> None:
    file = server.record_file(fresh)
    os.mkfifo(file)
    assert server.recorded(fresh) is None
    file.unlink()
    file.mkdir()
    assert server.recorded(fresh) is None
    (fresh.locks / "leases").mkdir()
    os.mkfifo(fresh.locks / "leases" / "a.lease")
    (fresh.locks / "leases" / "b.lease").mkdir()
    assert leases.held(fresh) == frozenset()
    assert main(["db", "status"]) == 0


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"", ""), (b"\xff\xfe", None), (b"\n\n", ""), (b"two words", ""),
        (b"safe-Text_1\n", "safe-Text_1"),
    ],
)  # fmt: skip
def test_a_password_that_is_none_is_made_anew(
    fresh: Workspace, content: bytes, kept: str | None
) -> None:
    (fresh.engine / "password").write_bytes(content)
    if kept is not None:
        assert server.password(fresh, server.WRITER) == kept
        return
    with pytest.raises(StoreError, match="is not UTF-8 text"):
        server.password(fresh, server.WRITER)


@pytest.mark.parametrize("text", ["9" * 10_000, "1\n2", "１", "\0"])
def test_a_version_of_the_wrong_shape_is_another_version(tmp_path: Path, text: str) -> None:
    (tmp_path / "version").write_text(text)
    with pytest.raises(SchemaVersionError):
        Workspace(tmp_path).prepare()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_version_that_is_a_pipe_is_no_workspace(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "version")
    with pytest.raises(StoreError, match="is a pipe"):
        Workspace(tmp_path).prepare()


@pytest.mark.parametrize("content", ["", "zz", "ab", "00" * 31, "ü" * 64])
def test_a_key_of_a_pack_that_is_none_is_not_replaced(fresh: Workspace, content: str) -> None:
    made = newsroom.key(fresh, "fog")
    assert newsroom.key(fresh, "fog") == made
    file = fresh.root / "packs" / "fog.key"
    file.write_text(content)
    with pytest.raises(ExportError, match="The key of fog"):
        newsroom.key(fresh, "fog")
    assert file.read_text() == content


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_an_archive_that_is_shared_stays_open_to_those_who_share_it(tmp_path: Path) -> None:
    shared = tmp_path / "archive"
    shared.mkdir()
    shared.chmod(0o775)
    settings = {"SUTRA_HOME": str(tmp_path / "home"), "SUTRA_ARCHIVE": str(shared)}
    workspace = Workspace.locate(settings)
    workspace.prepare()
    assert workspace.archive == shared
    assert shared.stat().st_mode & 0o777 == 0o775
    with pytest.raises(StoreError, match="SUTRA_ARCHIVE is '~nobody-here/x'"):
        Workspace.locate({"SUTRA_ARCHIVE": "~nobody-here/x"})
