"""What the command says of what it cannot do: one sentence, never a trace."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from invented import lighthouse

from graph import loads
from graph.store import Store
from graph.workspace import Workspace
from loaders.case import read_case
from sutra.cli import main
from sutra.home import ROOT

AWAY = "neo4j://127.0.0.1:1"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own that is not made yet, and no server."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence with which a command is refused."""
    assert main(arguments) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize(
    "uri", ["http://localhost:7474", "bolt://[::1", "neo4j://localhost:abc", "localhost:7687"]
)
def test_what_is_no_address_of_a_server(
    home: Path, uri: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEO4J_URI", uri)
    words = said(capsys, "status")
    assert "must be an address such as neo4j://localhost:7687" in words
    assert "answers" not in words


def test_a_workspace_that_cannot_be(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_text("a file")
    monkeypatch.setenv("SUTRA_HOME", str(home / "below"))
    assert "set SUTRA_HOME to a folder" in said(capsys, "status")
    monkeypatch.setenv("SUTRA_HOME", "~nobody-of-that-name/x")
    assert "set it to a folder of yours" in said(capsys, "status")


def test_whatever_the_system_refuses_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "locks").write_text("a file")
    words = said(capsys, "db", "stop")
    assert str(home / "locks") in words
    assert "cannot be used" in words


def test_a_server_that_is_away_is_said_as_it_is(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEO4J_URI", AWAY)
    assert main(["db", "status"]) == 0
    told = capsys.readouterr().out
    assert f"No Neo4j server answers at {AWAY}" in told
    assert "any command starts it" not in told
    assert "NEO4J_URI names a server" in said(capsys, "db", "stop")
    # In a process of its own, whose log nothing holds back.
    command = [sys.executable, "-m", "sutra.start", "status"]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("app", "--port", "99999999"), "99999999 is not a port"),
        (("app", "--port", "eighty"), "eighty is not a port"),
        (("query", "--timeout", "abc"), "abc is not a number of seconds above 0"),
        (("query", "--limit", "abc"), "abc is not a number of rows above 0"),
    ],
)
def test_what_is_mistyped_is_named(
    home: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert words in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="who may read a folder is told otherwise there")
def test_what_a_load_archives_is_its_owners_alone(empty: Store, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home")
    loads.load(empty, workspace, read_case(lighthouse().write(tmp_path / "sandwick")))
    for folder in (workspace.root, workspace.archive, workspace.locks):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (workspace.root / "version").is_file()
    loads.unload(empty, workspace, "sandwick", read_case, everything=True)
