"""The log: what stands in it, and what must not."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invented import lighthouse

from graph.errors import QueryError
from graph.runtime import log
from graph.runtime.workspace import Workspace
from graph.store.embedded import server as embedded
from graph.store.embedded import service
from graph.store.store import Store
from sutra.cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (DEBUG|INFO|WARNING|ERROR) [\w.]+ \[[\w<>]+:\d+\] .+"
)
NUMBER = re.compile(r"\(log ([0-9a-f]{8})\)")
WORDS = ("odd", "lanternby", "lamp", "excuse", "foggy", "gazette", "herald", "sandwick", "twelve")
"""What the invented case holds: names, ids, gists."""
VALUE = "Quillfeather Hart"
"""A person that is asked for."""


@pytest.fixture
def home(make_empty: Callable[[], Workspace], monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of its own, which SUTRA_HOME names."""
    workspace = make_empty()
    monkeypatch.delenv(log.PARAMETERS, raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(workspace.root))
    return workspace


@pytest.fixture(autouse=True)
def _no_log_afterwards() -> Iterator[None]:
    """A test is not to write the log of another."""
    yield
    for name in ("graph", "loaders", "exports", "views", "sutra"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.NOTSET)


def logged(workspace: Workspace) -> str:
    return "".join(file.read_text("utf-8") for file in sorted(workspace.logs.glob("sutra.log*")))


def work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A load, a question about a person, a query that fails, an export; returns what was said."""
    own = tmp_path / "quillfeather.cypher"
    own.write_text(f"MATCH (p:Person) WHERE p.name = '{VALUE}' RETURN p.name AS name, $who AS w")
    broken = tmp_path / "broken.cypher"
    broken.write_text(f"MATCH (p:Person) WHERE p.name = '{VALUE}' RETURNED p")
    case = lighthouse().write(tmp_path / "case")
    assert main(["load", str(case)]) == 0
    assert main(["query", "roles", "--case", "sandwick", "--param", "person=odd"]) == 0
    assert main(["query", "--file", str(own), "--param", f"who={VALUE}"]) == 0
    assert main(["query", "--file", str(broken)]) == 1
    assert main(["query", VALUE]) == 1
    assert main(["load", str(tmp_path / VALUE)]) == 1
    out = str(tmp_path / "pack")
    assert main(["export", "--case", "sandwick", "--node", "odd", "--out", out]) == 0
    said = capsys.readouterr()
    return said.out + said.err


def secrets_of(workspace: Workspace) -> list[str]:
    users = (embedded.WRITER, embedded.READER)
    known = [embedded.password(workspace, user) for user in users]
    return [secret for secret in (*known, os.environ.get("NEO4J_PASSWORD", "")) if secret]


def test_it_says_what_was_done_and_names_nobody(
    store: Store, home: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = work(tmp_path, capsys)
    text = logged(home)
    assert all(LINE.fullmatch(line) for line in text.splitlines())
    for words in (
        r"INFO graph\.ingest\.loads .* loaded: ",
        r"DEBUG graph\.store\.store \[writer:\d+\] write: ",
        r"DEBUG graph\.store\.store \[\w+:\d+\] read: 1 row, [\d.]+ ms",
        r"DEBUG graph\.questions\.library \[query:\d+\] query of an analyst: 0 rows, [\d.]+ ms",
        r"query of an analyst: failed \(\w+\), [\d.]+ ms",
        r"DEBUG exports\.pack\.pack .* format page: [\d.]+ ms",
        r"WARNING graph\.runtime\.log \[cli:\d+\] error \w+: UnknownQuery at graph\.questions\.",
    ):
        assert re.search(words, text), words
    # Each error that was shown stands there under its number.
    numbers = NUMBER.findall(said)
    assert len(numbers) >= 3
    assert all(f"error {number}: " in text for number in numbers)
    for words in (*WORDS, *VALUE.split(), *secrets_of(home), "MATCH", str(tmp_path)):
        assert not re.search(rf"(?<![\w.]){re.escape(words)}", text, re.IGNORECASE), words


@pytest.mark.embedded
def test_parameters_and_the_words_of_errors_stand_there_if_asked_for(
    store: Store,
    home: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(log.PARAMETERS, "1")
    work(tmp_path, capsys)
    text = logged(home)
    assert f"parameters {{'who': '{VALUE}'}}" in text
    assert f"No saved query is called “{VALUE}”" in text
    assert all(LINE.fullmatch(line) for line in text.splitlines())
    for secret in secrets_of(home):
        assert secret not in text


@pytest.mark.embedded
def test_a_retry_is_a_warning(store: Store, home: Workspace) -> None:
    log.configure()
    with Store.open(home, environ={}) as opened:
        opened.read("RETURN 1 AS one")
        server = embedded.running(home)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        assert opened.read("RETURN 1 AS one") == [{"one": 1}]
    assert re.search(r"WARNING graph\.store\.store .* a read is tried again after ", logged(home))
    service.stop(home)


def sutra(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sutra.start", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [("--verbose", "query"), ("query", "--verbose")])
def test_verbose_prints_what_is_logged(home: Workspace, arguments: tuple[str, ...]) -> None:
    home.prepare()
    done = sutra(*arguments, "no-such-query")
    shown, said = done.stderr.splitlines()
    assert LINE.fullmatch(shown)
    assert shown in logged(home)
    assert NUMBER.findall(said)[0] in shown
    assert sutra("query", "no-such-query").stderr.count("\n") == 1


@pytest.mark.parametrize("inside", ["a file", "a pipe", "a folder", "nothing"])
def test_a_log_that_cannot_be_written_stops_no_work(
    home: Workspace, inside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home.prepare()
    match inside:
        case "a file":
            home.logs.write_text("")
        case "a folder":
            (home.logs / log.NAME).mkdir(parents=True)
        case "a pipe":
            home.logs.mkdir()
            os.mkfifo(home.logs / log.NAME)
        case _:
            home.root.chmod(0o500)
            if os.access(home.root, os.W_OK):
                pytest.skip("root writes everywhere")
    assert main(["query"]) == 0
    assert main(["query", "no-such-query"]) == 1
    said = capsys.readouterr()
    # A number would lead nowhere.
    assert said.err == "No saved query is called “no-such-query”; `sutra query` lists them.\n"
    home.root.chmod(0o700)


def test_it_makes_no_workspace(
    make_workspace: Callable[[], Workspace],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = make_workspace()
    monkeypatch.setenv("SUTRA_HOME", str(home.root))
    assert main(["query", "no-such-query"]) == 1
    assert not NUMBER.search(capsys.readouterr().err)
    assert not home.root.exists()


WRITER = """
import logging, sys
from graph.runtime import log
log.configure()
for number in range(12_000):
    logging.getLogger("graph.store.store").debug("%s %06d %s", sys.argv[1], number, "x" * 60)
