"""What the command says of what it cannot do: one sentence, never a trace."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from invented import lighthouse
from log_numbers import without_numbers

from graph.ingest import loads, unloads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra import terminal
from sutra.cases import ROOT
from sutra.cli import main

AWAY = "neo4j://127.0.0.1:1"
pytestmark = pytest.mark.slow  # each starts the command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own that is not made yet, and no server."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence with which a command is refused."""
    assert main(arguments) == 1
    lines = without_numbers(capsys.readouterr().err).splitlines()
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
    unloads.unload(empty, workspace, "sandwick", read_case, everything=True)


# --- what cannot be printed ----------------------------------------------------------------------

LATIN = b"Jos\xe9"


@pytest.mark.skipif(os.name == "nt", reason="arguments are text there")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])  # arguments are decoded in two ways
def test_an_argument_that_is_no_text_is_one_sentence(home: Path, locale: str) -> None:
    words = ("-m", "sutra.start", "query", "x", "--param")
    command: list[str | bytes] = [sys.executable, *words, b"person=" + LATIN]
    environ = {**os.environ, "LC_ALL": locale}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        "The argument “person=Jos\\xe9” is not text in UTF-8; write it in UTF-8, and rename a file "
        "whose name is not.\n"
    )


NO_TEXT = os.fsdecode(LATIN)


@pytest.mark.skipif(os.name == "nt", reason="arguments are text there")
@pytest.mark.parametrize(
    "arguments",
    [
        ("query", NO_TEXT),
        ("query", "--file", f"{NO_TEXT}.cypher"),
        ("query", "--case", NO_TEXT),
        ("load", NO_TEXT),
        ("load", "folder", "--as", NO_TEXT),
        ("unload", NO_TEXT),
        ("export", "--out", NO_TEXT),
        ("verify-pack", NO_TEXT),
        ("attach", NO_TEXT, NO_TEXT),
        (NO_TEXT,),
    ],
)
def test_whatever_argument_is_no_text_is_named(
    home: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Jos\\xe9" in (words := said(capsys, *arguments))
    assert "is not text in UTF-8; write it in UTF-8" in words


@pytest.mark.skipif(os.name == "nt", reason="settings are text there")
@pytest.mark.parametrize("name", ["SUTRA_HOME", "SUTRA_QUERIES", "NEO4J_URI", "NEO4J_PASSWORD"])
def test_a_setting_that_is_no_text_is_named_and_not_repeated(home: Path, name: str) -> None:
    command = [sys.executable, "-m", "sutra.start", "status"]
    environ = {**os.environb, name.encode(): b"my" + LATIN}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"{name} is not text in UTF-8; write it in UTF-8, and rename a file whose name is not.\n"
    )


STEERS = "\x1b[31m\x1b]0;owned\x07\x9b\x7f\u202e\u2066\r\x08"


@pytest.mark.parametrize(
    "arguments",
    [
        ("load", f"{STEERS}\nfolder"),
        ("query", STEERS),
        ("query", "--file", f"{STEERS}.cypher"),
        ("verify-pack", STEERS),
        ("query", "--param", STEERS, "threats"),
        ("query", "threats", "--param", f"{STEERS}=1", "--limit", STEERS),
        (STEERS,),
    ],
)
def test_nothing_that_is_printed_steers_the_terminal(
    home: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(SystemExit):
        main(arguments)
    said = capsys.readouterr()
    assert "\\x1b[31m" in said.err
    assert not set(STEERS) & set(said.err + said.out) - set("[31m]0;owned")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "utf-16"])
def test_whatever_is_printed_can_be_written(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, newline="") for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    text = "Ana \ud83d “Žižek”\nשלום\t\x00"
    terminal.say(text)
    terminal.warn(text)
    terminal.TerminalProgress(err).step(text, 1, 2)
    out.flush()
    said = out.buffer.getvalue().decode(encoding)
    assert said.startswith("Ana \\ud83d ")
    assert said.endswith("\\x00\n")
    assert ("שלום" in said) is encoding.startswith("utf")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_of_a_terminal_is_one_line_whatever_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    stream = _Terminal()
    with terminal.TerminalProgress(stream) as progress:
        progress.step(f"[b]Odd[/b] {STEERS}\nmore", 1, 2)
    # What moves the cursor and colours the bar is rich's own; it takes the bar away at the end.
    drawn = re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", stream.getvalue())
    assert drawn.strip().startswith(("━", "╸"))
    assert "[b]Odd[/b] \\x1b[31m\\x1b]0;owned\\x07\\x9b" in drawn
    assert "\n" not in drawn.strip()
    assert not set(STEERS) & set(drawn) - set("[31m]0;owned\r")
    assert stream.getvalue().endswith("\x1b[1A\x1b[2K")


VALUE = "\x1b[31mred\x07\x9b\u202e"


@pytest.mark.embedded
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize("how", ["table", "csv", "json"])
def test_values_steer_no_terminal_and_leave_as_they_are(
    loaded_home: Workspace, tmp_path: Path, how: str
) -> None:
    (tmp_path / "q.cypher").write_text("RETURN $x AS a, [$x] AS b")
    environ = {**os.environ, "SUTRA_HOME": str(loaded_home.root)}
    command = [sys.executable, "-m", "sutra.start", "query", "--file", str(tmp_path / "q.cypher")]
    command += ["--format", how, "--param", f"x={VALUE}"]
    ours, theirs = os.openpty()
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    shown = b""
    with contextlib.suppress(OSError):  # so a terminal ends
        while piece := os.read(ours, 65_536):
            shown += piece
    os.close(ours)
    said = shown.decode().replace("\r\n", "\n")
    assert "red" in said
    assert not set("\x1b\x07\x9b\u202e\r") & set(said), said
    piped = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True).stdout
    if how == "csv":
        assert piped.decode() == f"a,b\r\n{VALUE},{VALUE}\r\n"
    if how == "json":
        assert json.loads(piped)["rows"] == [{"a": VALUE, "b": [VALUE]}]


def test_a_query_that_is_no_regular_file_is_one_sentence(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is a folder; give a regular file" in said(capsys, "query", "--file", str(tmp_path))
    (tmp_path / "large.cypher").write_bytes(b" " * 1_000_001)
    large = str(tmp_path / "large.cypher")
    assert "is larger than 1 MB" in said(capsys, "query", "--file", large)
    (tmp_path / "nul.cypher").write_bytes(b"\xff")
    assert "is not UTF-8 text" in said(capsys, "query", "--file", str(tmp_path / "nul.cypher"))
    if os.name != "nt":
        os.mkfifo(tmp_path / "pipe")
        for arguments in (
            ("query", "--file", "/dev/zero"),
            ("query", "--file", str(tmp_path / "pipe")),
            ("verify-pack", str(tmp_path / "pipe")),
            ("verify-pack", "/dev/zero"),
        ):
            words = said(capsys, *arguments)
            assert words.endswith(
                ("is a pipe; give a regular file.", "is a device; give a regular file.")
            )
