"""Limits that hold: of time, memory, bytes and depth, whatever the server does, on every engine."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from engines import EMBEDDED, Under

from graph.errors import QueryCancelled, QueryError, QueryTimeout, StoreError
from graph.questions import library
from graph.questions.result import Result
from graph.questions.table_text import as_csv, as_json, as_table, rows_as_objects
from graph.runtime.cancel import Cancel
from graph.runtime.jobs import Job
from graph.runtime.workspace import Workspace
from graph.store.embedded import server as embedded
from graph.store.store import Store
from sutra import cli

pytestmark = pytest.mark.slow

ENDLESS = "UNWIND range(1, 90000) AS x UNWIND range(1, 90000) AS y RETURN count(*) AS n"
# One expression that takes long: neither engine looks within it whether it should end.
STUBBORN = (
    "WITH range(1, 9000) AS l RETURN reduce(a = 0, i IN l | a + size([x IN l WHERE x > i])) AS n"
)
OWN = Path("own.cypher")
MOST = 2.0
"""Seconds after a limit within which whoever waits has a sentence."""


@dataclass
class Ground:
    """An engine that may be tried hard, and where its own files are, if it is the embedded one."""

    store: Store
    workspace: Workspace | None


@pytest.fixture(scope="module")
def ground(
    engine: Under, make_empty: Callable[[], Workspace], request: pytest.FixtureRequest
) -> Iterator[Ground]:
    """The embedded engine in a workspace of its own, since it does not survive all of this."""
    if engine.name != EMBEDDED:
        yield Ground(request.getfixturevalue("store"), None)
        return
    workspace = make_empty()
    with Store.open(workspace, environ={}) as store:
        yield Ground(store, workspace)


@pytest.fixture(scope="module")
def tried(ground: Ground) -> Store:
    return ground.store


def own(store: Store, text: str, **limits: Any) -> Result:
    return library.run_own(store, text, OWN, None, {}, **limits)


def running(store: Store) -> list[str]:
    found = store.read("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery AS query")
    return [row["query"] for row in found if "range(" in row["query"]]


def wait_until(holds: Callable[[], bool], within: float = 30.0) -> None:
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, f"it did not come to that in {within:g} s"
        time.sleep(0.05)


# --- a server that hangs ------------------------------------------------------------------------


class Hole:
    """A way to the server at a port, in which from some moment on nothing moves any more."""

    def __init__(self, port: int) -> None:
        self._target, self._open = port, threading.Event()
        self._open.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def hang(self, *, still: bool) -> None:
        """Let nothing pass, or everything again."""
        self._open.clear() if still else self._open.set()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, _ = self._door.accept()
                theirs = socket.create_connection(("127.0.0.1", self._target))
                for pair in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, from_: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := from_.recv(65536):
                self._open.wait()
                to.sendall(data)
        for each in (from_, to):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.hang(still=False)
        self._door.close()


@dataclass
class Hanging:
    """A store of its own, whose server can be made to hang."""

    store: Store
    port: int
    still: Callable[[bool], None]


@pytest.fixture
def hanging(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    if ground.workspace is not None:
        server = embedded.running(ground.workspace)
        assert server is not None
        process = psutil.Process(server.pid)

        def hang(yes: bool) -> None:
            process.suspend() if yes else process.resume()
            # A busy machine hands the signal on when it comes to it: till then the server answers.
            wait_until(lambda: _stopped(process) or not yes)

        with Store.open(ground.workspace, environ={}) as store:
            try:
                yield Hanging(store, server.bolt, hang)
            finally:
                process.resume()
        return
    hole = Hole(int(ground.store.info.address.rpartition(":")[2]))
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{hole.port}")
    try:
        with Store.open() as store:
            yield Hanging(store, hole.port, lambda yes: hole.hang(still=yes))
    finally:
        hole.close()


def _stopped(process: psutil.Process) -> bool:
    threads = Path(f"/proc/{process.pid}/task")
    if not threads.is_dir():  # Only Linux tells of each thread.
        return process.status() == psutil.STATUS_STOPPED
    try:
        states = [(thread / "stat").read_text("utf-8", "replace") for thread in threads.iterdir()]
    except OSError:  # A thread that still ran has ended.
        return False
    return all(state.rpartition(") ")[2][0] == "T" for state in states)


def connections(port: int) -> int:
    found = psutil.Process().net_connections("tcp")
    return sum(bool(c.raddr) and c.raddr.port == port and c.status == "ESTABLISHED" for c in found)


def test_a_server_that_hangs_is_not_waited_for(hanging: Hanging) -> None:
    store = hanging.store
    store.read("RETURN 1 AS one", timeout=5)
    threads, lines = set(threading.enumerate()), connections(hanging.port)
    hanging.still(True)
    for _ in range(20):
        begun = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"time limit of 0\.2 s"):
            store.read("RETURN 1 AS one", timeout=0.2)
        assert time.monotonic() - begun < 0.2 + MOST
    hanging.still(False)
    assert store.read("RETURN 1 AS one", timeout=20) == [{"one": 1}]
    # Those who ask the server to end it end by themselves.
    wait_until(
        lambda: {t for t in threading.enumerate() if isinstance(t, threading.Timer)} <= threads
    )
    # The pools keep a few of those that were open at once, and none of each round.
    wait_until(lambda: connections(hanging.port) <= lines + 5)


def test_work_on_a_server_that_hangs_can_be_called_off(hanging: Hanging) -> None:
    token = Cancel()
    hanging.store.read("RETURN 1 AS one")
    hanging.still(True)
    job = Job(lambda _: hanging.store.read("RETURN 1 AS one", token=token)).start()
    assert not job.wait(0.3)
    token.call()
    assert job.wait(MOST)
    with pytest.raises(QueryCancelled):
        job.result()


def test_a_store_whose_server_hangs_can_be_closed(hanging: Hanging) -> None:
    hanging.still(True)
    with pytest.raises(QueryTimeout):
        hanging.store.read("RETURN 1 AS one", timeout=0.1)
    begun = time.monotonic()
    hanging.store.close()
    assert time.monotonic() - begun < MOST


def test_planning_has_a_time_limit_too(hanging: Hanging) -> None:
    hanging.still(True)
    with pytest.raises(QueryTimeout, match=r"time limit of 0\.3 s"):
        own(hanging.store, "RETURN 1 AS one", timeout=0.3)


# --- memory -------------------------------------------------------------------------------------


def test_what_needs_too_much_memory_is_tried_once_and_said(ground: Ground) -> None:
    before = _last_words(ground)
    with pytest.raises(QueryError, match="needs more memory than the engine has; ask for less"):
        own(ground.store, "RETURN size(reduce(s='x', i IN range(1,40) | s+s)) AS n", timeout=60)
    assert ground.store.read("RETURN 1 AS one") == [{"one": 1}]
    if ground.workspace is not None:
        assert _last_words(ground) == before + 1


def _last_words(ground: Ground) -> int:
    """How many threads of the embedded engine have ended for want of memory."""
    if ground.workspace is None:
        return 0
    said = embedded.console_file(ground.workspace).read_text("utf-8", errors="replace")
    return said.count("java.lang.OutOfMemoryError")


@pytest.mark.embedded
def test_a_change_that_needs_too_much_memory_says_so(ground: Ground) -> None:
    with pytest.raises(StoreError, match=r"The change needs more memory.*SUTRA_ENGINE_MEMORY"):
        ground.store.write("CREATE (:Entity {t: size(reduce(s='x', i IN range(1,40) | s+s))})")
    assert ground.store.read("MATCH (n:Entity) RETURN count(n) AS n") == [{"n": 0}]


# --- bytes --------------------------------------------------------------------------------------

WIDE = "WITH reduce(s='x', i IN range(1,17) | s+s) AS big UNWIND range(1, 9000) AS i RETURN i, big"


def test_rows_are_cut_at_a_limit_of_bytes(tried: Store) -> None:
    result = own(tried, WIDE, megabytes=3)
    assert 15 <= len(result.rows) <= 22
    assert result.notes == (f"showing {len(result.rows)} rows, more were cut at the limit of 3 MB",)
    assert result.truncated
    assert [row[0] for row in result.rows] == list(range(1, len(result.rows) + 1))
    wait_until(lambda: not [query for query in running(tried) if "AS big" in query])
    assert tried.read("RETURN 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize(
    "value", ["big", "[big]", "{a: {b: big}}", "'é' + big", "[x IN range(1, 20000) | x]"]
)
def test_bytes_count_wherever_they_are(tried: Store, value: str) -> None:
    text = WIDE.replace("RETURN i, big", f"RETURN {value} AS v")
    assert 1 <= len(own(tried, text, megabytes=3).rows) <= 30


def test_what_fits_is_not_cut(tried: Store) -> None:
    result = own(tried, "UNWIND range(1, 9000) AS i RETURN i, 'x' AS x")
    assert (len(result.rows), result.truncated, result.notes) == (9000, False, ())


def test_the_limit_of_rows_comes_first(tried: Store) -> None:
    assert own(tried, WIDE, megabytes=3, limit=2).notes == (
        "showing 2 rows, more were cut at the limit",
    )


def command(*arguments: object) -> tuple[int, str, str]:
    """Run the command here; returns its code, what it wrote and what it said."""
    out, said = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        code = cli.main([str(each) for each in arguments])
    out.flush()
    return code, out.buffer.getvalue().decode(), said.getvalue()


def test_what_is_taken_away_says_that_bytes_were_cut(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "wide.cypher"
    file.write_text(WIDE)
    ask = ("query", "--file", file, "--megabytes", 1)
    code, out, _ = command(*ask, "--format", "json")
    answer = json.loads(out)
    note = f"showing {len(answer['rows'])} rows, more were cut at the limit of 1 MB"
    assert (code, answer["truncated"], answer["notes"]) == (0, True, [note])
    assert note in command(*ask, "--format", "csv")[2]
    assert note in command(*ask)[1]


@pytest.mark.parametrize("given", ["0", "-1", "x", "1e3", "²", "1" * 5000])
def test_a_limit_of_bytes_is_a_number(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["query", "--file", "x", f"--megabytes={given}"])
    assert "is not a number of megabytes" in capsys.readouterr().err


# --- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "date({year: 999999999})",
        "date({year: 0})",
        "datetime({year: 20000})",
        "localdatetime({year: -5})",
        "[1, date({year: 10000})]",
        "{a: {b: datetime({year: -1})}}",
    ],
)
def test_a_value_out_of_range_is_named(tried: Store, value: str) -> None:
    with pytest.raises(QueryError, match=r"column far cannot be shown.*toString"):
        own(tried, f"RETURN 1 AS near, {value} AS far")
    assert tried.read("RETURN 1 AS one") == [{"one": 1}]


def test_a_value_out_of_range_comes_as_text(tried: Store) -> None:
    result = own(tried, "RETURN toString(date({year: 999999999})) AS far")
    assert result.rows == (("+999999999-01-01",),)


NESTS = {
    "lists": "reduce(l = [], i IN range(1, {depth}) | [l])",
    "maps": "reduce(m = {{}}, i IN range(1, {depth}) | {{a: m}})",
}


@pytest.mark.parametrize("nest", NESTS)
def test_what_is_nested_can_be_shown(tried: Store, nest: str) -> None:
    result = own(tried, f"RETURN {NESTS[nest].format(depth=90)} AS deep")
    for text in (as_table(result), as_csv(result), as_json(rows_as_objects(result))):
        assert "deep" in text


@pytest.mark.parametrize("depth", [150, 900, 3000, 90000])
@pytest.mark.parametrize("nest", NESTS)
def test_what_is_nested_too_deep_is_said(tried: Store, nest: str, depth: int) -> None:
    """By us, or by the engine: Neo4j never answers what it cannot follow."""
    with pytest.raises(QueryError, match=r"nested deeper than|time limit"):
        own(tried, f"RETURN {NESTS[nest].format(depth=depth)} AS deep", timeout=2)
    assert tried.read("RETURN 1 AS one") == [{"one": 1}]


def test_without_rust_the_driver_is_no_deeper(store: Store) -> None:
    program = (
        "import sys; sys.modules['neo4j._rust'] = None\n"
        "from pathlib import Path\n"
        "from graph import errors\n"
        "from graph.questions import library\n"
        "from graph.store.store import Store\n"
        f"text = {'RETURN ' + NESTS['lists'].format(depth=900) + ' AS deep'!r}\n"
        "with Store.open() as store:\n"
        "    try:\n"
        "        library.run_own(store, text, Path('own.cypher'), None, {})\n"
        "    except errors.QueryError as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "nested deeper than" in done.stdout, done.stderr


# --- what does not obey -------------------------------------------------------------------------


@pytest.mark.parametrize("text", [ENDLESS, STUBBORN])
def test_ctrl_c_ends_a_command_at_once(
    ground: Ground, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ground.workspace is not None:
        monkeypatch.setenv("SUTRA_HOME", str(ground.workspace.root))
    file = tmp_path / "own.cypher"
    file.write_text(text)
    arguments = [sys.executable, "-m", "sutra.cli", "query", "--file", str(file), "--timeout", "60"]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    wait_until(lambda: any(text in query for query in running(ground.store)))
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=20)
    assert time.monotonic() - begun < MOST
    # An engine that computed for nobody may have been ended just before, and is started again.
    words = [line for line in said.splitlines() if "embedded database" not in line]
    assert (process.returncode, out, words) == (130, "", ["Stopped."])
    if text == ENDLESS:
        wait_until(lambda: not any(text in query for query in running(ground.store)))


def test_what_does_not_obey_is_given_up(tried: Store) -> None:
    begun = time.monotonic()
    with pytest.raises(QueryTimeout, match="time limit of 1 s"):
        own(tried, STUBBORN, timeout=1)
    assert 1 <= time.monotonic() - begun < 1 + MOST
    job = Job(lambda _: own(tried, STUBBORN)).start()
    wait_until(lambda: len([query for query in running(tried) if STUBBORN in query]) >= 2)
    begun = time.monotonic()
    job.cancel()
    assert job.wait(MOST)
    assert time.monotonic() - begun < MOST
    with pytest.raises(QueryCancelled):
        job.result()


@pytest.mark.embedded
def test_a_server_that_computes_for_nobody_is_started_again(ground: Ground) -> None:
    assert ground.workspace is not None
    before = embedded.running(ground.workspace)
    assert before is not None
    with pytest.raises(QueryTimeout):
        own(ground.store, STUBBORN.replace("9000", "90000"), timeout=0.5)
    wait_until(lambda: before.process() is None, within=60)
    assert ground.store.read("RETURN 1 AS one") == [{"one": 1}]
    assert embedded.running(ground.workspace) != before


# --- the embedded engine's files ----------------------------------------------------------------


@pytest.mark.embedded
def test_what_java_says_is_cut_short(ground: Ground) -> None:
    assert ground.workspace is not None
    ground.store.read("RETURN 1 AS one")
    console = embedded.console_file(ground.workspace)
    with console.open("a") as opened:
        opened.write("What Java says at length.\n" * 300_000)
    wait_until(lambda: console.stat().st_size < 100_000)
    kept = console.with_name("console.before.log")
    assert 0 < kept.stat().st_size <= 1_000_000
    with pytest.raises(QueryError, match="nested deeper than the engine can follow"):
        own(ground.store, f"RETURN {NESTS['lists'].format(depth=90000)} AS deep")
    assert console.read_bytes()[:1] != b"\0"
    assert console.stat().st_size < 1_000_000


IN_A_SMALL_DISK = """
import shutil, sys
from pathlib import Path
from graph.errors import StoreError
from graph.store.store import Store
from graph.runtime.workspace import Workspace
from graph.store.embedded import service
home = Path(sys.argv[1])
try:
    with Store.open(Workspace(home / "sutra"), environ={}) as store:
        (home / "filler").write_bytes(b"x" * (shutil.disk_usage(home).free - 100_000))
        for statement in (
            "CREATE CONSTRAINT a IF NOT EXISTS FOR (n:A) REQUIRE n.id IS UNIQUE",
            "UNWIND range(1, 20000) AS i CREATE (:X {id: i})",
        ):
            try:
                store.write(statement)
            except StoreError as error:
                print(error)
finally:
    service.stop(Workspace(home / "sutra"))
"""


def test_a_full_disk_is_called_that(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=24m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(disk), sys.executable, IN_A_SMALL_DISK],
        capture_output=True,
        text=True,
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip(f"no disk of our own can be made here: {done.stderr.strip()}")
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done
    for line in lines:
        assert line.startswith("The disk is full, so nothing more can be saved: free some space")
        assert str(disk) in line