"""


def test_it_rotates_though_several_processes_write(home: Workspace) -> None:
    home.prepare()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in ("one", "two", "three")
    ]
    assert [writer.communicate()[1] for writer in writers] == [b"", b"", b""]
    files = sorted(file.name for file in home.logs.glob("sutra.log*") if file.stat().st_size)
    assert files == ["sutra.log", "sutra.log.1", "sutra.log.2", "sutra.log.3"]
    sizes = [(home.logs / name).stat().st_size for name in files]
    assert max(sizes) < 1_010_000
    assert min(sizes[1:]) > 900_000
    assert all(LINE.fullmatch(line) for line in logged(home).splitlines())
    last = (home.logs / "sutra.log").read_text("utf-8") + (home.logs / "sutra.log.1").read_text()
    assert "011999" in last


def test_an_error_keeps_its_number_and_is_one_line(home: Workspace) -> None:
    home.prepare()
    log.configure()
    error = QueryError("It failed.")
    said = log.shown(error)
    assert said == log.shown(error)
    assert len(logged(home).splitlines()) == 1
    assert log.shown(OSError("x\ny"), "The disk is full.").startswith("The disk is full. (log ")
    logging.getLogger("graph.store").warning("one\nline \x1b[31m")
    assert len(logged(home).splitlines()) == 3
    assert logged(home).endswith("one\\nline \\x1b[31m\n")
