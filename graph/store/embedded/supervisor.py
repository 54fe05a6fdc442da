"""The process that owns the embedded engine: `python -m graph.store.embedded.supervisor WORKSPACE`.

Java stops nothing by itself, so this small detached process starts the server, or adopts one whose
supervisor died, and stops it cleanly some minutes after the last lease was given back. While it
lives it holds the lock `supervisor.lock`; no second one gets past that.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Final

import psutil
from filelock import FileLock, Timeout

from graph.errors import EngineStartError, StoreError, SutraError
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases
from graph.store.embedded import server as embedded
from graph.store.embedded.server import Server

log = logging.getLogger("sutra.supervisor")

DEFAULT_IDLE: Final = 600.0  # seconds

# Seconds in which a server must answer. It takes 2 s; recovering a large log takes longer.
_ANSWER_WITHIN: Final = 120.0
_STARTS: Final = 3
# Seconds between two looks at what the server runs.
_LOOK_EVERY: Final = 5.0
# Seconds in which the server must end a query that it was asked to end.
_OBEYS_WITHIN: Final = 10.0
# Seconds for a clean stop of a server that computes on what nobody waits for.
_STOP_STUCK_WITHIN: Final = 5.0


def lock_file(workspace: Workspace) -> Path:
    """The file whose lock the living supervisor holds."""
    return workspace.locks / "supervisor.lock"


def start_lock(workspace: Workspace) -> FileLock:
    """The lock under which the engine is started or stopped, one process at a time."""
    return FileLock(workspace.locks / "start.lock", thread_local=False)


def failure_file(workspace: Workspace) -> Path:
    """Where a supervisor that could not start the server leaves the sentence that says why."""
    return workspace.state / "engine-failure.txt"


def spawn(workspace: Workspace) -> subprocess.Popen[bytes]:
    """Start a detached supervisor for the workspace; it ends at once if one lives already."""
    environment = dict(os.environ)
    # The package may lie in a source tree from which the caller was started.
    here = str(Path(__file__).resolve().parents[3])
    paths = [here, environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    command = [sys.executable, "-P", "-m", "graph.store.embedded.supervisor", str(workspace.root)]
    return subprocess.Popen(  # noqa: S603 (our own module, no shell)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=workspace.root,
        env=environment,
        **embedded.detached(),
    )


def idle_seconds(environ: Mapping[str, str]) -> float:
    """Seconds without a lease after which the server is stopped: `SUTRA_ENGINE_IDLE`, else 600."""
    try:
        return max(0.0, float(environ.get("SUTRA_ENGINE_IDLE", DEFAULT_IDLE)))
    except ValueError:
        return DEFAULT_IDLE


class Supervisor:
    """Watches one workspace's server until nobody needs it."""

    def __init__(self, workspace: Workspace, idle: float) -> None:
        self._workspace = workspace
        self._idle = idle
        self._asked_to_stop = False
        self._child: subprocess.Popen[bytes] | None = None
        self._looked = 0.0
        self._alone = False
        self._ending: dict[str, float] = {}
        """Since when each query was seen that was asked to end and has not."""

    def run(self) -> None:
        """Start or adopt the server and watch it; returns when it has ended.

        Raises `EngineStartError` if it does not start.
        """
        signal.signal(signal.SIGTERM, self._on_signal)
        with contextlib.suppress(AttributeError):  # Windows has none
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        server = self._adopt() or self._start()
        log.info("watching process %d at %s", server.pid, server.address)
        self._watch(server)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _adopt(self) -> Server | None:
        """A server that an earlier supervisor left behind, if it answers; it is ended if not."""
        workspace = self._workspace
        server = embedded.running(workspace) or embedded.find_unrecorded(workspace)
        if server is None:
            return None
        for _ in range(100):
            if embedded.answers_http(workspace, server):
                log.info("adopted process %d", server.pid)
                return embedded.make_ready(workspace, server)
            if server.process() is None:
                return None
            time.sleep(0.1)
        log.warning("process %d holds the database and does not answer: ending it", server.pid)
        embedded.stop(workspace, server, within=0.0)
        return None

    def _start(self) -> Server:
        for attempt in range(1, _STARTS + 1):
            server, self._child = embedded.launch(self._workspace)
            if self._answers(server):
                return embedded.make_ready(self._workspace, server)
            why = embedded.why_it_failed(self._workspace)
            embedded.stop(self._workspace, server, within=0.0)
            embedded.forget(self._workspace)
            log.error("attempt %d to start the server failed: %s", attempt, why)
            if "port" not in why:
                break
        raise EngineStartError(
            f"The embedded database did not start: {why}; correct that and try again, or set "
            f"NEO4J_URI to a Neo4j server instead (its logs are in "
            f"{embedded.log_file(self._workspace).parent})."
        )

    def _answers(self, server: Server) -> bool:
        end = time.monotonic() + _ANSWER_WITHIN
        while time.monotonic() < end and not self._ended(server) and not self._asked_to_stop:
            if embedded.answers_http(self._workspace, server):
                return True
            if embedded.has_given_up(self._workspace):
                return False
            time.sleep(0.05)
        return False

    def _ended(self, server: Server) -> bool:
        if self._child is not None:
            return self._child.poll() is not None  # also takes the ended child off the table
        return server.process() is None

    def _watch(self, server: Server) -> None:
        step = min(1.0, max(0.05, self._idle / 10))
        last_use = time.monotonic()
        users: frozenset[str] = frozenset()
        while not self._ended(server):
            before, users = users, leases.held(self._workspace)
            if users:
                last_use = time.monotonic()
            if before - users or time.monotonic() - self._looked >= _LOOK_EVERY:
                self._end_queries(server)
            if self._is_stuck() and self._stop_stuck(server):
                break
            embedded.trim_console(self._workspace)
            idle = time.monotonic() - last_use >= self._idle
            if (idle or self._asked_to_stop) and self._stop_unless_used(server):
                break
            if not self._workspace.root.exists():
                embedded.stop(self._workspace, server, within=0.0)
                return
            if embedded.recorded(self._workspace) is None:
                embedded.record(self._workspace, server)  # somebody tidied up, or wrote over it
            self._wait(server, step)
        embedded.forget(self._workspace)
        log.info("process %d has ended", server.pid)

    def _end_queries(self, server: Server) -> None:
        """End the queries of processes that are gone, and note what does not end.

        The server computes on for a client that was killed, without end if the query has none.
        """
        self._looked = time.monotonic()
        try:
            queries = embedded.running_queries(self._workspace, server)
            users = leases.held(self._workspace)  # after that: a lease is older than its queries
            for query in queries:
                if query.owner and query.owner not in users and not query.ending:
                    embedded.end_query(self._workspace, server, query)
                    log.info("ended a query of a process that is gone")
        except StoreError as error:
            log.warning("queries of a process that is gone may run on: %s", error)
            return
        ending = {query.number for query in queries if query.ending}
        self._alone = len(ending) == len(queries)
        self._ending = {number: self._ending.get(number, self._looked) for number in ending}

    def _is_stuck(self) -> bool:
        """Whether the server is busy only with what it was asked to end, and does not end it.

        One long expression, as in a reduce(), never looks whether it should end. What ran out of
        memory stays listed too, and who knows what else it left.
        """
        since = min(self._ending.values(), default=self._looked)
        return self._alone and self._looked - since >= _OBEYS_WITHIN

    def _stop_stuck(self, server: Server) -> bool:
        """Stop the server, which the next call starts again; True if it was stopped."""
        try:
            with start_lock(self._workspace).acquire(timeout=0):
                log.warning("stopping the server: it goes on with what it was asked to end")
                embedded.stop(self._workspace, server, within=_STOP_STUCK_WITHIN)
                embedded.forget(self._workspace)
                return True
        except Timeout:
            return False

    def _wait(self, server: Server, seconds: float) -> None:
        """Wait so long, or until the server has ended."""
        waited = self._child if self._child is not None else server.process()
        if waited is not None:
            with contextlib.suppress(subprocess.TimeoutExpired, psutil.Error):
                waited.wait(seconds)

    def _stop_unless_used(self, server: Server) -> bool:
        """Stop the server if no lease was taken meanwhile; True if it was stopped.

        A process takes its lease first and looks for the server under the start lock, so under
        that lock no lease means that nobody is about to use it.
        """
        try:
            with start_lock(self._workspace).acquire(timeout=0):
                if leases.held(self._workspace) and not self._asked_to_stop:
                    return False
                embedded.stop(self._workspace, server)
                embedded.forget(self._workspace)
                return True
        except Timeout:
            return False


def _log_to(file: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(file, maxBytes=200_000, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def main(arguments: list[str]) -> int:
    """Run a supervisor for the workspace named in the arguments; returns an exit status.

    0: its server has ended, or another supervisor lives; 1: the server did not start.
    """
    workspace = Workspace(Path(arguments[0]))
    _log_to(workspace.state / "supervisor.log")
    lock = FileLock(lock_file(workspace))
    try:
        lock.acquire(timeout=2)
    except Timeout:
        return 0
    try:
        Supervisor(workspace, idle_seconds(os.environ)).run()
    except SutraError as error:
        log.error("%s", error)
        failure_file(workspace).write_text(f"{error}\n", encoding="utf-8")
        return 1
    finally:
        lock.release()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
